// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_forward: the journey of a packet at the ingress of traffic control, for services that lb_xdp
 * leaves to it and for nodes where lb_xdp cannot be. It stands before lb_tc.
 */
#include "lib/hook_tc.h"

#include "lib/journey.h"

/* The common path, which has left the stack before what is beside it is looked at. */
static __noinline int look(struct lb_ctx *ctx)
{
	return journey(ctx, false);
}

SEC("tc")
int lb_forward(struct lb_ctx *ctx)
{
	/* lb_xdp does not know tagged frames either; here the tag is beside the frame. */
	if (ctx->vlan_present || !gather(ctx))
		return ACTION_PASS;
	return look_again(ctx, look(ctx));
}

char _license[] SEC("license") = "Dual BSD/GPL";

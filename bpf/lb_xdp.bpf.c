// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lb_xdp: the journey of a packet at the earliest place that the kernel has for it. */
#include "lib/hook_xdp.h"

#include "lib/journey.h"

SEC("xdp")
int lb_xdp(struct lb_ctx *ctx)
{
	return journey(ctx, true);
}

char _license[] SEC("license") = "Dual BSD/GPL";

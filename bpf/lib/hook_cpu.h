/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What XDP on a CPU that was handed the frame has: it is no driver's any more, so that it leaves by
 * redirect also where it came by.
 */
#ifndef LB_HOOK_CPU_H
#define LB_HOOK_CPU_H

#include "frame.h"
#include "kept.h"

/* Sends the frame back by where it came. */
static __always_inline int send_back(const struct lb_ctx *ctx)
{
	return bpf_redirect(ctx->ingress_ifindex, 0);
}

/* Sends the frame by an interface. */
static __always_inline int leave_by(const struct lb_ctx *ctx, __u32 ifindex)
{
	(void)ctx;
	return bpf_redirect(ifindex, 0);
}

#endif

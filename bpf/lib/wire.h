/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How a frame leaves that is still its driver's. */
#ifndef LB_WIRE_H
#define LB_WIRE_H

#include "frame.h"

/* Sends the frame back by where it came. */
static __always_inline int send_back(const struct lb_ctx *ctx)
{
	(void)ctx;
	return XDP_TX;
}

/* Sends the frame by an interface, back by where it came when it is the same. */
static __always_inline int leave_by(const struct lb_ctx *ctx, __u32 ifindex)
{
	return ifindex == ctx->ingress_ifindex ? XDP_TX : bpf_redirect(ifindex, 0);
}

#endif

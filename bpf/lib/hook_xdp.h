/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the XDP hook alone has: its context, its answers, and how it changes a frame. A program
 * names its hook by including this header first; all other headers know struct lb_ctx only.
 */
#ifndef LB_HOOK_XDP_H
#define LB_HOOK_XDP_H

#include "base.h"

#define lb_ctx xdp_md

enum {
	ACTION_PASS = XDP_PASS,
	ACTION_DROP = XDP_DROP,
};

/* The first byte of the packet. */
static __always_inline void *packet(const struct lb_ctx *ctx)
{
	return (void *)(long)ctx->data;
}

/* The byte after the last one of the packet. */
static __always_inline void *packet_end(const struct lb_ctx *ctx)
{
	return (void *)(long)ctx->data_end;
}

/* Length of the frame from the Ethernet header on. */
static __always_inline __u32 packet_length(const struct lb_ctx *ctx)
{
	__u64 length = packet_end(ctx) - packet(ctx);

	/* Subtract here: the compiler else keeps halves of pointers, which the verifier refuses. */
	asm volatile("" : "+r"(length));
	return length;
}

/* Makes room before the frame; false when the driver has none left. */
static __always_inline bool grow_front(struct lb_ctx *ctx, __u32 size)
{
	return bpf_xdp_adjust_head(ctx, -(int)size) == 0;
}

/* Takes bytes off the end of the frame, down to this length. */
static __always_inline bool cut_to(struct lb_ctx *ctx, __u32 length)
{
	return bpf_xdp_adjust_tail(ctx, (int)(length - packet_length(ctx))) == 0;
}

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

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What all hooks of XDP have: their context, their answers, and how they change a frame. */
#ifndef LB_FRAME_H
#define LB_FRAME_H

#include "csum.h"

#define lb_ctx xdp_md

enum {
	ACTION_PASS = XDP_PASS,
	ACTION_DROP = XDP_DROP,
	/* enum lb_hook */
	HOOK = LB_HOOK_XDP,
	/* lb_service.logging of what the common path takes. */
	PLAIN_LOGGING = 0,
};

/* Whether packets of what has this flag, or has it not, are left to lb_forward. */
static __always_inline bool is_left(__u32 by_tc)
{
	return by_tc;
}

/* Whether this hook sees such packets first, and so is the one to count them when they pass. */
static __always_inline bool is_first(__u32 by_tc)
{
	return !by_tc;
}

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

/* Whether so many bytes from this one on are in the frame. */
static __always_inline bool reaches(const struct lb_ctx *ctx, const void *from, __u32 length)
{
	return from + length <= packet_end(ctx);
}

/* Length of a packet on the wire: here it is as it came. */
static __always_inline __u32 wire_length(struct lb_ctx *ctx, __u32 length)
{
	(void)ctx;
	return length;
}

/* The interface that the frame came by. */
static __always_inline __u32 came_by(const struct lb_ctx *ctx)
{
	return ctx->ingress_ifindex;
}

/*
 * Carries the checksum of TCP or UDP on, by the sums of what changed in the addresses and in what
 * is behind them. Pointers into the packet are of no use afterwards.
 */
static __always_inline void carry_check(struct lb_ctx *ctx, __u16 *check, bool udp, __u64 addresses,
					__u64 rest)
{
	(void)ctx;
	if (!udp)
		*check = csum_close(addresses + rest + csum_open(*check));
	else if (*check)
		*check = csum_close_udp(addresses + rest + csum_open(*check));
}

/* Tells the host of a change that no checksum in the packet makes up for: here it has no sum. */
static __always_inline void amend(struct lb_ctx *ctx, __u64 change)
{
	(void)ctx;
	(void)change;
}

/* As amend, for a header that was written into new room. */
static __always_inline void amend_by(struct lb_ctx *ctx, void *header, __u32 size)
{
	(void)ctx;
	(void)header;
	(void)size;
}

/*
 * Makes room before the IP header, where the Ethernet header then has its old place or a new one;
 * false when the driver has none left.
 */
static __always_inline bool grow_front(struct lb_ctx *ctx, __u32 size)
{
	return bpf_xdp_adjust_head(ctx, -(int)size) == 0;
}

/* As grow_front, for an outer IP header of this EtherType and what else the size has room for. */
static __always_inline bool grow_outer(struct lb_ctx *ctx, __u32 size, __be16 proto)
{
	(void)proto;
	return grow_front(ctx, size);
}

/* Where the Ethernet header is after grow_front. */
static __always_inline void *old_frame(void *frame, __u32 size)
{
	return frame + size;
}

/* Takes bytes off the end of the frame, down to this length. */
static __always_inline bool cut_to(struct lb_ctx *ctx, __u32 length)
{
	return bpf_xdp_adjust_tail(ctx, (int)(length - packet_length(ctx))) == 0;
}

/* As cut_to, also where there is nothing to cut. */
static __always_inline bool cut_anew(struct lb_ctx *ctx, __u32 length)
{
	return cut_to(ctx, length);
}

/*
 * Sets the checksum of a TCP segment with other contents, whose length was another; the sum of its
 * addresses is what it was. Pointers into the packet are of no use afterwards.
 */
static __always_inline bool set_check(struct lb_ctx *ctx, void *check, __u32 was, __u32 length,
				      __u16 value)
{
	(void)ctx;
	(void)was;
	(void)length;
	*(__u16 *)check = value;
	return true;
}

#endif

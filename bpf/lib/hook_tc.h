/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the hook at traffic control alone has, as hook_xdp.h for XDP. A packet here is the host's:
 * its headers need not be in the first part of its memory, it may be several that were joined
 * (GSO), and its checksum may be what is left to do for a network card.
 */
#ifndef LB_HOOK_TC_H
#define LB_HOOK_TC_H

#include <linux/pkt_cls.h>

#include "csum.h"
#include "kept.h"

#define lb_ctx __sk_buff

enum {
	/* Others' filters, and lb_tc behind this one, have their say. */
	ACTION_PASS = TC_ACT_UNSPEC,
	ACTION_DROP = TC_ACT_SHOT,
	HOOK = LB_HOOK_TC,
	PLAIN_LOGGING = LB_SERVICE_TC,
	/* The longest headers that are looked at: Ethernet, IPv6, TCP with all its options. */
	HEADERS_MOST = 128,
	/* The length of a TCP header in words, above four other bits. */
	TCP_WORDS_AT = 12,
	TCP_WORDS_SHIFT = 4,
};

/*
 * What lb_xdp leaves is taken whether or not it still has the flag: it may have been lost while the
 * packet was on its way from there to here.
 */
static __always_inline bool is_left(__u32 by_tc)
{
	(void)by_tc;
	return false;
}

/* Whether this hook sees such packets first, and so is the one to count them when they pass. */
static __always_inline bool is_first(__u32 by_tc)
{
	return by_tc;
}

/* The first byte of the packet. */
static __always_inline void *packet(const struct lb_ctx *ctx)
{
	return (void *)(long)ctx->data;
}

/* The byte after the last one that can be read: all that gather() has seen to. */
static __always_inline void *packet_end(const struct lb_ctx *ctx)
{
	return (void *)(long)ctx->data_end;
}

/* Length of the frame from the Ethernet header on. */
static __always_inline __u32 packet_length(const struct lb_ctx *ctx)
{
	return ctx->len;
}

/* Brings all headers to where they can be read; false when there is no memory for it. */
static __always_inline bool gather(struct lb_ctx *ctx)
{
	__u32 needed = ctx->len < HEADERS_MOST ? ctx->len : HEADERS_MOST;

	return likely(packet(ctx) + needed <= packet_end(ctx)) ||
	       bpf_skb_pull_data(ctx, needed) == 0;
}

/* Whether so many bytes from this one on are in the frame, in whatever part of its memory. */
static __always_inline bool reaches(const struct lb_ctx *ctx, const void *from, __u32 length)
{
	return from - packet(ctx) + length <= ctx->len;
}

/*
 * Length on the wire of each of the packets that were joined into one of this length. Not static,
 * so that the verifier looks at it once.
 */
__noinline __u32 joined_length(struct lb_ctx *ctx, __u32 length)
{
	bool v6 = ctx->protocol == bpf_htons(ETH_P_IPV6);
	const __u8 *ip = packet(ctx) + sizeof(struct ethhdr);
	__u32 headers = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	const __u8 *transport = ip + headers;

	if (!ctx->gso_size || (void *)transport + sizeof(struct tcphdr) > packet_end(ctx))
		return length;
	headers += (v6 ? ((const struct ipv6hdr *)ip)->nexthdr
		       : ((const struct iphdr *)ip)->protocol) == IPPROTO_TCP
			   ? (transport[TCP_WORDS_AT] >> TCP_WORDS_SHIFT) * 4
			   : sizeof(struct udphdr);
	return headers + ctx->gso_size < length ? headers + ctx->gso_size : length;
}

/* Length of a packet on the wire. */
static __always_inline __u32 wire_length(struct lb_ctx *ctx, __u32 length)
{
	return likely(!ctx->gso_size) ? length : joined_length(ctx, length);
}

/* The interface that the frame came by. */
static __always_inline __u32 came_by(const struct lb_ctx *ctx)
{
	return ctx->ifindex;
}

/* A sum of 64 bits in 32, as the kernel has it. */
static __always_inline __u32 csum_narrow(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	return (sum & 0xffffffff) + (sum >> 32);
}

/* Tells the host of a change that no checksum in the packet makes up for: it may have a sum of all.
 */
static __always_inline void amend(struct lb_ctx *ctx, __u64 change)
{
	bpf_csum_update(ctx, csum_narrow(change));
}

/* As amend, for a header that was written into new room. */
static __always_inline void amend_by(struct lb_ctx *ctx, void *header, __u32 size)
{
	bpf_csum_update(ctx, bpf_csum_diff(NULL, 0, header, size, 0));
}

/*
 * Carries the checksum of TCP or UDP on, by the sums of what changed in the addresses and in what
 * is behind them. Pointers into the packet are of no use afterwards. Where a network card is to
 * make the checksum, its field has the sum of the addresses alone: the kernel knows, programs do
 * not. Of IPv6 it thinks that a checksum in the header makes up for the addresses, as in IPv4.
 */
static __always_inline void carry_check(struct lb_ctx *ctx, __u16 *check, bool udp, __u64 addresses,
					__u64 rest)
{
	__u64 flags = udp ? BPF_F_MARK_MANGLED_0 : 0;
	__u32 at = (void *)check - packet(ctx);

	/* No checksum makes up for anything then. */
	if (udp && !*check) {
		amend(ctx, rest);
		if (ctx->protocol == bpf_htons(ETH_P_IPV6))
			amend(ctx, addresses);
		return;
	}
	if (addresses) {
		bpf_l4_csum_replace(ctx, at, 0, csum_narrow(addresses), flags | BPF_F_PSEUDO_HDR);
		if (ctx->protocol == bpf_htons(ETH_P_IPV6))
			amend(ctx, addresses);
	}
	bpf_l4_csum_replace(ctx, at, 0, csum_narrow(rest), flags);
}

/* Makes room before the IP header; false when there is no memory for it. */
static __always_inline bool grow_front(struct lb_ctx *ctx, __u32 size)
{
	return bpf_skb_adjust_room(ctx, size, BPF_ADJ_ROOM_MAC, 0) == 0;
}

/*
 * As grow_front, for an outer IP header of this EtherType and what else the size has room for. It
 * is told to the kernel, so that joined packets can be taken apart behind it; false where they
 * can't: datagrams that are a list of packets, and kernels that keep the inner EtherType.
 */
static __always_inline bool grow_outer(struct lb_ctx *ctx, __u32 size, __be16 proto)
{
	bool v4 = proto == bpf_htons(ETH_P_IP);
	__u32 header = v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	__u64 flags = BPF_F_ADJ_ROOM_FIXED_GSO;

	flags |= v4 ? BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 : BPF_F_ADJ_ROOM_ENCAP_L3_IPV6;
	if (size > header)
		flags |= BPF_F_ADJ_ROOM_ENCAP_L4_UDP;
	if (bpf_skb_adjust_room(ctx, size, BPF_ADJ_ROOM_MAC, flags))
		return false;
	return !ctx->gso_size || ctx->protocol == proto;
}

/* Where the Ethernet header is after grow_front. */
static __always_inline void *old_frame(void *frame, __u32 size)
{
	(void)size;
	return frame;
}

/*
 * Takes bytes off the end of the frame, down to this length, all of which can then be read. With
 * that the host has no sum of the packet any more.
 */
static __always_inline bool cut_to(struct lb_ctx *ctx, __u32 length)
{
	return bpf_skb_change_tail(ctx, length, 0) == 0;
}

/* As cut_to, also where there is nothing to cut: the host gives up its sum with any change. */
static __always_inline bool cut_anew(struct lb_ctx *ctx, __u32 length)
{
	if (ctx->len == length && bpf_skb_change_tail(ctx, length + 1, 0))
		return false;
	return cut_to(ctx, length);
}

/*
 * Sets the checksum of a TCP segment with other contents, whose length was another; the sum of its
 * addresses is what it was. Where a network card is to make the checksum, its field has the sum of
 * addresses and length alone, and what is no part of that sum is left to the card.
 */
static __always_inline bool set_check(struct lb_ctx *ctx, void *check, __u32 was, __u32 length,
				      __u16 value)
{
	__u32 at = check - packet(ctx);
	__u16 held;

	bpf_l4_csum_replace(ctx, at, 0, (__u16)~bpf_htons(was) + bpf_htons(length),
			    BPF_F_PSEUDO_HDR);
	if (bpf_skb_load_bytes(ctx, at, &held, sizeof(held)))
		return false;
	bpf_l4_csum_replace(ctx, at, 0, (__u32)held + (__u16)~value, 0);
	return true;
}

/* Sends the frame back by where it came. */
static __always_inline int send_back(const struct lb_ctx *ctx)
{
	return bpf_redirect(ctx->ifindex, 0);
}

/* Sends the frame by an interface. */
static __always_inline int leave_by(const struct lb_ctx *ctx, __u32 ifindex)
{
	(void)ctx;
	return bpf_redirect(ifindex, 0);
}

#endif

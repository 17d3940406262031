/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * dsr-ipip: the packet travels to its backend inside another IP header and is itself unchanged.
 * Padding behind the inner packet stays behind; the outer length leaves it out.
 */
#ifndef LB_ENCAP_H
#define LB_ENCAP_H

#include "csum.h"
#include "egress.h"

enum {
	OUTER_TTL = 64,
};

/* Makes room for an outer header and returns the new frame, null when the driver has none left. */
static __always_inline struct ethhdr *push(struct xdp_md *ctx, __u32 outer,
					   const struct lb_backend *backend, __be16 proto)
{
	struct ethhdr *eth;

	if (unlikely(bpf_xdp_adjust_head(ctx, -(int)outer)))
		return NULL;
	eth = packet(ctx);
	/* Holds: the frame had Ethernet and inner header, and has grown by the outer one. */
	if ((void *)(eth + 1) + outer + sizeof(struct iphdr) > packet_end(ctx))
		return NULL;
	address_frame(eth, backend);
	set_ether_type(eth, proto);
	return eth;
}

/* Writes an outer IPv4 header; the inner one is IPv4 and follows it. */
static __always_inline void write_outer4(struct iphdr *outer, const struct lb_backend *backend)
{
	const struct iphdr *inner = outer + 1;
	/* Version 4, five words; no fragmentation; lifetime and protocol: one store each. */
	__u16 first = bpf_htons(0x4500 | inner->tos);
	__u16 length = bpf_htons(bpf_ntohs(inner->tot_len) + sizeof(*outer));
	__u32 unfragmented = bpf_htonl(0x4000);
	__u16 life = bpf_htons(OUTER_TTL << 8 | IPPROTO_IPIP);
	__u32 src = load32(backend->src), dst = load32(backend->addr);
	__u64 sum = (__u64)first + length + unfragmented + life + src + dst;

	((__u32 *)outer)[0] = first | (__u32)length << 16;
	((__u32 *)outer)[1] = unfragmented;
	((__u32 *)outer)[2] = life | (__u32)csum_close(sum) << 16;
	((__u32 *)outer)[3] = src;
	((__u32 *)outer)[4] = dst;
}

/* Writes an outer IPv6 header for an inner packet of this length, class and protocol. */
static __always_inline void write_outer6(struct ipv6hdr *outer, const struct lb_backend *backend,
					 __u32 hash, __u8 class, __u16 length, __u8 proto)
{
	*(__be32 *)outer = bpf_htonl(6U << 28 | (__u32) class << 20 | (hash & 0xfffff));
	outer->payload_len = bpf_htons(length);
	outer->nexthdr = proto;
	outer->hop_limit = OUTER_TTL;
	copy16(&outer->saddr, backend->src);
	copy16(&outer->daddr, backend->addr);
}

/* Wraps an IPv4 packet for a backend of IPv6. */
static __noinline enum lb_verdict encap4_in_6(struct xdp_md *ctx, const struct lb_backend *backend,
					      __u32 hash)
{
	struct ethhdr *eth = push(ctx, sizeof(struct ipv6hdr), backend, bpf_htons(ETH_P_IPV6));
	struct ipv6hdr *outer = (void *)(eth + 1);
	const struct iphdr *inner = (void *)(outer + 1);

	if (!eth)
		return LB_VERDICT_DROP_HEADROOM;
	write_outer6(outer, backend, hash, inner->tos, bpf_ntohs(inner->tot_len), IPPROTO_IPIP);
	return LB_VERDICT_FORWARD;
}

/* Wraps an IPv4 packet of this length. */
static __always_inline enum lb_verdict encap4(struct xdp_md *ctx, const struct lb_backend *backend,
					      __u32 length, __u32 hash)
{
	bool inside4 = likely(backend->family == AF_INET);
	struct ethhdr *eth;

	length += inside4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	if (unlikely(length > backend->mtu))
		return LB_VERDICT_DROP_TOO_BIG;
	if (unlikely(!inside4))
		return encap4_in_6(ctx, backend, hash);
	eth = push(ctx, sizeof(struct iphdr), backend, bpf_htons(ETH_P_IP));
	if (unlikely(!eth))
		return LB_VERDICT_DROP_HEADROOM;
	write_outer4((void *)(eth + 1), backend);
	return LB_VERDICT_FORWARD;
}

/* Wraps an IPv6 packet of this length, its header included. */
static __always_inline enum lb_verdict encap6(struct xdp_md *ctx, const struct lb_backend *backend,
					      __u32 length, __u32 hash)
{
	struct ethhdr *eth;
	struct ipv6hdr *outer;
	__u8 class;

	if (unlikely(length + sizeof(*outer) > backend->mtu))
		return LB_VERDICT_DROP_TOO_BIG;
	eth = push(ctx, sizeof(*outer), backend, bpf_htons(ETH_P_IPV6));
	if (unlikely(!eth))
		return LB_VERDICT_DROP_HEADROOM;
	outer = (void *)(eth + 1);
	class = bpf_ntohs(load16(outer + 1)) >> 4;
	write_outer6(outer, backend, hash, class, length, IPPROTO_IPV6);
	return LB_VERDICT_FORWARD;
}

#endif

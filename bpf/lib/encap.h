/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The modes that leave the packet as it is. dsr-ipip: it travels to its backend inside another IP
 * header. dsr-gue: inside IP and UDP. dsr-l2: its frame is addressed to the backend. Padding behind
 * the inner packet stays behind; outer lengths leave it out.
 */
#ifndef LB_ENCAP_H
#define LB_ENCAP_H

#include "csum.h"
#include "egress.h"

enum {
	OUTER_TTL = 64,
	/* Ports that the system gives to nobody: 14 bits of the flow's hash are the rest. */
	GUE_SOURCE = 0xc000,
	GUE_SOURCE_MASK = 0x3fff,
};

struct lb_udp {
	__be16 source;
	__be16 dest;
	__be16 length;
	__u16 check;
};

/* Makes room for an outer header and returns the new frame, null when the driver has none left. */
static __always_inline struct ethhdr *push(struct lb_ctx *ctx, __u32 outer,
					   const struct lb_backend *backend, __be16 proto)
{
	struct ethhdr *eth;

	if (unlikely(!grow_outer(ctx, outer, proto)))
		return NULL;
	eth = packet(ctx);
	/* Holds: the frame had Ethernet and inner header, and has grown by the outer one. */
	if ((void *)(eth + 1) + outer + sizeof(struct iphdr) > packet_end(ctx))
		return NULL;
	address_frame(eth, backend);
	set_ether_type(eth, proto);
	return eth;
}

/* Writes an IPv4 header for what follows it: class, length and protocol. */
static __always_inline void write_ip4(struct iphdr *ip, __be32 src, __be32 dst, __u8 class,
				      __u16 length, __u8 proto)
{
	/* Version 4, five words; no fragmentation; lifetime and protocol: one store each. */
	__u16 first = bpf_htons(0x4500 | class);
	__u16 total = bpf_htons(length + sizeof(*ip));
	__u32 unfragmented = bpf_htonl(0x4000);
	__u16 life = bpf_htons(OUTER_TTL << 8 | proto);
	__u64 sum = (__u64)first + total + unfragmented + life + src + dst;

	((__u32 *)ip)[0] = first | (__u32)total << 16;
	((__u32 *)ip)[1] = unfragmented;
	((__u32 *)ip)[2] = life | (__u32)csum_close(sum) << 16;
	((__u32 *)ip)[3] = src;
	((__u32 *)ip)[4] = dst;
}

/* Writes an outer IPv4 header for what follows it: its class, length and protocol. */
static __always_inline void write_outer4(struct iphdr *outer, const struct lb_backend *backend,
					 __u8 class, __u16 length, __u8 proto)
{
	write_ip4(outer, load32(backend->src), load32(backend->addr), class, length, proto);
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

/* Wraps an IPv4 packet for a backend of IPv6. Not static, so that the verifier looks at it once. */
__noinline enum lb_verdict encap4_in_6(struct lb_ctx *ctx, const struct lb_backend *backend,
				       __u32 hash)
{
	const struct iphdr *inner;
	struct ipv6hdr *outer;
	struct ethhdr *eth;

	/* Never: what the verifier does not know of the callers. */
	if (!backend)
		return LB_VERDICT_DROP_NO_BACKEND;
	eth = push(ctx, sizeof(struct ipv6hdr), backend, bpf_htons(ETH_P_IPV6));
	outer = (void *)(eth + 1);
	inner = (void *)(outer + 1);
	if (!eth)
		return LB_VERDICT_DROP_HEADROOM;
	write_outer6(outer, backend, hash, inner->tos, bpf_ntohs(inner->tot_len), IPPROTO_IPIP);
	amend_by(ctx, outer, sizeof(*outer));
	return LB_VERDICT_FORWARD;
}

/* Wraps an IPv4 packet of this length. */
static __always_inline enum lb_verdict encap4(struct lb_ctx *ctx, const struct lb_backend *backend,
					      __u32 length, __u32 hash)
{
	bool inside4 = likely(backend->family == AF_INET);
	const struct iphdr *inner;
	struct ethhdr *eth;

	length = wire_length(ctx, length);
	length += inside4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	if (unlikely(length > backend->mtu))
		return LB_VERDICT_DROP_TOO_BIG;
	if (unlikely(!inside4))
		return encap4_in_6(ctx, backend, hash);
	eth = push(ctx, sizeof(struct iphdr), backend, bpf_htons(ETH_P_IP));
	if (unlikely(!eth))
		return LB_VERDICT_DROP_HEADROOM;
	inner = (void *)(eth + 1) + sizeof(struct iphdr);
	write_outer4((void *)(eth + 1), backend, inner->tos, bpf_ntohs(inner->tot_len),
		     IPPROTO_IPIP);
	return LB_VERDICT_FORWARD;
}

/* Wraps an IPv6 packet of this length, its header included. */
static __always_inline enum lb_verdict encap6(struct lb_ctx *ctx, const struct lb_backend *backend,
					      __u32 length, __u32 hash)
{
	struct ethhdr *eth;
	struct ipv6hdr *outer;
	__u8 class;

	if (unlikely(wire_length(ctx, length) + sizeof(*outer) > backend->mtu))
		return LB_VERDICT_DROP_TOO_BIG;
	eth = push(ctx, sizeof(*outer), backend, bpf_htons(ETH_P_IPV6));
	if (unlikely(!eth))
		return LB_VERDICT_DROP_HEADROOM;
	outer = (void *)(eth + 1);
	class = bpf_ntohs(load16(outer + 1)) >> 4;
	write_outer6(outer, backend, hash, class, length, IPPROTO_IPV6);
	amend_by(ctx, outer, sizeof(*outer));
	return LB_VERDICT_FORWARD;
}

/* The traffic class of an IP packet of either family. */
static __always_inline __u8 class_of(const void *ip)
{
	__u16 first = bpf_ntohs(load16(ip));

	return first >> 12 == 6 ? first >> 4 : first;
}

/*
 * The UDP header of GUE variant 1, which an IP packet follows at once. Its source port tells flows
 * apart on the way; it has no checksum (RFC 6935, RFC 6936), as the packet inside has its own.
 */
static __always_inline void write_gue(struct lb_udp *udp, const struct lb_backend *backend,
				      __u32 hash, __u16 length)
{
	udp->source = bpf_htons(GUE_SOURCE | (hash & GUE_SOURCE_MASK));
	udp->dest = backend->tunnel;
	udp->length = bpf_htons(length + sizeof(*udp));
	udp->check = 0;
}

static __always_inline enum lb_verdict
gue_in_4(struct lb_ctx *ctx, const struct lb_backend *backend, __u32 length, __u32 hash)
{
	const __u32 size = sizeof(struct iphdr) + sizeof(struct lb_udp);
	struct ethhdr *eth = push(ctx, size, backend, bpf_htons(ETH_P_IP));
	struct iphdr *outer = (void *)(eth + 1);
	struct lb_udp *udp = (void *)(outer + 1);

	if (!eth)
		return LB_VERDICT_DROP_HEADROOM;
	write_outer4(outer, backend, class_of(udp + 1), length + sizeof(*udp), IPPROTO_UDP);
	write_gue(udp, backend, hash, length);
	amend_by(ctx, udp, sizeof(*udp));
	return LB_VERDICT_FORWARD;
}

static __always_inline enum lb_verdict
gue_in_6(struct lb_ctx *ctx, const struct lb_backend *backend, __u32 length, __u32 hash)
{
	const __u32 size = sizeof(struct ipv6hdr) + sizeof(struct lb_udp);
	struct ethhdr *eth = push(ctx, size, backend, bpf_htons(ETH_P_IPV6));
	struct ipv6hdr *outer = (void *)(eth + 1);
	struct lb_udp *udp = (void *)(outer + 1);

	if (!eth)
		return LB_VERDICT_DROP_HEADROOM;
	write_outer6(outer, backend, hash, class_of(udp + 1), length + sizeof(*udp), IPPROTO_UDP);
	write_gue(udp, backend, hash, length);
	amend_by(ctx, outer, size);
	return LB_VERDICT_FORWARD;
}

/*
 * Sends a packet of this length, of either family, by dsr-gue or dsr-l2. Not static, so that the
 * verifier looks at it once.
 */
__noinline enum lb_verdict carry_beside(struct lb_ctx *ctx, const struct lb_backend *backend,
					__u32 way, __u32 length, __u32 hash)
{
	struct ethhdr *eth = packet(ctx);
	__u32 outer;

	/* Never: what the verifier does not know of the callers. */
	if (!backend)
		return LB_VERDICT_DROP_NO_BACKEND;
	outer = backend->family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	if (way == LB_MODE_DSR_GUE) {
		if (wire_length(ctx, length) + outer + sizeof(struct lb_udp) > backend->mtu)
			return LB_VERDICT_DROP_TOO_BIG;
		return backend->family == AF_INET ? gue_in_4(ctx, backend, length, hash)
						  : gue_in_6(ctx, backend, length, hash);
	}
	/* A service that says full-nat without its flag. */
	if (way != LB_MODE_DSR_L2)
		return LB_VERDICT_DROP_NO_BACKEND;
	if (wire_length(ctx, length) > backend->mtu)
		return LB_VERDICT_DROP_TOO_BIG;
	/* Never: the same frame was parsed before. */
	if ((void *)(eth + 1) > packet_end(ctx))
		return LB_VERDICT_DROP_MALFORMED;
	address_frame(eth, backend);
	return LB_VERDICT_FORWARD;
}

/* Sends an IPv4 packet of this length in a way other than nat. */
static __always_inline enum lb_verdict carry4(struct lb_ctx *ctx, const struct lb_backend *backend,
					      enum lb_mode way, __u32 length, __u32 hash)
{
	return likely(way == LB_MODE_DSR_IPIP) ? encap4(ctx, backend, length, hash)
					       : carry_beside(ctx, backend, way, length, hash);
}

/* As carry4, for IPv6; the length is with the header. */
static __always_inline enum lb_verdict carry6(struct lb_ctx *ctx, const struct lb_backend *backend,
					      enum lb_mode way, __u32 length, __u32 hash)
{
	return likely(way == LB_MODE_DSR_IPIP) ? encap6(ctx, backend, length, hash)
					       : carry_beside(ctx, backend, way, length, hash);
}

#endif

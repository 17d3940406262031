/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a fragment has in it, and what is remembered of the first one of its datagram. */
#ifndef LB_PIECE_H
#define LB_PIECE_H

#include "parse.h"

enum {
	IP4_OFFSET = 0x1fff,
	IP4_FRAGMENT = 0x3fff,
	IP6_OFFSET_SHIFT = 3,
	/* Bytes in a unit of offsets. */
	OFFSET_UNIT = 8,
};

/* Length of the transport header that a first fragment has to have whole; 0 for other protocols. */
static __always_inline __u32 transport_size(__u8 proto)
{
	return proto == IPPROTO_TCP    ? sizeof(struct tcphdr)
	       : proto == IPPROTO_UDP  ? sizeof(struct udphdr)
	       : proto == IPPROTO_SCTP ? SCTP_LEAST
				       : 0;
}

/*
 * Whether a fragment with so many bytes behind its headers may be what it says: the first with the
 * whole transport header, a later one with something that is none of it (RFC 3128).
 */
static __always_inline bool is_piece(__u8 proto, __u32 offset, __u32 size)
{
	__u32 needed = transport_size(proto);

	if (!needed)
		return false;
	if (!offset)
		return size >= needed;
	return size && offset * OFFSET_UNIT >= needed;
}

/* What is remembered of a first fragment while it holds; null else. */
static __always_inline const struct lb_fragment *recall_fragment(void *map, const void *key,
								 __u32 idle)
{
	const struct lb_fragment *known = bpf_map_lookup_elem(map, key);

	return known && tick_now() - known->seen <= idle ? known : NULL;
}

/* Whether a packet is the first of several fragments: its header says so, and that more come. */
static __always_inline bool is_first_piece4(const struct iphdr *ip)
{
	return (ip->frag_off & bpf_htons(IP4_FRAGMENT)) == bpf_htons(IP4_FRAGMENT & ~IP4_OFFSET);
}

/* Whether a header of IPv6 says that a fragment is behind it. */
static __always_inline bool is_piece6(const struct ipv6hdr *ip)
{
	return ip->nexthdr == IPPROTO_FRAGMENT;
}

/* The rest of a transport's header from its ports on can be read. */
static __always_inline bool has_transport(const struct lb_ctx *ctx, const struct lb_ports *ports,
					  __u8 proto)
{
	return (void *)ports + sizeof(struct tcphdr) <= packet_end(ctx) ||
	       (proto == IPPROTO_SCTP && (void *)ports + SCTP_LEAST <= packet_end(ctx)) ||
	       (proto == IPPROTO_UDP && (void *)ports + sizeof(struct udphdr) <= packet_end(ctx));
}

/* Kind of a first fragment, whose transport header can be read. */
static __always_inline enum lb_kind piece_kind(const struct lb_ctx *ctx,
					       const struct lb_ports *ports, __u8 proto)
{
	/* Each bound holds: the caller has seen to it. */
	if (proto == IPPROTO_TCP && (void *)ports + sizeof(struct tcphdr) <= packet_end(ctx))
		return segment_kind(ports);
	if (proto == IPPROTO_SCTP && (void *)ports + SCTP_LEAST <= packet_end(ctx))
		return chunk_kind(ports);
	return LB_KIND_DATAGRAM;
}

/*
 * Finds the headers of a packet that can get other ends: a plain one, or the first fragment of a
 * datagram, whose caller has seen to the rest of it. False when it is neither.
 */
static __always_inline bool parse_ends4(const struct lb_ctx *ctx, struct lb_packet4 *p)
{
	if (likely(parse_mutable4(ctx, p)))
		return true;
	if ((void *)(p->ip + 1) > packet_end(ctx) || !is_first_piece4(p->ip) ||
	    !has_transport(ctx, p->ports, p->ip->protocol))
		return false;
	p->kind = piece_kind(ctx, p->ports, p->ip->protocol);
	return p->ip->protocol != IPPROTO_SCTP;
}

/* As parse_ends4, for IPv6; says which protocol it is of. */
static __always_inline bool parse_ends6(const struct lb_ctx *ctx, struct lb_packet6 *p, __u8 *proto)
{
	const struct lb_fragment_header *fragment;

	if (likely(parse_mutable6(ctx, p))) {
		*proto = p->ip->nexthdr;
		return true;
	}
	fragment = (void *)(p->ip + 1);
	p->ports = (void *)(fragment + 1);
	if ((void *)p->ports > packet_end(ctx) || !is_piece6(p->ip))
		return false;
	*proto = fragment->nexthdr;
	if (!has_transport(ctx, p->ports, *proto))
		return false;
	p->kind = piece_kind(ctx, p->ports, *proto);
	return *proto != IPPROTO_SCTP;
}

#endif

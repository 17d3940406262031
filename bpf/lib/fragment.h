/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Fragments. The first one of a datagram has its ports, and goes where a whole packet would; the
 * others follow it, by what is remembered of it. They come behind it: nothing waits here.
 */
#ifndef LB_FRAGMENT_H
#define LB_FRAGMENT_H

#include "icmp4.h"
#include "icmp6.h"
#include "quic.h"
#include "socket.h"

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

/* What a first fragment of a client tells. Its relay gets all of them, and the host joins them. */
static __always_inline void begin_fragment(struct lb_fragment *to, const struct lb_service *service,
					   __u8 proto)
{
	to->service = service->id;
	to->seen = tick_now();
	to->way = is_relayed(service) ? LB_MODE_TPROXY : way_of(service);
	to->proto = proto;
}

/* Whether only a socket could tell which way a fragment goes, or only an entry of full-nat. */
static __always_inline bool is_undecided(const struct lb_service *service, __u8 proto)
{
	return service->relay & LB_RELAY_FULL_NAT ||
	       (proto == IPPROTO_TCP && has_both_ways(service));
}

/* Whether an entry's backend has relays too, whose packets only a socket tells from those of nat.
 */
static __always_inline bool is_no_reply(const struct lb_nat *nat, __u8 proto)
{
	return !nat || leaves_alone(nat) || (nat->flags & LB_NAT_SOCKETS && proto == IPPROTO_TCP);
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

#endif

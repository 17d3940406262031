/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Fragments of full-nat over IPv6. */
#ifndef LB_FULL_PIECE6_H
#define LB_FULL_PIECE6_H

#include "full6.h"
#include "full_piece.h"
#include "quic.h"

/* The datagram of a fragment, as the draft has it; the protocol of later ones says nothing. */
static __always_inline void set_piece6(struct lb_full_piece *piece,
				       const struct lb_fragment6 *datagram)
{
	copy16(piece->src, datagram->src);
	copy16(piece->dst, datagram->dst);
	piece->id = datagram->id;
	piece->proto = 0;
}

/* Gives a fragment the identification that its datagram has from here on. */
static __always_inline void renumber6(struct lb_ctx *ctx, struct ipv6hdr *ip,
				      const struct lb_full_draft *d)
{
	struct lb_fragment_header *fragment = (void *)(ip + 1);
	__be32 id = d->rest.becomes.id;

	amend(ctx, csum_swap32(0, fragment->id, id));
	fragment->id = id;
}

/*
 * Ends a first fragment that came with these ends and was treated as a whole packet of this entry
 * is. What was sent is a fragment still: those behind it follow, and it gets the number that they
 * will have.
 */
static __noinline int end_first6(struct lb_ctx *ctx, const struct lb_flow6 *was,
				 const struct lb_full *entry, int action)
{
	struct ipv6hdr *ip = packet(ctx) + sizeof(struct ethhdr);
	struct lb_full_draft *d = full_draft();
	struct lb_fragment6 key = {};

	if (!d || action == ACTION_DROP ||
	    (void *)(ip + 1) + sizeof(struct lb_fragment_header) > packet_end(ctx) ||
	    !is_piece6(ip))
		return action;
	copy16(key.src, was->src);
	copy16(key.dst, was->dst);
	key.id = ((const struct lb_fragment_header *)(ip + 1))->id;
	set_piece6(&d->piece, &key);
	begin_piece(d, entry, was->proto, true);
	bpf_map_update_elem(&lb_fragments6, &key, &d->found, BPF_ANY);
	renumber6(ctx, ip, d);
	return action;
}

/* The first fragment of a datagram of a client; NOT_FULL when it is not for full-nat. */
static __noinline int open_full6(struct lb_ctx *ctx)
{
	struct lb_full_draft *d = full_draft();
	const struct lb_service *service;
	struct lb_packet6 p;
	int action;
	__u8 proto;

	/* Never: the same fragment was here before. */
	if (!d || !parse_ends6(ctx, &p, &proto))
		return NOT_FULL;
	service = find_service6(&p.ip->daddr, p.ports->dest, proto);
	if (!service)
		return NOT_FULL;
	action = forward_full6(ctx, service, named_by(ctx, service));
	return action == NOT_FULL ? action : end_first6(ctx, &d->flow, &d->there, action);
}

/* The first fragment of a datagram for no VIP; NOT_FULL when it is no reply of full-nat. */
static __noinline int return_first6(struct lb_ctx *ctx)
{
	struct lb_full_draft *d = full_draft();
	int action = reply_full6(ctx);

	return action == NOT_FULL || !d ? NOT_FULL : end_first6(ctx, &d->reply, &d->back, action);
}

/* Gives a later fragment the ends and the number of its first one. */
static __always_inline void rewrite_later6(struct lb_ctx *ctx, struct ipv6hdr *ip,
					   const struct lb_full_draft *d)
{
	__u64 change = csum_swap128(0, &ip->saddr, d->rest.becomes.src);

	amend(ctx, csum_swap128(change, &ip->daddr, d->rest.becomes.dst));
	renumber6(ctx, ip, d);
	rewrite_addresses6(ctx, ip, d->rest.becomes.src, d->rest.becomes.dst);
}

/* Notes in the draft what is known of a later fragment's datagram. */
static __always_inline int follow_piece6(const struct lb_fragment6 *datagram,
					 const struct lb_fragment *known, int next)
{
	struct lb_full_draft *d = full_draft();

	/* Never: there is a draft. */
	if (!d)
		return ACTION_DROP;
	set_piece6(&d->piece, datagram);
	d->found = *known;
	return next;
}

/* A later fragment of a client, of the draft's datagram. */
static __noinline int follow_full6(struct lb_ctx *ctx)
{
	struct ethhdr *eth = packet(ctx);
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct lb_full_draft *d = full_draft();
	const struct lb_backend *backend;
	__u32 bytes = packet_length(ctx);
	enum lb_verdict verdict;

	/* The bound holds: the caller has seen to it. */
	if (!d || (void *)(ip + 1) + sizeof(struct lb_fragment_header) > packet_end(ctx) ||
	    !recall_piece(d))
		return drop(LB_VERDICT_DROP_FRAGMENT, bytes);
	backend = bpf_map_lookup_elem(&lb_backends, &d->found.backend);
	if (!backend)
		return drop_of(d->found.service, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, d->found.backend, backend->family == AF_INET6);
	if (!verdict)
		verdict = check_hop(ip->hop_limit, sizeof(*ip) + bpf_ntohs(ip->payload_len),
				    backend->mtu);
	if (verdict)
		return drop_of(d->found.service, verdict, bytes);
	rewrite_later6(ctx, ip, d);
	address_frame(eth, backend);
	count_forwarded(&d->found.service, &d->found.backend, bytes, false);
	return leave_by(ctx, backend->ifindex);
}

/* A later fragment of a backend, of the draft's datagram. */
static __noinline int return_later6(struct lb_ctx *ctx)
{
	struct ipv6hdr *ip = packet(ctx) + sizeof(struct ethhdr);
	struct lb_full_draft *d = full_draft();
	struct bpf_fib_lookup *route;
	long way;

	if (!d || is_left(is_by_tc(d->found.backend)))
		return ACTION_PASS;
	/* The bound holds: the caller has seen to it. */
	if ((void *)(ip + 1) + sizeof(struct lb_fragment_header) > packet_end(ctx) ||
	    !recall_piece(d))
		return ACTION_PASS;
	if (ip->hop_limit <= 1)
		return drop_of(d->found.service, LB_VERDICT_DROP_TTL, packet_length(ctx));
	route = begin_route(d, AF_INET6, d->found.proto);
	route->tot_len = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	route->flowinfo = load32(ip) & bpf_htonl(0x0fffffff);
	copy16(route->ipv6_src, d->rest.becomes.src);
	copy16(route->ipv6_dst, d->rest.becomes.dst);
	way = find_way(ctx, route);
	rewrite_later6(ctx, ip, d);
	return leave_for_client(ctx, route, &d->found.service, &d->found.backend, way);
}

#endif

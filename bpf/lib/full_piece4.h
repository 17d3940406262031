/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Fragments of full-nat over IPv4. */
#ifndef LB_FULL_PIECE4_H
#define LB_FULL_PIECE4_H

#include "full4.h"
#include "full_piece.h"
#include "quic.h"

/* The datagram of a fragment, as the draft has it. */
static __always_inline void set_piece4(struct lb_full_piece *piece,
				       const struct lb_fragment4 *datagram)
{
	set_mapped(piece->src, datagram->src);
	set_mapped(piece->dst, datagram->dst);
	piece->id = wide_id(datagram->id);
	piece->proto = datagram->proto;
}

/* Gives a fragment the identification that its datagram has from here on. */
static __always_inline void renumber4(struct iphdr *ip, const struct lb_full_draft *d)
{
	__be16 id = narrow_id(d->rest.becomes.id);

	ip->check = csum_close(csum_swap16(csum_open(ip->check), ip->id, id));
	ip->id = id;
}

/*
 * Ends a first fragment that came with these ends and was treated as a whole packet of this entry
 * is. What was sent is a fragment still: those behind it follow, and it gets the number that they
 * will have.
 */
static __noinline int end_first4(struct lb_ctx *ctx, const struct lb_flow6 *was,
				 const struct lb_full *entry, int action)
{
	struct iphdr *ip = packet(ctx) + sizeof(struct ethhdr);
	struct lb_full_draft *d = full_draft();
	struct lb_fragment4 key = {};

	if (!d || action == ACTION_DROP || (void *)(ip + 1) > packet_end(ctx) ||
	    !is_first_piece4(ip))
		return action;
	key.src = mapped4(was->src);
	key.dst = mapped4(was->dst);
	key.id = ip->id;
	key.proto = was->proto;
	set_piece4(&d->piece, &key);
	begin_piece(d, entry, was->proto, false);
	bpf_map_update_elem(&lb_fragments4, &key, &d->found, BPF_ANY);
	renumber4(ip, d);
	return action;
}

/* The first fragment of a datagram of a client; NOT_FULL when it is not for full-nat. */
static __noinline int open_full4(struct lb_ctx *ctx)
{
	struct lb_full_draft *d = full_draft();
	const struct lb_service *service;
	struct lb_packet4 p;
	int action;

	/* Never: the same fragment was here before. */
	if (!d || !parse_ends4(ctx, &p))
		return NOT_FULL;
	service = find_service4(p.ip->daddr, p.ports->dest, p.ip->protocol);
	if (!service)
		return NOT_FULL;
	action = forward_full4(ctx, service, named_by(ctx, service));
	return action == NOT_FULL ? action : end_first4(ctx, &d->flow, &d->there, action);
}

/* The first fragment of a datagram for no VIP; NOT_FULL when it is no reply of full-nat. */
static __noinline int return_first4(struct lb_ctx *ctx)
{
	struct lb_full_draft *d = full_draft();
	int action = reply_full4(ctx);

	return action == NOT_FULL || !d ? NOT_FULL : end_first4(ctx, &d->reply, &d->back, action);
}

/* Gives a later fragment the ends and the number of its first one. */
static __always_inline void rewrite_later4(struct iphdr *ip, const struct lb_full_draft *d)
{
	renumber4(ip, d);
	rewrite_addresses4(ip, mapped4(d->rest.becomes.src), mapped4(d->rest.becomes.dst));
}

/* Notes in the draft what is known of a later fragment's datagram. */
static __always_inline int follow_piece4(const struct lb_fragment4 *datagram,
					 const struct lb_fragment *known, int next)
{
	struct lb_full_draft *d = full_draft();

	/* Never: there is a draft. */
	if (!d)
		return ACTION_DROP;
	set_piece4(&d->piece, datagram);
	d->found = *known;
	return next;
}

/* A later fragment of a client, of the draft's datagram. */
static __noinline int follow_full4(struct lb_ctx *ctx)
{
	struct ethhdr *eth = packet(ctx);
	struct iphdr *ip = (void *)(eth + 1);
	struct lb_full_draft *d = full_draft();
	const struct lb_backend *backend;
	__u32 bytes = packet_length(ctx);
	enum lb_verdict verdict;

	/* The bound holds: the caller has seen to it. */
	if (!d || (void *)(ip + 1) > packet_end(ctx) || !recall_piece(d))
		return drop(LB_VERDICT_DROP_FRAGMENT, bytes);
	backend = bpf_map_lookup_elem(&lb_backends, &d->found.backend);
	if (!backend)
		return drop_of(d->found.service, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, d->found.backend, backend->family == AF_INET);
	if (!verdict)
		verdict = check_hop(ip->ttl, bpf_ntohs(ip->tot_len), backend->mtu);
	if (verdict)
		return drop_of(d->found.service, verdict, bytes);
	rewrite_later4(ip, d);
	address_frame(eth, backend);
	count_forwarded(&d->found.service, &d->found.backend, bytes, false);
	return leave_by(ctx, backend->ifindex);
}

/* A later fragment of a backend, of the draft's datagram. */
static __noinline int return_later4(struct lb_ctx *ctx)
{
	struct iphdr *ip = packet(ctx) + sizeof(struct ethhdr);
	struct lb_full_draft *d = full_draft();
	struct bpf_fib_lookup *route;
	long way;

	if (!d || is_left(is_by_tc(d->found.backend)))
		return ACTION_PASS;
	/* The bound holds: the caller has seen to it. */
	if ((void *)(ip + 1) > packet_end(ctx) || !recall_piece(d))
		return ACTION_PASS;
	if (ip->ttl <= 1)
		return drop_of(d->found.service, LB_VERDICT_DROP_TTL, packet_length(ctx));
	route = begin_route(d, AF_INET, d->found.proto);
	route->tot_len = bpf_ntohs(ip->tot_len);
	route->tos = ip->tos;
	route->ipv4_src = mapped4(d->rest.becomes.src);
	route->ipv4_dst = mapped4(d->rest.becomes.dst);
	way = find_way(ctx, route);
	rewrite_later4(ip, d);
	return leave_for_client(ctx, route, &d->found.service, &d->found.backend, way);
}

#endif

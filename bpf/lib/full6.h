/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* full-nat over IPv6: packets of clients and of backends, and ICMP errors about both. */
#ifndef LB_FULL6_H
#define LB_FULL6_H

#include "claim.h"
#include "error6.h"
#include "flowlog.h"
#include "piece.h"
#include "nat.h"
#include "reset.h"
#include "toobig.h"

/* The ends of a packet as entries have them. */
static __always_inline void set_flow6(struct lb_flow6 *flow, const struct ipv6hdr *ip,
				      const struct lb_ports *ports, __u8 proto)
{
	copy16(flow->src, &ip->saddr);
	copy16(flow->dst, &ip->daddr);
	set_rest(flow, load32(ports), proto);
}

/* Gives an IP header other addresses and lowers its hop limit. */
static __always_inline void rewrite_addresses6(struct lb_ctx *ctx, struct ipv6hdr *ip,
					       const void *src, const void *dst)
{
	copy16(&ip->saddr, src);
	copy16(&ip->daddr, dst);
	lower_hops(ctx, ip);
}

/* Gives a packet the ends that it becomes; it comes last, as rewrite_port. */
static __always_inline void rewrite_ends6(struct lb_ctx *ctx, struct lb_packet6 *p,
					  const struct lb_flow6 *to)
{
	__u64 sum = csum_swap128(0, &p->ip->saddr, to->src);

	sum = csum_swap128(sum, &p->ip->daddr, to->dst);
	rewrite_addresses6(ctx, p->ip, to->src, to->dst);
	rewrite_both_ports(ctx, p->ports, p->kind, load32(&to->sport), sum);
}

/*
 * Sends a client's packet to its backend, which its connection ID may have named; NOT_FULL when it
 * is not for full-nat. It may be the first fragment of a datagram, and is not static, so that the
 * verifier looks at it once for both.
 */
__noinline int forward_full6(struct lb_ctx *ctx, const struct lb_service *service, __u32 named)
{
	__u32 bytes = packet_length(ctx), length, index, hash, event = 0;
	struct lb_full_draft *d = full_draft();
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	struct lb_packet6 p;
	__u8 proto;
	bool is_known, is_noted, ends, clamps;

	/* Never: the same packet was parsed before. */
	if (!d || !service || !parse_ends6(ctx, &p, &proto))
		return NOT_FULL;
	length = sizeof(*p.ip) + bpf_ntohs(p.ip->payload_len);
	set_flow6(&d->flow, p.ip, p.ports, proto);
	ends = resets(service);
	index = recall_full(service->id, p.kind, tcp_flags(ctx, p.ports, p.kind), named, ends);
	if (index == FLOW_IS_DEAD)
		return reset6(ctx, service->id);
	is_noted = index & RECALL_NOTED;
	index &= ~RECALL_NOTED;
	is_known = index;
	if (!is_known && !takes_unknown(service, p.kind))
		return NOT_FULL;
	if (!is_known && service->relay & LB_RELAY_OLDER && is_for_relay6(ctx, service))
		return NOT_FULL;
	hash = flow_hash6(service, &p.ip->saddr, &p.ip->daddr, load32(p.ports), proto);
	if (is_noted && is_sticky(service))
		note_client6(service->id, index);
	if (logging_of(service))
		event = draft6(ctx, service, hash);
	if (!is_known)
		index = named ? named : choose_full(service, hash, p.kind, true);
	if (ends && is_nobody(index))
		return reset6(ctx, service->id);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (!backend)
		return drop_of(service->id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, index, backend->family == AF_INET6);
	if (!verdict)
		verdict = check_hop(p.ip->hop_limit, wire_length(ctx, length), backend->mtu);
	/* Ports by the flow's own hash: a client with affinity has more flows than it names. */
	if (!verdict && !is_known &&
	    !begin_full(index, service->id, slot_of(hash, service->slots),
			hash6(&p.ip->saddr, &p.ip->daddr, load32(p.ports), proto, service->seed)))
		verdict = LB_VERDICT_DROP_NO_PORT;
	if (verdict)
		return refuse6(ctx, backend, LB_MODE_FULL_NAT, service->id, verdict);
	if (is_sticky(service) && !is_known && p.kind == LB_KIND_DATAGRAM)
		note_client6(service->id, index);
	clamps = p.kind == LB_KIND_SYN && !is_piece6(p.ip);
	address_frame(p.eth, backend);
	rewrite_ends6(ctx, &p, &d->there.becomes);
	if (clamps && backend->mss)
		clamp_mss(ctx, sizeof(*p.eth) + sizeof(*p.ip), length - sizeof(*p.ip),
			  backend->mss);
	count_forwarded(&service->id, &index, bytes, opens(p.kind));
	if (event)
		write_log(index, true);
	return leave_by(ctx, backend->ifindex);
}

/*
 * Sends a backend's packet to its client; NOT_FULL when it is no reply of full-nat. As for
 * forward_full6, it may be a first fragment.
 */
__noinline int reply_full6(struct lb_ctx *ctx)
{
	struct bpf_fib_lookup *route;
	long way;
	__u32 bytes = packet_length(ctx), length;
	struct lb_full_draft *d = full_draft();
	struct lb_packet6 p;
	__u8 proto;
	bool clamps;

	/* The caller has parsed it before. */
	if (!d || !parse_ends6(ctx, &p, &proto))
		return NOT_FULL;
	set_flow6(&d->reply, p.ip, p.ports, proto);
	if (!recall_reply(p.kind, tcp_flags(ctx, p.ports, p.kind)))
		return NOT_FULL;
	if (p.ip->hop_limit <= 1)
		return drop_of(d->back.service, LB_VERDICT_DROP_TTL, bytes);
	route = begin_route(d, AF_INET6, proto);
	route->sport = d->back.becomes.sport;
	route->dport = d->back.becomes.dport;
	length = sizeof(*p.ip) + bpf_ntohs(p.ip->payload_len);
	route->tot_len = wire_length(ctx, length);
	route->flowinfo = load32(p.ip) & bpf_htonl(0x0fffffff);
	copy16(route->ipv6_src, d->back.becomes.src);
	copy16(route->ipv6_dst, d->back.becomes.dst);
	way = find_way(ctx, route);
	if (way == BPF_FIB_LKUP_RET_FRAG_NEEDED && is_of_wire(ctx, length))
		return refuse_reply6(ctx, d->back.service, route->mtu_result);
	clamps = is_tcp(p.kind) && has_syn(p.ports) && !is_piece6(p.ip);
	rewrite_ends6(ctx, &p, &d->back.becomes);
	if (clamps)
		clamp_reply(ctx, d->back.backend, sizeof(*p.eth) + sizeof(*p.ip),
			    length - sizeof(*p.ip));
	return leave_for_client(ctx, route, &d->back.service, &d->back.backend, way);
}

/* The ends of the packets that go against the one that an error is about. */
static __always_inline void set_flow_of_error6(struct lb_flow6 *flow, const struct lb_error6 *e)
{
	copy16(flow->src, &e->inner->daddr);
	copy16(flow->dst, &e->inner->saddr);
	set_rest(flow, swap_ports(load32(e->ports)), e->inner->nexthdr);
}

/*
 * An error travels as the flow's packets do that go its way, and the packet inside looks as its
 * sender made it: with the ends of the other direction's.
 */
static __always_inline void rewrite_full_error6(struct lb_ctx *ctx, struct lb_error6 *e,
						const struct lb_flow6 *to)
{
	__u32 ports = swap_ports(load32(&to->sport));
	__u64 sum = csum_open(e->icmp->check);

	sum = csum_swap128(sum, &e->ip->saddr, to->src);
	sum = csum_swap128(sum, &e->ip->daddr, to->dst);
	sum = csum_swap128(sum, &e->inner->saddr, to->dst);
	sum = csum_swap128(sum, &e->inner->daddr, to->src);
	e->icmp->check = csum_close(csum_swap32(sum, load32(e->ports), ports));
	copy16(&e->inner->saddr, to->dst);
	copy16(&e->inner->daddr, to->src);
	*(__u32 *)(void *)e->ports = ports;
	rewrite_addresses6(ctx, e->ip, to->src, to->dst);
}

/* Sends an error about a reply to the backend that made it; NOT_FULL when full-nat has no such. */
static __noinline int forward_full_error6(struct lb_ctx *ctx, const struct lb_service *service)
{
	__u32 bytes = packet_length(ctx), index;
	struct lb_full_draft *d = full_draft();
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	struct lb_error6 e;
	enum lb_kind kind;

	/* The caller has parsed it before. */
	if (!d || !parse_error6(ctx, &e))
		return NOT_FULL;
	set_flow_of_error6(&d->flow, &e);
	kind = error_kind(e.inner->nexthdr);
	index = recall_full(service->id, kind, 0, 0, false);
	if (!index && (has_both_ways(service) || !is_full_nat(service)))
		return NOT_FULL;
	if (!index)
		return drop_of(service->id, LB_VERDICT_DROP_ICMP_UNKNOWN, bytes);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (!backend)
		return drop_of(service->id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, index, backend->family == AF_INET6);
	if (!verdict)
		verdict = check_hop(e.ip->hop_limit, sizeof(*e.ip) + bpf_ntohs(e.ip->payload_len),
				    backend->mtu);
	if (verdict)
		return drop_of(service->id, verdict, bytes);
	rewrite_full_error6(ctx, &e, &d->there.becomes);
	address_frame(e.eth, backend);
	count_forwarded(&service->id, &index, bytes, false);
	return conclude(LB_VERDICT_ICMP_ERROR, bytes, leave_by(ctx, backend->ifindex));
}

/* Sends an error about a client's packet, of its backend or of a router, to that client. */
static __noinline int reply_full_error6(struct lb_ctx *ctx)
{
	struct bpf_fib_lookup *route;
	__u32 bytes = packet_length(ctx);
	struct lb_full_draft *d = full_draft();
	struct lb_error6 e;

	if (!d || !parse_error6(ctx, &e) || !is_error6(e.icmp->type))
		return NOT_FULL;
	if (!equal16(&e.ip->daddr, &e.inner->saddr))
		return NOT_FULL;
	set_flow_of_error6(&d->reply, &e);
	if (!recall_reply(LB_KIND_ERROR, 0))
		return NOT_FULL;
	if (e.ip->hop_limit <= 1)
		return drop_of(d->back.service, LB_VERDICT_DROP_TTL, bytes);
	rewrite_full_error6(ctx, &e, &d->back.becomes);
	route = begin_route(d, AF_INET6, IPPROTO_ICMPV6);
	route->tot_len = sizeof(*e.ip) + bpf_ntohs(e.ip->payload_len);
	route->flowinfo = load32(e.ip) & bpf_htonl(0x0fffffff);
	copy16(route->ipv6_src, &e.ip->saddr);
	copy16(route->ipv6_dst, &e.ip->daddr);
	return route_reply(ctx, route, &d->back.service, &d->back.backend);
}

#endif

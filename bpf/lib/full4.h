/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* full-nat over IPv4: packets of clients and of backends, and ICMP errors about both. */
#ifndef LB_FULL4_H
#define LB_FULL4_H

#include "claim.h"
#include "error4.h"
#include "flowlog.h"
#include "piece.h"
#include "nat.h"
#include "reset.h"
#include "toobig.h"

/* The ends of a packet as entries have them. */
static __always_inline void set_flow4(struct lb_flow6 *flow, const struct iphdr *ip,
				      const struct lb_ports *ports)
{
	set_mapped(flow->src, ip->saddr);
	set_mapped(flow->dst, ip->daddr);
	set_rest(flow, load32(ports), ip->protocol);
}

/* Gives an IP header other addresses, lowers its TTL, and brings its checksum up to date. */
static __always_inline void rewrite_addresses4(struct iphdr *ip, __be32 src, __be32 dst)
{
	__u64 sum = csum_swap32(csum_open(ip->check), ip->saddr, src);

	ip->check = csum_close(sum);
	ip->saddr = src;
	rewrite_ip4(ip, &ip->daddr, dst);
}

/* Gives a packet the ends that it becomes; it comes last, as rewrite_port. */
static __always_inline void rewrite_ends4(struct lb_ctx *ctx, struct lb_packet4 *p,
					  const struct lb_flow6 *to)
{
	__be32 src = mapped4(to->src), dst = mapped4(to->dst);
	__u64 sum = csum_swap32(csum_swap32(0, p->ip->saddr, src), p->ip->daddr, dst);

	rewrite_addresses4(p->ip, src, dst);
	rewrite_both_ports(ctx, p->ports, p->kind, load32(&to->sport), sum);
}

/*
 * Sends a client's packet to its backend, which its connection ID may have named; NOT_FULL when it
 * is not for full-nat. It may be the first fragment of a datagram, and is not static, so that the
 * verifier looks at it once for both.
 */
__noinline int forward_full4(struct lb_ctx *ctx, const struct lb_service *service, __u32 named)
{
	__u32 bytes = packet_length(ctx), length, index, hash, event = 0;
	struct lb_full_draft *d = full_draft();
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	struct lb_packet4 p;
	bool is_known, is_noted, ends, clamps;

	/* Never: the same packet was parsed before. */
	if (!d || !service || !parse_ends4(ctx, &p))
		return NOT_FULL;
	length = bpf_ntohs(p.ip->tot_len);
	set_flow4(&d->flow, p.ip, p.ports);
	ends = resets(service);
	index = recall_full(service->id, p.kind, tcp_flags(ctx, p.ports, p.kind), named, ends);
	if (index == FLOW_IS_DEAD)
		return reset4(ctx, service->id);
	is_noted = index & RECALL_NOTED;
	index &= ~RECALL_NOTED;
	is_known = index;
	if (!is_known && !takes_unknown(service, p.kind))
		return NOT_FULL;
	if (!is_known && service->relay & LB_RELAY_OLDER && is_for_relay4(ctx, service))
		return NOT_FULL;
	hash = flow_hash4(service, load64(&p.ip->saddr), load32(p.ports), p.ip->protocol);
	if (is_noted && is_sticky(service))
		note_client4(service->id, index);
	if (logging_of(service))
		event = draft4(ctx, service, hash);
	if (!is_known)
		index = named ? named : choose_full(service, hash, p.kind, false);
	if (ends && is_nobody(index))
		return reset4(ctx, service->id);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (!backend)
		return drop_of(service->id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, index, backend->family == AF_INET);
	if (!verdict)
		verdict = check_hop(p.ip->ttl, wire_length(ctx, length), backend->mtu);
	/* Ports by the flow's own hash: a client with affinity has more flows than it names. */
	if (!verdict && !is_known &&
	    !begin_full(
		    index, service->id, slot_of(hash, service->slots),
		    hash4(load64(&p.ip->saddr), load32(p.ports), p.ip->protocol, service->seed)))
		verdict = LB_VERDICT_DROP_NO_PORT;
	if (verdict)
		return refuse4(ctx, backend, LB_MODE_FULL_NAT, service->id, verdict);
	if (is_sticky(service) && !is_known && p.kind == LB_KIND_DATAGRAM)
		note_client4(service->id, index);
	clamps = p.kind == LB_KIND_SYN && !is_first_piece4(p.ip);
	address_frame(p.eth, backend);
	rewrite_ends4(ctx, &p, &d->there.becomes);
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
 * forward_full4, it may be a first fragment.
 */
__noinline int reply_full4(struct lb_ctx *ctx)
{
	struct bpf_fib_lookup *route;
	long way;
	__u32 bytes = packet_length(ctx), length;
	struct lb_full_draft *d = full_draft();
	struct lb_packet4 p;
	bool clamps;

	/* The caller has parsed it before. */
	if (!d || !parse_ends4(ctx, &p))
		return NOT_FULL;
	set_flow4(&d->reply, p.ip, p.ports);
	if (!recall_reply(p.kind, tcp_flags(ctx, p.ports, p.kind)))
		return NOT_FULL;
	if (p.ip->ttl <= 1)
		return drop_of(d->back.service, LB_VERDICT_DROP_TTL, bytes);
	route = begin_route(d, AF_INET, p.ip->protocol);
	route->sport = d->back.becomes.sport;
	route->dport = d->back.becomes.dport;
	length = bpf_ntohs(p.ip->tot_len);
	route->tot_len = wire_length(ctx, length);
	route->tos = p.ip->tos;
	route->ipv4_src = mapped4(d->back.becomes.src);
	route->ipv4_dst = mapped4(d->back.becomes.dst);
	way = find_way(ctx, route);
	/* Without DF the host makes fragments of it. */
	if (way == BPF_FIB_LKUP_RET_FRAG_NEEDED && p.ip->frag_off & bpf_htons(0x4000) &&
	    is_of_wire(ctx, length))
		return refuse_reply4(ctx, d->back.service, route->mtu_result);
	clamps = is_tcp(p.kind) && has_syn(p.ports) && !is_first_piece4(p.ip);
	rewrite_ends4(ctx, &p, &d->back.becomes);
	if (clamps)
		clamp_reply(ctx, d->back.backend, sizeof(*p.eth) + sizeof(*p.ip),
			    length - sizeof(*p.ip));
	return leave_for_client(ctx, route, &d->back.service, &d->back.backend, way);
}

/* The ends of the packets that go against the one that an error is about. */
static __always_inline void set_flow_of_error4(struct lb_flow6 *flow, const struct lb_error4 *e)
{
	set_mapped(flow->src, e->inner->daddr);
	set_mapped(flow->dst, e->inner->saddr);
	set_rest(flow, swap_ports(load32(e->ports)), e->inner->protocol);
}

/*
 * An error travels as the flow's packets do that go its way, and the packet inside looks as its
 * sender made it: with the ends of the other direction's.
 */
static __always_inline void rewrite_full_error4(struct lb_error4 *e, const struct lb_flow6 *to)
{
	__be32 src = mapped4(to->src), dst = mapped4(to->dst);
	__u32 ports = swap_ports(load32(&to->sport));
	__u64 swap = csum_swap32(csum_swap32(0, e->inner->saddr, dst), e->inner->daddr, src);
	__u16 check = csum_close(swap + csum_open(e->inner->check));
	__u64 sum = csum_swap16(swap + csum_open(e->icmp->check), e->inner->check, check);

	e->icmp->check = csum_close(csum_swap32(sum, load32(e->ports), ports));
	e->inner->check = check;
	e->inner->saddr = dst;
	e->inner->daddr = src;
	*(__u32 *)(void *)e->ports = ports;
	rewrite_addresses4(e->ip, src, dst);
}

/* Sends an error about a reply to the backend that made it; NOT_FULL when full-nat has no such. */
static __noinline int forward_full_error4(struct lb_ctx *ctx, const struct lb_service *service)
{
	__u32 bytes = packet_length(ctx), index;
	struct lb_full_draft *d = full_draft();
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	struct lb_error4 e;
	enum lb_kind kind;

	/* The caller has parsed it before. */
	if (!d || !parse_error4(ctx, &e))
		return NOT_FULL;
	set_flow_of_error4(&d->flow, &e);
	kind = error_kind(e.inner->protocol);
	index = recall_full(service->id, kind, 0, 0, false);
	if (!index && (has_both_ways(service) || !is_full_nat(service)))
		return NOT_FULL;
	if (!index)
		return drop_of(service->id, LB_VERDICT_DROP_ICMP_UNKNOWN, bytes);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (!backend)
		return drop_of(service->id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, index, backend->family == AF_INET);
	if (!verdict)
		verdict = check_hop(e.ip->ttl, bpf_ntohs(e.ip->tot_len), backend->mtu);
	if (verdict)
		return drop_of(service->id, verdict, bytes);
	rewrite_full_error4(&e, &d->there.becomes);
	address_frame(e.eth, backend);
	count_forwarded(&service->id, &index, bytes, false);
	return conclude(LB_VERDICT_ICMP_ERROR, bytes, leave_by(ctx, backend->ifindex));
}

/* Sends an error about a client's packet, of its backend or of a router, to that client. */
static __noinline int reply_full_error4(struct lb_ctx *ctx)
{
	struct bpf_fib_lookup *route;
	__u32 bytes = packet_length(ctx);
	struct lb_full_draft *d = full_draft();
	struct lb_error4 e;

	if (!d || !parse_error4(ctx, &e) || !is_error4(e.icmp->type))
		return NOT_FULL;
	if (e.ip->daddr != e.inner->saddr)
		return NOT_FULL;
	set_flow_of_error4(&d->reply, &e);
	if (!recall_reply(LB_KIND_ERROR, 0))
		return NOT_FULL;
	if (e.ip->ttl <= 1)
		return drop_of(d->back.service, LB_VERDICT_DROP_TTL, bytes);
	rewrite_full_error4(&e, &d->back.becomes);
	route = begin_route(d, AF_INET, IPPROTO_ICMP);
	route->tot_len = bpf_ntohs(e.ip->tot_len);
	route->tos = e.ip->tos;
	route->ipv4_src = e.ip->saddr;
	route->ipv4_dst = e.ip->daddr;
	return route_reply(ctx, route, &d->back.service, &d->back.backend);
}

#endif

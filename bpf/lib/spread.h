/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which packets are handed to other CPUs: plain ones that are forwarded. What the host gets stays
 * where it is, since a frame that was handed over has no driver's word on checksum or VLAN any
 * more; so do fragments and all that is rare.
 */
#ifndef LB_SPREAD_H
#define LB_SPREAD_H

#include "full4.h"
#include "full6.h"
#include "nat.h"

/* Whether packets of a service are forwarded by this hook, whosever they are. */
static __always_inline bool is_forwarded(const struct lb_service *service)
{
	return !is_relayed(service) && !has_both_ways(service) && !is_left(by_tc(service));
}

static __always_inline int spread4(const struct lb_packet4 *p, const struct lb_service *service)
{
	if (!is_forwarded(service))
		return IS_KEPT;
	return hand_over(
		hash4(load64(&p->ip->saddr), load32(p->ports), p->ip->protocol, service->seed));
}

static __always_inline int spread6(const struct lb_packet6 *p, const struct lb_service *service)
{
	if (!is_forwarded(service))
		return IS_KEPT;
	return hand_over(hash6(&p->ip->saddr, &p->ip->daddr, load32(p->ports), p->ip->nexthdr,
			       service->seed));
}

/* Whether the entry of a backend makes replies of its packets, whosever they are. */
static __always_inline bool makes_replies(const struct lb_nat *nat)
{
	return nat && !leaves_alone(nat) && !(nat->flags & LB_NAT_SOCKETS);
}

/* Whether the draft's packet of a backend is a reply of full-nat. */
static __always_inline bool is_full_reply(const struct lb_full_draft *d)
{
	const struct lb_full *back = bpf_map_lookup_elem(&lb_full, &d->reply);

	if (!back)
		back = bpf_map_lookup_elem(&lb_full_new, &d->reply);
	return back && back->flags & LB_FULL_REPLY && !is_left(is_by_tc(back->backend));
}

static __always_inline bool is_full_reply4(const struct lb_packet4 *p)
{
	struct lb_full_draft *d = full_draft();

	if (!d)
		return false;
	set_flow4(&d->reply, p->ip, p->ports);
	return is_full_reply(d);
}

static __always_inline bool is_full_reply6(const struct lb_packet6 *p)
{
	struct lb_full_draft *d = full_draft();

	if (!d)
		return false;
	set_flow6(&d->reply, p->ip, p->ports, p->ip->nexthdr);
	return is_full_reply(d);
}

/* Hands a packet for no service over if it is a reply. */
static __noinline int spread_reply4(struct lb_ctx *ctx)
{
	struct lb_packet4 p;

	/* The caller has parsed it before. */
	if (!parse_mutable4(ctx, &p))
		return IS_KEPT;
	if (!(has_flag(LB_NODE_FULL4) && is_full_reply4(&p)) &&
	    (!makes_replies(find_nat4(p.ip->saddr, p.ports->source, p.ip->protocol)) ||
	     is_direct4(p.ip->daddr)))
		return IS_KEPT;
	return hand_over(hash4(load64(&p.ip->saddr), load32(p.ports), p.ip->protocol, 0));
}

/* As spread_reply4, for IPv6. */
static __noinline int spread_reply6(struct lb_ctx *ctx)
{
	struct lb_packet6 p;

	if (!parse_mutable6(ctx, &p))
		return IS_KEPT;
	if (!(has_flag(LB_NODE_FULL6) && is_full_reply6(&p)) &&
	    (!makes_replies(find_nat6(&p.ip->saddr, p.ports->source, p.ip->nexthdr)) ||
	     is_direct6(&p.ip->daddr)))
		return IS_KEPT;
	return hand_over(hash6(&p.ip->saddr, &p.ip->daddr, load32(p.ports), p.ip->nexthdr, 0));
}

#endif

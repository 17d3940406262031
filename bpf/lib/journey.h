/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The journey of a packet. Parse, find the service of its destination, find the flow's backend by
 * its slot, rewrite or wrap, send. docs/datapath.md says the same in words.
 *
 * IPv4 is inlined in the entry; IPv6 and all that is rare are subprograms, so that the common path
 * keeps its registers.
 */
#ifndef LB_JOURNEY_H
#define LB_JOURNEY_H

#include "flowlog.h"
#include "fragment4.h"
#include "fragment6.h"
#include "icmp4.h"
#include "icmp6.h"
#include "quic.h"
#include "recent.h"
#include "reset.h"
#include "socket.h"
#include "spread.h"
#include "toobig.h"

/*
 * From a service to a backend, IPv4. Beside the common path, flows may be logged, a connection ID
 * may have named the backend, and a packet that may collide goes to the relay where that has its
 * place at the backend; in the other ways it has another.
 */
static __always_inline int forward4(struct lb_ctx *ctx, const struct lb_packet4 *p,
				    const struct lb_service *service, enum lb_mode way, __u32 named,
				    bool beside)
{
	__u32 bytes = packet_length(ctx), ports = load32(p->ports), hash, index, event = 0;
	__u64 addresses = load64(&p->ip->saddr);
	__u8 proto = p->ip->protocol;
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	/* Read at once: an update of the service may put its entry to another use. */
	const __u32 id = service->id;
	const bool ends = beside && resets(service);

	hash = beside ? flow_hash4(service, addresses, ports, proto)
		      : hash4(addresses, ports, proto, service->seed);
	if (beside && logging_of(service))
		event = draft4(ctx, service, hash);
	index = beside && named ? named
				: backend_for4(service, addresses, ports, proto, hash, p->kind);
	if (beside && ends && is_nobody(index))
		return reset4(ctx, id);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (unlikely(!backend))
		return drop_of(id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	if (beside && may_collide(service, p->kind) && way == LB_MODE_NAT &&
	    has_socket4(ctx, load32(backend->addr), p->ip->saddr,
			backend->port | (__u32)p->ports->source << 16))
		return pass_to_relay(service, bytes, true);
	verdict = check_backend(backend, index, fits4(way, backend));
	if (likely(!verdict))
		verdict = way == LB_MODE_NAT
				  ? nat4(ctx, p, backend)
				  : carry4(ctx, backend, way, bpf_ntohs(p->ip->tot_len), hash);
	if (unlikely(verdict))
		return refuse4(ctx, backend, way, id, verdict);
	count_forwarded(&id, &index, bytes, opens(p->kind));
	if (event)
		write_log(index, false);
	return leave_by(ctx, backend->ifindex);
}

/*
 * From a service to a backend, IPv6. Beside the common path, flows may be logged, a connection ID
 * may have named the backend, and a packet that may collide goes to the relay where that has its
 * place at the backend; in the other ways it has another.
 */
static __always_inline int forward6(struct lb_ctx *ctx, const struct lb_packet6 *p,
				    const struct lb_service *service, enum lb_mode way, __u32 named,
				    bool beside)
{
	__u32 bytes = packet_length(ctx), ports = load32(p->ports), hash, index, event = 0;
	__u32 length = sizeof(*p->ip) + bpf_ntohs(p->ip->payload_len);
	const void *src = &p->ip->saddr, *dst = &p->ip->daddr;
	__u8 proto = p->ip->nexthdr;
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	/* Read at once: an update of the service may put its entry to another use. */
	const __u32 id = service->id;
	const bool ends = beside && resets(service);

	hash = beside ? flow_hash6(service, src, dst, ports, proto)
		      : hash6(src, dst, ports, proto, service->seed);
	if (beside && logging_of(service))
		event = draft6(ctx, service, hash);
	index = beside && named ? named
				: backend_for6(service, src, dst, ports, proto, hash, p->kind);
	if (beside && ends && is_nobody(index))
		return reset6(ctx, id);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (unlikely(!backend))
		return drop_of(id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	if (beside && may_collide(service, p->kind) && way == LB_MODE_NAT &&
	    has_socket6(ctx, backend->addr, src, backend->port | (__u32)p->ports->source << 16))
		return pass_to_relay(service, bytes, true);
	verdict = check_backend(backend, index, fits6(way, backend));
	if (likely(!verdict))
		verdict = way == LB_MODE_NAT ? nat6(ctx, p, backend)
					     : carry6(ctx, backend, way, length, hash);
	if (unlikely(verdict))
		return refuse6(ctx, backend, way, id, verdict);
	count_forwarded(&id, &index, bytes, opens(p->kind));
	if (event)
		write_log(index, false);
	return leave_by(ctx, backend->ifindex);
}

/*
 * Whether the common path has no part in a service: it logs, has affinity, connection IDs, a relay
 * or two ways.
 */
static __always_inline bool is_uncommon(const struct lb_service *service)
{
	return is_relayed(service) || is_beside(service) || service->logging != PLAIN_LOGGING;
}

/* Forwards for a service beside the common path, which so has no work with it. */
static __noinline int serve4(struct lb_ctx *ctx, const struct lb_service *service)
{
	struct lb_packet4 p;
	__u32 named;
	int action;

	if (is_left(by_tc(service)))
		return ACTION_PASS;
	named = named_by(ctx, service);
	action = service->relay & LB_RELAY_FULL_NAT ? forward_full4(ctx, service, named) : NOT_FULL;
	if (action != NOT_FULL)
		return action;
	/* Never: the same packet was parsed before. */
	if (!parse4(ctx, &p))
		return ACTION_PASS;
	if ((is_relayed(service) || is_beside(service)) && is_for_relay4(ctx, service))
		return pass_to_relay(service, packet_length(ctx), opens(p.kind));
	return forward4(ctx, &p, service, way_of(service), named, true);
}

/* As serve4; it finds the service again, so that journey6 has left the stack. */
static __noinline int serve6(struct lb_ctx *ctx)
{
	const struct lb_service *service;
	struct lb_packet6 p;
	__u32 named;
	int action;

	/* Never, nor is there no service: the same packet was here before. */
	if (!parse6(ctx, &p))
		return ACTION_PASS;
	service = recent_service6(ctx, &p);
	if (!service || is_left(by_tc(service)))
		return ACTION_PASS;
	named = named_by(ctx, service);
	action = service->relay & LB_RELAY_FULL_NAT ? forward_full6(ctx, service, named) : NOT_FULL;
	if (action != NOT_FULL)
		return action;
	/* The verifier forgets what a called function may have changed. */
	if (!parse6(ctx, &p))
		return ACTION_PASS;
	if ((is_relayed(service) || is_beside(service)) && is_for_relay6(ctx, service))
		return pass_to_relay(service, packet_length(ctx), opens(p.kind));
	return forward6(ctx, &p, service, way_of(service), named, true);
}

/* A packet for no service that may be a reply. */
static __always_inline int any_reply4(struct lb_ctx *ctx)
{
	int action = SPREADS ? spread_reply4(ctx) : IS_KEPT;

	if (action != IS_KEPT)
		return action;
	action = has_flag(LB_NODE_FULL4) ? reply_full4(ctx) : NOT_FULL;

	if (action != NOT_FULL)
		return action;
	return has_flag(LB_NODE_NAT4) ? reply4(ctx) : ACTION_PASS;
}

static __always_inline int any_reply6(struct lb_ctx *ctx)
{
	int action = SPREADS ? spread_reply6(ctx) : IS_KEPT;

	if (action != IS_KEPT)
		return action;
	action = has_flag(LB_NODE_FULL6) ? reply_full6(ctx) : NOT_FULL;

	if (action != NOT_FULL)
		return action;
	return has_flag(LB_NODE_NAT6) ? reply6(ctx) : ACTION_PASS;
}

/* Answers of the common path, no hook's: another has to look, when its stack is free again. */
enum {
	NOT_PLAIN4 = -3,
	NOT_PLAIN6 = -4,
	NOT_COMMON6 = -5,
};

/* at_once: what is not plain is looked at from here. */
static __always_inline int journey4(struct lb_ctx *ctx, bool at_once)
{
	const struct lb_service *service;
	struct lb_packet4 p;
	int action;

	if (unlikely(!parse4(ctx, &p)))
		return at_once ? beside4(ctx) : NOT_PLAIN4;
	service = recent_service4(&p);
	if (unlikely(!service))
		return has_flag(LB_NODE_NAT4 | LB_NODE_FULL4) ? any_reply4(ctx) : ACTION_PASS;
	action = SPREADS ? spread4(&p, service) : IS_KEPT;
	if (action != IS_KEPT)
		return action;
	if (unlikely(is_uncommon(service)))
		return serve4(ctx, service);
	return forward4(ctx, &p, service, service->mode, 0, false);
}

static __noinline int journey6(struct lb_ctx *ctx)
{
	const struct lb_service *service;
	struct lb_packet6 p;
	int action;

	if (unlikely(!parse6(ctx, &p)))
		return NOT_PLAIN6;
	service = recent_service6(ctx, &p);
	if (unlikely(!service))
		return has_flag(LB_NODE_NAT6 | LB_NODE_FULL6) ? any_reply6(ctx) : ACTION_PASS;
	action = SPREADS ? spread6(&p, service) : IS_KEPT;
	if (action != IS_KEPT)
		return action;
	if (unlikely(is_uncommon(service)))
		return NOT_COMMON6;
	return forward6(ctx, &p, service, service->mode, 0, false);
}

/* What becomes of a frame of IPv6 after this answer of the common path. */
static __always_inline int look_again6(struct lb_ctx *ctx, int action)
{
	if (unlikely(action == NOT_COMMON6))
		return serve6(ctx);
	return unlikely(action == NOT_PLAIN6) ? beside6(ctx) : action;
}

/* As look_again6, for either family. */
static __always_inline int look_again(struct lb_ctx *ctx, int action)
{
	return unlikely(action == NOT_PLAIN4) ? beside4(ctx) : look_again6(ctx, action);
}

/* What becomes of a frame; if not at once, then by look_again. */
static __always_inline int journey(struct lb_ctx *ctx, bool at_once)
{
	struct ethhdr *eth = packet(ctx);

	if (unlikely((void *)(eth + 1) > packet_end(ctx)))
		return ACTION_PASS;
	if (likely(ether_type(eth) == bpf_htons(ETH_P_IP)))
		return journey4(ctx, at_once);
	if (ether_type(eth) == bpf_htons(ETH_P_IPV6))
		return at_once ? look_again6(ctx, journey6(ctx)) : journey6(ctx);
	return ACTION_PASS;
}

#endif

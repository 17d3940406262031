/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The last step: link addresses, and the interface that the frame leaves by. */
#ifndef LB_EGRESS_H
#define LB_EGRESS_H

#include "verdict.h"

/* Writes the link addresses of the next hop: both at once, they are neighbours in both structs. */
static __always_inline void address_frame(struct ethhdr *eth, const struct lb_backend *backend)
{
	_Static_assert(__builtin_offsetof(struct lb_backend, smac) ==
			       __builtin_offsetof(struct lb_backend, dmac) + ETH_ALEN,
		       "destination and source must be in the order of the Ethernet header");

	*(__u64 *)eth = load64(backend->dmac);
	*(__u32 *)((void *)eth + 8) = load32(backend->dmac + 8);
}

/* Asks the routing tables for the way of a reply to its client: one of BPF_FIB_LKUP_RET_*. */
static __always_inline long find_way(struct lb_ctx *ctx, struct bpf_fib_lookup *route)
{
	route->ifindex = came_by(ctx);
	return bpf_fib_lookup(ctx, route, sizeof(*route), 0);
}

/*
 * Ends a reply by what the routing tables have said. Where they know no way that XDP can take, the
 * host gets the packet, which resolves neighbours too.
 */
static __always_inline int leave_for_client(struct lb_ctx *ctx, const struct bpf_fib_lookup *route,
					    const __u32 *service, const __u32 *backend, long answer)
{
	__u32 bytes = packet_length(ctx);
	struct ethhdr *eth = packet(ctx);

	count_replied(service, backend, bytes);
	if (answer == BPF_FIB_LKUP_RET_NO_NEIGH)
		return conclude(LB_VERDICT_REPLY, bytes, ACTION_PASS);
	/* The bound is known to hold, the verifier has forgotten it. */
	if (answer != BPF_FIB_LKUP_RET_SUCCESS || (void *)(eth + 1) > packet_end(ctx))
		return conclude(LB_VERDICT_PASS_NO_ROUTE, bytes, ACTION_PASS);
	__builtin_memcpy(eth->h_dest, route->dmac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, route->smac, ETH_ALEN);
	return conclude(LB_VERDICT_REPLY, bytes, leave_by(ctx, route->ifindex));
}

/* Asks for the way of a reply, and ends it. */
static __always_inline int route_reply(struct lb_ctx *ctx, struct bpf_fib_lookup *route,
				       const __u32 *service, const __u32 *backend)
{
	return leave_for_client(ctx, route, service, backend, find_way(ctx, route));
}

#endif

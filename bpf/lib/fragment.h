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

/* What a first fragment of a client tells. Its relay gets all of them, and the host joins them. */
static __always_inline void begin_fragment(struct lb_fragment *to, const struct lb_service *service,
					   __u8 proto)
{
	to->service = service->id;
	to->seen = tick_now();
	to->way = is_relayed(service) ? LB_MODE_TPROXY : way_of(service);
	to->proto = proto;
}

/* Whether only a socket could tell which way a fragment goes, or full-nat cannot have it. */
static __always_inline bool is_undecided(const struct lb_service *service, __u8 proto)
{
	return (proto == IPPROTO_TCP && has_both_ways(service)) ||
	       (proto == IPPROTO_SCTP && service->relay & LB_RELAY_FULL_NAT);
}

/* Whether an entry's backend has relays too, whose packets only a socket tells from those of nat.
 */
static __always_inline bool is_no_reply(const struct lb_nat *nat, __u8 proto)
{
	return !nat || leaves_alone(nat) || (nat->flags & LB_NAT_SOCKETS && proto == IPPROTO_TCP);
}

#endif

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * full-nat: a flow has an address and port of the node towards its backend. Both directions of it
 * have an entry, under the ends of their packets. Code and maps are the same for both families.
 *
 * A flow is new until its client sends a second packet, no SYN, after an answer. New flows are in a
 * map that evicts the oldest, so each of their packets looks whether both entries are still there.
 */
#ifndef LB_FULL_H
#define LB_FULL_H

#include "parse.h"
#include "slot.h"
#include "socket.h"

enum {
	/*
	 * What the functions that send return where full-nat has nothing to do with the packet; no
	 * hook's answer.
	 */
	NOT_FULL = -2,
	LB_EEXIST = 17,
	/* Beside a backend's index: its entry was written, the first time in a tick. */
	RECALL_NOTED = 1 << 30,
	/* ::ffff:0:0/96, the second word of a mapped address without its end. */
	MAPPED_PREFIX_WORD = 0xffff0000,
};

/* This CPU's draft; never null, the key is inside the map. */
static __always_inline struct lb_full_draft *full_draft(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&lb_full_draft, &zero);
}

/* An address of IPv4 as entries have it. */
static __always_inline void set_mapped(void *to, __be32 addr)
{
	((__u64 *)to)[0] = 0;
	((__u64 *)to)[1] = MAPPED_PREFIX_WORD | (__u64)addr << 32;
}

static __always_inline __be32 mapped4(const void *addr)
{
	return load32(addr + 12);
}

/* Ports and protocol behind the addresses, in one word: the padding is zero. */
static __always_inline void set_rest(struct lb_flow6 *flow, __u32 ports, __u8 proto)
{
	*(__u64 *)(void *)&flow->sport = ports | (__u64)proto << 32;
}

/* The ends of the packets that go the other way. */
static __always_inline void reverse_flow(struct lb_flow6 *to, const struct lb_flow6 *from)
{
	copy16(to->src, from->dst);
	copy16(to->dst, from->src);
	set_rest(to, swap_ports(load32(&from->sport)), from->proto);
}

/* Whether packets become those that go against the ones of this flow. */
static __always_inline bool becomes_reverse(const struct lb_full *entry,
					    const struct lb_flow6 *flow)
{
	return equal16(entry->becomes.src, flow->dst) && equal16(entry->becomes.dst, flow->src) &&
	       load32(&entry->becomes.sport) == swap_ports(load32(&flow->sport));
}

/* Whether both directions of a flow have ended, or one with a reset. */
static __always_inline bool is_over(__u8 there, __u8 back)
{
	return (there | back) & LB_FULL_RESET || there & back & LB_FULL_FIN;
}

/* What a packet's flags add to those of its entry; tcp: the byte that holds them, 0 for UDP. */
static __always_inline __u8 full_flags(__u8 tcp)
{
	return tcp & TCP_RST ? LB_FULL_RESET : tcp & TCP_FIN ? LB_FULL_FIN : 0;
}

/*
 * Notes a packet in its entry; writes only news, so that CPUs do not fight for the line. Says
 * whether it is the first one in a tick.
 */
static __always_inline bool note_packet(struct lb_full *entry, __u8 flags)
{
	__u32 tick = tick_now();
	bool is_first = entry->seen != tick;

	if (is_first)
		entry->seen = tick;
	if ((entry->flags & flags) != flags)
		entry->flags |= flags;
	return is_first;
}

/* Removes the backend's entry from a map if it is of this flow. */
static __always_inline void forget_reply(void *map, const struct lb_full_draft *d)
{
	const struct lb_full *back = bpf_map_lookup_elem(map, &d->reply);

	if (back && becomes_reverse(back, &d->flow))
		bpf_map_delete_elem(map, &d->reply);
}

/*
 * What follows, up to begin_full, is not static: the verifier then looks at each once, whatever its
 * callers know. So they find the draft by themselves.
 */

/* Removes the draft's flow: reply has the ends of its backend's packets. */
__noinline int forget_full(void)
{
	const struct lb_full_draft *d = full_draft();

	if (!d)
		return 0;
	forget_reply(&lb_full, d);
	forget_reply(&lb_full_new, d);
	bpf_map_delete_elem(&lb_full, &d->flow);
	bpf_map_delete_elem(&lb_full_new, &d->flow);
	return 0;
}

enum lb_moved {
	PORT_LOST,
	STAYS_NEW,
	ESTABLISHED,
};

/*
 * Moves a new flow, whose entries are in the draft, to where nothing is evicted. Its port may turn
 * out to be another's by now, and there may be no room.
 */
__noinline int establish(void)
{
	struct lb_full_draft *d = full_draft();
	struct lb_traffic *traffic;
	long error;

	if (!d)
		return STAYS_NEW;
	error = bpf_map_update_elem(&lb_full, &d->reply, &d->back, BPF_NOEXIST);
	if (error == -LB_EEXIST)
		return PORT_LOST;
	if (!error) {
		error = bpf_map_update_elem(&lb_full, &d->flow, &d->there, BPF_ANY);
		if (error)
			bpf_map_delete_elem(&lb_full, &d->reply);
	}
	if (error) {
		traffic = bpf_map_lookup_elem(&lb_svc_stats, &d->there.service);
		if (traffic)
			traffic->untracked++;
		return STAYS_NEW;
	}
	bpf_map_delete_elem(&lb_full_new, &d->flow);
	bpf_map_delete_elem(&lb_full_new, &d->reply);
	return ESTABLISHED;
}

/* The reply's entry of the draft's flow among the new ones, null when it is not there. */
static __always_inline const struct lb_full *find_back(const struct lb_full_draft *d)
{
	const struct lb_full *back = bpf_map_lookup_elem(&lb_full_new, &d->reply);

	return back && becomes_reverse(back, &d->flow) ? back : NULL;
}

/*
 * Backend that the entry of a client's flow names, 0 for none that can be used; the draft then has
 * what its packets become. A SYN on a flow that is over begins another, and so does a packet whose
 * connection ID names another backend. With RECALL_NOTED its client is to be noted: TCP's new flows
 * note nobody. ends: the flow of a dead backend is FLOW_IS_DEAD, and over, until a SYN comes.
 */
__noinline __u32 recall_full(__u32 service, __u32 kind, __u32 tcp, __u32 named, __u32 ends)
{
	struct lb_full_draft *d = full_draft();
	struct lb_full *there, *back;
	enum lb_moved moved;
	bool is_new;

	if (!d)
		return 0;
	there = bpf_map_lookup_elem(&lb_full, &d->flow);
	is_new = !there;
	if (is_new)
		there = bpf_map_lookup_elem(&lb_full_new, &d->flow);
	if (!there || there->flags & LB_FULL_REPLY)
		return 0;
	d->there = *there;
	reverse_flow(&d->reply, &d->there.becomes);
	if (d->there.service != service)
		goto gone;
	if (!is_alive(d->there.backend)) {
		if (!ends || is_udp(kind) || opens(kind) || is_error(kind) ||
		    (is_new && !find_back(d)))
			goto gone;
		note_packet(there, LB_FULL_RESET);
		return FLOW_IS_DEAD;
	}
	if (named && named != d->there.backend)
		goto gone;
	if (is_new || kind == LB_KIND_SYN) {
		back = is_new ? bpf_map_lookup_elem(&lb_full_new, &d->reply)
			      : bpf_map_lookup_elem(&lb_full, &d->reply);
		if (!back || !becomes_reverse(back, &d->flow))
			goto gone;
		if (kind == LB_KIND_SYN && is_over(d->there.flags, back->flags))
			goto gone;
		if (is_new && (kind == LB_KIND_SEGMENT || kind == LB_KIND_DATAGRAM) &&
		    back->flags & LB_FULL_ANSWERED) {
			d->back = *back;
			note_packet(&d->there, full_flags(tcp));
			moved = establish();
			if (moved == PORT_LOST)
				goto gone;
			/* What was found may be another flow's from now on. */
			if (moved == ESTABLISHED)
				return d->there.backend | RECALL_NOTED;
		}
	}
	if (!is_error(kind) && note_packet(there, full_flags(tcp)) &&
	    (!is_new || kind == LB_KIND_DATAGRAM))
		return d->there.backend | RECALL_NOTED;
	return d->there.backend;
gone:
	if (!is_error(kind))
		forget_full();
	return 0;
}

/* Whether the service of a backend goes by lb_forward. */
static __always_inline bool is_by_tc(__u32 index)
{
	const struct lb_backend *backend = bpf_map_lookup_elem(&lb_backends, &index);

	return backend && backend->flags & LB_BACKEND_TC;
}

/* As recall_full for a packet of a backend: whether it is a reply of full-nat. */
__noinline int recall_reply(__u32 kind, __u32 tcp)
{
	struct lb_full_draft *d = full_draft();
	__u8 flags = full_flags(tcp);
	struct lb_full *back;
	bool is_new;

	if (!d)
		return false;
	back = bpf_map_lookup_elem(&lb_full, &d->reply);
	is_new = !back;
	if (is_new)
		back = bpf_map_lookup_elem(&lb_full_new, &d->reply);
	if (!back || !(back->flags & LB_FULL_REPLY) || is_left(is_by_tc(back->backend)))
		return false;
	d->back = *back;
	/* What is evicted may be another flow's by the time that it was read. */
	if (is_new && bpf_map_lookup_elem(&lb_full_new, &d->reply) != back)
		return false;
	if (!is_error(kind))
		note_packet(back, flags & LB_FULL_RESET ? flags : flags | LB_FULL_ANSWERED);
	return true;
}

/* Whether flows older than full-nat go on in another way of the kernel's. */
static __always_inline bool has_older_way(const struct lb_service *service)
{
	return service->relay &
	       (LB_RELAY_OLDER_NAT | LB_RELAY_OLDER_IPIP | LB_RELAY_OLDER_L2 | LB_RELAY_OLDER_GUE);
}

/*
 * Whether full-nat takes a packet of a service that it has no entry for: not when the mode is
 * another by now, and not in the middle of a flow that may be older than full-nat.
 */
static __always_inline bool takes_unknown(const struct lb_service *service, enum lb_kind kind)
{
	return is_full_nat(service) &&
	       (kind == LB_KIND_SYN || is_udp(kind) || !has_older_way(service));
}

/* The question for the way of a reply, its addresses and lengths left out. */
static __always_inline struct bpf_fib_lookup *begin_route(struct lb_full_draft *d, __u8 family,
							  __u8 proto)
{
	__builtin_memset(&d->route, 0, sizeof(d->route));
	d->route.family = family;
	d->route.l4_protocol = proto;
	return &d->route;
}

/* The byte with the flags of a TCP segment, 0 of anything else. */
static __always_inline __u8 tcp_flags(const struct lb_ctx *ctx, const void *ports,
				      enum lb_kind kind)
{
	/* The bound holds: the header was found whole. */
	if (!is_tcp(kind) || ports + TCP_FLAGS_AT + 1 > packet_end(ctx))
		return 0;
	return ((const __u8 *)ports)[TCP_FLAGS_AT];
}

#endif

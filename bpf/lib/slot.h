/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * From a flow to its backend. On a clean slot the table alone decides; only on a moved slot, or
 * where a service tracks every flow, are the flow tables asked.
 */
#ifndef LB_SLOT_H
#define LB_SLOT_H

#include "flow.h"
#include "client.h"
#include "news.h"

/* In place of a backend's index, above all that there are. */
enum {
	/* The flow's backend is dead, and its client is to be told. */
	FLOW_IS_DEAD = LB_BACKEND_LIMIT,
	/* A SYN that was not remembered: its flow's next packet would look like one of those. */
	FLOW_IS_LOST,
};

/* Whether clients of this service's flows are told when their backend is dead. */
static __always_inline bool resets(const struct lb_service *service)
{
	return service->logging & LB_SERVICE_RESET;
}

/*
 * Whether this was chosen because there is nobody: neither the backend of an older flow nor, where
 * there is none at all, one for new flows.
 */
static __always_inline bool is_nobody(__u32 index)
{
	return !index || index == FLOW_IS_DEAD;
}

/* Reads the slot of a hash in one load; false when the service has no table. */
static __always_inline bool read_slot(const struct lb_service *service, __u32 hash,
				      struct lb_slot *slot)
{
	__u32 index = slot_of(hash, service->slots);
	const volatile __u64 *found;
	void *table;

	table = bpf_map_lookup_elem(&lb_tables, &service->table);
	if (unlikely(!table))
		return false;
	found = bpf_map_lookup_elem(table, &index);
	/* Null for a service of no slots or of a smaller table. */
	if (unlikely(!found || !service->slots))
		return false;
	*(__u64 *)slot = *found;
	return true;
}

/* Whether the slot alone decides. */
static __always_inline bool slot_decides(const struct lb_service *service, struct lb_slot slot)
{
	if (likely(service->tracking == LB_TRACKING_MINIMAL))
		return likely(!slot.previous);
	return service->tracking == LB_TRACKING_NONE;
}

/*
 * The slot rule for a flow that needs its memory; returns the backend's index, 0 for none.
 * service is sticky where its clients keep their backend.
 *
 * The flow tables come first. A miss that opens a flow goes to current. A miss in the middle of a
 * flow of TCP or SCTP, or of UDP, counts as older than the change until the window is over:
 * previous, while that lives. What was chosen is remembered, but for UDP behind the window where
 * there is no other node that may be before it; where it can't be, the choice must be the one that
 * the flow's next packets get without memory. Entries of established flows are news, but not those
 * of SYNs: a flood of these is to cost other nodes nothing. A client that keeps a backend has it in
 * place of both of the slot, so that a flow without memory stays with it as well.
 *
 * ends: flows of the service end with their backend, but those of UDP. One whose entry names a dead
 * one, and one that is older than the change and whose slot was a dead one's, is nobody's. A SYN
 * that is not remembered there would become such a flow.
 */
static __always_inline __u32 choose(void *flows, void *pending, bool v6, const void *flow,
				    struct lb_slot slot, enum lb_kind kind, bool full, bool sticky,
				    bool ends, struct lb_flow_entry *entry, enum lb_news_kind *news,
				    bool *noted)
{
	__u32 previous = slot.previous & (LB_BACKEND_LIMIT - 1), current = slot.current, older;
	bool window_over = slot.previous & LB_SLOT_WINDOW_OVER, dead = false;
	__u32 backend = recall(flows, pending, v6, flow, kind, entry, news, noted, &dead);
	bool is_new;

	if (backend)
		return backend;
	ends = ends && !is_udp(kind);
	if (ends && dead && !opens(kind))
		return FLOW_IS_DEAD;
	older = is_alive(previous) ? previous : ends && previous ? FLOW_IS_DEAD : current;
	if (sticky) {
		backend = v6 ? ask_client6(entry->service) : ask_client4(entry->service);
		if (backend)
			current = older = backend;
	}
	/* Of a client that keeps nothing there was no flow that a datagram could be of. */
	is_new = opens(kind) || window_over || (sticky && is_udp(kind));
	entry->backend = is_new ? current : older;
	if (!entry->backend || entry->backend == FLOW_IS_DEAD || is_error(kind))
		return entry->backend;
	if (opens(kind)) {
		if (remember(pending, v6 ? LB_TABLE_PENDING6 : LB_TABLE_PENDING4, flow, entry) ||
		    window_over)
			return current;
		return older == FLOW_IS_DEAD ? FLOW_IS_LOST : older;
	}
	if (!is_udp(kind) || !window_over || full || is_shared()) {
		*noted = remember(flows, v6 ? LB_TABLE_FLOWS6 : LB_TABLE_FLOWS4, flow, entry);
		if (*noted)
			*news = LB_NEWS_FOUND;
	}
	return entry->backend;
}

/* Not static, so that the verifier looks at it once. */
__noinline __u32 choose4(const struct lb_flow4 *of, const struct lb_service *service,
			 const struct lb_slot *slot, __u32 index, enum lb_kind kind)
{
	struct lb_flow_entry entry = {.slot = index};
	enum lb_news_kind news = 0;
	bool noted = false;
	struct lb_flow4 flow;
	__u32 backend;

	/* Never: what the verifier does not know of the callers. */
	if (!of || !service || !slot)
		return 0;
	/* Maps take no key from the memory of a caller. */
	__builtin_memcpy(&flow, of, sizeof(flow));
	entry.service = service->id;
	entry.seen = tick_now();
	backend = choose(&lb_flows4, &lb_pending4, false, &flow, *slot, kind,
			 service->tracking == LB_TRACKING_FULL, is_sticky(service), resets(service),
			 &entry, &news, &noted);
	if (noted && is_sticky(service))
		note_client4(entry.service, backend);
	if (news && is_shared())
		tell4(&flow, &entry, news);
	return backend;
}

/* Static, because a copy of the flow would be too much for the stack of its callers. */
static __noinline __u32 choose6(const struct lb_flow6 *flow, const struct lb_service *service,
				const struct lb_slot *slot, __u32 index, enum lb_kind kind)
{
	struct lb_flow_entry entry = {
		.service = service->id,
		.slot = index,
		.seen = tick_now(),
	};
	enum lb_news_kind news = 0;
	bool noted = false;
	__u32 backend = choose(&lb_flows6, &lb_pending6, true, flow, *slot, kind,
			       service->tracking == LB_TRACKING_FULL, is_sticky(service),
			       resets(service), &entry, &news, &noted);

	if (noted && is_sticky(service))
		note_client6(entry.service, backend);
	if (news && is_shared())
		tell6(flow, &entry, news);
	return backend;
}

/* Index of the backend for a flow of IPv4, 0 for none. */
static __always_inline __u32 backend_for4(const struct lb_service *service, __u64 addresses,
					  __u32 ports, __u8 proto, __u32 hash, enum lb_kind kind)
{
	struct lb_slot slot, moved;
	/* struct lb_flow4, stored in whole words. */
	__u64 flow[2];

	if (!read_slot(service, hash, &slot))
		return 0;
	if (likely(slot_decides(service, slot)))
		return slot.current;
	moved = slot;
	flow[0] = addresses;
	flow[1] = ports | (__u64)proto << 32;
	return choose4((struct lb_flow4 *)flow, service, &moved, slot_of(hash, service->slots),
		       kind);
}

/* Index of the backend for a flow of IPv6, 0 for none. */
static __always_inline __u32 backend_for6(const struct lb_service *service, const void *src,
					  const void *dst, __u32 ports, __u8 proto, __u32 hash,
					  enum lb_kind kind)
{
	struct lb_slot slot, moved;
	/* struct lb_flow6, stored in whole words. */
	__u64 flow[5];

	if (!read_slot(service, hash, &slot))
		return 0;
	if (likely(slot_decides(service, slot)))
		return slot.current;
	moved = slot;
	copy16(&flow[0], src);
	copy16(&flow[2], dst);
	flow[4] = ports | (__u64)proto << 32;
	return choose6((struct lb_flow6 *)flow, service, &moved, slot_of(hash, service->slots),
		       kind);
}

#endif

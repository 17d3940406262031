/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Memory of single flows: the established ones, and those of which only SYNs were seen. The code
 * is the same for both families; callers name the maps, which inlining turns into constants.
 */
#ifndef LB_FLOW_H
#define LB_FLOW_H

#include "maps.h"

/* What a packet tells about its flow; what several kinds have in common is one bit. */
enum lb_kind {
	LB_KIND_SEGMENT = 0,  /* TCP, anything but a SYN without ACK */
	LB_KIND_SYN = 1 << 0, /* TCP, SYN without ACK: a new flow */
	LB_KIND_CHUNK = 1 << 1,
	LB_KIND_INIT = LB_KIND_CHUNK | LB_KIND_SYN, /* SCTP, INIT: what a SYN is to TCP */
	LB_KIND_DATAGRAM = 1 << 2,		    /* UDP */
	LB_KIND_ERROR = 1 << 3, /* an ICMP error about a flow of TCP or SCTP: leaves no trace */
	LB_KIND_UDP_ERROR = LB_KIND_ERROR | LB_KIND_DATAGRAM,
};

/* Whether a packet begins a flow that says so. */
static __always_inline bool opens(enum lb_kind kind)
{
	return kind & LB_KIND_SYN;
}

static __always_inline bool is_tcp(enum lb_kind kind)
{
	return kind <= LB_KIND_SYN;
}

static __always_inline bool is_udp(enum lb_kind kind)
{
	return kind & LB_KIND_DATAGRAM;
}

static __always_inline bool is_error(enum lb_kind kind)
{
	return kind & LB_KIND_ERROR;
}

/* Kind of an ICMP error about a packet of this protocol. */
static __always_inline enum lb_kind error_kind(__u8 proto)
{
	return proto == IPPROTO_UDP ? LB_KIND_UDP_ERROR : LB_KIND_ERROR;
}

/* The tick that lb_flow_entry.seen and the budgets count in. */
static __always_inline __u32 tick_now(void)
{
	return bpf_ktime_get_coarse_ns() >> LB_TICK_SHIFT;
}

/* Backend of an entry that this service may still use, else 0; says whether it is dead. */
static __always_inline __u32 entry_backend(const struct lb_flow_entry *entry, __u32 service,
					   bool *dead)
{
	__u32 backend;

	if (!entry || entry->service != service)
		return 0;
	backend = *(const volatile __u32 *)&entry->backend;
	if (is_alive(backend))
		return backend;
	*dead = true;
	return 0;
}

/*
 * Marks an entry as in use; writes only once a tick, so that CPUs do not fight for the line. Says
 * whether it did.
 */
static __always_inline bool refresh(struct lb_flow_entry *entry, __u32 tick)
{
	if (entry->seen == tick)
		return false;
	entry->seen = tick;
	return true;
}

/* Takes one from this CPU's budget of new entries; false when it is spent. */
static __always_inline bool spend(__u32 tick)
{
	const struct lb_node *node = node_settings();
	__u32 zero = 0;
	struct lb_budget *budget = bpf_map_lookup_elem(&lb_budgets, &zero);

	if (!node || !budget)
		return false;
	if (budget->tick != tick) {
		budget->tick = tick;
		budget->used = 0;
	}
	if (budget->used >= node->inserts)
		return false;
	budget->used++;
	return true;
}

/* Counts an entry that came into one of the maps of flows, or was taken out of it. */
static __always_inline void count_entry(__u32 table, bool made)
{
	struct lb_flow_counts *counts = bpf_map_lookup_elem(&lb_flow_counts, &table);

	if (!counts)
		return;
	if (made)
		counts->made++;
	else
		counts->removed++;
}

/* Writes an entry, anew or over one that nobody may use any more; false when it is not there. */
static __always_inline bool put(void *map, enum lb_flow_table table, const void *key,
				const void *entry)
{
	if (bpf_map_update_elem(map, key, entry, BPF_NOEXIST))
		return bpf_map_update_elem(map, key, entry, BPF_EXIST) == 0;
	count_entry(table, true);
	return true;
}

/* Writes an entry when the budget allows; false when the flow stays untracked. */
static __always_inline bool remember(void *map, enum lb_flow_table table, const void *flow,
				     const struct lb_flow_entry *entry)
{
	struct lb_traffic *traffic = bpf_map_lookup_elem(&lb_svc_stats, &entry->service);
	bool kept = spend(entry->seen) && put(map, table, flow, entry);

	if (!traffic)
		return kept;
	if (kept)
		traffic->tracked++;
	else
		traffic->untracked++;
	return kept;
}

/* The client answered: its entry moves from the pending to the established flows. */
static __always_inline bool promote(void *flows, void *pending, bool v6, const void *flow,
				    const struct lb_flow_entry *entry)
{
	if (!put(flows, v6 ? LB_TABLE_FLOWS6 : LB_TABLE_FLOWS4, flow, entry))
		return false;
	if (bpf_map_delete_elem(pending, flow) == 0)
		count_entry(v6 ? LB_TABLE_PENDING6 : LB_TABLE_PENDING4, false);
	return true;
}

/*
 * Backend that the flow tables hold for a flow, 0 for none; entry holds what to write. Says in news
 * whether the flow was established by that, in noted whether its entry among the established flows
 * was written, and in dead whether an entry names a backend that is.
 */
static __always_inline __u32 recall(void *flows, void *pending, bool v6, const void *flow,
				    enum lb_kind kind, struct lb_flow_entry *entry,
				    enum lb_news_kind *news, bool *noted, bool *dead)
{
	struct lb_flow_entry *found = bpf_map_lookup_elem(flows, flow);
	__u32 backend = entry_backend(found, entry->service, dead);

	if (backend) {
		if (!is_error(kind))
			*noted = refresh(found, entry->seen);
		return backend;
	}
	if (is_udp(kind))
		return 0;
	found = bpf_map_lookup_elem(pending, flow);
	backend = entry_backend(found, entry->service, dead);
	if (!backend)
		return 0;
	if (opens(kind)) {
		refresh(found, entry->seen);
	} else if (!is_error(kind)) {
		entry->backend = backend;
		*noted = promote(flows, pending, v6, flow, entry);
		if (*noted)
			*news = LB_NEWS_OPENED;
	}
	return backend;
}

#endif

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The flow log: a record when a flow begins and when its client ends it, never one for each packet.
 *
 * Only services that log come here. TCP says by its flags what a packet means, SCTP by its first
 * chunk; a flow of UDP begins with a packet that is not known from the last LB_LOG_IDLE ticks.
 * Repeated SYNs and FINs are told from new ones the same way.
 */
#ifndef LB_FLOWLOG_H
#define LB_FLOWLOG_H

#include "parse.h"
#include "slot.h"

/* What was logged of a flow last. */
enum lb_log_state {
	LOG_BEGUN = 1,
	LOG_ENDED = 2,
};

/* What a packet of SCTP that is no INIT tells. Which end begins to shut down is all the same. */
static __always_inline __u8 chunk_event(const struct lb_ctx *ctx, const void *sctp)
{
	/* Never: the header was found whole. */
	if (sctp + SCTP_CHUNK_AT + 1 > packet_end(ctx))
		return 0;
	switch (((const __u8 *)sctp)[SCTP_CHUNK_AT]) {
	case SCTP_ABORT:
		return LB_EVENT_RESET;
	case SCTP_SHUTDOWN:
	case SCTP_SHUTDOWN_ACK:
	case SCTP_SHUTDOWN_COMPLETE:
		return LB_EVENT_END;
	default:
		return 0;
	}
}

/* What a packet tells, before it is known whether that is news; 0 for nothing. */
static __always_inline __u8 event_of(const struct lb_ctx *ctx, const void *tcp, enum lb_kind kind)
{
	__u8 flags;

	if (kind == LB_KIND_CHUNK)
		return chunk_event(ctx, tcp);
	if (kind != LB_KIND_SEGMENT)
		return LB_EVENT_BEGIN;
	/* Never: the header was found whole. */
	if (tcp + TCP_FLAGS_AT + 1 > packet_end(ctx))
		return 0;
	flags = ((const __u8 *)tcp)[TCP_FLAGS_AT];
	if (flags & TCP_RST)
		return LB_EVENT_RESET;
	return flags & TCP_FIN ? LB_EVENT_END : 0;
}

/*
 * Whether a flow is among those that are logged: the same for all its packets, and on every node.
 * The hash is mixed once more, else the sample would be the flows of the first slots.
 */
static __always_inline bool is_logged(const struct lb_service *service, __u32 hash)
{
	const struct lb_node *node = node_settings();
	__u32 mixed = hash * 0x9e3779b1U;

	if (logging_of(service) == LB_LOGGING_FULL)
		return true;
	return node && (__u64)mixed * node->sample >> 32 == 0;
}

/* This CPU's record, with nothing in it; null never, the key is inside the map. */
static __always_inline struct lb_flow_event *draft_log(void)
{
	__u32 zero = 0;
	struct lb_flow_event *log = bpf_map_lookup_elem(&lb_log_draft, &zero);

	if (log)
		__builtin_memset(log, 0, sizeof(*log));
	return log;
}

/* Fills in what all packets of a flow have in common; log->event stays 0 when nothing is logged. */
static __always_inline void begin_log(struct lb_flow_event *log, const struct lb_ctx *ctx,
				      const struct lb_ports *ports, enum lb_kind kind,
				      const struct lb_service *service, __u32 hash)
{
	struct lb_slot slot = {};

	if (!is_logged(service, hash))
		return;
	log->event = event_of(ctx, ports, kind);
	log->flow.sport = ports->source;
	log->flow.dport = ports->dest;
	log->service = service->id;
	log->slot = slot_of(hash, service->slots);
	log->hook = HOOK;
	if (!log->event || !read_slot(service, hash, &slot))
		return;
	if (slot.previous)
		log->flags |= LB_EVENT_MOVED;
	/* May be: whether it is shows when the packet was forwarded. */
	if (!slot_decides(service, slot))
		log->flags |= LB_EVENT_TRACKED;
}

/*
 * Drafts the record of a packet of a service that logs: its enum lb_event, 0 for none. Not static,
 * so that the verifier looks at it once.
 */
__noinline __u32 draft4(struct lb_ctx *ctx, const struct lb_service *of, __u32 hash)
{
	struct lb_flow_event *log = draft_log();
	struct lb_service service;
	struct lb_packet4 p;

	/* Never: a service was found, and the same packet was parsed before. */
	if (!of || !log || !parse4(ctx, &p))
		return 0;
	/* Maps take no key from the memory of a caller. */
	__builtin_memcpy(&service, of, sizeof(service));
	*(__be32 *)(void *)log->flow.src = p.ip->saddr;
	*(__be32 *)(void *)log->flow.dst = p.ip->daddr;
	log->flow.proto = p.ip->protocol;
	log->family = AF_INET;
	begin_log(log, ctx, p.ports, p.kind, &service, hash);
	return log->event;
}

/* As draft4, for IPv6. */
__noinline __u32 draft6(struct lb_ctx *ctx, const struct lb_service *of, __u32 hash)
{
	struct lb_flow_event *log = draft_log();
	struct lb_service service;
	struct lb_packet6 p;

	/* Never: a service was found, and the same packet was parsed before. */
	if (!of || !log || !parse6(ctx, &p))
		return 0;
	/* Maps take no key from the memory of a caller. */
	__builtin_memcpy(&service, of, sizeof(service));
	copy16(log->flow.src, &p.ip->saddr);
	copy16(log->flow.dst, &p.ip->daddr);
	log->flow.proto = p.ip->nexthdr;
	log->family = AF_INET6;
	begin_log(log, ctx, p.ports, p.kind, &service, hash);
	return log->event;
}

/* A hash of the five-tuple that two flows do not share in practice; never 0. */
static __always_inline __u64 flow_print(const struct lb_flow_event *log)
{
	__u64 hash = absorb(absorb(0, load64(log->flow.src)), load64(log->flow.src + 8));

	hash = absorb(absorb(hash, load64(log->flow.dst)), load64(log->flow.dst + 8));
	return absorb(hash, load32(&log->flow.sport) | (__u64)log->flow.proto << 32) | 1;
}

/*
 * Whether an event is news, and remembers it. A cell whose flow was silent for LB_LOG_IDLE ticks is
 * free. When a set has none, TCP and SCTP are logged all the same, UDP is not: every packet would
 * be news.
 */
static __always_inline bool is_news(const struct lb_flow_event *log, struct lb_log_counts *counts)
{
	__u32 state = log->event == LB_EVENT_BEGIN ? LOG_BEGUN : LOG_ENDED;
	__u64 flow = flow_print(log);
	__u32 index = flow >> (64 - LOG_SETS_SHIFT), tick = tick_now();
	struct lb_log_set *set = bpf_map_lookup_elem(&lb_log_seen, &index);
	struct lb_log_cell *known = NULL, *unused = NULL;

	if (!set)
		return true;
#pragma unroll
	for (int i = 0; i < LOG_WAYS; i++) {
		struct lb_log_cell *cell = &set->cells[i];

		if (tick - (cell->seen >> 2) > LB_LOG_IDLE || !cell->flow)
			unused = cell;
		else if (cell->flow == flow)
			known = cell;
	}
	if (known && known->backend == log->backend && (known->seen & 3) == state) {
		/* Once a tick, so that CPUs do not fight for the line. */
		if (known->seen != (tick << 2 | state))
			known->seen = tick << 2 | state;
		return false;
	}
	if (!known)
		known = unused;
	if (!known) {
		if (log->flow.proto != IPPROTO_UDP)
			return true;
		counts->no_memory++;
		return false;
	}
	known->flow = flow;
	known->backend = log->backend;
	known->seen = tick << 2 | state;
	return true;
}

/* Whether the flow tables hold the flow with the backend that it went to. */
static __always_inline bool is_tracked(const struct lb_flow_event *log)
{
	const struct lb_flow_entry *entry;
	/* struct lb_flow4, stored in whole words. */
	__u64 flow[2];

	if (log->family == AF_INET) {
		flow[0] = load32(log->flow.src) | (__u64)load32(log->flow.dst) << 32;
		flow[1] = load32(&log->flow.sport) | (__u64)log->flow.proto << 32;
		entry = bpf_map_lookup_elem(&lb_flows4, flow);
		if (!entry)
			entry = bpf_map_lookup_elem(&lb_pending4, flow);
	} else {
		entry = bpf_map_lookup_elem(&lb_flows6, &log->flow);
		if (!entry)
			entry = bpf_map_lookup_elem(&lb_pending6, &log->flow);
	}
	return entry && entry->service == log->service && entry->backend == log->backend;
}

/*
 * Hands the draft to user space, of a packet that went to this backend, or counts it as lost;
 * known: its flow has an entry, of any kind. Not static, so that the verifier looks at it once.
 */
__noinline int write_log(__u32 backend, __u32 known)
{
	__u32 zero = 0;
	struct lb_log_counts *counts = bpf_map_lookup_elem(&lb_log_counts, &zero);
	struct lb_flow_event *log = bpf_map_lookup_elem(&lb_log_draft, &zero);

	if (!counts || !log)
		return 0;
	log->backend = backend;
	if (!is_news(log, counts))
		return 0;
	if (known)
		log->flags |= LB_EVENT_TRACKED;
	else if (log->flags & LB_EVENT_TRACKED && !is_tracked(log))
		log->flags &= ~LB_EVENT_TRACKED;
	log->time = bpf_ktime_get_ns();
	if (bpf_ringbuf_output(&lb_flow_log, log, sizeof(*log), 0))
		counts->no_room++;
	else
		counts->written++;
	return 0;
}

#endif

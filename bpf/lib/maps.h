/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The maps. Sizes here are defaults; user space sets the operator's before it loads the object.
 * User space writes all but the counters, the budgets and the flow tables.
 */
#ifndef LB_MAPS_H
#define LB_MAPS_H

#include "endpoints.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_node);
} lb_node SEC(".maps");

/* By service id, of services with LB_SERVICE_AFFINITY. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct lb_affinity);
} lb_affinity SEC(".maps");

/* By service id, of services with LB_SERVICE_STICKY: ticks that a client keeps its backend for. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} lb_sticky SEC(".maps");

/* By service id, of services with LB_SERVICE_QUIC. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct lb_quic);
} lb_quic SEC(".maps");

/* Backends by the server IDs in connection IDs of QUIC. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct lb_server_id);
	__type(value, __u32);
} lb_server_ids SEC(".maps");

/* A Maglev table. Tables differ in size, and user space fills them through mmap. */
struct lb_table {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE | BPF_F_INNER_MAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_slot);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__array(values, struct lb_table);
} lb_tables SEC(".maps");

/* Mmap-able also because its values then start on a page, and each fills one cache line. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct lb_backend);
} lb_backends SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1048576);
	__type(key, struct lb_flow4);
	__type(value, struct lb_flow_entry);
} lb_flows4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 262144);
	__type(key, struct lb_flow6);
	__type(value, struct lb_flow_entry);
} lb_flows6 SEC(".maps");

/* Flows of which only SYNs were seen: a flood fills these and evicts no established flow. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct lb_flow4);
	__type(value, struct lb_flow_entry);
} lb_pending4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct lb_flow6);
	__type(value, struct lb_flow_entry);
} lb_pending6 SEC(".maps");

/* Clients of services with LB_SERVICE_STICKY. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct lb_client4);
	__type(value, struct lb_client_entry);
} lb_clients4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct lb_client6);
	__type(value, struct lb_client_entry);
} lb_clients6 SEC(".maps");

/* Per CPU: the client of the packet that is on its way; the stack has no room for it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_client6);
} lb_client_draft SEC(".maps");

/*
 * Datagrams of which the first fragment has come. An entry is needed while the others follow, most
 * often for less than a millisecond; the numbers are for a few thousand senders at once.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct lb_fragment4);
	__type(value, struct lb_fragment);
} lb_fragments4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct lb_fragment6);
	__type(value, struct lb_fragment);
} lb_fragments6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct lb_prefix4);
	__type(value, __u32);
} lb_direct4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct lb_prefix6);
	__type(value, __u32);
} lb_direct6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct lb_traffic);
} lb_svc_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct lb_traffic);
} lb_be_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LB_VERDICT_COUNT);
	__type(key, __u32);
	__type(value, struct lb_counter);
} lb_verdicts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_budget);
} lb_budgets SEC(".maps");

/* Answers to what was too big, beside the budget of entries: no flood of one takes the other's. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_budget);
} lb_answers SEC(".maps");

/* Resets, which may be many when a backend dies: nobody else's answers wait for them. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_budget);
} lb_resets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LB_TABLE_COUNT);
	__type(key, __u32);
	__type(value, struct lb_flow_counts);
} lb_flow_counts SEC(".maps");

/* Records of lb_flow_event for user space; its size is in bytes. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4194304);
} lb_flow_log SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_log_counts);
} lb_log_counts SEC(".maps");

/* Records of lb_flow_news for user space; its size is in bytes. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 2097152);
} lb_flow_news SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_news_counts);
} lb_news_counts SEC(".maps");

/* Per CPU: the record that is being made; the stack has no room for it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_flow_event);
} lb_log_draft SEC(".maps");

/* Flows that were logged lately, in sets that hash to the same place; no one else reads it. */
enum {
	LOG_SETS_SHIFT = 14,
	LOG_WAYS = 4,
};

struct lb_log_cell {
	__u64 flow; /* a hash of the whole five-tuple, 0 while the cell is empty */
	__u32 backend;
	__u32 seen; /* tick of its last packet << 2 | enum lb_log_state */
};

struct lb_log_set {
	struct lb_log_cell cells[LOG_WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << LOG_SETS_SHIFT);
	__type(key, __u32);
	__type(value, struct lb_log_set);
} lb_log_seen SEC(".maps");

/* The node's addresses for full-nat: those of IPv4, then those of IPv6. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * LB_SOURCE_LIMIT);
	__type(key, __u32);
	__type(value, struct lb_source);
} lb_sources SEC(".maps");

/*
 * Flows of full-nat that both ends have a part in, two entries each. Nothing is evicted: user space
 * removes what is over. Memory is taken as it is used.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1048576);
	__type(key, struct lb_flow6);
	__type(value, struct lb_full);
} lb_full SEC(".maps");

/* The others, which a flood of the first packets of flows may fill. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct lb_flow6);
	__type(value, struct lb_full);
} lb_full_new SEC(".maps");

/* What the fragments behind a first one of full-nat become; lb_fragments4/6 says that they do. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct lb_full_piece);
	__type(value, struct lb_full_rest);
} lb_full_pieces SEC(".maps");

/* Identifications that full-nat gives next, by a hash of both addresses. */
enum {
	ID_COUNTERS = 4096,
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ID_COUNTERS);
	__type(key, __u32);
	__type(value, __u32);
} lb_full_ids SEC(".maps");

/* What is known of a packet of full-nat while it is on its way; the stack has no room for it. */
struct lb_full_draft {
	struct lb_flow6 flow;  /* ends of the client's packets */
	struct lb_flow6 reply; /* ends of the backend's */
	struct lb_full there;  /* what the client's become */
	struct lb_full back;   /* what the backend's become */
	struct bpf_fib_lookup route;
	struct lb_full_piece piece; /* a fragment's datagram as it comes */
	struct lb_full_rest rest;   /* what it becomes */
	struct lb_fragment found;   /* what is remembered of it beside that */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_full_draft);
} lb_full_draft SEC(".maps");

/* The node's entry; never null, the key is inside the map. */
static __always_inline const struct lb_node *node_settings(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&lb_node, &zero);
}

/* Whether this backend exists and is alive. */
static __always_inline bool is_alive(__u32 index)
{
	const struct lb_backend *backend = bpf_map_lookup_elem(&lb_backends, &index);

	return backend && backend->flags & LB_BACKEND_ALIVE;
}

#endif

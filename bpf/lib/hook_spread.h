/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the XDP hook has that hands packets to other CPUs, and does with the rest as lb_xdp does. */
#ifndef LB_HOOK_SPREAD_H
#define LB_HOOK_SPREAD_H

#include "cpus.h"
#include "wire.h"

enum {
	SPREADS = true,
	IS_KEPT = -6,
};

/* The queues of the CPUs; user space makes it as large as the host may have CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} lb_cpus SEC(".maps");

/* The upper bits of a flow's hash -> the CPU that has its packets, plus one; 0 for nobody. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LB_SPREAD_SHARES);
	__type(key, __u32);
	__type(value, __u32);
} lb_shares SEC(".maps");

/*
 * Hands a packet to the CPU of its flow's hash; IS_KEPT where that is this one, or none, or one
 * that has no queue.
 */
static __always_inline int hand_over(__u32 hash)
{
	__u32 share = hash >> LB_SPREAD_SHIFT, cpu;
	const __u32 *owner = bpf_map_lookup_elem(&lb_shares, &share);
	struct lb_cpu_counts *counts;
	int action;

	if (!owner || !*owner)
		return IS_KEPT;
	cpu = *owner - 1;
	counts = counts_of(cpu);
	if (cpu == bpf_get_smp_processor_id()) {
		if (counts)
			counts->own++;
		return IS_KEPT;
	}
	action = bpf_redirect_map(&lb_cpus, cpu, 0);
	if (action != XDP_REDIRECT)
		return IS_KEPT;
	if (counts)
		counts->given++;
	return action;
}

#endif

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The CPUs that packets are handed to, and what each of them has had. */
#ifndef LB_CPUS_H
#define LB_CPUS_H

#include "base.h"

/* By CPU, and of each CPU that counts: as many as the host may have. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lb_cpu_counts);
} lb_cpu_counts SEC(".maps");

static __always_inline struct lb_cpu_counts *counts_of(__u32 cpu)
{
	return bpf_map_lookup_elem(&lb_cpu_counts, &cpu);
}

#endif

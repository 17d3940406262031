// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lb_cpu: the journey of a packet on the CPU that lb_spread has handed it to. */
#include "lib/hook_cpu.h"

#include "lib/cpus.h"
#include "lib/journey.h"

SEC("xdp/cpumap")
int lb_cpu(struct lb_ctx *ctx)
{
	struct lb_cpu_counts *counts = counts_of(bpf_get_smp_processor_id());

	if (counts)
		counts->taken++;
	return journey(ctx, true);
}

char _license[] SEC("license") = "Dual BSD/GPL";

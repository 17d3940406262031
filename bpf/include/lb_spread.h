/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How flows are shared out to CPUs. */
#ifndef LB_SPREAD_TYPES_H
#define LB_SPREAD_TYPES_H

#include <linux/types.h>

enum lb_spread {
	/* What is left of a flow's hash is its share. */
	LB_SPREAD_SHIFT = 22,
	LB_SPREAD_SHARES = 1 << (32 - LB_SPREAD_SHIFT),
};

/* Packets of flows that are a CPU's. */
struct lb_cpu_counts {
	__u64 own;   /* that came to it */
	__u64 given; /* that others have put into its queue, or tried to: a full one takes none */
	__u64 taken; /* that it has taken out of its queue */
};

_Static_assert(sizeof(struct lb_cpu_counts) == 24, "lb_cpu_counts");

#endif

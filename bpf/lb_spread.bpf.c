// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_spread: in place of lb_xdp where packets are spread over CPUs. Those that are forwarded go to
 * the CPU of their flow; the journey of all others, and of those whose CPU this is, is here.
 */
#include "lib/hook_spread.h"

#include "lib/journey.h"

SEC("xdp")
int lb_spread(struct lb_ctx *ctx)
{
	return journey(ctx, true);
}

char _license[] SEC("license") = "Dual BSD/GPL";

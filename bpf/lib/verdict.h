/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Counters, and the one place where a packet is dropped or handed to the host with a reason.
 *
 * What is not inline is not static either: the verifier looks at such a function once, not again
 * for each of its callers.
 */
#ifndef LB_VERDICT_H
#define LB_VERDICT_H

#include "maps.h"

static __always_inline void count(struct lb_counter *counter, __u32 bytes)
{
	counter->packets++;
	counter->bytes += bytes;
}

/* Counts a packet that was sent to a backend; opens: it is the SYN of a flow. */
static __always_inline void count_forwarded(const __u32 *service, const __u32 *backend, __u32 bytes,
					    bool opens)
{
	struct lb_traffic *traffic = bpf_map_lookup_elem(&lb_svc_stats, service);

	if (traffic) {
		count(&traffic->forwarded, bytes);
		if (unlikely(opens))
			traffic->new_flows++;
	}
	traffic = bpf_map_lookup_elem(&lb_be_stats, backend);
	if (traffic) {
		count(&traffic->forwarded, bytes);
		if (unlikely(opens))
			traffic->new_flows++;
	}
}

/* Counts a packet that a relay gets. Which backend has the flow is not known here. */
__noinline int count_relayed(__u32 service, __u32 bytes, __u32 opens)
{
	struct lb_traffic *traffic = bpf_map_lookup_elem(&lb_svc_stats, &service);

	if (traffic) {
		count(&traffic->forwarded, bytes);
		if (opens)
			traffic->new_flows++;
	}
	return ACTION_PASS;
}

/* Counts a packet that went from a backend to its client. */
static __always_inline void count_replied(const __u32 *service, const __u32 *backend, __u32 bytes)
{
	struct lb_traffic *traffic = bpf_map_lookup_elem(&lb_svc_stats, service);

	if (traffic)
		count(&traffic->replied, bytes);
	traffic = bpf_map_lookup_elem(&lb_be_stats, backend);
	if (traffic)
		count(&traffic->replied, bytes);
}

static __always_inline void count_verdict(__u32 verdict, __u32 bytes)
{
	struct lb_counter *counter = bpf_map_lookup_elem(&lb_verdicts, &verdict);

	if (counter)
		count(counter, bytes);
}

/* Counts a verdict and returns action. */
__noinline int conclude(__u32 verdict, __u32 bytes, int action)
{
	count_verdict(verdict, bytes);
	return action;
}

/* Drops a packet for which no service is known. */
static __always_inline int drop(__u32 verdict, __u32 bytes)
{
	return conclude(verdict, bytes, ACTION_DROP);
}

/* Drops a packet of a service. It calls nothing: the stack of all callers is nearly full here. */
__noinline int drop_of(__u32 service, __u32 verdict, __u32 bytes)
{
	struct lb_traffic *traffic = bpf_map_lookup_elem(&lb_svc_stats, &service);

	if (traffic)
		count(&traffic->dropped, bytes);
	count_verdict(verdict, bytes);
	return ACTION_DROP;
}

#endif

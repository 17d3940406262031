// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_bench: what BPF_PROG_TEST_RUN repeats. It puts the frame back that the program under test has
 * changed, makes it one of the next flow, and tail-calls that program. The same with lb_stub as the
 * target is the floor: whatever a program leaves to be undone, the work here is the same.
 */
#include "../../bpf/lib/hook_xdp.h"

enum {
	/* Bytes restored: all that a program may rewrite, up to the end of TCP over IPv6. */
	BENCH_HEADERS = 80,
	/* Flows of one client address, which differ by their ports. */
	BENCH_FLOWS_PER_CLIENT_SHIFT = 4,
	BENCH_FIRST_PORT = 32768,
};

struct bench_plan {
	__u8 headers[BENCH_HEADERS];
	__u32 length; /* of the frame before a program has grown it */
	__u32 mask;   /* number of flows, a power of two, less one */
	__u32 flow;   /* the current one */
	__u32 factor; /* next flow = (flow * factor + addend) & mask */
	__u32 addend;
	__u32 target; /* index in bench_targets */
	__u32 family;
	__u32 client; /* first client address, the last 32 bits of it in host order */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bench_plan);
} bench_plans SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} bench_targets SEC(".maps");

/* Steps through all flows, by a congruential generator of full period. */
static __always_inline __u32 next_flow(struct bench_plan *plan)
{
	plan->flow = (plan->flow * plan->factor + plan->addend) & plan->mask;
	return plan->flow;
}

static __always_inline void put_source(void *frame, __u32 family, __be32 client, __be16 port)
{
	struct iphdr *ip = frame + sizeof(struct ethhdr);
	struct ipv6hdr *ip6 = frame + sizeof(struct ethhdr);

	if (family == AF_INET) {
		ip->saddr = client;
		*(__be16 *)(ip + 1) = port;
	} else {
		ip6->saddr.in6_u.u6_addr32[3] = client;
		*(__be16 *)(ip6 + 1) = port;
	}
}

SEC("xdp")
int lb_bench(struct lb_ctx *ctx)
{
	__u32 zero = 0, flow;
	struct bench_plan *plan = bpf_map_lookup_elem(&bench_plans, &zero);
	__u64 *frame;
	int i;

	if (!plan)
		return XDP_ABORTED;
	/* Also by 0: undoing an encapsulation must not count as part of it. */
	if (bpf_xdp_adjust_head(ctx, packet_length(ctx) - plan->length))
		return XDP_ABORTED;
	frame = packet(ctx);
	if ((void *)frame + BENCH_HEADERS > packet_end(ctx))
		return XDP_ABORTED;
#pragma unroll
	for (i = 0; i < BENCH_HEADERS / 8; i++)
		frame[i] = ((__u64 *)plan->headers)[i];
	flow = next_flow(plan);
	put_source(
		frame, plan->family,
		bpf_htonl(plan->client + (flow >> BENCH_FLOWS_PER_CLIENT_SHIFT)),
		bpf_htons(BENCH_FIRST_PORT + (flow & ((1 << BENCH_FLOWS_PER_CLIENT_SHIFT) - 1))));
	bpf_tail_call(ctx, &bench_targets, plan->target);
	return XDP_ABORTED;
}

SEC("xdp")
int lb_stub(struct lb_ctx *ctx)
{
	(void)ctx;
	return XDP_TX;
}

/* An interface that is not the one that frames come from: its index, by which a device map has it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_exit SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_ports SEC(".maps");

SEC("xdp")
int lb_by_index(struct lb_ctx *ctx)
{
	__u32 zero = 0;
	const __u32 *exit = bpf_map_lookup_elem(&bench_exit, &zero);

	(void)ctx;
	return exit ? bpf_redirect(*exit, 0) : XDP_ABORTED;
}

SEC("xdp")
int lb_by_map(struct lb_ctx *ctx)
{
	__u32 zero = 0;
	const __u32 *exit = bpf_map_lookup_elem(&bench_exit, &zero);

	(void)ctx;
	return exit ? bpf_redirect_map(&bench_ports, *exit, 0) : XDP_ABORTED;
}

/* What is at the other end of a wire, where frames are sent to. */
SEC("xdp")
int lb_sink(struct lb_ctx *ctx)
{
	(void)ctx;
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";

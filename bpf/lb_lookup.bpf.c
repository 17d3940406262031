// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_lookup: names the socket for what comes in for VIPs that are addresses of the host. The kernel
 * asks it when a packet is the host's own and no connection has it: once for each connection, and
 * for each datagram. Which VIPs it answers for is what lb_listeners holds; about all others it says
 * nothing, and the kernel looks for a socket as ever.
 */
#include "lib/base.h"

/* Listening sockets of relays by VIP; an IPv4 address is mapped. A socket that is closed leaves by
 * itself. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4096);
	__type(key, struct lb_endpoint6);
	__type(value, __u64);
} lb_listeners SEC(".maps");

/*
 * The packet's destination. The context has zero in what is of the other family, and takes no
 * branch: the compiler would make one load of two, by a pointer that the verifier refuses.
 */
static __always_inline void set_destination(struct lb_endpoint6 *key,
					    const struct bpf_sk_lookup *ctx)
{
	__u32 *words = (__u32 *)(void *)key->addr;
	__u32 mapped = ctx->family == AF_INET ? bpf_htonl(0xffff) : 0;

	words[0] = ctx->local_ip6[0];
	words[1] = ctx->local_ip6[1];
	words[2] = ctx->local_ip6[2] | mapped;
	words[3] = ctx->local_ip6[3] | ctx->local_ip4;
	key->port = bpf_htons(ctx->local_port);
	key->proto = ctx->protocol;
}

/* Of several programs in a network namespace one that was there before keeps what it has chosen. */
SEC("sk_lookup")
int lb_lookup(struct bpf_sk_lookup *ctx)
{
	struct lb_endpoint6 key __attribute__((aligned(8))) = {};
	struct bpf_sock *sk;

	set_destination(&key, ctx);
	sk = bpf_map_lookup_elem(&lb_listeners, &key);
	if (sk) {
		/* Of a group that shares a port the kernel takes one by the packet's ends. */
		bpf_sk_assign(ctx, sk, 0);
		bpf_sk_release(sk);
	}
	return SK_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";

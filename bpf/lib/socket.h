/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Whose a TCP packet is when both a relay and the kernel path have flows of its service: a socket
 * of this host with its addresses and ports means the relay. Only services that were moved come
 * here, and replies of backends that relays connect to from clients' addresses.
 */
#ifndef LB_SOCKET_H
#define LB_SOCKET_H

#include "parse.h"
#include "service.h"

/* Whether a socket has this connection, in any state; one that only listens has none. */
static __always_inline bool has_socket(struct lb_ctx *ctx, struct bpf_sock_tuple *tuple, __u32 size)
{
	struct bpf_sock *sk = bpf_skc_lookup_tcp(ctx, tuple, size, BPF_F_CURRENT_NETNS, 0);
	bool has;

	if (!sk)
		return false;
	has = sk->state != BPF_TCP_LISTEN;
	bpf_sk_release(sk);
	return has;
}

/* As has_socket, for a packet between these ends; ports are the sender's, then the receiver's. */
__noinline int has_socket4(struct lb_ctx *ctx, __be32 src, __be32 dst, __u32 ports)
{
	struct bpf_sock_tuple tuple = {
		.ipv4 =
			{
				.saddr = src,
				.daddr = dst,
				.sport = ports & 0xffff,
				.dport = ports >> 16,
			},
	};

	return has_socket(ctx, &tuple, sizeof(tuple.ipv4));
}

static __always_inline bool has_socket6(struct lb_ctx *ctx, const void *src, const void *dst,
					__u32 ports)
{
	struct bpf_sock_tuple tuple = {};

	__builtin_memcpy(tuple.ipv6.saddr, src, sizeof(tuple.ipv6.saddr));
	__builtin_memcpy(tuple.ipv6.daddr, dst, sizeof(tuple.ipv6.daddr));
	tuple.ipv6.sport = ports & 0xffff;
	tuple.ipv6.dport = ports >> 16;
	return has_socket(ctx, &tuple, sizeof(tuple.ipv6));
}

/* Ports of a packet that goes the other way. */
static __always_inline __u32 swap_ports(__u32 ports)
{
	return ports >> 16 | ports << 16;
}

/* Whether a service has flows that need more than its mode: such packets go beside. */
static __always_inline bool is_beside(const struct lb_service *service)
{
	return service->relay & ~LB_RELAY_TC;
}

/* Whether a service has flows that are older than its mode, those of full-nat aside. */
static __always_inline bool has_both_ways(const struct lb_service *service)
{
	return service->relay & ~(LB_RELAY_TC | LB_RELAY_FULL_NAT);
}

/* Whether full-nat takes what it has no entry for. */
static __always_inline bool is_full_nat(const struct lb_service *service)
{
	return service->mode == LB_MODE_FULL_NAT;
}

/*
 * Whether a SYN that the mode gives to the kernel path may meet a connection of the relay at its
 * backend. Then it goes to the relay as well, which still listens.
 */
static __always_inline bool may_collide(const struct lb_service *service, enum lb_kind kind)
{
	return kind == LB_KIND_SYN && service->relay & LB_RELAY_OLDER;
}

/* Whether the relay of a service gets a packet for it. */
static __noinline bool is_for_relay4(struct lb_ctx *ctx, const struct lb_service *service)
{
	struct lb_packet4 p;

	if (!has_both_ways(service))
		return is_relayed(service);
	/* The caller has parsed it before. */
	if (!parse_mutable4(ctx, &p) || !is_tcp(p.kind))
		return is_relayed(service);
	if (is_relayed(service) && p.kind == LB_KIND_SYN)
		return true;
	return has_socket4(ctx, p.ip->saddr, p.ip->daddr, load32(p.ports));
}

static __noinline bool is_for_relay6(struct lb_ctx *ctx, const struct lb_service *service)
{
	struct lb_packet6 p;

	if (!has_both_ways(service))
		return is_relayed(service);
	/* The caller has parsed it before. */
	if (!parse_mutable6(ctx, &p) || !is_tcp(p.kind))
		return is_relayed(service);
	if (is_relayed(service) && p.kind == LB_KIND_SYN)
		return true;
	return has_socket6(ctx, &p.ip->saddr, &p.ip->daddr, load32(p.ports));
}

#endif

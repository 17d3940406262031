/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * nat: the destination becomes the backend, in a reply the source becomes the VIP again. Both are
 * functions of the packet and the maps; no flow is remembered.
 */
#ifndef LB_NAT_H
#define LB_NAT_H

#include "csum.h"
#include "egress.h"
#include "mss.h"
#include "nat_ranges.h"
#include "parse.h"
#include "socket.h"
#include "toobig.h"

/* Where TCP and UDP keep their checksums. */
enum {
	TCP_CHECK_AT = 16,
	UDP_CHECK_AT = 6,
};

/* Lowers the TTL and replaces one address of a header, and brings its checksum up to date. */
static __always_inline void rewrite_ip4(struct iphdr *ip, __be32 *field, __be32 addr)
{
	/* The TTL is the low byte of the word that it shares with the protocol, and is above 0. */
	__u16 life = load16(&ip->ttl), next = life - 1;
	__u64 sum = csum_swap32(csum_open(ip->check), *field, addr);

	*(__u16 *)(void *)&ip->ttl = next;
	*field = addr;
	ip->check = csum_close(csum_swap16(sum, life, next));
}

/* Lowers the hop limit of a header of IPv6. */
static __always_inline void lower_hops(struct lb_ctx *ctx, struct ipv6hdr *ip)
{
	__u16 life = load16(&ip->nexthdr);

	ip->hop_limit--;
	amend(ctx, csum_swap16(0, life, load16(&ip->nexthdr)));
}

/* Brings a transport's checksum up to date; see carry_check. */
static __always_inline void rewrite_check(struct lb_ctx *ctx, struct lb_ports *ports,
					  enum lb_kind kind, __u64 addresses, __u64 change)
{
	if (is_tcp(kind))
		carry_check(ctx, (void *)ports + TCP_CHECK_AT, false, addresses, change);
	else
		carry_check(ctx, (void *)ports + UDP_CHECK_AT, true, addresses, change);
}

/*
 * Replaces a port, and carries what the addresses have changed by into the transport's checksum.
 * It comes last: pointers into the packet are of no use afterwards.
 */
static __always_inline void rewrite_port(struct lb_ctx *ctx, struct lb_ports *ports,
					 enum lb_kind kind, __be16 *field, __be16 port,
					 __u64 addresses)
{
	__u64 change = csum_swap16(0, *field, port);

	*field = port;
	rewrite_check(ctx, ports, kind, addresses, change);
}

/* The port that a packet gets: that of an entry, or its own where the entry has none. */
static __always_inline __be16 port_or(__be16 port, __be16 own)
{
	if (unlikely(!port)) {
		port = own;
		/* Keep the compiler from choosing without a branch, which takes three instructions
		 * more on the common path. */
		asm volatile("");
	}
	return port;
}

/* As rewrite_port, for both ports. */
static __always_inline void rewrite_both_ports(struct lb_ctx *ctx, struct lb_ports *both,
					       enum lb_kind kind, __u32 ports, __u64 addresses)
{
	__u64 change = csum_swap32(0, load32(both), ports);

	*(__u32 *)(void *)both = ports;
	rewrite_check(ctx, both, kind, addresses, change);
}

/* Whether nat may send a packet of this lifetime and length on; else the reason. */
static __always_inline enum lb_verdict check_hop(__u8 ttl, __u32 length, __u32 mtu)
{
	if (unlikely(ttl <= 1))
		return LB_VERDICT_DROP_TTL;
	return unlikely(length > mtu) ? LB_VERDICT_DROP_TOO_BIG : LB_VERDICT_FORWARD;
}

/* Sends a packet of a client on to its backend. */
static __always_inline enum lb_verdict nat4(struct lb_ctx *ctx, const struct lb_packet4 *p,
					    const struct lb_backend *backend)
{
	__u32 length = bpf_ntohs(p->ip->tot_len);
	enum lb_verdict verdict = check_hop(p->ip->ttl, wire_length(ctx, length), backend->mtu);
	__be32 addr = load32(backend->addr);
	__u64 change = csum_swap32(0, p->ip->daddr, addr);

	if (unlikely(verdict))
		return verdict;
	rewrite_ip4(p->ip, &p->ip->daddr, addr);
	address_frame(p->eth, backend);
	rewrite_port(ctx, p->ports, p->kind, &p->ports->dest,
		     port_or(backend->port, p->ports->dest), change);
	if (unlikely(p->kind == LB_KIND_SYN) && backend->mss)
		clamp_mss(ctx, sizeof(*p->eth) + sizeof(*p->ip), length - sizeof(*p->ip),
			  backend->mss);
	return LB_VERDICT_FORWARD;
}

/* As nat4, for IPv6. */
static __always_inline enum lb_verdict nat6(struct lb_ctx *ctx, const struct lb_packet6 *p,
					    const struct lb_backend *backend)
{
	__u32 length = sizeof(*p->ip) + bpf_ntohs(p->ip->payload_len);
	enum lb_verdict verdict =
		check_hop(p->ip->hop_limit, wire_length(ctx, length), backend->mtu);
	__u64 change = csum_swap128(0, &p->ip->daddr, backend->addr);

	if (unlikely(verdict))
		return verdict;
	lower_hops(ctx, p->ip);
	copy16(&p->ip->daddr, backend->addr);
	address_frame(p->eth, backend);
	rewrite_port(ctx, p->ports, p->kind, &p->ports->dest,
		     port_or(backend->port, p->ports->dest), change);
	if (unlikely(p->kind == LB_KIND_SYN) && backend->mss)
		clamp_mss(ctx, sizeof(*p->eth) + sizeof(*p->ip), length - sizeof(*p->ip),
			  backend->mss);
	return LB_VERDICT_FORWARD;
}

/* Whether nat leaves packets for this address alone. */
static __always_inline bool is_direct4(__be32 addr)
{
	struct lb_prefix4 key = {.length = 32, .addr = addr};

	return bpf_map_lookup_elem(&lb_direct4, &key);
}

static __always_inline bool is_direct6(const void *addr)
{
	struct lb_prefix6 key = {.length = 128};

	__builtin_memcpy(key.addr, addr, sizeof(key.addr));
	return bpf_map_lookup_elem(&lb_direct6, &key);
}

/* Whether an entry leaves packets alone: it has relays only, or is lb_forward's. */
static __always_inline bool leaves_alone(const struct lb_nat *nat)
{
	return nat->flags & LB_NAT_RELAYS_ONLY || is_left(nat->flags & LB_NAT_TC);
}

/* Ends a packet of a backend for an address that nat leaves alone. */
static __always_inline int pass_direct(const struct lb_nat *nat, __u32 bytes)
{
	if (!is_first(nat->flags & LB_NAT_TC))
		return ACTION_PASS;
	return conclude(LB_VERDICT_PASS_DIRECT, bytes, ACTION_PASS);
}

/* What a packet from this address and port becomes, null when they are no backend's. */
static __always_inline const struct lb_nat *find_nat4(__be32 addr, __be16 port, __u8 proto)
{
	struct lb_endpoint4 key __attribute__((aligned(8)));
	const struct lb_nat *nat;

	set_endpoint4(&key, addr, port, proto);
	nat = bpf_map_lookup_elem(&lb_nat4, &key);
	return nat || !has_flag(LB_NODE_NAT_RANGES4) ? nat : find_ranged_nat4(addr, port, proto);
}

static __always_inline const struct lb_nat *find_nat6(const void *addr, __be16 port, __u8 proto)
{
	struct lb_endpoint6 key __attribute__((aligned(8)));
	const struct lb_nat *nat;

	set_endpoint6(&key, addr, port, proto);
	nat = bpf_map_lookup_elem(&lb_nat6, &key);
	return nat || !has_flag(LB_NODE_NAT_RANGES6) ? nat : find_ranged_nat6(addr, port, proto);
}

/* A plain packet for no service: a backend's reply, or the host's. */
static __noinline int reply4(struct lb_ctx *ctx)
{
	__u32 bytes = packet_length(ctx);
	struct bpf_fib_lookup route = {.family = AF_INET};
	const struct lb_nat *nat;
	struct lb_packet4 p;
	__u32 length;
	__be16 port;
	__be32 vip;
	__u64 change;
	bool clamps;
	long way;

	/* The caller has parsed it before. */
	if (!parse_mutable4(ctx, &p))
		return ACTION_PASS;
	nat = find_nat4(p.ip->saddr, p.ports->source, p.ip->protocol);
	if (!nat || unlikely(leaves_alone(nat)))
		return ACTION_PASS;
	if (unlikely(nat->flags & LB_NAT_SOCKETS) && is_tcp(p.kind) &&
	    has_socket4(ctx, p.ip->saddr, p.ip->daddr, load32(p.ports)))
		return ACTION_PASS;
	if (is_direct4(p.ip->daddr))
		return pass_direct(nat, bytes);
	if (p.ip->ttl <= 1)
		return drop_of(nat->service, LB_VERDICT_DROP_TTL, bytes);
	length = bpf_ntohs(p.ip->tot_len);
	vip = load32(nat->vip);
	route.l4_protocol = p.ip->protocol;
	port = port_or(nat->port, p.ports->source);
	route.sport = port;
	route.dport = p.ports->dest;
	route.tot_len = wire_length(ctx, length);
	route.tos = p.ip->tos;
	route.ipv4_src = vip;
	route.ipv4_dst = p.ip->daddr;
	way = find_way(ctx, &route);
	/* Without DF the host makes fragments of it. */
	if (unlikely(way == BPF_FIB_LKUP_RET_FRAG_NEEDED) && p.ip->frag_off & bpf_htons(0x4000) &&
	    is_of_wire(ctx, length))
		return refuse_reply4(ctx, nat->service, route.mtu_result);
	clamps = unlikely(nat->flags & LB_NAT_MSS) && is_tcp(p.kind) && has_syn(p.ports);
	change = csum_swap32(0, p.ip->saddr, vip);
	rewrite_ip4(p.ip, &p.ip->saddr, vip);
	rewrite_port(ctx, p.ports, p.kind, &p.ports->source, port, change);
	if (unlikely(clamps))
		clamp_reply(ctx, nat->backend, sizeof(*p.eth) + sizeof(*p.ip),
			    length - sizeof(*p.ip));
	return leave_for_client(ctx, &route, &nat->service, &nat->backend, way);
}

static __noinline int reply6(struct lb_ctx *ctx)
{
	__u32 bytes = packet_length(ctx);
	struct bpf_fib_lookup route = {.family = AF_INET6};
	const struct lb_nat *nat;
	struct lb_packet6 p;
	__u32 length;
	__be16 port;
	__u64 change;
	bool clamps;
	long way;

	/* The caller has parsed it before. */
	if (!parse_mutable6(ctx, &p))
		return ACTION_PASS;
	nat = find_nat6(&p.ip->saddr, p.ports->source, p.ip->nexthdr);
	if (!nat || unlikely(leaves_alone(nat)))
		return ACTION_PASS;
	if (unlikely(nat->flags & LB_NAT_SOCKETS) && is_tcp(p.kind) &&
	    has_socket6(ctx, &p.ip->saddr, &p.ip->daddr, load32(p.ports)))
		return ACTION_PASS;
	if (is_direct6(&p.ip->daddr))
		return pass_direct(nat, bytes);
	if (p.ip->hop_limit <= 1)
		return drop_of(nat->service, LB_VERDICT_DROP_TTL, bytes);
	length = sizeof(*p.ip) + bpf_ntohs(p.ip->payload_len);
	route.l4_protocol = p.ip->nexthdr;
	port = port_or(nat->port, p.ports->source);
	route.sport = port;
	route.dport = p.ports->dest;
	route.tot_len = wire_length(ctx, length);
	route.flowinfo = load32(p.ip) & bpf_htonl(0x0fffffff);
	copy16(route.ipv6_src, nat->vip);
	copy16(route.ipv6_dst, &p.ip->daddr);
	way = find_way(ctx, &route);
	if (unlikely(way == BPF_FIB_LKUP_RET_FRAG_NEEDED) && is_of_wire(ctx, length))
		return refuse_reply6(ctx, nat->service, route.mtu_result);
	clamps = unlikely(nat->flags & LB_NAT_MSS) && is_tcp(p.kind) && has_syn(p.ports);
	change = csum_swap128(0, &p.ip->saddr, nat->vip);
	lower_hops(ctx, p.ip);
	copy16(&p.ip->saddr, nat->vip);
	rewrite_port(ctx, p.ports, p.kind, &p.ports->source, port, change);
	if (unlikely(clamps))
		clamp_reply(ctx, nat->backend, sizeof(*p.eth) + sizeof(*p.ip),
			    length - sizeof(*p.ip));
	return leave_for_client(ctx, &route, &nat->service, &nat->backend, way);
}

#endif

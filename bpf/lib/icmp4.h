/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* IPv4 packets that the fast path does not take: pings, ICMP errors, and what is refused. */
#ifndef LB_ICMP4_H
#define LB_ICMP4_H

#include "encap.h"
#include "full4.h"
#include "nat.h"
#include "service.h"
#include "slot.h"

/*
 * Replaces the outer address at field, and the address and port that stand for it inside: the
 * inner packet then looks as its sender made it. Its transport checksum stays as it was.
 */
static __always_inline void rewrite_error4(struct lb_error4 *e, __be32 *field, __be32 *inner_field,
					   __be16 *port_field, __be32 addr, __be16 port)
{
	__u16 inner_check = csum_close(csum_swap32(csum_open(e->inner->check), *inner_field, addr));
	__u64 sum = csum_swap32(csum_open(e->icmp->check), *inner_field, addr);

	sum = csum_swap16(sum, e->inner->check, inner_check);
	sum = csum_swap16(sum, *port_field, port);
	*inner_field = addr;
	*port_field = port;
	e->inner->check = inner_check;
	e->icmp->check = csum_close(sum);
	rewrite_ip4(e->ip, field, addr);
}

/* Answers a ping to a VIP. */
static __always_inline int answer_echo4(struct lb_ctx *ctx, struct ethhdr *eth, struct iphdr *ip,
					struct lb_icmp *icmp)
{
	__u8 mac[ETH_ALEN];
	__be32 client = ip->saddr;
	__u16 life = load16(&ip->ttl), type = load16(icmp);

	__builtin_memcpy(mac, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, mac, ETH_ALEN);
	ip->saddr = ip->daddr;
	ip->daddr = client;
	ip->ttl = 64;
	ip->check = csum_close(csum_swap16(csum_open(ip->check), life, load16(&ip->ttl)));
	icmp->type = ICMP_ECHOREPLY;
	icmp->check = csum_close(csum_swap16(csum_open(icmp->check), type, load16(icmp)));
	return conclude(LB_VERDICT_ECHO, packet_length(ctx), send_back(ctx));
}

/* Sends an ICMP error about a packet of a VIP to the backend that made that packet. */
static __always_inline int forward_error4(struct lb_ctx *ctx)
{
	__u32 bytes = packet_length(ctx), length, hash, ports, index;
	const struct lb_service *service;
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	enum lb_mode way;
	enum lb_kind kind;
	struct lb_error4 e;
	__u64 addresses;

	if (!parse_error4(ctx, &e) || e.inner->saddr != e.ip->daddr)
		return drop(LB_VERDICT_DROP_ICMP_UNKNOWN, bytes);
	service = find_service4(e.inner->saddr, e.ports->source, e.inner->protocol);
	if (!service)
		return drop(LB_VERDICT_DROP_ICMP_UNKNOWN, bytes);
	if (service->relay & LB_RELAY_FULL_NAT) {
		int action = forward_full_error4(ctx, service);

		if (action != NOT_FULL)
			return action;
	}
	ports = e.ports->dest | (__u32)e.ports->source << 16;
	/* Its relay made the packet: the host's stack knows what to do. */
	if (has_both_ways(service) ? has_socket4(ctx, e.inner->daddr, e.inner->saddr, ports)
				   : is_relayed(service))
		return conclude(LB_VERDICT_ICMP_ERROR, bytes,
				count_relayed(service->id, bytes, false));
	way = way_of(service);
	/* The flow as the client's packets carry it is the inner one reversed. */
	addresses = e.inner->daddr | (__u64)e.inner->saddr << 32;
	kind = error_kind(e.inner->protocol);
	hash = flow_hash4(service, addresses, ports, e.inner->protocol);
	index = backend_for4(service, addresses, ports, e.inner->protocol, hash, kind);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (!backend)
		return drop_of(service->id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, index, fits4(way, backend));
	length = bpf_ntohs(e.ip->tot_len);
	if (!verdict && way != LB_MODE_NAT) {
		verdict = carry4(ctx, backend, way, length, hash);
	} else if (!verdict) {
		verdict = check_hop(e.ip->ttl, length, backend->mtu);
		if (!verdict) {
			rewrite_error4(&e, &e.ip->daddr, &e.inner->saddr, &e.ports->source,
				       load32(backend->addr),
				       port_or(backend->port, e.ports->source));
			address_frame(e.eth, backend);
		}
	}
	if (verdict)
		return drop_of(service->id, verdict, bytes);
	count_forwarded(&service->id, &index, bytes, false);
	return conclude(LB_VERDICT_ICMP_ERROR, bytes, leave_by(ctx, backend->ifindex));
}

/* An ICMP error for an address that is no VIP: a nat backend's, about a client's packet? */
static __noinline int reply_error4(struct lb_ctx *ctx)
{
	struct bpf_fib_lookup route = {.family = AF_INET, .l4_protocol = IPPROTO_ICMP};
	__u32 bytes = packet_length(ctx);
	const struct lb_nat *nat;
	struct lb_error4 e;

	if (!parse_error4(ctx, &e) || !is_error4(e.icmp->type))
		return ACTION_PASS;
	if (e.ip->saddr != e.inner->daddr || e.ip->daddr != e.inner->saddr)
		return ACTION_PASS;
	nat = find_nat4(e.inner->daddr, e.ports->dest, e.inner->protocol);
	if (!nat || leaves_alone(nat))
		return ACTION_PASS;
	if (nat->flags & LB_NAT_SOCKETS && e.inner->protocol == IPPROTO_TCP &&
	    has_socket4(ctx, e.inner->daddr, e.inner->saddr, swap_ports(load32(e.ports))))
		return ACTION_PASS;
	if (is_direct4(e.ip->daddr))
		return pass_direct(nat, bytes);
	if (e.ip->ttl <= 1)
		return drop_of(nat->service, LB_VERDICT_DROP_TTL, bytes);
	rewrite_error4(&e, &e.ip->saddr, &e.inner->daddr, &e.ports->dest, load32(nat->vip),
		       port_or(nat->port, e.ports->dest));
	route.tot_len = bpf_ntohs(e.ip->tot_len);
	route.tos = e.ip->tos;
	route.ipv4_src = e.ip->saddr;
	route.ipv4_dst = e.ip->daddr;
	return route_reply(ctx, &route, &nat->service, &nat->backend);
}

/* A packet for an address that is no VIP, which is left alone unless it is a reply. */
static __noinline int pass4(struct lb_ctx *ctx)
{
	const struct lb_node *node = node_settings();
	struct iphdr *ip = packet(ctx) + sizeof(struct ethhdr);

	if (!node || !(node->flags & (LB_NODE_NAT4 | LB_NODE_FULL4)))
		return ACTION_PASS;
	if ((void *)(ip + 1) > packet_end(ctx))
		return ACTION_PASS;
	if (*(__u8 *)ip != 0x45 || ip->frag_off & bpf_htons(0x3fff) || ip->protocol != IPPROTO_ICMP)
		return ACTION_PASS;
	if (!reaches(ctx, ip, bpf_ntohs(ip->tot_len)))
		return ACTION_PASS;
	if (node->flags & LB_NODE_FULL4) {
		int action = reply_full_error4(ctx);

		if (action != NOT_FULL)
			return action;
	}
	return node->flags & LB_NODE_NAT4 ? reply_error4(ctx) : ACTION_PASS;
}

/* What the fast path does not take, but for fragments. */
static __noinline int special4(struct lb_ctx *ctx)
{
	struct ethhdr *eth = packet(ctx);
	struct iphdr *ip = (void *)(eth + 1);
	struct lb_icmp *icmp = (void *)(ip + 1);
	void *end = packet_end(ctx);
	__u32 bytes = packet_length(ctx), length;
	__u32 vip;

	if ((void *)icmp > end || ip->version != 4)
		return ACTION_PASS;
	vip = vip_of4(ip->daddr);
	if (!vip)
		return pass4(ctx);
	if (!is_first(vip & LB_SERVICE_TC))
		return ACTION_PASS;
	length = bpf_ntohs(ip->tot_len);
	if (ip->ihl < 5 || length < ip->ihl * 4U || sizeof(*eth) + length > bytes)
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	if (ip->ihl > 5)
		return drop(LB_VERDICT_DROP_IP_OPTIONS, bytes);
	/* Whole headers of transports are on the fast path. */
	if (is_transport(ip->protocol))
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	if (ip->protocol != IPPROTO_ICMP)
		return conclude(LB_VERDICT_PASS_NO_SERVICE, bytes, ACTION_PASS);
	if ((void *)(icmp + 1) > end || length < sizeof(*ip) + sizeof(*icmp))
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	if (icmp->type == ICMP_ECHO)
		return answer_echo4(ctx, eth, ip, icmp);
	if (is_error4(icmp->type))
		return forward_error4(ctx);
	return conclude(LB_VERDICT_PASS_NO_SERVICE, bytes, ACTION_PASS);
}

#endif

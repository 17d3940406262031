/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* IPv6 packets that the fast path does not take: pings, ICMPv6 errors, and what is refused. */
#ifndef LB_ICMP6_H
#define LB_ICMP6_H

#include "encap.h"
#include "full6.h"
#include "nat.h"
#include "service.h"
#include "slot.h"

/*
 * Replaces the outer address at field, and the address and port that stand for it inside: the
 * inner packet then looks as its sender made it. Its transport checksum stays as it was.
 */
static __always_inline void rewrite_error6(struct lb_ctx *ctx, struct lb_error6 *e, void *field,
					   void *inner_field, __be16 *port_field, const void *addr,
					   __be16 port)
{
	__u64 sum = csum_open(e->icmp->check);

	sum = csum_swap128(sum, field, addr);
	sum = csum_swap128(sum, inner_field, addr);
	sum = csum_swap16(sum, *port_field, port);
	copy16(field, addr);
	copy16(inner_field, addr);
	*port_field = port;
	e->icmp->check = csum_close(sum);
	lower_hops(ctx, e->ip);
}

/* Answers a ping to a VIP. */
static __always_inline int answer_echo6(struct lb_ctx *ctx, struct ethhdr *eth, struct ipv6hdr *ip,
					struct lb_icmp *icmp)
{
	__u64 client[2];
	__u8 mac[ETH_ALEN];
	__u16 type = load16(icmp), life = load16(&ip->nexthdr);

	__builtin_memcpy(mac, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, mac, ETH_ALEN);
	copy16(client, &ip->saddr);
	copy16(&ip->saddr, &ip->daddr);
	copy16(&ip->daddr, client);
	ip->hop_limit = 64;
	amend(ctx, csum_swap16(0, life, load16(&ip->nexthdr)));
	icmp->type = ICMPV6_ECHO_REPLY;
	icmp->check = csum_close(csum_swap16(csum_open(icmp->check), type, load16(icmp)));
	return conclude(LB_VERDICT_ECHO, packet_length(ctx), send_back(ctx));
}

/* Sends an ICMPv6 error about a packet of a VIP to the backend that made that packet. */
static __always_inline int forward_error6(struct lb_ctx *ctx)
{
	__u32 bytes = packet_length(ctx), length, hash, ports, index;
	const struct lb_service *service;
	const struct lb_backend *backend;
	enum lb_verdict verdict;
	enum lb_mode way;
	enum lb_kind kind;
	struct lb_error6 e;

	if (!parse_error6(ctx, &e) || !equal16(&e.inner->saddr, &e.ip->daddr))
		return drop(LB_VERDICT_DROP_ICMP_UNKNOWN, bytes);
	service = find_service6(&e.inner->saddr, e.ports->source, e.inner->nexthdr);
	if (!service)
		return drop(LB_VERDICT_DROP_ICMP_UNKNOWN, bytes);
	if (service->relay & LB_RELAY_FULL_NAT) {
		int action = forward_full_error6(ctx, service);

		if (action != NOT_FULL)
			return action;
	}
	ports = e.ports->dest | (__u32)e.ports->source << 16;
	/* Its relay made the packet: the host's stack knows what to do. */
	if (has_both_ways(service) ? has_socket6(ctx, &e.inner->daddr, &e.inner->saddr, ports)
				   : is_relayed(service))
		return conclude(LB_VERDICT_ICMP_ERROR, bytes,
				count_relayed(service->id, bytes, false));
	way = way_of(service);
	/* The flow as the client's packets carry it is the inner one reversed. */
	kind = error_kind(e.inner->nexthdr);
	hash = flow_hash6(service, &e.inner->daddr, &e.inner->saddr, ports, e.inner->nexthdr);
	index = backend_for6(service, &e.inner->daddr, &e.inner->saddr, ports, e.inner->nexthdr,
			     hash, kind);
	backend = bpf_map_lookup_elem(&lb_backends, &index);
	if (!backend)
		return drop_of(service->id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	verdict = check_backend(backend, index, fits6(way, backend));
	length = sizeof(*e.ip) + bpf_ntohs(e.ip->payload_len);
	if (!verdict && way != LB_MODE_NAT) {
		verdict = carry6(ctx, backend, way, length, hash);
	} else if (!verdict) {
		verdict = check_hop(e.ip->hop_limit, length, backend->mtu);
		if (!verdict) {
			rewrite_error6(ctx, &e, &e.ip->daddr, &e.inner->saddr, &e.ports->source,
				       backend->addr, port_or(backend->port, e.ports->source));
			address_frame(e.eth, backend);
		}
	}
	if (verdict)
		return drop_of(service->id, verdict, bytes);
	count_forwarded(&service->id, &index, bytes, false);
	return conclude(LB_VERDICT_ICMP_ERROR, bytes, leave_by(ctx, backend->ifindex));
}

/* An ICMPv6 error for an address that is no VIP: a nat backend's, about a client's packet? */
static __noinline int reply_error6(struct lb_ctx *ctx)
{
	struct bpf_fib_lookup route = {.family = AF_INET6, .l4_protocol = IPPROTO_ICMPV6};
	__u32 bytes = packet_length(ctx);
	const struct lb_nat *nat;
	struct lb_error6 e;

	if (!parse_error6(ctx, &e) || !is_error6(e.icmp->type))
		return ACTION_PASS;
	if (!equal16(&e.ip->saddr, &e.inner->daddr) || !equal16(&e.ip->daddr, &e.inner->saddr))
		return ACTION_PASS;
	nat = find_nat6(&e.inner->daddr, e.ports->dest, e.inner->nexthdr);
	if (!nat || leaves_alone(nat))
		return ACTION_PASS;
	if (nat->flags & LB_NAT_SOCKETS && e.inner->nexthdr == IPPROTO_TCP &&
	    has_socket6(ctx, &e.inner->daddr, &e.inner->saddr, swap_ports(load32(e.ports))))
		return ACTION_PASS;
	if (is_direct6(&e.ip->daddr))
		return pass_direct(nat, bytes);
	if (e.ip->hop_limit <= 1)
		return drop_of(nat->service, LB_VERDICT_DROP_TTL, bytes);
	rewrite_error6(ctx, &e, &e.ip->saddr, &e.inner->daddr, &e.ports->dest, nat->vip,
		       port_or(nat->port, e.ports->dest));
	route.tot_len = sizeof(*e.ip) + bpf_ntohs(e.ip->payload_len);
	route.flowinfo = load32(e.ip) & bpf_htonl(0x0fffffff);
	copy16(route.ipv6_src, &e.ip->saddr);
	copy16(route.ipv6_dst, &e.ip->daddr);
	return route_reply(ctx, &route, &nat->service, &nat->backend);
}

/* A packet for an address that is no VIP, which is left alone unless it is a reply. */
static __noinline int pass6(struct lb_ctx *ctx)
{
	const struct lb_node *node = node_settings();
	struct ipv6hdr *ip = packet(ctx) + sizeof(struct ethhdr);

	if (!node || !(node->flags & (LB_NODE_NAT6 | LB_NODE_FULL6)))
		return ACTION_PASS;
	if ((void *)(ip + 1) > packet_end(ctx) || ip->nexthdr != IPPROTO_ICMPV6)
		return ACTION_PASS;
	if (!reaches(ctx, ip + 1, bpf_ntohs(ip->payload_len)))
		return ACTION_PASS;
	if (node->flags & LB_NODE_FULL6) {
		int action = reply_full_error6(ctx);

		if (action != NOT_FULL)
			return action;
	}
	return node->flags & LB_NODE_NAT6 ? reply_error6(ctx) : ACTION_PASS;
}

/* Whether a next header is an extension that nobody may send to a VIP. */
static __always_inline bool is_option6(__u8 nexthdr)
{
	return nexthdr == IPPROTO_HOPOPTS || nexthdr == IPPROTO_ROUTING ||
	       nexthdr == IPPROTO_DSTOPTS || nexthdr == IPPROTO_AH;
}

/* What the fast path does not take, but for fragments. */
static __noinline int special6(struct lb_ctx *ctx)
{
	struct ethhdr *eth = packet(ctx);
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct lb_icmp *icmp = (void *)(ip + 1);
	void *end = packet_end(ctx);
	__u32 bytes = packet_length(ctx), length;
	__u32 vip;

	if ((void *)icmp > end || ip->version != 6)
		return ACTION_PASS;
	vip = vip_of6(&ip->daddr);
	if (!vip)
		return pass6(ctx);
	if (!is_first(vip & LB_SERVICE_TC))
		return ACTION_PASS;
	length = bpf_ntohs(ip->payload_len);
	if (sizeof(*eth) + sizeof(*ip) + length > bytes)
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	if (is_option6(ip->nexthdr))
		return drop(LB_VERDICT_DROP_IP_OPTIONS, bytes);
	/* Whole headers of transports are on the fast path. */
	if (is_transport(ip->nexthdr))
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	if (ip->nexthdr != IPPROTO_ICMPV6)
		return conclude(LB_VERDICT_PASS_NO_SERVICE, bytes, ACTION_PASS);
	if ((void *)(icmp + 1) > end || length < sizeof(*icmp))
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	if (icmp->type == ICMPV6_ECHO_REQUEST)
		return answer_echo6(ctx, eth, ip, icmp);
	if (is_error6(icmp->type))
		return forward_error6(ctx);
	return conclude(LB_VERDICT_PASS_NO_SERVICE, bytes, ACTION_PASS);
}

#endif

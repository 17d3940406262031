/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Fragments of IPv6. */
#ifndef LB_FRAGMENT6_H
#define LB_FRAGMENT6_H

#include "fragment.h"
#include "full_piece6.h"

/*
 * Sends a fragment of a client to its backend. The first one has ports, and a key to be remembered
 * by; a SYN in pieces says what MSS it likes.
 */
static __noinline int send_fragment6(struct lb_ctx *ctx, struct lb_packet6 *p,
				     const struct lb_fragment *to, const struct lb_fragment6 *key)
{
	__u32 bytes = packet_length(ctx), index = to->backend,
	      length = sizeof(*p->ip) + bpf_ntohs(p->ip->payload_len);
	const struct lb_backend *backend = bpf_map_lookup_elem(&lb_backends, &index);
	const __u32 id = to->service, way = to->way;
	bool begins = key && opens(p->kind);
	enum lb_verdict verdict;

	if (!backend)
		return drop_of(id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	if (begins)
		p->kind &= ~LB_KIND_SYN;
	verdict = check_backend(backend, index, fits6(way, backend));
	if (!verdict && way != LB_MODE_NAT) {
		verdict = carry6(ctx, backend, way, length, to->hash);
	} else if (!verdict && key) {
		verdict = nat6(ctx, p, backend);
	} else if (!verdict) {
		verdict = check_hop(p->ip->hop_limit, length, backend->mtu);
		if (!verdict) {
			lower_hops(ctx, p->ip);
			amend(ctx, csum_swap128(0, &p->ip->daddr, backend->addr));
			copy16(&p->ip->daddr, backend->addr);
			address_frame(p->eth, backend);
		}
	}
	if (verdict)
		return key ? refuse6(ctx, backend, way, id, verdict) : drop_of(id, verdict, bytes);
	count_forwarded(&id, &index, bytes, begins);
	if (key)
		bpf_map_update_elem(&lb_fragments6, key, to, BPF_ANY);
	return leave_by(ctx, backend->ifindex);
}

/* A later fragment of a client, after what is known of its first one. */
static __noinline int follow_fragment6(struct lb_ctx *ctx, const struct lb_fragment *known)
{
	struct lb_packet6 p = {};

	p.eth = packet(ctx);
	p.ip = (void *)(p.eth + 1);
	/* Never: the caller has read it. */
	if ((void *)(p.ip + 1) > packet_end(ctx))
		return ACTION_DROP;
	return send_fragment6(ctx, &p, known, NULL);
}

/*
 * The first fragment of a datagram of a client, whose transport header is whole. is_asked: it is
 * not for full-nat.
 */
static __noinline int open_fragment6(struct lb_ctx *ctx, const struct lb_fragment6 *key, __u8 proto,
				     bool is_asked)
{
	const struct lb_service *service;
	struct lb_fragment to = {};
	struct lb_packet6 p;
	__u32 ports;

	p.eth = packet(ctx);
	p.ip = (void *)(p.eth + 1);
	p.ports = (void *)(p.ip + 1) + sizeof(struct lb_fragment_header);
	/* Never: the caller has seen to it. */
	if (!has_transport(ctx, p.ports, proto))
		return ACTION_DROP;
	ports = load32(p.ports);
	service = find_service6(key->dst, ports >> 16, proto);
	if (!service || is_undecided(service, proto))
		return drop(LB_VERDICT_DROP_FRAGMENT, packet_length(ctx));
	if (service->relay & LB_RELAY_FULL_NAT && !is_asked)
		return OPENS_FULL;
	p.kind = piece_kind(ctx, p.ports, proto);
	begin_fragment(&to, service, proto);
	if (to.way == LB_MODE_TPROXY) {
		bpf_map_update_elem(&lb_fragments6, key, &to, BPF_ANY);
		return count_relayed(to.service, packet_length(ctx), opens(p.kind));
	}
	to.hash = flow_hash6(service, key->src, key->dst, ports, proto);
	to.backend = named_by(ctx, service);
	if (!to.backend)
		to.backend =
			backend_for6(service, key->src, key->dst, ports, proto, to.hash, p.kind);
	return send_fragment6(ctx, &p, &to, key);
}

/* A reply of nat in fragments, or what is no concern of ours. */
static __noinline int reply_fragment6(struct lb_ctx *ctx, const struct lb_fragment6 *key,
				      __u8 proto, bool first)
{
	struct bpf_fib_lookup route = {.family = AF_INET6};
	__u32 bytes = packet_length(ctx);
	const struct lb_fragment *known;
	struct lb_fragment from = {};
	const struct lb_nat *nat;
	struct lb_ports *ports;
	struct ipv6hdr *ip;
	__u64 change;
	long way;

	ip = packet(ctx) + sizeof(struct ethhdr);
	ports = (void *)(ip + 1) + sizeof(struct lb_fragment_header);
	/* Never: the caller has seen to it. */
	if ((void *)ports > packet_end(ctx) || (first && !has_transport(ctx, ports, proto)))
		return ACTION_PASS;
	from.proto = proto;
	if (first) {
		from.port = ports->source;
	} else {
		known = recall_fragment(&lb_fragments6, key, LB_FRAGMENT_IDLE6);
		if (!known || known->way)
			return ACTION_PASS;
		from.port = known->port;
		from.proto = known->proto;
	}
	nat = find_nat6(&ip->saddr, from.port, from.proto);
	if (is_no_reply(nat, from.proto))
		return ACTION_PASS;
	if (is_direct6(&ip->daddr))
		return pass_direct(nat, bytes);
	if (ip->hop_limit <= 1)
		return drop_of(nat->service, LB_VERDICT_DROP_TTL, bytes);
	route.l4_protocol = from.proto;
	route.tot_len = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	route.flowinfo = load32(ip) & bpf_htonl(0x0fffffff);
	copy16(route.ipv6_src, nat->vip);
	copy16(route.ipv6_dst, &ip->daddr);
	way = find_way(ctx, &route);
	if (way == BPF_FIB_LKUP_RET_FRAG_NEEDED && first &&
	    is_of_wire(ctx, sizeof(*ip) + bpf_ntohs(ip->payload_len)))
		return refuse_reply6(ctx, nat->service, route.mtu_result);
	change = csum_swap128(0, &ip->saddr, nat->vip);
	lower_hops(ctx, ip);
	copy16(&ip->saddr, nat->vip);
	if (first) {
		__be16 port = port_or(nat->port, ports->source);

		from.service = nat->service;
		from.backend = nat->backend;
		from.seen = tick_now();
		bpf_map_update_elem(&lb_fragments6, key, &from, BPF_ANY);
		if (from.proto == IPPROTO_UDP)
			rewrite_port(ctx, ports, LB_KIND_DATAGRAM, &ports->source, port, change);
		else if ((void *)ports + sizeof(struct tcphdr) <= packet_end(ctx))
			rewrite_port(ctx, ports, LB_KIND_SEGMENT, &ports->source, port, change);
	} else {
		amend(ctx, change);
	}
	return leave_for_client(ctx, &route, &nat->service, &nat->backend, way);
}

/* A fragment for no VIP. */
static __always_inline int any_reply_fragment6(struct lb_ctx *ctx, const struct lb_fragment6 *key,
					       __u8 proto, bool first, bool is_asked)
{
	const struct lb_fragment *known;

	if (!is_asked && has_flag(LB_NODE_FULL6)) {
		if (first)
			return RETURNS_FIRST;
		known = recall_fragment(&lb_fragments6, key, LB_FRAGMENT_IDLE6);
		if (known && known->way == LB_MODE_FULL_NAT)
			return follow_piece6(key, known, RETURNS_LATER);
	}
	return has_flag(LB_NODE_NAT6) ? reply_fragment6(ctx, key, proto, first) : ACTION_PASS;
}

/*
 * A fragment of IPv6 whose header stands behind the fixed one. is_asked: full-nat has nothing to do
 * with it. Not static, so that the verifier looks at it once.
 */
__noinline int fragment6(struct lb_ctx *ctx, __u32 is_asked)
{
	const struct lb_fragment_header *fragment;
	__u32 bytes = packet_length(ctx), length, offset;
	const struct lb_fragment *known;
	struct lb_fragment6 key = {};
	__u32 vip;
	struct ethhdr *eth = packet(ctx);
	struct ipv6hdr *ip = (void *)(eth + 1);
	bool whole;

	/* Never: the caller has read it. */
	if ((void *)(ip + 1) > packet_end(ctx))
		return ACTION_PASS;
	vip = vip_of6(&ip->daddr);
	if (vip && !is_first(vip & LB_SERVICE_TC))
		return ACTION_PASS;
	length = bpf_ntohs(ip->payload_len);
	if (sizeof(*eth) + sizeof(*ip) + length > bytes)
		return vip ? drop(LB_VERDICT_DROP_MALFORMED, bytes) : ACTION_PASS;
	fragment = (void *)(ip + 1);
	if (length < sizeof(*fragment) || (void *)(fragment + 1) > packet_end(ctx))
		return vip ? drop(LB_VERDICT_DROP_FRAGMENT, bytes) : ACTION_PASS;
	copy16(key.src, &ip->saddr);
	copy16(key.dst, &ip->daddr);
	key.id = fragment->id;
	offset = bpf_ntohs(fragment->offset) >> IP6_OFFSET_SHIFT;
	whole = is_piece(fragment->nexthdr, offset, length - sizeof(*fragment));
	if (!vip)
		return whole ? any_reply_fragment6(ctx, &key, fragment->nexthdr, !offset, is_asked)
			     : ACTION_PASS;
	if (!whole)
		return drop(LB_VERDICT_DROP_FRAGMENT, bytes);
	if (!offset)
		return open_fragment6(ctx, &key, fragment->nexthdr, is_asked);
	known = recall_fragment(&lb_fragments6, &key, LB_FRAGMENT_IDLE6);
	if (!known || !known->way)
		return drop(LB_VERDICT_DROP_FRAGMENT, bytes);
	if (known->way == LB_MODE_TPROXY)
		return count_relayed(known->service, bytes, false);
	if (known->way == LB_MODE_FULL_NAT)
		return follow_piece6(&key, known, FOLLOWS_FULL);
	return follow_fragment6(ctx, known);
}

/* What full-nat does with a fragment that it is asked for; NOT_FULL for nothing. */
static __always_inline int full_fragment6(struct lb_ctx *ctx, int action)
{
	switch (action) {
	case OPENS_FULL:
		return open_full6(ctx);
	case FOLLOWS_FULL:
		return follow_full6(ctx);
	case RETURNS_FIRST:
		return return_first6(ctx);
	case RETURNS_LATER:
		return return_later6(ctx);
	default:
		return action;
	}
}

/* A fragment, whose frames have left the stack where full-nat is asked. */
static __always_inline int any_fragment6(struct lb_ctx *ctx)
{
	int action = full_fragment6(ctx, fragment6(ctx, false));

	return action == NOT_FULL ? fragment6(ctx, true) : action;
}

/* What the fast path does not take. */
static __noinline int beside6(struct lb_ctx *ctx)
{
	const struct ipv6hdr *ip = packet(ctx) + sizeof(struct ethhdr);

	if ((void *)(ip + 1) <= packet_end(ctx) && ip->version == 6 &&
	    ip->nexthdr == IPPROTO_FRAGMENT)
		return any_fragment6(ctx);
	return special6(ctx);
}

#endif

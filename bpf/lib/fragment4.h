/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Fragments of IPv4. */
#ifndef LB_FRAGMENT4_H
#define LB_FRAGMENT4_H

#include "fragment.h"
#include "full_piece4.h"

/*
 * Sends a fragment of a client to its backend. The first one has ports, and a key to be remembered
 * by; a SYN in pieces says what MSS it likes.
 */
static __noinline int send_fragment4(struct lb_ctx *ctx, struct lb_packet4 *p,
				     const struct lb_fragment *to, const struct lb_fragment4 *key)
{
	__u32 bytes = packet_length(ctx), index = to->backend, length = bpf_ntohs(p->ip->tot_len);
	const struct lb_backend *backend = bpf_map_lookup_elem(&lb_backends, &index);
	const __u32 id = to->service, way = to->way;
	bool begins = key && opens(p->kind);
	enum lb_verdict verdict;

	if (!backend)
		return drop_of(id, LB_VERDICT_DROP_NO_BACKEND, bytes);
	if (begins)
		p->kind &= ~LB_KIND_SYN;
	verdict = check_backend(backend, index, fits4(way, backend));
	if (!verdict && way != LB_MODE_NAT) {
		verdict = carry4(ctx, backend, way, length, to->hash);
	} else if (!verdict && key) {
		verdict = nat4(ctx, p, backend);
	} else if (!verdict) {
		verdict = check_hop(p->ip->ttl, length, backend->mtu);
		if (!verdict) {
			rewrite_ip4(p->ip, &p->ip->daddr, load32(backend->addr));
			address_frame(p->eth, backend);
		}
	}
	if (verdict)
		return key ? refuse4(ctx, backend, way, id, verdict) : drop_of(id, verdict, bytes);
	count_forwarded(&id, &index, bytes, begins);
	if (key)
		bpf_map_update_elem(&lb_fragments4, key, to, BPF_ANY);
	return leave_by(ctx, backend->ifindex);
}

/* A later fragment of a client, after what is known of its first one. */
static __noinline int follow_fragment4(struct lb_ctx *ctx, const struct lb_fragment *known)
{
	struct lb_packet4 p = {};

	p.eth = packet(ctx);
	p.ip = (void *)(p.eth + 1);
	/* Never: the caller has read it. */
	if ((void *)(p.ip + 1) > packet_end(ctx))
		return ACTION_DROP;
	return send_fragment4(ctx, &p, known, NULL);
}

/*
 * The first fragment of a datagram of a client, whose transport header is whole. is_asked: it is
 * not for full-nat.
 */
static __noinline int open_fragment4(struct lb_ctx *ctx, const struct lb_fragment4 *key,
				     bool is_asked)
{
	const struct lb_service *service;
	struct lb_fragment to = {};
	struct lb_packet4 p;
	__u32 ports;

	p.eth = packet(ctx);
	p.ip = (void *)(p.eth + 1);
	p.ports = (void *)(p.ip + 1);
	/* Never: the caller has seen to it. */
	if (!has_transport(ctx, p.ports, key->proto))
		return ACTION_DROP;
	ports = load32(p.ports);
	service = find_service4(key->dst, ports >> 16, key->proto);
	if (!service || is_undecided(service, key->proto))
		return drop(LB_VERDICT_DROP_FRAGMENT, packet_length(ctx));
	if (service->relay & LB_RELAY_FULL_NAT && !is_asked)
		return OPENS_FULL;
	p.kind = piece_kind(ctx, p.ports, key->proto);
	begin_fragment(&to, service, key->proto);
	if (to.way == LB_MODE_TPROXY) {
		bpf_map_update_elem(&lb_fragments4, key, &to, BPF_ANY);
		return count_relayed(to.service, packet_length(ctx), opens(p.kind));
	}
	to.hash = flow_hash4(service, load64(&p.ip->saddr), ports, key->proto);
	to.backend = named_by(ctx, service);
	if (!to.backend)
		to.backend = backend_for4(service, load64(&p.ip->saddr), ports, key->proto, to.hash,
					  p.kind);
	return send_fragment4(ctx, &p, &to, key);
}

/* A reply of nat in fragments, or what is no concern of ours. */
static __noinline int reply_fragment4(struct lb_ctx *ctx, const struct lb_fragment4 *key,
				      bool first)
{
	struct bpf_fib_lookup route = {.family = AF_INET};
	__u32 bytes = packet_length(ctx);
	const struct lb_fragment *known;
	struct lb_fragment from = {};
	const struct lb_nat *nat;
	struct lb_ports *ports;
	struct iphdr *ip;
	__u64 change;
	long way;

	ip = packet(ctx) + sizeof(struct ethhdr);
	ports = (void *)(ip + 1);
	/* Never: the caller has seen to it. */
	if ((void *)ports > packet_end(ctx) || (first && !has_transport(ctx, ports, key->proto)))
		return ACTION_PASS;
	from.proto = key->proto;
	if (first) {
		from.port = ports->source;
	} else {
		known = recall_fragment(&lb_fragments4, key, LB_FRAGMENT_IDLE4);
		if (!known || known->way)
			return ACTION_PASS;
		from.port = known->port;
		from.proto = known->proto;
	}
	nat = find_nat4(ip->saddr, from.port, from.proto);
	if (is_no_reply(nat, from.proto))
		return ACTION_PASS;
	if (is_direct4(ip->daddr))
		return pass_direct(nat, bytes);
	if (ip->ttl <= 1)
		return drop_of(nat->service, LB_VERDICT_DROP_TTL, bytes);
	route.l4_protocol = from.proto;
	route.tot_len = bpf_ntohs(ip->tot_len);
	route.tos = ip->tos;
	route.ipv4_src = load32(nat->vip);
	route.ipv4_dst = ip->daddr;
	way = find_way(ctx, &route);
	if (way == BPF_FIB_LKUP_RET_FRAG_NEEDED && first && ip->frag_off & bpf_htons(0x4000) &&
	    is_of_wire(ctx, bpf_ntohs(ip->tot_len)))
		return refuse_reply4(ctx, nat->service, route.mtu_result);
	change = csum_swap32(0, ip->saddr, load32(nat->vip));
	rewrite_ip4(ip, &ip->saddr, load32(nat->vip));
	if (first) {
		__be16 port = port_or(nat->port, ports->source);

		from.service = nat->service;
		from.backend = nat->backend;
		from.seen = tick_now();
		bpf_map_update_elem(&lb_fragments4, key, &from, BPF_ANY);
		if (from.proto == IPPROTO_UDP)
			rewrite_port(ctx, ports, LB_KIND_DATAGRAM, &ports->source, port, change);
		else if ((void *)ports + sizeof(struct tcphdr) <= packet_end(ctx))
			rewrite_port(ctx, ports, LB_KIND_SEGMENT, &ports->source, port, change);
	}
	return leave_for_client(ctx, &route, &nat->service, &nat->backend, way);
}

/* A fragment for no VIP. */
static __always_inline int any_reply_fragment4(struct lb_ctx *ctx, const struct lb_fragment4 *key,
					       bool first, bool is_asked)
{
	const struct lb_fragment *known;

	if (!is_asked && has_flag(LB_NODE_FULL4)) {
		if (first)
			return RETURNS_FIRST;
		known = recall_fragment(&lb_fragments4, key, LB_FRAGMENT_IDLE4);
		if (known && known->way == LB_MODE_FULL_NAT)
			return follow_piece4(key, known, RETURNS_LATER);
	}
	return has_flag(LB_NODE_NAT4) ? reply_fragment4(ctx, key, first) : ACTION_PASS;
}

/*
 * A fragment of IPv4 whose header has no options. is_asked: full-nat has nothing to do
 * with it. Not static, so that the verifier looks at it once.
 */
__noinline int fragment4(struct lb_ctx *ctx, __u32 is_asked)
{
	__u32 bytes = packet_length(ctx), length, offset;
	const struct lb_fragment *known;
	struct lb_fragment4 key = {};
	__u32 vip;
	struct ethhdr *eth = packet(ctx);
	struct iphdr *ip = (void *)(eth + 1);
	bool whole;

	/* Never: the caller has read it. */
	if ((void *)(ip + 1) > packet_end(ctx))
		return ACTION_PASS;
	key.src = ip->saddr;
	key.dst = ip->daddr;
	key.id = ip->id;
	key.proto = ip->protocol;
	length = bpf_ntohs(ip->tot_len);
	offset = bpf_ntohs(ip->frag_off) & IP4_OFFSET;
	vip = vip_of4(key.dst);
	if (vip && !is_first(vip & LB_SERVICE_TC))
		return ACTION_PASS;
	whole = length >= sizeof(*ip) && sizeof(*eth) + length <= bytes;
	if (vip && !whole)
		return drop(LB_VERDICT_DROP_MALFORMED, bytes);
	whole = whole && is_piece(key.proto, offset, length - sizeof(*ip));
	if (!vip)
		return whole ? any_reply_fragment4(ctx, &key, !offset, is_asked) : ACTION_PASS;
	if (!whole)
		return drop(LB_VERDICT_DROP_FRAGMENT, bytes);
	if (!offset)
		return open_fragment4(ctx, &key, is_asked);
	known = recall_fragment(&lb_fragments4, &key, LB_FRAGMENT_IDLE4);
	if (!known || !known->way)
		return drop(LB_VERDICT_DROP_FRAGMENT, bytes);
	if (known->way == LB_MODE_TPROXY)
		return count_relayed(known->service, bytes, false);
	if (known->way == LB_MODE_FULL_NAT)
		return follow_piece4(&key, known, FOLLOWS_FULL);
	return follow_fragment4(ctx, known);
}

/* What full-nat does with a fragment that it is asked for; NOT_FULL for nothing. */
static __always_inline int full_fragment4(struct lb_ctx *ctx, int action)
{
	switch (action) {
	case OPENS_FULL:
		return open_full4(ctx);
	case FOLLOWS_FULL:
		return follow_full4(ctx);
	case RETURNS_FIRST:
		return return_first4(ctx);
	case RETURNS_LATER:
		return return_later4(ctx);
	default:
		return action;
	}
}

/* A fragment, whose frames have left the stack where full-nat is asked. */
static __always_inline int any_fragment4(struct lb_ctx *ctx)
{
	int action = full_fragment4(ctx, fragment4(ctx, false));

	return action == NOT_FULL ? fragment4(ctx, true) : action;
}

/* What the fast path does not take. */
static __noinline int beside4(struct lb_ctx *ctx)
{
	const struct iphdr *ip = packet(ctx) + sizeof(struct ethhdr);

	if ((void *)(ip + 1) <= packet_end(ctx) && *(const __u8 *)ip == 0x45 &&
	    ip->frag_off & bpf_htons(IP4_FRAGMENT))
		return any_fragment4(ctx);
	return special4(ctx);
}

#endif

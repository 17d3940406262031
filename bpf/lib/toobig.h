/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What does not fit. The sender of a packet that is longer than the way on is told by ICMP how long
 * it may be, from the address that it was sent to, by the way that it came. Its frame is made into
 * the answer. What needs nothing of its callers is not static: the verifier looks at it once.
 */
#ifndef LB_TOOBIG_H
#define LB_TOOBIG_H

#include "answer.h"
#include "encap.h"

enum {
	/* Destination unreachable, fragmentation needed (RFC 792). */
	ICMP_FRAG_NEEDED = 4,
	/* What an answer of IPv4 quotes: all that fits into 576 bytes (RFC 1812), or, of a packet
	   that has less, header and 8 bytes (RFC 792). */
	QUOTE4 = 576 - sizeof(struct iphdr) - sizeof(struct lb_icmp),
	QUOTE4_LEAST = sizeof(struct iphdr) + 8,
	/* The least that a link of IPv4 has to take (RFC 791). */
	LEAST_MTU4 = 68,
	/* All that fits into the least that a link of IPv6 has to take (RFC 4443). */
	LEAST_MTU6 = 1280,
	QUOTE6 = LEAST_MTU6 - sizeof(struct ipv6hdr) - sizeof(struct lb_icmp),
	/* bpf_csum_diff takes no more at once. */
	CSUM_MOST = 512,
	/* Network control, as routers have it (RFC 1812, section 4.3.2.5). */
	CLASS_CONTROL = 0xc0,
};

/* What a mode puts before a packet. */
static __always_inline __u32 overhead_of(__u32 way, const struct lb_backend *backend)
{
	__u32 outer = backend->family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	if (way == LB_MODE_DSR_IPIP)
		return outer;
	return way == LB_MODE_DSR_GUE ? outer + sizeof(struct lb_udp) : 0;
}

/* The longest packet that a backend can have, 0 for none. */
static __always_inline __u32 room_for(__u32 way, const struct lb_backend *backend)
{
	__u32 overhead = overhead_of(way, backend);

	return backend->mtu > overhead ? backend->mtu - overhead : 0;
}

/*
 * Whether a packet of this length is one as it was on the wire. What is longer than its interface
 * takes was joined by the host, before generic XDP: its sender sends less already.
 */
static __always_inline bool is_of_wire(struct lb_ctx *ctx, __u32 length)
{
	__u32 mtu = 0;

	return bpf_check_mtu(ctx, came_by(ctx), &mtu, 0, 0) >= 0 && wire_length(ctx, length) <= mtu;
}

/*
 * Cuts a packet to quote bytes and makes room for the headers of an answer before it. Null when the
 * driver has none. The link addresses of the new frame are those of the old one, exchanged.
 */
static __always_inline struct ethhdr *turn_round(struct lb_ctx *ctx, __u32 headers, __u32 quote)
{
	struct ethhdr *eth, *old;

	if (!cut_to(ctx, sizeof(*eth) + quote) || !grow_front(ctx, headers))
		return NULL;
	eth = packet(ctx);
	old = old_frame(eth, headers);
	/* Never: the frame was longer than what it is cut to. */
	if ((void *)(eth + 1) + headers > packet_end(ctx))
		return NULL;
	turn_frame(eth, old);
	return eth;
}

/* Adds the bytes of a packet to a checksum. */
static __always_inline __u64 add_bytes(void *from, __u32 size, __u64 sum)
{
	return sum + (__u32)bpf_csum_diff(NULL, 0, from, size, 0);
}

/* Turns a packet of IPv4 into the answer; false when it can't be, and the packet is of no use. */
static __always_inline bool write_answer4(struct lb_ctx *ctx, __u32 room, __u32 quote)
{
	const __u32 headers = sizeof(struct iphdr) + sizeof(struct lb_icmp);
	struct ethhdr *eth = turn_round(ctx, headers, quote);
	struct iphdr *ip = (void *)(eth + 1), *inner;
	struct lb_icmp *icmp = (void *)(ip + 1);
	__u64 sum;

	inner = (void *)(icmp + 1);
	if (!eth || (void *)inner + quote > packet_end(ctx))
		return false;
	write_ip4(ip, inner->daddr, inner->saddr, CLASS_CONTROL, sizeof(*icmp) + quote,
		  IPPROTO_ICMP);
	icmp->type = ICMP_DEST_UNREACH;
	icmp->code = ICMP_FRAG_NEEDED;
	icmp->check = 0;
	icmp->rest = bpf_htonl(room);
	if (sizeof(*icmp) + quote <= CSUM_MOST) {
		sum = add_bytes(icmp, sizeof(*icmp) + quote, 0);
	} else {
		sum = add_bytes(icmp, CSUM_MOST, 0);
		sum = add_bytes((void *)icmp + CSUM_MOST, sizeof(*icmp) + quote - CSUM_MOST, sum);
	}
	icmp->check = csum_close(sum);
	return true;
}

/*
 * Tells the sender of a packet of IPv4 that no more than room bytes fit; false when it may not be
 * told, or can't be. Who has set no DF is told as well: nothing here makes fragments. Of fragments
 * the first alone is answered, which has the ports that its sender knows it by (RFC 1812).
 */
__noinline int answer4(struct lb_ctx *ctx, __u32 room)
{
	const struct ethhdr *eth = packet(ctx);
	const struct iphdr *ip = (void *)(eth + 1);
	__u32 length;

	if ((void *)(ip + 1) > packet_end(ctx) || room < LEAST_MTU4)
		return false;
	length = bpf_ntohs(ip->tot_len);
	if (!has_one_sender4(eth, ip))
		return false;
	if (ip->frag_off & bpf_htons(0x1fff) || !is_of_wire(ctx, length) ||
	    !spend_answer(&lb_answers, LB_ANSWER_LIMIT))
		return false;
	return length < QUOTE4 ? write_answer4(ctx, room, QUOTE4_LEAST)
			       : write_answer4(ctx, room, QUOTE4);
}

/*
 * As answer4, for IPv6. Less than 1280 bytes are told to nobody: hosts need not send less (RFC
 * 8201).
 */
__noinline int answer6(struct lb_ctx *ctx, __u32 room)
{
	const __u32 headers = sizeof(struct ipv6hdr) + sizeof(struct lb_icmp);
	const __u32 covered = 2 * sizeof(struct in6_addr) + sizeof(struct lb_icmp) + QUOTE6;
	struct ethhdr *eth = packet(ctx);
	struct ipv6hdr *ip = (void *)(eth + 1), *inner;
	struct lb_icmp *icmp;
	__u32 length;
	__u64 sum;

	if ((void *)(ip + 1) > packet_end(ctx) || room < LEAST_MTU6)
		return false;
	length = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	if (!has_one_sender6(eth, ip))
		return false;
	if (length <= LEAST_MTU6 || !is_of_wire(ctx, length) ||
	    !spend_answer(&lb_answers, LB_ANSWER_LIMIT))
		return false;
	eth = turn_round(ctx, headers, QUOTE6);
	ip = (void *)(eth + 1);
	icmp = (void *)(ip + 1);
	inner = (void *)(icmp + 1);
	if (!eth || (void *)inner + QUOTE6 > packet_end(ctx))
		return false;
	*(__be32 *)ip = bpf_htonl(6U << 28 | CLASS_CONTROL << 20);
	ip->payload_len = bpf_htons(sizeof(*icmp) + QUOTE6);
	ip->nexthdr = IPPROTO_ICMPV6;
	ip->hop_limit = OUTER_TTL;
	copy16(&ip->saddr, &inner->daddr);
	copy16(&ip->daddr, &inner->saddr);
	icmp->type = ICMPV6_PKT_TOOBIG;
	icmp->code = 0;
	icmp->check = 0;
	icmp->rest = bpf_htonl(room);
	/* The addresses stand right before the message, and are part of its checksum. */
	sum = add_bytes(&ip->saddr, CSUM_MOST, 0);
	sum = add_bytes((void *)&ip->saddr + CSUM_MOST, CSUM_MOST, sum);
	sum = add_bytes((void *)&ip->saddr + 2 * CSUM_MOST, covered - 2 * CSUM_MOST, sum);
	sum += ip->payload_len + bpf_htons(IPPROTO_ICMPV6);
	icmp->check = csum_close(sum);
	return true;
}

/* Ends a packet of a service that was too long, and is the answer by now where its sender was told.
 */
static __always_inline int end_too_big(struct lb_ctx *ctx, __u32 service, __u32 bytes, bool told)
{
	drop_of(service, told ? LB_VERDICT_ICMP_TOO_BIG : LB_VERDICT_DROP_TOO_BIG, bytes);
	return told ? send_back(ctx) : ACTION_DROP;
}

/* Ends a packet of a service that its backend can't have; tells the sender when it is too long. */
__noinline int refuse4(struct lb_ctx *ctx, const struct lb_backend *backend, __u32 way,
		       __u32 service, __u32 verdict)
{
	__u32 bytes = packet_length(ctx);

	if (verdict != LB_VERDICT_DROP_TOO_BIG || !backend)
		return drop_of(service, verdict, bytes);
	return end_too_big(ctx, service, bytes, answer4(ctx, room_for(way, backend)));
}

__noinline int refuse6(struct lb_ctx *ctx, const struct lb_backend *backend, __u32 way,
		       __u32 service, __u32 verdict)
{
	__u32 bytes = packet_length(ctx);

	if (verdict != LB_VERDICT_DROP_TOO_BIG || !backend)
		return drop_of(service, verdict, bytes);
	return end_too_big(ctx, service, bytes, answer6(ctx, room_for(way, backend)));
}

/* Ends a reply that is longer than the way to its client takes: its backend is told. */
__noinline int refuse_reply4(struct lb_ctx *ctx, __u32 service, __u32 room)
{
	__u32 bytes = packet_length(ctx);

	return end_too_big(ctx, service, bytes, answer4(ctx, room));
}

__noinline int refuse_reply6(struct lb_ctx *ctx, __u32 service, __u32 room)
{
	__u32 bytes = packet_length(ctx);

	return end_too_big(ctx, service, bytes, answer6(ctx, room));
}

#endif

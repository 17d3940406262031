/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Flows of dead backends. The client of a TCP segment that nobody is there for is told by a RST,
 * as a host without the connection would (RFC 9293, section 3.10.7.1), from the address that it
 * sent to, by the way that it came. The segment's frame is made into the answer.
 */
#ifndef LB_RESET_H
#define LB_RESET_H

#include "answer.h"
#include "encap.h"
#include "nat.h"
#include "parse.h"

enum {
	/* The length of a TCP header in words is above four other bits. */
	TCP_OFFSET_AT = 12,
	TCP_OFFSET_SHIFT = 4,
	TCP_SEQ_AT = 4,
	TCP_ACK_AT = 8,
	TCP_URGENT_AT = 18,
	TCP_LEAST_WORDS = sizeof(struct tcphdr) / 4,
};

/* The words of a RST's header that the segment decides. */
struct lb_reset {
	__u32 ports;
	__be32 seq;
	__be32 ack;
	__u32 flags; /* with the length of the header, and a window of 0 */
};

/*
 * What a segment is answered with; length is that of header and data. False when nothing may be
 * said: a RST is never answered, and of one whose header is no header nothing is known.
 */
static __always_inline bool read_reset(struct lb_reset *reset, const void *tcp, __u32 length)
{
	__u8 flags = ((const __u8 *)tcp)[TCP_FLAGS_AT], answer = TCP_RST;
	__u32 header = (((const __u8 *)tcp)[TCP_OFFSET_AT] >> TCP_OFFSET_SHIFT) * 4;

	if (flags & TCP_RST || header < sizeof(struct tcphdr) || header > length)
		return false;
	reset->ports = swap_ports(load32(tcp));
	if (flags & TCP_ACK) {
		reset->seq = load32(tcp + TCP_ACK_AT);
		reset->ack = 0;
	} else {
		/* SYN and FIN count as a byte each. */
		length -= header;
		length += !!(flags & TCP_SYN) + !!(flags & TCP_FIN);
		reset->seq = 0;
		reset->ack = bpf_htonl(bpf_ntohl(load32(tcp + TCP_SEQ_AT)) + length);
		answer |= TCP_ACK;
	}
	reset->flags = TCP_LEAST_WORDS << TCP_OFFSET_SHIFT | (__u32)answer << 8;
	return true;
}

/* Writes the header, but for its checksum; returns the sum of what was written. */
static __always_inline __u64 write_reset(void *tcp, const struct lb_reset *reset)
{
	*(__u32 *)tcp = reset->ports;
	*(__u32 *)(tcp + TCP_SEQ_AT) = reset->seq;
	*(__u32 *)(tcp + TCP_ACK_AT) = reset->ack;
	*(__u32 *)(tcp + TCP_OFFSET_AT) = reset->flags;
	*(__u16 *)(tcp + TCP_URGENT_AT) = 0;
	return (__u64)reset->ports + reset->seq + reset->ack + reset->flags +
	       bpf_htons(sizeof(struct tcphdr)) + bpf_htons(IPPROTO_TCP);
}

/* Makes a segment of IPv4 the answer to itself; says whether it could be, and might. */
static __always_inline enum lb_verdict turn_into_reset4(struct lb_ctx *ctx)
{
	const __u32 length = sizeof(struct ethhdr) + sizeof(struct iphdr) + sizeof(struct tcphdr);
	struct lb_reset reset;
	struct lb_packet4 p;
	struct iphdr *ip;
	__u32 was;
	__u64 sum;

	/* The caller has parsed it before; of others nobody is told. */
	if (!parse_mutable4(ctx, &p) || !is_tcp(p.kind))
		return LB_VERDICT_DROP_NO_BACKEND;
	was = bpf_ntohs(p.ip->tot_len) - sizeof(*p.ip);
	if (!read_reset(&reset, p.ports, was) || !has_one_sender4(p.eth, p.ip))
		return LB_VERDICT_DROP_DEAD_FLOW;
	if (!spend_answer(&lb_resets, LB_RESET_LIMIT) || !cut_anew(ctx, length))
		return LB_VERDICT_DROP_DEAD_FLOW;
	ip = packet(ctx) + sizeof(struct ethhdr);
	/* Never: nothing else was cut to this. */
	if (packet(ctx) + length > packet_end(ctx))
		return LB_VERDICT_DROP_DEAD_FLOW;
	turn_frame(packet(ctx), packet(ctx));
	sum = (__u64)ip->saddr + ip->daddr;
	write_ip4(ip, ip->daddr, ip->saddr, 0, sizeof(struct tcphdr), IPPROTO_TCP);
	sum += write_reset(ip + 1, &reset);
	return set_check(ctx, (void *)(ip + 1) + TCP_CHECK_AT, was, sizeof(struct tcphdr),
			 csum_close(sum))
		       ? LB_VERDICT_TCP_RESET
		       : LB_VERDICT_DROP_DEAD_FLOW;
}

/* As turn_into_reset4, for IPv6. */
static __always_inline enum lb_verdict turn_into_reset6(struct lb_ctx *ctx)
{
	const __u32 length = sizeof(struct ethhdr) + sizeof(struct ipv6hdr) + sizeof(struct tcphdr);
	struct lb_reset reset;
	struct lb_packet6 p;
	struct ipv6hdr *ip;
	__u64 source[2];
	__u32 was;
	__u64 sum;

	/* The caller has parsed it before; of others nobody is told. */
	if (!parse_mutable6(ctx, &p) || !is_tcp(p.kind))
		return LB_VERDICT_DROP_NO_BACKEND;
	was = bpf_ntohs(p.ip->payload_len);
	if (!read_reset(&reset, p.ports, was) || !has_one_sender6(p.eth, p.ip))
		return LB_VERDICT_DROP_DEAD_FLOW;
	if (!spend_answer(&lb_resets, LB_RESET_LIMIT) || !cut_anew(ctx, length))
		return LB_VERDICT_DROP_DEAD_FLOW;
	ip = packet(ctx) + sizeof(struct ethhdr);
	/* Never: nothing else was cut to this. */
	if (packet(ctx) + length > packet_end(ctx))
		return LB_VERDICT_DROP_DEAD_FLOW;
	turn_frame(packet(ctx), packet(ctx));
	copy16(source, &ip->saddr);
	*(__be32 *)(void *)ip = bpf_htonl(6U << 28);
	ip->payload_len = bpf_htons(sizeof(struct tcphdr));
	ip->hop_limit = OUTER_TTL;
	copy16(&ip->saddr, &ip->daddr);
	copy16(&ip->daddr, source);
	/* Both addresses are part of it, whichever comes first. */
	sum = csum_words16(csum_words16(0, &ip->saddr), &ip->daddr);
	sum += write_reset(ip + 1, &reset);
	return set_check(ctx, (void *)(ip + 1) + TCP_CHECK_AT, was, sizeof(struct tcphdr),
			 csum_close(sum))
		       ? LB_VERDICT_TCP_RESET
		       : LB_VERDICT_DROP_DEAD_FLOW;
}

/* Ends a segment of a service that is the answer by now where its sender was told. */
static __always_inline int end_dead(struct lb_ctx *ctx, __u32 service, __u32 bytes,
				    enum lb_verdict verdict)
{
	drop_of(service, verdict, bytes);
	return verdict == LB_VERDICT_TCP_RESET ? send_back(ctx) : ACTION_DROP;
}

/*
 * Ends a packet of a service that has nobody for it, and tells the sender of a segment. Not static,
 * so that the verifier looks at it once.
 */
__noinline int reset4(struct lb_ctx *ctx, __u32 service)
{
	__u32 bytes = packet_length(ctx);

	return end_dead(ctx, service, bytes, turn_into_reset4(ctx));
}

__noinline int reset6(struct lb_ctx *ctx, __u32 service)
{
	__u32 bytes = packet_length(ctx);

	return end_dead(ctx, service, bytes, turn_into_reset6(ctx));
}

#endif

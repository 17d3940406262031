/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which packets the fast path takes: TCP, UDP or SCTP directly behind an IP header without options
 * or fragmentation, whole in the frame. Everything else is looked at in icmp.h.
 */
#ifndef LB_PARSE_H
#define LB_PARSE_H

#include "flow.h"

/* TCP flags that tell beginning and end of a flow, as in the byte that holds them. */
enum {
	TCP_FLAGS_AT = 13,
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

/*
 * Types of SCTP's chunks (RFC 9260) that tell beginning and end of an association. The first chunk
 * of a packet is looked at alone: those of the beginning stand there by themselves.
 */
enum {
	SCTP_CHUNK_AT = 12,
	/* The common header, and that of a chunk, without which there is no packet. */
	SCTP_LEAST = 16,
	SCTP_INIT = 1,
	SCTP_ABORT = 6,
	SCTP_SHUTDOWN = 7,
	SCTP_SHUTDOWN_ACK = 8,
	SCTP_SHUTDOWN_COMPLETE = 14,
};

/* The start of TCP, UDP and SCTP alike. */
struct lb_ports {
	__be16 source;
	__be16 dest;
};

/* What stands behind the IPv6 header of a fragment. */
struct lb_fragment_header {
	__u8 nexthdr;
	__u8 reserved;
	__be16 offset; /* in units of 8 bytes, above three bits of which the last says that more
			  come */
	__be32 id;
};

/*
 * A packet of the fast path. Behind ports the whole TCP or UDP header can be read, of SCTP the
 * common header and that of the first chunk.
 */
struct lb_packet4 {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct lb_ports *ports;
	enum lb_kind kind;
};

struct lb_packet6 {
	struct ethhdr *eth;
	struct ipv6hdr *ip;
	struct lb_ports *ports;
	enum lb_kind kind;
};

/* Whether services may be of this protocol. */
static __always_inline bool is_transport(__u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP;
}

/* Kind of a TCP segment. */
static __always_inline enum lb_kind segment_kind(const void *tcp)
{
	__u8 flags = ((const __u8 *)tcp)[TCP_FLAGS_AT];

	return (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN ? LB_KIND_SYN : LB_KIND_SEGMENT;
}

/* Kind of an SCTP packet, without a branch: the verifier would walk the whole journey twice. */
static __always_inline enum lb_kind chunk_kind(const void *sctp)
{
	__u32 other = ((const __u8 *)sctp)[SCTP_CHUNK_AT] ^ SCTP_INIT;

	/* Keep the compiler from finding the branch again. */
	asm volatile("" : "+r"(other));
	return LB_KIND_CHUNK | (other - 1) >> 31;
}

/* Whether what is behind the IP header, of this length, is a packet of SCTP; says of which kind. */
static __always_inline bool parse_sctp(const struct lb_ctx *ctx, const void *sctp, __u32 length,
				       enum lb_kind *kind)
{
	if (length < SCTP_LEAST || sctp + SCTP_LEAST > packet_end(ctx))
		return false;
	*kind = chunk_kind(sctp);
	return true;
}

/* Finds the headers of a plain packet over IPv4, of SCTP too or not; false when it is not one. */
static __always_inline bool parse_plain4(const struct lb_ctx *ctx, struct lb_packet4 *p, bool sctp)
{
	void *end = packet_end(ctx);
	__u32 length;

	p->eth = packet(ctx);
	p->ip = (void *)(p->eth + 1);
	p->ports = (void *)(p->ip + 1);
	if (unlikely((void *)p->ports + sizeof(struct udphdr) > end))
		return false;
	/* Version 4 and a header of five words are one byte. */
	if (unlikely(*(__u8 *)p->ip != 0x45 || p->ip->frag_off & bpf_htons(0x3fff)))
		return false;
	length = bpf_ntohs(p->ip->tot_len);
	if (unlikely(!reaches(ctx, p->ip, length)))
		return false;
	if (likely(p->ip->protocol == IPPROTO_TCP)) {
		if (unlikely(length < sizeof(*p->ip) + sizeof(struct tcphdr)))
			return false;
		/* True by the lengths above, which the verifier doesn't add up. */
		if ((void *)p->ports + sizeof(struct tcphdr) > end)
			return false;
		p->kind = segment_kind(p->ports);
		return true;
	}
	if (likely(p->ip->protocol == IPPROTO_UDP)) {
		p->kind = LB_KIND_DATAGRAM;
		return length >= sizeof(*p->ip) + sizeof(struct udphdr);
	}
	return sctp && p->ip->protocol == IPPROTO_SCTP && length >= sizeof(*p->ip) &&
	       parse_sctp(ctx, p->ports, length - sizeof(*p->ip), &p->kind);
}

/* Finds the headers of a plain packet over IPv6, of SCTP too or not; false when it is not one. */
static __always_inline bool parse_plain6(const struct lb_ctx *ctx, struct lb_packet6 *p, bool sctp)
{
	void *end = packet_end(ctx);
	__u32 length;

	p->eth = packet(ctx);
	p->ip = (void *)(p->eth + 1);
	p->ports = (void *)(p->ip + 1);
	if (unlikely((void *)p->ports + sizeof(struct udphdr) > end))
		return false;
	if (unlikely(p->ip->version != 6))
		return false;
	length = bpf_ntohs(p->ip->payload_len);
	if (unlikely(!reaches(ctx, p->ports, length)))
		return false;
	if (likely(p->ip->nexthdr == IPPROTO_TCP)) {
		if (unlikely(length < sizeof(struct tcphdr)))
			return false;
		/* True by the lengths above, which the verifier doesn't add up. */
		if ((void *)p->ports + sizeof(struct tcphdr) > end)
			return false;
		p->kind = segment_kind(p->ports);
		return true;
	}
	if (likely(p->ip->nexthdr == IPPROTO_UDP)) {
		p->kind = LB_KIND_DATAGRAM;
		return length >= sizeof(struct udphdr);
	}
	return sctp && p->ip->nexthdr == IPPROTO_SCTP &&
	       parse_sctp(ctx, p->ports, length, &p->kind);
}

/* Finds the headers of a plain packet; false when it is not one. */
static __always_inline bool parse4(const struct lb_ctx *ctx, struct lb_packet4 *p)
{
	return parse_plain4(ctx, p, true);
}

static __always_inline bool parse6(const struct lb_ctx *ctx, struct lb_packet6 *p)
{
	return parse_plain6(ctx, p, true);
}

/* As parse4, where only what can get other ends is of use: SCTP has its own in its checksum. */
static __always_inline bool parse_mutable4(const struct lb_ctx *ctx, struct lb_packet4 *p)
{
	return parse_plain4(ctx, p, false);
}

static __always_inline bool parse_mutable6(const struct lb_ctx *ctx, struct lb_packet6 *p)
{
	return parse_plain6(ctx, p, false);
}

#endif

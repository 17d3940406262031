/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which packets the fast path takes: TCP or UDP directly behind an IP header without options or
 * fragmentation, whole in the frame. Everything else is looked at in icmp.h.
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

/* The start of TCP and UDP alike. */
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

/* A packet of the fast path. Behind ports the whole TCP or UDP header can be read. */
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

/* Kind of a TCP segment. */
static __always_inline enum lb_kind segment_kind(const void *tcp)
{
	__u8 flags = ((const __u8 *)tcp)[TCP_FLAGS_AT];

	return (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN ? LB_KIND_SYN : LB_KIND_SEGMENT;
}

/* Finds the headers of a plain TCP or UDP packet over IPv4; false when it is not one. */
static __always_inline bool parse4(const struct lb_ctx *ctx, struct lb_packet4 *p)
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
	p->kind = LB_KIND_DATAGRAM;
	return p->ip->protocol == IPPROTO_UDP && length >= sizeof(*p->ip) + sizeof(struct udphdr);
}

/* Finds the headers of a plain TCP or UDP packet over IPv6; false when it is not one. */
static __always_inline bool parse6(const struct lb_ctx *ctx, struct lb_packet6 *p)
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
	p->kind = LB_KIND_DATAGRAM;
	return p->ip->nexthdr == IPPROTO_UDP && length >= sizeof(struct udphdr);
}

#endif

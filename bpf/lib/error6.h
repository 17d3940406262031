/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ICMP errors over IPv6, and the start of the packet that each is about. */
#ifndef LB_ERROR6_H
#define LB_ERROR6_H

#include "parse.h"

/* An ICMPv6 error and the start of the packet that it is about. */
struct lb_error6 {
	struct ethhdr *eth;
	struct ipv6hdr *ip;
	struct lb_icmp *icmp;
	struct ipv6hdr *inner;
	struct lb_ports *ports;
};

static __always_inline bool is_error6(__u8 type)
{
	return type >= ICMPV6_DEST_UNREACH && type <= ICMPV6_PARAMPROB;
}

/* Finds the headers in an ICMPv6 error; false when the inner packet is of no use. */
static __always_inline bool parse_error6(const struct lb_ctx *ctx, struct lb_error6 *e)
{
	const __u32 needed = sizeof(*e->icmp) + sizeof(*e->inner) + 8;
	void *end = packet_end(ctx);

	e->eth = packet(ctx);
	e->ip = (void *)(e->eth + 1);
	e->icmp = (void *)(e->ip + 1);
	e->inner = (void *)(e->icmp + 1);
	e->ports = (void *)(e->inner + 1);
	if ((void *)e->icmp + needed > end || bpf_ntohs(e->ip->payload_len) < needed)
		return false;
	if (e->inner->version != 6)
		return false;
	return is_transport(e->inner->nexthdr);
}

#endif

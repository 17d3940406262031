/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ICMP errors over IPv4, and the start of the packet that each is about. */
#ifndef LB_ERROR4_H
#define LB_ERROR4_H

#include "parse.h"

/* An ICMP error and the start of the packet that it is about. */
struct lb_error4 {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct lb_icmp *icmp;
	struct iphdr *inner;
	struct lb_ports *ports;
};

static __always_inline bool is_error4(__u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETERPROB;
}

/* Finds the headers in an ICMP error of plain IPv4; false when the inner packet is of no use. */
static __always_inline bool parse_error4(const struct lb_ctx *ctx, struct lb_error4 *e)
{
	const __u32 needed = sizeof(*e->ip) + sizeof(*e->icmp) + sizeof(*e->inner) + 8;
	void *end = packet_end(ctx);

	e->eth = packet(ctx);
	e->ip = (void *)(e->eth + 1);
	e->icmp = (void *)(e->ip + 1);
	e->inner = (void *)(e->icmp + 1);
	e->ports = (void *)(e->inner + 1);
	if ((void *)e->ip + needed > end || bpf_ntohs(e->ip->tot_len) < needed)
		return false;
	if (*(__u8 *)e->inner != 0x45 || e->inner->frag_off & bpf_htons(0x1fff))
		return false;
	return is_transport(e->inner->protocol);
}

#endif

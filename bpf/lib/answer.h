/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What all answers have in common that a packet is made into: whom they may go to, and how many. */
#ifndef LB_ANSWER_H
#define LB_ANSWER_H

#include "csum.h"
#include "flow.h"

enum {
	/* Of a sender that can be answered, see RFC 1122, section 3.2.2. */
	FIRST_MULTICAST4 = 224,
};

/* Whether a packet came from a single host, to this one alone. */
static __always_inline bool has_one_sender4(const struct ethhdr *eth, const struct iphdr *ip)
{
	__u8 net = ip->saddr & 0xff;

	return !(eth->h_dest[0] & 1) && net && net != 127 && net < FIRST_MULTICAST4;
}

static __always_inline bool has_one_sender6(const struct ethhdr *eth, const struct ipv6hdr *ip)
{
	return !(eth->h_dest[0] & 1) && ip->saddr.s6_addr[0] != 0xff &&
	       load64(&ip->saddr) | load64((void *)&ip->saddr + 8);
}

/* Takes one from this CPU's budget of answers of a kind; false when it is spent. */
static __always_inline bool spend_answer(void *budgets, __u32 limit)
{
	__u32 zero = 0, tick = tick_now();
	struct lb_budget *budget = bpf_map_lookup_elem(budgets, &zero);

	if (!budget)
		return false;
	if (budget->tick != tick) {
		budget->tick = tick;
		budget->used = 0;
	}
	if (budget->used >= limit)
		return false;
	budget->used++;
	return true;
}

/* Writes an Ethernet header with the addresses of another exchanged, which may be the same one. */
static __always_inline void turn_frame(struct ethhdr *eth, const struct ethhdr *old)
{
	__u64 first = load64(old);
	__u32 rest = load32((const void *)old + 8);
	__be16 type = ether_type(old);

	/* The destination is the low 48 bits of the first word, the source what is behind it. */
	*(__u64 *)eth = first >> 48 | (__u64)rest << 16 | first << 48;
	*(__u32 *)((void *)eth + 8) = first >> 16;
	set_ether_type(eth, type);
}

#endif

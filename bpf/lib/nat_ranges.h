/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Replies of nat to services of port ranges. A backend of such a service has the ports that clients
 * ask for, so its replies are found as its packets are: what no exact entry was found for has a
 * number here, by its source's address, then by the port, and stands in lb_nat4/6 under that.
 */
#ifndef LB_NAT_RANGES_H
#define LB_NAT_RANGES_H

#include "ranges.h"

/* Addresses of backends with ranges -> a group of ports. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct lb_prefix4);
	__type(value, __u32);
} lb_nat_hosts4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct lb_prefix6);
	__type(value, __u32);
} lb_nat_hosts6 SEC(".maps");

/* The ports of each group, of both families -> the number of a backend. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1048576);
	__type(key, struct lb_ports_key);
	__type(value, __u32);
} lb_nat_ports SEC(".maps");

/* What the numbers stand for; user space alone reads it. Number 0 is not used. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct lb_range);
} lb_nat_ranges SEC(".maps");

/* Number of the backend with this address and port, 0 for none. */
__noinline __u32 nat_range_of4(__be32 addr, __u32 word)
{
	__u32 group = group_of4(&lb_nat_hosts4, addr);

	return group ? number_of(&lb_nat_ports, group, word) : 0;
}

/* As nat_range_of4; the halves of the address are as they lie in memory. */
__noinline __u32 nat_range_of6(__u64 high, __u64 low, __u32 word)
{
	__u32 group = group_of6(&lb_nat_hosts6, high, low);

	return group ? number_of(&lb_nat_ports, group, word) : 0;
}

/* What a packet from a backend with ranges becomes, null when its address and port are no such's.
 */
static __always_inline const struct lb_nat *find_ranged_nat4(__be32 addr, __be16 port, __u8 proto)
{
	__u32 number = nat_range_of4(addr, endpoint_word(port, proto));
	struct lb_endpoint4 key __attribute__((aligned(8)));

	if (!number)
		return NULL;
	set_numbered4(&key, number);
	return bpf_map_lookup_elem(&lb_nat4, &key);
}

static __always_inline const struct lb_nat *find_ranged_nat6(const void *addr, __be16 port,
							     __u8 proto)
{
	__u32 number = nat_range_of6(load64(addr), load64(addr + 8), endpoint_word(port, proto));
	struct lb_endpoint6 key __attribute__((aligned(8)));

	if (!number)
		return NULL;
	set_numbered6(&key, number);
	return bpf_map_lookup_elem(&lb_nat6, &key);
}

#endif

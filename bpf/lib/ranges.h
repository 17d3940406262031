/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Services of prefixes and port ranges. They have numbers, and stand in lb_vips4/6 under these; a
 * packet that no exact entry was found for finds the number here, by its address, then by its port.
 *
 * What is looked up is not static: the verifier looks at each once, whatever its callers know.
 */
#ifndef LB_RANGES_H
#define LB_RANGES_H

#include "endpoints.h"

/* The longest prefixes with services -> a group of ports. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct lb_prefix4);
	__type(value, __u32);
} lb_prefixes4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct lb_prefix6);
	__type(value, __u32);
} lb_prefixes6 SEC(".maps");

/* The ports of each group, of both families -> the number of a service. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1048576);
	__type(key, struct lb_ports_key);
	__type(value, __u32);
} lb_ports SEC(".maps");

/* What the numbers stand for; user space alone reads it. Number 0 is not used. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct lb_range);
} lb_ranges SEC(".maps");

/* Group of an address by a trie of prefixes, 0 when none has it. */
static __always_inline __u32 group_of4(void *prefixes, __be32 addr)
{
	struct lb_prefix4 key = {.length = 32, .addr = addr};
	const __u32 *group = bpf_map_lookup_elem(prefixes, &key);

	return group ? *group : 0;
}

static __always_inline __u32 group_of6(void *prefixes, __u64 high, __u64 low)
{
	struct lb_prefix6 key = {.length = 128};
	const __u32 *group;

	__builtin_memcpy(key.addr, &high, sizeof(high));
	__builtin_memcpy(key.addr + sizeof(high), &low, sizeof(low));
	group = bpf_map_lookup_elem(prefixes, &key);
	return group ? *group : 0;
}

/* Number in a group that a port has, as endpoint_word() puts it; 0 for none. */
static __always_inline __u32 number_of(void *ports, __u32 group, __u32 word)
{
	struct lb_ports_key key = {
		.length = LB_PORTS_BITS,
		.group = group,
		.proto = word >> 16,
		.port = (__be16)word,
	};
	const __u32 *number = bpf_map_lookup_elem(ports, &key);

	return number ? *number : 0;
}

/* Number of the service with this address and port, 0 for none. */
__noinline __u32 range_of4(__be32 addr, __u32 word)
{
	__u32 group = group_of4(&lb_prefixes4, addr);

	return group ? number_of(&lb_ports, group, word) : 0;
}

/* As range_of4; the halves of the address are as they lie in memory. */
__noinline __u32 range_of6(__u64 high, __u64 low, __u32 word)
{
	__u32 group = group_of6(&lb_prefixes6, high, low);

	return group ? number_of(&lb_ports, group, word) : 0;
}

/* Whether the address is inside a prefix with services. */
__noinline int is_ranged4(__be32 addr)
{
	return group_of4(&lb_prefixes4, addr) != 0;
}

__noinline int is_ranged6(__u64 high, __u64 low)
{
	return group_of6(&lb_prefixes6, high, low) != 0;
}

#endif

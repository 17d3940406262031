/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The maps by address and port that every program reads: services, and the reply side of nat. */
#ifndef LB_ENDPOINTS_H
#define LB_ENDPOINTS_H

#include "base.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lb_endpoint4);
	__type(value, struct lb_service);
} lb_vips4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lb_endpoint6);
	__type(value, struct lb_service);
} lb_vips6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct lb_endpoint4);
	__type(value, struct lb_nat);
} lb_nat4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct lb_endpoint6);
	__type(value, struct lb_nat);
} lb_nat6 SEC(".maps");

/*
 * Keys of endpoints are stored in whole words: hashing loads words, and a load that has to gather
 * several smaller stores waits for them.
 */
static __always_inline __u32 endpoint_word(__be16 port, __u8 proto)
{
	return port | (__u32)proto << 16;
}

static __always_inline void set_endpoint4(struct lb_endpoint4 *key, __be32 addr, __be16 port,
					  __u8 proto)
{
	*(__u64 *)(void *)key = addr | (__u64)endpoint_word(port, proto) << 32;
}

static __always_inline void set_endpoint6(struct lb_endpoint6 *key, const void *addr, __be16 port,
					  __u8 proto)
{
	copy16(key->addr, addr);
	*(__u32 *)(void *)&key->port = endpoint_word(port, proto);
}

/* The key of what has a number in place of one address and port. */
static __always_inline void set_numbered4(struct lb_endpoint4 *key, __u32 number)
{
	*(__u64 *)(void *)key = number | (__u64)LB_ENDPOINT_RANGE << 56;
}

static __always_inline void set_numbered6(struct lb_endpoint6 *key, __u32 number)
{
	((__u64 *)(void *)key)[0] = number;
	((__u64 *)(void *)key)[1] = 0;
	*(__u32 *)(void *)&key->port = (__u32)LB_ENDPOINT_RANGE << 24;
}

#endif

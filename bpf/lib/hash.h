/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The flow hash. Every node of a site, and user space, must get the same slot for the same flow:
 * a change here raises LB_LAYOUT_VERSION.
 *
 * Words are the header's bytes read as little-endian numbers:
 *
 *	absorb(h, w) = g ^ (g >> 32) where g = (h ^ w) * 0x9e3779b97f4a7c15 mod 2^64
 *	last = ports | (seed ^ protocol) << 32    ports: source in the low, destination in the high
 *half IPv4: hash = absorb(absorb(0, source | destination << 32), last) >> 32 IPv6: hash = absorb(..
 *absorb(0, source 0-7), source 8-15, destination 0-7, 8-15, last) >> 32 slot = hash * slots >> 32
 *
 * The factor is 2^64 divided by the golden ratio: neighbouring ports land far apart and fill the
 * slots more evenly than chance would; the shift between carries the addresses' high bits down.
 */
#ifndef LB_HASH_H
#define LB_HASH_H

#include "base.h"

static __always_inline __u64 absorb(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ (hash >> 32);
}

/* Ends a hash with ports, protocol and the service's seed. */
static __always_inline __u32 hash_end(__u64 hash, __u32 ports, __u8 proto, __u32 seed)
{
	return absorb(hash, ports | (__u64)(seed ^ proto) << 32) >> 32;
}

/* Flow hash of IPv4; addresses are the source's and destination's bytes as in the header. */
static __always_inline __u32 hash4(__u64 addresses, __u32 ports, __u8 proto, __u32 seed)
{
	return hash_end(absorb(0, addresses), ports, proto, seed);
}

/* Flow hash of IPv6; src and dst point to 16 bytes each. */
static __always_inline __u32 hash6(const void *src, const void *dst, __u32 ports, __u8 proto,
				   __u32 seed)
{
	__u64 hash = absorb(absorb(0, load64(src)), load64(src + 8));

	hash = absorb(absorb(hash, load64(dst)), load64(dst + 8));
	return hash_end(hash, ports, proto, seed);
}

/* The slot, below slots, of a hash. */
static __always_inline __u32 slot_of(__u32 hash, __u32 slots)
{
	return (__u64)hash * slots >> 32;
}

#endif

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Incremental checksums (RFC 1624, equation 3): start from the complement of the old checksum, add
 * the complement of every old word and every new word, fold. Words of 32 bits fold to the same
 * result as their halves.
 */
#ifndef LB_CSUM_H
#define LB_CSUM_H

#include "base.h"

/* The sum from which a checksum is carried on. */
static __always_inline __u64 csum_open(__u16 check)
{
	return (__u16)~check;
}

static __always_inline __u64 csum_swap16(__u64 sum, __u16 from, __u16 to)
{
	return sum + (__u16)~from + to;
}

static __always_inline __u64 csum_swap32(__u64 sum, __u32 from, __u32 to)
{
	return sum + (__u32)~from + to;
}

/* As csum_swap32, for 16 bytes. */
static __always_inline __u64 csum_swap128(__u64 sum, const void *from, const void *to)
{
	sum = csum_swap32(sum, load32(from), load32(to));
	sum = csum_swap32(sum, load32(from + 4), load32(to + 4));
	sum = csum_swap32(sum, load32(from + 8), load32(to + 8));
	return csum_swap32(sum, load32(from + 12), load32(to + 12));
}

/* Adds 16 bytes. */
static __always_inline __u64 csum_words16(__u64 sum, const void *words)
{
	return sum + load32(words) + load32(words + 4) + load32(words + 8) + load32(words + 12);
}

/* The checksum of a sum below 2^40: three folds leave no carry. */
static __always_inline __u16 csum_close(__u64 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Closes a UDP checksum, for which 0 means that there is none. */
static __always_inline __u16 csum_close_udp(__u64 sum)
{
	__u16 check = csum_close(sum);

	return check ? check : 0xffff;
}

#endif

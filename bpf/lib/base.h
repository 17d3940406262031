/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What every other header needs: uapi headers, helpers, wide copies. */
#ifndef LB_BASE_H
#define LB_BASE_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../include/lb_types.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Only <sys/socket.h> has these, which is not for eBPF programs. */
enum {
	AF_INET = 2,
	AF_INET6 = 10,
};

/* Start of ICMP and ICMPv6; <linux/icmp.h> and its types come only with <sys/socket.h>. */
struct lb_icmp {
	__u8 type;
	__u8 code;
	__be16 check;
	__be32 rest;
};

/* The types of ICMP that the programs know. */
enum {
	ICMP_ECHOREPLY = 0,
	ICMP_DEST_UNREACH = 3,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETERPROB = 12,
};

/* The 8 bytes at p, as they lie in memory. Packets need no alignment on the hosts we support. */
static __always_inline __u64 load64(const void *p)
{
	return *(const __u64 *)p;
}

/* The 4 bytes at p, as they lie in memory. */
static __always_inline __u32 load32(const void *p)
{
	return *(const __u32 *)p;
}

/* The 2 bytes at p, as they lie in memory. */
static __always_inline __u16 load16(const void *p)
{
	return *(const __u16 *)p;
}

/* The EtherType; by hand, because struct ethhdr is packed and would be read by bytes. */
static __always_inline __be16 ether_type(const struct ethhdr *eth)
{
	return load16(&eth->h_proto);
}

static __always_inline void set_ether_type(struct ethhdr *eth, __be16 type)
{
	*(__be16 *)(void *)&eth->h_proto = type;
}

/* Copies 16 bytes, an IPv6 address, in two words; memcpy would go by the type's alignment. */
static __always_inline void copy16(void *to, const void *from)
{
	((__u64 *)to)[0] = ((const __u64 *)from)[0];
	((__u64 *)to)[1] = ((const __u64 *)from)[1];
}

/* Whether two IPv6 addresses are the same. */
static __always_inline bool equal16(const void *a, const void *b)
{
	return load64(a) == load64(b) && load64(a + 8) == load64(b + 8);
}

#endif

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The part of lb_types.h, which includes it, for what has more than one address or port. */
#ifndef LB_RANGE_TYPES_H
#define LB_RANGE_TYPES_H

/* A service of more than one address or port, or a backend of nat with more ports, by number. */
struct lb_range {
	__u8 addr[16]; /* the prefix; bits behind it are 0 */
	__be16 first;  /* ports, both included */
	__be16 last;
	__u8 proto;  /* 0 while the number is not used */
	__u8 family; /* AF_INET or AF_INET6 */
	__u8 bits;   /* length of the prefix */
	__u8 pad;
};

/* Lengths of lb_ports_key. */
enum lb_ports_length {
	LB_PORTS_BITS = 64, /* of a single port */
};

/* Key of the trie of ports; length counts the bits from group on. */
struct lb_ports_key {
	__u32 length;
	__u32 group; /* of an entry of lb_prefixes4/6, or lb_nat_hosts4/6 */
	__u8 proto;
	__u8 pad;
	__be16 port;
};

_Static_assert(sizeof(struct lb_range) == 24, "lb_range");
_Static_assert(sizeof(struct lb_ports_key) == 12, "lb_ports_key");

#endif

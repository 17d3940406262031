/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The part of lb_types.h, which includes it, of affinity: LB_SERVICE_AFFINITY, LB_SERVICE_STICKY.
 */
#ifndef LB_CLIENT_TYPES_H
#define LB_CLIENT_TYPES_H

/* Which bits of a source's address tell clients of a service apart; IPv4 in the first four bytes.
 */
struct lb_affinity {
	__u8 mask[16];
};

/* A client of a service that keeps its backend: its address as lb_affinity masks it. */
struct lb_client4 {
	__u32 service;
	__be32 addr;
};

struct lb_client6 {
	__u32 service;
	__u8 addr[16];
};

struct lb_client_entry {
	__u32 backend;
	__u32 seen; /* last time that an established flow of it was, in ticks (LB_TICK_SHIFT) */
};

_Static_assert(sizeof(struct lb_affinity) == 16, "lb_affinity");
_Static_assert(sizeof(struct lb_client4) == 8, "lb_client4");
_Static_assert(sizeof(struct lb_client6) == 20, "lb_client6");
_Static_assert(sizeof(struct lb_client_entry) == 8, "lb_client_entry");

#endif

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The part of lb_types.h, which includes it, that only full-nat has. */
#ifndef LB_FULL_TYPES_H
#define LB_FULL_TYPES_H

/*
 * An address and ports that full-nat sends from. The entries of a family are filled by going round
 * its addresses, so that a flow's hash picks one.
 */
struct lb_source {
	__u8 addr[16]; /* as in the keys of lb_full: IPv4 is ::ffff:a.b.c.d */
	__u16 first;   /* host order */
	__u16 ports;   /* how many from first on; 0 for an entry that is not used */
	__u32 pad;
};

enum lb_full_flag {
	/* Of the backend's packets; without it, of the client's. */
	LB_FULL_REPLY = 1 << 0,
	/* In an entry of the backend's: a packet of it was seen that is no reset. */
	LB_FULL_ANSWERED = 1 << 1,
	/* TCP: a FIN, or a RST, was seen in this direction. */
	LB_FULL_FIN = 1 << 2,
	LB_FULL_RESET = 1 << 3,
};

/*
 * What packets of a flow of full-nat become. There is one entry for the client's packets and one
 * for the backend's, each under the ends that they come with; addresses of IPv4 are ::ffff:a.b.c.d.
 */
struct lb_full {
	struct lb_flow6 becomes;
	__u32 backend;
	__u32 service;
	__u32 slot;
	__u32 seen; /* last packet in this direction, in ticks (LB_TICK_SHIFT) */
	__u8 flags; /* enum lb_full_flag */
	__u8 pad[7];
};

/*
 * A datagram of full-nat that comes in fragments, or what it becomes. An identification of IPv4 is
 * in the last two bytes of id.
 */
struct lb_full_piece {
	__u8 src[16];
	__u8 dst[16];
	__be32 id;
	__u8 proto; /* 0 over IPv6 */
	__u8 pad[3];
};

/* What the fragments behind a first one become. */
struct lb_full_rest {
	struct lb_full_piece becomes;
	__u32 seen; /* the first fragment, in ticks (LB_TICK_SHIFT) */
	__u32 pad;
};

_Static_assert(sizeof(struct lb_source) == 24, "lb_source");
_Static_assert(sizeof(struct lb_full_piece) == 40, "lb_full_piece");
_Static_assert(sizeof(struct lb_full_rest) == 48, "lb_full_rest");
_Static_assert(sizeof(struct lb_full) == 64, "lb_full");

#endif

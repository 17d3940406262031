/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The part of lb_types.h, which includes it, that only lb_sockmap has. */
#ifndef LB_PAIR_TYPES_H
#define LB_PAIR_TYPES_H

/* Who moves what one socket of a relayed connection sends. */
enum lb_pair_state {
	LB_PAIR_MOVES = 0, /* the kernel, to the other socket */
	LB_PAIR_ASKED = 1, /* the loop, which has asked for it */
	LB_PAIR_FULL = 2,  /* the loop: too much waited for the other socket */
	LB_PAIR_ALONE = 3, /* the loop: the other socket was not there */
	LB_PAIR_OVER =
		4, /* nobody: what the loop was to read became too much, and the rest is lost */
};

/* What one socket of a relayed connection sends, while the kernel has a part in it. */
struct lb_pair_end {
	__u64 bytes;  /* moved by the kernel */
	__u64 passed; /* left to the loop, which may not see them yet */
	__u64 read;   /* of those the loop has read; it writes this */
	__u32 state;  /* enum lb_pair_state; the loop sets it too */
	__u32 begun;  /* what follows is set */
	__u32 next;   /* sequence number behind the last byte seen */
	__u32 end;    /* sequence number of the other socket behind the last byte moved */
	__u32 mark;   /* the same, before the newer of the two counts below began */
	__u32 older;  /* memory of what was moved and may not be written yet: before the mark, */
	__u32 newer;  /* and since */
	__u32 pad[3];
};

/* A record of lb_pair_calls. */
struct lb_pair_call {
	__u32 index;
	__u32 pad;
};

_Static_assert(sizeof(struct lb_pair_end) == 64, "lb_pair_end fills a cache line");
_Static_assert(sizeof(struct lb_pair_call) == 8, "lb_pair_call");

#endif

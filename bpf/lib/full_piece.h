/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Fragments of full-nat. What the first one of a datagram becomes is remembered for those behind
 * it. Datagrams of several senders become those of one, and their receiver tells them apart by
 * their identifications alone: so each gets one of the node's own, from a counter of its ends.
 */
#ifndef LB_FULL_PIECE_H
#define LB_FULL_PIECE_H

#include "full.h"
#include "piece.h"

/* What fragment4/6 return where full-nat is asked first; no hook's answers. */
enum {
	/* A client's first one. */
	OPENS_FULL = -7,
	/* A later one of a client, and of a backend, with what is known of it in the draft. */
	FOLLOWS_FULL = -8,
	RETURNS_LATER = -9,
	/* A first one for no VIP. */
	RETURNS_FIRST = -10,
};

/* An identification of IPv4 as keys and entries have it, and back. */
static __always_inline __be32 wide_id(__be16 id)
{
	return (__be32)id << 16;
}

static __always_inline __be16 narrow_id(__be32 id)
{
	return id >> 16;
}

/*
 * Remembers that the draft's datagram becomes what packets of this entry do, by an identification
 * of its own. Counters begin anywhere, so that nobody knows what comes.
 */
static __always_inline void begin_piece(struct lb_full_draft *d, const struct lb_full *entry,
					__u8 proto, bool v6)
{
	__u32 index, id, *counter;

	copy16(d->rest.becomes.src, entry->becomes.src);
	copy16(d->rest.becomes.dst, entry->becomes.dst);
	index = hash6(d->rest.becomes.src, d->rest.becomes.dst, 0, 0, 0) & (ID_COUNTERS - 1);
	counter = bpf_map_lookup_elem(&lb_full_ids, &index);
	/* Never: the key is inside the map. */
	if (!counter)
		return;
	if (!*counter)
		__sync_val_compare_and_swap(counter, 0, bpf_get_prandom_u32());
	id = __sync_fetch_and_add(counter, 1);
	d->rest.becomes.id = bpf_htonl(v6 ? id : id & 0xffff);
	d->rest.becomes.proto = d->piece.proto;
	d->rest.seen = tick_now();
	bpf_map_update_elem(&lb_full_pieces, &d->piece, &d->rest, BPF_ANY);
	d->found.backend = entry->backend;
	d->found.service = entry->service;
	d->found.seen = d->rest.seen;
	d->found.way = LB_MODE_FULL_NAT;
	d->found.proto = proto;
}

/* What the draft's datagram becomes, copied into it; false when that is not known. */
static __always_inline bool recall_piece(struct lb_full_draft *d)
{
	const struct lb_full_rest *rest = bpf_map_lookup_elem(&lb_full_pieces, &d->piece);

	if (!rest)
		return false;
	d->rest = *rest;
	return true;
}

#endif

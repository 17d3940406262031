/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The services of the destinations that this CPU had packets for lately, so that the common path
 * spares the hash map's look-up. A cell is good while its epoch is that of lb_epoch, which user
 * space raises after every change of a service: what was read before that is then asked again. That
 * a destination has no service is kept too, but takes no cell from one that has.
 *
 * A CPU is in one program at a time, so nobody else writes a cell while it is read.
 */
#ifndef LB_RECENT_H
#define LB_RECENT_H

#include "hash.h"
#include "parse.h"
#include "service.h"

enum {
	RECENT_SHIFT = 11,
};

struct lb_recent4 {
	__u64 key; /* struct lb_endpoint4, as it lies in memory */
	__u32 epoch;
	struct lb_service service; /* of mode 0 when there is none */
};

struct lb_recent6 {
	__u64 addr[2];
	__u32 end; /* port and protocol */
	__u32 epoch;
	struct lb_service service;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1 << RECENT_SHIFT);
	__type(key, __u32);
	__type(value, struct lb_recent4);
} lb_recent4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1 << RECENT_SHIFT);
	__type(key, __u32);
	__type(value, struct lb_recent6);
} lb_recent6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lb_epoch SEC(".maps");

/* The epoch before a look-up, whose result is good in it. */
static __always_inline __u32 epoch_now(void)
{
	__u32 zero = 0;
	const volatile __u64 *epoch = bpf_map_lookup_elem(&lb_epoch, &zero);

	return epoch ? *epoch : 0;
}

/* Whether a cell keeps its service against a destination that has none. */
static __always_inline bool keeps(const struct lb_service *found, const struct lb_service *held,
				  bool is_good)
{
	return !found && is_good && held->mode;
}

/*
 * Asks the maps for the service of a destination, and writes its cell; false when that keeps
 * another's. Not static, so that the verifier looks at it once.
 */
__noinline int renew4(__u64 key, __u32 index, __u32 epoch)
{
	struct lb_recent4 *cell = bpf_map_lookup_elem(&lb_recent4, &index);
	const struct lb_service *found =
		find_service4((__be32)key, (__be16)(key >> 32), (__u8)(key >> 48));

	if (!cell || keeps(found, &cell->service, cell->epoch == epoch))
		return false;
	cell->key = key;
	cell->epoch = epoch;
	if (found)
		cell->service = *found;
	else
		cell->service.mode = 0;
	return true;
}

/* As renew4, for the destination of a packet of IPv6, which would be too much to hand over. */
__noinline int renew6(struct lb_ctx *ctx, __u32 index, __u32 epoch)
{
	struct lb_recent6 *cell = bpf_map_lookup_elem(&lb_recent6, &index);
	const struct lb_service *found;
	struct lb_packet6 p;

	/* Never: the caller has parsed it before. */
	if (!cell || !parse6(ctx, &p))
		return false;
	found = find_service6(&p.ip->daddr, p.ports->dest, p.ip->nexthdr);
	if (keeps(found, &cell->service, cell->epoch == epoch))
		return false;
	copy16(cell->addr, &p.ip->daddr);
	cell->end = endpoint_word(p.ports->dest, p.ip->nexthdr);
	cell->epoch = epoch;
	if (found)
		cell->service = *found;
	else
		cell->service.mode = 0;
	return true;
}

/* The service of a packet, or null. */
static __always_inline const struct lb_service *recent_service4(const struct lb_packet4 *p)
{
	__u64 key = p->ip->daddr | (__u64)endpoint_word(p->ports->dest, p->ip->protocol) << 32;
	__u32 index = absorb(0, key) >> (64 - RECENT_SHIFT), epoch = epoch_now();
	struct lb_recent4 *cell = bpf_map_lookup_elem(&lb_recent4, &index);

	/* Null is never: the index is inside the map. */
	if (unlikely(!cell))
		return NULL;
	if (unlikely(cell->key != key || cell->epoch != epoch) && !renew4(key, index, epoch))
		return NULL;
	return likely(cell->service.mode) ? &cell->service : NULL;
}

static __always_inline const struct lb_service *recent_service6(struct lb_ctx *ctx,
								const struct lb_packet6 *p)
{
	__u64 first = load64(&p->ip->daddr), last = load64((void *)&p->ip->daddr + 8);
	__u32 end = endpoint_word(p->ports->dest, p->ip->nexthdr), epoch = epoch_now();
	__u32 index = absorb(absorb(absorb(0, first), last), end) >> (64 - RECENT_SHIFT);
	struct lb_recent6 *cell = bpf_map_lookup_elem(&lb_recent6, &index);

	/* Null is never: the index is inside the map. */
	if (unlikely(!cell))
		return NULL;
	if (unlikely(cell->addr[0] != first || cell->addr[1] != last || cell->end != end ||
		     cell->epoch != epoch) &&
	    !renew6(ctx, index, epoch))
		return NULL;
	return likely(cell->service.mode) ? &cell->service : NULL;
}

#endif

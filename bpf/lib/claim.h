/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How a flow of full-nat begins: a backend, and an address and port of the node towards it. */
#ifndef LB_CLAIM_H
#define LB_CLAIM_H

#include "full.h"

enum {
	/* Ports that are tried for a new flow; docs/datapath.md says what follows. */
	PORT_TRIES = 32,
};

/* Makes the entries of a new flow with the ends in the draft; false when the port is taken. */
static __always_inline bool take_port(struct lb_full_draft *d)
{
	const struct lb_full *other;

	if (bpf_map_lookup_elem(&lb_full, &d->reply))
		return false;
	other = bpf_map_lookup_elem(&lb_full_new, &d->reply);
	/* Its own, when only the client's entry was evicted. */
	if (other && !becomes_reverse(other, &d->flow))
		return false;
	if (bpf_map_update_elem(&lb_full_new, &d->reply, &d->back, other ? BPF_ANY : BPF_NOEXIST))
		return false;
	/* Another flow may have been established with it meanwhile. */
	if (bpf_map_lookup_elem(&lb_full, &d->reply)) {
		bpf_map_delete_elem(&lb_full_new, &d->reply);
		return false;
	}
	reverse_flow(&d->there.becomes, &d->reply);
	if (bpf_map_update_elem(&lb_full_new, &d->flow, &d->there, BPF_ANY)) {
		bpf_map_delete_elem(&lb_full_new, &d->reply);
		return false;
	}
	return true;
}

/*
 * Finds an address and port for a new flow to a backend, and makes its entries; false when all that
 * were tried are taken. They follow from the flow's hash: a flow whose entries are lost gets the
 * same again, if nobody has them.
 */
static __always_inline bool claim_port(struct lb_full_draft *d, const struct lb_backend *backend,
				       __u32 hash)
{
	__u32 base = backend->family == AF_INET ? 0 : LB_SOURCE_LIMIT, index;
	const struct lb_source *source;
	/* The port that the client asked for, where the backend has none of its own. */
	__be16 to = backend->port ? backend->port : d->flow.dport;
	__u64 mixed = hash;
	__u16 port;

	if (backend->family == AF_INET)
		set_mapped(d->reply.src, load32(backend->addr));
	else
		copy16(d->reply.src, backend->addr);
	for (__u32 i = 1; i <= PORT_TRIES; i++) {
		mixed = absorb(mixed, i);
		index = base + (mixed & (LB_SOURCE_LIMIT - 1));
		source = bpf_map_lookup_elem(&lb_sources, &index);
		if (!source)
			return false;
		port = source->first + ((mixed >> 32) * source->ports >> 32);
		copy16(d->reply.dst, source->addr);
		set_rest(&d->reply, to | (__u32)bpf_htons(port) << 16, d->flow.proto);
		if (source->ports && take_port(d))
			return true;
	}
	return false;
}

/*
 * Backend for a flow of full-nat that has no entry, 0 or FLOW_IS_DEAD for none: the one that its
 * client keeps, or the slot rule.
 */
static __always_inline __u32 choose_full(const struct lb_service *service, __u32 hash,
					 enum lb_kind kind, bool v6)
{
	struct lb_slot slot;
	__u32 previous, kept;

	if (!read_slot(service, hash, &slot))
		return 0;
	if (is_sticky(service)) {
		kept = v6 ? ask_client6(service->id) : ask_client4(service->id);
		if (kept)
			return kept;
	}
	previous = slot.previous & (LB_BACKEND_LIMIT - 1);
	if (kind == LB_KIND_SYN || slot.previous & LB_SLOT_WINDOW_OVER ||
	    (is_sticky(service) && is_udp(kind)))
		return slot.current;
	if (is_alive(previous))
		return previous;
	return resets(service) && previous && !is_udp(kind) ? FLOW_IS_DEAD : slot.current;
}

/* Begins the draft's flow to a backend; false when there is no port for it. */
__noinline int begin_full(__u32 index, __u32 service, __u32 slot, __u32 hash)
{
	const struct lb_backend *backend = bpf_map_lookup_elem(&lb_backends, &index);
	struct lb_traffic *traffic = bpf_map_lookup_elem(&lb_svc_stats, &service);
	struct lb_full_draft *d = full_draft();

	if (!d || !backend)
		return false;
	__builtin_memset(&d->there, 0, sizeof(d->there));
	d->there.backend = index;
	d->there.service = service;
	d->there.slot = slot;
	d->there.seen = tick_now();
	d->back = d->there;
	d->back.flags = LB_FULL_REPLY;
	reverse_flow(&d->back.becomes, &d->flow);
	if (!claim_port(d, backend, hash))
		return false;
	if (traffic)
		traffic->tracked++;
	return true;
}

#endif

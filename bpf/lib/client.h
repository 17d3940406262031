/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Clients that keep their backend when the table changes: an entry for each, of services with
 * LB_SERVICE_STICKY. Established flows make and refresh it, so that a flood of SYNs neither fills
 * the maps nor moves anybody; it decides for flows that the flow tables do not know.
 *
 * Who the client is stands in this CPU's draft since its flow was hashed. So what follows has next
 * to nothing on the stack, and, not being static, is verified once.
 */
#ifndef LB_CLIENT_H
#define LB_CLIENT_H

#include "affinity.h"
#include "flow.h"

/* Backend that an entry names while it holds, 0 for none. */
static __always_inline __u32 kept_backend(const struct lb_client_entry *entry, __u32 service,
					  __u32 tick)
{
	const __u32 *timeout = bpf_map_lookup_elem(&lb_sticky, &service);
	__u32 backend;

	/* Another CPU may have been in the next tick already. */
	if (!entry || !timeout || (__s32)(tick - entry->seen) > (__s32)*timeout)
		return 0;
	backend = *(const volatile __u32 *)&entry->backend;
	return is_alive(backend) ? backend : 0;
}

/* Backend that the draft's client keeps, 0 for none. */
static __always_inline __u32 ask_client(void *clients, __u32 service)
{
	const struct lb_client6 *client = client_draft();

	/* Not this service's where it has become sticky since the flow was hashed. */
	if (!client || client->service != service)
		return 0;
	return kept_backend(bpf_map_lookup_elem(clients, client), service, tick_now());
}

/*
 * An established flow of the draft's client is with this backend: that is the one that it keeps,
 * unless it keeps another. Nothing evicts an entry but newer ones, within the insert budget.
 */
static __always_inline int note_client(void *clients, enum lb_flow_table table, __u32 service,
				       __u32 backend)
{
	const struct lb_client6 *client = client_draft();
	struct lb_client_entry entry = {.backend = backend, .seen = tick_now()}, *found;
	__u32 kept;

	if (!client || client->service != service)
		return 0;
	found = bpf_map_lookup_elem(clients, client);
	kept = kept_backend(found, service, entry.seen);
	if (!kept) {
		if (spend(entry.seen))
			put(clients, table, client, &entry);
	} else if (found && kept == backend && found->seen != entry.seen) {
		found->seen = entry.seen;
	}
	return 0;
}

__noinline __u32 ask_client4(__u32 service)
{
	return ask_client(&lb_clients4, service);
}

__noinline __u32 ask_client6(__u32 service)
{
	return ask_client(&lb_clients6, service);
}

__noinline int note_client4(__u32 service, __u32 backend)
{
	return note_client(&lb_clients4, LB_TABLE_CLIENTS4, service, backend);
}

__noinline int note_client6(__u32 service, __u32 backend)
{
	return note_client(&lb_clients6, LB_TABLE_CLIENTS6, service, backend);
}

#endif

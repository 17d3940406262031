/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What tells the flows of a service apart: the five-tuple or, with affinity, the source alone. Then
 * all flows of a client have one hash, and so one slot.
 */
#ifndef LB_AFFINITY_H
#define LB_AFFINITY_H

#include "hash.h"
#include "maps.h"

/*
 * Who has sent this CPU's packet, of a service whose clients keep their backend; never null, the
 * key is inside the map. The first 8 bytes are a struct lb_client4 where the service is of IPv4.
 */
static __always_inline struct lb_client6 *client_draft(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&lb_client_draft, &zero);
}

static __always_inline void name_client4(__u32 service, __u32 addr)
{
	struct lb_client6 *client = client_draft();

	if (!client)
		return;
	client->service = service;
	*(__u32 *)(void *)client->addr = addr;
}

static __always_inline void name_client6(__u32 service, const __u64 *addr)
{
	struct lb_client6 *client = client_draft();

	if (!client)
		return;
	client->service = service;
	__builtin_memcpy(client->addr, addr, sizeof(client->addr));
}

/* Whether clients of a service keep their backend when the table changes. */
static __always_inline bool is_sticky(const struct lb_service *service)
{
	return service->logging & LB_SERVICE_STICKY && service->logging & LB_SERVICE_AFFINITY;
}

/*
 * Hash of a client of IPv4 of a service with affinity. Where it may keep its backend, the draft
 * tells from now on who it is.
 */
static __noinline __u32 client_hash4(const struct lb_service *service, __u64 addresses, __u8 proto)
{
	const struct lb_affinity *affinity = bpf_map_lookup_elem(&lb_affinity, &service->id);

	if (affinity)
		addresses &= load32(affinity->mask) | 0xffffffff00000000ULL;
	if (is_sticky(service))
		name_client4(service->id, addresses);
	return hash4(addresses, 0, proto, service->seed);
}

static __noinline __u32 client_hash6(const struct lb_service *service, const void *src,
				     const void *dst, __u8 proto)
{
	const struct lb_affinity *affinity = bpf_map_lookup_elem(&lb_affinity, &service->id);
	__u64 client[2] = {load64(src), load64(src + 8)};

	if (affinity) {
		client[0] &= load64(affinity->mask);
		client[1] &= load64(affinity->mask + 8);
	}
	if (is_sticky(service))
		name_client6(service->id, client);
	return hash6(client, dst, 0, proto, service->seed);
}

/* Hash of a flow of any service. */
static __always_inline __u32 flow_hash4(const struct lb_service *service, __u64 addresses,
					__u32 ports, __u8 proto)
{
	if (unlikely(service->logging & LB_SERVICE_AFFINITY))
		return client_hash4(service, addresses, proto);
	return hash4(addresses, ports, proto, service->seed);
}

static __always_inline __u32 flow_hash6(const struct lb_service *service, const void *src,
					const void *dst, __u32 ports, __u8 proto)
{
	if (unlikely(service->logging & LB_SERVICE_AFFINITY))
		return client_hash6(service, src, dst, proto);
	return hash6(src, dst, ports, proto, service->seed);
}

/* Which flows of a service are logged: enum lb_logging. */
static __always_inline __u8 logging_of(const struct lb_service *service)
{
	return service->logging & ~(LB_SERVICE_AFFINITY | LB_SERVICE_TC | LB_SERVICE_STICKY |
				    LB_SERVICE_QUIC | LB_SERVICE_RESET);
}

#endif

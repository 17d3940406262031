/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* From a destination to its service, and from a chosen backend to what may be sent to it. */
#ifndef LB_SERVICE_H
#define LB_SERVICE_H

#include "maps.h"

/* The service of a VIP, port and protocol, or null. */
static __always_inline const struct lb_service *find_service4(__be32 addr, __be16 port, __u8 proto)
{
	struct lb_endpoint4 key __attribute__((aligned(8)));

	set_endpoint4(&key, addr, port, proto);
	return bpf_map_lookup_elem(&lb_vips4, &key);
}

static __always_inline const struct lb_service *find_service6(const void *addr, __be16 port,
							      __u8 proto)
{
	struct lb_endpoint6 key __attribute__((aligned(8)));

	set_endpoint6(&key, addr, port, proto);
	return bpf_map_lookup_elem(&lb_vips6, &key);
}

/* Whether an address is a VIP: it has an entry without port and protocol. */
static __always_inline bool is_vip4(__be32 addr)
{
	return find_service4(addr, 0, 0);
}

static __always_inline bool is_vip6(const void *addr)
{
	return find_service6(addr, 0, 0);
}

static __always_inline bool uses_tunnel(const struct lb_service *service)
{
	return service->mode == LB_MODE_DSR_IPIP || service->relay & LB_RELAY_OLDER_IPIP;
}

/* Whether a relay of the host takes the service's new flows: their packets are left as they are. */
static __always_inline bool is_relayed(const struct lb_service *service)
{
	return service->mode == LB_MODE_TPROXY;
}

/* Why nothing can be sent to a backend, LB_VERDICT_FORWARD when it can. */
static __always_inline enum lb_verdict check_backend(const struct lb_backend *backend, __u32 index,
						     bool family_fits)
{
	if (unlikely(!index || !family_fits))
		return LB_VERDICT_DROP_NO_BACKEND;
	if (unlikely(!(backend->flags & LB_BACKEND_NEXT_HOP)))
		return LB_VERDICT_DROP_NO_NEXT_HOP;
	return LB_VERDICT_FORWARD;
}

#endif

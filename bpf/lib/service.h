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

/*
 * How packets go that no relay gets and that full-nat has no entry for: by the mode, or by that
 * which flows have that are older than relay or full-nat.
 */
static __always_inline enum lb_mode way_of(const struct lb_service *service)
{
	__u8 relay = service->relay;

	if (likely(service->mode != LB_MODE_TPROXY && service->mode != LB_MODE_FULL_NAT))
		return service->mode;
	return relay & LB_RELAY_OLDER_IPIP  ? LB_MODE_DSR_IPIP
	       : relay & LB_RELAY_OLDER_L2  ? LB_MODE_DSR_L2
	       : relay & LB_RELAY_OLDER_GUE ? LB_MODE_DSR_GUE
					    : LB_MODE_NAT;
}

/*
 * Whether a backend can have packets of IPv4 in this way: nat stays within a family, the others
 * leave the packet as it is.
 */
static __always_inline bool fits4(enum lb_mode way, const struct lb_backend *backend)
{
	return way != LB_MODE_NAT || backend->family == AF_INET;
}

/* As fits4, for IPv6, which dsr-ipip does not put into IPv4. */
static __always_inline bool fits6(enum lb_mode way, const struct lb_backend *backend)
{
	return backend->family == AF_INET6 || way == LB_MODE_DSR_L2 || way == LB_MODE_DSR_GUE;
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

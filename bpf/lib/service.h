/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* From a destination to its service, and from a chosen backend to what may be sent to it. */
#ifndef LB_SERVICE_H
#define LB_SERVICE_H

#include "ranges.h"
#include "verdict.h"

/* The entry of just this address, port and protocol, or null. */
static __always_inline const struct lb_service *find_exact4(__be32 addr, __be16 port, __u8 proto)
{
	struct lb_endpoint4 key __attribute__((aligned(8)));

	set_endpoint4(&key, addr, port, proto);
	return bpf_map_lookup_elem(&lb_vips4, &key);
}

static __always_inline const struct lb_service *find_exact6(const void *addr, __be16 port,
							    __u8 proto)
{
	struct lb_endpoint6 key __attribute__((aligned(8)));

	set_endpoint6(&key, addr, port, proto);
	return bpf_map_lookup_elem(&lb_vips6, &key);
}

/* Whether the node's flags have one of these. */
static __always_inline bool has_flag(__u32 flag)
{
	const struct lb_node *node = node_settings();

	return node && node->flags & flag;
}

/* The service with ranges that an address and port fit most closely, or null. */
static __always_inline const struct lb_service *find_ranged4(__be32 addr, __be16 port, __u8 proto)
{
	__u32 number = range_of4(addr, endpoint_word(port, proto));
	struct lb_endpoint4 key __attribute__((aligned(8)));

	if (!number)
		return NULL;
	set_numbered4(&key, number);
	return bpf_map_lookup_elem(&lb_vips4, &key);
}

static __always_inline const struct lb_service *find_ranged6(const void *addr, __be16 port,
							     __u8 proto)
{
	__u32 number = range_of6(load64(addr), load64(addr + 8), endpoint_word(port, proto));
	struct lb_endpoint6 key __attribute__((aligned(8)));

	if (!number)
		return NULL;
	set_numbered6(&key, number);
	return bpf_map_lookup_elem(&lb_vips6, &key);
}

/* The service of an address, port and protocol, or null: that with just these before all others. */
static __always_inline const struct lb_service *find_service4(__be32 addr, __be16 port, __u8 proto)
{
	const struct lb_service *service = find_exact4(addr, port, proto);

	return service || !has_flag(LB_NODE_RANGES4) ? service : find_ranged4(addr, port, proto);
}

static __always_inline const struct lb_service *find_service6(const void *addr, __be16 port,
							      __u8 proto)
{
	const struct lb_service *service = find_exact6(addr, port, proto);

	return service || !has_flag(LB_NODE_RANGES6) ? service : find_ranged6(addr, port, proto);
}

/* The flag by which the packets of a service, or what is special of a VIP, are lb_forward's. */
static __always_inline __u32 by_tc(const struct lb_service *service)
{
	return service->logging & LB_SERVICE_TC;
}

/* What vip_of4 and vip_of6 say of a VIP; beside it LB_SERVICE_TC where what is special of it is
 * lb_forward's. */
enum {
	IS_VIP = 1 << 0,
};

/* As vip_of4, of an address that has no entry. */
static __always_inline __u32 vip_of_range(bool is_ranged)
{
	if (!is_ranged)
		return 0;
	return has_flag(LB_NODE_RANGES_TC) ? IS_VIP | LB_SERVICE_TC : IS_VIP;
}

/* Whether an address is a VIP: it has an entry without port and protocol, or is in a prefix. */
static __always_inline __u32 vip_of4(__be32 addr)
{
	const struct lb_service *vip = find_exact4(addr, 0, 0);

	if (vip)
		return IS_VIP | by_tc(vip);
	return vip_of_range(has_flag(LB_NODE_RANGES4) && is_ranged4(addr));
}

static __always_inline __u32 vip_of6(const void *addr)
{
	const struct lb_service *vip = find_exact6(addr, 0, 0);

	if (vip)
		return IS_VIP | by_tc(vip);
	return vip_of_range(has_flag(LB_NODE_RANGES6) &&
			    is_ranged6(load64(addr), load64(addr + 8)));
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

/* Hands a packet to the relay of a service. */
static __always_inline int pass_to_relay(const struct lb_service *service, __u32 bytes, bool opens)
{
	return is_first(by_tc(service)) ? count_relayed(service->id, bytes, opens) : ACTION_PASS;
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

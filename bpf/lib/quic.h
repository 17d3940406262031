/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * From a QUIC connection ID to the backend that issued it, wherever its client is by now. Only what
 * no version of QUIC changes is looked at (RFC 8999): the first bit of a packet, and where its
 * destination connection ID stands.
 */
#ifndef LB_QUIC_ROUTING_H
#define LB_QUIC_ROUTING_H

#include "parse.h"

enum {
	QUIC_LONG_HEADER = 0x80,
	/* The ID behind the first byte of a short header. */
	QUIC_SHORT_ID_AT = 1,
	/* Behind the first byte and the version of a long one. */
	QUIC_LONG_LENGTH_AT = 5,
	QUIC_LONG_ID_AT = 6,
	QUIC_CONFIG_SHIFT = 5,
	/* Up to the first byte of the ID in a long header; a short one that names a backend has it,
	   too. */
	QUIC_LOOKED_AT = 7,
};

/*
 * Bytes from the Ethernet header to the payload of a UDP datagram, and behind that of the whole
 * packet in size; 0 for another protocol. The packet is plain or a first fragment.
 */
static __always_inline __u32 datagram_at(const struct lb_ctx *ctx, __u32 *size)
{
	struct ethhdr *eth = packet(ctx);
	struct ipv6hdr *ip6 = (void *)(eth + 1);
	struct lb_fragment_header *piece = (void *)(ip6 + 1);
	struct iphdr *ip4 = (void *)ip6;
	__u32 headers = sizeof(*eth) + sizeof(struct udphdr);

	if ((void *)(ip4 + 1) > packet_end(ctx))
		return 0;
	if (ether_type(eth) == bpf_htons(ETH_P_IP)) {
		headers += sizeof(*ip4);
		*size = sizeof(*eth) + bpf_ntohs(ip4->tot_len);
		return ip4->protocol == IPPROTO_UDP ? headers : 0;
	}
	if ((void *)piece > packet_end(ctx))
		return 0;
	headers += sizeof(*ip6);
	*size = sizeof(*eth) + sizeof(*ip6) + bpf_ntohs(ip6->payload_len);
	if (ip6->nexthdr == IPPROTO_UDP)
		return headers;
	if (ip6->nexthdr != IPPROTO_FRAGMENT || (void *)(piece + 1) > packet_end(ctx))
		return 0;
	return piece->nexthdr == IPPROTO_UDP ? headers + sizeof(*piece) : 0;
}

/*
 * Index of the living backend of a service that the connection ID of a packet names, 0 for none.
 * Not static, so that the verifier looks at it once.
 */
__noinline __u32 named_backend(struct lb_ctx *ctx, __u32 service)
{
	const struct lb_quic *quic = bpf_map_lookup_elem(&lb_quic, &service);
	struct lb_server_id key = {.service = service};
	const struct lb_backend *backend;
	__u32 at, size = 0, needed, *index;
	const __u8 *quic_packet, *id;

	at = datagram_at(ctx, &size);
	if (!quic || !at)
		return 0;
	quic_packet = packet(ctx) + at;
	if (quic_packet + QUIC_LOOKED_AT > (__u8 *)packet_end(ctx))
		return 0;
	key.config = quic->config;
	key.length = quic->length;
	needed = sizeof(*id) + key.length + LB_QUIC_NONCE_LEAST;
	if (*quic_packet & QUIC_LONG_HEADER) {
		__u32 length = quic_packet[QUIC_LONG_LENGTH_AT];

		if (length < needed)
			return 0;
		needed = length;
		id = quic_packet + QUIC_LONG_ID_AT;
		at += QUIC_LONG_ID_AT;
	} else {
		id = quic_packet + QUIC_SHORT_ID_AT;
		at += QUIC_SHORT_ID_AT;
	}
	if (at + needed > size || *id >> QUIC_CONFIG_SHIFT != key.config)
		return 0;
	for (__u32 i = 0; i < sizeof(key.id); i++) {
		if (i >= key.length)
			break;
		if (++id + 1 > (__u8 *)packet_end(ctx))
			return 0;
		key.id[i] = *id;
	}
	index = bpf_map_lookup_elem(&lb_server_ids, &key);
	if (!index)
		return 0;
	backend = bpf_map_lookup_elem(&lb_backends, index);
	/* An index that was given away means another service's backend. */
	return backend && backend->flags & LB_BACKEND_ALIVE && backend->service == service ? *index
											   : 0;
}

/* As named_backend, for a packet of a service that may have no such IDs. */
static __always_inline __u32 named_by(struct lb_ctx *ctx, const struct lb_service *service)
{
	return unlikely(service->logging & LB_SERVICE_QUIC) ? named_backend(ctx, service->id) : 0;
}

#endif

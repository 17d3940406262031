// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_decap: for backends whose kernel has no tunnel device. Takes the outer headers off packets
 * that dsr-ipip and dsr-gue sent and hands the inner packet to the host, which has the VIP.
 */
#include "lib/hook_xdp.h"

enum {
	/* UDP port of dsr-gue, unless a service says otherwise (IANA: gue). */
	GUE_PORT = 6080,
};

struct lb_udp {
	__be16 source;
	__be16 dest;
	__be16 length;
	__u16 check;
};

/* Takes the bytes between the Ethernet header and the inner packet off. */
static __always_inline int strip(struct lb_ctx *ctx, __u32 outer, __be16 proto)
{
	struct ethhdr *eth = packet(ctx), *moved = packet(ctx) + outer, saved;

	if ((void *)(moved + 1) > packet_end(ctx))
		return ACTION_PASS;
	saved = *eth;
	*moved = saved;
	set_ether_type(moved, proto);
	/* Can't fail: the new start is inside the frame, which keeps an Ethernet header. */
	return bpf_xdp_adjust_head(ctx, outer) ? ACTION_DROP : ACTION_PASS;
}

/*
 * Takes IP and UDP headers off a packet of GUE variant 1, whose first bits are those of the version
 * of the IP packet inside; ip is the length of the outer IP header.
 */
static __always_inline int strip_gue(struct lb_ctx *ctx, __u32 ip)
{
	const struct lb_udp *udp = packet(ctx) + sizeof(struct ethhdr) + ip;
	const __u8 *inner = (void *)(udp + 1);

	if ((void *)(inner + 1) > packet_end(ctx) || udp->dest != bpf_htons(GUE_PORT))
		return ACTION_PASS;
	switch (*inner >> 4) {
	case 4:
		return strip(ctx, ip + sizeof(*udp), bpf_htons(ETH_P_IP));
	case 6:
		return strip(ctx, ip + sizeof(*udp), bpf_htons(ETH_P_IPV6));
	default:
		return ACTION_PASS;
	}
}

static __always_inline int decap4(struct lb_ctx *ctx, const struct iphdr *ip)
{
	if ((void *)(ip + 1) > packet_end(ctx) || ip->version != 4 || ip->ihl != 5)
		return ACTION_PASS;
	/* A fragment holds no whole packet; the host puts it together. */
	if (ip->frag_off & bpf_htons(0x3fff))
		return ACTION_PASS;
	switch (ip->protocol) {
	case IPPROTO_IPIP:
		return strip(ctx, sizeof(*ip), bpf_htons(ETH_P_IP));
	case IPPROTO_UDP:
		return strip_gue(ctx, sizeof(*ip));
	default:
		return ACTION_PASS;
	}
}

static __always_inline int decap6(struct lb_ctx *ctx, const struct ipv6hdr *ip)
{
	if ((void *)(ip + 1) > packet_end(ctx) || ip->version != 6)
		return ACTION_PASS;
	switch (ip->nexthdr) {
	case IPPROTO_IPIP:
		return strip(ctx, sizeof(*ip), bpf_htons(ETH_P_IP));
	case IPPROTO_IPV6:
		return strip(ctx, sizeof(*ip), bpf_htons(ETH_P_IPV6));
	case IPPROTO_UDP:
		return strip_gue(ctx, sizeof(*ip));
	default:
		return ACTION_PASS;
	}
}

SEC("xdp")
int lb_decap(struct lb_ctx *ctx)
{
	struct ethhdr *eth = packet(ctx);

	if ((void *)(eth + 1) > packet_end(ctx))
		return ACTION_PASS;
	switch (ether_type(eth)) {
	case bpf_htons(ETH_P_IP):
		return decap4(ctx, (void *)(eth + 1));
	case bpf_htons(ETH_P_IPV6):
		return decap6(ctx, (void *)(eth + 1));
	default:
		return ACTION_PASS;
	}
}

char _license[] SEC("license") = "Dual BSD/GPL";

// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_tc: hands packets of relays to their sockets where netfilter has no part in it. It stands
 * behind lb_xdp, which has filtered and counted them: find the service or the backend, find the
 * socket, give the packet to it, and mark it, so that routing takes it for one of the host's own.
 *
 * Nothing is dropped here and nothing rewritten. A packet without a socket goes on as it came, and
 * so does whatever this program cannot read.
 */
#include <linux/pkt_cls.h>

#include "lib/endpoints.h"

/* Firewall mark that leads to the site's local route; user space sets it before the program is
 * loaded. */
const volatile __u32 lb_mark = 0;

/* The ends of a packet, and where in it they are from. */
struct lb_ends {
	struct bpf_sock_tuple tuple;
	__u8 proto;
	bool error; /* the ends are those of a packet that an ICMP error is about, which went the
		       other way */
};

/* What a packet is to a relay. Services that are taken, and backends with
 * relays, are of TCP and UDP alone. */
enum lb_part {
	PART_NONE,
	PART_CLIENT,  /* from a client to a VIP */
	PART_BACKEND, /* from a backend to a client, whose address the relay has connected from */
};

static __always_inline bool is_taken(const struct lb_service *service)
{
	return service && service->relay & LB_RELAY_TC;
}

static __always_inline bool has_relays(const struct lb_nat *nat)
{
	return nat && nat->flags & LB_NAT_SOCKETS;
}

static __always_inline enum lb_part part4(const struct lb_ends *ends)
{
	struct lb_endpoint4 key __attribute__((aligned(8)));

	set_endpoint4(&key, ends->tuple.ipv4.daddr, ends->tuple.ipv4.dport, ends->proto);
	if (is_taken(bpf_map_lookup_elem(&lb_vips4, &key)))
		return PART_CLIENT;
	set_endpoint4(&key, ends->tuple.ipv4.saddr, ends->tuple.ipv4.sport, ends->proto);
	return has_relays(bpf_map_lookup_elem(&lb_nat4, &key)) ? PART_BACKEND : PART_NONE;
}

static __always_inline enum lb_part part6(const struct lb_ends *ends)
{
	struct lb_endpoint6 key __attribute__((aligned(8)));

	set_endpoint6(&key, ends->tuple.ipv6.daddr, ends->tuple.ipv6.dport, ends->proto);
	if (is_taken(bpf_map_lookup_elem(&lb_vips6, &key)))
		return PART_CLIENT;
	set_endpoint6(&key, ends->tuple.ipv6.saddr, ends->tuple.ipv6.sport, ends->proto);
	return has_relays(bpf_map_lookup_elem(&lb_nat6, &key)) ? PART_BACKEND : PART_NONE;
}

/* Whether a socket that may have others' packets too is bound to the packet's own destination. */
static __always_inline bool is_bound_to(const struct bpf_sock *sk, const struct lb_ends *ends,
					bool v6)
{
	if (!v6)
		return sk->src_ip4 == ends->tuple.ipv4.daddr;
	return sk->src_ip6[0] == ends->tuple.ipv6.daddr[0] &&
	       sk->src_ip6[1] == ends->tuple.ipv6.daddr[1] &&
	       sk->src_ip6[2] == ends->tuple.ipv6.daddr[2] &&
	       sk->src_ip6[3] == ends->tuple.ipv6.daddr[3];
}

/* Gives the packet to a socket that is a relay's, and routes it to the host. */
static __always_inline int settle(struct __sk_buff *skb, struct bpf_sock *sk,
				  const struct lb_ends *ends, bool is_relays)
{
	if (is_relays) {
		/* An error finds the socket of the packet inside by itself; so does any, if this
		 * fails. */
		if (!ends->error)
			bpf_sk_assign(skb, sk, 0);
		skb->mark = lb_mark;
	}
	bpf_sk_release(sk);
	return TC_ACT_UNSPEC;
}

/*
 * A socket that has a peer has just these ends. One without takes what comes for a VIP, and must be
 * bound to it, as others may be to all addresses.
 */
static __always_inline int take_tcp(struct __sk_buff *skb, struct lb_ends *ends, enum lb_part part,
				    bool v6)
{
	__u32 size = v6 ? sizeof(ends->tuple.ipv6) : sizeof(ends->tuple.ipv4);
	struct bpf_sock *sk = bpf_skc_lookup_tcp(skb, &ends->tuple, size, BPF_F_CURRENT_NETNS, 0);

	if (!sk)
		return TC_ACT_UNSPEC;
	return settle(skb, sk, ends,
		      sk->state != BPF_TCP_LISTEN ||
			      (part == PART_CLIENT && is_bound_to(sk, ends, v6)));
}

static __always_inline int take_udp(struct __sk_buff *skb, struct lb_ends *ends, enum lb_part part,
				    bool v6)
{
	__u32 size = v6 ? sizeof(ends->tuple.ipv6) : sizeof(ends->tuple.ipv4);
	struct bpf_sock *sk = bpf_sk_lookup_udp(skb, &ends->tuple, size, BPF_F_CURRENT_NETNS, 0);

	if (!sk)
		return TC_ACT_UNSPEC;
	return settle(skb, sk, ends,
		      sk->dst_port || (part == PART_CLIENT && is_bound_to(sk, ends, v6)));
}

/* One for each, so that the verifier sees no instruction with sockets of two kinds. */
static __noinline int take_tcp4(struct __sk_buff *skb, struct lb_ends *ends, enum lb_part part)
{
	return take_tcp(skb, ends, part, false);
}

static __noinline int take_tcp6(struct __sk_buff *skb, struct lb_ends *ends, enum lb_part part)
{
	return take_tcp(skb, ends, part, true);
}

static __noinline int take_udp4(struct __sk_buff *skb, struct lb_ends *ends, enum lb_part part)
{
	return take_udp(skb, ends, part, false);
}

static __noinline int take_udp6(struct __sk_buff *skb, struct lb_ends *ends, enum lb_part part)
{
	return take_udp(skb, ends, part, true);
}

static __always_inline bool read4(struct __sk_buff *skb, __u32 offset, struct lb_ends *ends)
{
	struct {
		struct iphdr ip;
		__be16 ports[2];
	} start;

	if (bpf_skb_load_bytes(skb, offset, &start, sizeof(start)))
		return false;
	/* A later fragment has no ports. */
	if (start.ip.version != 4 || start.ip.ihl != 5 || start.ip.frag_off & bpf_htons(0x1fff))
		return false;
	ends->proto = start.ip.protocol;
	ends->tuple.ipv4.saddr = ends->error ? start.ip.daddr : start.ip.saddr;
	ends->tuple.ipv4.daddr = ends->error ? start.ip.saddr : start.ip.daddr;
	ends->tuple.ipv4.sport = start.ports[ends->error];
	ends->tuple.ipv4.dport = start.ports[!ends->error];
	return true;
}

static __always_inline bool read6(struct __sk_buff *skb, __u32 offset, struct lb_ends *ends)
{
	struct {
		struct ipv6hdr ip;
		__be16 ports[2];
	} start;

	if (bpf_skb_load_bytes(skb, offset, &start, sizeof(start)) || start.ip.version != 6)
		return false;
	ends->proto = start.ip.nexthdr;
	__builtin_memcpy(ends->tuple.ipv6.saddr, ends->error ? &start.ip.daddr : &start.ip.saddr,
			 16);
	__builtin_memcpy(ends->tuple.ipv6.daddr, ends->error ? &start.ip.saddr : &start.ip.daddr,
			 16);
	ends->tuple.ipv6.sport = start.ports[ends->error];
	ends->tuple.ipv6.dport = start.ports[!ends->error];
	return true;
}

static __noinline int journey4(struct __sk_buff *skb)
{
	__u32 offset = sizeof(struct ethhdr);
	struct lb_ends ends = {};
	enum lb_part part;

	if (!read4(skb, offset, &ends))
		return TC_ACT_UNSPEC;
	if (ends.proto == IPPROTO_ICMP) {
		ends.error = true;
		offset += sizeof(struct iphdr) + sizeof(struct lb_icmp);
		if (!read4(skb, offset, &ends))
			return TC_ACT_UNSPEC;
	}
	part = part4(&ends);
	if (part == PART_NONE)
		return TC_ACT_UNSPEC;
	return ends.proto == IPPROTO_TCP ? take_tcp4(skb, &ends, part)
					 : take_udp4(skb, &ends, part);
}

static __noinline int journey6(struct __sk_buff *skb)
{
	__u32 offset = sizeof(struct ethhdr);
	struct lb_ends ends = {};
	enum lb_part part;

	if (!read6(skb, offset, &ends))
		return TC_ACT_UNSPEC;
	if (ends.proto == IPPROTO_ICMPV6) {
		ends.error = true;
		offset += sizeof(struct ipv6hdr) + sizeof(struct lb_icmp);
		if (!read6(skb, offset, &ends))
			return TC_ACT_UNSPEC;
	}
	part = part6(&ends);
	if (part == PART_NONE)
		return TC_ACT_UNSPEC;
	return ends.proto == IPPROTO_TCP ? take_tcp6(skb, &ends, part)
					 : take_udp6(skb, &ends, part);
}

/* Others' filters on the interface have their say in any case. */
SEC("tc")
int lb_tc(struct __sk_buff *skb)
{
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return journey4(skb);
	if (skb->protocol == bpf_htons(ETH_P_IPV6))
		return journey6(skb);
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The structs and constants that the eBPF programs and user space share.
 *
 * This header is the one truth: layout/lb_layout.bpf.c names every type so that BTF carries it,
 * and a test holds the C# mirrors against that BTF. Fields are fixed-width and padded by hand;
 * fields in network order have a __be type; addresses are 16 bytes, IPv4 in the first four.
 */
#ifndef LB_TYPES_H
#define LB_TYPES_H

#include <linux/types.h>

/*
 * Raised by one with every change of a layout below. A node carries pinned maps of another layout
 * over by the names of members: a name keeps its meaning, and a new member's zero means what was
 * there before. Padding is named pad, and zero.
 */
enum lb_layout {
	LB_LAYOUT_VERSION = 1,
};

/*
 * The oldest layout that this one can be carried over from and to. It becomes LB_LAYOUT_VERSION
 * where a name changes its meaning, and where the flow hash changes.
 */
enum lb_carried {
	LB_CARRIED_OLDEST = 1,
};

enum lb_mode {
	LB_MODE_NAT = 1,
	LB_MODE_DSR_IPIP = 2,
	LB_MODE_TPROXY = 3, /* handed to the host, whose relay takes it */
	LB_MODE_DSR_L2 = 4,
	LB_MODE_DSR_GUE = 5,
	LB_MODE_FULL_NAT = 6, /* the service has LB_RELAY_FULL_NAT as well */
};

/*
 * What a relay has to do with a service, beside its mode. A service that was moved from one mode to
 * another keeps both ways until the flows of the older one have ended: a socket of this host tells
 * which way a packet goes.
 */
enum lb_relay_flag {
	/* lb_tc hands packets of its relay's connections to the sockets. */
	LB_RELAY_TC = 1 << 0,
	/* mode is LB_MODE_TPROXY, and older flows go on by LB_MODE_NAT. */
	LB_RELAY_OLDER_NAT = 1 << 1,
	/* The same, by LB_MODE_DSR_IPIP. */
	LB_RELAY_OLDER_IPIP = 1 << 2,
	/* mode is another, and older connections go on by the relay. */
	LB_RELAY_OLDER = 1 << 3,
	/* As LB_RELAY_OLDER_NAT, by LB_MODE_DSR_L2. */
	LB_RELAY_OLDER_L2 = 1 << 4,
	/* As LB_RELAY_OLDER_NAT, by LB_MODE_DSR_GUE. */
	LB_RELAY_OLDER_GUE = 1 << 5,
	/*
	 * There are flows of full-nat: new ones where mode is LB_MODE_FULL_NAT, else older ones.
	 * With that mode the LB_RELAY_OLDER_* above tell of older flows as with LB_MODE_TPROXY.
	 */
	LB_RELAY_FULL_NAT = 1 << 6,
};

enum lb_tracking {
	LB_TRACKING_MINIMAL = 0,
	LB_TRACKING_FULL = 1,
	LB_TRACKING_NONE = 2,
};

/* Which flows of a service go to the flow log. */
enum lb_logging {
	LB_LOGGING_OFF = 0,
	LB_LOGGING_SAMPLED = 1, /* one in lb_node.sample, chosen by the flow's hash */
	LB_LOGGING_FULL = 2,
};

/* Beside enum lb_logging, in the same byte: what has to be looked at beside the common path. */
enum lb_service_flag {
	/* Flows are told apart by their sources alone, as lb_affinity masks them. */
	LB_SERVICE_AFFINITY = 1 << 7,
	/* Its packets are lb_forward's: lb_xdp leaves them. In an address's entry: what is no plain
	   packet. */
	LB_SERVICE_TC = 1 << 6,
	/* With LB_SERVICE_AFFINITY: clients keep their backend, for as long as lb_sticky says. */
	LB_SERVICE_STICKY = 1 << 5,
	/* Connection IDs of QUIC name its backends, as lb_quic and lb_server_ids say. */
	LB_SERVICE_QUIC = 1 << 4,
	/* Clients of TCP flows whose backend is dead are told by a RST. */
	LB_SERVICE_RESET = 1 << 2,
};

#include "lb_verdict.h"

/* Sizes that both sides rely on. Map sizes that the operator sets are not here. */
enum lb_limit {
	/* Backend indexes are below this; the bits above are flags of lb_slot.previous. */
	LB_BACKEND_LIMIT = 1 << 24,
	/* One tick of lb_flow_entry.seen is 2^30 ns of the monotonic clock (1.07 s). */
	LB_TICK_SHIFT = 30,
	/* Ticks without a packet after which the flow log takes a flow for a new one. */
	LB_LOG_IDLE = 32,
	/* Entries of lb_sources of one address family; a power of two. */
	LB_SOURCE_LIMIT = 64,
	/* Senders of what is too big that a CPU tells so in a tick. */
	LB_ANSWER_LIMIT = 1000,
	/* Segments of flows of dead backends that a CPU answers by a RST in a tick. */
	LB_RESET_LIMIT = 10000,
	/* Ticks after which the first fragment of a datagram is forgotten: receivers give up then,
	   after 30 s (IPv4, as Linux does) and 60 s (RFC 8200). */
	LB_FRAGMENT_IDLE4 = 28,
	LB_FRAGMENT_IDLE6 = 56,
};

enum lb_endpoint_kind {
	/* Address, port and protocol of packets. */
	LB_ENDPOINT_EXACT = 0,
	/* addr begins with a number of lb_ranges, of nat lb_nat_ranges, in host order; the rest,
	   port and proto are 0. */
	LB_ENDPOINT_RANGE = 1,
};

/*
 * Key of a service: VIP, port and protocol. Port 0 with protocol 0 marks the address alone, for
 * pings, fragments and ICMP errors. The same shape keys the reply side of nat, where address and
 * port are the backend's.
 */
struct lb_endpoint4 {
	__be32 addr;
	__be16 port;
	__u8 proto;
	__u8 kind; /* enum lb_endpoint_kind */
};

struct lb_endpoint6 {
	__u8 addr[16];
	__be16 port;
	__u8 proto;
	__u8 kind; /* enum lb_endpoint_kind */
};

#include "lb_range.h"

struct lb_service {
	__u32 id;      /* index of its counters */
	__u32 table;   /* index in lb_tables of its Maglev table */
	__u32 slots;   /* number of slots, 0 while it has no table */
	__u32 seed;    /* of the flow hash; the same on every node of a site */
	__u8 mode;     /* enum lb_mode; 0 in the entry of an address alone */
	__u8 tracking; /* enum lb_tracking */
	__u8 logging;  /* enum lb_logging | enum lb_service_flag */
	__u8 relay;    /* enum lb_relay_flag */
};

/* Flags of lb_slot.previous, above the backend's index. */
enum lb_slot_flag {
	/* The time in which an unknown flow counts as older than the change is over: to current. */
	LB_SLOT_WINDOW_OVER = 1 << 24,
};

/* One slot of a Maglev table, written in one store. It is clean while previous is 0. */
struct lb_slot {
	__u32 current;	/* backend index, 0 while the service has none */
	__u32 previous; /* backend index of the flows older than the change | enum lb_slot_flag */
};

enum lb_backend_flag {
	/* Passes its checks or is draining: flows that it has are still sent to it. */
	LB_BACKEND_ALIVE = 1 << 0,
	/* ifindex, dmac, smac, src and mtu are known. */
	LB_BACKEND_NEXT_HOP = 1 << 1,
	/* Its service has LB_SERVICE_TC: lb_xdp leaves its packets of full-nat. */
	LB_BACKEND_TC = 1 << 2,
};

/* One backend of one service; fills a cache line. Index 0 is never used. */
struct lb_backend {
	__u8 addr[16];
	__u8 src[16]; /* outer source address of a tunnel, of the family of addr */
	__be16 port;  /* 0: that of the client's packets stays */
	__u8 family;  /* AF_INET or AF_INET6 */
	__u8 flags;   /* enum lb_backend_flag */
	__u32 ifindex;
	__u8 dmac[6];
	__u8 smac[6];
	__u32 mtu; /* of the interface or, if that is less, of the route, L3 bytes */
	__u32 service;
	__be16 tunnel; /* UDP port that dsr-gue sends to */
	__u16 mss;     /* the largest MSS that nat lets SYNs of both directions say, 0 for any */
};

/* A flow as the client's packets carry it: client to VIP. */
struct lb_flow4 {
	__be32 src;
	__be32 dst;
	__be16 sport;
	__be16 dport;
	__u8 proto;
	__u8 pad[3];
};

struct lb_flow6 {
	__u8 src[16];
	__u8 dst[16];
	__be16 sport;
	__be16 dport;
	__u8 proto;
	__u8 pad[3];
};

#include "lb_client.h"
#include "lb_events.h"
#include "lb_full.h"
#include "lb_pair.h"
#include "lb_quic.h"
#include "lb_spread.h"

struct lb_flow_entry {
	__u32 backend;
	__u32 service;
	__u32 slot;
	__u32 seen; /* last packet, in ticks (LB_TICK_SHIFT) */
};

/* A datagram that comes in fragments: of a client, or of a nat backend. */
struct lb_fragment4 {
	__be32 src;
	__be32 dst;
	__be16 id;
	__u8 proto;
	__u8 pad;
};

/* The protocol of later fragments says nothing (RFC 8200). */
struct lb_fragment6 {
	__u8 src[16];
	__u8 dst[16];
	__be32 id;
};

/* What its first fragment was found to be. */
struct lb_fragment {
	__u32 backend;
	__u32 service;
	__u32 hash;  /* of its flow; 0 with full-nat */
	__u32 seen;  /* its first fragment, in ticks (LB_TICK_SHIFT) */
	__be16 port; /* of a nat backend, whose reply it is */
	__u8 way;    /* enum lb_mode by which the others follow, 0 for a reply of nat */
	__u8 proto;
};

enum lb_nat_flag {
	/* Relays connect to the backend from clients' addresses: a packet that has a socket is
	   theirs. */
	LB_NAT_SOCKETS = 1 << 0,
	/* Nothing is rewritten: the backend has relays only. */
	LB_NAT_RELAYS_ONLY = 1 << 1,
	/* The backend's entry has an MSS. */
	LB_NAT_MSS = 1 << 2,
	/* Its service has LB_SERVICE_TC: lb_xdp leaves its replies. */
	LB_NAT_TC = 1 << 3,
};

/* Reply side of nat: what a packet from a backend becomes. */
struct lb_nat {
	__u8 vip[16];
	__be16 port; /* 0: that of the backend's packets stays */
	__u8 flags;  /* enum lb_nat_flag */
	__u8 pad;
	__u32 service;
	__u32 backend;
};

/*
 * Key of the tries of addresses that nat leaves alone, the node's own and nat.direct, and of those
 * of services.
 */
struct lb_prefix4 {
	__u32 length; /* bits */
	__be32 addr;
};

struct lb_prefix6 {
	__u32 length; /* bits */
	__u8 addr[16];
};

enum lb_node_flag {
	/* Some service uses nat: packets for no VIP may be replies. */
	LB_NODE_NAT4 = 1 << 0,
	LB_NODE_NAT6 = 1 << 1,
	/* There are other nodes: they are to have the entries that are made here. */
	LB_NODE_SHARED = 1 << 2,
	/* There are addresses for full-nat: packets for no VIP may be replies to them. */
	LB_NODE_FULL4 = 1 << 3,
	LB_NODE_FULL6 = 1 << 4,
	/* There are services of prefixes or port ranges. */
	LB_NODE_RANGES4 = 1 << 5,
	LB_NODE_RANGES6 = 1 << 6,
	/* One of these has LB_SERVICE_TC: what is no plain packet of any is lb_forward's. */
	LB_NODE_RANGES_TC = 1 << 7,
	/* Some service of a port range uses nat: its backends have ranges that replies come from.
	 */
	LB_NODE_NAT_RANGES4 = 1 << 8,
	LB_NODE_NAT_RANGES6 = 1 << 9,
};

/* The single entry of lb_node. */
struct lb_node {
	__u32 layout;  /* LB_LAYOUT_VERSION of who wrote the maps */
	__u32 flags;   /* enum lb_node_flag */
	__u32 inserts; /* flow entries a CPU may create in a tick */
	__u32 sample;  /* LB_LOGGING_SAMPLED logs one flow in so many */
};

/* The maps of flows, and of clients, as lb_flow_counts numbers them. */
enum lb_flow_table {
	LB_TABLE_FLOWS4 = 0,
	LB_TABLE_FLOWS6 = 1,
	LB_TABLE_PENDING4 = 2,
	LB_TABLE_PENDING6 = 3,
	LB_TABLE_CLIENTS4 = 4,
	LB_TABLE_CLIENTS6 = 5,
	LB_TABLE_COUNT,
};

/*
 * Per CPU: how often the program added an entry to a map of flows, and how often it took one out.
 * What is neither there nor taken out, by it or by user space, the kernel has evicted.
 */
struct lb_flow_counts {
	__u64 made;
	__u64 removed;
};

/* Per CPU: entries created, or answers given, in the current tick. */
struct lb_budget {
	__u32 tick;
	__u32 used;
};

struct lb_counter {
	__u64 packets;
	__u64 bytes; /* of frames as they came in, from the Ethernet header on */
};

struct lb_traffic {
	struct lb_counter forwarded; /* to backends */
	struct lb_counter replied;   /* from backends, where replies pass the node */
	struct lb_counter dropped;
	__u64 new_flows; /* SYNs of TCP and INITs of SCTP forwarded */
	__u64 tracked;	 /* flow entries created */
	__u64 untracked; /* flow entries not created because the budget was spent */
};

/* Keys and values of maps hold no hidden padding: their sizes are the sums of their fields. */
_Static_assert(sizeof(struct lb_endpoint4) == 8, "lb_endpoint4");
_Static_assert(sizeof(struct lb_endpoint6) == 20, "lb_endpoint6");
_Static_assert(sizeof(struct lb_service) == 20, "lb_service");
_Static_assert(sizeof(struct lb_slot) == 8, "lb_slot is read and written in one access");
_Static_assert(sizeof(struct lb_backend) == 64, "lb_backend fills a cache line");
_Static_assert(sizeof(struct lb_flow4) == 16, "lb_flow4");
_Static_assert(sizeof(struct lb_flow6) == 40, "lb_flow6");
_Static_assert(sizeof(struct lb_flow_entry) == 16, "lb_flow_entry");
_Static_assert(sizeof(struct lb_fragment4) == 12, "lb_fragment4");
_Static_assert(sizeof(struct lb_fragment6) == 36, "lb_fragment6");
_Static_assert(sizeof(struct lb_fragment) == 20, "lb_fragment");
_Static_assert(sizeof(struct lb_nat) == 28, "lb_nat");
_Static_assert(sizeof(struct lb_prefix4) == 8, "lb_prefix4");
_Static_assert(sizeof(struct lb_prefix6) == 20, "lb_prefix6");
_Static_assert(sizeof(struct lb_node) == 16, "lb_node");
_Static_assert(sizeof(struct lb_flow_counts) == 16, "lb_flow_counts");
_Static_assert(sizeof(struct lb_budget) == 8, "lb_budget");
_Static_assert(sizeof(struct lb_counter) == 16, "lb_counter");
_Static_assert(sizeof(struct lb_traffic) == 72, "lb_traffic");

#endif

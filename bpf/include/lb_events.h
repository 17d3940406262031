/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The part of lb_types.h, which includes it, that programs tell user space in: the flow log, and
 * the news of entries. */
#ifndef LB_EVENT_TYPES_H
#define LB_EVENT_TYPES_H

/* What the flow log tells of a flow; it sees the client's packets only. */
enum lb_event {
	LB_EVENT_BEGIN =
		1,	  /* TCP, SCTP: a SYN, an INIT that was forwarded; UDP: the first packet */
	LB_EVENT_END = 2, /* TCP: the client's FIN; SCTP: its part in a shutdown */
	LB_EVENT_RESET = 3, /* TCP: the client's RST; SCTP: its ABORT */
};

enum lb_event_flag {
	/* The flow is in the flow tables. */
	LB_EVENT_TRACKED = 1 << 0,
	/* Its slot is moved. */
	LB_EVENT_MOVED = 1 << 1,
};

/* Where in the kernel a packet was forwarded. */
enum lb_hook {
	LB_HOOK_XDP = 1,
	LB_HOOK_TC = 2,
};

/* One record of lb_flow_log. */
struct lb_flow_event {
	struct lb_flow6 flow; /* client to VIP; an IPv4 address is in the first four bytes */
	__u8 event;	      /* enum lb_event */
	__u8 flags;	      /* enum lb_event_flag */
	__u8 hook;	      /* enum lb_hook */
	__u8 family;	      /* AF_INET or AF_INET6 */
	__u32 service;
	__u32 backend;
	__u32 slot;
	__u64 time; /* ns of the monotonic clock */
};

/* Per CPU: what became of the flow log's records. */
struct lb_log_counts {
	__u64 written;
	__u64 no_room;	 /* the ring buffer was full */
	__u64 no_memory; /* UDP: too many flows at once to tell a new one from a known one */
};

/* How it is known where a flow goes that got an entry. */
enum lb_news_kind {
	/* TCP, SCTP: its SYN, its INIT was seen, and more now. */
	LB_NEWS_OPENED = 1,
	/* It was not known: what the slot says of such flows. */
	LB_NEWS_FOUND = 2,
};

/* One record of lb_flow_news: an entry of the established flows was made. */
struct lb_flow_news {
	struct lb_flow6 flow; /* client to VIP; an IPv4 address is in the first four bytes */
	__u32 service;
	__u32 backend;
	__u8 kind;   /* enum lb_news_kind */
	__u8 family; /* AF_INET or AF_INET6 */
	__u8 pad[6];
};

/* Per CPU: what became of the records of lb_flow_news. */
struct lb_news_counts {
	__u64 written;
	__u64 no_room; /* the ring buffer was full */
};

_Static_assert(sizeof(struct lb_flow_event) == 64, "lb_flow_event");
_Static_assert(sizeof(struct lb_log_counts) == 24, "lb_log_counts");
_Static_assert(sizeof(struct lb_flow_news) == 56, "lb_flow_news");
_Static_assert(sizeof(struct lb_news_counts) == 16, "lb_news_counts");

#endif

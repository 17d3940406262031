/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * News of flows for other nodes: a record for each entry of the established flows that is made,
 * where there are other nodes to have it.
 */
#ifndef LB_NEWS_H
#define LB_NEWS_H

#include "maps.h"

/* Whether there are other nodes. */
static __always_inline bool is_shared(void)
{
	const struct lb_node *node = node_settings();

	return node && node->flags & LB_NODE_SHARED;
}

/* Room for a record, all but addresses and ports filled in; null, which is counted, for none. */
static __always_inline struct lb_flow_news *begin_news(const struct lb_flow_entry *entry,
						       enum lb_news_kind kind, __u8 family)
{
	__u32 zero = 0;
	struct lb_news_counts *counts = bpf_map_lookup_elem(&lb_news_counts, &zero);
	struct lb_flow_news *news = bpf_ringbuf_reserve(&lb_flow_news, sizeof(*news), 0);

	if (!news) {
		if (counts)
			counts->no_room++;
		return NULL;
	}
	if (counts)
		counts->written++;
	__builtin_memset(news, 0, sizeof(*news));
	news->service = entry->service;
	news->backend = entry->backend;
	news->kind = kind;
	news->family = family;
	return news;
}

static __noinline void tell4(const struct lb_flow4 *flow, const struct lb_flow_entry *entry,
			     enum lb_news_kind kind)
{
	struct lb_flow_news *news = begin_news(entry, kind, AF_INET);

	if (!news)
		return;
	*(__be32 *)(void *)news->flow.src = flow->src;
	*(__be32 *)(void *)news->flow.dst = flow->dst;
	news->flow.sport = flow->sport;
	news->flow.dport = flow->dport;
	news->flow.proto = flow->proto;
	bpf_ringbuf_submit(news, 0);
}

static __noinline void tell6(const struct lb_flow6 *flow, const struct lb_flow_entry *entry,
			     enum lb_news_kind kind)
{
	struct lb_flow_news *news = begin_news(entry, kind, AF_INET6);

	if (!news)
		return;
	__builtin_memcpy(&news->flow, flow, sizeof(*flow));
	bpf_ringbuf_submit(news, 0);
}

#endif

// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * An object without code: one variable that holds every type of lb_types.h, so that BTF carries
 * them. The tests hold the C# mirrors against this.
 */
#include "../include/lb_types.h"

struct lb_layout_types {
	enum lb_layout layout;
	enum lb_carried carried;
	enum lb_mode mode;
	enum lb_relay_flag relay_flag;
	enum lb_tracking tracking;
	enum lb_logging logging;
	enum lb_service_flag service_flag;
	enum lb_verdict verdict;
	enum lb_limit limit;
	enum lb_endpoint_kind endpoint_kind;
	enum lb_ports_length ports_length;
	enum lb_slot_flag slot_flag;
	enum lb_backend_flag backend_flag;
	enum lb_nat_flag nat_flag;
	enum lb_node_flag node_flag;
	enum lb_full_flag full_flag;
	enum lb_event event;
	enum lb_event_flag event_flag;
	enum lb_hook hook;
	enum lb_news_kind news_kind;
	enum lb_pair_state pair_state;
	enum lb_flow_table flow_table;
	enum lb_quic_limit quic_limit;
	enum lb_spread spread;
	struct lb_endpoint4 endpoint4;
	struct lb_endpoint6 endpoint6;
	struct lb_range range;
	struct lb_ports_key ports_key;
	struct lb_service service;
	struct lb_affinity affinity;
	struct lb_quic quic;
	struct lb_server_id server_id;
	struct lb_slot slot;
	struct lb_backend backend;
	struct lb_flow4 flow4;
	struct lb_flow6 flow6;
	struct lb_flow_entry flow_entry;
	struct lb_client4 client4;
	struct lb_client6 client6;
	struct lb_client_entry client_entry;
	struct lb_fragment4 fragment4;
	struct lb_fragment6 fragment6;
	struct lb_fragment fragment;
	struct lb_nat nat;
	struct lb_source source;
	struct lb_full full;
	struct lb_full_piece full_piece;
	struct lb_full_rest full_rest;
	struct lb_prefix4 prefix4;
	struct lb_prefix6 prefix6;
	struct lb_node node;
	struct lb_flow_counts flow_counts;
	struct lb_budget budget;
	struct lb_counter counter;
	struct lb_traffic traffic;
	struct lb_flow_event flow_event;
	struct lb_log_counts log_counts;
	struct lb_flow_news flow_news;
	struct lb_news_counts news_counts;
	struct lb_pair_end pair_end;
	struct lb_pair_call pair_call;
	struct lb_cpu_counts cpu_counts;
};

struct lb_layout_types lb_layout_types;

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";

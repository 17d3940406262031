/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * How QUIC connection IDs name backends (draft-ietf-quic-load-balancers, without a key). An ID that
 * a server issues is
 *
 *	config ID (3 bits) | length or random bits (5) | server ID (1 to 15 bytes) | nonce (4 or
 *more)
 *
 * A config ID of 0b111 says that it names nobody.
 */
#ifndef LB_QUIC_H
#define LB_QUIC_H

#include <linux/types.h>

enum lb_quic_limit {
	/* Bytes of a server ID: with first byte and nonce QUIC has 20. */
	LB_QUIC_SERVER_ID_MOST = 15,
	/* Bytes of a nonce. */
	LB_QUIC_NONCE_LEAST = 4,
};

/* What IDs of a service are like. */
struct lb_quic {
	__u8 config; /* config ID, 0 to 6 */
	__u8 length; /* of its server IDs in bytes */
	__u8 pad[2];
};

/* A server ID, with whose it is: key of the map of backends. */
struct lb_server_id {
	__u32 service;
	__u8 config;
	__u8 length;
	__u8 id[LB_QUIC_SERVER_ID_MOST]; /* what is behind its length is 0 */
	__u8 pad[3];
};

_Static_assert(sizeof(struct lb_quic) == 4, "lb_quic");
_Static_assert(sizeof(struct lb_server_id) == 24, "lb_server_id");

#endif

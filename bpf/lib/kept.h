/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* For hooks that hand packets to no other CPU. */
#ifndef LB_KEPT_H
#define LB_KEPT_H

#include "base.h"

enum {
	/* Whether packets are handed to other CPUs. */
	SPREADS = false,
	/* What hand_over returns where the packet is this CPU's; no hook's answer. */
	IS_KEPT = -6,
};

/* Hands a packet to the CPU of its flow's hash. */
static __always_inline int hand_over(__u32 hash)
{
	(void)hash;
	return IS_KEPT;
}

#endif

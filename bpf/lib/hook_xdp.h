/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the XDP hook alone has. A program names its hook by including this header first; all other
 * headers know struct lb_ctx only.
 */
#ifndef LB_HOOK_XDP_H
#define LB_HOOK_XDP_H

#include "kept.h"
#include "wire.h"

#endif

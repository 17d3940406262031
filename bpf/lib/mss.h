/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* nat, full-nat: the largest segment that the two ends of a connection tell each other, lowered on
 * its way.
 */
#ifndef LB_MSS_H
#define LB_MSS_H

#include "csum.h"
#include "parse.h"

enum {
	TCP_LENGTH_AT = 12,
	TCP_SUM_AT = 16,
	TCP_OPTION_END = 0,
	TCP_OPTION_NOTHING = 1,
	TCP_OPTION_MSS = 2,
	TCP_OPTION_MSS_SIZE = 4,
	/* No sender puts more before its MSS, which comes first as a rule. */
	TCP_OPTIONS = 16,
};

/* Lowers the MSS in the option at this place of a TCP header, and carries the checksum on. */
static __always_inline void lower_mss(struct lb_ctx *ctx, __u8 *tcp, __u8 *option, __u32 place,
				      __u32 most)
{
	__u16 from = load16(option + 2), to = bpf_htons(most);

	if (bpf_ntohs(from) <= most)
		return;
	*(__u16 *)(void *)(option + 2) = to;
	/* At an odd place its bytes are halves of two words of the sum, each the other's. */
	if (place & 1) {
		from = __builtin_bswap16(from);
		to = __builtin_bswap16(to);
	}
	carry_check(ctx, (void *)tcp + TCP_SUM_AT, false, 0, csum_swap16(0, from, to));
}

/*
 * Bytes to the next option: 1 for one that is nothing but its kind, else its length. Without a
 * branch: the verifier would follow both ways of each option to the end of all that come behind.
 */
static __always_inline __u32 step_of(__u32 kind, __u32 length)
{
	__u32 single = ((kind ^ TCP_OPTION_NOTHING) - 1) >> 31;

	asm volatile("" : "+r"(single));
	return length * (1 - single) + single;
}

/*
 * Lowers the MSS that a SYN carries, whose TCP header is at this offset of the frame and has no
 * more than so many bytes with what is behind it. Not static, so that the verifier looks at it
 * once.
 */
__noinline int clamp_mss(struct lb_ctx *ctx, __u32 at, __u32 size, __u32 most)
{
	__u32 place = sizeof(struct tcphdr), length, step;
	__u8 *tcp, *end = packet_end(ctx);

	/* Never: what the verifier does not know of the callers. */
	if (at > sizeof(struct ethhdr) + sizeof(struct ipv6hdr))
		return 0;
	tcp = packet(ctx) + at;
	if (tcp + sizeof(struct tcphdr) > end)
		return 0;
	length = (tcp[TCP_LENGTH_AT] >> 4) * 4U;
	if (length > size)
		return 0;
	for (int i = 0; i < TCP_OPTIONS; i++) {
		__u8 *option = tcp + place;

		if (place + TCP_OPTION_MSS_SIZE > length || option + TCP_OPTION_MSS_SIZE > end)
			break;
		if (option[0] == TCP_OPTION_MSS) {
			if (option[1] == TCP_OPTION_MSS_SIZE)
				lower_mss(ctx, tcp, option, place, most);
			break;
		}
		step = step_of(option[0], option[1]);
		if (option[0] == TCP_OPTION_END || !step)
			break;
		place += step;
	}
	return 0;
}

/* Whether a TCP segment opens a connection, or answers that; behind it the whole header is there.
 */
static __always_inline bool has_syn(const void *tcp)
{
	return ((const __u8 *)tcp)[TCP_FLAGS_AT] & TCP_SYN;
}

/* Lowers the MSS of what a backend says to a SYN; at is where its TCP header begins. */
static __always_inline int clamp_reply(struct lb_ctx *ctx, __u32 index, __u32 at, __u32 size)
{
	const struct lb_backend *backend = bpf_map_lookup_elem(&lb_backends, &index);

	return backend && backend->mss ? clamp_mss(ctx, at, size, backend->mss) : 0;
}

#endif

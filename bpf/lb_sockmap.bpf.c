// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lb_sockmap: moves what one socket of a relayed connection receives to the other, in the kernel.
 * A direction goes on like that until its peer's socket takes less than comes in: then, and from
 * then on, what arrives is left to the loop in user space, which reads it as from any socket. What
 * was moved before is not written out by then; the loop waits for that, so order is kept.
 *
 * The kernel calls this with the receiving socket locked: fields of an end have one writer here.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "include/lb_types.h"

/* Memory of what a direction has moved and the peer has not acknowledged; user space sets it before
 * the program is loaded, and makes the sockets' send buffers larger than that. So what was moved is
 * written whether the peer reads or not, and never stands in the way of what comes behind it. */
const volatile __u32 lb_backlog = 1048576;

/*
 * Memory that may wait for the loop. The receive buffer is far below that and holds the sender
 * back, except while the kernel has something to write to the same socket: what is passed queues up
 * behind it without being charged to anybody. That lasts until the kernel's worker has had its
 * turn; this is the end of it.
 */
enum {
	LB_PAIR_MOST = 64 << 20,
};

/* What is read of the kernel's own types; where they have it is found out when this is loaded. */
struct sk_buff {
	unsigned int truesize;
	char cb[48];
} __attribute__((preserve_access_index));

struct tcp_skb_cb {
	__u32 seq;
} __attribute__((preserve_access_index));

struct tcp_sock {
	__u32 copied_seq;
	__u32 snd_una;
	__u32 write_seq;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;

/* The sockets; those of a pair have numbers that differ in the lowest bit. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} lb_pair_socks SEC(".maps");

/* By the same numbers: user space reads and writes them through mmap. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct lb_pair_end);
} lb_pair_ends SEC(".maps");

/* The number of a socket, by its cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, __u32);
} lb_pair_index SEC(".maps");

/* Numbers of ends that were left to the loop: they wake it. Its size is in bytes. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} lb_pair_calls SEC(".maps");

/* Leaves the direction to the loop. Without room for the call the loop finds out by itself, later.
 */
static __always_inline void leave(struct lb_pair_end *end, __u32 index, enum lb_pair_state why)
{
	struct lb_pair_call call = {.index = index};

	end->state = why;
	end->mark = (__u32)end->passed;
	end->older = 0;
	end->newer = 0;
	bpf_ringbuf_output(&lb_pair_calls, &call, sizeof(call), 0);
}

/*
 * Has the other direction be left to the loop too: what it moves on would queue up in this socket
 * behind what is left to the loop from now on, and would have to wait until the loop can read that.
 */
static __always_inline void stop(__u32 other)
{
	struct lb_pair_end *end = bpf_map_lookup_elem(&lb_pair_ends, &other);

	if (end && end->state == LB_PAIR_MOVES)
		end->state = LB_PAIR_ASKED;
}

/*
 * Takes bytes off the front that were seen already: a segment may repeat some, and the kernel's
 * own readers skip them, where a program gets the segment whole. A call takes 4095 at most.
 */
static __always_inline void skip(struct __sk_buff *skb, __u32 seen)
{
	for (int i = 0; i < 32 && seen; i++) {
		__u32 part = seen > 4095 ? 4095 : seen;

		if (bpf_skb_adjust_room(skb, -(__s32)part, 0, 0))
			return;
		seen -= part;
	}
}

/*
 * Adds a segment to what waits between a position that was reached, and the last one given out;
 * returns at least the memory that waits. What is older than the mark is gone once that is reached.
 */
static __always_inline __u32 charge(struct lb_pair_end *end, __u32 reached, __u32 last,
				    __u32 memory)
{
	if (reached == last) {
		end->older = 0;
		end->newer = 0;
		end->mark = last;
	} else if ((__s32)(reached - end->mark) >= 0) {
		end->older = end->newer;
		end->newer = 0;
		end->mark = last;
	}
	end->newer += memory;
	return end->older + end->newer;
}

/* Whether the segment goes to the peer's socket. */
static __always_inline bool is_moved(struct lb_pair_end *end, __u32 index, bool first, __u32 length,
				     __u32 memory)
{
	__u32 other = index ^ 1;
	struct tcp_sock *peer;
	struct bpf_sock *sk;
	__u32 acked, written;

	if (end->state != LB_PAIR_MOVES)
		return false;
	sk = bpf_map_lookup_elem(&lb_pair_socks, &other);
	if (!sk) {
		leave(end, index, LB_PAIR_ALONE);
		return false;
	}
	peer = bpf_skc_to_tcp_sock(sk);
	written = peer ? peer->write_seq : 0;
	acked = peer ? peer->snd_una : 0;
	bpf_sk_release(sk);
	if (!peer) {
		leave(end, index, LB_PAIR_ALONE);
		return false;
	}
	if (first)
		end->end = written;
	if (charge(end, acked, end->end, memory) > lb_backlog) {
		leave(end, index, LB_PAIR_FULL);
		stop(other);
		return false;
	}
	end->end += length;
	end->bytes += length;
	return true;
}

SEC("sk_skb/stream_verdict")
int lb_sockmap(struct __sk_buff *skb)
{
	__u64 cookie = bpf_get_socket_cookie(skb);
	__u32 *index = bpf_map_lookup_elem(&lb_pair_index, &cookie);
	struct bpf_sock *sk = skb->sk;
	struct lb_pair_end *end;
	struct sk_buff *kernel;
	struct tcp_sock *tcp;
	__u32 memory, seq, at, other;
	bool first;

	/* A FIN without bytes: the loop is told of it by other means, and the kernel fails on it
	 * where it has bytes to write to this socket. */
	if (!skb->len)
		return SK_DROP;
	if (!index || !sk)
		return SK_PASS;
	at = *index;
	end = bpf_map_lookup_elem(&lb_pair_ends, &at);
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!end || !tcp)
		return SK_PASS;

	kernel = bpf_cast_to_kern_ctx(skb);
	memory = kernel->truesize;
	seq = *(__u32 *)(kernel->cb + bpf_core_field_offset(struct tcp_skb_cb, seq));
	first = !end->begun;
	if (first) {
		end->next = tcp->copied_seq;
		end->begun = 1;
	}
	other = end->next - seq;
	end->next = seq + skb->len;
	if ((__s32)other > 0)
		skip(skb, other);

	if (!is_moved(end, at, first, skb->len, memory)) {
		__u32 waiting = charge(end, (__u32)end->read, (__u32)end->passed, memory);

		end->passed += skb->len;
		if (end->state == LB_PAIR_OVER)
			return SK_DROP;
		if (waiting > LB_PAIR_MOST) {
			leave(end, at, LB_PAIR_OVER);
			return SK_DROP;
		}
		return SK_PASS;
	}
	return bpf_sk_redirect_map(skb, &lb_pair_socks, at ^ 1, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";

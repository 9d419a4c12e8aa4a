/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST without a traced process: gets without a matching put. flush_buffer(stream, 0) makes the packets.
 * Confirms double-acquire, put-next-after-get-at, get-at-while-held, unaligned-position and getters-without-get.
 * Run: ./get-and-put
 * Printed with liblttng-ust 2.13.5:
 *   get_subbuf(4096): packet 1; put_next_subbuf: consumed 4096, which is the end of packet 0
 *   get_subbuf(1): 0, packet 0; get_subbuf(6144): 0, packet 1; get_subbuf(4096) while packet 0 is held: 0, packet 1
 *   get_next_subbuf again: 0; overwrite mode: magic 0; discard mode: packet 0
 *   the getters where nothing was got: packet_seq_num 0, content 0 bytes, events_discarded 0, none refused
 */
#include "session.h"

#include <stdint.h>

static struct session s;

static struct lttng_ust_ctl_consumer_stream *anew(int overwrite, int packets)
{
	channel_open(&s, overwrite, 8);
	while (packets--)
		lttng_ust_ctl_flush_buffer(s.stream, 0);
	return s.stream;
}

static int get_at(unsigned long position)
{
	return lttng_ust_ctl_get_subbuf(s.stream, &position);
}

/* Does not sample the positions: a sample while a packet is held changes the effect of a put. */
static void got(const char *when, int result)
{
	const unsigned char *base = lttng_ust_ctl_get_mmap_base(s.stream);
	unsigned long offset = 0;
	uint64_t number = 0;

	printf("  %s: %d", when, result);
	if (!result && !lttng_ust_ctl_get_mmap_read_offset(s.stream, &offset) &&
	    !lttng_ust_ctl_get_sequence_number(s.stream, &number))
		printf("; magic %#x, packet_seq_num %lu", *(const uint32_t *)(base + offset), (unsigned long)number);
	puts("");
}

int main(void)
{
	for (int overwrite = 1; overwrite >= 0; overwrite--) {
		unsigned long consumed, produced;

		puts(overwrite ? "overwrite mode, 4 packets" : "discard mode, 4 packets");
		lttng_ust_ctl_snapshot(anew(overwrite, 4));
		got("get_subbuf(4096)", get_at(4096));
		lttng_ust_ctl_put_next_subbuf(s.stream);
		positions(&s, &consumed, &produced);
		printf("  put_next_subbuf: consumed %lu\n", consumed);
		anew(overwrite, 4);
		got("anew: get_subbuf(1)", get_at(1));
		lttng_ust_ctl_put_subbuf(s.stream);
		got("put_subbuf, get_subbuf(6144)", get_at(6144));
		got("anew: get_next_subbuf", lttng_ust_ctl_get_next_subbuf(anew(overwrite, 4)));
		got("get_subbuf(4096) while it is held", get_at(4096));
		got("anew: get_next_subbuf", lttng_ust_ctl_get_next_subbuf(anew(overwrite, 4)));
		got("again", lttng_ust_ctl_get_next_subbuf(s.stream));
	}
	anew(1, 0);
	puts("the getters where nothing was got:");
	describe(&s);
	return 0;
}

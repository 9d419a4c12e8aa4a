/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST: the packets of a new stream after the previous one was destroyed with a held packet.
 * Confirms dead-reader-events-again.
 * Run: ./dead-reader
 * Printed with liblttng-ust 2.13.5:
 *   overwrite mode: first reader: 0, offset 0, magic 0xc1fc1fc1; second reader: 0, offset 16384, magic 0
 *     after put_subbuf: 0, offset 16384, magic 0; after put_next_subbuf: -11
 *   discard mode: offset 0, magic 0xc1fc1fc1 all three times; after put_next_subbuf: -11
 */
#include "session.h"

#include <stdint.h>

static void first_word(struct session *s, const char *when)
{
	unsigned long offset = 0;
	int result = lttng_ust_ctl_get_next_subbuf(s->stream);
	const unsigned char *base = lttng_ust_ctl_get_mmap_base(s->stream);

	printf("  %s: get_next_subbuf %d", when, result);
	if (!result && !lttng_ust_ctl_get_mmap_read_offset(s->stream, &offset))
		printf(", offset %lu, magic %#x", offset, *(const uint32_t *)(base + offset));
	puts("");
}

int main(void)
{
	for (int overwrite = 1; overwrite >= 0; overwrite--) {
		struct session s;

		session_open(&s, overwrite, 4);
		puts(overwrite ? "overwrite mode" : "discard mode");
		ask(&s, "w 8 16\n");
		lttng_ust_ctl_flush_buffer(s.stream, 1);
		first_word(&s, "first reader");
		lttng_ust_ctl_destroy_stream(s.stream);
		s.stream = lttng_ust_ctl_create_stream(s.channel, 0);
		first_word(&s, "second reader");
		lttng_ust_ctl_put_subbuf(s.stream);
		first_word(&s, "after put_subbuf");
		lttng_ust_ctl_put_next_subbuf(s.stream);
		first_word(&s, "after put_next_subbuf");
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST without a traced process: put_next_subbuf without a get, and a late one, with and without a sample of the
 * positions before it. flush_buffer(stream, 0) makes the packets.
 * Confirms release-without-acquire, release-on-empty and sample-while-held.
 * Run: ./put-without-get
 * Printed with liblttng-ust 2.13.5:
 *   4 packets, none got: put_next_subbuf 0; consumed 4096, produced 16384
 *   empty: put_next_subbuf 0; consumed 4096, produced 84; 12 flushes: get_next_subbuf -11;
 *     overwrite mode: consumed 53248, produced 49152; discard mode: consumed 8192, produced 4096
 *   a packet held over a lap: not sampled: consumed 102400; positions sampled before: consumed 106496
 */
#include "session.h"

static struct session s;

static void flush(int count)
{
	while (count--)
		lttng_ust_ctl_flush_buffer(s.stream, 0);
}

static void put(const char *when)
{
	unsigned long consumed, produced;
	int result = lttng_ust_ctl_put_next_subbuf(s.stream);

	positions(&s, &consumed, &produced);
	printf("  %s: put_next_subbuf %d; consumed %lu, produced %lu\n", when, result, consumed, produced);
}

int main(void)
{
	for (int overwrite = 1; overwrite >= 0; overwrite--) {
		unsigned long consumed, produced;

		puts(overwrite ? "overwrite mode" : "discard mode");
		channel_open(&s, overwrite, 8);
		flush(4);
		put("4 packets, none got");
		channel_open(&s, overwrite, 8);
		put("empty");
		flush(12);
		positions(&s, &consumed, &produced);
		printf("  12 flushes: consumed %lu, produced %lu; get_next_subbuf %d\n", consumed, produced,
		       lttng_ust_ctl_get_next_subbuf(s.stream));
	}
	puts("overwrite mode, a packet held over a lap");
	for (int sample = 0; sample < 2; sample++) {
		channel_open(&s, 1, 8);
		flush(3);
		lttng_ust_ctl_get_next_subbuf(s.stream);
		flush(30);
		if (sample)
			lttng_ust_ctl_snapshot_sample_positions(s.stream);
		put(sample ? "positions sampled before" : "not sampled");
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST, overwrite mode: the bytes after the data of a packet that was ended by a flush.
 * Confirms bytes-behind-the-data.
 * Run: ./bytes-behind
 * Printed with liblttng-ust 2.13.5:
 *   packets 21, 22, 23: content 4084 bytes, behind it not 0: 0
 *   packet 24: content 1684 bytes, behind it not 0: 438
 */
#include "session.h"

int main(void)
{
	unsigned long offset, at, not_zero;
	uint64_t content, packet;
	const unsigned char *base;
	struct session s;

	session_open(&s, 1, 4);
	ask(&s, "w 3050 16\n");
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	base = lttng_ust_ctl_get_mmap_base(s.stream);
	puts("3050 events, flushed; read:");
	while (!lttng_ust_ctl_get_next_subbuf(s.stream)) {
		lttng_ust_ctl_get_mmap_read_offset(s.stream, &offset);
		lttng_ust_ctl_get_content_size(s.stream, &content);
		lttng_ust_ctl_get_packet_size(s.stream, &packet);
		for (not_zero = 0, at = content / 8; at < packet / 8; at++)
			not_zero += base[offset + at] != 0;
		describe(&s);
		printf("  packet %lu bytes, of those behind the content not 0: %lu\n", (unsigned long)packet / 8,
		       not_zero);
		lttng_ust_ctl_put_next_subbuf(s.stream);
	}
	return 0;
}

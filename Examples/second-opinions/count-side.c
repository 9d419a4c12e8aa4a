/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST, discard mode: the packet that counts a loss, if the events fill the packet before the gap to its last byte
 * and if they do not. The header has 84 of 4096 bytes: events of 34 bytes leave 0 bytes free, events of 32 bytes 12.
 * Confirms count-beside-the-gap and count-beside-the-gap-of-full.
 * Run: ./count-side
 * Printed with liblttng-ust 2.13.5:
 *   w 1000 16: packet 1 events_discarded 0; then packet 2, the last before the gap: 750, and packet 3: 750
 *   w 1000 18: packets 1 and 2, the last before the gap: 0; then packet 3: 764
 */
#include "session.h"

static void gap(const char *write)
{
	struct session s;

	session_open(&s, 0, 2);
	/* The first event may have a full time stamp and be larger: it gets a packet of its own. */
	ask(&s, "w 1 16\n");
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	read_all(&s);
	ask(&s, write);
	printf("%sread:\n", write);
	read_all(&s);
	ask(&s, "w 4 16\n");
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	puts("4 more, flushed; read:");
	read_all(&s);
}

int main(void)
{
	gap("w 1000 16\n");
	gap("w 1000 18\n");
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST, discard mode: events of 34 bytes, of which 118 fill the 4012 bytes of a packet of 4096 to its last byte.
 * The event that would fill the last free sub-buffer to its last byte is discarded, although it fits.
 * Confirms the loss scenario filled-to-the-last-byte.
 * Run: ./last-byte
 * Printed with liblttng-ust 2.13.5:
 *   4 sub-buffers, 472 events of 34 bytes written, which is what fits: 471 are read, events_discarded 1
 *   4 sub-buffers, 400 events of 40 bytes written, which is what fits: 400 are read, events_discarded 0
 */
#include "session.h"

#include <stdint.h>
#include <string.h>

static void fill(int payload, int size)
{
	int each = (4096 - 84) / size, events = 0;
	unsigned long long discarded = 0;
	struct session s;
	char command[64];

	session_open(&s, 0, 4);
	snprintf(command, sizeof(command), "w %d %d\n", 4 * each, payload);
	ask(&s, command);
	/* The first flush ends the last packet unless it is full; the second makes an empty one with the latest count. */
	for (int turn = 0; turn < 3; turn++) {
		while (lttng_ust_ctl_get_next_subbuf(s.stream) == 0) {
			uint64_t bits = 0, count = 0;

			lttng_ust_ctl_get_content_size(s.stream, &bits);
			lttng_ust_ctl_get_events_discarded(s.stream, &count);
			events += ((int)(bits / 8) - 84) / size;
			discarded = count;
			lttng_ust_ctl_put_next_subbuf(s.stream);
		}
		lttng_ust_ctl_flush_buffer(s.stream, turn == 0);
	}
	printf("4 sub-buffers, %d events of %d bytes written, which is what fits: %d are read, events_discarded %llu\n",
	       4 * each, size, events, discarded);
}

int main(void)
{
	fill(18, 34);
	fill(24, 40);
	return 0;
}

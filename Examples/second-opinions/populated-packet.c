/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST without a traced process: packet_seq_num of the packet that flush_events_or_populate_packet makes outside the
 * ring buffer, after each of 20 packets in a ring buffer of 8 sub-buffers. flush_buffer(stream, 0) makes those.
 * Confirms number-of-populated-packet.
 * Run: ./populated-packet (LTTng-UST 2.14 and later)
 * Printed with 2.16.0, packet:populated packet: 0:1 1:2 2:3 3:4 4:5 5:6 6:7 7:8 8:1 9:2 10:3 11:4 12:5 13:6 14:7 15:16 16:9
 *   17:10 18:11 19:12
 */
#include <lttng/ust-abi.h>
#include <stdint.h>
#include <string.h>

#include "session.h"

int main(void)
{
#if LTTNG_UST_ABI_MAJOR_VERSION >= 10
	struct lttng_ust_ctl_consumer_packet *packet;
	uint64_t number, length, padded;
	struct session s;
	bool populated;
	void *bytes;

	channel_open(&s, 1, 8);
	lttng_ust_ctl_packet_create(&packet);
	printf("packet:populated packet:");
	for (int i = 0; i < 20; i++) {
		lttng_ust_ctl_flush_buffer(s.stream, 0);
		lttng_ust_ctl_get_next_subbuf(s.stream);
		lttng_ust_ctl_get_sequence_number(s.stream, &number);
		lttng_ust_ctl_put_next_subbuf(s.stream);
		printf(" %lu", (unsigned long)number);
		lttng_ust_ctl_flush_events_or_populate_packet(s.stream, packet, &populated, NULL);
		lttng_ust_ctl_packet_get_buffer(packet, &bytes, &length, &padded);
		/* The offset of packet_seq_num. */
		memcpy(&number, (char *)bytes + 64, sizeof(number));
		printf(":%lu", (unsigned long)number);
	}
	puts("");
	lttng_ust_ctl_packet_destroy(packet);
#else
	puts("needs LTTng-UST 2.14 or later");
#endif
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: array[0] of events whose type_len is zero, "the actual length" (include/linux/ring_buffer.h),
 * for raw markers of 200 to 207 bytes. Confirms event-length.
 * Run as root: ./event-length
 * Printed on Linux 6.18.44:
 *   200 bytes written: array[0] is 212, for 208 bytes of data
 *   201 to 204 bytes written: array[0] is 216, for 209 to 212 bytes of data
 *   205 to 207 bytes written: array[0] is 220, for 213 to 215 bytes of data
 */
#include "tracefs.h"

int main(void)
{
	static const char data[256];
	struct ring ring;
	uint32_t at = 0, length;
	int size;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	for (size = 200; size < 208; size++)
		check(write(ring.marker, data, size), "trace_marker_raw");
	check(ioctl(ring.fd, GET_READER), "ioctl");
	for (size = 200; size < 208; at += 4 + length, size++) {
		volatile uint32_t *event = (volatile uint32_t *)(ring.data + ring.meta->reader.id * 4096 + 16 + at);

		/* The first event has no time extend; type_len is zero above 112 bytes. */
		check(event[0] & 31 ? -1 : 0, "type_len");
		length = event[1];
		printf("%d bytes written: array[0] is %u, for %d bytes of data\n", size, length, 8 + size);
	}
	ring_close(&ring);
	return 0;
}

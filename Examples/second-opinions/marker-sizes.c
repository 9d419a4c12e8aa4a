/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer with sub-buffers of 8 KiB: the largest event of the markers.
 * Confirms event-larger-than-a-page.
 * Run as root: ./marker-sizes
 * Printed on Linux 6.18.44:
 *   trace_marker_raw, 4000 bytes: 4000; 4096, 4097, 5016, 6000 bytes: -1 Invalid argument
 *   trace_marker, 6000 bytes: 4054
 */
#include "tracefs.h"

int main(void)
{
	static const int sizes[] = { 4000, 4096, 4097, 5016, 6000 };
	static char payload[8000] = { 1 };
	struct ring ring;
	ssize_t written;
	int fd;

	ring_open(&ring, O_NONBLOCK, "1");
	set("buffer_subbuf_size_kb", "8");
	for (int i = 0; i < 5; i++) {
		errno = 0;
		written = write(ring.marker, payload, sizes[i]);
		printf("trace_marker_raw, %d bytes: %zd %s\n", sizes[i], written, written < 0 ? strerror(errno) : "");
	}
	memset(payload, 'x', sizeof(payload));
	fd = check(open(INSTANCE "/trace_marker", O_WRONLY), "trace_marker");
	printf("trace_marker, 6000 bytes: %zd\n", write(fd, payload, 6000));
	close(fd);
	ring_close(&ring);
	return 0;
}

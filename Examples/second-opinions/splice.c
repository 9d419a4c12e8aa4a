/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: splice and read of trace_pipe_raw during a mapping.
 * Confirms splice-copies-while-mapped.
 * Run as root: ./splice
 * Printed on Linux 6.18.44:
 *   not mapped: splice 8192; mapped: splice -1 Resource temporarily unavailable, before and after an ioctl
 *   mapped, after a partial read: splice -1 Invalid argument; not mapped any more: the same
 */
#include "tracefs.h"

static void try_splice(struct ring *ring, const char *when)
{
	int ends[2];
	ssize_t count;

	check(pipe(ends), "pipe");
	count = splice(ring->fd, NULL, ends[1], NULL, 8192, SPLICE_F_NONBLOCK);
	printf("%s: splice %zd %s\n", when, count, count < 0 ? strerror(errno) : "");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	struct ring ring;
	char bytes[4096];

	ring_open(&ring, O_NONBLOCK, "1");
	set("buffer_percent", "0");
	write_events(&ring, 600);
	try_splice(&ring, "not mapped");
	map(&ring);
	try_splice(&ring, "mapped, before an ioctl");
	printf("ioctl %d\n", ioctl(ring.fd, GET_READER));
	try_splice(&ring, "mapped, after an ioctl");
	printf("read(2) of 4096 bytes: %zd\n", read(ring.fd, bytes, 4096));
	printf("read(2) of 100 bytes: %zd\n", read(ring.fd, bytes, 100));
	try_splice(&ring, "mapped, after a partial read");
	ring_unmap(&ring);
	try_splice(&ring, "not mapped any more");
	ring_close(&ring);
	return 0;
}

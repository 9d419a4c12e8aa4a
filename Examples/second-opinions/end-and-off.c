/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: the results of poll and of the ioctl after the only writer has ended, and with recording off.
 * Confirms end-told-by-poll, recording-off-told and eagain-and-enodata.
 * Run as root: ./end-and-off
 * Printed on Linux 6.18.44:
 *   8 events written: poll 1, ioctl 0; all is read: poll 0, ioctl 0
 *   the writer has ended: poll 0, ioctl 0; tracing_on is 0: poll 0, ioctl 0; 8 events written then: 8 refused
 */
#include "tracefs.h"

#include <poll.h>
#include <sys/wait.h>

static void answers(struct ring *ring, const char *when)
{
	struct pollfd request = { .fd = ring->fd, .events = POLLIN | POLLPRI };
	int ready = poll(&request, 1, 0), result = ioctl(ring->fd, GET_READER);

	printf("%s: poll %d (revents %#x), ioctl %d, reader.read %u of %lu\n", when, ready, request.revents, result,
	       ring->meta->reader.read, (unsigned long)commit_word(ring));
}

int main(void)
{
	struct ring ring;
	int go[2], wrote[2];
	char byte = 0;
	pid_t writer;

	ring_open(&ring, O_NONBLOCK, "1");
	set("buffer_percent", "0");
	map(&ring);
	check(pipe(go), "pipe");
	check(pipe(wrote), "pipe");
	writer = check(fork(), "fork");
	if (!writer) {
		close(ring.fd);
		write_events(&ring, 8);
		check(write(wrote[1], &byte, 1), "write");
		_exit(read(go[0], &byte, 1) != 1);
	}
	/* Leave the writer's trace_marker_raw as the only open one. */
	close(ring.marker);
	check(read(wrote[0], &byte, 1), "read");
	answers(&ring, "8 events written");
	answers(&ring, "all is read, the writer lives");
	check(write(go[1], &byte, 1), "write");
	waitpid(writer, NULL, 0);
	answers(&ring, "the writer has ended");
	set("tracing_on", "0");
	answers(&ring, "tracing_on is 0");
	ring.marker = check(open(INSTANCE "/trace_marker_raw", O_WRONLY), "trace_marker_raw");
	printf("8 events written then: %d refused\n", write_events(&ring, 8));
	answers(&ring, "after them");
	ring_close(&ring);
	return 0;
}

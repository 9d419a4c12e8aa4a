/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: a reader takes a sub-buffer and is killed; another one maps the ring buffer and reads the rest.
 * Confirms the loss scenario killed-holding.
 * Run as root: ./killed-holding
 * Printed on Linux 6.18.44, with overwrite 1 and with 0 alike:
 *   276 events written; the child's ioctl: 0; the child is killed
 *   the next reader: 184 events, the first 92; no mark of a loss
 *   meta.overrun 0, reader.lost_events 0; stats: overrun 0, dropped events 0, read events 276
 */
#include "tracefs.h"

#include <signal.h>
#include <sys/wait.h>

static void killed(const char *overwrite)
{
	struct ring ring;
	int events = 0, marks = 0, result, ends[2];
	uint32_t first = 0, start = 0;
	uint64_t overrun, lost;
	pid_t child;

	printf("overwrite %s\n", overwrite);
	ring_open(&ring, O_NONBLOCK, overwrite);
	write_events(&ring, 276);
	check(pipe(ends), "pipe");
	child = check(fork(), "fork");
	if (child == 0) {
		struct ring own = ring;

		own.fd = check(open(PIPE_RAW, O_RDONLY | O_NONBLOCK), PIPE_RAW);
		map(&own);
		result = ioctl(own.fd, GET_READER);
		check(write(ends[1], &result, sizeof(result)), "write");
		pause();
	}
	check(read(ends[0], &result, sizeof(result)), "read");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("  276 events written; the child's ioctl: %d; the child is killed\n", result);

	map(&ring);
	for (;;) {
		uint32_t id = ring.meta->reader.id, read = ring.meta->reader.read;
		int count;

		check(ioctl(ring.fd, GET_READER), "ioctl");
		if (ring.meta->reader.id == id && ring.meta->reader.read == read)
			break;
		count = count_events(&ring, 0, &start);
		if (!events)
			first = start;
		events += count;
		marks += ring.data[ring.meta->reader.id * 4096 + 11] >> 7;
	}
	overrun = ring.meta->overrun;
	lost = ring.meta->reader.lost_events;
	printf("  the next reader: %d events, the first %u; sub-buffers with the mark of a loss: %d\n", events, first, marks);
	printf("  meta.overrun %lu, reader.lost_events %lu\n", (unsigned long)overrun, (unsigned long)lost);
	stats("overrun|dropped events|read events");
	close(ends[0]);
	close(ends[1]);
	ring_close(&ring);
}

int main(void)
{
	killed("1");
	killed("0");
	return 0;
}

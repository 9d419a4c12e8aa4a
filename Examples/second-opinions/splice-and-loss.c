/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: the place of the mark of a loss, without a splice and after a refused one; and a splice after
 * a partial read of trace_pipe.
 * Confirms refused-splice-moves-no-mark and splice-copies-while-mapped.
 * Run as root: ./splice-and-loss
 * Printed on Linux 6.18.44:
 *   no splice: first: 736 missing before it, commit 0xffffffffc0000fd0, lost_events 0; second: 0, 0xff0, 0
 *   splice -1 Resource temporarily unavailable
 *   after it: first: 736 missing before it, commit 0xff0, lost_events 736; second: 0, 0xffffffffc0000fd0, 0
 *   after a read of 128 bytes of trace_pipe: splice 4096
 */
#include "tracefs.h"

static ssize_t try_splice(struct ring *ring)
{
	int ends[2];
	ssize_t count;

	check(pipe(ends), "pipe");
	count = splice(ring->fd, NULL, ends[1], NULL, 4096, SPLICE_F_NONBLOCK);
	printf("splice %zd %s\n", count, count < 0 ? strerror(errno) : "");
	close(ends[0]);
	close(ends[1]);
	return count;
}

static void acquire_two(struct ring *ring, const char *when)
{
	uint32_t next = 0;

	printf("%s:", when);
	for (int i = 0; i < 2; i++) {
		uint32_t first = 0;
		int count;

		check(ioctl(ring->fd, GET_READER), "ioctl");
		count = count_events(ring, 0, &first);
		printf(" %s: %u missing before it, commit 0x%jx, lost_events %ju;", i ? "second" : "first", first - next,
		       (uintmax_t)commit_word(ring), (uintmax_t)ring->meta->reader.lost_events);
		next = first + count;
	}
	printf("\n");
}

int main(void)
{
	struct ring ring;
	char bytes[128];
	int pipe_fd;

	for (int i = 0; i < 2; i++) {
		ring_open(&ring, O_NONBLOCK, "1");
		set("buffer_percent", "0");
		map(&ring);
		write_events(&ring, 1472);
		if (i)
			try_splice(&ring);
		acquire_two(&ring, i ? "after it" : "no splice");
		if (i) {
			pipe_fd = check(open(INSTANCE "/per_cpu/cpu0/trace_pipe", O_RDONLY | O_NONBLOCK), "trace_pipe");
			printf("read of trace_pipe: %zd; ", read(pipe_fd, bytes, sizeof(bytes)));
			try_splice(&ring);
			close(pipe_fd);
		}
		ring_close(&ring);
	}
	return 0;
}

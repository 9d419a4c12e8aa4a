/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What TRACE_MMAP_IOCTL_GET_READER costs by the number of events in the sub-buffer that it hands out, of full
 * sub-buffers that it exchanges. Confirms that the cost grows with them.
 * Run as root: ./cost-by-events [ROUNDS]
 * Printed on Linux 6.18.44, in a virtual machine:
 *     1 events: median   401 ns of 3000
 *     4 events: median   510 ns of 1749
 *    16 events: median   851 ns of 1750
 *    53 events: median  2003 ns of 1755
 *   145 events: median  4798 ns of 1749
 */
#include "tracefs.h"

#include <time.h>

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int ascending(const void *left, const void *right)
{
	return (*(const long *)left > *(const long *)right) - (*(const long *)left < *(const long *)right);
}

int main(int argc, char **argv)
{
	/* Bytes that are written to the marker. */
	static const int lengths[] = { 4064, 996, 236, 64, 16 };
	static char event[4064];
	int rounds = argc > 1 ? atoi(argv[1]) : 500;
	long *taken = calloc((size_t)rounds * 6, sizeof(*taken));
	struct ring ring;

	check(taken ? 0 : -1, "calloc");
	event[0] = 1;
	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		int count = 0, events = 0;

		for (int round = 0; round < rounds; round++) {
			/* Six sub-buffers and a little. */
			for (int bytes = 0; bytes < 6 * 4080; bytes += lengths[i] + 12)
				check(write(ring.marker, event, (size_t)lengths[i]), "write");
			for (;;) {
				uint32_t id = ring.meta->reader.id;
				long begin = now(), end;

				check(ioctl(ring.fd, GET_READER), "ioctl");
				end = now();
				if (ring.meta->reader.id == id)
					break;
				/* The last is not full. */
				if (ring.meta->reader.read <= 4080 - (uint32_t)lengths[i] - 16 || count == rounds * 6)
					continue;
				events = count_events(&ring, 0, NULL);
				taken[count++] = end - begin;
			}
		}
		if (!count)
			continue;
		qsort(taken, (size_t)count, sizeof(*taken), ascending);
		printf("%3d events: median %5ld ns of %d\n", events, taken[count / 2], count);
	}
	ring_close(&ring);
	free(taken);
	return 0;
}

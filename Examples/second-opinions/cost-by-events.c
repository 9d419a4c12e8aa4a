/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cost of TRACE_MMAP_IOCTL_GET_READER by the number of events in the sub-buffer that it hands out, and the cost of
 * read(2) of trace_pipe_raw for an equally full sub-buffer of the same ring buffer, not mapped. The two alternate.
 * Confirms that the cost of the ioctl grows with the number of events, and that of read(2) does not.
 * Run as root: ./cost-by-events [ROUNDS]
 * Printed on Linux 6.18.44, in a virtual machine:
 *     1 events: ioctl   401 ns of 3000, read(2)   561 ns of 3000
 *     4 events: ioctl   511 ns of 2750, read(2)   580 ns of 2750
 *    16 events: ioctl   851 ns of 2625, read(2)   581 ns of 2625
 *    53 events: ioctl  2003 ns of 2557, read(2)   581 ns of 2565
 *   145 events: ioctl  4777 ns of 2518, read(2)   581 ns of 2517
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

/* Writes slightly more than six sub-buffers. */
static void fill(struct ring *ring, const char *event, int length)
{
	for (int bytes = 0; bytes < 6 * 4080; bytes += length + 12)
		check(write(ring->marker, event, (size_t)length), "write");
}

/* The last sub-buffer of a filling is not full. */
static int is_full(uint64_t bytes, int length)
{
	return bytes > 4080 - (uint64_t)length - 16;
}

/* Takes all sub-buffers by ioctl of the mapping. Returns the number of timed full ones, at most 6, and their times. */
static int take_mapped(struct ring *ring, int length, long *taken, int *events)
{
	for (int count = 0;;) {
		uint32_t id = ring->meta->reader.id, before = ring->meta->reader.read;
		long begin = now(), end;

		check(ioctl(ring->fd, GET_READER), "ioctl");
		end = now();
		if (ring->meta->reader.id == id && ring->meta->reader.read == before)
			return count;
		/* An unchanged id: more events of the same sub-buffer, without an exchange. */
		if (ring->meta->reader.id == id || !is_full(ring->meta->reader.read, length) || count == 6)
			continue;
		*events = count_events(ring, 0, NULL);
		taken[count++] = end - begin;
	}
}

/* The same by read(2), unmapped. */
static int take_read(struct ring *ring, int length, long *taken)
{
	static unsigned char page[4096];

	for (int count = 0;;) {
		long begin = now(), end, got = read(ring->fd, page, sizeof(page));
		uint64_t commit;

		end = now();
		if (got < 0 && errno == EAGAIN)
			return count;
		check((int)got, "read");
		memcpy(&commit, page + 8, sizeof(commit));
		if (is_full(commit & 0xfffff, length) && count < 6)
			taken[count++] = end - begin;
	}
}

static long median(long *taken, int count)
{
	qsort(taken, (size_t)count, sizeof(*taken), ascending);
	return count ? taken[count / 2] : 0;
}

int main(int argc, char **argv)
{
	/* Bytes of a write to the marker. */
	static const int lengths[] = { 4064, 996, 236, 64, 16 };
	static char event[4064];
	int rounds = argc > 1 ? atoi(argv[1]) : 500;
	long *mapped = calloc((size_t)rounds * 6, sizeof(*mapped));
	long *read = calloc((size_t)rounds * 6, sizeof(*read));
	struct ring ring;

	check(mapped && read ? 0 : -1, "calloc");
	event[0] = 1;
	ring_open(&ring, O_NONBLOCK, "1");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		int of_mapped = 0, of_read = 0, events = 0;

		/* Alternate: read(2) reads while nothing is mapped. */
		for (int round = 0; round < rounds; round++) {
			fill(&ring, event, lengths[i]);
			of_read += take_read(&ring, lengths[i], read + of_read);
			map(&ring);
			fill(&ring, event, lengths[i]);
			of_mapped += take_mapped(&ring, lengths[i], mapped + of_mapped, &events);
			ring_unmap(&ring);
		}
		printf("%3d events: ioctl %5ld ns of %d, read(2) %5ld ns of %d\n", events, median(mapped, of_mapped),
		       of_mapped, median(read, of_read), of_read);
	}
	ring_close(&ring);
	free(mapped);
	free(read);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: two readers that both acquire before either reads, a partial sub-buffer, an ioctl on a
 * descriptor without a mapping, and a read of trace_pipe during a mapping.
 * Confirms readers-interleave, partial-not-visible, acquire-through-another-descriptor and read-beside-mapping.
 * Run as root: ./readers
 * Printed on Linux 6.18.44:
 *   3 events written: ioctl 0: reader.id 1, 3 events from 0 on
 *   600 more, ioctl of A, ioctl of B: both see reader.id 2, 92 events from 92 on; again: both 4, 92 from 276 on
 *   a descriptor that maps nothing: ioctl 0: reader.id 5 in the mapping of A
 *   read(2) of trace_pipe: the event 84 02 00 00 (644), the meta page as before; ioctl of A: 92 events from 644 on
 */
#include "tracefs.h"

static void look(struct ring *ring, const char *who)
{
	uint32_t first = 0;
	int count = count_events(ring, 0, &first);

	printf("  %s: reader.id %u, reader.read %u, meta.read %lu, %d events from %u on\n", who, ring->meta->reader.id,
	       ring->meta->reader.read, (unsigned long)ring->meta->read, count, first);
}

int main(void)
{
	struct ring a, b;
	char text[4096], *first;
	ssize_t length;
	int fd;

	ring_open(&a, O_NONBLOCK, "1");
	map(&a);
	write_events(&a, 3);
	printf("3 events written: ioctl %d\n", ioctl(a.fd, GET_READER));
	look(&a, "A");

	write_events(&a, 600);
	b = a;
	b.fd = check(open(PIPE_RAW, O_RDONLY | O_NONBLOCK), PIPE_RAW);
	map(&b);
	for (int turn = 1; turn <= 2; turn++) {
		printf("600 more, turn %d: ioctl of A %d", turn, ioctl(a.fd, GET_READER));
		printf(", ioctl of B %d; A looks, B looks\n", ioctl(b.fd, GET_READER));
		look(&a, "A");
		look(&b, "B");
	}
	ring_unmap(&b);
	close(b.fd);

	fd = check(open(PIPE_RAW, O_RDONLY | O_NONBLOCK), PIPE_RAW);
	printf("a descriptor that maps nothing: ioctl %d\n", ioctl(fd, GET_READER));
	look(&a, "A");
	close(fd);

	write_events(&a, 600);
	check(ioctl(a.fd, GET_READER), "ioctl");
	fd = check(open(INSTANCE "/per_cpu/cpu0/trace_pipe", O_RDONLY | O_NONBLOCK), "trace_pipe");
	puts("600 more, acquired");
	look(&a, "A");
	length = check(read(fd, text, sizeof(text) - 1), "trace_pipe");
	text[length] = '\0';
	/* The text of an event contains its number after "buf: ", as bytes in hexadecimal. */
	first = strstr(text, "buf: ");
	printf("read(2) of trace_pipe: %zd bytes, the first event: %.11s (little endian)\n", length,
	       first ? first + 5 : "?");
	look(&a, "A");
	stats("read events");
	close(fd);
	printf("ioctl of A %d\n", ioctl(a.fd, GET_READER));
	look(&a, "A");
	ring_close(&a);
	return 0;
}

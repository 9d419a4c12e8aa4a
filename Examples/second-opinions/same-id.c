/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: new events under the same reader.id, while the writer is on the sub-buffer and after it left.
 * Confirms same-id-nothing-new.
 * Run as root: ./same-id
 * Printed on Linux 6.18.44:
 *   4 events: ioctl 0, id 0 -> 1, 4 new events
 *   4 more, the writer on it: ioctl 0, id 1 -> 1, 4 new events
 *   nothing more: ioctl 0, id 1 -> 1, 0 new events
 *   200 more, the writer gone from it: ioctl 0, id 1 -> 1, 84 new events
 *   once more: ioctl 0, id 1 -> 2, 92 new events
 */
#include "tracefs.h"

static void acquire(struct ring *ring, const char *when)
{
	uint32_t id = ring->meta->reader.id, read = ring->meta->reader.read, first = 0;
	int result = ioctl(ring->fd, GET_READER);
	int same = id == ring->meta->reader.id;
	int count = count_events(ring, same ? read : 0, &first);

	printf("%s: ioctl %d, id %u -> %u, %d new events\n", when, result, id, ring->meta->reader.id, count);
}

int main(void)
{
	struct ring ring;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	write_events(&ring, 4);
	acquire(&ring, "4 events");
	write_events(&ring, 4);
	acquire(&ring, "4 more, the writer on it");
	acquire(&ring, "nothing more");
	write_events(&ring, 200);
	acquire(&ring, "200 more, the writer gone from it");
	acquire(&ring, "once more");
	ring_close(&ring);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: the counters of the meta page compared with the stats file and with the events.
 * Confirms entries-in-the-ring-buffer, meta-page-equals-stats, consumed-at-release, overwrite-number-not-told,
 * lost-events-since-the-swap, lost-events-in-meta-page, loss-told-twice, loss-between-acquires, count-is-free-running
 * and discard-told-exactly.
 * Run as root: ./meta-counters
 * Printed on Linux 6.18.44:
 *   overwrite mode, 3000 events; first: 92 events from 2300 on, 2300 missing before;
 *     entries 3000, overrun 2300, read 92, lost_events 0, stored 2300 (stats: entries 608, overrun 2300, read 92)
 *   3000 more while it is held; second: 2944 missing before; overrun 5244, read 184, lost_events 0, stored 2944
 *   third: nothing missing; entries 6000, overrun 5244, read 276, lost_events 0; the acquires after it: 480 events
 *   discard mode, 3000 events, 2264 refused; overrun 0 (stats: dropped events 2264)
 */
#include "tracefs.h"

static uint32_t next;

static int acquire(struct ring *ring, const char *when)
{
	uint32_t first = next, id = ring->meta->reader.id, read = ring->meta->reader.read;
	int result = ioctl(ring->fd, GET_READER), count;
	uint64_t commit = commit_word(ring);

	count = result < 0 ? 0 : count_events(ring, id == ring->meta->reader.id ? read : 0, &first);
	printf("%s: ioctl %d: %d events from %u on, %u missing before; entries %lu, overrun %lu, ", when, result, count, first,
	       count ? first - next : 0, (unsigned long)ring->meta->entries, (unsigned long)ring->meta->overrun);
	printf("read %lu, lost_events %lu", (unsigned long)ring->meta->read,
	       (unsigned long)ring->meta->reader.lost_events);
	if (commit >> 30 & 1)
		printf(", stored %lu", *(volatile unsigned long *)(ring->data + ring->meta->reader.id * 4096 + 16 +
								    (commit & 0xfffff)));
	printf("%s\n", commit >> 31 & 1 ? ", missed-events flag" : "");
	if (count)
		next = first + count;
	return count;
}

int main(void)
{
	struct ring ring;
	uint32_t id;
	int left;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	write_events(&ring, 3000);
	puts("overwrite mode, 3000 events");
	acquire(&ring, "first");
	stats("entries|overrun|read events");
	write_events(&ring, 3000);
	puts("3000 more while it is held");
	acquire(&ring, "second");
	acquire(&ring, "third, nothing missing before it");
	for (left = 0, id = ring.meta->reader.id; !ioctl(ring.fd, GET_READER) && ring.meta->reader.id != id;
	     id = ring.meta->reader.id)
		left += count_events(&ring, 0, NULL);
	printf("events in the acquires after it: %d\n", left);
	stats("entries|overrun|read events");
	ring_close(&ring);
	next = 0;

	ring_open(&ring, O_NONBLOCK, "0");
	map(&ring);
	puts("discard mode, 3000 events");
	printf("refused to the writer: %d\n", write_events(&ring, 3000));
	acquire(&ring, "first");
	stats("overrun|dropped events");
	ring_close(&ring);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: the commit word of a full sub-buffer with and without a loss before it, the size of its
 * data, and the bytes after the data.
 * Confirms commit-bits-32-to-63, data-size-with-and-without-loss and bytes-behind-the-data.
 * Run as root: ./commit-word
 * Printed on Linux 6.18.44:
 *   nothing lost: commit 0x0000000000000ff0, 4080 bytes of data, 92 events, 0 bytes not 0 behind them
 *   after a loss: commit 0xffffffffc0000fd0, 4048 bytes of data, 92 events, 0 bytes not 0 behind them
 *   the last, partial: commit 0x0000000000000dc0, 3520 bytes of data, 80 events, 110 bytes not 0 behind them
 */
#include "tracefs.h"

static void acquire(struct ring *ring, const char *when)
{
	volatile unsigned char *page;
	uint64_t commit;
	uint32_t length, at, not_zero = 0, first = 0;
	int count;

	check(ioctl(ring->fd, GET_READER), "ioctl");
	commit = commit_word(ring);
	length = commit & 0xfffff;
	page = ring->data + ring->meta->reader.id * 4096 + 16;
	count = count_events(ring, 0, &first);
	/* A stored count directly follows the data. */
	for (at = length + (commit >> 30 & 1 ? 8 : 0); at < 4080; at++)
		not_zero += page[at] != 0;
	printf("%s: commit %#018lx, %u bytes of data, %d events from %u on, %u bytes not 0 behind them\n", when,
	       (unsigned long)commit, length, count, first, not_zero);
}

int main(void)
{
	struct ring ring;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	write_events(&ring, 300);
	acquire(&ring, "first, nothing lost");
	acquire(&ring, "second, nothing lost");
	write_events(&ring, 3000);
	acquire(&ring, "after a loss");
	for (int i = 0; i < 7; i++)
		acquire(&ring, "next");
	ring_close(&ring);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: the commit word of released sub-buffers before the writer reaches them again.
 * Confirms released-subbuffer-is-empty.
 * Run as root: ./released
 * Printed on Linux 6.18.44:
 *   ioctl 0, reader.id 1, commit 0xff0
 *   ioctl 0, reader.id 2, commit 0xff0; the one before, 1, released: commit 0xff0
 *   ioctl 0, reader.id 3, commit 0xff0; the one before, 2, released: commit 0xff0
 */
#include "tracefs.h"

static uint64_t commit_of(struct ring *ring, uint32_t id)
{
	return *(volatile uint64_t *)(ring->data + id * 4096 + 8);
}

int main(void)
{
	struct ring ring;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	write_events(&ring, 300);
	for (int i = 0; i < 3; i++) {
		uint32_t before = ring.meta->reader.id;
		int result = ioctl(ring.fd, GET_READER);

		printf("ioctl %d, reader.id %u, commit 0x%jx", result, ring.meta->reader.id,
		       (uintmax_t)commit_of(&ring, ring.meta->reader.id));
		if (i)
			printf("; the one before, %u, released: commit 0x%jx", before,
			       (uintmax_t)commit_of(&ring, before));
		printf("\n");
	}
	ring_close(&ring);
	return 0;
}

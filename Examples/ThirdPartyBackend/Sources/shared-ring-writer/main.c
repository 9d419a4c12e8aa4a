/* SPDX-License-Identifier: GPL-2.0-only */
/* The producer of the shared ring: PROGRAM CPU FILE. It ends at the end of its input, so that it ends with its parent. */
#include "cworkload.h"
#include "shared_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int open_ring(void *context, int argc, char **argv)
{
	uint64_t size;
	void *ring;
	int fd;

	if (argc != 1) {
		fprintf(stderr, "usage: shared-ring-writer CPU FILE\n");
		return -1;
	}
	fd = open(argv[0], O_RDWR | O_CLOEXEC);
	ring = fd < 0 ? NULL : shared_ring_map(fd, &size);
	if (!ring) {
		fprintf(stderr, "shared-ring-writer: map %s: %s\n", argv[0], strerror(errno));
		return -1;
	}
	close(fd);
	shared_ring_open_writer(context, ring);
	return 0;
}

static int write_event(void *context, uint64_t sequence, const void *payload, uint32_t length)
{
	return shared_ring_write(context, sequence, payload, length);
}

int main(int argc, char **argv)
{
	static struct shared_ring_writer writer;
	const struct cworkload_sink sink = { .open = open_ring, .write = write_event, .context = &writer };

	return cworkload_main(argc, argv, &sink);
}

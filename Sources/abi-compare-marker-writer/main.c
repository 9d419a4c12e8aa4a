/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The producer for a tracefs instance: each event is one write(2) to its trace_marker_raw.
 *
 * What is written, little endian, as Documentation/trace/ftrace.rst describes for trace_marker_raw (an id, then data):
 *
 *   0  u32  id, WORKLOAD_ID
 *   4  u64  sequence number
 *   12 u32  number of bytes that follow
 *   16 ...  bytes
 */
#include "cworkload.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WORKLOAD_ID 0x61626921u
#define HEADER_SIZE 16

struct marker {
	int fd;
	unsigned char data[HEADER_SIZE + CWORKLOAD_MAX_PAYLOAD];
};

static int marker_open(void *context, int argc, char **argv)
{
	struct marker *marker = context;

	if (argc != 1) {
		fprintf(stderr, "usage: abi-compare-marker-writer CPU TRACE_MARKER_RAW\n");
		return -1;
	}
	marker->fd = open(argv[0], O_WRONLY | O_CLOEXEC);
	if (marker->fd < 0) {
		fprintf(stderr, "abi-compare-marker-writer: open %s: %s\n", argv[0], strerror(errno));
		return -1;
	}
	return 0;
}

static int marker_write(void *context, uint64_t sequence, const void *payload, uint32_t length)
{
	struct marker *marker = context;
	uint32_t id = htole32(WORKLOAD_ID);
	uint64_t le_sequence = htole64(sequence);
	uint32_t le_length = htole32(length);

	memcpy(marker->data, &id, sizeof(id));
	memcpy(marker->data + 4, &le_sequence, sizeof(le_sequence));
	memcpy(marker->data + 12, &le_length, sizeof(le_length));
	memcpy(marker->data + HEADER_SIZE, payload, length);

	ssize_t written = write(marker->fd, marker->data, HEADER_SIZE + (size_t)length);

	return written < 0 ? -errno : 0;
}

int main(int argc, char **argv)
{
	static struct marker marker;
	struct cworkload_sink sink = { .open = marker_open, .write = marker_write, .context = &marker };

	return cworkload_main(argc, argv, &sink);
}

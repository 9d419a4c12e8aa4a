/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The producer for a tracefs instance: each event is one write(2) to its trace_marker_raw.
 *
 * Layout of an event, little endian, as Documentation/trace/ftrace.rst describes for trace_marker_raw (an id, then data):
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
#include <sys/mman.h>
#include <unistd.h>

#define WORKLOAD_ID 0x61626921u
#define HEADER_SIZE 16

struct marker {
	int fd;
	/* Two pages: the first ends with a header, the second is for the payload of a held event. */
	unsigned char *held;
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
	marker->held = mmap(NULL, 2 * (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (marker->held == MAP_FAILED) {
		perror("abi-compare-marker-writer: mmap");
		return -1;
	}
	return 0;
}

static void *marker_payload_page(void *context)
{
	struct marker *marker = context;

	return marker->held + sysconf(_SC_PAGESIZE);
}

static int marker_write(void *context, uint64_t sequence, const void *payload, uint32_t length)
{
	struct marker *marker = context;
	const unsigned char *page = marker_payload_page(context);
	unsigned char *data = payload == page ? marker->held + sysconf(_SC_PAGESIZE) - HEADER_SIZE : marker->data;
	uint32_t id = htole32(WORKLOAD_ID);
	uint64_t le_sequence = htole64(sequence);
	uint32_t le_length = htole32(length);

	memcpy(data, &id, sizeof(id));
	memcpy(data + 4, &le_sequence, sizeof(le_sequence));
	memcpy(data + 12, &le_length, sizeof(le_length));
	if (payload != page)
		memcpy(data + HEADER_SIZE, payload, length);

	ssize_t written = write(marker->fd, data, HEADER_SIZE + (size_t)length);

	return written < 0 ? -errno : 0;
}

int main(int argc, char **argv)
{
	static struct marker marker;
	struct cworkload_sink sink = {
		.open = marker_open, .write = marker_write, .payload_page = marker_payload_page, .context = &marker,
	};

	return cworkload_main(argc, argv, &sink);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance of tracefs with CPU 0's ring buffer, for the programs on the kernel's ring buffer. Needs root. */
#ifndef TRACEFS_H
#define TRACEFS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define INSTANCE "/sys/kernel/tracing/instances/second-opinion"
#define PIPE_RAW INSTANCE "/per_cpu/cpu0/trace_pipe_raw"
#define GET_READER _IO('R', 0x20)

/* struct trace_buffer_meta of <linux/trace_mmap.h>. */
struct meta {
	uint32_t meta_page_size, meta_struct_len, subbuf_size, nr_subbufs;
	struct {
		uint64_t lost_events;
		uint32_t id, read;
	} reader;
	uint64_t flags, entries, overrun, read;
};

struct ring {
	int fd, marker;
	uint32_t number;		/* of the next event */
	volatile struct meta *meta;	/* null if nothing is mapped */
	volatile unsigned char *data;	/* the sub-buffers, by id */
};

static inline int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static inline void set(const char *file, const char *value)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), INSTANCE "/%s", file);
	fd = check(open(path, O_WRONLY | O_TRUNC), path);
	check(write(fd, value, strlen(value)), path);
	close(fd);
}

static inline void map(struct ring *ring)
{
	void *meta = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ring->fd, 0);

	check(meta == MAP_FAILED ? -1 : 0, "mmap");
	ring->meta = meta;
	ring->data = mmap(NULL, ring->meta->nr_subbufs * 4096, PROT_READ, MAP_SHARED, ring->fd, 4096);
	check(ring->data == MAP_FAILED ? -1 : 0, "mmap");
}

static inline void ring_unmap(struct ring *ring)
{
	munmap((void *)ring->data, ring->meta->nr_subbufs * 4096);
	munmap((void *)ring->meta, 4096);
	ring->meta = NULL;
}

/* Makes an instance with 8 sub-buffers of 4096 bytes, 9 with the reader's; not mapped. */
static inline void ring_open(struct ring *ring, int flags, const char *overwrite)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	check(sched_setaffinity(0, sizeof(first), &first), "sched_setaffinity");
	/* Removes the instance of a killed run; refused if the instance is in use. */
	rmdir(INSTANCE);
	check(mkdir(INSTANCE, 0750), INSTANCE);
	set("buffer_size_kb", "31");
	set("options/overwrite", overwrite);
	ring->fd = check(open(PIPE_RAW, O_RDONLY | flags), PIPE_RAW);
	ring->marker = check(open(INSTANCE "/trace_marker_raw", O_WRONLY), "trace_marker_raw");
	ring->meta = NULL;
	ring->number = 0;
}

static inline void ring_close(struct ring *ring)
{
	if (ring->meta)
		ring_unmap(ring);
	close(ring->fd);
	close(ring->marker);
	check(rmdir(INSTANCE), "rmdir");
}

/* Writes events of 32 bytes, 44 in the ring buffer, with consecutive numbers. Returns the number of refused ones. */
static inline int write_events(struct ring *ring, int count)
{
	uint32_t event[8] = { 1 };
	int refused = 0;

	while (count--) {
		event[1] = ring->number++;
		if (write(ring->marker, event, sizeof(event)) < 0)
			refused++;
	}
	return refused;
}

/* The commit word of the reader's sub-buffer. */
static inline uint64_t commit_word(struct ring *ring)
{
	return *(volatile uint64_t *)(ring->data + ring->meta->reader.id * 4096 + 8);
}

/*
 * Counts the events in the reader's sub-buffer from byte `from` on, and stores the number of the first of them in *first;
 * for the format see the kernel's ring_buffer.h.
 */
static inline int count_events(struct ring *ring, uint32_t from, uint32_t *first)
{
	volatile unsigned char *page = ring->data + ring->meta->reader.id * 4096 + 16;
	uint32_t length = commit_word(ring) & 0xfffff, at = from;
	int count = 0;

	while (at < length) {
		volatile uint32_t *event = (volatile uint32_t *)(page + at);
		uint32_t type = event[0] & 31;

		if (type == 29 || (type == 0 && event[1] == 0)) {
			at += type == 29 ? 4 + event[1] : 8;
		} else if (type >= 30) {
			at += 8;
		} else {
			/* After the header: the type and flags of the entry, its pid, the marker's id, the number. */
			volatile uint32_t *entry = event + (type ? 1 : 2);

			if (!count++ && first)
				*first = entry[3];
			at += type ? 4 + 4 * type : 4 + event[1];
		}
	}
	return count;
}

static inline void stats(const char *lines)
{
	char command[256];

	fflush(stdout);
	snprintf(command, sizeof(command), "grep -E '^(%s):' " INSTANCE "/per_cpu/cpu0/stats | sed 's/^/  stats: /'", lines);
	check(system(command), "stats");
}

#endif

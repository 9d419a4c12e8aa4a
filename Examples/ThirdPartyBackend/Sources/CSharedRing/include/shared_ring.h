/* SPDX-License-Identifier: GPL-2.0-only */
/* A ring buffer in memory shared by one writer and one reader. README.md describes its layout and its promises. */
#ifndef SHARED_RING_H
#define SHARED_RING_H

#include <stdint.h>

#define SHARED_RING_HEADER_SIZE 24

/* Returns the bytes that an event takes in a sub-buffer. */
static inline uint64_t shared_ring_event_size(uint32_t payload)
{
	return (20 + (uint64_t)payload + 7) & ~(uint64_t)7;
}

/* Makes an empty ring buffer in a new anonymous file. Returns its descriptor, or -1 with errno set. */
int shared_ring_create(uint32_t subbuffer_size, uint32_t subbuffer_count, int overwrite);

/* Maps the ring buffer in a file, and stores its size in *size. Returns NULL with errno set on failure. */
void *shared_ring_map(int fd, uint64_t *size);

/* The state of a writer. */
struct shared_ring_writer {
	void *ring;
	/* The number and the place of its sub-buffer, and what is in it. */
	uint64_t number, used, events;
	uint32_t place;
	/* Not 0 if the next event needs a new sub-buffer. */
	uint32_t closed;
	/* Events written or lost. */
	uint64_t before;
};

/* Begins to write into an empty ring buffer. */
void shared_ring_open_writer(struct shared_ring_writer *writer, void *ring);

/* Writes an event. Returns 0, -ENOBUFS if it was dropped, or -EMSGSIZE if it does not fit into a sub-buffer. */
int shared_ring_write(struct shared_ring_writer *writer, uint64_t sequence, const void *payload, uint32_t length);

/* The state of a reader besides the shared one. */
struct shared_ring_reader {
	void *ring;
	/* The place of its sub-buffer. */
	uint32_t place;
};

/* A part of a sub-buffer that was not delivered before. */
struct shared_ring_handover {
	const void *start;
	/* The end of the part and its beginning, as offsets from `start`. */
	uint64_t count, unread;
	/* The events lost before it, and the number of the sub-buffer. */
	uint64_t lost, number;
};

/* Continues after the last reader. */
void shared_ring_open_reader(struct shared_ring_reader *reader, void *ring);

/* Takes what comes next, and releases what was taken before. Returns 1, or 0 if there is nothing. */
int shared_ring_acquire(struct shared_ring_reader *reader, struct shared_ring_handover *handover);

/* Waits for at most `timeout` milliseconds, without limit if negative. Returns 1 if there is something, 0, or -errno. */
int shared_ring_wait(struct shared_ring_reader *reader, int timeout);

/* Opens a reader and takes what comes next, in a process of its own. Returns 0, or -EAGAIN if there is nothing. */
int shared_ring_take(void *ring);

/* Returns the events lost since the ring buffer was made. */
uint64_t shared_ring_lost(const void *ring);

/* Returns the bytes in use of the sub-buffer at `start`, header included, at this moment. */
uint64_t shared_ring_used(const void *start);

/* Has the reader be woken up when a sub-buffer is full, or at each event. */
void shared_ring_wake_when_full(void *ring, int full);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "shared_ring.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x676e6952u
#define PAGE 4096u

struct control {
	uint32_t magic, subbuffer_size, subbuffer_count, overwrite;
	_Atomic uint32_t wake_when_full;
	_Alignas(64) _Atomic uint64_t head;
	_Atomic uint64_t lost;
	_Alignas(64) _Atomic uint64_t read;
	_Atomic uint64_t next;
	_Alignas(64) _Atomic uint32_t wakeups;
	_Atomic uint32_t waiting;
	_Alignas(64) _Atomic uint64_t slot[];
};

struct header {
	uint64_t number, before;
	_Atomic uint64_t commit;
};

_Static_assert(offsetof(struct control, slot) == 256 && sizeof(struct header) == SHARED_RING_HEADER_SIZE, "README.md");

/* Both sides load the geometry from the mapping: neither stores to it after the set-up. */
static uint64_t data_offset(uint32_t count)
{
	return (offsetof(struct control, slot) + 8 * (uint64_t)count + PAGE - 1) / PAGE * PAGE;
}

static struct header *subbuffer(struct control *control, uint32_t place)
{
	return (struct header *)((char *)control + data_offset(control->subbuffer_count) +
				 (uint64_t)place * control->subbuffer_size);
}

static _Atomic uint64_t *slot_of(struct control *control, uint64_t number)
{
	return &control->slot[number % control->subbuffer_count];
}

static uint64_t slot_value(uint64_t number, uint32_t place)
{
	return number << 16 | place;
}

int shared_ring_create(uint32_t subbuffer_size, uint32_t subbuffer_count, int overwrite)
{
	uint64_t size = data_offset(subbuffer_count) + ((uint64_t)subbuffer_count + 1) * subbuffer_size;
	struct control *control;
	int fd;

	if (subbuffer_size % 8 || subbuffer_size <= SHARED_RING_HEADER_SIZE || subbuffer_count < 2 ||
	    subbuffer_count > 65534) {
		errno = EINVAL;
		return -1;
	}
	fd = memfd_create("shared-ring", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	control = ftruncate(fd, (off_t)size) ? MAP_FAILED :
		  mmap(NULL, data_offset(subbuffer_count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (control == MAP_FAILED) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	control->magic = MAGIC;
	control->subbuffer_size = subbuffer_size;
	control->subbuffer_count = subbuffer_count;
	control->overwrite = !!overwrite;
	/* The sub-buffer after the N of the slots is the reader's. It has number 0, and nothing of it is left to deliver. */
	for (uint32_t i = 0; i < subbuffer_count; i++)
		atomic_init(&control->slot[i], slot_value(0, i));
	atomic_init(&control->read, SHARED_RING_HEADER_SIZE);
	munmap(control, data_offset(subbuffer_count));
	return fd;
}

void *shared_ring_map(int fd, uint64_t *size)
{
	struct stat status;
	struct control *control;

	if (fstat(fd, &status))
		return NULL;
	*size = (uint64_t)status.st_size;
	if (*size < PAGE) {
		errno = EPROTO;
		return NULL;
	}
	control = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (control == MAP_FAILED)
		return NULL;
	if (control->magic != MAGIC ||
	    *size != data_offset(control->subbuffer_count) +
			     ((uint64_t)control->subbuffer_count + 1) * control->subbuffer_size) {
		munmap(control, *size);
		errno = EPROTO;
		return NULL;
	}
	return control;
}

/* The writer. */

void shared_ring_open_writer(struct shared_ring_writer *writer, void *ring)
{
	*writer = (struct shared_ring_writer){ .ring = ring, .closed = 1 };
}

/* Takes the sub-buffer for the next number, the oldest one if need be. Returns false if it is full and not to be lost. */
static bool take_next(struct shared_ring_writer *writer)
{
	struct control *control = writer->ring;
	uint64_t number = writer->number + 1;
	_Atomic uint64_t *slot = slot_of(control, number);
	uint64_t value = atomic_load_explicit(slot, memory_order_acquire);

	/* A number: a sub-buffer that the reader may take at any time, and then leaves its own there with number 0. */
	while (value >> 16) {
		uint32_t place = (uint32_t)(value & 0xffff);
		uint64_t events = atomic_load_explicit(&subbuffer(control, place)->commit, memory_order_relaxed) >> 32;

		if (!control->overwrite)
			return false;
		if (atomic_compare_exchange_weak_explicit(slot, &value, slot_value(number, place), memory_order_acq_rel,
							  memory_order_acquire)) {
			atomic_fetch_add_explicit(&control->lost, events, memory_order_relaxed);
			break;
		}
	}
	/* Only the writer stores to a slot with number 0. The reader looks at it when `head` is `number`. */
	if (!(value >> 16))
		atomic_store_explicit(slot, slot_value(number, (uint32_t)(value & 0xffff)), memory_order_relaxed);
	writer->number = number;
	writer->place = (uint32_t)(value & 0xffff);
	return true;
}

static void wake_reader(struct control *control, bool is_new)
{
	/* Pairs with the fence of wait_until_ready: either it sees the event, or this sees that it waits. */
	atomic_thread_fence(memory_order_seq_cst);
	if (!atomic_load_explicit(&control->waiting, memory_order_relaxed) ||
	    (!is_new && atomic_load_explicit(&control->wake_when_full, memory_order_relaxed)))
		return;
	atomic_store_explicit(&control->waiting, 0, memory_order_relaxed);
	atomic_fetch_add_explicit(&control->wakeups, 1, memory_order_release);
	syscall(SYS_futex, &control->wakeups, FUTEX_WAKE, 1, NULL, NULL, 0);
}

int shared_ring_write(struct shared_ring_writer *writer, uint64_t sequence, const void *payload, uint32_t length)
{
	struct control *control = writer->ring;
	uint64_t size = shared_ring_event_size(length);
	bool is_new = writer->closed || writer->used + size > control->subbuffer_size;
	struct timespec ts;
	struct header *header;
	uint64_t time;
	char *event;

	if (SHARED_RING_HEADER_SIZE + size > control->subbuffer_size)
		return -EMSGSIZE;
	if (is_new && !take_next(writer)) {
		/* Also if a smaller event would fit: the loss belongs between two sub-buffers. */
		writer->closed = 1;
		writer->before++;
		atomic_fetch_add_explicit(&control->lost, 1, memory_order_relaxed);
		return -ENOBUFS;
	}
	header = subbuffer(control, writer->place);
	if (is_new) {
		header->number = writer->number;
		header->before = writer->before;
		writer->used = SHARED_RING_HEADER_SIZE;
		writer->events = 0;
		writer->closed = 0;
		atomic_store_explicit(&header->commit, SHARED_RING_HEADER_SIZE, memory_order_relaxed);
	}
	clock_gettime(CLOCK_MONOTONIC, &ts);
	time = (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
	event = (char *)header + writer->used;
	memcpy(event, &time, sizeof(time));
	memcpy(event + 8, &sequence, sizeof(sequence));
	memcpy(event + 16, &length, sizeof(length));
	memcpy(event + 20, payload, length);
	writer->used += size;
	writer->events++;
	writer->before++;
	atomic_store_explicit(&header->commit, writer->events << 32 | writer->used, memory_order_release);
	/* After its first event: no sub-buffer without events is ever seen. */
	if (is_new)
		atomic_store_explicit(&control->head, writer->number, memory_order_release);
	wake_reader(control, is_new);
	return 0;
}

/* The reader. */

void shared_ring_open_reader(struct shared_ring_reader *reader, void *ring)
{
	struct control *control = ring;
	uint64_t count = control->subbuffer_count;
	uint64_t places = count * (count + 1) / 2;

	/* The place that is in no slot: only the reader exchanges places, so that this holds also if the last one was killed. */
	for (uint64_t i = 0; i < count; i++)
		places -= atomic_load_explicit(&control->slot[i], memory_order_relaxed) & 0xffff;
	*reader = (struct shared_ring_reader){ .ring = ring, .place = (uint32_t)places };
}

/* Returns the offset up to which the reader's sub-buffer was delivered. */
static uint64_t delivered(struct control *control, const struct header *header)
{
	uint64_t read = atomic_load_explicit(&control->read, memory_order_relaxed);

	return (uint32_t)header->number == read >> 32 ? read & 0xffffffff : SHARED_RING_HEADER_SIZE;
}

/* Exchanges the reader's sub-buffer for the oldest one after it. Returns false if the writer was faster. */
static bool exchange(struct shared_ring_reader *reader, uint64_t last, uint64_t head)
{
	struct control *control = reader->ring;
	uint64_t count = control->subbuffer_count;
	uint64_t oldest = head > count ? head - count + 1 : 1;

	for (uint64_t number = last + 1 > oldest ? last + 1 : oldest; number <= head; number++) {
		uint64_t value = atomic_load_explicit(slot_of(control, number), memory_order_acquire);

		if (value >> 16 == number &&
		    atomic_compare_exchange_strong_explicit(slot_of(control, number), &value, slot_value(0, reader->place),
							    memory_order_acq_rel, memory_order_relaxed)) {
			reader->place = (uint32_t)(value & 0xffff);
			return true;
		}
	}
	return false;
}

int shared_ring_acquire(struct shared_ring_reader *reader, struct shared_ring_handover *handover)
{
	struct control *control = reader->ring;

	while (1) {
		/* First `head`: if the writer has left the sub-buffer, `commit` is its last. */
		uint64_t head = atomic_load_explicit(&control->head, memory_order_acquire);
		struct header *header = subbuffer(control, reader->place);
		uint64_t commit = atomic_load_explicit(&header->commit, memory_order_acquire);
		uint64_t offset = delivered(control, header), next;

		if ((commit & 0xffffffff) > offset) {
			next = atomic_load_explicit(&control->next, memory_order_relaxed);
			*handover = (struct shared_ring_handover){
				.start = header, .count = commit & 0xffffffff, .unread = offset, .number = header->number,
				.lost = offset == SHARED_RING_HEADER_SIZE ? header->before - next : 0,
			};
			/* In this order: of a reader killed in between, the events count as lost, and as nothing else. */
			atomic_store_explicit(&control->read, header->number << 32 | handover->count, memory_order_release);
			atomic_store_explicit(&control->next, header->before + (commit >> 32), memory_order_release);
			return 1;
		}
		if (header->number == head)
			return 0;
		/* Repeated only if the writer has overwritten all of them in between. */
		exchange(reader, header->number, head);
	}
}

/* Returns whether there is something to deliver; with `wake_when_full`, of a sub-buffer that the writer has left. */
static bool is_ready(const struct shared_ring_reader *reader)
{
	struct control *control = reader->ring;
	uint64_t head = atomic_load_explicit(&control->head, memory_order_acquire);
	struct header *header = subbuffer(control, reader->place);
	uint64_t used = atomic_load_explicit(&header->commit, memory_order_acquire) & 0xffffffff;
	bool is_full = atomic_load_explicit(&control->wake_when_full, memory_order_relaxed);

	return header->number + is_full < head || (used > delivered(control, header) && (!is_full || header->number < head));
}

static uint64_t milliseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static int wait_until_ready(struct shared_ring_reader *reader, int timeout)
{
	struct control *control = reader->ring;
	uint64_t end = milliseconds() + (uint64_t)(timeout < 0 ? 0 : timeout);

	while (1) {
		uint32_t wakeups = atomic_load_explicit(&control->wakeups, memory_order_acquire);
		uint64_t now = milliseconds();
		uint64_t left = now < end ? end - now : 0;
		struct timespec limit = { .tv_sec = (time_t)(left / 1000), .tv_nsec = (long)(left % 1000 * 1000000) };
		long result;

		atomic_store_explicit(&control->waiting, 1, memory_order_relaxed);
		/* Pairs with the fence of wake_reader. */
		atomic_thread_fence(memory_order_seq_cst);
		if (is_ready(reader))
			return 1;
		if (timeout >= 0 && left == 0)
			return 0;
		result = syscall(SYS_futex, &control->wakeups, FUTEX_WAIT, wakeups, timeout < 0 ? NULL : &limit, NULL, 0);
		if (result && errno != EAGAIN && errno != ETIMEDOUT)
			return -errno;
	}
}

int shared_ring_wait(struct shared_ring_reader *reader, int timeout)
{
	struct control *control = reader->ring;
	int result = wait_until_ready(reader, timeout);

	/* The writer makes no call for a reader that does not wait any more. */
	atomic_store_explicit(&control->waiting, 0, memory_order_relaxed);
	return result;
}

int shared_ring_take(void *ring)
{
	struct shared_ring_reader reader;
	struct shared_ring_handover handover;

	shared_ring_open_reader(&reader, ring);
	return shared_ring_acquire(&reader, &handover) ? 0 : -EAGAIN;
}

uint64_t shared_ring_lost(const void *ring)
{
	const struct control *control = ring;

	return atomic_load_explicit(&control->lost, memory_order_relaxed);
}

uint64_t shared_ring_used(const void *start)
{
	const struct header *header = start;

	return atomic_load_explicit(&header->commit, memory_order_acquire) & 0xffffffff;
}

void shared_ring_wake_when_full(void *ring, int full)
{
	struct control *control = ring;

	atomic_store_explicit(&control->wake_when_full, (uint32_t)!!full, memory_order_relaxed);
}

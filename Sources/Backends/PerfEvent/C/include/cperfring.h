/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls and loads of perf's mapped ring buffer that Swift cannot make: a system call without a wrapper, and loads and
 * stores with an order.
 *
 * Source: include/uapi/linux/perf_event.h (struct perf_event_attr, struct perf_event_mmap_page);
 * Documentation/userspace-api/perf_ring_buffer.rst; tools/include/linux/ring_buffer.h for the order of loads and stores.
 */
#ifndef ABI_COMPARE_CPERFRING_H
#define ABI_COMPARE_CPERFRING_H

#include <errno.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The choices for an event. Zeros are valid. */
struct cperfring_options {
	/* The id of the trace event. */
	uint64_t event;
	/* The process, or -1 for all; the CPU, or -1 for all. */
	int pid, cpu;
	/* The record is written before the last one, towards lower addresses. */
	int write_backward;
	/* The amount of data, in bytes, that wakes up a reader; 0: each event does. */
	uint32_t watermark;
	/* Times are of CLOCK_MONOTONIC; else of the scheduler's clock. */
	int monotonic;
};

/*
 * perf_event_open(2) for every occurrence of a trace event, disabled: samples with a time and the raw event, and a count of
 * lost samples in what read(2) returns (PERF_FORMAT_LOST, Linux 6.0). Returns a descriptor or a negative errno.
 */
static inline int cperfring_open(const struct cperfring_options *options)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = options->event;
	attr.sample_period = 1;
	attr.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
	attr.read_format = PERF_FORMAT_LOST;
	attr.disabled = 1;
	attr.write_backward = options->write_backward != 0;
	if (options->watermark) {
		attr.watermark = 1;
		attr.wakeup_watermark = options->watermark;
	} else {
		attr.wakeup_events = 1;
	}
	if (options->monotonic) {
		attr.use_clockid = 1;
		attr.clockid = CLOCK_MONOTONIC;
	}
	long fd = syscall(SYS_perf_event_open, &attr, options->pid, options->cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/* PERF_EVENT_IOC_ENABLE or PERF_EVENT_IOC_DISABLE. Returns 0 or a negative errno, like the next two. */
static inline int cperfring_enable(int fd, int enables)
{
	return ioctl(fd, enables ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0) < 0 ? -errno : 0;
}

/* PERF_EVENT_IOC_PAUSE_OUTPUT: 1 pauses the output of the event into its ring buffer, 0 resumes it. */
static inline int cperfring_pause_output(int fd, int pauses)
{
	return ioctl(fd, PERF_EVENT_IOC_PAUSE_OUTPUT, pauses) < 0 ? -errno : 0;
}

/*
 * membarrier(2), MEMBARRIER_CMD_GLOBAL: waits for an RCU grace period (kernel/sched/membarrier.c), and so for each write into
 * a ring buffer that has begun (kernel/events/ring_buffer.c, __perf_output_begin takes rcu_read_lock). Returns 0 or a
 * negative errno: EINVAL with nohz_full, ENOSYS without CONFIG_MEMBARRIER.
 */
static inline int cperfring_await_writes(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) < 0 ? -errno : 0;
}

/* PERF_EVENT_IOC_SET_OUTPUT: the event writes into the ring buffer of another. */
static inline int cperfring_set_output(int fd, int other)
{
	return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, other) < 0 ? -errno : 0;
}

/* read(2): the number of events and of lost samples. */
static inline int cperfring_read(int fd, uint64_t *count, uint64_t *lost)
{
	uint64_t values[2];
	ssize_t size = read(fd, values, sizeof(values));

	if (size < 0)
		return -errno;
	if (size != sizeof(values))
		return -EBADMSG;
	*count = values[0];
	*lost = values[1];
	return 0;
}

/* data_head: loaded before the records (ring_buffer_read_head). */
static inline uint64_t cperfring_load_head(const void *page)
{
	return __atomic_load_n(&((const struct perf_event_mmap_page *)page)->data_head, __ATOMIC_ACQUIRE);
}

/* data_tail: stored after the records were read (ring_buffer_write_tail). */
static inline void cperfring_store_tail(void *page, uint64_t tail)
{
	__atomic_store_n(&((struct perf_event_mmap_page *)page)->data_tail, tail, __ATOMIC_RELEASE);
}

static inline uint64_t cperfring_load_tail(const void *page)
{
	return __atomic_load_n(&((const struct perf_event_mmap_page *)page)->data_tail, __ATOMIC_RELAXED);
}

static inline uint64_t cperfring_data_offset(const void *page)
{
	return ((const struct perf_event_mmap_page *)page)->data_offset;
}

static inline uint64_t cperfring_data_size(const void *page)
{
	return ((const struct perf_event_mmap_page *)page)->data_size;
}

/* The state of a reader's hold on a ring buffer, for the release call. */
struct cperfring_hold {
	/* The page with data_tail; NULL if the mapping is read-only. */
	void *page;
	/* The position to store in data_tail. */
	uint64_t tail;
	/* The descriptor whose output is resumed at the release; -1 if the output stays as it is. */
	int resumes;
};

/* Releases what is held: stores data_tail, or resumes the output. Returns 0 or a negative errno. */
static inline int cperfring_release(void *context)
{
	struct cperfring_hold *hold = context;

	if (hold->page)
		cperfring_store_tail(hold->page, hold->tail);
	return hold->resumes < 0 ? 0 : cperfring_pause_output(hold->resumes, 0);
}

#endif

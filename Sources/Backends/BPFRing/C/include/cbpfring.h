/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls and loads of the BPF ring buffer that Swift cannot make: a system call without a wrapper, and loads and stores
 * with an order.
 *
 * Source: include/uapi/linux/bpf.h (union bpf_attr, BPF_RINGBUF_*); Documentation/bpf/ringbuf.rst; kernel/bpf/ringbuf.c for
 * the order of loads and stores.
 */
#ifndef ABI_COMPARE_CBPFRING_H
#define ABI_COMPARE_CBPFRING_H

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* bpf(2). Returns a descriptor or 0, or a negative errno. */
static inline int cbpfring_bpf(int command, union bpf_attr *attr)
{
	long result = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return result < 0 ? -errno : (int)result;
}

/* BPF_MAP_CREATE. Returns a descriptor or a negative errno. */
static inline int cbpfring_create_map(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t entries, uint32_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = type;
	attr.key_size = key_size;
	attr.value_size = value_size;
	attr.max_entries = entries;
	attr.map_flags = flags;
	return cbpfring_bpf(BPF_MAP_CREATE, &attr);
}

/*
 * BPF_PROG_LOAD of a program of type KPROBE, which is that of uprobes, too. The log is the verifier's; a size of 0 asks for
 * none. Returns a descriptor or a negative errno.
 */
static inline int cbpfring_load_program(const uint64_t *instructions, uint32_t count, char *log, uint32_t log_size)
{
	static const char license[] = "GPL";
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_KPROBE;
	attr.insns = (uint64_t)(uintptr_t)instructions;
	attr.insn_cnt = count;
	attr.license = (uint64_t)(uintptr_t)license;
	attr.log_buf = (uint64_t)(uintptr_t)log;
	attr.log_size = log_size;
	attr.log_level = log_size ? 1 : 0;
	return cbpfring_bpf(BPF_PROG_LOAD, &attr);
}

/*
 * perf_event_open(2) of a trace event for a process on any CPU, disabled. Its program is what it is for: no sample is
 * recorded. Returns a descriptor or a negative errno.
 */
static inline int cbpfring_open_event(uint64_t event, int pid)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = event;
	attr.sample_period = 1;
	attr.disabled = 1;
	long fd = syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/* PERF_EVENT_IOC_SET_BPF: the program runs at each occurrence of the event. Returns 0 or a negative errno. */
static inline int cbpfring_set_program(int event, int program)
{
	return ioctl(event, PERF_EVENT_IOC_SET_BPF, program) < 0 ? -errno : 0;
}

/* PERF_EVENT_IOC_ENABLE. Returns 0 or a negative errno. */
static inline int cbpfring_enable(int event)
{
	return ioctl(event, PERF_EVENT_IOC_ENABLE, 0) < 0 ? -errno : 0;
}

/* producer_pos or consumer_pos, each the first word of its page. */
static inline uint64_t cbpfring_load_position(const void *page)
{
	return __atomic_load_n((const unsigned long *)page, __ATOMIC_ACQUIRE);
}

/* consumer_pos: stored after the records were read. */
static inline void cbpfring_store_position(void *page, uint64_t position)
{
	__atomic_store_n((unsigned long *)page, (unsigned long)position, __ATOMIC_RELEASE);
}

/* The length of a record with its two flags, loaded before the rest of the record. */
static inline uint32_t cbpfring_load_length(const void *record)
{
	return __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
}

/* A word of the memory that a program shares with this process. */
static inline uint64_t cbpfring_load_shared(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline void cbpfring_store_shared(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/*
 * An epoll descriptor that watches a map, edge-triggered: it reports wake-ups, and not that there is something to read.
 * Returns it or a negative errno.
 */
static inline int cbpfring_watch_wakeups(int map)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (epoll_ctl(fd, EPOLL_CTL_ADD, map, &event) < 0) {
		int result = -errno;

		close(fd);
		return result;
	}
	return fd;
}

/* Returns 1 if there was a wake-up since the last call or is within a time in milliseconds, 0, or a negative errno. */
static inline int cbpfring_await_wakeup(int watch, int timeout)
{
	struct epoll_event event;
	int count = epoll_wait(watch, &event, 1, timeout);

	return count < 0 ? -errno : count;
}

/* The state of a reader's hold on a ring buffer, for the release call. */
struct cbpfring_hold {
	/* The page with consumer_pos. */
	void *page;
	/* The position to store there. */
	uint64_t position;
};

/* Releases what is held: stores consumer_pos. Returns 0. */
static inline int cbpfring_release(void *context)
{
	const struct cbpfring_hold *hold = context;

	cbpfring_store_position(hold->page, hold->position);
	return 0;
}

#endif

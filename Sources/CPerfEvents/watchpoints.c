/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "watchpoints.h"

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int cperf_watch(uint64_t address, unsigned size, int writes_alone, int group)
{
	struct perf_event_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_BREAKPOINT;
	attr.bp_type = writes_alone ? HW_BREAKPOINT_W : HW_BREAKPOINT_RW;
	attr.bp_addr = address;
	attr.bp_len = size;
	attr.read_format = PERF_FORMAT_GROUP;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	/* Pinned: the group is always on, or a read of it fails. */
	attr.pinned = group < 0;
	fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int cperf_read_watchpoints(int group, uint64_t *counts, int count)
{
	uint64_t values[1 + CPERF_MOST_WATCHPOINTS];
	ssize_t taken, expected = (ssize_t)sizeof(values[0]) * (1 + count);

	if (count < 1 || count > CPERF_MOST_WATCHPOINTS)
		return -EINVAL;
	taken = read(group, values, sizeof(values));
	if (taken < 0)
		return -errno;
	/* End of file: the watchpoints could not stay in their registers. */
	if (taken == 0)
		return -EBUSY;
	if (taken != expected || values[0] != (uint64_t)count)
		return -EBADMSG;
	memcpy(counts, values + 1, sizeof(values[0]) * (size_t)count);
	return 0;
}

/* A compiler loads the fields of a packed structure at their unaligned addresses. */
struct cperf_packed {
	uint32_t first;
	uint64_t second, third;
} __attribute__((packed));

void cperf_known_loads(const void *memory)
{
	const volatile struct cperf_packed *packed = memory;

	(void)packed->first;
	(void)packed->second;
	(void)packed->third;
}

void cperf_known_stores(void *memory)
{
	volatile uint64_t *first = memory, *second = first + 1;
	uint64_t expected = 0;

	*first = 1;
	__atomic_fetch_add(first, 1, __ATOMIC_SEQ_CST);
	__atomic_compare_exchange_n(second, &expected, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	expected = 1;
	__atomic_compare_exchange_n(second, &expected, 2, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	(void)*second;
}

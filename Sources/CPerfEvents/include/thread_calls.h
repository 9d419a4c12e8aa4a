/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system calls of the calling thread, each with its number and arguments, by perf_event_open(2) on the tracepoint
 * raw_syscalls:sys_enter. All functions return 0 or a negative errno where nothing else is said.
 */
#ifndef ABI_COMPARE_THREAD_CALLS_H
#define ABI_COMPARE_THREAD_CALLS_H

#include <stdint.h>

struct cperf_calls {
	int fd;
	/* The ring buffer that the kernel writes the records to: a page about it, and the data. */
	void *page;
	uint64_t data_size;
};

/* A system call, as it was entered. */
struct cperf_call {
	int64_t number;
	uint64_t arguments[6];
};

/* Opens it for the calling thread, not yet counting. `tracepoint` is the number in events/raw_syscalls/sys_enter/id. */
int cperf_calls_open(struct cperf_calls *calls, uint64_t tracepoint);
int cperf_calls_start(const struct cperf_calls *calls);
int cperf_calls_stop(const struct cperf_calls *calls);
void cperf_calls_close(struct cperf_calls *calls);

/* How many calls were entered since it was opened, by the counter itself and not by the records. */
int cperf_calls_count(const struct cperf_calls *calls, uint64_t *count);

/* How far records were written, in bytes: a load, no system call. */
uint64_t cperf_calls_position(const struct cperf_calls *calls);

/*
 * The record at a position, which is moved behind it. 1 where it is a system call, 0 where it is another record; -ENOBUFS
 * where records were lost, -EBADMSG where it is not as the tracepoint's format says.
 */
int cperf_calls_next(const struct cperf_calls *calls, uint64_t *position, struct cperf_call *call);

/* "ioctl"; NULL for a number that is not in the table. */
const char *cperf_call_name(int64_t number);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system calls of the calling thread, each with its number and arguments, by perf_event_open(2) on the tracepoint
 * raw_syscalls:sys_enter. Unless stated otherwise, functions return 0 or a negative errno.
 */
#ifndef ABI_COMPARE_THREAD_CALLS_H
#define ABI_COMPARE_THREAD_CALLS_H

#include <stdint.h>

struct cperf_calls {
	int fd;
	/* The ring buffer of the kernel's records: a control page, then the data. */
	void *page;
	uint64_t data_size;
};

/* A system call, as it was entered. */
struct cperf_call {
	int64_t number;
	uint64_t arguments[6];
};

/* Opens a counter for the calling thread, disabled. `tracepoint` is the number in events/raw_syscalls/sys_enter/id. */
int cperf_calls_open(struct cperf_calls *calls, uint64_t tracepoint);
int cperf_calls_start(const struct cperf_calls *calls);
int cperf_calls_stop(const struct cperf_calls *calls);
void cperf_calls_close(struct cperf_calls *calls);

/* The number of calls counted since the open, from the counter and not from the records. */
int cperf_calls_count(const struct cperf_calls *calls, uint64_t *count);

/* The position up to which records are written, in bytes: a load, not a system call. */
uint64_t cperf_calls_position(const struct cperf_calls *calls);

/*
 * Reads the record at a position and moves the position past it. Returns 1 for a system call, 0 for another record,
 * -ENOBUFS if records were lost, -EBADMSG if the record does not match the tracepoint's format.
 */
int cperf_calls_next(const struct cperf_calls *calls, uint64_t *position, struct cperf_call *call);

/* "ioctl"; NULL for a number that is not in the table. */
const char *cperf_call_name(int64_t number);

#endif

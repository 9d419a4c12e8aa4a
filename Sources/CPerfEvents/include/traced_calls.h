/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls of another process, by ptrace(2), and the marks by which that process reports its progress. */
#ifndef ABI_COMPARE_TRACED_CALLS_H
#define ABI_COMPARE_TRACED_CALLS_H

#include "thread_calls.h"

/* The first argument of a mark: an invalid prctl(2), which only fails, in the sequence of system calls. */
#define CPERF_MARK 0x61626901

void cperf_mark(uint64_t what);

/* The value of a mark; -1 if the call is not a mark. */
int64_t cperf_mark_of(const struct cperf_call *call);

/*
 * Seizes the main thread of a running child and stops it. Returns 0 or a negative errno. The child is killed if this
 * process ends before cperf_untrace.
 */
int cperf_trace(int pid);

/*
 * Resumes the child until its next system call. Returns 1 with the call, 0 if the process has ended, or a negative errno.
 * Call it from the thread that seized the child.
 */
int cperf_trace_next(int pid, struct cperf_call *call);

/* A child that is executed in steps; zeros but for its id. */
struct cperf_steps {
	int pid;
	int is_prepared;
	uint64_t vdso[2];
};

/*
 * Has the stopped child execute one instruction, one system call, or one call of the vDSO: that repeats itself while the
 * kernel updates the time, so one that is executed slowly may never return. Returns 1, 0 if the process has ended, or a
 * negative errno. Call it from the thread that seized the child.
 */
int cperf_step(struct cperf_steps *steps);

/* Resumes the stopped child, untraced. */
void cperf_untrace(int pid);

#endif

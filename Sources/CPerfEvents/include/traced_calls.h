/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls of another process, by ptrace(2), and the marks by which that process says where it is. */
#ifndef ABI_COMPARE_TRACED_CALLS_H
#define ABI_COMPARE_TRACED_CALLS_H

#include "thread_calls.h"

/* The first argument of a prctl(2) that does nothing but fail: a mark in the sequence of system calls. */
#define CPERF_MARK 0x61626901

/* Makes a mark. */
void cperf_mark(uint64_t what);

/* What a mark says; -1 where the call is none. */
int64_t cperf_mark_of(const struct cperf_call *call);

/* Seizes the main thread of a child, which runs on, and stops it. 0 or a negative errno. */
int cperf_trace(int pid);

/*
 * Lets it run to its next system call. 1 with the call, 0 where the process has ended, or a negative errno. Called from
 * the thread that seized it.
 */
int cperf_trace_next(int pid, struct cperf_call *call);

/* Lets it run on untraced, from where it has stopped. */
void cperf_untrace(int pid);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands that write events share.
 */
#ifndef ABI_COMPARE_WRITING_H
#define ABI_COMPARE_WRITING_H

#include "cworkload.h"

#include <stdint.h>
#include <time.h>

/* What a command has written: the numbers of its answer. */
struct outcome {
	uint64_t produced, accepted, refused;
	int first_errno;
	uint64_t begin, end;
};

/* CLOCK_MONOTONIC, in nanoseconds. */
static inline uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Waits for a time without a sleep; the reading of the clock that reached it. */
static inline uint64_t spin_until(uint64_t when)
{
	uint64_t reading;

	do
		reading = now();
	while (reading < when);
	return reading;
}

/* When the event i of a load of so many a second is due, in nanoseconds after its begin. */
static inline uint64_t due_after(uint64_t i, uint64_t rate)
{
	return (uint64_t)((double)i * 1e9 / (double)rate);
}

/* Counts one more event in the outcome, by what its write returned. */
static inline void count_outcome(struct outcome *out, int result)
{
	out->produced++;
	if (result == 0)
		out->accepted++;
	else if (!out->refused++)
		out->first_errno = -result;
}

/*
 * Counts one more in the progress page. No two count at the same time, so a load and a store are enough: the handler that
 * writes inside a write (stay_inside) runs where the sink reads the payload, between the countings of that write. The
 * held thread (hold_in_kernel) waits in the sink's system call from before awaits_page returns until it is let go; the
 * main thread writes only in between, and joins it before it writes again.
 */
static inline void count(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELEASE);
}

/* Maps the file that an environment variable names; NULL where there is none, MAP_FAILED where it cannot be mapped. */
void *map_named(const char *variable, int flags, uint64_t *size);

/* The load of the command `timed`. */
struct timed_load {
	uint64_t first, count, rate;
	uint32_t payload;
	/* 0: the same without the write. */
	int writes;
};

/*
 * Writes to a schedule, and times each write; 0, or an exit status after a message on standard error.
 * `progress` is counted in, `parent` the program that started this one.
 */
int write_timed(const char *program, const struct cworkload_sink *sink, const struct timed_load *load,
		const void *payload, struct cworkload_progress *progress, int parent, struct outcome *out);

#endif

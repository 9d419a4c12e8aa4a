/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations shared by the commands that write events.
 */
#ifndef ABI_COMPARE_WRITING_H
#define ABI_COMPARE_WRITING_H

#include "cworkload.h"

#include <stdint.h>
#include <time.h>

/* The counts and times in the answer to a command. */
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

/* Reads the clock until it reaches a time, without sleeping. Returns that reading. */
static inline uint64_t spin_until(uint64_t when)
{
	uint64_t reading;

	do
		reading = now();
	while (reading < when);
	return reading;
}

/* Returns the due time of event i at `rate` events a second, in nanoseconds after the begin of the load. */
static inline uint64_t due_after(uint64_t i, uint64_t rate)
{
	return (uint64_t)((double)i * 1e9 / (double)rate);
}

/* Counts one event in the outcome, by the result of its write. */
static inline void count_outcome(struct outcome *out, int result)
{
	out->produced++;
	if (result == 0)
		out->accepted++;
	else if (!out->refused++)
		out->first_errno = -result;
}

/*
 * Increments a counter of the progress page. No two increments are concurrent, so a load and a store suffice: the handler
 * that writes inside a write (stay_inside) runs while the sink reads the payload, between the increments of that write.
 * The held thread (hold_in_kernel) waits in the sink's system call from before awaits_page returns until `go`; the main
 * thread writes only during that wait, and joins the held thread before it writes again.
 */
static inline void count(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELEASE);
}

/* Maps the file named by an environment variable. Returns NULL if the variable is not set, MAP_FAILED on failure. */
void *map_named(const char *variable, int flags, uint64_t *size);

/* The load of the command `timed`. */
struct timed_load {
	uint64_t first, count, rate;
	uint32_t payload;
	/* 0: no write, everything else the same. */
	int writes;
};

/*
 * Writes on a schedule and times each write. Counts in `progress`. `parent` is the process id of the parent.
 * Returns 0, or an exit status after a message on standard error.
 */
int write_timed(const char *program, const struct cworkload_sink *sink, const struct timed_load *load,
		const void *payload, struct cworkload_progress *progress, int parent, struct outcome *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The main loop of all producers. A producer writes consecutive 64-bit sequence numbers into one ring buffer, from one
 * CPU, and reports on its standard output exactly which events it wrote.
 *
 * Commands come on standard input, one a line, numbers in decimal:
 *
 *   run FIRST COUNT PAYLOAD RATE BURST SPREAD SEED SPIN
 *       write the events FIRST .. FIRST+COUNT-1, each with PAYLOAD further bytes and up to SPREAD more
 *       (cworkload_payload), RATE a second (0: at full speed), in bursts of BURST events. A burst that begins with event I
 *       is due I/RATE after the begin. Until then the program sleeps, or reads the clock if SPIN is not 0, since a sleep
 *       ends late. Answer, when all are written:
 *       done PRODUCED ACCEPTED REFUSED FIRST_ERRNO BEGIN_NS END_NS
 *       PRODUCED  events that the producer tried to write: the truth
 *       ACCEPTED  events for which the ABI returned no error to the writer
 *       REFUSED   events for which it did; FIRST_ERRNO is the errno of the first
 *       BEGIN_NS, END_NS  CLOCK_MONOTONIC before the first and after the last
 *   timed FIRST COUNT PAYLOAD RATE WRITES
 *       write the events FIRST .. FIRST+COUNT-1, each with PAYLOAD further bytes, RATE a second, one at a time, and store
 *       the times of each in ABI_COMPARE_TIMES (struct cworkload_time). The program does not sleep between two events and
 *       writes a late event at once. WRITES 0: no write, everything else the same. Answer: done ..., of the written events.
 *   fault SEQUENCE
 *       write the event SEQUENCE with an unreadable payload: SIGSEGV ends the program when the sink copies the payload.
 *       There is no answer.
 *   hold SEQUENCE PAYLOAD
 *       write the event SEQUENCE with PAYLOAD further bytes, at least 1 and at most a page, and stay inside the write, at
 *       the copy of the payload. Answer then:
 *       held                or: cannot hold: WHY
 *       If the sink copies the payload, a signal handler executes the next commands inside the write. If the kernel copies
 *       it (`payload_page`), the write stays in its system call in another thread, and the next commands are executed in
 *       parallel. Until:
 *   go
 *       ends the write. Answer: done ..., of the held event.
 *   step SEQUENCE PAYLOAD
 *       write the event SEQUENCE with PAYLOAD further bytes, for a tracer that executes the write in steps: prctl(2) with
 *       the invalid option CWORKLOAD_MARK and the argument CWORKLOAD_STEP precedes it. Answer: done ...
 *   quit
 *
 * The program prints `ready CPU` when it is pinned and its ring buffer is open. It ends at the end of its input, even in
 * the middle of a run, so that it does not outlive its parent.
 */
#ifndef ABI_COMPARE_CWORKLOAD_H
#define ABI_COMPARE_CWORKLOAD_H

#include <stdint.h>

/* The largest number of bytes besides the sequence number. */
#define CWORKLOAD_MAX_PAYLOAD 65536

/* The mark before a write in steps: an invalid prctl(2), as cperf_mark of CPerfEvents makes it. */
#define CWORKLOAD_MARK 0x61626901
#define CWORKLOAD_STEP 1

/*
 * Returns the number of bytes of an event besides the sequence number, for mixed sizes: `least`, plus 0 to `spread`,
 * drawn by SplitMix64 from the seed and the sequence number.
 */
static inline uint32_t cworkload_payload(uint64_t sequence, uint32_t least, uint32_t spread, uint64_t seed)
{
	uint64_t mixed = seed + (sequence + 1) * 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
	return least + (uint32_t)((mixed ^ mixed >> 31) % ((uint64_t)spread + 1));
}

/*
 * The progress of a producer, for a study that ends it before it can answer: a page in the file named by the environment
 * variable ABI_COMPARE_PROGRESS, if it is set. Counted since the start of the program.
 */
struct cworkload_progress {
	/* Events whose write was begun, and events whose write has returned. */
	uint64_t begun, ended;
	/* Events among the latter for which the ABI returned an error to the writer. */
	uint64_t refused;
};

/* Loads each counter once, `ended` before `begun`, so that `ended` does not exceed `begun`. */
struct cworkload_progress cworkload_load_progress(const struct cworkload_progress *page);

/*
 * The times of one event of the command `timed`, in nanoseconds of CLOCK_MONOTONIC. The file named by the environment
 * variable ABI_COMPARE_TIMES is an array of them, the first event first; a load has no more events than the array.
 */
struct cworkload_time {
	/* Service time: from the clock reading before the write to the reading after it. */
	uint64_t service;
	/* Response time: from the due time of the event to the reading after the write. */
	uint64_t response;
	/* The result of the write: 0, or a negative errno. */
	int64_t result;
};

struct cworkload_sink {
	/* Prepares `write`; the arguments follow the common ones. Returns 0, or -1 after a message on standard error. */
	int (*open)(void *context, int argc, char **argv);
	/*
	 * Writes one event; `payload` has `length` bytes, besides the sequence number.
	 * Returns 0 if the ABI returned no error, else a negative errno. Must not use stdio, and must be re-entrant if
	 * other events are written while one is held.
	 */
	int (*write)(void *context, uint64_t sequence, const void *payload, uint32_t length);
	/*
	 * Returns a page that was never touched, for a payload that a system call reads: `write` passes this page to the
	 * call without copying it. NULL if `write` copies the payload itself.
	 */
	void *(*payload_page)(void *context);
	void *context;
};

/* The body of main(): PROGRAM CPU [arguments of the sink]. Returns the exit status. */
int cworkload_main(int argc, char **argv, const struct cworkload_sink *sink);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The main loop that all producers share: a program that writes consecutive 64-bit sequence numbers into one ring
 * buffer, from one CPU, and tells on its standard output exactly what it wrote.
 *
 * Commands come on standard input, one a line, numbers in decimal:
 *
 *   run FIRST COUNT PAYLOAD RATE BURST SPREAD SEED SPIN
 *       write the events FIRST .. FIRST+COUNT-1, each with PAYLOAD further bytes and up to SPREAD more
 *       (cworkload_payload), RATE a second (0: as fast as it goes), BURST back to back at a time. Event I is meant for I/RATE
 *       behind the first; the time until then is slept, or where SPIN is not 0 spent on reading the clock, since a
 *       sleep ends later than asked for. Answer, when all are written:
 *       done PRODUCED ACCEPTED REFUSED FIRST_ERRNO BEGIN_NS END_NS
 *       PRODUCED  events that the producer tried to write: the truth
 *       ACCEPTED  those of which the ABI did not tell the writer that they were refused
 *       REFUSED   those of which it did; FIRST_ERRNO is the errno of the first
 *       BEGIN_NS, END_NS  CLOCK_MONOTONIC before the first and after the last
 *   timed FIRST COUNT PAYLOAD RATE WRITES
 *       write the events FIRST .. FIRST+COUNT-1, each with PAYLOAD further bytes, RATE a second, one at a time, and leave
 *       in ABI_COMPARE_TIMES what each took (struct cworkload_time). Between two events the program does not sleep, and
 *       what is late is written at once. WRITES 0: the same without the write. Answer: done ..., of what was written.
 *   fault SEQUENCE
 *       write the event SEQUENCE with a payload that cannot be read: where the sink copies it, SIGSEGV ends the program.
 *       There is no answer.
 *   hold SEQUENCE PAYLOAD
 *       write the event SEQUENCE with PAYLOAD further bytes, at most a page, and stay inside the write, where the payload
 *       is copied. Answer then:
 *       held                or: cannot hold: WHY
 *       Where the sink copies it, the commands that come now are followed inside the write, by a signal handler. Where the
 *       kernel does (`payload_page`), they are followed beside it, and the write stays in its system call. Until:
 *   go
 *       ends the write. Answer: done ..., of the event that was held.
 *   quit
 *
 * The program says `ready CPU` when it is pinned and its ring buffer is open. It ends at the end of its input, so that
 * it does not outlive the program that started it, also in the middle of a run.
 */
#ifndef ABI_COMPARE_CWORKLOAD_H
#define ABI_COMPARE_CWORKLOAD_H

#include <stdint.h>

/* The largest number of bytes beside the sequence number. */
#define CWORKLOAD_MAX_PAYLOAD 65536

/*
 * How many bytes an event has beside the sequence number, where sizes are mixed: least, and what SplitMix64 draws from
 * the seed and the sequence number, 0 to spread.
 */
static inline uint32_t cworkload_payload(uint64_t sequence, uint32_t least, uint32_t spread, uint64_t seed)
{
	uint64_t mixed = seed + (sequence + 1) * 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
	return least + (uint32_t)((mixed ^ mixed >> 31) % ((uint64_t)spread + 1));
}

/*
 * How far a producer is, for those who end it before it can answer: a page in the file that the environment variable
 * ABI_COMPARE_PROGRESS names, where there is one. Counted since the start of the program.
 */
struct cworkload_progress {
	/* Events whose write was begun, and those whose write has returned. */
	uint64_t begun, ended;
	/* Those of the latter of which the ABI told the writer that they were refused. */
	uint64_t refused;
};

/* The three counters, each loaded once: `ended` first, so that it is not beyond `begun`. */
struct cworkload_progress cworkload_load_progress(const struct cworkload_progress *page);

/*
 * What one event of the command `timed` took, in nanoseconds of CLOCK_MONOTONIC. An array of them, the first event first,
 * is the file that the environment variable ABI_COMPARE_TIMES names; a load has no more events than it has room for.
 */
struct cworkload_time {
	/* From the reading of the clock before the write to that behind it: the service time. */
	uint64_t service;
	/* From when the event was due to the reading behind the write: the response time. */
	uint64_t response;
	/* What the write returned: 0, or a negative errno. */
	int64_t result;
};

struct cworkload_sink {
	/* Opens what `write` needs; arguments after the common ones. 0, or -1 after a message on standard error. */
	int (*open)(void *context, int argc, char **argv);
	/*
	 * Writes one event. `payload` are `length` bytes beside the sequence number.
	 * 0 when the ABI did not say that the event was refused, else a negative errno. It uses no stdio, and only one that is
	 * re-entrant can write other events while one is held.
	 */
	int (*write)(void *context, uint64_t sequence, const void *payload, uint32_t length);
	/*
	 * Where a system call reads the payload from: a page that nothing was ever put into, and which `write` hands over to
	 * the call as it is, where it gets it as the payload. NULL where `write` copies the payload itself.
	 */
	void *(*payload_page)(void *context);
	void *context;
};

/* The whole of main(): PROGRAM CPU [arguments of the sink]. Returns the exit status. */
int cworkload_main(int argc, char **argv, const struct cworkload_sink *sink);

#endif

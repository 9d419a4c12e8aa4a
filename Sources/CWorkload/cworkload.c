/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "cprocess.h"
#include "cworkload.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/* Between two looks at standard input while writing without a pause. */
#define EVENTS_BETWEEN_LOOKS 1024

struct run {
	uint64_t first, count, rate, burst;
	uint32_t payload;
};

struct outcome {
	uint64_t produced, accepted, refused;
	int first_errno;
	uint64_t begin, end;
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void sleep_until(uint64_t when)
{
	struct timespec ts = { .tv_sec = (time_t)(when / 1000000000u), .tv_nsec = (long)(when % 1000000000u) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* Whether the program that started this one is gone. */
static int orphaned(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = 0 };

	return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL));
}

static int write_events(const struct cworkload_sink *sink, const struct run *run, const void *payload,
			struct outcome *out)
{
	uint64_t burst = run->burst ? run->burst : 1;
	uint64_t since_look = 0;

	memset(out, 0, sizeof(*out));
	out->begin = now();
	for (uint64_t i = 0; i < run->count; i++) {
		if (run->rate && i % burst == 0) {
			sleep_until(out->begin + (uint64_t)((double)i * 1e9 / (double)run->rate));
			since_look = EVENTS_BETWEEN_LOOKS;
		}
		if (since_look++ >= EVENTS_BETWEEN_LOOKS) {
			since_look = 0;
			if (orphaned())
				return -1;
		}

		int result = sink->write(sink->context, run->first + i, payload, run->payload);

		out->produced++;
		if (result == 0) {
			out->accepted++;
		} else {
			if (!out->refused++)
				out->first_errno = -result;
		}
	}
	out->end = now();
	return 0;
}

int cworkload_main(int argc, char **argv, const struct cworkload_sink *sink)
{
	static unsigned char payload[CWORKLOAD_MAX_PAYLOAD];
	char line[256];
	char *end;

	if (argc < 2) {
		fprintf(stderr, "usage: %s CPU [...]\n", argv[0]);
		return EX_USAGE;
	}
	long cpu = strtol(argv[1], &end, 10);
	if (end == argv[1] || *end || cpu < 0 || cpu > INT_MAX) {
		fprintf(stderr, "%s: not a CPU: %s\n", argv[0], argv[1]);
		return EX_USAGE;
	}
	if (cprocess_pin((int)cpu)) {
		fprintf(stderr, "%s: sched_setaffinity to CPU %ld: %s\n", argv[0], cpu, strerror(errno));
		return EX_OSERR;
	}
	if (sink->open && sink->open(sink->context, argc - 2, argv + 2))
		return EX_UNAVAILABLE;
	memset(payload, 0x5a, sizeof(payload));
	printf("ready %ld\n", cpu);
	fflush(stdout);

	while (fgets(line, sizeof(line), stdin)) {
		struct run run;
		struct outcome out;

		if (!strcmp(line, "quit\n"))
			return EX_OK;
		if (sscanf(line, "run %" SCNu64 " %" SCNu64 " %" SCNu32 " %" SCNu64 " %" SCNu64, &run.first, &run.count,
			   &run.payload, &run.rate, &run.burst) != 5 || run.payload > CWORKLOAD_MAX_PAYLOAD) {
			fprintf(stderr, "%s: not a command: %s", argv[0], line);
			return EX_USAGE;
		}
		if (write_events(sink, &run, payload, &out))
			return EX_IOERR;
		printf("done %" PRIu64 " %" PRIu64 " %" PRIu64 " %d %" PRIu64 " %" PRIu64 "\n", out.produced,
		       out.accepted, out.refused, out.first_errno, out.begin, out.end);
		if (fflush(stdout))
			return EX_IOERR;
	}
	return EX_OK;
}

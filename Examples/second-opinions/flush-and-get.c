/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST: a reader that flushes the partial sub-buffer and gets it in a loop while the writer writes. If
 * get_next_subbuf finds an uncommitted event, it sleeps 10 ms at a time. This program replaces poll(2) to count the sleeps.
 * Confirms the delivery latency of the reader of LTTng-UST that polls and flushes.
 * Run: ./flush-and-get [EVENTS]
 * Printed with liblttng-ust 2.13.5:
 *   13894 gets, 13685 with a packet; poll(NULL, 0, 10) 30 times
 *   30 gets took more than 5 ms, 0 of them with a packet
 */
#define _GNU_SOURCE
#include "session.h"

#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned long sleeps;

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec ts = { .tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1000000L };

	if (!fds && timeout == 10)
		sleeps++;
	return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &ts, NULL, 0);
}

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	unsigned long gets = 0, got = 0, long_gets = 0, long_got = 0;
	struct pollfd answer;
	struct session s;
	cpu_set_t second;
	char line[64];

	session_open(&s, 1, 16);
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	sched_setaffinity(0, sizeof(second), &second);
	answer = (struct pollfd){ .fd = fileno(s.from), .events = POLLIN };
	sleeps = 0;
	fprintf(s.to, "w %s 24\n", argc > 1 ? argv[1] : "3000000");
	fflush(s.to);
	while (poll(&answer, 1, 0) == 0) {
		long begin, taken;
		int result;

		lttng_ust_ctl_flush_buffer(s.stream, 1);
		begin = now();
		result = lttng_ust_ctl_get_next_subbuf(s.stream);
		taken = now() - begin;
		gets++;
		got += !result;
		if (taken > 5000000) {
			long_gets++;
			long_got += !result;
		}
		if (!result)
			lttng_ust_ctl_put_next_subbuf(s.stream);
	}
	printf("%s", fgets(line, sizeof(line), s.from) ? line : "no answer\n");
	printf("%lu gets, %lu with a packet; poll(NULL, 0, 10) %lu times\n", gets, got, sleeps);
	printf("%lu gets took more than 5 ms, %lu of them with a packet\n", long_gets, long_got);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The traced process of session.h. Commands on standard input, each answered by a line:
 *   w COUNT LENGTH   write events
 *   h                write one event, but stay inside the write, at the copy of the payload: between reserve and
 *                    commit. A signal handler executes the next commands there.
 *   g                finish that write; the event is committed
 *   k                end there, by SIGKILL
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "event.h"

static char *page;

static void serve(void)
{
	static char payload[4096];
	static uint64_t seq;
	unsigned long count;
	unsigned int length;
	char command;

	while (scanf(" %c", &command) == 1) {
		if (command == 'w' && scanf("%lu %u", &count, &length) == 2 && length <= sizeof(payload)) {
			while (count--)
				lttng_ust_tracepoint(second_opinion, event, seq++, payload, length);
		} else if (command == 'h') {
			mprotect(page, 4096, PROT_NONE);
			lttng_ust_tracepoint(second_opinion, event, seq++, page, 16);
		} else if (command == 'k') {
			signal(SIGSEGV, SIG_DFL);
			raise(SIGKILL);
		} else if (command == 'g') {
			return;
		}
		puts("done");
		fflush(stdout);
	}
	exit(0);
}

/* SIGSEGV handler: the copy of the payload faults, since its page cannot be read. */
static void inside(int number)
{
	(void)number;
	puts("inside the write");
	fflush(stdout);
	serve();
	mprotect(page, 4096, PROT_READ);
}

int main(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	signal(SIGSEGV, inside);
	puts("ready");
	fflush(stdout);
	serve();
	return 0;
}

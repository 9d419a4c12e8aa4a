/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST: get_next_subbuf after the memory file of the ring buffer was truncated, with the library's own handling of
 * SIGBUS.
 * Confirms truncated-memory.
 * Run: ./truncate-memory
 * Printed with liblttng-ust 2.13.5:
 *   before: get_next_subbuf -11; ftruncate of the memory of CPU 0: 0; get_next_subbuf
 *   1000 times SIGBUS, and get_next_subbuf has not returned
 */
#define _GNU_SOURCE
#include "session.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int count;

static void on_sigbus(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if (++count == 1000) {
		puts("1000 times SIGBUS, and get_next_subbuf has not returned");
		fflush(stdout);
		_exit(0);
	}
	lttng_ust_ctl_sigbus_handle(info->si_addr);
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO };
	char path[40], target[80] = "";
	struct session s;
	int fd, result;

	sigaction(SIGBUS, &action, NULL);
	channel_open(&s, 1, 2);
	printf("before: get_next_subbuf %d\n", lttng_ust_ctl_get_next_subbuf(s.stream));
	for (fd = 3; !strstr(target, "second-opinion") && fd < 1024; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (readlink(path, target, sizeof(target) - 1) < 0)
			target[0] = '\0';
	}
	result = ftruncate(fd - 1, 0);
	printf("ftruncate of the memory of CPU 0: %d; get_next_subbuf\n", result);
	result = lttng_ust_ctl_get_next_subbuf(s.stream);
	printf("it returned %d after %d times SIGBUS\n", result, count);
	return 0;
}

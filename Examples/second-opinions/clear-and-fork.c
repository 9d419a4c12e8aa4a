/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST without a traced process: packet numbers before and after a clear, a flush of a new ring buffer, and the
 * mapping in a child.
 * Confirms cleared-is-not-lost, flush-of-new-ring-buffer and mapping-not-inherited.
 * Run: ./clear-and-fork
 * Printed with liblttng-ust 2.13.5:
 *   new: get_next_subbuf -11; flush_buffer(stream, 1): get_next_subbuf 0, packet 0, content 84 bytes (the header)
 *   two packets, then clear_buffer: 0; one more packet; read: packet_seq_num 3, events_discarded 0
 *   in a child: readable
 */
#include "session.h"

#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct session s;
	int status, result;
	const volatile unsigned char *base;

	channel_open(&s, 1, 8);
	printf("new: get_next_subbuf %d\n", lttng_ust_ctl_get_next_subbuf(s.stream));
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	printf("flush_buffer(stream, 1): get_next_subbuf %d\n", lttng_ust_ctl_get_next_subbuf(s.stream));
	describe(&s);
	lttng_ust_ctl_put_next_subbuf(s.stream);
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	printf("flush_buffer(stream, 1) again: get_next_subbuf %d\n", lttng_ust_ctl_get_next_subbuf(s.stream));

	lttng_ust_ctl_flush_buffer(s.stream, 0);
	lttng_ust_ctl_flush_buffer(s.stream, 0);
	printf("two packets, then clear_buffer: %d\n", lttng_ust_ctl_clear_buffer(s.stream));
	lttng_ust_ctl_flush_buffer(s.stream, 0);
	puts("one more packet; read:");
	read_all(&s);

	base = lttng_ust_ctl_get_mmap_base(s.stream);
	printf("first byte of the mapping: %u\n", base[0]);
	fflush(stdout);
	result = fork();
	if (!result)
		_exit(base[0] == 255);
	waitpid(result, &status, 0);
	if (WIFSIGNALED(status))
		printf("in a child: signal %d\n", WTERMSIG(status));
	else
		printf("in a child: readable\n");
	return 0;
}

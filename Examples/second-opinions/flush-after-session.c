/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lttng-modules, without abi-compare: RING_BUFFER_FLUSH_EMPTY of a stream whose session was closed.
 *
 * The stream keeps its ring buffer alive, but not the session. The header of a new packet contains the session's uuid:
 * client_buffer_begin (lttng-ring-buffer-client.h) reads it through channel->parent.session, which lttng_session_destroy
 * (lttng-events.c) has freed.
 *
 * Run it in a virtual machine, booted with slub_debug=P: freed memory is then filled with 6b. The kernel may crash.
 *
 *   cc -static -O1 -o flush-after-session flush-after-session.c
 */
#include "lttng-modules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	struct tracer tracer;
	int got;

	start(&tracer, 1);
	for (int i = 0; i < 10; i++)
		if (write(tracer.logger, "hello", 5) != 5)
			perror("write");
	end_session(&tracer);
	got = ioctl(tracer.stream, GET_NEXT);
	printf("session closed: get_next %d, put_next %d\n", got, ioctl(tracer.stream, PUT_NEXT));
	printf("all is read: get_next %s\n", ioctl(tracer.stream, GET_NEXT) ? strerror(errno) : "works");
	fflush(stdout);
	printf("flush_empty %d\n", ioctl(tracer.stream, FLUSH_EMPTY));
	return 0;
}

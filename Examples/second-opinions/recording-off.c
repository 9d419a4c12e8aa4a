/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST: a packet that is held while events are written, and a session that is stopped.
 * Confirms commit-advances-without-acquire and recording-off-told.
 * Run: ./recording-off
 * Printed with liblttng-ust 2.13.5:
 *   16 events, flushed, got: content 605 bytes; 4 more while it is held: content 605 bytes
 *   recording: get_next_subbuf -11, poll 0; stopped: get_next_subbuf -11, poll 0; 8 events then: 0 bytes produced
 */
#include "session.h"

#include <poll.h>

static void answers(struct session *s, const char *when)
{
	struct pollfd request = { .fd = lttng_ust_ctl_stream_get_wait_fd(s->stream), .events = POLLIN | POLLPRI };
	int ready = poll(&request, 1, 0);

	printf("%s: get_next_subbuf %d, poll %d (revents %#x)\n", when, lttng_ust_ctl_get_next_subbuf(s->stream), ready,
	       request.revents);
}

int main(void)
{
	unsigned long consumed, before, after;
	struct session s;

	session_open(&s, 1, 8);
	/* As a consumer does: the traced process is then the pipe's only writer. */
	lttng_ust_ctl_channel_close_wakeup_fd(s.channel);
	lttng_ust_ctl_stream_close_wakeup_fd(s.stream);
	ask(&s, "w 16 16\n");
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	printf("16 events, flushed: get_next_subbuf %d\n", lttng_ust_ctl_get_next_subbuf(s.stream));
	describe(&s);
	ask(&s, "w 4 16\n");
	puts("4 more while it is held:");
	describe(&s);
	lttng_ust_ctl_put_next_subbuf(s.stream);
	lttng_ust_ctl_flush_buffer(s.stream, 1);
	puts("put, flushed, and read on:");
	read_all(&s);

	answers(&s, "recording");
	printf("stop_session: %d\n", lttng_ust_ctl_stop_session(s.socket, s.handle));
	answers(&s, "stopped");
	positions(&s, &consumed, &before);
	ask(&s, "w 8 16\n");
	positions(&s, &consumed, &after);
	printf("8 events written then: %lu bytes produced\n", after - before);
	answers(&s, "after them");
	return 0;
}

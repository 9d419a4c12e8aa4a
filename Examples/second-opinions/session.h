/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A traced process (./writer, on CPU 0) and one channel of its events, for the programs on LTTng-UST: session daemon
 * and consumer at once, by liblttng-ust-ctl alone. What fails ends the program.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdio.h>
#include <lttng/ust-ctl.h>

struct session {
	struct lttng_ust_ctl_consumer_channel *channel;
	struct lttng_ust_ctl_consumer_stream *stream;	/* of CPU 0 */
	int cpus;
	int socket, handle;				/* for lttng_ust_ctl_stop_session() */
	FILE *to, *from;				/* the writer's standard input and output */
};

/* A channel without a writer: flush_buffer(stream, 0) alone makes packets, empty ones. */
void channel_open(struct session *session, int overwrite, unsigned int subbufs);
/* The same with a writer that records its event into it. The sub-buffers have 4096 bytes. */
void session_open(struct session *session, int overwrite, unsigned int subbufs);
/* A command for the writer, see writer.c, and its answer. */
const char *ask(struct session *session, const char *command);
/* Gets, describes on standard output and puts packets until there is none; returns how many there were. */
int read_all(struct session *session);
/* The same for the packet that is held. */
void describe(struct session *session);
/* The consumed and the produced position, in bytes. */
void positions(struct session *session, unsigned long *consumed, unsigned long *produced);

#endif

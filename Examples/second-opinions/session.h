/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A traced process (./writer, on CPU 0) and one channel of its events, for the programs on LTTng-UST. The program is
 * session daemon and consumer at once, by liblttng-ust-ctl alone. Any error ends it.
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

/* Makes a channel without a writer: packets come only from flush_buffer(stream, 0), and are empty. */
void channel_open(struct session *session, int overwrite, unsigned int subbufs);
/* Makes a channel with a writer that records its event into it. The sub-buffers of both have 4096 bytes. */
void session_open(struct session *session, int overwrite, unsigned int subbufs);
/* Sends a command to the writer, see writer.c, and returns its answer. */
const char *ask(struct session *session, const char *command);
/* Gets each packet, prints its header fields and puts it, until there is none. Returns the number of packets. */
int read_all(struct session *session);
/* Prints the header fields of the held packet. */
void describe(struct session *session);
/* Samples the consumed and the produced position, in bytes. */
void positions(struct session *session, unsigned long *consumed, unsigned long *produced);

#endif

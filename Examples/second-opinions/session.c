/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <lttng/ust-sigbus.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

DEFINE_LTTNG_UST_SIGBUS_STATE();

#define CHECK(call) check((call), #call)

static long check(long result, const char *call)
{
	if (result < 0) {
		fprintf(stderr, "%s: %ld (%s)\n", call, result, strerror(errno));
		exit(1);
	}
	return result;
}

void channel_open(struct session *session, int overwrite, unsigned int subbufs)
{
	struct lttng_ust_ctl_consumer_channel_attr attr;
	int cpus = CHECK(lttng_ust_ctl_get_nr_stream_per_channel()), files[cpus];

	memset(session, 0, sizeof(*session));
	memset(&attr, 0, sizeof(attr));
	attr.type = LTTNG_UST_ABI_CHAN_PER_CPU;
	attr.subbuf_size = 4096;
	attr.num_subbuf = subbufs;
	attr.overwrite = overwrite;
	attr.output = LTTNG_UST_ABI_MMAP;
#if LTTNG_UST_ABI_MAJOR_VERSION >= 11
	attr.owner_id = LTTNG_UST_ABI_OWNER_ID_CONSUMER;
	attr.preallocate_backing = 1;
#endif
	for (int cpu = 0; cpu < cpus; cpu++)
		files[cpu] = CHECK(memfd_create("second-opinion", 0));
	session->channel = lttng_ust_ctl_create_channel(&attr, files, cpus);
	CHECK(session->channel ? 0 : -1);
	session->stream = lttng_ust_ctl_create_stream(session->channel, 0);
	CHECK(session->stream ? 0 : -1);
	session->cpus = cpus;
}

/* Replies to the registrations of the traced process: its channel and its event. */
static void *answer(void *socket)
{
	int sock = (int)(intptr_t)socket, session, channel, level;
	enum lttng_ust_ctl_notify_cmd command;
	struct lttng_ust_ctl_field *fields;
	char name[LTTNG_UST_ABI_SYM_NAME_LEN], *signature, *uri;
	size_t count;

	while (lttng_ust_ctl_recv_notify(sock, &command) >= 0) {
		if (command == LTTNG_UST_CTL_NOTIFY_CMD_CHANNEL) {
			CHECK(lttng_ust_ctl_recv_register_channel(sock, &session, &channel, &count, &fields));
			lttng_ust_ctl_reply_register_channel(sock, 0, LTTNG_UST_CTL_CHANNEL_HEADER_COMPACT, 0);
		} else {
#if LTTNG_UST_ABI_MAJOR_VERSION >= 10
			uint64_t token;

			CHECK(lttng_ust_ctl_recv_register_event(sock, &session, &channel, name, &level, &signature,
								&count, &fields, &uri, &token));
#else
			CHECK(lttng_ust_ctl_recv_register_event(sock, &session, &channel, name, &level, &signature,
								&count, &fields, &uri));
#endif
			lttng_ust_ctl_reply_register_event(sock, 0, 0);
		}
	}
	return NULL;
}

static int pair[2];

/* The library passes a channel to a session daemon only over a socket. */
static void *send_channel(void *channel)
{
	CHECK(lttng_ust_ctl_send_channel_to_sessiond(pair[0], channel));
	return NULL;
}

/* Starts ./writer with pipes as standard input and output, and accepts its two connections for registration. */
static void start_writer(struct session *session, int *command, int *notify)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char home[] = "/tmp/second-opinion-XXXXXX", directory[80], self[4096] = "";
	int in[2], out[2], listener = CHECK(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	CHECK(mkdtemp(home) ? 0 : -1);
	snprintf(directory, sizeof(directory), "%s/.lttng", home);
	CHECK(mkdir(directory, 0700));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/" LTTNG_UST_SOCK_FILENAME, directory);
	CHECK(bind(listener, (struct sockaddr *)&address, sizeof(address)));
	CHECK(listen(listener, 4));
	CHECK(pipe(in) + pipe(out));
	CHECK(readlink("/proc/self/exe", self, sizeof(self) - 8));
	strcpy(strrchr(self, '/'), "/writer");
	if (!CHECK(fork())) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		for (int i = 0; i < 2; i++) {
			close(in[i]);
			close(out[i]);
		}
		setenv("LTTNG_HOME", home, 1);
		setenv("LTTNG_UST_REGISTER_TIMEOUT", "-1", 1);
		unsetenv("LTTNG_UST_APP_PATH");
		execl(self, self, NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	session->to = fdopen(in[1], "w");
	session->from = fdopen(out[0], "r");
	for (*command = *notify = -1; *command < 0 || *notify < 0;) {
		uint32_t n[12];
		char name[LTTNG_UST_ABI_PROCNAME_LEN];
		enum lttng_ust_ctl_socket_type type;
		int order, sock = CHECK(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

		CHECK(lttng_ust_ctl_recv_reg_msg(sock, &type, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8,
						 n + 9, n + 10, n + 11, &order, name));
		*(type == LTTNG_UST_CTL_SOCKET_CMD ? command : notify) = sock;
	}
	unlink(address.sun_path);
	rmdir(directory);
	rmdir(home);
}

void session_open(struct session *session, int overwrite, unsigned int subbufs)
{
	struct lttng_ust_abi_object_data *channel, *stream, *event;
	struct lttng_ust_abi_event description = { .loglevel_type = LTTNG_UST_ABI_LOGLEVEL_ALL, .loglevel = -1 };
	struct lttng_ust_abi_tracer_version version;
	pthread_t thread, sender;
	int sock, notify;

	channel_open(session, overwrite, subbufs);
	start_writer(session, &sock, &notify);
	pthread_create(&thread, NULL, answer, (void *)(intptr_t)notify);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pthread_create(&sender, NULL, send_channel, session->channel);
	CHECK(lttng_ust_ctl_recv_channel_from_consumer(pair[1], &channel));
	pthread_join(sender, NULL);

	CHECK(lttng_ust_ctl_tracer_version(sock, &version));
	session->socket = sock;
	session->handle = CHECK(lttng_ust_ctl_create_session(sock));
#if LTTNG_UST_ABI_MAJOR_VERSION >= 11
	/* 0 is no owner, 1 the consumer. */
	lttng_ust_ctl_set_channel_owner_id(channel, 2);
#endif
	CHECK(lttng_ust_ctl_send_channel_to_ust(sock, session->handle, channel));
	/* Events are refused until the channel has all its streams. */
	for (int cpu = 0; cpu < session->cpus; cpu++) {
		struct lttng_ust_ctl_consumer_stream *own =
			cpu ? lttng_ust_ctl_create_stream(session->channel, cpu) : session->stream;

		CHECK(lttng_ust_ctl_send_stream_to_sessiond(pair[0], own));
		CHECK(lttng_ust_ctl_recv_stream_from_consumer(pair[1], &stream));
		CHECK(lttng_ust_ctl_send_stream_to_ust(sock, channel, stream));
		/* Closes this process's copies of the descriptors, including the pipe's write end. */
		CHECK(lttng_ust_ctl_release_object(-1, stream));
	}
	description.instrumentation = LTTNG_UST_ABI_TRACEPOINT;
	strcpy(description.name, "second_opinion:event");
	CHECK(lttng_ust_ctl_create_event(sock, &description, channel, &event));
	CHECK(lttng_ust_ctl_enable(sock, event));
	CHECK(lttng_ust_ctl_start_session(sock, session->handle));
	CHECK(lttng_ust_ctl_register_done(sock));
	ask(session, "");
#if LTTNG_UST_ABI_MAJOR_VERSION >= 11
	/* 2^27 ns after the channel was made, the first event has a full time stamp, as it always has in older versions. */
	usleep(135000);
#endif
}

const char *ask(struct session *session, const char *command)
{
	static char line[80];

	fputs(command, session->to);
	fflush(session->to);
	if (!fgets(line, sizeof(line), session->from))
		return "no answer: the writer has ended";
	line[strcspn(line, "\n")] = '\0';
	return line;
}

void describe(struct session *session)
{
	uint64_t number = 0, bits = 0, discarded = 0;
	int result = lttng_ust_ctl_get_sequence_number(session->stream, &number);

	lttng_ust_ctl_get_content_size(session->stream, &bits);
	lttng_ust_ctl_get_events_discarded(session->stream, &discarded);
	printf("  packet_seq_num %lu, content %lu bytes, events_discarded %lu%s\n", (unsigned long)number,
	       (unsigned long)bits / 8, (unsigned long)discarded, result ? " (refused)" : "");
}

int read_all(struct session *session)
{
	int count = 0;

	for (; !lttng_ust_ctl_get_next_subbuf(session->stream); count++) {
		describe(session);
		lttng_ust_ctl_put_next_subbuf(session->stream);
	}
	return count;
}

void positions(struct session *session, unsigned long *consumed, unsigned long *produced)
{
	CHECK(lttng_ust_ctl_snapshot_sample_positions(session->stream));
	CHECK(lttng_ust_ctl_snapshot_get_consumed(session->stream, consumed));
	CHECK(lttng_ust_ctl_snapshot_get_produced(session->stream, produced));
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lttng-modules: RING_BUFFER_FLUSH of a stream whose session has been closed.
 *
 * The stream keeps its ring buffer, and its channel's kernel structures of the ring buffer library, but not the session.
 * The first event of a new packet header is the session's uuid: client_buffer_begin (lttng-ring-buffer-client.h) reads it
 * through channel->parent.session, which lttng_session_destroy (lttng-events.c) has freed.
 *
 * Run it in a virtual machine: the kernel may go down.
 *
 *   cc -static -O1 -o flush-after-session flush-after-session.c
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

struct channel {
	uint64_t subbuf_size, num_subbuf;
	uint32_t switch_timer, read_timer, output;
	int32_t overwrite;
	char padding[256 + 32];
} __attribute__((packed));

struct event {
	char name[256];
	uint32_t instrumentation;
	uint64_t token;
	char padding[8 + 256 + 32];
} __attribute__((packed));

#define SESSION _IO(0xF6, 0x45)
#define CHANNEL _IOW(0xF6, 0x55, struct channel)
#define START _IO(0xF6, 0x56)
#define STOP _IO(0xF6, 0x57)
#define STREAM _IO(0xF6, 0x62)
#define EVENT _IOW(0xF6, 0x63, struct event)
#define ENABLE _IO(0xF6, 0x82)
#define GET_NEXT _IO(0xF6, 0x05)
#define PUT_NEXT _IO(0xF6, 0x06)
#define FLUSH_EMPTY _IO(0xF6, 0x0F)

int main(void)
{
	struct channel channel = { .subbuf_size = 4096, .num_subbuf = 8, .output = 1, .overwrite = 1 };
	struct event event = { .name = "lttng_logger" };
	int lttng = open("/proc/lttng", O_RDWR);
	int logger = open("/proc/lttng-logger", O_WRONLY);
	int session = ioctl(lttng, SESSION);
	int chan = ioctl(session, CHANNEL, &channel);
	int ev = ioctl(chan, EVENT, &event);
	int enable = ioctl(ev, ENABLE);
	int stream = ioctl(chan, STREAM);
	int start = ioctl(session, START);

	printf("session %d channel %d event %d enable %d stream %d start %d\n", session, chan, ev, enable, stream, start);
	for (int i = 0; i < 10; i++)
		if (write(logger, "hello", 5) != 5)
			perror("write");
	printf("stop %d\n", ioctl(session, STOP));
	close(ev);
	close(chan);
	close(session);
	printf("session closed; get_next %d", ioctl(stream, GET_NEXT));
	printf(" put_next %d\n", ioctl(stream, PUT_NEXT));
	printf("get_next of nothing: %d %s\n", ioctl(stream, GET_NEXT), strerror(errno));
	fflush(stdout);
	printf("flush_empty %d\n", ioctl(stream, FLUSH_EMPTY));
	fflush(stdout);
	printf("flush_empty again %d\n", ioctl(stream, FLUSH_EMPTY));
	return 0;
}

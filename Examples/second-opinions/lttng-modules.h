/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session of lttng-modules with one channel and its first stream, that of CPU 0, by the ioctls of include/lttng/abi.h
 * and include/ringbuffer/vfs.h (2.13.18).
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
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
#define GET_MMAP_LEN _IOR(0xF6, 0x0A, unsigned long)
#define GET_MMAP_READ_OFFSET _IOR(0xF6, 0x0B, unsigned long)
#define FLUSH _IO(0xF6, 0x0C)
#define FLUSH_EMPTY _IO(0xF6, 0x0F)

struct tracer {
	int lttng, logger, session, channel, event, stream;
};

static inline void start(struct tracer *tracer, int overwrite)
{
	struct channel channel = { .subbuf_size = 4096, .num_subbuf = 8, .output = 1, .overwrite = overwrite };
	struct event event = { .name = "lttng_logger" };

	tracer->lttng = open("/proc/lttng", O_RDWR);
	tracer->logger = open("/proc/lttng-logger", O_WRONLY);
	tracer->session = ioctl(tracer->lttng, SESSION);
	tracer->channel = ioctl(tracer->session, CHANNEL, &channel);
	tracer->event = ioctl(tracer->channel, EVENT, &event);
	ioctl(tracer->event, ENABLE);
	tracer->stream = ioctl(tracer->channel, STREAM);
	ioctl(tracer->session, START);
}

/* Ends the session; the stream stays open. */
static inline void end_session(struct tracer *tracer)
{
	ioctl(tracer->session, STOP);
	close(tracer->event);
	close(tracer->channel);
	close(tracer->session);
}

static inline void end(struct tracer *tracer)
{
	close(tracer->stream);
	end_session(tracer);
	close(tracer->logger);
	close(tracer->lttng);
}

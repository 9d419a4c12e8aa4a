/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lttng-modules, without abi-compare: poll of a full ring buffer, loads from pages outside the held sub-buffer and of a
 * released one, stores into a mapping, and a stream that is closed while a sub-buffer is held.
 *
 * Needs root, the modules, and CPU 0. In the last part the kernel warns and disables the channel.
 *
 *   cc -static -O1 -o kernel-tracer kernel-tracer.c
 */
#define _GNU_SOURCE
#include "lttng-modules.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static sigjmp_buf failed;

static void on_signal(int signal) { siglongjmp(failed, signal); }

static int load(const volatile unsigned char *address)
{
	int signal = sigsetjmp(failed, 1);

	if (!signal)
		(void)*address;
	return signal;
}

static int ask(int stream, short events)
{
	struct pollfd request = { .fd = stream, .events = events };

	poll(&request, 1, 0);
	return request.revents;
}

static void write_events(struct tracer *tracer, int count)
{
	char text[32];

	for (int i = 0; i < count; i++) {
		memset(text, 'a' + i % 26, sizeof(text));
		if (write(tracer->logger, text, sizeof(text)) != sizeof(text))
			perror("write");
	}
}

int main(void)
{
	struct tracer tracer;
	unsigned long length = 0, offset = 0;
	unsigned char *map, before;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	signal(SIGBUS, on_signal);
	signal(SIGSEGV, on_signal);

	start(&tracer, 0);
	write_events(&tracer, 100);
	printf("one sub-buffer full: poll for POLLIN %#x\n", ask(tracer.stream, POLLIN));
	write_events(&tracer, 2000);
	printf("all full: poll for POLLIN %#x, for POLLIN | POLLPRI %#x\n", ask(tracer.stream, POLLIN),
	       ask(tracer.stream, POLLIN | POLLPRI));
	ioctl(tracer.stream, FLUSH);
	printf("and flushed: poll for POLLIN %#x, for POLLIN | POLLPRI %#x", ask(tracer.stream, POLLIN),
	       ask(tracer.stream, POLLIN | POLLPRI));
	printf(", get_next %d\n", ioctl(tracer.stream, GET_NEXT));
	ioctl(tracer.stream, PUT_NEXT);
	end(&tracer);

	start(&tracer, 1);
	ioctl(tracer.stream, GET_MMAP_LEN, &length);
	map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, tracer.stream, 0);
	printf("mmap of %lu bytes, readable and writable: %s\n", length, map == MAP_FAILED ? strerror(errno) : "works");
	write_events(&tracer, 200);
	printf("get_next %d\n", ioctl(tracer.stream, GET_NEXT));
	ioctl(tracer.stream, GET_MMAP_READ_OFFSET, &offset);
	printf("held: offset %lu, load: signal %d; the next sub-buffer: signal %d\n", offset, load(map + offset),
	       load(map + (offset + 4096) % length));
	before = map[offset + 200];
	map[offset + 200] = 0xA5;
	printf("a store into the held sub-buffer: %#x, then %#x\n", before, map[offset + 200]);
	printf("put_next %d\n", ioctl(tracer.stream, PUT_NEXT));
	printf("released: load: signal %d\n", load(map + offset));
	before = map[offset + 72 - 8];
	write_events(&tracer, 3000);
	printf("overwritten: load: signal %d; packet_seq_num there %u, then %u\n", load(map + offset), before,
	       map[offset + 72 - 8]);
	munmap(map, length);

	printf("get_next %d\n", ioctl(tracer.stream, GET_NEXT));
	close(tracer.stream);
	tracer.stream = ioctl(tracer.channel, STREAM);
	printf("closed while it is held, and opened again: get_next %s\n",
	       ioctl(tracer.stream, GET_NEXT) ? strerror(errno) : "works");
	printf("and again: get_next %s\n", ioctl(tracer.stream, GET_NEXT) ? strerror(errno) : "works");
	end(&tracer);
	return 0;
}

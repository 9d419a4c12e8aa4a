/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lttng-modules, without abi-compare: the cost of loading the first byte of a held sub-buffer, in minor faults and in time
 * of CLOCK_MONOTONIC, for successive rounds that each fill a quarter of the ring buffer.
 *
 * Needs root, the modules, and CPU 0.
 *
 *   cc -static -O1 -o first-touch first-touch.c
 */
#define _GNU_SOURCE
#include "lttng-modules.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

int main(void)
{
	struct tracer tracer;
	unsigned long length = 0, offset = 0;
	const volatile char *map;
	char text[48];
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	memset(text, 'a', sizeof(text));
	start(&tracer, 0);
	ioctl(tracer.stream, GET_MMAP_LEN, &length);
	map = mmap(NULL, length, PROT_READ, MAP_SHARED, tracer.stream, 0);
	now();
	for (int round = 0; round < 12; round++) {
		long before, spent = 0;
		int count = 0;

		/* Two of the eight sub-buffers. */
		for (int i = 0; i < 120; i++)
			if (write(tracer.logger, text, sizeof(text)) != sizeof(text))
				perror("write");
		ioctl(tracer.stream, FLUSH);
		before = faults();
		while (!ioctl(tracer.stream, GET_NEXT)) {
			long begin;

			ioctl(tracer.stream, GET_MMAP_READ_OFFSET, &offset);
			begin = now();
			(void)map[offset];
			spent += now() - begin;
			ioctl(tracer.stream, PUT_NEXT);
			count++;
		}
		printf("round %d: %d sub-buffers, %ld minor faults, %ld ns for the first load of one\n", round, count,
		       faults() - before, count ? spent / count : 0);
	}
	munmap((void *)map, length);
	end(&tracer);
	return 0;
}

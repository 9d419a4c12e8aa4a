/* SPDX-License-Identifier: GPL-2.0-only */
#include "cloops.h"

#include <time.h>

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

double cloops_two_readings(size_t pairs)
{
	uint64_t begin = now(), sum = 0;

	for (size_t i = 0; i < pairs; i++) {
		uint64_t before = now();

		sum += now() - before;
	}
	/* The sum is used, so that no reading can be left out. */
	__asm__ volatile("" : : "r"(sum));
	return (double)(now() - begin) / (double)pairs;
}

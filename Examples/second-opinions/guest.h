/* SPDX-License-Identifier: GPL-2.0-only */
/* The check of programs that may crash the kernel or change more than an instance: only in a guest that may be lost. */
#ifndef GUEST_H
#define GUEST_H

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void only_in_a_guest(const char *program)
{
	const char *allowed = getenv("ABI_COMPARE_IN_GUEST");
	char line[8192];
	int is_guest = 0;
	FILE *cpus = fopen("/proc/cpuinfo", "r");

	while (cpus && fgets(line, sizeof(line), cpus))
		if (!strncmp(line, "flags", 5) && strstr(line, " hypervisor"))
			is_guest = 1;
	if (cpus)
		fclose(cpus);
	if (!allowed || strcmp(allowed, "1") || !is_guest) {
		fprintf(stderr, "%s: set ABI_COMPARE_IN_GUEST=1 in a guest that may be lost\n", program);
		exit(64);
	}
}

#endif

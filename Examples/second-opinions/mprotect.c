/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: mprotect with PROT_EXEC, which mmap refuses.
 * Confirms mapping-not-made-executable.
 * Run as root: ./mprotect
 * Printed on Linux 6.18.44:
 *   mprotect to PROT_READ | PROT_EXEC: 0; the meta page is r-xs in /proc/self/maps
 *   mmap with PROT_READ | PROT_EXEC: Operation not permitted
 */
#include "tracefs.h"

int main(void)
{
	struct ring ring;
	char line[300];
	FILE *maps;
	void *again;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	printf("mprotect to PROT_READ | PROT_EXEC: %d\n",
	       mprotect((void *)ring.meta, 4096, PROT_READ | PROT_EXEC));
	maps = fopen("/proc/self/maps", "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "trace_pipe_raw"))
			printf("  %s", line);
	again = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, ring.fd, 0);
	printf("mmap with PROT_READ | PROT_EXEC: %s\n", again == MAP_FAILED ? strerror(errno) : "accepted");
	ring_close(&ring);
	return 0;
}

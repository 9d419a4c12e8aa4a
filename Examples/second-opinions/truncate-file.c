/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: a mapping after another open or a truncate(2) has truncated trace_pipe_raw.
 * Confirms truncated-memory.
 * Run as root: ./truncate-file
 * Printed on Linux 6.18.44:
 *   mapped: nr_subbufs 9; open(O_WRONLY | O_TRUNC) of another: opened; after it: Bus error
 *   mapped anew: nr_subbufs 9; truncate: 0; after it, and after an ioctl that returned 0: Bus error
 */
#include "tracefs.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;

static void jump(int number)
{
	siglongjmp(back, number);
}

static void look(struct ring *ring, const char *when)
{
	int number = sigsetjmp(back, 1);

	if (!number)
		printf("%s: nr_subbufs %u\n", when, ring->meta->nr_subbufs);
	else
		printf("%s: %s\n", when, strsignal(number));
}

int main(void)
{
	struct ring ring;
	int fd;

	signal(SIGBUS, jump);
	signal(SIGSEGV, jump);
	ring_open(&ring, O_NONBLOCK, "1");
	ring.meta = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ring.fd, 0);
	look(&ring, "mapped");
	fd = open(PIPE_RAW, O_WRONLY | O_TRUNC);
	printf("open(O_WRONLY | O_TRUNC) of another: %s\n", fd < 0 ? strerror(errno) : "opened");
	close(fd);
	look(&ring, "after it");
	munmap((void *)ring.meta, 4096);
	ring.meta = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ring.fd, 0);
	look(&ring, "mapped anew");
	printf("truncate: %d\n", truncate(PIPE_RAW, 0));
	look(&ring, "after it");
	printf("ioctl %d\n", ioctl(ring.fd, GET_READER));
	look(&ring, "after it");
	munmap((void *)ring.meta, 4096);
	ring.meta = NULL;
	ring_close(&ring);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: munmap of a part of a mapping, and a child that inherits a mapping after MADV_DOFORK.
 * Confirms unmap-in-part and mapping-after-dofork.
 * Run as root in a guest, since some kernels warn and count the mappings wrongly: ABI_COMPARE_IN_GUEST=1 ./unmap-and-fork
 */
#include "guest.h"
#include "tracefs.h"

#include <sys/wait.h>

static struct ring ring;

static const char *result(int value)
{
	return value < 0 ? strerrorname_np(errno) : "0";
}

static void *map_all(int *length)
{
	struct meta *meta = mmap(NULL, 4096, PROT_READ, MAP_SHARED, ring.fd, 0);
	void *all;

	check(meta == MAP_FAILED ? -1 : 0, "mmap");
	*length = (meta->nr_subbufs + 1) * 4096;
	munmap(meta, 4096);
	all = mmap(NULL, *length, PROT_READ, MAP_SHARED, ring.fd, 0);
	check(all == MAP_FAILED ? -1 : 0, "mmap");
	return all;
}

int main(int argc, char **argv)
{
	int length, trigger;
	char *all;
	pid_t child;

	(void)argc;
	only_in_a_guest(argv[0]);
	ring_open(&ring, O_NONBLOCK, "1");
	all = map_all(&length);
	printf("munmap of the last sub-buffer: %s\n", result(munmap(all + length - 4096, 4096)));
	write_events(&ring, 8);
	printf("ioctl then: %s\n", result(ioctl(ring.fd, GET_READER)));
	printf("munmap of the rest: %s\n", result(munmap(all, length)));
	all = map_all(&length);
	printf("mapped anew: ioctl %s\n", result(ioctl(ring.fd, GET_READER)));

	printf("MADV_DOFORK: %s\n", result(madvise(all, length, MADV_DOFORK)));
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(*(volatile char *)all & 1);
	waitpid(child, NULL, 0);
	write_events(&ring, 8);
	printf("ioctl after the child's end: %s\n", result(ioctl(ring.fd, GET_READER)));
	/* Refused while the ring buffer is mapped (Documentation/trace/ring-buffer-map.rst). */
	trigger = check(open(INSTANCE "/events/sched/sched_switch/trigger", O_WRONLY), "trigger");
	printf("trigger of a snapshot while mapped: %s\n", result(write(trigger, "snapshot", 8)));
	printf("  and removed: %s\n", result(write(trigger, "!snapshot", 9)));
	close(trigger);
	printf("munmap: %s\n", result(munmap(all, length)));
	all = map_all(&length);
	printf("mapped anew: ioctl %s\n", result(ioctl(ring.fd, GET_READER)));
	munmap(all, length);
	ring_close(&ring);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: a writer that is interrupted between reserve and commit by others that fill the ring buffer, and
 * a reader that takes its sub-buffer meanwhile.
 * Confirms overwrite-beside-uncommitted and loss-before-an-uncommitted-event.
 *
 * The assignment of writeback:writeback_mark_inode_dirty calls bdi_dev_name(), on which 400 kprobe events of 2.6 KB are
 * defined. They are recorded in a second instance too, which gives the reader on the other CPU time.
 * Run as root in a guest with two CPUs, since kprobe events belong to no instance: ABI_COMPARE_IN_GUEST=1 ./commit-overrun
 */
#include "guest.h"
#include "tracefs.h"

#include <pthread.h>

#define DELAYING "/sys/kernel/tracing/instances/second-opinion-delay"
#define INSIDE 400

static struct ring ring;
static volatile int ready;

static void put(const char *path, int flags, const char *value)
{
	int fd = check(open(path, O_WRONLY | flags), path);

	check(write(fd, value, strlen(value)), path);
	close(fd);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	check(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

static uint64_t timestamp(unsigned int id)
{
	return *(volatile uint64_t *)(ring.data + id * 4096);
}

static void acquire(const char *when)
{
	int result = ioctl(ring.fd, GET_READER);

	printf("%s: ioctl %d: id %u, read %u, commit %#lx, lost_events %lu, overrun %lu\n", when, result,
	       ring.meta->reader.id, ring.meta->reader.read, (unsigned long)commit_word(&ring),
	       (unsigned long)ring.meta->reader.lost_events, (unsigned long)ring.meta->overrun);
}

/* Acquires when the first of the kprobe events has begun a sub-buffer. */
static void *read_meanwhile(void *unused)
{
	uint64_t before[16];
	unsigned int id, changed = 0;

	(void)unused;
	pin(1);
	for (id = 0; id < ring.meta->nr_subbufs; id++)
		before[id] = timestamp(id);
	ready = 1;
	while (!changed)
		for (id = 0; id < ring.meta->nr_subbufs; id++)
			changed |= timestamp(id) != before[id];
	acquire("before the commit");
	return NULL;
}

int main(int argc, char **argv)
{
	char line[256];
	pthread_t reader;
	int number, length, array;

	(void)argc;
	only_in_a_guest(argv[0]);
	ring_open(&ring, O_NONBLOCK, "1");
	check(mkdir(DELAYING, 0750), DELAYING);
	for (number = 0; number < INSIDE; number++) {
		length = sprintf(line, "p:second_opinion/inside%d bdi_dev_name", number);
		for (array = 0; array < 5; array++)
			length += sprintf(line + length, " a%d=+0(%%sp):x64[64]", array);
		put("/sys/kernel/tracing/kprobe_events", O_APPEND, line);
	}
	put(INSTANCE "/events/second_opinion/enable", 0, "1");
	put(DELAYING "/events/second_opinion/enable", 0, "1");
	map(&ring);

	/* 85 or 92 markers fit a sub-buffer, depending on the kernel: the ring is full, and a sub-buffer begun. */
	write_events(&ring, 1500);
	stats("overrun|commit overrun");
	pthread_create(&reader, NULL, read_meanwhile, NULL);
	while (!ready)
		sched_yield();
	/* Everything that marks an inode dirty writes this event: not for longer than it takes. */
	put(INSTANCE "/events/writeback/writeback_mark_inode_dirty/enable", 0, "1");
	check(fchmod(ring.marker, 0200), "fchmod");
	put(INSTANCE "/events/writeback/writeback_mark_inode_dirty/enable", 0, "0");
	pthread_join(reader, NULL);
	acquire("after the commit");
	for (number = 0; number < 9; number++)
		acquire("then");
	stats("overrun|commit overrun|dropped events");

	put(INSTANCE "/events/second_opinion/enable", 0, "0");
	put(DELAYING "/events/second_opinion/enable", 0, "0");
	for (number = 0; number < INSIDE; number++) {
		sprintf(line, "-:second_opinion/inside%d", number);
		put("/sys/kernel/tracing/kprobe_events", O_APPEND, line);
	}
	check(rmdir(DELAYING), DELAYING);
	ring_close(&ring);
	return 0;
}

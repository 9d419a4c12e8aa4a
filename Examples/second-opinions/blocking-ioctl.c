/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: the number of events after which an ioctl without O_NONBLOCK returns, by buffer_percent.
 * Confirms blocking-acquire.
 * Run as root: ./blocking-ioctl
 * Printed on Linux 6.18.44:
 *   buffer_percent 0: slept while it is empty; returned 0 when 1 events were written, 1 of them handed out
 *   buffer_percent 50, and 100: ... returned 0 when 93 events were written, 92 of them handed out
 */
#include "tracefs.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_int done;

static void *acquire(void *ring)
{
	int result = ioctl(((struct ring *)ring)->fd, GET_READER);

	atomic_store(&done, 1);
	return (void *)(intptr_t)result;
}

int main(void)
{
	static const char *const percents[] = { "0", "50", "100" };

	for (int i = 0; i < 3; i++) {
		struct ring ring;
		pthread_t thread;
		void *result;
		int early;

		ring_open(&ring, 0, "1");
		set("buffer_percent", percents[i]);
		map(&ring);
		atomic_store(&done, 0);
		pthread_create(&thread, NULL, acquire, &ring);
		usleep(100000);
		early = atomic_load(&done);
		while (!atomic_load(&done) && ring.number < 2000) {
			write_events(&ring, 1);
			usleep(2000);
		}
		pthread_join(thread, &result);
		printf("buffer_percent %s: %s while it is empty; returned %d ", percents[i],
		       early ? "returned" : "slept", (int)(intptr_t)result);
		printf("when %u events were written, %d of them handed out\n", ring.number,
		       count_events(&ring, 0, NULL));
		ring_close(&ring);
	}
	return 0;
}

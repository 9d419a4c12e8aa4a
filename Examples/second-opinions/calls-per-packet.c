/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST without a traced process: the system calls of the library to read one packet. The program calls getppid(2),
 * which the library never calls, between the functions.
 * Confirms the system calls of the access counts, and that put_next_subbuf writes the consumed position twice.
 * Run: strace ./calls-per-packet 2>&1 | sed -n '/getppid/,$p'
 * Printed with liblttng-ust 2.13.5, between two getppid each:
 *   get_next_subbuf: rt_sigprocmask; get_mmap_read_offset: rt_sigprocmask; put_next_subbuf: rt_sigprocmask;
 *   get_next_subbuf of nothing: rt_sigprocmask; snapshot_get_consumed: none
 * Run: gdb -batch -ex 'set breakpoint pending on' -ex 'break lttng_ust_ctl_put_next_subbuf' -ex run
 *      -ex 'awatch *(long *)(*(char **)$rdi + 152)' -ex c -ex c -ex c -ex c ./calls-per-packet
 * Stopped after a load, after a lock cmpxchg that changes 0 to 4096, and once more after the same instruction; then in
 * get_next_subbuf.
 */
#include "session.h"

#include <unistd.h>

int main(void)
{
	static struct session s;
	unsigned long offset;

	channel_open(&s, 0, 8);
	lttng_ust_ctl_flush_buffer(s.stream, 0);
	getppid();
	lttng_ust_ctl_get_next_subbuf(s.stream);
	getppid();
	lttng_ust_ctl_get_mmap_read_offset(s.stream, &offset);
	getppid();
	lttng_ust_ctl_put_next_subbuf(s.stream);
	getppid();
	lttng_ust_ctl_get_next_subbuf(s.stream);
	getppid();
	lttng_ust_ctl_snapshot_get_consumed(s.stream, &offset);
	getppid();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST without a traced process: which system calls the library makes to read one packet. getppid(2), which it never
 * calls, stands between the functions.
 * Confirms the system calls of "Surface", and that put_next_subbuf writes the consumed position twice.
 * Run: strace ./calls-per-packet 2>&1 | sed -n '/getppid/,$p'
 * Printed with liblttng-ust 2.13.5, between two getppid each:
 *   get_next_subbuf: rt_sigprocmask; get_mmap_read_offset: rt_sigprocmask; put_next_subbuf: rt_sigprocmask;
 *   get_next_subbuf of nothing: rt_sigprocmask; snapshot_get_consumed: none
 * Run: gdb -batch -ex 'set breakpoint pending on' -ex 'break lttng_ust_ctl_put_next_subbuf' -ex run
 *      -ex 'awatch *(long *)(*(char **)$rdi + 152)' -ex c -ex c -ex c -ex c ./calls-per-packet
 * Stopped behind a load, behind a lock cmpxchg that makes 0 into 4096, and once more behind the same instruction; then
 * in get_next_subbuf.
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

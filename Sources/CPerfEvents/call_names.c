/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "thread_calls.h"

#include <stddef.h>
#include <sys/syscall.h>

/* The calls that a reader and its language runtime may make. Other calls have no name here. */
const char *cperf_call_name(int64_t number)
{
	switch (number) {
#define NAME(name) \
	case SYS_##name: \
		return #name;
#ifdef SYS_open
		NAME(open)
#endif
#ifdef SYS_poll
		NAME(poll)
#endif
#ifdef SYS_epoll_wait
		NAME(epoll_wait)
#endif
		NAME(openat) NAME(close) NAME(read) NAME(write) NAME(readv) NAME(writev) NAME(pread64) NAME(pwrite64)
		NAME(lseek) NAME(ioctl) NAME(ppoll) NAME(epoll_pwait) NAME(splice) NAME(tee) NAME(sendfile)
		NAME(fstat) NAME(newfstatat) NAME(statx) NAME(fcntl) NAME(mmap) NAME(munmap) NAME(mremap) NAME(mprotect)
		NAME(madvise) NAME(brk) NAME(futex) NAME(rt_sigprocmask) NAME(rt_sigaction) NAME(rt_sigreturn)
		NAME(getpid) NAME(getppid) NAME(gettid) NAME(prctl) NAME(clock_gettime) NAME(clock_nanosleep)
		NAME(nanosleep) NAME(sched_yield) NAME(membarrier) NAME(getrandom) NAME(restart_syscall)
		NAME(sendto) NAME(recvfrom) NAME(sendmsg) NAME(recvmsg)
#undef NAME
	default:
		return NULL;
	}
}

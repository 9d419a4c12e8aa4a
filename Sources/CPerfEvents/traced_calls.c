/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "traced_calls.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void cperf_mark(uint64_t what)
{
	syscall(SYS_prctl, CPERF_MARK, what, 0, 0, 0);
}

int64_t cperf_mark_of(const struct cperf_call *call)
{
	return call->number == SYS_prctl && call->arguments[0] == CPERF_MARK ? (int64_t)call->arguments[1] : -1;
}

/*
 * Waits until a child stops, and consumes that change of state. Returns 1, 0 if the child has ended (it is not reaped),
 * or a negative errno: -EINTR after a signal.
 */
static int await_stop(int pid, int *status)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED | WNOWAIT) < 0)
		return -errno;
	if (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED)
		return 0;
	return waitpid(pid, status, __WALL) < 0 ? -errno : 1;
}

int cperf_trace(int pid)
{
	int status, result;

	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		return -errno;
	result = await_stop(pid, &status);
	return result > 0 ? 0 : result ? result : -ESRCH;
}

int cperf_trace_next(int pid, struct cperf_call *call)
{
	struct __ptrace_syscall_info info;
	int status, result, signal = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, signal) < 0)
			return -errno;
		result = await_stop(pid, &status);
		if (result <= 0)
			return result;
		signal = 0;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			/* A stop for a ptrace event delivers no signal to the process. */
			if (!(status >> 16))
				signal = WSTOPSIG(status);
			continue;
		}
		memset(&info, 0, sizeof(info));
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
			return -errno;
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
			continue;
		call->number = (int64_t)info.entry.nr;
		for (int i = 0; i < 6; i++)
			call->arguments[i] = info.entry.args[i];
		return 1;
	}
}

void cperf_untrace(int pid)
{
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

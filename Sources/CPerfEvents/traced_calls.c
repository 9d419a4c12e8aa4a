/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "traced_calls.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
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
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
	int status, result;

	if (ptrace(PTRACE_SEIZE, pid, 0, options) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
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

/* Resumes the child with a request and awaits a SIGTRAP; other signals are delivered. As cperf_step. */
static int resume(int pid, enum __ptrace_request request)
{
	int status, result, signal = 0;

	for (;;) {
		if (ptrace(request, pid, 0, signal) < 0)
			return -errno;
		result = await_stop(pid, &status);
		if (result <= 0)
			return result;
		if (WSTOPSIG(status) == SIGTRAP)
			return 1;
		/* A stop for a ptrace event delivers no signal to the process. */
		signal = status >> 16 ? 0 : WSTOPSIG(status);
	}
}

#ifdef __x86_64__

/* Stores the range of the child's vDSO; an empty one if it has none. */
static void find_vdso(int pid, uint64_t range[2])
{
	char path[32], line[256];
	FILE *maps;

	range[0] = range[1] = 0;
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return;
	while (fgets(line, sizeof(line), maps)) {
		if (strstr(line, "[vdso]") && sscanf(line, "%" SCNx64 "-%" SCNx64, &range[0], &range[1]) == 2)
			break;
	}
	fclose(maps);
}

/* Ends a call of the vDSO that the child is at the first instruction of, by a breakpoint at its return address. */
static int leave_vdso(int pid)
{
	struct user_regs_struct registers;
	long to, word;
	int result;

	if (ptrace(PTRACE_GETREGS, pid, 0, &registers) < 0)
		return -errno;
	errno = 0;
	to = ptrace(PTRACE_PEEKDATA, pid, registers.rsp, 0);
	if (!errno)
		word = ptrace(PTRACE_PEEKTEXT, pid, to, 0);
	if (errno || ptrace(PTRACE_POKETEXT, pid, to, (word & ~0xffL) | 0xcc) < 0)
		return -errno;
	result = resume(pid, PTRACE_CONT);
	if (result <= 0)
		return result;
	if (ptrace(PTRACE_POKETEXT, pid, to, word) < 0 || ptrace(PTRACE_GETREGS, pid, 0, &registers) < 0)
		return -errno;
	if (registers.rip != (uint64_t)to + 1)
		return -EPROTO;
	registers.rip = (uint64_t)to;
	return ptrace(PTRACE_SETREGS, pid, 0, &registers) < 0 ? -errno : 1;
}

int cperf_step(struct cperf_steps *steps)
{
	long ip;
	int result = resume(steps->pid, PTRACE_SINGLESTEP);

	if (result <= 0)
		return result;
	if (!steps->is_prepared) {
		find_vdso(steps->pid, steps->vdso);
		steps->is_prepared = 1;
	}
	errno = 0;
	ip = ptrace(PTRACE_PEEKUSER, steps->pid, offsetof(struct user, regs.rip), 0);
	if (errno)
		return -errno;
	return (uint64_t)ip >= steps->vdso[0] && (uint64_t)ip < steps->vdso[1] ? leave_vdso(steps->pid) : 1;
}

#else

int cperf_step(struct cperf_steps *steps)
{
	return resume(steps->pid, PTRACE_SINGLESTEP);
}

#endif

void cperf_untrace(int pid)
{
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

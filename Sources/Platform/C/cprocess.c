/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int argument_count;
static char **argument_list;

/* glibc passes the arguments of main to constructors. */
__attribute__((constructor)) static void keep_arguments(int count, char **list)
{
	argument_count = count;
	argument_list = list;
}

char **cprocess_arguments(int *count)
{
	*count = argument_count;
	return argument_list;
}

int cprocess_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC);
}

int cprocess_socket_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

int cprocess_memfd(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

int cprocess_pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0 || cpu >= CPU_SETSIZE) {
		errno = EINVAL;
		return -1;
	}
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

int cprocess_get_affinity(struct cprocess_affinity *affinity)
{
	memset(affinity, 0, sizeof(*affinity));
	return sched_getaffinity(0, sizeof(affinity->mask), (cpu_set_t *)affinity->mask);
}

int cprocess_set_affinity(const struct cprocess_affinity *affinity)
{
	return sched_setaffinity(0, sizeof(affinity->mask), (const cpu_set_t *)affinity->mask);
}

int cprocess_thread_id(void)
{
	return gettid();
}

int cprocess_ioctl_number(void)
{
	return SYS_ioctl;
}

void *cprocess_mremap(void *address, long old_length, long new_length, int may_move)
{
	void *moved = mremap(address, (size_t)old_length, (size_t)new_length, may_move ? MREMAP_MAYMOVE : 0);

	return moved == MAP_FAILED ? NULL : moved;
}

static __thread sigjmp_buf access_failed;

static void on_fault(int signal)
{
	siglongjmp(access_failed, signal);
}

/* Stores *value, or loads a byte if `value` is NULL. Returns 0 or the signal that the access raised. */
static int access_byte(volatile unsigned char *address, const unsigned char *value)
{
	struct sigaction action = { .sa_handler = on_fault }, old_segv, old_bus;
	int signal;

	sigaction(SIGSEGV, &action, &old_segv);
	sigaction(SIGBUS, &action, &old_bus);
	signal = sigsetjmp(access_failed, 1);
	if (!signal) {
		if (value)
			*address = *value;
		else
			(void)*address;
	}
	sigaction(SIGSEGV, &old_segv, NULL);
	sigaction(SIGBUS, &old_bus, NULL);
	return signal;
}

int cprocess_load(const void *address)
{
	return access_byte((unsigned char *)address, NULL);
}

int cprocess_store(void *address, unsigned char value)
{
	return access_byte(address, &value);
}

int cprocess_load_in_child(const void *address)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return -1;
	if (child == 0)
		_exit(cprocess_load(address));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

long cprocess_read_as_debugger(const void *address, void *copy, long count)
{
	struct iovec local = { .iov_base = copy, .iov_len = (size_t)count };
	struct iovec remote = { .iov_base = (void *)address, .iov_len = (size_t)count };

	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
}

long cprocess_write_as_debugger(const void *address, const void *bytes, long count)
{
	struct iovec local = { .iov_base = (void *)bytes, .iov_len = (size_t)count };
	struct iovec remote = { .iov_base = (void *)address, .iov_len = (size_t)count };

	return process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
}

int cprocess_vm_flags(const void *start, char *line, long size)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	uintmax_t first;
	int found = -1, inside = 0;

	if (!maps)
		return -1;
	while (found && fgets(line, (int)size, maps)) {
		if (!strncmp(line, "VmFlags:", 8)) {
			if (inside)
				found = 0;
		} else if (sscanf(line, "%jx-", &first) == 1 && strchr(line, '-')) {
			inside = first == (uintptr_t)start;
		}
	}
	fclose(maps);
	return found;
}

long cprocess_splice(int in, int out, long count)
{
	return splice(in, NULL, out, NULL, (size_t)count, SPLICE_F_NONBLOCK);
}

int cprocess_await_timer(int timeout)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMAX };
	struct itimerspec once = { .it_value = { .tv_nsec = 1000000 } };
	struct timespec limit = { .tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1000000L };
	sigset_t signals, before;
	timer_t timer;
	int result, failed;

	/* sigev_notify_thread_id of <linux/signal.h>, which glibc 2.36 does not name. */
	event._sigev_un._tid = gettid();
	sigemptyset(&signals);
	sigaddset(&signals, SIGRTMAX);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	result = timer_create(CLOCK_MONOTONIC, &event, &timer);
	if (result == 0) {
		result = timer_settime(timer, 0, &once, NULL);
		if (result == 0 && sigtimedwait(&signals, NULL, &limit) < 0)
			result = -1;
		failed = errno;
		timer_delete(timer);
	} else {
		failed = errno;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = failed;
	return result;
}

const char *cprocess_errno_name(int code)
{
	return strerrorname_np(code);
}

int cprocess_may_run_on(int cpu)
{
	cpu_set_t set;

	if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof(set), &set))
		return 0;
	return CPU_ISSET(cpu, &set) != 0;
}

int cprocess_await_end(int pid, int timeout)
{
	struct pollfd request = { .events = POLLIN };
	int result;

	request.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (request.fd < 0)
		return -1;
	do
		result = poll(&request, 1, timeout);
	while (result < 0 && errno == EINTR);
	close(request.fd);
	return result;
}

int cprocess_become_subreaper(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void cprocess_end_with_parent(int parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);
}

int cprocess_kill_holding(int (*take)(void *what), void *what, int timeout, int *taken)
{
	int ends[2], parent = getpid();
	pid_t child;
	ssize_t told;
	int failed = ECHILD;

	if (cprocess_pipe(ends))
		return -1;
	child = fork();
	if (child == 0) {
		int result;

		cprocess_end_with_parent(parent);
		result = take(what);
		if (write(ends[1], &result, sizeof(result)) == sizeof(result))
			for (;;)
				pause();
		_exit(1);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return -1;
	}
	/* A signal to this process ends the wait too. */
	told = poll(&(struct pollfd){ .fd = ends[0], .events = POLLIN }, 1, timeout);
	if (told > 0)
		told = read(ends[0], taken, sizeof(*taken));
	else
		failed = told < 0 ? errno : ETIMEDOUT;
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	close(ends[0]);
	if (told == sizeof(*taken))
		return 0;
	errno = failed;
	return -1;
}

int cprocess_await_stop(int pid)
{
	siginfo_t info;

	for (;;) {
		memset(&info, 0, sizeof(info));
		if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED | WNOWAIT) == 0)
			break;
		if (errno != EINTR)
			return -1;
	}
	if (info.si_code == CLD_STOPPED)
		return 0;
	errno = ECHILD;
	return -1;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void ask(const char *const files[], int answer)
{
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* If this process hangs, it must not keep the parent's pipes open. */
	if (dup2(answer, 0) < 0)
		_exit(1);
	close_range(1, ~0U, 0);
	for (; *files; files++) {
		int file = open(*files, O_RDONLY | O_CLOEXEC);

		if (file < 0)
			continue;
		while (read(file, &byte, 1) < 0 && errno == EINTR)
			;
		close(file);
	}
	_exit(write(0, &byte, 1) != 1);
}

/* Waits for the end of a process, at most `timeout` milliseconds. */
static void await_end(pid_t process, int timeout)
{
	struct pollfd request = { .events = POLLIN };

	request.fd = (int)syscall(SYS_pidfd_open, process, 0);
	if (request.fd < 0)
		return;
	/* Keep waiting after a signal that ends the run, so that no process is left. */
	while (poll(&request, 1, timeout) < 0 && errno == EINTR)
		;
	close(request.fd);
}

int ctracefs_await_answer(const char *const files[], int timeout)
{
	struct pollfd request = { .events = POLLIN };
	int ends[2], result, failed;
	char byte;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	child = fork();
	if (child == 0)
		ask(files, ends[1]);
	failed = errno;
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		errno = failed;
		return -1;
	}
	request.fd = ends[0];
	result = poll(&request, 1, timeout);
	failed = result < 0 ? errno : ETIMEDOUT;
	if (result > 0) {
		result = read(ends[0], &byte, 1) == 1;
		failed = ECHILD;
	}
	close(ends[0]);
	if (result == 1) {
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
		return 0;
	}
	kill(child, SIGKILL);
	await_end(child, 1000);
	waitpid(child, NULL, WNOHANG);
	errno = failed;
	return -1;
}

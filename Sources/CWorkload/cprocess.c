/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

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

int cprocess_mremap(void *address, long old_length, long new_length)
{
	return mremap(address, (size_t)old_length, (size_t)new_length, 0) == MAP_FAILED ? -1 : 0;
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

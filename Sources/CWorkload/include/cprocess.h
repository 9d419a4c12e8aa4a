/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of Linux that Swift's Glibc module does not have. Each returns -1 with errno set where it fails. */
#ifndef ABI_COMPARE_CPROCESS_H
#define ABI_COMPARE_CPROCESS_H

/* pipe2(ends, O_CLOEXEC). */
int cprocess_pipe(int ends[2]);

/* socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC). */
int cprocess_socket_pair(int ends[2]);

/* memfd_create(name, MFD_CLOEXEC). */
int cprocess_memfd(const char *name);

/* sched_setaffinity of the calling thread to one CPU. */
int cprocess_pin(int cpu);

/* mremap(address, old, new, 0): without moving. 0 where it works. */
int cprocess_mremap(void *address, long old_length, long new_length);

/* strerrorname_np: "EAGAIN"; NULL for an unknown one. */
const char *cprocess_errno_name(int code);

/* Whether sched_getaffinity lets the calling thread run on a CPU: 1 or 0. */
int cprocess_may_run_on(int cpu);

#endif

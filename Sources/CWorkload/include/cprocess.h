/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of Linux, and little more than calls, that Swift's Glibc module does not have. Each returns -1 with errno set where it fails. */
#ifndef ABI_COMPARE_CPROCESS_H
#define ABI_COMPARE_CPROCESS_H

/* The arguments of this program, and how many; without /proc too. */
char **cprocess_arguments(int *count);

/* pipe2(ends, O_CLOEXEC). */
int cprocess_pipe(int ends[2]);

/* socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC). */
int cprocess_socket_pair(int ends[2]);

/* memfd_create(name, MFD_CLOEXEC). */
int cprocess_memfd(const char *name);

/* sched_setaffinity of the calling thread to one CPU. */
int cprocess_pin(int cpu);

/* gettid(): the calling thread, as /proc/self/task names it. */
int cprocess_thread_id(void);

/* The number of ioctl among the system calls, as /proc/self/task/N/syscall shows it. */
int cprocess_ioctl_number(void);

/* mremap, with MREMAP_MAYMOVE where it may move: the new address, or NULL with errno set. */
void *cprocess_mremap(void *address, long old_length, long new_length, int may_move);

/* Loads the byte at an address: 0, or the signal that came of it, SIGSEGV or SIGBUS. */
int cprocess_load(const void *address);

/* Stores the byte at an address: 0, or the signal that came of it. */
int cprocess_store(void *address, unsigned char value);

/* Loads the byte at an address in a process that fork(2) makes: 0, or the signal that came of it. */
int cprocess_load_in_child(const void *address);

/* Copies memory of this process as a debugger would, with process_vm_readv: the number of bytes. */
long cprocess_read_as_debugger(const void *address, void *copy, long count);

/* Changes memory of this process as a debugger would, with process_vm_writev: the number of bytes. */
long cprocess_write_as_debugger(const void *address, const void *bytes, long count);

/* The line VmFlags of /proc/self/smaps for the mapping that begins at an address. 0 where it was found. */
int cprocess_vm_flags(const void *start, char *line, long size);

/* splice(in, NULL, out, NULL, count, SPLICE_F_NONBLOCK): the number of bytes. */
long cprocess_splice(int in, int out, long count);

/*
 * timer_create of CLOCK_MONOTONIC that signals the calling thread, as liblttng-ust-ctl has it: 0 where it expires within
 * so many milliseconds.
 */
int cprocess_await_timer(int timeout);

/* strerrorname_np: "EAGAIN"; NULL for an unknown one. */
const char *cprocess_errno_name(int code);

/* Whether sched_getaffinity lets the calling thread run on a CPU: 1 or 0. */
int cprocess_may_run_on(int cpu);

/*
 * pidfd_open, then poll: 1 where the process has ended, and 0 where it did not within so many milliseconds. It is not
 * reaped.
 */
int cprocess_await_end(int pid, int timeout);

/*
 * Calls take(what) in a process that fork(2) makes, and ends that process by SIGKILL when it has returned. What it
 * returned is left in *taken. `take` may do only what is allowed in a signal handler, and has so many milliseconds: then it
 * fails with ETIMEDOUT.
 */
int cprocess_kill_holding(int (*take)(void *what), void *what, int timeout, int *taken);

/* waitid(WSTOPPED | WNOWAIT): waits until a child has stopped. 0, or -1 with ECHILD where it has ended. */
int cprocess_await_stop(int pid);

/* prctl(PR_SET_CHILD_SUBREAPER, 1). */
int cprocess_become_subreaper(void);

/* prctl(PR_SET_PDEATHSIG, SIGKILL); ends this process at once where its parent is not that one any more. */
void cprocess_end_with_parent(int parent);

#endif

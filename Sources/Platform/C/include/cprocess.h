/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux calls, and thin wrappers of them, that Swift's Glibc module lacks. Unless stated otherwise, each returns -1 with
 * errno set on failure.
 */
#ifndef ABI_COMPARE_CPROCESS_H
#define ABI_COMPARE_CPROCESS_H

/* Returns the arguments of this program and stores their number in *count. Does not need /proc. */
char **cprocess_arguments(int *count);

/* pipe2(ends, O_CLOEXEC). */
int cprocess_pipe(int ends[2]);

/* socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC). */
int cprocess_socket_pair(int ends[2]);

/* memfd_create(name, MFD_CLOEXEC). */
int cprocess_memfd(const char *name);

/* sched_setaffinity of the calling thread to one CPU. */
int cprocess_pin(int cpu);

/* A copy of an affinity mask, for 1024 CPUs. */
struct cprocess_affinity {
	unsigned char mask[128];
};

/* sched_getaffinity and sched_setaffinity of the calling thread. */
int cprocess_get_affinity(struct cprocess_affinity *affinity);
int cprocess_set_affinity(const struct cprocess_affinity *affinity);

/* gettid(): the id of the calling thread in /proc/self/task. */
int cprocess_thread_id(void);

/* The system call number of ioctl, as in /proc/self/task/N/syscall. */
int cprocess_ioctl_number(void);

/* mremap, with MREMAP_MAYMOVE if `may_move` is set. Returns the new address, or NULL with errno set. */
void *cprocess_mremap(void *address, long old_length, long new_length, int may_move);

/* Loads the byte at an address. Returns 0, or the signal that the load raised: SIGSEGV or SIGBUS. */
int cprocess_load(const void *address);

/* Stores a byte at an address. Returns 0, or the signal that the store raised. */
int cprocess_store(void *address, unsigned char value);

/* Loads the byte at an address in a process made by fork(2). Returns 0, or the signal that the load raised. */
int cprocess_load_in_child(const void *address);

/* Copies memory of this process as a debugger would, with process_vm_readv. Returns the number of bytes. */
long cprocess_read_as_debugger(const void *address, void *copy, long count);

/* Writes memory of this process as a debugger would, with process_vm_writev. Returns the number of bytes. */
long cprocess_write_as_debugger(const void *address, const void *bytes, long count);

/* Copies the line VmFlags of /proc/self/smaps for the mapping that begins at `start`. Returns 0 if it was found. */
int cprocess_vm_flags(const void *start, char *line, long size);

/* splice(in, NULL, out, NULL, count, SPLICE_F_NONBLOCK). Returns the number of bytes. */
long cprocess_splice(int in, int out, long count);

/*
 * Creates a timer of CLOCK_MONOTONIC that signals the calling thread, as liblttng-ust-ctl does. Returns 0 if it expires
 * within `timeout` milliseconds.
 */
int cprocess_await_timer(int timeout);

/* strerrorname_np: "EAGAIN"; NULL for an unknown one. */
const char *cprocess_errno_name(int code);

/* Returns 1 if the affinity mask of the calling thread contains the CPU, else 0. */
int cprocess_may_run_on(int cpu);

/*
 * pidfd_open, then poll. Returns 1 if the process has ended, 0 if it has not ended within `timeout` milliseconds. Does
 * not reap it.
 */
int cprocess_await_end(int pid, int timeout);

/*
 * Calls take(what) in a process made by fork(2), stores the result in *taken, and kills that process with SIGKILL. `take`
 * may make only async-signal-safe calls. Fails with ETIMEDOUT if `take` does not return within `timeout` milliseconds,
 * with ECHILD if the process ends in it.
 */
int cprocess_kill_holding(int (*take)(void *what), void *what, int timeout, int *taken);

/* Waits until a child has stopped, by waitid(WSTOPPED | WNOWAIT). Returns 0, or -1 with ECHILD if it has ended. */
int cprocess_await_stop(int pid);

/* prctl(PR_SET_CHILD_SUBREAPER, 1). */
int cprocess_become_subreaper(void);

/* prctl(PR_SET_PDEATHSIG, SIGKILL); ends this process at once if `parent` is not its parent any more. */
void cprocess_end_with_parent(int parent);

#endif

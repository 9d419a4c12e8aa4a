/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Linux calls around liblttng-ust-ctl that Swift's C library module lacks. Each returns a negative errno value on
 * failure.
 */
#ifndef CLTTNGUST_LINUX_CALLS_H
#define CLTTNGUST_LINUX_CALLS_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An anonymous file that can be sealed, closed on exec: memfd_create(2). */
int clu_sys_memfd(const char *name);
/* Fixes the size of such a file for good, so that no mapped page of it can vanish: fcntl(2), F_ADD_SEALS. */
int clu_sys_seal_size(int file);
/* A descriptor that becomes readable when the process ends: pidfd_open(2). */
int clu_sys_process(pid_t process);
/* Makes reads and writes of the descriptor non-blocking: fcntl(2), O_NONBLOCK. */
int clu_sys_set_nonblocking(int file);
/* A connection accepted from a listening socket, closed on exec: accept4(2). */
int clu_sys_accept(int listener);
/* Sets the longest wait of a receive or send on a socket; 0 for ever: SO_RCVTIMEO and SO_SNDTIMEO of socket(7). */
int clu_sys_set_timeout(int socket, unsigned milliseconds);
/* A listening socket at a path in the file system, closed on exec. */
int clu_sys_listen(const char *path);
/* Two connected stream sockets, closed on exec: socketpair(2). */
int clu_sys_socket_pair(int sockets[2]);
/* Makes a directory that only this user can enter. `template_name` ends in XXXXXX, which are replaced: mkdtemp(3). */
int clu_sys_make_directory(char *template_name);

#ifdef __cplusplus
}
#endif

#endif

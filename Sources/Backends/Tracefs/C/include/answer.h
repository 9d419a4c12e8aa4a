/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests whether a file system responds, from a child process, since a call may never return. */
#ifndef ABI_COMPARE_CTRACEFS_ANSWER_H
#define ABI_COMPARE_CTRACEFS_ANSWER_H

/*
 * Opens and reads each file of a NULL-terminated list in a child process and waits for the child. A failed open or read
 * is a response too.
 *
 * Returns 0, or -1 with errno: ETIMEDOUT after `timeout` milliseconds, EINTR if a signal is handled meanwhile, ECHILD if
 * the child ended early. The child then gets SIGKILL, and its end is awaited for at most a second. In an uninterruptible
 * sleep it remains, with none of the parent's descriptors except the write end of the result pipe.
 */
int ctracefs_await_answer(const char *const files[], int timeout);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a file system answers: asked by a process of its own, since a call may never return. */
#ifndef ABI_COMPARE_CTRACEFS_ANSWER_H
#define ABI_COMPARE_CTRACEFS_ANSWER_H

/*
 * Has a process open and read each of the files of a list that ends with NULL, and waits for it; errors are answers.
 *
 * 0, or -1 with errno: ETIMEDOUT if it takes longer than the milliseconds, EINTR if a signal is handled meanwhile. Then
 * the process is sent SIGKILL and waited for, at most for a second: in an uninterruptible sleep it stays, with no
 * descriptor open.
 */
int ctracefs_await_answer(const char *const files[], int timeout);

#endif

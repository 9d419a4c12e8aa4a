/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replaces the C library's shm_open, so that a traced process leaves no file in /dev/shm.
 *
 * liblttng-ust keeps one page in /dev/shm/lttng-ust-wait-8 (and -UID), by which a later session daemon wakes the
 * process, and never removes it. This process is started by its session daemon and waits for no other, so it gets an
 * anonymous page instead. The page must exist with its full size at the first open, which is read-only; otherwise the
 * library would fork a child to create it. It stays zero, "no daemon yet".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

__attribute__((visibility("default"))) int shm_open(const char *name, int flags, mode_t mode)
{
	static const char wait_page[] = "/lttng-ust-wait-";
	int (*next)(const char *, int, mode_t);

	if (strncmp(name, wait_page, sizeof(wait_page) - 1) == 0) {
		int file = memfd_create("lttng-ust-wait", MFD_CLOEXEC);

		if (file >= 0 && ftruncate(file, sysconf(_SC_PAGESIZE)) < 0) {
			int error = errno;

			close(file);
			errno = error;
			return -1;
		}
		return file;
	}
	next = (int (*)(const char *, int, mode_t))dlsym(RTLD_NEXT, "shm_open");
	if (!next) {
		errno = ENOSYS;
		return -1;
	}
	return next(name, flags, mode);
}

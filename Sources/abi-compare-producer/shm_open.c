/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A traced process leaves nothing behind.
 *
 * liblttng-ust keeps one page in /dev/shm/lttng-ust-wait-8 (and -UID) for a session daemon that may come later to
 * wake the process up, and nobody ever removes it. This process is started by its session daemon and waits for no
 * other, so it is given an anonymous page instead: the call below stands before the C library's. The page must be
 * there with its full size at the first, read-only, open; otherwise the library would fork a child to create it.
 * It stays zero, "no daemon yet".
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

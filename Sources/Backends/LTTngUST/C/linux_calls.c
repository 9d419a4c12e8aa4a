/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int clu_sys_memfd(const char *name)
{
	int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return file < 0 ? -errno : file;
}

int clu_sys_seal_size(int file)
{
	return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0 ? -errno : 0;
}

int clu_sys_process(pid_t process)
{
	long file = syscall(SYS_pidfd_open, process, 0);

	return file < 0 ? -errno : (int)file;
}

int clu_sys_set_nonblocking(int file)
{
	int flags = fcntl(file, F_GETFL);

	return flags < 0 || fcntl(file, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int clu_sys_accept(int listener)
{
	int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	return socket < 0 ? -errno : socket;
}

int clu_sys_set_timeout(int socket, unsigned milliseconds)
{
	struct timeval time = {.tv_sec = milliseconds / 1000, .tv_usec = (milliseconds % 1000) * 1000};

	if (setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) < 0 ||
	    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) < 0)
		return -errno;
	return 0;
}

int clu_sys_listen(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int socket_file, error;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	socket_file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (socket_file < 0)
		return -errno;
	if (bind(socket_file, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(socket_file, 8) < 0) {
		error = errno;
		close(socket_file);
		return -error;
	}
	return socket_file;
}

int clu_sys_socket_pair(int sockets[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0 ? -errno : 0;
}

int clu_sys_make_directory(char *template_name)
{
	return mkdtemp(template_name) ? 0 : -errno;
}

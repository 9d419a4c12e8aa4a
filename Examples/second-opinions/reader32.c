/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer: map and acquire in a 32-bit or a 64-bit program, as built.
 * Confirms ioctl-for-32-bits.
 * Run as root: ./reader64 and ./reader32 (make reader32 needs gcc-multilib)
 * Printed on Linux 6.18.44:
 *   64 bits: mmap accepted; ioctl 0; ioctl with request 0 0
 *   32 bits: mmap accepted; ioctl -1 Inappropriate ioctl for device; the same with request 0
 */
#define _FILE_OFFSET_BITS 64
#include "tracefs.h"

int main(void)
{
	struct ring ring;
	int result;

	ring_open(&ring, O_NONBLOCK, "1");
	map(&ring);
	write_events(&ring, 600);
	errno = 0;
	result = ioctl(ring.fd, GET_READER);
	printf("%zu bits: mmap accepted; ioctl %d %s\n", 8 * sizeof(long), result, result ? strerror(errno) : "");
	errno = 0;
	result = ioctl(ring.fd, 0);
	printf("%zu bits: ioctl with request 0 (wakes waiters) %d %s\n", 8 * sizeof(long), result,
	       result ? strerror(errno) : "");
	ring_close(&ring);
	return 0;
}

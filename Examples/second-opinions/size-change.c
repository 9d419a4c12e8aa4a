/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ring buffer, not mapped: a read(2) of a part of a sub-buffer, a change of the sub-buffer size, and the next
 * read(2); before that the same without the change. Confirms read-across-size-change.
 * Run as root in a guest: ABI_COMPARE_IN_GUEST=1 ./size-change
 * Printed on Linux 6.12.95 and 6.18.15:
 *   unchanged: read 1000, then 3096
 *   changed: read 1000, then 7192
 * and on 7.3.4 3096 both times.
 */
#include "guest.h"
#include "tracefs.h"

static void read_in_parts(const char *name, const char *size)
{
	static unsigned char bytes[8192];
	struct ring ring;
	ssize_t first;

	ring_open(&ring, O_NONBLOCK, "1");
	write_events(&ring, 180);
	first = read(ring.fd, bytes, 1000);
	if (size)
		set("buffer_subbuf_size_kb", size);
	printf("%s: read %zd, then %zd\n", name, first, read(ring.fd, bytes, sizeof(bytes)));
	ring_close(&ring);
}

int main(int argc, char **argv)
{
	(void)argc;
	only_in_a_guest(argv[0]);
	read_in_parts("unchanged", NULL);
	read_in_parts("changed", "8");
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * meta_struct_len of three layouts of the kernel's meta page: as posted in v11 and in v12, and as merged.
 * Confirms lengths-tell-layouts-apart.
 * Run: ./layouts
 * Printed:
 *   v11 80, v12 72, merged 80 bytes
 */
#include <stdint.h>
#include <stdio.h>

struct v11 {
	unsigned long entries, overrun, read, subbufs_touched, subbufs_lost, subbufs_read;
	struct {
		unsigned long lost_events;
		uint32_t id, read;
	} reader;
	uint32_t subbuf_size, nr_subbufs, meta_page_size, meta_struct_len;
};

struct v12 {
	uint32_t meta_page_size, meta_struct_len, subbuf_size, nr_subbufs;
	struct {
		uint64_t lost_events;
		uint32_t id, read;
	} reader;
	uint64_t entries, overrun, read, subbufs_touched, subbufs_lost;
};

struct merged {
	uint32_t meta_page_size, meta_struct_len, subbuf_size, nr_subbufs;
	struct {
		uint64_t lost_events;
		uint32_t id, read;
	} reader;
	uint64_t flags, entries, overrun, read, reserved1, reserved2;
};

int main(void)
{
	printf("v11 %zu, v12 %zu, merged %zu bytes\n", sizeof(struct v11), sizeof(struct v12), sizeof(struct merged));
	return 0;
}

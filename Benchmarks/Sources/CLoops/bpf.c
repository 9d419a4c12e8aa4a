/* SPDX-License-Identifier: GPL-2.0-only */
/* The read loop on the BPF ring buffer: what lies between the reader's position and a record that is not submitted. */
#include "cloops.h"
#include "cbpfring.h"

static uint64_t size_of(uint32_t length)
{
	return ((uint64_t)(length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT)) + BPF_RINGBUF_HDR_SZ + 7) & ~7ULL;
}

int cloops_bpf_drain(struct cloops_bpf *r, struct cloops_sum *sum)
{
	for (;;) {
		uint64_t limit = cbpfring_load_position(r->producer_page) - r->position, count = 0;
		const unsigned char *first = r->data + (r->position & (r->data_size - 1));
		int has_events = 0;
		uint64_t time;

		if (!limit)
			return 0;
		if (limit > r->data_size)
			return -EBADMSG;
		while (count < limit) {
			uint32_t length = cbpfring_load_length(first + count);

			if (length & BPF_RINGBUF_BUSY_BIT)
				break;
			if (count + size_of(length) > limit)
				return -EBADMSG;
			if (!(length & BPF_RINGBUF_DISCARD_BIT))
				has_events = 1;
			count += size_of(length);
		}
		if (!count)
			return 0;
		r->position += count;
		if (has_events) {
			__builtin_memcpy(&time, first + 8, sizeof(time));
			sum->subbufs++;
			sum->bytes += count;
			sum->stamps += time;
		}
		cbpfring_store_position(r->consumer_page, r->position);
	}
}

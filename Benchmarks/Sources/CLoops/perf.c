/* SPDX-License-Identifier: GPL-2.0-only */
/* The read loop on perf's mapped ring buffer, without write_backward. */
#include "cloops.h"
#include "cperfring.h"

struct run {
	const unsigned char *start;
	uint64_t count;
	uint64_t lost;
};

static uint16_t size_of(const unsigned char *record)
{
	uint16_t size;

	__builtin_memcpy(&size, record + 6, sizeof(size));
	return size;
}

static uint32_t type_of(const unsigned char *record)
{
	uint32_t type;

	__builtin_memcpy(&type, record, sizeof(type));
	return type;
}

/* Returns 1 with a run of records, 0 if there is none, or a negative errno. */
static int next(struct cloops_perf *r, struct run *run)
{
	uint64_t head = cperfring_load_head(r->page);

	run->lost = 0;
	for (;;) {
		uint64_t unread = head - r->position;
		uint64_t offset = r->position & (r->data_size - 1);
		uint64_t limit = r->data_size - offset, end = 0;
		const unsigned char *first = r->data + offset;
		uint16_t size;

		if (!unread)
			return 0;
		if (unread > r->data_size)
			return -EBADMSG;
		if (limit > unread)
			limit = unread;
		while (end < limit) {
			uint64_t header;

			/* The header in one load: type in the lowest four bytes, size in the highest two. */
			__builtin_memcpy(&header, first + end, sizeof(header));
			size = header >> 48;
			if (size < 8 || size % 8)
				return -EBADMSG;
			if (end + size > limit || (uint32_t)header == PERF_RECORD_LOST)
				break;
			end += size;
		}
		if (end) {
			run->start = first;
			run->count = end;
			return 1;
		}
		size = size_of(first);
		if (size > unread)
			return -EBADMSG;
		if (size > limit) {
			memcpy(r->scratch, first, r->data_size - offset);
			memcpy(r->scratch + (r->data_size - offset), r->data, size - (r->data_size - offset));
			first = r->scratch;
		}
		if (type_of(first) != PERF_RECORD_LOST) {
			run->start = first;
			run->count = size;
			return 1;
		}
		uint64_t lost;

		if (size < 24)
			return -EBADMSG;
		__builtin_memcpy(&lost, first + 16, sizeof(lost));
		run->lost += lost;
		r->position += size;
	}
}

int cloops_perf_drain(struct cloops_perf *r, struct cloops_sum *sum)
{
	struct run run;
	int result;

	while ((result = next(r, &run)) > 0) {
		uint64_t time;

		__builtin_memcpy(&time, run.start + 8, sizeof(time));
		r->position += run.count;
		sum->subbufs++;
		sum->bytes += run.count;
		sum->lost += run.lost;
		sum->stamps += time;
		cperfring_store_tail(r->page, r->position);
	}
	return result;
}

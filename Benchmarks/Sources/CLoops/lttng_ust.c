/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of one stream of LTTng-UST, as the consumer daemon's loop with mmap output is: get the next sub-buffer, find it
 * in the mapping, read its header, put it. What is lost is told by the gaps between the numbers of the packets and by
 * the growth of events_discarded.
 */
#define _GNU_SOURCE
#include "cloops.h"
#include "packet.h"

#include <dlfcn.h>
#include <errno.h>
#include <lttng/ust-ctl.h>
#include <stdlib.h>

/* The library is loaded at run time: a call through a pointer, as one through the procedure linkage table is. */
static __typeof__(&lttng_ust_ctl_get_next_subbuf) get_next_subbuf;
static __typeof__(&lttng_ust_ctl_get_mmap_read_offset) get_mmap_read_offset;
static __typeof__(&lttng_ust_ctl_put_next_subbuf) put_next_subbuf;

struct cloops_lttng_ust {
	struct lttng_ust_ctl_consumer_stream *stream;
	const char *base;
	unsigned long mapped;
	size_t subbuf_size;

	uint64_t next_number, discarded;
	uint64_t missing_packets, gaps, taken, last_count;
};

/* The events that a header tells lost; what was overwritten is in no count. */
static uint64_t account(struct cloops_lttng_ust *r, const struct packet_header *header)
{
	uint64_t growth = header->events_discarded - r->discarded;
	uint64_t gap = header->packet_seq_num - r->next_number;

	/* A count that was not taken is 0 or an older one. */
	if ((int64_t)growth < 0)
		growth = 0;
	else
		r->discarded = header->events_discarded;
	r->last_count = header->events_discarded;
	r->next_number = header->packet_seq_num + 1;
	r->missing_packets += gap;
	r->taken++;
	if (gap)
		r->gaps++;
	return growth;
}

int cloops_lttng_ust_drain(struct cloops_lttng_ust *r, struct cloops_sum *sum)
{
	unsigned long offset;
	int result;

	while (!(result = get_next_subbuf(r->stream))) {
		const struct packet_header *header;

		result = get_mmap_read_offset(r->stream, &offset);
		if (result < 0)
			return result;
		if (offset > r->mapped - r->subbuf_size)
			return -EBADMSG;
		header = (const void *)(r->base + offset);
		if (!packet_is_closed(header, r->subbuf_size))
			return -EBADMSG;
		sum->subbufs++;
		sum->bytes += header->content_size / 8 - sizeof(*header);
		sum->lost += account(r, header);
		sum->stamps += header->timestamp_begin;
		result = put_next_subbuf(r->stream);
		if (result < 0)
			return result;
	}
	return result == -EAGAIN ? 0 : result;
}

int cloops_lttng_ust_open(void *stream, size_t subbuf_size, struct cloops_lttng_ust **reader)
{
	void *library = dlopen("liblttng-ust-ctl.so.5", RTLD_NOW | RTLD_NOLOAD);
	__typeof__(&lttng_ust_ctl_get_mmap_base) get_mmap_base;
	__typeof__(&lttng_ust_ctl_get_mmap_len) get_mmap_len;
	struct cloops_lttng_ust *r;
	int result;

	if (!library)
		return -ELIBACC;
	get_next_subbuf = (__typeof__(get_next_subbuf))dlsym(library, "lttng_ust_ctl_get_next_subbuf");
	get_mmap_read_offset = (__typeof__(get_mmap_read_offset))dlsym(library, "lttng_ust_ctl_get_mmap_read_offset");
	put_next_subbuf = (__typeof__(put_next_subbuf))dlsym(library, "lttng_ust_ctl_put_next_subbuf");
	get_mmap_base = (__typeof__(get_mmap_base))dlsym(library, "lttng_ust_ctl_get_mmap_base");
	get_mmap_len = (__typeof__(get_mmap_len))dlsym(library, "lttng_ust_ctl_get_mmap_len");
	/* Its owner keeps it loaded. */
	dlclose(library);
	if (!get_next_subbuf || !get_mmap_read_offset || !put_next_subbuf || !get_mmap_base || !get_mmap_len)
		return -ELIBBAD;
	r = calloc(1, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->stream = stream;
	r->subbuf_size = subbuf_size;
	r->base = get_mmap_base(r->stream);
	result = get_mmap_len(r->stream, &r->mapped);
	if (!r->base || result < 0 || r->mapped < subbuf_size) {
		free(r);
		return result < 0 ? result : -EBADMSG;
	}
	*reader = r;
	return 0;
}

void cloops_lttng_ust_close(struct cloops_lttng_ust *r)
{
	free(r);
}

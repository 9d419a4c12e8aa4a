/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of the kernel's mapped ring buffer, as Documentation/trace/ring-buffer-map.rst describes one, that also
 * hands out a sub-buffer which the writer still fills, and reads every place where the mapping tells of lost events.
 */
#include "cloops.h"
#include "ctracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER_SIZE 16 /* struct buffer_data_page: u64 time_stamp, local_t commit */
#define MISSED_EVENTS (1u << 31)
#define MISSED_STORED (1u << 30)

struct cloops_tracefs {
	int fd;
	bool overwrite;
	const struct ctracefs_meta *meta;
	const char *data;
	size_t meta_size, subbuf_size, nr_subbufs;

	/* The reader sub-buffer, and how much of it was handed out. */
	uint32_t id, handed_out;
	uint64_t time_stamp;

	/* The counters of the meta page, and what was told of them. */
	uint64_t read, overrun, overrun_total, told;
	/* What the headers and reader.lost_events told. */
	uint64_t stored, marks, lost_events;
};

enum loss { LOSS_NOT_TOLD, LOSS_NONE, LOSS_EVENTS, LOSS_AT_MOST, LOSS_SOME };

struct subbuf {
	const char *start;
	size_t count, unread;
	enum loss loss;
	uint64_t lost;
};

static void read_counters(struct cloops_tracefs *r)
{
	uint64_t read = ctracefs_read(r->meta), overrun = ctracefs_overrun(r->meta);

	/* Only a clear lets a counter fall. */
	r->overrun_total += read < r->read || overrun < r->overrun ? overrun : overrun - r->overrun;
	r->read = read;
	r->overrun = overrun;
}

static void tell(struct cloops_tracefs *r, uint64_t count)
{
	r->told += count;
	if (r->told > r->overrun_total)
		r->told = r->overrun_total;
}

static void loss_before(struct cloops_tracefs *r, struct subbuf *s)
{
	uint64_t lost = ctracefs_lost_events(r->meta);
	uint32_t commit = (uint32_t)ctracefs_load_word(s->start + 8);

	r->lost_events += lost;
	s->loss = r->overwrite ? LOSS_NONE : LOSS_NOT_TOLD;
	if (commit & MISSED_EVENTS) {
		size_t end = HEADER_SIZE + (commit & ~(MISSED_EVENTS | MISSED_STORED));

		r->marks++;
		if (commit & MISSED_STORED && end + sizeof(uint64_t) <= r->subbuf_size) {
			__builtin_memcpy(&s->lost, s->start + end, sizeof(s->lost));
			r->stored += s->lost;
			s->loss = LOSS_EVENTS;
			tell(r, s->lost);
			return;
		}
	}
	if (lost) {
		s->loss = LOSS_EVENTS;
		s->lost = lost;
	} else if (commit & MISSED_EVENTS) {
		s->lost = r->overrun_total - r->told;
		s->loss = s->lost ? LOSS_AT_MOST : LOSS_SOME;
		r->told = r->overrun_total;
		return;
	}
	tell(r, lost);
}

/* 1 with a sub-buffer, 0 where there is nothing, or a negative errno. The next call is the release. */
static inline int next(struct cloops_tracefs *r, struct subbuf *s)
{
	uint32_t id, read;
	uint64_t time_stamp;

	if (ioctl(r->fd, ctracefs_get_reader_request) < 0)
		return -errno;
	id = ctracefs_reader_id(r->meta);
	read = ctracefs_reader_read(r->meta);
	if (id >= r->nr_subbufs || read > r->subbuf_size - HEADER_SIZE)
		return -EBADMSG;
	s->start = r->data + id * r->subbuf_size;
	s->count = HEADER_SIZE + read;
	s->unread = HEADER_SIZE;
	s->lost = 0;
	read_counters(r);
	time_stamp = ctracefs_load_word(s->start);
	if (!read)
		return 0;
	if (id == r->id && time_stamp == r->time_stamp && read >= r->handed_out) {
		if (read == r->handed_out)
			return 0;
		s->unread += r->handed_out;
		s->loss = r->overwrite ? LOSS_NONE : LOSS_NOT_TOLD;
	} else {
		loss_before(r, s);
	}
	r->id = id;
	r->time_stamp = time_stamp;
	r->handed_out = read;
	return 1;
}

int cloops_tracefs_drain(struct cloops_tracefs *r, struct cloops_sum *sum)
{
	struct subbuf s;
	int result;

	while ((result = next(r, &s)) > 0) {
		uint64_t time_stamp;

		__builtin_memcpy(&time_stamp, s.start, sizeof(time_stamp));
		sum->subbufs++;
		sum->bytes += s.count - s.unread;
		if (s.loss == LOSS_EVENTS)
			sum->lost += s.lost;
		sum->stamps += time_stamp;
	}
	return result;
}

int cloops_tracefs_open(const char *path, bool overwrite, struct cloops_tracefs **reader)
{
	struct cloops_tracefs *r = calloc(1, sizeof(*r));
	void *data;
	int error;

	if (!r)
		return -ENOMEM;
	r->overwrite = overwrite;
	r->meta_size = (size_t)sysconf(_SC_PAGESIZE);
	r->meta = MAP_FAILED;
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (r->fd < 0)
		goto failed;
	r->meta = mmap(NULL, r->meta_size, PROT_READ, MAP_SHARED, r->fd, 0);
	if (r->meta == MAP_FAILED)
		goto failed;
	r->subbuf_size = r->meta->subbuf_size;
	r->nr_subbufs = r->meta->nr_subbufs;
	data = mmap(NULL, r->subbuf_size * r->nr_subbufs, PROT_READ, MAP_SHARED, r->fd, r->meta->meta_page_size);
	if (data == MAP_FAILED)
		goto failed;
	r->data = data;
	r->id = ctracefs_reader_id(r->meta);
	r->handed_out = ctracefs_reader_read(r->meta);
	r->time_stamp = ctracefs_load_word(r->data + r->id * r->subbuf_size);
	r->read = ctracefs_read(r->meta);
	r->overrun = r->overrun_total = r->told = ctracefs_overrun(r->meta);
	*reader = r;
	return 0;
failed:
	error = -errno;
	cloops_tracefs_close(r);
	return error;
}

void cloops_tracefs_close(struct cloops_tracefs *r)
{
	if (r->data)
		munmap((void *)r->data, r->subbuf_size * r->nr_subbufs);
	if (r->meta != MAP_FAILED)
		munmap((void *)r->meta, r->meta_size);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

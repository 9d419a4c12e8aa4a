/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "thread_calls.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Room for several thousand calls; a power of two. */
#define DATA_PAGES 128

int cperf_calls_open(struct cperf_calls *calls, uint64_t tracepoint)
{
	struct perf_event_attr attr;
	long page_size = sysconf(_SC_PAGESIZE);
	int error;

	memset(&attr, 0, sizeof(attr));
	attr.size = sizeof(attr);
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = tracepoint;
	attr.sample_period = 1;
	attr.sample_type = PERF_SAMPLE_RAW;
	attr.disabled = 1;
	calls->fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (calls->fd < 0)
		return -errno;
	calls->data_size = DATA_PAGES * (uint64_t)page_size;
	calls->page = mmap(NULL, (size_t)(page_size + DATA_PAGES * page_size), PROT_READ | PROT_WRITE, MAP_SHARED,
			   calls->fd, 0);
	if (calls->page == MAP_FAILED) {
		error = errno;
		close(calls->fd);
		return -error;
	}
	return 0;
}

int cperf_calls_start(const struct cperf_calls *calls)
{
	return ioctl(calls->fd, PERF_EVENT_IOC_ENABLE, 0) < 0 ? -errno : 0;
}

int cperf_calls_stop(const struct cperf_calls *calls)
{
	return ioctl(calls->fd, PERF_EVENT_IOC_DISABLE, 0) < 0 ? -errno : 0;
}

void cperf_calls_close(struct cperf_calls *calls)
{
	munmap(calls->page, (size_t)(sysconf(_SC_PAGESIZE) + (long)calls->data_size));
	close(calls->fd);
}

int cperf_calls_count(const struct cperf_calls *calls, uint64_t *count)
{
	ssize_t taken = read(calls->fd, count, sizeof(*count));

	return taken == sizeof(*count) ? 0 : taken < 0 ? -errno : -EBADMSG;
}

uint64_t cperf_calls_position(const struct cperf_calls *calls)
{
	const struct perf_event_mmap_page *page = calls->page;

	return __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
}

/* A record may wrap around the end of the ring buffer. */
static void copy(const struct cperf_calls *calls, uint64_t position, void *to, uint64_t count)
{
	const unsigned char *data = (const unsigned char *)calls->page + sysconf(_SC_PAGESIZE);
	uint64_t begin = position % calls->data_size;
	uint64_t first = count < calls->data_size - begin ? count : calls->data_size - begin;

	memcpy(to, data + begin, first);
	memcpy((unsigned char *)to + first, data, count - first);
}

int cperf_calls_next(const struct cperf_calls *calls, uint64_t *position, struct cperf_call *call)
{
	struct perf_event_header header;
	/* events/raw_syscalls/sys_enter/format: 8 bytes of common fields, then `long id` and `unsigned long args[6]`. */
	struct {
		uint32_t size;
		unsigned char bytes[8 + sizeof(*call)];
	} raw;

	copy(calls, *position, &header, sizeof(header));
	if (header.size < sizeof(header))
		return -EBADMSG;
	if (header.type == PERF_RECORD_LOST)
		return -ENOBUFS;
	if (header.type == PERF_RECORD_SAMPLE) {
		if (header.size < sizeof(header) + sizeof(raw))
			return -EBADMSG;
		copy(calls, *position + sizeof(header), &raw, sizeof(raw));
		if (raw.size < sizeof(raw.bytes))
			return -EBADMSG;
		memcpy(call, raw.bytes + 8, sizeof(*call));
	}
	*position += header.size;
	return header.type == PERF_RECORD_SAMPLE;
}

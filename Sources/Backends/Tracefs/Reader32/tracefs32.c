/* SPDX-License-Identifier: GPL-2.0-only */
/* A 32-bit reader of the mapped ring buffer: tracefs32 TRACE_PIPE_RAW */
#include "calls32.h"

/* struct trace_buffer_meta, include/uapi/linux/trace_mmap.h, Linux 6.10, as a 32-bit compiler lays it out. */
struct trace_buffer_meta {
	u32 meta_page_size, meta_struct_len;
	u32 subbuf_size, nr_subbufs;
	struct {
		u64 lost_events;
		u32 id, read;
	} reader;
	u64 flags;
	u64 entries, overrun, read;
	u64 Reserved1, Reserved2;
};

enum { GET_READER = 'R' << 8 | 0x20 }; /* _IO('R', 0x20) */
/* In a 64-bit kernel: u64 time stamp, then the commit word of 8 bytes (events/header_page). */
enum { SUBBUFFER_HEADER = 16 };

/* Prints the fields, loaded at the offsets of this program's compiler. */
static void say_meta(const volatile struct trace_buffer_meta *meta)
{
	say("meta_struct_len", meta->meta_struct_len);
	say("subbuf_size", meta->subbuf_size);
	say("nr_subbufs", meta->nr_subbufs);
	say("reader.id", meta->reader.id);
	say("reader.read", meta->reader.read);
	say("entries", meta->entries);
	say("overrun", meta->overrun);
	say("read", meta->read);
}

/*
 * Decodes events that have their length in the header, as all of the workload's do (type_len 1 .. 28): 8 bytes of common
 * fields, the id, then the sequence number. Stops at any other event.
 */
static void say_events_of(const unsigned char *subbuffer, u32 length)
{
	const unsigned char *event = subbuffer + SUBBUFFER_HEADER, *end = event + length;
	u64 first = 0, last = 0;
	u32 count = 0;

	while (event < end) {
		u32 type_len = *(const u32 *)event & 31;

		if (type_len == 30 || type_len == 31) { /* time extend, time stamp: one word more */
			event += 8;
			continue;
		}
		if (type_len == 0 || type_len == 29)
			break;
		last = *(const u64 *)(event + 4 + 8 + 4);
		if (!count++)
			first = last;
		event += 4 + type_len * 4;
	}
	say_events(count, first, last);
}

static void read_as_32(const char **arguments)
{
	int fd, result;
	const volatile struct trace_buffer_meta *meta;
	const unsigned char *all;

	say("bytes_of_the_structure", sizeof(*meta));
	fd = say_result("open", call(SYS_open, (u32)arguments[1], OPEN_FLAGS, 0));
	result = say_result("mmap", map(fd, 4096));
	if (failed(result))
		return;
	meta = (const volatile struct trace_buffer_meta *)result;
	say_meta(meta);
	result = say_result("mmap_all", map(fd, meta->meta_page_size + meta->subbuf_size * meta->nr_subbufs));
	if (failed(result))
		return;
	all = (const unsigned char *)result;
	say_events_of(all + meta->meta_page_size + meta->reader.id * meta->subbuf_size, meta->reader.read);
	say_result("ioctl", call(SYS_ioctl, (u32)fd, GET_READER, 0));
	say("reader.id_after", meta->reader.id);
	say_events_of(all + meta->meta_page_size + meta->reader.id * meta->subbuf_size, meta->reader.read);
}

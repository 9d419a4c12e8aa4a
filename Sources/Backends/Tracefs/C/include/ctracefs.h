/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the mapped ring buffer's ABI that Swift cannot import or express: the layout of the meta page, checked,
 * the ioctl number, and loads with acquire ordering.
 *
 * Debian 12 ships no linux/trace_mmap.h, so the layout is declared here, from include/uapi/linux/trace_mmap.h as merged
 * in Linux 6.10.
 */
#ifndef ABI_COMPARE_CTRACEFS_H
#define ABI_COMPARE_CTRACEFS_H

#include "answer.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

/* struct trace_buffer_meta; all sizes in bytes. */
struct ctracefs_meta {
	uint32_t meta_page_size;  /*  0 size of this meta page */
	uint32_t meta_struct_len; /*  4 size of this structure in the kernel */
	uint32_t subbuf_size;     /*  8 size of a sub-buffer, header included */
	uint32_t nr_subbufs;      /* 12 number of sub-buffers, the reader's included */
	uint64_t lost_events;     /* 16 reader.lost_events: events lost at the time of the reader swap */
	uint32_t reader_id;       /* 24 reader.id: 0 .. nr_subbufs - 1 */
	uint32_t reader_read;     /* 28 reader.read: bytes read on the reader sub-buffer, without its header */
	uint64_t flags;           /* 32 0 until new features are supported */
	uint64_t entries;         /* 40 number of entries in the ring buffer */
	uint64_t overrun;         /* 48 number of entries lost in the ring buffer */
	uint64_t read;            /* 56 number of entries that have been read */
	uint64_t reserved1;       /* 64 internal to the kernel */
	uint64_t reserved2;       /* 72 internal to the kernel */
};

_Static_assert(sizeof(struct ctracefs_meta) == 80, "trace_buffer_meta has 80 bytes");
_Static_assert(offsetof(struct ctracefs_meta, lost_events) == 16, "reader.lost_events");
_Static_assert(offsetof(struct ctracefs_meta, reader_id) == 24, "reader.id");
_Static_assert(offsetof(struct ctracefs_meta, reader_read) == 28, "reader.read");
_Static_assert(offsetof(struct ctracefs_meta, flags) == 32, "flags");
_Static_assert(offsetof(struct ctracefs_meta, entries) == 40, "entries");
_Static_assert(offsetof(struct ctracefs_meta, overrun) == 48, "overrun");
_Static_assert(offsetof(struct ctracefs_meta, read) == 56, "read");

/* TRACE_MMAP_IOCTL_GET_READER, _IO('R', 0x20). */
static const unsigned long ctracefs_get_reader_request = _IO('R', 0x20);

/* Makes the ioctl. Returns 0 or a negative errno. */
static inline int ctracefs_get_reader(int fd)
{
	return ioctl(fd, ctracefs_get_reader_request) < 0 ? -errno : 0;
}

/* Loads of the fields of the meta page, with acquire ordering: the kernel updates the fields in the ioctl. */
#define CTRACEFS_LOAD(type, field)                                                            \
	static inline type ctracefs_##field(const struct ctracefs_meta *meta)                 \
	{                                                                                     \
		return __atomic_load_n(&meta->field, __ATOMIC_ACQUIRE);                       \
	}

CTRACEFS_LOAD(uint32_t, meta_page_size)
CTRACEFS_LOAD(uint32_t, meta_struct_len)
CTRACEFS_LOAD(uint32_t, subbuf_size)
CTRACEFS_LOAD(uint32_t, nr_subbufs)
CTRACEFS_LOAD(uint64_t, lost_events)
CTRACEFS_LOAD(uint32_t, reader_id)
CTRACEFS_LOAD(uint32_t, reader_read)
CTRACEFS_LOAD(uint64_t, flags)
CTRACEFS_LOAD(uint64_t, entries)
CTRACEFS_LOAD(uint64_t, overrun)
CTRACEFS_LOAD(uint64_t, read)

#undef CTRACEFS_LOAD

/* Loads the u64 at an 8-byte aligned address: the commit word of a sub-buffer, which the kernel changes. */
static inline uint64_t ctracefs_load_word(const void *address)
{
	return __atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}

#endif

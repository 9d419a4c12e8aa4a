/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of a stream's shared memory, except the data of its sub-buffers: the structures of LTTng-UST 2.13 to 2.16,
 * src/common/ringbuffer/frontend_types.h and backend_types.h. They are not a public interface; those of the loaded version
 * are compared with the record for crash dumps at the beginning of the memory (struct lttng_crash_abi), which describes a
 * part of them.
 */
#ifndef CLTTNGUST_STREAM_MEMORY_H
#define CLTTNGUST_STREAM_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A field: its structure, its name, its offset in the memory, and its size, in bytes. */
struct clu_memory_field {
	const char *part;
	const char *name;
	size_t offset;
	size_t size;
};

/*
 * Lists the fields of a stream's memory, in no particular order; a field of an array once for each element, under one
 * name. `*length` is the number of mapped bytes on entry, and the length of the stream's memory on return.
 * Returns the number of fields, of which at most `capacity` are stored; -EPROTO if the layout is that of another version,
 * -ERANGE if an array reaches beyond the memory.
 */
long clu_stream_memory(const void *memory, size_t *length, struct clu_memory_field *fields, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif

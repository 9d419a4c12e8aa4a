/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lies where in the shared memory of a stream, beside the data of its sub-buffers: the structures of LTTng-UST
 * 2.13, src/common/ringbuffer/frontend_types.h and backend_types.h. They are no interface; what of them stands in the
 * record for crash dumps at the beginning of the memory (struct lttng_crash_abi) is compared with it.
 */
#ifndef CLTTNGUST_STREAM_MEMORY_H
#define CLTTNGUST_STREAM_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A field: what it is a field of, its name, where it begins in the memory, and its size, in bytes. */
struct clu_memory_field {
	const char *part;
	const char *name;
	size_t offset;
	size_t size;
};

/*
 * The fields of a stream's memory, in no order; those of arrays once for each element, by one name. `length` is how many
 * bytes are mapped, and then how many of them are the memory's.
 * The number of fields, of which no more than `capacity` are written; -EPROTO where the memory is another version's, and
 * -ERANGE where an array reaches beyond it.
 */
long clu_stream_memory(const void *memory, size_t *length, struct clu_memory_field *fields, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif

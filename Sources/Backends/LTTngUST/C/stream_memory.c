/* SPDX-License-Identifier: GPL-2.0-only */
#include "stream_memory.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "layouts.h"

/* CAA_CACHE_LINE_SIZE of liburcu on x86. The strides in the record for crash dumps reveal another size. */
#define CACHE_LINE 128

/* ---- The same in all versions ---- */

/* struct shm_ref: the number of a memory object, and an offset in it. */
struct reference {
	int64_t index;
	int64_t offset;
};

struct crash_abi {
	uint8_t magic[16];
	uint64_t mmap_length;
	uint16_t endian;
	uint16_t major; /* 0 up to 2.14, 1 since 2.15 (4120a836) */
	uint16_t minor;
	uint8_t word_size;
	uint8_t layout_type;
	struct {
		uint32_t prod_offset;
		uint32_t consumed_offset;
		uint32_t commit_hot_array;
		uint32_t commit_hot_seq;
		uint32_t buf_wsb_array;
		uint32_t buf_wsb_id;
		uint32_t sb_array;
		uint32_t sb_array_shmp_offset;
		uint32_t sb_backend_p_offset;
		uint32_t content_size;
		uint32_t packet_size;
	} __attribute__((packed)) offset;
	uint8_t length[8];
	struct {
		uint32_t commit_hot_array;
		uint32_t buf_wsb_array;
		uint32_t sb_array;
	} __attribute__((packed)) stride;
	uint64_t buf_size;
	uint64_t subbuf_size;
	uint64_t num_subbuf;
	uint32_t mode; /* 0: overwrite, 1: discard */
} __attribute__((packed));

/* struct lttng_ust_ring_buffer_backend */
struct backend {
	struct reference buf_wsb;
	uint64_t buf_rsb;
	struct reference buf_cnt;
	struct reference array;
	struct reference memory_map;
	struct reference chan;
	int32_t cpu;
	int64_t records_read;
	uint32_t allocated;
	char padding[64];
};

/* The fields of struct lttng_ust_ring_buffer before those that differ; last_tsc is last_timestamp since 2.14. */
#define RING_BUFFER_BEGIN \
	struct crash_abi crash_abi; \
	int64_t offset __attribute__((aligned(32))); \
	struct reference commit_hot; \
	int64_t consumed; \
	int32_t record_disabled; \
	int64_t last_timestamp; \
	struct backend backend; \
	struct reference commit_cold;

#define RING_BUFFER_COUNTS \
	int64_t active_readers; \
	int64_t records_lost_full; \
	int64_t records_lost_wrap; \
	int64_t records_lost_big; \
	int64_t records_count; \
	int64_t records_overrun; \
	int32_t finalized; \
	uint64_t get_subbuf_consumed; \
	uint64_t prod_snapshot; \
	uint64_t cons_snapshot; \
	uint32_t get_subbuf;

struct ring_buffer {
	RING_BUFFER_BEGIN
};

/* struct commit_counters_hot; the owner since 2.15 (b090668c), in what was padding */
struct commit_counters_hot {
	int64_t cc;
	int64_t seq;
	int64_t owner;
} __attribute__((aligned(CACHE_LINE)));

/* struct commit_counters_cold; the count of 2.14 alone (1f8630c4), in what was padding */
struct commit_counters_cold {
	int64_t cc_sb;
	uint64_t end_events_discarded;
} __attribute__((aligned(CACHE_LINE)));

/* ---- 2.13 and 2.14 ---- */

struct ring_buffer_2_13 {
	RING_BUFFER_BEGIN
	struct reference ts_end;
	RING_BUFFER_COUNTS
	struct reference self;
	char padding[60];
} __attribute__((aligned(CACHE_LINE)));

/* struct lttng_ust_ring_buffer_backend_pages */
struct backend_pages_2_13 {
	uint64_t mmap_offset;
	int64_t records_commit;
	int64_t records_unread;
	uint64_t data_size;
	struct reference p;
	char padding[16];
};

/* ---- 2.15 and 2.16 ---- */

/* 81bc4d02 moved ts_end to the pages, 81b931f1 added the flag. */
struct ring_buffer_2_15 {
	RING_BUFFER_BEGIN
	RING_BUFFER_COUNTS
	int32_t use_creation_timestamp;
	struct reference self;
	char padding[60];
} __attribute__((aligned(CACHE_LINE)));

struct backend_pages_2_15 {
	uint64_t mmap_offset;
	int64_t records_commit;
	int64_t records_unread;
	uint64_t data_size;
	struct reference p;
	uint64_t begin_events_discarded;
	uint64_t end_events_discarded;
	uint64_t timestamp_begin;
	uint64_t timestamp_end;
	uint8_t allocated;
	char padding[128 - 4 * 8 - 1];
};

/* ---- The list ---- */

struct list {
	const char *memory;
	size_t length;
	struct clu_memory_field *fields;
	size_t capacity;
	size_t count;
	int error;
};

static void add(struct list *list, const char *part, const char *name, size_t offset, size_t size)
{
	if (list->count < list->capacity)
		list->fields[list->count] = (struct clu_memory_field){ part, name, offset, size };
	list->count++;
}

/* Returns element `number` of an array, checked to lie within the memory. */
static const void *element(struct list *list, struct reference array, size_t number, size_t stride, size_t *offset)
{
	if (array.offset < 0 || (uint64_t)array.offset > list->length ||
	    number >= (list->length - (uint64_t)array.offset) / stride) {
		list->error = -ERANGE;
		return NULL;
	}
	*offset = (size_t)array.offset + number * stride;
	return list->memory + *offset;
}

static const char ring[] = "struct lttng_ust_ring_buffer";

#define FIELD_NAMED(type, name, label) add(list, ring, label, offsetof(type, name), sizeof(((type *)NULL)->name));
#define FIELD(type, name) FIELD_NAMED(type, name, #name)
#define REFERENCE(type, name) FIELD(type, name.index) FIELD(type, name.offset)

static void add_beginning(struct list *list)
{
	/* Packed; only tools that recover buffers from a crash dump read it. */
	for (size_t word = 0; word < sizeof(struct crash_abi); word += 8)
		add(list, ring, "crash_abi", word, 8);
	FIELD(struct ring_buffer, offset)
	REFERENCE(struct ring_buffer, commit_hot)
	FIELD(struct ring_buffer, consumed)
	FIELD(struct ring_buffer, record_disabled)
	FIELD_NAMED(struct ring_buffer, last_timestamp, clu_generation->protocol == 9 ? "last_tsc" : "last_timestamp")
	REFERENCE(struct ring_buffer, backend.buf_wsb)
	add(list, ring, "backend.buf_rsb.id", offsetof(struct ring_buffer, backend.buf_rsb), 8);
	REFERENCE(struct ring_buffer, backend.buf_cnt)
	REFERENCE(struct ring_buffer, backend.array)
	REFERENCE(struct ring_buffer, backend.memory_map)
	REFERENCE(struct ring_buffer, backend.chan)
	FIELD(struct ring_buffer, backend.cpu)
	FIELD(struct ring_buffer, backend.records_read)
	FIELD(struct ring_buffer, backend.allocated)
	REFERENCE(struct ring_buffer, commit_cold)
}

#define COUNTS(type) \
	FIELD(type, active_readers) FIELD(type, records_lost_full) FIELD(type, records_lost_wrap) \
	FIELD(type, records_lost_big) FIELD(type, records_count) FIELD(type, records_overrun) FIELD(type, finalized) \
	FIELD(type, get_subbuf_consumed) FIELD(type, prod_snapshot) FIELD(type, cons_snapshot) FIELD(type, get_subbuf) \
	REFERENCE(type, self)

static void add_ring(struct list *list)
{
	add_beginning(list);
	if (clu_generation->is_2_15) {
		COUNTS(struct ring_buffer_2_15)
		FIELD(struct ring_buffer_2_15, use_creation_timestamp)
	} else {
		REFERENCE(struct ring_buffer_2_13, ts_end)
		COUNTS(struct ring_buffer_2_13)
	}
}

#undef REFERENCE
#undef FIELD
#undef FIELD_NAMED

static void add_pages(struct list *list, size_t at)
{
	static const char pages[] = "struct lttng_ust_ring_buffer_backend_pages";

#define FIELD(name) \
	add(list, pages, #name, at + offsetof(struct backend_pages_2_15, name), \
	    sizeof(((struct backend_pages_2_15 *)NULL)->name));
	FIELD(mmap_offset) FIELD(records_commit) FIELD(records_unread) FIELD(data_size) FIELD(p.index) FIELD(p.offset)
	if (clu_generation->is_2_15) {
		FIELD(begin_events_discarded) FIELD(end_events_discarded) FIELD(timestamp_begin) FIELD(timestamp_end)
		FIELD(allocated)
	}
#undef FIELD
}

static void add_arrays(struct list *list, const struct ring_buffer *buffer)
{
	static const char hot[] = "struct commit_counters_hot", cold[] = "struct commit_counters_cold",
			  counts[] = "struct lttng_ust_ring_buffer_backend_counts",
			  shmp[] = "struct lttng_ust_ring_buffer_backend_pages_shmp";
	bool is_2_15 = clu_generation->is_2_15;
	/* Since 2.15 the reader has a sub-buffer of its own in discard mode, too (f8767b70). */
	size_t writers = buffer->crash_abi.num_subbuf, all = writers + (buffer->crash_abi.mode == 0 || is_2_15), at;
	size_t pages_size = is_2_15 ? sizeof(struct backend_pages_2_15) : sizeof(struct backend_pages_2_13);
	/* Since 2.15 the sequence counter has two slots (2c0a8065). */
	size_t slots = is_2_15 ? 2 : 1;
	const struct reference *reference;

	for (size_t i = 0; i < writers && !list->error; i++) {
		if (element(list, buffer->commit_hot, i, sizeof(struct commit_counters_hot), &at)) {
			add(list, hot, "cc", at + offsetof(struct commit_counters_hot, cc), 8);
			add(list, hot, "seq", at + offsetof(struct commit_counters_hot, seq), 8);
			if (is_2_15)
				add(list, hot, "owner", at + offsetof(struct commit_counters_hot, owner), 8);
		}
		if (element(list, buffer->commit_cold, i, sizeof(struct commit_counters_cold), &at)) {
			add(list, cold, "cc_sb", at, 8);
			if (clu_generation->protocol == 10)
				add(list, cold, "end_events_discarded",
				    at + offsetof(struct commit_counters_cold, end_events_discarded), 8);
		}
		if (!is_2_15 && element(list, ((const struct ring_buffer_2_13 *)buffer)->ts_end, i, sizeof(uint64_t), &at))
			add(list, "ts_end[]", "ts_end", at, 8);
		if (element(list, buffer->backend.buf_wsb, i, sizeof(uint64_t), &at))
			add(list, "struct lttng_ust_ring_buffer_backend_subbuffer", "id", at, 8);
		if (element(list, buffer->backend.buf_cnt, i, slots * sizeof(uint64_t), &at)) {
			for (size_t slot = 0; slot < slots; slot++)
				add(list, counts, "seq_cnt", at + slot * sizeof(uint64_t), 8);
		}
	}
	for (size_t i = 0; i < all && !list->error; i++) {
		reference = element(list, buffer->backend.array, i, sizeof(*reference), &at);
		if (!reference)
			return;
		add(list, shmp, "shmp.index", at, 8);
		add(list, shmp, "shmp.offset", at + 8, 8);
		if (!element(list, *reference, 0, pages_size, &at))
			return;
		add_pages(list, at);
	}
}

/* Returns whether the layout in the record for crash dumps is that of the structures above. */
static bool is_known(const struct ring_buffer *buffer, size_t length)
{
	static const uint8_t magic[4] = { 0x17, 0x7b, 0xf1, 0x77 };
	const struct crash_abi *abi = &buffer->crash_abi;
	int64_t self = clu_generation->is_2_15 ? ((const struct ring_buffer_2_15 *)buffer)->self.offset
					       : ((const struct ring_buffer_2_13 *)buffer)->self.offset;

	_Static_assert(offsetof(struct backend_pages_2_13, p) == offsetof(struct backend_pages_2_15, p),
		       "they begin alike");
	return !memcmp(abi->magic, magic, sizeof(magic)) && abi->mmap_length <= length && abi->word_size == 8 &&
	       abi->major == clu_generation->crash_record_major &&
	       abi->offset.prod_offset == offsetof(struct ring_buffer, offset) &&
	       abi->offset.consumed_offset == offsetof(struct ring_buffer, consumed) &&
	       abi->offset.commit_hot_array == (uint64_t)buffer->commit_hot.offset &&
	       abi->offset.buf_wsb_array == (uint64_t)buffer->backend.buf_wsb.offset &&
	       abi->offset.sb_array == (uint64_t)buffer->backend.array.offset &&
	       abi->offset.commit_hot_seq == offsetof(struct commit_counters_hot, seq) &&
	       abi->offset.sb_backend_p_offset == offsetof(struct backend_pages_2_13, p.offset) &&
	       abi->stride.commit_hot_array == sizeof(struct commit_counters_hot) && self == 0 &&
	       buffer->backend.cpu >= 0 && buffer->backend.allocated == 1;
}

long clu_stream_memory(const void *memory, size_t *length, struct clu_memory_field *fields, size_t capacity)
{
	struct list list = { .memory = memory, .fields = fields, .capacity = capacity };
	const struct ring_buffer *buffer = memory;

	if (!clu_generation || *length < sizeof(struct ring_buffer_2_13) || !is_known(buffer, *length))
		return -EPROTO;
	*length = list.length = buffer->crash_abi.mmap_length;
	add_ring(&list);
	add_arrays(&list, buffer);
	return list.error ? list.error : (long)list.count;
}

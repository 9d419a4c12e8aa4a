/* SPDX-License-Identifier: GPL-2.0-only */
#include "stream_memory.h"

#include <errno.h>
#include <string.h>

/* CAA_CACHE_LINE_SIZE of liburcu on x86. The strides in the record for crash dumps reveal another size. */
#define CACHE_LINE 128

/* struct shm_ref: the number of a memory object, and an offset in it. */
struct reference {
	int64_t index;
	int64_t offset;
};

struct commit_counters_hot {
	int64_t cc;
	int64_t seq;
} __attribute__((aligned(CACHE_LINE)));

struct commit_counters_cold {
	int64_t cc_sb;
} __attribute__((aligned(CACHE_LINE)));

struct backend_pages {
	uint64_t mmap_offset;
	int64_t records_commit;
	int64_t records_unread;
	uint64_t data_size;
	struct reference p;
	char padding[16];
};

struct crash_abi {
	uint8_t magic[16];
	uint64_t mmap_length;
	uint16_t endian;
	uint16_t major;
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

/* struct lttng_ust_ring_buffer, with its struct lttng_ust_ring_buffer_backend. */
struct ring_buffer {
	struct crash_abi crash_abi;
	int64_t offset __attribute__((aligned(32)));
	struct reference commit_hot;
	int64_t consumed;
	int32_t record_disabled;
	int64_t last_tsc;
	struct {
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
	} backend;
	struct reference commit_cold;
	struct reference ts_end;
	int64_t active_readers;
	int64_t records_lost_full;
	int64_t records_lost_wrap;
	int64_t records_lost_big;
	int64_t records_count;
	int64_t records_overrun;
	int32_t finalized;
	uint64_t get_subbuf_consumed;
	uint64_t prod_snapshot;
	uint64_t cons_snapshot;
	uint32_t get_subbuf;
	struct reference self;
	char padding[60];
} __attribute__((aligned(CACHE_LINE)));

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

static void add_ring(struct list *list)
{
#define FIELD(name) add(list, ring, #name, offsetof(struct ring_buffer, name), sizeof(((struct ring_buffer *)NULL)->name));
#define REFERENCE(name) FIELD(name.index) FIELD(name.offset)
	/* Packed; only tools that recover buffers from a crash dump read it. */
	for (size_t word = 0; word < sizeof(struct crash_abi); word += 8)
		add(list, ring, "crash_abi", word, 8);
	FIELD(offset) REFERENCE(commit_hot) FIELD(consumed) FIELD(record_disabled) FIELD(last_tsc)
	REFERENCE(backend.buf_wsb)
	add(list, ring, "backend.buf_rsb.id", offsetof(struct ring_buffer, backend.buf_rsb), 8);
	REFERENCE(backend.buf_cnt)
	REFERENCE(backend.array) REFERENCE(backend.memory_map) REFERENCE(backend.chan)
	FIELD(backend.cpu) FIELD(backend.records_read) FIELD(backend.allocated)
	REFERENCE(commit_cold) REFERENCE(ts_end) FIELD(active_readers)
	FIELD(records_lost_full) FIELD(records_lost_wrap) FIELD(records_lost_big) FIELD(records_count)
	FIELD(records_overrun) FIELD(finalized) FIELD(get_subbuf_consumed) FIELD(prod_snapshot) FIELD(cons_snapshot)
	FIELD(get_subbuf) REFERENCE(self)
#undef REFERENCE
#undef FIELD
}

static void add_arrays(struct list *list, const struct ring_buffer *buffer)
{
	static const char hot[] = "struct commit_counters_hot", pages[] = "struct lttng_ust_ring_buffer_backend_pages";
	size_t writers = buffer->crash_abi.num_subbuf, all = writers + (buffer->crash_abi.mode == 0), at;
	const struct reference *reference;

	for (size_t i = 0; i < writers && !list->error; i++) {
		if (element(list, buffer->commit_hot, i, sizeof(struct commit_counters_hot), &at)) {
			add(list, hot, "cc", at + offsetof(struct commit_counters_hot, cc), 8);
			add(list, hot, "seq", at + offsetof(struct commit_counters_hot, seq), 8);
		}
		if (element(list, buffer->commit_cold, i, sizeof(struct commit_counters_cold), &at))
			add(list, "struct commit_counters_cold", "cc_sb", at, 8);
		if (element(list, buffer->ts_end, i, sizeof(uint64_t), &at))
			add(list, "ts_end[]", "ts_end", at, 8);
		if (element(list, buffer->backend.buf_wsb, i, sizeof(uint64_t), &at))
			add(list, "struct lttng_ust_ring_buffer_backend_subbuffer", "id", at, 8);
		if (element(list, buffer->backend.buf_cnt, i, sizeof(uint64_t), &at))
			add(list, "struct lttng_ust_ring_buffer_backend_counts", "seq_cnt", at, 8);
	}
	for (size_t i = 0; i < all && !list->error; i++) {
		reference = element(list, buffer->backend.array, i, sizeof(*reference), &at);
		if (!reference)
			return;
		add(list, "struct lttng_ust_ring_buffer_backend_pages_shmp", "shmp.index", at, 8);
		add(list, "struct lttng_ust_ring_buffer_backend_pages_shmp", "shmp.offset", at + 8, 8);
		if (!element(list, *reference, 0, sizeof(struct backend_pages), &at))
			return;
#define FIELD(name) add(list, pages, #name, at + offsetof(struct backend_pages, name), 8);
		FIELD(mmap_offset) FIELD(records_commit) FIELD(records_unread) FIELD(data_size) FIELD(p.index) FIELD(p.offset)
#undef FIELD
	}
}

/* Returns whether the layout in the record for crash dumps is that of the structures above. */
static int is_known(const struct ring_buffer *buffer, size_t length)
{
	static const uint8_t magic[4] = { 0x17, 0x7b, 0xf1, 0x77 };
	const struct crash_abi *abi = &buffer->crash_abi;

	return !memcmp(abi->magic, magic, sizeof(magic)) && abi->mmap_length <= length && abi->word_size == 8 &&
	       abi->major == 0 && abi->offset.prod_offset == offsetof(struct ring_buffer, offset) &&
	       abi->offset.consumed_offset == offsetof(struct ring_buffer, consumed) &&
	       abi->offset.commit_hot_array == (uint64_t)buffer->commit_hot.offset &&
	       abi->offset.buf_wsb_array == (uint64_t)buffer->backend.buf_wsb.offset &&
	       abi->offset.sb_array == (uint64_t)buffer->backend.array.offset &&
	       abi->offset.commit_hot_seq == offsetof(struct commit_counters_hot, seq) &&
	       abi->offset.sb_backend_p_offset == offsetof(struct backend_pages, p.offset) &&
	       abi->stride.commit_hot_array == sizeof(struct commit_counters_hot) &&
	       buffer->self.offset == 0 && buffer->backend.cpu >= 0 && buffer->backend.allocated == 1;
}

long clu_stream_memory(const void *memory, size_t *length, struct clu_memory_field *fields, size_t capacity)
{
	struct list list = { .memory = memory, .fields = fields, .capacity = capacity };
	const struct ring_buffer *buffer = memory;

	if (*length < sizeof(*buffer) || !is_known(buffer, *length))
		return -EPROTO;
	*length = list.length = buffer->crash_abi.mmap_length;
	add_ring(&list);
	add_arrays(&list, buffer);
	return list.error ? list.error : (long)list.count;
}

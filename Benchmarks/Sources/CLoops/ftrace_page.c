/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decodes the kernel's sub-buffers: include/linux/ring_buffer.h, enum ring_buffer_type. Every length is checked against
 * the end of the data, as Sources/TracefsBackend/Decoding/FtracePageDecoder.swift does.
 */
#include "cloops.h"

#include <errno.h>
#include <string.h>

enum { TYPE_DATA = 0, TYPE_DATA_MAX = 28, TYPE_PADDING = 29, TYPE_TIME_EXTEND = 30, TYPE_TIME_STAMP = 31 };

#define TYPE_BITS 5
#define DELTA_BITS 27
#define TS_MSB (0xf8ull << 56) /* the bits that an absolute time stamp does not have */

struct event {
	uint64_t time;
	uint32_t type;
	const unsigned char *payload;
	size_t count;
};

static inline uint32_t get32(const unsigned char *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline uint64_t get64(const unsigned char *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline uint64_t absolute(uint64_t stamp, uint64_t time)
{
	if (!(time & TS_MSB))
		return stamp;
	stamp |= time & TS_MSB;
	return stamp < time ? stamp + (1ull << 59) : stamp;
}

typedef void (*visitor)(const struct event *event, const struct cloops_ftrace_format *format, struct cloops_count *count);

static inline __attribute__((always_inline)) int for_each_event(const struct cloops_ftrace_format *format,
								const struct cloops_subbuf *subbuf, visitor visit,
								struct cloops_count *count)
{
	const unsigned char *p = subbuf->start;
	const unsigned char *end = p + subbuf->count;
	uint64_t time;

	if (subbuf->count < format->data_offset)
		return -EBADMSG;
	time = get64(p);
	p += format->data_offset;
	while (p < end) {
		size_t room = (size_t)(end - p), size, data_offset = 4;
		uint32_t header, type, delta;
		uint16_t common_type;
		struct event event;

		if (room < 4)
			return -EBADMSG;
		header = get32(p);
		type = header & ((1u << TYPE_BITS) - 1);
		delta = header >> TYPE_BITS;
		if (type == TYPE_PADDING && !delta)
			return 0;
		if (type != TYPE_DATA && type <= TYPE_DATA_MAX) {
			size = 4 + 4 * type;
			if (room < size)
				return -EBADMSG;
		} else {
			uint32_t word;

			if (room < 8)
				return -EBADMSG;
			word = get32(p + 4);
			if (type >= TYPE_TIME_EXTEND) {
				uint64_t value = (uint64_t)word << DELTA_BITS | delta;

				time = type == TYPE_TIME_EXTEND ? time + value : absolute(value, time);
				p += 8;
				continue;
			}
			if (word < 4 || word > room - 4 || word % 4)
				return -EBADMSG;
			size = 4 + (size_t)word;
			data_offset = 8;
			if (type == TYPE_PADDING) {
				if (delta != 1)
					time += delta;
				p += size;
				continue;
			}
		}
		time += delta;
		if (size - data_offset < sizeof(common_type))
			return -EBADMSG;
		memcpy(&common_type, p + data_offset, sizeof(common_type));
		event.time = time;
		event.type = common_type;
		event.payload = p + data_offset;
		event.count = size - data_offset;
		if (event.type == format->type) {
			if (event.count < format->payload_offset)
				return -EBADMSG;
			event.payload += format->payload_offset;
			event.count -= format->payload_offset;
		}
		visit(&event, format, count);
		p += size;
	}
	return 0;
}

static inline __attribute__((always_inline)) void count_sequence(const struct event *event,
								 const struct cloops_ftrace_format *format,
								 struct cloops_count *count)
{
	if (event->type != format->type || event->count < sizeof(uint64_t))
		return;
	count->events++;
	count->sum += get64(event->payload);
}

int cloops_ftrace_count(const struct cloops_ftrace_format *given, const struct cloops_subbuf *subbufs, size_t number,
			struct cloops_count *sum)
{
	struct cloops_ftrace_format format = *given;
	struct cloops_count count = *sum;
	int result = 0;

	for (size_t i = 0; i < number && !result; i++)
		result = for_each_event(&format, &subbufs[i], count_sequence, &count);
	*sum = count;
	return result;
}

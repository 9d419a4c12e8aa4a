/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decodes LTTng packets with compact event headers of which one event class is known, u64 seq, u32 length, bytes. Every
 * length is checked against content_size, as Sources/CTFPackets/PacketDecoder.swift does.
 */
#include "cloops.h"
#include "packet.h"

#include <errno.h>
#include <string.h>

#define EXTENDED 31 /* the id that says that the whole id and time follow */
#define ID_BITS 5
#define TIME_BITS 27
#define PAYLOAD_HEADER 12

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

struct event {
	uint64_t time;
	const unsigned char *payload;
	size_t count;
};

typedef void (*visitor)(const struct event *event, struct cloops_count *count);

static inline __attribute__((always_inline)) int for_each_event(uint32_t event_id, const struct cloops_subbuf *packet,
								visitor visit, struct cloops_count *count)
{
	const struct packet_header *header = packet->start;
	const unsigned char *p, *end;
	uint64_t time;

	if (!packet_is_closed(header, packet->count))
		return -EBADMSG;
	p = (const unsigned char *)packet->start + sizeof(*header);
	end = (const unsigned char *)packet->start + header->content_size / 8;
	time = header->timestamp_begin;
	while (p < end) {
		size_t room = (size_t)(end - p), header_size, need;
		struct event event;
		uint32_t id;

		if ((*p & EXTENDED) != EXTENDED) {
			uint64_t low, mask = (1ull << TIME_BITS) - 1;

			header_size = 4;
			if (room < header_size)
				return -EBADMSG;
			low = get32(p) >> ID_BITS;
			id = get32(p) & EXTENDED;
			/* The first time at or after the last one with these low bits. */
			time = low < (time & mask) ? (time & ~mask | low) + mask + 1 : time & ~mask | low;
		} else {
			header_size = 13;
			if (room < header_size)
				return -EBADMSG;
			id = get32(p + 1);
			time = get64(p + 5);
		}
		if (id != event_id)
			return -EBADMSG;
		room -= header_size;
		if (room < PAYLOAD_HEADER)
			return -EBADMSG;
		need = PAYLOAD_HEADER + (size_t)get32(p + header_size + 8);
		if (need > room)
			return -EBADMSG;
		event.time = time;
		event.payload = p + header_size;
		event.count = need;
		visit(&event, count);
		p += header_size + need;
	}
	return 0;
}

static inline __attribute__((always_inline)) void count_sequence(const struct event *event, struct cloops_count *count)
{
	count->events++;
	count->sum += get64(event->payload);
}

int cloops_ctf_count(uint32_t event_id, const struct cloops_subbuf *packets, size_t number, struct cloops_count *sum)
{
	struct cloops_count count = *sum;
	int result = 0;

	for (size_t i = 0; i < number && !result; i++)
		result = for_each_event(event_id, &packets[i], count_sequence, &count);
	*sum = count;
	return result;
}

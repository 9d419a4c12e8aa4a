/* SPDX-License-Identifier: GPL-2.0-only */
/* The header of an LTTng packet: struct packet_header of src/common/ringbuffer-clients/template.h, LTTng-UST 2.13.5. */
#ifndef ABI_COMPARE_PACKET_H
#define ABI_COMPARE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CTF_MAGIC 0xc1fc1fc1u

struct packet_header {
	uint32_t magic;
	uint8_t uuid[16];
	uint32_t stream_id;
	uint64_t stream_instance_id;
	uint64_t timestamp_begin, timestamp_end;
	uint64_t content_size, packet_size; /* in bits */
	uint64_t packet_seq_num, events_discarded;
	uint32_t cpu_id;
} __attribute__((packed));

_Static_assert(sizeof(struct packet_header) == 84, "packed");

/* Whether it is the header of a closed packet that lies within so many bytes. */
static inline bool packet_is_closed(const struct packet_header *header, size_t count)
{
	return count >= sizeof(*header) && header->magic == CTF_MAGIC && header->content_size % 8 == 0 &&
	       header->content_size / 8 >= sizeof(*header) && header->content_size / 8 <= count &&
	       header->packet_size % 8 == 0 && header->packet_size >= header->content_size;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A 32-bit reader of a stream of lttng-modules. It receives the stream as file descriptor 3, as a consumer daemon
 * receives its streams.
 */
#include "calls32.h"

/* include/ringbuffer/vfs.h of lttng-modules 2.13.18: LTTNG_KERNEL_ABI_RING_BUFFER_COMPAT_…, unsigned long as u32. */
#define IO(number) (0xF6 << 8 | (number))
#define READS(number, type) (2u << 30 | sizeof(type) << 16 | IO(number))
#define SNAPSHOT_GET_CONSUMED READS(0x01, u32)
#define GET_NEXT_SUBBUF IO(0x05)
#define PUT_NEXT_SUBBUF IO(0x06)
#define GET_SUBBUF_SIZE READS(0x07, u32)
#define GET_MMAP_LEN READS(0x0A, u32)
#define GET_MMAP_READ_OFFSET READS(0x0B, u32)
#define SNAPSHOT_SAMPLE_POSITIONS IO(0x0E)
#define GET_CONTENT_SIZE READS(0x23, u64)
#define GET_SEQ_NUM READS(0x27, u64)
/* The request of a 64-bit program: unsigned long as u64. */
#define GET_MMAP_LEN_OF_64 READS(0x0A, u64)

enum { STREAM = 3 };

/* The packet header and context as the metadata of a 64-bit tracer describes them; events_discarded has 64 bits. */
struct packet {
	u32 magic;
	unsigned char uuid[16];
	u32 stream_id;
	u64 stream_instance_id, timestamp_begin, timestamp_end, content_size, packet_size, packet_seq_num;
	u64 events_discarded;
	u32 cpu_id;
} __attribute__((packed));

static u32 get32(const char *name, u32 request)
{
	u32 value = 0;

	return say_result(name, call(SYS_ioctl, STREAM, request, (u32)&value)) ? 0 : value;
}

static u64 get64(const char *name, u32 request)
{
	u64 value = 0;

	return say_result(name, call(SYS_ioctl, STREAM, request, (u32)&value)) ? 0 : value;
}

/*
 * Decodes events with the compact header: 5 bits of id and 27 of time, or, if that id is 31, an id of 4 bytes and a time
 * of 8. The fields of lttng_logger follow: the length of the text in 8 bytes, and the text, which begins with the
 * sequence number in 16 hexadecimal digits.
 */
static void say_events_of(const struct packet *packet)
{
	const unsigned char *event = (const unsigned char *)(packet + 1);
	const unsigned char *end = (const unsigned char *)packet + (u32)packet->content_size / 8;
	u64 first = 0, last = 0;
	u32 count = 0;

	while (event < end) {
		event += (*event & 31) == 31 ? 13 : 4;
		last = 0;
		for (int digit = 0; digit < 16; digit++) {
			unsigned char text = event[8 + digit];

			last = last << 4 | (text <= '9' ? text - '0' : text - 'a' + 10);
		}
		if (!count++)
			first = last;
		event += 8 + *(const u32 *)event;
	}
	say_events(count, first, last);
}

static void read_as_32(const char **arguments __attribute__((unused)))
{
	u32 length, offset;
	int result;

	call(SYS_ioctl, STREAM, SNAPSHOT_SAMPLE_POSITIONS, 0);
	say("consumed", get32("snapshot_get_consumed", SNAPSHOT_GET_CONSUMED));
	length = get32("get_mmap_len", GET_MMAP_LEN);
	say("mmap_len", length);
	get64("get_mmap_len_of_64", GET_MMAP_LEN_OF_64);
	result = say_result("mmap", map(STREAM, length));
	if (failed(result) || failed(say_result("get_next_subbuf", call(SYS_ioctl, STREAM, GET_NEXT_SUBBUF, 0))))
		return;
	offset = get32("get_mmap_read_offset", GET_MMAP_READ_OFFSET);
	say("offset", offset);
	say("subbuf_size", get32("get_subbuf_size", GET_SUBBUF_SIZE));
	say("content_size_got", get64("get_content_size", GET_CONTENT_SIZE));
	say("seq_num_got", get64("get_seq_num", GET_SEQ_NUM));

	const struct packet *packet = (const struct packet *)((u32)result + offset);

	say("timestamp_begin", packet->timestamp_begin);
	say("timestamp_end", packet->timestamp_end);
	say("content_size", packet->content_size);
	say("packet_size", packet->packet_size);
	say("packet_seq_num", packet->packet_seq_num);
	say("events_discarded", packet->events_discarded);
	say("cpu_id", packet->cpu_id);
	say_events_of(packet);
	say_result("put_next_subbuf", call(SYS_ioctl, STREAM, PUT_NEXT_SUBBUF, 0));
	call(SYS_ioctl, STREAM, SNAPSHOT_SAMPLE_POSITIONS, 0);
	say("consumed_after", get32("snapshot_get_consumed_after", SNAPSHOT_GET_CONSUMED));
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the lttng-modules ABI that Swift cannot import or express: the ioctl numbers and the layouts of their
 * arguments, checked.
 *
 * lttng-modules installs no header for user space, so both are declared here, from version 2.13.18: include/lttng/abi.h
 * (version 2.6 of the ABI) and include/ringbuffer/vfs.h. The names are those of the kernel without LTTNG_KERNEL_ABI_.
 */
#ifndef ABI_COMPARE_CLTTNGMODULES_H
#define ABI_COMPARE_CLTTNGMODULES_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

/* struct lttng_kernel_abi_tracer_version */
struct clm_tracer_version {
	uint32_t major, minor, patchlevel;
} __attribute__((packed));

/* struct lttng_kernel_abi_tracer_abi_version */
struct clm_tracer_abi_version {
	uint32_t major, minor;
} __attribute__((packed));

#define CLM_SYM_NAME_LEN 256

/* enum lttng_kernel_abi_output */
enum clm_output { CLM_OUTPUT_SPLICE = 0, CLM_OUTPUT_MMAP = 1 };

/* struct lttng_kernel_abi_channel */
struct clm_channel {
	uint64_t subbuf_size;           /*  0 in bytes */
	uint64_t num_subbuf;            /*  8 */
	uint32_t switch_timer_interval; /* 16 in microseconds */
	uint32_t read_timer_interval;   /* 20 in microseconds */
	uint32_t output;                /* 24 enum clm_output */
	int32_t overwrite;              /* 28 1: overwrite, 0: discard */
	char padding[CLM_SYM_NAME_LEN + 32];
} __attribute__((packed));

/* enum lttng_kernel_abi_instrumentation; only this value is used. */
enum clm_instrumentation { CLM_TRACEPOINT = 0 };

/* struct lttng_kernel_abi_event */
struct clm_event {
	char name[CLM_SYM_NAME_LEN]; /*   0 */
	uint32_t instrumentation;    /* 256 enum clm_instrumentation */
	uint64_t token;              /* 260 */
	char padding1[8];            /* 268 */
	char padding2[CLM_SYM_NAME_LEN + 32];
} __attribute__((packed));

/* enum lttng_kernel_abi_tracker_type; only this value is used. */
enum clm_tracker_type { CLM_TRACKER_VPID = 1 };

/* struct lttng_kernel_abi_tracker_args */
struct clm_tracker_args {
	uint32_t type; /* 0 enum clm_tracker_type */
	int32_t id;    /* 4 */
};

/* struct lttng_kernel_abi_ring_buffer_packet_flush_or_populate_packet_args */
struct clm_flush_or_populate_packet {
	uint64_t packet;               /* 0, in: an address */
	uint64_t packet_length;        /* 8 */
	uint64_t packet_length_padded; /* 16 */
	uint8_t flush_done;            /* 24 */
	uint8_t packet_populated;      /* 25 */
} __attribute__((packed));

_Static_assert(sizeof(struct clm_flush_or_populate_packet) == 26, "the arguments of FLUSH_OR_POPULATE_PACKET have 26 bytes");
_Static_assert(sizeof(struct clm_tracker_args) == 8, "lttng_kernel_abi_tracker_args has 8 bytes");
_Static_assert(sizeof(struct clm_tracer_version) == 12, "lttng_kernel_abi_tracer_version has 12 bytes");
_Static_assert(sizeof(struct clm_tracer_abi_version) == 8, "lttng_kernel_abi_tracer_abi_version has 8 bytes");
_Static_assert(sizeof(struct clm_channel) == 320, "lttng_kernel_abi_channel has 320 bytes");
_Static_assert(offsetof(struct clm_channel, output) == 24, "output");
_Static_assert(offsetof(struct clm_channel, overwrite) == 28, "overwrite");
_Static_assert(sizeof(struct clm_event) == 564, "lttng_kernel_abi_event has 564 bytes");
_Static_assert(offsetof(struct clm_event, token) == 260, "token");

/* Requests on /proc/lttng. */
static const unsigned long clm_session_request = _IO(0xF6, 0x45);
static const unsigned long clm_tracer_version_request = _IOR(0xF6, 0x46, struct clm_tracer_version);
static const unsigned long clm_wait_quiescent_request = _IO(0xF6, 0x48);
static const unsigned long clm_tracer_abi_version_request = _IOR(0xF6, 0x4B, struct clm_tracer_abi_version);
/* Requests on a session. */
static const unsigned long clm_channel_request = _IOW(0xF6, 0x55, struct clm_channel);
static const unsigned long clm_session_start_request = _IO(0xF6, 0x56);
static const unsigned long clm_session_stop_request = _IO(0xF6, 0x57);
static const unsigned long clm_session_track_id_request = _IOW(0xF6, 0xA1, struct clm_tracker_args);
/* Requests on a channel. */
static const unsigned long clm_stream_request = _IO(0xF6, 0x62);
static const unsigned long clm_event_request = _IOW(0xF6, 0x63, struct clm_event);
/* Requests on a session, a channel or an event. */
static const unsigned long clm_enable_request = _IO(0xF6, 0x82);
/* Requests on a stream: include/ringbuffer/vfs.h. */
static const unsigned long clm_snapshot_request = _IO(0xF6, 0x00);
static const unsigned long clm_snapshot_get_consumed_request = _IOR(0xF6, 0x01, unsigned long);
static const unsigned long clm_snapshot_get_produced_request = _IOR(0xF6, 0x02, unsigned long);
static const unsigned long clm_get_subbuf_request = _IOW(0xF6, 0x03, unsigned long);
static const unsigned long clm_put_subbuf_request = _IO(0xF6, 0x04);
static const unsigned long clm_get_next_subbuf_request = _IO(0xF6, 0x05);
static const unsigned long clm_put_next_subbuf_request = _IO(0xF6, 0x06);
static const unsigned long clm_get_subbuf_size_request = _IOR(0xF6, 0x07, unsigned long);
static const unsigned long clm_get_padded_subbuf_size_request = _IOR(0xF6, 0x08, unsigned long);
static const unsigned long clm_get_max_subbuf_size_request = _IOR(0xF6, 0x09, unsigned long);
static const unsigned long clm_get_mmap_len_request = _IOR(0xF6, 0x0A, unsigned long);
static const unsigned long clm_get_mmap_read_offset_request = _IOR(0xF6, 0x0B, unsigned long);
static const unsigned long clm_flush_request = _IO(0xF6, 0x0C);
static const unsigned long clm_snapshot_sample_positions_request = _IO(0xF6, 0x0E);
static const unsigned long clm_flush_empty_request = _IO(0xF6, 0x0F);
static const unsigned long clm_clear_request = _IO(0xF6, 0x11);
/* Since 2.14 (6b955571). */
static const unsigned long clm_flush_or_populate_packet_request = _IOWR(0xF6, 0x13, struct clm_flush_or_populate_packet);
/* Requests on a stream: include/lttng/abi.h. */
static const unsigned long clm_get_timestamp_begin_request = _IOR(0xF6, 0x20, uint64_t);
static const unsigned long clm_get_timestamp_end_request = _IOR(0xF6, 0x21, uint64_t);
static const unsigned long clm_get_events_discarded_request = _IOR(0xF6, 0x22, uint64_t);
static const unsigned long clm_get_content_size_request = _IOR(0xF6, 0x23, uint64_t);
static const unsigned long clm_get_packet_size_request = _IOR(0xF6, 0x24, uint64_t);
static const unsigned long clm_get_stream_id_request = _IOR(0xF6, 0x25, uint64_t);
static const unsigned long clm_get_current_timestamp_request = _IOR(0xF6, 0x26, uint64_t);
static const unsigned long clm_get_seq_num_request = _IOR(0xF6, 0x27, uint64_t);
static const unsigned long clm_instance_id_request = _IOR(0xF6, 0x28, uint64_t);

/* Makes an ioctl without an argument. Returns its result or a negative errno. */
static inline int clm_call(int fd, unsigned long request)
{
	int result = ioctl(fd, request);

	return result < 0 ? -errno : result;
}

/* Makes an ioctl that reads or writes the memory at `argument`. Returns its result or a negative errno. */
static inline int clm_call_with(int fd, unsigned long request, void *argument)
{
	int result = ioctl(fd, request, argument);

	return result < 0 ? -errno : result;
}

#endif

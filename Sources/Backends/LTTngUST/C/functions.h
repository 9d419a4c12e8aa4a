/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the library's functions, filled when the library is loaded. All calls go through it.
 *
 * The types are those of <lttng/ust-ctl.h>, which are the same in 2.13 to 2.16, with one exception below; header_check.c
 * compares them with the installed header. The structures that differ between versions are in layouts.h.
 */
#ifndef CLTTNGUST_FUNCTIONS_H
#define CLTTNGUST_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lttng_ust_abi_event;
struct lttng_ust_abi_object_data;
struct lttng_ust_abi_tracer_version;
struct lttng_ust_ctl_consumer_channel;
struct lttng_ust_ctl_consumer_channel_attr;
struct lttng_ust_ctl_consumer_packet;
struct lttng_ust_ctl_consumer_stream;
struct lttng_ust_ctl_enum_entry;
struct lttng_ust_ctl_field;

typedef struct lttng_ust_abi_object_data clu_object;
typedef struct lttng_ust_ctl_consumer_channel clu_channel;
typedef struct lttng_ust_ctl_consumer_stream clu_stream;
/* enum lttng_ust_ctl_socket_type, lttng_ust_ctl_notify_cmd and lttng_ust_ctl_channel_header, none with a negative value. */
typedef unsigned int clu_enumeration;

/* Every function of the library that is used and takes no stream: X(type, name, parameters). */
#define CLU_PLAIN_FUNCTIONS(X) \
	X(int, recv_reg_msg, (int, clu_enumeration *, uint32_t *, uint32_t *, uint32_t *, uint32_t *, uint32_t *, \
			      uint32_t *, uint32_t *, uint32_t *, uint32_t *, uint32_t *, uint32_t *, uint32_t *, int *, \
			      char *)) \
	X(int, tracer_version, (int, struct lttng_ust_abi_tracer_version *)) \
	X(int, create_session, (int)) \
	X(int, send_channel_to_ust, (int, int, clu_object *)) \
	X(int, send_stream_to_ust, (int, clu_object *, clu_object *)) \
	X(int, create_event, (int, struct lttng_ust_abi_event *, clu_object *, clu_object **)) \
	X(int, enable, (int, clu_object *)) \
	X(int, start_session, (int, int)) \
	X(int, stop_session, (int, int)) \
	X(int, register_done, (int)) \
	X(int, wait_quiescent, (int)) \
	X(int, release_object, (int, clu_object *)) \
	X(int, recv_notify, (int, clu_enumeration *)) \
	X(int, recv_register_channel, (int, int *, int *, size_t *, struct lttng_ust_ctl_field **)) \
	X(int, recv_register_enum, (int, int *, char *, struct lttng_ust_ctl_enum_entry **, size_t *)) \
	X(int, reply_register_event, (int, uint32_t, int)) \
	X(int, reply_register_channel, (int, uint32_t, clu_enumeration, int)) \
	X(int, reply_register_enum, (int, uint64_t, int)) \
	X(int, get_nr_stream_per_channel, (void)) \
	X(clu_channel *, create_channel, (struct lttng_ust_ctl_consumer_channel_attr *, const int *, int)) \
	X(void, destroy_channel, (clu_channel *)) \
	X(int, send_channel_to_sessiond, (int, clu_channel *)) \
	X(int, channel_close_wakeup_fd, (clu_channel *)) \
	X(clu_stream *, create_stream, (clu_channel *, int)) \
	X(void, destroy_stream, (clu_stream *)) \
	X(int, send_stream_to_sessiond, (int, clu_stream *)) \
	X(int, recv_channel_from_consumer, (int, clu_object **)) \
	X(int, recv_stream_from_consumer, (int, clu_object **)) \
	X(void, sigbus_handle, (void *))

/* Those of a stream, which call_counts.c counts: X(type, name, parameters, arguments). */
#define CLU_STREAM_FUNCTIONS(X) \
	X(int, stream_close_wait_fd, (clu_stream *stream), (stream)) \
	X(int, stream_close_wakeup_fd, (clu_stream *stream), (stream)) \
	X(int, stream_get_wait_fd, (clu_stream *stream), (stream)) \
	X(int, stream_get_wakeup_fd, (clu_stream *stream), (stream)) \
	X(int, get_mmap_len, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, get_max_subbuf_size, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, get_mmap_read_offset, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, get_subbuf_size, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, get_padded_subbuf_size, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, get_next_subbuf, (clu_stream *stream), (stream)) \
	X(int, put_next_subbuf, (clu_stream *stream), (stream)) \
	X(int, snapshot, (clu_stream *stream), (stream)) \
	X(int, snapshot_sample_positions, (clu_stream *stream), (stream)) \
	X(int, snapshot_get_consumed, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, snapshot_get_produced, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, get_subbuf, (clu_stream *stream, unsigned long *value), (stream, value)) \
	X(int, put_subbuf, (clu_stream *stream), (stream)) \
	X(int, flush_buffer, (clu_stream *stream, int producer_active), (stream, producer_active)) \
	X(int, clear_buffer, (clu_stream *stream), (stream)) \
	X(int, get_timestamp_begin, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_timestamp_end, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_events_discarded, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_content_size, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_packet_size, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_sequence_number, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_stream_id, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_instance_id, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(int, get_current_timestamp, (clu_stream *stream, uint64_t *value), (stream, value)) \
	X(void *, get_mmap_base, (clu_stream *stream), (stream))

/* Those since 2.14, of a packet outside the ring buffer (lttng-ust 51ce286d): X(type, name, parameters). */
#define CLU_PACKET_FUNCTIONS(X) \
	X(int, packet_create, (struct lttng_ust_ctl_consumer_packet **)) \
	X(void, packet_destroy, (struct lttng_ust_ctl_consumer_packet *)) \
	X(int, packet_get_buffer, (struct lttng_ust_ctl_consumer_packet *, void **, uint64_t *, uint64_t *)) \
	X(int, flush_events_or_populate_packet, \
	  (clu_stream *, struct lttng_ust_ctl_consumer_packet *, bool *populated, bool *flush_done))

/*
 * recv_register_event, whose parameters differ: since 2.14 the last one takes the token of the event (lttng-ust
 * b187bcd5).
 */
typedef int clu_recv_register_event_2_13(int, int *, int *, char *, int *, char **, size_t *,
					 struct lttng_ust_ctl_field **, char **);
typedef int clu_recv_register_event_2_14(int, int *, int *, char *, int *, char **, size_t *,
					 struct lttng_ust_ctl_field **, char **, uint64_t *);

struct clu_functions {
#define DECLARE(type, name, parameters) type (*name) parameters;
#define DECLARE_OF_STREAM(type, name, parameters, arguments) type (*name) parameters;
	CLU_PLAIN_FUNCTIONS(DECLARE)
	CLU_STREAM_FUNCTIONS(DECLARE_OF_STREAM)
	/* Null before 2.14. */
	CLU_PACKET_FUNCTIONS(DECLARE)
#undef DECLARE_OF_STREAM
#undef DECLARE
	union {
		clu_recv_register_event_2_13 *without_token;
		clu_recv_register_event_2_14 *with_token;
	} recv_register_event;
	/* Since 2.15 (11c22feb); null before. */
	int (*fixup_stalled_stream)(clu_stream *stream, unsigned long consumed, unsigned long produced, uint32_t *owners,
				    uint32_t count);
	/* From a dependency of the library; optional. */
	const char *(*strerror)(int);
};

extern struct clu_functions ust __attribute__((visibility("hidden")));

#endif

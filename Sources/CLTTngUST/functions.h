/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of the library's functions, filled when the library is loaded. All calls go through it. */
#ifndef CLTTNGUST_FUNCTIONS_H
#define CLTTNGUST_FUNCTIONS_H

#include <lttng/ust-ctl.h>
#include <lttng/ust-error.h>

/* Every function of the library that is used, with its type in the header. */
#define CLU_FUNCTIONS(X) \
	X(recv_reg_msg) X(tracer_version) X(create_session) X(send_channel_to_ust) X(send_stream_to_ust) \
	X(create_event) X(enable) X(start_session) X(stop_session) X(register_done) \
	X(wait_quiescent) X(release_object) X(recv_notify) \
	X(recv_register_event) X(recv_register_channel) X(recv_register_enum) X(reply_register_event) \
	X(reply_register_channel) X(reply_register_enum) X(get_nr_stream_per_channel) X(create_channel) \
	X(destroy_channel) X(send_channel_to_sessiond) X(channel_close_wakeup_fd) \
	X(create_stream) X(destroy_stream) \
	X(send_stream_to_sessiond) X(stream_close_wait_fd) X(stream_close_wakeup_fd) X(stream_get_wait_fd) \
	X(stream_get_wakeup_fd) X(recv_channel_from_consumer) X(recv_stream_from_consumer) X(get_mmap_len) \
	X(get_max_subbuf_size) X(get_mmap_base) X(get_mmap_read_offset) X(get_subbuf_size) \
	X(get_padded_subbuf_size) X(get_next_subbuf) X(put_next_subbuf) X(snapshot) \
	X(snapshot_sample_positions) X(snapshot_get_consumed) X(snapshot_get_produced) X(get_subbuf) \
	X(put_subbuf) X(flush_buffer) X(clear_buffer) X(get_timestamp_begin) X(get_timestamp_end) \
	X(get_events_discarded) X(get_content_size) X(get_packet_size) X(get_sequence_number) X(get_stream_id) \
	X(get_instance_id) X(get_current_timestamp) X(sigbus_handle)

struct clu_functions {
#define DECLARE(name) __typeof__(&lttng_ust_ctl_##name) name;
	CLU_FUNCTIONS(DECLARE)
#undef DECLARE
	/* From liblttng-ust-common, a dependency of the library; optional. */
	__typeof__(&lttng_ust_strerror) strerror;
};

extern struct clu_functions ust __attribute__((visibility("hidden")));

#endif

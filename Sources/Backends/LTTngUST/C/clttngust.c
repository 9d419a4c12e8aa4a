/* SPDX-License-Identifier: GPL-2.0-only */
#include "clttngust.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "functions.h"
#include "layouts.h"

void clu_describe(int result, char *buffer, size_t size)
{
	if (result <= -CLU_ERROR_FIRST && result > -CLU_ERROR_END && ust.strerror)
		snprintf(buffer, size, "%s", ust.strerror(result));
	else if (result < 0 && result > -CLU_ERROR_FIRST)
		snprintf(buffer, size, "%s", strerror(-result));
	else
		snprintf(buffer, size, "unknown error");
}

#define CALL(name, ...) (ust.name ? ust.name(__VA_ARGS__) : -ENOSYS)

/* ---- The application's side ---- */

int clu_recv_reg_msg(int sock, struct clu_registration *registration)
{
	clu_enumeration type = 0;
	int result;

	_Static_assert(sizeof(registration->name) > CLU_PROCESS_NAME_LENGTH, "no room for the terminator");
	memset(registration, 0, sizeof(*registration));
	result = CALL(recv_reg_msg, sock, &type, &registration->major, &registration->minor, &registration->pid,
		      &registration->ppid, &registration->uid, &registration->gid, &registration->bits_per_long,
		      &registration->uint8_alignment, &registration->uint16_alignment, &registration->uint32_alignment,
		      &registration->uint64_alignment, &registration->long_alignment, &registration->byte_order,
		      registration->name);
	registration->socket_type = (int)type;
	return result;
}

int clu_tracer_version(int sock, struct clu_tracer_version *version)
{
	struct clu_abi_tracer_version found = {0};
	int result = CALL(tracer_version, sock, (struct lttng_ust_abi_tracer_version *)&found);

	version->major = found.major;
	version->minor = found.minor;
	version->patchlevel = found.patchlevel;
	return result;
}

int clu_create_session(int sock)
{
	return CALL(create_session, sock);
}

int clu_send_channel_to_ust(int sock, int session_handle, struct lttng_ust_abi_object_data *channel,
			    uint32_t application)
{
	/* As ust-consumer.cpp of lttng-tools 2.15 does with lttng_ust_ctl_set_channel_owner_id, which stores this. */
	if (clu_generation && clu_generation->is_2_15)
		((struct clu_object_2_15 *)channel)->u.channel.owner_id = CLU_OWNER_APPLICATION + application;
	return CALL(send_channel_to_ust, sock, session_handle, channel);
}

int clu_send_stream_to_ust(int sock, struct lttng_ust_abi_object_data *channel,
			   struct lttng_ust_abi_object_data *stream)
{
	return CALL(send_stream_to_ust, sock, channel, stream);
}

int clu_create_event(int sock, const char *name, struct lttng_ust_abi_object_data *channel,
		     struct lttng_ust_abi_object_data **event)
{
	union {
		struct clu_event_2_13 of_2_13;
		struct clu_event_2_15 of_2_15;
	} description;

	if (strlen(name) >= CLU_SYMBOL_NAME_LENGTH)
		return -ENAMETOOLONG;
	memset(&description, 0, sizeof(description));
#define DESCRIBE(member) \
	description.member.instrumentation = CLU_TRACEPOINT; \
	strcpy(description.member.name, name); \
	description.member.loglevel_type = CLU_LOGLEVEL_ALL; \
	description.member.loglevel = -1;
	if (clu_generation && clu_generation->is_2_15) {
		DESCRIBE(of_2_15)
	} else {
		DESCRIBE(of_2_13)
	}
#undef DESCRIBE
	return CALL(create_event, sock, (struct lttng_ust_abi_event *)&description, channel, event);
}

int clu_enable(int sock, struct lttng_ust_abi_object_data *object)
{
	return CALL(enable, sock, object);
}

int clu_start_session(int sock, int session_handle)
{
	return CALL(start_session, sock, session_handle);
}

int clu_stop_session(int sock, int session_handle)
{
	return CALL(stop_session, sock, session_handle);
}

int clu_register_done(int sock)
{
	return CALL(register_done, sock);
}

int clu_wait_quiescent(int sock)
{
	return CALL(wait_quiescent, sock);
}

int clu_release_object(int sock, struct lttng_ust_abi_object_data *object)
{
	return CALL(release_object, sock, object);
}

void clu_free_object(struct lttng_ust_abi_object_data *object)
{
	free(object);
}

int clu_close_object_on_exec(struct lttng_ust_abi_object_data *object)
{
	const union clu_object_part *part;
	int type, files[2] = {-1, -1}, count = 0;

	if (!clu_generation)
		return -ENOSYS;
	if (clu_generation->is_2_15) {
		type = ((struct clu_object_2_15 *)object)->type;
		part = &((struct clu_object_2_15 *)object)->u;
	} else {
		type = ((struct clu_object_2_13 *)object)->type;
		part = &((struct clu_object_2_13 *)object)->u;
	}
	switch (type) {
	case CLU_OBJECT_EVENT:
		break;
	case CLU_OBJECT_CHANNEL:
		files[count++] = part->channel.wakeup_fd;
		break;
	case CLU_OBJECT_STREAM:
		files[count++] = part->stream.shm_fd;
		files[count++] = part->stream.wakeup_fd;
		break;
	default:
		return -EPROTO;
	}
	for (int i = 0; i < count; i++) {
		if (fcntl(files[i], F_SETFD, FD_CLOEXEC) < 0)
			return errno == EBADF ? -EPROTO : -errno;
	}
	return 0;
}

/* ---- The application's notifications ---- */

int clu_recv_notify(int sock, int *command)
{
	clu_enumeration received = 0;
	int result = CALL(recv_notify, sock, &received);

	*command = (int)received;
	return result;
}

int clu_recv_register_event(int sock, struct clu_event_registration *registration)
{
	char *signature = NULL, *uri = NULL;
	struct lttng_ust_ctl_field *fields = NULL;
	uint64_t token = 0;
	int result = -ENOSYS;

	_Static_assert(sizeof(registration->name) == CLU_SYMBOL_NAME_LENGTH, "the library fills the name");
	memset(registration, 0, sizeof(*registration));
#define ARGUMENTS \
	sock, &registration->session_handle, &registration->channel_handle, registration->name, \
		&registration->log_level, &signature, &registration->field_count, &fields, &uri
	if (clu_generation && clu_generation->has_event_token)
		result = ust.recv_register_event.with_token(ARGUMENTS, &token);
	else if (clu_generation)
		result = ust.recv_register_event.without_token(ARGUMENTS);
#undef ARGUMENTS
	/* On failure the library has freed its memory and left these pointers unchanged. */
	free(signature);
	free(fields);
	free(uri);
	return result;
}

int clu_recv_register_channel(int sock, struct clu_channel_registration *registration)
{
	struct lttng_ust_ctl_field *fields = NULL;
	int result;

	memset(registration, 0, sizeof(*registration));
	result = CALL(recv_register_channel, sock, &registration->session_handle, &registration->channel_handle,
		      &registration->context_field_count, &fields);
	free(fields);
	return result;
}

int clu_recv_register_enum(int sock, struct clu_enum_registration *registration)
{
	struct lttng_ust_ctl_enum_entry *entries = NULL;
	int result;

	memset(registration, 0, sizeof(*registration));
	result = CALL(recv_register_enum, sock, &registration->session_handle, registration->name, &entries,
		      &registration->entry_count);
	free(entries);
	return result;
}

int clu_reply_register_event(int sock, uint32_t event_id, int result)
{
	return CALL(reply_register_event, sock, event_id, result);
}

int clu_reply_register_channel(int sock, uint32_t channel_id, int header_type, int result)
{
	return CALL(reply_register_channel, sock, channel_id, (clu_enumeration)header_type, result);
}

int clu_reply_register_enum(int sock, uint64_t enum_id, int result)
{
	return CALL(reply_register_enum, sock, enum_id, result);
}

/* ---- The consumer's side ---- */

int clu_get_nr_stream_per_channel(void)
{
	return ust.get_nr_stream_per_channel ? ust.get_nr_stream_per_channel() : -ENOSYS;
}

struct lttng_ust_ctl_consumer_channel *clu_create_channel(const struct clu_channel_attributes *attributes,
							   const int *stream_fds, int nr_stream_fds)
{
	struct clu_channel_attr attr;

	if (!ust.create_channel)
		return NULL;
	memset(&attr, 0, sizeof(attr));
	attr.type = CLU_CHAN_PER_CPU;
	attr.subbuf_size = attributes->subbuf_size;
	attr.num_subbuf = attributes->num_subbuf;
	attr.overwrite = attributes->overwrite;
	attr.switch_timer_interval = attributes->switch_timer_interval;
	attr.read_timer_interval = attributes->read_timer_interval;
	attr.output = CLU_MMAP;
	attr.chan_id = attributes->chan_id;
	_Static_assert(sizeof(attr.uuid) == sizeof(attributes->uuid), "uuid");
	memcpy(attr.uuid, attributes->uuid, sizeof(attr.uuid));
	attr.blocking_timeout = attributes->blocking_timeout;
	/* As lttng-consumerd of 2.15, with the policy that is the default there and the only one before. */
	attr.owner_id = CLU_OWNER_CONSUMER;
	attr.preallocate_backing = 1;
	return ust.create_channel((struct lttng_ust_ctl_consumer_channel_attr *)&attr, stream_fds, nr_stream_fds);
}

void clu_destroy_channel(struct lttng_ust_ctl_consumer_channel *channel)
{
	if (ust.destroy_channel && channel)
		ust.destroy_channel(channel);
}

struct lttng_ust_ctl_consumer_stream *clu_create_stream(struct lttng_ust_ctl_consumer_channel *channel, int cpu)
{
	return ust.create_stream ? ust.create_stream(channel, cpu) : NULL;
}

void clu_destroy_stream(struct lttng_ust_ctl_consumer_stream *stream)
{
	if (ust.destroy_stream && stream)
		ust.destroy_stream(stream);
}

int clu_recv_channel_from_consumer(int sock, struct lttng_ust_abi_object_data **channel)
{
	return CALL(recv_channel_from_consumer, sock, channel);
}

int clu_recv_stream_from_consumer(int sock, struct lttng_ust_abi_object_data **stream)
{
	return CALL(recv_stream_from_consumer, sock, stream);
}

int clu_send_channel_to_sessiond(int sock, struct lttng_ust_ctl_consumer_channel *channel)
{
	return CALL(send_channel_to_sessiond, sock, channel);
}

int clu_send_stream_to_sessiond(int sock, struct lttng_ust_ctl_consumer_stream *stream)
{
	return CALL(send_stream_to_sessiond, sock, stream);
}

void *clu_get_mmap_base(struct lttng_ust_ctl_consumer_stream *stream)
{
	return ust.get_mmap_base ? ust.get_mmap_base(stream) : NULL;
}

int clu_get_subbuf(struct lttng_ust_ctl_consumer_stream *stream, unsigned long position)
{
	return CALL(get_subbuf, stream, &position);
}

int clu_flush_buffer(struct lttng_ust_ctl_consumer_stream *stream, bool producer_active)
{
	return CALL(flush_buffer, stream, producer_active);
}

int clu_flush_events_or_populate_packet(struct lttng_ust_ctl_consumer_stream *stream, void *packet, size_t size,
					uint64_t *length, bool *populated)
{
	struct lttng_ust_ctl_consumer_packet *populating = NULL;
	uint64_t padded = 0;
	bool flushed = false;
	void *bytes = NULL;
	int result;

	*length = 0;
	*populated = false;
	result = CALL(packet_create, &populating);
	if (result < 0)
		return result;
	result = ust.flush_events_or_populate_packet(stream, populating, populated, &flushed);
	if (result >= 0 && *populated)
		result = ust.packet_get_buffer(populating, &bytes, length, &padded);
	if (result >= 0 && bytes)
		memcpy(packet, bytes, *length < size ? *length : size);
	ust.packet_destroy(populating);
	return result;
}

#define OF_CHANNEL(name) \
	int clu_##name(struct lttng_ust_ctl_consumer_channel *channel) { return CALL(name, channel); }
#define OF_STREAM(name) \
	int clu_##name(struct lttng_ust_ctl_consumer_stream *stream) { return CALL(name, stream); }
#define GETTER(name, type) \
	int clu_##name(struct lttng_ust_ctl_consumer_stream *stream, type *value) { return CALL(name, stream, value); }

OF_CHANNEL(channel_close_wakeup_fd)
OF_STREAM(stream_close_wait_fd)
OF_STREAM(stream_close_wakeup_fd)
OF_STREAM(stream_get_wait_fd)
OF_STREAM(stream_get_wakeup_fd)
OF_STREAM(get_next_subbuf)
OF_STREAM(put_next_subbuf)
OF_STREAM(snapshot)
OF_STREAM(snapshot_sample_positions)
OF_STREAM(put_subbuf)
OF_STREAM(clear_buffer)

int clu_fixup_stalled_stream(struct lttng_ust_ctl_consumer_stream *stream, unsigned long consumed, unsigned long produced,
			     uint32_t dead_application)
{
	uint32_t owner = CLU_OWNER_APPLICATION + dead_application;

	return ust.fixup_stalled_stream ? ust.fixup_stalled_stream(stream, consumed, produced, &owner, 1) : -ENOSYS;
}

static sigjmp_buf gave_up;
static volatile sig_atomic_t signals_left;

static void on_sigbus(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (--signals_left < 0)
		siglongjmp(gave_up, 1);
	/* Does not return if the library is accessing this address. */
	ust.sigbus_handle(info->si_addr);
	siglongjmp(gave_up, 1);
}

int clu_get_next_subbuf_guarded(struct lttng_ust_ctl_consumer_stream *stream, int most, int *signals)
{
	struct sigaction action = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO }, before;
	volatile int result = -EINTR;

	signals_left = most;
	sigaction(SIGBUS, &action, &before);
	if (!sigsetjmp(gave_up, 1))
		result = CALL(get_next_subbuf, stream);
	sigaction(SIGBUS, &before, NULL);
	*signals = most - (signals_left < 0 ? 0 : (int)signals_left);
	return result;
}

GETTER(get_mmap_len, unsigned long)
GETTER(get_max_subbuf_size, unsigned long)
GETTER(get_mmap_read_offset, unsigned long)
GETTER(get_subbuf_size, unsigned long)
GETTER(get_padded_subbuf_size, unsigned long)
GETTER(snapshot_get_consumed, unsigned long)
GETTER(snapshot_get_produced, unsigned long)
GETTER(get_timestamp_begin, uint64_t)
GETTER(get_timestamp_end, uint64_t)
GETTER(get_events_discarded, uint64_t)
GETTER(get_content_size, uint64_t)
GETTER(get_packet_size, uint64_t)
GETTER(get_sequence_number, uint64_t)
GETTER(get_stream_id, uint64_t)
GETTER(get_instance_id, uint64_t)
GETTER(get_current_timestamp, uint64_t)

/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "clttngust.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "usable_header.h"

#define LIBRARY "liblttng-ust-ctl.so.5"

const char *clu_library_name(void)
{
	return LIBRARY;
}

const char *clu_header_version(void)
{
#ifdef CLU_HAVE_HEADER
	return LTTNG_UST_VERSION;
#else
	return "";
#endif
}

static void set_error(struct clu_load_error *error, int reason, const char *text)
{
	error->reason = reason;
	snprintf(error->text, sizeof(error->text), "%s", text ? text : "");
}

#ifdef CLU_USABLE_HEADER

#include "functions.h"

/*
 * The library refers to this thread-local variable and leaves its definition to the executable, which therefore
 * has to export it: see the linker settings of this target. The library keeps its state for SIGBUS in it.
 * No handler stays installed: the files of the buffers are sealed against shrinking, and a mapped page cannot
 * vanish otherwise. clu_get_next_subbuf_guarded is for a file that is not sealed.
 */
__attribute__((visibility("default"))) DEFINE_LTTNG_UST_SIGBUS_STATE();

struct clu_functions ust;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static struct clu_load_error load_result;

/* The signals of the library's timers (SIGRTMIN, + 1) and of their tear-down (+ 2), for the library's own thread. */
static void timer_signals(sigset_t *set)
{
	sigemptyset(set);
	for (int i = 0; i < 3; i++)
		sigaddset(set, SIGRTMIN + i);
}

/*
 * The timers' signals are sent to the process, and their default action ends it; so every thread has to block
 * them. A thread inherits its mask from the thread that starts it. Loading the library blocks the signals in the
 * loading thread only, too late for threads that already run. So they are blocked here, before main.
 */
__attribute__((constructor)) static void block_timer_signals(void)
{
	sigset_t set;

	timer_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/*
 * One thread unblocks them nevertheless: the main thread of a Swift program with an asynchronous main, which
 * libdispatch parks in sigsuspend(2) with no signal blocked, and which the kernel prefers to any other. So this
 * function replaces the C library's sigsuspend, for the whole program, and keeps the three blocked; the executable
 * exports it.
 */
__attribute__((visibility("default"))) int sigsuspend(const sigset_t *mask)
{
	sigset_t with_timers = *mask;

	for (int i = 0; i < 3; i++)
		sigaddset(&with_timers, SIGRTMIN + i);
	/* The kernel's set has 64 signals; the C library's is larger. */
	return (int)syscall(SYS_rt_sigsuspend, &with_timers, _NSIG / 8);
}

/* Returns whether the library is installed with a binary interface that this shim does not describe. */
static bool another_series(struct clu_load_error *error)
{
	static const char *const others[] = {"liblttng-ust-ctl.so.6", "liblttng-ust-ctl.so.4", "liblttng-ust-ctl.so.2"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		void *library = dlopen(others[i], RTLD_LAZY | RTLD_LOCAL);

		if (library) {
			dlclose(library);
			set_error(error, CLU_WRONG_VERSION, others[i]);
			return true;
		}
	}
	return false;
}

static void load(void)
{
	char message[sizeof(load_result.text)];
	void *library;

	/*
	 * The library uses liburcu but, as built by distributions, does not list it as a dependency. Without it the
	 * next call fails with the name of the missing symbol, so this result is ignored.
	 */
	(void)dlopen("liburcu.so.8", RTLD_NOW | RTLD_GLOBAL);
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		const char *reason = dlerror();

		snprintf(message, sizeof(message), "%s", reason ? reason : LIBRARY);
		if (!another_series(&load_result))
			set_error(&load_result, CLU_LIBRARY_MISSING, message);
		return;
	}
#define RESOLVE(name) \
	ust.name = (__typeof__(ust.name))dlsym(library, "lttng_ust_ctl_" #name); \
	if (!ust.name) { \
		set_error(&load_result, CLU_SYMBOL_MISSING, "lttng_ust_ctl_" #name); \
		memset(&ust, 0, sizeof(ust)); \
		return; \
	}
	CLU_FUNCTIONS(RESOLVE)
#undef RESOLVE
	/* dlsym searches the library's dependencies as well. */
	ust.strerror = (__typeof__(ust.strerror))dlsym(library, "lttng_ust_strerror");
	set_error(&load_result, CLU_LOADED, "");
}

bool clu_load(struct clu_load_error *error)
{
	sigset_t before, timers;

	/*
	 * Loading runs constructors that change the calling thread's mask. The mask is restored, except that the
	 * timers' signals stay blocked: if any thread unblocked them, the first timer would end the process.
	 */
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	pthread_once(&load_once, load);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	timer_signals(&timers);
	pthread_sigmask(SIG_BLOCK, &timers, NULL);
	if (error)
		*error = load_result;
	return load_result.reason == CLU_LOADED;
}

void clu_describe(int result, char *buffer, size_t size)
{
	if (result <= -(int)LTTNG_UST_ERR && result > -(int)LTTNG_UST_ERR_NR && ust.strerror)
		snprintf(buffer, size, "%s", ust.strerror(result));
	else if (result < 0 && result > -(int)LTTNG_UST_ERR)
		snprintf(buffer, size, "%s", strerror(-result));
	else
		snprintf(buffer, size, "unknown error");
}

#define CALL(name, ...) (ust.name ? ust.name(__VA_ARGS__) : -ENOSYS)

/* ---- The application's side ---- */

int clu_recv_reg_msg(int sock, struct clu_registration *registration)
{
	enum lttng_ust_ctl_socket_type type = LTTNG_UST_CTL_SOCKET_CMD;
	int result;

	_Static_assert(sizeof(registration->name) > LTTNG_UST_ABI_PROCNAME_LEN, "no room for the terminator");
	_Static_assert((int)LTTNG_UST_CTL_SOCKET_NOTIFY == 1, "CLU_SOCKET_NOTIFY");
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
	struct lttng_ust_abi_tracer_version found = {0};
	int result = CALL(tracer_version, sock, &found);

	version->major = found.major;
	version->minor = found.minor;
	version->patchlevel = found.patchlevel;
	return result;
}

int clu_create_session(int sock)
{
	return CALL(create_session, sock);
}

int clu_send_channel_to_ust(int sock, int session_handle, struct lttng_ust_abi_object_data *channel)
{
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
	struct lttng_ust_abi_event description;

	if (strlen(name) >= sizeof(description.name))
		return -ENAMETOOLONG;
	memset(&description, 0, sizeof(description));
	description.instrumentation = LTTNG_UST_ABI_TRACEPOINT;
	strcpy(description.name, name);
	description.loglevel_type = LTTNG_UST_ABI_LOGLEVEL_ALL;
	description.loglevel = -1;
	return CALL(create_event, sock, &description, channel, event);
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

/* ---- The application's notifications ---- */

int clu_recv_notify(int sock, int *command)
{
	enum lttng_ust_ctl_notify_cmd received = LTTNG_UST_CTL_NOTIFY_CMD_EVENT;
	int result = CALL(recv_notify, sock, &received);

	*command = (int)received;
	return result;
}

int clu_recv_register_event(int sock, struct clu_event_registration *registration)
{
	char *signature = NULL, *uri = NULL;
	struct lttng_ust_ctl_field *fields = NULL;
	int result;

	_Static_assert(sizeof(registration->name) == LTTNG_UST_ABI_SYM_NAME_LEN, "the library fills the name");
	memset(registration, 0, sizeof(*registration));
	result = CALL(recv_register_event, sock, &registration->session_handle, &registration->channel_handle,
		      registration->name, &registration->log_level, &signature, &registration->field_count,
		      &fields, &uri);
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
	_Static_assert((int)LTTNG_UST_CTL_CHANNEL_HEADER_COMPACT == 1, "CLU_HEADER_COMPACT");
	_Static_assert((int)LTTNG_UST_CTL_CHANNEL_HEADER_LARGE == 2, "CLU_HEADER_LARGE");
	return CALL(reply_register_channel, sock, channel_id, (enum lttng_ust_ctl_channel_header)header_type, result);
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
	struct lttng_ust_ctl_consumer_channel_attr attr;

	if (!ust.create_channel)
		return NULL;
	memset(&attr, 0, sizeof(attr));
	attr.type = LTTNG_UST_ABI_CHAN_PER_CPU;
	attr.subbuf_size = attributes->subbuf_size;
	attr.num_subbuf = attributes->num_subbuf;
	attr.overwrite = attributes->overwrite;
	attr.switch_timer_interval = attributes->switch_timer_interval;
	attr.read_timer_interval = attributes->read_timer_interval;
	attr.output = LTTNG_UST_ABI_MMAP;
	attr.chan_id = attributes->chan_id;
	_Static_assert(sizeof(attr.uuid) == sizeof(attributes->uuid), "uuid");
	memcpy(attr.uuid, attributes->uuid, sizeof(attr.uuid));
	attr.blocking_timeout = attributes->blocking_timeout;
	return ust.create_channel(&attr, stream_fds, nr_stream_fds);
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

#else /* !CLU_USABLE_HEADER */

bool clu_load(struct clu_load_error *error)
{
	if (error) {
#ifdef CLU_HAVE_HEADER
		set_error(error, CLU_WRONG_VERSION, "built with the header of LTTng-UST " LTTNG_UST_VERSION);
#else
		set_error(error, CLU_BUILT_WITHOUT_HEADER, "");
#endif
	}
	return false;
}

void clu_describe(int result, char *buffer, size_t size)
{
	if (result < 0 && result > CLU_ERR)
		snprintf(buffer, size, "%s", strerror(-result));
	else
		snprintf(buffer, size, "unknown error");
}

#define UNAVAILABLE(name, ...) \
	int clu_##name(__VA_ARGS__) { return -ENOSYS; }
#define OF_CHANNEL(name) UNAVAILABLE(name, struct lttng_ust_ctl_consumer_channel *channel)
#define OF_STREAM(name) UNAVAILABLE(name, struct lttng_ust_ctl_consumer_stream *stream)
#define GETTER(name, type) UNAVAILABLE(name, struct lttng_ust_ctl_consumer_stream *stream, type *value)

UNAVAILABLE(recv_reg_msg, int sock, struct clu_registration *registration)
UNAVAILABLE(tracer_version, int sock, struct clu_tracer_version *version)
UNAVAILABLE(create_session, int sock)
UNAVAILABLE(send_channel_to_ust, int sock, int session_handle, struct lttng_ust_abi_object_data *channel)
UNAVAILABLE(send_stream_to_ust, int sock, struct lttng_ust_abi_object_data *channel,
	    struct lttng_ust_abi_object_data *stream)
UNAVAILABLE(create_event, int sock, const char *name, struct lttng_ust_abi_object_data *channel,
	    struct lttng_ust_abi_object_data **event)
UNAVAILABLE(enable, int sock, struct lttng_ust_abi_object_data *object)
UNAVAILABLE(start_session, int sock, int session_handle)
UNAVAILABLE(stop_session, int sock, int session_handle)
UNAVAILABLE(register_done, int sock)
UNAVAILABLE(wait_quiescent, int sock)
UNAVAILABLE(release_object, int sock, struct lttng_ust_abi_object_data *object)
UNAVAILABLE(recv_notify, int sock, int *command)
UNAVAILABLE(recv_register_event, int sock, struct clu_event_registration *registration)
UNAVAILABLE(recv_register_channel, int sock, struct clu_channel_registration *registration)
UNAVAILABLE(recv_register_enum, int sock, struct clu_enum_registration *registration)
UNAVAILABLE(reply_register_event, int sock, uint32_t event_id, int result)
UNAVAILABLE(reply_register_channel, int sock, uint32_t channel_id, int header_type, int result)
UNAVAILABLE(reply_register_enum, int sock, uint64_t enum_id, int result)
UNAVAILABLE(get_nr_stream_per_channel, void)
UNAVAILABLE(send_channel_to_sessiond, int sock, struct lttng_ust_ctl_consumer_channel *channel)
UNAVAILABLE(send_stream_to_sessiond, int sock, struct lttng_ust_ctl_consumer_stream *stream)
UNAVAILABLE(recv_channel_from_consumer, int sock, struct lttng_ust_abi_object_data **channel)
UNAVAILABLE(recv_stream_from_consumer, int sock, struct lttng_ust_abi_object_data **stream)
UNAVAILABLE(get_subbuf, struct lttng_ust_ctl_consumer_stream *stream, unsigned long position)
UNAVAILABLE(get_next_subbuf_guarded, struct lttng_ust_ctl_consumer_stream *stream, int most, int *signals)
UNAVAILABLE(flush_buffer, struct lttng_ust_ctl_consumer_stream *stream, bool producer_active)
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

void clu_free_object(struct lttng_ust_abi_object_data *object)
{
	free(object);
}

struct lttng_ust_ctl_consumer_channel *clu_create_channel(const struct clu_channel_attributes *attributes,
							   const int *stream_fds, int nr_stream_fds)
{
	return NULL;
}

void clu_destroy_channel(struct lttng_ust_ctl_consumer_channel *channel)
{
}

struct lttng_ust_ctl_consumer_stream *clu_create_stream(struct lttng_ust_ctl_consumer_channel *channel, int cpu)
{
	return NULL;
}

void clu_destroy_stream(struct lttng_ust_ctl_consumer_stream *stream)
{
}

void *clu_get_mmap_base(struct lttng_ust_ctl_consumer_stream *stream)
{
	return NULL;
}

#endif

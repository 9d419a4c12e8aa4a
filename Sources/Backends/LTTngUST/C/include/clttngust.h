/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * liblttng-ust-ctl, one to one, found at run time: LTTng-UST 2.13 to 2.16.
 *
 * The library is loaded with dlopen(3), so a program that contains this shim starts on machines without LTTng-UST, and
 * uses the version that is installed where it runs. No LTTng header is needed to build it: the structures of the
 * interface are declared here and in layouts.h, for each version in which they differ, and the opaque ones have the tags
 * of <lttng/ust-ctl.h>.
 *
 * Every function named clu_X calls lttng_ust_ctl_X and returns its result: zero or a positive value for
 * success, a negative errno value, or a negative value from enum lttng_ust_error_code (1024 and above) of
 * <lttng/ust-error.h>. Before a successful clu_load() they all return -ENOSYS, or a null pointer.
 *
 * One stream is used by one thread at a time; different streams may be used by different threads.
 */
#ifndef CLTTNGUST_H
#define CLTTNGUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lttng_ust_ctl_consumer_channel;
struct lttng_ust_ctl_consumer_stream;
struct lttng_ust_abi_object_data;

/* ---- Loading ---- */

/* Results of loading the library. */
static const int CLU_LOADED = 0;
/* dlopen(3) failed for every known soname; `text` has the messages of dlerror(3). */
static const int CLU_LIBRARY_MISSING = 1;
/* The library is installed in a version that is not known; `text` contains its soname and version. */
static const int CLU_WRONG_VERSION = 2;
/* The library lacks a function; `text` is its name. */
static const int CLU_SYMBOL_MISSING = 3;

struct clu_load_error {
	int reason;      /* one of the above */
	char soname[32]; /* of the library that was tried, or loaded */
	char text[320];  /* terminated by a null byte */
};

/*
 * Loads the library once for the process; later calls return the first result. Returns true if it is usable. May be
 * called from any thread.
 *
 * If several versions are installed, that of the installed tracer is loaded, liblttng-ust.so.1, which is the one of the
 * traced processes; if the tracer is unknown, the newest.
 */
bool clu_load(struct clu_load_error *error);

/* The soname of the loaded library; without a version if none is loaded. */
const char *clu_library_name(void);

/* The version of the loaded library: "2.16.0"; "2.13" for that of 2.13, which does not report its patch level. */
const char *clu_library_version(void);

/* The series of versions with one interface that the loaded library belongs to, by its first: "2.13", "2.14", "2.15". */
const char *clu_series(void);

/* The protocol of the loaded library, which an application has to have too: LTTNG_UST_ABI_MAJOR_VERSION. */
uint32_t clu_protocol(void);

/*
 * The names below $LTTNG_HOME/.lttng/ of the socket to which an application connects, which depend on its version. 0 is
 * that of the loaded library; null after the last.
 */
const char *clu_socket_name(int number);

/* The smallest number of sub-buffers of a channel that the loaded library makes. */
uint64_t clu_least_subbuffers(bool overwrite);

/*
 * Stores a text for a negative result: from lttng_ust_strerror for the library's own codes, from strerror for an
 * errno value, else "unknown error".
 */
void clu_describe(int result, char *buffer, size_t size);

/* ---- Results (<lttng/ust-error.h>), as the functions return them ---- */

static const int CLU_ERR = -1024;
static const int CLU_ERR_NOENT = -1025;
static const int CLU_ERR_UNSUP_MAJOR = -1033;

/* ---- The application's side: registration and commands ---- */

/* enum lttng_ust_ctl_socket_type */
static const int CLU_SOCKET_COMMAND = 0;
static const int CLU_SOCKET_NOTIFY = 1;

/* The registration that an application sends when it connects, once on each of its two sockets. */
struct clu_registration {
	int socket_type;
	uint32_t major, minor; /* of the application's protocol; also set with CLU_ERR_UNSUP_MAJOR */
	uint32_t pid, ppid, uid, gid; /* pid, uid and gid come from the kernel (SO_PEERCRED), not from the application */
	uint32_t bits_per_long;
	uint32_t uint8_alignment, uint16_alignment, uint32_alignment, uint64_alignment, long_alignment; /* in bits */
	int byte_order; /* 1234 little, 4321 big endian */
	char name[17];  /* of the process, terminated by a null byte */
};

int clu_recv_reg_msg(int sock, struct clu_registration *registration);

struct clu_tracer_version {
	uint32_t major, minor, patchlevel;
};

int clu_tracer_version(int sock, struct clu_tracer_version *version);
/* Returns the session's handle in the application. */
int clu_create_session(int sock);
/* `application` is a number of the application in the channel, from 0 on: since 2.15 an owner of sub-buffers. */
int clu_send_channel_to_ust(int sock, int session_handle, struct lttng_ust_abi_object_data *channel,
			    uint32_t application);
int clu_send_stream_to_ust(int sock, struct lttng_ust_abi_object_data *channel,
			   struct lttng_ust_abi_object_data *stream);
/* A tracepoint by name ("provider:event", wildcards allowed), at all log levels. */
int clu_create_event(int sock, const char *name, struct lttng_ust_abi_object_data *channel,
		     struct lttng_ust_abi_object_data **event);
int clu_enable(int sock, struct lttng_ust_abi_object_data *object);
int clu_start_session(int sock, int session_handle);
int clu_stop_session(int sock, int session_handle);
int clu_register_done(int sock);
int clu_wait_quiescent(int sock);
/*
 * Closes the descriptors and frees the memory that the object refers to, and, unless `sock` is negative, makes the
 * application release its handle. The object itself is freed by clu_free_object.
 */
int clu_release_object(int sock, struct lttng_ust_abi_object_data *object);
void clu_free_object(struct lttng_ust_abi_object_data *object);
/*
 * Sets close-on-exec on the descriptors that an object received over a socket; the library does not set it. Returns
 * -EPROTO if the object has no known type, or no descriptors where its version has them.
 */
int clu_close_object_on_exec(struct lttng_ust_abi_object_data *object);

/* ---- The application's notifications ---- */

/* enum lttng_ust_ctl_notify_cmd */
static const int CLU_NOTIFY_EVENT = 0;
static const int CLU_NOTIFY_CHANNEL = 1;
static const int CLU_NOTIFY_ENUM = 2;

/* enum lttng_ust_ctl_channel_header */
static const int CLU_HEADER_COMPACT = 1;
static const int CLU_HEADER_LARGE = 2;

struct clu_event_registration {
	int session_handle, channel_handle;
	int log_level;
	size_t field_count;
	char name[256];
};

struct clu_channel_registration {
	int session_handle, channel_handle;
	size_t context_field_count;
};

struct clu_enum_registration {
	int session_handle;
	size_t entry_count;
	char name[256];
};

int clu_recv_notify(int sock, int *command);
/* These three free the arrays and strings that the library's call returns besides the plain values. */
int clu_recv_register_event(int sock, struct clu_event_registration *registration);
int clu_recv_register_channel(int sock, struct clu_channel_registration *registration);
int clu_recv_register_enum(int sock, struct clu_enum_registration *registration);
int clu_reply_register_event(int sock, uint32_t event_id, int result);
int clu_reply_register_channel(int sock, uint32_t channel_id, int header_type, int result);
int clu_reply_register_enum(int sock, uint64_t enum_id, int result);

/* ---- The consumer's side: channels and streams ---- */

/* struct lttng_ust_ctl_consumer_channel_attr of a per-CPU data channel that is read through a memory map. */
struct clu_channel_attributes {
	uint64_t subbuf_size;           /* bytes, a power of two, at least a page */
	uint64_t num_subbuf;            /* a power of two; at least clu_least_subbuffers() */
	bool overwrite;                 /* replace the oldest sub-buffer, instead of discarding the newest event */
	uint32_t switch_timer_interval; /* microseconds, 0 for none */
	uint32_t read_timer_interval;   /* microseconds; 0: the writer itself wakes the reader */
	uint32_t chan_id;               /* becomes stream_id in the packet header */
	uint8_t uuid[16];               /* becomes uuid in the packet header */
	/* Microseconds, 0 for none, -1 for ever; the writer must have LTTNG_UST_ALLOW_BLOCKING in its environment. */
	int64_t blocking_timeout;
};

int clu_get_nr_stream_per_channel(void);
/* Sizes and maps the files of `stream_fds`. The caller closes them after the channel is destroyed. */
struct lttng_ust_ctl_consumer_channel *clu_create_channel(const struct clu_channel_attributes *attributes,
							   const int *stream_fds, int nr_stream_fds);
/* Destroy every stream of the channel first. */
void clu_destroy_channel(struct lttng_ust_ctl_consumer_channel *channel);
int clu_send_channel_to_sessiond(int sock, struct lttng_ust_ctl_consumer_channel *channel);
int clu_channel_close_wakeup_fd(struct lttng_ust_ctl_consumer_channel *channel);

/* Returns null if the stream already has a reader or the CPU does not exist. */
struct lttng_ust_ctl_consumer_stream *clu_create_stream(struct lttng_ust_ctl_consumer_channel *channel, int cpu);
void clu_destroy_stream(struct lttng_ust_ctl_consumer_stream *stream);
/* A null stream ends the sequence. */
int clu_send_stream_to_sessiond(int sock, struct lttng_ust_ctl_consumer_stream *stream);
int clu_stream_close_wait_fd(struct lttng_ust_ctl_consumer_stream *stream);
int clu_stream_close_wakeup_fd(struct lttng_ust_ctl_consumer_stream *stream);
int clu_stream_get_wait_fd(struct lttng_ust_ctl_consumer_stream *stream);
int clu_stream_get_wakeup_fd(struct lttng_ust_ctl_consumer_stream *stream);

int clu_recv_channel_from_consumer(int sock, struct lttng_ust_abi_object_data **channel);
/* Returns CLU_ERR_NOENT after the last stream. */
int clu_recv_stream_from_consumer(int sock, struct lttng_ust_abi_object_data **stream);

/* Sizes are in bytes. */
int clu_get_mmap_len(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *length);
int clu_get_max_subbuf_size(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *length);

/* For the held sub-buffer. */
void *clu_get_mmap_base(struct lttng_ust_ctl_consumer_stream *stream);
int clu_get_mmap_read_offset(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *offset);
int clu_get_subbuf_size(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *length);
int clu_get_padded_subbuf_size(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *length);

int clu_get_next_subbuf(struct lttng_ust_ctl_consumer_stream *stream);
/*
 * The same with a SIGBUS handler that calls lttng_ust_ctl_sigbus_handle, as the library requires of the executable.
 * `*signals` is the number of signals. After the first `most` of them, or if the library does not recognise the
 * address, the call is abandoned with -EINTR, and the library must not be used any more. Not thread-safe.
 */
int clu_get_next_subbuf_guarded(struct lttng_ust_ctl_consumer_stream *stream, int most, int *signals);
int clu_put_next_subbuf(struct lttng_ust_ctl_consumer_stream *stream);

/* Positions are in bytes since the buffer was created, modulo the word size. */
int clu_snapshot(struct lttng_ust_ctl_consumer_stream *stream);
int clu_snapshot_sample_positions(struct lttng_ust_ctl_consumer_stream *stream);
int clu_snapshot_get_consumed(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *position);
int clu_snapshot_get_produced(struct lttng_ust_ctl_consumer_stream *stream, unsigned long *position);
int clu_get_subbuf(struct lttng_ust_ctl_consumer_stream *stream, unsigned long position);
int clu_put_subbuf(struct lttng_ust_ctl_consumer_stream *stream);

int clu_flush_buffer(struct lttng_ust_ctl_consumer_stream *stream, bool producer_active);
int clu_clear_buffer(struct lttng_ust_ctl_consumer_stream *stream);
/*
 * lttng_ust_ctl_flush_events_or_populate_packet, since 2.14: -ENOSYS before. If a packet was populated, its first `size`
 * bytes at most are copied to `packet`, and `*length` is the number of bytes that it has.
 */
int clu_flush_events_or_populate_packet(struct lttng_ust_ctl_consumer_stream *stream, void *packet, size_t size,
					uint64_t *length, bool *populated);

/*
 * Completes the sub-buffers between two positions that belong to an application that has ended, or to nobody. Returns the
 * number of those for which this failed; -ENOSYS before 2.15.
 */
int clu_fixup_stalled_stream(struct lttng_ust_ctl_consumer_stream *stream, unsigned long consumed, unsigned long produced,
			     uint32_t dead_application);

/* For the held sub-buffer; these read its packet header. Sizes are in bits. */
int clu_get_timestamp_begin(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *timestamp);
int clu_get_timestamp_end(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *timestamp);
int clu_get_events_discarded(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *count);
int clu_get_content_size(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *bits);
int clu_get_packet_size(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *bits);
int clu_get_sequence_number(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *number);

/* At any time. */
int clu_get_stream_id(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *id);
int clu_get_instance_id(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *id);
int clu_get_current_timestamp(struct lttng_ust_ctl_consumer_stream *stream, uint64_t *timestamp);

#ifdef __cplusplus
}
#endif

#endif

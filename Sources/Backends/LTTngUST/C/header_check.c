/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compares functions.h, layouts.h and include/clttngust.h with the installed headers of LTTng-UST, where there are any and
 * their version is known. It contains no code.
 */
#if defined(__has_include)
#if __has_include(<lttng/ust-ctl.h>) && __has_include(<lttng/ust-error.h>) && __has_include(<lttng/ust-sigbus.h>) && \
	__has_include(<lttng/ust-version.h>) && __has_include(<urcu/list.h>)
#include <lttng/ust-version.h>
#if LTTNG_UST_MAJOR_VERSION == 2 && LTTNG_UST_MINOR_VERSION >= 13 && LTTNG_UST_MINOR_VERSION <= 16
#define KNOWN_HEADER 1
#endif
#endif
#endif

#ifdef KNOWN_HEADER

#include <lttng/ust-ctl.h>
#include <lttng/ust-error.h>
#include <lttng/ust-sigbus.h>

#include "clttngust.h"
#include "functions.h"
#include "layouts.h"

#define SAME(one, other) _Static_assert((one) == (other), #one " is not " #other)
#define SAME_TYPE(one, other) _Static_assert(__builtin_types_compatible_p(one, other), #one " is not " #other)
#define SAME_FIELD(ours, field, theirs, their_field) \
	_Static_assert(offsetof(ours, field) == offsetof(theirs, their_field) && \
			       sizeof(((ours *)0)->field) == sizeof(((theirs *)0)->their_field), \
		       #ours "." #field " is not that of the installed header")

/* Functions. */
#define CHECK(type, name, parameters) SAME_TYPE(__typeof__(&lttng_ust_ctl_##name), type(*) parameters);
#define CHECK_OF_STREAM(type, name, parameters, arguments) CHECK(type, name, parameters)
CLU_PLAIN_FUNCTIONS(CHECK)
CLU_STREAM_FUNCTIONS(CHECK_OF_STREAM)
SAME_TYPE(__typeof__(&lttng_ust_strerror), __typeof__(((struct clu_functions *)0)->strerror));
#if LTTNG_UST_MINOR_VERSION >= 15
SAME_TYPE(__typeof__(&lttng_ust_ctl_fixup_stalled_stream),
	  __typeof__(((struct clu_functions *)0)->fixup_stalled_stream));
#endif
#if LTTNG_UST_MINOR_VERSION >= 14
CLU_PACKET_FUNCTIONS(CHECK)
SAME_TYPE(__typeof__(lttng_ust_ctl_recv_register_event), clu_recv_register_event_2_14);
#else
SAME_TYPE(__typeof__(lttng_ust_ctl_recv_register_event), clu_recv_register_event_2_13);
#endif

/* Constants. */
SAME((int)CLU_CHAN_PER_CPU, (int)LTTNG_UST_ABI_CHAN_PER_CPU);
SAME((int)CLU_MMAP, (int)LTTNG_UST_ABI_MMAP);
SAME((int)CLU_TRACEPOINT, (int)LTTNG_UST_ABI_TRACEPOINT);
SAME((int)CLU_LOGLEVEL_ALL, (int)LTTNG_UST_ABI_LOGLEVEL_ALL);
SAME((int)CLU_OBJECT_CHANNEL, (int)LTTNG_UST_ABI_OBJECT_TYPE_CHANNEL);
SAME((int)CLU_OBJECT_STREAM, (int)LTTNG_UST_ABI_OBJECT_TYPE_STREAM);
SAME((int)CLU_OBJECT_EVENT, (int)LTTNG_UST_ABI_OBJECT_TYPE_EVENT);
SAME((int)CLU_SYMBOL_NAME_LENGTH, (int)LTTNG_UST_ABI_SYM_NAME_LEN);
SAME((int)CLU_PROCESS_NAME_LENGTH, (int)LTTNG_UST_ABI_PROCNAME_LEN);
SAME((int)CLU_ERROR_FIRST, (int)LTTNG_UST_ERR);
SAME((int)CLU_ERROR_END, (int)LTTNG_UST_ERR_NR);
SAME(CLU_ERR, -(int)LTTNG_UST_ERR);
SAME(CLU_ERR_NOENT, -(int)LTTNG_UST_ERR_NOENT);
SAME(CLU_ERR_UNSUP_MAJOR, -(int)LTTNG_UST_ERR_UNSUP_MAJOR);
SAME(CLU_SOCKET_COMMAND, (int)LTTNG_UST_CTL_SOCKET_CMD);
SAME(CLU_SOCKET_NOTIFY, (int)LTTNG_UST_CTL_SOCKET_NOTIFY);
SAME(CLU_NOTIFY_EVENT, (int)LTTNG_UST_CTL_NOTIFY_CMD_EVENT);
SAME(CLU_NOTIFY_CHANNEL, (int)LTTNG_UST_CTL_NOTIFY_CMD_CHANNEL);
SAME(CLU_NOTIFY_ENUM, (int)LTTNG_UST_CTL_NOTIFY_CMD_ENUM);
SAME(CLU_HEADER_COMPACT, (int)LTTNG_UST_CTL_CHANNEL_HEADER_COMPACT);
SAME(CLU_HEADER_LARGE, (int)LTTNG_UST_CTL_CHANNEL_HEADER_LARGE);

/* The protocol and the socket's name of the version, as in the table of loading.c. */
#if LTTNG_UST_MINOR_VERSION >= 15
SAME(LTTNG_UST_ABI_MAJOR_VERSION, 11);
_Static_assert(!__builtin_strcmp(LTTNG_UST_SOCK_FILENAME, "lttng-ust-sock-11"), "the name of the socket");
SAME((int)CLU_OWNER_CONSUMER, (int)LTTNG_UST_ABI_OWNER_ID_CONSUMER);
#else
SAME(LTTNG_UST_ABI_MAJOR_VERSION, LTTNG_UST_MINOR_VERSION == 14 ? 10 : 9);
_Static_assert(!__builtin_strcmp(LTTNG_UST_SOCK_FILENAME, "lttng-ust-sock-8"), "the name of the socket");
#endif

/* Structures. */
SAME(sizeof(struct clu_abi_tracer_version), sizeof(struct lttng_ust_abi_tracer_version));
SAME(sizeof(struct clu_sigbus_state), sizeof(struct lttng_ust_sigbus_state));
SAME_FIELD(struct clu_sigbus_state, head, struct lttng_ust_sigbus_state, head);
SAME_FIELD(struct clu_sigbus_state, sj_env, struct lttng_ust_sigbus_state, sj_env);

#define ATTRIBUTE(field) SAME_FIELD(struct clu_channel_attr, field, struct lttng_ust_ctl_consumer_channel_attr, field);
ATTRIBUTE(type) ATTRIBUTE(subbuf_size) ATTRIBUTE(num_subbuf) ATTRIBUTE(overwrite) ATTRIBUTE(switch_timer_interval)
ATTRIBUTE(read_timer_interval) ATTRIBUTE(output) ATTRIBUTE(chan_id) ATTRIBUTE(uuid) ATTRIBUTE(blocking_timeout)
#if LTTNG_UST_MINOR_VERSION >= 15
ATTRIBUTE(owner_id) ATTRIBUTE(preallocate_backing)
SAME(sizeof(struct clu_channel_attr), sizeof(struct lttng_ust_ctl_consumer_channel_attr));
#else
SAME(offsetof(struct clu_channel_attr, owner_id), sizeof(struct lttng_ust_ctl_consumer_channel_attr));
#endif

#if LTTNG_UST_MINOR_VERSION >= 15
#define EVENT struct clu_event_2_15
#define OBJECT struct clu_object_2_15
#define HEADER header.
#define PART type
#else
#define EVENT struct clu_event_2_13
#define OBJECT struct clu_object_2_13
#define HEADER
#define PART u
#endif
#define EVENT_FIELD(field) SAME_FIELD(EVENT, field, struct lttng_ust_abi_event, field);
EVENT_FIELD(instrumentation) EVENT_FIELD(loglevel_type) EVENT_FIELD(loglevel) EVENT_FIELD(token) EVENT_FIELD(name)
SAME(sizeof(EVENT), sizeof(struct lttng_ust_abi_event));

#define OBJECT_FIELD(field, their_field) SAME_FIELD(OBJECT, field, struct lttng_ust_abi_object_data, their_field);
OBJECT_FIELD(type, HEADER type) OBJECT_FIELD(handle, HEADER handle) OBJECT_FIELD(size, HEADER size)
OBJECT_FIELD(u.channel.wakeup_fd, PART.channel.wakeup_fd) OBJECT_FIELD(u.stream.shm_fd, PART.stream.shm_fd)
OBJECT_FIELD(u.stream.wakeup_fd, PART.stream.wakeup_fd) OBJECT_FIELD(u.stream.stream_nr, PART.stream.stream_nr)
#if LTTNG_UST_MINOR_VERSION >= 15
OBJECT_FIELD(u.channel.owner_id, PART.channel.owner_id)
#endif

#endif

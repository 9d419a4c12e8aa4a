/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The structures and constants of LTTng-UST that differ between its versions, and the table of the versions.
 *
 * Source: lttng-ust, tags v2.13.5 to v2.16.0-rc1 and branch stable-2.16; include/lttng/ust-ctl.h and ust-abi.h.
 * header_check.c compares them with the installed header at build time. The layout of the shared memory is in
 * stream_memory.c.
 */
#ifndef CLTTNGUST_LAYOUTS_H
#define CLTTNGUST_LAYOUTS_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- The same in all versions ---- */

enum {
	CLU_CHAN_PER_CPU = 0,         /* LTTNG_UST_ABI_CHAN_PER_CPU */
	CLU_MMAP = 0,                 /* LTTNG_UST_ABI_MMAP */
	CLU_TRACEPOINT = 0,           /* LTTNG_UST_ABI_TRACEPOINT */
	CLU_LOGLEVEL_ALL = 0,         /* LTTNG_UST_ABI_LOGLEVEL_ALL */
	CLU_OBJECT_CHANNEL = 0,       /* LTTNG_UST_ABI_OBJECT_TYPE_CHANNEL */
	CLU_OBJECT_STREAM = 1,        /* LTTNG_UST_ABI_OBJECT_TYPE_STREAM */
	CLU_OBJECT_EVENT = 2,         /* LTTNG_UST_ABI_OBJECT_TYPE_EVENT */
	CLU_SYMBOL_NAME_LENGTH = 256, /* LTTNG_UST_ABI_SYM_NAME_LEN */
	CLU_PROCESS_NAME_LENGTH = 16, /* LTTNG_UST_ABI_PROCNAME_LEN */
	CLU_ERROR_FIRST = 1024,       /* LTTNG_UST_ERR */
	CLU_ERROR_END = 1036,         /* LTTNG_UST_ERR_NR */
};

/* struct lttng_ust_abi_tracer_version */
struct clu_abi_tracer_version {
	uint32_t major, minor, patchlevel;
} __attribute__((packed));

/* struct lttng_ust_sigbus_state of <lttng/ust-sigbus.h>, and struct cds_list_head of <urcu/list.h> in it. */
struct clu_sigbus_state {
	int jmp_ready;
	struct {
		void *next, *prev;
	} head;
	sigjmp_buf sj_env;
};

/* ---- struct lttng_ust_ctl_consumer_channel_attr ---- */

struct clu_channel_attr {
	uint32_t type; /* enum lttng_ust_abi_chan_type */
	uint64_t subbuf_size;
	uint64_t num_subbuf;
	int32_t overwrite;
	uint32_t switch_timer_interval;
	uint32_t read_timer_interval;
	uint32_t output; /* enum lttng_ust_abi_output */
	uint32_t chan_id;
	uint8_t uuid[16];
	int64_t blocking_timeout;
	/* 2.13 and 2.14 end here and read no more. 2.15 added (b090668c, 115acaf8): */
	uint32_t owner_id; /* the owner of the sub-buffers that the library itself writes into */
	int32_t preallocate_backing;
} __attribute__((packed));

/*
 * Owners of sub-buffers since 2.15. 0 is none, 1 is the consumer (enum lttng_ust_abi_owner_id_type); the session daemon
 * numbers its applications from 2 on, and an application refuses a channel with an owner of 0 or 1
 * (channel_set_owner_id in frontend_types.h).
 */
enum { CLU_OWNER_CONSUMER = 1, CLU_OWNER_APPLICATION = 2 };

/* ---- struct lttng_ust_abi_event ---- */

/* In 2.13 and 2.14. */
struct clu_event_2_13 {
	int32_t instrumentation;
	char name[256];
	int32_t loglevel_type;
	int32_t loglevel;
	uint64_t token;
	char padding[8 + 256 + 32];
} __attribute__((packed));

/* Since 2.15 (f7d642ed). */
struct clu_event_2_15 {
	int32_t instrumentation;
	int32_t loglevel_type;
	int32_t loglevel;
	uint64_t token;
	char name[256];
	char padding[320 - 276];
} __attribute__((packed));

/* ---- struct lttng_ust_abi_object_data ---- */

/* The part that depends on the type. */
union clu_object_part {
	struct {
		void *data;
		int32_t type;
		int wakeup_fd;
		uint32_t owner_id; /* since 2.15 */
	} channel;
	struct {
		int shm_fd;
		int wakeup_fd;
		uint32_t stream_nr;
	} stream;
};

/* In 2.13 and 2.14. */
struct clu_object_2_13 {
	int32_t type;
	int handle;
	uint64_t size;
	char padding[32];
	union clu_object_part u;
} __attribute__((packed));

/* Since 2.15 (f7d642ed). */
struct clu_object_2_15 {
	int32_t type;
	int handle;
	uint64_t size;
	char padding[32 - 16];
	union clu_object_part u;
} __attribute__((packed));

/* ---- The versions ---- */

/*
 * A series of versions of LTTng-UST with one interface. The soname does not identify it: 2.15 changed the structures
 * above and the protocol, and kept the soname of 2.14. So the version that the library reports is compared, too.
 */
struct clu_generation {
	const char *name;
	const char *soname;
	uint32_t least_minor, greatest_minor; /* of major version 2 */
	bool reports_version;                 /* has lttng_ust_ctl_get_version, since 2.14 (9c96e34c) */
	uint32_t protocol;                    /* LTTNG_UST_ABI_MAJOR_VERSION */
	const char *socket_name;              /* LTTNG_UST_SOCK_FILENAME */
	bool has_event_token;                 /* in recv_register_event, since 2.14 */
	bool has_packets;                     /* CLU_PACKET_FUNCTIONS, since 2.14 */
	bool is_2_15;                         /* the event and the object have their layout of 2.15 */
	uint16_t crash_record_major;          /* RB_CRASH_DUMP_ABI_MAJOR */
	/* The smallest number of sub-buffers in discard mode; in overwrite mode it is 2 (channel_backend_init). */
	uint32_t least_discard_subbuffers;
};

/* The loaded one; null before. */
extern const struct clu_generation *clu_generation __attribute__((visibility("hidden")));

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the Swift layer is held against: the same work, written in C against the same ABIs.
 *
 * Every function returns 0, or a negative errno.
 */
#ifndef ABI_COMPARE_CLOOPS_H
#define ABI_COMPARE_CLOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a read loop came to: what each of its turns looked at, so that no turn can be left out. */
struct cloops_sum {
	uint64_t subbufs; /* hand-overs */
	uint64_t bytes;   /* bytes handed over that were not before */
	uint64_t lost;    /* events that were told lost */
	uint64_t stamps;  /* the words of the headers that were looked at, added up */
};

/* ---- The kernel's mapped ring buffer ---- */

struct cloops_tracefs;

/* Opens and maps a trace_pipe_raw. `overwrite`: whether the option is on. */
int cloops_tracefs_open(const char *path, bool overwrite, struct cloops_tracefs **reader);
void cloops_tracefs_close(struct cloops_tracefs *reader);
/* Reads until nothing is left. */
int cloops_tracefs_drain(struct cloops_tracefs *reader, struct cloops_sum *sum);

/* ---- LTTng-UST's ring buffer ---- */

struct cloops_lttng_ust;

/* Reads a stream, a struct lttng_ust_ctl_consumer_stream, which stays its owner's. liblttng-ust-ctl has to be loaded. */
int cloops_lttng_ust_open(void *stream, size_t subbuf_size, struct cloops_lttng_ust **reader);
void cloops_lttng_ust_close(struct cloops_lttng_ust *reader);
/* Reads until nothing is left. */
int cloops_lttng_ust_drain(struct cloops_lttng_ust *reader, struct cloops_sum *sum);

/* ---- perf's mapped ring buffer, without write_backward ---- */

/* A reader of a ring buffer that stays its owner's. */
struct cloops_perf {
	void *page;
	const unsigned char *data;
	uint64_t data_size;
	/* The position up to which everything was handed over. */
	uint64_t position;
	/* For a record in two pieces. */
	unsigned char scratch[1 << 16];
};

/* Reads until nothing is left: hands over runs of records up to a record of lost events or to the end of the data. */
int cloops_perf_drain(struct cloops_perf *reader, struct cloops_sum *sum);

/* ---- The BPF ring buffer ---- */

/* A reader of a mapped ring buffer: its two pages and its data, which are mapped twice in succession. */
struct cloops_bpf {
	void *consumer_page;
	const void *producer_page;
	const unsigned char *data;
	uint64_t data_size;
	uint64_t position;
};

/* Reads until nothing is left: hands over what lies before a record that is not submitted. */
int cloops_bpf_drain(struct cloops_bpf *reader, struct cloops_sum *sum);

/* ---- Decoding ---- */

/* A sub-buffer in memory: header and events. */
struct cloops_subbuf {
	const void *start;
	size_t count;
};

/* What counting the sequence numbers of the workload's events came to. */
struct cloops_count {
	uint64_t events;
	uint64_t sum; /* of the sequence numbers */
};

/* Where the sequence number is in the kernel's events: events/header_page and events/ftrace/raw_data/format. */
struct cloops_ftrace_format {
	size_t data_offset;     /* of the first event in a sub-buffer */
	uint32_t type;          /* common_type of raw_data */
	size_t payload_offset;  /* of `buf` in the data of a raw_data event */
};

/* -EBADMSG where a sub-buffer is malformed. */
int cloops_ftrace_count(const struct cloops_ftrace_format *format, const struct cloops_subbuf *subbufs, size_t number,
			struct cloops_count *count);
/* The same for packets with compact event headers. */
int cloops_ctf_count(uint32_t event_id, const struct cloops_subbuf *subbufs, size_t number, struct cloops_count *count);

/* ---- libbpf ---- */

/* libbpf's reader of a map (ring_buffer__new); NULL where there is no libbpf.so.1, or it fails. */
struct cloops_libbpf *cloops_libbpf_open(int map);
void cloops_libbpf_close(struct cloops_libbpf *reader);
/* Reads until nothing is left (ring_buffer__consume), and counts the sequence numbers. */
int cloops_libbpf_drain(struct cloops_libbpf *reader, struct cloops_count *count);

/* ---- The clock ---- */

/* The mean time that two readings of the clock, one behind the other, take, over so many pairs; in nanoseconds. */
double cloops_two_readings(size_t pairs);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER second_opinion

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./event.h"

#if !defined(EVENT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define EVENT_H

#include <lttng/tracepoint.h>
#include <stdint.h>

/* 16 + length bytes: the header (4), seq (8), length (4), and the payload. */
LTTNG_UST_TRACEPOINT_EVENT(
	second_opinion, event,
	LTTNG_UST_TP_ARGS(uint64_t, seq, const char *, payload, uint32_t, length),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint64_t, seq, seq)
		lttng_ust_field_sequence(char, payload, payload, uint32_t, length)
	)
)

#endif

#include <lttng/tracepoint-event.h>

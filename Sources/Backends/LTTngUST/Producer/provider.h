/* SPDX-License-Identifier: GPL-2.0-only */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER abi_compare

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "provider.h"

#if !defined(ABI_COMPARE_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define ABI_COMPARE_PROVIDER_H

#include <lttng/tracepoint.h>
#include <stdint.h>

/* In the packet: u64 seq, u32 length, then `length` bytes, all unaligned. */
LTTNG_UST_TRACEPOINT_EVENT(
	abi_compare, seq,
	LTTNG_UST_TP_ARGS(uint64_t, seq, const uint8_t *, payload, uint32_t, length),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint64_t, seq, seq)
		lttng_ust_field_sequence(uint8_t, payload, payload, uint32_t, length)
	)
)

#endif

#include <lttng/tracepoint-event.h>

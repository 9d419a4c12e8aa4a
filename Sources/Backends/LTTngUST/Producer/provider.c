/* SPDX-License-Identifier: GPL-2.0-only */
#if defined(__has_include)
#if __has_include(<lttng/tracepoint.h>)
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "provider.h"
#endif
#endif

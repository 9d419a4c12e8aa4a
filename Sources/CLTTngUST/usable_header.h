/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Defines CLU_HAVE_HEADER if LTTng's headers are installed, and CLU_USABLE_HEADER if they also describe the binary
 * interface of this shim.
 */
#ifndef CLTTNGUST_USABLE_HEADER_H
#define CLTTNGUST_USABLE_HEADER_H

#if defined(__has_include)
#if __has_include(<lttng/ust-ctl.h>) && __has_include(<lttng/ust-error.h>) && __has_include(<lttng/ust-version.h>) && \
	__has_include(<urcu/list.h>)
#include <lttng/ust-version.h>
#define CLU_HAVE_HEADER 1
#if LTTNG_UST_MAJOR_VERSION == 2 && defined(LTTNG_UST_CTL_LIB_SONAME_MAJOR) && LTTNG_UST_CTL_LIB_SONAME_MAJOR == 5
#define CLU_USABLE_HEADER 1
#endif
#endif
#endif

#endif

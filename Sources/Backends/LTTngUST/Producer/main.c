/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The traced process: the workload's loop with the LTTng-UST tracepoint abi_compare:seq as its sink.
 */
#if defined(__has_include)
#if __has_include(<lttng/tracepoint.h>)
#define HAVE_TRACEPOINT 1
#endif
#endif

#ifdef HAVE_TRACEPOINT

#include "cworkload.h"
#include "provider.h"

/* A tracepoint reports nothing to its caller, not even a discarded event. */
static int write_event(void *context, uint64_t sequence, const void *payload, uint32_t length)
{
	(void)context;
	lttng_ust_tracepoint(abi_compare, seq, sequence, payload, length);
	return 0;
}

int main(int argc, char **argv)
{
	const struct cworkload_sink sink = {.open = 0, .write = write_event, .payload_page = 0, .context = 0};

	return cworkload_main(argc, argv, &sink);
}

#else

#include <stdio.h>
#include <sysexits.h>

int main(void)
{
	fputs("abi-compare-producer: built without lttng-ust; install liblttng-ust-dev and build again\n", stderr);
	return EX_UNAVAILABLE;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "writing.h"

#include "cprocess.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>

/* Waits until an event is due, and times its write. */
static inline void time_one(const struct cworkload_sink *sink, uint64_t sequence, const void *payload,
			    const struct timed_load *load, uint64_t due, struct cworkload_time *time)
{
	/* No sleep: the time would include the wake-up. */
	uint64_t before = spin_until(due);
	uint64_t behind;
	int result = 0;

	if (load->writes)
		result = sink->write(sink->context, sequence, payload, load->payload);
	behind = now();
	time->service = behind - before;
	time->response = behind - due;
	time->result = result;
}

int write_timed(const char *program, const struct cworkload_sink *sink, const struct timed_load *load,
		const void *payload, struct cworkload_progress *progress, int parent, struct outcome *out)
{
	static struct cworkload_time *times;
	static uint64_t size;

	/* Populated: no page fault delays an event. */
	if (!times)
		times = map_named("ABI_COMPARE_TIMES", MAP_POPULATE, &size);
	if (!times || times == MAP_FAILED || load->count > size / sizeof(*times)) {
		fprintf(stderr, "%s: no room for %" PRIu64 " times in ABI_COMPARE_TIMES\n", program, load->count);
		times = NULL;
		return EX_USAGE;
	}
	/* The end of the input is not checked between two events. */
	cprocess_end_with_parent(parent);
	memset(out, 0, sizeof(*out));
	out->begin = now();
	for (uint64_t i = 0; i < load->count; i++) {
		if (load->writes)
			count(&progress->begun);
		time_one(sink, load->first + i, payload, load, out->begin + due_after(i, load->rate), &times[i]);
		if (!load->writes)
			continue;
		if (times[i].result)
			count(&progress->refused);
		count(&progress->ended);
		count_outcome(out, (int)times[i].result);
	}
	out->end = now();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often functions of the library that take a stream are called, by standing before them in the table through which
 * they are called: those that the header names for a consumer's stream. Where nothing is counted the table has the
 * library's functions, and a call costs what it costs without this.
 */
#ifndef CLTTNGUST_CALL_COUNTS_H
#define CLTTNGUST_CALL_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Counts from now on, or no more, as often as it was told to count; the counts stay. Calls of other threads go on. False
 * where the library is not loaded.
 */
bool clu_count_calls(bool on);

/* The number of functions that are counted. */
int clu_counted_functions(void);

/* The name of one: "lttng_ust_ctl_get_next_subbuf"; NULL where there is none by that number. */
const char *clu_counted_function(int function);

/* How often the calling thread has called it while calls were counted. */
uint64_t clu_counted_calls(int function);

#ifdef __cplusplus
}
#endif

#endif

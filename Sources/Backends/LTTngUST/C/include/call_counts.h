/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts of the calls of the library's functions that take a consumer's stream, by wrappers in the table through which
 * they are called. While nothing is counted the table contains the library's functions, and a call costs nothing extra.
 */
#ifndef CLTTNGUST_CALL_COUNTS_H
#define CLTTNGUST_CALL_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Starts or stops counting; each start needs a stop. The counts are kept. Other threads may call the functions meanwhile.
 * Returns false if the library is not loaded.
 */
bool clu_count_calls(bool on);

/* The number of functions that are counted. */
int clu_counted_functions(void);

/* The name of a function, as "lttng_ust_ctl_get_next_subbuf"; NULL if the number is out of range. */
const char *clu_counted_function(int function);

/* The number of counted calls of a function by the calling thread. */
uint64_t clu_counted_calls(int function);

#ifdef __cplusplus
}
#endif

#endif

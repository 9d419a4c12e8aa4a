/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts the heap allocations of the calling thread: the allocation functions of this module replace glibc's. */
#ifndef ABI_COMPARE_ALLOCATION_COUNTER_H
#define ABI_COMPARE_ALLOCATION_COUNTER_H

#include <stdint.h>

/* The number of calls of malloc, calloc, realloc, memalign, aligned_alloc and posix_memalign by this thread. */
uint64_t allocation_count(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts the heap allocations of the calling thread: this module's malloc and its kin take the place of glibc's. */
#ifndef ABI_COMPARE_ALLOCATION_COUNTER_H
#define ABI_COMPARE_ALLOCATION_COUNTER_H

#include <stdint.h>

/* How many times this thread has called malloc, calloc, realloc, memalign, aligned_alloc or posix_memalign. */
uint64_t allocation_count(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hardware watchpoints of the calling thread, by perf_event_open(2): how many instructions have touched some bytes of its
 * memory, in user space. What the kernel does with them on its behalf is not counted.
 */
#ifndef ABI_COMPARE_WATCHPOINTS_H
#define ABI_COMPARE_WATCHPOINTS_H

#include <stdint.h>

/* As many as the debug registers of x86 can watch. */
#define CPERF_MOST_WATCHPOINTS 4

/*
 * Watches 1, 2, 4 or 8 bytes at an address that is a multiple of that: every access, or writes alone. `group` is the
 * first watchpoint of those that are read together, or -1.
 * The descriptor, which counts from now on, or a negative errno: ENOSPC where no debug register is free, EACCES or EPERM
 * where /proc/sys/kernel/perf_event_paranoid does not allow it, EOPNOTSUPP or ENOENT where the machine has none.
 */
int cperf_watch(uint64_t address, unsigned size, int writes_alone, int group);

/* The counts of a group by its first watchpoint, in the order in which they were made. 0 or a negative errno. */
int cperf_read_watchpoints(int group, uint64_t *counts, int count);

/*
 * Known accesses, to hold watchpoints against, to 24 bytes that are aligned to 8:
 *
 *   loads          4 bytes at 0, 8 at 4, 8 at 12
 *   stores         8 bytes at 0: a store and an atomic addition; at 8: two atomic compare-and-exchanges and a load
 */
void cperf_known_loads(const void *memory);
void cperf_known_stores(void *memory);

#endif

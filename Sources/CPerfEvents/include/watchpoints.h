/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hardware watchpoints of the calling thread, by perf_event_open(2): the number of its instructions in user space that
 * touch given bytes. Accesses by the kernel are not counted.
 */
#ifndef ABI_COMPARE_WATCHPOINTS_H
#define ABI_COMPARE_WATCHPOINTS_H

#include <stdint.h>

/* The number of debug registers of x86 for addresses. */
#define CPERF_MOST_WATCHPOINTS 4

/*
 * Watches 1, 2, 4 or 8 bytes at an address that is a multiple of the size: every access, or writes alone. `group` is the
 * first watchpoint of those that are read together, or -1.
 * Returns a descriptor, which counts from now on, or a negative errno: ENOSPC if no debug register is free, EACCES or
 * EPERM if /proc/sys/kernel/perf_event_paranoid forbids it, EOPNOTSUPP or ENOENT if the machine has no watchpoints.
 */
int cperf_watch(uint64_t address, unsigned size, int writes_alone, int group);

/*
 * Reads the counts of a group through its first watchpoint, in the order in which they were opened. Returns 0 or a
 * negative errno.
 */
int cperf_read_watchpoints(int group, uint64_t *counts, int count);

/*
 * Known accesses to 24 bytes that are aligned to 8, to check watchpoints with:
 *
 *   loads          4 bytes at 0, 8 at 4, 8 at 12
 *   stores         8 bytes at 0: a store and an atomic addition; at 8: two atomic compare-and-exchanges and a load
 */
void cperf_known_loads(const void *memory);
void cperf_known_stores(void *memory);

#endif

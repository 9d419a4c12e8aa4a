/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST: put_next_subbuf without a get while the only sub-buffer with events is the writer's, in each mode; then more
 * events. The consumed position is then beyond the produced one.
 * Claim release-on-partial. Since 2.15.0 the put aborts the traced process in discard mode, by
 * assert(config->mode == RING_BUFFER_OVERWRITE) in lib_ring_buffer_reserve_push_reader.
 * Run: ./put-on-partial
 * Printed with liblttng-ust 2.13.5 and 2.13.9, in both modes:
 *   put_next_subbuf 0; consumed 4096, produced 189
 *   3 events more: done; consumed 16384, produced 285
 * and with 2.16.0:
 *   overwrite mode: put_next_subbuf 0; consumed 4096, produced 189
 *     3 events more: done; consumed 18446744073709522944, produced 285
 *   discard mode: put_next_subbuf 0; consumed 4096, produced 189
 *     writer: Assertion `config->mode == RING_BUFFER_OVERWRITE' failed.
 *     3 events more: no answer: the writer has ended; consumed 4096, produced 221
 */
#include "session.h"

int main(void)
{
	for (int overwrite = 1; overwrite >= 0; overwrite--) {
		unsigned long consumed, produced;
		struct session s;
		int result;

		session_open(&s, overwrite, 8);
		ask(&s, "w 3 16\n");
		result = lttng_ust_ctl_put_next_subbuf(s.stream);
		positions(&s, &consumed, &produced);
		printf("%s mode: put_next_subbuf %d; consumed %lu, produced %lu\n", overwrite ? "overwrite" : "discard", result,
		       consumed, produced);
		printf("  3 events more: %s\n", ask(&s, "w 3 16\n"));
		positions(&s, &consumed, &produced);
		printf("  consumed %lu, produced %lu\n", consumed, produced);
	}
	return 0;
}

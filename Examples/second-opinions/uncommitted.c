/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LTTng-UST: the loss counts of packets around an event that is reserved and not committed.
 * Confirms discarded-count-never-falls, overwrite-beside-uncommitted and writer-killed-inside-told.
 * Run: ./uncommitted
 * Printed with liblttng-ust 2.13.5:
 *   discard mode: events_discarded of packets 3, 4, 5: 500, 0, 500; 4 is the one with the event
 *   overwrite mode, 1000 events written meanwhile: produced 16372, all four sub-buffers; get_next_subbuf: -11
 *     read then: events_discarded 505, although events of packet 0 were the oldest
 *   killed inside the write: packets 0 and 1, events_discarded 0; get_next_subbuf: -11; consumed 8192, produced 12288
 */
#include "session.h"

static void never_falls(void)
{
	struct session s;

	session_open(&s, 0, 4);
	ask(&s, "w 1000 16\n");
	puts("discard mode, 4 sub-buffers, 1000 events written; read:");
	read_all(&s);
	ask(&s, "w 4 16\n");
	printf("4 more; then one: %s; read:\n", ask(&s, "h\n"));
	read_all(&s);
	printf("flush_buffer(stream, 1): %d; read:\n", lttng_ust_ctl_flush_buffer(s.stream, 1));
	read_all(&s);
	printf("commit: %s; read:\n", ask(&s, "g\n"));
	read_all(&s);
	ask(&s, "w 4 16\n");
	printf("4 more; flush_buffer(stream, 1): %d; read:\n", lttng_ust_ctl_flush_buffer(s.stream, 1));
	read_all(&s);
}

static void overwrite(void)
{
	struct session s;
	unsigned long consumed, produced;

	session_open(&s, 1, 4);
	ask(&s, "w 4 16\n");
	printf("\noverwrite mode, 4 sub-buffers, 4 events written; then one: %s\n", ask(&s, "h\n"));
	ask(&s, "w 1000 16\n");
	positions(&s, &consumed, &produced);
	printf("1000 events written meanwhile: consumed %lu, produced %lu\n", consumed, produced);
	printf("get_next_subbuf: %d\n", lttng_ust_ctl_get_next_subbuf(s.stream));
	printf("commit: %s\n", ask(&s, "g\n"));
	ask(&s, "w 4 16\n");
	printf("4 more; flush_buffer(stream, 1): %d; read:\n", lttng_ust_ctl_flush_buffer(s.stream, 1));
	read_all(&s);
}

static void killed(void)
{
	struct session s;
	unsigned long consumed, produced;

	session_open(&s, 0, 4);
	ask(&s, "w 300 16\n");
	printf("\ndiscard mode, 300 events written; then one: %s\n", ask(&s, "h\n"));
	printf("kill it there: %s\n", ask(&s, "k\n"));
	printf("flush_buffer(stream, 0): %d; read:\n", lttng_ust_ctl_flush_buffer(s.stream, 0));
	read_all(&s);
	positions(&s, &consumed, &produced);
	printf("get_next_subbuf: %d; consumed %lu, produced %lu\n", lttng_ust_ctl_get_next_subbuf(s.stream), consumed,
	       produced);
}

int main(void)
{
	never_falls();
	overwrite();
	killed();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#include "call_counts.h"

#include <pthread.h>
#include <stddef.h>

#include "usable_header.h"

#ifdef CLU_USABLE_HEADER

#include "functions.h"

typedef struct lttng_ust_ctl_consumer_stream stream_type;

/* The functions of a stream, by return type, with parameters and arguments. */
#define INT(X) \
	X(stream_close_wait_fd, (stream_type *stream), (stream)) \
	X(stream_close_wakeup_fd, (stream_type *stream), (stream)) \
	X(stream_get_wait_fd, (stream_type *stream), (stream)) \
	X(stream_get_wakeup_fd, (stream_type *stream), (stream)) \
	X(get_mmap_len, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(get_max_subbuf_size, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(get_mmap_read_offset, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(get_subbuf_size, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(get_padded_subbuf_size, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(get_next_subbuf, (stream_type *stream), (stream)) \
	X(put_next_subbuf, (stream_type *stream), (stream)) \
	X(snapshot, (stream_type *stream), (stream)) \
	X(snapshot_sample_positions, (stream_type *stream), (stream)) \
	X(snapshot_get_consumed, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(snapshot_get_produced, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(get_subbuf, (stream_type *stream, unsigned long *value), (stream, value)) \
	X(put_subbuf, (stream_type *stream), (stream)) \
	X(flush_buffer, (stream_type *stream, int producer_active), (stream, producer_active)) \
	X(clear_buffer, (stream_type *stream), (stream)) \
	X(get_timestamp_begin, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_timestamp_end, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_events_discarded, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_content_size, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_packet_size, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_sequence_number, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_stream_id, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_instance_id, (stream_type *stream, uint64_t *value), (stream, value)) \
	X(get_current_timestamp, (stream_type *stream, uint64_t *value), (stream, value))
#define POINTER(X) X(get_mmap_base, (stream_type *stream), (stream))

enum {
#define NUMBER(name, parameters, arguments) NUMBER_##name,
	INT(NUMBER) POINTER(NUMBER)
#undef NUMBER
	FUNCTIONS
};

static const char *const names[FUNCTIONS] = {
#define NAME(name, parameters, arguments) "lttng_ust_ctl_" #name,
	INT(NAME) POINTER(NAME)
#undef NAME
};

/* The library's functions, while the table contains counting wrappers. */
static struct clu_functions real;
static _Thread_local uint64_t calls[FUNCTIONS];
/* The number of users that count at present. */
static int counting;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define COUNT(type, name, parameters, arguments) \
	static type counting_##name parameters \
	{ \
		calls[NUMBER_##name]++; \
		return real.name arguments; \
	}
#define COUNT_INT(name, parameters, arguments) COUNT(int, name, parameters, arguments)
#define COUNT_POINTER(name, parameters, arguments) COUNT(void *, name, parameters, arguments)
INT(COUNT_INT)
POINTER(COUNT_POINTER)

bool clu_count_calls(bool on)
{
	if (!ust.get_next_subbuf)
		return false;
	pthread_mutex_lock(&lock);
	if (on && counting++ == 0) {
		real = ust;
#define STAND_BEFORE(name, parameters, arguments) __atomic_store_n(&ust.name, counting_##name, __ATOMIC_RELEASE);
		INT(STAND_BEFORE) POINTER(STAND_BEFORE)
#undef STAND_BEFORE
	} else if (!on && counting > 0 && --counting == 0) {
#define STAND_ASIDE(name, parameters, arguments) __atomic_store_n(&ust.name, real.name, __ATOMIC_RELEASE);
		INT(STAND_ASIDE) POINTER(STAND_ASIDE)
#undef STAND_ASIDE
	}
	pthread_mutex_unlock(&lock);
	return true;
}

int clu_counted_functions(void)
{
	return FUNCTIONS;
}

const char *clu_counted_function(int function)
{
	return function >= 0 && function < FUNCTIONS ? names[function] : NULL;
}

uint64_t clu_counted_calls(int function)
{
	return function >= 0 && function < FUNCTIONS ? calls[function] : 0;
}

#else /* !CLU_USABLE_HEADER */

bool clu_count_calls(bool on)
{
	(void)on;
	return false;
}

int clu_counted_functions(void)
{
	return 0;
}

const char *clu_counted_function(int function)
{
	(void)function;
	return NULL;
}

uint64_t clu_counted_calls(int function)
{
	(void)function;
	return 0;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#include "call_counts.h"

#include <pthread.h>
#include <stddef.h>

#include "functions.h"

enum {
#define NUMBER(type, name, parameters, arguments) NUMBER_##name,
	CLU_STREAM_FUNCTIONS(NUMBER)
#undef NUMBER
	FUNCTIONS
};

static const char *const names[FUNCTIONS] = {
#define NAME(type, name, parameters, arguments) "lttng_ust_ctl_" #name,
	CLU_STREAM_FUNCTIONS(NAME)
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
CLU_STREAM_FUNCTIONS(COUNT)

bool clu_count_calls(bool on)
{
	if (!ust.get_next_subbuf)
		return false;
	pthread_mutex_lock(&lock);
	if (on && counting++ == 0) {
		real = ust;
#define STAND_BEFORE(type, name, parameters, arguments) \
	__atomic_store_n(&ust.name, counting_##name, __ATOMIC_RELEASE);
		CLU_STREAM_FUNCTIONS(STAND_BEFORE)
#undef STAND_BEFORE
	} else if (!on && counting > 0 && --counting == 0) {
#define STAND_ASIDE(type, name, parameters, arguments) __atomic_store_n(&ust.name, real.name, __ATOMIC_RELEASE);
		CLU_STREAM_FUNCTIONS(STAND_ASIDE)
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

/* SPDX-License-Identifier: GPL-2.0-only */
/* Chooses the installed version of the library, loads it, and compares it with the table of known versions. */
#define _GNU_SOURCE
#include "clttngust.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "functions.h"
#include "layouts.h"

/* Newest first. */
static const struct clu_generation generations[] = {
	{
		.name = "2.15", .soname = "liblttng-ust-ctl.so.6", .least_minor = 15, .greatest_minor = 16,
		.reports_version = true, .protocol = 11, .socket_name = "lttng-ust-sock-11", .has_event_token = true,
		.has_packets = true, .is_2_15 = true, .crash_record_major = 1, .least_discard_subbuffers = 2,
	},
	{
		.name = "2.14", .soname = "liblttng-ust-ctl.so.6", .least_minor = 14, .greatest_minor = 14,
		.reports_version = true, .protocol = 10, .socket_name = "lttng-ust-sock-8", .has_event_token = true,
		.has_packets = true, .is_2_15 = false, .crash_record_major = 0, .least_discard_subbuffers = 1,
	},
	{
		.name = "2.13", .soname = "liblttng-ust-ctl.so.5", .least_minor = 13, .greatest_minor = 13,
		.reports_version = false, .protocol = 9, .socket_name = "lttng-ust-sock-8", .has_event_token = false,
		.has_packets = false, .is_2_15 = false, .crash_record_major = 0, .least_discard_subbuffers = 1,
	},
};
enum { GENERATIONS = sizeof(generations) / sizeof(generations[0]) };

const struct clu_generation *clu_generation;
struct clu_functions ust;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static struct clu_load_error load_result;
static char version[16];

/*
 * The library refers to this thread-local variable and leaves its definition to the executable, which therefore
 * has to export it: see the linker settings of this target. The library keeps its state for SIGBUS in it.
 * No handler stays installed: the files of the buffers are sealed against shrinking, and a mapped page cannot
 * vanish otherwise. clu_get_next_subbuf_guarded is for a file that is not sealed.
 *
 * The same in 2.13 to 2.16: DEFINE_LTTNG_UST_SIGBUS_STATE of <lttng/ust-sigbus.h>.
 */
__attribute__((visibility("default"))) __thread __attribute__((tls_model("initial-exec")))
struct clu_sigbus_state lttng_ust_sigbus_state;

/* The signals of the library's timers (SIGRTMIN, + 1) and of their tear-down (+ 2), for the library's own thread. */
static void timer_signals(sigset_t *set)
{
	sigemptyset(set);
	for (int i = 0; i < 3; i++)
		sigaddset(set, SIGRTMIN + i);
}

/*
 * The timers' signals are sent to the process, and their default action ends it; so every thread has to block
 * them. A thread inherits its mask from the thread that starts it. Loading the library blocks the signals in the
 * loading thread only, too late for threads that already run. So they are blocked here, before main.
 */
__attribute__((constructor)) static void block_timer_signals(void)
{
	sigset_t set;

	timer_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/*
 * One thread unblocks them nevertheless: the main thread of a Swift program with an asynchronous main, which
 * libdispatch parks in sigsuspend(2) with no signal blocked, and which the kernel prefers to any other. So this
 * function replaces the C library's sigsuspend, for the whole program, and keeps the three blocked; the executable
 * exports it.
 */
__attribute__((visibility("default"))) int sigsuspend(const sigset_t *mask)
{
	sigset_t with_timers = *mask;

	for (int i = 0; i < 3; i++)
		sigaddset(&with_timers, SIGRTMIN + i);
	/* The kernel's set has 64 signals; the C library's is larger. */
	return (int)syscall(SYS_rt_sigsuspend, &with_timers, _NSIG / 8);
}

/* Notes a reason. The first library that is installed and not usable is the best one: it was tried first for a reason. */
static void set_error(int reason, const char *soname, const char *text)
{
	if (load_result.reason == CLU_WRONG_VERSION || load_result.reason == CLU_SYMBOL_MISSING)
		return;
	load_result.reason = reason;
	snprintf(load_result.soname, sizeof(load_result.soname), "%s", soname);
	snprintf(load_result.text, sizeof(load_result.text), "%s", text ? text : "");
}

/* ---- The version of the tracer ---- */

static bool contains(const char *data, size_t length, const char *text)
{
	return memmem(data, length, text, strlen(text)) != NULL;
}

/*
 * Returns the generation of the liblttng-ust.so.1 in a directory, by texts that it contains: the name of its socket
 * is that of the oldest compatible protocol (2.15 and later: 11), and 2.14 added an environment variable. Null if
 * unknown.
 */
static const struct clu_generation *tracer_in(const char *directory)
{
	const struct clu_generation *found = NULL;
	char path[4096];
	struct stat status;
	const char *data;
	int file;

	snprintf(path, sizeof(path), "%s/liblttng-ust.so.1", directory);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return NULL;
	if (fstat(file, &status) == 0 && status.st_size > 0) {
		size_t length = (size_t)status.st_size;

		data = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
		if (data != MAP_FAILED) {
			if (contains(data, length, generations[0].socket_name))
				found = &generations[0];
			else if (contains(data, length, generations[1].socket_name))
				found = contains(data, length, "LTTNG_UST_APP_PATH") ? &generations[1] : &generations[2];
			munmap((void *)data, length);
		}
	}
	close(file);
	return found;
}

/*
 * Returns the generation of the tracer that a traced process loads on this machine; null if unknown. The tracer is not
 * loaded, since it would trace this process. It is next to liblttng-ust-common.so.1, which it shares with
 * liblttng-ust-ctl and of which the dynamic loader finds one.
 */
static const struct clu_generation *installed_tracer(void)
{
	void *common = dlopen("liblttng-ust-common.so.1", RTLD_LAZY | RTLD_LOCAL);
	struct link_map *map = NULL;
	char directory[4096];
	char *end;

	if (!common || dlinfo(common, RTLD_DI_LINKMAP, &map) != 0 || !map || !map->l_name)
		return NULL;
	snprintf(directory, sizeof(directory), "%s", map->l_name);
	end = strrchr(directory, '/');
	if (!end)
		return NULL;
	*end = 0;
	return tracer_in(directory);
}

/* ---- Loading ---- */

static void *symbol(void *library, const char *name)
{
	char full[128];

	snprintf(full, sizeof(full), "lttng_ust_ctl_%s", name);
	return dlsym(library, full);
}

/*
 * Returns the generation of a loaded library; null, with the error set, if it is unknown. The one without
 * lttng_ust_ctl_get_version is identified by its soname: 5 is that of 2.13 alone (ust_ctl_lib_version_current of
 * configure.ac).
 */
static const struct clu_generation *identify(void *library, const char *soname)
{
	int (*get_version)(uint32_t *, uint32_t *, uint32_t *) =
		(int (*)(uint32_t *, uint32_t *, uint32_t *))symbol(library, "get_version");
	uint32_t major = 0, minor = 0, patchlevel = 0;
	char text[sizeof(load_result.text)];

	if (get_version && get_version(&major, &minor, &patchlevel) < 0)
		get_version = NULL;
	for (size_t i = 0; i < GENERATIONS; i++) {
		const struct clu_generation *one = &generations[i];

		if (strcmp(one->soname, soname) || one->reports_version != (get_version != NULL))
			continue;
		if (!get_version) {
			snprintf(version, sizeof(version), "%s", one->name);
			return one;
		}
		if (major == 2 && minor >= one->least_minor && minor <= one->greatest_minor) {
			snprintf(version, sizeof(version), "%u.%u.%u", major, minor, patchlevel);
			return one;
		}
	}
	if (get_version)
		snprintf(text, sizeof(text), "%s of version %u.%u.%u", soname, major, minor, patchlevel);
	else
		snprintf(text, sizeof(text), "%s, which reports no version", soname);
	set_error(CLU_WRONG_VERSION, soname, text);
	return NULL;
}

/* Resolves every function that the generation has; returns false, with the error set, if one is missing. */
static bool resolve(void *library, const struct clu_generation *generation)
{
#define RESOLVE(type, name, parameters) \
	ust.name = (__typeof__(ust.name))symbol(library, #name); \
	if (!ust.name) { \
		set_error(CLU_SYMBOL_MISSING, generation->soname, "lttng_ust_ctl_" #name); \
		memset(&ust, 0, sizeof(ust)); \
		return false; \
	}
#define RESOLVE_OF_STREAM(type, name, parameters, arguments) RESOLVE(type, name, parameters)
	CLU_PLAIN_FUNCTIONS(RESOLVE)
	CLU_STREAM_FUNCTIONS(RESOLVE_OF_STREAM)
	if (generation->has_packets) {
		CLU_PACKET_FUNCTIONS(RESOLVE)
	}
#undef RESOLVE_OF_STREAM
#undef RESOLVE
	if (generation->has_event_token)
		ust.recv_register_event.with_token =
			(clu_recv_register_event_2_14 *)symbol(library, "recv_register_event");
	else
		ust.recv_register_event.without_token =
			(clu_recv_register_event_2_13 *)symbol(library, "recv_register_event");
	if (!ust.recv_register_event.with_token) {
		set_error(CLU_SYMBOL_MISSING, generation->soname, "lttng_ust_ctl_recv_register_event");
		memset(&ust, 0, sizeof(ust));
		return false;
	}
	if (generation->is_2_15)
		ust.fixup_stalled_stream =
			(__typeof__(ust.fixup_stalled_stream))symbol(library, "fixup_stalled_stream");
	/* dlsym searches the library's dependencies as well. */
	ust.strerror = (const char *(*)(int))dlsym(library, "lttng_ust_strerror");
	return true;
}

/* Returns whether a library of this soname was loaded and is usable; sets the error otherwise. */
static bool load_library(const char *soname)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	const struct clu_generation *generation;
	char text[sizeof(load_result.text)];
	const char *reason;

	if (!library) {
		reason = dlerror();
		snprintf(text, sizeof(text), "%s%s%s", load_result.text, *load_result.text ? "; " : "",
			 reason ? reason : soname);
		set_error(CLU_LIBRARY_MISSING, soname, text);
		return false;
	}
	generation = identify(library, soname);
	if (!generation || !resolve(library, generation)) {
		dlclose(library);
		return false;
	}
	clu_generation = generation;
	memset(&load_result, 0, sizeof(load_result));
	return true;
}

/* Sets the error if the library is installed under a soname that is not in the table. */
static void look_for_other_sonames(void)
{
	char soname[32];
	void *library;

	for (int number = 9; number > 0; number--) {
		bool is_known = false;

		snprintf(soname, sizeof(soname), "liblttng-ust-ctl.so.%d", number);
		for (size_t i = 0; i < GENERATIONS; i++)
			is_known |= !strcmp(generations[i].soname, soname);
		library = is_known ? NULL : dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
		if (library) {
			dlclose(library);
			set_error(CLU_WRONG_VERSION, soname, soname);
			return;
		}
	}
}

static void load(void)
{
	const struct clu_generation *tracer = installed_tracer();

	/*
	 * The library uses liburcu but, as built by distributions, does not list it as a dependency. Without it the
	 * next call fails with the name of the missing symbol, so this result is ignored.
	 */
	(void)dlopen("liburcu.so.8", RTLD_NOW | RTLD_GLOBAL);
	if (tracer && load_library(tracer->soname))
		return;
	for (size_t i = 0; i < GENERATIONS; i++) {
		bool is_tried = tracer && !strcmp(tracer->soname, generations[i].soname);

		for (size_t j = 0; j < i; j++)
			is_tried |= !strcmp(generations[j].soname, generations[i].soname);
		if (!is_tried && load_library(generations[i].soname))
			return;
	}
	if (load_result.reason == CLU_LIBRARY_MISSING)
		look_for_other_sonames();
}

bool clu_load(struct clu_load_error *error)
{
	sigset_t before, timers;

	/*
	 * Loading runs constructors that change the calling thread's mask. The mask is restored, except that the
	 * timers' signals stay blocked: if any thread unblocked them, the first timer would end the process.
	 */
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	pthread_once(&load_once, load);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	timer_signals(&timers);
	pthread_sigmask(SIG_BLOCK, &timers, NULL);
	if (error)
		*error = load_result;
	return clu_generation != NULL;
}

/* ---- What was loaded ---- */

const char *clu_library_name(void)
{
	return clu_generation ? clu_generation->soname : "liblttng-ust-ctl";
}

const char *clu_library_version(void)
{
	return clu_generation ? version : "";
}

const char *clu_series(void)
{
	return clu_generation ? clu_generation->name : "";
}

uint32_t clu_protocol(void)
{
	return clu_generation ? clu_generation->protocol : 0;
}

const char *clu_socket_name(int number)
{
	const struct clu_generation *first = clu_generation ? clu_generation : &generations[0];
	int found = 0;

	if (number == 0)
		return first->socket_name;
	for (size_t i = 0; i < GENERATIONS; i++) {
		bool is_listed = !strcmp(generations[i].socket_name, first->socket_name);

		for (size_t j = 0; j < i; j++)
			is_listed |= !strcmp(generations[j].socket_name, generations[i].socket_name);
		if (!is_listed && ++found == number)
			return generations[i].socket_name;
	}
	return NULL;
}

uint64_t clu_least_subbuffers(bool overwrite)
{
	return overwrite || !clu_generation ? 2 : clu_generation->least_discard_subbuffers;
}

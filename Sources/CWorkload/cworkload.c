/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "cprocess.h"
#include "cworkload.h"
#include "writing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/* The number of events between two checks of standard input while writing without a pause. */
#define EVENTS_BETWEEN_LOOKS 1024

/* A check takes a system call: with SPIN it is made only before a pause longer than this, in ns. */
#define PAUSE_FOR_A_LOOK 50000

struct run {
	uint64_t first, count, rate, burst, seed;
	uint32_t payload, spread, spin;
};

static void sleep_until(uint64_t when)
{
	struct timespec ts = { .tv_sec = (time_t)(when / 1000000000u), .tv_nsec = (long)(when % 1000000000u) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* Returns 1 if the parent program has ended: its end of standard input is closed. */
static int orphaned(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = 0 };

	return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL));
}

static struct cworkload_progress nowhere, *progress = &nowhere;

struct cworkload_progress cworkload_load_progress(const struct cworkload_progress *page)
{
	struct cworkload_progress now;

	now.refused = __atomic_load_n(&page->refused, __ATOMIC_ACQUIRE);
	now.ended = __atomic_load_n(&page->ended, __ATOMIC_ACQUIRE);
	now.begun = __atomic_load_n(&page->begun, __ATOMIC_ACQUIRE);
	return now;
}

void *map_named(const char *variable, int flags, uint64_t *size)
{
	const char *path = getenv(variable);
	struct stat status;
	void *mapped = MAP_FAILED;
	int fd;

	if (!path)
		return NULL;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return MAP_FAILED;
	if (!fstat(fd, &status)) {
		*size = (uint64_t)status.st_size;
		mapped = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);
	}
	close(fd);
	return mapped;
}

/* Maps the progress page, if there is one. Returns 0, or -1 if the file cannot be mapped. */
static int map_progress(void)
{
	uint64_t size;
	void *page = map_named("ABI_COMPARE_PROGRESS", 0, &size);

	if (page == MAP_FAILED)
		return -1;
	if (page)
		progress = page;
	return 0;
}

/* Writes one event and counts it. A signal handler may write within it, and another thread in parallel. */
static int write_one(const struct cworkload_sink *sink, uint64_t sequence, const void *payload, uint32_t length)
{
	int result;

	count(&progress->begun);
	result = sink->write(sink->context, sequence, payload, length);
	if (result)
		count(&progress->refused);
	count(&progress->ended);
	return result;
}

static int write_events(const struct cworkload_sink *sink, const struct run *run, const void *payload,
			struct outcome *out)
{
	uint64_t burst = run->burst ? run->burst : 1;
	uint64_t since_look = 0;

	memset(out, 0, sizeof(*out));
	out->begin = now();
	for (uint64_t i = 0; i < run->count; i++) {
		int paced = run->rate && i % burst == 0;
		uint64_t when = paced ? out->begin + due_after(i, run->rate) : 0;

		if (paced && !run->spin) {
			sleep_until(when);
			since_look = EVENTS_BETWEEN_LOOKS;
		} else if (paced && now() + PAUSE_FOR_A_LOOK < when) {
			since_look = EVENTS_BETWEEN_LOOKS;
		}
		if (since_look++ >= EVENTS_BETWEEN_LOOKS) {
			since_look = 0;
			if (orphaned())
				return -1;
		}
		if (paced && run->spin)
			spin_until(when);

		uint64_t sequence = run->first + i;
		int result = write_one(sink, sequence, payload,
				       cworkload_payload(sequence, run->payload, run->spread, run->seed));

		count_outcome(out, result);
	}
	out->end = now();
	return 0;
}

/* Ends the program inside a write, without a core file. */
static int fault(const struct cworkload_sink *sink, uint64_t sequence)
{
	const struct rlimit no_core = { .rlim_cur = 0, .rlim_max = 0 };
	uint32_t length = 64;
	void *payload = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* SIG_DFL, so that no handler of a linked library runs first. */
	if (payload == MAP_FAILED || setrlimit(RLIMIT_CORE, &no_core) || signal(SIGSEGV, SIG_DFL) == SIG_ERR)
		return EX_OSERR;
	write_one(sink, sequence, payload, length);
	return EX_SOFTWARE;
}

/* The held event: its payload page, which cannot be read before `go`, and the data for the commands meanwhile. */
static struct {
	void *payload;
	long size;
	const char *program;
	const struct cworkload_sink *sink;
	/* The process id of the parent. A stopped process does not notice the end of its input. */
	int parent;
} held;

/* The command loop's return value at `go`; no exit status has this value. */
#define GO_ON 256

/* The return value of hold() after the answer `cannot hold`. */
#define CANNOT 257

static int serve(const char *program, const struct cworkload_sink *sink);

/* SIGSEGV handler. It runs inside the write, at the copy of the payload: the event is reserved and not committed. */
static void stay_inside(int signal, siginfo_t *info, void *context)
{
	int result;

	(void)context;
	if ((uintptr_t)info->si_addr - (uintptr_t)held.payload >= (uintptr_t)held.size) {
		/* A fault elsewhere: the instruction is repeated and ends the program. */
		struct sigaction by_default = { .sa_handler = SIG_DFL };

		sigaction(signal, &by_default, NULL);
		return;
	}
	/* stdio is safe here: the sink was interrupted, and it uses none. */
	puts("held");
	result = fflush(stdout) ? EX_IOERR : serve(held.program, held.sink);
	if (result != GO_ON)
		_exit(result);
	if (mprotect(held.payload, (size_t)held.size, PROT_READ))
		_exit(EX_OSERR);
}

/* Returns a userfaultfd that reports the first access to a page and blocks the accessing thread; or -1. */
static int watch_page(void *page, long size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = {
		.range = { .start = (uintptr_t)page, .len = (uint64_t)size }, .mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (faults < 0)
		return -1;
	if (ioctl(faults, UFFDIO_API, &api) || ioctl(faults, UFFDIO_REGISTER, &area)) {
		close(faults);
		return -1;
	}
	return faults;
}

/* Prints the answer `cannot hold`. Resources made for the hold stay until the program ends; it accepts other commands. */
static int cannot_hold(const char *what, const char *why)
{
	held.payload = NULL;
	printf("cannot hold: %s: %s\n", what, why);
	return fflush(stdout) ? EX_IOERR : CANNOT;
}

struct held_write {
	const struct cworkload_sink *sink;
	const struct run *run;
	struct outcome *out;
	int result;
};

static void *write_held(void *context)
{
	struct held_write *write = context;

	write->result = write_events(write->sink, write->run, held.payload, write->out);
	return NULL;
}

/* Waits until the thread faults on the page. Returns 1, or 0 if the thread has ended without a fault. */
static int awaits_page(int faults, pthread_t thread)
{
	struct pollfd request = { .fd = faults, .events = POLLIN };

	while (poll(&request, 1, 10) <= 0) {
		if (pthread_tryjoin_np(thread, NULL) == 0)
			return 0;
	}
	return 1;
}

/*
 * Writes one event in another thread. The kernel blocks the thread at the copy of the payload, since the page is missing.
 * Returns 0, CANNOT or an exit status.
 */
static int hold_in_kernel(const char *program, const struct cworkload_sink *sink, const struct run *run,
			  struct outcome *out)
{
	struct held_write write = { .sink = sink, .run = run, .out = out };
	struct uffdio_zeropage page;
	pthread_t thread;
	int faults, result;

	held.payload = sink->payload_page(sink->context);
	faults = watch_page(held.payload, held.size);
	if (faults < 0)
		return cannot_hold("userfaultfd", strerror(errno));
	result = pthread_create(&thread, NULL, write_held, &write);
	if (result)
		return cannot_hold("pthread_create", strerror(result));
	if (!awaits_page(faults, thread)) {
		close(faults);
		return cannot_hold("the write", "it did not wait for its payload");
	}
	puts("held");
	result = fflush(stdout) ? EX_IOERR : serve(program, sink);
	if (result != GO_ON)
		_exit(result);
	page = (struct uffdio_zeropage){ .range = { .start = (uintptr_t)held.payload, .len = (uint64_t)held.size } };
	if (ioctl(faults, UFFDIO_ZEROPAGE, &page) || pthread_join(thread, NULL))
		_exit(EX_OSERR);
	close(faults);
	madvise(held.payload, (size_t)held.size, MADV_DONTNEED);
	held.payload = NULL;
	return write.result ? EX_IOERR : 0;
}

/* Writes one event and stays inside the write until `go`. Returns 0, CANNOT or an exit status. */
static int hold(const char *program, const struct cworkload_sink *sink, const struct run *run, struct outcome *out)
{
	const struct sigaction stay = { .sa_sigaction = stay_inside, .sa_flags = SA_SIGINFO };
	struct sigaction before;
	int result;

	cprocess_end_with_parent(held.parent);
	held.size = sysconf(_SC_PAGESIZE);
	if (run->payload == 0 || run->payload > held.size)
		return cannot_hold("the payload", "it has to be 1 byte to a page");
	if (sink->payload_page)
		return hold_in_kernel(program, sink, run, out);
	held.program = program;
	held.sink = sink;
	held.payload = mmap(NULL, (size_t)held.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (held.payload == MAP_FAILED || sigaction(SIGSEGV, &stay, &before)) {
		held.payload = NULL;
		return EX_OSERR;
	}
	result = write_events(sink, run, held.payload, out);
	sigaction(SIGSEGV, &before, NULL);
	munmap(held.payload, (size_t)held.size);
	held.payload = NULL;
	return result ? EX_IOERR : 0;
}

static int answer(const struct outcome *out)
{
	printf("done %" PRIu64 " %" PRIu64 " %" PRIu64 " %d %" PRIu64 " %" PRIu64 "\n", out->produced, out->accepted,
	       out->refused, out->first_errno, out->begin, out->end);
	return fflush(stdout) ? EX_IOERR : 0;
}

/* Executes commands until `quit`, `go` or the end of the input. Returns GO_ON at `go`, else an exit status. */
static int serve(const char *program, const struct cworkload_sink *sink)
{
	static unsigned char payload[CWORKLOAD_MAX_PAYLOAD];
	char line[256];

	memset(payload, 0x5a, sizeof(payload));
	while (fgets(line, sizeof(line), stdin)) {
		struct run run = { 0 };
		struct outcome out;
		struct timed_load timed = { 0 };
		int result;

		if (!strcmp(line, "quit\n"))
			return EX_OK;
		if (held.payload && !strcmp(line, "go\n"))
			return GO_ON;
		if (sscanf(line, "fault %" SCNu64, &run.first) == 1)
			return fault(sink, run.first);
		if (!held.payload && sscanf(line, "hold %" SCNu64 " %" SCNu32, &run.first, &run.payload) == 2) {
			run.count = 1;
			result = hold(program, sink, &run, &out);
		} else if (sscanf(line, "step %" SCNu64 " %" SCNu32, &run.first, &run.payload) == 2 &&
			   run.payload <= CWORKLOAD_MAX_PAYLOAD) {
			run.count = 1;
			syscall(SYS_prctl, CWORKLOAD_MARK, CWORKLOAD_STEP, 0, 0, 0);
			result = write_events(sink, &run, payload, &out) ? EX_IOERR : 0;
		} else if (sscanf(line, "run %" SCNu64 " %" SCNu64 " %" SCNu32 " %" SCNu64 " %" SCNu64 " %" SCNu32
				  " %" SCNu64 " %" SCNu32, &run.first, &run.count, &run.payload, &run.rate, &run.burst,
				  &run.spread, &run.seed, &run.spin) == 8 &&
			   run.payload <= CWORKLOAD_MAX_PAYLOAD &&
			   run.spread <= CWORKLOAD_MAX_PAYLOAD - run.payload) {
			result = write_events(sink, &run, payload, &out) ? EX_IOERR : 0;
		} else if (sscanf(line, "timed %" SCNu64 " %" SCNu64 " %" SCNu32 " %" SCNu64 " %d", &timed.first, &timed.count,
				  &timed.payload, &timed.rate, &timed.writes) == 5 &&
			   timed.payload <= CWORKLOAD_MAX_PAYLOAD && timed.rate > 0) {
			result = write_timed(program, sink, &timed, payload, progress, held.parent, &out);
		} else {
			fprintf(stderr, "%s: not a command: %s", program, line);
			result = EX_USAGE;
		}
		if (result == CANNOT)
			continue;
		if (!result)
			result = answer(&out);
		if (result)
			return result;
	}
	return EX_OK;
}

int cworkload_main(int argc, char **argv, const struct cworkload_sink *sink)
{
	char *end;

	if (argc < 2) {
		fprintf(stderr, "usage: %s CPU [...]\n", argv[0]);
		return EX_USAGE;
	}
	long cpu = strtol(argv[1], &end, 10);
	if (end == argv[1] || *end || cpu < 0 || cpu > INT_MAX) {
		fprintf(stderr, "%s: not a CPU: %s\n", argv[0], argv[1]);
		return EX_USAGE;
	}
	if (cprocess_pin((int)cpu)) {
		fprintf(stderr, "%s: sched_setaffinity to CPU %ld: %s\n", argv[0], cpu, strerror(errno));
		return EX_OSERR;
	}
	held.parent = getppid();
	if (map_progress()) {
		fprintf(stderr, "%s: map ABI_COMPARE_PROGRESS: %s\n", argv[0], strerror(errno));
		return EX_OSERR;
	}
	if (sink->open && sink->open(sink->context, argc - 2, argv + 2))
		return EX_UNAVAILABLE;
	printf("ready %ld\n", cpu);
	fflush(stdout);
	return serve(argv[0], sink);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The producer for the kernel tracer of LTTng: each event is one write(2) to /proc/lttng-logger.
 *
 * The event is text, since the tracer copies it up to a NUL (lttng_logger of lttng-modules, src/probes/lttng.c):
 *
 *   0   sequence number, 16 hexadecimal digits, the highest first
 *   16  bytes
 */
#include "cworkload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIGITS 16
/* LTTNG_LOGGER_COUNT_MAX: a longer text is truncated, and write(2) returns this. */
#define LONGEST_TEXT 1024

struct logger {
	int fd;
	char text[LONGEST_TEXT];
};

static int logger_open(void *context, int argc, char **argv)
{
	struct logger *logger = context;

	if (argc != 1) {
		fprintf(stderr, "usage: abi-compare-logger-writer CPU LTTNG_LOGGER\n");
		return -1;
	}
	logger->fd = open(argv[0], O_WRONLY | O_CLOEXEC);
	if (logger->fd < 0) {
		fprintf(stderr, "abi-compare-logger-writer: open %s: %s\n", argv[0], strerror(errno));
		return -1;
	}
	return 0;
}

static int logger_write(void *context, uint64_t sequence, const void *payload, uint32_t length)
{
	struct logger *logger = context;

	if (length > LONGEST_TEXT - DIGITS)
		return -EMSGSIZE;
	for (int i = 0; i < DIGITS; i++)
		logger->text[i] = "0123456789abcdef"[sequence >> 4 * (DIGITS - 1 - i) & 0xf];
	memcpy(logger->text + DIGITS, payload, length);

	ssize_t written = write(logger->fd, logger->text, DIGITS + (size_t)length);

	if (written < 0)
		return -errno;
	return (size_t)written == DIGITS + (size_t)length ? 0 : -EIO;
}

int main(int argc, char **argv)
{
	static struct logger logger;
	const struct cworkload_sink sink = {
		.open = logger_open, .write = logger_write, .payload_page = 0, .context = &logger,
	};

	return cworkload_main(argc, argv, &sink);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The producer for ring buffers that are fed by a uprobe: each event is one call of abi_compare_emit, at whose first
 * instruction the kernel takes the arguments.
 *
 *   first argument   u64  sequence number
 *   second argument  the address of a text of as many bytes as the payload has, and a NUL
 */
#include "cworkload.h"

#include <stdio.h>
#include <string.h>

/* MAX_STRING_SIZE of kernel/trace/trace_probe.h is PATH_MAX; an event has other fields in its page, too. */
#define LONGEST_TEXT 4000

static char text[LONGEST_TEXT + 1];

void abi_compare_emit(uint64_t sequence, const char *payload);

/*
 * The function begins with an instruction that the kernel need not execute in a step of its own. Of x86 it is the nop of five
 * bytes, which Linux 6.18 replaces by a call (arch/x86/kernel/uprobes.c, arch_uprobe_optimize).
 */
__asm__(
	".text\n"
	".globl abi_compare_emit\n"
	".type abi_compare_emit, %function\n"
	"abi_compare_emit:\n"
#if defined(__x86_64__)
	"	.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
#else
	"	nop\n"
#endif
	"	ret\n"
	".size abi_compare_emit, . - abi_compare_emit\n");

static int emit_open(void *context, int argc, char **argv)
{
	(void)context;
	(void)argv;
	if (argc != 0) {
		fprintf(stderr, "usage: abi-compare-probed-writer CPU\n");
		return -1;
	}
	/* The kernel reads the text without a page fault: each page must be there. */
	memset(text, 'x', LONGEST_TEXT);
	return 0;
}

static int emit_write(void *context, uint64_t sequence, const void *payload, uint32_t length)
{
	(void)context;
	(void)payload;
	abi_compare_emit(sequence, text + LONGEST_TEXT - (length < LONGEST_TEXT ? length : LONGEST_TEXT));
	return 0;
}

int main(int argc, char **argv)
{
	struct cworkload_sink sink = { .open = emit_open, .write = emit_write };

	return cworkload_main(argc, argv, &sink);
}

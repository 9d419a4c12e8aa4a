/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry point, system calls and output of a 32-bit program on a 64-bit x86 kernel.
 *
 * The program is built on demand without libraries (-m32 -ffreestanding -nostdlib -static), so it makes its own system
 * calls (int $0x80; numbers from arch/x86/entry/syscalls/syscall_32.tbl). It prints one `name value` per line, values in
 * hexadecimal. A failed call has the value 0xffff…, a negative errno. The last line begins with `end`.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

enum { SYS_exit = 1, SYS_write = 4, SYS_open = 5, SYS_ioctl = 54, SYS_mmap2 = 192 };
enum { OPEN_FLAGS = 04000 /* O_RDONLY | O_NONBLOCK */, PROT_READ = 1, MAP_SHARED = 1 };

static int call(int number, u32 first, u32 second, u32 third)
{
	int result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second), "d"(third)
			 : "memory");
	return result;
}

/* Maps a file from its beginning. The offset is the sixth argument, in %ebp. */
static int map(int fd, u32 length)
{
	int result;

	__asm__ volatile("push %%ebp\n\txor %%ebp, %%ebp\n\tint $0x80\n\tpop %%ebp"
			 : "=a"(result)
			 : "a"(SYS_mmap2), "b"(0), "c"(length), "d"(PROT_READ), "S"(MAP_SHARED), "D"(fd)
			 : "memory");
	return result;
}

static int failed(int result)
{
	return (u32)result > (u32)-4096;
}

static void say(const char *name, u64 value)
{
	char line[80];
	u32 length = 0;

	while (*name)
		line[length++] = *name++;
	line[length++] = ' ';
	for (int shift = 60; shift >= 0; shift -= 4)
		line[length++] = "0123456789abcdef"[(u32)(value >> shift) & 15];
	line[length++] = '\n';
	call(SYS_write, 1, (u32)line, length);
}

/* Prints the result of a call: the negative errno if it failed, else 0. Returns the result. */
static int say_result(const char *name, int result)
{
	say(name, failed(result) ? (u64)(long long)result : 0);
	return result;
}

/* Prints the number of events in a sub-buffer and the sequence numbers of the first and the last. */
static void say_events(u32 count, u64 first, u64 last)
{
	say("events", count);
	say("first", first);
	say("last", last);
}

/* The program's body; `arguments` is its argv. */
static void read_as_32(const char **arguments);

__attribute__((used)) void run(const u32 *stack)
{
	say("bytes_of_a_pointer", sizeof(void *));
	read_as_32((const char **)(stack + 1));
	say("end", 0);
	call(SYS_exit, 0, 0, 0);
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall run\n");

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of the mapped ring buffer with words of 32 bits, for a 64-bit x86 kernel: reader32 TRACE_PIPE_RAW
 *
 * It is built when it is needed, without any library (-m32 -ffreestanding -nostdlib -static), so it makes its own
 * system calls (int $0x80; numbers by arch/x86/entry/syscalls/syscall_32.tbl). It says what it sees, one `name value` a
 * line, values in hexadecimal, a refused call as 0xffff…: a negative errno.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

/* struct trace_buffer_meta, include/uapi/linux/trace_mmap.h, Linux 6.10, as a 32-bit compiler lays it out. */
struct trace_buffer_meta {
	u32 meta_page_size, meta_struct_len;
	u32 subbuf_size, nr_subbufs;
	struct {
		u64 lost_events;
		u32 id, read;
	} reader;
	u64 flags;
	u64 entries, overrun, read;
	u64 Reserved1, Reserved2;
};

enum { SYS_exit = 1, SYS_write = 4, SYS_open = 5, SYS_ioctl = 54, SYS_mmap2 = 192 };
enum { OPEN_FLAGS = 04000 /* O_RDONLY | O_NONBLOCK */, PROT_READ = 1, MAP_SHARED = 1 };
enum { GET_READER = 'R' << 8 | 0x20 }; /* _IO('R', 0x20) */
/* Of a 64-bit kernel: u64 time stamp, then the commit word of 8 bytes (events/header_page). */
enum { SUBBUFFER_HEADER = 16 };

static int call(int number, u32 first, u32 second, u32 third)
{
	int result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second), "d"(third)
			 : "memory");
	return result;
}

/* From the beginning of the file: the offset, the sixth argument, goes in %ebp. */
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

/* The fields, each loaded where this program's compiler has it. */
static void say_meta(const volatile struct trace_buffer_meta *meta)
{
	say("meta_struct_len", meta->meta_struct_len);
	say("subbuf_size", meta->subbuf_size);
	say("nr_subbufs", meta->nr_subbufs);
	say("reader.id", meta->reader.id);
	say("reader.read", meta->reader.read);
	say("entries", meta->entries);
	say("overrun", meta->overrun);
	say("read", meta->read);
}

/*
 * The events of a sub-buffer whose length is in the header, as all of the workload's are (type_len 1 .. 28): 8 bytes of
 * common fields, the id, then the sequence number.
 */
static void say_events(const unsigned char *subbuffer, u32 length)
{
	const unsigned char *event = subbuffer + SUBBUFFER_HEADER, *end = event + length;
	u64 first = 0, last = 0;
	u32 count = 0;

	while (event < end) {
		u32 type_len = *(const u32 *)event & 31;

		if (type_len == 30 || type_len == 31) { /* time extend, time stamp: one word more */
			event += 8;
			continue;
		}
		if (type_len == 0 || type_len == 29)
			break;
		last = *(const u64 *)(event + 4 + 8 + 4);
		if (!count++)
			first = last;
		event += 4 + type_len * 4;
	}
	say("events", count);
	say("first", first);
	say("last", last);
}

__attribute__((used)) void run(const u32 *stack)
{
	int fd, result;
	const volatile struct trace_buffer_meta *meta;
	const unsigned char *all;

	say("bytes_of_a_pointer", sizeof(void *));
	say("bytes_of_the_structure", sizeof(*meta));
	fd = call(SYS_open, stack[2], OPEN_FLAGS, 0);
	say("open", (u64)(long long)fd);
	result = map(fd, 4096);
	say("mmap", failed(result) ? (u64)(long long)result : 0);
	if (failed(result))
		call(SYS_exit, 1, 0, 0);
	meta = (const volatile struct trace_buffer_meta *)result;
	say_meta(meta);
	result = map(fd, meta->meta_page_size + meta->subbuf_size * meta->nr_subbufs);
	say("mmap_all", failed(result) ? (u64)(long long)result : 0);
	if (failed(result))
		call(SYS_exit, 1, 0, 0);
	all = (const unsigned char *)result;
	say_events(all + meta->meta_page_size + meta->reader.id * meta->subbuf_size, meta->reader.read);
	result = call(SYS_ioctl, (u32)fd, GET_READER, 0);
	say("ioctl", (u64)(long long)result);
	say("reader.id_after", meta->reader.id);
	say_events(all + meta->meta_page_size + meta->reader.id * meta->subbuf_size, meta->reader.read);
	say("end", 0);
	call(SYS_exit, 0, 0, 0);
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall run\n");

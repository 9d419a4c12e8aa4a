/* SPDX-License-Identifier: GPL-2.0-only */
/* libbpf's own reader of the BPF ring buffer, loaded at run time: a call of a function for each record. */
#define _GNU_SOURCE
#include "cloops.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct cloops_libbpf {
	void *library, *reader;
	int (*consume)(void *reader);
	void (*free)(void *reader);
	struct cloops_count count;
};

static int count_record(void *context, void *data, size_t size)
{
	struct cloops_count *count = context;
	uint64_t sequence;

	if (size < 16)
		return 0;
	memcpy(&sequence, (const char *)data + 8, sizeof(sequence));
	count->events++;
	count->sum += sequence;
	return 0;
}

struct cloops_libbpf *cloops_libbpf_open(int map)
{
	struct cloops_libbpf *r = calloc(1, sizeof(*r));
	void *(*new)(int, int (*)(void *, void *, size_t), void *, const void *);

	if (!r)
		return NULL;
	r->library = dlopen("libbpf.so.1", RTLD_NOW);
	if (r->library) {
		new = (void *(*)(int, int (*)(void *, void *, size_t), void *, const void *))dlsym(r->library, "ring_buffer__new");
		r->consume = (int (*)(void *))dlsym(r->library, "ring_buffer__consume");
		r->free = (void (*)(void *))dlsym(r->library, "ring_buffer__free");
		if (new && r->consume && r->free)
			r->reader = new(map, count_record, &r->count, NULL);
	}
	if (r->reader)
		return r;
	if (r->library)
		dlclose(r->library);
	free(r);
	return NULL;
}

void cloops_libbpf_close(struct cloops_libbpf *r)
{
	r->free(r->reader);
	dlclose(r->library);
	free(r);
}

int cloops_libbpf_drain(struct cloops_libbpf *r, struct cloops_count *count)
{
	r->count = (struct cloops_count){ 0 };
	int result = r->consume(r->reader);

	*count = r->count;
	return result < 0 ? result : 0;
}

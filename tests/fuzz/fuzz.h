/*
 * What the fuzz targets share. A target stops at what a sanitizer finds and
 * at a broken promise: FUZZ_CHECK says which.
 */
#ifndef SSHMEDIC_FUZZ_H
#define SSHMEDIC_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_CHECK(promise) \
	do { \
		if (!(promise)) { \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise); \
			abort(); \
		} \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether the len bytes at p lie within the size bytes at data. */
static inline int
fuzz_within(const void *p, size_t len, const void *data, size_t size)
{
	uintptr_t a = (uintptr_t)p, d = (uintptr_t)data;

	return len == 0 || (a >= d && len <= size && a - d <= size - len);
}

#endif

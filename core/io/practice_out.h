/*
 * Bytes on their way to a peer: a bounded buffer that a practice server fills
 * and its connection empties. What does not fit is dropped; that takes a peer
 * who sends a lot and reads nothing.
 */
#ifndef SSHMEDIC_PRACTICE_OUT_H
#define SSHMEDIC_PRACTICE_OUT_H

#include <stddef.h>

enum { PRACTICE_OUT_MAX = 16 * 1024 };

struct practice_out {
	size_t len;
	char b[PRACTICE_OUT_MAX];
};

/* Append len bytes as a whole, or nothing where they do not fit. */
void practice_out_add(struct practice_out *o, const void *data, size_t len);
void practice_out_puts(struct practice_out *o, const char *s);
/* The first n bytes are gone. */
void practice_out_drop(struct practice_out *o, size_t n);

#endif

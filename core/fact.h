/*
 * Facts: a set of named bits that learn*.c and derive.c set from evidence and
 * that rules and the plan read. The list is fact.def. Pure.
 */
#ifndef SSHMEDIC_FACT_H
#define SSHMEDIC_FACT_H

#include <stdbool.h>
#include <stdint.h>

/* F_NONE is 0, so that a list of facts ends where its array is zero. */
enum fact {
	F_NONE,
#define FACT(id, help) F_##id,
#include "fact.def"
#undef FACT
	F__COUNT
};

struct factset {
	uint64_t w[(F__COUNT + 63) / 64];
};

static inline bool
fact_has(const struct factset *s, enum fact f)
{
	return (s->w[f / 64] >> (f % 64)) & 1;
}

static inline void
fact_add(struct factset *s, enum fact f)
{
	s->w[f / 64] |= (uint64_t)1 << (f % 64);
}

/* The name in fact.def, e.g. "TCP_OPEN", and what it means. */
const char *fact_name(enum fact f);
const char *fact_help(enum fact f);

#endif

/*
 * A list of targets, a line each, as a file or stdin has it: blank lines and
 * what follows a '#' at a line's begin or behind a blank are left out. Called by main.c. Pure.
 */
#ifndef SSHMEDIC_TARGETLIST_H
#define SSHMEDIC_TARGETLIST_H

#include <stdio.h>

#include "target.h"

enum {
	TARGETLIST_LINE = TARGET_INPUT_MAX + 256,
	TARGETLIST_ERRORS = 10,
	TARGETLIST_BYTES = 16 * 1024 * 1024 /* of a list; the rest of a longer one is not read */
};

struct targetlist {
	struct target *v; /* allocated; the caller's to free() */
	size_t n;
};

/*
 * Add the targets of in, at most max in all; one that the list has already is not added again. Each line that is
 * no target is a sentence with name and number on complaints, ten at most. Returns 0, or -1 after complaining.
 */
int targetlist_read(struct targetlist *l, FILE *in, const char *name, size_t max, FILE *complaints);

#endif

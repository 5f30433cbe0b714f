/*
 * What change_apply.c (journal, order of steps) and change_do.c (one row for each kind of
 * change) share. Nobody else includes it.
 */
#ifndef SSHMEDIC_CHANGE_DO_H
#define SSHMEDIC_CHANGE_DO_H

#include "change_apply.h"
#include "wholefile.h"

struct change_plan {
	struct change c;
	char fix[40];
	struct wholefile file; /* of what edits a file: as it was read */
	char *new_bytes;
	size_t new_len;
	char path[PATH_LEN]; /* of the others */
	struct stat st;      /* of it; st_nlink 0: not there */
	mode_t new_mode;
	char *lines[CHANGE_LINES];
	size_t nlines;
};

/* What is there now: as before the change, as the change left it, or neither. */
enum change_looks { LOOKS_OLD, LOOKS_NEW, LOOKS_OTHER };

struct change_do {
	/* Look at what is there and fill in the plan. */
	int (*preview)(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR]);
	/* Whether all is still as it was previewed. */
	int (*check)(const struct change_plan *p, char err[CHANGE_ERR]);
	/* Fill in the entry's fields. */
	void (*describe)(const struct change_plan *p, struct journal_entry *e);
	int (*apply)(
	    const struct change_plan *p, const struct journal_entry *e, char err[CHANGE_ERR]);
	enum change_looks (*look)(const struct journal_entry *e);
	int (*undo)(struct journal *j, const struct journal_entry *e, char err[CHANGE_ERR]);
};

extern const struct change_do change_does[CHANGE__COUNT];

/* The file by way of which a file is replaced, in the same folder. */
void change_temp_name(const char *path, const char *id, char temp[PATH_LEN]);

#endif

/*
 * The themes that are there, read and checked, to choose one from: what the
 * theme picker shows. Called by app_theme.c and by tests.
 */
#ifndef SSHMEDIC_TUI_SHELF_H
#define SSHMEDIC_TUI_SHELF_H

#include "theme.h"
#include "theme_check.h"

struct shelf_theme {
	char name[THEME_NAME_LEN]; /* as --theme takes it */
	bool own;                  /* the user's */
	int faults;                /* in its files, and errors of the check */
	struct theme theme;
	struct theme_check check;
};

struct shelf {
	size_t n;
	enum colour_depth depth; /* what the terminal shows of it */
	struct shelf_theme *at;
};

/*
 * Read all themes anew, so that a file that was changed is seen; current is one
 * of them, or it is put before them with its own name. The caller frees it. NULL only out of memory.
 */
struct shelf *shelf_new(const struct theme *current, enum colour_depth depth);
void shelf_free(struct shelf *s);
/* The place of a theme by its looks; 0 where it is not there. */
int shelf_find(const struct shelf *s, const struct theme *t);

#endif

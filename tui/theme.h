/*
 * Themes: what each role looks like. Owns the parser of theme files and the
 * search for them; knows nothing of ncurses (screen.c turns styles into
 * pairs). Called by main.c for --theme and --list-themes.
 */
#ifndef SSHMEDIC_TUI_THEME_H
#define SSHMEDIC_TUI_THEME_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum role {
#define ROLE(id, name, look, mono, help) ROLE_##id,
#include "role.def"
#undef ROLE
	ROLE__COUNT
};

enum { /* attributes */
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
	LOOK_ITALIC = 1 << 4
};

/* A colour in three precisions; the screen takes what its terminal has. */
struct colour {
	int32_t rgb; /* 0xRRGGBB, -1: the terminal's default colour */
	int16_t c256, c16;
};

struct look {
	struct colour fg, bg;
	unsigned attrs;
	unsigned mono; /* attributes where there is no colour */
};

enum { THEME_NAME_LEN = 64 };

struct theme {
	char name[THEME_NAME_LEN];
	struct look look[ROLE__COUNT];
};

/* The built-in theme; needs no file. */
void theme_default(struct theme *t);
/*
 * Load a theme by name ("default", "contrast", ...) or, where name has a
 * slash, by path. Errors in the file go to complaints as "file:line: sentence"
 * (NULL: nowhere), and reading goes on. Returns 0, also with such errors; -1 with a
 * complaint where there is no such file, and *t is the built-in theme.
 */
int theme_load(struct theme *t, const char *name, FILE *complaints);
/* Read a theme from an open file called label over what *t holds already. Returns the number of complaints. */
int theme_read(struct theme *t, FILE *f, const char *label, FILE *complaints);
/* Open a theme's file by name or by path, and say which it is in path (cap bytes). NULL where there is none. */
FILE *theme_open(const char *name, char *path, size_t cap);
/* One line a theme: name and where it is from; each name once, the first found wins. */
void theme_list(FILE *out);

const char *role_name(enum role r);

#endif

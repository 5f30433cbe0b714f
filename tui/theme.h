/*
 * Themes: what each role looks like. Owns the parser of theme files, the
 * search for them, and what a colour is at each depth; knows nothing of
 * ncurses (screen_term.c turns looks into pairs). Called by main.c for --theme
 * and --list-themes, by the checker and by the picker.
 */
#ifndef SSHMEDIC_TUI_THEME_H
#define SSHMEDIC_TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
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

/* How many colours a terminal has. DEPTH_16 is also what a terminal of 8 gets. */
enum colour_depth { DEPTH_MONO, DEPTH_16, DEPTH_256, DEPTH_TRUE, DEPTH__COUNT };

/* A colour in three precisions; the screen takes what its terminal has. */
struct colour {
	int32_t
	    rgb; /* 0xRRGGBB; COLOUR_DEFAULT; COLOUR_NAMED - n: the terminal's own number n of 16 */
	int16_t c256, c16; /* -1: the terminal's default colour */
};

enum { COLOUR_DEFAULT = -1, COLOUR_NAMED = -2, COLOUR_NAMES = 16 };

struct look {
	struct colour fg, bg;
	unsigned attrs;
	unsigned mono; /* attributes where there is no colour */
};

/* The background that a theme is made for. */
enum theme_kind { KIND_ANY, KIND_DARK, KIND_LIGHT };

enum { THEME_NAME_LEN = 64 };

struct theme {
	char name[THEME_NAME_LEN];
	enum theme_kind kind;
	struct look look[ROLE__COUNT];
};

/* The built-in theme; needs no file. */
void theme_default(struct theme *t);
/*
 * Load a theme by name ("default", "contrast", ...) or, where name has a
 * slash, by path. Errors in the file, and in those it is based on, go to
 * complaints as "file:line: sentence" (NULL: nowhere); the rest is used.
 * Returns the number of errors; -1 with a complaint where the file cannot be
 * read, and *t is the built-in theme.
 */
int theme_load(struct theme *t, const char *name, FILE *complaints);
/* The same from an open file called label, whose bases are looked for beside label first. */
int theme_read(struct theme *t, FILE *f, const char *label, FILE *complaints);

/* A theme that is there: the built-in one (path ""), the user's own, or a shipped one. */
struct theme_item {
	char *name, *path;
	bool own;
};

/* All themes that can be named, each name once, the first found wins; "default" is the first. Returns their number. */
size_t theme_items(struct theme_item **items);
void theme_items_free(struct theme_item *items, size_t n);
/* One line a theme: name and where it is from. */
void theme_list(FILE *out);
/* The path of place number i where a theme of that name is looked for, "" where the place is not to be had. False after the last. */
bool theme_path(int i, const char *name, char *path, size_t cap);

const char *role_name(enum role r);
const char *theme_kind_name(enum theme_kind k);
const char *depth_name(enum colour_depth d);

/* Read a colour: default, one of 16 names, #rrggbb, or 0 to 255. */
bool colour_parse(const char *word, struct colour *c);
/*
 * What a colour is at a depth, as 0xRRGGBB; -1 for the terminal's default.
 * The sixteen named ones are as xterm has them, which is a guess for any
 * other terminal: *known says whether it is none (NULL: not asked).
 */
int32_t colour_rgb(const struct colour *c, enum colour_depth d, bool *known);

#endif

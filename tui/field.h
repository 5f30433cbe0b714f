/*
 * A field of one line to type in: the text, a cursor, and what keys do to
 * them. Owns no key bindings beyond editing. Called by app.c; drawn by frame.c and the
 * dialogs. Pure.
 */
#ifndef SSHMEDIC_TUI_FIELD_H
#define SSHMEDIC_TUI_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grid.h"

enum { FIELD_LEN = 256 };

struct field {
	char text[FIELD_LEN]; /* clean UTF-8, NUL-terminated */
	size_t at;            /* the cursor, in bytes; at the begin of a character */
};

/* Make text (cleaned) the content, with the cursor behind it. */
void field_set(struct field *f, const char *text);
/* A key: a character is put in at the cursor; Backspace, Delete, Ctrl-A, -E, -K, -W, Left and Right edit. Returns whether the text changed. */
bool field_key(struct field *f, uint32_t key);
/* Put pasted bytes in at the cursor, made harmless; line ends and tabs become blanks. What does not fit is left out. Returns whether the text changed. */
bool field_insert(struct field *f, const char *bytes, size_t len);
/* Draw it in row y from column x on, scrolled so that the cursor is seen; the grid's cursor goes there and is shown. */
void field_draw(const struct field *f, struct area a, int x, int y, enum role r);
/* Whether every blank-separated word of the field occurs in text, small and capital letters being the same (ASCII). An empty field matches all. */
bool field_matches(const struct field *f, const char *text);

#endif

/*
 * The grid of cells that a frame is drawn into before any of it reaches the
 * terminal, and areas: rectangles of it that clip. Tests read the grid;
 * screen.c copies it to ncurses.
 */
#ifndef SSHMEDIC_TUI_GRID_H
#define SSHMEDIC_TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../core/redact.h"
#include "theme.h"

enum { CELL_BYTES = 14 }; /* a character and two combining marks, with the NUL */

struct cell {
	char ch[CELL_BYTES]; /* UTF-8, NUL-terminated; "" in the right half of a wide character */
	uint8_t width;       /* 1 or 2; 0 in the right half */
	uint8_t role;
};

struct grid {
	int w, h;
	int cx, cy;  /* where the terminal's own cursor stands: screen readers follow it */
	bool typing; /* the cursor is shown: there is a field to type in */
	bool ascii;  /* only ASCII is let through, the rest becomes '?' */
	const struct redact *names; /* hidden in whatever is drawn; NULL: nothing is. Not owned */
	struct cell *cell;
};

/* A rectangle of a grid; drawing is clipped to it. Coordinates within it begin at 0. */
struct area {
	struct grid *g;
	int x, y, w, h;
};

/* Make it w by h blank cells. Returns 0, or -1 out of memory (the grid is as before). */
int grid_resize(struct grid *g, int w, int h);
void grid_clear(struct grid *g);
void grid_free(struct grid *g);
struct area grid_area(struct grid *g);
/* Text lines with trailing blanks cut; with roles, the same again as one letter a cell. For tests. */
void grid_dump(const struct grid *g, bool roles, FILE *out);

/* The part of a that begins at x, y and is at most w by h. */
struct area area_sub(struct area a, int x, int y, int w, int h);
/* Draw text from column x on; clipped. Returns the columns it would take. */
int area_text(struct area a, int x, int y, enum role r, const char *s);
int area_mem(struct area a, int x, int y, enum role r, const char *s, size_t len);
int area_printf(struct area a, int x, int y, enum role r, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Draw text so that it ends before column x; it is left out where it would begin before min. Returns where it began, or x. */
int area_right(struct area a, int x, int min, int y, enum role r, const char *s);
/* Draw text cut to cols columns with more ("…" or "~") at the cut. Returns the columns used. */
int area_cut(struct area a, int x, int y, int cols, enum role r, const char *s, const char *more);
/* Show row y as the selected one: its role, and the terminal's cursor at its begin. */
void area_select(struct area a, int y);
void area_blank(struct area a);

#endif

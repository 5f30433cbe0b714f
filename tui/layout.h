/*
 * Where everything stands on a screen of a given size. The breakpoints are
 * one table; sizes are never refused. Pure.
 */
#ifndef SSHMEDIC_TUI_LAYOUT_H
#define SSHMEDIC_TUI_LAYOUT_H

#include <stdbool.h>

enum panel_id { PANEL_LAYERS, PANEL_TIMING, PANEL_FINDINGS, PANEL_LOG, PANEL_FIXES, PANEL__COUNT };

enum layout_kind { LAYOUT_WIDE, LAYOUT_NORMAL, LAYOUT_TABS, LAYOUT_SMALL, LAYOUT_TINY };

struct rect {
	int x, y, w, h;
};

struct layout {
	enum layout_kind kind;
	int cols, rows;
	struct rect header, verdict, states, tabs, message, hints; /* h 0: not shown */
	struct rect panel[PANEL__COUNT]; /* with its border; h 0: not shown */
	bool boxed;                      /* panels have a border */
	struct rect window,
	    inside; /* the open window, and what of it is text; set by frame_layout() */
	int window_rows,
	    window_fixed; /* all rows of its text; of them those that stay, as dialog.fixed has it */
};

/* What the content asks for. */
struct layout_want {
	int cols, rows;
	int findings; /* rows of the list */
	int explain;  /* rows of the explanation, roughly */
	int fixes;
	int verdict_cols; /* columns of the verdict in one line */
	bool zoom;
	enum panel_id focus;
};

void layout_compute(struct layout *l, const struct layout_want *want);

#endif

/*
 * Panels and windows: what each draws, and the one value that all of them
 * draw from. A panel never does I/O and never changes the view; app.c
 * changes it, frame_layout() keeps it in bounds, frame_draw() draws it. So a
 * whole frame is tested without a terminal.
 */
#ifndef SSHMEDIC_TUI_PANEL_H
#define SSHMEDIC_TUI_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/book.h"
#include "../core/diag.h"
#include "../core/fix.h"
#include "../core/roster.h"
#include "../core/rule.h"
#include "../core/stop.h"
#include "../core/text.h"
#include "action.h"
#include "field.h"
#include "fixing.h"
#include "glyph.h"
#include "grid.h"
#include "layout.h"
#include "logidx.h"

struct doc;
struct glossary_row;
struct notes;
struct walking;

enum dialog_id {
	DIALOG_NONE,
	DIALOG_HELP,
	DIALOG_FINDING,
	DIALOG_FIX,
	DIALOG_OUTCOME,
	DIALOG_HOSTKEY,
	DIALOG_RERUN,
	DIALOG_PASTE,
	DIALOG_THEME,
	DIALOG_SAVE,
	DIALOG_TABLE,
	DIALOG_DRILL_LAYER,
	DIALOG_DRILL_FINDING,
	DIALOG_DRILL_TOLD,
	DIALOG_WALK,
	DIALOG_GLOSSARY,
	DIALOG_BASELINE,
	DIALOG__COUNT
};

/* A question in the message line, answered in the view's field. */
enum prompt_id { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_FILE, PROMPT__COUNT };

enum { VIEW_MESSAGE_LEN = 256, VIEW_LEVELS = 4 };

struct view {
	/* what is shown */
	/* Never NULL. Names may be hidden in it: what is run takes the book's own. */
	const struct diag *d;
	const struct logidx *log;
	const struct glyphs *g;
	uint64_t now_us;   /* the engine's clock; for a replay the time of the last evidence */
	bool read_only;    /* fixes are shown and copied, never applied */
	bool live;         /* an engine is there to run again */
	const char *input; /* the target as the user gave it; "" where unknown */
	const char *tag;   /* "practice", "replay"; "" for none */
	int target, ntargets;
	struct roster *roster; /* of several targets; NULL: there is one */
	const size_t *order;   /* its rows, as the table shows them */
	bool as_given;         /* they are not sorted */
	const char *
	    history; /* with --watch: what changed, shown where there is no message; NULL or "": nothing */
	char message[VIEW_MESSAGE_LEN];

	/* where the user is */
	enum panel_id focus;
	bool zoom;
	int sel[PANEL__COUNT]; /* selected row */
	int top[PANEL__COUNT]; /* first row shown; in Findings the first row of the explanation */
	bool follow;           /* the log shows its newest line */
	int xoff;              /* columns scrolled away at the left of the log */
	int level;             /* greatest log level shown */
	bool rail_timing;      /* set by frame_layout(): the layers panel carries the timing too */
	int cols,
	    page; /* set by frame_layout(): columns of the screen, rows that a page of a window moves */
	enum dialog_id dialog;
	int dialog_arg, dialog_top;
	int dialog_sel; /* the chosen row of a dialog with rows */
	enum prompt_id prompt;
	struct field field;          /* what is typed, in a prompt or in a dialog with a field */
	const struct drill *drill;   /* NULL: this is none, or was never one */
	const struct fixing *fixing; /* never NULL */
	struct field search;         /* the last words that the evidence was searched for */
	struct field filter;         /* words that the shown evidence has; "": all is shown */
	int frozen;                  /* rows of evidence when it was frozen; -1: it is not */
	const char
	    *busy; /* what is done with the evidence meanwhile ("searching"); NULL: nothing */
	int busy_percent;
	const char *paste; /* DIALOG_PASTE: what was pasted, raw; NULL: nothing */
	size_t paste_len;
	const struct keymap *keys; /* never NULL */
	const struct shelf *shelf; /* DIALOG_THEME: the themes to choose from; else NULL */
	const struct baseline
	    *baseline;  /* DIALOG_BASELINE; NULL: there is nothing to compare with */
	bool hides;     /* DIALOG_SAVE: names are hidden in what is saved */
	int64_t wait_s; /* seconds that the server may still hold against us, or bans for */
	const struct walking
	    *walk; /* the walkthrough; NULL: there is none. DIALOG_WALK: it has begun */
	const struct notes *notes; /* the team's; NULL: none */
};

struct panel {
	const char *title;
	const char *tab; /* short title */
	/* Rows that can be selected. */
	int (*rows)(const struct view *v);
	/* The right end of the title; appends to sb. NULL for none. */
	void (*status)(const struct view *v, struct strbuf *sb);
	void (*draw)(const struct view *v, struct area a, bool focus);
	/* The selected row as text to copy; appends to sb. */
	void (*copy)(const struct view *v, struct strbuf *sb);
};

struct dialog {
	unsigned ctx; /* keys that work in it */
	void (*title)(const struct view *v, struct strbuf *sb);
	bool whole; /* it takes all the room between the verdict and the message */
	/*
	 * Draws with a scroll position; returns all rows it has. A dialog with rows scrolls by itself. Before, it
	 * is called with an area that draws nothing, to measure: of no height, or of its own if it is whole.
	 */
	int (*draw)(const struct view *v, struct area a, int skip);
	/* Of a whole one: rows that stay while the rest scrolls, less than 0 where they stand below it. NULL: 0. */
	int (*fixed)(const struct view *v, int cols, int rows);
	/* Rows to choose from (CTX_PICK); NULL for none. */
	int (*rows)(const struct view *v);
	bool full; /* it takes the whole screen */
};

struct prompt {
	const char *label; /* before the field */
};

extern const struct panel panel_layers, panel_timing, panel_findings, panel_log, panel_fixes;
extern const struct dialog dialog_drill_layer, dialog_drill_finding, dialog_drill_told;
extern const struct dialog dialog_help, dialog_finding, dialog_fix, dialog_outcome, dialog_hostkey,
    dialog_rerun, dialog_paste, dialog_theme, dialog_save, dialog_table, dialog_walk,
    dialog_glossary, dialog_baseline;

/* Whether this is a drill that hides what was found; and the words that stand for it. */
bool view_drills(const struct view *v);
extern const char view_drill_words[];
/* Whether the fix that the window is about is the one that was looked at: what y does is what is shown. */
bool view_fix_shown(const struct view *v);
const struct panel *panel_at(enum panel_id p);
const struct dialog *dialog_at(enum dialog_id d);
const struct prompt *prompt_at(enum prompt_id p);
/* The context that keys go to now. */
unsigned view_context(const struct view *v);
/* Why an action cannot do anything now, as a short remark; NULL where it can. */
const char *view_why_not(const struct view *v, enum action a);
/* The keys of an action as a person writes them: its first, or all; nine digits become "1-9". */
void view_keys(const struct view *v, enum action a, bool all, char *buf, size_t cap);
/* The action of row n of the help, as its field filters it; ACTION_NONE behind the last. */
enum action help_action(const struct view *v, int n);

/* Compute the layout for cols by rows and bring selections, scroll positions and focus into bounds. */
void frame_layout(struct view *v, struct layout *l, int cols, int rows);
/* Draw the whole frame into g, which is cleared first. */
void frame_draw(const struct view *v, const struct layout *l, struct grid *g);

/* Microseconds as "0.23s", "12.3s" or "250s". */
void put_secs(struct strbuf *sb, int64_t us);
/* First row of a list of rows shown in h rows so that sel is visible; top is where it stood. */
int list_top(int top, int sel, int rows, int h);
/* The finding that is selected, or NULL. */
const struct finding *view_finding(const struct view *v);
/* Whether the selected finding rests on evidence line n. */
bool view_cites(const struct view *v, uint32_t n);
/* Whether fixes are locked, as the walkthrough has not come to the cause. */
bool view_locked(const struct view *v);
/* Whether fix n is: at the end of a way those that it names are not, whatever the cause. */
bool view_fix_locked(const struct view *v, int n);
/* Whether a time that runs out is on the screen. */
bool view_counts(const struct view *v);
/* The number of the line that shows an answer of the walkthrough's step; -1: that its words speak of. 0: none. */
uint32_t walk_line(const struct view *v, int answer);
/* One word of the glossary and what it means. */
void glossary_draw(const struct glossary_row *row, struct doc *doc);
/* A stop rule, with the time until a retry is safe. */
void stop_draw(const struct view *v, const struct stop_rule *r, struct doc *doc);
/* The time alone, where the rule has one. */
void stop_wait(const struct view *v, const struct stop_rule *r, struct doc *doc);
/* What a line of evidence says, for a person. Appends to sb. */
void log_describe(const struct ev_line *line, struct strbuf *sb);
/* All phases in one strip by their first letters, and the total below. */
void timing_strip(const struct view *v, struct area a);
/* How many rows the explanation of the selected finding has when it is cols wide. */
int findings_explain_rows(const struct view *v, int cols);
/* The explanation of the selected finding into an area; returns its rows. */
int findings_explain(const struct view *v, struct area a, int skip);

#endif

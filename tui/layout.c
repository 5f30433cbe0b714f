/*
 * The breakpoints and the arithmetic of rectangles. Called once a frame by
 * panels.c.
 *
 *   wide    header, verdict; layers and timing at the left, findings over
 *           evidence at the right; fixes; message; hints
 *   normal  the same, but evidence takes the whole width and timing is part of the layers
 *   tabs    one view at a time under a line of states
 *   small   verdict, states, the list of findings, hints
 *   tiny    the verdict alone
 */
#include "layout.h"

#include <stddef.h>
#include <string.h>

static int
min(int a, int b)
{
	return a < b ? a : b;
}

static int
clamp(int n, int lo, int hi)
{
	return n < lo ? lo : n > hi ? hi : n;
}

static struct rect
rect(int x, int y, int w, int h)
{
	return (struct rect){ x, y, w, h < 0 ? 0 : h };
}

/* Header and verdict at the top, message and hints at the bottom. Returns the rows left, *y where they begin. */
static int
frame_lines(struct layout *l, const struct layout_want *w, bool header, bool message, int *y)
{
	int verdict = w->verdict_cols > w->cols && w->rows >= 20 ? 2 : 1;
	int bottom = w->rows;

	*y = 0;
	if (header)
		l->header = rect(0, (*y)++, w->cols, 1);
	l->verdict = rect(0, *y, w->cols, verdict);
	*y += verdict;
	l->hints = rect(0, --bottom, w->cols, 1);
	/* Where there is no row to spare, a message stands in place of the hints. */
	l->message = message ? rect(0, --bottom, w->cols, 1) : l->hints;
	return bottom - *y;
}

/* The fixes take what their rows need, at the bottom of the body. Returns the rows left. */
static int
place_fixes(struct layout *l, const struct layout_want *w, int y, int h)
{
	int need = w->fixes == 0 ? 0 : 2 + clamp((w->fixes + 1) / 2, 1, h / 6 < 1 ? 1 : h / 6);

	l->panel[PANEL_FIXES] = rect(0, y + h - need, w->cols, need);
	return h - need;
}

/* The findings get what they need, within limits: spare rows go to the evidence first. */
static int
findings_rows(const struct layout_want *w, int h, int least)
{
	int most = h * 3 / 5;

	return clamp(2 + w->findings + 1 + w->explain, min(least, most), most);
}

static void
wide(struct layout *l, const struct layout_want *w)
{
	int y, h = frame_lines(l, w, true, true, &y), left = 36, up;

	l->boxed = true;
	h = place_fixes(l, w, y, h);
	up = h >= 27 ? 14 : 10;
	l->panel[PANEL_LAYERS] = rect(0, y, left, up);
	l->panel[PANEL_TIMING] = rect(0, y + up, left, h - up);
	up = findings_rows(w, h, 8);
	l->panel[PANEL_FINDINGS] = rect(left, y, w->cols - left, up);
	l->panel[PANEL_LOG] = rect(left, y + up, w->cols - left, h - up);
}

static void
normal(struct layout *l, const struct layout_want *w)
{
	int y, h = frame_lines(l, w, true, false, &y), left = 28, up;

	l->boxed = true;
	h = place_fixes(l, w, y, h);
	up = findings_rows(w, h, 9);
	l->panel[PANEL_LAYERS] = rect(0, y, left, up);
	l->panel[PANEL_FINDINGS] = rect(left, y, w->cols - left, up);
	l->panel[PANEL_LOG] = rect(0, y + up, w->cols, h - up);
}

static void
tabs(struct layout *l, const struct layout_want *w)
{
	int y, h = frame_lines(l, w, true, w->rows >= 14, &y);

	l->states = rect(0, y, w->cols, 1);
	l->tabs = rect(0, y + 1, w->cols, 1);
	l->panel[w->focus] = rect(0, y + 2, w->cols, h - 2);
}

static void
small(struct layout *l, const struct layout_want *w)
{
	int y, h = frame_lines(l, w, false, false, &y);

	l->states = rect(0, y, w->cols, 1);
	l->panel[w->focus] = rect(0, y + 1, w->cols, h - 1);
}

static void
tiny(struct layout *l, const struct layout_want *w)
{
	l->verdict = rect(0, 0, w->cols, w->rows);
	l->message = rect(0, w->rows - 1, w->cols, 1);
}

/* The first row whose columns and rows are there is taken. */
static const struct {
	int cols, rows;
	enum layout_kind kind;
	void (*place)(struct layout *, const struct layout_want *);
} breakpoints[] = {
	{ 110, 30, LAYOUT_WIDE, wide },
	{ 72, 20, LAYOUT_NORMAL, normal },
	{ 44, 10, LAYOUT_TABS, tabs },
	{ 16, 4, LAYOUT_SMALL, small },
	{ 0, 0, LAYOUT_TINY, tiny },
};

/* One panel has all the room that panels have. */
static void
zoom(struct layout *l, const struct layout_want *w)
{
	int y = l->verdict.y + l->verdict.h, end = l->message.h > 0 ? l->message.y : w->rows;

	memset(l->panel, 0, sizeof l->panel);
	l->panel[w->focus] = rect(0, y, w->cols, end - y);
}

void
layout_compute(struct layout *l, const struct layout_want *w)
{
	size_t i = 0;

	while (w->cols < breakpoints[i].cols || w->rows < breakpoints[i].rows)
		i++;
	*l = (struct layout){ .kind = breakpoints[i].kind, .cols = w->cols, .rows = w->rows };
	breakpoints[i].place(l, w);
	if (w->zoom && l->boxed)
		zoom(l, w);
}

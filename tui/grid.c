/*
 * Cells and clipped drawing. Called by everything that draws; owns the rule
 * that no control character and no half of a wide character reaches a cell.
 */
#include "grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "width.h"

enum { HIDE_LEN = 4096 }; /* longer than any row */

static const struct cell blank = { .ch = " ", .width = 1, .role = ROLE_TEXT };

int
grid_resize(struct grid *g, int w, int h)
{
	struct cell *c;

	w = w < 1 ? 1 : w;
	h = h < 1 ? 1 : h;
	if (w != g->w || h != g->h) {
		if ((c = calloc((size_t)w * (size_t)h, sizeof *c)) == NULL)
			return -1;
		free(g->cell);
		g->cell = c;
		g->w = w;
		g->h = h;
	}
	grid_clear(g);
	return 0;
}

void
grid_clear(struct grid *g)
{
	g->cx = g->cy = 0;
	g->typing = false;
	for (int i = 0; i < g->w * g->h; i++)
		g->cell[i] = blank;
}

void
grid_free(struct grid *g)
{
	free(g->cell);
	*g = (struct grid){ .ascii = g->ascii, .names = g->names };
}

struct area
grid_area(struct grid *g)
{
	return (struct area){ .g = g, .w = g->w, .h = g->h };
}

void
grid_dump(const struct grid *g, bool roles, FILE *out)
{
	for (int y = 0; y < g->h; y++) {
		const struct cell *c = g->cell + (size_t)y * (size_t)g->w;
		int end = g->w;

		while (end > 0 && c[end - 1].ch[0] == ' ' && c[end - 1].role == ROLE_TEXT)
			end--;
		for (int x = 0; x < end; x++)
			if (roles)
				putc('A' + c[x].role, out);
			else
				fputs(c[x].ch, out);
		putc('\n', out);
	}
}

struct area
area_sub(struct area a, int x, int y, int w, int h)
{
	if (x < 0)
		x = 0;
	if (y < 0)
		y = 0;
	if (w > a.w - x)
		w = a.w - x;
	if (h > a.h - y)
		h = a.h - y;
	return (struct area){ a.g, a.x + x, a.y + y, w < 0 ? 0 : w, h < 0 ? 0 : h };
}

static struct cell *
cell_at(struct area a, int x, int y)
{
	int gx = a.x + x, gy = a.y + y;

	if (x < 0 || y < 0 || x >= a.w || y >= a.h || gx >= a.g->w || gy >= a.g->h || gx < 0 ||
	    gy < 0)
		return NULL;
	return &a.g->cell[(size_t)gy * (size_t)a.g->w + (size_t)gx];
}

/* A cell is about to be overwritten: the other half of a wide character must not stay behind. */
static void
unpair(struct area a, int x, struct cell *c)
{
	int gx = a.x + x;

	if (c->width == 0 && gx > 0)
		c[-1] = (struct cell){ .ch = " ", .width = 1, .role = c[-1].role };
	if (c->width == 2 && gx + 1 < a.g->w)
		c[1] = (struct cell){ .ch = " ", .width = 1, .role = c[1].role };
}

static void
set_cell(struct area a, int x, int y, enum role r, const char *s, size_t n, int w)
{
	struct cell *c = cell_at(a, x, y), *right = w == 2 ? cell_at(a, x + 1, y) : NULL;

	if (c == NULL)
		return;
	unpair(a, x, c);
	if (w == 2 && right == NULL) { /* no room for its right half */
		s = " ";
		n = 1;
		w = 1;
	}
	*c = (struct cell){ .width = (uint8_t)w, .role = (uint8_t)r };
	memcpy(c->ch, s, n);
	if (right != NULL) {
		unpair(a, x + 1, right);
		*right = (struct cell){ .width = 0, .role = (uint8_t)r };
	}
}

/* A combining mark stays with the character before it, as far as the cell has room. */
static void
add_mark(struct area a, int x, int y, const char *s, size_t n)
{
	struct cell *c = cell_at(a, x, y);
	size_t len;

	if (c != NULL && c->width == 0)
		c = cell_at(a, x - 1, y);
	if (c == NULL || c->ch[0] == '\0' || (len = strlen(c->ch)) + n >= CELL_BYTES)
		return;
	memcpy(c->ch + len, s, n);
}

static int
draw_mem(struct area a, int x, int y, enum role r, const char *s, size_t len)
{
	int at = x;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		int w;
		size_t n = width_next(s + i, len - i, &cp, &w);

		if (w == 0) {
			if (at > x && !a.g->ascii)
				add_mark(a, at - 1, y, s + i, n);
		} else if (cp == '?' || (a.g->ascii && cp >= 0x80)) {
			for (int k = 0; k < w; k++)
				set_cell(a, at + k, y, r, "?", 1, 1);
		} else {
			set_cell(a, at, y, r, s + i, n, w);
		}
		at += w;
		i += n;
	}
	return at - x;
}

int
area_mem(struct area a, int x, int y, enum role r, const char *s, size_t len)
{
	char text[HIDE_LEN], shown[HIDE_LEN];
	struct strbuf sb;

	if (a.g->names == NULL)
		return draw_mem(a, x, y, r, s, len);
	sb_init(&sb, text, sizeof text);
	sb_add(&sb, s, len);
	sb_init(&sb, shown, sizeof shown);
	redact_text(a.g->names, text, &sb);
	return draw_mem(a, x, y, r, shown, sb.len);
}

int
area_text(struct area a, int x, int y, enum role r, const char *s)
{
	return area_mem(a, x, y, r, s, strlen(s));
}

int
area_printf(struct area a, int x, int y, enum role r, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	return area_text(a, x, y, r, buf);
}

int
area_right(struct area a, int x, int min, int y, enum role r, const char *s)
{
	int at = x - width_text(s);

	if (s[0] == '\0' || at < min)
		return x;
	area_text(a, at, y, r, s);
	return at;
}

int
area_cut(struct area a, int x, int y, int cols, enum role r, const char *s, const char *more)
{
	size_t len = strlen(s), n;
	int used;

	if (cols <= 0)
		return 0;
	n = width_fit(s, len, cols, &used);
	if (n == len) {
		area_mem(a, x, y, r, s, len);
		return used;
	}
	n = width_fit(s, len, cols - width_text(more), &used);
	area_mem(a, x, y, r, s, n);
	return used + area_text(a, x + used, y, r, more);
}

void
area_select(struct area a, int y)
{
	for (int x = 0; x < a.w; x++) {
		struct cell *c = cell_at(a, x, y);

		if (c != NULL)
			c->role = ROLE_SELECT;
	}
	if (cell_at(a, 0, y) != NULL) {
		a.g->cx = a.x;
		a.g->cy = a.y + y;
	}
}

void
area_blank(struct area a)
{
	for (int y = 0; y < a.h; y++)
		for (int x = 0; x < a.w; x++)
			set_cell(a, x, y, ROLE_TEXT, " ", 1, 1);
}

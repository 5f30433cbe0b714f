/*
 * The evidence: every line in order of arrival, as many as fit. Only what is
 * seen is decoded. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>

#include "width.h"

enum { WORDS_LEN = 4096 };

/* Decode a line; scratch must be freed by the caller. */
static bool
decode(const struct ev_line *line, struct evidence *ev, char **scratch)
{
	*scratch = malloc((size_t)line->len + 1);
	return *scratch != NULL &&
	       ev_decode(ev, line->text, line->len, *scratch, (size_t)line->len + 1) == EV_OK;
}

void
log_describe(const struct ev_line *line, struct strbuf *sb)
{
	struct evidence ev;
	char *scratch;

	if (decode(line, &ev, &scratch))
		ev_describe(&ev, sb);
	else
		sb_add(sb, line->text, line->len);
	free(scratch);
}

static void
draw_line(const struct view *v, struct area a, int y, const struct ev_line *line, bool selected)
{
	bool cites = view_cites(v, line->n);
	enum role r = cites ? ROLE_MARK : ROLE_TEXT;
	char words[WORDS_LEN], *scratch = NULL;
	struct evidence ev;
	struct strbuf sb;
	int x = 0, used;

	sb_init(&sb, words, sizeof words);
	if (decode(line, &ev, &scratch)) {
		area_printf(a, 0, y, ROLE_DIM, "#%u", (unsigned)line->n);
		x = 5;
		sb_printf(&sb, "%llu.%03u", (unsigned long long)(ev.at_us / 1000000),
		    (unsigned)(ev.at_us / 1000 % 1000));
		area_right(a, x + 7, x, y, ROLE_DIM, words);
		x += 8;
		if (a.w >= 76) {
			const char *kind = ev_kind_info(ev.kind)->name;

			area_cut(a, x, y, 15, ROLE_DIM,
			    ev.vantage == VANTAGE_CLIENT ? kind : ev_vantage_name(ev.vantage),
			    v->g->more);
			x += 16;
		}
		sb_init(&sb, words, sizeof words);
		ev_describe(&ev, &sb);
	} else {
		sb_add(&sb, line->text, line->len);
	}
	free(scratch);
	used = (int)width_fit(words, sb.len, v->xoff, &(int){ 0 });
	area_cut(a, x, y, a.w - x - 2, r, words + used, v->g->more);
	if (cites)
		area_text(a, a.w - 1, y, ROLE_MARK, v->g->cites);
	if (selected)
		area_select(a, y);
}

static int
rows(const struct view *v)
{
	int n = (int)logidx_count(v->log);

	return v->frozen >= 0 && v->frozen < n ? v->frozen : n;
}

static void
draw(const struct view *v, struct area a, bool focus)
{
	int n = rows(v), top = list_top(v->top[PANEL_LOG], v->sel[PANEL_LOG], n, a.h);

	if (n == 0)
		area_cut(a, 0, 0, a.w, ROLE_DIM,
		    v->busy != NULL             ? "a moment: see above"
		    : v->filter.text[0] != '\0' ? "no line has these words"
						: "no evidence yet",
		    v->g->more);
	for (int i = 0; i < a.h && top + i < n; i++)
		draw_line(v, a, i, logidx_line(v->log, (size_t)(top + i)),
		    focus && top + i == v->sel[PANEL_LOG]);
}

static void
status(const struct view *v, struct strbuf *sb)
{
	int n = rows(v);

	if (v->busy != NULL)
		sb_printf(sb, "%s %d %%  ", v->busy, v->busy_percent);
	if (v->filter.text[0] != '\0')
		sb_printf(sb, "with \"%.24s\"  ", v->filter.text);
	sb_printf(sb, "level %d%s  %d of %d", v->level,
	    v->frozen >= 0 ? "  frozen"
	    : v->follow    ? "  follow"
			   : "",
	    n == 0 ? 0 : v->sel[PANEL_LOG] + 1, n);
	if (logidx_whole(v->log) && (int)logidx_total(v->log) > n)
		sb_printf(sb, " (%d hidden)", (int)logidx_total(v->log) - n);
}

static void
copy(const struct view *v, struct strbuf *sb)
{
	const struct ev_line *line = logidx_line(v->log, (size_t)v->sel[PANEL_LOG]);

	if (line != NULL)
		sb_add(sb, line->text, line->len);
}

const struct panel panel_log = {
	.title = "Evidence",
	.tab = "Evidence",
	.rows = rows,
	.status = status,
	.draw = draw,
	.copy = copy,
};

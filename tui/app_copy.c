/* What keys copy. Called by app_act.c. */
#include "app_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "save.h"

enum { COPY_LEN = 40 * 1024 };

void
app_copy(struct app *a, const char *text, size_t len, bool hidden)
{
	a->copied_hidden = hidden;
	copier_copy(a->copier, text, len);
}

void
act_copy_line(struct app *a, int nth)
{
	char *buf = malloc(COPY_LEN);
	struct strbuf sb;

	(void)nth;
	if (buf == NULL)
		return;
	sb_init(&sb, buf, COPY_LEN);
	panel_at(a->v.focus)->copy(&a->v, &sb);
	app_copy(a, buf, sb.len, a->hide);
	free(buf);
}

/* Copy a report as a whole, its names hidden where they are in reports. */
static void
copy_report(struct app *a, enum save_kind kind)
{
	if (!app_drill_hides(a))
		app_report(a, kind, false);
}

void
act_copy_handover(struct app *a, int nth)
{
	(void)nth;
	copy_report(a, SAVE_HANDOVER);
}

void
act_copy_report(struct app *a, int nth)
{
	(void)nth;
	copy_report(a, SAVE_TEXT);
}

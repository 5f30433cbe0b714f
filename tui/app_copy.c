/* What keys copy. Called by app_act.c. */
#include "app_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "../core/report.h"

enum { COPY_LEN = 40 * 1024 };

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
	copier_copy(a->copier, buf, sb.len);
	free(buf);
}

void
act_copy_report(struct app *a, int nth)
{
	char *buf = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&buf, &len);

	(void)nth;
	if (f == NULL)
		return;
	report_text(a->v.d, a->book, 80, f);
	fclose(f);
	copier_copy(a->copier, buf, len);
	free(buf);
}

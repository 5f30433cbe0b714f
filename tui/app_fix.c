/* What keys do to fixes. Called by app_act.c. */
#include "app_state.h"

void
act_fix(struct app *a, int nth)
{
	if (nth < a->v.d->nfixes)
		app_dialog(a, DIALOG_FIX, nth);
	else
		app_say(a, "there is no fix %d here", nth + 1);
}

void
act_copy_command(struct app *a, int nth)
{
	const struct fix *f =
	    a->v.dialog_arg < a->v.d->nfixes ? a->v.d->fixes[a->v.dialog_arg].fix : NULL;
	char buf[4096];
	struct strbuf sb;

	(void)nth;
	if (f == NULL || f->command == NULL) {
		app_say(a, "this fix has no command");
		return;
	}
	sb_init(&sb, buf, sizeof buf);
	fix_command(a->v.d, f, &sb);
	if (sb.cut)
		app_say(a, "the command is too long to copy");
	else
		app_copy(a, buf, sb.len, a->hide);
}

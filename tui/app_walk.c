/* What keys do in the walkthrough, and how evidence moves it on. Called by app_act.c and app.c. */
#include "app_state.h"

#include <string.h>

#include "walking.h"

enum { COMMAND_LEN = 4096, WORDS_LEN = 512 };

enum dialog_id
app_home(const struct app *a)
{
	return a->walking.open ? DIALOG_WALK : DIALOG_NONE;
}

/* Another step is shown. */
static void
moved(struct app *a)
{
	a->walking.serial++;
	a->walking.copied = 0;
	a->walking.waited = false;
	a->v.dialog_top = 0;
}

bool
app_walk_begin(struct app *a, const char *id)
{
	if (view_drills(&a->v) || !walker_begin(&a->walking.way, id[0] != '\0' ? id : "general"))
		return false;
	a->walking.begun = a->walking.on = a->walking.open = true;
	a->walking.target = a->v.target;
	app_dialog(a, DIALOG_WALK, 0);
	moved(a);
	return true;
}

void
act_walk(struct app *a, int nth)
{
	(void)nth;
	if (a->v.dialog == DIALOG_WALK) {
		a->walking.on = a->walking.open = false;
		a->v.dialog = DIALOG_NONE;
		app_say(a, "left the walkthrough; it goes on here when you come back");
	} else if (view_why_not(&a->v, ACTION_WALK) != NULL) {
		app_say(a, "%s", view_why_not(&a->v, ACTION_WALK));
	} else if (!a->walking.begun) {
		app_walk_begin(a, "");
	} else {
		a->walking.on = a->walking.open = true;
		app_dialog(a, DIALOG_WALK, 0);
		a->walking.serial++;
	}
}

static void
take(struct app *a, int answer, bool by_evidence)
{
	if (walker_answer(&a->walking.way, answer, by_evidence))
		moved(a);
	else
		app_say(a, "the way ends here");
}

/* Whether what is asked is still being tested: nobody has to guess then. */
static bool
testing(const struct app *a)
{
	return a->v.d->started && !a->v.d->ended;
}

void
act_walk_number(struct app *a, int nth)
{
	const struct walk_step *s = walker_step(&a->walking.way);
	int k = walk_decided(a->v.d, s);

	if (s->end != WALK_ASKS)
		act_fix(a, nth);
	else if (nth >= s->answers)
		app_say(a, "there is no answer %d", nth + 1);
	else if (k >= 0 && nth != k)
		app_say(
		    a, "the evidence says %d: see line #%u", k + 1, (unsigned)walk_line(&a->v, k));
	else if (k < 0 && testing(a))
		app_say(a, "still being tested: the answer comes by itself");
	else
		take(a, nth, k >= 0);
}

void
act_walk_next(struct app *a, int nth)
{
	const struct walk_step *s = walker_step(&a->walking.way);
	int k = walk_decided(a->v.d, s);

	(void)nth;
	if (s->end != WALK_ASKS)
		app_say(a, "the way ends here; W leaves it");
	else if (k >= 0)
		take(a, k, true);
	else
		app_say(a, testing(a) ? "still being tested: the answer comes by itself"
				      : "no evidence answers this yet: type a number, or s skips");
}

void
act_walk_back(struct app *a, int nth)
{
	(void)nth;
	if (walker_back(&a->walking.way))
		moved(a);
	else
		app_say(a, "this is the first step");
}

void
act_walk_skip(struct app *a, int nth)
{
	(void)nth;
	if (walker_step(&a->walking.way)->end != WALK_ASKS)
		app_say(a, "the way ends here; there is nothing to skip");
	else
		take(a, -1, false);
}

/* The commands of the step, one a key press, in turn. */
void
act_walk_copy(struct app *a, int nth)
{
	const struct walk_step *s = walker_step(&a->walking.way);
	const char *known[2 * WALK_LISTED];
	int n = walk_commands(a->v.d, s->hand, s->nhand, known);
	char buf[COMMAND_LEN];
	struct strbuf sb;

	(void)nth;
	n += walk_commands(a->v.d, s->server, s->nserver, known + n);
	if (n == 0) {
		app_say(a, "this step has no command");
		return;
	}
	sb_init(&sb, buf, sizeof buf);
	fix_expand_command(a->v.d, known[a->walking.copied++ % n], &sb);
	if (sb.cut)
		app_say(a, "the command is too long to copy");
	else
		app_copy(a, buf, sb.len, a->hide);
}

bool
app_walk_evidence(struct app *a)
{
	uint32_t n;

	if (a->v.dialog != DIALOG_WALK)
		return false;
	n = walk_line(&a->v, walk_decided(a->v.d, walker_step(&a->walking.way)));
	if (n == 0) {
		app_say(a, "no line is marked in this step");
		return true;
	}
	a->walking.open = false;
	a->v.dialog = DIALOG_NONE;
	app_go_to(a, n);
	app_say(a, "W goes back to the walkthrough");
	return true;
}

void
act_glossary(struct app *a, int nth)
{
	(void)nth;
	app_dialog(a, DIALOG_GLOSSARY, 0);
}

/* Another target is shown: what was answered holds for the one before. */
static void
forget(struct app *a)
{
	a->walking.begun = a->walking.on = a->walking.open = false;
	if (a->v.dialog == DIALOG_WALK)
		a->v.dialog = DIALOG_NONE;
}

/* A step that had no answer when all was tested, and has one now: what was done for it was seen, and it goes on. */
void
app_walk_observe(struct app *a)
{
	const struct walk_step *s;
	char words[WORDS_LEN];
	int k;

	if (a->walking.begun && a->walking.target != a->v.target)
		forget(a);
	if (!a->walking.on || !a->v.d->ended)
		return;
	s = walker_step(&a->walking.way);
	k = walk_decided(a->v.d, s);
	if (s->end != WALK_ASKS || k < 0) {
		a->walking.waited = true;
		return;
	}
	if (!a->walking.waited)
		return;
	snprintf(words, sizeof words, "the evidence answered: %s, line #%u", s->answer[k].text,
	    (unsigned)walk_line(&a->v, k));
	take(a, k, true);
	app_say(a, "%s", words);
}

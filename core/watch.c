/* The schedule of --watch; see watch.h. */
#include "watch.h"

#include <stdio.h>
#include <string.h>

#include "rule.h"

int64_t
watch_due_ms(const struct watch *w)
{
	uint32_t s = w->every_s != 0 ? w->every_s : w->down ? WATCH_DOWN_S : WATCH_CALM_S;

	if (!w->known || w->want_whole)
		return w->looked_ms;
	if (w->auth_failed && s < WATCH_AUTH_S)
		s = WATCH_AUTH_S;
	return w->looked_ms + (int64_t)s * 1000;
}

enum watch_look
watch_next(const struct watch *w, int64_t now_ms, bool by_user)
{
	if (w->looking != LOOK_NONE)
		return LOOK_NONE;
	if (by_user || !w->known)
		return LOOK_WHOLE;
	if (w->want_whole)
		return LOOK_WHOLE;
	return now_ms >= watch_due_ms(w) ? LOOK_TRANSPORT : LOOK_NONE;
}

void
watch_begin(struct watch *w, enum watch_look look, int64_t now_ms)
{
	w->looking = look;
	w->looked_ms = now_ms;
	w->want_whole = false;
}

bool
watch_keeps(const void *watch, uint32_t run)
{
	const struct watch *w = watch;

	if (run + WATCH_LOOKS > w->run || run == w->whole_run || run == w->bad_run)
		return true;
	for (uint32_t i = 0; i < w->nstands; i++)
		if (w->stands[i].run == run)
			return true;
	return false;
}

/* Into its place among the others, unless it is there. */
static size_t
insert(uint32_t *runs, size_t n, uint32_t run)
{
	size_t at = n;

	while (at > 0 && runs[at - 1] > run)
		at--;
	if (at > 0 && runs[at - 1] == run)
		return n;
	memmove(runs + at + 1, runs + at, (n - at) * sizeof *runs);
	runs[at] = run;
	return n + 1;
}

size_t
watch_kept(const struct watch *w, uint32_t runs[WATCH_KEPT])
{
	size_t n = 0;

	for (uint32_t i = 0; i < WATCH_LOOKS && i <= w->run; i++)
		n = insert(runs, n, w->run - i);
	for (uint32_t i = 0; i < w->nstands; i++)
		n = insert(runs, n, w->stands[i].run);
	n = insert(runs, n, w->whole_run);
	return insert(runs, n, w->bad_run);
}

void
watch_words(const char *was, const char *finding, char *text, size_t cap)
{
	bool works = strcmp(finding, WATCH_WORKS) == 0;

	if (was == NULL)
		snprintf(text, cap, works ? "works" : "fails: %s", finding);
	else if (works)
		snprintf(text, cap, "healed");
	else if (strcmp(was, WATCH_WORKS) == 0)
		snprintf(text, cap, "broke: %s", finding);
	else
		snprintf(text, cap, "now %s, before %s", finding, was);
}

/* One more change; the oldest gives way. */
static void
add_stand(struct watch *w, int64_t wall_s)
{
	struct watch_stand *s = w->stands;

	if (w->nstands == WATCH_STANDS)
		memmove(s, s + 1, (WATCH_STANDS - 1) * sizeof *s);
	else
		w->nstands++;
	w->changes++;
	s[w->nstands - 1] =
	    (struct watch_stand){ .finding = w->finding, .since_s = wall_s, .run = w->run };
}

/* What stands from now on. */
static void
stand(struct watch *w, const char *finding, int64_t wall_s, struct watch_change *out)
{
	const char *was = w->finding;

	if (was != NULL && strcmp(was, finding) == 0)
		return;
	out->changed = true;
	out->finding = w->finding = finding;
	watch_words(was, finding, out->text, sizeof out->text);
	if (strcmp(finding, WATCH_WORKS) != 0 && (was == NULL || strcmp(was, WATCH_WORKS) == 0))
		w->bad_run = w->run;
	add_stand(w, wall_s);
}

static const char *
verdict_id(const struct diag *d)
{
	return d->verdict.healthy        ? WATCH_WORKS
	       : d->verdict.rule != NULL ? d->verdict.rule->id
					 : "undecided";
}

/* A whole diagnosis: it says all. */
static void
end_whole(struct watch *w, const struct diag *d, int64_t wall_s, struct watch_change *out)
{
	w->whole_finding = verdict_id(d);
	w->whole_run = d->run;
	w->auth_failed = !d->verdict.healthy && d->layers[LAYER_TRANSPORT].state != LS_FAIL &&
			 d->layers[LAYER_SESSION].state != LS_FAIL;
	stand(w, w->whole_finding, wall_s, out);
}

/* The transport alone: where it is back, either a login may be tried, or what stood before stands again. */
static void
end_transport(
    struct watch *w, const struct diag *d, bool was_down, int64_t wall_s, struct watch_change *out)
{
	if (w->down)
		stand(w, verdict_id(d), wall_s, out);
	else if (was_down && !w->auth_failed)
		w->want_whole = true;
	else if (was_down)
		stand(w, w->whole_finding, wall_s, out);
}

void
watch_end(struct watch *w, const struct diag *d, int64_t wall_s, struct watch_change *out)
{
	bool was_down = w->down;
	enum watch_look look = w->looking;

	memset(out, 0, sizeof *out);
	w->looking = LOOK_NONE;
	w->run = d->run;
	if (fact_has(&d->facts, F_INTERRUPTED)) /* it says nothing */
		return;
	w->down = d->layers[LAYER_TRANSPORT].state == LS_FAIL;
	if (look == LOOK_TRANSPORT)
		end_transport(w, d, was_down, wall_s, out);
	else
		end_whole(w, d, wall_s, out);
	if (w->nstands > 0)
		w->stands[w->nstands - 1].looks++;
	w->known = true;
}

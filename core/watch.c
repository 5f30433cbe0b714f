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

/* What stands from now on. */
static void
stand(struct watch *w, const char *finding, int64_t wall_s, struct watch_change *out)
{
	const char *was = w->finding;
	bool works = strcmp(finding, WATCH_WORKS) == 0;

	if (was != NULL && strcmp(was, finding) == 0)
		return;
	out->changed = true;
	out->finding = finding;
	if (was == NULL)
		snprintf(out->text, sizeof out->text, works ? "works" : "fails: %s", finding);
	else if (works)
		snprintf(out->text, sizeof out->text, "healed");
	else if (strcmp(was, WATCH_WORKS) == 0)
		snprintf(out->text, sizeof out->text, "broke: %s", finding);
	else
		snprintf(out->text, sizeof out->text, "now %s, before %s", finding, was);
	w->finding = finding;
	w->since_s = wall_s;
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
	if (fact_has(&d->facts, F_INTERRUPTED)) /* it says nothing */
		return;
	w->down = d->layers[LAYER_TRANSPORT].state == LS_FAIL;
	if (look == LOOK_TRANSPORT)
		end_transport(w, d, was_down, wall_s, out);
	else
		end_whole(w, d, wall_s, out);
	w->known = true;
}

/* A fix under way on the screen. See fixing.h. */
#include "fixing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/guard.h"
#include "../core/rule.h"
#include "../core/text.h"
#include "panel.h"

void
fixing_begin(
    struct fixing *f, int target, const struct fix *fix, enum fixing_way way, const char *finding)
{
	memset(f, 0, sizeof *f);
	f->target = target;
	f->fix = fix;
	f->way = way;
	f->tries = way == WAY_HOSTKEY ? 3 : 0;
	f->stage = way == WAY_CLIENT || way == WAY_SERVER || way == WAY_CONNECT ? STAGE_LOOKING
										: STAGE_READY;
	text_copy(f->finding, sizeof f->finding, finding);
}

const struct fix *
fixing_keep(const struct fixing *f)
{
	const struct guard_row *row = f->fix != NULL ? guard_row(f->fix) : NULL;

	return row != NULL && row->keep != NULL && f->way == WAY_SERVER &&
		       f->stage == STAGE_APPLIED && f->kept
		   ? fix_by_id(row->keep)
		   : NULL;
}

void
fixing_begin_keep(struct fixing *f)
{
	const struct fix *keep = fixing_keep(f), *first = f->fix;
	char finding[sizeof f->finding], of[sizeof f->of];

	if (keep == NULL)
		return;
	text_copy(finding, sizeof finding, f->finding);
	text_copy(of, sizeof of, f->id);
	fixing_begin(f, f->target, keep, WAY_SERVER, finding);
	f->first = first;
	text_copy(f->of, sizeof f->of, of);
	text_copy(f->id, sizeof f->id, of);
}

/* A line of the preview: a label and a field of the evidence, where it is there. */
static void
add_line(struct fixing *f, const char *label, const struct evidence *ev, enum ev_key k)
{
	char text[FIXING_LINE_LEN];

	if (ev_get(ev, k) == NULL)
		return;
	ev_copy(ev, k, text, sizeof text);
	if (f->lines == FIXING_LINES) {
		f->more++;
		return;
	}
	snprintf(f->line[f->lines], FIXING_LINE_LEN, "%s%s", label, text);
	f->lines++;
}

/* The preview: of the client a line each and an end, of the server all in one. */
static void
take_preview(struct fixing *f, const struct evidence *ev)
{
	if (f->way == WAY_SERVER) {
		if (ev_get(ev, K_LINE) != NULL) { /* of a look; the rest comes behind */
			add_line(f, "", ev, K_TEXT);
			return;
		}
		ev_copy(ev, K_HOST, f->host, sizeof f->host);
		if (f->first != NULL)
			ev_copy(ev, K_COMMAND, f->command, sizeof f->command);
		else
			add_line(f, "runs     ", ev, K_COMMAND);
		add_line(f, "copies   ", ev, K_PATH);
		add_line(f, "then     sshd -t, and ", ev, K_NEXT);
		f->stage = STAGE_READY;
		return;
	}
	if (!ev_is(ev, K_STATE, "end")) {
		add_line(f, "", ev, K_TEXT);
		return;
	}
	ev_copy(ev, K_WHAT, f->what, sizeof f->what);
	if (strcmp(f->what, "terminal") == 0)
		f->way = WAY_TERMINAL;
	f->stage = STAGE_READY;
}

static void
take_applied(struct fixing *f, const struct evidence *ev)
{
	int64_t ms = ev_num(ev, K_DEADLINE_MS, 0);

	ev_copy(ev, K_ID, f->id, sizeof f->id);
	ev_copy(ev, K_TEXT, f->text, sizeof f->text);
	f->until_us = ms > 0 ? (int64_t)ev->at_us + ms * 1000 : 0;
	f->stage = STAGE_APPLIED;
	f->kept = f->way == WAY_CONNECT;
}

static bool
is_about(const struct fixing *f, const struct evidence *ev)
{
	if (f->fix == NULL || ev->target != f->target)
		return false;
	return ev_get(ev, K_FIX) == NULL || ev_is(ev, K_FIX, f->fix->id) ||
	       (f->first != NULL && ev_is(ev, K_FIX, f->first->id));
}

static void
take_undone(struct fixing *f, const struct evidence *ev)
{
	f->wrong = (int)ev_num(ev, K_LINES, 0);
	ev_copy(ev, f->wrong > 0 && ev_get(ev, K_ERR) != NULL ? K_ERR : K_TEXT, f->text,
	    sizeof f->text);
	f->stage = STAGE_UNDONE;
	f->until_us = 0;
	if (f->first != NULL && !f->undoing) { /* by itself: the rule is there as before */
		f->stage = STAGE_FAILED;
		text_copy(f->id, sizeof f->id, f->of);
	}
	f->undoing = false;
}

bool
fixing_take(struct fixing *f, const struct evidence *ev)
{
	if (!is_about(f, ev))
		return false;
	switch (ev->kind) {
	case EV_HOSTKEY_CONFIRM:
		if (f->way != WAY_HOSTKEY)
			return false;
		f->unlocked = ev_is(ev, K_RESULT, "ok");
		f->tries = (int)ev_num(ev, K_LEFT, 0);
		return true;
	case EV_FIX_PREVIEW: take_preview(f, ev); return true;
	case EV_FIX_APPLIED: take_applied(f, ev); return true;
	case EV_FIX_KEPT:
		f->kept = true;
		f->until_us = 0;
		ev_copy(ev, K_TEXT, f->text, sizeof f->text);
		return true;
	case EV_FIX_FAILED:
		f->undoing = false;
		ev_copy(ev, K_TEXT, f->text, sizeof f->text);
		if (f->first != NULL)
			ev_copy(ev, K_COMMAND, f->command, sizeof f->command);
		/* What was done stays so where it could not be kept, or not be undone. */
		if (f->stage == STAGE_APPLIED || f->stage == STAGE_UNDONE)
			return true;
		/* A connect fix that cannot be kept can be tried all the same. */
		f->stage =
		    f->way == WAY_CONNECT && f->stage == STAGE_LOOKING ? STAGE_READY : STAGE_FAILED;
		return true;
	case EV_FIX_UNDONE: take_undone(f, ev); return true;
	default: return false;
	}
}

bool
fixing_waits(const struct fixing *f)
{
	return f->way == WAY_SERVER && f->stage == STAGE_APPLIED && !f->kept && f->until_us > 0;
}

static void
note(struct fixing_state *s, const struct diag *d, const struct logidx *log)
{
	const struct finding *v = d->verdict.finding >= 0 && d->verdict.finding < d->nfindings
				      ? &d->findings[d->verdict.finding]
				      : NULL;
	struct strbuf sb;
	int n = 0;

	memset(s, 0, sizeof *s);
	sb_init(&sb, s->verdict, sizeof s->verdict);
	diag_verdict_line(d, &sb);
	s->exit_code = diag_exit_code(d);
	for (int i = 0; v != NULL && i < v->nev && n < FIXING_SEEN; i++) {
		const struct ev_line *line = logidx_by_number(log, v->ev[i]);

		if (line == NULL)
			continue;
		sb_init(&sb, s->seen[n++], FIXING_LINE_LEN);
		log_describe(line, &sb);
	}
}

static const struct finding *
finding_of(const struct diag *d, const char *id)
{
	for (int i = 0; i < d->nfindings; i++)
		if (strcmp(d->findings[i].rule->id, id) == 0)
			return &d->findings[i];
	return NULL;
}

/* What a finding was seen by: of its lines the one that a login comes to last, or, where there is none, its end. */
static enum ev_kind
shown_by(const struct finding *found, const struct logidx *log)
{
	enum ev_kind last = EV_RUN_START, end = EV_RUN_START;
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	for (int i = 0; found != NULL && i < found->nev; i++) {
		const struct ev_line *line = logidx_by_number(log, found->ev[i]);

		if (line == NULL ||
		    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
		    ev_kind_info(ev.kind)->probe[0] == '\0')
			continue;
		if (diag_place_of(ev.kind) == PLACE_END)
			end = ev.kind > end ? ev.kind : end;
		else
			last = ev.kind > last ? ev.kind : last;
	}
	return last != EV_RUN_START ? last : end;
}

void
fixing_before(struct fixing *f, const struct diag *d, const struct logidx *log)
{
	const struct finding *found = finding_of(d, f->finding);
	struct strbuf sb;

	note(&f->before, d, log);
	f->severe = found != NULL ? found->severity : SEV_FAIL;
	/* A later run may have no such value any more. */
	sb_init(&sb, f->title, sizeof f->title);
	diag_expand(d, f->fix->title, &sb);
	sb_init(&sb, f->undo, sizeof f->undo);
	if (f->fix->undo != NULL)
		diag_expand(d, f->fix->undo, &sb);
	f->shown_by = shown_by(found, log);
	f->run = d->run;
	f->told = false;
	f->result = RESULT_NONE;
}

/* How far a login gets: the layer that fails, 20 for what was not decided. */
static int
reach(int exit_code)
{
	return exit_code == 0 ? 100 : exit_code == 20 || exit_code == 130 ? 11 : exit_code;
}

/*
 * Whether the run came to where the finding was seen: its layer works; or what fails now is no earlier on
 * the way of a login; or, of what is looked at beside it, the probe has ended.
 */
static bool
was_tested(const struct fixing *f, const struct diag *d)
{
	const struct rule *r = rule_by_id(f->finding);
	enum layer_state s = r != NULL ? d->layers[r->layer].state : LS_UNKNOWN;
	const struct diag_probe *p;

	if (d->verdict.healthy || s == LS_PASS || s == LS_WARN)
		return true;
	if (s != LS_FAIL && s != LS_UNKNOWN)
		return false;
	if (f->shown_by == EV_RUN_START)
		return s == LS_FAIL;
	p = diag_probe_by_name(d, ev_kind_info(f->shown_by)->probe);
	if (p == NULL || !p->ended)
		return false;
	return diag_place_of(f->shown_by) == PLACE_BESIDE || d->reached >= f->shown_by;
}

static enum fixing_result
judge(const struct fixing *f, const struct diag *d)
{
	const struct finding *still = finding_of(d, f->finding);

	if (still != NULL && still->severity == SEV_INFO && f->severe != SEV_INFO)
		return RESULT_FIXED;
	if (still != NULL)
		return RESULT_UNCHANGED;
	return fact_has(&d->facts, F_INTERRUPTED) || diag_holds(d, f->finding) || !was_tested(f, d)
		   ? RESULT_OPEN
		   : RESULT_FIXED;
}

void
fixing_after(struct fixing *f, const struct diag *d, const struct logidx *log)
{
	note(&f->after, d, log);
	f->result = judge(f, d);
	if (!fact_has(&d->facts, F_INTERRUPTED) &&
	    reach(f->after.exit_code) < reach(f->before.exit_code))
		f->result = RESULT_WORSE;
}

const char *
fixing_result_name(enum fixing_result r)
{
	static const char *const names[] = { "", "fixed", "unchanged", "worse", "open" };

	return names[r];
}

/*
 * What a login by hand says: the transcript of the user's own ssh that a person ran from here. It is of another connection
 * than the run's, with a person's keys and secrets, so it is folded apart from the run: into a few facts of its own, and into a
 * diagnosis of its own, of that text alone. Of this one derive.c and conclude.c take what the run does not know. See
 * diag_internal.h.
 */
#include "learn_internal.h"

/* ---- facts beside the run's ------------------------------------------------------------------ */

static void
own_facts(struct diag *d, const struct evidence *ev)
{
	bool secret =
	    ev_is(ev, K_METHOD, "password") || ev_is(ev, K_METHOD, "keyboard-interactive");

	if (ev->kind == EV_AUTH_LOGIN && secret && ev_is(ev, K_RESULT, "denied"))
		fact(d, ev, F_PERSON_REFUSED);
	if (ev->kind != EV_SESSION_REQUEST || !ev_is(ev, K_RESULT, "refused"))
		return;
	if (ev_is(ev, K_REQUEST, "channel") || ev_is(ev, K_REQUEST, "shell")) {
		fact(d, ev, F_PERSON_NO_SESSION);
		slot_field(d, SLOT_SESSION_TEXT, 4, ev, K_TEXT);
	}
}

/* ---- a diagnosis of its own ------------------------------------------------------------------ */

static void
own_begin(struct diag *o, uint16_t clock)
{
	static const enum fact facts[] = { F_STARTED, F_ENDED, F_TEXT_ONLY };

	diag_init(o, o->target, o->run);
	o->own_clock = clock;
	o->started = o->ended = o->pasted = true;
	for (size_t i = 0; i < COUNT(facts); i++)
		fact_add(&o->base, facts[i]);
}

/* The last login counts. As with any transcript of a client: what it says is likely at most. */
static void
own_line(struct diag *o, const struct evidence *ev)
{
	struct evidence line = *ev;

	if (ev->clock < o->own_clock)
		return;
	if (ev->clock > o->own_clock)
		own_begin(o, ev->clock);
	line.vantage = VANTAGE_PASTED;
	o->nev++;
	o->nclient++;
	learn(o, &line);
}

void
learn_own_login(struct diag *d, const struct evidence *ev)
{
	own_facts(d, ev);
	if (d->own != NULL && ev->kind != EV_TEXT_OTHER)
		own_line(d->own, ev);
}

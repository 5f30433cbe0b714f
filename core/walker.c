/* A walkthrough on its way. See walker.h. */
#include "walker.h"

#include <string.h>
#include <strings.h>

#include "fix.h"
#include "rule.h"

/* The cause is known from a step that says so on, and where the way ends in a fix. */
static void
arrive(struct walker *r)
{
	const struct walk_step *s = walker_step(r);

	r->unlocked |= s->cause || s->end == WALK_FIX;
}

bool
walker_begin(struct walker *r, const char *id)
{
	r->at = r->passed = 0;
	r->unlocked = false;
	if (!walk_load(&r->walk, id))
		return false;
	arrive(r);
	return true;
}

const struct walk_step *
walker_step(const struct walker *r)
{
	return &r->walk.step[r->at];
}

/* Whether a word stands in a list with "|" between its words. */
static bool
listed(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, word, len) == 0 && (at[len] == '\0' || at[len] == '|'))
			return true;
	}
	return false;
}

static bool
found(const struct diag *d, const struct walk_term *t)
{
	if (t->verdict)
		return d->verdict.healthy
			   ? listed(t->finding, "healthy")
			   : d->verdict.rule != NULL && (d->verdict.final || d->ended) &&
				 listed(t->finding, d->verdict.rule->id);
	for (int i = 0; i < d->nfindings; i++)
		if (listed(t->finding, d->findings[i].rule->id))
			return true;
	return false;
}

static bool
term_holds(const struct diag *d, const struct walk_term *t)
{
	bool holds;

	if (t->unless && !d->ended)
		return false; /* what is not there yet may still come */
	if (t->fact != F_NONE)
		holds = fact_has(&d->facts, t->fact);
	else if (t->finding != NULL)
		holds = found(d, t);
	else
		holds = d->layers[t->layer].state == t->state;
	return holds != t->unless;
}

static bool
alternative_holds(const struct diag *d, const struct walk_answer *a, int i)
{
	for (int t = 0; t < a->terms[i]; t++)
		if (!term_holds(d, &a->when[i][t]))
			return false;
	return a->terms[i] > 0;
}

int
walk_decided(const struct diag *d, const struct walk_step *s)
{
	for (int k = 0; k < s->answers; k++)
		for (int i = 0; i < s->answer[k].whens; i++)
			if (alternative_holds(d, &s->answer[k], i))
				return k;
	return -1;
}

bool
walker_answer(struct walker *r, int answer, bool by_evidence)
{
	const struct walk_step *s = walker_step(r);
	int k = answer < 0 ? s->answers - 1 : answer;
	struct walker_passed *p = &r->trail[r->passed];
	char other[WALKER_NAME];

	if (s->end != WALK_ASKS || k < 0 || k >= s->answers || r->passed == WALKER_TRAIL)
		return false;
	*p = (struct walker_passed){
		.step = r->at, .answer = answer, .by_evidence = by_evidence, .layer = s->layer
	};
	text_copy(p->walk, sizeof p->walk, r->walk.name);
	if (answer >= 0 && s->answer[k].known != NULL)
		text_copy(p->known, sizeof p->known, s->answer[k].known);
	if (s->answer[k].to >= 0) {
		r->at = s->answer[k].to;
	} else {
		text_copy(other, sizeof other, s->answer[k].next + 1);
		if (!walk_load(&r->walk, other)) {
			walk_load(&r->walk, p->walk);
			return false;
		}
		r->at = 0;
	}
	r->passed++;
	arrive(r);
	return true;
}

bool
walker_back(struct walker *r)
{
	const struct walker_passed *p;

	if (r->passed == 0)
		return false;
	p = &r->trail[--r->passed];
	if (strcmp(p->walk, r->walk.name) != 0)
		walk_load(&r->walk, p->walk);
	r->at = p->step;
	return true;
}

int
walk_commands(const struct diag *d, const char *const list[], int n, const char *out[])
{
	int known = 0;

	for (int i = 0; i < n; i++)
		if (fix_words_known(d, list[i]))
			out[known++] = list[i];
	return known;
}

bool
walk_has_fix(const struct walk_step *s, const char *id)
{
	for (int i = 0; i < s->nfixes; i++)
		if (strcmp(s->fixes[i], id) == 0)
			return true;
	return false;
}

bool
walk_looks_at(const struct walk_step *s, enum ev_kind k)
{
	for (int i = 0; i < s->nlook; i++)
		if (s->look[i] == k)
			return true;
	return false;
}

bool
walk_shows(const struct walk_answer *a, const char *words)
{
	for (const char *want = a->words; want != NULL; want = strchr(want, '|')) {
		size_t len;

		want += *want == '|';
		len = strcspn(want, "|");
		for (const char *at = words; len > 0 && *at != '\0'; at++)
			if (strncasecmp(at, want, len) == 0)
				return true;
	}
	return false;
}

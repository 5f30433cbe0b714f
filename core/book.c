/*
 * The book: routes lines to the diagnosis of their target and run. A run's
 * list holds the lines that it folded, its own and those taken over from the run before, so
 * that arrival in any order comes to the same. Called by the engine and by readers.
 */
#include "book.h"

#include <stdlib.h>
#include <string.h>

#include "fpmask.h"
#include "plan.h"

enum { FROM_UNKNOWN = -1, BOOK_TARGETS = 4096 };

/* A growing list of lines; the lines are not owned. */
struct lines {
	const struct ev_line **v;
	size_t n, cap;
};

struct run_lines {
	uint32_t run;
	int from; /* rank of the probe that it begins with; probes before it are taken over. 0 or less: nothing is */
	struct lines lines;
	struct run_lines *next; /* the next later run */
};

struct page {
	uint16_t target;
	uint32_t run;           /* the newest */
	bool ended;             /* it has */
	struct diag *diag;      /* of the newest run; NULL while it rests */
	bool stale;             /* lines were folded since it was concluded */
	struct run_lines *runs; /* oldest first */
};

/* A line that was replaced. */
struct swap {
	const struct ev_line *was, *now;
};

/* The key in question, as far as it shows. */
struct hidden {
	char fp[64], md5[FPMASK_MD5_LEN];
};

/*
 * The work in its steps, as it takes longer than a turn of the screen's loop: all lines, the lists that have
 * some of them too, and then the diagnoses, made from their lines again beside those that are in use.
 */
struct masking {
	const struct ev_line *of; /* the line that is made ready for; NULL: none */
	struct hidden key;
	enum { MASK_LINES, MASK_TARGETS, MASK_RUNS, MASK_FOLD, MASK_DONE } step;
	size_t list, i;        /* where it is */
	struct run_lines *run; /* of MASK_RUNS */
	struct diag *fresh;    /* of MASK_FOLD */
	struct swap
	    *swaps; /* by the line that was, hashed; as many places as twice the lines, or more */
	size_t n, places;
};

struct book {
	struct page **pages; /* by target number */
	size_t npages;
	struct lines *of; /* by target number: all of its lines, as long as nof */
	size_t nof;
	struct lines all;
	struct earlier {
		uint16_t target;
		const struct book *book; /* not owned */
	} * earlier;
	size_t nearlier;
	struct lines own; /* lines that replace others; ours */
	size_t nmasked, ndropped;
	struct book *copy_of; /* whose lines it reads; NULL */
	size_t ncopies;       /* that read ours */
	struct masking masking;
	char scratch[EV_LINE_MAX];
};

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static void
lines_add(struct lines *l, const struct ev_line *line)
{
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 64 : l->cap + l->cap / 2;
		l->v = must(realloc(l->v, l->cap * sizeof *l->v));
	}
	l->v[l->n++] = line;
}

struct book *
book_new(void)
{
	return must(calloc(1, sizeof(struct book)));
}

static void masking_end(struct masking *m);

static void
free_diag(struct diag *d)
{
	if (d != NULL)
		free(d->own);
	free(d);
}

/* Fold a line in; a login by hand has room of its own. */
static void
apply(struct diag *d, const struct evidence *ev)
{
	if (d->own == NULL && diag_is_of_own_login(ev)) {
		d->own = must(calloc(1, sizeof *d->own));
		diag_init_zeroed(d->own, d->target, d->run);
	}
	diag_apply(d, ev);
}

void
book_free(struct book *b)
{
	if (b == NULL)
		return;
	if (b->copy_of != NULL)
		b->copy_of->ncopies--;
	for (size_t i = 0; i < b->npages; i++) {
		struct run_lines *r = b->pages[i] != NULL ? b->pages[i]->runs : NULL;

		while (r != NULL) {
			struct run_lines *next = r->next;

			free(r->lines.v);
			free(r);
			r = next;
		}
		if (b->pages[i] != NULL)
			free_diag(b->pages[i]->diag);
		free(b->pages[i]);
	}
	for (size_t i = 0; i < b->nof; i++)
		free(b->of[i].v);
	free(b->of);
	free(b->pages);
	free(b->earlier);
	for (size_t i = 0; i < b->own.n; i++)
		free((void *)b->own.v[i]); /* made by mask() */
	free(b->own.v);
	masking_end(&b->masking);
	free(b->all.v);
	free(b);
}

static struct lines
lines_copy(const struct lines *l)
{
	struct lines c = { .n = l->n, .cap = l->n };

	if (l->n > 0) {
		c.v = must(malloc(l->n * sizeof *c.v));
		memcpy(c.v, l->v, l->n * sizeof *c.v);
	}
	return c;
}

struct book *
book_copy(struct book *b)
{
	struct book *c = book_new();

	c->copy_of = b;
	b->ncopies++;
	c->all = lines_copy(&b->all);
	c->of = must(calloc(b->nof + 1, sizeof *c->of));
	c->nof = b->nof;
	for (size_t i = 0; i < b->nof; i++)
		c->of[i] = lines_copy(&b->of[i]);
	for (size_t i = 0; i < b->nearlier; i++)
		book_set_earlier(c, b->earlier[i].target, b->earlier[i].book);
	return c;
}

/* A line is kept among all, and among those of its target. */
static void
keep(struct book *b, const struct ev_line *line)
{
	int target = ev_target(line->text, line->len);
	size_t n = (size_t)target + 1;

	lines_add(&b->all, line);
	if (target < 0 || target >= BOOK_TARGETS)
		return;
	if (n > b->nof) {
		b->of = must(realloc(b->of, n * sizeof *b->of));
		memset(b->of + b->nof, 0, (n - b->nof) * sizeof *b->of);
		b->nof = n;
	}
	lines_add(&b->of[target], line);
}

static struct page *
page_of(struct book *b, uint16_t target)
{
	size_t n = (size_t)target + 1;

	if (target >= BOOK_TARGETS)
		return NULL;
	if (n > b->npages) {
		b->pages = must(realloc(b->pages, n * sizeof *b->pages));
		memset(b->pages + b->npages, 0, (n - b->npages) * sizeof *b->pages);
		b->npages = n;
	}
	if (b->pages[target] == NULL) {
		b->pages[target] = must(calloc(1, sizeof **b->pages));
		b->pages[target]->target = target;
		b->pages[target]->diag = must(calloc(1, sizeof(struct diag)));
	}
	return b->pages[target];
}

/* The rank of the probe that a line speaks of, or -1 for what is of the run itself. */
static int
rank_of(const struct evidence *ev)
{
	char word[32];
	const char *probe = ev_kind_info(ev->kind)->probe;

	if (ev->kind == EV_PROBE_START || ev->kind == EV_PROBE_END)
		probe = ev_copy(ev, K_PROBE, word, sizeof word);
	else if (ev->kind == EV_PHASE) /* phases before the connection have their probe's name */
		probe = ev_copy(ev, K_PHASE, word, sizeof word);
	return plan_rank(probe, strlen(probe));
}

/* Whether a line of the run before counts in r as well. */
static bool
takes_over(const struct run_lines *r, const struct evidence *ev)
{
	int rank = rank_of(ev);

	/* What a text says is not of one run, nor is what was done to this machine. */
	if (ev->clock > 0 || ((ev->kind == EV_FIX_APPLIED || ev->kind == EV_FIX_UNDONE) &&
				 ev_is(ev, K_SIDE, "client")))
		return true;
	return rank >= 0 && rank < r->from;
}

/* Fold a line into a run, and into those after it that take it over. */
static void
fold(struct page *p, struct run_lines *r, const struct ev_line *line, struct evidence *ev)
{
	for (;;) {
		lines_add(&r->lines, line);
		if (r->next == NULL) {
			ev->run = r->run;
			apply(p->diag, ev);
			p->ended = p->diag->ended;
			p->stale = true;
		}
		if (r->next == NULL || r->next->run != r->run + 1 || !takes_over(r->next, ev))
			return;
		r = r->next;
	}
}

/* The list of a run, in its place among the others; a newer one than all before begins the diagnosis anew. */
static struct run_lines *
run_of(struct page *p, uint32_t run)
{
	struct run_lines **at = &p->runs, *r;

	while (*at != NULL && (*at)->run < run)
		at = &(*at)->next;
	if (*at != NULL && (*at)->run == run)
		return *at;
	r = must(calloc(1, sizeof *r));
	r->run = run;
	r->from = FROM_UNKNOWN;
	r->next = *at;
	*at = r;
	if (r->next == NULL) {
		if (p->runs == r)
			diag_init_zeroed(p->diag, p->target, run);
		else
			diag_init_again(p->diag, p->target, run);
		p->run = run;
		p->ended = false;
		p->stale = true;
	}
	return r;
}

static enum ev_status
decode(struct book *b, const struct ev_line *line, struct evidence *ev)
{
	enum ev_status status = ev_decode(ev, line->text, line->len, b->scratch, sizeof b->scratch);

	ev->n = line->n;
	return status;
}

/* A run has said where it begins: what the run before it saw up to there is taken over. */
static void
learn_from(struct book *b, struct page *p, struct run_lines *r, const struct evidence *start)
{
	struct run_lines *before = p->runs;
	char from[32];

	ev_copy(start, K_FROM, from, sizeof from);
	if (r->from != FROM_UNKNOWN)
		return;
	r->from = plan_rank(from, strlen(from));
	if (r->from < 0)
		r->from = 0;
	while (before != NULL && before->next != r)
		before = before->next;
	if (before == NULL || before->run + 1 != r->run)
		return;
	for (size_t i = 0; i < before->lines.n; i++) {
		struct evidence ev;

		if (decode(b, before->lines.v[i], &ev) == EV_OK && takes_over(r, &ev))
			fold(p, r, before->lines.v[i], &ev);
	}
}

/* Make the diagnosis of a page that rests again, from the lines of its newest run. Decodes, so that no line may be at hand. */
static void
wake(struct book *b, struct page *p)
{
	struct run_lines *r = p->runs;

	if (p->diag != NULL)
		return;
	p->diag = must(calloc(1, sizeof *p->diag));
	diag_init_zeroed(p->diag, p->target, p->run);
	p->stale = true;
	while (r != NULL && r->next != NULL)
		r = r->next;
	for (size_t i = 0; r != NULL && i < r->lines.n; i++) {
		struct evidence ev;

		if (decode(b, r->lines.v[i], &ev) != EV_OK)
			continue;
		ev.run = r->run;
		apply(p->diag, &ev);
	}
}

void
book_rest(struct book *b, uint16_t target)
{
	struct page *p = target < b->npages ? b->pages[target] : NULL;

	if (p == NULL || !p->ended)
		return;
	free_diag(p->diag);
	p->diag = NULL;
}

/* ---- what a changed key's line hides in those before it ------------------------------------- */

/* A copy of a line in which the end of a fingerprint is hidden; NULL where it is not in it. */
static const struct ev_line *
mask(struct book *b, const struct ev_line *line, const struct hidden *key)
{
	struct ev_line *copy;
	struct evidence ev;
	bool of_text = decode(b, line, &ev) == EV_OK && ev.clock > 0; /* of nobody's own keys */

	memcpy(b->scratch, line->text, line->len);
	fpmask_hide_like(b->scratch, line->len, key->fp);
	fpmask_hide_like(b->scratch, line->len, key->md5);
	if (of_text)
		fpmask_hide_keys(b->scratch, line->len);
	if (memcmp(b->scratch, line->text, line->len) == 0)
		return NULL;
	copy = must(malloc(sizeof *copy + line->len + 1));
	copy->n = line->n;
	copy->len = line->len;
	memcpy(copy->text, b->scratch, line->len);
	copy->text[line->len] = '\0';
	lines_add(&b->own, copy);
	b->nmasked++;
	return copy;
}

/* The place of a line among those that were replaced, or the free one where it would be. */
static struct swap *
swap_of(const struct masking *m, const struct ev_line *line)
{
	size_t i = (size_t)((uintptr_t)line / sizeof(void *) * UINT64_C(0x9e3779b97f4a7c15) >> 20);

	while (m->swaps[i &= m->places - 1].was != NULL && m->swaps[i].was != line)
		i++;
	return &m->swaps[i];
}

/* What stands for a line now. */
static const struct ev_line *
swapped(const struct masking *m, const struct ev_line *line)
{
	const struct swap *s = swap_of(m, line);

	return s->was != NULL ? s->now : line;
}

static void
mask_line(struct book *b, size_t i)
{
	struct masking *m = &b->masking;
	const struct ev_line *was = b->all.v[i], *now;

	if (was->len >= sizeof b->scratch || (now = mask(b, was, &m->key)) == NULL)
		return;
	b->all.v[i] = now;
	*swap_of(m, was) = (struct swap){ was, now };
	m->n++;
}

/* The lines of a list from m->i on. Returns whether it is through; *max is what is left of the work. */
static bool
swap_lines(struct masking *m, struct lines *l, size_t *max)
{
	for (; m->i<l->n && * max> 0; m->i++, --*max)
		l->v[m->i] = swapped(m, l->v[m->i]);
	if (m->i < l->n)
		return false;
	m->i = 0;
	return true;
}

static struct run_lines *
newest(struct page *p)
{
	struct run_lines *r = p != NULL ? p->runs : NULL;

	while (r != NULL && r->next != NULL)
		r = r->next;
	return r;
}

static bool
step_lines(struct book *b, size_t *max)
{
	struct masking *m = &b->masking;

	for (; m->i<b->all.n && * max> 0; m->i++, --*max)
		mask_line(b, m->i);
	if (m->i < b->all.n)
		return false;
	m->i = m->list = 0;
	m->step = m->n > 0 ? MASK_TARGETS : MASK_DONE;
	return true;
}

static bool
step_targets(struct book *b, size_t *max)
{
	struct masking *m = &b->masking;

	for (; m->list < b->nof; m->list++)
		if (!swap_lines(m, &b->of[m->list], max))
			return false;
	m->list = 0;
	m->step = MASK_RUNS;
	return true;
}

static bool
step_runs(struct book *b, size_t *max)
{
	struct masking *m = &b->masking;

	for (; m->list < b->npages; m->list++, m->run = NULL) {
		if (b->pages[m->list] == NULL)
			continue;
		if (m->run == NULL)
			m->run = b->pages[m->list]->runs;
		for (; m->run != NULL; m->run = m->run->next)
			if (!swap_lines(m, &m->run->lines, max))
				return false;
	}
	m->list = 0;
	m->step = MASK_FOLD;
	return true;
}

/* A diagnosis that does not rest is made from its lines again. */
static bool
fold_again(struct book *b, struct page *p, size_t *max)
{
	struct masking *m = &b->masking;
	struct run_lines *r = newest(p);
	struct evidence ev;

	if (r == NULL || p->diag == NULL)
		return true;
	if (m->fresh == NULL) {
		m->fresh = must(calloc(1, sizeof *m->fresh));
		diag_init_zeroed(m->fresh, p->target, r->run);
	}
	for (; m->i<r->lines.n && * max> 0; m->i++, --*max) {
		if (decode(b, r->lines.v[m->i], &ev) != EV_OK)
			continue;
		ev.run = r->run;
		apply(m->fresh, &ev);
	}
	if (m->i < r->lines.n)
		return false;
	free_diag(p->diag);
	p->diag = m->fresh;
	p->stale = true;
	m->fresh = NULL;
	m->i = 0;
	return true;
}

static bool
step_fold(struct book *b, size_t *max)
{
	struct masking *m = &b->masking;

	for (; m->list < b->npages; m->list++)
		if (!fold_again(b, b->pages[m->list], max))
			return false;
	m->step = MASK_DONE;
	return true;
}

/* Whether a line tells of a changed key, and of which. */
static bool
tells_of_changed(struct book *b, const struct ev_line *line, struct hidden *key)
{
	struct evidence ev;

	if (strstr(line->text, " hostkey.offered ") == NULL || decode(b, line, &ev) != EV_OK ||
	    ev.kind != EV_HOSTKEY_OFFERED || ev.hop != 0)
		return false;
	ev_copy(&ev, K_FP, key->fp, sizeof key->fp);
	ev_copy(&ev, K_MD5, key->md5, sizeof key->md5);
	return fpmask_hidden(key->fp);
}

static void
masking_end(struct masking *m)
{
	free_diag(m->fresh);
	free(m->swaps);
	memset(m, 0, sizeof *m);
}

bool
book_prepare(struct book *b, const struct ev_line *line, size_t max)
{
	static bool (*const steps[])(struct book *, size_t *) = { [MASK_LINES] = step_lines,
		[MASK_TARGETS] = step_targets,
		[MASK_RUNS] = step_runs,
		[MASK_FOLD] = step_fold };
	struct masking *m = &b->masking;

	if (m->of != line) {
		struct hidden key;

		if (!tells_of_changed(b, line, &key))
			return true;
		masking_end(m);
		m->of = line;
		m->key = key;
		for (m->places = 16; m->places < 2 * b->all.n;)
			m->places *= 2;
		m->swaps = must(calloc(m->places, sizeof *m->swaps));
	}
	while (m->step != MASK_DONE)
		if (!steps[m->step](b, &max))
			return false;
	return true;
}

size_t
book_masked(const struct book *b)
{
	return b->nmasked;
}

/* ---- what may be forgotten --------------------------------------------------------------- */

static void
numbers_add(struct ev_numbers *l, uint32_t n)
{
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 64 : l->cap * 2;
		l->v = must(realloc(l->v, l->cap * sizeof *l->v));
	}
	l->v[l->n++] = n;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void
ev_numbers_sort(struct ev_numbers *l)
{
	if (l->n > 0)
		qsort(l->v, l->n, sizeof *l->v, by_number);
}

bool
ev_numbers_has(const struct ev_numbers *l, uint32_t n)
{
	return l->n > 0 && bsearch(&n, l->v, l->n, sizeof *l->v, by_number) != NULL;
}

/* Whether a run is one that stays. */
struct stays {
	bool (*keeps)(const void *arg, uint32_t run);
	const void *arg;
	uint32_t newest;
};

static bool
run_stays(const struct stays *s, int64_t run)
{
	return run < 0 || run >= s->newest || s->keeps(s->arg, (uint32_t)run);
}

/* What runs that stay have of those that do not, ascending. */
static void
taken_over(const struct page *p, const struct stays *s, struct ev_numbers *out)
{
	for (const struct run_lines *r = p->runs; r != NULL; r = r->next)
		for (size_t i = 0; run_stays(s, r->run) && i < r->lines.n; i++) {
			const struct ev_line *line = r->lines.v[i];

			if (!run_stays(s, ev_run(line->text, line->len)))
				numbers_add(out, line->n);
		}
	ev_numbers_sort(out);
}

void
book_spare(const struct book *b, uint16_t target, bool (*keeps)(const void *arg, uint32_t run),
    const void *arg, struct ev_numbers *out)
{
	const struct page *p = target < b->npages ? b->pages[target] : NULL;
	struct stays s = { keeps, arg, p != NULL ? p->run : 0 };
	struct ev_numbers taken = { 0 };

	if (p == NULL)
		return;
	taken_over(p, &s, &taken);
	for (size_t i = 0; i < book_target_lines(b, target); i++) {
		const struct ev_line *line = book_target_line(b, target, i);

		if (!run_stays(&s, ev_run(line->text, line->len)) &&
		    !ev_numbers_has(&taken, line->n))
			numbers_add(out, line->n);
	}
	free(taken.v);
}

bool
book_can_drop(const struct book *b)
{
	return b->ncopies == 0 && b->masking.of == NULL;
}

static void
lines_drop(struct lines *l, const struct ev_numbers *gone)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++)
		if (!ev_numbers_has(gone, l->v[i]->n))
			l->v[kept++] = l->v[i];
	l->n = kept;
}

/* Lines of ours that stood for those that are gone. */
static void
own_drop(struct book *b, const struct ev_numbers *gone)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->own.n; i++)
		if (ev_numbers_has(gone, b->own.v[i]->n))
			free((void *)b->own.v[i]);
		else
			b->own.v[kept++] = b->own.v[i];
	b->own.n = kept;
}

/* Whether a run has a line that it did not take over. */
static bool
has_own_line(const struct run_lines *r)
{
	for (size_t i = 0; i < r->lines.n; i++)
		if (ev_run(r->lines.v[i]->text, r->lines.v[i]->len) == r->run)
			return true;
	return false;
}

static void
runs_drop(struct page *p, const struct ev_numbers *gone)
{
	for (struct run_lines **at = &p->runs; *at != NULL;) {
		struct run_lines *r = *at;

		lines_drop(&r->lines, gone);
		if (r->next == NULL || has_own_line(r)) {
			at = &r->next;
			continue;
		}
		*at = r->next;
		free(r->lines.v);
		free(r);
	}
}

void
book_drop(struct book *b, const struct ev_numbers *gone)
{
	size_t before = b->all.n;

	if (gone->n == 0 || !book_can_drop(b))
		return;
	lines_drop(&b->all, gone);
	for (size_t i = 0; i < b->nof; i++)
		lines_drop(&b->of[i], gone);
	for (size_t i = 0; i < b->npages; i++)
		if (b->pages[i] != NULL)
			runs_drop(b->pages[i], gone);
	own_drop(b, gone); /* the last: lists may have had them */
	b->ndropped += before - b->all.n;
}

size_t
book_dropped(const struct book *b)
{
	return b->ndropped;
}

enum ev_status
book_add(struct book *b, const struct ev_line *line)
{
	struct evidence ev;
	int target = ev_target(line->text, line->len);
	enum ev_status status;
	struct page *p;
	struct run_lines *r;

	book_prepare(b, line, SIZE_MAX);
	masking_end(&b->masking);
	if (target >= 0 && (size_t)target < b->npages && b->pages[target] != NULL)
		wake(b, b->pages[target]);
	status = decode(b, line, &ev);

	keep(b, line);
	/* A jump host's lines are told; what they come to, hop.result says to the target. */
	if (status != EV_OK || ev.hop != 0 || (p = page_of(b, ev.target)) == NULL)
		return status;
	r = run_of(p, ev.run);
	fold(p, r, line, &ev);
	if (ev.kind == EV_RUN_START) {
		ev.run = r->run;
		learn_from(b, p, r, &ev);
	}
	return status;
}

void
book_keep(struct book *b, const struct ev_line *line)
{
	keep(b, line);
}

const struct diag *
book_diag(struct book *b, uint16_t target)
{
	struct page *p = target < b->npages ? b->pages[target] : NULL;

	if (p == NULL)
		return NULL;
	wake(b, p);
	if (p->stale) {
		diag_conclude(p->diag);
		p->stale = false;
	}
	return p->diag;
}

bool
book_ended(const struct book *b, uint16_t target)
{
	return target < b->npages && b->pages[target] != NULL && b->pages[target]->ended;
}

uint32_t
book_run(const struct book *b, uint16_t target)
{
	return target < b->npages && b->pages[target] != NULL ? b->pages[target]->run : 0;
}

size_t
book_target_lines(const struct book *b, uint16_t target)
{
	return target < b->nof ? b->of[target].n : 0;
}

const struct ev_line *
book_target_line(const struct book *b, uint16_t target, size_t i)
{
	return i < book_target_lines(b, target) ? b->of[target].v[i] : NULL;
}

void
book_set_earlier(struct book *b, uint16_t target, const struct book *earlier)
{
	size_t i = 0;

	while (i < b->nearlier && b->earlier[i].target != target)
		i++;
	if (i == b->nearlier) {
		b->earlier = must(realloc(b->earlier, (i + 1) * sizeof *b->earlier));
		b->nearlier++;
	}
	b->earlier[i] = (struct earlier){ target, earlier };
}

const struct book *
book_earlier(const struct book *b, uint16_t target)
{
	for (size_t i = 0; i < b->nearlier; i++)
		if (b->earlier[i].target == target)
			return b->earlier[i].book;
	return NULL;
}

const struct book *
book_earlier_at(const struct book *b, size_t i, uint16_t *target)
{
	if (i >= b->nearlier)
		return NULL;
	*target = b->earlier[i].target;
	return b->earlier[i].book;
}

size_t
book_lines(const struct book *b)
{
	return b->all.n;
}

const struct ev_line *
book_line(const struct book *b, size_t i)
{
	return i < b->all.n ? b->all.v[i] : NULL;
}

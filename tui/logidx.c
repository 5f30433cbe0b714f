/* The index of the log panel. See logidx.h. */
#include "logidx.h"

#include <stdlib.h>

struct entry {
	const struct ev_line *line;
	uint16_t target;
	uint8_t level;
	uint32_t run;
	uint16_t kind; /* EV__COUNT where the line is none of ours */
	uint8_t kept;  /* what keep() said of it */
};

enum { NOT_ASKED, KEPT, LEFT_OUT };

struct logidx {
	struct entry *all;
	uint32_t *shown; /* indices into all; as long as all */
	size_t n, cap, nshown, total;
	size_t done; /* of all: whether they are shown is known */
	unsigned edition;
	uint16_t target;
	int level;
	bool (*keep)(const void *arg, const struct ev_line *line);
	const void *arg;
	char *scratch; /* for decoding: EV_LINE_MAX bytes */
};

struct logidx *
logidx_new(void)
{
	struct logidx *x = calloc(1, sizeof *x);

	if (x != NULL && (x->scratch = malloc(EV_LINE_MAX + 1)) == NULL) {
		free(x);
		x = NULL;
	}
	return x;
}

void
logidx_free(struct logidx *x)
{
	if (x == NULL)
		return;
	free(x->all);
	free(x->shown);
	free(x->scratch);
	free(x);
}

static int
grow(struct logidx *x)
{
	size_t cap = x->cap == 0 ? 256 : x->cap * 2;
	struct entry *all;
	uint32_t *shown;

	if ((all = realloc(x->all, cap * sizeof *all)) == NULL)
		return -1;
	x->all = all;
	if ((shown = realloc(x->shown, cap * sizeof *shown)) == NULL)
		return -1;
	x->shown = shown;
	x->cap = cap;
	return 0;
}

/* Whether line i is shown. Asks keep() where it was not asked before, if it may; -1 where it may not. */
static int
wanted(struct logidx *x, size_t i, size_t *asks)
{
	struct entry *e = &x->all[i];

	if (e->target != x->target || e->level > x->level)
		return 0;
	if (x->keep != NULL && e->kept == NOT_ASKED) {
		if (*asks == 0)
			return -1;
		--*asks;
		e->kept = x->keep(x->arg, e->line) ? KEPT : LEFT_OUT;
	}
	return x->keep == NULL || e->kept == KEPT;
}

bool
logidx_work(struct logidx *x, size_t asks)
{
	for (; x->done < x->n; x->done++) {
		int w = wanted(x, x->done, &asks);

		if (w < 0)
			return false;
		x->total += x->all[x->done].target == x->target;
		if (w > 0)
			x->shown[x->nshown++] = (uint32_t)x->done;
	}
	return true;
}

int
logidx_add(struct logidx *x, const struct ev_line *line)
{
	struct entry e = { .line = line, .kind = EV__COUNT };
	struct evidence ev;

	if (x->n == x->cap && grow(x) != 0)
		return -1;
	switch (ev_decode(&ev, line->text, line->len, x->scratch, EV_LINE_MAX + 1)) {
	case EV_OK:
		e.target = ev.target;
		e.run = ev.run;
		e.kind = (uint16_t)ev.kind;
		e.level = (uint8_t)ev_kind_info(ev.kind)->level;
		break;
	default: /* kept as it is; nobody knows whose it is */ e.target = x->target; e.level = 3;
	}
	x->all[x->n++] = e;
	logidx_work(x, x->done == x->n - 1);
	return 0;
}

void
logidx_renew(struct logidx *x, const struct book *b)
{
	for (size_t i = 0; i < x->n && i < book_lines(b); i++)
		x->all[i].line = book_line(b, i);
}

static void
show_all(struct logidx *x)
{
	x->nshown = x->total = x->done = 0;
	x->edition++;
	logidx_work(x, 0);
}

void
logidx_drop(struct logidx *x, const struct ev_numbers *gone)
{
	size_t kept = 0;

	for (size_t i = 0; i < x->n; i++)
		if (!ev_numbers_has(gone, x->all[i].line->n))
			x->all[kept++] = x->all[i];
	x->n = kept;
	show_all(x);
}

void
logidx_filter(struct logidx *x, uint16_t target, int level)
{
	if (x->target == target && x->level == level)
		return;
	x->target = target;
	x->level = level;
	show_all(x);
}

void
logidx_keep(
    struct logidx *x, bool (*keep)(const void *arg, const struct ev_line *line), const void *arg)
{
	if (keep == NULL && x->keep == NULL)
		return;
	x->keep = keep;
	x->arg = arg;
	for (size_t i = 0; i < x->n; i++)
		x->all[i].kept = NOT_ASKED;
	show_all(x);
}

bool
logidx_whole(const struct logidx *x)
{
	return x->done == x->n;
}

int
logidx_percent(const struct logidx *x)
{
	return x->n == 0 ? 100 : (int)(x->done * 100 / x->n);
}

unsigned
logidx_edition(const struct logidx *x)
{
	return x->edition;
}

size_t
logidx_count(const struct logidx *x)
{
	return x->nshown;
}

size_t
logidx_total(const struct logidx *x)
{
	return x->total;
}

const struct ev_line *
logidx_line(const struct logidx *x, size_t i)
{
	return i < x->nshown ? x->all[x->shown[i]].line : NULL;
}

size_t
logidx_find(const struct logidx *x, uint32_t n)
{
	size_t lo = 0, hi = x->nshown;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (x->all[x->shown[mid]].line->n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct ev_line *
logidx_by_number(const struct logidx *x, uint32_t n)
{
	size_t lo = 0, hi = x->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (x->all[mid].line->n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < x->n && x->all[lo].line->n == n ? x->all[lo].line : NULL;
}

int
logidx_last_run(const struct logidx *x, enum ev_kind kind)
{
	int run = -1;

	for (size_t i = 0; i < x->n; i++)
		if (x->all[i].kind == kind && x->all[i].target == x->target &&
		    (int)x->all[i].run > run)
			run = (int)x->all[i].run;
	return run;
}

const struct ev_line *
logidx_next(const struct logidx *x, enum ev_kind kind, int run, size_t *at)
{
	while (*at < x->n) {
		const struct entry *e = &x->all[(*at)++];

		if (e->kind == kind && e->target == x->target && (int)e->run == run)
			return e->line;
	}
	return NULL;
}

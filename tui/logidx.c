/* The index of the log panel. See logidx.h. */
#include "logidx.h"

#include <stdlib.h>

struct entry {
	const struct ev_line *line;
	uint16_t target;
	uint8_t level;
	uint16_t run, kind; /* kind: EV__COUNT where the line is none of ours */
};

struct logidx {
	struct entry *all;
	uint32_t *shown; /* indices into all; as long as all */
	size_t n, cap, nshown, total;
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

static void
show(struct logidx *x, size_t i)
{
	if (x->all[i].target != x->target)
		return;
	x->total++;
	if (x->all[i].level <= x->level && (x->keep == NULL || x->keep(x->arg, x->all[i].line)))
		x->shown[x->nshown++] = (uint32_t)i;
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
	x->all[x->n] = e;
	show(x, x->n++);
	return 0;
}

static void
show_all(struct logidx *x)
{
	x->nshown = x->total = 0;
	for (size_t i = 0; i < x->n; i++)
		show(x, i);
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
	x->keep = keep;
	x->arg = arg;
	show_all(x);
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
		if (x->all[i].kind == kind && x->all[i].target == x->target && x->all[i].run > run)
			run = x->all[i].run;
	return run;
}

const struct ev_line *
logidx_next(const struct logidx *x, enum ev_kind kind, int run, size_t *at)
{
	while (*at < x->n) {
		const struct entry *e = &x->all[(*at)++];

		if (e->kind == kind && e->target == x->target && e->run == run)
			return e->line;
	}
	return NULL;
}

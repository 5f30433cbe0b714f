/* A book and its diagnosis with every name replaced. See veil.h. */
#include "veil.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIECE = 64 * 1024,
	EARLIER_MAX = 64 /* targets whose earlier run is shown as well */
};

/* Lines lie one behind the other in pieces, so that giving up many of them is cheap. */
struct piece {
	struct piece *next;
	size_t used, cap;
	_Alignas(struct ev_line) char bytes[];
};

struct volume {
	struct book *book;
	struct piece *pieces;
};

struct veil {
	struct redact names;
	struct diag diag;
	struct volume made; /* what is made now, or is whole */
	struct volume
	    in_use;     /* what somebody still shows, from before names had turned up; or none */
	bool made_used; /* somebody shows what is made now */
	bool anew;      /* names have turned up since the first line was made */
	bool again;     /* for veil_follow(): lines were made anew */
	unsigned edition;
	struct {
		uint16_t target;
		const struct book *from;
		struct volume shown;
	} earlier[EARLIER_MAX];
	size_t nearlier;
	unsigned earlier_words; /* known when they were made */
	bool earlier_due;       /* they are to be made */
	size_t masked;          /* lines of it that were replaced */
	size_t dropped;         /* lines that it dropped */
	size_t learnt, done; /* lines of the book that is followed: names known, and lines made */
	char line[EV_LINE_MAX];
};

struct veil *
veil_new(void)
{
	struct veil *v = calloc(1, sizeof *v);

	if (v == NULL)
		return NULL;
	redact_init(&v->names);
	v->made.book = book_new();
	return v;
}

static void
volume_free(struct volume *w)
{
	while (w->pieces != NULL) {
		struct piece *next = w->pieces->next;

		free(w->pieces);
		w->pieces = next;
	}
	book_free(w->book);
	w->book = NULL;
}

void
veil_free(struct veil *v)
{
	if (v == NULL)
		return;
	volume_free(&v->made);
	volume_free(&v->in_use);
	for (size_t i = 0; i < v->nearlier; i++)
		volume_free(&v->earlier[i].shown);
	free(v);
}

/* Room for a line of len bytes; NULL out of memory. */
static struct ev_line *
room(struct volume *w, size_t len)
{
	size_t unit = _Alignof(struct ev_line);
	size_t need = (sizeof(struct ev_line) + len + 1 + unit - 1) / unit * unit;
	struct piece *p = w->pieces;

	if (p == NULL || need > p->cap - p->used) {
		size_t cap = need > PIECE ? need : PIECE;

		if ((p = malloc(sizeof *p + cap)) == NULL)
			return NULL;
		*p = (struct piece){ .next = w->pieces, .cap = cap };
		w->pieces = p;
	}
	p->used += need;
	return (struct ev_line *)(void *)(p->bytes + p->used - need);
}

static void
make_line(struct veil *v, struct volume *w, const struct ev_line *line)
{
	size_t len = redact_line(&v->names, line, v->line, sizeof v->line);
	struct ev_line *copy = len == 0 ? NULL : room(w, len);

	if (copy == NULL)
		return; /* a line less is no name more */
	copy->n = line->n;
	copy->len = (uint32_t)len;
	memcpy(copy->text, v->line, len + 1);
	book_keep(w->book, copy);
}

/* All lines are made again. */
static void
begin_anew(struct veil *v)
{
	if (v->made_used)
		v->in_use = v->made;
	else
		volume_free(&v->made);
	v->made = (struct volume){ .book = book_new() };
	v->made_used = v->anew = false;
	v->done = 0;
	v->edition++;
	v->again = true;
}

/* Take the names of earlier runs that are new, after those of the run itself. */
static void
learn_earlier(struct veil *v, const struct book *b)
{
	const struct book *from;
	uint16_t target;

	for (size_t i = 0; i < EARLIER_MAX && (from = book_earlier_at(b, i, &target)) != NULL;
	     i++) {
		if (i < v->nearlier && v->earlier[i].from == from)
			continue;
		for (size_t k = 0; k < book_lines(from); k++)
			redact_learn(&v->names, book_line(from, k));
		v->earlier[i].target = target;
		v->earlier[i].from = from;
		v->nearlier = i == v->nearlier ? i + 1 : v->nearlier;
		v->earlier_due = true;
	}
}

/* The lines of earlier runs, by all the names that are known now; they are few. */
static void
show_earlier(struct veil *v)
{
	if (v->nearlier == 0 || (!v->earlier_due && v->earlier_words == v->names.words &&
				    book_earlier_at(v->made.book, 0, &(uint16_t){ 0 }) != NULL))
		return;
	for (size_t i = 0; i < v->nearlier; i++) {
		struct volume *w = &v->earlier[i].shown;

		volume_free(w);
		w->book = book_new();
		for (size_t k = 0; k < book_lines(v->earlier[i].from); k++)
			make_line(v, w, book_line(v->earlier[i].from, k));
		book_set_earlier(v->made.book, v->earlier[i].target, w->book);
	}
	v->earlier_due = false;
	v->earlier_words = v->names.words;
}

bool
veil_work(struct veil *v, const struct book *b, size_t max)
{
	size_t n = book_lines(b);
	unsigned words = v->names.words;

	if (v->dropped !=
	    book_dropped(
		b)) { /* its lines are at other places: all over again, with the names that are known */
		v->dropped = book_dropped(b);
		v->learnt = 0;
		v->anew |= v->done > 0;
	}
	for (; v->learnt < n && max > 0; v->learnt++, max--)
		redact_learn(&v->names, book_line(b, v->learnt));
	if (v->learnt == n)
		learn_earlier(v, b);
	v->anew |= v->done > 0 && v->names.words != words;
	if (v->masked != book_masked(b)) {
		v->masked = book_masked(b);
		v->anew |= v->done > 0;
	}
	if (v->learnt < n)
		return false;
	if (v->anew)
		begin_anew(v);
	for (; v->done < n && max > 0; v->done++, max--)
		make_line(v, &v->made, book_line(b, v->done));
	if (v->done == n)
		show_earlier(v);
	return v->done == n;
}

bool
veil_follow(struct veil *v, const struct book *b)
{
	v->again = false;
	while (!veil_work(v, b, SIZE_MAX))
		continue;
	return v->again;
}

bool
veil_knows(const struct veil *v, const struct book *b)
{
	return v->dropped == book_dropped(b) && v->learnt == book_lines(b);
}

int
veil_percent(const struct veil *v, const struct book *b)
{
	size_t n = book_lines(b);

	if (v->dropped != book_dropped(b))
		return 0;
	return n == 0 ? 100 : (int)((v->learnt + v->done) * 50 / n);
}

unsigned
veil_edition(const struct veil *v)
{
	return v->edition;
}

void
veil_use(struct veil *v)
{
	volume_free(&v->in_use);
	v->made_used = true;
}

const struct book *
veil_book(const struct veil *v)
{
	return v->made.book;
}

const struct diag *
veil_diag(struct veil *v, const struct diag *d)
{
	v->diag = *d;
	redact_diag(&v->names, &v->diag);
	return &v->diag;
}

const struct redact *
veil_names(const struct veil *v)
{
	return &v->names;
}

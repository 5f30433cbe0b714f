/* A book and its diagnosis with every name replaced. See veil.h. */
#include "veil.h"

#include <stdlib.h>
#include <string.h>

struct veil {
	struct redact names;
	struct diag diag;
	struct book *book;
	size_t taken; /* lines of the book that is followed */
	char line[EV_LINE_MAX];
};

struct veil *
veil_new(void)
{
	struct veil *v = calloc(1, sizeof *v);

	if (v == NULL)
		return NULL;
	redact_init(&v->names);
	v->book = book_new();
	return v;
}

static void
free_lines(struct veil *v)
{
	for (size_t i = 0; i < book_lines(v->book); i++)
		free((void *)book_line(v->book, i)); /* made by add_line() */
	book_free(v->book);
}

void
veil_free(struct veil *v)
{
	if (v == NULL)
		return;
	free_lines(v);
	free(v);
}

static void
add_line(struct veil *v, const struct ev_line *line)
{
	size_t len = redact_line(&v->names, line, v->line, sizeof v->line);
	struct ev_line *copy = len == 0 ? NULL : malloc(sizeof *copy + len + 1);

	if (copy == NULL)
		return; /* a line less is no name more */
	copy->n = line->n;
	copy->len = (uint32_t)len;
	memcpy(copy->text, v->line, len + 1);
	book_keep(v->book, copy);
}

bool
veil_follow(struct veil *v, const struct book *b)
{
	size_t from = v->taken, n = book_lines(b);
	unsigned words = v->names.words;
	bool anew;

	for (size_t i = from; i < n; i++)
		redact_learn(&v->names, book_line(b, i));
	anew = from > 0 && v->names.words != words;
	if (anew) {
		free_lines(v);
		v->book = book_new();
		from = 0;
	}
	for (size_t i = from; i < n; i++)
		add_line(v, book_line(b, i));
	v->taken = n;
	return anew;
}

const struct book *
veil_book(const struct veil *v)
{
	return v->book;
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

/* Reads and checks every theme that there is. Called by app_theme.c. */
#include "shelf.h"

#include <stdlib.h>
#include <string.h>

#include "../core/text.h"

static bool
same_looks(const struct theme *a, const struct theme *b)
{
	return memcmp(a->look, b->look, sizeof a->look) == 0;
}

/* Read and check one; what cannot be read is left out. */
static void
add(struct shelf *s, const struct theme_item *it)
{
	struct shelf_theme *t = &s->at[s->n];

	t->faults = theme_load(&t->theme, it->name, NULL);
	if (t->faults < 0)
		return;
	text_copy(t->name, sizeof t->name, it->name);
	t->own = it->own;
	theme_check(&t->check, &t->theme, theme_is_cvd(it->name));
	t->faults += t->check.errors;
	s->n++;
}

/* Put a theme that is none of those that are there before them. */
static void
add_first(struct shelf *s, const struct theme *t)
{
	memmove(s->at + 1, s->at, s->n * sizeof *s->at);
	memset(s->at, 0, sizeof *s->at);
	s->n++;
	text_copy(s->at->name, sizeof s->at->name, t->name);
	s->at->theme = *t;
	theme_check(&s->at->check, t, theme_is_cvd(t->name));
	s->at->faults = s->at->check.errors;
}

struct shelf *
shelf_new(const struct theme *current, enum colour_depth depth)
{
	struct shelf *s = calloc(1, sizeof *s);
	struct theme_item *items = NULL;
	size_t n = theme_items(&items), i = 0;

	if (s == NULL || (s->at = calloc(n + 1, sizeof *s->at)) == NULL) {
		theme_items_free(items, n);
		free(s);
		return NULL;
	}
	s->depth = depth;
	for (size_t k = 0; k < n; k++)
		add(s, &items[k]);
	theme_items_free(items, n);
	while (i < s->n && !same_looks(&s->at[i].theme, current))
		i++;
	if (i == s->n)
		add_first(s, current);
	return s;
}

void
shelf_free(struct shelf *s)
{
	if (s == NULL)
		return;
	free(s->at);
	free(s);
}

int
shelf_find(const struct shelf *s, const struct theme *t)
{
	for (size_t i = 0; i < s->n; i++)
		if (same_looks(&s->at[i].theme, t))
			return (int)i;
	return 0;
}

/*
 * What texts from elsewhere say of the server: the texts themselves, and their statements as
 * rows. Whether a row is about this case is derive_server.c's to judge, as that takes all of
 * the evidence. See learn_internal.h.
 */
#include <stdio.h>

#include "learn_internal.h"
#include "told.h"

static int
order_text(const void *row, const void *key)
{
	return (int)((const struct diag_text *)row)->clock -
	       (int)((const struct diag_text *)key)->clock;
}

/* Of two values for one field the lesser text stays, so that the order of arrival does not matter. */
static void
offer(char *at, size_t cap, const struct evidence *ev, enum ev_key k)
{
	char text[256];

	ev_copy(ev, k, text, sizeof text);
	if (text[0] != '\0' && (at[0] == '\0' || strcmp(text, at) < 0))
		text_copy(at, cap, text);
}

static void
text_source(struct diag *d, const struct evidence *ev)
{
	struct diag_text key = { .clock = ev->clock }, *t;

	t = table_row(d->texts, &d->ntexts, DIAG_TEXTS, sizeof key, &key, order_text);
	if (t == NULL)
		return;
	t->collector |= ev_get(ev, K_WHOLE) != NULL;
	t->whole |= ev_num(ev, K_WHOLE, 0) == 1;
	t->root |= ev_num(ev, K_ROOT, 0) == 1;
	t->assumed |= ev_is(ev, K_SOURCE, "route") || ev_is(ev, K_SOURCE, "none");
	greatest(&t->now, ev_num(ev, K_NOW, 0));
	greatest(&t->port, ev_num(ev, K_PORT, 0));
	offer(t->host, sizeof t->host, ev, K_HOST);
	offer(t->addrs, sizeof t->addrs, ev, K_ADDRS);
	offer(t->input, sizeof t->input, ev, K_INPUT);
	offer(t->user, sizeof t->user, ev, K_USER);
	offer(t->client, sizeof t->client, ev, K_ADDR);
	offer(t->prints, sizeof t->prints, ev, K_HOSTKEY);
	ev_note(t->ev, ev->n);
}

/* By weight, then by all that tells two statements apart. */
static int
order_told(const void *row, const void *key)
{
	const struct diag_told *a = row, *b = key;
	int64_t diff[] = { a->what - b->what, a->clock - b->clock, a->session - b->session,
		a->line - b->line, a->port - b->port, a->time - b->time };
	int c;

	for (size_t i = 0; i < COUNT(diff); i++)
		if (diff[i] != 0)
			return diff[i] < 0 ? -1 : 1;
	if ((c = strcmp(a->path, b->path)) != 0 || (c = strcmp(a->text, b->text)) != 0 ||
	    (c = strcmp(a->user, b->user)) != 0 || (c = strcmp(a->addr, b->addr)) != 0)
		return c;
	return strcmp(a->mode, b->mode);
}

/* A number that differences cannot overflow with. */
static int64_t
bounded(int64_t v)
{
	return v < 0 ? 0 : v > INT64_MAX / 2 ? INT64_MAX / 2 : v;
}

static void
text_says(struct diag *d, const struct evidence *ev)
{
	const struct ev_field *what = ev_get(ev, K_WHAT);
	struct diag_told key = { .clock = ev->clock }, *t;

	if (what == NULL || what->s == NULL)
		return;
	key.what = (uint8_t)told_by_name(what->s, what->len);
	if (key.what == TOLD_NONE)
		return;
	key.session = bounded(ev_num(ev, K_SESSION, 0));
	key.time = bounded(ev_num(ev, K_TIME, 0));
	key.port = bounded(ev_num(ev, K_PORT, 0));
	key.line = bounded(ev_num(ev, K_LINE, 0));
	if (key.line > 0 && key.line < 1000000000)
		snprintf(key.number, sizeof key.number, "%d", (int)key.line);
	ev_copy(ev, K_USER, key.user, sizeof key.user);
	ev_copy(ev, K_ADDR, key.addr, sizeof key.addr);
	ev_copy(ev, K_MODE, key.mode, sizeof key.mode);
	ev_copy(ev, K_PATH, key.path, sizeof key.path);
	ev_copy(ev, K_TEXT, key.text, sizeof key.text);
	t = table_row(d->told, &d->ntold, DIAG_TOLD, sizeof key, &key, order_told);
	if (t != NULL)
		ev_note(t->ev, ev->n);
}

const learner learners_server[EV__COUNT] = {
	[EV_TEXT_SOURCE] = text_source,
	[EV_TEXT_SAYS] = text_says,
};

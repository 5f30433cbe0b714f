/*
 * What the learn files share: small commutative ways to learn from a field.
 * One file a layer; each gives a table of its kinds, which learn.c reads. Nobody
 * else includes it.
 */
#ifndef SSHMEDIC_LEARN_INTERNAL_H
#define SSHMEDIC_LEARN_INTERNAL_H

#include <string.h>

#include "diag_internal.h"

/* Folds one line of its kind into base facts, tables and slots. */
typedef void (*learner)(struct diag *, const struct evidence *);

/* By kind; NULL where the file has nothing to learn from it. */
extern const learner learners_transport[EV__COUNT], learners_hop[EV__COUNT],
    learners_authentication[EV__COUNT], learners_session[EV__COUNT], learners_client[EV__COUNT],
    learners_server[EV__COUNT];

/* A line of what somebody printed; part of a field. */
struct printed {
	const char *s;
	size_t len;
};

/* The next line that is not empty from *at on, which moves behind it. Defined in learn.c. */
bool next_line(const struct ev_field *f, size_t *at, struct printed *line);
/* Offer the first line of what somebody printed: the rest is in the evidence. Defined in learn.c. */
void slot_first_line(
    struct diag *d, enum slot s, int64_t rank, const struct evidence *ev, enum ev_key key);
/* What the first command's output says of the account, where something else ran. Defined in learn_authentication.c. */
void account_words(struct diag *d, const struct evidence *ev);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A word in a field and the facts that it means. */
struct word_fact {
	const char *word;
	enum fact facts[3];
};

/* A text found anywhere in a field and the fact that it means. */
struct text_fact {
	const char *text;
	enum fact fact;
};

static inline void
fact(struct diag *d, const struct evidence *ev, enum fact f)
{
	fact_add(&d->base, f);
	if (ev->kind != EV_PROBE_START && ev->kind != EV_PROBE_END && ev->kind != EV_TCP_START)
		fact_note(d, f, ev->n); /* those say only that work went on */
}

/* Learn the facts of the row whose word the field holds. Returns whether there is one. */
static inline bool
word(struct diag *d, const struct evidence *ev, enum ev_key k, const struct word_fact *rows,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!ev_is(ev, k, rows[i].word))
			continue;
		for (size_t j = 0; j < COUNT(rows[i].facts) && rows[i].facts[j] != F_NONE; j++)
			fact(d, ev, rows[i].facts[j]);
		return true;
	}
	return false;
}

static inline bool
holds(const struct evidence *ev, enum ev_key k, const char *text)
{
	const struct ev_field *f = ev_get(ev, k);

	return f != NULL && f->s != NULL && memmem(f->s, f->len, text, strlen(text)) != NULL;
}

static inline bool
begins(const struct evidence *ev, enum ev_key k, const char *text)
{
	const struct ev_field *f = ev_get(ev, k);
	size_t n = strlen(text);

	return f != NULL && f->s != NULL && f->len >= n && memcmp(f->s, text, n) == 0;
}

static inline void
texts(struct diag *d, const struct evidence *ev, enum ev_key k, const struct text_fact *rows,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (holds(ev, k, rows[i].text))
			fact(d, ev, rows[i].fact);
}

/* The signal that ended the user's ssh: a fault's own, or one that others send. */
static inline void
client_signal(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact sent[] = {
		{ "KILL", { F_CLIENT_KILLED } },
		{ "TERM", { F_CLIENT_KILLED } },
		{ "INT", { F_CLIENT_KILLED } },
		{ "HUP", { F_CLIENT_KILLED } },
		{ "QUIT", { F_CLIENT_KILLED } },
		{ "XCPU", { F_CLIENT_KILLED } },
	};

	word(d, ev, K_SIGNAL, sent, COUNT(sent));
}

static inline void
greatest(int64_t *at, int64_t v)
{
	if (v > *at)
		*at = v;
}

/* The least number above zero that was offered. */
static inline void
least(int64_t *at, int64_t v)
{
	if (v > 0 && (*at == 0 || v < *at))
		*at = v;
}

/* A later line of a stream wins; the time is part of the line. */
static inline int64_t
last(const struct evidence *ev)
{
	return ev->at_us > INT64_MAX ? INT64_MIN : -(int64_t)ev->at_us;
}

#endif

/* Walkthrough scripts. See walk.h. */
#include "walk.h"

#include <stdio.h>
#include <string.h>

#include "evidence.h"

extern const char *const walk_texts[]; /* made of core/walk/ by the Makefile; ends with NULL */

struct reading {
	struct walk *w;
	struct walk_step *step;     /* NULL before the first */
	struct walk_answer *answer; /* NULL before the first of its step */
	const char *why;            /* what is wrong; NULL: nothing */
};

static void
wrong(struct reading *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
}

/* Keep bytes, with a NUL. NULL where there is no room. */
static char *
keep(struct reading *r, const char *s, size_t len)
{
	struct walk *w = r->w;
	char *at = w->text + w->used;

	if (len >= sizeof w->text - w->used) {
		wrong(r, "the script is too long");
		return NULL;
	}
	memcpy(at, s, len);
	at[len] = '\0';
	w->used += len + 1;
	return at;
}

static void
set(struct reading *r, const char **to, const char *text)
{
	if (*to != NULL)
		wrong(r, "this is said twice");
	*to = text;
}

/* The same for what may go on in further lines: one text of all of them. */
static void
extend(struct reading *r, const char **to, const char *text)
{
	char *both;
	size_t len, more;

	if (*to == NULL) {
		*to = text;
		return;
	}
	len = strlen(*to);
	more = strlen(text);
	if ((both = keep(r, *to, len)) == NULL || keep(r, text, more) == NULL)
		return;
	both[len] = ' '; /* the two stand side by side in the text */
	*to = both;
}

static void
append(struct reading *r, const char **list, int *n, int max, const char *text)
{
	if (*n == max)
		wrong(r, "there are too many of these");
	else
		list[(*n)++] = text;
}

/* Cut the next word off a text that was kept. NULL where there is none. */
static char *
next_word(char **at)
{
	char *word = *at + strspn(*at, " ");

	if (*word == '\0')
		return NULL;
	*at = word + strcspn(word, " ");
	if (**at != '\0')
		*(*at)++ = '\0';
	return word;
}

static void
words(struct reading *r, const char **list, int *n, int max, char *text)
{
	char *word;

	while ((word = next_word(&text)) != NULL)
		append(r, list, n, max, word);
}

static bool
is_of(const char *s, const char *letters)
{
	return s[0] != '\0' && strspn(s, letters) == strlen(s);
}

static bool
is_name(const char *s)
{
	return is_of(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

/* ---- the lines ---------------------------------------------------------------- */

static void
on_walk(struct reading *r, char *text)
{
	if (!is_name(text))
		wrong(r, "a name has small letters, digits and dashes");
	set(r, &r->w->name, text);
}

static void
on_title(struct reading *r, char *text)
{
	set(r, r->step != NULL ? &r->step->title : &r->w->title, text);
}

static void
on_for(struct reading *r, char *text)
{
	words(r, r->w->about, &r->w->nabout, WALK_FOR, text);
}

static void
on_step(struct reading *r, char *text)
{
	if (!is_name(text))
		wrong(r, "a name has small letters, digits and dashes");
	for (int i = 0; i < r->w->steps; i++)
		if (strcmp(r->w->step[i].name, text) == 0)
			wrong(r, "there is such a step already");
	if (r->w->steps == WALK_STEPS) {
		wrong(r, "there are too many steps");
		return;
	}
	r->step = &r->w->step[r->w->steps++];
	r->step->name = text;
	r->step->layer = LAYER_NONE;
	r->answer = NULL;
}

static void
on_layer(struct reading *r, char *text)
{
	if ((r->step->layer = layer_by_name(text)) == LAYER_NONE)
		wrong(r, "there is no such layer");
}

static void
on_cause(struct reading *r, char *text)
{
	(void)text;
	r->step->cause = true;
}

static void
on_finds(struct reading *r, char *text)
{
	extend(r, &r->step->finds, text);
}

static void
on_hand(struct reading *r, char *text)
{
	append(r, r->step->hand, &r->step->nhand, WALK_LISTED, text);
}

static void
on_server(struct reading *r, char *text)
{
	append(r, r->step->server, &r->step->nserver, WALK_LISTED, text);
}

static void
on_look(struct reading *r, char *text)
{
	char *word;

	while ((word = next_word(&text)) != NULL) {
		int k = 0;

		while (k < EV__COUNT && strcmp(ev_kind_info((enum ev_kind)k)->name, word) != 0)
			k++;
		if (k == EV__COUNT || r->step->nlook == WALK_LISTED)
			wrong(r, "there is no such kind of evidence, or there are too many");
		else
			r->step->look[r->step->nlook++] = (enum ev_kind)k;
	}
}

static void
on_means(struct reading *r, char *text)
{
	if (strstr(text, " : ") == NULL)
		wrong(r, "words and their meaning are parted by \" : \"");
	append(r, r->step->means, &r->step->nmeans, WALK_LISTED, text);
}

static void
on_terms(struct reading *r, char *text)
{
	words(r, r->step->terms, &r->step->nterms, WALK_LISTED, text);
}

static void
on_ask(struct reading *r, char *text)
{
	set(r, &r->step->ask, text);
}

static void
on_answer(struct reading *r, char *text)
{
	if (r->step->ask == NULL || r->step->answers == WALK_ANSWERS) {
		wrong(r, "there is no question, or there are too many answers");
		return;
	}
	r->answer = &r->step->answer[r->step->answers++];
	r->answer->text = text;
	r->answer->to = -1;
}

/* FACT, finding|finding, verdict=finding|finding or layer=state. */
static void
read_term(struct reading *r, struct walk_term *t, char *word)
{
	char *is;

	t->unless = word[0] == '!';
	word += t->unless;
	if (strncmp(word, "verdict=", 8) == 0) {
		t->verdict = true;
		word += 8;
	}
	if (!t->verdict && (is = strchr(word, '=')) != NULL) {
		int s = 0;

		*is = '\0';
		t->layer = layer_by_name(word);
		while (s < LS__COUNT && strcmp(layer_state_name((enum layer_state)s), is + 1) != 0)
			s++;
		t->state = (enum layer_state)s;
		if (t->layer == LAYER_NONE || s == LS__COUNT)
			wrong(r, "there is no such layer or state");
	} else if (word[0] >= 'A' && word[0] <= 'Z') {
		int f = F_NONE + 1;

		while (f < F__COUNT && strcmp(fact_name((enum fact)f), word) != 0)
			f++;
		if (f == F__COUNT)
			wrong(r, "there is no such fact");
		else
			t->fact = (enum fact)f;
	} else {
		t->finding = word;
		if (!is_of(word, "abcdefghijklmnopqrstuvwxyz0123456789-|"))
			wrong(r, "this is no fact, finding or layer=state");
	}
}

static void
on_when(struct reading *r, char *text)
{
	struct walk_answer *a = r->answer;
	char *word;
	int n = 0;

	if (a->whens == WALK_WHENS) {
		wrong(r, "there are too many alternatives");
		return;
	}
	for (; (word = next_word(&text)) != NULL; n++) {
		if (n == WALK_TERMS) {
			wrong(r, "there are too many terms");
			return;
		}
		read_term(r, &a->when[a->whens][n], word);
	}
	a->terms[a->whens++] = n;
}

static void
on_words(struct reading *r, char *text)
{
	set(r, &r->answer->words, text);
}

static void
on_known(struct reading *r, char *text)
{
	set(r, &r->answer->known, text);
}

static void
on_next(struct reading *r, char *text)
{
	if (!is_name(text + (text[0] == '@')))
		wrong(r, "this is no step and no @script");
	set(r, &r->answer->next, text);
}

static void
on_end(struct reading *r, char *text)
{
	for (int e = WALK_FIX; e <= WALK_STOP; e++)
		if (strcmp(walk_end_name((enum walk_end)e), text) == 0)
			r->step->end = (enum walk_end)e;
	if (r->step->end == WALK_ASKS)
		wrong(r, "an end is a fix, a handover or a stop");
}

static void
on_fixes(struct reading *r, char *text)
{
	words(r, r->step->fixes, &r->step->nfixes, WALK_LISTED, text);
}

static void
on_says(struct reading *r, char *text)
{
	extend(r, &r->step->says, text);
}

static void
on_whom(struct reading *r, char *text)
{
	set(r, &r->step->whom, text);
}

enum place { ANYWHERE, IN_HEAD, IN_STEP, IN_ANSWER };

static const struct {
	const char *word;
	enum place place;
	void (*read)(struct reading *, char *);
} keywords[] = {
	{ "walk", IN_HEAD, on_walk },
	{ "title", ANYWHERE, on_title },
	{ "for", IN_HEAD, on_for },
	{ "step", ANYWHERE, on_step },
	{ "layer", IN_STEP, on_layer },
	{ "cause", IN_STEP, on_cause },
	{ "finds", IN_STEP, on_finds },
	{ "hand", IN_STEP, on_hand },
	{ "server", IN_STEP, on_server },
	{ "look", IN_STEP, on_look },
	{ "means", IN_STEP, on_means },
	{ "terms", IN_STEP, on_terms },
	{ "ask", IN_STEP, on_ask },
	{ "answer", IN_STEP, on_answer },
	{ "when", IN_ANSWER, on_when },
	{ "words", IN_ANSWER, on_words },
	{ "known", IN_ANSWER, on_known },
	{ "next", IN_ANSWER, on_next },
	{ "end", IN_STEP, on_end },
	{ "fixes", IN_STEP, on_fixes },
	{ "says", IN_STEP, on_says },
	{ "whom", IN_STEP, on_whom },
};

static bool
in_place(const struct reading *r, enum place p)
{
	return p == ANYWHERE || (p == IN_HEAD && r->step == NULL) ||
	       (p == IN_STEP && r->step != NULL) || (p == IN_ANSWER && r->answer != NULL);
}

static void
read_line(struct reading *r, const char *line, size_t len)
{
	size_t skip = 0, word = 0, at;
	char *text;

	while (skip < len && line[skip] == ' ')
		skip++;
	line += skip;
	len -= skip;
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\r'))
		len--;
	if (len == 0 || line[0] == '#')
		return;
	while (word < len && line[word] != ' ')
		word++;
	for (at = word; at < len && line[at] == ' '; at++)
		;
	if (!text_is_clean(line, len)) {
		wrong(r, "there are bytes in it that no text has");
		return;
	}
	for (size_t k = 0; k < sizeof keywords / sizeof *keywords; k++) {
		if (strlen(keywords[k].word) != word || memcmp(keywords[k].word, line, word) != 0)
			continue;
		if (!in_place(r, keywords[k].place))
			wrong(r, "this does not belong here");
		else if ((text = keep(r, line + at, len - at)) != NULL)
			keywords[k].read(r, text);
		return;
	}
	wrong(r, "there is no such keyword");
}

/* ---- the whole ---------------------------------------------------------------- */

/* Where an answer leads. */
static void
resolve(struct reading *r, struct walk_answer *a)
{
	if (a->next == NULL) {
		wrong(r, "an answer leads nowhere");
		return;
	}
	for (int i = 0; i < r->w->steps; i++)
		if (strcmp(r->w->step[i].name, a->next) == 0)
			a->to = i;
	if (a->to < 0 && a->next[0] != '@')
		wrong(r, "an answer leads to a step that is not there");
}

static void
check(struct reading *r)
{
	struct walk *w = r->w;

	if (w->name == NULL || w->title == NULL || w->steps == 0)
		wrong(r, "there is no name, title or step");
	for (int i = 0; i < w->steps; i++) {
		struct walk_step *s = &w->step[i];

		if (s->title == NULL || (s->end == WALK_ASKS) != (s->ask != NULL) ||
		    (s->ask != NULL) != (s->answers > 0) ||
		    (s->end != WALK_ASKS && s->says == NULL))
			wrong(r, "a step has a title, and a question with answers or an end that "
				 "says something");
		for (int k = 0; k < s->answers; k++)
			resolve(r, &s->answer[k]);
	}
}

int
walk_parse(struct walk *w, const char *text, size_t len, char *err, size_t cap)
{
	struct reading r = { .w = w };
	int line = 0;

	memset(w, 0, sizeof *w);
	for (size_t at = 0; at < len && r.why == NULL; line++) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t n = nl != NULL ? (size_t)(nl - text) - at : len - at;

		read_line(&r, text + at, n);
		at += n + 1;
	}
	if (r.why == NULL)
		check(&r);
	if (r.why == NULL)
		return 0;
	snprintf(err, cap, "line %d: %s", line, r.why);
	return -1;
}

size_t
walk_count(void)
{
	size_t n = 0;

	while (walk_texts[n] != NULL)
		n++;
	return n;
}

const char *
walk_text(size_t i)
{
	return i < walk_count() ? walk_texts[i] : NULL;
}

static bool
is_about(const struct walk *w, const char *id)
{
	for (int i = 0; i < w->nabout; i++)
		if (strcmp(w->about[i], id) == 0)
			return true;
	return false;
}

bool
walk_load(struct walk *w, const char *id)
{
	size_t n = walk_count();
	char err[128];

	for (int by_name = 1; by_name >= 0; by_name--)
		for (size_t i = 0; i < n; i++)
			if (walk_parse(w, walk_texts[i], strlen(walk_texts[i]), err, sizeof err) ==
				0 &&
			    (by_name ? strcmp(w->name, id) == 0 : is_about(w, id)))
				return true;
	return false;
}

const char *
walk_end_name(enum walk_end e)
{
	static const char *const names[] = { [WALK_ASKS] = "",
		[WALK_FIX] = "fix",
		[WALK_HANDOVER] = "handover",
		[WALK_STOP] = "stop" };

	return names[e];
}

/* A unified diff; see linediff.h. */
#include "linediff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The lines of one text between the common head and tail. */
struct side {
	const char *text;
	size_t len, from, to; /* offsets */
	size_t first;         /* number of the line at from, from 1 */
	size_t n;             /* lines in between */
	size_t at[LINEDIFF_SPAN + 1];
};

struct out {
	void (*say)(void *arg, char mark, size_t line, const char *text, size_t len);
	void *arg;
	size_t max, said, left;
};

static size_t
line_end(const char *s, size_t len, size_t at)
{
	const char *nl = memchr(s + at, '\n', len - at);

	return nl != NULL ? (size_t)(nl - s) + 1 : len;
}

/* Where the line begins that ends at end (behind its newline). */
static size_t
line_begin(const char *s, size_t end)
{
	size_t at = end > 0 ? end - 1 : 0;

	while (at > 0 && s[at - 1] != '\n')
		at--;
	return at;
}

static void
put(struct out *o, char mark, size_t line, const char *s, size_t len)
{
	while (len > 0 && (s[len - 1] == '\n' || s[len - 1] == '\r'))
		len--;
	if (o->said == o->max) {
		o->left++;
		return;
	}
	o->said++;
	o->say(o->arg, mark, line, s, len);
}

/* Cut off the lines that both begin and end with. */
static void
trim(struct side *a, struct side *b)
{
	size_t line = 1;

	while (a->from < a->len && b->from < b->len) {
		size_t na = line_end(a->text, a->len, a->from) - a->from,
		       nb = line_end(b->text, b->len, b->from) - b->from;

		if (na != nb || memcmp(a->text + a->from, b->text + b->from, na) != 0)
			break;
		a->from += na;
		b->from += nb;
		line++;
	}
	a->first = b->first = line;
	while (a->to > a->from && b->to > b->from) {
		size_t sa = line_begin(a->text, a->to), sb = line_begin(b->text, b->to);

		if (sa < a->from || sb < b->from || a->to - sa != b->to - sb ||
		    memcmp(a->text + sa, b->text + sb, a->to - sa) != 0)
			break;
		a->to = sa;
		b->to = sb;
	}
}

static void
cut_lines(struct side *s)
{
	s->n = 0;
	for (size_t at = s->from; at < s->to; at = line_end(s->text, s->len, at)) {
		if (s->n < LINEDIFF_SPAN)
			s->at[s->n] = at;
		s->n++;
	}
	s->at[s->n < LINEDIFF_SPAN ? s->n : LINEDIFF_SPAN] = s->to;
}

static bool
same_line(const struct side *a, size_t i, const struct side *b, size_t j)
{
	size_t n = a->at[i + 1] - a->at[i];

	return n == b->at[j + 1] - b->at[j] &&
	       memcmp(a->text + a->at[i], b->text + b->at[j], n) == 0;
}

static void
context(struct out *o, const struct side *b, size_t from, size_t to)
{
	for (size_t at = from; at < to; at = line_end(b->text, b->len, at))
		put(o, ' ', 0, b->text + at, line_end(b->text, b->len, at) - at);
}

static void
all_lines(struct out *o, char mark, const struct side *s)
{
	for (size_t at = s->from; at < s->to; at = line_end(s->text, s->len, at))
		put(o, mark, 0, s->text + at, line_end(s->text, s->len, at) - at);
}

/* The lines of both in between, by their longest common subsequence. */
static void
middle(struct out *o, const struct side *a, const struct side *b)
{
	static const size_t w = LINEDIFF_SPAN + 1;
	uint8_t t[(LINEDIFF_SPAN + 1) * (LINEDIFF_SPAN + 1)] = { 0 };
	size_t i = 0, j = 0;

	for (size_t x = a->n; x-- > 0;)
		for (size_t y = b->n; y-- > 0;)
			t[x * w + y] = same_line(a, x, b, y) ? (uint8_t)(t[(x + 1) * w + y + 1] + 1)
				       : t[(x + 1) * w + y] > t[x * w + y + 1] ? t[(x + 1) * w + y]
									       : t[x * w + y + 1];
	while (i < a->n || j < b->n) {
		if (i < a->n && j < b->n && same_line(a, i, b, j)) {
			put(o, ' ', 0, a->text + a->at[i], a->at[i + 1] - a->at[i]);
			i++;
			j++;
		} else if (j == b->n || (i < a->n && t[(i + 1) * w + j] >= t[i * w + j + 1])) {
			put(o, '-', 0, a->text + a->at[i], a->at[i + 1] - a->at[i]);
			i++;
		} else {
			put(o, '+', 0, b->text + b->at[j], b->at[j + 1] - b->at[j]);
			j++;
		}
	}
}

size_t
linediff(const char *a, size_t alen, const char *b, size_t blen, size_t max, size_t *left,
    void (*say)(void *arg, char mark, size_t line, const char *text, size_t len), void *arg)
{
	struct side sa = { .text = a, .len = alen, .to = alen },
		    sb = { .text = b, .len = blen, .to = blen };
	struct out o = { .say = say, .arg = arg, .max = max };
	size_t head, tail, before = 0;

	if (left != NULL)
		*left = 0;
	if (alen == blen && memcmp(a, b, alen) == 0)
		return 0;
	trim(&sa, &sb);
	cut_lines(&sa);
	cut_lines(&sb);
	head = sb.from;
	for (; before < LINEDIFF_CONTEXT && head > 0; before++)
		head = line_begin(b, head);
	tail = sb.to;
	for (size_t i = 0; i < LINEDIFF_CONTEXT && tail < blen; i++)
		tail = line_end(b, blen, tail);
	put(&o, '@', sb.first - before, "", 0);
	context(&o, &sb, head, sb.from);
	if (sa.n <= LINEDIFF_SPAN && sb.n <= LINEDIFF_SPAN) {
		middle(&o, &sa, &sb);
	} else {
		all_lines(&o, '-', &sa);
		all_lines(&o, '+', &sb);
	}
	context(&o, &sb, sb.to, tail);
	if (left != NULL)
		*left = o.left;
	return o.said;
}

/* Reads lists of targets; see targetlist.h. */
#include "targetlist.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct targetlist *l;
	const char *name;
	unsigned long line;
	size_t max, seen; /* bytes so far */
	int bad;
	FILE *complaints;
};

static void
complain(struct reading *r, const char *why)
{
	if (++r->bad <= TARGETLIST_ERRORS)
		fprintf(r->complaints, "sshmedic: %s:%lu: %s\n", r->name, r->line, why);
}

/* The word of a line: without blanks around it, and without a remark. */
static char *
word_of(char *line)
{
	char *s = line + strspn(line, " \t\r\n"), *end = s;

	for (char *at = s; *at != '\0'; at++) {
		bool blank = *at == ' ' || *at == '\t' || *at == '\r' || *at == '\n';

		if (*at == '#' && (at == s || at[-1] == ' ' || at[-1] == '\t'))
			break;
		if (!blank)
			end = at + 1;
	}
	*end = '\0';
	return s;
}

static bool
has(const struct targetlist *l, const char *input)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].input, input) == 0)
			return true;
	return false;
}

static void
take(struct reading *r, const char *word)
{
	struct targetlist *l = r->l;
	struct target *more;
	char why[512];

	if (has(l, word))
		return;
	if (l->n == r->max) {
		snprintf(why, sizeof why, "more than %zu targets", r->max);
		complain(r, why);
		return;
	}
	if ((more = realloc(l->v, (l->n + 1) * sizeof *more)) == NULL)
		abort();
	l->v = more;
	if (target_parse(&l->v[l->n], word, why, sizeof why) != 0)
		complain(r, why);
	else
		l->n++;
}

/* The next byte, EOF where the list ends or is longer than any list of targets. */
static int
next_byte(struct reading *r, FILE *in)
{
	return ++r->seen > TARGETLIST_BYTES ? EOF : getc(in);
}

/* The rest of a line that is too long is read over. */
static void
skip_line(struct reading *r, FILE *in)
{
	int c;

	while ((c = next_byte(r, in)) != EOF && c != '\n')
		;
}

int
targetlist_read(struct targetlist *l, FILE *in, const char *name, size_t max, FILE *complaints)
{
	struct reading r = { .l = l, .name = name, .max = max, .complaints = complaints };
	char line[TARGETLIST_LINE];

	while (!feof(in) && !ferror(in) && r.seen <= TARGETLIST_BYTES) {
		size_t len = 0;
		int c;

		while (len < sizeof line - 1 && (c = next_byte(&r, in)) != EOF && c != '\n')
			line[len++] = c == '\0' ? '\1' : (char)c; /* which no target may hold */
		line[len] = '\0';
		if (r.line++ == 0 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
			memset(line, ' ', 3); /* the mark that some editors put in front of UTF-8 */
		if (len == sizeof line - 1) {
			skip_line(&r, in);
			complain(&r, "the line is too long");
		} else if (word_of(line)[0] != '\0') {
			take(&r, word_of(line));
		}
	}
	if (r.seen > TARGETLIST_BYTES)
		complain(&r, "the list is too long; the rest is not read");
	if (ferror(in))
		complain(&r, "could not be read to its end");
	if (r.bad > TARGETLIST_ERRORS)
		fprintf(complaints, "sshmedic: %s: %d more lines are wrong\n", name,
		    r.bad - TARGETLIST_ERRORS);
	return r.bad > 0 ? -1 : 0;
}

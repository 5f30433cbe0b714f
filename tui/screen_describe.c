/*
 * A terminal description of our own: that of the terminal in use, with more
 * colours than it says. ncurses sends only what a description has, and most of
 * those installed stop at 256 colours whatever the terminal can do; it takes a compiled
 * description from the environment as well (terminfo(5), "b64:"). Called by
 * screen_term.c.
 */
#include "screen_term.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#include "../core/base64.h"

/* The compiled format, term(5): numbers of four bytes, and capabilities with names of their own. */
enum { MAGIC_32 = 01036, BYTES_MAX = 24 * 1024 };

/* Capabilities beyond the standard ones that ncurses asks for; the others are for programs that know them. */
static const char *const more_flags[] = { "AX", "XT", "RGB" };
static const char *const more_numbers[] = { "U8" };
static const char *const more_strings[] = { "XM" };

struct description {
	unsigned char *at, *end;
	bool full;
};

/* What differs from the terminal's own description. */
static const struct {
	const char *name, *value; /* NULL: absent */
} strings[] = {
	/* 0 to 15 are the terminal's own, up to 255 its numbers, then 0xRRGGBB. */
	{ "setaf", "\033[%?%p1%{8}%<%t3%p1%d%e%p1%{16}%<%t9%p1%{8}%-%d%e%p1%{256}%<%t38;5;%p1%d"
		   "%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m" },
	{ "setab", "\033[%?%p1%{8}%<%t4%p1%d%e%p1%{16}%<%t10%p1%{8}%-%d%e%p1%{256}%<%t48;5;%p1%d"
		   "%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m" },
	{ "op", "\033[39;49m" },
	{ "initc", NULL },
	{ "initp", NULL },
	{ "oc", NULL },
	{ "setf", NULL },
	{ "setb", NULL },
};

static void
put(struct description *d, const void *bytes, size_t len)
{
	if (d->full || (size_t)(d->end - d->at) < len) {
		d->full = true;
		return;
	}
	memcpy(d->at, bytes, len);
	d->at += len;
}

static void
put_number(struct description *d, int n, int bytes)
{
	unsigned char b[4];

	for (int i = 0; i < bytes; i++)
		b[i] = (unsigned char)((unsigned)n >> 8 * i);
	put(d, b, (size_t)bytes);
}

static size_t
count(const char *const *names)
{
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	return n;
}

static const char *
string(const char *name)
{
	const char *s = tigetstr(name);

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		if (strcmp(strings[i].name, name) == 0)
			return strings[i].value;
	return s == (char *)-1 ? NULL : s;
}

static bool
flag(const char *name, int colours)
{
	if (strcmp(name, "RGB") == 0)
		return colours > 0xffff;
	return strcmp(name, "ccc") != 0 && tigetflag(name) > 0;
}

static int
number(const char *name, int colours)
{
	int n = tigetnum(name);

	if (strcmp(name, "colors") == 0)
		return colours;
	if (strcmp(name, "pairs") == 0)
		return n < 256 ? 256 : n;
	return n < 0 ? -1 : n;
}

/* Offsets of strings, then the strings. Returns the size of the strings. */
static size_t
put_strings(struct description *d, const char *const *names, size_t n, struct description *table)
{
	unsigned char *begin = table->at;

	for (size_t i = 0; i < n; i++) {
		const char *s = string(names[i]);

		put_number(d, s != NULL ? (int)(table->at - begin) : -1, 2);
		if (s != NULL)
			put(table, s, strlen(s) + 1);
	}
	return (size_t)(table->at - begin);
}

static void
put_even(struct description *d, const unsigned char *begin)
{
	if ((d->at - begin) % 2 != 0)
		put_number(d, 0, 1);
}

/* The part with names of its own: flags, numbers, strings, and then all their names. */
static void
put_extended(struct description *d, int colours, const unsigned char *begin)
{
	enum {
		FLAGS = sizeof more_flags / sizeof *more_flags,
		NUMBERS = sizeof more_numbers / sizeof *more_numbers,
		STRINGS = sizeof more_strings / sizeof *more_strings,
	};
	const char *const *const groups[] = { more_flags, more_numbers, more_strings };
	const size_t sizes[] = { FLAGS, NUMBERS, STRINGS };
	unsigned char text[1024], place[64], *names;
	struct description table = { text, text + sizeof text, false },
			   offsets = { place, place + sizeof place, false };

	put_strings(&offsets, more_strings, STRINGS, &table);
	names = table.at;
	for (size_t g = 0; g < 3; g++)
		for (size_t i = 0; i < sizes[g]; i++) {
			put_number(&offsets, (int)(table.at - names), 2);
			put(&table, groups[g][i], strlen(groups[g][i]) + 1);
		}
	put_even(d, begin);
	put_number(d, FLAGS, 2);
	put_number(d, NUMBERS, 2);
	put_number(d, STRINGS, 2);
	put_number(d, STRINGS + FLAGS + NUMBERS + STRINGS, 2);
	put_number(d, (int)(table.at - text), 2);
	for (int i = 0; i < FLAGS; i++)
		put_number(d, flag(more_flags[i], colours), 1);
	put_even(d, begin);
	for (int i = 0; i < NUMBERS; i++)
		put_number(d, number(more_numbers[i], colours), 4);
	put(d, place, (size_t)(offsets.at - place));
	put(d, text, (size_t)(table.at - text));
	d->full |= table.full || offsets.full;
}

static void
compile(struct description *d, const char *name, int colours)
{
	static unsigned char text[BYTES_MAX], place[2048];
	struct description offsets = { place, place + sizeof place, false },
			   table = { text, text + sizeof text, false };
	size_t nflags = count(boolnames), nnumbers = count(numnames), nstrings = count(strnames);
	size_t size = put_strings(&offsets, strnames, nstrings, &table);
	const unsigned char *begin = d->at;

	put_number(d, MAGIC_32, 2);
	put_number(d, (int)strlen(name) + 1, 2);
	put_number(d, (int)nflags, 2);
	put_number(d, (int)nnumbers, 2);
	put_number(d, (int)nstrings, 2);
	put_number(d, (int)size, 2);
	put(d, name, strlen(name) + 1);
	for (size_t i = 0; i < nflags; i++)
		put_number(d, flag(boolnames[i], colours), 1);
	put_even(d, begin);
	for (size_t i = 0; i < nnumbers; i++)
		put_number(d, number(numnames[i], colours), 4);
	put(d, place, (size_t)(offsets.at - place));
	put(d, text, size);
	put_extended(d, colours, begin);
	d->full |= offsets.full || table.full;
}

char *
term_describe(const char *name, int colours)
{
	static const char variable[] = "TERMINFO=b64:";
	static unsigned char bytes[BYTES_MAX];
	struct description d = { bytes, bytes + sizeof bytes, false };
	size_t len, cap;
	char *s;

	compile(&d, name, colours);
	len = (size_t)(d.at - bytes);
	cap = sizeof variable + (len + 2) / 3 * 4;
	if (d.full || (s = malloc(cap)) == NULL)
		return NULL;
	memcpy(s, variable, sizeof variable);
	base64_encode(s + sizeof variable - 1, cap - (sizeof variable - 1), bytes, len);
	return s;
}

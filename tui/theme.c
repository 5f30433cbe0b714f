/*
 * The reader of theme files. A file holds settings (name, base, kind), a
 * [palette] of named colours, [roles] as "role = fg [on bg] [attributes]" and
 * [mono] as "role = [attributes]". What it does not set stays as its base
 * has it. Called by main.c; see theme.h.
 */
#include "theme.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../core/text.h"

enum { PALETTE_MAX = 32, WORD_MAX = 48, BASE_DEPTH = 4 };

struct reader {
	struct theme *t;
	const char *label;
	FILE *complaints;
	int line, ncomplaints, depth, npalette;
	enum { IN_TOP, IN_PALETTE, IN_ROLES, IN_MONO, IN_UNKNOWN } section;
	struct {
		char name[WORD_MAX];
		struct colour c;
	} palette[PALETTE_MAX];
};

static const struct {
	const char *name, *look, *mono;
} roles[ROLE__COUNT] = {
#define ROLE(id, name, look, mono, help) [ROLE_##id] = { name, look, mono },
#include "role.def"
#undef ROLE
};

static const struct {
	const char *name;
	int32_t rgb; /* as xterm has them */
} basic[] = {
	{ "black", 0x000000 },
	{ "red", 0xcd0000 },
	{ "green", 0x00cd00 },
	{ "yellow", 0xcdcd00 },
	{ "blue", 0x0000ee },
	{ "magenta", 0xcd00cd },
	{ "cyan", 0x00cdcd },
	{ "white", 0xe5e5e5 },
	{ "brightblack", 0x7f7f7f },
	{ "brightred", 0xff0000 },
	{ "brightgreen", 0x00ff00 },
	{ "brightyellow", 0xffff00 },
	{ "brightblue", 0x5c5cff },
	{ "brightmagenta", 0xff00ff },
	{ "brightcyan", 0x00ffff },
	{ "brightwhite", 0xffffff },
};

static const struct {
	const char *name;
	unsigned attr;
} attributes[] = {
	{ "bold", LOOK_BOLD },
	{ "dim", LOOK_DIM },
	{ "underline", LOOK_UNDERLINE },
	{ "reverse", LOOK_REVERSE },
	{ "italic", LOOK_ITALIC },
	{ "plain", 0 },
};

static const struct colour no_colour = { .rgb = -1, .c256 = -1, .c16 = -1 };

const char *
role_name(enum role r)
{
	return (unsigned)r < ROLE__COUNT ? roles[r].name : "";
}

static void complain(struct reader *rd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
complain(struct reader *rd, const char *fmt, ...)
{
	va_list ap;

	rd->ncomplaints++;
	if (rd->complaints == NULL)
		return;
	fprintf(rd->complaints, "%s:%d: ", rd->label, rd->line);
	va_start(ap, fmt);
	vfprintf(rd->complaints, fmt, ap);
	va_end(ap);
	putc('\n', rd->complaints);
}

/* The next word of *s, in a buffer of WORD_MAX bytes. */
static bool
next_word(const char **s, char *word)
{
	size_t n;

	*s += strspn(*s, " \t");
	if ((n = strcspn(*s, " \t")) == 0)
		return false;
	snprintf(word, WORD_MAX, "%.*s", (int)(n < WORD_MAX ? n : WORD_MAX - 1), *s);
	*s += n;
	return true;
}

static int
square(int n)
{
	return n * n;
}

static int
distance(int32_t a, int32_t b)
{
	return square((a >> 16) - (b >> 16)) + square((a >> 8 & 255) - (b >> 8 & 255)) +
	       square((a & 255) - (b & 255));
}

/* The nearest of the 6x6x6 cube and the greys of a 256-colour terminal. */
static int16_t
nearest_256(int32_t rgb)
{
	static const int level[] = { 0, 95, 135, 175, 215, 255 };
	int best = INT_MAX, at = 0;

	for (int i = 16; i < 256; i++) {
		int32_t c = i < 232 ? level[(i - 16) / 36] << 16 | level[(i - 16) / 6 % 6] << 8 |
					  level[(i - 16) % 6]
				    : (8 + 10 * (i - 232)) * 0x010101;

		if (distance(c, rgb) < best) {
			best = distance(c, rgb);
			at = i;
		}
	}
	return (int16_t)at;
}

static int16_t
nearest_16(int32_t rgb)
{
	int best = INT_MAX, at = 0;

	for (int i = 0; i < 16; i++)
		if (distance(basic[i].rgb, rgb) < best) {
			best = distance(basic[i].rgb, rgb);
			at = i;
		}
	return (int16_t)at;
}

static int
basic_by_name(const char *name)
{
	for (int i = 0; i < 16; i++)
		if (strcmp(basic[i].name, name) == 0)
			return i;
	return -1;
}

/* A colour by itself: default, one of 16 names, #rrggbb, or 0 to 255. */
static bool
parse_colour(const char *word, struct colour *c)
{
	char *end;
	long n;

	if (strcmp(word, "default") == 0) {
		*c = no_colour;
		return true;
	}
	if ((n = basic_by_name(word)) >= 0) {
		*c = (struct colour){ basic[n].rgb, (int16_t)n, (int16_t)n };
		return true;
	}
	if (word[0] == '#' && strlen(word) == 7 &&
	    strspn(word + 1, "0123456789abcdefABCDEF") == 6) {
		n = strtol(word + 1, NULL, 16);
		*c = (struct colour){ (int32_t)n, nearest_256((int32_t)n), nearest_16((int32_t)n) };
		return true;
	}
	n = strtol(word, &end, 10);
	if (!isdigit((unsigned char)word[0]) || *end != '\0' || n > 255)
		return false;
	*c = (struct colour){ 0, (int16_t)n, (int16_t)(n < 16 ? n : 7) };
	if (n < 16)
		c->rgb = basic[n].rgb;
	return true;
}

static bool
find_colour(const struct reader *rd, const char *word, struct colour *c)
{
	for (int i = 0; i < rd->npalette; i++)
		if (strcmp(rd->palette[i].name, word) == 0) {
			*c = rd->palette[i].c;
			return true;
		}
	return parse_colour(word, c);
}

static bool
find_attr(const char *word, unsigned *attrs)
{
	for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
		if (strcmp(attributes[i].name, word) == 0) {
			*attrs |= attributes[i].attr;
			return true;
		}
	return false;
}

/* "fg [on bg] [attributes]" */
static void
read_look(struct reader *rd, const char *s, struct look *look)
{
	struct look l = { .fg = no_colour, .bg = no_colour, .mono = look->mono };
	char word[WORD_MAX];
	bool back = false;

	while (next_word(&s, word)) {
		if (strcmp(word, "on") == 0) {
			back = true;
			continue;
		}
		if (!find_attr(word, &l.attrs) && !find_colour(rd, word, back ? &l.bg : &l.fg)) {
			complain(rd, "'%s' is neither a colour nor an attribute", word);
			return;
		}
	}
	*look = l;
}

static void
read_mono(struct reader *rd, const char *s, struct look *look)
{
	char word[WORD_MAX];
	unsigned attrs = 0;

	while (next_word(&s, word))
		if (!find_attr(word, &attrs)) {
			complain(rd, "'%s' is not an attribute", word);
			return;
		}
	look->mono = attrs;
}

void
theme_default(struct theme *t)
{
	struct reader rd = { .t = t, .label = "built-in" };

	memset(t, 0, sizeof *t);
	text_copy(t->name, sizeof t->name, "default");
	for (int i = 0; i < ROLE__COUNT; i++) {
		read_look(&rd, roles[i].look, &t->look[i]);
		read_mono(&rd, roles[i].mono, &t->look[i]);
	}
}

/* "name = #rrggbb [@256 N] [@16 name]" */
static void
read_palette(struct reader *rd, const char *key, const char *s)
{
	char word[WORD_MAX], arg[WORD_MAX];
	struct colour c, sub;

	if (rd->npalette == PALETTE_MAX) {
		complain(rd, "more than %d colours in the palette", PALETTE_MAX);
		return;
	}
	if (!next_word(&s, word) || !parse_colour(word, &c)) {
		complain(rd, "'%s' has no colour: #rrggbb, a name or a number", key);
		return;
	}
	while (next_word(&s, word)) {
		bool is256 = strcmp(word, "@256") == 0;

		if ((!is256 && strcmp(word, "@16") != 0) || !next_word(&s, arg) ||
		    !parse_colour(arg, &sub)) {
			complain(rd,
			    "after the colour of '%s' only '@256 number' and '@16 name' may stand",
			    key);
			return;
		}
		if (is256)
			c.c256 = sub.c256;
		else
			c.c16 = sub.c16;
	}
	text_copy(rd->palette[rd->npalette].name, WORD_MAX, key);
	rd->palette[rd->npalette++].c = c;
}

static int load(struct theme *t, const char *name, FILE *complaints, int depth);

static void
read_setting(struct reader *rd, const char *key, const char *value)
{
	if (strcmp(key, "name") == 0) {
		text_clean(rd->t->name, sizeof rd->t->name, value, strlen(value));
	} else if (strcmp(key, "kind") == 0) {
		if (strcmp(value, "dark") != 0 && strcmp(value, "light") != 0 &&
		    strcmp(value, "any") != 0)
			complain(rd, "kind is dark, light or any");
	} else if (strcmp(key, "base") == 0) {
		if (rd->depth >= BASE_DEPTH)
			complain(rd, "more than %d themes are based on each other", BASE_DEPTH);
		else if (load(rd->t, value, NULL, rd->depth + 1) != 0)
			complain(rd, "no theme '%s' to base this one on", value);
	} else {
		complain(rd, "'%s' is not a setting: name, base, kind", key);
	}
}

static void
read_entry(struct reader *rd, const char *key, const char *value)
{
	int r = 0;

	if (rd->section == IN_TOP) {
		read_setting(rd, key, value);
		return;
	}
	if (rd->section == IN_PALETTE) {
		read_palette(rd, key, value);
		return;
	}
	while (r < ROLE__COUNT && strcmp(roles[r].name, key) != 0)
		r++;
	if (r == ROLE__COUNT)
		complain(rd, "there is no role '%s'", key);
	else if (rd->section == IN_ROLES)
		read_look(rd, value, &rd->t->look[r]);
	else
		read_mono(rd, value, &rd->t->look[r]);
}

/* Cut blanks at both ends. Returns the begin. */
static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " ");
	for (n = strlen(s); n > 0 && s[n - 1] == ' '; n--)
		;
	s[n] = '\0';
	return s;
}

/* Cut a remark: '#' at the begin of the line, or between blanks (before a colour there is none after it). */
static void
cut_remark(char *s)
{
	for (char *p = s; *p != '\0'; p++)
		if (*p == '#' && (p == s || (p[-1] == ' ' && (p[1] == ' ' || p[1] == '\0')))) {
			*p = '\0';
			return;
		}
}

static void
read_line(struct reader *rd, char *raw)
{
	static const char *const sections[] = { "", "[palette]", "[roles]", "[mono]" };
	char clean[1024], *s, *eq;

	text_clean(clean, sizeof clean, raw, strcspn(raw, "\r\n"));
	s = trim(clean);
	cut_remark(s);
	s = trim(s);
	if (*s == '\0')
		return;
	if (*s == '[') {
		for (int i = IN_PALETTE; i <= IN_MONO; i++)
			if (strcmp(s, sections[i]) == 0) {
				rd->section = (unsigned)i;
				return;
			}
		rd->section = IN_UNKNOWN;
		complain(rd, "there is no section %s: [palette], [roles], [mono]", s);
		return;
	}
	if (rd->section == IN_UNKNOWN)
		return;
	if ((eq = strchr(s, '=')) == NULL) {
		complain(rd, "not 'name = value'");
		return;
	}
	*eq = '\0';
	read_entry(rd, trim(s), trim(eq + 1));
}

static int
read_depth(struct theme *t, FILE *f, const char *label, FILE *complaints, int depth)
{
	struct reader *rd = calloc(1, sizeof *rd);
	char raw[512];
	int n;
	bool whole = true;

	if (rd == NULL)
		return 0;
	*rd = (struct reader){ .t = t, .label = label, .complaints = complaints, .depth = depth };
	while (fgets(raw, sizeof raw, f) != NULL) {
		bool begin = whole;

		whole = strchr(raw, '\n') != NULL || feof(f);
		if (!begin)
			continue; /* the rest of a line that was too long */
		rd->line++;
		for (char *p = raw; *p != '\0'; p++)
			*p = *p == '\t' ? ' ' : *p;
		if (!whole)
			complain(rd, "the line is longer than %d bytes", (int)sizeof raw - 2);
		else
			read_line(rd, raw);
	}
	n = rd->ncomplaints;
	free(rd);
	return n;
}

int
theme_read(struct theme *t, FILE *f, const char *label, FILE *complaints)
{
	return read_depth(t, f, label, complaints, 0);
}

static int
load(struct theme *t, const char *name, FILE *complaints, int depth)
{
	char path[PATH_MAX];
	FILE *f;

	theme_default(t);
	if (strcmp(name, "default") == 0)
		return 0;
	if ((f = theme_open(name, path, sizeof path)) == NULL)
		return -1;
	if (strchr(name, '/') == NULL)
		text_copy(t->name, sizeof t->name, name);
	read_depth(t, f, path, complaints, depth);
	fclose(f);
	return 0;
}

int
theme_load(struct theme *t, const char *name, FILE *complaints)
{
	char clean[256];

	if (load(t, name, complaints, 0) == 0)
		return 0;
	text_clean(clean, sizeof clean, name, strlen(name));
	if (complaints != NULL)
		fprintf(complaints,
		    "%s: there is no such theme; --list-themes lists those that are there\n",
		    clean);
	return -1;
}

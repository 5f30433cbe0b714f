/*
 * The reader of theme files. A file holds settings (name, base, kind), a
 * [palette] of named colours, [roles] as "role = [fg] [on bg] [attributes]"
 * and [mono] as "role = attributes". What a file does not set is as its base
 * has it, its base's palette and looks alike, and in the end as role.def has
 * it. So the whole chain is read first, then all palettes, then all looks.
 * Called by main.c and by the picker; see theme.h.
 */
#include "theme.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../core/text.h"

enum {
	PALETTE_MAX = 64,
	WORD_MAX = 48,
	VALUE_MAX = 160,
	CHAIN_MAX = 8,    /* files that are based on each other */
	ENTRY_MAX = 512,  /* lines of palettes and looks in all of them */
	BYTES_MAX = 512,  /* bytes of a line */
	LINES_MAX = 4096, /* lines of a file */
	COMPLAINTS_MAX = 100
};

enum section { IN_TOP, IN_PALETTE, IN_ROLES, IN_MONO, IN_UNKNOWN };

/* A line that is kept until the whole chain is read. */
struct entry {
	enum section section;
	int file, line, role;
	char key[WORD_MAX], value[VALUE_MAX];
};

struct complaint {
	int file, line;
	char text[256];
};

struct reader {
	struct theme *t;
	struct {
		char label[PATH_MAX];
		dev_t dev;
		ino_t ino;
	} file[CHAIN_MAX];
	int nfiles, at, line; /* the file and line that is read, or judged */
	enum section section;
	char base[NAME_MAX];
	int base_line;
	bool has_name, has_kind;
	int nentries, npalette, ncomplaints;
	struct entry entry[ENTRY_MAX];
	struct {
		char name[WORD_MAX];
		struct colour c;
	} palette[PALETTE_MAX];
	struct complaint complaint[COMPLAINTS_MAX];
	/* What the looks of roles left open. */
	bool open_fg[ROLE__COUNT], open_bg[ROLE__COUNT];
};

static const struct {
	const char *name, *look, *mono;
} roles[ROLE__COUNT] = {
#define ROLE(id, name, look, mono, help) [ROLE_##id] = { name, look, mono },
#include "role.def"
#undef ROLE
};

static const char *const kind_names[] = {
	[KIND_ANY] = "any", [KIND_DARK] = "dark", [KIND_LIGHT] = "light"
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

static const struct colour no_colour = { COLOUR_DEFAULT, -1, -1 };

const char *
role_name(enum role r)
{
	return (unsigned)r < ROLE__COUNT ? roles[r].name : "";
}

const char *
theme_kind_name(enum theme_kind k)
{
	return (unsigned)k < sizeof kind_names / sizeof *kind_names ? kind_names[k] : "";
}

static void complain(struct reader *rd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
complain(struct reader *rd, const char *fmt, ...)
{
	struct complaint *c = &rd->complaint[rd->ncomplaints];
	va_list ap;

	if (rd->ncomplaints == COMPLAINTS_MAX)
		return;
	rd->ncomplaints++;
	c->file = rd->at;
	c->line = rd->line;
	va_start(ap, fmt);
	vsnprintf(c->text, sizeof c->text, fmt, ap);
	va_end(ap);
}

/* ---- words ---- */

/* The next word of *s, in a buffer of WORD_MAX bytes. */
static bool
next_word(const char **s, char *word)
{
	size_t n;

	*s += strspn(*s, " ");
	if ((n = strcspn(*s, " ")) == 0)
		return false;
	snprintf(word, WORD_MAX, "%.*s", (int)(n < WORD_MAX ? n : WORD_MAX - 1), *s);
	*s += n;
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
	return colour_parse(word, c);
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

static int
find_role(const char *name)
{
	int r = 0;

	while (r < ROLE__COUNT && strcmp(roles[r].name, name) != 0)
		r++;
	return r;
}

/* ---- what a line says, once the palettes are known ---- */

/* "[fg] [on bg] [attributes]" */
static void
read_look(struct reader *rd, const char *s, int role)
{
	struct look *look = &rd->t->look[role],
		    l = { .fg = no_colour, .bg = no_colour, .mono = look->mono };
	char word[WORD_MAX];
	bool fg = false, bg = false, on = false;

	if (*s == '\0')
		complain(rd, "'%s' has no look: a colour, attributes, or plain", roles[role].name);
	while (next_word(&s, word)) {
		bool *set = on ? &bg : &fg;

		if (strcmp(word, "on") == 0 && !on) {
			on = true;
			continue;
		}
		if (find_attr(word, &l.attrs))
			continue;
		if (*set || !find_colour(rd, word, on ? &l.bg : &l.fg)) {
			complain(rd,
			    *set ? "'%s' is one colour too many: foreground, on background"
				 : "'%s' is neither a colour nor an attribute",
			    word);
			return;
		}
		*set = true;
	}
	if (on && !bg) {
		complain(rd, "'on' is followed by no colour");
		return;
	}
	*look = l;
	rd->open_fg[role] = !fg;
	rd->open_bg[role] = !bg;
}

static void
read_mono(struct reader *rd, const char *s, int role)
{
	char word[WORD_MAX];
	unsigned attrs = 0;

	if (*s == '\0')
		complain(rd, "'%s' has no attributes: plain means none", roles[role].name);
	while (next_word(&s, word))
		if (!find_attr(word, &attrs)) {
			complain(rd, "'%s' is not an attribute", word);
			return;
		}
	rd->t->look[role].mono = attrs;
}

static void
set_palette(struct reader *rd, const char *name, struct colour c)
{
	int i = 0;

	while (i < rd->npalette && strcmp(rd->palette[i].name, name) != 0)
		i++;
	if (i == PALETTE_MAX) {
		complain(rd, "more than %d colours in the palette", PALETTE_MAX);
		return;
	}
	text_copy(rd->palette[i].name, WORD_MAX, name);
	rd->palette[i].c = c;
	if (i == rd->npalette)
		rd->npalette++;
}

/* "name = #rrggbb [@256 N] [@16 name]" */
static void
read_palette(struct reader *rd, const char *key, const char *s)
{
	char word[WORD_MAX], arg[WORD_MAX];
	struct colour c, sub;
	unsigned ignored = 0;

	if (strchr(key, ' ') != NULL || *key == '\0' || strcmp(key, "on") == 0 ||
	    strcmp(key, "default") == 0 || find_attr(key, &ignored)) {
		complain(rd, "'%s' cannot be the name of a colour", key);
		return;
	}
	if (!next_word(&s, word) || !colour_parse(word, &c)) {
		complain(rd, "'%s' has no colour: #rrggbb, a name or a number", key);
		return;
	}
	while (next_word(&s, word)) {
		bool is256 = strcmp(word, "@256") == 0;

		if ((!is256 && strcmp(word, "@16") != 0) || !next_word(&s, arg) ||
		    !colour_parse(arg, &sub) || sub.rgb == COLOUR_DEFAULT ||
		    (!is256 && sub.rgb > COLOUR_NAMED)) {
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
	set_palette(rd, key, c);
}

/* ---- lines ---- */

static void
read_setting(struct reader *rd, const char *key, const char *value)
{
	size_t k = 0;

	if (strcmp(key, "name") == 0) {
		/* Only the theme's own: those it is based on have names of their own. */
		if (rd->at == 0 && *value != '\0')
			text_copy(rd->t->name, sizeof rd->t->name, value);
	} else if (strcmp(key, "kind") == 0) {
		while (
		    k < sizeof kind_names / sizeof *kind_names && strcmp(kind_names[k], value) != 0)
			k++;
		if (k == sizeof kind_names / sizeof *kind_names)
			complain(rd, "kind is dark, light or any");
		else if (!rd->has_kind)
			rd->t->kind = (enum theme_kind)k;
		rd->has_kind |= k < sizeof kind_names / sizeof *kind_names;
	} else if (strcmp(key, "base") == 0) {
		if (*value == '\0' || strchr(value, '/') != NULL ||
		    strlen(value) >= sizeof rd->base)
			complain(rd, "base is the name of a theme, without a folder");
		else
			text_copy(rd->base, sizeof rd->base, value);
		rd->base_line = rd->line;
	} else {
		complain(rd, "'%s' is not a setting: name, base, kind", key);
	}
}

static void
no_such_role(struct reader *rd, const char *key)
{
	int best = 0;

	for (int r = 1; r < ROLE__COUNT; r++)
		if (text_distance(key, roles[r].name) < text_distance(key, roles[best].name))
			best = r;
	if (text_distance(key, roles[best].name) < 3)
		complain(rd, "there is no role '%s'; did you mean '%s'?", key, roles[best].name);
	else
		complain(rd, "there is no role '%s'", key);
}

/* Keep a line until the bases are read. */
static void
keep(struct reader *rd, const char *key, const char *value)
{
	struct entry *e = &rd->entry[rd->nentries];

	for (int i = 0; i < rd->nentries; i++)
		if (rd->entry[i].file == rd->at && rd->entry[i].section == rd->section &&
		    strcmp(rd->entry[i].key, key) == 0) {
			complain(rd, "'%s' is in line %d already; the last one counts", key,
			    rd->entry[i].line);
			break;
		}
	if (rd->nentries == ENTRY_MAX) {
		complain(rd, "more than %d lines of colours and looks", ENTRY_MAX);
		return;
	}
	if (strlen(key) >= sizeof e->key || strlen(value) >= sizeof e->value) {
		complain(rd, "'%.20s': that is too long", key);
		return;
	}
	*e = (struct entry){ .section = rd->section, .file = rd->at, .line = rd->line };
	text_copy(e->key, sizeof e->key, key);
	text_copy(e->value, sizeof e->value, value);
	e->role = rd->section == IN_PALETTE ? ROLE__COUNT : find_role(key);
	if (rd->section != IN_PALETTE && e->role == ROLE__COUNT)
		no_such_role(rd, key);
	else
		rd->nentries++;
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
begin_section(struct reader *rd, const char *s)
{
	static const char *const sections[] = {
		[IN_PALETTE] = "[palette]", [IN_ROLES] = "[roles]", [IN_MONO] = "[mono]"
	};

	for (int i = IN_PALETTE; i <= IN_MONO; i++)
		if (strcmp(s, sections[i]) == 0) {
			rd->section = (enum section)i;
			return;
		}
	rd->section = IN_UNKNOWN;
	complain(rd, "there is no section %s: [palette], [roles], [mono]", s);
}

static void
read_line(struct reader *rd, char *raw)
{
	char clean[4 * BYTES_MAX], *s, *eq, *key, *value;

	text_clean(clean, sizeof clean, raw, strcspn(raw, "\r\n"));
	s = trim(clean);
	cut_remark(s);
	s = trim(s);
	if (*s == '\0')
		return;
	if (*s == '[') {
		begin_section(rd, s);
		return;
	}
	if (rd->section == IN_UNKNOWN)
		return;
	if ((eq = strchr(s, '=')) == NULL) {
		complain(rd, "not 'name = value'");
		return;
	}
	*eq = '\0';
	key = trim(s);
	value = trim(eq + 1);
	if (rd->section == IN_TOP)
		read_setting(rd, key, value);
	else
		keep(rd, key, value);
}

/* Read the lines of file number rd->at. */
static void
read_lines(struct reader *rd, FILE *f)
{
	char raw[BYTES_MAX];
	bool whole = true;
	int n = 0;

	rd->line = 0;
	rd->section = IN_TOP;
	rd->base[0] = '\0';
	while (fgets(raw, sizeof raw, f) != NULL) {
		bool begin = whole;
		char *s = raw;

		whole = strchr(raw, '\n') != NULL || feof(f);
		if (++n > LINES_MAX) {
			complain(rd, "the rest is not read: more than %d lines", LINES_MAX);
			return;
		}
		if (!begin)
			continue; /* the rest of a line that was too long */
		rd->line++;
		if (rd->line == 1 && strncmp(s, "\xef\xbb\xbf", 3) == 0)
			s += 3; /* a byte order mark, as some editors write it */
		for (char *p = s; *p != '\0'; p++)
			*p = *p == '\t' ? ' ' : *p;
		if (!whole)
			complain(rd, "the line is longer than %d bytes", BYTES_MAX - 2);
		else
			read_line(rd, s);
	}
	if (ferror(f))
		complain(rd, "the rest is not read: %s", strerror(errno));
}

/* ---- the chain of files ---- */

/* Open a theme's file by its path; NULL, with errno, for what is none. */
static FILE *
open_file(const char *path, struct stat *st)
{
	FILE *f = path[0] != '\0' ? fopen(path, "re") : NULL;

	if (f == NULL)
		return NULL;
	if (fstat(fileno(f), st) != 0 || S_ISDIR(st->st_mode)) {
		fclose(f);
		errno = EISDIR;
		return NULL;
	}
	return f;
}

/* Make the file the next of the chain. Returns false where it is in the chain already. */
static bool
enter(struct reader *rd, const char *label, const struct stat *st)
{
	for (int i = 0; i < rd->nfiles && st != NULL; i++)
		if (rd->file[i].dev == st->st_dev && rd->file[i].ino == st->st_ino)
			return false;
	rd->at = rd->nfiles++;
	text_copy(rd->file[rd->at].label, sizeof rd->file[0].label, label);
	rd->file[rd->at].dev = st != NULL ? st->st_dev : 0;
	rd->file[rd->at].ino = st != NULL ? st->st_ino : 0;
	return true;
}

/* The path of place i of a theme that a file is based on: beside that file first. False after the last. */
static bool
base_path(const struct reader *rd, int i, char *path, size_t cap)
{
	const char *label = rd->file[rd->at].label, *slash = strrchr(label, '/');

	path[0] = '\0';
	if (i > 0)
		return theme_path(i - 1, rd->base, path, cap);
	if (slash != NULL && (size_t)snprintf(path, cap, "%.*s/%s.theme", (int)(slash - label),
				 label, rd->base) >= cap)
		path[0] = '\0';
	return true;
}

/*
 * Open the base of the file that was read last. A file that has the name of
 * its base, such as the user's own "dark" based on "dark", means the next one
 * in the search. NULL where the chain ends.
 */
static FILE *
open_base(struct reader *rd)
{
	char path[PATH_MAX];
	bool cycle = false;
	struct stat st;
	FILE *f;

	rd->line = rd->base_line;
	if (rd->base[0] == '\0' || strcmp(rd->base, "default") == 0)
		return NULL;
	if (rd->nfiles == CHAIN_MAX) {
		complain(rd, "more than %d themes are based on each other", CHAIN_MAX);
		return NULL;
	}
	for (int i = 0; base_path(rd, i, path, sizeof path); i++) {
		if ((f = open_file(path, &st)) == NULL)
			continue;
		if (enter(rd, path, &st))
			return f;
		cycle = true;
		fclose(f);
	}
	if (cycle)
		complain(rd, "'%s' is based on this theme itself", rd->base);
	else
		complain(rd, "no theme '%s' to base this one on", rd->base);
	return NULL;
}

/* Judge the kept lines of a section, from the last base to the theme itself. */
static void
judge(struct reader *rd, enum section section)
{
	for (rd->at = rd->nfiles - 1; rd->at >= 0; rd->at--)
		for (int i = 0; i < rd->nentries; i++) {
			const struct entry *e = &rd->entry[i];

			if (e->file != rd->at || e->section != section)
				continue;
			rd->line = e->line;
			if (section == IN_PALETTE)
				read_palette(rd, e->key, e->value);
			else if (section == IN_ROLES)
				read_look(rd, e->value, e->role);
			else
				read_mono(rd, e->value, e->role);
		}
}

/* A foreground or background that a role leaves open is that of plain text. */
static void
fill(struct reader *rd)
{
	struct look *look = rd->t->look;

	for (int r = 0; r < ROLE__COUNT; r++) {
		if (rd->open_fg[r])
			look[r].fg = look[ROLE_TEXT].fg;
		if (rd->open_bg[r])
			look[r].bg = look[ROLE_TEXT].bg;
	}
}

static void
built_in(struct reader *rd)
{
	for (int r = 0; r < ROLE__COUNT; r++) {
		read_look(rd, roles[r].look, r);
		read_mono(rd, roles[r].mono, r);
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;

	return x->file != y->file ? x->file - y->file : x->line - y->line;
}

static int
say(struct reader *rd, FILE *out)
{
	qsort(rd->complaint, (size_t)rd->ncomplaints, sizeof *rd->complaint, by_place);
	for (int i = 0; i < rd->ncomplaints && out != NULL; i++) {
		const struct complaint *c = &rd->complaint[i];
		char label[512];

		text_clean(
		    label, sizeof label, rd->file[c->file].label, strlen(rd->file[c->file].label));
		fprintf(out, "%s:%d: %s\n", label, c->line, c->text);
	}
	return rd->ncomplaints;
}

/* Read f, which stays the caller's, and all that it is based on. */
static int
read_chain(struct theme *t, FILE *f, const char *label, const struct stat *st, FILE *complaints)
{
	struct reader *rd = calloc(1, sizeof *rd);
	FILE *base;
	int n;

	if (rd == NULL)
		return 0;
	rd->t = t;
	enter(rd, label, st);
	read_lines(rd, f);
	while ((base = open_base(rd)) != NULL) {
		read_lines(rd, base);
		fclose(base);
	}
	built_in(rd);
	judge(rd, IN_PALETTE);
	judge(rd, IN_ROLES);
	judge(rd, IN_MONO);
	fill(rd);
	n = say(rd, complaints);
	free(rd);
	return n;
}

static void
clear(struct theme *t, const char *name)
{
	memset(t, 0, sizeof *t);
	text_copy(t->name, sizeof t->name, name);
}

void
theme_default(struct theme *t)
{
	struct reader *rd = calloc(1, sizeof *rd);

	clear(t, "default");
	if (rd == NULL)
		return;
	rd->t = t;
	built_in(rd);
	fill(rd);
	free(rd);
}

int
theme_read(struct theme *t, FILE *f, const char *label, FILE *complaints)
{
	clear(t, label);
	return read_chain(t, f, label, NULL, complaints);
}

/* Open a theme's file by name or by path, and say which it is in path (cap bytes). NULL where there is none. */
static FILE *
theme_open(const char *name, char *path, size_t cap, struct stat *st)
{
	int cause = 0;

	if (strchr(name, '/') != NULL) {
		text_copy(path, cap, name);
		return open_file(path, st);
	}
	for (int i = 0; theme_path(i, name, path, cap); i++) {
		FILE *f = open_file(path, st);

		if (f != NULL)
			return f;
		if (path[0] != '\0' && errno != ENOENT && errno != ENOTDIR && cause == 0)
			cause = errno;
	}
	errno = cause != 0 ? cause : ENOENT;
	return NULL;
}

int
theme_load(struct theme *t, const char *name, FILE *complaints)
{
	char path[PATH_MAX], clean[256];
	struct stat st;
	FILE *f;
	int n;

	theme_default(t);
	if (strcmp(name, "default") == 0)
		return 0;
	text_clean(clean, sizeof clean, name, strlen(name));
	if ((f = theme_open(name, path, sizeof path, &st)) == NULL) {
		if (complaints != NULL && errno != ENOENT)
			fprintf(complaints, "%s: %s\n", clean, strerror(errno));
		else if (complaints != NULL)
			fprintf(complaints,
			    "%s: there is no such theme; --list-themes lists those that are "
			    "there\n",
			    clean);
		return -1;
	}
	clear(t, clean);
	n = read_chain(t, f, path, &st, complaints);
	fclose(f);
	return n;
}

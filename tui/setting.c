/* Settings: the table, and the parser of configuration files. Called by main.c. */
#include "setting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/text.h"
#include "xdg.h"

enum kind { WORD, NUMBER, TEXT };
enum { LINE_LEN = 1024, PATH_LEN = 4096 };

static const struct row {
	const char *section, *name, *initial, *takes, *help;
	enum kind kind;
} rows[SETTING__COUNT] = {
#define SETTING(id, section, name, kind, initial, takes, help) \
	[SETTING_##id] = { #section, #name, initial, takes, help, kind },
#include "setting.def"
#undef SETTING
};

/* A file under way. */
struct reading {
	struct settings *s;
	const char *label;
	enum setting_source from;
	FILE *complaints;
	int line, wrong;
	char section[32];
	int key_line[ACTION__COUNT]; /* where the action's keys were given; 0: nowhere */
};

static void
complain(struct reading *r, int line, const char *before, const char *word, const char *after)
{
	char clean[128];

	text_clean(clean, sizeof clean, word, strlen(word));
	fprintf(r->complaints, "%s:%d: %s'%s'%s%s\n", r->label, line, before, clean,
	    before[0] == '\0' ? ": " : "", after);
	r->wrong++;
}

/* The place of a word in a list with blanks between; -1 where it is not there. */
static int
place(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (int n = 0; *list != '\0'; n++) {
		size_t l = strcspn(list, " ");

		if (l == len && memcmp(list, word, len) == 0)
			return n;
		list += l;
		list += strspn(list, " ");
	}
	return -1;
}

/* A decimal number within "from to"; -1 where it is none. */
static int
number(const char *range, const char *word)
{
	char *end;
	long v = strtol(word, &end, 10), from = strtol(range, &(char *){ NULL }, 10),
	     to = strtol(strchr(range, ' '), NULL, 10);

	return word[0] >= '0' && word[0] <= '9' && *end == '\0' && v >= from && v <= to ? (int)v
											: -1;
}

int
setting_set(struct settings *s, enum setting what, const char *value, enum setting_source from,
    char *err, size_t errcap)
{
	const struct row *row = &rows[what];
	int n = row->kind == WORD     ? place(row->takes, value)
		: row->kind == NUMBER ? number(row->takes, value)
				      : 0;

	if (n < 0) {
		snprintf(err, errcap,
		    row->kind == WORD ? "%s takes one of: %s" : "%s takes a number within: %s",
		    row->name, row->takes);
		return -1;
	}
	if (strlen(value) >= SETTING_LEN) {
		snprintf(err, errcap, "the value of %s is too long", row->name);
		return -1;
	}
	if (s->at[what].locked && from > FROM_SYSTEM && strcmp(s->at[what].text, value) != 0) {
		char clean[SETTING_LEN];

		text_clean(clean, sizeof clean, s->at[what].text, strlen(s->at[what].text));
		snprintf(
		    err, errcap, "the system's configuration holds %s at %s", row->name, clean);
		return -1;
	}
	if (from >= s->at[what].from) {
		text_copy(s->at[what].text, SETTING_LEN, value);
		s->at[what].n = n;
		s->at[what].from = from;
	}
	return 0;
}

void
settings_default(struct settings *s)
{
	memset(s, 0, sizeof *s);
	for (int i = 0; i < SETTING__COUNT; i++)
		setting_set(s, (enum setting)i, rows[i].initial, FROM_TABLE, (char[1]){ 0 }, 1);
	keymap_default(&s->keys);
}

static enum setting
by_name(const char *section, const char *name)
{
	for (int i = 0; i < SETTING__COUNT; i++)
		if (strcmp(rows[i].name, name) == 0 && strcmp(rows[i].section, section) == 0)
			return (enum setting)i;
	return SETTING_NONE;
}

/* "lock = fix.mode ui.theme": nobody after this file may change these. */
static void
lock(struct reading *r, char *value)
{
	if (r->from != FROM_SYSTEM) {
		complain(r, r->line, "", "lock", "works in the system's file only");
		return;
	}
	for (char *w = strtok_r(value, " ,\t", &value); w != NULL;
	     w = strtok_r(NULL, " ,\t", &value)) {
		char *dot = strchr(w, '.');
		enum setting what = SETTING_NONE;

		if (dot != NULL) {
			*dot = '\0';
			what = by_name(w, dot + 1);
			*dot = '.';
		}
		if (what == SETTING_NONE)
			complain(r, r->line, "there is no setting ", w, " to lock");
		else
			r->s->at[what].locked = true;
	}
}

/* "r, F5" as the table has it: "r F5"; "none" is no key. */
static int
keys_of(const char *value, char *keys, size_t cap)
{
	struct strbuf sb;

	sb_init(&sb, keys, cap);
	if (strcmp(value, "none") == 0)
		return 0;
	while (*value != '\0') {
		size_t len = strcspn(value, " \t");
		bool comma = len > 1 && value[len - 1] == ',';

		if (key_by_name(value, len - comma) == 0)
			return -1;
		sb_printf(&sb, "%s%.*s", sb.len > 0 ? " " : "", (int)(len - comma), value);
		value += len;
		value += strspn(value, " \t");
	}
	return sb.cut || sb.len == 0 ? -1 : 0;
}

static void
read_keys(struct reading *r, const char *name, const char *value)
{
	enum action what = action_by_name(name);
	char keys[KEYMAP_KEYS];

	if (what == ACTION_NONE) {
		complain(r, r->line, "there is no command ", name, "; --print-keys shows them");
		return;
	}
	if (keys_of(value, keys, sizeof keys) != 0) {
		complain(r, r->line, "what keys are ", value,
		    "? (as q, Ctrl-P, F5, Shift-Tab, Space; none for no key)");
		return;
	}
	text_copy(r->s->keys.keys[what], KEYMAP_KEYS, keys);
	r->key_line[what] = r->line;
}

/* Where two actions want one key in one place, who was given it by this file gets its own keys back. */
static void
check_keys(struct reading *r)
{
	struct keymap *km = &r->s->keys;

	for (int a = 0; a < ACTION__COUNT; a++) {
		enum action other = keymap_clash(km, (enum action)a);
		char name[ACTION_NAME_LEN], other_name[ACTION_NAME_LEN];

		if (r->key_line[a] == 0 || other == ACTION_NONE)
			continue;
		fprintf(r->complaints,
		    "%s:%d: a key of '%s' belongs to '%s' as well; the default stays\n", r->label,
		    r->key_line[a], action_name((enum action)a, name),
		    action_name(other, other_name));
		r->wrong++;
		text_copy(km->keys[a], KEYMAP_KEYS, action_info((enum action)a)->keys);
		r->key_line[a] = 0;
		a = -1; /* what it gets back another may have taken */
	}
}

static void
read_setting(struct reading *r, const char *name, char *value)
{
	enum setting what;
	char err[160];

	if (r->section[0] == '\0' && strcmp(name, "lock") == 0) {
		lock(r, value);
		return;
	}
	if (strcmp(r->section, "keys") == 0) {
		read_keys(r, name, value);
		return;
	}
	if ((what = by_name(r->section, name)) == SETTING_NONE)
		complain(
		    r, r->line, "there is no setting ", name, " here; --print-config shows them");
	else if (setting_set(r->s, what, value, r->from, err, sizeof err) != 0)
		complain(r, r->line, "", value, err);
}

/* Cut blanks off both ends, and a comment behind, in place. */
static char *
trim(char *s)
{
	char *comment = strstr(s, " #"), *end;

	if (comment != NULL)
		*comment = '\0';
	end = s + strlen(s);
	while (end > s && strchr(" \t\r\n", end[-1]) != NULL)
		*--end = '\0';
	return s + strspn(s, " \t");
}

static void
read_line(struct reading *r, char *line)
{
	char *text = trim(line), *eq;

	if (*text == '\0' || *text == '#' || *text == ';')
		return;
	if (*text == '[' && text[strlen(text) - 1] == ']') {
		text[strlen(text) - 1] = '\0';
		text_copy(r->section, sizeof r->section, trim(text + 1));
		return;
	}
	if ((eq = strchr(text, '=')) == NULL) {
		complain(r, r->line, "neither a [section] nor name = value: ", text, "");
		return;
	}
	*eq = '\0';
	read_setting(r, trim(text), trim(eq + 1));
}

enum fetched { AT_END, LINE, CUT, BINARY };

/* The next line of a file, without its end; of one that is too long, or has a NUL byte in it, the beginning. */
static enum fetched
fetch(FILE *f, char line[LINE_LEN])
{
	enum fetched got = AT_END;
	size_t n = 0;
	int c;

	while ((c = getc(f)) != EOF) {
		got = got == AT_END ? LINE : got;
		if (c == '\n')
			break;
		if (n + 1 < LINE_LEN)
			line[n++] = (char)c;
		else
			got = CUT;
		if (c == '\0')
			got = BINARY;
	}
	line[n] = '\0';
	return got;
}

int
settings_read(
    struct settings *s, FILE *f, const char *label, enum setting_source from, FILE *complaints)
{
	struct reading r = { .s = s, .label = label, .from = from, .complaints = complaints };
	char line[LINE_LEN];
	enum fetched got;

	while ((got = fetch(f, line)) != AT_END) {
		r.line++;
		if (got == CUT)
			complain(&r, r.line, "a line that begins with ", line, " is too long");
		else if (got == BINARY)
			complain(&r, r.line, "a line that begins with ", line, " is no text");
		else
			read_line(&r, line);
	}
	check_keys(&r);
	return r.wrong;
}

/* Open a file that may be a configuration; NULL with errno 0 where there is none. */
static FILE *
open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO is not waited for */
	struct stat st;
	FILE *f;

	if (fd < 0) {
		errno = errno == ENOENT || errno == ENOTDIR ? 0 : errno;
		return NULL;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (f = fdopen(fd, "r")) != NULL)
		return f;
	close(fd);
	errno = S_ISDIR(st.st_mode)   ? EISDIR
		: S_ISCHR(st.st_mode) ? 0
				      : EINVAL; /* /dev/null is as none */
	return NULL;
}

static void
read_file(struct settings *s, const char *path, enum setting_source from, FILE *complaints)
{
	char clean[PATH_LEN];
	FILE *f = open_file(path);

	text_clean(clean, sizeof clean, path, strlen(path));
	if (f != NULL) {
		settings_read(s, f, clean, from, complaints);
		fclose(f);
	} else if (errno != 0) {
		fprintf(complaints, "%s: not read: %s\n", clean, strerror(errno));
	}
}

/* Settings that a variable of the environment sets: as it is, or to a word where it is set at all. */
static const struct {
	const char *variable;
	enum setting what;
	const char *word; /* NULL: the variable's own value */
} environment[] = {
	{ "SSHMEDIC_THEME", SETTING_THEME, NULL },
	{ "NO_COLOR", SETTING_COLOR, "never" },
	{ "ACCESSIBLE", SETTING_ACCESSIBLE, "yes" },
};

void
settings_load(struct settings *s, FILE *complaints)
{
	char path[PATH_LEN], err[128];

	settings_default(s);
	read_file(s, SSHMEDIC_SYSCONFDIR "/sshmedic/config", FROM_SYSTEM, complaints);
	if (xdg_path(XDG_CONFIG, "config", path, sizeof path))
		read_file(s, path, FROM_USER, complaints);
	for (size_t i = 0; i < sizeof environment / sizeof environment[0]; i++) {
		const char *value = getenv(environment[i].variable);

		if (value == NULL || value[0] == '\0')
			continue;
		if (setting_set(s, environment[i].what,
			environment[i].word != NULL ? environment[i].word : value, FROM_ENVIRONMENT,
			err, sizeof err) != 0)
			fprintf(complaints, "%s: %s\n", environment[i].variable, err);
	}
}

static void
print_row(const struct settings *s, int i, FILE *out)
{
	static const char *const source[] = { "", ", from the system's file", ", from your file",
		", from the environment", ", from the command line" };

	char clean[SETTING_LEN];

	text_clean(clean, sizeof clean, s->at[i].text, strlen(s->at[i].text));
	fprintf(out, "# %s", rows[i].help);
	if (rows[i].kind != TEXT)
		fprintf(out, rows[i].kind == WORD ? " (%s)" : " (within %s)", rows[i].takes);
	fprintf(out, "%s%s\n", source[s->at[i].from], s->at[i].locked ? ", locked" : "");
	fprintf(out, "%s%s = %s\n", s->at[i].from == FROM_TABLE ? "#" : "", rows[i].name, clean);
}

void
settings_print(const struct settings *s, FILE *out)
{
	char path[PATH_LEN];

	fprintf(out,
	    "# The configuration of sshmedic, as it is in force. It reads, in this order:\n"
	    "#   %s/sshmedic/config, which may lock settings (lock = fix.mode ui.theme)\n",
	    SSHMEDIC_SYSCONFDIR);
	if (xdg_path(XDG_CONFIG, "config", path, sizeof path))
		fprintf(out, "#   %s\n", path);
	for (int i = 0; i < SETTING__COUNT; i++) {
		if (i == 0 || strcmp(rows[i].section, rows[i - 1].section) != 0)
			fprintf(out, "\n[%s]\n", rows[i].section);
		print_row(s, i, out);
	}
	fputc('\n', out);
	settings_print_keys(s, out);
}

void
settings_print_keys(const struct settings *s, FILE *out)
{
	fputs("[keys]\n", out);
	for (int a = 0; a < ACTION__COUNT; a++) {
		const char *k = s->keys.keys[a];
		char name[ACTION_NAME_LEN];

		fprintf(out, "# %s\n%s%s = %s", action_info((enum action)a)->help,
		    strcmp(k, action_info((enum action)a)->keys) == 0 ? "#" : "",
		    action_name((enum action)a, name), *k == '\0' ? "none" : "");
		for (; *k != '\0'; k += *k == ' ') {
			size_t len = key_first(k);

			fprintf(out, "%.*s%s", (int)len, k, k[len] == ' ' ? ", " : "");
			k += len;
		}
		fputc('\n', out);
	}
}

bool
setting_on(const struct settings *s, enum setting what)
{
	const char *ssh = getenv("SSH_CONNECTION");

	return s->at[what].n == ON || (s->at[what].n == AUTO && (ssh == NULL || ssh[0] == '\0'));
}

void
setting_explain(enum setting what, char *tag, size_t tagcap, char *help, size_t helpcap)
{
	const struct row *row = &rows[what];

	snprintf(tag, tagcap, "[%s] %s", row->section, row->name);
	snprintf(help, helpcap, "%s.%s%s%s Initially: %s", row->help,
	    row->kind == WORD     ? " One of: "
	    : row->kind == NUMBER ? " Within: "
				  : "",
	    row->takes, row->kind == TEXT ? "" : ".",
	    row->initial[0] != '\0' ? row->initial : "nothing");
}

const char *
setting_words(enum setting what)
{
	return rows[what].kind == WORD ? rows[what].takes : NULL;
}

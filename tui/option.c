/* Parses the command line by the rows of option.def, and prints --help from them. */
#include "option.h"

#include <stdlib.h>
#include <string.h>

#include "../core/layer.h"
#include "../core/sshcmd.h"
#include "../core/targetlist.h"
#include "../core/text.h"

enum { HELP_COLS = 80 };

enum takes { NO, ARG, MANY, MAYBE };
enum group { SSH, RUN, OUT, SET, SHOW };

static const struct row {
	char sh;
	const char *lo, *arg;
	enum takes takes;
	enum group group;
	const char *help;
} rows[OPT__COUNT] = {
#define OPTION(id, sh, lo, arg, takes, group, help) \
	[OPT_##id] = { sh, lo, arg, takes, group, help },
#include "option.def"
#undef OPTION
};

/* The parser's state: where it reads, where it complains. */
struct parse {
	struct options *o;
	struct strbuf err;
	int argc, at;
	char *const *argv;
};

/* Begin the sentence that ends the parse. */
static int
fail(struct parse *p, const char *text)
{
	sb_puts(&p->err, text);
	return -1;
}

/* As fail(), with a word of the user's in quotes, made harmless and cut where it is long. */
static int
fail_word(struct parse *p, const char *before, const char *word, const char *after)
{
	char clean[128];
	size_t len = strlen(word);

	text_clean(clean, sizeof clean, word, len < 2048 ? len : 2048);
	sb_printf(&p->err, "%s'%s'%s", before, clean, after);
	return -1;
}

/* The long option that is nearest to a mistyped one, or NULL where none is near. */
static const char *
nearest(const char *name)
{
	const char *best = NULL;
	size_t least = 4;

	for (int i = 0; i < OPT__COUNT; i++) {
		size_t d = rows[i].lo == NULL ? 63 : text_distance(name, rows[i].lo);

		if (d < least && d < strlen(rows[i].lo)) {
			least = d;
			best = rows[i].lo;
		}
	}
	return best;
}

/* A decimal number from min to max, all of s; -1 where it is not. */
static long
number(const char *s, long min, long max)
{
	long v = 0;

	if (*s == '\0' || strlen(s) > 9)
		return -1;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (*s - '0');
	}
	return v >= min && v <= max ? v : -1;
}

/* Append a word to the user's own options for ssh. */
static int
push(struct parse *p, const char *word)
{
	struct run_options *r = &p->o->run;

	/* One place stays free, so that a flag is never kept without its value. */
	if (r->nargs + 1 >= RUN_ARGS_MAX)
		return fail(p, "too many options for ssh");
	r->args[r->nargs++] = word;
	return 0;
}

static int
take_port(struct parse *p, const char *value)
{
	if (number(value, 1, 65535) < 0)
		return fail_word(p, "-p takes a port from 1 to 65535, not ", value, "");
	return 0;
}

/* A user name is judged as one in front of a host is. */
static int
take_login(struct parse *p, const char *value)
{
	char operand[TARGET_USER_MAX + 8], why[256];
	struct target t;
	int len = snprintf(operand, sizeof operand, "%s@localhost", value);

	if (len < 0 || (size_t)len >= sizeof operand)
		return fail(p, "the user name after -l is too long");
	if (*value == '\0')
		return fail(p, "the user name after -l is empty");
	if (target_parse(&t, operand, why, sizeof why) != 0) {
		sb_printf(&p->err, "-l: %s", why);
		return -1;
	}
	return 0;
}

static int
take_timeout(struct parse *p, const char *value)
{
	long s = number(value, 1, 600);

	if (s < 0)
		return fail_word(p, "--timeout takes seconds from 1 to 600, not ", value, "");
	p->o->run.timeout_ms = (uint32_t)s * 1000;
	return 0;
}

static int
take_only(struct parse *p, const char *value)
{
	for (const char *s = value;;) {
		size_t len = strcspn(s, ",");
		char name[32];
		enum layer l = LAYER_NONE;

		if (len < sizeof name) {
			memcpy(name, s, len);
			name[len] = '\0';
			l = layer_by_name(name);
		}
		if (l == LAYER_NONE)
			return fail_word(p,
			    "--only takes transport, authentication, session, performance, not ",
			    value, "");
		p->o->run.layers |= 1U << l;
		if (s[len] == '\0')
			return 0;
		s += len + 1;
	}
}

static int
add_text(struct parse *p, const char **list, size_t *n, const char *value, const char *name)
{
	if (*value == '\0')
		return fail_word(p, "the value of ", name, " is empty");
	if (*n == OPTION_TEXTS)
		return fail_word(p, "too many files for ", name, "; join them into one");
	list[(*n)++] = value;
	return 0;
}

static int
take_evidence(struct parse *p, const char *value)
{
	return add_text(p, p->o->evidence, &p->o->nevidence, value, "evidence");
}

static int
take_paste(struct parse *p, const char *value)
{
	return add_text(p, p->o->paste, &p->o->npaste, value, "paste");
}

static int
take_watch(struct parse *p, const char *value)
{
	long s = number(value, WATCH_LEAST_S, WATCH_MOST_S);
	char range[64];

	snprintf(range, sizeof range, "--watch takes seconds from %d to %d, not ", WATCH_LEAST_S,
	    WATCH_MOST_S);
	if (s < 0)
		return fail_word(p, range, value, "");
	p->o->watch_s = (uint32_t)s;
	return 0;
}

/* Another login on the same server: judged as a target is. */
static int
take_admin(struct parse *p, const char *value)
{
	struct target t;
	char why[512];

	if (target_parse(&t, value, why, sizeof why) != 0) {
		sb_printf(&p->err, "--admin: %s", why);
		return -1;
	}
	p->o->run.admin = value;
	return 0;
}

static int
take_pace(struct parse *p, const char *value)
{
	long n = number(value, 1, 1000);

	if (n < 0)
		return fail_word(p, "--pace: ", value, " is not a number from 1 to 1000");
	p->o->pace = (unsigned)n;
	return 0;
}

/* What an option with a value does with it, beside being handed on to ssh. */
static int
take_value(struct parse *p, enum option_id id, const char *value)
{
	struct options *o = p->o;
	static int (*const checks[OPT__COUNT])(struct parse *, const char *) = {
		[OPT_PORT] = take_port,
		[OPT_LOGIN] = take_login,
		[OPT_TIMEOUT] = take_timeout,
		[OPT_ONLY] = take_only,
		[OPT_EVIDENCE] = take_evidence,
		[OPT_ADMIN] = take_admin,
		[OPT_PASTE] = take_paste,
		[OPT_PACE] = take_pace,
		[OPT_WATCH] = take_watch,
	};
	const char **const words[OPT__COUNT] = {
		[OPT_RECORD] = &o->record,
		[OPT_REPLAY] = &o->replay,
		[OPT_REPORT] = &o->report,
		[OPT_BASELINE] = &o->baseline,
		[OPT_CHECK_THEME] = &o->check_theme,
		[OPT_EXPLAIN] = &o->explain,
		[OPT_UNDO] = &o->undo,
		[OPT_MANUAL] = &o->manual,
		[OPT_COMPLETION] = &o->completion,
		[OPT_PRACTICE] = &o->practice_case,
		[OPT_LIST] = &o->list,
		[OPT_WALKTHROUGH] = &o->walkthrough,
	};

	if (rows[id].group == SET)
		o->set[id] = value;
	if (words[id] != NULL) {
		if (*value == '\0')
			return fail_word(p, "the value of ", rows[id].lo, " is empty");
		*words[id] = value;
	}
	return checks[id] != NULL ? checks[id](p, value) : 0;
}

static bool
needs_value(enum option_id id)
{
	return rows[id].takes == ARG || rows[id].takes == MANY;
}

/* Of an option that sets a setting and was given without a value. */
static const char no_value[] = "";

/* What an option without a value changes. */
static void
take_flag(struct options *o, enum option_id id)
{
	static const struct {
		enum option_mode mode;
		enum option_format format;
	} effects[OPT__COUNT] = {
		[OPT_HELP] = { .mode = MODE_HELP },
		[OPT_VERSION] = { .mode = MODE_VERSION },
		[OPT_COLLECTOR] = { .mode = MODE_COLLECTOR },
		[OPT_EXPLAIN] = { .mode = MODE_EXPLAIN },
		[OPT_UNDO] = { .mode = MODE_UNDO },
		[OPT_LIST_FINDINGS] = { .mode = MODE_LIST_FINDINGS },
		[OPT_LIST_PRACTICE] = { .mode = MODE_LIST_PRACTICE },
		[OPT_LIST_THEMES] = { .mode = MODE_LIST_THEMES },
		[OPT_PRINT_CONFIG] = { .mode = MODE_PRINT_CONFIG },
		[OPT_PRINT_KEYS] = { .mode = MODE_PRINT_KEYS },
		[OPT_MANUAL] = { .mode = MODE_MANUAL },
		[OPT_COMPLETION] = { .mode = MODE_COMPLETION },
		[OPT_CHECK_THEME] = { .mode = MODE_CHECK_THEME },
		[OPT_PLAIN] = { .format = FORMAT_PLAIN },
		[OPT_JSON] = { .format = FORMAT_JSON },
		[OPT_JSONL] = { .format = FORMAT_JSONL },
	};

	/* The first of --help and the lists wins, as it does for ls(1) and its kin. */
	if (o->mode == MODE_RUN)
		o->mode = effects[id].mode;
	if (effects[id].format != FORMAT_AUTO)
		o->format = effects[id].format;
	if (id == OPT_PRACTICE || id == OPT_DRILL)
		o->practice = true;
	if (id == OPT_DRILL)
		o->drill = true;
	if (id == OPT_PACE)
		o->pace = 1;
	if (id == OPT_WATCH)
		o->watch = true;
	if (id == OPT_WALKTHROUGH && o->walkthrough == NULL)
		o->walkthrough = no_value;
	if (rows[id].group == SET && !needs_value(id))
		o->set[id] = no_value;
}

/* An option was recognised; word is how the user wrote it, value NULL where there is none. */
static int
apply(struct parse *p, enum option_id id, const char *word, const char *value)
{
	static const char dashed[OPT__COUNT][3] = {
#define OPTION(id, sh, lo, arg, takes, group, help) [OPT_##id] = { '-', sh, '\0' },
#include "option.def"
#undef OPTION
	};

	p->o->seen[id]++;
	if (rows[id].group == SSH && push(p, dashed[id]) != 0)
		return -1;
	if (value == NULL && needs_value(id)) {
		if (p->at + 1 >= p->argc)
			return fail_word(p, "", word, " needs a value");
		value = p->argv[++p->at];
	}
	take_flag(p->o, id);
	if (value == NULL)
		return 0;
	if (rows[id].group == SSH && push(p, value) != 0)
		return -1;
	return take_value(p, id, value);
}

static int
parse_long(struct parse *p, const char *word)
{
	size_t len = strcspn(word + 2, "=");
	const char *value = word[2 + len] == '=' ? word + 2 + len + 1 : NULL;
	char name[64];
	const char *near;

	text_copy(name, sizeof name, word + 2);
	if (len < sizeof name)
		name[len] = '\0';
	for (int i = 0; i < OPT__COUNT; i++) {
		if (rows[i].lo == NULL || len >= sizeof name || strcmp(rows[i].lo, name) != 0)
			continue;
		if (value != NULL && rows[i].takes == NO)
			return fail_word(p, "the option ", name, " takes no value");
		return apply(p, (enum option_id)i, word, value);
	}
	near = nearest(name);
	fail_word(p, "unknown option ", word, "");
	if (near != NULL)
		sb_printf(&p->err, "; did you mean --%s?", near);
	return -1;
}

/* Letters of one word; the rest of it is the value of the first that takes one, as in ssh(1). */
static int
parse_short(struct parse *p, const char *word)
{
	for (const char *s = word + 1; *s != '\0'; s++) {
		int i = 0;

		while (i < OPT__COUNT && rows[i].sh != *s)
			i++;
		if (i == OPT__COUNT) {
			fail_word(p, "unknown option ", word, "");
			sb_puts(&p->err, "; sshmedic --help lists them");
			return -1;
		}
		if (needs_value((enum option_id)i))
			return apply(p, (enum option_id)i, word, s[1] != '\0' ? s + 1 : NULL);
		if (apply(p, (enum option_id)i, word, NULL) != 0)
			return -1;
	}
	return 0;
}

/* Whether the first operand says that a command line of ssh follows: ssh, or the path of one. */
static bool
is_ssh(const char *word)
{
	const char *slash = strrchr(word, '/');

	return strcmp(slash != NULL ? slash + 1 : word, "ssh") == 0 && strchr(word, '@') == NULL;
}

/* What is left is a command line of ssh: options and destination as ssh takes them. */
static int
parse_ssh(struct parse *p)
{
	static struct sshcmd c; /* its words are the options' */
	struct options *o = p->o;
	char why[512];

	if (strchr(p->argv[p->at], '/') != NULL)
		o->run.ssh = p->argv[p->at];
	p->at++;
	if (sshcmd_parse(&c, p->argc - p->at, p->argv + p->at, why, sizeof why) != 0)
		return fail(p, why);
	for (size_t i = 0; i < c.nargs; i++)
		if (push(p, c.args[i]) != 0)
			return -1;
	if (target_parse_as_ssh(&o->target, c.dest, why, sizeof why) != 0)
		return fail(p, why);
	o->has_target = true;
	o->not_done = c.shown[0] != '\0' ? c.shown : NULL;
	p->at = p->argc;
	return 0;
}

static int
parse_operand(struct parse *p, const char *word)
{
	struct options *o = p->o;
	struct target *t = &o->target, *more;
	char why[512];

	if (!o->has_target && is_ssh(word))
		return parse_ssh(p);
	if (o->has_target) {
		if (o->nmore == OPTION_TARGETS)
			return fail_word(p, "too many targets: ", word, " is one more");
		if ((more = realloc(o->more, (o->nmore + 1) * sizeof *more)) == NULL)
			return fail(p, "out of memory");
		o->more = more;
		t = &more[o->nmore];
	}
	if (target_parse(t, word, why, sizeof why) != 0)
		return fail(p, why);
	if (o->has_target)
		o->nmore++;
	o->has_target = true;
	return 0;
}

/* What is about one target only. */
static int
check_one_target(struct parse *p)
{
	static const enum option_id alone[] = { OPT_ADMIN, OPT_EVIDENCE, OPT_PASTE, OPT_COLLECTOR,
		OPT_REPORT, OPT_BASELINE };

	if (p->o->nmore == 0 && p->o->list == NULL)
		return 0;
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
		if (p->o->seen[alone[i]] > 0)
			return fail_word(p, "the option ", rows[alone[i]].lo,
			    " goes with one target: what is meant for which?");
	return 0;
}

static bool
stdin_twice(const struct options *o)
{
	int n = 0;

	n += o->list != NULL && strcmp(o->list, "-") == 0;
	for (size_t i = 0; i < o->nevidence; i++)
		n += strcmp(o->evidence[i], "-") == 0;
	for (size_t i = 0; i < o->npaste; i++)
		n += strcmp(o->paste[i], "-") == 0;
	return n > 1;
}

/* Options that do not go together, and a missing target. */
static bool
report_is_stdout(const struct options *o)
{
	return o->report != NULL && strcmp(o->report, "-") == 0;
}

static int
check_together(struct parse *p)
{
	const struct options *o = p->o;

	if ((o->seen[OPT_PLAIN] > 0) + (o->seen[OPT_JSON] > 0) + (o->seen[OPT_JSONL] > 0) > 1)
		return fail(p, "choose one of --plain, --json and --jsonl");
	for (int i = 0; i < OPT__COUNT; i++)
		if (rows[i].takes == ARG && rows[i].group != SSH && o->seen[i] > 1)
			return fail_word(p, "the option ", rows[i].lo, " was given twice");
	if (o->replay != NULL && (o->has_target || o->practice || o->record != NULL))
		return fail(p, "--replay goes with no target, --practice or --record");
	if (o->drill &&
	    (o->format == FORMAT_JSON || o->format == FORMAT_JSONL || o->report != NULL))
		return fail(
		    p, "--drill asks a person: it goes with no --json, --jsonl or --report");
	if (o->pace > 0 && o->replay == NULL)
		return fail(p, "--pace is for --replay");
	if (o->practice && (o->has_target || o->run.nargs > 0))
		return fail(p, "--practice brings its own target and options for ssh");
	if (o->replay != NULL && o->run.nargs > 0)
		return fail(p, "--replay connects nowhere: options for ssh mean nothing to it");
	if (o->npaste > 0 && (o->practice || o->replay != NULL || o->record != NULL))
		return fail(p, "--paste goes with no --practice, --replay or --record");
	if (o->npaste > 0 && o->run.nargs > 0)
		return fail(p, "--paste connects nowhere: options for ssh mean nothing to it");
	if (o->run.admin != NULL && (o->practice || o->replay != NULL || o->npaste > 0))
		return fail(p, "--admin logs in: it goes with no --practice, --replay or --paste");
	if (o->nevidence > 0 && (o->practice || o->replay != NULL))
		return fail(p, "--evidence goes with no --practice or --replay");
	if (report_is_stdout(o) && o->format != FORMAT_AUTO)
		return fail(
		    p, "--report - is all that goes to stdout: leave out --plain and --json");
	if (o->list != NULL && (o->practice || o->replay != NULL || o->npaste > 0))
		return fail(p, "-f goes with no --practice, --replay or --paste");
	/* A text is of one moment; a login as somebody else at every look is more than a server should bear. */
	if (o->watch && (o->practice || o->replay != NULL || o->npaste > 0 || o->nevidence > 0 ||
			    o->run.admin != NULL))
		return fail(
		    p, "--watch goes with no --practice, --replay, --paste, --evidence or --admin");
	if (o->watch && o->format == FORMAT_JSON)
		return fail(p, "--watch has no end to print a document at: use --jsonl");
	if (stdin_twice(o))
		return fail(p, "only one file can be -, stdin");
	if (!o->has_target && o->list == NULL && !o->practice && o->replay == NULL &&
	    o->npaste == 0)
		return fail(p, "which host? (sshmedic [user@]host; sshmedic --help shows more)");
	return 0;
}

/* The script has words of a target in it or none, and is all that is printed. */
static int
check_collector(struct parse *p)
{
	static const enum option_id others[] = { OPT_PLAIN, OPT_JSON, OPT_JSONL, OPT_RECORD,
		OPT_REPORT, OPT_REPLAY, OPT_PRACTICE, OPT_ONLY, OPT_ADMIN, OPT_BASELINE };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (p->o->seen[others[i]] > 0)
			return fail_word(p, "--collector prints a script: ", rows[others[i]].lo,
			    " means nothing to it");
	if (!p->o->has_target && p->o->run.nargs > 0)
		return fail(p, "--collector with options for ssh needs a target");
	return 0;
}

int
options_parse(struct options *o, int argc, char *const argv[], char *err, size_t errcap)
{
	struct parse p = { .o = o, .argc = argc, .argv = argv, .at = 1 };
	bool operands_only = false;

	memset(o, 0, sizeof *o);
	sb_init(&p.err, err, errcap);
	for (; p.at < argc; p.at++) {
		const char *word = argv[p.at];
		int r;

		if (!operands_only && strcmp(word, "--") == 0) {
			operands_only = true;
			continue;
		}
		if (operands_only || word[0] != '-' || word[1] == '\0')
			r = parse_operand(&p, word);
		else if (word[1] == '-')
			r = parse_long(&p, word);
		else
			r = parse_short(&p, word);
		if (r != 0)
			return -1;
	}
	if (check_one_target(&p) != 0)
		return -1;
	if (o->mode == MODE_COLLECTOR)
		return check_collector(&p);
	return o->mode == MODE_RUN ? check_together(&p) : 0;
}

int
options_read_list(struct options *o, FILE *in, const char *name, FILE *complaints)
{
	struct targetlist l = { NULL, 0 };
	struct target *more;
	size_t room = OPTION_TARGETS - o->nmore;

	if (targetlist_read(&l, in, name, room, complaints) != 0) {
		free(l.v);
		return -1;
	}
	if (l.n == 0 && !o->has_target) {
		fprintf(complaints, "sshmedic: %s: no target in it\n", name);
		free(l.v);
		return -1;
	}
	if (l.n == 0)
		return 0;
	if ((more = realloc(o->more, (o->nmore + l.n) * sizeof *more)) == NULL)
		abort();
	o->more = more;
	for (size_t i = 0; i < l.n; i++) {
		if (!o->has_target)
			o->target = l.v[i];
		else
			more[o->nmore++] = l.v[i];
		o->has_target = true;
	}
	free(l.v);
	return 0;
}

/* Which setting an option sets, and to what where it has no value of its own. */
static const struct {
	enum option_id id;
	enum setting what;
	const char *word;
} sets[] = {
	{ OPT_THEME, SETTING_THEME, NULL },
	{ OPT_ACCESSIBLE, SETTING_ACCESSIBLE, "yes" },
	{ OPT_REDACT, SETTING_REDACT, "always" },
	{ OPT_KEEP, SETTING_KEEP, "yes" },
	{ OPT_READ_ONLY, SETTING_FIX_MODE, "read-only" },
	{ OPT_COLOR, SETTING_COLOR, NULL },
	{ OPT_CHARSET, SETTING_CHARSET, NULL },
	{ OPT_MOTION, SETTING_MOTION, NULL },
	{ OPT_FPS, SETTING_FPS, NULL },
	{ OPT_MOUSE, SETTING_MOUSE, NULL },
};

int
options_settings(const struct options *o, struct settings *s, char *err, size_t errcap)
{
	for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
		const char *value = o->set[sets[i].id];
		char why[256];

		if (value == NULL)
			continue;
		if (value == no_value)
			value = sets[i].word;
		if (setting_set(s, sets[i].what, value, FROM_OPTION, why, sizeof why) != 0) {
			snprintf(err, errcap, "--%s: %s", rows[sets[i].id].lo, why);
			return -1;
		}
	}
	return 0;
}

struct option_shape
option_shape(enum option_id id)
{
	const struct row *row = &rows[id];

	return (struct option_shape){ row->sh, row->lo, row->arg, row->takes == MAYBE };
}

const char *
option_words(enum option_id id)
{
	static const struct {
		enum option_id id;
		const char *words;
	} some[] = {
		{ OPT_ONLY, "transport authentication session performance" },
		{ OPT_MANUAL, "config" },
		{ OPT_COMPLETION, "bash zsh fish" },
	};

	for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
		if (some[i].id == id)
			return some[i].words;
	for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
		if (sets[i].id == id)
			return setting_words(sets[i].what);
	return NULL;
}

/* "-t, --timeout SECONDS" of a row, for the help. */
static void
help_names(struct strbuf *sb, const struct row *row)
{
	if (row->sh != 0)
		sb_printf(sb, "-%c", row->sh);
	if (row->sh != 0 && row->lo != NULL)
		sb_puts(sb, ", ");
	if (row->lo != NULL)
		sb_printf(sb, "--%s", row->lo);
	if (row->arg != NULL)
		sb_printf(sb, row->takes == MAYBE ? "[=%s]" : " %s", row->arg);
}

void
option_names(enum option_id id, char *buf, size_t cap)
{
	struct strbuf sb;

	sb_init(&sb, buf, cap);
	help_names(&sb, &rows[id]);
}

/* What an option does, where --help only names it, or has one line for several. */
static const struct {
	enum option_id id;
	const char *words;
} shows[] = {
	{ OPT_PORT, "the port, as for ssh(1)" },
	{ OPT_LOGIN, "the user to log in as, as for ssh(1)" },
	{ OPT_IDENTITY, "a key file, as for ssh(1)" },
	{ OPT_CONFIG, "the configuration file in place of the user's, as for ssh(1)" },
	{ OPT_JUMP, "a jump host on the way, or several with commas between, as for ssh(1)" },
	{ OPT_SSHOPT, "a setting of ssh_config(5), as for ssh(1)" },
	{ OPT_INET, "IPv4 only, as for ssh(1)" },
	{ OPT_INET6, "IPv6 only, as for ssh(1)" },
	{ OPT_TIMEOUT, "limit of one step, 1 to 600; 10 where it is not given" },
	{ OPT_ONLY, "test these layers only: transport, authentication, session, performance" },
	{ OPT_LIST, "more targets, a line each; # begins a remark; - is stdin" },
	{ OPT_WATCH, "look again and again, politely, and tell what changed" },
	{ OPT_COLLECTOR, "print a read-only shell script for the server's console, whose output is "
			 "evidence" },
	{ OPT_ADMIN, "where the login fails, run the collector by another login on the same "
		     "server" },
	{ OPT_DRILL, "a practice that hides its verdict until you have named yours; any case, "
		     "where none is given" },
	{ OPT_WALKTHROUGH, "step by step along the layers, with questions and the words explained; "
			   "of a script or a finding where ID is given" },
	{ OPT_EVIDENCE, "text from the server or a colleague (logs, sshd -T, ...) beside the run; "
			"may be repeated; - is stdin" },
	{ OPT_PASTE, "a diagnosis of such text alone, with no run; may be repeated; - is stdin" },
	{ OPT_PLAIN, "lines of text and no screen; so too where stdout is no terminal" },
	{ OPT_JSON, "one JSON document at the end; of several targets one a line" },
	{ OPT_JSONL, "one JSON object a line as evidence comes, then the report" },
	{ OPT_RECORD, "keep the evidence in a new private file, for --replay and --baseline" },
	{ OPT_REPORT, "write the report to a new private file at the end: a hand-over message "
		      "(.msg), Markdown (.md), JSON (.json) or text; - is stdout" },
	{ OPT_REPLAY, "diagnose from a recording; - is stdin" },
	{ OPT_BASELINE, "say what changed since that recording" },
	{ OPT_PACE, "replay on the screen as it came, or so many times as quick" },
	{ OPT_ACCESSIBLE, "lines and numbered questions in place of the screen" },
	{ OPT_READ_ONLY, "show and copy fixes, and never apply one" },
	{ OPT_KEEP, "leave the report on the terminal when the screen ends" },
	{ OPT_EXPLAIN, "print what a finding means, how it shows, what decides, and its fixes" },
	{ OPT_LIST_FINDINGS, "print all findings: layer, id and meaning" },
	{ OPT_LIST_PRACTICE, "print the cases that --practice can make" },
	{ OPT_LIST_THEMES, "print the themes and where each is from" },
	{ OPT_PRINT_CONFIG, "print the configuration in force, as a file to copy" },
	{ OPT_PRINT_KEYS, "print the keys in force, as the [keys] section of a file" },
	{ OPT_MANUAL, "print this manual page; with =config the one of the configuration" },
	{ OPT_COMPLETION, "print what makes that shell complete the options: bash, zsh or fish" },
	{ OPT_HELP, "print a page of help" },
	{ OPT_VERSION, "print the versions of the program and its libraries, and the terminal" },
	{ OPT_UNDO, "undo a fix that was applied before, by its number in the journal" },
	{ OPT_CHECK_THEME,
	    "print what a theme is worth to the eye: contrast, and how far its states are apart" },
};

void
option_explain(enum option_id id, char *buf, size_t cap)
{
	char tag[64];

	for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++)
		if (shows[i].id == id) {
			text_copy(buf, cap, shows[i].words);
			return;
		}
	for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
		if (sets[i].id == id) {
			setting_explain(sets[i].what, tag, sizeof tag, buf, cap);
			return;
		}
	text_copy(buf, cap, rows[id].help != NULL ? rows[id].help : "");
}

/* The options of a group in a list, wrapped at HELP_COLS columns. */
static void
help_list(FILE *out, enum group g, const char *lead)
{
	int x = fprintf(out, "%s", lead);

	for (int i = 0; i < OPT__COUNT; i++) {
		char names[80];
		struct strbuf sb;

		if (rows[i].group != g)
			continue;
		sb_init(&sb, names, sizeof names);
		help_names(&sb, &rows[i]);
		if (x + 2 + (int)sb.len > HELP_COLS)
			x = fprintf(out, "\n   ") - 1;
		x += fprintf(out, "  %s", names);
	}
	fputc('\n', out);
}

/* A row with its help, and the rows that are named with it. */
static void
help_row(FILE *out, int i)
{
	char names[80];
	struct strbuf sb;

	sb_init(&sb, names, sizeof names);
	help_names(&sb, &rows[i]);
	for (int j = i + 1;
	     j < OPT__COUNT && rows[j].help == NULL && rows[j].group == rows[i].group; j++) {
		sb_puts(&sb, ", ");
		help_names(&sb, &rows[j]);
	}
	fprintf(out, " %-34s %s\n", names, rows[i].help);
}

void
options_help(FILE *out)
{
	fputs("sshmedic: why an SSH login fails or is slow. Screen readers: --accessible\n"
	      "  sshmedic alice@web1                  a host, or an alias of your ssh_config\n"
	      "  sshmedic -p 2222 -i ~/.ssh/k web1    options as for ssh\n"
	      "  sshmedic --practice                  no host needed: a faulty one is made\n"
	      "Usage: sshmedic [options] [user@]host[:port] ... | ssh [ssh arguments]\n",
	    out);
	help_list(out, SSH, " As in ssh:");
	for (int i = 0; i < OPT__COUNT; i++)
		if (rows[i].help != NULL)
			help_row(out, i);
	help_list(out, SET, " Settings:");
	help_list(out, SHOW, " Show:");
	fputs("Exit: 0 works, 10 transport, 11 authentication, 12 session, 13 slow,\n"
	      "      20 undecided, 2 wrong options, 1 internal error, 130 interrupted\n",
	    out);
}

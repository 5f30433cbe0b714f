/* What a fix does on this machine; see change.h. */
#include "change.h"

#include <string.h>

#include "text.h"

/* A name that long may have been cut where it was kept (DIAG_NAME_LEN). */
enum { NAME_CUT = DIAG_NAME_LEN - 4 };

static const char *const op_names[CHANGE__COUNT] = {
	[CHANGE_NONE] = "",
	[CHANGE_MODE] = "mode",
	[CHANGE_CONFIG] = "config",
	[CHANGE_KNOWN_HOSTS] = "known_hosts",
	[CHANGE_UNLINK_SOCKET] = "unlink",
	[CHANGE_MKDIR] = "mkdir",
	[CHANGE_RUN] = "run",
	[CHANGE_TERMINAL] = "terminal",
};

const char *
change_op_name(enum change_op op)
{
	return op_names[(unsigned)op < CHANGE__COUNT ? op : CHANGE_NONE];
}

enum change_op
change_op_by_name(const char *name, size_t len)
{
	for (int op = CHANGE_NONE + 1; op < CHANGE__COUNT; op++)
		if (strlen(op_names[op]) == len && memcmp(op_names[op], name, len) == 0)
			return (enum change_op)op;
	return CHANGE_NONE;
}

static const struct change_row *
row_of(const struct fix *f)
{
	return f->kind == FIX_CONNECT ? &f->save : &f->change;
}

bool
change_known(const struct fix *f)
{
	return f->side == SIDE_CLIENT && row_of(f)->op != CHANGE_NONE;
}

/* Whether a value is there and may be taken at its word. */
static bool
is_exact(const struct diag *d, enum slot s)
{
	const char *value = slot_text(d, s);
	size_t len = strlen(value);

	return len > 0 && len < NAME_CUT && !slot_is_cut(d, s) && strchr(value, '\\') == NULL;
}

/* Every slot of a template is exact. */
static bool
slots_exact(const struct diag *d, const char *template)
{
	const char *open = strchr(template, '{'), *close;

	for (; open != NULL; open = strchr(close, '{')) {
		bool known = false;

		if ((close = strchr(open, '}')) == NULL)
			return false;
		for (int s = 0; s < SLOT__COUNT; s++) {
			const char *name = slot_name((enum slot)s);

			if (strlen(name) == (size_t)(close - open - 1) &&
			    memcmp(open + 1, name, strlen(name)) == 0)
				known = is_exact(d, (enum slot)s);
		}
		if (!known)
			return false;
	}
	return true;
}

/* Fill in a template; true, and dst "", where it is NULL. */
static bool
fill(const struct diag *d, const char *template, char *dst, size_t cap)
{
	struct strbuf sb;

	sb_init(&sb, dst, cap);
	if (template == NULL)
		return true;
	if (!slots_exact(d, template))
		return false;
	diag_expand(d, template, &sb);
	return !sb.cut;
}

/* A name of a file in ssh_config: "%" begins a token there, "${" a variable. */
static bool
escape_tokens(char *value, size_t cap)
{
	char copy[sizeof((struct change_value *)0)->value];
	struct strbuf sb;

	if (strstr(value, "${") != NULL)
		return false;
	text_copy(copy, sizeof copy, value);
	sb_init(&sb, value, cap);
	for (const char *p = copy; *p != '\0'; p++) {
		if (*p == '%')
			sb_putc(&sb, '%');
		sb_add(&sb, p, 1);
	}
	return !sb.cut;
}

/* What an option of ssh's command line is called in its configuration. */
static void
as_in_config(struct change_value *v)
{
	static const struct {
		const char *keyword, *from, *to;
	} words[] = {
		{ "AddressFamily", "-4", "inet" },
		{ "AddressFamily", "-6", "inet6" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(v->keyword, words[i].keyword) == 0 &&
		    strcmp(v->value, words[i].from) == 0)
			text_copy(v->value, sizeof v->value, words[i].to);
}

static bool
is_keyword(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= '0' && *p <= '9')))
			return false;
	return s[0] != '\0';
}

static bool
fill_sets(const struct diag *d, const struct change_row *row, struct change *c)
{
	for (size_t i = 0; i < CHANGE_SETS && row->set[i].keyword != NULL; i++) {
		struct change_value *v = &c->set[c->nset++];

		if (!fill(d, row->set[i].keyword, v->keyword, sizeof v->keyword) ||
		    !fill(d, row->set[i].value, v->value, sizeof v->value) ||
		    !is_keyword(v->keyword))
			return false;
		as_in_config(v);
		if (strcmp(v->keyword, "IdentityFile") == 0 &&
		    !escape_tokens(v->value, sizeof v->value))
			return false;
	}
	return true;
}

/* "file:line" to the file. */
static bool
cut_line(char *path)
{
	char *colon = strrchr(path, ':');

	if (colon == NULL || colon[1] == '\0' || colon[1 + strspn(colon + 1, "0123456789")] != '\0')
		return false;
	*colon = '\0';
	return colon > path;
}

static bool
command_of(const struct diag *d, const struct fix *f, struct change *c)
{
	char command[CHANGE_TEXT];
	struct strbuf sb;

	sb_init(&sb, command, sizeof command);
	if (f->command == NULL || !fix_complete(d, f))
		return false;
	fix_command(d, f, &sb);
	return !sb.cut && strstr(command, "\\x") == NULL && strstr(command, "\\u{") == NULL &&
	       change_split(c, command);
}

bool
change_of(const struct diag *d, const struct fix *f, struct change *c)
{
	const struct change_row *row = row_of(f);

	memset(c, 0, sizeof *c);
	if (!change_known(f))
		return false;
	c->op = row->op;
	if (row->op == CHANGE_RUN || row->op == CHANGE_TERMINAL)
		return command_of(d, f, c);
	if (!fill(d, row->path, c->path, sizeof c->path) ||
	    !fill(d, row->op == CHANGE_CONFIG && row->host == NULL ? "{host}" : row->host, c->host,
		sizeof c->host) ||
	    !fill_sets(d, row, c))
		return false;
	c->give = row->give;
	c->take = row->take;
	c->give_dir = row->give_dir;
	c->mode = row->mode;
	return row->op != CHANGE_CONFIG || row->path == NULL || cut_line(c->path);
}

void
change_copy(struct change *dst, const struct change *src)
{
	*dst = *src;
	for (size_t i = 0; i < src->nargv && i < CHANGE_ARGV; i++)
		if (src->argv[i] != NULL)
			dst->argv[i] = dst->words + (src->argv[i] - src->words);
}

/* ---- words of a command ------------------------------------------------------------- */

/* One word at *p, quotes taken off, to c->words at *used; false for what only a shell can do. */
static bool
take_word(struct change *c, const char **p, size_t *used)
{
	static const char shell[] = "|&;<>()$`\"*?[#~!{}";
	bool quoted = false;
	size_t start = *used;

	for (; **p != '\0' && (quoted || **p != ' '); (*p)++) {
		char ch = **p;

		if (ch == '\'') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && ch == '\\' && (*p)[1] == '\'')
			ch = *++*p;
		/* A "~" or "#" inside a word is itself. */
		else if (!quoted && (strchr(shell, ch) != NULL || ch == '\\' || ch == '\n') &&
			 !((ch == '~' || ch == '#') && *used > start))
			return false;
		if (*used + 2 > sizeof c->words)
			return false;
		c->words[(*used)++] = ch;
	}
	c->words[(*used)++] = '\0';
	return !quoted;
}

bool
change_split(struct change *c, const char *command)
{
	size_t used = 0;

	c->nargv = 0;
	for (const char *p = command + strspn(command, " "); *p != '\0'; p += strspn(p, " ")) {
		if (c->nargv + 2 > CHANGE_ARGV || used + 1 >= sizeof c->words)
			return false;
		if (strncmp(p, "&& ", 3) == 0) {
			if (c->nargv == 0 || c->argv[c->nargv - 1] == NULL)
				return false;
			c->argv[c->nargv++] = NULL;
			p += 3;
			continue;
		}
		c->argv[c->nargv++] = c->words + used;
		if (!take_word(c, &p, &used))
			return false;
	}
	if (c->nargv == 0 || c->argv[c->nargv - 1] == NULL)
		return false;
	c->argv[c->nargv++] = NULL;
	return true;
}

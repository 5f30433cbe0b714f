/* Edits of ssh_config text; see sshconfig.h. */
#include "sshconfig.h"

#include <string.h>
#include <strings.h>

#include "hostblock.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { NAMES_MAX = 64, NAMES_LEN = 4096, KEYWORD_LEN = 40 };

static const char blanks[] = " \t\r\f";

/* Other names of a keyword. */
static const struct {
	const char *name, *means;
} synonyms[] = {
	{ "pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms" },
	{ "hostbasedkeytypes", "hostbasedacceptedalgorithms" },
	{ "dsaauthentication", "pubkeyauthentication" },
	{ "challengeresponseauthentication", "kbdinteractiveauthentication" },
	{ "skeyauthentication", "kbdinteractiveauthentication" },
	{ "tisauthentication", "kbdinteractiveauthentication" },
	{ "identityfile2", "identityfile" },
	{ "keepalive", "tcpkeepalive" },
	/* Of these two ssh takes whichever it finds first. */
	{ "proxycommand", "proxyjump" },
};

/* How a keyword's values are read, where that is not one word of which the first counts. */
enum manner { PLAIN, MANY, REST, WORDS, COMMAS };
static const struct {
	const char *name;
	enum manner manner;
} manners[] = {
	{ "identityfile", MANY },
	{ "identityfile2", MANY },
	{ "certificatefile", MANY },
	{ "localforward", MANY },
	{ "remoteforward", MANY },
	{ "dynamicforward", MANY },
	{ "sendenv", MANY },
	{ "proxycommand", REST },
	{ "localcommand", REST },
	{ "remotecommand", REST },
	{ "knownhostscommand", REST },
	{ "setenv", WORDS },
	{ "ignoreunknown", COMMAS },
};

/* A line of the text; places are offsets into it. */
struct line {
	size_t at, end;                        /* end: behind its text, before the line end */
	size_t next;                           /* where the next line begins */
	size_t key, key_len, value, value_len; /* key_len 0: blank or a comment */
};

enum section_kind { ALWAYS, HOST_OTHER, HOST_WIDE, HOST_OWN, MATCH };

/* What is known of a text for one edit. Places are offsets; NOWHERE where there is none. */
static const size_t NOWHERE = (size_t)-1;

struct survey {
	const char *text;
	size_t len;
	const struct sshconfig_edit *e;
	bool crlf;
	size_t first_key, first_section; /* lines */
	size_t own, own_last,
	    own_include; /* header, last line with a keyword, first Include in it */
	size_t wide;     /* first section that may be of this host among others */
	size_t floor;    /* the first place outside the own block that sets one of them */
	enum section_kind floor_kind;
	size_t floor_head;  /* the header of the section that it is in */
	struct line indent; /* a line whose indentation is the style; key_len 0: none */
	struct {
		bool set, done,
		    in_own; /* seen; has the value already; the first is in the own block */
		struct line first;
	} of[SSHCONFIG_SETS];
};

/* ---- lines --------------------------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c != '\0' && strchr(blanks, c) != NULL;
}

/* The value without a comment behind it (ssh 8.7 and later) and blanks. */
static size_t
value_length(const char *s, size_t len, bool rest)
{
	char quote = '\0';
	size_t n = 0;

	for (; n < len && !rest; n++) {
		if (quote == '\0' && s[n] == '#' && (n == 0 || is_blank(s[n - 1])))
			break;
		if (s[n] == '\\' && n + 1 < len && strchr("\"'\\", s[n + 1]) != NULL)
			n++;
		else if (quote != '\0' && s[n] == quote)
			quote = '\0';
		else if (quote == '\0' && (s[n] == '"' || s[n] == '\''))
			quote = s[n];
	}
	if (rest || n > len)
		n = len;
	while (n > 0 && is_blank(s[n - 1]))
		n--;
	return n;
}

static enum manner
manner_of(const char *key, size_t len)
{
	for (size_t i = 0; i < COUNT(manners); i++)
		if (strlen(manners[i].name) == len && strncasecmp(manners[i].name, key, len) == 0)
			return manners[i].manner;
	return PLAIN;
}

/* The line that begins at at; false at the end of the text. */
static bool
line_at(const char *text, size_t len, size_t at, struct line *l)
{
	const char *nl;
	size_t p = at;

	*l = (struct line){ .at = at };
	if (at >= len)
		return false;
	nl = memchr(text + at, '\n', len - at);
	l->next = nl != NULL ? (size_t)(nl - text) + 1 : len;
	l->end = nl != NULL ? l->next - 1 : len;
	while (l->end > at && is_blank(text[l->end - 1]))
		l->end--;
	while (p < l->end && is_blank(text[p]))
		p++;
	l->key = l->value = p;
	if (p == l->end || text[p] == '#')
		return true;
	while (p < l->end && !is_blank(text[p]) && text[p] != '=')
		p++;
	l->key_len = p - l->key;
	while (p < l->end && is_blank(text[p]))
		p++;
	if (p < l->end && text[p] == '=')
		p++;
	while (p < l->end && is_blank(text[p]))
		p++;
	l->value = p;
	l->value_len =
	    value_length(text + p, l->end - p, manner_of(text + l->key, l->key_len) == REST);
	return true;
}

static bool
key_is(const char *text, const struct line *l, const char *word)
{
	return l->key_len == strlen(word) && strncasecmp(text + l->key, word, l->key_len) == 0;
}

/* Copy a keyword by the name that all its names share, in small letters. */
static void
canonical(char dst[KEYWORD_LEN], const char *key, size_t len)
{
	for (size_t i = 0; i < COUNT(synonyms); i++)
		if (strlen(synonyms[i].name) == len &&
		    strncasecmp(synonyms[i].name, key, len) == 0) {
			key = synonyms[i].means;
			len = strlen(key);
			break;
		}
	if (len >= KEYWORD_LEN)
		len = KEYWORD_LEN - 1;
	for (size_t i = 0; i < len; i++)
		dst[i] = (char)(key[i] >= 'A' && key[i] <= 'Z' ? key[i] - 'A' + 'a' : key[i]);
	dst[len] = '\0';
}

static bool
sets(const char *text, const struct line *l, const char *keyword)
{
	char a[KEYWORD_LEN], b[KEYWORD_LEN];

	canonical(a, text + l->key, l->key_len);
	canonical(b, keyword, strlen(keyword));
	return strcmp(a, b) == 0;
}

/* The value as ssh reads it, into dst; false where it does not fit or quoting is beyond us. */
static bool
plain_value(const char *text, const struct line *l, char dst[SSHCONFIG_VALUE])
{
	const char *s = text + l->value;
	size_t n = l->value_len, out = 0;
	bool quoted = n > 0 && (s[0] == '"' || s[0] == '\'');

	if (n >= SSHCONFIG_VALUE)
		return false;
	if (quoted && (n < 2 || s[n - 1] != s[0] || memchr(s + 1, s[0], n - 2) != NULL))
		return false;
	for (size_t i = quoted; i < n - quoted; i++)
		dst[out++] = s[i];
	dst[out] = '\0';
	return true;
}

/* ---- names ------------------------------------------------------------------------------ */

/* The words of a Host line cut apart in buf. */
static size_t
host_words(const char *text, const struct line *l, char buf[NAMES_LEN], char *words[NAMES_MAX])
{
	size_t n = 0, len = l->end - l->value < NAMES_LEN ? l->end - l->value : NAMES_LEN - 1;
	char *rest = buf, *w;

	memcpy(buf, text + l->value, len);
	buf[len] = '\0';
	while (n < NAMES_MAX && (w = hostblock_word(&rest)) != NULL)
		words[n++] = w;
	return n;
}

/* Whether two names are of one host: the same, or the one the first label of the other. */
static bool
same_host(const char *a, const char *b)
{
	size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
	const char *longer = strlen(a) < strlen(b) ? b : a;

	if (n == 0 || strncmp(a, b, n) != 0)
		return false;
	/* Addresses have no labels. */
	return longer[n] == '\0' ||
	       (longer[n] == '.' && longer[strspn(longer, "0123456789.")] != '\0' &&
		   memchr(longer, '.', n) == NULL);
}

static enum section_kind
section_kind(const struct survey *s, const struct line *l)
{
	char buf[NAMES_LEN], *words[NAMES_MAX] = { NULL };
	const char *host = s->e->host;
	bool own = true, named = false;
	size_t n;

	if (key_is(s->text, l, "match"))
		return MATCH;
	n = host_words(s->text, l, buf, words);
	if (host == NULL)
		return HOST_WIDE;
	if (n == NAMES_MAX || l->end - l->value >= NAMES_LEN)
		return MATCH; /* too long to tell */
	for (size_t i = 0; i < n; i++) {
		own &= strpbrk(words[i], "*?!") == NULL && same_host(words[i], host);
		named |= strcmp(words[i], host) == 0;
	}
	if (own && named)
		return HOST_OWN;
	return hostblock_match(words, n, host) ? HOST_WIDE : HOST_OTHER;
}

/* ---- the survey ------------------------------------------------------------------------- */

struct section {
	enum section_kind kind;
	size_t head;
	bool own; /* the block that the edit is for */
};

static void
take_floor(struct survey *s, const struct line *l, const struct section *sec)
{
	if (s->floor != NOWHERE || sec->own)
		return;
	s->floor = l->at;
	s->floor_kind = sec->kind;
	s->floor_head = sec->head;
}

static void
look_at_line(struct survey *s, const struct line *l, const struct section *sec)
{
	bool include = key_is(s->text, l, "include");
	char value[SSHCONFIG_VALUE];

	for (size_t i = 0; i < s->e->nset; i++) {
		const struct sshconfig_set *set = &s->e->set[i];
		bool may = include ? s->e->included == NULL ||
					 s->e->included(s->e->arg, s->text + l->value, l->value_len,
					     set->keyword)
				   : sets(s->text, l, set->keyword);

		if (!may || s->of[i].set)
			continue;
		if (include && sec->own && s->own_include == NOWHERE)
			s->own_include = l->at;
		s->of[i].set = true;
		s->of[i].first = *l;
		s->of[i].in_own = sec->own && !include;
		s->of[i].done = !include && sec->kind != MATCH &&
				key_is(s->text, l, set->keyword) &&
				plain_value(s->text, l, value) && strcmp(value, set->value) == 0;
		if (!s->of[i].done)
			take_floor(s, l, sec);
	}
}

static void
begin_section(struct survey *s, const struct line *l, struct section *sec)
{
	sec->kind = section_kind(s, l);
	sec->head = l->at;
	if (s->first_section == NOWHERE)
		s->first_section = l->at;
	if (s->wide == NOWHERE && (sec->kind == MATCH || sec->kind == HOST_WIDE))
		s->wide = l->at;
	/* What stands below a place that sets it comes too late. */
	sec->own = sec->kind == HOST_OWN && s->own == NOWHERE && s->floor == NOWHERE;
	if (sec->own)
		s->own = s->own_last = l->at;
}

static void
survey(struct survey *s, const char *text, size_t len, const struct sshconfig_edit *e)
{
	struct section sec = { ALWAYS, NOWHERE, e->host == NULL };
	const char *nl = memchr(text, '\n', len);
	struct line l;

	*s = (struct survey){ .text = text, .len = len, .e = e };
	s->first_key = s->first_section = s->own = s->own_last = s->own_include = s->wide =
	    s->floor = s->floor_head = NOWHERE;
	s->crlf = nl != NULL && nl > text && nl[-1] == '\r';
	for (size_t at = 0; line_at(text, len, at, &l); at = l.next) {
		if (l.key_len == 0)
			continue;
		if (s->first_key == NOWHERE)
			s->first_key = l.at;
		if (key_is(text, &l, "host") || key_is(text, &l, "match")) {
			begin_section(s, &l, &sec);
			continue;
		}
		if (sec.own)
			s->own_last = l.at;
		if (sec.kind != ALWAYS &&
		    (s->indent.key_len == 0 || (sec.own && s->own_last == l.at)))
			s->indent = l;
		if (sec.kind != HOST_OTHER)
			look_at_line(s, &l, &sec);
	}
}

/* ---- changes of the text -------------------------------------------------------------- */

/* Pieces that go in, in the order of their places. */
struct piece {
	size_t at, cut; /* cut bytes of the old text go out there */
	char text[SSHCONFIG_VALUE + 1024];
	struct strbuf sb;
};

struct pieces {
	struct piece p[SSHCONFIG_SETS];
	size_t n;
};

static struct strbuf *
piece_new(struct pieces *ps, size_t at, size_t cut)
{
	struct piece *p = &ps->p[ps->n++];

	p->at = at;
	p->cut = cut;
	sb_init(&p->sb, p->text, sizeof p->text);
	return &p->sb;
}

/* Write the text with its pieces. Pieces of one place stay in their order. False where there is no room. */
static bool
assemble(const char *text, size_t len, const struct pieces *ps, struct strbuf *out)
{
	bool used[SSHCONFIG_SETS] = { false };
	size_t at = 0;

	for (size_t k = 0; k < ps->n; k++) {
		size_t least = NOWHERE;

		for (size_t i = 0; i < ps->n; i++)
			if (!used[i] && (least == NOWHERE || ps->p[i].at < ps->p[least].at))
				least = i;
		used[least] = true;
		if (ps->p[least].sb.cut)
			return false;
		sb_add(out, text + at, ps->p[least].at - at);
		sb_add(out, ps->p[least].text, ps->p[least].sb.len);
		at = ps->p[least].at + ps->p[least].cut;
	}
	sb_add(out, text + at, len - at);
	return !out->cut;
}

static const char *
eol(const struct survey *s)
{
	return s->crlf ? "\r\n" : "\n";
}

static void
put_indent(const struct survey *s, struct strbuf *sb)
{
	if (s->indent.key_len == 0)
		sb_puts(sb, "    ");
	else
		sb_add(sb, s->text + s->indent.at, s->indent.key - s->indent.at);
}

static void
put_value(const struct sshconfig_set *set, struct strbuf *sb)
{
	enum manner m = manner_of(set->keyword, strlen(set->keyword));
	bool quote = (m == PLAIN || strcasecmp(set->keyword, "identityfile") == 0 ||
			 strcasecmp(set->keyword, "certificatefile") == 0 || m == WORDS) &&
		     (strpbrk(set->value, " \t'") != NULL || set->value[0] == '#');

	sb_printf(sb, quote ? "\"%s\"" : "%s", set->value);
}

static void
put_set(const struct survey *s, const struct sshconfig_set *set, bool indent, struct strbuf *sb)
{
	if (indent)
		put_indent(s, sb);
	sb_printf(sb, "%s ", set->keyword);
	put_value(set, sb);
	sb_puts(sb, eol(s));
}

/* Where the comment lines begin that stand right above the line at at. */
static size_t
above_comments(const struct survey *s, size_t at)
{
	struct line l;
	size_t from = NOWHERE;

	for (size_t p = 0; p < at && line_at(s->text, s->len, p, &l); p = l.next) {
		bool comment = l.key_len == 0 && l.key < l.end;

		if (!comment)
			from = NOWHERE;
		else if (from == NOWHERE)
			from = p;
	}
	return from != NOWHERE ? from : at;
}

/* A newline where the last line has none. */
static void
put_end(const struct survey *s, size_t at, struct strbuf *sb)
{
	if (at == s->len && at > 0 && s->text[at - 1] != '\n')
		sb_puts(sb, eol(s));
}

/* A block of its own for what is not set yet. */
static void
new_block(const struct survey *s, struct pieces *ps)
{
	bool global = s->floor != NOWHERE && s->floor_kind == ALWAYS;
	size_t line = global                ? s->floor
		      : s->floor != NOWHERE ? s->floor_head
		      : s->wide != NOWHERE  ? s->wide
					    : s->len;
	size_t at = line == s->len ? line : above_comments(s, line);
	struct strbuf *sb = piece_new(ps, at, 0);

	if (at == s->len && at > 0) {
		put_end(s, at, sb);
		sb_puts(sb, eol(s));
	}
	sb_printf(sb, "Host %s%s", s->e->host, eol(s));
	for (size_t i = 0; i < s->e->nset; i++)
		if (!s->of[i].done)
			put_set(s, &s->e->set[i], true, sb);
	if (at < s->len)
		sb_puts(sb, eol(s));
	if (global) /* what follows was for every host, and stays so */
		sb_printf(sb, "Host *%s", eol(s));
}

/* Whether a list of items (separated by sep) has the item. */
static bool
list_has(const char *list, char sep, const char *item, size_t len)
{
	while (*list != '\0') {
		size_t n = strcspn(list, (char[]){ sep, '\0' });

		if (n == len && strncmp(list, item, n) == 0)
			return true;
		list += n + (list[n] != '\0');
	}
	return false;
}

static bool
add_to_list(const char *old, char sep, const char *more, struct strbuf *sb)
{
	bool added = false;

	sb_puts(sb, old);
	while (*more != '\0') {
		size_t n = strcspn(more, (char[]){ sep, '\0' });

		if (n > 0 && !list_has(old, sep, more, n)) {
			sb_putc(sb, sep);
			sb_add(sb, more, n);
			added = true;
		}
		more += n + (more[n] != '\0');
	}
	return added;
}

enum merged { INSTEAD, ADDED, THERE, CANNOT };

/* What becomes of the old value: see struct sshconfig_set. */
static enum merged
merge(const struct survey *s, size_t i, struct strbuf *sb)
{
	const struct sshconfig_set *set = &s->e->set[i];
	const struct line *l = &s->of[i].first;
	enum manner m = manner_of(set->keyword, strlen(set->keyword));
	char old[SSHCONFIG_VALUE];
	size_t name = strcspn(set->value, "=");

	if (!plain_value(s->text, l, old))
		return m == WORDS || m == COMMAS ? CANNOT : INSTEAD;
	if (old[0] == '+' && set->value[0] == '+') {
		sb_putc(sb, '+');
		return add_to_list(old + 1, ',', set->value + 1, sb) ? ADDED : THERE;
	}
	if (m == COMMAS)
		return add_to_list(old, ',', set->value, sb) ? ADDED : THERE;
	if (m != WORDS)
		return INSTEAD;
	if (list_has(old, ' ', set->value, strlen(set->value)))
		return THERE;
	if (strpbrk(old, "\"'\\\t") != NULL || (strncmp(old, set->value, name + 1) == 0) ||
	    strchr(set->value, ' ') != NULL)
		return strchr(old, ' ') == NULL && strncmp(old, set->value, name + 1) == 0 ? INSTEAD
											   : CANNOT;
	sb_printf(sb, "%s %s", old, set->value);
	return ADDED;
}

/* The line of the own block that sets it gets the new value. */
static enum merged
replace(const struct survey *s, size_t i, struct pieces *ps)
{
	const struct line *l = &s->of[i].first;
	char value[SSHCONFIG_VALUE];
	struct sshconfig_set set = s->e->set[i];
	struct strbuf merged;
	enum merged how;

	if (l->value_len == 0)
		return CANNOT;
	sb_init(&merged, value, sizeof value);
	how = merge(s, i, &merged);
	if (how == THERE || how == CANNOT)
		return how;
	if (merged.cut)
		return CANNOT;
	if (how == ADDED) {
		sb_puts(piece_new(ps, l->value, l->value_len), value);
	} else {
		put_value(&set, piece_new(ps, l->value, l->value_len));
	}
	return how;
}

/* Into the own block: before the line or the Include that would come first, else behind its last line. */
static void
insert(const struct survey *s, size_t i, struct pieces *ps)
{
	const struct sshconfig_set *set = &s->e->set[i];
	size_t before = s->of[i].in_own ? s->of[i].first.at : s->own_include;
	struct line l;
	struct strbuf *sb;

	if (before != NOWHERE) {
		line_at(s->text, s->len, before, &l);
		sb = piece_new(ps, before, 0);
		sb_add(sb, s->text + l.at, l.key - l.at);
		put_set(s, set, false, sb);
		return;
	}
	line_at(s->text, s->len, s->own_last, &l);
	sb = piece_new(ps, l.next, 0);
	put_end(s, l.next, sb);
	put_set(s, set, true, sb);
}

/* For every host: at the top, before all sections. */
static void
insert_global(const struct survey *s, size_t i, struct pieces *ps)
{
	size_t line = s->first_key != NOWHERE ? s->first_key : s->len;
	size_t at = line == s->len ? line : above_comments(s, line);
	struct strbuf *sb = piece_new(ps, at, 0);

	put_end(s, at, sb);
	put_set(s, &s->e->set[i], false, sb);
	if (line == s->first_section && line != NOWHERE)
		sb_puts(sb, eol(s));
}

static enum sshconfig_result
no(char why[SSHCONFIG_WHY], const char *words, const char *what)
{
	struct strbuf sb;

	sb_init(&sb, why, SSHCONFIG_WHY);
	sb_printf(&sb, "%s%s", words, what);
	return SSHCONFIG_NO;
}

/* Whether a line of the own block gets the new value; else the new line comes before it. */
static bool
takes_new_value(const struct survey *s, size_t i)
{
	const char *key = s->e->set[i].keyword;
	bool jump = strcasecmp(key, "proxyjump") == 0 || strcasecmp(key, "proxycommand") == 0;

	if (!s->of[i].in_own || manner_of(key, strlen(key)) == MANY)
		return false;
	return !jump || key_is(s->text, &s->of[i].first, key);
}

/* What becomes of one keyword where the own block is the place, or the top of the file is. */
static enum merged
edit_own(const struct survey *s, size_t i, struct pieces *ps)
{
	if (takes_new_value(s, i))
		return replace(s, i, ps);
	if (s->e->host == NULL)
		insert_global(s, i, ps);
	else
		insert(s, i, ps);
	return INSTEAD;
}

static bool
in_words(const char *s, const char *bad)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f || strchr(bad, *s) != NULL)
			return false;
	return true;
}

/* Whether what is to be written means to ssh what it says, whatever its version. */
static bool
writable(const struct sshconfig_edit *e, char why[SSHCONFIG_WHY])
{
	if (e->host != NULL &&
	    (e->host[0] == '\0' || e->host[0] == '-' || !in_words(e->host, " \t\"'*?!#=\\,"))) {
		no(why, "a Host line cannot name ", e->host);
		return false;
	}
	for (size_t i = 0; i < e->nset; i++) {
		const struct sshconfig_set *set = &e->set[i];
		bool rest = manner_of(set->keyword, strlen(set->keyword)) == REST;

		if (set->value[0] == '\0' || strlen(set->value) >= SSHCONFIG_VALUE / 2 ||
		    set->value[0] == ' ' || set->value[strlen(set->value) - 1] == ' ' ||
		    !in_words(set->value, rest ? "" : "\"\\")) {
			no(why, "this value cannot be written into a configuration: ", set->value);
			return false;
		}
	}
	return true;
}

enum sshconfig_result
sshconfig_edit(const char *text, size_t len, const struct sshconfig_edit *e, struct strbuf *out,
    char why[SSHCONFIG_WHY])
{
	struct survey s;
	struct pieces ps;
	size_t open = 0;

	why[0] = '\0';
	ps.n = 0;
	if (memchr(text, '\0', len) != NULL)
		return no(why, "the file is no text", "");
	if (!writable(e, why))
		return SSHCONFIG_NO;
	survey(&s, text, len, e);
	for (size_t i = 0; i < e->nset; i++)
		open += !s.of[i].done;
	if (open == 0)
		return SSHCONFIG_SAME;
	if (e->host != NULL && s.own == NOWHERE) {
		for (size_t i = 0; i < e->nset; i++)
			if (s.of[i].set && !s.of[i].done &&
			    manner_of(e->set[i].keyword, strlen(e->set[i].keyword)) == WORDS)
				return no(why,
				    "another part of the file sets it for this host as well: add "
				    "it there, ",
				    e->set[i].value);
		new_block(&s, &ps);
	} else {
		for (size_t i = 0; i < e->nset; i++)
			if (!s.of[i].done && edit_own(&s, i, &ps) == CANNOT)
				return no(why, "the line that is there has to be edited by hand: ",
				    e->set[i].keyword);
	}
	if (ps.n == 0)
		return SSHCONFIG_SAME;
	return assemble(text, len, &ps, out) ? SSHCONFIG_CHANGED
					     : no(why, "there is no room for it", "");
}

/* ---- one line --------------------------------------------------------------------------- */

enum sshconfig_result
sshconfig_line(const char *text, size_t len, int number, const char *expected, const char *now,
    struct strbuf *out, char why[SSHCONFIG_WHY])
{
	size_t at = 0, from = 0, to = strlen(expected), indent;
	struct line l;

	why[0] = '\0';
	for (int n = 1; line_at(text, len, at, &l) && n < number; n++)
		at = l.next;
	while (is_blank(expected[from]))
		from++;
	while (to > from && is_blank(expected[to - 1]))
		to--;
	if (number < 1 || at >= len || l.end - l.key != to - from ||
	    memcmp(text + l.key, expected + from, to - from) != 0)
		return no(why, "the line is not what it was any more", "");
	if (now != NULL && (strpbrk(now, "\r\n") != NULL || now[0] == '\0'))
		return no(why, "this is not one line: ", now);
	indent = now != NULL ? l.key : l.at;
	sb_add(out, text, indent);
	if (now != NULL)
		sb_puts(out, now);
	sb_add(out, text + (now != NULL ? l.end : l.next), len - (now != NULL ? l.end : l.next));
	return out->cut ? no(why, "there is no room for it", "") : SSHCONFIG_CHANGED;
}

enum sshconfig_result
sshconfig_name(const char *text, size_t len, const char *alias, const char *name,
    struct strbuf *out, char why[SSHCONFIG_WHY])
{
	const struct sshconfig_edit e = { .host = name };
	struct line l;

	why[0] = '\0';
	if (!writable(&e, why))
		return SSHCONFIG_NO;
	for (size_t at = 0; line_at(text, len, at, &l); at = l.next) {
		char buf[NAMES_LEN], *words[NAMES_MAX] = { NULL };
		bool named = false;
		size_t n;

		if (!key_is(text, &l, "host") || l.end - l.value >= NAMES_LEN)
			continue;
		n = host_words(text, &l, buf, words);
		for (size_t i = 0; i < n; i++)
			named |= strcmp(words[i], alias) == 0;
		if (!named)
			continue;
		if (hostblock_match(words, n, name))
			return SSHCONFIG_SAME;
		for (size_t i = 0; i < n; i++)
			if (words[i][0] == '!' &&
			    hostblock_match(&(char *){ words[i] + 1 }, 1, name))
				return no(why,
				    "the Host line leaves the name out on purpose: ", words[i]);
		sb_add(out, text, l.value + l.value_len);
		sb_putc(out, ' ');
		sb_puts(out, name);
		sb_add(out, text + l.value + l.value_len, len - l.value - l.value_len);
		return out->cut ? no(why, "there is no room for it", "") : SSHCONFIG_CHANGED;
	}
	return no(why, "no Host line has the name ", alias);
}

bool
sshconfig_mentions(const char *text, size_t len, const char *keyword)
{
	struct line l;

	for (size_t at = 0; line_at(text, len, at, &l); at = l.next)
		if (l.key_len > 0 && (sets(text, &l, keyword) || key_is(text, &l, "include")))
			return true;
	return false;
}

/* Host blocks read line by line; see hostblock.h. */
#include "hostblock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

enum { PATTERNS_MAX = 64 };

static const char blanks[] = " \t\r\n";

char *
hostblock_word(char **s)
{
	char *p = *s + strspn(*s, blanks), *out = p, *start = p;
	bool quoted = false;

	if (*p == '\0' || *p == '#')
		return NULL;
	for (; *p != '\0' && (quoted || strchr(blanks, *p) == NULL); p++) {
		if (*p == '"')
			quoted = !quoted;
		else
			*out++ = *p;
	}
	*s = *p != '\0' ? p + 1 : p;
	*out = '\0';
	return start;
}

/* The keyword of a line; *rest is what stands behind it, without "=". NULL where there is none. */
static char *
keyword(char *line, char **rest)
{
	char *start = line + strspn(line, blanks), *end = start + strcspn(start, " \t\r\n=");
	char *value = end + strspn(end, blanks);

	if (end == start || *start == '#')
		return NULL;
	if (*value == '=')
		value++;
	*end = '\0';
	*rest = value;
	return start;
}

/* "*" and "?" as in match.c of OpenSSH; no more steps than both lengths' product. */
static bool
glob_match(const char *p, const char *s)
{
	const char *star = NULL, *from = NULL;

	while (*s != '\0') {
		if (*p == '*') {
			star = p++;
			from = s;
		} else if (*p == '?' || *p == *s) {
			p++;
			s++;
		} else if (star != NULL) {
			p = star + 1;
			s = ++from;
		} else {
			return false;
		}
	}
	return p[strspn(p, "*")] == '\0';
}

bool
hostblock_match(char *const words[], size_t n, const char *name)
{
	bool in = false;

	for (size_t i = 0; i < n; i++) {
		bool not = words[i][0] == '!';

		if (!glob_match(words[i] + not, name))
			continue;
		if (not )
			return false;
		in = true;
	}
	return in;
}

void
hostblock_begin(struct hostblock_reader *r, const char *typed,
    void (*found)(void *arg, const struct hostblock *b), void *arg)
{
	*r = (struct hostblock_reader){ .typed = typed, .found = found, .arg = arg };
}

void
hostblock_end(struct hostblock_reader *r)
{
	if (r->inside)
		r->found(r->arg, &r->at);
	r->inside = false;
}

static void
begin_block(struct hostblock_reader *r, int number, char *names)
{
	char *words[PATTERNS_MAX] = { NULL }, *w;
	size_t n = 0;

	hostblock_end(r);
	r->at = (struct hostblock){ .line = number };
	r->inside = true;
	while (n < PATTERNS_MAX && (w = hostblock_word(&names)) != NULL) {
		words[n++] = w;
		if (r->at.alias[0] == '\0' && strpbrk(w, "*?!") == NULL &&
		    strlen(w) < sizeof r->at.alias)
			text_copy(r->at.alias, sizeof r->at.alias, w);
	}
	r->at.applies = hostblock_match(words, n, r->typed);
}

/* HostName may hold %h, the name that was typed: here the block's own. */
static void
take_hostname(struct hostblock *b, const char *value)
{
	const char *h = strstr(value, "%h");
	struct strbuf sb;

	sb_init(&sb, b->hostname, sizeof b->hostname);
	if (h == NULL)
		sb_puts(&sb, value);
	else
		sb_printf(&sb, "%.*s%s%s", (int)(h - value), value, b->alias, h + 2);
	if (sb.cut)
		b->hostname[0] = '\0';
}

/* The first value counts, as for ssh. */
static void
take_value(struct hostblock *b, const char *key, char *rest)
{
	char *value = hostblock_word(&rest);

	if (value == NULL)
		return;
	if (strcasecmp(key, "hostname") == 0 && b->hostname[0] == '\0')
		take_hostname(b, value);
	else if (strcasecmp(key, "user") == 0 && b->user[0] == '\0' &&
		 strlen(value) < sizeof b->user)
		text_copy(b->user, sizeof b->user, value);
	else if (strcasecmp(key, "port") == 0 && b->port == 0 &&
		 strspn(value, "0123456789") == strlen(value) && strlen(value) < 6)
		b->port = atoi(value);
	else if (strcasecmp(key, "identityfile") == 0 && b->identity[0] == '\0' &&
		 strlen(value) < sizeof b->identity)
		text_copy(b->identity, sizeof b->identity, value);
}

char *
hostblock_line(struct hostblock_reader *r, int number, char *line)
{
	char *rest, *key = keyword(line, &rest);

	if (key == NULL)
		return NULL;
	if (strcasecmp(key, "include") == 0)
		return rest;
	if (strcasecmp(key, "host") == 0)
		begin_block(r, number, rest);
	else if (strcasecmp(key, "match") == 0)
		hostblock_end(r); /* what it depends on is ssh's to judge */
	else if (r->inside)
		take_value(&r->at, key, rest);
	return NULL;
}

/* Whether name is label, or begins with it and a dot. Addresses have no labels. */
static bool
is_first_label(const char *label, const char *name)
{
	size_t n = strlen(label);

	return n > 0 && strncasecmp(label, name, n) == 0 && name[n] == '.' &&
	       name[strspn(name, "0123456789.")] != '\0' && strchr(label, '.') == NULL;
}

const char *
hostblock_meant(const struct hostblock *b, const char *typed, const char *hostname)
{
	if (b->applies || b->alias[0] == '\0')
		return NULL;
	if (b->hostname[0] != '\0' &&
	    (strcasecmp(b->hostname, typed) == 0 || strcasecmp(b->hostname, hostname) == 0))
		return "hostname";
	if (is_first_label(b->alias, typed) || is_first_label(typed, b->alias))
		return "label";
	return NULL;
}

/* Expansion of configured paths; see path.h. */
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The value of a %-token in tmp or elsewhere, NULL if it is not known. */
static const char *
token(const struct run *r, char c, char *tmp, size_t cap)
{
	switch (c) {
	case '%': return "%";
	case 'd': return r->home;
	case 'h': return r->cfg->hostname;
	case 'n': return r->t->host;
	case 'r': return r->cfg->user;
	case 'k': return r->cfg->hostkeyalias[0] != '\0' ? r->cfg->hostkeyalias : r->t->host;
	case 'p': snprintf(tmp, cap, "%d", r->cfg->port); return tmp;
	case 'i': snprintf(tmp, cap, "%u", (unsigned)getuid()); return tmp;
	case 'l':
	case 'L':
		if (gethostname(tmp, cap) != 0)
			return NULL;
		tmp[cap - 1] = '\0';
		if (c == 'L')
			tmp[strcspn(tmp, ".")] = '\0';
		return tmp;
	case 'u':
		return getenv(
		    "USER"); /* passwd may hang here; the environment agrees in practice */
	default: return NULL;
	}
}

/* "${NAME}" at p; returns what follows it, NULL if it is none or not set. */
static const char *
variable(struct strbuf *sb, const char *p)
{
	const char *end = strchr(p, '}'), *value;
	char name[128];

	if (end == NULL || (size_t)(end - p - 2) >= sizeof name)
		return NULL;
	memcpy(name, p + 2, (size_t)(end - p - 2));
	name[end - p - 2] = '\0';
	if ((value = getenv(name)) == NULL)
		return NULL;
	sb_puts(sb, value);
	return end + 1;
}

static bool
expand(const struct run *r, const char *p, struct strbuf *sb)
{
	char tmp[256];

	if (p[0] == '~' && (p[1] == '/' || p[1] == '\0') && r->home != NULL) {
		sb_puts(sb, r->home);
		p++;
	}
	while (*p != '\0') {
		if (p[0] == '$' && p[1] == '{') {
			if ((p = variable(sb, p)) == NULL)
				return false;
		} else if (p[0] == '%' && p[1] != '\0') {
			const char *value = token(r, p[1], tmp, sizeof tmp);

			if (value == NULL)
				return false;
			sb_puts(sb, value);
			p += 2;
		} else {
			sb_putc(sb, *p++);
		}
	}
	return !sb->cut;
}

bool
path_expand(const struct run *r, const char *path, char *dst, size_t cap)
{
	struct strbuf sb;

	sb_init(&sb, dst, cap);
	if (expand(r, path, &sb))
		return true;
	snprintf(dst, cap, "%s", path);
	return false;
}

const char *
option_word(const struct run_options *opt, char letter)
{
	const char *word = NULL;

	for (size_t i = 0; i < opt->nargs; i++) {
		const char *a = opt->args[i];

		if (a[0] != '-' || a[1] == '\0' || a[1] == '-')
			continue;
		if (a[2] != '\0') {
			if (a[1] == letter)
				word = a + 2;
		} else if (strchr("BbcDEeFIiJLlmOopQRSWw", a[1]) != NULL && i + 1 < opt->nargs) {
			i++; /* the option takes the next word */
			if (a[1] == letter)
				word = opt->args[i];
		}
	}
	return word;
}

/* The value of "IdentityFile=FILE" or "IdentityFile FILE", as -o takes it; NULL for another keyword. */
static const char *
identity_setting(const char *word)
{
	static const char keyword[] = "identityfile";
	size_t n = sizeof keyword - 1;

	if (strncasecmp(word, keyword, n) != 0 || strchr("= \t", word[n]) == NULL ||
	    word[n] == '\0')
		return NULL;
	return word + n + strspn(word + n, "= \t");
}

const char *
identity_word(const struct run_options *opt, int n)
{
	for (size_t i = 0; i < opt->nargs; i++) {
		const char *a = opt->args[i], *word = NULL;

		if (a[0] != '-' || (a[1] != 'i' && a[1] != 'o'))
			continue;
		if (a[2] != '\0')
			word = a + 2;
		else if (i + 1 < opt->nargs)
			word = opt->args[++i];
		if (word != NULL && a[1] == 'o')
			word = identity_setting(word);
		if (word != NULL && n-- == 0)
			return word;
	}
	return NULL;
}

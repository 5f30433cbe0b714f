/*
 * known_hosts entries and the output of ssh-keygen -F. See knownhosts.h.
 */
#include "knownhosts.h"

#include <stdint.h>
#include <string.h>

#include "base64.h"
#include "knownhosts_edit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* How a marker is written in the file, in the output of ssh-keygen, and in evidence. */
static const struct {
	const char *file, *found, *name;
} markers[] = {
	[KNOWN_NONE] = { "", "", "none" },
	[KNOWN_REVOKED] = { "@revoked", "REVOKED", "revoked" },
	[KNOWN_CA] = { "@cert-authority", "CA", "ca" },
};

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* The next word of *s and its length; the rest moves on. 0 at the end. */
static size_t
next_word(const char **s, size_t *len, const char **word)
{
	size_t n = 0;

	while (*len > 0 && blank(**s)) {
		(*s)++;
		(*len)--;
	}
	*word = *s;
	while (n < *len && !blank((*s)[n]))
		n++;
	*s += n;
	*len -= n;
	return n;
}

static bool
is_base64(const char *s, size_t len)
{
	static const char ok[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] == '\0' || strchr(ok, s[i]) == NULL)
			return false;
	return len > 0;
}

bool
known_parse(struct known_entry *e, const char *line, size_t len)
{
	size_t i, n;
	const char *w;

	memset(e, 0, sizeof(*e));
	while (len > 0 && (line[len - 1] == '\r' || blank(line[len - 1])))
		len--;
	n = next_word(&line, &len, &w);
	if (n == 0 || w[0] == '#')
		return false;
	if (w[0] == '@') {
		for (i = KNOWN_REVOKED; i < COUNT(markers); i++)
			if (is_word(w, n, markers[i].file))
				e->marker = (enum known_marker)i;
		if (e->marker == KNOWN_NONE)
			return false;
		n = next_word(&line, &len, &w);
	}
	e->hosts = w;
	e->hosts_len = n;
	e->hashed = n > 0 && w[0] == '|';
	e->type_len = next_word(&line, &len, &e->type);
	e->blob_len = next_word(&line, &len, &e->blob);
	/* Protocol 1 has the key's size, a number, where the type is. */
	if (e->type_len == 0 || (e->type[0] >= '0' && e->type[0] <= '9') ||
	    !is_base64(e->blob, e->blob_len))
		return false;
	while (len > 0 && blank(*line)) {
		line++;
		len--;
	}
	e->comment = line;
	e->comment_len = len;
	return true;
}

/* "# Host NAME found: line 7 REVOKED": NAME is whatever was asked for, so look from the end. */
static bool
announcement(struct known_find *f, const char *s, size_t len)
{
	static const char start[] = "# Host ", mark[] = " found: line ";
	const char *at = NULL, *w;
	size_t i, n;

	if (len < sizeof(start) - 1 || memcmp(s, start, sizeof(start) - 1) != 0)
		return false;
	for (i = 0; i + sizeof(mark) - 1 <= len; i++)
		if (memcmp(s + i, mark, sizeof(mark) - 1) == 0)
			at = s + i + sizeof(mark) - 1;
	if (at == NULL)
		return false;
	len -= (size_t)(at - s);
	n = next_word(&at, &len, &w);
	f->line = 0;
	for (i = 0; i < n; i++) {
		if (w[i] < '0' || w[i] > '9' || f->line > 100000000)
			return false;
		f->line = f->line * 10 + (unsigned)(w[i] - '0');
	}
	n = next_word(&at, &len, &w);
	f->marker = KNOWN_NONE;
	for (i = KNOWN_REVOKED; i < COUNT(markers); i++)
		if (is_word(w, n, markers[i].found))
			f->marker = (enum known_marker)i;
	return f->line > 0;
}

void
known_find_init(struct known_find *f, const char *text, size_t len)
{
	memset(f, 0, sizeof(*f));
	f->rest = text;
	f->len = len;
}

bool
known_find_next(struct known_find *f, struct known_entry *e)
{
	while (f->len > 0) {
		const char *s = f->rest, *nl = memchr(s, '\n', f->len);
		size_t n = nl != NULL ? (size_t)(nl - s) : f->len, step = n + (nl != NULL);

		f->rest += step;
		f->len -= step;
		if (f->announced && known_parse(e, s, n)) {
			f->announced = false;
			e->line = f->line;
			/* Both must agree; where they do not, the one that refuses more holds. */
			if (f->marker == KNOWN_REVOKED || e->marker == KNOWN_NONE)
				e->marker = f->marker;
			return true;
		}
		if (f->announced)
			f->bad++;
		f->announced = announcement(f, s, n);
	}
	return false;
}

/* ---- plain files ------------------------------------------------------------- */

enum {
	PLAIN_LINE_MAX = 4096, /* the child's lines come in pieces of 8 KB */
	PLAIN_NAME_MAX = 255   /* OpenSSH gives up on an element of 1 KB */
};

/* The next line of a text, without its newline; false at the end. */
static bool
next_line(const char **s, size_t *len, const char **line, size_t *n)
{
	const char *nl;

	if (*len == 0)
		return false;
	nl = memchr(*s, '\n', *len);
	*line = *s;
	*n = nl != NULL ? (size_t)(nl - *s) : *len;
	*s += *n + (nl != NULL);
	*len -= *n + (nl != NULL);
	return true;
}

static bool
blank_or_comment(const char *s, size_t len)
{
	while (len > 0 && (s[len - 1] == '\r' || blank(s[len - 1])))
		len--;
	while (len > 0 && blank(*s)) {
		s++;
		len--;
	}
	return len == 0 || *s == '#';
}

static bool
plain_text(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~' || strchr("|*?!", s[i]) != NULL)
			return false;
	return true;
}

static bool
plain_hosts(const char *s, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++)
		if ((run = s[i] == ',' ? 0 : run + 1) > PLAIN_NAME_MAX)
			return false;
	return len > 0 && s[0] != '@' && plain_text(s, len);
}

/* The blob names its type first (RFC 4253 section 6.6). */
static bool
plain_key(const struct known_entry *e)
{
	static const char *const types[] = { "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256",
		"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" };
	uint8_t blob[PLAIN_LINE_MAX];
	size_t i = 0;
	long n;

	while (i < COUNT(types) && !is_word(e->type, e->type_len, types[i]))
		i++;
	if (i == COUNT(types))
		return false;
	n = base64_decode(blob, sizeof blob, e->blob, e->blob_len);
	return n > (long)(4 + e->type_len) && blob[0] == 0 && blob[1] == 0 && blob[2] == 0 &&
	       blob[3] == e->type_len && memcmp(blob + 4, e->type, e->type_len) == 0;
}

bool
known_plain(const char *text, size_t len)
{
	struct known_entry e;
	const char *line;
	size_t n;

	if (len > 0 && memchr(text, '\0', len) != NULL)
		return false;
	while (next_line(&text, &len, &line, &n)) {
		if (n > PLAIN_LINE_MAX)
			return false;
		if (blank_or_comment(line, n))
			continue;
		if (!known_parse(&e, line, n) || e.marker != KNOWN_NONE || e.hashed ||
		    !plain_hosts(e.hosts, e.hosts_len) || !plain_key(&e))
			return false;
	}
	return true;
}

static bool
lists(const struct known_entry *e, const char *name)
{
	for (size_t at = 0; at < e->hosts_len;) {
		const char *host = e->hosts + at, *comma = memchr(host, ',', e->hosts_len - at);
		size_t n = comma != NULL ? (size_t)(comma - host) : e->hosts_len - at;

		if (known_name_is(host, n, name))
			return true;
		at += n + 1;
	}
	return false;
}

int
known_plain_find(
    const char *text, size_t len, const char *name, struct known_entry found[KNOWN_PLAIN_FOUND])
{
	size_t name_len = strlen(name), n;
	struct known_entry e;
	const char *line;
	unsigned number = 0;
	int count = 0;

	if (name_len == 0 || name_len > PLAIN_NAME_MAX || !plain_text(name, name_len))
		return -1;
	while (next_line(&text, &len, &line, &n)) {
		number++;
		if (!known_parse(&e, line, n) || !lists(&e, name))
			continue;
		if (count == KNOWN_PLAIN_FOUND)
			return -1;
		e.line = number;
		found[count++] = e;
	}
	return count;
}

const char *
known_marker_name(enum known_marker m)
{
	return markers[m].name;
}

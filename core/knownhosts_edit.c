/* Edits of known_hosts; see knownhosts_edit.h. */
#include "knownhosts_edit.h"

#include <string.h>
#include <strings.h>

#include "base64.h"
#include "hmac.h"
#include "hostblock.h"
#include "knownhosts.h"

enum { NAME_MAX_LEN = 1100 };

static const char hash_mark[] = "|1|";

static void
lower(char *dst, size_t cap, const char *s, size_t len)
{
	size_t n = len < cap ? len : cap - 1;

	for (size_t i = 0; i < n; i++)
		dst[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 'a' : s[i]);
	dst[n] = '\0';
}

/* "|1|salt|hash": the hash is the name's HMAC with the salt as its key. */
static bool
hash_is(const char *host, size_t len, const char *name)
{
	const char *salt = host + sizeof hash_mark - 1, *end = host + len;
	const char *bar = memchr(salt, '|', (size_t)(end - salt));
	uint8_t key[SHA1_LEN + 4], want[SHA1_LEN + 4], have[SHA1_LEN];

	if (bar == NULL || base64_decode(key, sizeof key, salt, (size_t)(bar - salt)) != SHA1_LEN ||
	    base64_decode(want, sizeof want, bar + 1, (size_t)(end - bar - 1)) != SHA1_LEN)
		return false;
	hmac_sha1(key, SHA1_LEN, name, strlen(name), have);
	return memcmp(have, want, SHA1_LEN) == 0;
}

bool
known_name_is(const char *host, size_t len, const char *name)
{
	char small[NAME_MAX_LEN];

	if (strlen(name) >= sizeof small)
		return false;
	lower(small, sizeof small, name, strlen(name));
	if (len > sizeof hash_mark - 1 && memcmp(host, hash_mark, sizeof hash_mark - 1) == 0)
		return hash_is(host, len, small);
	return len == strlen(small) && strncasecmp(host, small, len) == 0;
}

/* Whether an element is a pattern that matches the name. */
static bool
pattern_matches(const char *host, size_t len, const char *name)
{
	char pattern[NAME_MAX_LEN], small[NAME_MAX_LEN];

	if (len >= sizeof pattern || strlen(name) >= sizeof small || host[0] == '!' ||
	    (memchr(host, '*', len) == NULL && memchr(host, '?', len) == NULL))
		return false;
	lower(pattern, sizeof pattern, host, len);
	lower(small, sizeof small, name, strlen(name));
	return hostblock_match(&(char *){ pattern }, 1, small);
}

struct hosts {
	int same, patterns, others;
};

static struct hosts
count_hosts(const struct known_entry *e, const char *name)
{
	struct hosts n = { 0 };

	for (size_t at = 0; at < e->hosts_len;) {
		const char *host = e->hosts + at, *comma = memchr(host, ',', e->hosts_len - at);
		size_t len = comma != NULL ? (size_t)(comma - host) : e->hosts_len - at;

		if (known_name_is(host, len, name))
			n.same++;
		else if (pattern_matches(host, len, name))
			n.patterns++;
		else if (len > 0)
			n.others++;
		at += len + 1;
	}
	return n;
}

/* The line (len bytes with its line end) without the name in its list. */
static void
narrow(
    const char *line, size_t len, const struct known_entry *e, const char *name, struct strbuf *out)
{
	bool first = true;

	sb_add(out, line, (size_t)(e->hosts - line));
	for (size_t at = 0; at < e->hosts_len;) {
		const char *host = e->hosts + at, *comma = memchr(host, ',', e->hosts_len - at);
		size_t n = comma != NULL ? (size_t)(comma - host) : e->hosts_len - at;

		if (!known_name_is(host, n, name)) {
			if (!first)
				sb_putc(out, ',');
			sb_add(out, host, n);
			first = false;
		}
		at += n + 1;
	}
	sb_add(out, e->hosts + e->hosts_len, len - (size_t)(e->hosts + e->hosts_len - line));
}

static void
keep(struct known_edit *did, int number)
{
	did->kept++;
	if (did->kept_at == 0)
		did->kept_at = number;
}

static void
edit_line(const char *line, size_t len, size_t text_len, int number, const char *name,
    struct strbuf *out, struct known_edit *did)
{
	struct known_entry e;
	struct hosts n = { 0 };

	if (known_parse(&e, line, text_len))
		n = count_hosts(&e, name);
	if ((n.same > 0 || n.patterns > 0) && e.marker != KNOWN_NONE) {
		keep(did, number);
		n.same = 0;
	} else if (n.patterns > 0) {
		keep(did, number);
	}
	if (n.same == 0) {
		sb_add(out, line, len);
	} else if (n.patterns + n.others == 0) {
		did->removed++;
	} else {
		narrow(line, len, &e, name, out);
		did->narrowed++;
	}
}

bool
known_edit(const char *text, size_t len, const char *name, const char *line, struct strbuf *out,
    struct known_edit *did)
{
	size_t at = 0;

	*did = (struct known_edit){ 0 };
	for (int number = 1; at < len; number++) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t n = nl != NULL ? (size_t)(nl - text) - at : len - at;

		edit_line(text + at, n + (nl != NULL), n, number, name, out, did);
		at += n + (nl != NULL);
	}
	if (line != NULL) {
		if (out->len > 0 && out->s[out->len - 1] != '\n')
			sb_putc(out, '\n');
		sb_puts(out, line);
		sb_putc(out, '\n');
	}
	return !out->cut;
}

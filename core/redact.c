/* The table of names, and texts through it. See redact.h; what the fields of evidence hold is redact_field.c's. */
#include "redact_internal.h"

#include <string.h>

#include "catalogue.h"
#include "fix.h"
#include "redact_scan.h"
#include "rule.h"
#include "target.h"

enum { SHORT = 3 /* a name below that is a word of any text */ };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
same_text(const char *a, const char *b, size_t len, bool any_case)
{
	for (size_t i = 0; i < len; i++)
		if (any_case ? lower(a[i]) != lower(b[i]) : a[i] != b[i])
			return false;
	return true;
}

/* ---- words that are ours ------------------------------------------------------------- */

/* Whether word stands as a whole word in text. */
static bool
has_word(const char *text, const char *word, size_t len)
{
	size_t all = text == NULL ? 0 : strlen(text);

	for (size_t i = 0; i + len <= all; i++)
		if (lower(text[i]) == lower(word[0]) && same_text(text + i, word, len, true) &&
		    redact_edge(text, all, i) && redact_edge(text, all, i + len))
			return true;
	return false;
}

static bool
in_rules(const char *w, size_t len)
{
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rule *r = rule_at(i);

		if (has_word(r->summary, w, len) || has_word(r->why, w, len) ||
		    has_word(r->decide, w, len))
			return true;
	}
	return false;
}

static bool
in_catalogue(const char *w, size_t len)
{
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *c = catalogue_at(i);

		if (has_word(c->means, w, len) || has_word(c->cause, w, len) ||
		    has_word(c->shows, w, len))
			return true;
	}
	return false;
}

static bool
in_fixes(const char *w, size_t len)
{
	for (size_t i = 0; i < fixes_count(); i++) {
		const struct fix *f = fix_at(i);

		if (has_word(f->title, w, len) || has_word(f->words, w, len) ||
		    has_word(f->command, w, len) || has_word(f->undo, w, len))
			return true;
	}
	return false;
}

static bool
in_names(const char *w, size_t len)
{
	for (int k = 0; k < EV__COUNT; k++)
		if (has_word(ev_kind_info((enum ev_kind)k)->help, w, len) ||
		    has_word(ev_kind_info((enum ev_kind)k)->name, w, len))
			return true;
	for (int s = 0; s < SLOT__COUNT; s++)
		if (has_word(slot_help((enum slot)s), w, len))
			return true;
	return false;
}

/* A word that texts about ssh use, so that it need not be the name: by all that we say ourselves. */
static bool
is_weak(const char *w, size_t len)
{
	bool digits = true;

	for (size_t i = 0; i < len; i++)
		digits = digits && w[i] >= '0' && w[i] <= '9';
	return len < SHORT || digits || in_rules(w, len) || in_catalogue(w, len) ||
	       in_fixes(w, len) || in_names(w, len);
}

/* ---- the table ----------------------------------------------------------------------- */

void
redact_init(struct redact *r)
{
	memset(r, 0, sizeof *r);
}

/* Host names are the same in any case (RFC 4343); user names and comments are not. */
static bool
any_case(enum redact_kind kind)
{
	return kind == REDACT_HOST || kind == REDACT_NET;
}

const struct redact_name *
redact_find(const struct redact *r, enum redact_kind kind, const char *s, size_t len)
{
	uint16_t i = len == 0 ? 0 : r->first[(unsigned char)lower(s[0])];

	for (; i > 0; i = r->name[i - 1].next) {
		const struct redact_name *n = &r->name[i - 1];

		if (n->kind == kind && n->len == len &&
		    same_text(r->bytes + n->at, s, len, any_case(kind)))
			return n;
	}
	return NULL;
}

/* Put a name among those with its first letter, before the shorter ones. */
static void
link_name(struct redact *r, size_t place)
{
	struct redact_name *n = &r->name[place];
	uint16_t *at = &r->first[(unsigned char)lower(r->bytes[n->at])];

	while (*at > 0 && r->name[*at - 1].len >= n->len)
		at = &r->name[*at - 1].next;
	n->next = *at;
	*at = (uint16_t)(place + 1);
}

void
redact_add(struct redact *r, enum redact_kind kind, const char *s, size_t len)
{
	struct redact_name *n;

	if (len == 0 || len > UINT8_MAX || redact_find(r, kind, s, len) != NULL ||
	    r->n == REDACT_NAMES || len > REDACT_BYTES - r->used)
		return;
	n = &r->name[r->n];
	*n = (struct redact_name){ .at = (uint16_t)r->used,
		.len = (uint16_t)len,
		.kind = (uint8_t)kind,
		.number = ++r->count[kind] };
	memcpy(r->bytes + r->used, s, len);
	r->used += len;
	if (s[0] != '\0') {
		n->weak = is_weak(s, len);
		r->words++;
	}
	link_name(r, r->n++);
}

/* Addresses are kept as bytes, behind a NUL that no text holds. */
static const struct redact_name *
find_addr(const struct redact *r, enum redact_kind kind, const uint8_t addr[16])
{
	char key[17] = "";

	memcpy(key + 1, addr, 16);
	return redact_find(r, kind, key, sizeof key);
}

void
redact_add_addr(struct redact *r, enum redact_kind kind, const uint8_t addr[16])
{
	char key[17] = "";

	if (redact_is_common(addr))
		return;
	memcpy(key + 1, addr, 16);
	redact_add(r, kind, key, sizeof key);
}

/* ---- pseudonyms ---------------------------------------------------------------------- */

/* A, B ... Z, AA, AB ... */
static void
put_letters(struct strbuf *out, unsigned n)
{
	if (n > 26)
		put_letters(out, (n - 1) / 26);
	sb_putc(out, (char)('A' + (n - 1) % 26));
}

static const char *const head[REDACT__COUNT] = {
	[REDACT_HOST] = "host-",
	[REDACT_USER] = "user-",
	[REDACT_ADDR] = "addr-",
	[REDACT_NET] = "net-",
	[REDACT_KEY] = "key-",
};

/* Whether the text is one already: what is redacted twice stays as it is. */
static bool
is_pseudonym(enum redact_kind kind, const char *s, size_t len)
{
	size_t n = strlen(head[kind]), i = n;

	if (kind == REDACT_HOST && len > 5 && memcmp(s, head[REDACT_ADDR], 5) == 0)
		kind = REDACT_ADDR;
	if (len <= n || memcmp(s, head[kind], n) != 0)
		return false;
	if (len == n + 1 && s[n] == '?')
		return true;
	while (i < len &&
	       (kind == REDACT_HOST ? s[i] >= 'A' && s[i] <= 'Z' : s[i] >= '0' && s[i] <= '9'))
		i++;
	return i == len;
}

static void
put_pseudonym(struct strbuf *out, enum redact_kind kind, const struct redact_name *n)
{
	sb_puts(out, head[kind]);
	if (n == NULL)
		sb_putc(out, '?');
	else if (kind == REDACT_HOST)
		put_letters(out, n->number);
	else
		sb_printf(out, "%u", (unsigned)n->number);
}

/* Names that every machine has, and words that stand where a name may. */
bool
redact_is_nobody(const char *s, size_t len)
{
	static const char *const nobody[] = { "root", "nobody", "sshd", "localhost",
		"localhost.localdomain", "ip6-localhost", "none", "unknown", "UNKNOWN", "other",
		"self", "?", "*", NULL };

	for (size_t i = 0; nobody[i] != NULL; i++)
		if (strlen(nobody[i]) == len && memcmp(nobody[i], s, len) == 0)
			return true;
	return len == 0;
}

void
redact_put(
    const struct redact *r, enum redact_kind kind, const char *s, size_t len, struct strbuf *out)
{
	const struct redact_name *n = redact_find(r, kind, s, len);

	if (redact_is_nobody(s, len) || (n == NULL && is_pseudonym(kind, s, len)))
		sb_add(out, s, len);
	else
		put_pseudonym(out, kind, n);
}

void
redact_put_addr(const struct redact *r, enum redact_kind kind, const uint8_t addr[16],
    const char *s, size_t len, struct strbuf *out)
{
	if (redact_is_common(addr))
		sb_add(out, s, len);
	else
		put_pseudonym(out, kind, find_addr(r, kind, addr));
}

void
redact_name(const struct redact *r, enum redact_kind kind, const char *name, struct strbuf *out)
{
	const struct redact_name *n = redact_find(r, kind, name, strlen(name));

	if (n != NULL)
		put_pseudonym(out, kind, n);
}

/* ---- texts --------------------------------------------------------------------------- */

struct text {
	const char *s;
	size_t len;
};

static bool
stands(struct text t, size_t i, const char *word)
{
	size_t n = strlen(word);

	return i <= t.len && n <= t.len - i && memcmp(t.s + i, word, n) == 0;
}

static bool
before(struct text t, size_t i, const char *word)
{
	size_t n = strlen(word);

	return n <= i && memcmp(t.s + i - n, word, n) == 0;
}

/* Whether the neighbours of the word at i say that it is a user's or a host's name. */
static bool
is_shown(struct text t, size_t i, const struct redact_name *n)
{
	static const char *const of_user[] = { "user ", "User ", "user \"", "for user ", "-l ", "~",
		"user=\"", "ssh://", NULL };
	static const char *const of_host[] = { "@", "Host ", "-J ", "Hostname ", "HostName ",
		"host=", "//", NULL };
	size_t end = i + n->len;

	if (n->kind == REDACT_USER) {
		if (stands(t, end, "@") || (i > 0 && t.s[i - 1] == '='))
			return true;
		for (size_t k = 0; of_user[k] != NULL; k++)
			if (before(t, i, of_user[k]))
				return true;
		return before(t, i, "for ") && stands(t, end, " from ");
	}
	if (n->kind != REDACT_HOST)
		return false;
	for (size_t k = 0; of_host[k] != NULL; k++)
		if (before(t, i, of_host[k]))
			return true;
	return (before(t, i, "host ") && stands(t, end, " port ")) ||
	       (before(t, i, "[") && stands(t, end, "]:")) ||
	       (stands(t, end, ":") && end + 1 < t.len && t.s[end + 1] >= '0' &&
		   t.s[end + 1] <= '9');
}

/* The longest known name at i. */
static const struct redact_name *
name_at(const struct redact *r, struct text t, size_t i)
{
	uint16_t k = r->first[(unsigned char)lower(t.s[i])];

	if (!redact_edge(t.s, t.len, i))
		return NULL;
	for (; k > 0; k = r->name[k - 1].next) {
		const struct redact_name *n = &r->name[k - 1];

		if (r->bytes[n->at] != '\0' && n->len <= t.len - i &&
		    same_text(r->bytes + n->at, t.s + i, n->len, any_case(n->kind)) &&
		    redact_edge(t.s, t.len, i + n->len) && (!n->weak || is_shown(t, i, n)))
			return n;
	}
	return NULL;
}

/* A home folder: ~user-1, or as a part of a longer path. */
static void
put_home(const struct redact *r, struct text t, size_t i, const struct redact_found *f,
    struct strbuf *out)
{
	bool inside = i > 0 && strchr(" =\"'(,:;[", t.s[i - 1]) == NULL;

	if (inside)
		sb_add(out, t.s + i, f->name.at);
	else
		sb_putc(out, '~');
	redact_put(r, REDACT_USER, t.s + i + f->name.at, f->name.len, out);
}

static void
put_login(const struct redact *r, struct text t, size_t i, const struct redact_found *f,
    struct strbuf *out)
{
	const char *host = t.s + i + f->host.at;

	redact_put(r, REDACT_USER, t.s + i, f->name.len, out);
	sb_add(out, t.s + i + f->name.len, f->host.at - f->name.len);
	if (f->is_addr)
		redact_put_addr(r, REDACT_ADDR, f->addr, host, f->host.len, out);
	else
		redact_put(r, REDACT_HOST, host, f->host.len, out);
}

/* Replace what was found at i. Returns whether it was something to replace, or to leave as a whole. */
static bool
put_found(const struct redact *r, struct text t, size_t i, const struct redact_found *f,
    struct strbuf *out)
{
	const char *s = t.s + i;

	switch (f->token) {
	case TOKEN_ADDR:
	case TOKEN_NET:
		if (f->is_addr)
			redact_put_addr(r, f->token == TOKEN_NET ? REDACT_NET : REDACT_ADDR,
			    f->addr, s, f->len, out);
		else
			redact_put(r, REDACT_NET, s, f->len, out);
		return true;
	case TOKEN_HOME: put_home(r, t, i, f, out); return true;
	case TOKEN_LOGIN: put_login(r, t, i, f, out); return true;
	case TOKEN_HOST: redact_put(r, REDACT_HOST, s, f->len, out); return true;
	case TOKEN_USER: redact_put(r, REDACT_USER, s, f->len, out); return true;
	case TOKEN_KEY: redact_put(r, REDACT_KEY, s, f->len, out); return true;
	case TOKEN_PLAIN: sb_add(out, s, f->len); return true;
	case TOKEN_NONE: break;
	}
	return false;
}

void
redact_mem(const struct redact *r, const char *s, size_t len, struct strbuf *out)
{
	struct text t = { s, len };

	for (size_t i = 0; i < len;) {
		struct redact_found f = redact_look(s, len, i);
		const struct redact_name *n = f.token == TOKEN_NONE ? name_at(r, t, i) : NULL;

		if (put_found(r, t, i, &f, out)) {
			i += f.len;
		} else if (n != NULL) {
			put_pseudonym(out, (enum redact_kind)n->kind, n);
			i += n->len;
		} else {
			size_t k = i + 1; /* on to where something may begin */

			while (k < len && !redact_edge(s, len, k) && !(s[k] >= '0' && s[k] <= '9'))
				k++;
			sb_add(out, s + i, k - i);
			i = k;
		}
	}
}

void
redact_text(const struct redact *r, const char *in, struct strbuf *out)
{
	redact_mem(r, in, strlen(in), out);
}

/* The names that a text shows by their shape. */
void
redact_learn_text(struct redact *r, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		struct redact_found f = redact_look(s, len, i);

		if (f.token == TOKEN_HOME || f.token == TOKEN_USER || f.token == TOKEN_LOGIN)
			redact_learn_name(r, REDACT_USER, s + i + f.name.at, f.name.len);
		if (f.token == TOKEN_KEY)
			redact_learn_name(r, REDACT_KEY, s + i, f.len);
		if (f.token == TOKEN_HOST)
			redact_learn_name(r, REDACT_HOST, s + i, f.len);
		if (f.token == TOKEN_LOGIN && !f.is_addr)
			redact_learn_name(r, REDACT_HOST, s + i + f.host.at, f.host.len);
		if (f.token != TOKEN_NONE && f.is_addr)
			redact_add_addr(r, f.token == TOKEN_NET ? REDACT_NET : REDACT_ADDR, f.addr);
		if (f.token == TOKEN_NET && !f.is_addr)
			redact_add(r, REDACT_NET, s + i, f.len);
		i += f.token != TOKEN_NONE ? f.len : 1;
	}
}

void
redact_learn_name(struct redact *r, enum redact_kind kind, const char *s, size_t len)
{
	uint8_t addr[16];

	if (redact_is_nobody(s, len))
		return;
	if (kind == REDACT_HOST && redact_addr(s, len, addr))
		redact_add_addr(r, REDACT_ADDR, addr);
	else
		redact_add(r, kind, s, len);
}

void
redact_given(const struct redact *r, const char *input, struct strbuf *out)
{
	char text[TARGET_INPUT_MAX + 64], err[128];
	struct strbuf sb;
	struct target t;
	size_t before = out->len;

	sb_init(&sb, text, sizeof text);
	redact_text(r, input, &sb);
	if (target_parse(&t, input, err, sizeof err) != 0 || strstr(text, t.host) == NULL ||
	    strpbrk(t.host, ".:") != NULL || redact_is_nobody(t.host, strlen(t.host)) ||
	    is_pseudonym(REDACT_HOST, t.host, strlen(t.host))) {
		sb_puts(out, text);
		return;
	}
	redact_name(r, REDACT_HOST, t.host, out);
	if (out->len == before)
		sb_puts(out, "host-?"); /* as a name that no line told */
}

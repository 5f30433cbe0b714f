/*
 * Reads `ssh-keygen -lf authorized_keys`: the keys of a file by their fingerprints, or that it has none. That it is the
 * account's file, and all of it, nobody can tell from these lines: the list is said to be unsure.
 * Called by the recogniser.
 */
#include "readers.h"

enum { SAID_MAX = 20 };

struct fingerprints {
	int keys;
};

/* "256 SHA256:… comment (ED25519)" (ssh-keygen(1), -l) */
static bool
parse_key(const struct line *l, struct hole h[2])
{
	size_t n = l->len;

	return n > 12 && l->s[n - 1] == ')' && l->s[0] >= '0' && l->s[0] <= '9' &&
	       line_match(l->s, "%d SHA256:%s %*", h, 2) && strlen(h[1].s) == 43;
}

/* "/home/alice/.ssh/authorized_keys is not a public key file.": no line of it is a key (ssh-keygen.c, do_fingerprint). */
static bool
no_key_at_all(const struct line *l, struct hole h[1])
{
	return line_match(l->s, "%q is not a public key file.", h, 1) &&
	       strstr(h[0].s, "authorized_keys") != NULL;
}

static enum claim
fingerprints_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct hole h[2];

	(void)r;
	(void)state;
	if (no_key_at_all(l, h))
		return CLAIM_CERTAIN;
	return l->s[0] >= '0' && l->s[0] <= '9' && parse_key(l, h) ? CLAIM_CERTAIN : CLAIM_NONE;
}

static bool
fingerprints_take(struct recogniser *r, void *state, const struct line *l)
{
	struct fingerprints *s = state;
	char fp[64];
	struct hole h[2];
	struct strbuf sb;

	if (no_key_at_all(l, h)) {
		recognise_told(r, TOLD_LINE_BAD,
		    &(struct statement){ .path = h[0].s, .text = "no line is a key" });
		return true;
	}
	if (!parse_key(l, h))
		return false;
	sb_init(&sb, fp, sizeof fp);
	sb_printf(&sb, "SHA256:%.43s", h[1].s);
	if (s->keys++ < SAID_MAX)
		recognise_told(r, TOLD_KEY_LISTED,
		    &(struct statement){ .text = fp, .path = "authorized_keys" });
	return true;
}

static void
fingerprints_end(struct recogniser *r, void *state, bool another)
{
	struct fingerprints *s = state;

	(void)another;
	if (s->keys > 0 && s->keys <= SAID_MAX)
		recognise_told(r, TOLD_KEYS_ALL, &(struct statement){ .mode = "unsure" });
	s->keys = 0;
}

const struct reader reader_fingerprints = { "ssh-keygen -lf", sizeof(struct fingerprints),
	fingerprints_claims, fingerprints_take, fingerprints_end };

/*
 * Reads `sshd -t`: what sshd says of its configuration, its host keys and its directory where it does
 * not start. The same lines stand in logs, behind a prefix; those are the log readers'. Called by
 * the recogniser.
 */
#include <stdlib.h>

#include "readers.h"

/* The words of sshd (servconf.c, sshd.c), which end its start. Holes: see each row. */
static const struct row {
	const char *pattern;
	enum told what;
	int path, line, text; /* which hole, from 0; -1: none. text -1: the whole line */
} rows[] = {
	{ "%q: line %d: Bad configuration option: %q", TOLD_CONFIG_INVALID, 0, 1, -1 },
	{ "%q line %d: %q", TOLD_CONFIG_INVALID, 0, 1, 2 },
	{ "%q: line %d: %q", TOLD_CONFIG_INVALID, 0, 1, 2 },
	{ "sshd: no hostkeys available -- exiting.", TOLD_NO_HOSTKEYS, -1, -1, -1 },
	{ "no hostkeys available -- exiting.", TOLD_NO_HOSTKEYS, -1, -1, -1 },
	{ "Missing privilege separation directory: %q", TOLD_NO_PRIVSEP, 0, -1, -1 },
	{ "%q must be owned by root and not group or world-writable.", TOLD_NO_PRIVSEP, 0, -1, -1 },
};

static const struct row *
row_of(const struct line *l, struct hole h[3])
{
	/* A path ahead of "line N": anything else has no business here. */
	bool path = l->s[0] == '/' || strncmp(l->s, "command-line", 12) == 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memset(h, 0, 3 * sizeof *h);
		if ((rows[i].line < 0 || path) && line_match(l->s, rows[i].pattern, h, 3))
			return &rows[i];
	}
	return NULL;
}

/* A warning that does not end the start. */
static bool
is_harmless(const char *text)
{
	return strncmp(text, "Deprecated option", 17) == 0 ||
	       strncmp(text, "Unsupported option", 18) == 0 || strstr(text, "ssh_config") != NULL;
}

static enum claim
sshd_test_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct hole h[3];
	const struct row *row;

	(void)r;
	(void)state;
	if (strstr(l->s, "sshd") == NULL && strstr(l->s, "hostkeys") == NULL &&
	    strstr(l->s, "privilege sep") == NULL && strstr(l->s, "must be owned") == NULL)
		return CLAIM_NONE;
	if ((row = row_of(l, h)) == NULL || strstr(h[0].s, "ssh_config") != NULL)
		return CLAIM_NONE;
	return CLAIM_MAYBE;
}

static bool
sshd_test_take(struct recogniser *r, void *state, const struct line *l)
{
	struct hole h[3];
	const struct row *row = row_of(l, h);
	const char *text;

	(void)state;
	if (row == NULL)
		return false;
	text = row->text >= 0 ? h[row->text].s : l->s;
	if (is_harmless(text))
		return false;
	if (row->what == TOLD_CONFIG_INVALID && row->text < 0)
		text = strstr(l->s, "Bad configuration option");
	recognise_told(r, row->what,
	    &(struct statement){ .text = text,
		.path = row->path >= 0 ? h[row->path].s : NULL,
		.line = row->line >= 0 ? strtol(h[row->line].s, NULL, 10) : 0 });
	return true;
}

const struct reader reader_sshd_test = { "sshd -t", 0, sshd_test_claims, sshd_test_take, NULL };

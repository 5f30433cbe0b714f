/* Reads the few lines of ssh-add, which say how the agent is. Called by the recogniser. */
#include "readers.h"
#include "ssh_client.h"

static const struct words {
	const char *pattern, *what;
	int path; /* the hole that is a path, or -1 */
} words[] = {
	{ "The agent has no identities.", "agent-empty", -1 },
	{ "Could not open a connection to your authentication agent.", "agent-unreachable", -1 },
	{ "Error connecting to agent: %q", "agent-unreachable", -1 },
	{ "Could not add identity \"%q\": agent refused operation", "agent-refused", 0 },
	{ "Agent signature failed for %q: agent refused operation", "agent-refused", 0 },
	{ "Failed to remove all identities.", "agent-refused", -1 },
	{ "%q: No such file or directory", "key-named-missing", 0 },
};

static const struct words *
find(const struct line *l, struct hole *h)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!line_match(l->s, words[i].pattern, h, HOLES))
			continue;
		/* Any program says so of a file: only of one that is a key's, and where nothing stands before it. */
		if (words[i].pattern[0] == '%' &&
		    (l->number != 1 || strstr(h[0].s, "/.ssh/") == NULL))
			continue;
		return &words[i];
	}
	return NULL;
}

static enum claim
add_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct hole h[HOLES];

	(void)r;
	(void)state;
	return find(l, h) != NULL ? CLAIM_MAYBE : CLAIM_NONE;
}

static bool
add_take(struct recogniser *r, void *state, const struct line *l)
{
	struct hole h[HOLES] = { 0 };
	const struct words *w = find(l, h);
	bool *said = state;

	if (w == NULL)
		return false;
	if (!recognise_options(r)->client) {
		recognise_other(r, l, "another login");
		return true;
	}
	if (!*said)
		client_says(r, "ssh-add", NULL, NULL, 0);
	*said = true;
	client_says(r, w->what, l->s, w->path >= 0 ? h[w->path].s : NULL, 0);
	return true;
}

const struct reader reader_ssh_add = { "ssh-add", sizeof(bool), add_claims, add_take, NULL };

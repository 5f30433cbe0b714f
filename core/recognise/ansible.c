/*
 * Reads an Ansible error: what ssh printed stands in its message, as a JSON string or as plain
 * text, and is read on as ssh's own. Called by the recogniser.
 */
#include "readers.h"

static const char mark[] = "Failed to connect to the host via ssh: ";

static enum claim
ansible_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	(void)r;
	(void)state;
	return line_holds(l, mark) || line_holds(l, "UNREACHABLE! =>") ? CLAIM_CERTAIN : CLAIM_NONE;
}

/* One character of a JSON string that was written with an escape; '\n' for each kind of line end. */
static char
unescape(char c)
{
	return c == 'n' || c == 'r' ? '\n' : c == 't' ? ' ' : c;
}

static bool
ansible_take(struct recogniser *r, void *state, const struct line *l)
{
	const char *p = strstr(l->s, mark);
	bool json = p != NULL && strstr(l->s, "\"msg\": \"") != NULL;
	char text[1024];
	size_t n = 0;

	(void)state;
	if (p == NULL)
		return false;
	for (p += sizeof mark - 1;; p++) {
		char c = *p;
		bool end = c == '\0' || (json && c == '"');

		if (!end && json && c == '\\' && p[1] != '\0')
			c = unescape(*++p);
		if (end || c == '\n') {
			text[n] = '\0';
			if (n > 0)
				recognise_section(r, "ssh", text, n);
			n = 0;
			if (end)
				return true;
		} else if (n < sizeof text - 1) {
			text[n++] = c;
		}
	}
}

const struct reader reader_ansible = { "Ansible", 1, ansible_claims, ansible_take, NULL };

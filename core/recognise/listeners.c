/*
 * Reads the list of listening sockets: `ss -ltnp` and its kin, `netstat -ltnp`. Says the sockets
 * of the port in question and those of SSH servers, and that the list is whole where its
 * heading was seen. Called by the recogniser.
 */
#include <stdlib.h>

#include "readers.h"

enum { SAID_MAX = 8 };

struct listeners {
	bool heading; /* without one the text may be an extract */
	int said;
};

static bool
is_heading(const struct line *l)
{
	return line_holds(l, "Local Address") &&
	       (line_holds(l, "Peer Address") || line_holds(l, "Foreign Address"));
}

static bool
is_socket(const struct line *l)
{
	return line_begins(l, "LISTEN ") || line_begins(l, "tcp ") || line_begins(l, "tcp6 ");
}

static enum claim
listeners_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct listeners *s = state;

	(void)r;
	if (is_heading(l))
		return CLAIM_CERTAIN;
	if (is_socket(l) && line_holds(l, "LISTEN"))
		return CLAIM_MAYBE;
	return s->heading &&
		       (line_begins(l, "tcp") || line_begins(l, "udp") || line_begins(l, "ESTAB"))
		   ? CLAIM_PART
		   : CLAIM_NONE;
}

/* "0.0.0.0:22", "[::]:22", "*:22", ":::22", "127.0.0.53%lo:53": cut in place. Returns the port, -1 for none. */
static long
split_address(char *word, const char **addr)
{
	char *colon = strrchr(word, ':'), *percent;
	long port;

	if (colon == NULL || colon[1] < '0' || colon[1] > '9')
		return -1;
	port = strtol(colon + 1, NULL, 10);
	*colon = '\0';
	if (word[0] == '[' && colon > word && colon[-1] == ']') {
		colon[-1] = '\0';
		word++;
	}
	if ((percent = strchr(word, '%')) != NULL)
		*percent = '\0';
	*addr = word[0] == '\0' ? "::" : word;
	return port <= UINT16_MAX ? port : -1;
}

/* The first word that is an address with a port: the local one; the peer's has "*" for its port. */
static long
local_address(char *text, const char **addr)
{
	for (char *rest = text, *word; *(rest += strspn(rest, " ")) != '\0';) {
		size_t n = strcspn(rest, " ");
		long port;

		word = rest;
		rest += n;
		if (*rest != '\0')
			*rest++ = '\0';
		if (strchr(word, ':') != NULL && (port = split_address(word, addr)) >= 0)
			return port;
	}
	return -1;
}

/* users:(("sshd",pid=1,fd=3)) or 1/sshd: "" where it is not shown, as to anybody but root. */
static void
program_of(const struct line *l, char *out, size_t cap)
{
	const char *quoted = strstr(l->s, "((\""), *from = NULL;
	size_t n = 0;

	if (quoted != NULL) {
		from = quoted + 3;
		n = strcspn(from, "\"");
	} else { /* "812/sshd: /usr/sbin": a number ahead of the first slash */
		for (const char *p = strchr(l->s, '/'); p != NULL && from == NULL;
		     p = strchr(p + 1, '/'))
			if (p > l->s && p[-1] >= '0' && p[-1] <= '9')
				from = p + 1;
		n = from != NULL ? strcspn(from, ": ") : 0;
	}
	if (n >= cap)
		n = cap - 1;
	if (n > 0)
		memcpy(out, from, n);
	out[n] = '\0';
}

static bool
is_ssh(const char *program)
{
	return strstr(program, "ssh") != NULL || strstr(program, "dropbear") != NULL ||
	       strcmp(program, "systemd") == 0; /* which may hold the socket for one */
}

static bool
listeners_take(struct recogniser *r, void *state, const struct line *l)
{
	struct listeners *s = state;
	char text[512], program[48];
	const char *addr;
	long port;

	if (is_heading(l)) {
		s->heading = true;
		return true;
	}
	if (!line_holds(l, "LISTEN"))
		return false;
	text_copy(text, sizeof text, l->s);
	if ((port = local_address(text, &addr)) < 0)
		return false;
	program_of(l, program, sizeof program);
	if ((port == recognise_options(r)->port || is_ssh(program)) && s->said++ < SAID_MAX)
		recognise_told(r, TOLD_LISTENER,
		    &(struct statement){ .addr = addr, .port = port, .text = program });
	return true;
}

static void
listeners_end(struct recogniser *r, void *state, bool another)
{
	struct listeners *s = state;

	(void)another;
	if (s->heading)
		recognise_told(r, TOLD_LISTENERS_ALL, &(struct statement){ .text = "" });
	s->heading = false;
	s->said = 0;
}

const struct reader reader_listeners = { "ss", sizeof(struct listeners), listeners_claims,
	listeners_take, listeners_end };

/*
 * Reads `systemctl status UNIT`, `systemctl show UNIT` and `systemctl is-active`: the unit of the SSH
 * server and its state. The log lines at the end of a status are the log readers'. Called
 * by the recogniser.
 */
#include "readers.h"

struct unit {
	char name[48]; /* ssh, sshd, ssh.socket: as systemctl takes it */
};

/* "ssh.service" is called ssh; a socket keeps its ending. "" where it is not an SSH server's. */
static void
short_name(const char *unit, char *out, size_t cap)
{
	size_t n = strlen(unit);

	out[0] = '\0';
	if (strncmp(unit, "ssh", 3) != 0 && strncmp(unit, "dropbear", 8) != 0)
		return;
	if (n > 8 && strcmp(unit + n - 8, ".service") == 0)
		n -= 8;
	if (n >= cap || strchr(unit, '@') != NULL)
		return;
	memcpy(out, unit, n);
	out[n] = '\0';
}

static enum claim
unit_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct unit *s = state;
	const char *text = l->s + strspn(l->s, " ");

	(void)r;
	/* "● ssh.service - OpenBSD Secure Shell server": the dot is one character, or "*" or "x" */
	if ((line_holds(l, ".service - ") || line_holds(l, ".socket - ")) &&
	    !line_holds(l, "]: ") && l->len < 200)
		return CLAIM_CERTAIN;
	if (line_begins(l, "Id=") || line_begins(l, "ActiveState="))
		return CLAIM_CERTAIN;
	if (s->name[0] != '\0' &&
	    (strncmp(text, "Loaded: ", 8) == 0 || strncmp(text, "Active: ", 8) == 0 ||
		line_begins(l, "LoadState=") || line_begins(l, "SubState=")))
		return CLAIM_CERTAIN;
	return CLAIM_NONE;
}

static void
say_state(struct recogniser *r, const struct unit *s, const char *state)
{
	char word[16];

	text_copy(word, sizeof word, state);
	word[strcspn(word, " ")] = '\0';
	if (s->name[0] != '\0')
		recognise_told(r, TOLD_UNIT, &(struct statement){ .text = s->name, .mode = word });
}

static bool
unit_take(struct recogniser *r, void *state, const struct line *l)
{
	struct unit *s = state;
	const char *text = l->s + strspn(l->s, " "), *dash = strstr(l->s, " - ");
	char name[128];

	if (line_begins(l, "Id=")) {
		short_name(l->s + 3, s->name, sizeof s->name);
	} else if (strncmp(text, "Active: ", 8) == 0) {
		say_state(r, s, text + 8);
	} else if (line_begins(l, "ActiveState=")) {
		say_state(r, s, l->s + 12);
	} else if (dash != NULL) {
		const char *from = dash;

		while (from > l->s && from[-1] != ' ')
			from--;
		text_copy(name, sizeof name, from);
		name[(size_t)(dash - from) < sizeof name - 1 ? (size_t)(dash - from)
							     : sizeof name - 1] = '\0';
		short_name(name, s->name, sizeof s->name);
	}
	return true;
}

const struct reader reader_unit = { "systemctl", sizeof(struct unit), unit_claims, unit_take,
	NULL };

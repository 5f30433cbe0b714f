/* Reads what the guard's script printed. See guard.h. */
#include "guard.h"

#include <string.h>

static const char *const states[] = { "none", "armed", "refused", "failed", "kept", "fired", "gone",
	"ready" };
_Static_assert(sizeof states / sizeof *states == GUARD__COUNT, "a name for each state");

const char *
guard_state_name(enum guard_state s)
{
	return states[(unsigned)s < GUARD__COUNT ? s : GUARD_NONE];
}

struct line {
	const char *s;
	size_t len;
};

static bool
next_line(const char **text, size_t *left, struct line *l)
{
	const char *end;

	if (*left == 0)
		return false;
	end = memchr(*text, '\n', *left);
	l->s = *text;
	l->len = end != NULL ? (size_t)(end - *text) : *left;
	*text += l->len + (end != NULL);
	*left -= l->len + (end != NULL);
	if (l->len > 0 && l->s[l->len - 1] == '\r')
		l->len--;
	return true;
}

static bool
cut_prefix(struct line *l, const char *prefix)
{
	size_t n = strlen(prefix);

	if (l->len < n || memcmp(l->s, prefix, n) != 0)
		return false;
	l->s += n;
	l->len -= n;
	return true;
}

static int64_t
number(const struct line *l)
{
	int64_t v = 0;

	if (l->len == 0 || l->len > 15)
		return -1;
	for (size_t i = 0; i < l->len; i++) {
		if (l->s[i] < '0' || l->s[i] > '9')
			return -1;
		v = v * 10 + (l->s[i] - '0');
	}
	return v;
}

static enum guard_state
state_by_name(const struct line *l)
{
	for (int s = 0; s < GUARD__COUNT; s++)
		if (strlen(states[s]) == l->len && memcmp(states[s], l->s, l->len) == 0)
			return (enum guard_state)s;
	return GUARD_NONE;
}

/* A word that is sent back: hexadecimal digits and nothing else. */
static void
take_hex(char *dst, const struct line *l)
{
	size_t n = 0;

	while (n < l->len && l->s[n] != '\0' && strchr("0123456789abcdef", l->s[n]) != NULL)
		n++;
	if (n == l->len && n < GUARD_ID) {
		memcpy(dst, l->s, n);
		dst[n] = '\0';
	}
}

static void
take_said(struct guard_said *said, struct line l)
{
	const struct {
		const char *key;
		char *text; /* where it goes, the first that is said */
		size_t cap;
		int64_t *num;
	} keys[] = {
		{ "fix=", said->fix, sizeof said->fix, NULL },
		{ "reason=", said->reason, sizeof said->reason, NULL },
		{ "why=", said->why, sizeof said->why, NULL },
		{ "folder=", said->folder, sizeof said->folder, NULL },
		{ "remark=", said->remark, sizeof said->remark, NULL },
		{ "path=", said->path, sizeof said->path, NULL },
		{ "command=", said->command, sizeof said->command, NULL },
		{ "seen=", said->seen, sizeof said->seen, NULL },
		{ "window=", NULL, 0, &said->window_s },
		{ "until=", NULL, 0, &said->until },
		{ "restored=", NULL, 0, &said->restored },
		{ "wrong=", NULL, 0, &said->wrong },
	};

	if (cut_prefix(&l, "state="))
		said->state = state_by_name(&l);
	else if (cut_prefix(&l, "id="))
		take_hex(said->id, &l);
	else if (cut_prefix(&l, "token="))
		take_hex(said->token, &l);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (!cut_prefix(&l, keys[i].key))
			continue;
		if (keys[i].num != NULL)
			*keys[i].num = number(&l);
		else if (keys[i].text[0] == '\0')
			text_clean(keys[i].text, keys[i].cap, l.s, l.len);
		return;
	}
}

/* The script's first line, whatever a login prints before it: its marker, with a blank behind. */
static bool
take_marker(struct line l, char marker[32])
{
	if (!cut_prefix(&l, "sshmedic-guard 1 ") || l.len != 20 || memcmp(l.s, "smc-", 4) != 0)
		return false;
	memcpy(marker, l.s, l.len);
	memcpy(marker + l.len, " ", 2);
	return true;
}

void
guard_read(struct guard_said *said, const char *text, size_t len)
{
	guard_read_lines(said, text, len, NULL, NULL);
}

void
guard_read_lines(struct guard_said *said, const char *text, size_t len,
    void (*each)(void *arg, const char *line), void *arg)
{
	char marker[32] = "";
	int64_t lines = 0;
	struct line l;

	memset(said, 0, sizeof *said);
	said->restored = said->wrong = -1;
	while (marker[0] == '\0' && next_line(&text, &len, &l))
		take_marker(l, marker);
	while (marker[0] != '\0' && !said->whole && next_line(&text, &len, &l)) {
		if (!cut_prefix(&l, marker))
			continue;
		if (cut_prefix(&l, "end. lines=")) {
			said->whole = number(&l) == lines;
			return;
		}
		lines++;
		if (cut_prefix(&l, "guard= ")) {
			take_said(said, l);
		} else if (cut_prefix(&l, "out ")) {
			text_clean(said->out, sizeof said->out, l.s, l.len);
			if (each != NULL)
				each(arg, said->out);
		}
	}
}

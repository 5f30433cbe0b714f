/* Puts the words of one fix into the guard's script, and reads what it printed. See guard.h. */
#include "guard.h"

#include <string.h>

/* The text of guard.sh: made by the Makefile. */
extern const char guard_script[];

/* Where the words go: this line of the script, and nothing else of it, is replaced. */
static const char place[] = "\n#@PARAMETERS@\n";

static const char *const states[] = { "none", "armed", "refused", "failed", "kept", "fired",
	"gone" };
_Static_assert(sizeof states / sizeof *states == GUARD__COUNT, "a name for each state");

const char *
guard_state_name(enum guard_state s)
{
	return states[(unsigned)s < GUARD__COUNT ? s : GUARD_NONE];
}

/* ---- the script ------------------------------------------------------------------ */

static void
put(struct strbuf *sb, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	sb_puts(sb, name);
	sb_putc(sb, '=');
	text_shell_quote(sb, value);
	sb_putc(sb, '\n');
}

static void
put_number(struct strbuf *sb, const char *name, int value)
{
	if (value > 0)
		sb_printf(sb, "%s=%d\n", name, value);
}

int
guard_print(struct strbuf *sb, const struct guard_words *w)
{
	const char *at = strstr(guard_script, place);

	if (at == NULL)
		return -1;
	sb_add(sb, guard_script, (size_t)(at - guard_script) + 1);
	put(sb, "verb", w->verb);
	put(sb, "id", w->id);
	put(sb, "token", w->token);
	put(sb, "fix", w->fix);
	put(sb, "edit", w->edit);
	put(sb, "revert", w->revert);
	put(sb, "keep", w->keep);
	put(sb, "touches", w->touches);
	put(sb, "then", w->then);
	put(sb, "unit", w->unit);
	put(sb, "user", w->user);
	put_number(sb, "port", w->port);
	put(sb, "client", w->client);
	put(sb, "laddr", w->laddr);
	put(sb, "here", w->here ? "1" : NULL);
	put_number(sb, "window", w->window_s);
	sb_puts(sb, at + sizeof place - 1);
	return sb->cut ? -1 : 0;
}

/* ---- the words of a fix ------------------------------------------------------------ */

/*
 * The script has copies of its own, and reloads: in a fix's own command that is left out. It goes
 * in place of the longest of these.
 */
static const char *const brings_in[] = {
	"( systemctl reload ssh 2>/dev/null || systemctl reload sshd )",
	"systemctl try-reload-or-restart {service}",
	"systemctl reload {service}",
	"systemctl reload {unit}",
	"systemctl start {unit}",
};

static void
leave_out_reload(const char *template, struct strbuf *sb)
{
	while (*template != '\0') {
		size_t i = 0, n = sizeof brings_in / sizeof *brings_in;

		while (i < n && strncmp(template, brings_in[i], strlen(brings_in[i])) != 0)
			i++;
		sb_putc(sb, i < n ? ':' : *template);
		template += i < n ? strlen(brings_in[i]) : 1;
	}
}

static int
take_command(const struct diag *d, const char *template, char *room, const char **out)
{
	struct strbuf sb;

	*out = NULL;
	if (template == NULL)
		return 0;
	if (!fix_words_known(d, template))
		return -1;
	sb_init(&sb, room, GUARD_TEXT);
	fix_expand_command(d, template, &sb);
	*out = room;
	return sb.cut ? -1 : 0;
}

/* Each word of the template is a path, and none is quoted: they are data to the script. */
static int
take_touches(const struct diag *d, const char *template, char *room, const char **out)
{
	struct strbuf sb;

	*out = NULL;
	if (template == NULL)
		return 0;
	if (!fix_words_known(d, template))
		return -1;
	sb_init(&sb, room, GUARD_TEXT);
	for (const char *p = template; *p != '\0'; p += strspn(p, " ")) {
		char word[256];
		size_t len = strcspn(p, " ");

		if (len >= sizeof word)
			return -1;
		memcpy(word, p, len);
		word[len] = '\0';
		if (sb.len > 0)
			sb_putc(&sb, '\n');
		diag_expand(d, word, &sb);
		p += len;
	}
	*out = room;
	return sb.cut ? -1 : 0;
}

static int
take_edit(const struct diag *d, const struct fix *f, const struct guard_row *row, char *room,
    const char **out)
{
	char template[GUARD_TEXT];
	struct strbuf sb;

	if (row->edit != NULL)
		return take_command(d, row->edit, room, out);
	sb_init(&sb, template, sizeof template);
	leave_out_reload(f->command, &sb);
	return sb.cut ? -1 : take_command(d, template, room, out);
}

int
guard_of_fix(
    struct guard_words *w, struct guard_room *room, const struct diag *d, const struct fix *f)
{
	static const char *const then[] = {
		[GUARD_NOTHING] = NULL, [GUARD_RELOAD] = "reload", [GUARD_START] = "start"
	};
	const struct guard_row *row = guard_row(f);

	if (row == NULL)
		return -1;
	w->fix = f->id;
	w->then = then[row->then];
	w->unit = slot_text(d, SLOT_UNIT);
	if (take_edit(d, f, row, room->edit, &w->edit) != 0 ||
	    take_command(d, row->revert, room->revert, &w->revert) != 0 ||
	    take_command(d, row->keep, room->keep, &w->keep) != 0 ||
	    take_touches(d, row->touches, room->touches, &w->touches) != 0)
		return -1;
	return 0;
}

/* ---- what it printed ------------------------------------------------------------------ */

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
		{ "reason=", said->reason, sizeof said->reason, NULL },
		{ "why=", said->why, sizeof said->why, NULL },
		{ "folder=", said->folder, sizeof said->folder, NULL },
		{ "remark=", said->remark, sizeof said->remark, NULL },
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
		if (cut_prefix(&l, "guard= "))
			take_said(said, l);
		else if (cut_prefix(&l, "out "))
			text_clean(said->out, sizeof said->out, l.s, l.len);
	}
}

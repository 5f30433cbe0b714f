/* Puts the words of one fix into the guard's script. See guard.h. */
#include "guard.h"

#include <string.h>

/* The text of guard.sh: made by the Makefile. */
extern const char guard_script[];

/* Where the words go: this line of the script, and nothing else of it, is replaced. */
static const char place[] = "\n#@PARAMETERS@\n";

/* ---- the script ------------------------------------------------------------------ */

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
	text_shell_assign(sb, "verb", w->verb);
	text_shell_assign(sb, "id", w->id);
	text_shell_assign(sb, "token", w->token);
	text_shell_assign(sb, "fix", w->fix);
	text_shell_assign(sb, "edit", w->edit);
	text_shell_assign(sb, "revert", w->revert);
	text_shell_assign(sb, "touches", w->touches);
	text_shell_assign(sb, "then", w->then);
	text_shell_assign(sb, "unit", w->unit);
	text_shell_assign(sb, "user", w->user);
	put_number(sb, "port", w->port);
	text_shell_assign(sb, "client", w->client);
	text_shell_assign(sb, "laddr", w->laddr);
	text_shell_assign(sb, "here", w->here ? "1" : NULL);
	put_number(sb, "window", w->window_s);
	text_shell_assign(sb, "keeps", w->keeps);
	text_shell_assign(sb, "place", w->place);
	text_shell_assign(sb, "of", w->of);
	text_shell_assign(sb, "seen", w->seen);
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

/* Which firewall, and where in it a rule is: data to the script, which looks at it before it uses it. */
static int
take_place(const struct diag *d, const char *template, char *room, const char **out)
{
	struct strbuf sb;

	*out = NULL;
	if (template == NULL)
		return 0;
	if (!fix_words_known(d, template))
		return -1;
	sb_init(&sb, room, GUARD_TEXT);
	diag_expand(d, template, &sb);
	*out = room;
	return sb.cut ? -1 : 0;
}

static int
take_edit(const struct diag *d, const struct fix *f, const struct guard_row *row, char *room,
    const char **out)
{
	char template[GUARD_TEXT];
	struct strbuf sb;

	*out = NULL;
	if (row->keeps != NULL)
		return 0;
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
	    take_place(d, row->keeps, room->keeps, &w->keeps) != 0 ||
	    take_place(d, row->place, room->place, &w->place) != 0 ||
	    take_touches(d, row->touches, room->touches, &w->touches) != 0)
		return -1;
	return 0;
}

/*
 * What follows from the user's options and from the jump hosts together: whether
 * the way through them is broken, and a command that gets in by another way.
 * Begins from the base facts each time. Part of diag.h; called by derive().
 */
#include <string.h>
#include <strings.h>

#include "diag_internal.h"

static bool
has(const struct diag *d, enum fact f)
{
	return fact_has(&d->facts, f);
}

/* Add f where it holds, with the evidence of another fact. */
static void
follow(struct diag *d, bool holds, enum fact f, enum fact from)
{
	if (!holds)
		return;
	fact_add(&d->facts, f);
	for (int i = 0; i < DIAG_EV; i++)
		fact_note(d, f, fact_ev(d, from)[i]);
}

/* Whether the user's options name a key or a user: -i -l, or -o with IdentityFile or User. */
static bool
names_login(const char *args)
{
	static const char *const words[] = { "-i", "-l", "-oIdentityFile", "-o IdentityFile",
		"-o 'IdentityFile", "-oUser=", "-o User=", "-o 'User" };

	for (const char *p = args; *p != '\0'; p++) {
		if (p > args && p[-1] != ' ')
			continue;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (strncasecmp(p, words[i], strlen(words[i])) == 0)
				return true;
	}
	return false;
}

/* A word of a ProxyCommand: for the shell that runs it, and for ssh's own % before that (ssh_config(5), TOKENS). */
static void
put_percents(struct strbuf *sb, const char *s)
{
	for (; *s != '\0'; s++) {
		sb_putc(sb, *s);
		if (*s == '%')
			sb_putc(sb, '%');
	}
}

static void
put_word(struct strbuf *sb, const char *s)
{
	char quoted[2 * DIAG_SLOT_LEN];
	struct strbuf q;

	sb_init(&q, quoted, sizeof quoted);
	text_shell_quote(&q, s);
	put_percents(sb, quoted);
	if (q.cut)
		sb->cut = true;
}

/*
 * The last jump host by an ssh of its own, to which options can be given:
 * "ssh OPTIONS -i KEY -W '[%h]:%p' -- HOST". Words that are cut would be other words: then there is none.
 */
static void
put_command(struct diag *d)
{
	struct strbuf sb;

	slot_begin(d, SLOT_HOP_COMMAND, &sb);
	if (!has(d, F_HOP_IS_LAST) || slot_stored(d, SLOT_HOP_HOST)[0] == '\0' ||
	    (!has(d, F_HOP_OTHER_KEY) && !has(d, F_HOP_LOOP)))
		return;
	/* -i expands % and ${...} in its word, but not before it has looked for the file by that very word. */
	if (strpbrk(slot_stored(d, SLOT_HOP_KEY), "%$") != NULL)
		return;
	sb_puts(&sb, "ssh ");
	put_percents(&sb, slot_stored(d, SLOT_HOP_ARGS));
	if (slot_stored(d, SLOT_HOP_ARGS)[0] != '\0')
		sb_putc(&sb, ' ');
	if (has(d, F_HOP_LOOP)) {
		sb_puts(&sb, "-o ProxyJump=none ");
	} else {
		sb_puts(&sb, "-i ");
		put_word(&sb, slot_stored(d, SLOT_HOP_KEY));
		sb_putc(&sb, ' ');
	}
	sb_puts(&sb, "-W '[%h]:%p' -- ");
	put_word(&sb, slot_stored(d, SLOT_HOP_HOST));
	if (sb.cut || slot_is_cut(d, SLOT_HOP_ARGS) || slot_is_cut(d, SLOT_HOP_KEY) ||
	    slot_is_cut(d, SLOT_HOP_HOST))
		slot_empty(d, SLOT_HOP_COMMAND);
}

/* The words that diagnose the jump host alone. */
static void
put_self(struct diag *d)
{
	struct strbuf sb;

	slot_begin(d, SLOT_HOP_SELF, &sb);
	if (slot_stored(d, SLOT_HOP_HOST)[0] == '\0')
		return;
	sb_puts(&sb, slot_stored(d, SLOT_HOP_ARGS));
	if (sb.len > 0)
		sb_putc(&sb, ' ');
	text_shell_quote(&sb, slot_stored(d, SLOT_HOP_HOST));
}

void
derive_hops(struct diag *d)
{
	static const enum fact found[] = { F_HOP_FAILED_TRANSPORT, F_HOP_FAILED_AUTH,
		F_HOP_HUMAN_TRANSPORT, F_HOP_HUMAN_AUTH, F_HOP_PROHIBITS, F_HOP_NEXT_FAILED,
		F_HOP_TRIES_NEXT, F_HOP_TARGET_FAILED, F_HOP_TRIES, F_WAY_OPEN };

	follow(d,
	    has(d, F_JUMP) && has(d, F_BANNER_END) && !has(d, F_IDENT) && !has(d, F_BANNER_TEXT),
	    F_WAY_BROKEN, F_BANNER_END);
	for (size_t i = 0; i < sizeof found / sizeof *found; i++)
		follow(d, has(d, F_WAY_BROKEN) && has(d, found[i]), F_HOP_FOUND, found[i]);
	follow(d, has(d, F_PROXY) && !has(d, F_JUMP), F_PROXY_COMMAND, F_PROXY);
	follow(d, has(d, F_STARTED) && names_login(d->args), F_CLI_LOGIN, F_STARTED);
	put_command(d);
	put_self(d);
}

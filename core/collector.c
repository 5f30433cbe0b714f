/* Puts the words of one login into the collector's script. See collector.h. */
#include "collector.h"

#include <string.h>

/* The text of collector.sh: made by the Makefile. */
extern const char collector_script[];

/* Where the words go: this line of the script, and nothing else of it, is replaced. */
static const char place[] = "\n#@PARAMETERS@\n";

static void
put_keys(struct strbuf *sb, const struct collector_words *w)
{
	if (w->nkeys == 0)
		return;
	/* Words with blanks between them: a fingerprint has none. */
	sb_puts(sb, "keys='");
	for (size_t i = 0; i < w->nkeys; i++)
		if (w->keys[i][strcspn(w->keys[i], " '\n")] == '\0')
			sb_printf(sb, "%s%s", i == 0 ? "" : " ", w->keys[i]);
	sb_puts(sb, "'\n");
}

int
collector_print(struct strbuf *sb, const struct collector_words *w)
{
	const char *at = strstr(collector_script, place);

	if (at == NULL)
		return -1;
	sb_add(sb, collector_script, (size_t)(at - collector_script) + 1);
	text_shell_assign(sb, "target", w->target);
	text_shell_assign(sb, "user", w->user);
	if (w->port > 0)
		sb_printf(sb, "port=%d\n", w->port);
	text_shell_assign(sb, "laddr", w->laddr);
	text_shell_assign(sb, "client", w->client);
	text_shell_assign(sb, "client_from", w->client_from);
	text_shell_assign(sb, "ports", w->ports);
	put_keys(sb, w);
	sb_puts(sb, at + sizeof place - 1);
	return sb->cut ? -1 : 0;
}

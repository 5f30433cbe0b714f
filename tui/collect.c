/* Takes the collector's words from the evidence of this machine. See collect.h. */
#include "collect.h"

#include <stdlib.h>
#include <string.h>

#include "../core/collector.h"

enum { EXIT_INTERNAL = 1, TEXT = 64 };

/* The words as they are found, with room for those that no slot holds. */
struct words {
	struct collector_words w;
	char laddr[TEXT], client[TEXT], keys[COLLECTOR_KEYS][TEXT];
};

static void
take_key(struct words *k, const struct evidence *ev)
{
	char *fp = k->keys[k->w.nkeys < COLLECTOR_KEYS ? k->w.nkeys : 0];
	char found[TEXT];

	ev_copy(ev, K_FP, found, sizeof found);
	for (size_t i = 0; i < k->w.nkeys; i++)
		if (strcmp(k->w.keys[i], found) == 0)
			return;
	if (found[0] == '\0' || k->w.nkeys == COLLECTOR_KEYS)
		return;
	memcpy(fp, found, sizeof found);
	k->w.keys[k->w.nkeys++] = fp;
}

/* The first address is the one that ssh tries first. */
static void
take_addr(struct words *k, const struct evidence *ev)
{
	if (ev_num(ev, K_ORDER, -1) != 0)
		return;
	k->w.laddr = ev_copy(ev, K_ADDR, k->laddr, sizeof k->laddr);
	k->w.client = ev_copy(ev, K_LOCAL, k->client, sizeof k->client);
	if (k->client[0] != '\0')
		k->w.client_from = "route";
}

static void
take_lines(struct words *k, const struct book *b)
{
	static char scratch[EV_LINE_MAX];

	for (size_t i = 0; i < book_lines(b); i++) {
		const struct ev_line *line = book_line(b, i);
		struct evidence ev;

		if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
			continue;
		if (ev.kind == EV_KEY_FILE || ev.kind == EV_AGENT_KEY)
			take_key(k, &ev);
		else if (ev.kind == EV_RESOLVE_ADDR)
			take_addr(k, &ev);
	}
}

int
collect_print(const struct book *b, const struct diag *d, FILE *out)
{
	static char text[COLLECTOR_MAX];
	static struct words k;
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	if (d != NULL) {
		k.w.target = slot_text(d, SLOT_DEST);
		k.w.user = slot_stored(d, SLOT_USER);
		k.w.port = atoi(slot_text(d, SLOT_PORT));
		take_lines(&k, b);
	}
	if (collector_print(&sb, &k.w) != 0)
		return EXIT_INTERNAL;
	fputs(text, out); /* what could not be written, main() says at the end */
	return 0;
}

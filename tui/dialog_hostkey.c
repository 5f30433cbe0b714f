/*
 * A changed host key: the exhibits, and the question for the end of the new
 * fingerprint, which no screen or report of ours shows. Only who had it from somebody else
 * can type it. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

enum { LABEL = 10, WORDS_LEN = 1024 };

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "DANGEROUS: the server's host key has changed");
}

/* Evidence that speaks for or against the new key. */
static const struct {
	enum ev_kind kind;
	const char *label;
} exhibits[] = {
	{ EV_KNOWN_ENTRY, "Known" },
	{ EV_HOSTKEY_OFFERED, "Shown now" },
	{ EV_HOSTKEY_OTHER, "Other type" },
	{ EV_KNOWN_ELSEWHERE, "Elsewhere" },
	{ EV_HOSTKEY_SSHFP, "SSHFP" },
	{ EV_KNOWN_AGE, "Age" },
};

static void
put_exhibits(const struct view *v, struct doc *doc)
{
	for (size_t k = 0; k < sizeof exhibits / sizeof exhibits[0]; k++) {
		const struct ev_line *line;
		size_t at = 0;
		int n = 0, run = logidx_last_run(v->log, exhibits[k].kind);

		while ((line = logidx_next(v->log, exhibits[k].kind, run, &at)) != NULL) {
			char words[WORDS_LEN];
			struct strbuf sb;

			sb_init(&sb, words, sizeof words);
			log_describe(line, &sb);
			doc_para(doc, LABEL, ROLE_TITLE, n++ == 0 ? exhibits[k].label : "",
			    ROLE_TEXT, words);
		}
	}
}

static void
question(const struct view *v, struct doc *doc)
{
	const struct fixing *f = v->fixing;
	char words[96];

	if (f->tries <= 0) {
		doc_para(doc, 0, ROLE_FAIL, "", ROLE_FAIL,
		    "Three times wrong: locked in this run. Whoever reads the fingerprint to you "
		    "looks at "
		    "another key than the one that was shown here. Stop, and ask who runs the "
		    "server.");
		return;
	}
	doc_para(doc, 0, ROLE_TEXT, "", ROLE_TEXT,
	    "Ask whoever runs the server, by telephone or on its console, never by this "
	    "connection: "
	    "ssh-keygen -lf on its host key prints the fingerprint. Type the last 8 characters as "
	    "THEY read "
	    "them out.");
	doc_gap(doc);
	snprintf(words, sizeof words, "%d %s left; Enter checks, Esc leaves all as it is", f->tries,
	    f->tries == 1 ? "try" : "tries");
	doc_para(doc, 0, f->tries < 3 ? ROLE_WARN : ROLE_DIM, "",
	    f->tries < 3 ? ROLE_WARN : ROLE_DIM, words);
}

static int
draw(const struct view *v, struct area a, int skip)
{
	static const char label[] = "last 8: ";
	struct doc doc;

	doc_begin(&doc, a, skip);
	doc_para(&doc, 0, ROLE_FAIL, "", ROLE_FAIL,
	    "This is what an attack looks like, and a rebuilt server as well. The end of the new "
	    "fingerprint is hidden here and in every copy and report.");
	doc_gap(&doc);
	put_exhibits(v, &doc);
	doc_gap(&doc);
	question(v, &doc);
	if (v->fixing->tries > 0) {
		/* Where there is more than fits, what is typed stays in sight. */
		int at = doc.row - skip + 1 < a.h ? doc.row - skip + 1 : a.h - 1;
		struct area line = area_sub(a, 0, at, a.w, 1);

		doc_gap(&doc);
		if (at >= 0) {
			area_blank(line);
			field_draw(
			    &v->field, line, area_text(line, 0, 0, ROLE_KEY, label), 0, ROLE_TEXT);
		}
		doc.row++;
	}
	return doc.row;
}

const struct dialog dialog_hostkey = { .ctx = CTX_TYPE | CTX_READ, .title = title, .draw = draw };

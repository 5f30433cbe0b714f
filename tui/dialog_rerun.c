/*
 * The question before a re-run that the server may answer with a ban: it
 * counts failed attempts and connections. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "action.h"
#include "doc.h"

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Diagnose again now?");
}

static int
draw(const struct view *v, struct area a, int skip)
{
	char buf[256];
	struct doc doc;

	doc_begin(&doc, a, skip);
	snprintf(buf, sizeof buf,
	    "The last run cost %lld connections and %lld failed logins. A server that counts them "
	    "may refuse this "
	    "machine for a while.",
	    (long long)v->d->connections, (long long)v->d->failed_auth);
	doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, buf);
	doc_gap(&doc);
	if (v->wait_s > 0)
		snprintf(buf, sizeof buf, "Better wait %lld s more.", (long long)v->wait_s);
	else
		snprintf(buf, sizeof buf, "The wait is over.");
	doc_para(&doc, 0, ROLE_TITLE, "", v->wait_s > 0 ? ROLE_WARN : ROLE_PASS, buf);
	doc_gap(&doc);
	doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "y runs it now, Esc does not.");
	return doc.row;
}

const struct dialog dialog_rerun = { .ctx = CTX_ASK, .title = title, .draw = draw };

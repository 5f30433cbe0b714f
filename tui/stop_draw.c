/* A stop rule on the screen: STOP, why, whom to ask, and the time until a retry is safe. Called by the windows. */
#include "panel.h"

#include <stdio.h>

#include "doc.h"

enum { LABEL = 6 };

void
stop_wait(const struct view *v, const struct stop_rule *r, struct doc *doc)
{
	char words[160];

	if (r->wait_s == 0)
		return;
	if (v->wait_s > 0)
		snprintf(words, sizeof words,
		    "%lld:%02lld until a retry is safe, by the defaults of OpenSSH and fail2ban",
		    (long long)(v->wait_s / 60), (long long)(v->wait_s % 60));
	else
		snprintf(words, sizeof words, "that time is over: try once, and not in a loop");
	doc_para(doc, LABEL, ROLE_TITLE, " Wait", v->wait_s > 0 ? ROLE_WARN : ROLE_PASS, words);
}

void
stop_draw(const struct view *v, const struct stop_rule *r, struct doc *doc)
{
	doc_para(doc, 0, ROLE_FAIL, "", ROLE_FAIL, r->what);
	doc_para(doc, LABEL, ROLE_TITLE, "  Why", ROLE_TEXT, r->why);
	doc_para(doc, LABEL, ROLE_TITLE, "  Ask", ROLE_TEXT, r->whom);
	stop_wait(v, r, doc);
}

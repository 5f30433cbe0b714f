/*
 * The hand-over message: of every practice case it names layer, finding, certainty and evidence in 12
 * lines of 80 columns, and nobody; when it began; what was tried; and whom each finding belongs to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalogue.h"
#include "core/handover.h"
#include "core/owner.h"
#include "core/replay.h"
#include "core/rule.h"
#include "core/veil.h"

enum { NOW = 1795740000, NAMES = 200 };

/* A recording, its diagnosis, and its message. */
struct world {
	struct replay *lines;
	struct book *book;
	struct veil *veil;
	const struct diag *d;
	char text[4096];
};

static void
close_world(struct world *w)
{
	veil_free(w->veil);
	book_free(w->book);
	replay_free(w->lines);
}

static void
write_message(struct world *w, bool hide)
{
	FILE *out = fmemopen(w->text, sizeof w->text, "w");
	const struct book *b = w->book;
	const struct diag *d = w->d;
	struct handover_times t;

	assert_non_null(out);
	handover_times(&t, w->book, d->target, NOW);
	if (hide) {
		w->veil = veil_new();
		veil_follow(w->veil, w->book);
		d = veil_diag(w->veil, d);
		b = veil_book(w->veil);
	}
	handover_write(d, b, &t, hide, out);
	fclose(out);
}

/* The message of what a file holds, or a text. */
static void
open_world(struct world *w, FILE *in, const char *name, bool hide)
{
	memset(w, 0, sizeof *w);
	assert_non_null(in);
	w->lines = replay_new();
	w->book = book_new();
	assert_int_equal(replay_read(w->lines, in, name, stderr), 0);
	fclose(in);
	for (size_t i = 0; i < replay_count(w->lines); i++)
		book_add(w->book, replay_line(w->lines, i));
	w->d = book_diag(w->book, replay_target(w->lines));
	assert_non_null(w->d);
	write_message(w, hide);
}

static void
open_text(struct world *w, const char *text, bool hide)
{
	open_world(w, fmemopen((void *)text, strlen(text), "r"), "text", hide);
}

/* Characters of the longest line, and the lines. */
static void
measure(const char *text, int *cols, int *lines)
{
	int x = 0;

	*cols = *lines = 0;
	for (const char *s = text; *s != '\0'; s++) {
		if (*s == '\n') {
			++*lines;
			x = 0;
		} else if ((*s & 0xC0) != 0x80) {
			*cols = ++x > *cols ? x : *cols;
		}
	}
}

static bool
is_edge(char c)
{
	return c == '\0' || !(isalnum((unsigned char)c) || c == '_' || c == '-');
}

static bool
has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = text; (s = strcasestr(s, word)) != NULL; s++)
		if ((s == text || is_edge(s[-1])) && is_edge(s[n]))
			return true;
	return false;
}

/* The hosts, users and addresses that a recording names, by its own fields. */
struct names {
	char at[NAMES][256];
	int n;
};

static void
add_name(struct names *names, const struct evidence *ev, enum ev_key k)
{
	char text[256];

	ev_copy(ev, k, text, sizeof text);
	for (char *s = strtok(text, "@, []"); s != NULL; s = strtok(NULL, "@, []"))
		if (strcmp(s, "none") != 0 && names->n < NAMES)
			strcpy(names->at[names->n++], s);
}

static void
collect_names(struct names *names, const struct world *w)
{
	static const enum ev_key keys[] = { K_HOST, K_USER, K_ADDR, K_LOCAL, K_INPUT, K_ADDRS };
	static const char *const settings[] = { "host", "hostname", "user", "proxyjump" };
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	names->n = 0;
	for (size_t i = 0; i < replay_count(w->lines); i++) {
		const struct ev_line *line = replay_line(w->lines, i);

		if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
			continue;
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			add_name(names, &ev, keys[k]);
		for (size_t k = 0; ev.kind == EV_CONFIG_VALUE && k < 4; k++)
			if (ev_is(&ev, K_NAME, settings[k]))
				add_name(names, &ev, K_VALUE);
		if (ev.kind == EV_RESOLVE_RESULT)
			add_name(names, &ev, K_NAME);
	}
}

/* What is wrong with the message of a recording, "" for nothing. */
static void
judge(const struct world *w, bool names_matter, char *why, size_t cap)
{
	const struct verdict *v = &w->d->verdict;
	static struct names names;
	int cols, lines;

	why[0] = '\0';
	measure(w->text, &cols, &lines);
	if (lines > HANDOVER_LINES || cols > HANDOVER_COLS || lines < 9)
		snprintf(why, cap, "%d lines, %d columns", lines, cols);
	else if (!v->healthy && v->rule != NULL &&
		 (strstr(w->text, v->rule->id) == NULL ||
		     strstr(w->text, layer_name(v->rule->layer)) == NULL ||
		     strstr(w->text, certainty_name(v->certainty)) == NULL))
		snprintf(why, cap, "layer, finding or certainty is missing");
	else if (!v->healthy && v->finding >= 0 && w->d->findings[v->finding].nev > 0 &&
		 strstr(w->text, "\nEvidence  #") == NULL)
		snprintf(why, cap, "the deciding evidence is missing");
	else if (v->rule != NULL && !v->healthy && strstr(w->text, "\nOwner     nobody") != NULL)
		snprintf(why, cap, "nobody owns it");
	collect_names(&names, w);
	for (int i = 0; names_matter && i < names.n; i++)
		if (strcmp(names.at[i], "root") != 0 &&
		    has_word(w->text, names.at[i])) /* root names nobody */
			snprintf(why, cap, "it names %s", names.at[i]);
}

/* Every recording of a folder. Returns how many. */
static int
judge_all(const char *folder, bool names_matter, bool evidence)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, NULL, alphasort), count = 0, bad = 0;

	for (int i = 0; i < n; i++) {
		char path[600], why[512];
		const char *end = strrchr(list[i]->d_name, '.');
		struct world w;

		snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		free(list[i]);
		if (end == NULL || strcmp(strrchr(path, '.'), ".ev") != 0)
			continue;
		count++;
		open_world(&w, fopen(path, "re"), path, true);
		judge(&w, names_matter, why, sizeof why);
		if (why[0] == '\0' && evidence && !w.d->verdict.healthy &&
		    strstr(w.text, "\nEvidence  #") == NULL)
			snprintf(why, sizeof why, "no evidence is named");
		if (why[0] != '\0') {
			bad++;
			print_error("%s: %s\n%s", path, why, w.text);
		}
		close_world(&w);
	}
	free(list);
	assert_int_equal(bad, 0);
	return count;
}

static void
practice_cases_are_handed_over(void **state)
{
	(void)state;
	assert_true(judge_all("tests/practice", true, true) >= 6);
}

/* The line that decides is named, not one that many other findings rest on too; and the sentence is whole. */
static void
the_line_that_decides_is_named(void **state)
{
	static const struct {
		const char *name, *says;
	} cases[] = {
		{ "agent-locked", "\nEvidence  #56 agent: ok at " },
		{ "agent-stale", "\nEvidence  #55 agent: refused at " },
		{ "agent-ignored", "#17 identitiesonly yes\n" },
		{ "hostkey-unknown", "#24 stricthostkeychecking true" },
		{ "key-open", "others may read it, mode 0644" },
		{ "key-locked", " encrypted, " },
		{ "key-damaged", " unparsable, " },
		{ "key-misnamed", "; #54 key " },
		{ "key-missing", ": missing," },
		{ "key-not-offered", "\nEvidence  #82 key accepted: " },
		{ "max-startups", "says: Exceeded MaxStartups" },
		{ "other-user", "Please login as the user" },
		{ "timeout", "port 2022: timeout, " },
		{ "hostkey-revoked", " is marked as\n          revoked in " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char path[64];
		struct world w;

		snprintf(path, sizeof path, "tests/practice/%s.ev", cases[i].name);
		open_world(&w, fopen(path, "re"), path, true);
		if (strstr(w.text, cases[i].says) == NULL)
			fail_msg("%s: no \"%s\" in\n%s", path, cases[i].says, w.text);
		close_world(&w);
	}
}

static void
every_recording_fits(void **state)
{
	(void)state;
	assert_true(judge_all("tests/golden/cases", false, false) >= 50);
}

#define RUN(run, now) \
	"1 0.0." run " client/0 run.start input=alice@web1 host=web1 user=alice port=0 " \
	"args=\"\" version=0 now=" now " from=\"\"\n" \
	"2 0.0." run " client/0 config.value name=user value=alice\n" \
	"2 0.0." run " client/0 config.value name=hostname value=web1\n" \
	"3 0.0." run " client/0 config.result result=ok took_us=9\n"
#define REFUSED(run) \
	"4 0.0." run " client/0 resolve.result name=web1 result=nxdomain text=x took_us=9\n" \
	"9 0.0." run " client/0 run.end reason=done connections=1 failed_auth=0\n"

static void
it_says_since_when(void **state)
{
	struct world w;

	(void)state;
	open_text(&w, RUN("0", "1795733400") REFUSED("0"), false);
	assert_non_null(
	    strstr(w.text, "\nSince     seen 2026-11-26 22:50:00 UTC; sent 110 min after\n"));
	assert_non_null(strstr(w.text, "layer transport, dns-nxdomain, "));
	assert_non_null(strstr(w.text, "\nFor       alice at web1"));
	assert_non_null(strstr(w.text, "\nTried     nothing was changed\n"));
	assert_non_null(strstr(w.text, "\nOwner     network ("));
	close_world(&w);
	open_text(
	    &w, RUN("0", "1795733400") REFUSED("0") RUN("1", "1795737000") REFUSED("1"), false);
	assert_non_null(strstr(w.text, "\nSince     seen 2026-11-26 22:50:00 UTC, again "
				       "60 min later; sent 50 min after\n"));
	close_world(&w);
	open_text(&w, RUN("0", "1709251199") REFUSED("0"), false);
	assert_non_null(strstr(w.text, "\nSince     seen 2024-02-29 23:59:59 UTC;"));
	close_world(&w);
	open_text(&w, RUN("0", "0") REFUSED("0"), false);
	assert_non_null(strstr(w.text, "\nSince     not known: no clock in the evidence\n"));
	close_world(&w);
}

/* A run that worked in between ends what failed before it. */
static void
a_good_run_ends_what_was_before(void **state)
{
	FILE *in = fopen("tests/practice/healthy.ev", "re");
	static char text[256 * 1024];
	size_t n;
	struct world w;
	char *s;

	(void)state;
	assert_non_null(in);
	n = (size_t)snprintf(text, sizeof text, "%s", RUN("0", "1795700000") REFUSED("0"));
	n += fread(text + n, 1, sizeof text - n - 1024, in);
	fclose(in);
	for (s = text + strlen(RUN("0", "1795700000") REFUSED("0"));
	     (s = strstr(s, " 0.0.0 ")) != NULL; s++)
		s[5] = '1';
	snprintf(text + n, sizeof text - n, "%s", RUN("2", "1795739000") REFUSED("2"));
	open_text(&w, text, true);
	assert_non_null(strstr(w.text, "\nSince     seen 2026-11-27 00:23:20 UTC;"));
	close_world(&w);
}

static void
it_says_what_was_tried(void **state)
{
	struct world w;

	(void)state;
	open_text(&w,
	    RUN("0", "1795733400") REFUSED(
		"0") "10 0.0.0 client/0 fix.preview fix=correct-hosts side=client state=end "
		     "count=1\n"
		     "11 0.0.0 client/0 fix.applied fix=correct-hosts side=client id=1 state=done\n"
		     "12 0.0.0 client/0 fix.undone fix=correct-hosts side=client id=1 "
		     "state=undone\n"
		     "13 0.0.0 client/0 fix.applied fix=set-port side=client id=2 state=done\n"
		     "14 0.0.0 client/0 fix.failed fix=use-address side=client what=preview\n"
		     "15 0.0.0 client/0 fix.failed fix=open-key side=client what=apply\n",
	    true);
	assert_non_null(strstr(
	    w.text, "\nTried     correct-hosts: undone, set-port: applied, open-key: failed\n"));
	assert_null(strstr(w.text, "alice"));
	assert_null(strstr(w.text, "web1"));
	close_world(&w);
}

/* Nothing from outside makes a line longer, whatever it is made of. */
static void
long_words_are_cut(void **state)
{
	static char text[16 * 1024];
	struct strbuf sb;
	struct world w;
	int cols, lines;

	(void)state;
	sb_init(&sb, text, sizeof text);
	sb_puts(&sb, RUN("0", "1795733400"));
	sb_puts(&sb, "4 0.0.0 client/0 banner.end reason=invalid guess=HTTP text=\"");
	for (int i = 0; i < 400; i++)
		sb_puts(&sb, "\xe6\x97\xa5x");
	sb_puts(&sb, "\" lines=1 bytes=9 took_us=9\n");
	sb_puts(&sb, "5 0.0.0 client/0 banner.line line=1 text=\"");
	for (int i = 0; i < 400; i++)
		sb_puts(&sb, "\xe6\x97\xa5x");
	sb_puts(&sb, "\"\n");
	open_text(&w, text, true);
	measure(w.text, &cols, &lines);
	assert_in_range(lines, 9, HANDOVER_LINES);
	assert_in_range(cols, 1, HANDOVER_COLS);
	close_world(&w);
}

static void
each_finding_has_an_owner(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_count(); i++) {
		const char *id = catalogue_at(i)->id;

		if ((owner_of(id) == OWNER_NONE) != (strcmp(id, "healthy") == 0))
			fail_msg("%s has no row in owner.c", id);
	}
	assert_int_equal(owner_of("no-such-finding"), OWNER_NONE);
	assert_string_equal(owner_name(owner_of("auth-key-rejected")), "identity");
	assert_string_equal(owner_name(owner_of("tcp-timeout")), "network");
	assert_string_equal(owner_name(owner_of("hostkey-changed")), "server");
	assert_string_equal(owner_name(owner_of("key-perms-open")), "user");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(practice_cases_are_handed_over),
		cmocka_unit_test(the_line_that_decides_is_named),
		cmocka_unit_test(every_recording_fits),
		cmocka_unit_test(it_says_since_when),
		cmocka_unit_test(a_good_run_ends_what_was_before),
		cmocka_unit_test(it_says_what_was_tried),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(each_finding_has_an_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

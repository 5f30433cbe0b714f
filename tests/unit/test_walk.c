/*
 * The walkthrough's scripts: they can be read, each id in them exists, each way comes to an end; and each
 * recording of a login, played through them by what its evidence answers, comes to an end as well, with the
 * answer's words in the lines that a step marks.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

#include "core/book.h"
#include "core/catalogue.h"
#include "core/fix.h"
#include "core/glossary.h"
#include "core/paste.h"
#include "core/replay.h"
#include "core/rule.h"
#include "core/stop.h"
#include "core/walker.h"

enum { SCRIPTS = 32, WORDS = 64 * 1024 };

static struct walk scripts[SCRIPTS];
static int nscripts;
/* How often the evidence of a recording decided for an answer, and a bit for each of its words that was found then. */
static int decided[SCRIPTS][WALK_STEPS][WALK_ANSWERS];
static uint32_t found[SCRIPTS][WALK_STEPS][WALK_ANSWERS];

static int
read_scripts(void **state)
{
	char err[128];

	(void)state;
	nscripts = (int)walk_count();
	assert_in_range(nscripts, 10, SCRIPTS);
	for (int i = 0; i < nscripts; i++) {
		const char *text = walk_text((size_t)i);

		if (walk_parse(&scripts[i], text, strlen(text), err, sizeof err) != 0)
			fail_msg("%.40s...: %s", text, err);
	}
	return 0;
}

static int
by_name(const char *name)
{
	for (int i = 0; i < nscripts; i++)
		if (strcmp(scripts[i].name, name) == 0)
			return i;
	return -1;
}

static void
check_ids(const struct walk *w, const struct walk_step *s)
{
	struct glossary_row row;

	for (int i = 0; i < s->nfixes; i++)
		if (fix_by_id(s->fixes[i]) == NULL)
			fail_msg("%s, %s: no fix %s", w->name, s->name, s->fixes[i]);
	for (int i = 0; i < s->nterms; i++)
		if (!glossary_find(s->terms[i], &row))
			fail_msg(
			    "%s, %s: %s is not in the glossary", w->name, s->name, s->terms[i]);
	for (int k = 0; k < s->answers; k++)
		for (int i = 0; i < s->answer[k].whens; i++)
			for (int t = 0; t < s->answer[k].terms[i]; t++) {
				char ids[512], *at = ids, *id;
				const char *list = s->answer[k].when[i][t].finding;

				snprintf(ids, sizeof ids, "%s", list != NULL ? list : "");
				while (list != NULL && (id = strsep(&at, "|")) != NULL)
					if (rule_by_id(id) == NULL)
						fail_msg(
						    "%s, %s: no rule %s", w->name, s->name, id);
			}
}

static void
every_id_exists(void **state)
{
	(void)state;
	for (int i = 0; i < nscripts; i++) {
		const struct walk *w = &scripts[i];

		for (int k = 0; k < i; k++)
			assert_string_not_equal(scripts[k].name, w->name);
		for (int a = 0; a < w->nabout; a++)
			if (catalogue_by_id(w->about[a]) == NULL)
				fail_msg("%s: no finding %s", w->name, w->about[a]);
		for (int s = 0; s < w->steps; s++)
			check_ids(w, &w->step[s]);
	}
}

/* Each finding belongs to one script at most. */
static void
one_script_a_finding(void **state)
{
	(void)state;
	for (int i = 0; i < nscripts; i++)
		for (int a = 0; a < scripts[i].nabout; a++)
			for (int k = 0; k < nscripts; k++)
				for (int b = 0; b < scripts[k].nabout; b++)
					if ((k != i || b != a) &&
					    strcmp(scripts[i].about[a], scripts[k].about[b]) == 0)
						fail_msg("%s: in %s and %s", scripts[i].about[a],
						    scripts[i].name, scripts[k].name);
}

/* What a step must have, so that nobody is left alone with it. */
static void
steps_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < nscripts; i++)
		for (int n = 0; n < scripts[i].steps; n++) {
			const struct walk_step *s = &scripts[i].step[n];
			bool asks = s->end == WALK_ASKS;

			if (asks && (s->finds == NULL || s->nlook == 0 || s->nmeans == 0))
				fail_msg("%s, %s: says not what it finds out, or where to look",
				    scripts[i].name, s->name);
			if (!asks && s->whom == NULL)
				fail_msg("%s, %s: names nobody", scripts[i].name, s->name);
			for (int k = 0; k < s->answers; k++) {
				const struct walk_answer *a = &s->answer[k];

				if ((a->whens > 0) != (a->words != NULL))
					fail_msg(
					    "%s, %s, \"%s\": decided by evidence that has no words",
					    scripts[i].name, s->name, a->text);
			}
			/* The way of who does not know is the last answer. */
			if (asks && s->answer[s->answers - 1].whens > 0)
				fail_msg("%s, %s: nothing is left for who does not know",
				    scripts[i].name, s->name);
		}
}

/* All ways from a step: each comes to an end, none comes back. */
static void
follow(int w, int s, int depth, bool on_way[SCRIPTS][WALK_STEPS], bool reached[SCRIPTS][WALK_STEPS],
    bool over[SCRIPTS][WALK_STEPS])
{
	const struct walk_step *step = &scripts[w].step[s];

	if (on_way[w][s])
		fail_msg("%s, %s: a way leads back here", scripts[w].name, step->name);
	if (over[w][s])
		return;
	assert_true(depth < WALKER_TRAIL);
	reached[w][s] = on_way[w][s] = true;
	for (int k = 0; k < step->answers; k++) {
		const struct walk_answer *a = &step->answer[k];
		int to = a->to >= 0 ? w : by_name(a->next + 1);

		if (to < 0)
			fail_msg("%s, %s: no script %s", scripts[w].name, step->name, a->next);
		follow(to, a->to >= 0 ? a->to : 0, depth + 1, on_way, reached, over);
	}
	on_way[w][s] = false;
	over[w][s] = true;
}

static void
every_way_ends(void **state)
{
	static bool on_way[SCRIPTS][WALK_STEPS], reached[SCRIPTS][WALK_STEPS],
	    over[SCRIPTS][WALK_STEPS];

	(void)state;
	follow(by_name("general"), 0, 0, on_way, reached, over);
	for (int i = 0; i < nscripts; i++)
		for (int s = 0; s < scripts[i].steps; s++)
			if (!reached[i][s])
				fail_msg("%s, %s: no way from the general script leads here",
				    scripts[i].name, scripts[i].step[s].name);
}

/* Fixes are open at a fix, and by then a step of the way has named the cause. */
static void
cause_before_a_fix(void **state)
{
	(void)state;
	for (int i = 0; i < nscripts; i++)
		for (int s = 0; s < scripts[i].steps; s++)
			for (int k = 0; k < scripts[i].step[s].answers; k++)
				assert_true(scripts[i].step[s].answer[k].to != s);
}

/* What a script is about, and shows in authentication, the general script leads to. */
static void
verdicts_lead_to_their_script(void **state)
{
	struct diag *d = calloc(1, sizeof *d);
	const struct walk *g = &scripts[by_name("general")];
	int n = 0, wrong = 0;

	(void)state;
	assert_non_null(d);
	while (strcmp(g->step[n].name, "auth") != 0)
		assert_true(++n < g->steps);
	for (int i = 0; i < nscripts; i++)
		for (int a = 0; a < scripts[i].nabout; a++) {
			const struct rule *rule = rule_by_id(scripts[i].about[a]);
			int k;

			if (rule == NULL || rule->layer != LAYER_AUTHENTICATION || &scripts[i] == g)
				continue;
			d->verdict = (struct verdict){ .rule = rule, .final = true };
			k = walk_decided(d, &g->step[n]);
			if (k >= 0 && strcmp(g->step[n].answer[k].next + 1, scripts[i].name) == 0)
				continue;
			print_error("%s: the general script does not lead to %s\n", rule->id,
			    scripts[i].name);
			wrong++;
		}
	assert_int_equal(wrong, 0);
	free(d);
}

static void
glossary_is_short(void **state)
{
	struct glossary_row a, b = { "", "" };
	size_t n = 0;

	(void)state;
	for (; glossary_at(n, &a); n++, b = a) {
		assert_true(strcasecmp(b.term, a.term) < 0);
		assert_in_range(
		    strlen(a.text), 10, 2 * 62); /* two rows of a window of 80 columns */
	}
	assert_in_range(n, 20, 100);
}

static void
stop_rules(void **state)
{
	struct diag *d = calloc(1, sizeof *d);

	(void)state;
	assert_non_null(d);
	for (size_t i = 0; i < stop_count(); i++) {
		const struct stop_rule *r = stop_at(i);
		char ids[1024], *at = ids, *id;

		assert_int_equal(strncmp(r->what, "STOP: ", 6), 0);
		assert_non_null(r->why);
		assert_non_null(r->whom);
		snprintf(ids, sizeof ids, "%s", r->findings != NULL ? r->findings : r->fixes);
		while ((id = strsep(&at, "|")) != NULL) {
			if (r->findings != NULL)
				assert_ptr_equal(
				    stop_of_finding(&(struct finding){ .rule = rule_by_id(id) }),
				    r);
			else if (fix_by_id(id) == NULL)
				fail_msg("no fix %s", id);
			else
				assert_ptr_equal(stop_of_fix(fix_by_id(id)), r);
		}
	}
	for (size_t i = 0; i < fixes_count(); i++)
		if (fix_at(i)->side == SIDE_SERVER && fix_at(i)->risk == RISK_HIGH)
			assert_non_null(stop_of_fix(fix_at(i)));
	assert_null(stop_of_fix(fix_by_id("chmod-key")));
	assert_null(stop_of(d));
	d->findings[0] =
	    (struct finding){ .rule = rule_by_id("banner-source-penalty"), .severity = SEV_FAIL };
	d->nfindings = 1;
	d->last_us = 5000000;
	assert_int_equal(stop_wait_s(d, 9000000), 0); /* the run goes on */
	d->ended = true;
	assert_int_equal(stop_wait_s(d, 5000000), 600);
	assert_int_equal(stop_wait_s(d, 6100000), 599);
	assert_int_equal(stop_wait_s(d, 605000000), 0);
	assert_int_equal(stop_wait_s(d, 9905000000), 0);
	free(d);
}

/* ---- recordings ---------------------------------------------------------------- */

static void
describe(const struct ev_line *line, char *words, enum ev_kind *kind)
{
	static char scratch[EV_LINE_MAX + 1];
	struct evidence ev;
	struct strbuf sb;

	sb_init(&sb, words, WORDS);
	*kind = EV__COUNT;
	if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
		return;
	*kind = ev.kind;
	ev_describe(&ev, &sb);
}

/* The next of an answer's words, which "|" parts one from another. False where there is none. */
static bool
next_words(const char **at, struct walk_answer *one)
{
	static char copy[256];
	size_t len = strcspn(*at, "|");

	if (len == 0)
		return false;
	snprintf(copy, sizeof copy, "%.*s", (int)len, *at);
	one->words = copy;
	*at += len + ((*at)[len] == '|');
	return true;
}

/* A bit for each of the answer's words that stands in a line of the recording which the step looks at. */
static uint32_t
shown(const struct replay *r, const struct walk_step *s, const struct walk_answer *a)
{
	static char words[WORDS];
	enum ev_kind kind;
	uint32_t bits = 0;

	for (size_t i = 0; i < replay_count(r); i++) {
		const char *at = a->words;
		struct walk_answer one;

		describe(replay_line(r, i), words, &kind);
		if (kind == EV__COUNT || !walk_looks_at(s, kind))
			continue;
		for (int b = 0; next_words(&at, &one); b++) {
			assert_true(b < 32);
			bits |= walk_shows(&one, words) ? UINT32_C(1) << b : 0;
		}
	}
	return bits;
}

/* Whether a line of the recording that the step looks at shows the answer; it is noted as seen. */
static bool
is_shown(const struct replay *r, int script, int step, int answer)
{
	const struct walk_step *s = &scripts[script].step[step];
	uint32_t bits = shown(r, s, &s->answer[answer]);

	found[script][step][answer] |= bits;
	decided[script][step][answer] += bits != 0;
	return bits != 0;
}

/* Play a recording from the beginning of a script to an end, by what its evidence answers. */
static void
play(const char *script, const struct diag *d)
{
	static struct walker w;

	assert_true(walker_begin(&w, script));
	for (int i = 0; walker_step(&w)->end == WALK_ASKS; i++) {
		int k = walk_decided(d, walker_step(&w));

		assert_true(i < WALKER_TRAIL);
		assert_true(walker_answer(&w, k, k >= 0));
	}
}

/*
 * Whatever way a person takes: at each step that the evidence answers, lines that it marks have the answer's words. Such
 * answers are noted as seen. Returns the number of those that no line shows.
 */
static int
check_steps(const char *name, const struct replay *r, const struct diag *d)
{
	int wrong = 0;

	for (int i = 0; i < nscripts; i++)
		for (int n = 0; n < scripts[i].steps; n++) {
			const struct walk_step *s = &scripts[i].step[n];
			int k = walk_decided(d, s);

			if (k >= 0 && !is_shown(r, i, n, k)) {
				print_error("%s: %s, %s: the evidence decides for \"%s\", and no "
					    "line has \"%s\"\n",
				    name, scripts[i].name, s->name, s->answer[k].text,
				    s->answer[k].words);
				wrong++;
			}
		}
	return wrong;
}

/* Play what was read from the general script, and from that of its own verdict; and look at every step. */
static int
play_both(const char *name, const struct replay *r)
{
	static struct walk w;
	struct book *b = book_new();
	const struct diag *d;
	int wrong;

	for (size_t i = 0; i < replay_count(r); i++)
		book_add(b, replay_line(r, i));
	d = book_diag(b, replay_target(r));
	assert_non_null(d);
	play("general", d);
	if (d->verdict.rule != NULL && walk_load(&w, d->verdict.rule->id))
		play(w.name, d);
	wrong = check_steps(name, r, d);
	book_free(b);
	return wrong;
}

static int
play_file(const char *dir, const char *file)
{
	char path[512];
	struct replay *r = replay_new();
	FILE *in, *none = fopen("/dev/null", "w");
	int n;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	assert_non_null(r);
	assert_non_null(none);
	assert_non_null(in = fopen(path, "r"));
	assert_int_equal(replay_read(r, in, file, none), 0);
	fclose(in);
	fclose(none);
	n = play_both(path, r);
	replay_free(r);
	return n;
}

static void
every_recording_ends(void **state)
{
	static const char *const dirs[] = { "tests/golden/cases", "tests/practice" };
	int files = 0, wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		DIR *d = opendir(dirs[i]);
		struct dirent *e;

		assert_non_null(d);
		while ((e = readdir(d)) != NULL) {
			size_t len = strlen(e->d_name);

			if (len < 4 || strcmp(e->d_name + len - 3, ".ev") != 0)
				continue;
			files++;
			wrong += play_file(dirs[i], e->d_name);
		}
		closedir(d);
	}
	assert_true(files > 200);
	assert_int_equal(wrong, 0);
}

/* Read the texts of one side of a folder of tests/transcripts. Returns how many there were. */
static int
read_side(struct paste *p, const char *folder, const char *side)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[768];
		FILE *in;

		if (strncmp(e->d_name, side, strlen(side)) != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		assert_non_null(in = fopen(path, "r"));
		assert_int_equal(paste_read(p, in, e->d_name, stderr), 0);
		fclose(in);
		n++;
	}
	closedir(d);
	return n;
}

/* What people paste: the texts of a folder, of one side or of both, the client's first. */
static int
play_texts(const char *folder, bool client, bool server)
{
	struct replay *r = replay_new();
	struct paste *p = paste_new(r, NULL, 1790000000, 0);
	char name[600];
	int texts = 0, wrong = 0;

	assert_non_null(p);
	texts += client ? read_side(p, folder, "client.") : 0;
	texts += server ? read_side(p, folder, "server.") : 0;
	assert_int_equal(paste_end(p), 0);
	snprintf(name, sizeof name, "%s, %s", folder,
	    client && server ? "both sides"
	    : client         ? "the client's side"
			     : "the server's side");
	if (texts > 0)
		wrong = play_both(name, r);
	paste_free(p);
	replay_free(r);
	return wrong;
}

static void
every_transcript_ends(void **state)
{
	DIR *d = opendir("tests/transcripts");
	struct dirent *e;
	int folders = 0, wrong = 0;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char folder[512];

		if (e->d_name[0] == '.')
			continue;
		snprintf(folder, sizeof folder, "tests/transcripts/%s", e->d_name);
		folders++;
		wrong += play_texts(folder, true, false) + play_texts(folder, false, true) +
			 play_texts(folder, true, true);
	}
	closedir(d);
	assert_true(folders > 400);
	assert_int_equal(wrong, 0);
}

/* Each answer that evidence can give was given by some recording or text, and its words were found there. */
static void
every_answer_is_seen_somewhere(void **state)
{
	int missing = 0, answers = 0;

	(void)state;
	for (int i = 0; i < nscripts; i++)
		for (int s = 0; s < scripts[i].steps; s++) {
			const struct walk_step *step = &scripts[i].step[s];

			for (int k = 0; k < step->answers; k++) {
				answers += decided[i][s][k] > 0;
				if (step->answer[k].whens == 0 || decided[i][s][k] > 0)
					continue;
				print_error("%s, %s: nothing gives the answer \"%s\"\n",
				    scripts[i].name, step->name, step->answer[k].text);
				missing++;
			}
		}
	assert_int_equal(missing, 0);
	assert_true(answers > 100);
	/* A list that cannot be read is not a key that somebody revoked. */
	assert_true(decided[by_name("hostkey-changed")][0][0] > 0);
	assert_true(decided[by_name("hostkey-changed")][0][1] > 0);
}

/* Words that an answer has for what no recording and no text shows, and whence they are. */
static const struct {
	const char *script, *step, *words, *why;
} unseen[] = {
	{ "account", "when", "shut", "shutdown(8) writes it to /run/nologin" },
	{ "agent", "state", "agent: denied", "a result of agent.result" },
	{ "agent", "state", "agent: garbage", "a result of agent.result" },
	{ "config", "fault", "untested", "a result of tcp.result" },
	{ "config", "fault", "missing", "a result of config.result: no ssh" },
	{ "general", "config", "missing", "a result of config.result: no ssh" },
	{ "general", "config", "timeout", "a result of config.result: a Match exec that hangs" },
	{ "general", "tcp", ": error", "a result of tcp.result: the other errors of connect(2)" },
	{ "general", "tcp", "untested", "a result of tcp.result" },
	{ "general", "auth", ": unreadable", "a state of key.file" },
	{ "key", "files", ": public", "a state of key.file" },
	{ "key-rejected", "log", "key-absent", "of the collector: told.def" },
	{ "key-rejected", "log", "no-account", "of the collector: told.def" },
	{ "name", "say", "timeout", "a result of resolve.result" },
	{ "refused", "elsewhere", "other", "a result of port.result" },
	{ "refused", "elsewhere", "closed", "a result of port.result" },
	{ "refused", "console", "server's stopped", "a log whose last line that is: told.def" },
	{ "session", "what", "closed", "a result of session.request" },
	{ "session", "log", "disk-full", "of the collector: told.def" },
	{ "timeout", "kind", ": error", "a result of tcp.result: the other errors of connect(2)" },
};

/* The row of the table; -1 for none. */
static int
unseen_row(const char *script, const char *step, const char *words)
{
	for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (strcmp(unseen[i].script, script) == 0 && strcmp(unseen[i].step, step) == 0 &&
		    strcmp(unseen[i].words, words) == 0)
			return (int)i;
	return -1;
}

/* All words of an answer: each was found in a line of some recording or text, or is in the table. Returns how many were not. */
static int
words_missing(int i, int n, int k, bool used[])
{
	const struct walk_step *s = &scripts[i].step[n];
	const char *at = s->answer[k].words;
	struct walk_answer one;
	int missing = 0;

	for (int b = 0; at != NULL && next_words(&at, &one); b++) {
		int row = unseen_row(scripts[i].name, s->name, one.words);
		bool is_found = (found[i][n][k] >> b & 1) != 0;

		if (row >= 0 && !is_found)
			used[row] = true;
		if (row >= 0 || is_found)
			continue;
		print_error("%s, %s, \"%s\": no line has \"%s\"\n", scripts[i].name, s->name,
		    s->answer[k].text, one.words);
		missing++;
	}
	return missing;
}

static void
every_word_is_seen_somewhere(void **state)
{
	bool used[sizeof unseen / sizeof *unseen] = { false };
	int missing = 0;

	(void)state;
	for (int i = 0; i < nscripts; i++)
		for (int n = 0; n < scripts[i].steps; n++)
			for (int k = 0; k < scripts[i].step[n].answers; k++)
				missing += words_missing(i, n, k, used);
	for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (!used[i])
			fail_msg("%s, %s: \"%s\" is seen, or gone", unseen[i].script,
			    unseen[i].step, unseen[i].words);
	assert_int_equal(missing, 0);
}

/* What only a server's own text answers: pasted, it decides in the script of its class. */
static void
texts_decide(void **state)
{
	static const struct {
		const char *script, *step, *text;
		int answer;
	} all[] = {
		{ "account", "log",
		    "Nov 27 10:00:00 web sshd[9]: pam_unix(sshd:account): account alice has "
		    "expired (account expired)\n"
		    "Nov 27 10:00:00 web sshd[9]: fatal: Access denied for user alice by PAM "
		    "account configuration [preauth]\n",
		    0 },
		{ "banner", "closed",
		    "Nov 27 10:00:00 web sshd[9]: refused connect from 192.0.2.7 (192.0.2.7)\n",
		    0 },
		{ "kex", "log",
		    "Nov 27 10:00:00 web sshd[9]: Unable to negotiate with 192.0.2.7 port 40000: "
		    "no matching key "
		    "exchange method found. Their offer: diffie-hellman-group1-sha1 [preauth]\n",
		    1 },
		{ "session", "log",
		    "Nov 27 10:00:00 web sshd[9]: Accepted publickey for alice from 192.0.2.7 port "
		    "40000 ssh2: ED25519 SHA256:x\n"
		    "Nov 27 10:00:00 web sshd[9]: fatal: bad ownership or modes for chroot "
		    "directory \"/srv/x\"\n",
		    0 },
		{ "timeout", "console",
		    "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
		    "LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:((\"sshd\",pid=1,fd=3))\n",
		    3 },
		{ "key-rejected", "log",
		    "Nov 27 10:00:00 web sshd[9]: User alice from 192.0.2.7 not allowed because "
		    "not listed in AllowUsers\n",
		    3 },
	};
	static struct walk w;
	struct target t;
	char err[128];

	(void)state;
	assert_int_equal(target_parse(&t, "alice@web", err, sizeof err), 0);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct replay *r = replay_new();
		struct book *b = book_new();
		struct paste *p = paste_new(r, &t, 1795773600, 0);
		FILE *in = fmemopen((void *)(uintptr_t)all[i].text, strlen(all[i].text), "r");
		int s = 0, k;

		assert_int_equal(paste_read(p, in, "text", stderr), 0);
		assert_int_equal(paste_end(p), 0);
		fclose(in);
		for (size_t n = 0; n < replay_count(r); n++)
			book_add(b, replay_line(r, n));
		assert_true(walk_load(&w, all[i].script));
		while (strcmp(w.step[s].name, all[i].step) != 0)
			assert_true(++s < w.steps);
		k = walk_decided(book_diag(b, replay_target(r)), &w.step[s]);
		if (k != all[i].answer)
			fail_msg("%s, %s: decided for %d", all[i].script, all[i].step, k);
		assert_true(is_shown(r, by_name(w.name), s, k));
		paste_free(p);
		book_free(b);
		replay_free(r);
	}
}

/* A changed key that is known under another name: the recording of a practice, with that line in it. */
static void
another_name(void **state)
{
	static const char line[] = "19000 0.0.0 client/0 known.elsewhere name=old-web "
				   "file=/tmp/practice/known_hosts line=2";
	static struct walk w;
	struct replay *r = replay_new();
	struct book *b = book_new();
	FILE *in = fopen("tests/practice/hostkey-changed.ev", "r");
	int k;

	(void)state;
	assert_non_null(in);
	assert_int_equal(replay_read(r, in, "hostkey-changed", stderr), 0);
	fclose(in);
	assert_int_equal(replay_add(r, line, sizeof line - 1), 0);
	for (size_t n = 0; n < replay_count(r); n++)
		book_add(b, replay_line(r, n));
	assert_true(walk_load(&w, "hostkey-changed"));
	assert_string_equal(w.step[1].name, "told");
	k = walk_decided(book_diag(b, 0), &w.step[1]);
	assert_int_equal(k, 1);
	assert_true(is_shown(r, by_name(w.name), 1, k));
	book_free(b);
	replay_free(r);
}

/* ---- the way -------------------------------------------------------------------- */

static void
back_and_skip(void **state)
{
	static struct walker w;

	(void)state;
	assert_false(walker_begin(&w, "no-such-script"));
	assert_true(walker_begin(&w, "auth-strictmodes")); /* by a finding */
	assert_string_equal(w.walk.name, "key-rejected");
	assert_true(walker_begin(&w, "general"));
	assert_false(walker_back(&w));
	assert_true(walker_answer(&w, 1, true)); /* into another script */
	assert_string_equal(w.walk.name, "config");
	assert_int_equal(w.at, 0);
	assert_false(w.unlocked);
	assert_true(walker_back(&w));
	assert_string_equal(w.walk.name, "general");
	assert_int_equal(w.at, 0);
	assert_true(walker_answer(&w, -1, false)); /* skipped */
	assert_int_equal(w.passed, 1);
	assert_int_equal(w.trail[0].answer, -1);
	assert_string_equal(walker_step(&w)->name, "name");
	assert_false(walker_answer(&w, WALK_ANSWERS, false));
	assert_true(walker_answer(&w, 1, false));
	assert_true(w.unlocked); /* the cause is known from there on */
	while (walker_step(&w)->end == WALK_ASKS)
		assert_true(walker_answer(&w, 0, false));
	assert_false(walker_answer(&w, 0, false));
}

static void
wrong_scripts(void **state)
{
	static const struct {
		const char *text, *why;
	} all[] = {
		{ "", "line 0: there is no name, title or step" },
		{ "walk A b\n", "line 1: a name has small letters, digits and dashes" },
		{ "walk a\ntitle x\nstep s\ntitle t\n", "line 4: a step has a title" },
		{ "walk a\nhand x\n", "line 2: this does not belong here" },
		{ "walk a\nfoo x\n", "line 2: there is no such keyword" },
		{ "walk a\ntitle x\ntitle y\n", "line 3: this is said twice" },
		{ "walk a\ntitle x\nstep s\nwhen X\n", "line 4: this does not belong here" },
		{ "walk a\ntitle x\nstep s\nlook no.kind\n", "line 4: there is no such kind" },
		{ "walk a\ntitle x\nstep s\nask q\nanswer a\nwhen NO_FACT\n",
		    "line 6: there is no such fact" },
		{ "walk a\ntitle x\nstep s\nask q\nanswer a\nwhen session=odd\n",
		    "line 6: there is no such layer" },
		{ "walk a\ntitle x\nstep s\ntitle t\nask q\nanswer a\nnext b\n",
		    "line 7: an answer leads to a step" },
		{ "walk a\ntitle x\nstep s\ntitle t\nask q\nanswer a\n",
		    "line 6: an answer leads nowhere" },
		{ "walk a\ntitle x\nstep s\nend maybe\n", "line 4: an end is" },
		{ "walk a\ntitle x\033[2J\n", "line 2: there are bytes in it" },
	};
	static struct walk w;
	char err[128];

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		assert_int_equal(
		    walk_parse(&w, all[i].text, strlen(all[i].text), err, sizeof err), -1);
		if (strncmp(err, all[i].why, strlen(all[i].why)) != 0)
			fail_msg("%s: %s", all[i].text, err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_id_exists),
		cmocka_unit_test(one_script_a_finding),
		cmocka_unit_test(steps_are_whole),
		cmocka_unit_test(every_way_ends),
		cmocka_unit_test(cause_before_a_fix),
		cmocka_unit_test(verdicts_lead_to_their_script),
		cmocka_unit_test(glossary_is_short),
		cmocka_unit_test(stop_rules),
		cmocka_unit_test(every_recording_ends),
		cmocka_unit_test(every_transcript_ends),
		cmocka_unit_test(texts_decide),
		cmocka_unit_test(another_name),
		cmocka_unit_test(every_answer_is_seen_somewhere),
		cmocka_unit_test(every_word_is_seen_somewhere),
		cmocka_unit_test(back_and_skip),
		cmocka_unit_test(wrong_scripts),
	};

	return cmocka_run_group_tests(tests, read_scripts, NULL);
}

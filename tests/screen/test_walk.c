/*
 * The walkthrough, key by key: each script is played to its end against a recording of its failure, through the
 * table of keys and the functions that they name; what is drawn is looked at, and a part of it is golden.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "tui/notes.h"
#include "walk_stage.h"

static bool
on_screen(struct app *a, const char *words)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	bool is;

	look(a, 120, 60);
	grid_dump(&a->grid, false, f);
	fclose(f);
	is = strstr(text, words) != NULL;
	free(text);
	return is;
}

/* ---- each script to its end ------------------------------------------------------- */

/* Before the cause is known no fix can be opened, from the panels either; after it, one can. */
static void
check_lock(struct app *a)
{
	bool locked = !a->walking.way.unlocked;

	if (a->v.d->nfixes == 0)
		return;
	keys(a, "Esc");
	assert_int_equal(a->v.dialog, DIALOG_NONE);
	keys(a, "1");
	assert_int_equal(a->v.dialog, locked ? DIALOG_NONE : DIALOG_FIX);
	if (locked)
		assert_non_null(strstr(a->v.message, "locked"));
	else
		keys(a, "Esc");
	keys(a, "W");
	assert_int_equal(a->v.dialog, DIALOG_WALK);
}

static void
play(size_t i)
{
	struct stage s;
	char copy[256], *at = copy, *name, title[256];
	struct strbuf sb;
	int steps = 0;

	open_stage(&s, plays[i].file, NULL);
	key(s.a, "W");
	assert_int_equal(s.a->v.dialog, DIALOG_WALK);
	snprintf(copy, sizeof copy, "%s", plays[i].keys);
	while ((name = strsep(&at, " ")) != NULL) {
		const struct walk_step *here = step(s.a);
		int before = s.a->walking.way.passed;

		check_lock(s.a);
		sb_init(&sb, title, sizeof title);
		diag_expand(s.a->v.d, here->title, &sb);
		if (!on_screen(s.a, title) || !on_screen(s.a, here->ask))
			fail_msg("%s: step %s is not on the screen", plays[i].file, here->name);
		/* Enter goes on by evidence alone, and a number only where the evidence says the same. */
		assert_int_equal(strcmp(name, "Enter") == 0, walk_decided(s.a->v.d, here) >= 0);
		key(s.a, name);
		if (s.a->walking.way.passed != before + 1)
			fail_msg("%s: %s in step %s leads nowhere: %s", plays[i].file, name,
			    here->name, s.a->v.message);
		steps++;
	}
	if (strcmp(s.a->walking.way.walk.name, plays[i].walk) != 0 ||
	    strcmp(step(s.a)->name, plays[i].end) != 0)
		fail_msg("%s: it is at %s, %s", plays[i].file, s.a->walking.way.walk.name,
		    step(s.a)->name);
	assert_int_not_equal(step(s.a)->end, WALK_ASKS);
	assert_true(on_screen(s.a, "The end of this way"));
	snprintf(title, sizeof title, "%.12s", step(s.a)->whom); /* longer ones wrap */
	assert_true(on_screen(s.a, title));
	check_lock(s.a);
	/* All the way back. */
	while (steps-- > 0)
		key(s.a, "b");
	assert_string_equal(s.a->walking.way.walk.name, "general");
	assert_int_equal(s.a->walking.way.at, 0);
	close_stage(&s);
}

static void
each_script_to_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++)
		play(i);
	/* And each script has its practice case. */
	for (size_t w = 0; w < walk_count(); w++) {
		static struct walk script;
		char err[128];
		bool played = false;

		assert_int_equal(
		    walk_parse(&script, walk_text(w), strlen(walk_text(w)), err, sizeof err), 0);
		for (size_t i = 0; i < sizeof plays / sizeof *plays; i++)
			played |= strncmp(plays[i].file, PRACTICE, strlen(PRACTICE)) == 0 &&
				  strcmp(plays[i].walk, script.name) == 0;
		if (!played)
			fail_msg("%s is not played", script.name);
	}
}

/* ---- what else keys do -------------------------------------------------------------- */

static void
skipped_resumed_left(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, PRACTICE "key-rejected.ev", NULL);
	keys(s.a, "W s Enter");
	assert_int_equal(s.a->walking.way.passed, 2);
	assert_int_equal(s.a->walking.way.trail[0].answer, -1);
	keys(s.a, "Esc");
	assert_int_equal(s.a->v.dialog, DIALOG_NONE);
	assert_true(s.a->walking.on);
	keys(s.a, "W"); /* it goes on where it was */
	assert_int_equal(s.a->walking.way.passed, 2);
	keys(s.a, "W"); /* left: nothing is locked any more */
	assert_false(s.a->walking.on);
	keys(s.a, "1");
	assert_int_equal(s.a->v.dialog, DIALOG_FIX);
	keys(s.a, "Esc W");
	assert_int_equal(s.a->walking.way.passed, 2);
	/* An answer that the evidence speaks against is not taken. */
	keys(s.a, "2");
	assert_int_equal(s.a->walking.way.passed, 2);
	assert_non_null(strstr(s.a->v.message, "the evidence says 1"));
	/* The line that the step marks; and back. */
	keys(s.a, "e");
	assert_int_equal(s.a->v.dialog, DIALOG_NONE);
	assert_int_equal(s.a->v.focus, PANEL_LOG);
	assert_true(on_screen(s.a, "open, round trip"));
	keys(s.a, "W");
	/* Other windows come back to it. */
	keys(s.a, "d");
	assert_int_equal(s.a->v.dialog, DIALOG_GLOSSARY);
	assert_true(on_screen(s.a, "In this step"));
	keys(s.a, "Esc");
	assert_int_equal(s.a->v.dialog, DIALOG_WALK);
	keys(s.a, "?");
	assert_int_equal(s.a->v.dialog, DIALOG_HELP);
	keys(s.a, "Esc");
	assert_int_equal(s.a->v.dialog, DIALOG_WALK);
	close_stage(&s);
}

/* What is added while a step waits for it moves the walkthrough on, by itself. */
static void
moves_on_when_seen(void **state)
{
	static const char says[] =
	    "40000 0.0.0 server/1 text.says what=bad-modes path=/home/trainee/.ssh mode=0777 "
	    "user=trainee session=1";
	struct stage s;
	struct ev_line *line = malloc(sizeof *line + sizeof says);
	int before;

	(void)state;
	open_stage(&s, PRACTICE "key-rejected.ev", "key-rejected");
	keys(s.a, "1 1");
	assert_string_equal(step(s.a)->name, "log");
	before = s.a->walking.way.passed;
	app_refresh(s.a);
	app_refresh(s.a);
	assert_int_equal(s.a->walking.way.passed, before); /* time moves nothing */
	line->n = (uint32_t)replay_count(s.r) + 1;
	line->len = sizeof says - 1;
	memcpy(line->text, says, sizeof says);
	app_feed(s.a, line);
	app_refresh(s.a);
	assert_int_equal(s.a->walking.way.passed, before + 1);
	assert_string_equal(step(s.a)->name, "modes");
	assert_non_null(strstr(s.a->v.message, "the evidence answered"));
	close_stage(&s);
	free(line);
}

static void
begins_with_a_script(void **state)
{
	static struct walk w;
	struct stage s;

	(void)state;
	open_stage(&s, PRACTICE "penalty.ev", "banner-source-penalty");
	assert_int_equal(s.a->v.dialog, DIALOG_WALK);
	assert_string_equal(s.a->walking.way.walk.name, "banner");
	/* The rule is on the screen from the first step on, in the finding and with its time. */
	assert_true(on_screen(s.a, "STOP: do not try again yet."));
	assert_true(on_screen(s.a, "10:00 until a retry is safe"));
	keys(s.a, "Esc Enter");
	assert_int_equal(s.a->v.dialog, DIALOG_FINDING);
	assert_true(on_screen(s.a, "STOP: do not try again yet."));
	assert_false(view_counts(&s.a->v)); /* a recording's clock stands still */
	s.a->v.live = true;
	assert_true(view_counts(&s.a->v));
	keys(s.a, "Esc");
	assert_false(view_counts(&s.a->v));
	close_stage(&s);
	assert_false(walk_load(&w, "no-such-thing"));
}

/*
 * What a text says is marked as what a probe saw is, and explained where it stands; of a live run, which has no
 * such lines, nothing more is said.
 */
static void
texts_are_explained(void **state)
{
	static const struct {
		const char *folder, *client, *server, *walk, *marked, *means;
	} all[] = {
		{ "hostcert-expired", "client.text", "", "hostkey-unknown",
		    "ssh says hostcert-invalid: Certificate",
		    "\"ssh says hostcert-invalid\": the server's" },
		{ "ssh-add-socket-permission-denied", "client.text", "", "agent",
		    "ssh says agent-unreachable: Error",
		    "\"ssh says agent-unreachable\": no agent" },
		{ "libssh-too-many", "", "server.text", "agent", "server's too-many: maximum",
		    "\"server's too-many\": more attempts" },
		{ "pam-faillock-log", "", "server.text", "account",
		    "server's faillock: pam_faillock", "\"server's faillock\": locked for" },
	};
	struct stage s;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		open_texts(&s, all[i].folder, all[i].client, all[i].server, all[i].walk);
		if (!on_screen(s.a, all[i].marked) || !on_screen(s.a, all[i].means))
			fail_msg(
			    "%s: not \"%s\", or not what it means", all[i].folder, all[i].marked);
		assert_true(on_screen(s.a, "The evidence says: "));
		assert_false(on_screen(s.a, "line #0"));
		assert_false(on_screen(s.a, "'?'")); /* no command without its values */
		close_stage(&s);
	}
	open_stage(&s, PRACTICE "agent-stale.ev", "agent");
	assert_true(on_screen(s.a, "\"missing\": the socket"));
	assert_false(on_screen(s.a, "ssh says"));
	assert_false(on_screen(s.a, "server's too-many"));
	close_stage(&s);
}

/* At a STOP the cause is not known: the fixes that it names can be looked at there, and no other one. */
static void
fixes_of_a_stop(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, PRACTICE "hostkey-changed.ev", "hostkey-changed");
	keys(s.a, "Enter 3");
	assert_string_equal(step(s.a)->name, "stop");
	assert_true(on_screen(s.a, "[1] Compare the fingerprint"));
	assert_false(on_screen(s.a, "[2]"));
	assert_true(on_screen(s.a, " 1 fix "));
	keys(s.a, "2");
	assert_int_equal(s.a->v.dialog, DIALOG_WALK);
	assert_non_null(strstr(s.a->v.message, "locked until the walkthrough"));
	keys(s.a, "1");
	assert_int_equal(s.a->v.dialog, DIALOG_FIX);
	assert_true(on_screen(s.a, "Compare the fingerprint"));
	keys(s.a, "2"); /* nor from there */
	assert_true(on_screen(s.a, "Compare the fingerprint"));
	keys(s.a, "Esc");
	assert_int_equal(s.a->v.dialog, DIALOG_WALK);
	keys(s.a, "Esc 1");
	assert_int_equal(s.a->v.dialog, DIALOG_NONE);
	close_stage(&s);
}

/* At an end that somebody else takes over, the keys for it are named. */
static void
ends_name_their_keys(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, PRACTICE "key-rejected.ev", "key-rejected");
	assert_false(on_screen(s.a, "Y copy"));
	keys(s.a, "1 1 s");
	assert_int_equal(step(s.a)->end, WALK_HANDOVER);
	assert_true(on_screen(s.a, " Y copy hand-over "));
	assert_true(on_screen(s.a, "who runs the server"));
	close_stage(&s);
	open_stage(&s, PRACTICE "key-open.ev", "key");
	keys(s.a, "Enter");
	assert_int_equal(step(s.a)->end, WALK_FIX);
	assert_false(on_screen(s.a, "Y copy"));
	keys(s.a, "W");
	assert_false(on_screen(s.a, "Y copy"));
	close_stage(&s);
}

/* ---- notes ------------------------------------------------------------------------- */

static void
put(const char *dir, const char *name, const char *text, size_t len)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert_non_null(f = fopen(path, "w"));
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static void
notes_of_a_team(void **state)
{
	static const char words[] =
	    "# Who\r\nCall the team, \033]0;x\a 555-0100.\n\n  never reboot it\n";
	char dir[] = "/tmp/sshmedic-notes-XXXXXX", path[600], *big = malloc(3 * NOTE_BYTES);
	struct notes *n;
	struct stage s;

	(void)state;
	assert_non_null(mkdtemp(dir));
	memset(big, 'x', 3 * NOTE_BYTES);
	put(dir, "auth-key-rejected.md", words, sizeof words - 1);
	put(dir, "healthy.md", big, 3 * NOTE_BYTES);
	put(dir, "no-such-finding.md", words, sizeof words - 1);
	put(dir, "agent-none.txt", words, sizeof words - 1);
	snprintf(path, sizeof path, "%s/tcp-refused.md", dir);
	assert_int_equal(mkfifo(path, 0600), 0); /* must not be waited for */
	assert_non_null(n = notes_read(dir, NULL));
	assert_string_equal(notes_text(n, "auth-key-rejected", false),
	    "Who\nCall the team, \\x1B]0;x\\x07 555-0100.\nnever reboot it");
	assert_null(notes_text(n, "auth-key-rejected", true));
	assert_null(notes_text(n, "agent-none", false));
	assert_null(notes_text(n, "tcp-refused", false));
	assert_null(notes_text(NULL, "healthy", false));
	assert_true(strlen(notes_text(n, "healthy", false)) < NOTE_BYTES + 64);
	open_stage(&s, PRACTICE "key-rejected.ev", "auth-key-rejected");
	s.a->v.notes = n;
	assert_true(on_screen(s.a, "Your team's note"));
	assert_true(on_screen(s.a, "never reboot it"));
	keys(s.a, "Esc Enter");
	assert_true(on_screen(s.a, "Your team's note"));
	assert_true(on_screen(s.a, "Call the team, \\x1B]0;x\\x07 555-0100."));
	close_stage(&s);
	notes_free(n);
	for (int i = 0; i < 5; i++) {
		static const char *const names[] = { "auth-key-rejected.md", "healthy.md",
			"no-such-finding.md", "agent-none.txt", "tcp-refused.md" };

		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
	free(big);
}

/* ---- golden ------------------------------------------------------------------------- */

static void
golden(const char *name, struct app *a, int cols, int rows)
{
	char path[256], *text = NULL, *want = calloc(1, 1 << 18);
	size_t len;
	FILE *f = open_memstream(&text, &len);

	look(a, cols, rows);
	grid_dump(&a->grid, false, f);
	fputs("---\n", f);
	grid_dump(&a->grid, true, f);
	fclose(f);
	snprintf(path, sizeof path, "tests/screen/golden/%s-%dx%d.txt", name, cols, rows);
	if (getenv("UPDATE") != NULL) {
		assert_non_null(f = fopen(path, "w"));
		fputs(text, f);
		fclose(f);
	}
	if ((f = fopen(path, "r")) != NULL) {
		(void)!fread(want, 1, (1 << 18) - 1, f);
		fclose(f);
	}
	if (strcmp(want, text) != 0)
		print_error("%s differs (UPDATE=1 rewrites it); now:\n%s", path, text);
	assert_string_equal(text, want);
	free(want);
	free(text);
}

static void
at_every_size(void **state)
{
	static const struct {
		const char *name, *file, *walk, *keys;
	} shots[] = {
		{ "walk-decided", PRACTICE "key-rejected.ev", "",
		    "Enter Enter Enter Enter Enter Enter" },
		{ "walk-server", PRACTICE "key-rejected.ev", "key-rejected", "1 1" },
		{ "walk-fix", PRACTICE "key-open.ev", "key", "Enter" },
		{ "walk-stop", PRACTICE "hostkey-changed.ev", "hostkey-changed", "Enter 3" },
		{ "walk-ban", PRACTICE "penalty.ev", "banner", "Enter Enter" },
		{ "walk-glossary", PRACTICE "penalty.ev", "banner", "d" },
		{ "walk-text", "hostcert-expired", "hostkey-unknown", "" }, /* a pasted text */
	};
	static const int sizes[][2] = { { 120, 36 }, { 80, 24 }, { 60, 15 }, { 40, 10 } };

	(void)state;
	for (size_t i = 0; i < sizeof shots / sizeof *shots; i++) {
		struct stage s;

		if (strncmp(shots[i].file, PRACTICE, strlen(PRACTICE)) == 0)
			open_stage(&s, shots[i].file, shots[i].walk);
		else
			open_texts(&s, shots[i].file, "client.text", "", shots[i].walk);
		keys(s.a, shots[i].keys);
		s.a->v.message[0] = '\0';
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
			golden(shots[i].name, s.a, sizes[k][0], sizes[k][1]);
		close_stage(&s);
	}
}

/* Of every recording of a practice, what evidence and "I do not know" lead to; for walk_plays.h. */
static void
print_plays(void)
{
	char line[256];

	while (fgets(line, sizeof line, stdin) != NULL) {
		struct stage s;

		line[strcspn(line, "\n")] = '\0';
		open_stage(&s, line, "");
		printf("\t{ \"%s\", \"", line);
		for (const char *sep = ""; step(s.a)->end == WALK_ASKS; sep = " ") {
			char n[16];

			snprintf(n, sizeof n, "%d", step(s.a)->answers);
			if (walk_decided(s.a->v.d, step(s.a)) >= 0)
				snprintf(n, sizeof n, "Enter");
			printf("%s%s", sep, n);
			key(s.a, n);
		}
		printf("\", \"%s\", \"%s\" },\n", s.a->walking.way.walk.name, step(s.a)->name);
		close_stage(&s);
	}
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_script_to_its_end),
		cmocka_unit_test(skipped_resumed_left),
		cmocka_unit_test(moves_on_when_seen),
		cmocka_unit_test(begins_with_a_script),
		cmocka_unit_test(texts_are_explained),
		cmocka_unit_test(fixes_of_a_stop),
		cmocka_unit_test(ends_name_their_keys),
		cmocka_unit_test(notes_of_a_team),
		cmocka_unit_test(at_every_size),
	};

	setlocale(LC_ALL, "C.UTF-8");
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	if (argc > 1 && strcmp(argv[1], "plays") == 0) {
		print_plays();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

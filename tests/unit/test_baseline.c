/*
 * Two runs compared: what changed is told, and nothing else; no verdict changes by it; no end of a changed
 * key's fingerprint comes out of the other run; names are hidden. And the profile: a recording of its own
 * that is healthy, and that names no user, no key and no file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/baseline.h"
#include "core/handover.h"
#include "core/replay.h"
#include "core/report.h"
#include "core/veil.h"

struct run {
	struct replay *lines;
	struct book *book;
	const struct diag *d;
};

static void
read_run(struct run *r, FILE *in)
{
	assert_non_null(in);
	r->lines = replay_new();
	r->book = book_new();
	assert_int_equal(replay_read(r->lines, in, "run", stderr), 0);
	fclose(in);
	for (size_t i = 0; i < replay_count(r->lines); i++)
		book_add(r->book, replay_line(r->lines, i));
	r->d = book_diag(r->book, replay_target(r->lines));
	assert_non_null(r->d);
}

static void
text_run(struct run *r, const char *text)
{
	read_run(r, fmemopen((void *)text, strlen(text), "r"));
}

static void
free_run(struct run *r)
{
	book_free(r->book);
	replay_free(r->lines);
}

static const struct baseline_change *
find(const struct baseline *w, const char *what)
{
	for (int i = 0; i < w->n; i++)
		if (strcmp(w->changes[i].what, what) == 0)
			return &w->changes[i];
	return NULL;
}

#define KEY_A "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B_HEAD "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define KEY_B_END "SECRETND"
#define KEY_B_HIDDEN KEY_B_HEAD "????????"

#define RUN(ident, kex, key, methods, took, now) \
	"# sshmedic recording 1\n" \
	"1 0.0.0 client/0 run.start input=alice@web1 host=web1 user=alice port=0 args=\"\" " \
	"version=0 now=" now " from=\"\"\n" \
	"2 0.0.0 client/0 config.value name=hostname value=web1\n" \
	"2 0.0.0 client/0 config.value name=user value=alice\n" \
	"3 0.0.0 client/0 config.result result=ok took_us=9\n" \
	"4 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 order=0 result=open took_us=9\n" \
	"5 0.0.0 client/0 banner.ident text=" ident " proto=2.0 software=x took_us=9\n" \
	"6 0.0.0 client/0 kex.server kex=" kex " hostkey=ssh-ed25519 cipher_cs=aes128-ctr " \
	"cipher_sc=aes128-ctr mac_cs=m mac_sc=m comp_cs=none comp_sc=none took_us=9\n" \
	"7 0.0.0 client/0 hostkey.offered type=ssh-ed25519 fp=\"" key "\"\n" \
	"8 0.0.0 client/0 phase phase=kex start_us=5 took_us=" took "\n" \
	"9 0.0.0 client/0 auth.methods methods=" methods " took_us=9\n" \
	"10 0.0.0 client/0 run.end reason=done connections=1 failed_auth=0\n"

static const char before[] =
    RUN("SSH-2.0-OpenSSH_9.2", "a,b,c", KEY_A, "publickey,password", "20000", "1795733400");

static void
what_changed_is_told(void **state)
{
	struct run old, new;
	struct baseline *w;
	char words[512];
	struct strbuf sb;

	(void)state;
	text_run(&old, before);
	text_run(&new, RUN("SSH-2.0-OpenSSH_9.9", "c,b,d", KEY_B_HIDDEN, "publickey", "2020000",
			   "1795740000"));
	assert_null(baseline_compare(new.d, new.book));
	book_set_earlier(new.book, 0, old.book);
	w = baseline_compare(new.d, new.book);
	assert_non_null(w);
	assert_int_equal(w->at, 1795733400);
	assert_int_equal(w->n, 5);
	assert_string_equal(find(w, "banner")->before, "SSH-2.0-OpenSSH_9.2");
	assert_string_equal(find(w, "banner")->now, "SSH-2.0-OpenSSH_9.9");
	assert_string_equal(find(w, "key exchange")->before, "a");
	assert_string_equal(find(w, "key exchange")->now, "d");
	assert_string_equal(find(w, "host key")->before, KEY_A);
	assert_string_equal(find(w, "host key")->now, KEY_B_HIDDEN);
	assert_string_equal(find(w, "methods")->before, "password");
	assert_string_equal(find(w, "methods")->now, "");
	assert_string_equal(find(w, "time of kex")->before, "20 ms");
	assert_string_equal(find(w, "time of kex")->now, "2.0 s");
	sb_init(&sb, words, sizeof words);
	baseline_words(find(w, "key exchange"), &sb);
	assert_string_equal(words, "no longer: a; new: d");
	sb_init(&sb, words, sizeof words);
	baseline_title(w, &sb);
	assert_string_equal(words, "what changed since another run at 2026-11-26 22:50:00 UTC");
	free(w);
	free_run(&old);
	free_run(&new);
}

static void
the_same_is_no_change(void **state)
{
	struct run old, new;
	struct baseline *w;

	(void)state;
	text_run(&old, before);
	text_run(&new, RUN("SSH-2.0-OpenSSH_9.2", "c,b,a", KEY_A, "publickey,password", "90000",
			   "1795740000"));
	book_set_earlier(new.book, 0, old.book);
	w = baseline_compare(new.d, new.book);
	assert_int_equal(w->n, 0);
	assert_true(w->compared >= 10);
	free(w);
	free_run(&old);
	free_run(&new);
}

/* All that is printed of a run, names hidden or not. */
static char *
reports(struct run *r, bool hide)
{
	struct handover_times t = { 0 };
	struct veil *v = veil_new();
	const struct book *b = r->book;
	const struct diag *d = r->d;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (hide) {
		veil_follow(v, r->book);
		d = veil_diag(v, d);
		b = veil_book(v);
	}
	report_text(d, b, 80, out);
	report_markdown(d, b, out);
	report_json(d, b, false, out);
	handover_write(d, b, &t, hide, out);
	fclose(out);
	veil_free(v);
	return text;
}

/* A recording of a friend shows the whole of the key whose end is hidden here: not in any report. */
static void
ends_stay_hidden(void **state)
{
	struct run old, new;
	char *text;

	(void)state;
	text_run(&old, RUN("SSH-2.0-X", "a", KEY_B_HEAD KEY_B_END, "publickey", "9", "1795733400"));
	/* Shown first with its end hidden, then another key: the old run's key must stay hidden all the same. */
	text_run(&new,
	    RUN("SSH-2.0-Y", "a", KEY_B_HIDDEN, "publickey", "9",
		"1795740000") "11 0.0.0 client/0 hostkey.offered type=ssh-rsa fp=" KEY_A "\n");
	book_set_earlier(new.book, 0, old.book);
	text = reports(&new, false);
	assert_non_null(strstr(text, "host key: " KEY_B_HIDDEN));
	assert_null(strstr(text, KEY_B_END));
	free(text);
	text = reports(&new, true);
	assert_non_null(strstr(text, KEY_B_HIDDEN));
	assert_null(strstr(text, KEY_B_END));
	free(text);
	free_run(&old);
	free_run(&new);
}

static void
every_report_has_it(void **state)
{
	struct run old, new;
	char *text;

	(void)state;
	text_run(&old, before);
	text_run(&new, RUN("SSH-2.0-web1", "a,b,c", KEY_A, "publickey", "20000", "1795740000"));
	text = reports(&new, false);
	assert_non_null(strstr(text, "\"baseline\":\tnull"));
	assert_null(strstr(text, "What changed"));
	free(text);
	book_set_earlier(new.book, 0, old.book);
	text = reports(&new, true);
	assert_non_null(strstr(text, "\nWhat changed since another run at 2026-11-26 22:50:00 UTC\n"
				     "  banner: SSH-2.0-OpenSSH_9.2 -> SSH-2.0-host-A\n"
				     "  methods: no longer: password\n"));
	assert_non_null(strstr(text, "\n## What changed since another run at"));
	assert_non_null(strstr(text, "\n- methods: no longer: password\n"));
	assert_non_null(strstr(text, "\"now\":\t1795733400"));
	assert_non_null(strstr(text, "\"what\":\t\"methods\""));
	assert_non_null(
	    strstr(text, "\nChanged   since 2026-11-26 22:50:00 UTC: banner, methods\n"));
	assert_null(strstr(text, "web1"));
	assert_null(strstr(text, "192.0.2.7"));
	free(text);
	free_run(&old);
	free_run(&new);
}

/* The verdict and all else stay what they are. */
static void
no_verdict_changes(void **state)
{
	struct run old, new;
	char *without, *with, *at;

	(void)state;
	read_run(&old, fopen("tests/practice/healthy.ev", "re"));
	read_run(&new, fopen("tests/practice/key-rejected.ev", "re"));
	without = reports(&new, false);
	book_set_earlier(new.book, new.d->target, old.book);
	with = reports(&new, false);
	at = strstr(without, "\nSpent: ");
	assert_non_null(at);
	assert_int_equal(strncmp(without, with, (size_t)(at - without)), 0);
	assert_non_null(
	    strstr(with, "\nWhat changed since it worked at 2026-11-26 22:49:59 UTC\n"));
	free(without);
	free(with);
	free_run(&old);
	free_run(&new);
}

static void
a_profile_is_a_healthy_recording(void **state)
{
	struct run full, small, bad;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct baseline *w;

	(void)state;
	read_run(&full, fopen("tests/practice/healthy.ev", "re"));
	assert_true(profile_worthy(full.d));
	assert_true(profile_write(full.d, full.book, out));
	fclose(out);
	assert_true(len < 8 * 1024);
	assert_null(strstr(text, "trainee"));
	assert_null(strstr(text, "/tmp/"));
	assert_null(strstr(text, "id_ed25519"));
	assert_null(strstr(text, "AAAAC3Nza"));
	assert_null(strstr(text, "args="));
	text_run(&small, text);
	assert_true(small.d->verdict.healthy);
	book_set_earlier(full.book, full.d->target, small.book);
	w = baseline_compare(full.d, full.book);
	assert_true(w->worked);
	assert_int_equal(w->n, 0);
	assert_true(w->compared >= 15);
	free(w);
	free(text);
	read_run(&bad, fopen("tests/practice/key-rejected.ev", "re"));
	assert_false(profile_worthy(bad.d));
	free_run(&bad);
	free_run(&small);
	free_run(&full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_is_told),
		cmocka_unit_test(the_same_is_no_change),
		cmocka_unit_test(ends_stay_hidden),
		cmocka_unit_test(every_report_has_it),
		cmocka_unit_test(no_verdict_changes),
		cmocka_unit_test(a_profile_is_a_healthy_recording),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

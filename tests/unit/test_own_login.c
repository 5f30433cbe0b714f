/*
 * A login by hand: what the user's own ssh says of it leads to the finding that the same text leads to anywhere
 * else, beside a run that came no further than a person could; and what it is timed for is never a person's time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/book.h"
#include "core/diag.h"
#include "core/fix.h"
#include "core/fpmask.h"
#include "core/paste.h"
#include "core/recognise/recognise.h"
#include "core/rule.h"

enum { TEXT_MAX = 256 * 1024, ARRIVALS_MAX = 4096 };

/* A run that has tried what it could: what is left needs a person. */
static const char *const run[] = {
	"0 0.0.0 client/0 run.start input=web1 host=web1 user=alice port=0 args=\"\" version=0.1.0 "
	"now=1790000000 from=\"\"",
	"0 0.0.0 client/0 config.value name=hostname value=web1",
	"0 0.0.0 client/0 config.value name=port value=22",
	"0 0.0.0 client/0 config.value name=user value=alice",
	"0 0.0.0 client/0 config.result result=ok took_us=9000",
	"0 0.0.0 client/0 probe.end probe=config result=done took_us=900",
	"0 0.0.0 client/0 tcp.start addr=192.0.2.7 port=22 order=0",
	"0 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 order=0 result=open local=192.0.2.50 "
	"rtt_us=1000 retrans=0 took_us=1000",
	"0 0.0.0 client/0 probe.end probe=tcp result=done took_us=900",
	"0 0.0.0 client/0 banner.ident text=\"SSH-2.0-OpenSSH_9.2p1 Debian-2\" proto=2.0 "
	"software=OpenSSH_9.2p1 took_us=20000",
	"0 0.0.0 client/0 kex.server kex=curve25519-sha256 hostkey=ssh-ed25519 "
	"cipher_cs=aes128-ctr cipher_sc=aes128-ctr mac_cs=hmac-sha2-256 mac_sc=hmac-sha2-256",
	"0 0.0.0 client/0 kex.result result=done took_us=60000",
	"0 0.0.0 client/0 hostkey.offered type=ssh-ed25519 fp=SHA256:host bits=256",
	"0 0.0.0 client/0 probe.end probe=wire result=done took_us=900",
	"0 0.0.0 client/0 hostkey.krl revoked=0 file=\"\"",
	"0 0.0.0 client/0 probe.end probe=hostkey result=done took_us=900",
	"0 0.0.0 client/0 known.entry name=web1 file=/home/alice/.ssh/known_hosts line=7 "
	"type=ssh-ed25519 fp=SHA256:host marker=none bare=0",
	"0 0.0.0 client/0 probe.end probe=knownhosts result=done took_us=900",
	"0 0.0.0 client/0 probe.end probe=keys result=done took_us=900",
	"0 0.0.0 client/0 probe.end probe=agent result=done took_us=900",
	"0 0.0.0 client/0 auth.methods methods=password,keyboard-interactive partial=0 "
	"took_us=40000",
	"0 0.0.0 client/0 phase phase=auth.none start_us=120000 took_us=41000",
	"0 0.0.0 client/0 auth.end reason=done",
	"0 0.0.0 client/0 probe.end probe=auth result=done took_us=900",
	"0 0.0.0 client/0 run.end reason=done connections=1 failed_auth=1 took_us=400000",
};

static char text[TEXT_MAX], seen[TEXT_MAX];
static struct arrival arrivals[ARRIVALS_MAX];

static struct replay *lines;

static void
add(const char *line)
{
	assert_int_equal(replay_add(lines, line, strlen(line)), 0);
}

static void
keep(void *arg, struct evidence *ev)
{
	static char line[EV_LINE_MAX];
	size_t len = ev_encode(ev, line, sizeof line);
	size_t at = strlen(seen);

	(void)arg;
	assert_int_equal(replay_add(lines, line, len), 0);
	snprintf(seen + at, sizeof seen - at, "%.*s\n", (int)len, line);
}

/* The diagnosis of that run with a login by hand whose text this is. */
static const struct diag *
by_hand(struct book *b, const char *result, size_t narrivals)
{
	struct recognise_options opt = { .clock = 1,
		.name = "own",
		.host = "web1",
		.user = "alice",
		.client = true,
		.own = true,
		.arrivals = arrivals,
		.narrivals = narrivals,
		.say = keep };
	struct recogniser *r = recognise_new(&opt);

	assert_non_null(r);
	seen[0] = '\0';
	lines = replay_new();
	for (size_t i = 0; i < sizeof run / sizeof *run; i++)
		add(run[i]);
	add(result);
	/* In pieces, as a file is read. */
	for (size_t i = 0, n = strlen(text); i < n; i += 1000)
		recognise_feed(r, text + i, n - i < 1000 ? n - i : 1000);
	recognise_end(r, false);
	recognise_free(r);
	for (size_t i = 0; i < replay_count(lines); i++)
		book_add(b, replay_line(lines, i));
	return book_diag(b, 0);
}

static void
done(struct book *b)
{
	book_free(b);
	replay_free(lines);
	lines = NULL;
}

/* ssh's own messages of a transcript, as -E puts them into a file: what others print is on the terminal. */
static void
read_transcript(const char *folder)
{
	static char line[8192];
	char path[256];
	size_t n = 0;
	FILE *in;

	snprintf(path, sizeof path, "tests/transcripts/%s/client.text", folder);
	if ((in = fopen(path, "re")) == NULL)
		fail_msg("%s cannot be read: tests run at the top of the tree", path);
	while (fgets(line, sizeof line, in) != NULL)
		if (strchr(line, '\r') != NULL || strncmp(line, "OpenSSH_", 8) == 0)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s", line);
	fclose(in);
}

/* The verdict of the text alone, pasted. */
static const struct rule *
pasted(void)
{
	struct replay *r = replay_new();
	struct book *b = book_new();
	struct paste *p = paste_new(r, NULL, 1790000000, 0);
	FILE *in = fmemopen(text, strlen(text), "r");
	const struct rule *rule;

	assert_non_null(in);
	assert_int_equal(paste_read(p, in, "t", stderr), 0);
	fclose(in);
	assert_int_equal(paste_end(p), 0);
	for (size_t i = 0; i < replay_count(r); i++)
		book_add(b, replay_line(r, i));
	rule = book_diag(b, replay_target(r))->verdict.rule;
	paste_free(p);
	book_free(b);
	replay_free(r);
	return rule;
}

#define REFUSED "0 0.0.0 client/0 login.result result=refused state=none exit=255"
#define IN(state, exit) \
	"0 0.0.0 client/0 login.result result=in method=password state=" state " exit=" exit

static const struct {
	const char *folder, *result, *id; /* id NULL: as the text alone */
} texts[] = {
	{ "auth-password-wrong", REFUSED, "auth-password-rejected" },
	{ "auth-password-wrong@10.5", REFUSED, "auth-password-rejected" },
	{ "auth-password-wrong@9.8", REFUSED, "auth-password-rejected" },
	{ "auth-password-wrong-invalid-user", REFUSED, "auth-password-rejected" },
	{ "hostkey-changed", REFUSED, "hostkey-changed" },
	{ "kex-no-matching-cipher", REFUSED, NULL },
	{ "tcp-refused", REFUSED, NULL },
	{ "banner-closed-by-remote", REFUSED, NULL },
	{ "pam-account-deny", REFUSED, NULL },
	{ "pam-account-expired", REFUSED, NULL },
	{ "session-closed-by-remote", IN("open", "255"), NULL },
};

static void
the_same_words_lead_to_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct book *b = book_new();
		const struct rule *alone;
		const struct diag *d;
		const char *want;

		read_transcript(texts[i].folder);
		alone = pasted();
		assert_non_null(alone);
		want = texts[i].id != NULL ? texts[i].id : alone->id;
		d = by_hand(b, texts[i].result, 0);
		if (d->verdict.rule == NULL || strcmp(d->verdict.rule->id, want) != 0)
			fail_msg("%s: %s, alone %s, not %s", texts[i].folder,
			    d->verdict.rule == NULL ? "none" : d->verdict.rule->id, alone->id,
			    want);
		done(b);
	}
}

/* Whoever is to confirm the new key has its end from somebody else, not from here. */
static void
the_end_of_a_changed_key_is_hidden(void **state)
{
	struct book *b = book_new();
	const struct diag *d;

	(void)state;
	read_transcript("hostkey-changed");
	d = by_hand(b, REFUSED, 0);
	assert_string_equal(d->verdict.rule->id, "hostkey-changed");
	assert_true(fpmask_hidden(slot_text(d, SLOT_HOSTKEY_FP)));
	assert_null(strstr(seen, "fp=SHA256:i3rXdzsp1nYAIGSmig3v1Dxt6OgopnBKba0CBgQa6Ec"));
	for (int i = 0; i < d->nfixes; i++)
		assert_int_not_equal(d->fixes[i].fix->kind, FIX_CHANGE);
	done(b);
}

/* A transcript whose lines came at these times: gap milliseconds before the line that begins so, 1 ms before others. */
static size_t
timed(const char *slow, int gap_ms, const char *pause)
{
	int64_t us = 0;
	size_t n = 0;

	for (const char *p = text, *nl; (nl = strchr(p, '\n')) != NULL; p = nl + 1) {
		const char *words = strncmp(p, "debug", 5) == 0 ? p + 8 : p;

		us += strncmp(words, slow, strlen(slow)) == 0 ? gap_ms * 1000 : 1000;
		if (pause != NULL && strncmp(words, pause, strlen(pause)) == 0)
			arrivals[n++] = (struct arrival){ (uint64_t)(p - text), -1 };
		arrivals[n++] = (struct arrival){ (uint64_t)(nl + 1 - text), us };
		assert_in_range(n, 1, ARRIVALS_MAX - 2);
	}
	return n;
}

static int64_t
took(const struct diag *d, enum phase p)
{
	return d->phases[p].seen ? d->phases[p].took_us : -1;
}

static void
a_persons_time_is_nobodys_slowness(void **state)
{
	static const char prompt[] = "send packet: type 50", channel[] = "receive packet: type 91";
	struct book *b = book_new();
	const struct diag *d;

	(void)state;
	/* The password is asked for before it is sent; the server's answer may wait for a push. */
	read_transcript("auth-password-accepted");
	d = by_hand(b, IN("open", "0"), timed(prompt, 60000, NULL));
	assert_int_equal(took(d, PH_AUTHSIGN), -1);
	assert_in_range(took(d, PH_CHANNEL), 1, 50000);
	assert_true(d->verdict.healthy);
	done(b);
	b = book_new();
	d = by_hand(b, IN("open", "0"), timed("receive packet: type 52", 60000, NULL));
	assert_int_equal(took(d, PH_AUTHSIGN), -1);
	assert_true(d->verdict.healthy);
	done(b);
	/* What the server does with nobody asked is its own. */
	b = book_new();
	d = by_hand(b, IN("open", "0"), timed(channel, 4000, NULL));
	assert_in_range(took(d, PH_CHANNEL), 4000000, 4100000);
	assert_string_equal(d->verdict.rule->id, "slow-session-setup");
	done(b);
	/* Unless everybody stood still. */
	b = book_new();
	d = by_hand(b, IN("open", "0"), timed(channel, 4000, channel));
	assert_int_equal(took(d, PH_CHANNEL), -1);
	assert_true(d->verdict.healthy);
	done(b);
	/* Nor is anything timed of lines whose times are not known. */
	b = book_new();
	d = by_hand(b, IN("open", "0"), 0);
	for (int p = 0; p < PH__COUNT; p++)
		assert_true(
		    p == PH_AUTHNONE || took(d, (enum phase)p) == -1); /* that is the run's */
	done(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_words_lead_to_the_same),
		cmocka_unit_test(the_end_of_a_changed_key_is_hidden),
		cmocka_unit_test(a_persons_time_is_nobodys_slowness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What lines of evidence say in words, how recordings are read, and what the reports print of nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/evidence.h"
#include "core/replay.h"
#include "core/report.h"

/* The words of one encoded line. */
static const char *
words_of(const char *line)
{
	static char words[EV_LINE_MAX];
	static char scratch[EV_LINE_MAX];
	struct evidence ev;
	struct strbuf sb;

	assert_int_equal(ev_decode(&ev, line, strlen(line), scratch, sizeof scratch), EV_OK);
	sb_init(&sb, words, sizeof words);
	ev_describe(&ev, &sb);
	return words;
}

static void
parts_without_a_value_vanish(void **state)
{
	(void)state;
	assert_string_equal(
	    words_of("5120 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 result=refused"),
	    "192.0.2.7 port 22: refused");
	assert_string_equal(
	    words_of("1 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 result=open rtt_us=21400 "
		     "took_us=22000 retrans=0"),
	    "192.0.2.7 port 22: open, round trip 21 ms");
	assert_string_equal(
	    words_of("1 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 result=unreachable "
		     "errno=EHOSTUNREACH icmp_type=3 icmp_code=13 icmp_from=192.0.2.1 took_us=900"),
	    "192.0.2.7 port 22: unreachable (EHOSTUNREACH), ICMP type 3 code 13 from 192.0.2.1, "
	    "after 0.9 ms");
}

static void
conditions_choose_their_part(void **state)
{
	(void)state;
	assert_string_equal(
	    words_of("1 0.0.0 client/0 config.result result=ok exit=0"), "ssh -G: ok");
	assert_string_equal(words_of("1 0.0.0 client/0 config.result result=error exit=255"),
	    "ssh -G: error, exit 255");
	assert_string_equal(
	    words_of("1 0.0.0 client/0 session.exec nonce=absent exit=1 core=0 out=\"no [shell]\""),
	    "first command: did not run, something else did, exit 1, printed no [shell]");
}

static void
a_missing_value_is_a_question_mark(void **state)
{
	(void)state;
	assert_string_equal(words_of("1 0.0.0 client/0 tcp.result result=open"), "? port ?: open");
	assert_string_equal(words_of("1 0.0.0 client/0 note text=\"\""), "?");
}

/* Every kind has words, and they never carry the marks of a template. */
static void
every_kind_has_words(void **state)
{
	(void)state;
	for (int k = 0; k < EV__COUNT; k++) {
		char buf[2048];
		struct evidence ev;
		struct strbuf sb;

		ev_init(&ev, (enum ev_kind)k);
		sb_init(&sb, buf, sizeof buf);
		ev_describe(&ev, &sb);
		assert_true(sb.len > 0);
		assert_null(strpbrk(buf, "[]{}"));
		/* And with values there, whatever their conditions. */
		for (int key = 0; key < K__COUNT; key += EV_FIELDS_MAX) {
			ev_init(&ev, (enum ev_kind)k);
			for (int i = key; i < K__COUNT && i < key + EV_FIELDS_MAX; i++)
				if (ev_key_is_int((enum ev_key)i))
					ev_int(&ev, (enum ev_key)i, 7);
				else
					ev_str(&ev, (enum ev_key)i, "text");
			sb_init(&sb, buf, sizeof buf);
			ev_describe(&ev, &sb);
			assert_null(strpbrk(buf, "[]{}"));
		}
	}
}

/* Reads text as a recording; what was said goes to said. */
static struct replay *
read_text(const char *text, size_t len, char *said, size_t cap)
{
	struct replay *r = replay_new();
	FILE *in = fmemopen((void *)(uintptr_t)text, len, "r");
	FILE *messages = fmemopen(said, cap, "w");

	assert_non_null(r);
	assert_non_null(in);
	assert_non_null(messages);
	assert_int_equal(replay_read(r, in, "file", messages), 0);
	fclose(in);
	fclose(messages);
	return r;
}

static void
garbage_is_named_and_passed_over(void **state)
{
	static const char text[] = "# sshmedic recording 1\n"
				   "1 3.0.0 client/0 note text=one\n"
				   "what is this\n"
				   "2 3.0.0 client/0 some.later.kind x=1\n"
				   "\n"
				   "3 3.0.0 client/0 note text=two\r\n"
				   "4 3.0.0 client/0 note text=last";
	char said[1024] = "";
	struct replay *r;

	(void)state;
	r = read_text(text, sizeof text - 1, said, sizeof said);
	assert_int_equal(replay_count(r), 3);
	assert_int_equal(replay_target(r), 3);
	assert_int_equal(replay_line(r, 1)->n, 2);
	assert_string_equal(replay_line(r, 1)->text, "3 3.0.0 client/0 note text=two");
	assert_string_equal(replay_line(r, 2)->text, "4 3.0.0 client/0 note text=last");
	assert_null(replay_line(r, 3));
	assert_non_null(strstr(said, "file:3: not a line of evidence"));
	assert_non_null(strstr(said, "lines of a kind that this version does not know: 1"));
	replay_free(r);
}

static void
much_garbage_is_counted(void **state)
{
	size_t len = 3 * 1024 * 1024, at = 0;
	char said[4096] = "", *text = malloc(len);
	struct replay *r;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	for (int i = 0; i < 49; i++, at += 1000)
		text[at + 999] =
		    '\n'; /* the 50th line has no end and is longer than a line may be */
	r = read_text(text, len, said, sizeof said);
	assert_int_equal(replay_count(r), 0);
	assert_non_null(strstr(said, "file:10: not"));
	assert_null(strstr(said, "file:11: not"));
	assert_non_null(strstr(said, "lines beyond these that are not evidence: 40"));
	replay_free(r);
	free(text);
}

static void
a_line_with_nul_is_no_evidence(void **state)
{
	static const char text[] = "1 0.0.0 client/0 note text=a\0b\n";
	char said[256] = "";
	struct replay *r;

	(void)state;
	r = read_text(text, sizeof text - 1, said, sizeof said);
	assert_int_equal(replay_count(r), 0);
	replay_free(r);
}

static void
events_below_the_level_are_left_out(void **state)
{
	static const char text[] = "1500000 0.0.0 client/0 banner.ident text=SSH-2.0-x\n"
				   "1 0.0.0 client/0 proof.line text=noise\n";
	char said[64] = "", out[256] = "";
	struct replay *r;
	FILE *f;

	(void)state;
	r = read_text(text, sizeof text - 1, said, sizeof said);
	f = fmemopen(out, sizeof out, "w");
	assert_true(report_event(replay_line(r, 0), 1, f));
	assert_false(report_event(replay_line(r, 1), 1, f));
	assert_false(report_event(NULL, 1, f));
	fclose(f);
	assert_string_equal(out, "    1.500 banner.ident    server is SSH-2.0-x\n");
	f = fmemopen(out, sizeof out, "w");
	assert_int_equal(report_json_event(replay_line(r, 0), f), 0);
	fclose(f);
	assert_string_equal(out, "{\"n\":1,\"at_ms\":1500,\"vantage\":\"client\",\"hop\":0,"
				 "\"kind\":\"banner.ident\",\"text\":\"server is SSH-2.0-x\"}\n");
	replay_free(r);
}

/* A text from outside stays a text: no link, no tag, no emphasis, no list, and nobody is told. */
static void
markdown_is_escaped(void **state)
{
	static const char text[] = "[x](http://a) <b> `c` | # *d* _e_ www.f @team &amp;";
	struct diag *d = calloc(1, sizeof *d);
	struct book *b = book_new();
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	(void)state;
	diag_init(d, 0, 0);
	slot_fill(d, SLOT_HOSTNAME, text);
	report_markdown(d, b, f);
	fclose(f);
	assert_non_null(strstr(out, "# sshmedic: \\[x\\](http\\://a) \\<b\\> \\`c\\` \\| \\# "
				    "\\*d\\* \\_e\\_ www\\.f &#8203;@team "
				    "\\&amp;\n"));
	free(out);
	book_free(b);
	free(d);
}

/* No line of the timeline closes its block. */
static void
a_fence_is_longer_than_what_it_holds(void **state)
{
	static const char start[] = "1 0.0.0 client/0 run.start input=h host=h",
			  banner[] = "2 0.0.0 client/0 banner.line text=\"````` out\"";
	struct replay *r = replay_new();
	struct book *b = book_new();
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	(void)state;
	replay_add(r, start, sizeof start - 1);
	replay_add(r, banner, sizeof banner - 1);
	for (size_t i = 0; i < replay_count(r); i++)
		book_add(b, replay_line(r, i));
	report_markdown(book_diag(b, 0), b, f);
	fclose(f);
	assert_non_null(strstr(out, "\n``````text\n"));
	assert_non_null(strstr(out, "says: ````` out\n"));
	assert_non_null(strstr(out, "\n``````\n\nSpent: "));
	free(out);
	book_free(b);
	replay_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_without_a_value_vanish),
		cmocka_unit_test(conditions_choose_their_part),
		cmocka_unit_test(a_missing_value_is_a_question_mark),
		cmocka_unit_test(every_kind_has_words),
		cmocka_unit_test(garbage_is_named_and_passed_over),
		cmocka_unit_test(much_garbage_is_counted),
		cmocka_unit_test(a_line_with_nul_is_no_evidence),
		cmocka_unit_test(events_below_the_level_are_left_out),
		cmocka_unit_test(markdown_is_escaped),
		cmocka_unit_test(a_fence_is_longer_than_what_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

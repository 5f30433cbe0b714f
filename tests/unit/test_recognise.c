/* The recogniser: lines out of bytes, whatever their encoding; patterns; what a text without meaning becomes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/recognise/reader.h"
#include "reading.h"

/* What a text becomes, in pieces of so many bytes. */
static const char *
read_text(const char *text, size_t len, size_t piece)
{
	struct recognise_options opt = { .clock = 1, .name = "t", .say = collect };

	read_pieces(&opt, text, len, piece);
	return out;
}

static void
pieces_do_not_matter(void **state)
{
	static const char text[] = "port 22\r\n\033[1musepam\033[0m yes\npubkeyauthentication no";
	char whole[sizeof out];

	(void)state;
	strcpy(whole, read_text(text, sizeof text - 1, sizeof text));
	has("what=setting text=yes path=usepam");
	has("what=setting text=no path=pubkeyauthentication");
	has("kind=\"sshd -T\" lines=3");
	for (size_t piece = 1; piece < 9; piece++)
		assert_string_equal(read_text(text, sizeof text - 1, piece), whole);
}

static void
two_byte_texts_are_read(void **state)
{
	static const char text[] = "port 22\nusepam yes\n";
	char wide[2 * sizeof text + 2];
	size_t n = 0;

	(void)state;
	wide[n++] = (char)0xff;
	wide[n++] = (char)0xfe;
	for (size_t i = 0; text[i] != '\0'; i++) {
		wide[n++] = text[i];
		wide[n++] = 0;
	}
	read_text(wide, n, 3);
	has("what=setting text=yes path=usepam");
	read_text(wide + 2, n - 2, 5);
	has("what=setting text=yes path=usepam");
}

static void
rubbish_means_nothing(void **state)
{
	static char text[3 * RECOGNISE_LINE];

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 37 + i / 251);
	read_text(text, sizeof text, 100);
	has("kind=\"nothing that is known here\"");
	assert_null(strstr(out, "text.says"));
	memset(text, 'x', sizeof text);
	read_text(text, sizeof text, sizeof text);
	has("lines=1 bytes=12288 used=0");
	read_text("", 0, 1);
	has("lines=0 bytes=0");
}

static void
patterns_match(void **state)
{
	struct hole h[4];

	(void)state;
	assert_true(line_match(
	    "Invalid user bob from 10.0.0.1 port 22", "Invalid user %q from %s port %d", h, 4));
	assert_string_equal(h[0].s, "bob");
	assert_string_equal(h[1].s, "10.0.0.1");
	assert_string_equal(h[2].s, "22");
	/* A name may hold the words that follow names: the last place counts. */
	assert_true(line_match("Invalid user a from b port 1 from 10.0.0.1 port 22",
	    "Invalid user %q from %s port %d", h, 4));
	assert_string_equal(h[0].s, "a from b port 1");
	assert_true(line_match(
	    "Invalid user  from 10.0.0.1 port 22", "Invalid user %q from %s port %d", h, 4));
	assert_string_equal(h[0].s, "");
	assert_false(line_match(
	    "Invalid user bob from 10.0.0.1 port x", "Invalid user %q from %s port %d", h, 4));
	assert_false(line_match(
	    "Invalid user bob from 10.0.0.1 port 22 x", "Invalid user %q from %s port %d", h, 4));
	assert_true(line_match(
	    "Invalid user bob from 10.0.0.1 port 22 x", "Invalid user %q from %s port %d%*", h, 1));
	assert_true(line_match("all of it", "%q", h, 1));
	assert_string_equal(h[0].s, "all of it");
}

/* A transcript of a login that was begun here: the user's own ssh says it, and nobody else is heard in it. */
static void
own_login_is_proof(void **state)
{
	static const struct recognise_options own = {
		.clock = 1, .name = "own", .client = true, .own = true, .say = collect
	};
	static char text[64 * 1024];
	FILE *in = fopen("tests/transcripts/auth-password-wrong/client.text", "re");

	(void)state;
	assert_non_null(in);
	text[fread(text, 1, sizeof text - 256, in)] = '\0';
	fclose(in);
	strcat(text,
	    "port 22\nusepam yes\nsshd[7]: Failed password for bob from 192.0.2.9 port 4 ssh2\n");
	read_with(&own, text);
	has("proof/1 auth.login method=password");
	has("server/1 text.source name=own kind=ssh ");
	assert_null(strstr(out, "pasted/"));
	assert_null(strstr(out, "text.says"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_do_not_matter),
		cmocka_unit_test(two_byte_texts_are_read),
		cmocka_unit_test(rubbish_means_nothing),
		cmocka_unit_test(patterns_match),
		cmocka_unit_test(own_login_is_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

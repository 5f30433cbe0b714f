/* Host blocks: what is read of them, and which may have been meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/hostblock.h"

enum { FOUND_MAX = 8 };

static struct hostblock found[FOUND_MAX];
static int nfound;

static void
keep(void *arg, const struct hostblock *b)
{
	(void)arg;
	assert_true(nfound < FOUND_MAX);
	found[nfound++] = *b;
}

/* Read a text; returns the words of the last Include. */
static const char *
read_text(const char *text, const char *typed)
{
	static char copy[4096];
	struct hostblock_reader r;
	char *next = copy, *line, *words, *included = NULL;
	int number = 0;

	nfound = 0;
	snprintf(copy, sizeof copy, "%s", text);
	hostblock_begin(&r, typed, keep, NULL);
	while ((line = strsep(&next, "\n")) != NULL)
		if ((words = hostblock_line(&r, ++number, line)) != NULL)
			included = words;
	hostblock_end(&r);
	return included;
}

static void
a_block_is_read(void **state)
{
	(void)state;
	read_text(
	    "User nobody\n# Host no\nHost * !web*\n  Port 1\n\tHOST=\"web\" web?\n"
	    " hostName = %h.example.com\r\n User alice\nUser bob\nIdentityFile \"~/.ssh/my key\"\n"
	    "Port 2022 # why\nPort x\nMatch user root\nUser root\nHost last\n",
	    "web");
	assert_int_equal(nfound, 3);
	assert_string_equal(found[0].alias, "");
	assert_int_equal(found[0].port, 1);
	assert_false(found[0].applies);
	assert_int_equal(found[1].line, 5);
	assert_string_equal(found[1].alias, "web");
	assert_string_equal(found[1].hostname, "web.example.com");
	assert_string_equal(found[1].user, "alice");
	assert_string_equal(found[1].identity, "~/.ssh/my key");
	assert_int_equal(found[1].port, 2022);
	assert_true(found[1].applies);
	assert_string_equal(found[2].alias, "last");
	assert_string_equal(found[2].user, "");
}

static void
includes_are_handed_back(void **state)
{
	const char *words = read_text("Host a\nInclude conf.d/*.conf \"b c\"\nUser x\n", "z");
	char copy[64], *s = copy;

	(void)state;
	assert_non_null(words);
	snprintf(copy, sizeof copy, "%s", words);
	assert_string_equal(hostblock_word(&s), "conf.d/*.conf");
	assert_string_equal(hostblock_word(&s), "b c");
	assert_null(hostblock_word(&s));
	assert_string_equal(found[0].user, "x");
}

static void
patterns_match_as_ssh_has_them(void **state)
{
	static const struct {
		const char *patterns, *name;
		bool in;
	} rows[] = {
		{ "web", "web", true },
		{ "web", "web.example.com", false },
		{ "web*", "web.example.com", true },
		{ "*", "x", true },
		{ "w?b", "wb", false },
		{ "* !web*", "web1", false },
		{ "!web*", "db", false },
		{ "!web* db", "db", true },
		{ "*a*b*c", "xxaxxbxxbc", true },
		{ "*a*b*c", "xxaxxcxxb", false },
		{ "", "x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char copy[64], *s = copy, *words[8], *w;
		size_t n = 0;

		snprintf(copy, sizeof copy, "%s", rows[i].patterns);
		while ((w = hostblock_word(&s)) != NULL)
			words[n++] = w;
		if (hostblock_match(words, n, rows[i].name) != rows[i].in)
			fail_msg("%s: %s", rows[i].patterns, rows[i].name);
	}
}

static void
a_block_may_have_been_meant(void **state)
{
	static const struct {
		const char *alias, *hostname, *typed, *real, *want;
	} rows[] = {
		{ "web", "web.example.com", "web.example.com", "web.example.com", "hostname" },
		{ "web", "192.0.2.7", "www", "192.0.2.7", "hostname" },
		{ "web", "WEB.example.com", "web.example.com", "x", "hostname" },
		{ "web", "", "web.example.com", "web.example.com", "label" },
		{ "web.example.com", "", "web", "web", "label" },
		{ "web", "", "webmail.example.com", "webmail.example.com", NULL },
		{ "10", "", "10.0.0.1", "10.0.0.1", NULL },
		{ "web.lan", "", "web.lan.example.com", "x", NULL },
		{ "", "web.example.com", "web.example.com", "x", NULL },
		{ "db", "db.example.com", "web.example.com", "web.example.com", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hostblock b = { .line = 1 };
		const char *got;

		snprintf(b.alias, sizeof b.alias, "%s", rows[i].alias);
		snprintf(b.hostname, sizeof b.hostname, "%s", rows[i].hostname);
		got = hostblock_meant(&b, rows[i].typed, rows[i].real);
		if ((got == NULL) != (rows[i].want == NULL) ||
		    (got != NULL && strcmp(got, rows[i].want) != 0))
			fail_msg("row %zu: %s", i, got != NULL ? got : "none");
		b.applies = true;
		assert_null(hostblock_meant(&b, rows[i].typed, rows[i].real));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_read),
		cmocka_unit_test(includes_are_handed_back),
		cmocka_unit_test(patterns_match_as_ssh_has_them),
		cmocka_unit_test(a_block_may_have_been_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

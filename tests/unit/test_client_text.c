/*
 * ssh's own output as people paste it: without its line ends, quoted, with times, broken at a terminal's
 * width, of Ansible and Git; and text that is made to mislead. What it comes to is compared with what the text as ssh
 * printed it comes to.
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
#include "core/paste.h"
#include "core/rule.h"

enum { TEXT_MAX = 256 * 1024, WIDTH = 80 };

static char printed[TEXT_MAX], changed[TEXT_MAX];

/* The verdict of a text, "ID certainty". */
static const char *
verdict(const char *text)
{
	static char words[128];
	struct replay *r = replay_new();
	struct book *b = book_new();
	struct paste *p = paste_new(r, NULL, 1790000000, 0);
	FILE *in = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
	const struct diag *d;

	assert_non_null(in);
	assert_int_equal(paste_read(p, in, "t", stderr), 0);
	fclose(in);
	assert_int_equal(paste_end(p), 0);
	for (size_t i = 0; i < replay_count(r); i++)
		book_add(b, replay_line(r, i));
	d = book_diag(b, replay_target(r));
	assert_non_null(d);
	snprintf(words, sizeof words, "%s %s",
	    d->verdict.healthy        ? "healthy"
	    : d->verdict.rule != NULL ? d->verdict.rule->id
				      : "none",
	    certainty_name(d->verdict.certainty));
	paste_free(p);
	book_free(b);
	replay_free(r);
	return words;
}

static void
read_transcript(const char *folder)
{
	char path[256];
	FILE *in;
	size_t n;

	snprintf(path, sizeof path, "tests/transcripts/%s/client.text", folder);
	if ((in = fopen(path, "re")) == NULL)
		fail_msg("%s cannot be read: tests run at the top of the tree", path);
	n = fread(printed, 1, sizeof printed - 1, in);
	fclose(in);
	printed[n] = '\0';
}

static void
without_line_ends(void)
{
	char *to = changed;

	for (const char *p = printed; *p != '\0'; p++)
		if (*p != '\r')
			*to++ = *p;
	*to = '\0';
}

/* Each line behind a text; a width breaks lines. */
static void
with(const char *head, int width)
{
	char *to = changed;
	int column = 0;

	for (const char *p = printed; *p != '\0' && to < changed + sizeof changed - 64; p++) {
		if (column == 0)
			to += sprintf(to, "%s", head);
		if (*p == '\r')
			continue;
		if (width > 0 && column == width && *p != '\n') {
			*to++ = '\n';
			column = 0;
		}
		column = *p == '\n' ? 0 : column + 1;
		*to++ = *p;
	}
	*to = '\0';
}

static void
how_it_was_copied_does_not_matter(void **state)
{
	static const char *const folders[] = { "auth-publickey-denied", "tcp-refused",
		"kex-no-matching-cipher", "hostkey-changed", "proxyjump-target-refused",
		"session-closed-by-remote", "auth-password-wrong", "ok-login",
		"client-config-bad-option" };
	static const char *const heads[] = { "> ", "2026-11-26T18:46:13.120+01:00 ", "[18:46:13] ",
		"Nov 26 18:46:13 host ssh[4711]: ", "12.345 " };

	(void)state;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char whole[128];

		read_transcript(folders[i]);
		snprintf(whole, sizeof whole, "%s", verdict(printed));
		without_line_ends();
		assert_string_equal(verdict(changed), whole);
		for (size_t j = 0; j < sizeof heads / sizeof *heads; j++) {
			with(heads[j], 0);
			assert_string_equal(verdict(changed), whole);
		}
		with("", WIDTH);
		if (strcmp(verdict(changed), whole) != 0)
			fail_msg("%s at %d columns: %s", folders[i], WIDTH, verdict(changed));
	}
}

static const struct {
	const char *text, *verdict;
} texts[] = {
	{ "alice@web1: Permission denied (publickey).\r\n", "auth-key-rejected likely" },
	{ "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote "
	  "repository.\n\n"
	  "Please make sure you have the correct access rights\nand the repository exists.\n",
	    "auth-key-rejected likely" },
	{ "Cloning into 'x'...\nssh: Could not resolve hostname gti.example: Name or service not "
	  "known\n"
	  "fatal: Could not read from remote repository.\n",
	    "dns-nxdomain likely" },
	{ "ssh: connect to host web1 port 22: Connection refused\nlost connection\n",
	    "tcp-refused likely" },
	{ "fatal: [web1]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Failed to connect to the "
	  "host "
	  "via ssh: alice@web1: Permission denied (publickey,password).\", \"unreachable\": "
	  "true}\n",
	    "auth-needs-human likely" },
	{ "web1 | UNREACHABLE! => {\n    \"msg\": \"Failed to connect to the host via ssh: ssh: "
	  "connect to "
	  "host web1 port 22: Connection refused\\r\\n\",\n",
	    "tcp-refused likely" },
	{ "Connection closed by 192.0.2.7 port 22\n", "banner-closed possible" },
	{ "client_loop: send disconnect: Broken pipe\n", "idle-drop likely" },
	{ "Received message too long 1466264675\nConnection closed\n",
	    "sftp-stream-polluted likely" },
};

static void
a_few_words_are_enough(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(verdict(texts[i].text), texts[i].verdict) != 0)
			fail_msg("%s is not %s but %s", texts[i].text, texts[i].verdict,
			    verdict(texts[i].text));
}

/* What a server's banner or a command prints ends in LF, where ssh's own lines end in CR LF. */
static void
what_others_print_is_not_ssh(void **state)
{
	char *at;
	size_t n;

	(void)state;
	read_transcript("auth-publickey-denied");
	at = strstr(printed, "debug1: Next authentication method");
	assert_non_null(at);
	n = (size_t)(at - printed);
	memcpy(changed, printed, n);
	n += (size_t)sprintf(changed + n,
	    "Host key verification failed.\nssh: connect to host web1 port 22: Connection refused\n"
	    "Authenticated to web1 ([192.0.2.7]:22) using \"publickey\".\n");
	strcpy(changed + n, at);
	assert_string_equal(verdict(changed), "auth-key-rejected likely");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_it_was_copied_does_not_matter),
		cmocka_unit_test(a_few_words_are_enough),
		cmocka_unit_test(what_others_print_is_not_ssh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

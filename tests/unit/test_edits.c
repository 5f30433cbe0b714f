/* Edits of files as text: ssh_config, known_hosts; the diff that shows them; commands cut into words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/change.h"
#include "core/hmac.h"
#include "core/knownhosts_edit.h"
#include "core/linediff.h"
#include "core/sshconfig.h"

static char out[16384], why[SSHCONFIG_WHY];

static enum sshconfig_result
config(const char *text, const char *host, const char *k1, const char *v1, const char *k2,
    const char *v2)
{
	struct sshconfig_edit e = { .host = host, .set = { { k1, v1 }, { k2, v2 } } };
	struct strbuf sb;

	e.nset = k2 != NULL ? 2 : 1;
	sb_init(&sb, out, sizeof out);
	return sshconfig_edit(text, strlen(text), &e, &sb, why);
}

static const struct {
	const char *text, *host, *k1, *v1, *k2, *v2, *want;
} cases[] = {
	{ "", "web", "Port", "22", NULL, NULL, "Host web\n    Port 22\n" },
	{ "Host web\n\tUser a\n\n# for the rest\nHost *\n\tPort 1\n", "web", "Port", "22", NULL,
	    NULL, "Host web\n\tUser a\n\tPort 22\n\n# for the rest\nHost *\n\tPort 1\n" },
	{ "Host web\n  Port=1 # why\n", "web", "port", "22", NULL, NULL,
	    "Host web\n  Port=22 # why\n" },
	{ "Host a\n  User x\n\n# for the rest\nHost *\n  Port 1\n", "web", "Port", "22", NULL, NULL,
	    "Host a\n  User x\n\nHost web\n  Port 22\n\n# for the rest\nHost *\n  Port 1\n" },
	{ "# mine\nPort 1\n", "web", "Port", "22", NULL, NULL,
	    "Host web\n    Port 22\n\nHost *\n# mine\nPort 1\n" },
	{ "Host web mail\n  Port 1\n", "web", "Port", "22", NULL, NULL,
	    "Host web\n  Port 22\n\nHost web mail\n  Port 1\n" },
	{ "Host web\r\n  User a", "web", "Port", "22", NULL, NULL,
	    "Host web\r\n  User a\r\n  Port 22\r\n" },
	{ "Host web\n  User a\n  IdentityFile ~/.ssh/a\n", "web", "IdentityFile", "/k e y",
	    "IdentitiesOnly", "yes",
	    "Host web\n  User a\n  IdentityFile \"/k e y\"\n  IdentityFile ~/.ssh/a\n  "
	    "IdentitiesOnly yes\n" },
	{ "Host web\n  HostKeyAlgorithms +ssh-dss\n", "web", "HostKeyAlgorithms", "+ssh-rsa", NULL,
	    NULL, "Host web\n  HostKeyAlgorithms +ssh-dss,ssh-rsa\n" },
	{ "Host web\n  SetEnv A=1\n", "web", "SetEnv", "TERM=x", NULL, NULL,
	    "Host web\n  SetEnv A=1 TERM=x\n" },
	{ "Host web\n  SetEnv TERM=y\n", "web", "SetEnv", "TERM=x", NULL, NULL,
	    "Host web\n  SetEnv TERM=x\n" },
	{ "# top\n\nHost web\n  Foo 1\n", NULL, "IgnoreUnknown", "Foo", NULL, NULL,
	    "# top\n\nIgnoreUnknown Foo\n\nHost web\n  Foo 1\n" },
	{ "IgnoreUnknown Bar\nFoo 1\n", NULL, "IgnoreUnknown", "Foo", NULL, NULL,
	    "IgnoreUnknown Bar,Foo\nFoo 1\n" },
	{ "Host web\n  ProxyCommand nc %h %p\n", "web", "ProxyJump", "none", NULL, NULL,
	    "Host web\n  ProxyJump none\n  ProxyCommand nc %h %p\n" },
	{ "Host web\n  Include x\n  User u\n", "web", "Port", "22", NULL, NULL,
	    "Host web\n  Port 22\n  Include x\n  User u\n" },
	{ "User \xff\xfe\nHost web\n  # \x80\n", "web", "Port", "22", NULL, NULL,
	    "User \xff\xfe\nHost web\n    Port 22\n  # \x80\n" },
};

static void
settings_go_where_they_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(config(cases[i].text, cases[i].host, cases[i].k1, cases[i].v1,
				     cases[i].k2, cases[i].v2),
		    SSHCONFIG_CHANGED);
		assert_string_equal(out, cases[i].want);
	}
	assert_int_equal(config("Port 22\nHost web\n  Port 1\n", "web", "Port", "22", NULL, NULL),
	    SSHCONFIG_SAME);
	assert_int_equal(
	    config("Match all\n  Port 22\n", "web", "Port", "22", NULL, NULL), SSHCONFIG_CHANGED);
}

static void
what_cannot_be_written_is_refused(void **state)
{
	static const char *const names[] = { "", "a b", "*", "we?b", "!web", "#x", "-oX", "a\nb",
		"a\"" },
				 *const values[] = { "", "a\nProxyCommand x", "a\"b", " a", "a\\" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(config("", names[i], "Port", "22", NULL, NULL), SSHCONFIG_NO);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		assert_int_equal(config("", "web", "User", values[i], NULL, NULL), SSHCONFIG_NO);
	assert_int_equal(
	    config("Host *\n SetEnv A=1\n", "web", "SetEnv", "B=1", NULL, NULL), SSHCONFIG_NO);
	assert_true(why[0] != '\0');
}

static void
a_line_is_corrected_if_it_is_still_there(void **state)
{
	static const char text[] = "Host web\n  Prot 22\r\nUser a";
	struct strbuf sb;

	(void)state;
	sb_init(&sb, out, sizeof out);
	assert_int_equal(sshconfig_line(text, strlen(text), 2, "Prot 22 ", "Port 22", &sb, why),
	    SSHCONFIG_CHANGED);
	assert_string_equal(out, "Host web\n  Port 22\r\nUser a");
	sb_init(&sb, out, sizeof out);
	assert_int_equal(
	    sshconfig_line(text, strlen(text), 3, "User a", NULL, &sb, why), SSHCONFIG_CHANGED);
	assert_string_equal(out, "Host web\n  Prot 22\r\n");
	assert_int_equal(
	    sshconfig_line(text, strlen(text), 1, "Host mail", "x", &sb, why), SSHCONFIG_NO);
	assert_int_equal(sshconfig_line(text, strlen(text), 4, "", "x", &sb, why), SSHCONFIG_NO);
	sb_init(&sb, out, sizeof out);
	assert_int_equal(sshconfig_name("host a web # b\n", 15, "web", "web.example.net", &sb, why),
	    SSHCONFIG_CHANGED);
	assert_string_equal(out, "host a web web.example.net # b\n");
	assert_int_equal(sshconfig_name("Host w*\n", 8, "w*", "web", &sb, why), SSHCONFIG_SAME);
	assert_int_equal(sshconfig_name("Host a !web\n", 12, "a", "web", &sb, why), SSHCONFIG_NO);
}

static void
hmac_is_that_of_the_standard(void **state)
{
	/* RFC 2202, test 2, and RFC 3174, 7.3, test 2 */
	static const uint8_t mac[] = { 0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74,
		0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79 },
			     sum[] = { 0x84, 0x98, 0x3e, 0x44, 0x1c, 0x3b, 0xd2, 0x6e, 0xba, 0xae,
				     0x4a, 0xa1, 0xf9, 0x51, 0x29, 0xe5, 0xe5, 0x46, 0x70, 0xf1 };
	static const char long_text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	uint8_t got[SHA1_LEN];

	(void)state;
	hmac_sha1((const uint8_t *)"Jefe", 4, "what do ya want for nothing?", 28, got);
	assert_memory_equal(got, mac, SHA1_LEN);
	sha1(long_text, 20, long_text + 20, strlen(long_text) - 20, got);
	assert_memory_equal(got, sum, SHA1_LEN);
}

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr0CvKSNoZ0NQPdjnmPZBWbIyMFUGF0ClCYkPbJv7wz"

static void
a_name_leaves_known_hosts(void **state)
{
	static const char text[] =
	    "# a remark about web\nweb " KEY "\nWEB,10.0.0.1 " KEY " me\r\n"
	    "[web]:22 " KEY "\nweb2,web " KEY "\n@revoked web " KEY "\n"
	    "@cert-authority w*,web " KEY "\n*.net,web " KEY "\nweb 1024 35 1\nw?b " KEY;
	static const char want[] =
	    "# a remark about web\n10.0.0.1 " KEY " me\r\n"
	    "[web]:22 " KEY "\nweb2 " KEY "\n@revoked web " KEY "\n"
	    "@cert-authority w*,web " KEY "\n*.net " KEY "\nweb 1024 35 1\nw?b " KEY "\nweb new\n";
	struct known_edit did;
	struct strbuf sb;

	(void)state;
	sb_init(&sb, out, sizeof out);
	assert_true(known_edit(text, strlen(text), "Web", "web new", &sb, &did));
	assert_string_equal(out, want);
	assert_int_equal(did.removed, 1);
	assert_int_equal(did.narrowed, 3);
	assert_int_equal(did.kept, 3);
	assert_int_equal(did.kept_at, 6);
	sb_init(&sb, out, 20);
	assert_false(known_edit(text, strlen(text), "web", NULL, &sb, &did));
}

static char shown[8192];
static size_t shown_len;

static void
show(void *arg, char mark, size_t line, const char *s, size_t len)
{
	(void)arg;
	shown_len += (size_t)snprintf(
	    shown + shown_len, sizeof shown - shown_len, "%c%.*s", mark, (int)len, s);
	if (mark == '@')
		shown_len +=
		    (size_t)snprintf(shown + shown_len, sizeof shown - shown_len, "%zu", line);
	shown_len += (size_t)snprintf(shown + shown_len, sizeof shown - shown_len, "\n");
}

static const char *
diff(const char *a, const char *b, size_t max, size_t *left)
{
	shown_len = 0;
	shown[0] = '\0';
	linediff(a, strlen(a), b, strlen(b), max, left, show, NULL);
	return shown;
}

static void
a_diff_shows_what_changes(void **state)
{
	static char big[64 * 1024], other[64 * 1024];
	size_t left;

	(void)state;
	assert_string_equal(diff("a\nb\n", "a\nb\n", 9, &left), "");
	assert_string_equal(
	    diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nnew\n5\n6\n7\n8\n", 99, &left),
	    "@2\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n");
	assert_string_equal(
	    diff("a\nb\nc\nd\n", "a\nB\nc\nD", 99, &left), "@1\n a\n-b\n+B\n c\n-d\n+D\n");
	assert_string_equal(diff("", "x\n", 99, &left), "@1\n+x\n");
	assert_string_equal(diff("x\n", "", 99, &left), "@1\n-x\n");
	assert_string_equal(diff("a\na\n", "a\na\na\n", 99, &left), "@1\n a\n a\n+a\n");
	assert_string_equal(diff("a\nb\nc\n", "x\ny\n", 3, &left), "@1\n-a\n-b\n");
	assert_int_equal(left, 3);
	for (size_t i = 0; i + 1 < sizeof big; i++) {
		big[i] = i % 2 ? '\n' : (char)('a' + i % 23);
		other[i] = i % 2 ? '\n' : (char)('a' + i % 19);
	}
	diff(big, other, 5, &left);
	assert_true(left > 60000);
}

static void
commands_are_cut_as_a_shell_would(void **state)
{
	static struct change c, copy;
	static const char *const bad[] = { "", "a | b", "a > b", "a $x", "a `b`", "a; b", "a &",
		"&& a", "a &&", "a && && b", "a 'b", "a *", "a \"b\"", "~/x", "a \\x" };

	(void)state;
	assert_true(change_split(&c, "kill -KILL 7 && rm -f '/tmp/a b'\\''c' x~ %C"));
	change_copy(&copy, &c);
	memset(&c, 0, sizeof c);
	assert_int_equal(copy.nargv, 10);
	assert_string_equal(copy.argv[0], "kill");
	assert_string_equal(copy.argv[2], "7");
	assert_null(copy.argv[3]);
	assert_string_equal(copy.argv[4], "rm");
	assert_string_equal(copy.argv[6], "/tmp/a b'c");
	assert_string_equal(copy.argv[8], "%C");
	assert_null(copy.argv[9]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (change_split(&c, bad[i]))
			fail_msg("taken: %s", bad[i]);
}

static struct diag d;

static void
known(const char *slot, const char *text)
{
	for (int s = 0; s < SLOT__COUNT; s++)
		if (strcmp(slot_name((enum slot)s), slot) == 0)
			slot_fill(&d, (enum slot)s, text);
}

static void
fixes_become_changes(void **state)
{
	static struct change c;

	(void)state;
	diag_init(&d, 0, 0);
	assert_false(change_of(&d, fix_by_id("save-key"), &c));
	known("host", "web");
	known("other_key", "/home/me/100% mine");
	assert_true(change_of(&d, fix_by_id("use-other-key"), &c));
	assert_int_equal(c.op, CHANGE_CONFIG);
	assert_string_equal(c.host, "web");
	assert_string_equal(c.path, "");
	assert_int_equal(c.nset, 2);
	assert_string_equal(c.set[0].keyword, "IdentityFile");
	assert_string_equal(c.set[0].value, "/home/me/100%% mine");
	assert_string_equal(c.set[1].value, "yes");
	known("other_key", "/home/me/\\xff"); /* is it a byte, or four letters? */
	assert_false(change_of(&d, fix_by_id("use-other-key"), &c));
	known("family", "-6");
	assert_true(change_of(&d, fix_by_id("one-family"), &c));
	assert_string_equal(c.set[0].value, "inet6");
	known("cfg_option", "Foo");
	assert_true(change_of(&d, fix_by_id("ignore-option"), &c));
	assert_string_equal(c.host, "");
	known("block_at", "/home/me/.ssh/conf.d/x:7");
	known("block_name", "w");
	assert_true(change_of(&d, fix_by_id("widen-host"), &c));
	assert_string_equal(c.path, "/home/me/.ssh/conf.d/x");
	assert_string_equal(c.set[0].value, "web");
	known("mux_path", "/tmp/x y");
	known("mux_pid", "12");
	assert_true(change_of(&d, fix_by_id("kill-master"), &c));
	assert_int_equal(c.nargv, 8);
	assert_string_equal(c.argv[6], "/tmp/x y");
	assert_false(change_of(&d, fix_by_id("start-sshd"), &c));
	assert_false(change_of(&d, fix_by_id("login-by-hand"), &c));
}

/* What is written is what is shown: every row with a change fits its side and kind. */
static void
rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < fixes_count(); i++) {
		const struct fix *f = fix_at(i);
		enum change_op op = f->change.op, save = f->save.op;

		if (op == CHANGE_NONE && save == CHANGE_NONE)
			continue;
		assert_int_equal(f->side, SIDE_CLIENT);
		assert_true(op == CHANGE_NONE || f->kind == FIX_CHANGE);
		assert_true(
		    save == CHANGE_NONE ||
		    (f->kind == FIX_CONNECT && (save == CHANGE_CONFIG || save == CHANGE_TERMINAL)));
		if (op == CHANGE_RUN || op == CHANGE_TERMINAL)
			assert_non_null(f->command);
		if (op == CHANGE_MODE || op == CHANGE_UNLINK_SOCKET || op == CHANGE_MKDIR ||
		    op == CHANGE_KNOWN_HOSTS)
			assert_non_null(f->change.path);
		if (op == CHANGE_CONFIG)
			assert_non_null(f->change.set[0].keyword);
		/* The option that a command line has is the one that is kept. */
		if (save == CHANGE_CONFIG && strstr(f->command, " -o ") != NULL &&
		    f->save.host == NULL) {
			const char *last = f->save.set[1].keyword != NULL ? f->save.set[1].keyword
									  : f->save.set[0].keyword;

			assert_non_null(strstr(f->command, last));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_go_where_they_count),
		cmocka_unit_test(what_cannot_be_written_is_refused),
		cmocka_unit_test(a_line_is_corrected_if_it_is_still_there),
		cmocka_unit_test(hmac_is_that_of_the_standard),
		cmocka_unit_test(a_name_leaves_known_hosts),
		cmocka_unit_test(a_diff_shows_what_changes),
		cmocka_unit_test(commands_are_cut_as_a_shell_would),
		cmocka_unit_test(fixes_become_changes),
		cmocka_unit_test(rows_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

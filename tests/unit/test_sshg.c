/*
 * core/sshg.c and core/sshg_error.c: what `ssh -G` prints, and what ssh says when it cannot. The samples
 * are of OpenSSH 9.2p1 (Debian 12) and 10.5.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/sshg.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Part of the output of ssh -G -F /dev/null -p 2222 … u@example.org */
static const char sample[] =
    "host example.org\nuser u\nhostname example.org\nport 2222\naddressfamily any\nbatchmode no\n"
    "canonicalizehostname false\ncompression no\ncontrolmaster false\ngssapiauthentication no\n"
    "identitiesonly no\nkbdinteractiveauthentication yes\npasswordauthentication yes\n"
    "pubkeyauthentication true\nrequesttty auto\nsessiontype default\nstricthostkeychecking ask\n"
    "tcpkeepalive yes\nverifyhostkeydns false\nupdatehostkeys true\nconnectionattempts 1\n"
    "numberofpasswordprompts 3\nserveralivecountmax 3\nserveraliveinterval 0\nrequiredrsasize "
    "1024\n"
    "ciphers chacha20-poly1305@openssh.com,aes128-ctr\nhostkeyalgorithms ssh-ed25519,rsa-sha2-512\n"
    "kexalgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256\nloglevel INFO\n"
    "macs umac-64-etm@openssh.com,hmac-sha2-256\npubkeyacceptedalgorithms "
    "ssh-ed25519,rsa-sha2-512\n"
    "xauthlocation /usr/bin/xauth\nidentityfile ~/.ssh/id_rsa\nidentityfile /a/c d\n"
    "globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2\n"
    "userknownhostsfile /x/a /x/b c\nconnecttimeout none\ncanonicalizePermittedcnames none\n"
    "ipqos lowdelay throughput\nproxycommand nc %h %p\n";

static struct sshg g;

static void
output_of_ssh_is_read(void **state)
{
	(void)state;
	sshg_init(&g);
	assert_int_equal(sshg_parse(&g, sample, sizeof(sample) - 1), 39);
	assert_int_equal(g.lines, 40);
	assert_string_equal(g.host, "example.org");
	assert_string_equal(g.xauthlocation, "/usr/bin/xauth");
	assert_string_equal(g.hostname, "example.org");
	assert_string_equal(g.user, "u");
	assert_int_equal(g.port, 2222);
	assert_int_equal(g.connecttimeout, 0);
	assert_int_equal(g.requiredrsasize, 1024);
	assert_string_equal(g.proxycommand, "nc %h %p");
	assert_string_equal(g.proxyjump, "");
	assert_string_equal(g.hostkeyalias, "");
	assert_int_equal(g.identityfile.n, 2);
	assert_string_equal(g.identityfile.item[0], "~/.ssh/id_rsa");
	assert_string_equal(g.identityfile.item[1], "/a/c d");
	assert_int_equal(g.userknownhostsfile.n, 3); /* the blank cannot be told apart */
	assert_string_equal(g.userknownhostsfile.item[1], "/x/b");
	assert_int_equal(g.globalknownhostsfile.n, 2);
	assert_int_equal(g.stricthostkeychecking, SSHG_ASK);
	assert_int_equal(g.pubkeyauthentication, SSHG_YES);
	assert_int_equal(g.passwordauthentication, SSHG_YES);
	assert_int_equal(g.batchmode, SSHG_NO);
	assert_int_equal(g.permitlocalcommand, SSHG_UNSET);
	assert_false(g.cut);
}

static void
lists_become_an_offer(void **state)
{
	struct kex_lists k;

	(void)state;
	sshg_init(&g);
	sshg_parse(&g, sample, sizeof(sample) - 1);
	sshg_kex_lists(&g, &k);
	assert_true(namelist_eq(k.list[KEX_HOSTKEY], "ssh-ed25519,rsa-sha2-512"));
	assert_true(namelist_eq(k.list[KEX_CIPHER_SC], "chacha20-poly1305@openssh.com,aes128-ctr"));
	assert_true(namelist_eq(k.list[KEX_COMP_CS], "none,zlib@openssh.com"));
	sshg_line(&g, "compression yes", 15, NULL, NULL);
	sshg_kex_lists(&g, &k);
	assert_true(namelist_eq(k.list[KEX_COMP_CS], "zlib@openssh.com,none"));
}

static void
switches_have_many_words(void **state)
{
	static const struct {
		const char *line;
		enum sshg_yes yes;
	} rows[] = {
		{ "stricthostkeychecking true", SSHG_YES },
		{ "stricthostkeychecking yes", SSHG_YES },
		{ "stricthostkeychecking false", SSHG_NO },
		{ "stricthostkeychecking off", SSHG_NO },
		{ "stricthostkeychecking ask", SSHG_ASK },
		{ "stricthostkeychecking accept-new", SSHG_ACCEPT_NEW },
		{ "stricthostkeychecking auto", SSHG_AUTO },
		{ "stricthostkeychecking", SSHG_OTHER },
		{ "stricthostkeychecking perhaps", SSHG_OTHER },
		{ "stricthostkeychecking ask\r", SSHG_ASK },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		sshg_init(&g);
		assert_non_null(sshg_line(&g, rows[i].line, strlen(rows[i].line), NULL, NULL));
		assert_int_equal(g.stricthostkeychecking, rows[i].yes);
		assert_true(sshg_yes_name(rows[i].yes)[0] != '\0');
	}
}

static void
row_and_value_come_back(void **state)
{
	const struct sshg_row *row;
	const char *v;
	size_t n;

	(void)state;
	sshg_init(&g);
	row = sshg_line(&g, "remotecommand ls -l  x", 22, &v, &n);
	assert_non_null(row);
	assert_string_equal(row->name, "remotecommand");
	assert_true(row->shown);
	assert_int_equal(n, 8);
	assert_memory_equal(v, "ls -l  x", 8);
	assert_string_equal(g.remotecommand, "ls -l  x");
	row = sshg_line(&g, "loglevel INFO", 13, NULL, NULL);
	assert_non_null(row);
	assert_false(row->shown);
	assert_null(sshg_line(&g, "escapechar ~", 12, NULL, NULL));
	assert_null(sshg_line(&g, "", 0, NULL, NULL));
	assert_null(sshg_line(&g, "user\0x", 6, NULL, NULL));
	row = sshg_line(&g, "challengeresponseauthentication no", 34, NULL, NULL); /* before 8.7 */
	assert_non_null(row);
	assert_int_equal(g.kbdinteractiveauthentication, SSHG_NO);
}

static void
numbers_that_are_none_change_nothing(void **state)
{
	(void)state;
	sshg_init(&g);
	sshg_line(&g, "port 22", 7, NULL, NULL);
	sshg_line(&g, "port -1", 7, NULL, NULL);
	sshg_line(&g, "port 2x", 7, NULL, NULL);
	sshg_line(&g, "port 99999999999999", 19, NULL, NULL);
	assert_int_equal(g.port, 22);
}

static void
room_is_bounded(void **state)
{
	static char line[10000];
	int i;

	(void)state;
	sshg_init(&g);
	for (i = 0; i < SSHG_LIST + 5; i++)
		sshg_line(&g, "identityfile /k", 15, NULL, NULL);
	assert_int_equal(g.identityfile.n, SSHG_LIST);
	assert_true(g.identityfile.cut);
	assert_false(g.cut);
	memset(line, 'a', sizeof(line));
	memcpy(line, "proxycommand ", 13);
	for (i = 0; i < 10; i++)
		sshg_line(&g, line, sizeof(line), NULL, NULL);
	assert_true(g.cut);
	assert_int_equal(strlen(g.proxycommand), sizeof(line) - 13);
	sshg_line(&g, "user bob", 8, NULL, NULL);
	assert_string_equal(g.user, "bob");
}

struct fault_row {
	const char *text;
	enum sshg_fault fault;
	bool cli;
	const char *file;
	int line;
	const char *option, *said;
};

#define TERM "/c: terminating, 1 bad configuration options\n"

static const struct fault_row faults[] = {
	{ "/home/u/.ssh/config: line 2: Bad configuration option: identitiyfile\r\n"
	  "/home/u/.ssh/config: terminating, 1 bad configuration options\r\n",
	    SSHG_FAULT_BAD_OPTION, false, "/home/u/.ssh/config", 2, "identitiyfile",
	    "/home/u/.ssh/config: line 2: Bad configuration option: identitiyfile" },
	{ "debug1: Reading configuration data /c\n/my line x/c: line 12: Bad configuration option: "
	  "foo\n" TERM,
	    SSHG_FAULT_BAD_OPTION, false, "/my line x/c", 12, "foo", NULL },
	{ "/c line 1: unsupported option \"maybe\".\n" TERM, SSHG_FAULT_BAD_VALUE, false, "/c", 1,
	    "maybe", "/c line 1: unsupported option \"maybe\"." },
	{ "/c line 1: no argument after keyword \"port\"\n" TERM, SSHG_FAULT_NO_VALUE, false, "/c",
	    1, "port", NULL },
	{ "/c line 1: Missing target argument.\n" TERM, SSHG_FAULT_NO_VALUE, false, "/c", 1, "",
	    NULL },
	{ "/c line 7: Bad port 'abc'.\n" TERM, SSHG_FAULT_BAD_VALUE, false, "/c", 7, "abc", NULL },
	{ "Unsupported KEX algorithm \"foo\"\n/c line 1: Bad SSH2 KexAlgorithms 'foo'.\n" TERM,
	    SSHG_FAULT_BAD_VALUE, false, "/c", 1, "foo",
	    "/c line 1: Bad SSH2 KexAlgorithms 'foo'." },
	{ "Unsupported Match attribute foo\n/c line 1: Bad Match condition\n" TERM,
	    SSHG_FAULT_BAD_VALUE, false, "/c", 1, "", NULL },
	{ "/c line 1: keyword port extra arguments at end of line\n" TERM, SSHG_FAULT_BAD_VALUE,
	    false, "/c", 1, "", NULL },
	{ "/c line 1: invalid quotes\n" TERM, SSHG_FAULT_BAD_VALUE, false, "/c", 1, "", NULL },
	{ "command-line: line 0: Bad configuration option: nosuchoption\r\n", SSHG_FAULT_BAD_OPTION,
	    true, "", 0, "nosuchoption", NULL },
	{ "command-line line 0: Bad SSH2 KexAlgorithms 'foo'.\r\n", SSHG_FAULT_BAD_VALUE, true, "",
	    0, "foo", NULL },
	{ "Bad owner or permissions on /home/u/.ssh/config\r\n", SSHG_FAULT_PERMS, false,
	    "/home/u/.ssh/config", 0, "", "Bad owner or permissions on /home/u/.ssh/config" },
	{ "Can't open user config file /n/config: No such file or directory\r\n",
	    SSHG_FAULT_NO_FILE, false, "/n/config", 0, "", NULL },
	{ "hostname contains invalid characters\r\n", SSHG_FAULT_BAD_NAME, false, "", 0, "", NULL },
	{ "remote username contains invalid characters\r\n", SSHG_FAULT_BAD_NAME, false, "", 0, "",
	    NULL },
	{ "Bad port '99999'\r\n", SSHG_FAULT_BAD_ARG, false, "", 0, "99999", NULL },
	{ "Cannot specify -J with ProxyCommand\r\n", SSHG_FAULT_BAD_ARG, false, "", 0, "", NULL },
	{ "Only a single -J option is permitted (use commas to separate multiple hops)\r\n",
	    SSHG_FAULT_BAD_ARG, false, "", 0, "", NULL },
	{ "inconsistent options: ProxyCommand+ProxyJump\r\n", SSHG_FAULT_BAD_ARG, false, "", 0, "",
	    NULL },
	{ "Unknown cipher type 'foo'\n", SSHG_FAULT_BAD_ARG, false, "", 0, "foo", NULL },
	{ "unknown option -- Z\nusage: ssh [-46AaCf]\n", SSHG_FAULT_BAD_ARG, false, "", 0, "Z",
	    "unknown option -- Z" },
	{ "No user exists for uid 4242\n", SSHG_FAULT_NO_USER, false, "", 0, "", NULL },
	{ "ssh: error while loading shared libraries: libcrypto.so.3: cannot open shared object "
	  "file\n",
	    SSHG_FAULT_LIBRARY, false, "", 0, "", NULL },
	/* What harms nothing is no fault. */
	{ "/c line 3: Unsupported option \"rsaauthentication\"\nPseudo-terminal will not be "
	  "allocated because "
	  "stdin is not a terminal.\n",
	    SSHG_FAULT_NONE, false, "", 0, "", "" },
	{ "/c line 3: Deprecated option \"cipher\"\n/c: line 9: Bad configuration option: x\n",
	    SSHG_FAULT_BAD_OPTION, false, "/c", 9, "x", NULL },
	{ "", SSHG_FAULT_NONE, false, "", 0, "", "" },
	{ "something new\nand more\n", SSHG_FAULT_NONE, false, "", 0, "", "and more" },
	/* Nothing raw comes out. */
	{ "/\033[31mc: line 2: Bad configuration option: \033]0;x\007\n", SSHG_FAULT_BAD_OPTION,
	    false, "/\\x1B[31mc", 2, "\\x1B]0;x\\x07", NULL },
	{ " line 5: x\n", SSHG_FAULT_BAD_VALUE, false, "", 0, "", NULL },
};

static void
faults_are_told_by_their_words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(faults); i++) {
		const struct fault_row *r = &faults[i];
		struct sshg_error e;
		bool got = sshg_error(r->text, strlen(r->text), &e);

		assert_int_equal(got, r->fault != SSHG_FAULT_NONE);
		assert_string_equal(sshg_fault_name(e.fault), sshg_fault_name(r->fault));
		assert_int_equal(e.command_line, r->cli);
		assert_string_equal(e.file, r->file);
		assert_int_equal(e.line, r->line);
		if (r->option != NULL)
			assert_string_equal(e.option, r->option);
		if (r->said != NULL)
			assert_string_equal(e.text, r->said);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_of_ssh_is_read),
		cmocka_unit_test(lists_become_an_offer),
		cmocka_unit_test(switches_have_many_words),
		cmocka_unit_test(row_and_value_come_back),
		cmocka_unit_test(numbers_that_are_none_change_nothing),
		cmocka_unit_test(room_is_bounded),
		cmocka_unit_test(faults_are_told_by_their_words),
	};

	return cmocka_run_group_tests_name("sshg", tests, NULL, NULL);
}

/* The guard's script with the words of a fix in it, each fix that it takes, and what is read of what it prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/guard.h"

static char text[GUARD_MAX];
static struct diag d;
static struct guard_room room;

static void
print(const struct guard_words *w)
{
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	assert_int_equal(guard_print(&sb, w), 0);
}

static void
has_line(const char *line)
{
	char want[512];

	snprintf(want, sizeof want, "\n%s\n", line);
	if (strstr(text, want) == NULL)
		fail_msg("no line: %s", line);
}

static void
test_words(void **state)
{
	const struct guard_words w = { .verb = "apply",
		.fix = "it's; rm -rf \"$HOME\" `x`\n#@PARAMETERS@",
		.edit = "sed -i 's/a/b/' /etc/x",
		.touches = "sshd:\n/etc/a b",
		.then = "reload",
		.user = "DOM\\bob",
		.port = 2222,
		.client = "fd00::2",
		.window_s = 30 };
	const struct guard_words none = { 0 };
	size_t bare;

	(void)state;
	print(&none);
	assert_null(strstr(text, "#@PARAMETERS@"));
	bare = strlen(text);
	assert_true(bare > 10000);
	print(&w);
	has_line("verb=apply");
	has_line("fix='it'\\''s; rm -rf \"$HOME\" `x`\n#@PARAMETERS@'");
	has_line("edit='sed -i '\\''s/a/b/'\\'' /etc/x'");
	has_line("touches='sshd:\n/etc/a b'");
	has_line("then=reload");
	has_line("user='DOM\\bob'");
	has_line("port=2222");
	has_line("client=fd00::2");
	has_line("window=30");
	assert_null(strstr(text, "\ntoken=s"));
	/* The rest is the script, whole. */
	assert_string_equal(text + strlen(text) - strlen("\nmain \"$@\"\n"), "\nmain \"$@\"\n");
}

static void
test_too_small(void **state)
{
	char little[100];
	struct strbuf sb;

	(void)state;
	sb_init(&sb, little, sizeof little);
	assert_int_equal(guard_print(&sb, &(struct guard_words){ 0 }), -1);
}

static void
fill(void)
{
	static const struct {
		enum slot slot;
		const char *text;
	} known[] = { { SLOT_USER, "alice" }, { SLOT_PORT, "22" }, { SLOT_UNIT, "ssh.service" },
		{ SLOT_SEEN_FROM, "192.0.2.7" }, { SLOT_FW_NFT, "inet f i" },
		{ SLOT_FW_IPTABLES, "INPUT" }, { SLOT_FW_IPTABLES_BY, "iptables-legacy" },
		{ SLOT_FW_UFW, "allow" }, { SLOT_FW_ZONE, "public" },
		{ SLOT_MODES_PATH, "/home/alice/a b" }, { SLOT_MODES_MODE, "0777" },
		{ SLOT_HOME, "/home/alice" }, { SLOT_SCONF_FILE, "/etc/ssh/sshd_config" },
		{ SLOT_SCONF_LINE, "7" }, { SLOT_PRIVSEP_DIR, "/run/sshd" },
		{ SLOT_SHELL_PATH, "/bin/zsh" }, { SLOT_NOTE_MODES, "/home/alice" } };

	diag_init(&d, 0, 0);
	for (int s = 0; s < SLOT__COUNT; s++)
		slot_fill(&d, (enum slot)s, "some");
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		slot_fill(&d, known[i].slot, known[i].text);
}

static struct guard_words
of(const char *id)
{
	struct guard_words w = { 0 };

	if (guard_of_fix(&w, &room, &d, fix_by_id(id)) != 0)
		fail_msg("the guard does not take %s", id);
	return w;
}

static void
test_fixes(void **state)
{
	struct guard_words w;

	(void)state;
	fill();
	w = of("server-pubkey-on");
	assert_string_equal(w.touches, "sshd:");
	assert_string_equal(w.then, "reload");
	assert_string_equal(w.unit, "ssh.service");
	/* What reloads is the script's. */
	assert_null(strstr(w.edit, "systemctl"));
	w = of("server-chmod");
	assert_string_equal(w.edit, "chmod go-w -- '/home/alice/a b'");
	assert_string_equal(w.touches, "/home/alice/a b");
	assert_null(w.then);
	w = of("server-fix-config");
	assert_string_equal(w.touches, "sshd:\n/etc/ssh/sshd_config\n/etc/ssh/sshd_config.before");
	assert_string_equal(w.then, "start");
	w = of("server-unlock");
	assert_string_equal(w.touches, "account:alice");
	w = of("open-nft");
	assert_null(w.touches);
	assert_non_null(strstr(w.edit, "nft insert rule inet f i ip saddr 192.0.2.7 tcp dport 22"));
	assert_non_null(strstr(w.revert, "nft delete rule inet f i handle"));
	w = of("open-firewalld");
	assert_null(strstr(w.edit, "--permanent"));
	w = of("open-ufw");
	assert_null(strstr(w.edit, "ufw "));
}

/* A rule of a firewall is for the time being; another fix, of no finding, makes it permanent. */
static void
test_keep(void **state)
{
	static const struct {
		const char *fix, *keeps, *place;
	} want[] = { { "open-nft", "nft", "inet f i" },
		{ "open-iptables", "iptables-legacy", "INPUT" }, { "open-ufw", "ufw", "allow" },
		{ "open-firewalld", "firewalld", "public" } };

	(void)state;
	fill();
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		const struct guard_row *row = guard_row(fix_by_id(want[i].fix));
		struct guard_words w;

		assert_non_null(row->keep);
		assert_null(row->keeps);
		w = of(row->keep);
		assert_string_equal(w.keeps, want[i].keeps);
		assert_string_equal(w.place, want[i].place);
		assert_null(w.edit);
		assert_null(w.revert);
		w.of = "00ff";
		w.seen = "12-34";
		print(&w);
		has_line("of=00ff");
		has_line("seen=12-34");
	}
}

/* Each row is of a change on a server, and can be taken back: by copies, or by a command. */
static void
test_all_rows(void **state)
{
	const struct guard_row *row;

	(void)state;
	fill();
	for (size_t i = 0; (row = guard_row_at(i)) != NULL; i++) {
		const struct fix *f = fix_by_id(row->fix);
		struct guard_words w;

		if (f == NULL || guard_row(f) != row)
			fail_msg("%s is no change on a server, or has two rows", row->fix);
		w = of(f->id);
		if (row->keeps != NULL) /* the script knows its files */
			continue;
		if (row->touches == NULL && row->revert == NULL && row->then == GUARD_NOTHING)
			fail_msg("%s: nothing takes it back", f->id);
		if (strstr(w.edit, "restart") != NULL || strstr(w.edit, "reload") != NULL ||
		    strstr(w.edit, "systemctl start") != NULL)
			fail_msg("%s: %s", f->id, w.edit);
		print(&w);
	}
}

static void
test_unknown(void **state)
{
	struct guard_words w = { 0 };

	(void)state;
	fill();
	slot_fill(&d, SLOT_MODES_PATH, "");
	assert_int_equal(guard_of_fix(&w, &room, &d, fix_by_id("server-chmod")), -1);
	assert_int_equal(guard_of_fix(&w, &room, &d, fix_by_id("chmod-config")), -1);
	assert_int_equal(guard_of_fix(&w, &room, &d, fix_by_id("amend-allow")), -1);
}

/* ---- what it prints ---- */

#define M "smc-0123456789abcdef"
#define HEAD "sshmedic-guard 1 " M "\n"

static struct guard_said said;

static void
reads(const char *s)
{
	guard_read(&said, s, strlen(s));
}

static void
test_armed(void **state)
{
	(void)state;
	reads("Welcome!\n" HEAD M " guard= state=armed\n" M " guard= id=00ff\n" M
	      " guard= token=abcdef\n" M " guard= until=1700000000\n" M " guard= window=120\n" M
	      " guard= folder=/var/lib/sshmedic/00ff\n" M " out one\n" M " out two\n" M
	      " end. lines=8\n");
	assert_int_equal(said.state, GUARD_ARMED);
	assert_true(said.whole);
	assert_string_equal(said.id, "00ff");
	assert_string_equal(said.token, "abcdef");
	assert_int_equal(said.until, 1700000000);
	assert_int_equal(said.window_s, 120);
	assert_string_equal(said.folder, "/var/lib/sshmedic/00ff");
	assert_string_equal(said.out, "two");
	assert_int_equal(said.restored, -1);
}

static void
test_refused(void **state)
{
	(void)state;
	reads(HEAD M " guard= state=refused\r\n" M " guard= reason=lockout-admin\n" M
		     " guard= why=root \033[31mcould\n" M " guard= restored=2\n" M
		     " guard= wrong=0\n" M " guard= remark=a\n" M " guard= remark=b\n" M
		     " end. lines=7\n");
	assert_int_equal(said.state, GUARD_REFUSED);
	assert_true(said.whole);
	assert_string_equal(said.reason, "lockout-admin");
	assert_string_equal(said.why, "root \\x1B[31mcould");
	assert_string_equal(said.remark, "a");
	assert_int_equal(said.restored, 2);
	assert_int_equal(said.wrong, 0);
}

static char lines[200];

static void
take_line(void *arg, const char *line)
{
	assert_ptr_equal(arg, &said);
	strcat(strcat(lines, line), "|");
}

static void
test_look(void **state)
{
	const char *s = HEAD M
	    " guard= state=ready\n" M " guard= seen=12-34\n" M " guard= path=/etc/nftables.conf\n" M
	    " guard= command=insert rule\n" M " out  a\n" M " out +b\033\n" M " end. lines=6\n";

	(void)state;
	guard_read_lines(&said, s, strlen(s), take_line, &said);
	assert_int_equal(said.state, GUARD_READY);
	assert_true(said.whole);
	assert_string_equal(said.seen, "12-34");
	assert_string_equal(said.path, "/etc/nftables.conf");
	assert_string_equal(said.command, "insert rule");
	assert_string_equal(lines, " a|+b\\x1B|");
}

static void
test_not_ours(void **state)
{
	(void)state;
	/* What a command prints may not pose as the script. */
	reads(HEAD M " out " M " guard= state=kept\nsmc-ffffffffffffffff guard= state=kept\n"
		     "guard= state=kept\n" M " end. lines=1\n");
	assert_int_equal(said.state, GUARD_NONE);
	assert_true(said.whole);
	reads(M " guard= state=armed\n");
	assert_int_equal(said.state, GUARD_NONE);
	reads(HEAD M " guard= state=armed\n" M " guard= id=../../x\n" M " guard= token=; rm x\n" M
		     " end. lines=3\n");
	assert_string_equal(said.id, "");
	assert_string_equal(said.token, "");
	/* Cut, or a line is missing. */
	reads(HEAD M " guard= state=armed\n");
	assert_false(said.whole);
	reads(HEAD M " guard= state=armed\n" M " end. lines=2\n");
	assert_false(said.whole);
	reads("sshmedic-guard 1 smc-01234567\nsmc-01234567 guard= state=armed\n");
	assert_int_equal(said.state, GUARD_NONE);
	reads("");
	assert_int_equal(said.state, GUARD_NONE);
	assert_false(said.whole);
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(guard_state_name(GUARD_FIRED), "fired");
	assert_string_equal(guard_state_name(GUARD_GONE), "gone");
	assert_string_equal(guard_state_name((enum guard_state)99), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_fixes),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_all_rows),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_armed),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

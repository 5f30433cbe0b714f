/*
 * Edits of ssh_config, judged by ssh itself: after an edit `ssh -G -F FILE HOST` has the new value
 * for the host, and all that it said before of every other keyword and of every other host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/change.h"
#include "core/fix.h"
#include "core/sshconfig.h"

enum { OUT_MAX = 32 * 1024 };

static char dir[] = "/tmp/sshmedic-config-XXXXXX", included[64];

/* Configurations; @ stands for the path of a file with "Host web\n  Port 77\n". */
static const char *const configs[] = {
	"",
	"# nothing here\n",
	"Host web\n    HostName web.example.net\n    User bob\n",
	"Host web\n\tHostName web.example.net\n\tUser bob\n\n# the rest\nHost *\n\tUser "
	"carol\n\tPort 2022\n",
	"Host *\n  User carol\n  Port 2022\n  IdentitiesOnly no\n\nHost web\n  HostName w\n",
	"User root\nPort 9\n\nHost web\n  HostName w\n",
	"# top\nUser root\n# the port\nPort 9\nForwardAgent no\n\nHost mail web\n  HostName w\n",
	"Host web web.example.net\n  HostName w # why\n  Port=22 # and why\n",
	"Host other\n  User x\n\nHost w*\n  Port = 5\n  User y\n\nHost web\n  IdentityFile "
	"~/.ssh/a\n  IdentityFile ~/.ssh/b\n",
	"Match host web\n  Port 3\n  User m\n\nHost web\n  Compression yes\n",
	"Host web\n  Compression yes\nMatch all\n  Port 3\n  User m\n  IdentityFile /tmp/z",
	"Include @\nForwardX11 no\nHost web\n  Compression yes\n",
	"Compression yes\nHost web\n  Include @\n  ForwardX11 no\nHost *\n  User u",
	"Host web\r\n  Port 12\r\n  User crlf\r\n\r\nHost *\r\n  Compression yes\r\n",
	"HOST \"web\"\nPORT \"12\"\nuser=x\nHostKeyAlgorithms +ssh-rsa\n",
	"Host * !web\n  Port 4\n  User n\nHost web\n",
	"Host web\n",
	"Host web",
	"Host !web *\n  User q\n# last words",
	"Host web\n  ProxyJump bastion\n  SetEnv A=1 B=2\nHost bastion\n  ProxyJump none\n",
	"ProxyCommand nc %h %p\nHost web\n  PubkeyAcceptedKeyTypes +ssh-rsa\n",
	"Host web\n  PubkeyAcceptedAlgorithms ssh-ed25519\n  HostKeyAlgorithms ssh-ed25519\n  "
	"IdentitiesOnly yes\n",
	"Match exec false\n  User no\nHost w?b\n  AddressFamily inet\n  GSSAPIAuthentication yes\n",
	"Host web\n  # only a remark\n\n# another\nHost mail\n  Port 1\n",
};

struct edit {
	struct sshconfig_set set[3];
	const char *expect
	    [3]; /* as ssh -G has it, if not as the value is; a "~" begins a part that must be there */
};

static const struct edit edits[] = {
	{ { { "Port", "2222" } }, { NULL } },
	{ { { "User", "alice" } }, { NULL } },
	{ { { "IdentityFile", "/home/a b/key's" }, { "IdentitiesOnly", "yes" } }, { NULL, NULL } },
	{ { { "HostKeyAlgorithms", "+ssh-dss" } }, { "~ssh-dss" } },
	{ { { "PubkeyAcceptedAlgorithms", "+ssh-dss" } }, { "~ssh-dss" } },
	{ { { "ProxyJump", "none" } }, { "-" } },
	{ { { "AddressFamily", "inet6" } }, { NULL } },
	{ { { "ServerAliveInterval", "30" }, { "ServerAliveCountMax", "4" } }, { NULL, NULL } },
	{ { { "ControlMaster", "auto" }, { "ControlPath", "~/.ssh/cm-%C" },
	      { "ControlPersist", "10m" } },
	    { NULL, "~/.ssh/cm-", "600" } },
	{ { { "GSSAPIAuthentication", "no" } }, { NULL } },
	{ { { "ProxyCommand", "ssh -o 'X=\"a b\"' -W %h:%p j # x" } }, { NULL } },
};

static const char *const hosts[] = { "web", "mail", "web.example.net", "other" };

static void
write_file(const char *name, const char *text, size_t len)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* What ssh -G says of a host by a file. */
static void
ssh_g(const char *file, const char *host, char out[OUT_MAX])
{
	char command[256];
	size_t n;
	FILE *p;

	snprintf(command, sizeof command, "ssh -G -F %s -- %s 2>&1", file, host);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(out, 1, OUT_MAX - 1, p);
	out[n] = '\0';
	if (pclose(p) != 0)
		fail_msg("%s: %s", command, out);
}

/* The value of the first line of a keyword, or NULL. */
static const char *
value_of(const char *out, const char *keyword, char value[4096])
{
	size_t n = strlen(keyword);

	for (; *out != '\0'; out += strcspn(out, "\n") + 1)
		if (strncasecmp(out, keyword, n) == 0 && out[n] == ' ') {
			snprintf(
			    value, 4096, "%.*s", (int)(strcspn(out, "\n") - n - 1), out + n + 1);
			return value;
		}
	return NULL;
}

static bool
is_set(const struct edit *e, const char *line)
{
	for (int i = 0; i < 3 && e->set[i].keyword != NULL; i++) {
		const char *key = e->set[i].keyword;

		if (strncasecmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ' ')
			return true;
		if (strncasecmp(key, "proxy", 5) == 0 && strncmp(line, "proxy", 5) == 0)
			return true;
	}
	return false;
}

/* Every line of a that the edit is not about is in b. IdentityFile lines all stay. */
static void
same_but(const struct edit *e, const char *a, const char *b, const char *of)
{
	char line[4096];

	for (; *a != '\0'; a += strcspn(a, "\n") + 1) {
		snprintf(line, sizeof line, "%.*s\n", (int)strcspn(a, "\n"), a);
		/* Without any IdentityFile, ssh takes files of its own. */
		if (e != NULL && (is_set(e, line) && (strncmp(line, "identityfile ", 13) != 0 ||
							 strstr(line, "/id_") != NULL ||
							 strstr(line, "/.ssh/a") == NULL)))
			continue;
		if (strstr(b, line) == NULL)
			fail_msg("%s: lost %s", of, line);
	}
}

static void
check_value(const struct edit *e, int i, const char *out, const char *of)
{
	const char *want = e->expect[i] != NULL ? e->expect[i] : e->set[i].value;
	char value[4096];
	const char *got = value_of(out, e->set[i].keyword, value);

	if (want[0] == '-')
		assert_null(got);
	else if (got == NULL)
		fail_msg("%s: %s is not there", of, e->set[i].keyword);
	else if (want[0] == '~' ? strstr(got, want + 1) == NULL : strcmp(got, want) != 0)
		fail_msg("%s: %s is %s, not %s", of, e->set[i].keyword, got, want);
}

static bool
nothing_included(void *arg, const char *words, size_t len, const char *keyword)
{
	(void)arg;
	assert_true(len > 0 && words[0] == '/');
	return strcasecmp(keyword, "port") == 0;
}

/* All lines of the old text, in their order, are in the new one, but for those that it replaces. */
static void
keeps_the_rest(const char *old, const char *new, const char *of)
{
	int lost = 0, lines = 0;
	const char *at = new;

	for (const char *p = old; *p != '\0'; p += strcspn(p, "\n") + (strchr(p, '\n') != NULL)) {
		char line[512];
		const char *found;

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		found = strstr(at, line);
		lines++;
		if (found == NULL)
			lost++;
		else
			at = found + strlen(line);
	}
	if (lost > 2)
		fail_msg("%s: %d lines lost of %d", of, lost, lines);
}

/* The host itself, and one of the others in turn. */
static void
judge(const char *text, const char *b, const struct edit *e, const char *of)
{
	static char before[4][OUT_MAX], after[OUT_MAX], last[8192];
	static size_t turn;
	char a[64];

	snprintf(a, sizeof a, "%s/a", dir);
	if (strcmp(last, text) != 0 || turn == 0) {
		write_file(a, text, strlen(text));
		for (size_t h = 0; h < 4; h++)
			ssh_g(a, hosts[h], before[h]);
		snprintf(last, sizeof last, "%s", text);
	}
	for (size_t k = 0; k < 2; k++) {
		size_t h = k == 0 ? 0 : 1 + turn++ % 3;
		bool own = h == 0 || (strcmp(hosts[h], "web.example.net") == 0 &&
					 strstr(text, "web web.example.net") != NULL);

		ssh_g(b, hosts[h], after);
		same_but(own ? e : NULL, before[h], after, of);
		for (int i = 0; h == 0 && i < 3 && e->set[i].keyword != NULL; i++)
			check_value(e, i, after, of);
	}
}

static void
one(const char *config, const struct edit *e, bool know)
{
	static char text[8192], new[8192], again[8192];
	char b[64], why[SSHCONFIG_WHY], of[9000];
	struct sshconfig_edit edit = { .host = "web", .included = know ? nothing_included : NULL };
	struct strbuf sb;
	size_t len;
	const char *mark = strchr(config, '@');

	snprintf(text, sizeof text, "%.*s%s%s", (int)(mark ? mark - config : (long)strlen(config)),
	    config, mark ? included : "", mark ? mark + 1 : "");
	len = strlen(text);
	for (; edit.nset < 3 && e->set[edit.nset].keyword != NULL; edit.nset++)
		edit.set[edit.nset] = e->set[edit.nset];
	sb_init(&sb, new, sizeof new);
	switch (sshconfig_edit(text, len, &edit, &sb, why)) {
	case SSHCONFIG_NO: fail_msg("%s for\n%s", why, text);
	case SSHCONFIG_SAME: snprintf(new, sizeof new, "%s", text); break;
	case SSHCONFIG_CHANGED: assert_string_not_equal(new, text); break;
	}
	snprintf(of, sizeof of, "%s %s in\n%s\nwhich became\n%s\n", e->set[0].keyword,
	    e->set[0].value, text, new);
	keeps_the_rest(text, new, of);
	snprintf(b, sizeof b, "%s/b", dir);
	write_file(b, new, strlen(new));
	judge(text, b, e, of);
	/* Once more is nothing new. */
	sb_init(&sb, again, sizeof again);
	if (sshconfig_edit(new, strlen(new), &edit, &sb, why) != SSHCONFIG_SAME)
		fail_msg("not the same again: %s%s\n%s", of, again, why);
}

static void
ssh_takes_every_edit(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof configs / sizeof *configs; c++)
		for (size_t e = 0; e < sizeof edits / sizeof *edits; e++) {
			one(configs[c], &edits[e], false);
			if (strchr(configs[c], '@') != NULL && e < 2)
				one(configs[c], &edits[e], true);
		}
}

/* Every setting that a fix keeps is one that ssh takes, with values as they occur. */
static void
ssh_takes_what_fixes_keep(void **state)
{
	static const struct {
		enum slot slot;
		const char *text;
	} slots[] = {
		{ SLOT_HOST, "web" },
		{ SLOT_HOP_HOST, "bastion" },
		{ SLOT_CFG_OPTION, "Foo" },
		{ SLOT_BLOCK_USER, "bob" },
		{ SLOT_NAMED_USER, "ubuntu" },
		{ SLOT_FAMILY, "-4" },
		{ SLOT_OTHER_PORT, "2222" },
		{ SLOT_HOP_KEY, "/k/a b" },
		{ SLOT_OTHER_KEY, "/k/it's 100% {x}" },
		{ SLOT_KEY_PATH, "/k/c" },
		{ SLOT_HK_ADD, "ssh-rsa" },
		{ SLOT_KEX_OPTION, "KexAlgorithms" },
		{ SLOT_KEX_ADD, "diffie-hellman-group1-sha1" },
		{ SLOT_OTHERKEY_ALGS, "ssh-ed25519" },
		{ SLOT_LEFT_TYPE, "ssh-dss" },
	};
	static struct diag d;
	static struct change c;
	static char text[4096], out[OUT_MAX], value[4096];
	char file[64], why[SSHCONFIG_WHY], lower[64];
	int n = 0;

	(void)state;
	snprintf(file, sizeof file, "%s/a", dir);
	diag_init(&d, 0, 0);
	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
		slot_fill(&d, slots[i].slot, slots[i].text);
	for (size_t i = 0; i < fixes_count(); i++) {
		const struct fix *f = fix_at(i);
		struct sshconfig_edit e = { .nset = 0 };
		struct strbuf sb;

		if (f->save.op != CHANGE_CONFIG &&
		    (f->change.op != CHANGE_CONFIG || f->change.path != NULL))
			continue;
		if (!change_of(&d, f, &c))
			fail_msg("%s: a value is missing", f->id);
		e.host = c.host[0] != '\0' ? c.host : NULL;
		for (; e.nset < c.nset; e.nset++)
			e.set[e.nset] =
			    (struct sshconfig_set){ c.set[e.nset].keyword, c.set[e.nset].value };
		sb_init(&sb, text, sizeof text);
		if (sshconfig_edit("", 0, &e, &sb, why) != SSHCONFIG_CHANGED)
			fail_msg("%s: %s", f->id, why);
		write_file(file, text, sb.len);
		ssh_g(file, e.host != NULL ? e.host : "web", out);
		snprintf(lower, sizeof lower, "%s", c.set[0].keyword);
		/* Some are not among what ssh -G prints. */
		if (e.host != NULL && strcmp(lower, "ProxyJump") != 0 &&
		    strcmp(lower, "IPQoS") != 0 && strcmp(lower, "ControlPath") != 0 &&
		    value_of(out, lower, value) == NULL)
			fail_msg("%s: ssh -G has no %s after\n%s", f->id, lower, text);
		if (strcmp(f->id, "use-other-key") == 0)
			assert_string_equal(value, "/k/it's 100%% {x}");
		n++;
	}
	assert_true(n > 30);
}

static int
setup(void **state)
{
	char keep[] = "Host web\n  Port 77\n";

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(included, sizeof included, "%s/included", dir);
	write_file(included, keep, strlen(keep));
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "a", "b", "included" };
	char path[64];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(ssh_takes_every_edit),
		cmocka_unit_test(ssh_takes_what_fixes_keep) };

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* core/sshcmd.c: command lines of ssh taken apart as ssh does it (ssh.c and openbsd-compat/getopt_long.c of 9.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/sshcmd.h"
#include "core/target.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
enum { WORDS = 24 };

/* The words of a line, cut at blanks; "_" in a word stands for a blank. */
static int
cut(char *line, char *argv[])
{
	int n = 0;

	for (char *w = strtok(line, " "); w != NULL; w = strtok(NULL, " ")) {
		for (char *s = w; *s != '\0'; s++)
			*s = *s == '_' ? ' ' : *s;
		argv[n++] = w;
	}
	return n;
}

static int
parse(struct sshcmd *c, const char *line, char *err, size_t cap)
{
	static char words[512];
	static char *argv[WORDS];

	snprintf(words, sizeof words, "%s", line);
	return sshcmd_parse(c, cut(words, argv), argv, err, cap);
}

static void
join(const struct sshcmd *c, char *buf, size_t cap)
{
	buf[0] = '\0';
	for (size_t i = 0; i < c->nargs; i++) {
		size_t n = strlen(buf);

		snprintf(buf + n, cap - n, "%s%s", i > 0 ? " " : "", c->args[i]);
	}
}

static void
taken(void **state)
{
	static const struct {
		const char *line, *args, *dest, *shown;
	} tests[] = {
		{ "web1", "", "web1", "" },
		{ "alice@web1", "", "alice@web1", "" },
		{ "-p 2222 web1", "-p 2222", "web1", "" },
		{ "-p2222 web1", "-p 2222", "web1", "" },
		{ "-vvv web1", "", "web1", "" },
		{ "-vp2222 web1", "-p 2222", "web1", "" },
		{ "-vp 2222 -i k web1", "-p 2222 -i k", "web1", "" },
		{ "-i-k web1", "-i -k", "web1", "" },
		{ "-i -v web1", "-i -v", "web1", "" }, /* a value may look like an option */
		{ "-o BatchMode=yes -oUser=bob web1", "-o BatchMode=yes -o User=bob", "web1", "" },
		/* options behind the destination, and the command behind them */
		{ "web1 -p 2222", "-p 2222", "web1", "" },
		{ "web1 -p 2222 uptime -p", "-p 2222", "web1", "'uptime -p'" },
		{ "web1 uptime -p 2222", "", "web1", "'uptime -p 2222'" },
		{ "-p 22 web1 -- ls -l", "-p 22", "web1", "'ls -l'" },
		{ "-- web1 -p 2222", "", "web1",
		    "'-p 2222'" },                     /* "--" before it: the rest is the command */
		{ "web1 - -l", "", "web1", "'- -l'" }, /* a lone dash is an operand */
		{ "web1 echo a_b", "", "web1", "'echo a b'" },
		/* shown, not done */
		{ "-L 8080:db:80 web1", "-L 8080:db:80", "web1", "-L 8080:db:80" },
		{ "-fNL 8080:db:80 web1", "-L 8080:db:80", "web1", "-f -N -L 8080:db:80" },
		{ "-D1080 -R 9:h:9 web1", "-D 1080 -R 9:h:9", "web1", "-D 1080 -R 9:h:9" },
		{ "-W db:22 bastion", "", "bastion", "-W db:22" },
		{ "-w 0:0 web1", "", "web1", "-w 0:0" },
		{ "-s web1 sftp", "", "web1", "-s sftp" },
		{ "-N web1", "", "web1", "-N" },
		/* means nothing here */
		{ "-q -n -y -E log -e none -G web1", "", "web1", "" },
		/* switches: of several the last counts, and over an -o */
		{ "-A web1", "-o ForwardAgent=yes", "web1", "" },
		{ "-A -a web1", "-o ForwardAgent=no -o ForwardAgent=yes", "web1", "" },
		{ "-o ForwardAgent=no -A web1", "-o ForwardAgent=yes -o ForwardAgent=no", "web1",
		    "" },
		{ "-4 -6 web1", "-o AddressFamily=inet6 -o AddressFamily=inet", "web1", "" },
		{ "-Y web1", "-o ForwardX11=yes -o ForwardX11Trusted=yes", "web1", "" },
		{ "-x web1", "-o ForwardX11=no", "web1", "" },
		{ "-KC web1",
		    "-o Compression=yes -o GSSAPIAuthentication=yes -o "
		    "GSSAPIDelegateCredentials=yes",
		    "web1", "" },
		{ "-gM web1", "-o ControlMaster=yes -o GatewayPorts=yes", "web1", "" },
		{ "-t web1", "-o RequestTTY=yes", "web1", "" },
		{ "-tt web1 top", "-o RequestTTY=force", "web1", "top" },
		{ "-tT web1", "-o RequestTTY=no", "web1", "" },
		{ "-T -t web1", "-o RequestTTY=yes", "web1", "" },
		/* handed on */
		{ "-J jump -F none -S /s -b 192.0.2.1 -B eth0 -c aes128-ctr -m hmac-sha2-256 -I "
		  "p.so web1",
		    "-J jump -F none -S /s -b 192.0.2.1 -B eth0 -c aes128-ctr -m hmac-sha2-256 -I "
		    "p.so",
		    "web1", "" },
		{ "-P blue web1", "-P blue", "web1", "" },
		/* of users and ports the first: what comes behind the destination is too late */
		{ "-l bob alice@web1", "-l bob", "alice@web1", "" },
		{ "alice@web1 -l bob", "", "alice@web1", "" },
		{ "alice@web1 -o User=bob -p 22", "-p 22", "alice@web1", "" },
		{ "alice@web1 -o user_bob", "", "alice@web1", "" },
		{ "alice@web1 -o UserKnownHostsFile=k", "-o UserKnownHostsFile=k", "alice@web1",
		    "" },
		{ "web1 -l bob", "-l bob", "web1", "" },
		{ "ssh://web1:2222 -p 22 -oPort=1", "", "ssh://web1:2222", "" },
		{ "ssh://web1 -p 22", "-p 22", "ssh://web1", "" },
		{ "ssh://a@[::1]:2222 -p 22 -l b", "", "ssh://a@[::1]:2222", "" },
		{ "ssh://a@[::1] -p 22", "-p 22", "ssh://a@[::1]", "" },
		{ "web1:2222 -p 22", "-p 22", "web1:2222",
		    "" }, /* for ssh no port: a name with a colon */
		{ "ssh", "", "ssh", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tests); i++) {
		struct sshcmd c;
		char err[256], args[512];

		if (parse(&c, tests[i].line, err, sizeof err) != 0)
			fail_msg("%s was refused: %s", tests[i].line, err);
		join(&c, args, sizeof args);
		if (strcmp(args, tests[i].args) != 0)
			fail_msg("%s: hands on %s", tests[i].line, args);
		if (strcmp(c.dest, tests[i].dest) != 0)
			fail_msg("%s: goes to %s", tests[i].line, c.dest);
		if (strcmp(c.shown, tests[i].shown) != 0)
			fail_msg("%s: shows %s", tests[i].line, c.shown);
	}
}

static void
refused(void **state)
{
	static const struct {
		const char *line, *err;
	} tests[] = {
		{ "", "ssh without a destination" },
		{ "-p 22", "ssh without a destination" },
		{ "-v --", "ssh without a destination" },
		{ "web1 -p", "ssh -p needs a value" },
		{ "-vi", "ssh -i needs a value" },
		{ "-Z web1", "ssh -Z is no option" },
		{ "--help web1", "ssh -- is no option" },
		{ "-z5 web1", "ssh -z is no option" },
		{ "-\033 web1", "ssh -\\x1B is no option" },
		{ "-V", "ssh -V logs in nowhere" },
		{ "-Q cipher", "ssh -Q logs in nowhere" },
		{ "-O exit web1", "ssh -O logs in nowhere" },
		{ "-L", "ssh -L needs a value" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tests); i++) {
		struct sshcmd c;
		char err[256];

		if (parse(&c, tests[i].line, err, sizeof err) == 0)
			fail_msg("%s was taken", tests[i].line);
		if (strncmp(err, tests[i].err, strlen(tests[i].err)) != 0)
			fail_msg("%s: %s", tests[i].line, err);
	}
}

/* Every letter of ssh's getopt string, with and without a value as there. */
static void
letters(void **state)
{
	static const char string[] =
	    "1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYy";

	(void)state;
	for (const char *s = string; *s != '\0'; s++) {
		struct sshcmd c;
		char flag[] = { '-', *s, '\0' }, word[] = "x", host[] = "host", err[256] = "";
		char *const argv[] = { flag, word, host };
		int r;

		if (*s == ':')
			continue;
		r = sshcmd_parse(&c, 3, argv, err, sizeof err);
		if (strchr("OQV", *s) != NULL) {
			assert_int_equal(r, -1);
			continue;
		}
		if (r != 0)
			fail_msg("-%c: %s", *s, err);
		assert_string_equal(c.dest, s[1] == ':' ? "host" : "x");
	}
}

static void
too_many(void **state)
{
	char flag[] = "-o", value[] = "A=b", *argv[200], err[256];
	struct sshcmd c;

	(void)state;
	for (int i = 0; i < 200; i += 2) {
		argv[i] = flag;
		argv[i + 1] = value;
	}
	assert_int_equal(sshcmd_parse(&c, 200, argv, err, sizeof err), -1);
	assert_string_equal(err, "too many options for ssh");
}

/* A destination is what ssh takes it for: no port behind a colon, no brackets. */
static void
destinations(void **state)
{
	static const struct {
		const char *in, *user, *host;
		int port;
	} tests[] = {
		{ "web1", "", "web1", 0 },
		{ "a@web1", "a", "web1", 0 },
		{ "web1:2222", "", "web1:2222", 0 },
		{ "a@web1:22", "a", "web1:22", 0 },
		{ "[::1]", "", "[::1]", 0 },
		{ "::1", "", "::1", 0 },
		{ "ssh://a@web1:2222", "a", "web1", 2222 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tests); i++) {
		struct target t;
		char err[256];

		assert_int_equal(target_parse_as_ssh(&t, tests[i].in, err, sizeof err), 0);
		assert_string_equal(t.input, tests[i].in);
		assert_string_equal(t.user, tests[i].user);
		assert_string_equal(t.host, tests[i].host);
		assert_int_equal(t.port, tests[i].port);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),
		cmocka_unit_test(refused),
		cmocka_unit_test(letters),
		cmocka_unit_test(too_many),
		cmocka_unit_test(destinations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

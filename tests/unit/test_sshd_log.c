/*
 * Logs of servers: every frame in which a line comes, lines joined to logins, and words of the
 * other side that are made to look like the server's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/recognise/reader.h"
#include "reading.h"

#define NOW 1795720000 /* 2026-11-26 19:06:40 UTC */

static struct recognise_options opt;

static void
begin(void)
{
	opt = (struct recognise_options){ .clock = 1, .name = "t", .now = NOW, .say = collect };
	out[0] = '\0';
}

static void
read_text(const char *text)
{
	read_with(&opt, text);
}

static void
read_as(const char *user, int port, const char *text)
{
	begin();
	opt.user = user;
	opt.ports[0] = (uint16_t)port;
	read_text(text);
}

#define DENIED "User alice from 192.0.2.50 not allowed because not listed in AllowUsers"
#define LEFT "Connection closed by invalid user alice 192.0.2.50 port 40001 [preauth]"

/* Frame and frame, with the time that both lines have. */
static const struct {
	const char *before, *after;
	int64_t time;
} frames[] = {
	{ "Nov 26 19:06:35 web1 sshd[812]: ", "", 1795719995 },
	{ "Nov 26 19:06:35 web1 sshd-session[812]: ", "", 1795719995 },
	{ "Nov 26 19:06:35.123456 web1 sshd[812]: ", "\r", 1795719995 },
	{ "Nov 27 23:06:35 web1 sshd[812]: ", "", 1764284795 }, /* ahead: last year's */
	{ "2026-11-26T20:06:35.123456+01:00 web1 sshd[812]: ", "", 1795719995 },
	{ "2026-11-26T19:06:35+0000 web1 sshd[812]: ", "", 1795719995 },
	{ "2026-11-26T19:06:35Z web1 sshd[812]: ", "", 1795719995 },
	{ "1795719995.123456 web1 sshd[812]: ", "", 1795719995 },
	{ "Thu 2026-11-26 19:06:35 UTC web1 sshd[812]: ", "", 1795719995 },
	{ "Thu Nov 26 19:06:35 2026 auth.info sshd[812]: ", "", 1795719995 },
	{ "Nov 26 19:06:35 web1 auth.info sshd[812]: ", "", 1795719995 },
	{ "<38>Nov 26 19:06:35 web1 sshd[812]: ", "", 1795719995 },
	{ "<38>1 2026-11-26T19:06:35.1Z web1 sshd 812 - - ", "", 1795719995 },
	{ "{\"_PID\":\"812\",\"MESSAGE\":\"",
	    "\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"__REALTIME_TIMESTAMP\":\"1795719995123456\"}",
	    1795719995 },
	{ "{ \"__REALTIME_TIMESTAMP\" : \"1795719995123456\", \"X\" : [1,2], \"N\":null, \"_COMM\" "
	  ": \"sshd\", \"SYSLOG_PID\" : \"812\", \"MESSAGE\" : \"",
	    "\" }", 1795719995 },
};

static void
every_frame_is_read(void **state)
{
	char text[2048], want[128];

	(void)state;
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		snprintf(text, sizeof text, "%s" DENIED "%s\n%s" LEFT "%s\n", frames[i].before,
		    frames[i].after, frames[i].before, frames[i].after);
		read_as("alice", 0, text);
		has("what=denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40001");
		snprintf(want, sizeof want, "time=%lld\n", (long long)frames[i].time);
		has(want);
		has("kind=\"sshd log\" lines=2");
	}
}

/* sshd -d and -E at a debug level: its debug lines look like the client's, and are the server's all the same. */
static void
debug_lines_without_a_frame(void **state)
{
	(void)state;
	begin();
	opt.user = "alice";
	opt.client = true;
	read_text("debug1: Set /proc/self/oom_score_adj from 0 to -1000\n"
		  "Server listening on 0.0.0.0 port 22.\n"
		  "Connection from 192.0.2.50 port 40001 on 192.0.2.7 port 22 rdomain \"\"\n"
		  "debug1: Local version string SSH-2.0-OpenSSH_9.2\n"
		  "debug1: Remote protocol version 2.0, remote software version OpenSSH_9.6\n"
		  "debug1: SSH2_MSG_KEXINIT sent [preauth]\n"
		  "debug1: trying public key file /home/alice/.ssh/authorized_keys\n" DENIED "\n"
		  "Received disconnect from 192.0.2.50 port 40001:11: Bye Bye [preauth]\n");
	has("what=denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40001");
	has("kind=\"sshd log\"");
	has_not("banner.ident");
	has_not("kex.result");
	/* A client's text behind it is the client's. */
	begin();
	opt.user = "alice";
	opt.client = true;
	read_text("Server listening on 0.0.0.0 port 22.\n"
		  "debug1: Connecting to web1 [192.0.2.7] port 22.\n"
		  "debug1: Connection established.\n"
		  "debug1: Local version string SSH-2.0-OpenSSH_9.6\n"
		  "debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2\n"
		  "debug1: Authenticating to web1:22 as 'alice'\n");
	has("banner.ident");
}

/* sshd -e and -E, docker logs: without processes a line is of no login that it does not name. */
static void
lines_without_a_frame(void **state)
{
	(void)state;
	read_as("alice", 0, "Server listening on 0.0.0.0 port 22.\r\n" DENIED "\r\n" LEFT "\r\n");
	has("what=denied-by text=AllowUsers user=alice addr=192.0.2.50 session=");
	has_not("port=40001");
	read_as("alice", 0,
	    "debug1: sshd version OpenSSH_9.2\r\nConnection from 192.0.2.50 port 40001 on "
	    "192.0.2.7 port 22 rdomain \"\"\r\n"
	    "debug1: userauth-request for user alice\r\n" DENIED "\r\n" LEFT "\r\n");
	has("what=denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40001");
	read_as("alice", 0,
	    "2026-11-26T19:06:35.123456789Z Server listening on 0.0.0.0 port 22.\n"
	    "2026-11-26T19:06:35.123456789Z " DENIED "\n");
	has("what=denied-by text=AllowUsers user=alice addr=192.0.2.50 session=2 time=1795719995");
	/* Two logins side by side: whose bad modes these are, is not known. */
	read_as("alice", 0,
	    "Connection from 192.0.2.50 port 40001 on 192.0.2.7 port 22\n"
	    "Connection from 192.0.2.60 port 50001 on 192.0.2.7 port 22\n"
	    "Authentication refused: bad ownership or modes for directory /home/bob\n"
	    "Connection closed by authenticating user bob 192.0.2.60 port 50001 [preauth]\n"
	    "Connection closed by authenticating user alice 192.0.2.50 port 40001 [preauth]\n");
	has_not("bad-modes path=/home/bob user=alice");
	has_not("port=40001");
}

#define AT "Nov 26 19:06:35 web1 "

static void
lines_are_joined_by_process(void **state)
{
	(void)state;
	read_as("alice", 0,
	    AT
	    "sshd[11]: Connection from 192.0.2.50 port 40001 on 192.0.2.7 port 22\n" AT
	    "sshd[12]: Connection from 192.0.2.60 port 50001 on 192.0.2.7 port 22\n" AT
	    "sshd[12]: Authentication refused: bad ownership or modes for directory /home/bob\n" AT
	    "sshd[11]: Authentication refused: bad ownership or modes for directory "
	    "/home/alice\n" AT "sshd[12]: Connection closed by authenticating user bob 192.0.2.60 "
	    "port 50001 [preauth]\n" AT
	    "sshd[11]: Connection closed by authenticating user alice 192.0.2.50 port 40001 "
	    "[preauth]\n");
	has("what=bad-modes text=\"Authentication refused: bad ownership or modes for directory "
	    "/home/alice\" path=/home/alice user=alice addr=192.0.2.50 port=40001");
	has_not("/home/bob");
	/* The same process number again, for another login. */
	read_as("", 0,
	    AT
	    "sshd[11]: Invalid user alice from 192.0.2.50 port 40001\n" AT
	    "sshd[11]: Connection closed by invalid user alice 192.0.2.50 port 40001 [preauth]\n" AT
	    "sshd[11]: Connection from 192.0.2.50 port 40002 on 192.0.2.7 port 22\n" AT
	    "sshd[11]: Accepted publickey for alice from 192.0.2.50 port 40002 ssh2: ED25519 "
	    "SHA256:x\n");
	has("what=user-unknown text=\"Invalid user alice from 192.0.2.50 port 40001\" user=alice "
	    "addr=192.0.2.50 port=40001 session=1");
	has("what=login-accepted user=alice addr=192.0.2.50 port=40002 session=3");
	/* A process of the same number on another host. */
	read_as("alice", 0,
	    AT "sshd[11]: Invalid user alice from 192.0.2.50 port 40001\n"
	       "Nov 26 19:06:35 web2 sshd[11]: Authentication refused: bad ownership or modes for "
	       "directory /home/x\n");
	has("what=user-unknown text=\"Invalid user alice from 192.0.2.50 port 40001\" user=alice "
	    "addr=192.0.2.50 port=40001");
	has_not("path=/home/x user=alice");
}

/* Up to OpenSSH 9.7 the session's lines come from another process than the login's. */
static void
a_child_serves_the_session(void **state)
{
	(void)state;
#define ACCEPTED \
	AT "sshd[11]: Accepted publickey for alice from 192.0.2.50 port 40001 ssh2: ED25519 " \
	   "SHA256:x\n"
	read_as("alice", 0,
	    ACCEPTED AT "sshd[11]: User child is on pid 15\n" AT
			"sshd[15]: error: no more sessions\n");
	has("what=sessions-max text=\"no more sessions\" user=alice addr=192.0.2.50 port=40001 "
	    "session=1");
	/* Not said to be the child, and then its port says so. */
	read_as("alice", 0,
	    ACCEPTED AT
	    "sshd[15]: error: no more sessions\n" AT
	    "sshd[15]: Received disconnect from 192.0.2.50 port 40001:11: disconnected by user\n");
	has("what=sessions-max text=\"no more sessions\" user=alice addr=192.0.2.50 port=40001 "
	    "session=1");
	/* Taken for the child: it proves nothing. */
	read_as("alice", 0, ACCEPTED AT "sshd[15]: error: no more sessions\n");
	has("what=sessions-max text=\"no more sessions\" user=alice addr=192.0.2.50 session=1");
	/* Another login's, as turns out. */
	read_as("alice", 0,
	    ACCEPTED AT "sshd[15]: error: no more sessions\n" AT
			"sshd[15]: Disconnected from user bob 192.0.2.60 port 50001\n");
	has_not("sessions-max");
}

#define LAST AT "sshd[11]: Connection closed by invalid user "

/* What a client may choose is made to look like the server's words: user names, above all. */
static void
lies_are_not_believed(void **state)
{
	(void)state;
	read_as("", 0,
	    AT "sshd[11]: Invalid user x from 1.2.3.4 port 22 ssh2 from 192.0.2.66 port 50001\n");
	has("user=\"x from 1.2.3.4 port 22 ssh2\" addr=192.0.2.66 port=50001");
	read_as("", 0,
	    AT "sshd[11]: Invalid user alice not allowed because not listed in AllowUsers from "
	       "192.0.2.66 port 50001\n");
	has_not("denied-by");
	read_as("alice", 40001,
	    AT "sshd[11]: Invalid user  port 40001 from 192.0.2.66 port 50001\n" LAST
	       " port 40001 192.0.2.66 port 50001 [preauth]\n");
	has_not("port=40001");
	has_not("user=alice");
	/* The reason's words are the last of the line; before them stands the name. */
	read_as("", 0,
	    AT "sshd[11]: User x from 192.0.2.50 not allowed because listed in DenyUsers from "
	       "192.0.2.66 not allowed because not listed in AllowUsers\n");
	has("text=AllowUsers user=\"x from 192.0.2.50 not allowed because listed in DenyUsers\" "
	    "addr=192.0.2.66");
	read_as("alice", 40001,
	    AT "sshd[11]: Failed password for invalid user alice from 192.0.2.50 port 40001 ssh2 "
	       "from 192.0.2.66 port 50001 ssh2\n");
	has_not("port=40001");
	/* A certificate's ID stands behind sshd's words: with two ports neither is taken. */
	read_as("alice", 40001,
	    AT "sshd[11]: Accepted publickey for mallory from 192.0.2.66 port 50001 ssh2: "
	       "ED25519-CERT SHA256:x ID alice from 192.0.2.50 port 40001 ssh2 (serial 0) CA "
	       "ED25519 SHA256:y\n");
	has_not("port=40001");
	has_not("user=alice");
	/* What the client says as it leaves. */
	read_as("alice", 40001,
	    AT "sshd[11]: Received disconnect from 192.0.2.66 port 50001:11: Invalid user alice "
	       "from 192.0.2.50 port 40001\n");
	has_not("user-unknown");
	has_not("port=40001");
	read_as("alice", 40001,
	    AT "sshd[11]: error: kex_exchange_identification: client sent invalid protocol "
	       "identifier \"Invalid user alice from 192.0.2.50 port 40001\"\n");
	has_not("user-unknown");
}

/* Lines of other programs that quote sshd's. */
static void
other_programs_are_not_sshd(void **state)
{
	static const char *const lines[] = {
		AT "sudo: alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/logger " DENIED
		   "\n",
		AT "CRON[99]: (root) CMD (echo " DENIED ")\n",
		AT "myapp[812]: sshd[812]: " DENIED "\n",
		AT "myapp: " DENIED "\n",
		"GET /?q=" DENIED " HTTP/1.1\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		read_as("alice", 40001, lines[i]);
		has_not("text.says");
	}
	/* A line that was forged for another process is another login. */
	read_as("alice", 40001,
	    AT "sshd[11]: Connection from 192.0.2.50 port 40001 on 192.0.2.7 port 22\n" AT
	       "sshd[666]: User alice not allowed because account is locked\n" AT
	       "sshd[11]: Accepted password for alice from 192.0.2.50 port 40001 ssh2\n");
	has_not("what=account-locked text=\"User alice not allowed because account is locked\" "
		"user=alice addr=192.0.2.50 port=40001");
}

static void
of_many_logins_the_ones_that_matter(void **state)
{
	static char text[2000 * 200];
	size_t n = 0;
	int says = 0;

	(void)state;
	for (int i = 0; i < 1800; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
		    AT "sshd[%d]: Failed password for invalid user u%d from 198.51.100.9 port %d "
		       "ssh2\n",
		    1000 + i, i, 20000 + i);
	n += (size_t)snprintf(text + n, sizeof text - n, "%s",
	    AT "sshd[7]: Invalid user alice from 192.0.2.50 port 777\n");
	for (int i = 0; i < 150; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
		    AT "sshd[%d]: Failed password for root from 198.51.100.9 port %d ssh2\n",
		    9000 + i, 30000 + i);
	read_as("alice", 21000, text);
	has("user=alice addr=192.0.2.50 port=777");
	has("port=21000");
	for (const char *p = out; (p = strstr(p, "text.says")) != NULL; p++)
		says++;
	assert_in_range(says, 2, 8);
	read_as("", 0, text);
	has("user=root addr=198.51.100.9 port=30149");
}

static void
odds_and_ends(void **state)
{
	char text[1200];

	(void)state;
	/* Cut off at 500 bytes, as syslog does. */
	snprintf(text, sizeof text,
	    AT "sshd[11]: Invalid user %.450s\n" AT "sshd[12]: " DENIED "\n",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	read_as("alice", 0, text);
	has("what=denied-by");
	read_as("alice", 0,
	    AT "sshd[11]: message repeated 2 times: [ Failed password for alice from 192.0.2.50 "
	       "port 40001 ssh2]\n" AT "last message repeated 3 times\n");
	has("what=password-wrong");
	has("port=40001");
	/* A server that came up is not one that did not start. */
	read_as("", 0,
	    AT "sshd[5]: error: Bind to port 22 on 0.0.0.0 failed: Address already in use.\n" AT
	       "sshd[5]: fatal: Cannot bind any address.\n");
	has("what=port-taken");
	has_not("what=stopped");
	read_as("", 0,
	    AT "sshd[5]: error: Bind to port 22 on 0.0.0.0 failed: Address already in use.\n" AT
	       "sshd[6]: Server listening on 0.0.0.0 port 22.\n");
	has_not("what=port-taken");
	read_as("", 0,
	    "/etc/ssh/sshd_config: line 7: Bad configuration option: Foo\r\n/etc/ssh/sshd_config: "
	    "terminating, 1 bad configuration options\r\n");
	has("what=config-invalid text=\"Bad configuration option: Foo\" path=/etc/ssh/sshd_config "
	    "line=7");
	has_not("config-refused");
	read_as("", 0, "/home/alice/.ssh/config: line 7: Bad configuration option: Foo\r\n");
	has_not("text.says");
	/* fail2ban: the last word counts. */
	read_as("", 0,
	    "2026-11-26 19:06:35,123 fail2ban.actions        [812]: NOTICE  [sshd] Ban 192.0.2.50\n"
	    "2026-11-26 19:06:36,123 fail2ban.actions        [812]: NOTICE  [sshd] Ban 192.0.2.51\n"
	    "2026-11-26 19:06:37,123 fail2ban.actions        [812]: NOTICE  [sshd] Unban "
	    "192.0.2.50\n");
	has("what=banned text=\"fail2ban, jail sshd\" mode=unsure addr=192.0.2.51");
	has_not("addr=192.0.2.50");
}

#define D "Nov 26 19:06:35 web1 sshd[812]: debug2: "
#define ASKS \
	D "userauth_pubkey: valid user alice querying public key ssh-ed25519 AAAAmine [preauth]\n"
#define TRIES(line) D "/home/alice/.ssh/authorized_keys:3: check options: '" line "\n"
#define GOES \
	"Nov 26 19:06:35 web1 sshd[812]: Connection closed by authenticating user alice " \
	"192.0.2.50 port 40001 [preauth]\n"

/* A line with the very key that was asked about, marked as an authority's. */
static void
a_key_marked_as_an_authority(void **state)
{
	(void)state;
	read_as("alice", 0, ASKS TRIES("cert-authority ssh-ed25519 AAAAmine alice@x") GOES);
	has("what=line-authority path=/home/alice/.ssh/authorized_keys line=3 user=alice "
	    "addr=192.0.2.50 port=40001");
	read_as(
	    "alice", 0, ASKS TRIES("no-pty,cert-authority,from=\"a,b\" ssh-ed25519 AAAAmine") GOES);
	has("what=line-authority");
	/* Of another key, another option's value, asked about by another process, or before. */
	read_as("alice", 0, ASKS TRIES("cert-authority ssh-ed25519 AAAAother alice@x") GOES);
	has_not("what=line-authority");
	read_as("alice", 0, ASKS TRIES("no-pty ssh-ed25519 AAAAmine alice@x") GOES);
	has_not("what=line-authority");
	read_as("alice", 0,
	    ASKS TRIES("command=\"a,cert-authority,b\" ssh-ed25519 AAAAmine alice@x") GOES);
	has_not("what=line-authority");
	read_as("alice", 0,
	    "Nov 26 19:06:35 web1 sshd[813]: debug2: userauth_pubkey: valid user bob querying "
	    "public key ssh-ed25519 AAAAmine [preauth]\n" TRIES(
		"cert-authority ssh-ed25519 AAAAmine alice@x") GOES);
	has_not("what=line-authority");
	read_as("alice", 0, TRIES("cert-authority ssh-ed25519 AAAAmine alice@x") ASKS GOES);
	has_not("what=line-authority");
}

#define L "Nov 26 19:06:35 web1 sshd[812]: "
#define TAKEN L "Postponed publickey for alice from 192.0.2.50 port 40001 ssh2 [preauth]\n"
#define FAILED(key) \
	L "Failed publickey for alice from 192.0.2.50 port 40001 ssh2: ED25519 SHA256:" key "\n"

/* The server takes a key, and the client goes away instead of signing: nobody was refused. */
static void
who_leaves_before_signing_was_not_refused(void **state)
{
	(void)state;
	read_as("alice", 0, GOES);
	has("what=login-refused");
	read_as("alice", 0, FAILED("a") GOES);
	has("what=login-refused");
	read_as("alice", 0, TAKEN GOES);
	has_not("what=login-refused");
	read_as("alice", 0, FAILED("a") TAKEN GOES);
	has_not("what=login-refused");
	read_as("alice", 0, TAKEN FAILED("a") GOES); /* its signature, or a key after it */
	has("what=login-refused");
	read_as("alice", 0,
	    TAKEN L "Accepted publickey for alice from 192.0.2.50 port 40001 ssh2: ED25519 "
		    "SHA256:a\n");
	has("what=login-accepted");
}

/* EC2 Instance Connect's command ends with 22 where no key was pushed through it, which is no failure. */
static void
a_command_that_only_knows_no_key(void **state)
{
	(void)state;
	read_as("alice", 0,
	    L "error: AuthorizedKeysCommand /opt/aws/bin/eic_run_authorized_keys alice SHA256:a "
	      "failed, status 22\n" GOES);
	has_not("what=keys-command");
	has("what=login-refused");
	read_as("alice", 0,
	    L "error: AuthorizedKeysCommand /opt/aws/bin/eic_run_authorized_keys alice SHA256:a "
	      "failed, status 255\n" GOES);
	has("what=keys-command");
	read_as("alice", 0,
	    L "error: AuthorizedKeysCommand /usr/local/bin/keys alice failed, status 22\n" GOES);
	has("what=keys-command");
}

static void
dropbear_is_read(void **state)
{
	(void)state;
	read_as("alice", 0,
	    "[32005] Nov 26 19:06:35 Child connection from 192.0.2.50:40001\n"
	    "[32005] Nov 26 19:06:35 /home/alice must be owned by user or root, and not writable "
	    "by group or others\n"
	    "[32005] Nov 26 19:06:35 Exit before auth from <192.0.2.50:40001>: (user 'alice', 0 "
	    "fails): Exited normally\n");
	has("what=bad-modes");
	has("path=/home/alice user=alice addr=192.0.2.50 port=40001 session=1 time=1795719995");
	has("kind=\"dropbear log\"");
	read_as("", 0,
	    AT "authpriv.warn dropbear[9]: Login attempt for nonexistent user 'x' from 1.2.3.4:5' "
	       "from 192.0.2.50:40001\n");
	has("user=\"x' from 1.2.3.4:5\"");
	read_as("alice", 0,
	    "Thu Nov 26 19:06:35 2026 authpriv.notice dropbear[9]: Pubkey auth succeeded for "
	    "'alice' with ssh-ed25519 key SHA256:x from 2001:db8::1:40001\n");
	has("what=login-accepted user=alice addr=2001:db8::1 port=40001");
}

static void
tinysshd_is_read(void **state)
{
	(void)state;
	read_as("bob", 0,
	    "tinysshd: 1njQIJn2: info: connection from 192.0.2.50:40001 {main_tinysshd.c:124}\n"
	    "tinysshd: 1njQIJn2: warning: auth: account bob: not exist {subprocess_auth.c:128}\n"
	    "tinysshd: 1njQIJn2: fatal: authentication failed (connection "
	    "reset){main_tinysshd.c:187}\n");
	has("what=user-unknown");
	has("user=bob addr=192.0.2.50 port=40001");
	has("kind=\"tinysshd log\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_is_read),
		cmocka_unit_test(debug_lines_without_a_frame),
		cmocka_unit_test(lines_without_a_frame),
		cmocka_unit_test(lines_are_joined_by_process),
		cmocka_unit_test(a_child_serves_the_session),
		cmocka_unit_test(lies_are_not_believed),
		cmocka_unit_test(other_programs_are_not_sshd),
		cmocka_unit_test(of_many_logins_the_ones_that_matter),
		cmocka_unit_test(odds_and_ends),
		cmocka_unit_test(a_key_marked_as_an_authority),
		cmocka_unit_test(who_leaves_before_signing_was_not_refused),
		cmocka_unit_test(a_command_that_only_knows_no_key),
		cmocka_unit_test(dropbear_is_read),
		cmocka_unit_test(tinysshd_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The practice cases. A new case is a row here, a new kind of server a file beside practice_raw.c. */
#include "practice_case.h"

#include <string.h>

#include <libssh/server.h>

#include "practice_full.h"
#include "practice_raw.h"
#include "practice_ssh.h"
#include "practice_sshd.h"

/* clang-format off */
static const struct practice_row rows[] = {
	/* ---- the two to begin with ---- */
	{ .shown = { "key-rejected", "The server knows your name and accepts none of your keys", "auth-key-rejected" },
	  .server = &practice_ssh, .play = { .login = LOGIN_NOBODY } },
	{ .shown = { "healthy", "Nothing is wrong: the login works from end to end", "healthy" },
	  .server = &practice_ssh },

	/* ---- transport: this side ---- */
	{ .shown = { "config-typo", "A line of ssh_config that ssh does not know", "cfg-bad-option" },
	  .server = &practice_ssh, .config = "Host practice\n\tPasswordAuthentification no\n" },
	{ .shown = { "config-open", "ssh_config includes a file that others may write", "cfg-bad-perms" },
	  .server = &practice_ssh, .config = "Include {dir}/team\n", .team = "Host *.example\n\tUser trainee\n" },
	{ .shown = { "name-typo", "A name with a slip in it: nobody has that name", "dns-nxdomain" },
	  .server = &practice_ssh, .config = "Host practice\n\tHostName web1..example.com\n" },
	{ .shown = { "bind-address", "ssh is to go out by an address that this machine does not have", "cfg-bind-address" },
	  .server = &practice_ssh, .config = "Host practice\n\tBindAddress 192.0.2.7\n" },
	{ .shown = { "proxy-broken", "The way to the server is a program that is not there", "proxy-command-failed" },
	  .server = &practice_ssh, .config = "Host practice\n\tProxyCommand {dir}/connect-proxy %h %p\n" },

	/* ---- transport: the port and its first words ---- */
	{ .shown = { "jump-refuses", "The jump host on the way does not let you in", "jump-hop-auth-failed" },
	  .server = &practice_ssh, .play = { .login = LOGIN_NOBODY }, .config = "Host practice\n\tProxyJump gate\n" },
	{ .shown = { "jump-forbids", "The jump host lets you in, and not through", "jump-forward-prohibited" },
	  .server = &practice_ssh, .config = "Host practice\n\tProxyJump gate\n" },
	{ .shown = { "jump-gone", "The jump host on the way does not answer", "jump-hop-unreachable" },
	  .server = &practice_ssh, .config = "Host practice\n\tProxyJump gate\nHost gate\n\tPort {shut}\n" },
	{ .shown = { "jump-no-target", "The jump host lets you through, and the target refuses it (needs sshd)", "jump-target-unreachable" },
	  .server = &practice_sshd, .config = "Host practice\n\tProxyJump gate\n\tPort {shut}\nHost practice gate\n\tUser {me}\n" },

	{ .shown = { "refused", "The port refuses the connection", "tcp-refused" } },
	{ .shown = { "wrong-port", "The port refuses, and SSH is on another one", "tcp-refused-wrong-port" },
	  .server = &practice_ssh, .config = "Host practice\n\tPort {shut}\nHost practice-new\n\tHostName 127.0.0.1\n\tPort {port}\n" },
	{ .shown = { "timeout", "Not one packet comes back from the port", "tcp-timeout" },
	  .server = &practice_full },
	{ .shown = { "wrong-service", "A web server stands on the port", "banner-not-ssh" },
	  .server = &practice_raw, .play = { .answer = practice_http_answer, .hangs_up = true } },
	{ .shown = { "silent-banner", "The port is open and nothing ever speaks", "banner-silent" },
	  .server = &practice_raw },
	{ .shown = { "max-startups", "Too many logins are half open, and the server sends you away", "banner-maxstartups" },
	  .server = &practice_raw, .play = { .greeting = "Exceeded MaxStartups\r\n", .hangs_up = true } },
	{ .shown = { "penalty", "The server holds earlier attempts against your address", "banner-source-penalty" },
	  .server = &practice_raw, .play = { .greeting = "Not allowed at this time\r\n", .hangs_up = true } },
	{ .shown = { "closed-early", "The connection is closed before the server says a word", "banner-closed" },
	  .server = &practice_raw, .play = { .hangs_up = true } },
	{ .shown = { "protocol-1", "A server from the last century", "banner-protocol-1" },
	  .server = &practice_raw, .play = { .greeting = "SSH-1.5-OpenSSH_1.2.3\r\n" } },

	/* ---- transport: key exchange and host key ---- */
	{ .shown = { "kex-closed", "The server says who it is, and goes", "kex-closed" },
	  .server = &practice_raw, .play = { .greeting = "SSH-2.0-OpenSSH_9.2\r\n", .hangs_up = true } },
	{ .shown = { "no-common-cipher", "An old server that has only a cipher of the last century", "kex-no-common-alg" },
	  .server = &practice_ssh, .play = { .ciphers = "aes256-cbc" } },
	{ .shown = { "no-cipher-left", "A server whose only cipher your ssh does not have at all", "kex-no-common-alg" },
	  .server = &practice_raw, .play = { .greeting = "SSH-2.0-practice\r\n", .ciphers = "blowfish-cbc" } },
	{ .shown = { "no-common-hostkey-alg", "An old server that has only an ssh-rsa host key", "kex-no-common-hostkey-alg" },
	  .server = &practice_ssh, .keys = { .old_host = true } },
	{ .shown = { "hostkey-unknown", "Nobody here has seen the server's key before", "hostkey-unknown" },
	  .server = &practice_ssh, .keys = { .known = KNOWN_NOTHING } },
	{ .shown = { "hostkey-changed", "The server shows another host key than the one you know", "hostkey-changed" },
	  .server = &practice_ssh, .keys = { .known = KNOWN_OTHER } },
	{ .shown = { "hostkey-revoked", "The server shows a host key that somebody has revoked", "hostkey-revoked" },
	  .server = &practice_ssh, .keys = { .known = KNOWN_REVOKED } },

	/* ---- authentication ---- */
	{ .shown = { "no-key", "You have no key at all", "key-none" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_NONE } },
	{ .shown = { "agent-stale", "Your keys are in an agent, and its socket is all that is left of it", "agent-unreachable" },
	  .server = &practice_ssh, .play = { .agent = AGENT_STALE }, .keys = { .file = KEYFILE_NONE }, .config = "Host practice\n\tIdentitiesOnly no\n" },
	{ .shown = { "agent-hangs", "ssh asks your agent for its keys, and waits for ever", "agent-hangs" },
	  .server = &practice_ssh, .play = { .agent = AGENT_HANGS }, .config = "Host practice\n\tIdentitiesOnly no\n" },
	{ .shown = { "agent-locked", "Your agent is locked", "agent-locked" },
	  .server = &practice_ssh, .play = { .agent = AGENT_LOCKED }, .keys = { .file = KEYFILE_NONE }, .config = "Host practice\n\tIdentitiesOnly no\n" },
	{ .shown = { "agent-refuses", "Your agent has the right key, and does not sign", "agent-refused" },
	  .server = &practice_ssh, .play = { .agent = AGENT_REFUSES }, .keys = { .file = KEYFILE_NONE }, .config = "Host practice\n\tIdentitiesOnly no\n" },
	{ .shown = { "agent-ignored", "Your agent has the right key, and ssh is told to leave it", "key-not-offered" },
	  .server = &practice_ssh, .play = { .agent = AGENT_HOLDS }, .keys = { .file = KEYFILE_OTHER } },
	{ .shown = { "too-many-keys", "Your agent has many keys, and the right one comes too late", "auth-too-many-keys" },
	  .server = &practice_ssh, .play = { .agent = AGENT_CROWDED, .tries = 6 }, .keys = { .file = KEYFILE_NONE }, .config = "Host practice\n\tIdentitiesOnly no\n" },
	{ .shown = { "key-open", "Others may read your key", "key-perms-open" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_OPEN } },
	{ .shown = { "key-locked", "Your key has a passphrase, and nobody types it", "key-encrypted-batch" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_LOCKED } },
	{ .shown = { "key-missing", "The key file that ssh is told to use is not there", "key-file-missing" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_GONE } },
	{ .shown = { "key-damaged", "Your key file is cut off in the middle", "key-unparsable" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_DAMAGED } },
	{ .shown = { "key-misnamed", "The .pub file beside your key is another key's", "key-pub-mismatch" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_MISNAMED } },
	{ .shown = { "key-not-offered", "You have the right key, and ssh offers another one", "key-not-offered" },
	  .server = &practice_ssh, .keys = { .file = KEYFILE_ELSEWHERE } },
	{ .shown = { "account-denied", "The server knows your key and hangs up when you have signed", "auth-account-denied" },
	  .server = &practice_ssh, .play = { .login = LOGIN_CLOSED } },
	{ .shown = { "booting", "The server takes no logins now, and says so", "pam-nologin" },
	  .server = &practice_ssh, .play = { .login = LOGIN_CLOSED,
	    .text = "System is booting up. Unprivileged users are not permitted to log in yet. Please come back later.\r\n" } },
	{ .shown = { "denied-after-accept", "The server knows your key, takes your signature, and says no", "auth-denied-after-accept" },
	  .server = &practice_ssh, .play = { .login = LOGIN_DENIED } },
	{ .shown = { "password-only", "The server wants a password, and a program cannot give one", "auth-needs-human" },
	  .server = &practice_ssh, .play = { .login = LOGIN_NOBODY, .methods = SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE } },
	{ .shown = { "second-factor", "Your key is the first of two factors", "auth-more-factors-needed" },
	  .server = &practice_ssh, .play = { .login = LOGIN_PARTIAL } },
	{ .shown = { "auth-cut", "The server ends the connection in authentication", "auth-disconnected" },
	  .server = &practice_ssh, .play = { .login = LOGIN_CUT } },

	/* ---- session ---- */
	{ .shown = { "no-session", "You are in, and get no session", "session-channel-refused" },
	  .server = &practice_ssh, .play = { .refuses_session = true } },
	{ .shown = { "nologin-shell", "You are in, and the account has no shell", "shell-nologin" },
	  .server = &practice_ssh, .play = { .forced = "This account is currently not available.\n", .forced_status = 1 } },
	{ .shown = { "forced-command", "You are in, and something else runs than what you asked for", "forced-command" },
	  .server = &practice_ssh, .play = { .forced = "backup: 3 files\n" } },
	{ .shown = { "sftp-only", "You are in, and may only copy files", "sftp-only" },
	  .server = &practice_ssh, .play = { .forced = "This service allows sftp connections only.\n", .forced_status = 1 } },
	{ .shown = { "other-user", "The server knows your key, and wants another user for it", "auth-cloud-default-user" },
	  .server = &practice_ssh, .play = { .forced = "Please login as the user \"ubuntu\" rather than the user \"trainee\".\n" } },
	{ .shown = { "shell-exits", "Commands run, and a shell ends as it begins", "rc-exits" },
	  .server = &practice_ssh, .play = { .shell = SHELL_ENDS } },
	{ .shown = { "shell-crash", "Commands run, and the shell dies of a signal", "shell-crash" },
	  .server = &practice_ssh, .play = { .shell = SHELL_KILLED } },
	{ .shown = { "no-shell", "Commands run, and a shell is refused", "shell-refused" },
	  .server = &practice_ssh, .play = { .refuses = 1 << SSH_CHANNEL_REQUEST_SHELL } },
	{ .shown = { "no-terminal", "Commands run, and a terminal is refused", "pty-refused" },
	  .server = &practice_ssh, .play = { .refuses = 1 << SSH_CHANNEL_REQUEST_PTY } },
	{ .shown = { "no-sftp", "Commands run, and sftp is refused", "subsystem-missing" },
	  .server = &practice_ssh, .play = { .refuses = 1 << SSH_CHANNEL_REQUEST_SUBSYSTEM } },
	{ .shown = { "session-lost", "You are in, and the connection is gone", "session-lost" },
	  .server = &practice_ssh, .play = { .drops = 1 << SSH_CHANNEL_REQUEST_EXEC } },
	{ .shown = { "session-closed", "Commands run, and the connection is gone when a shell begins", "server-closed-session" },
	  .server = &practice_ssh, .play = { .drops = 1 << SSH_CHANNEL_REQUEST_SHELL } },

	{ .shown = { "no-answer", "Commands run, and the channel is gone when a shell begins", "server-closed-session" },
	  .server = &practice_ssh, .play = { .closes = 1 << SSH_CHANNEL_REQUEST_PTY } },

	/* ---- performance ---- */
	{ .shown = { "slow-banner", "The server takes its time to say who it is", "slow-banner" },
	  .server = &practice_ssh, .play = { .pause = PAUSE_BANNER, .pause_ms = 1500 } },
	{ .shown = { "slow-kex", "The key exchange takes its time", "slow-kex" },
	  .server = &practice_ssh, .play = { .pause = PAUSE_KEX, .pause_ms = 1600 } },
	{ .shown = { "slow-methods", "The server takes its time to name its methods", "slow-usedns" },
	  .server = &practice_ssh, .play = { .pause = PAUSE_METHODS, .pause_ms = 1500 } },
	{ .shown = { "slow-login", "The server takes its time with your signature", "slow-auth-backend" },
	  .server = &practice_ssh, .play = { .pause = PAUSE_SIGNED, .pause_ms = 1600 } },
	{ .shown = { "slow-session", "You are in, and a session takes its time", "slow-session-setup" },
	  .server = &practice_ssh, .play = { .pause = PAUSE_CHANNEL, .pause_ms = 1800 } },
	{ .shown = { "slow-shell", "Commands are quick, and a shell takes its time", "slow-shell-init" },
	  .server = &practice_ssh, .play = { .pause = PAUSE_SHELL, .pause_ms = 1900 } },
	{ .shown = { "slow-config", "ssh takes its time before it sends a packet", "slow-config" },
	  .server = &practice_ssh, .config = "Match exec \"sleep 1.4\"\n\tConnectTimeout 20\n" },
};
/* clang-format on */

size_t
practice_rows(void)
{
	return sizeof(rows) / sizeof(rows[0]);
}

const struct practice_row *
practice_row(size_t i)
{
	return i < practice_rows() ? &rows[i] : NULL;
}

size_t
practice_count(void)
{
	return practice_rows();
}

const struct practice_case *
practice_at(size_t i)
{
	return i < practice_rows() ? &rows[i].shown : NULL;
}

const struct practice_case *
practice_by_id(const char *id)
{
	for (size_t i = 0; i < practice_rows(); i++)
		if (strcmp(rows[i].shown.id, id) == 0)
			return &rows[i].shown;
	return NULL;
}

/*
 * All rules as one list, and the meaning of every id that may stand among
 * candidates. The rows are in rules_transport.c and its three siblings. Called by
 * conclude.c, by readers and by tests. Pure data.
 */
#include "rule.h"

#include <string.h>

static const struct rule *const tables[LAYER__COUNT] = { rules_transport, rules_authentication,
	rules_session, rules_performance };

#define MEANS(name, words) \
	{ \
		.id = name, .layer = LAYER_NONE, .summary = words \
	}

/* clang-format off */
static const struct rule candidates[] = {
	MEANS("net-no-local-route", "this machine has no route to the address"),
	MEANS("net-neighbour-absent", "nobody on the local network owns the address"),
	MEANS("net-host-unreachable", "a router says that it cannot reach the host"),
	MEANS("tcp-refused-no-listener", "the SSH server is not running"),
	MEANS("tcp-refused-bind-address", "the SSH server listens on another address only, for example on 127.0.0.1"),
	MEANS("hostkey-unknown", "nothing that ssh reads vouches for the host's key"),
	MEANS("tcp-one-family-broken", "one address family of the name is broken, and ssh tries it first"),
	MEANS("tcp-refused-banned", "your address was banned after failed logins (fail2ban and its kind refuse by default)"),
	MEANS("tcp-refused-firewall", "a firewall answers with a reset in the server's place"),
	MEANS("tcp-refused-wrong-port", "the SSH server listens on a port that was not looked at"),
	MEANS("sshd-config-invalid", "the server did not start again: its configuration has a fault (sshd -t names the line)"),
	MEANS("sshd-no-hostkeys-or-privsep", "the server does not start: it has no host keys, or /run/sshd is missing"),
	MEANS("tcp-timeout-filtered", "a firewall or a security group drops the packets"),
	MEANS("tcp-timeout-host-down", "the host is off, or the address is not its address any more"),
	MEANS("tcp-timeout-egress-22", "your own network lets nothing out to port 22"),
	MEANS("banner-maxstartups", "too many logins are half open at the server (MaxStartups)"),
	MEANS("banner-source-penalty", "the server penalises your address for earlier attempts"),
	MEANS("banner-closed-no-text", "the server closes before it speaks: no memory, tcp wrappers, a half-done upgrade, a missing privilege separation directory"),
	MEANS("banner-reset", "a middlebox on the path resets the connection"),
	MEANS("banner-silent", "what listens on the port waits or hangs"),
	MEANS("banner-not-ssh", "another service stands on the port"),
	MEANS("kex-mtu-blackhole", "large packets are lost on the path: its MTU is smaller than the ends believe"),
	MEANS("kex-peer-stalls", "the server does not answer to this key exchange"),
	MEANS("kex-crypto-policy", "a crypto policy here or there forbids the server's key or signature"),
	MEANS("kex-corrupt-stream", "something on the path changes the bytes"),
	MEANS("kex-closed", "the server process ended: a crash, an unreadable host key, a limit"),
	MEANS("jump-hop-auth-failed", "a jump host refused the login"),
	MEANS("jump-forward-prohibited", "the jump host does not allow forwarding to the target"),
	MEANS("jump-target-unreachable", "the jump host cannot reach the target"),
	MEANS("jump-hop-unreachable", "the jump host itself cannot be reached"),
	MEANS("proxy-command-failed", "the proxy command fails"),
	MEANS("auth-key-not-listed", "no key of yours is in the account's authorized_keys"),
	MEANS("auth-strictmodes", "authorized_keys, .ssh or the home directory may be written by others, so sshd ignores the keys"),
	MEANS("auth-user-unknown", "there is no such account on the server"),
	MEANS("auth-allow-deny", "AllowUsers, AllowGroups or their Deny kin keep the account out"),
	MEANS("auth-keys-file-elsewhere", "sshd reads the keys from another file (AuthorizedKeysFile)"),
	MEANS("auth-account-locked", "the account is locked"),
	MEANS("auth-shell-unusable", "the account's shell does not exist"),
	MEANS("auth-selinux-label", "authorized_keys has the wrong SELinux label"),
	MEANS("auth-home-unavailable", "the home directory is not mounted when sshd looks"),
	MEANS("auth-sigalg-server-refuses", "the server does not take this kind of key or signature"),
	MEANS("cert-principal-or-ca", "the certificate names another user, or its authority is not trusted"),
	MEANS("cert-time-invalid", "the certificate has expired, or is not valid yet"),
	MEANS("auth-source-restricted", "the key is allowed from other addresses only (from=)"),
	MEANS("auth-root-refused", "the server does not let root log in (PermitRootLogin)"),
	MEANS("auth-too-many-keys", "too many keys were offered before the right one"),
	MEANS("key-pub-mismatch", "the .pub file beside the key belongs to another key"),
	MEANS("key-not-offered", "the right key exists and ssh does not offer it"),
	MEANS("pam-account-denied", "an account rule on the server (PAM, access.conf, sssd) denies it"),
	MEANS("pam-account-expired", "the account has expired"),
	MEANS("pam-nologin", "the server takes no logins now (nologin, booting or shutting down)"),
	MEANS("pam-password-expired", "the account's password has expired"),
	MEANS("login-grace-exceeded", "the login took longer than the server allows"),
	MEANS("agent-refused", "the agent holds the key and does not sign: locked, or a confirmation is not given"),
	MEANS("forced-command", "the account or its key is made for one command only"),
	MEANS("forced-command-fails", "a forced command of the account fails"),
	MEANS("pam-session-denied", "a session module of PAM on the server refuses the session"),
	MEANS("session-chroot-no-shell", "the account is locked into a directory that holds no shell (ChrootDirectory)"),
	MEANS("session-chroot-bad-ownership", "the directory that the account is locked into is missing, or others may write it"),
	MEANS("disk-full", "a device of the server is full"),
	MEANS("shell-nologin", "the account has no login shell"),
	MEANS("shell-crash", "the shell dies"),
	MEANS("rc-exits", "a startup file of the shell ends it"),
	MEANS("home-missing", "the home directory does not exist"),
	MEANS("proc-limit", "the account has reached a limit of processes"),
	MEANS("server-closed-session", "the server ended the session: a restart, a limit, or out of memory"),
	MEANS("qos-drop", "the path drops packets with this quality-of-service mark"),
	MEANS("slow-usedns", "the server looks up your address's name and gets no answer (UseDNS)"),
	MEANS("slow-auth-backend", "the server's accounts or keys come from a slow service (LDAP, sssd, a key command)"),
	MEANS("slow-gssapi", "GSSAPI is tried first, and its servers do not answer"),
	MEANS("slow-session-setup", "PAM's session modules are slow (logind, motd scripts)"),
	MEANS("slow-shell-init", "the shell's startup files are slow"),
	MEANS("slow-banner", "the server is overloaded"),
	MEANS("client-crash", "the ssh client here is broken"),
	MEANS("mux-stale-master", "a stale shared connection is in the way"),
};
/* clang-format on */

static size_t
table_rows(const struct rule *table)
{
	size_t n = 0;

	while (table[n].id != NULL)
		n++;
	return n;
}

size_t
rules_count(void)
{
	size_t n = 0;

	for (int l = 0; l < LAYER__COUNT; l++)
		n += table_rows(tables[l]);
	return n;
}

const struct rule *
rule_at(size_t i)
{
	for (int l = 0; l < LAYER__COUNT; l++) {
		size_t n = table_rows(tables[l]);

		if (i < n)
			return &tables[l][i];
		i -= n;
	}
	return NULL;
}

const struct rule *
rule_by_id(const char *id)
{
	for (int l = 0; l < LAYER__COUNT; l++)
		for (const struct rule *r = tables[l]; r->id != NULL; r++)
			if (strcmp(r->id, id) == 0)
				return r;
	return NULL;
}

const struct rule *
rule_candidate(const char *id)
{
	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
		if (strcmp(candidates[i].id, id) == 0)
			return &candidates[i];
	return NULL;
}

const char *
candidate_help(const char *id)
{
	const struct rule *r = rule_candidate(id);

	return r != NULL ? r->summary : NULL;
}

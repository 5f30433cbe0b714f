/* The table of owners: every finding of the catalogue stands in it once. See owner.h. */
#include "owner.h"

#include <stddef.h>
#include <string.h>

#include "text.h"

static const struct {
	enum owner owner;
	const char *name, *words;
	const char *findings; /* ids, a comma list */
} owners[] = {
	{ OWNER_NONE, "nobody", "nothing to hand over", "healthy" },
	{ OWNER_NETWORK, "network", "names, routes, firewalls, VPN",
	    "dns-nxdomain,dns-temp-failure,dns-no-address,dns-failed,dns-wrong-answer,"
	    "net-no-local-route,net-neighbour-absent,net-host-unreachable,fw-reject-prohibited,"
	    "tcp-timeout,tcp-timeout-filtered,tcp-timeout-egress-22,tcp-one-family-broken,"
	    "tcp-refused-firewall,tcp-failed,jump-target-unreachable,jump-hop-unreachable,"
	    "kex-mtu-blackhole,kex-peer-stalls,kex-corrupt-stream,"
	    "path-lossy,path-slow,slow-name-lookup,slow-first-address,slow-echo,idle-drop,qos-"
	    "drop" },
	{ OWNER_SERVER, "server", "whoever runs the host and its sshd",
	    "tcp-refused,tcp-refused-no-listener,tcp-refused-wrong-port,tcp-refused-bind-address,"
	    "tcp-refused-banned,tcp-timeout-host-down,tcp-socket-port-ignored,jump-forward-"
	    "prohibited,"
	    "banner-closed,banner-maxstartups,banner-source-penalty,banner-closed-no-text,"
	    "banner-wrappers-deny,banner-reset,banner-silent,banner-tarpit,banner-not-ssh,"
	    "banner-protocol-1,banner-failed,kex-no-common-alg,kex-no-common-hostkey-alg,kex-"
	    "closed,"
	    "kex-failed,kex-not-post-quantum,hostkey-changed,hostkey-unknown,"
	    "hostkey-other-type-known,hostkey-multi-backend,hostkey-cert-invalid,hostkey-revoked,"
	    "sshd-config-invalid,sshd-no-hostkeys-or-privsep,sshd-port-taken,sshd-port-selinux,"
	    "sshd-no-resources,sshd-half-upgraded,auth-disconnected,auth-stalled,auth-failed,"
	    "auth-strictmodes,auth-keys-file-elsewhere,auth-keys-file-unreadable,"
	    "auth-keys-command-failed,auth-selinux-label,auth-home-unavailable,"
	    "auth-revoked-list-unreadable,auth-key-option-refused,auth-key-option-unknown,"
	    "auth-sigalg-server-refuses,auth-method-not-offered,auth-methods-impossible,"
	    "auth-pubkey-disabled,auth-hostbased-failed,auth-allow-deny,auth-shell-unusable,"
	    "auth-root-refused,auth-denied-after-accept,pam-nologin,pam-broken,login-grace-"
	    "exceeded,"
	    "session-channel-refused,pam-session-denied,session-stalled,session-lost,"
	    "session-chroot-bad-ownership,session-chroot-no-shell,shell-nologin,sftp-only,shell-"
	    "crash,"
	    "forced-command,forced-command-fails,home-missing,rc-exits,shell-refused,shell-silent,"
	    "pty-refused,term-unknown,proc-limit,disk-full,subsystem-missing,sftp-stream-polluted,"
	    "sftp-stalled,mux-session-refused,fwd-refused,fwd-target-unreachable,x11-refused,"
	    "x11-no-xauth,server-closed-session,slow-banner,slow-kex,slow-usedns,slow-auth-backend,"
	    "slow-session-setup,slow-shell-init,undecided" },
	{ OWNER_IDENTITY, "identity", "accounts, keys on record, certificates",
	    "auth-key-rejected,auth-account-denied,auth-key-not-listed,auth-keys-line-bad,"
	    "auth-key-revoked,auth-source-restricted,auth-key-option-expired,cert-time-invalid,"
	    "cert-principal-or-ca,cert-option-refused,auth-password-rejected,"
	    "auth-more-factors-needed,auth-user-unknown,auth-account-locked,"
	    "auth-cloud-default-user,cloud-iam-login-role,pam-account-denied,pam-account-expired,"
	    "pam-password-expired,pam-faillock,jump-hop-auth-failed" },
	{ OWNER_USER, "user", "the user's own machine, settings and keys",
	    "auth-by-hand,session-by-hand,cfg-usage,cfg-bad-option,cfg-bad-perms,cfg-bind-address,"
	    "config-failed,client-missing,"
	    "cfg-wrong-host-block,client-crash,crash-or-lib-mismatch,kex-unsupported,proof-failed,"
	    "tcp-refused-local-rule,jump-cli-options-ignored,jump-loop,proxy-command-failed,"
	    "proxy-failed,kex-crypto-policy,hostkey-ca-known,revoked-list-unreadable,"
	    "knownhosts-unwritable,knownhosts-command-failed,key-none,key-perms-open,"
	    "key-file-missing,key-unparsable,key-encrypted-batch,key-not-offered,key-pub-mismatch,"
	    "key-too-short,agent-none,agent-empty,agent-locked,agent-unreachable,agent-hangs,"
	    "agent-refused,auth-touch-missing,auth-no-mutual-sigalg,auth-too-many-keys,"
	    "auth-needs-human,mux-stale-master,mux-path-bad,fwd-cannot-listen,x11-no-display,"
	    "slow-config,slow-proxy,slow-gssapi" },
};

enum { OWNERS = sizeof owners / sizeof owners[0] };

enum owner
owner_of(const char *finding)
{
	for (size_t i = 0; i < OWNERS; i++)
		if (text_list_has(owners[i].findings, finding))
			return owners[i].owner;
	return OWNER_NONE;
}

const char *
owner_name(enum owner o)
{
	return owners[(unsigned)o < OWNERS ? o : OWNER_NONE].name;
}

const char *
owner_words(enum owner o)
{
	return owners[(unsigned)o < OWNERS ? o : OWNER_NONE].words;
}

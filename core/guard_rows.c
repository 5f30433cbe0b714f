/*
 * How the guard's script makes each fix on a server: what it keeps copies of,
 * what sshd must do for the change to count, what undoes what no copy can, and which fix makes
 * a firewall's rule permanent. A fix without a row is shown, and not made. Read by guard.c. Pure.
 */
#include "guard.h"

#include <string.h>

#define IPTABLES_RULE "-p tcp -s {seen_from} --dport {port} -j ACCEPT"

static const struct guard_row rows[] = {
	/* Rules of a firewall: for the time being, and permanent only after the proof. */
	{ .fix = "open-nft",
	    .edit = "nft insert rule {fw_nft} ip saddr {seen_from} tcp dport {port} accept "
		    "comment '\"sshmedic-'$ID'\"'",
	    /* More than one, where the file that has it as well was loaded without a flush. */
	    .revert = "for h in $( nft -a list chain {fw_nft} | "
		      "sed -n 's/.*sshmedic-'$ID'.*# handle //p' ); do "
		      "nft delete rule {fw_nft} handle $h || exit 1; done",
	    .keep = "keep-nft" },
	{ .fix = "open-iptables",
	    .revert = "{fw_iptables_by} -D {fw_iptables} " IPTABLES_RULE,
	    .keep = "keep-iptables" },
	{ .fix = "open-ufw",
	    .edit = "iptables -I ufw-user-input " IPTABLES_RULE,
	    .revert = "iptables -D ufw-user-input " IPTABLES_RULE,
	    .keep = "keep-ufw" },
	{ .fix = "open-firewalld",
	    .revert = "firewall-cmd --zone={fw_zone} --remove-port={port}/tcp",
	    .keep = "keep-firewalld" },
	{ .fix = "keep-nft", .keeps = "nft", .place = "{fw_nft}" },
	{ .fix = "keep-iptables", .keeps = "{fw_iptables_by}", .place = "{fw_iptables}" },
	{ .fix = "keep-ufw", .keeps = "ufw", .place = "{fw_ufw}" },
	{ .fix = "keep-firewalld", .keeps = "firewalld", .place = "{fw_zone}" },
	{ .fix = "server-unban", .revert = "fail2ban-client set sshd banip {seen_from}" },

	/* A server that does not run. */
	{ .fix = "start-unit", .then = GUARD_START },
	{ .fix = "stop-holder", .then = GUARD_START, .revert = "systemctl start {holder_unit}" },
	{ .fix = "server-fix-config",
	    .then = GUARD_START,
	    .touches = "sshd: {sconf_file} {sconf_file}.before" },
	{ .fix = "server-make-hostkeys",
	    .then = GUARD_START,
	    .touches = "/etc/ssh/ssh_host_rsa_key /etc/ssh/ssh_host_rsa_key.pub "
		       "/etc/ssh/ssh_host_ecdsa_key "
		       "/etc/ssh/ssh_host_ecdsa_key.pub /etc/ssh/ssh_host_ed25519_key "
		       "/etc/ssh/ssh_host_ed25519_key.pub" },
	{ .fix = "server-make-privsep", .then = GUARD_START, .touches = "{privsep_dir}" },

	/* sshd's configuration. */
	{ .fix = "listen-everywhere", .then = GUARD_RELOAD, .touches = "sshd:" },
	{ .fix = "server-pubkey-on", .then = GUARD_RELOAD, .touches = "sshd:" },
	{ .fix = "server-usedns-off", .then = GUARD_RELOAD, .touches = "sshd:" },
	{ .fix = "raise-maxsessions", .then = GUARD_RELOAD, .touches = "sshd:" },
	{ .fix = "permit-tty", .then = GUARD_RELOAD, .touches = "sshd:" },
	{ .fix = "add-subsystem", .then = GUARD_RELOAD, .touches = "sshd:" },
	{ .fix = "add-sigalg",
	    .then = GUARD_RELOAD,
	    .touches = "sshd: {sigalg_file} {sigalg_file}.before" },
	{ .fix = "allow-line",
	    .then = GUARD_RELOAD,
	    .touches = "sshd: {allow_file} {allow_file}.before" },
	{ .fix = "deny-line",
	    .then = GUARD_RELOAD,
	    .touches = "sshd: {deny_file} {deny_file}.before" },

	/* Accounts. */
	{ .fix = "server-unlock", .touches = "account:{user}" },
	{ .fix = "server-set-shell", .touches = "account:{user}" },
	{ .fix = "set-shell", .touches = "account:{user}" },
	{ .fix = "extend-account", .touches = "account:{user}" },
	{ .fix = "renew-password", .touches = "account:{user}" },
	{ .fix = "reset-faillock", .touches = "/var/run/faillock/{user}" },

	/* Files of the user's, and of the system. */
	{ .fix = "server-chmod", .touches = "{modes_path}" },
	{ .fix = "server-chown", .touches = "{owner_path}" },
	{ .fix = "close-server-path", .touches = "{note_modes}" },
	{ .fix = "add-key-home", .touches = "{keys_home}" },
	{ .fix = "add-key-system", .touches = "{keys_system}" },
	{ .fix = "amend-from-line", .touches = "{source_path} {source_path}.before" },
	{ .fix = "move-nologin", .touches = "{nologin_file} {nologin_file}.off" },
	{ .fix = "remove-nologin", .touches = "/etc/nologin /etc/nologin.off" },
	{ .fix = "remove-run-nologin", .touches = "/run/nologin /run/nologin.off" },
	{ .fix = "make-home", .touches = "{home}" },
	{ .fix = "open-home", .touches = "{home}" },
	{ .fix = "guard-bashrc",
	    .revert = "su {user} -s /bin/sh -c 'cd && mv .bashrc.before .bashrc'" },
};

const struct guard_row *
guard_row(const struct fix *f)
{
	if (f->side != SIDE_SERVER || f->kind != FIX_CHANGE)
		return NULL;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].fix, f->id) == 0)
			return &rows[i];
	return NULL;
}

const struct guard_row *
guard_row_at(size_t i)
{
	return i < sizeof rows / sizeof *rows ? &rows[i] : NULL;
}

/*
 * What can be done about a finding: rows with a command template, and its
 * expansion. Nothing here runs anything. Called by conclude.c, readers and tests. Pure.
 */
#include "fix.h"

#include <string.h>

#define CONNECT .side = SIDE_CLIENT, .kind = FIX_CONNECT, .risk = RISK_NONE, .takes = "<1 min"
#define CONNECT_WEAK \
	.side = SIDE_CLIENT, .kind = FIX_CONNECT, .risk = RISK_MEDIUM, .takes = "<1 min"
#define CLIENT_CHANGE .side = SIDE_CLIENT, .kind = FIX_CHANGE
#define SERVER_CHANGE .side = SIDE_SERVER, .kind = FIX_CHANGE
#define BY_HAND .kind = FIX_MANUAL

#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define SSHD_FILES SSHD_CONFIG " " SSHD_CONFIG ".d/*.conf"
/* The service, where the collector names it; a server that is not running is left as it is. */
#define RELOAD "systemctl try-reload-or-restart {service}"
#define RELOAD_ANY "( systemctl reload ssh 2>/dev/null || systemctl reload sshd )"
/* A server that would not start with the new files gets the old ones back, and keeps running with what it has. */
#define CHECK_FILES "sshd -t || ( for f; do cp -p $f.before $f; done; exit 1 )"
#define SAVE_FILES "for f; do cp -p $f $f.before || exit 1; done;"
#define FILES_WITH(setting) "$(grep -lisE \"^[[:space:]]*" setting "\" " SSHD_FILES ")"

/*
 * Another value for a setting of sshd, wherever it stands: by GNU or busybox sed, as all
 * commands here. Files are written into, so that their owner, mode and label stay.
 */
#define EDIT_SSHD(keyword, from, to) \
	"sh -c 'set -- " FILES_WITH( \
	    keyword "[[:space:]=]+" from) "; [ $# -gt 0 ] || exit 1; " SAVE_FILES \
					  " for f; do sed -E \"s/^([[:space:]]*" keyword \
					  "[[:space:]=]+)" from "/\\1" to \
					  "/I\" $f.before >$f; done; " CHECK_FILES "' && "
#define UNDO_SSHD(keyword) \
	"for f in " FILES_WITH(keyword) "; do cp -p $f.before $f; done; sshd -t, and reload"

/*
 * A line of one file, by its number: the script changes nothing where the line is no longer what it was,
 * and then the command fails.
 */
#define EDIT_LINE(file, script, then) \
	"cp -p -- " file " " file ".before && ( sed -E " script " " file ".before > " file \
	" && ! cmp -s " file " " file ".before && " then " || ( cp -p -- " file ".before " file \
	" ; false ) )"
#define UNDO_LINE(file) "cp -p -- " file ".before " file " && sshd -t && " RELOAD

/* clang-format off */
/* What a fix does on this machine, and how a command line to log in with is kept; see change.h. */
#define CONFIG(keyword, text) { .op = CHANGE_CONFIG, .set = { { keyword, text } } }
#define CONFIG2(k1, v1, k2, v2) { .op = CHANGE_CONFIG, .set = { { k1, v1 }, { k2, v2 } } }
#define CONFIG_OF(name, keyword, text) \
	{ .op = CHANGE_CONFIG, .host = name, .set = { { keyword, text } } }
#define RUN { .op = CHANGE_RUN }
#define TERMINAL { .op = CHANGE_TERMINAL }

static const struct fix fixes[] = {
	/* ---- configuration and client ---- */
	{ .id = "correct-command-line", .title = "Correct the command line", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "<1 min",
	  .words = "ssh says: {cfg_text}. Its options are in ssh(1), the settings for -o in ssh_config(5).", .recheck = "config" },
	{ .id = "correct-config-line", .title = "Correct the line in the configuration", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "Edit {cfg_file} at line {cfg_line}. ssh says: {cfg_text}. ssh_config(5) lists what may stand there.", .recheck = "config" },
	{ .id = "ignore-option", .title = "Log in with the unknown option ignored", CONNECT,
	  .command = "ssh -o IgnoreUnknown={cfg_option} {sshargs} {dest}",
	  .words = "For this one login ssh passes over {cfg_option}. To keep it so, put IgnoreUnknown {cfg_option} above the line.", .recheck = "config",
	  .save = CONFIG_OF("", "IgnoreUnknown", "{cfg_option}") },
	{ .id = "chmod-config", .title = "Let only you write the configuration", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "chmod go-w -- {cfg_file}", .words = "ssh wants the file to be yours (or root's) and writable by nobody else. If it is another user's, chown it as well.",
	  .undo = "chmod g+w -- {cfg_file}", .recheck = "config",
	  .change = { .op = CHANGE_MODE, .path = "{cfg_file}", .take = 022 } },
	{ .id = "install-client", .title = "Install an ssh client", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "Install the package openssh-client (openssh-clients, openssh), or put ssh into PATH.", .recheck = "config" },
	{ .id = "reinstall-client", .title = "Reinstall the ssh client and its libraries", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "See whether ssh -V works at all. If not, reinstall the client and libcrypto from the same release.", .recheck = "config" },
	{ .id = "try-empty-config", .title = "Log in without any configuration file", CONNECT,
	  .command = "ssh {sshargs} -F none {dest}", .words = "If this works, a line of the configuration is at fault.", .recheck = "config" },
	{ .id = "use-alias", .title = "Log in by the name that the Host block has", CONNECT,
	  .command = "ssh {sshargs} {block_name}", .words = "ssh then uses what {block_at} sets.", .recheck = "config" },
	{ .id = "use-alias-as", .title = "Log in by the name that the Host block has", CONNECT,
	  .command = "ssh -l {user} {sshargs} {block_name}", .words = "ssh then uses what {block_at} sets.", .recheck = "config" },
	{ .id = "widen-host", .title = "Let the block apply to the name that was typed", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .words = "Add {host} to the line \"Host {block_name}\" ({block_at}). ssh -G {host} shows what is in force.", .undo = "take the lines out again", .recheck = "config",
	  .change = { .op = CHANGE_CONFIG, .path = "{block_at}", .host = "{block_name}", .set = { { "Host", "{host}" } } } },
	{ .id = "use-block-user", .title = "Log in as the user that the block names", CONNECT,
	  .command = "ssh -l {block_user} {sshargs} {dest}", .words = "{block_at} sets it for this host.", .recheck = "config",
	  .save = CONFIG("User", "{block_user}") },
	{ .id = "move-block", .title = "Put general blocks behind those of single hosts", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "Move the line that sets User {user} behind {block_at}: the first value that ssh finds counts.", .recheck = "config" },
	{ .id = "bind-any", .title = "Let this machine choose the address to go out by", CONNECT,
	  .command = "ssh {sshargs_bindany} {dest}", .words = "It stands before what the configuration says, and means any address. A server that lets in {bind} alone will not take it.", .recheck = "config" },
	{ .id = "correct-bind", .title = "Correct the address to go out by", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "ip addr lists the addresses of this machine. BindAddress, BindInterface, -b or -B must name one of them, or be left out.", .recheck = "config" },
	{ .id = "break-loop", .title = "Take the jump host out of its own rule", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "In ~/.ssh/config put a block for the jump host with \"ProxyJump none\" above the wider one.", .recheck = "config" },
	/* ---- forwardings of the configuration ---- */
	{ .id = "no-forwards", .title = "Log in without the forwardings", CONNECT,
	  .command = "ssh -o ClearAllForwardings=yes {sshargs} {dest}", .words = "This login opens no port.", .recheck = "config",
	  .save = CONFIG("ClearAllForwardings", "yes") },
	{ .id = "end-holder", .title = "End the program that holds the port", CLIENT_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "kill {fwd_pid} && sleep 1", .words = "It is {fwd_owner}: see first what it is for (ps -f -p {fwd_pid}).", .undo = "start it again", .recheck = "listen",
	  .change = RUN },
	/* ---- the shared connection ---- */
	{ .id = "kill-master", .title = "End the master that hangs", CLIENT_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "kill -KILL {mux_pid} && rm -f {mux_path}", .words = "Sessions that run in it end; they hang with it. The next ssh makes a new one.",
	  .undo = "nothing to undo: log in anew", .recheck = "mux",
	  .change = RUN },
	{ .id = "end-master", .title = "End the shared connection", CLIENT_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "ssh -O exit {sshargs} {dest}", .words = "Sessions that run in it end. The next ssh makes a new one.", .undo = "nothing to undo: log in anew", .recheck = "mux",
	  .change = RUN },
	{ .id = "stop-master", .title = "Let the shared connection take no new sessions", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "ssh -O stop {sshargs} {dest}", .words = "What runs in it goes on; the next ssh makes a new shared connection beside it.", .undo = "nothing to undo", .recheck = "mux",
	  .change = RUN },
	{ .id = "remove-socket", .title = "Remove the leftover socket", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "rm -f {mux_path}", .undo = "nothing to undo: a new master makes its own", .recheck = "mux",
	  .change = { .op = CHANGE_UNLINK_SOCKET, .path = "{mux_path}" } },
	{ .id = "make-mux-dir", .title = "Make the folder for the shared connection", CLIENT_CHANGE, .risk = RISK_NONE, .takes = "<1 min",
	  .command = "mkdir -p {mux_dir} && chmod 700 {mux_dir}", .undo = "rmdir {mux_dir}", .recheck = "mux",
	  .change = { .op = CHANGE_MKDIR, .path = "{mux_dir}", .mode = 0700 } },
	{ .id = "mux-dir-own", .title = "Name a folder that is yours", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "2 min",
	  .words = "ls -ld {mux_dir} shows whose it is. In ~/.ssh/config for this host: ControlPath ~/.ssh/cm-%C.", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG("ControlPath", "~/.ssh/cm-%C") },
	/* ---- name and path ---- */
	{ .id = "check-name", .title = "Check the name", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "Look at the spelling of {hostname}, at the search domain in /etc/resolv.conf, and at HostName in ssh_config. getent hosts NAME asks as ssh does.", .recheck = "resolve" },
	{ .id = "repair-resolver", .title = "Repair the name look-up of this machine", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "See whether any name resolves (getent hosts example.org). If none does: network, VPN, or the name servers in /etc/resolv.conf.", .recheck = "resolve" },
	{ .id = "use-address", .title = "Go by the address, and keep the host key's name", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "If you know the address: ssh -o HostName=ADDRESS -o HostKeyAlias={hostname} {dest}", .recheck = "resolve" },
	{ .id = "use-dns-address", .title = "Log in at the address that DNS gives", CONNECT,
	  .command = "ssh -o HostName={dns_addr} -o HostKeyAlias={known_name} {sshargs} {dest}", .words = "The host key must be the one that is known for {known_name}: then it is the same host.", .recheck = "config" },
	{ .id = "correct-hosts", .title = "Correct the line in the file of hosts", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "{hostname} stands for {hosts_at}, and for {dns_addr} in DNS. If the line is old, take the name out of it; its other names stay. getent hosts {hostname} then shows what ssh goes by.", .recheck = "resolve" },
	{ .id = "bring-up-route", .title = "Bring up the link, the VPN or the route", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "ip route get {addr} shows which way this machine would take. If the name has an address of another family, -4 or -6 chooses it.", .recheck = "tcp" },
	{ .id = "check-address", .title = "Check that the address is still the host's", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "{hostname} stands for {addr}. A record or a line in /etc/hosts may be old.", .recheck = "resolve" },
	{ .id = "check-host", .title = "See whether the host is up", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "Look at the host's console, at its power, and at its network port or VLAN.", .recheck = "tcp" },
	{ .id = "one-family", .title = "Log in by the family that answers", CONNECT,
	  .command = "ssh {family} {sshargs} {dest}", .words = "To keep it so: AddressFamily inet (or inet6) for this host in ~/.ssh/config, until the other family is repaired or its record taken out of DNS.", .recheck = "config",
	  .save = CONFIG("AddressFamily", "{family}") },
	{ .id = "other-family", .title = "Log in by the family that answers", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "{addr} answers: -4 or -6 (AddressFamily in ssh_config) chooses its family. ConnectTimeout limits the wait for each address.", .recheck = "config" },
	{ .id = "other-network", .title = "Try from another network", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "Another network or a VPN tells whether the path is at fault. Some hosts also listen on port 443.", .recheck = "tcp" },
	{ .id = "open-firewall", .title = "Open the port for your address", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "Whoever runs the firewall or the security group must allow TCP port {port} to {addr} from your address (here {local}).", .recheck = "tcp" },
	{ .id = "open-nft", .title = "Let your address in by nft, until the rules are loaded anew", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "nft insert rule {fw_nft} ip saddr {seen_from} tcp dport {port} accept",
	  .words = "As root on the server. Once the login works it can be kept, where the rules are loaded from (/etc/nftables.conf): s, when this was done from here.",
	  .undo = "nft -a list chain {fw_nft} shows the rule's handle; nft delete rule {fw_nft} handle NUMBER", .recheck = "tcp" },
	{ .id = "open-iptables", .title = "Let your address in by iptables, until the rules are loaded anew", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "{fw_iptables_by} -I {fw_iptables} -p tcp -s {seen_from} --dport {port} -j ACCEPT",
	  .words = "As root on the server. Once the login works it can be kept, where the rules are loaded from (/etc/iptables/rules.v4): s, when this was done from here.",
	  .undo = "{fw_iptables_by} -D {fw_iptables} -p tcp -s {seen_from} --dport {port} -j ACCEPT", .recheck = "tcp" },
	{ .id = "open-ufw", .title = "Let your address in by ufw", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "ufw prepend {fw_ufw} proto tcp from {seen_from} to any port {port}",
	  .words = "As root on the server. Done from here, the rule is for the time being, and once the login works s has ufw keep it.", .undo = "ufw delete {fw_ufw} proto tcp from {seen_from} to any port {port}", .recheck = "tcp" },
	{ .id = "open-firewalld", .title = "Let the port in by firewalld, until it is loaded anew", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "firewall-cmd --zone={fw_zone} --add-port={port}/tcp",
	  .words = "As root on the server. Once the login works, the same with --permanent keeps it: s, when this was done from here.", .undo = "firewall-cmd --zone={fw_zone} --remove-port={port}/tcp", .recheck = "tcp" },
	/* Not of a finding: each makes the rule of a fix above permanent (guard_rows.c). */
	{ .id = "keep-nft", .title = "Keep the rule where nft loads its rules from", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "echo insert rule {fw_nft} ip saddr {seen_from} tcp dport {port} accept >>/etc/nftables.conf && nft -c -f /etc/nftables.conf",
	  .words = "The file gets one line more; the rest of it stays as it is. Before it takes the old one's place, nft itself checks it (nft -c -f), and that the file alone makes the table and chain of the rule. Nothing is loaded now.",
	  .undo = "the file is put back, byte by byte, and the rule itself is taken out", .recheck = "tcp" },
	{ .id = "keep-iptables", .title = "Keep the rule where iptables' rules are loaded from", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "netfilter-persistent save",
	  .words = "The file gets one line more; the rest of it stays as it is. Before it takes the old one's place, iptables-restore --test checks it. Nothing is loaded now.",
	  .undo = "the file is put back, byte by byte, and the rule itself is taken out", .recheck = "tcp" },
	{ .id = "keep-ufw", .title = "Let ufw keep the rule", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "ufw prepend {fw_ufw} proto tcp from {seen_from} to any port {port}",
	  .words = "ufw writes its own files (user.rules), and may load all its rules anew: a rule that somebody put among them without ufw would be gone.",
	  .undo = "ufw's files are put back, byte by byte, and the rule itself is taken out", .recheck = "tcp" },
	{ .id = "keep-firewalld", .title = "Let firewalld keep the port open", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "firewall-cmd --permanent --zone={fw_zone} --add-port={port}/tcp",
	  .words = "firewalld writes the file of the zone; what runs now is not loaded anew.",
	  .undo = "the zone's file is put back, byte by byte, and the port is closed again", .recheck = "tcp" },
	{ .id = "allow-local", .title = "Allow the connection on this machine", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "nft list ruleset (or iptables -S OUTPUT) and ip route show the rule that rejects {addr} port {port}; an endpoint agent may own it.", .recheck = "tcp" },
	{ .id = "use-port", .title = "Log in on the port that speaks SSH", CONNECT,
	  .command = "ssh -p {other_port} {sshargs_noport} {dest_noport}", .words = "Compare the host key: another port may be another server.", .recheck = "config",
	  .save = CONFIG("Port", "{other_port}") },
	{ .id = "save-port", .title = "Keep the port in the configuration", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .words = "In ~/.ssh/config: a line \"Host {host}\" and below it \"Port {other_port}\".", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG("Port", "{other_port}") },
	{ .id = "check-port", .title = "Check the port", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "Ask on which port the SSH server of {hostname} listens; {port} refuses.", .recheck = "config" },
	{ .id = "start-sshd", .title = "Start the SSH server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server's console: sshd -t (names a fault in its configuration), then systemctl start ssh or sshd; ss -ltnp shows where it listens. ListenAddress may bind it to another address.", .recheck = "tcp" },
	{ .id = "correct-listen", .title = "Let the server listen on the right address", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "In sshd_config ListenAddress must name an address of the server that you reach, or be left out; sshd -t, then restart the unit. An address that comes up late needs the unit to wait for the network.", .recheck = "tcp" },
	{ .id = "correct-sshd-config", .title = "Correct the line that sshd -t names", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server's console: sshd -t names file and line. Correct it, run sshd -t again, then systemctl start ssh or sshd.", .recheck = "tcp" },
	{ .id = "make-rundir", .title = "Make the privilege separation directory", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "On the server: mkdir -p -m 0755 /run/sshd, owned by root; the unit makes it at its start (RuntimeDirectory). Then sshd -t and start it.", .recheck = "tcp" },
	{ .id = "stop-holder", .title = "Stop the unit that holds the port, and start the SSH server", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "sshd -t && systemctl stop {holder_unit} && systemctl reset-failed {unit} && systemctl start {unit}",
	  .words = "As root on the server's console, if {holder} may stop. Else give it another port, or sshd (Port in sshd_config). systemctl disable {holder_unit} keeps it from coming back.",
	  .undo = "systemctl stop {unit} && systemctl start {holder_unit}", .recheck = "tcp" },
	{ .id = "kill-holder", .title = "End the program that holds the port, and start the SSH server", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "sshd -t && grep -qxF -e {holder} /proc/{holder_pid}/comm && kill {holder_pid} && ( for i in 1 2 3 4 5 6 7 8 9 10; do [ -e /proc/{holder_pid} ] || break; sleep 1; done ) && systemctl reset-failed {unit} && systemctl start {unit}",
	  .words = "As root on the server's console, if {holder} (process {holder_pid}) may end: ps -f -p {holder_pid} shows what it is. Else give it another port, or sshd (Port in sshd_config).",
	  .undo = "systemctl stop {unit}, and start {holder} again", .recheck = "tcp" },
	{ .id = "free-port", .title = "Free the port, or move the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: ss -ltnp names who holds port {port}. Stop it, or choose another Port; sshd -t, then restart.", .recheck = "tcp" },
	{ .id = "label-port", .title = "Allow the port in SELinux", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "On the server: semanage port -a -t ssh_port_t -p tcp {port}, then start sshd. Do not turn SELinux off.", .recheck = "tcp" },
	{ .id = "socket-port", .title = "Set the port where ssh.socket reads it", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server: systemctl daemon-reload, then systemctl restart ssh.socket, so that the socket takes the port of sshd_config; or a drop-in with ListenStream.", .recheck = "tcp" },
	{ .id = "start-unit", .title = "Start the SSH server", SERVER_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "sshd -t && systemctl start {unit}", .words = "As root on the server. sshd -t reads the configuration first and names a fault in it.",
	  .undo = "systemctl stop {unit}", .recheck = "tcp" },
	{ .id = "listen-everywhere", .title = "Let the server listen on all its addresses", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "5 min",
	  .command = "cp -p /etc/ssh/sshd_config /etc/ssh/sshd_config.before && sed -i 's/^[[:space:]]*ListenAddress/#&/I' /etc/ssh/sshd_config && sshd -t && systemctl reload {unit}",
	  .words = "As root on the server, if it is meant to be reached from outside. A file in sshd_config.d may set ListenAddress too; with ssh.socket the socket's unit does.",
	  .undo = "cp -p /etc/ssh/sshd_config.before /etc/ssh/sshd_config && systemctl reload {unit}", .recheck = "tcp" },
	{ .id = "wait-ban", .title = "Wait for a ban to end", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "fail2ban lifts a ban after 10 minutes unless told otherwise. On the server: fail2ban-client set sshd unbanip ADDRESS.", .recheck = "tcp" },
	/* ---- proxy ---- */
	{ .id = "repair-proxy", .title = "Repair the proxy command", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "Run it alone and see what it prints before the server speaks: {proxy_run}", .recheck = "wire" },
	{ .id = "install-proxy", .title = "Install the program, or name it by its path", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "The shell says: {proxy_text}. Install what is missing, or correct its name in ProxyCommand: {via}. It runs with your PATH, by your shell.", .recheck = "wire" },
	{ .id = "silence-proxy", .title = "Have the proxy command print nothing of its own", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "Its standard output is the connection itself. Send its messages to standard error (>&2), those of startup files and wrapper scripts too: {via}", .recheck = "wire" },
	{ .id = "diagnose-hop", .title = "Diagnose the jump host as a target of its own", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "Run sshmedic with the jump host as its target, the first one if there are several: {via}", .recheck = "wire" },
	{ .id = "hop-diagnosis", .title = "See the whole diagnosis of the jump host", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "sshmedic {hop_self} shows all its findings with their fixes.", .recheck = "wire" },
	{ .id = "hop-key", .title = "Log in with the key that the jump host takes", CONNECT,
	  .command = "ssh -o ProxyCommand={hop_command} {sshargs_nojump} {dest}", .words = "The jump host gets its own ssh, which offers it {hop_key}.", .recheck = "config",
	  .save = CONFIG_OF("{hop_host}", "IdentityFile", "{hop_key}") },
	{ .id = "hop-key-config", .title = "Give the jump host its key in the configuration", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .words = "In ~/.ssh/config: a line \"Host {hop_host}\" and below it: IdentityFile \"{hop_key}\". Then the command works as it was.", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG_OF("{hop_host}", "IdentityFile", "{hop_key}") },
	{ .id = "hop-repair", .title = "Repair what keeps the jump host from letting you in", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "{hop_fix}", .words = "It is the first fix of the jump host's own diagnosis, and changes this machine only.",
	  .undo = "The diagnosis of the jump host says how: sshmedic {hop_self}", .recheck = "config" },
	{ .id = "no-jump", .title = "Log in without a jump", CONNECT,
	  .command = "ssh -o ProxyJump=none {sshargs_nojump} {dest}", .words = "If {host} is the jump host itself, it needs none.", .recheck = "config",
	  .save = CONFIG("ProxyJump", "none") },
	{ .id = "hop-straight", .title = "Log in with a straight way to the jump host", CONNECT,
	  .command = "ssh -o ProxyCommand={hop_command} {sshargs_nojump} {dest}", .words = "The jump host gets its own ssh, which goes there without a jump.", .recheck = "config",
	  .save = CONFIG_OF("{hop_host}", "ProxyJump", "none") },
	{ .id = "hop-straight-config", .title = "Keep the jump host out of its own rule", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .words = "In ~/.ssh/config, above the line that sets ProxyJump: a line \"Host {hop_host}\" and below it \"ProxyJump none\".", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG_OF("{hop_host}", "ProxyJump", "none") },
	{ .id = "hop-settings", .title = "Give the jump host its own settings", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "-i, -l and -p of the command line apply to the target only. For the jump host, in ~/.ssh/config: a line \"Host\" with its name, and below it lines with User and IdentityFile.", .recheck = "config" },
	{ .id = "allow-forwarding", .title = "Allow forwarding on the jump host", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "In the jump host's sshd_config AllowTcpForwarding and PermitOpen must let this user through to what it is asked for ({hop_next}), and no line of authorized_keys may say restrict or no-port-forwarding. sshd -t, then reload.", .recheck = "wire" },
	{ .id = "diagnose-from-hop", .title = "Try from the jump host itself", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "Log in to the jump host and connect from there: ssh -v, or nc -vz, to {hop_next}. A name is looked up there: getent hosts NAME.", .recheck = "wire" },
	/* ---- identification ---- */
	{ .id = "wait-retry", .title = "Wait a little and try once more", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "Half-open logins end by themselves within two minutes (LoginGraceTime). Trying again and again makes it worse.", .recheck = "tcp" },
	{ .id = "raise-maxstartups", .title = "Find who holds half-open logins, or raise MaxStartups", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "On the server: ss -tn state established '( sport = :{port} )' shows the sources; MaxStartups in sshd_config sets the limit.", .recheck = "tcp" },
	{ .id = "wait-penalty", .title = "Stop trying, and wait for the penalty to end", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "10 min",
	  .words = "A penalty lasts from 15 s to 10 min, and each attempt adds to it.", .recheck = "tcp" },
	{ .id = "exempt-penalty", .title = "Exempt jump hosts from penalties", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "PerSourcePenaltyExemptList in the server's sshd_config names sources that many people share.", .recheck = "tcp" },
	{ .id = "right-port", .title = "Find the right host and port", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "Port {port} of {hostname} is not an SSH server's, or not one that works. ss -ltnp on the server shows who owns it.", .recheck = "config" },
	{ .id = "off-the-list", .title = "Ask whether you are on somebody's list", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_NONE, .takes = "10 min",
	  .words = "Some hosts hold unwanted visitors with endless text. Check the address, then ask its owner.", .recheck = "tcp" },
	{ .id = "restart-sshd", .title = "Look at the SSH server on the console", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "If ssh to localhost is silent there too, the server or the host hangs: load, memory, an orphaned sshd. If not, a balancer or proxy before it has no backend.", .recheck = "tcp" },
	{ .id = "allow-wrappers", .title = "Let your address through tcp wrappers", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server: a line \"sshd: {local}\" in /etc/hosts.allow, if policy allows.", .recheck = "tcp" },
	{ .id = "restart-new-sshd", .title = "Finish the upgrade and restart the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server's console: reinstall openssh-server and its libraries from one release, sshd -t, then restart the unit. Sessions that are open stay.", .recheck = "tcp" },
	{ .id = "server-log", .title = "Read the server's log for this attempt", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "On the server: journalctl -u ssh -u sshd --since -10min (or /var/log/auth.log, /var/log/secure), and sshd -t.", .recheck = "tcp" },
	{ .id = "upgrade-server", .title = "Upgrade the SSH server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "1 h",
	  .words = "Whoever runs it should bring it up to date. It says that it is {ident}.", .recheck = "tcp" },
	/* ---- key exchange and host key ---- */
	{ .id = "add-hostkey-alg", .title = "Allow {hk_add} for this one login", CONNECT_WEAK,
	  .command = "ssh -o HostKeyAlgorithms=+{hk_add} {sshargs} {dest}",
	  .words = "ssh-rsa and ssh-dss are weak: use them for this host only, and have the server get a newer key. If your own key is RSA, add -o PubkeyAcceptedAlgorithms=+ssh-rsa.", .recheck = "config",
	  .save = CONFIG("HostKeyAlgorithms", "+{hk_add}") },
	{ .id = "new-hostkey", .title = "Give the server an ed25519 host key", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server: ssh-keygen -A adds the kinds that are missing and changes none that are there; then reload sshd.", .recheck = "tcp" },
	{ .id = "allow-short-hostkey", .title = "Allow the short host key for this one login", CONNECT_WEAK,
	  .command = "ssh -o RequiredRSASize=1024 {sshargs} {dest}", .words = "A short RSA key can be broken, and another machine may then show it: use it only to give the server a new one.", .recheck = "config" },
	{ .id = "add-alg", .title = "Allow {kex_add} for this one login", CONNECT_WEAK,
	  .command = "ssh -o {kex_option}=+{kex_add} {sshargs} {dest}", .words = "If your own {kex_option} leave it out, correct them. Else it is weak: use it for this host only, and have the server upgraded.", .recheck = "config",
	  .save = CONFIG("{kex_option}", "+{kex_add}") },
	{ .id = "other-kex", .title = "Log in with another key exchange", CONNECT,
	  .command = "ssh -o KexAlgorithms=curve25519-sha256 {sshargs} {dest}", .words = "Its packets are small and its numbers are quick.", .recheck = "config",
	  .save = CONFIG("KexAlgorithms", "curve25519-sha256") },
	{ .id = "route-mtu", .title = "Send this host small packets only", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "sudo ip route replace $(ip route get {addr} | sed 's/ from :://;s/ uid .*//;s/ metric .*//;q') mtu {mss_mtu}",
	  .words = "The way to {addr} alone gets an MTU of {mss_mtu}, which is sure to pass; a larger one may do as well. It ends with the next start of the machine.",
	  .undo = "sudo ip route del {addr}", .recheck = "tcp" },
	{ .id = "clamp-mss", .title = "Repair the path", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_MEDIUM, .takes = "1 h",
	  .words = "Whoever runs the tunnel or firewall on the way must let ICMP \"fragmentation needed\" (IPv6: \"packet too big\") through, or clamp the MSS: nft add rule ... tcp flags syn tcp option maxseg size set rt mtu.", .recheck = "tcp" },
	{ .id = "lower-mtu", .title = "Try with a smaller MTU", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "ip route get {addr} names the interface; ip link set dev INTERFACE mtu 1300 tests it. The cure is an MSS clamp on the tunnel.", .recheck = "tcp" },
	{ .id = "compare-hostkey", .title = "Compare the fingerprint with one from outside", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "Shown: {hostkey_type} {hostkey_fp}. On the server's console ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub prints it (rsa, ecdsa alike); its owner or the cloud console may name it too. Not by this connection.", .recheck = "tcp" },
	{ .id = "remove-hostkey", .title = "Replace the old host key, once the new one is confirmed", CLIENT_CHANGE, .risk = RISK_HIGH, .takes = "1 min",
	  .command = "ssh-keygen -R {known_name} -f {known_file}", .words = "Only after the new fingerprint {hostkey_fp} was confirmed from outside: else you may give your login to somebody in between.",
	  .undo = "ssh-keygen keeps the old file as {known_file}.old", .recheck = "knownhosts",
	  .change = { .op = CHANGE_KNOWN_HOSTS, .path = "{known_file}", .host = "{known_name}" } },
	{ .id = "accept-hostkey", .title = "Log in by hand and accept the key", CONNECT,
	  .command = "ssh -o StrictHostKeyChecking=ask {sshargs} {dest}", .words = "ssh shows the fingerprint and asks. Answer with the fingerprint that you have from outside. ssh then writes the key down; ssh-keygen -R with its name takes it out again.", .recheck = "knownhosts",
	  .save = TERMINAL },
	{ .id = "known-type", .title = "Log in by the host key that is known", CONNECT,
	  .command = "ssh -o HostKeyAlgorithms={otherkey_algs} {sshargs} {dest}",
	  .words = "ssh then asks the server for the type that known_hosts has, and checks it as ever. Ask the server's owner why the other key is new.", .recheck = "hostkey",
	  .save = CONFIG("HostKeyAlgorithms", "{otherkey_algs}") },
	{ .id = "all-backend-keys", .title = "Record the keys of all servers behind the name", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_MEDIUM, .takes = "30 min",
	  .words = "Get the keys from whoever runs them, not over this path. A host certificate for the name spares the list.", .recheck = "knownhosts" },
	{ .id = "certified-name", .title = "Use the name that the certificate has", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "ssh-keygen -L on the host certificate lists its names. Type one of them, or set HostKeyAlias.", .recheck = "config" },
	{ .id = "renew-host-cert", .title = "Have the host's certificate signed again", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "With the names that people type (ssh-keygen -h -n NAMES), a new time, and by the authority that clients know.", .recheck = "hostkey" },
	{ .id = "chmod-knownhosts", .title = "Let yourself write there", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "chmod u+rwX -- {unwritable}", .words = "Only where nobody made it read-only on purpose.", .undo = "chmod u-w -- {unwritable}", .recheck = "knownhosts",
	  .change = { .op = CHANGE_MODE, .path = "{unwritable}", .give = 0600, .give_dir = 0100 } },
	{ .id = "chown-knownhosts", .title = "Make it yours again", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "sudo chown $(id -u):$(id -g) -- {unwritable}", .words = "Often an ssh under sudo has made it. Not where it is a folder of the system.", .undo = "sudo chown root: -- {unwritable}", .recheck = "knownhosts" },
	{ .id = "own-knownhosts", .title = "Make known_hosts yours", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "ls -ld ~/.ssh ~/.ssh/known_hosts: both must be yours and writable for you. df shows whether the disk is full.", .recheck = "knownhosts" },
	{ .id = "repair-known-command", .title = "Repair KnownHostsCommand", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "Run the command that ssh -G names by itself; take the setting out if it is not needed.", .recheck = "config" },
	{ .id = "repair-revoked", .title = "Put the list of revoked keys back, or take the setting out", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "RevokedHostKeys in ssh_config names a file that cannot be read. Ask who keeps it; without the file ssh trusts no host.", .recheck = "hostkey" },
	{ .id = "ask-revoked", .title = "Ask who revoked the key", .side = SIDE_SERVER, BY_HAND, .risk = RISK_HIGH, .takes = "1 h",
	  .words = "A revoked key is never accepted. Whoever marked {hostkey_fp} knows why; the server needs a new key.", .recheck = "knownhosts" },
	/* ---- keys ---- */
	{ .id = "no-agent", .title = "Log in without the agent", CONNECT, .command = "ssh -o IdentityAgent=none {sshargs} {dest}",
	  .words = "ssh then offers the key files only.", .recheck = "agent",
	  .save = CONFIG("IdentityAgent", "none") },
	{ .id = "new-agent", .title = "Name a living agent", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "{agent_path} does not answer. Start one with eval $(ssh-agent), or set SSH_AUTH_SOCK to the socket of the one that runs (after tmux or a new login it often changed).", .recheck = "agent" },
	{ .id = "unlock-agent", .title = "Unlock the agent, or answer its question", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "ssh-add -X unlocks; a desktop or gpg agent may wait for a PIN, a touch or a confirmation (GPG_TTY).", .recheck = "agent" },
	{ .id = "identities-only", .title = "Offer only the keys that files name", CONNECT,
	  .command = "ssh -o IdentitiesOnly=yes {sshargs} {dest}", .words = "The agent's other keys then do not use up the server's patience.", .recheck = "config",
	  .save = CONFIG("IdentitiesOnly", "yes") },
	{ .id = "use-key-only", .title = "Offer one key only", CONNECT,
	  .command = "ssh -i {key_path} -o IdentitiesOnly=yes {sshargs} {dest}", .words = "If {key_path} is the right one. To keep it so: IdentityFile and IdentitiesOnly yes for this host.", .recheck = "config",
	  .save = CONFIG2("IdentityFile", "{key_path}", "IdentitiesOnly", "yes") },
	{ .id = "one-agent-key", .title = "Offer one key of the agent only", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "ssh-add -L prints the public halves that the agent holds. Put the line of the right one into a file, ~/.ssh/only.pub, and log in with ssh -i ~/.ssh/only.pub -o IdentitiesOnly=yes: the agent signs, and no other key is offered.", .recheck = "config" },
	{ .id = "use-other-key", .title = "Log in with the key that the server accepts", CONNECT,
	  .command = "ssh -i {other_key} -o IdentitiesOnly=yes {sshargs} {dest}", .words = "The server said that this key would do.", .recheck = "config",
	  .save = CONFIG2("IdentityFile", "{other_key}", "IdentitiesOnly", "yes") },
	{ .id = "use-agent-keys", .title = "Let ssh offer the agent's keys", CONNECT,
	  .command = "ssh -o IdentitiesOnly=no {sshargs} {dest}", .words = "The server said that one of them would do.", .recheck = "config",
	  .save = CONFIG("IdentitiesOnly", "no") },
	{ .id = "load-private", .title = "Give ssh the private half", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "Load the private key that belongs to {pub_key} into the agent (ssh-add with its file), or name its file with IdentityFile.", .recheck = "keys" },
	{ .id = "add-other-key", .title = "Load that key into the agent", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "ssh-add {other_key}", .words = "Where no agent runs, eval $(ssh-agent) starts one for this shell.", .undo = "ssh-add -d {other_key}", .recheck = "agent",
	  .change = TERMINAL },
	{ .id = "save-key", .title = "Keep the key in the configuration", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .words = "In ~/.ssh/config: a line \"Host {host}\" and below it \"IdentityFile {other_key}\".", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG("IdentityFile", "{other_key}") },
	{ .id = "chmod-key", .title = "Let only you read the key", CLIENT_CHANGE, .risk = RISK_NONE, .takes = "<1 min",
	  .command = "chmod 600 -- {open_key}", .words = "Others could read it until now: if they should not have it, make a new key.",
	  .undo = "chmod {open_mode} -- {open_key}", .recheck = "keys",
	  .change = { .op = CHANGE_MODE, .path = "{open_key}", .give = 0600, .take = 0177 } },
	{ .id = "repair-key", .title = "Repair the key file", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "{bad_key}: {bad_text}. Back it up first. Usual faults: carriage returns, no newline at the end, cut off, a .pub file, or PuTTY's format (puttygen -O private-openssh).", .recheck = "keys" },
	{ .id = "other-key-file", .title = "Name another key file", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "ssh -i FILE for this login, IdentityFile in ~/.ssh/config to keep it.", .recheck = "config" },
	{ .id = "rebuild-pub", .title = "Make the public half anew from the private key", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "cp -p -- {mismatch_key}.pub {mismatch_key}.pub.old && ssh-keygen -y -f {mismatch_key} > {mismatch_key}.pub", .words = "The other key's .pub file stays beside it as {mismatch_key}.pub.old.",
	  .undo = "mv -- {mismatch_key}.pub.old {mismatch_key}.pub", .recheck = "keys" },
	{ .id = "find-private", .title = "Find the private key that belongs to the .pub file", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "The server knows {mismatch_key}.pub. Its private half lies in another file (a backup, another machine, an agent): log in with ssh -i FILE. Or have the private key that is here authorised: ssh-keygen -y -f {mismatch_key} prints its public half.", .recheck = "keys" },
	{ .id = "add-to-agent", .title = "Load the key into the agent", CLIENT_CHANGE, .risk = RISK_NONE, .takes = "<1 min",
	  .command = "ssh-add {enc_key}", .words = "It asks for the passphrase once. Where no agent runs, eval $(ssh-agent) starts one for this shell.", .undo = "ssh-add -d {enc_key}", .recheck = "agent",
	  .change = TERMINAL },
	{ .id = "make-key", .title = "Make a key", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "ssh-keygen -t ed25519", .words = "Then have its .pub file put into the account's authorized_keys. It asks before it writes over a file.", .undo = "Remove the two files that it names.", .recheck = "keys",
	  .change = TERMINAL },
	{ .id = "install-key", .title = "Have your key authorised", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "Your public key (the .pub file beside the private one, or a line of ssh-add -L) must stand in authorized_keys of {user} on {hostname}: by ssh-copy-id where another login works, else by the console, the provider or an administrator.", .recheck = "auth" },
	{ .id = "renew-cert", .title = "Renew the certificate", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "ssh-keygen -L -f CERT shows its dates; see that the clock of this machine is right (date), then have it signed again.", .recheck = "keys" },
	{ .id = "allow-rsa-sha1", .title = "Allow the old RSA signature for this one login", CONNECT_WEAK,
	  .command = "ssh -o PubkeyAcceptedAlgorithms=+ssh-rsa {sshargs} {dest}", .words = "SHA-1 is weak: for this host only, until it is upgraded or you have an ed25519 key.", .recheck = "config",
	  .save = CONFIG("PubkeyAcceptedAlgorithms", "+ssh-rsa") },
	{ .id = "allow-key-type", .title = "Let ssh offer this type of key", CONNECT,
	  .command = "ssh -o PubkeyAcceptedAlgorithms=+{left_type} {sshargs} {dest}", .words = "PubkeyAcceptedAlgorithms in ssh_config leaves {left_type} out; correct it if that was not meant.", .recheck = "config",
	  .save = CONFIG("PubkeyAcceptedAlgorithms", "+{left_type}") },
	{ .id = "allow-short-key", .title = "Allow the short key for this one login", CONNECT_WEAK,
	  .command = "ssh -o RequiredRSASize=1024 {sshargs} {dest}", .words = "A short RSA key can be broken: use it only to get a new one authorised.", .recheck = "config" },
	{ .id = "newer-key", .title = "Have an ed25519 key authorised", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "ssh-keygen -t ed25519 makes one; its .pub file must be put into authorized_keys of {user} on {hostname}. Servers older than OpenSSH 6.5 take ecdsa instead.", .recheck = "keys" },
	{ .id = "pubkey-on", .title = "Log in with keys turned on", CONNECT, .command = "ssh -o PubkeyAuthentication=yes {sshargs} {dest}", .recheck = "config",
	  .save = CONFIG("PubkeyAuthentication", "yes") },
	/* ---- account ---- */
	{ .id = "login-by-hand", .title = "Log in by hand", CONNECT, .command = "ssh {sshargs} {dest}",
	  .words = "ssh asks for what is needed: a password, a code, a passphrase, a touch.", .recheck = "auth" },
	{ .id = "check-user", .title = "Check the user name", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "The login was as {user}. Another name is given by -l or by User in ~/.ssh/config. Do not guess: servers ban.", .recheck = "config" },
	{ .id = "server-auth-log", .title = "Read the server's log for this login", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "On the server: journalctl -u ssh -u sshd --since -10min (or /var/log/auth.log, /var/log/secure), and sshd -T -C user={user},addr=YOURS,host=YOURS.", .recheck = "auth" },
	{ .id = "server-modes", .title = "Check the modes on the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server: namei -l ~{user}/.ssh/authorized_keys. Nobody but the owner may write any of it: chmod go-w on what is named.", .recheck = "auth" },
	{ .id = "wait-boot", .title = "Wait until the server takes logins again", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "It is starting, or about to go down (shutdown -c on the server cancels that). root can still log in.", .recheck = "auth" },
	{ .id = "remove-run-nologin", .title = "Remove a left-over nologin file", .side = SIDE_SERVER, .kind = FIX_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "mv -- /run/nologin /run/nologin.off", .words = "As root, and only if the start is over (systemctl is-system-running). pam_nologin looks at /run/nologin first, then at /etc/nologin.",
	  .undo = "mv -- /run/nologin.off /run/nologin", .recheck = "auth" },
	{ .id = "extend-account", .title = "Let the account live on", .side = SIDE_SERVER, .kind = FIX_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "chage -E -1 -I -1 {user}", .words = "As root, if the account should still be used. chage -l {user} shows its dates first: note them.",
	  .undo = "chage -E DATE -I DAYS {user}, with what chage -l showed before", .recheck = "auth" },
	{ .id = "wait-faillock", .title = "Wait until the lock ends", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "10 min",
	  .words = "The text may name the minutes that are left; unlock_time in /etc/security/faillock.conf sets them.", .recheck = "auth" },
	{ .id = "reset-faillock", .title = "Lift the lock", .side = SIDE_SERVER, .kind = FIX_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "faillock --user {user} --reset", .words = "As root. faillock --user {user} shows which logins failed, and from where.",
	  .undo = "Nothing to undo: new failures lock the account again.", .recheck = "auth" },
	{ .id = "renew-password", .title = "Let the password be valid again", .side = SIDE_SERVER, .kind = FIX_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "chage -d -1 {user}", .words = "As root, for an account that logs in by key only. chage -l {user} shows its dates first.",
	  .undo = "chage -d DATE {user}, with what chage -l showed before", .recheck = "auth" },
	{ .id = "named-user", .title = "Log in as the user that the server names", CONNECT,
	  .command = "ssh -l {named_user} {sshargs} {dest}", .words = "Use sudo there for what root must do.", .recheck = "config",
	  .save = CONFIG("User", "{named_user}") },
	{ .id = "save-named-user", .title = "Keep the user in the configuration", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .words = "In ~/.ssh/config: a line \"Host {host}\" and below it \"User {named_user}\".", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG("User", "{named_user}") },
	{ .id = "close-server-path", .title = "Let only the owner write it", .side = SIDE_SERVER, .kind = FIX_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "chmod go-w -- {note_modes}", .words = "As root or as {user} on the server. If it belongs to neither, chown it to {user} as well (namei -l {note_modes} shows owners and modes).",
	  .undo = "chmod g+w -- {note_modes}", .recheck = "auth" },
	{ .id = "amend-from", .title = "Let the key in from here, or come from where it may", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server the line {note_source} begins with from=: add {note_host} to it if that address should be let in, or connect from one that it names.", .recheck = "auth" },
	{ .id = "amend-options", .title = "Correct the options before the key", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "Options stand at the start of the key's line in the file on the server; sshd(8), AUTHORIZED_KEYS FILE FORMAT, lists them.", .recheck = "auth" },
	{ .id = "ask-certificate", .title = "Have a certificate made that fits this login", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "10 min",
	  .words = "ssh-keygen -L -f CERT shows its principals and critical options. Whoever signs certificates must put {user} among the principals (or the server's AuthorizedPrincipalsFile lets one of them in as {user}), and the address that the server sees into source-address where there is one.", .recheck = "keys" },
	{ .id = "add-key-home", .title = "Put your key where sshd reads it", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "su {user} -s /bin/sh -c 'umask 077 && mkdir -p \"$(dirname \"$1\")\" && printf \"\\n%s\\n\" \"$2\" >>\"$1\"' sh {keys_home} {public_key}",
	  .words = "As root on the server, if you are who may log in as {user}: it is the first key that ssh offers. Where another login works, ssh-copy-id does the same.",
	  .undo = "take the last line out of {keys_home} again", .recheck = "auth" },
	{ .id = "add-key-system", .title = "Put your key where sshd reads it", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "( umask 022 && mkdir -p $( dirname {keys_system} ) ) && printf '\\n%s\\n' {public_key} >> {keys_system} && chown {user}: {keys_system} && chmod 600 {keys_system}",
	  .words = "As root on the server, if you are who may log in as {user}: it is the first key that ssh offers.",
	  .undo = "take the last line out of {keys_system} again", .recheck = "auth" },
	{ .id = "keys-where-read", .title = "Put the key where sshd reads it", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server: sshd -T -C user={user},addr=YOURS,host=YOURS names authorizedkeysfile. Put the key there, a plain file of the user with mode 600.", .recheck = "auth" },
	{ .id = "rewrite-line", .title = "Write the key's line anew", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "On the server: ssh-keygen -lf ~{user}/.ssh/authorized_keys lists what it can read. One key is one line: options, type, key, comment.", .recheck = "auth" },
	{ .id = "repair-keys-command", .title = "Repair AuthorizedKeysCommand", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: run it by hand as AuthorizedKeysCommandUser. The program and every directory above must be writable for root only.", .recheck = "auth" },
	{ .id = "relabel", .title = "Restore the SELinux labels", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "1 min",
	  .words = "On the server: restorecon -Rv ~{user}/.ssh. For a home outside /home: semanage fcontext -a -e /home DIRECTORY first.", .recheck = "auth" },
	{ .id = "keys-outside-home", .title = "Mount the home, or keep keys outside it", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: AuthorizedKeysFile /etc/ssh/keys/%u is there before any home is; sshd -t, then reload.", .recheck = "auth" },
	{ .id = "repair-server-revoked", .title = "Put the server's list of revoked keys back", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server: the file that RevokedKeys names must be readable. Ask who keeps it before you take the setting out.", .recheck = "auth" },
	{ .id = "amend-from-line", .title = "Let the key in from your address", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "su $( stat -c %U {source_path} ) -s /bin/sh -c 'sed -n \"$2p\" \"$1\" | ssh-keygen -lf - | grep -qF -e \"$3\" && cp -p \"$1\" \"$1.before\" && sed \"$2s/from=\\\"/&$4,/\" \"$1.before\" >\"$1\"' sh {source_path} {source_line} {source_fp} {seen_from}",
	  .words = "As root on the server, if the key should be good from {seen_from} too: line {source_line} of {source_path} names it beside {source_text}. It changes nothing if that line no longer holds the key.",
	  .undo = "cp -p -- {source_path}.before {source_path}", .recheck = "auth" },
	{ .id = "amend-key-options", .title = "Amend the options in the key's line, or come from an allowed place", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server: from= and expiry-time= before the key in authorized_keys (for a certificate its source-address). Your address here is {local}.", .recheck = "auth" },
	{ .id = "add-sigalg", .title = "Let the server take this kind of key", SERVER_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = EDIT_LINE("{sigalg_file}", "{sigalg_line}s/^([[:space:]]*PubkeyAccepted(Algorithms|KeyTypes)[[:space:]=]+)([^-\"#[:space:]][^\"#[:space:]]*)/\\1\\3,{sigalg}/I", "sshd -t && " RELOAD),
	  .words = "As root on the server, if policy allows: {sigalg} goes to the end of the list in line {sigalg_line} of {sigalg_file}.",
	  .undo = UNDO_LINE("{sigalg_file}"), .recheck = "auth" },
	{ .id = "accept-sigalg", .title = "Let the server take this kind of key", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: PubkeyAcceptedAlgorithms in sshd_config (or the crypto policy), if policy allows; sshd -t, then reload.", .recheck = "auth" },
	{ .id = "amend-methods", .title = "Make AuthenticationMethods fit what is enabled", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: sshd -T -C user={user},addr=YOURS,host=YOURS: each method that authenticationmethods names must be turned on for this user; sshd -t, then reload.", .recheck = "auth" },
	{ .id = "server-pubkey-on", .title = "Turn keys on at the server", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "5 min",
	  .command = EDIT_SSHD("PubkeyAuthentication", "no", "yes") RELOAD,
	  .words = "As root on the server: every line that says no says yes, in Match blocks too; the old files stay beside them as *.before.",
	  .undo = UNDO_SSHD("PubkeyAuthentication"), .recheck = "auth" },
	{ .id = "server-pubkey-on-by-hand", .title = "Turn keys on at the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server: PubkeyAuthentication yes, for this user (Match blocks count); sshd -t, then reload.", .recheck = "auth" },
	{ .id = "allow-line", .title = "Add the account to the rule", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = EDIT_LINE("{allow_file}", "{allow_line}s/^([[:space:]]*{deny_rule}([[:space:]]+))/\\1{allow_word}\\2/I", "sshd -t && " RELOAD),
	  .words = "As root on the server, if {user} should be let in: line {allow_line} of {allow_file} names {allow_word} too. It changes nothing if that line no longer has {deny_rule}.",
	  .undo = UNDO_LINE("{allow_file}"), .recheck = "auth" },
	{ .id = "deny-line", .title = "Take the account out of the rule", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = EDIT_LINE("{deny_file}", "-e {deny_line}s/^([[:space:]]*{deny_rule}[[:space:]]+)(.*[[:space:]])?{deny_word}([[:space:]]+|$)/\\1\\2/I "
		"-e {deny_line}s/^[[:space:]]*{deny_rule}[[:space:]]*$/#&/I", "sshd -t && " RELOAD),
	  .words = "As root on the server, once it is clear why {user} was kept out: line {deny_line} of {deny_file} no longer names {deny_word}; where it named nothing else it becomes a remark.",
	  .undo = UNDO_LINE("{deny_file}"), .recheck = "auth" },
	{ .id = "amend-allow", .title = "Let the account through", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server: AllowUsers, AllowGroups, DenyUsers and DenyGroups, in sshd_config or a Match block; sshd -t, then reload.", .recheck = "auth" },
	{ .id = "unlock-account", .title = "Unlock the account", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "1 min",
	  .words = "On the server: usermod -U {user}; for keys only usermod -p '*' {user}. Ask first why it was locked.", .recheck = "auth" },
	{ .id = "grant-role", .title = "Grant the cloud's login role", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "In the cloud: the role for OS Login or the virtual machine login role, for this user and this host.", .recheck = "auth" },
	{ .id = "amend-pam", .title = "Correct PAM's account rules", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: the account lines of /etc/pam.d/sshd, /etc/security/access.conf, and sssd's rules. Keep a root session open while you change them.", .recheck = "auth" },
	{ .id = "change-password", .title = "Log in on a terminal and change the password", CONNECT,
	  .command = "ssh -t {sshargs} {dest}", .words = "The server asks for the old password and a new one.", .recheck = "auth",
	  .save = TERMINAL },
	{ .id = "answer-sooner", .title = "Answer sooner, or allow more time", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "LoginGraceTime in sshd_config is the time from the connection to the end of the login (120 s).", .recheck = "auth" },
	{ .id = "server-methods", .title = "Ask which methods the server should offer", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "It offers {methods}. sshd -T -C user={user},addr=YOURS,host=YOURS on the server shows what it is told to.", .recheck = "auth" },
	{ .id = "server-fix-config", .title = "Take the faulty line out of the configuration", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "5 min",
	  .command = "cp -p -- {sconf_file} {sconf_file}.before && sed -i {sconf_line}s/^/#/ {sconf_file} && sshd -t && systemctl start {unit}",
	  .words = "As root on the server: the line becomes a comment, the old file stays beside it. Better still, correct the line; sshd_config(5) lists what may stand there.",
	  .undo = "cp -p -- {sconf_file}.before {sconf_file}", .recheck = "tcp" },
	{ .id = "server-make-hostkeys", .title = "Make the host keys that are missing", SERVER_CHANGE, .risk = RISK_LOW, .takes = "5 min",
	  .command = "ssh-keygen -A && sshd -t && systemctl start {unit}",
	  .words = "As root on the server: ssh-keygen -A makes only the kinds that are missing. Clients will see a new key.",
	  .undo = "systemctl stop {unit}", .recheck = "tcp" },
	{ .id = "server-make-privsep", .title = "Make the directory that sshd needs", SERVER_CHANGE, .risk = RISK_LOW, .takes = "5 min",
	  .command = "mkdir -p -- {privsep_dir} && chown root:root -- {privsep_dir} && chmod 0755 -- {privsep_dir} && sshd -t && systemctl start {unit}",
	  .words = "As root on the server. It is gone again after a restart of the machine where /run is made anew; the unit or tmpfiles.d should make it.",
	  .undo = "rmdir -- {privsep_dir}", .recheck = "tcp" },
	{ .id = "server-unban", .title = "Lift the ban", SERVER_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "fail2ban-client unban {seen_from}", .undo = "fail2ban-client set sshd banip {seen_from}",
	  .words = "As root on the server; in every jail. What caused the failed logins should be mended first, or the ban comes back.", .recheck = "tcp" },
	{ .id = "server-unlock", .title = "Unlock the account for keys", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "usermod -p '*' -- {user}",
	  .words = "As root on the server: the password field becomes one that no password fits, and keys work.",
	  .undo = "usermod -L -- {user}", .recheck = "auth" },
	{ .id = "server-set-shell", .title = "Give the account a shell that exists", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "usermod -s /bin/sh -- {user}",
	  .words = "As root on the server.",
	  .undo = "usermod -s {shell_path} -- {user}", .recheck = "auth" },
	{ .id = "move-nologin", .title = "Open the server for logins again", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "mv -- {nologin_file} {nologin_file}.off",
	  .words = "As root on the server, when it is up and no shutdown is planned: while the machine starts or stops the file is there on purpose, and somebody else may have made it to keep people out.",
	  .undo = "mv -- {nologin_file}.off {nologin_file}", .recheck = "auth" },
	{ .id = "server-nologin", .title = "Open the server for logins again", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "5 min",
	  .words = "On the server, when it is up and no shutdown is planned: remove {nologin_file}. While the machine starts or stops it is there on purpose.", .recheck = "auth" },
	{ .id = "server-chown", .title = "Give it back to its owner", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "chown -h {user}: {owner_path} && chmod go-w -- {owner_path}",
	  .words = "As root on the server. It belongs to the user with the number {owner}: ask first why. The files in it may be that user's as well.",
	  .undo = "chown -h {owner} {owner_path} && chmod {modes_mode} -- {owner_path}", .recheck = "auth" },
	{ .id = "server-chmod", .title = "Let nobody but the owner write it", SERVER_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "chmod go-w -- {modes_path}",
	  .words = "As root on the server, or as the user.",
	  .undo = "chmod {modes_mode} -- {modes_path}", .recheck = "auth" },
	{ .id = "other-user", .title = "Log in as another user and use sudo", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "ssh -l NAME {dest_noport}, with an account of your own on {hostname}.", .recheck = "config" },
	{ .id = "permit-root", .title = "Let root log in with a key, if policy allows", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "PermitRootLogin prohibit-password in sshd_config; sshd -t, then reload.", .recheck = "auth" },
	{ .id = "longer-limit", .title = "Give each step more time", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "sshmedic -t 60 waits a minute for each step.", .recheck = "config" },
	/* ---- session ---- */
	{ .id = "other-account", .title = "Use another account", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "{user} is not made for working in a shell on {hostname}.", .recheck = "config" },
	{ .id = "set-shell", .title = "Give the account a shell", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "usermod -s /bin/sh {user}", .words = "Only if the account is meant for people. An account of a directory service is changed there.",
	  .undo = "usermod -s OLDSHELL {user}, with the shell that its line in /etc/passwd- names", .recheck = "session" },
	{ .id = "repair-shell", .title = "Repair or replace the account's shell", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "On the server: getent passwd {user} names the shell; run it by hand and see why it ends.", .recheck = "session" },
	{ .id = "check-forced", .title = "Look for a forced command", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: sshd -T -C user={user},addr=YOURS,host=YOURS shows forcecommand; the key's line in authorized_keys may have command=.", .recheck = "session" },
	{ .id = "raise-maxsessions", .title = "Allow the usual number of sessions", SERVER_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = EDIT_SSHD("MaxSessions", "[0-9]+", "10") RELOAD_ANY,
	  .words = "Every line that sets it says 10, as without one. If it is set elsewhere, grep -ri maxsessions /etc/ssh names the file.",
	  .undo = UNDO_SSHD("MaxSessions"), .recheck = "session" },
	{ .id = "chroot-sftp", .title = "Let the account do sftp and nothing else", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "Where the account is for files only: ForceCommand internal-sftp beside its ChrootDirectory in sshd_config, sshd -t, reload. Where it is for a shell: put the shell and its libraries (ldd names them) below that directory.", .recheck = "session" },
	{ .id = "find-processes", .title = "See what the account runs, and end or allow it", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: ps -L -u {user} -o pid,etime,args --sort=etime shows it. The limit is nproc in /etc/security/limits.conf, TasksMax of the account's slice (systemctl show -p TasksMax user-$(id -u {user}).slice), or kernel.pid_max.", .recheck = "session" },
	{ .id = "free-space", .title = "Free space on the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: df -h and df -i name what is full; du -xhd1 PLACE | sort -h goes down to what fills it; journalctl --vacuum-size=200M shrinks the journal. A deleted file that a process holds open (lsof +L1) still takes its room.", .recheck = "session" },
	{ .id = "session-log", .title = "Read why the session was not opened", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "On the server: journalctl --since -10min | grep -e pam_ -e sshd, or /var/log/auth.log. The session lines of /etc/pam.d/sshd name the modules; pam_limits looks at maxlogins in /etc/security/limits.conf.", .recheck = "session" },
	{ .id = "remove-nologin", .title = "Take /etc/nologin away", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "<1 min",
	  .command = "mv /etc/nologin /etc/nologin.off", .words = "Somebody made it to keep people out for a while: ask first.",
	  .undo = "mv /etc/nologin.off /etc/nologin", .recheck = "session" },
	{ .id = "make-home", .title = "Make the home directory", SERVER_CHANGE, .risk = RISK_LOW, .takes = "<1 min",
	  .command = "mkdir -p {home} && chown {user}: {home} && chmod 700 {home}",
	  .words = "If it is on another machine or disk that is not mounted, mount that instead.", .undo = "rmdir {home}", .recheck = "session" },
	{ .id = "open-home", .title = "Let the account into its home directory", SERVER_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "chown {user}: {home} && chmod u+rwx {home}", .words = "namei -l {home} shows owner and mode of each directory on the way, before and after.",
	  .undo = "chown and chmod with the owner and mode that stat {home} showed before", .recheck = "session" },
	{ .id = "mount-home", .title = "Mount the home directory", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "On the server: getent passwd {user} names it; findmnt, the automounter and its server show why it is not there.", .recheck = "session" },
	{ .id = "no-rc", .title = "Log in to a shell without startup files", CONNECT,
	  .command = "ssh -t {sshargs} {dest} 'bash --noprofile --norc'", .words = "If this stays open and is quick, a startup file is at fault.", .recheck = "session" },
	{ .id = "repair-rc", .title = "Repair the shell's startup files", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "Look for exit, exec or set -e in the account's .profile, .bash_profile, .bashrc and in /etc/profile.d.", .recheck = "session" },
	{ .id = "repair-chroot", .title = "Repair the chroot directory", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: every directory of ChrootDirectory must be root's and writable for root only; namei -l shows them. A shell needs its files in there; internal-sftp needs none.", .recheck = "session" },
	{ .id = "raise-nproc", .title = "End what runs away, or raise the limit", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: ps -u {user}; ulimit -u, /etc/security/limits.d, and TasksMax of the unit or slice.", .recheck = "session" },
	{ .id = "install-terminfo", .title = "Give the server your terminal's entry", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "infocmp -x {term} | ssh {sshargs} {dest} -- tic -x -", .words = "It goes into .terminfo of the account's home there, for that account only.",
	  .undo = "on the server: rm ~/.terminfo/?/{term}", .recheck = "session" },
	{ .id = "other-term", .title = "Log in as a terminal that it knows", CONNECT,
	  .command = "env TERM=xterm-256color ssh {sshargs} {dest}", .words = "To keep it so: SetEnv TERM=xterm-256color for this host in ~/.ssh/config (ssh 8.7 and later).", .recheck = "session",
	  .save = CONFIG("SetEnv", "TERM=xterm-256color") },
	{ .id = "guard-bashrc", .title = "Let .bashrc do nothing for shells that nobody types into", SERVER_CHANGE, .risk = RISK_MEDIUM, .takes = "1 min",
	  .command = "su {user} -s /bin/sh -c 'cd && cp -p .bashrc .bashrc.before && ( echo \"case \\$- in *i*) ;; *) return;; esac\"; cat .bashrc.before ) >.bashrc'",
	  .words = "What .bashrc sets (PATH, for example) is then not there for commands without a terminal; move that to .profile. If the text stays, /etc/bash.bashrc or ~/.ssh/rc prints it.",
	  .undo = "mv .bashrc.before .bashrc in the account's home", .recheck = "session" },
	{ .id = "silence-rc", .title = "Silence the startup files for shells without a terminal", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "At the top of .bashrc: case $- in *i*) ;; *) return;; esac", .recheck = "session" },
	{ .id = "no-tty", .title = "Log in without a terminal", CONNECT, .command = "ssh -T {sshargs} {dest}", .recheck = "session",
	  .save = CONFIG("RequestTTY", "no") },
	{ .id = "permit-pty", .title = "Let the key have a terminal", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "On the server, at the head of the key's line {key_place}: take no-pty out, or put pty behind restrict (restrict,pty).", .recheck = "session" },
	{ .id = "permit-tty", .title = "Allow terminals on the server", SERVER_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = EDIT_SSHD("PermitTTY", "no", "yes") RELOAD_ANY,
	  .words = "Every line that says no says yes. Where none is there, look for no-pty or restrict in the key's line of authorized_keys, and at /dev/pts (mount -t devpts devpts /dev/pts).",
	  .undo = UNDO_SSHD("PermitTTY"), .recheck = "session" },
	{ .id = "add-subsystem", .title = "Give the server its sftp subsystem", SERVER_CHANGE, .risk = RISK_LOW, .takes = "1 min",
	  .command = "sh -c 'set -- $(grep -lisE \"^[[:space:]]*Subsystem[[:space:]]+sftp\" " SSHD_CONFIG ".d/*.conf) " SSHD_CONFIG "; " SAVE_FILES
	      " for f; do sed \"s/^[[:space:]]*subsystem[[:space:]]*sftp/#&/I\" $f.before >$f; done; sed -i \"1i Subsystem sftp internal-sftp\" " SSHD_CONFIG "; " CHECK_FILES "' && " RELOAD_ANY,
	  .words = "It goes to the top of the file, as below a Match line it would not be allowed; other lines for sftp become remarks.",
	  .undo = "for f in " SSHD_CONFIG " $(grep -lisE \"^#[[:space:]]*Subsystem[[:space:]]+sftp\" " SSHD_CONFIG ".d/*.conf); do cp -p $f.before $f; done; sshd -t, and reload", .recheck = "session" },
	{ .id = "old-scp", .title = "Copy with the old scp protocol", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "<1 min",
	  .words = "scp -O FILE {dest_noport}: needs no subsystem (-P gives a port; scp before 8.7 does so without -O).", .recheck = "session" },
	{ .id = "no-sharing", .title = "Log in without the shared connection", CONNECT,
	  .command = "ssh -o ControlPath=none {sshargs} {dest}", .words = "If this works, the shared connection is at fault.", .recheck = "config",
	  .save = CONFIG("ControlPath", "none") },
	{ .id = "repair-control-path", .title = "Give ControlPath a short path that exists", CLIENT_CHANGE, .risk = RISK_NONE, .takes = "1 min",
	  .words = "mkdir -p -m 700 ~/.ssh, and ControlPath ~/.ssh/cm-%C: %C is short.", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG("ControlPath", "~/.ssh/cm-%C") },
	{ .id = "other-forward-port", .title = "Forward another port, or free this one", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "ss -ltnp names the holder (for -R on the server, often a session of your own). ExitOnForwardFailure yes makes ssh end at once when a forwarding fails.", .recheck = "config" },
	{ .id = "allow-forward", .title = "Allow the forwarding on the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "AllowTcpForwarding, PermitOpen, PermitListen in sshd_config, and the options of the key's line; sshd -t, then reload.", .recheck = "session" },
	{ .id = "check-forward-target", .title = "Check the target from the server", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "Name, route and firewall are the server's: try the connection from a shell there.", .recheck = "session" },
	{ .id = "allow-x11", .title = "Let the server forward X11", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "X11Forwarding yes in sshd_config, and xauth installed; X11UseLocalhost no where IPv6 is off.", .recheck = "session" },
	{ .id = "set-display", .title = "Name the display", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "Start ssh where an X server runs, in a terminal of that desktop: DISPLAY is set there (on Windows and macOS after VcXsrv or XQuartz is started). To a jump host log in with -X first. Else ForwardX11 no.", .recheck = "x11" },
	{ .id = "install-xauth", .title = "Install xauth here", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_LOW, .takes = "2 min",
	  .words = "Package xauth (Debian, Ubuntu) or xorg-x11-xauth (Red Hat, Fedora). If it is elsewhere, XAuthLocation names the place.", .recheck = "x11" },
	{ .id = "trust-x11", .title = "Log in with trusted X11 forwarding", CONNECT_WEAK,
	  .command = "ssh -Y {sshargs} {dest}", .words = "Who is root on the server can then read and type on this display.", .recheck = "config" },
	{ .id = "keepalive", .title = "Keep the connection alive", CLIENT_CHANGE, .risk = RISK_NONE, .takes = "1 min",
	  .words = "In ~/.ssh/config for this host: ServerAliveInterval 30, ServerAliveCountMax 3.", .undo = "take the lines out again", .recheck = "config",
	  .change = CONFIG2("ServerAliveInterval", "30", "ServerAliveCountMax", "3") },
	{ .id = "use-sftp", .title = "Use sftp", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "<1 min",
	  .words = "sftp {dest}", .recheck = "session" },
	{ .id = "no-qos-config", .title = "Keep the marks off for this host", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "IPQoS none under a Host line for {host} in ~/.ssh/config. Who runs the router or the Wi-Fi that drops them can mend it for all.", .recheck = "config" },
	{ .id = "no-qos", .title = "Log in without quality-of-service marks", CONNECT, .command = "ssh -o IPQoS=none {sshargs} {dest}",
	  .words = "Some paths drop packets with the marks that ssh sets after authentication.", .recheck = "config",
	  .save = CONFIG("IPQoS", "none") },
	/* ---- time ---- */
	{ .id = "server-usedns-off", .title = "Turn the server's look-up of your name off", SERVER_CHANGE, .risk = RISK_LOW, .takes = "5 min",
	  .command = EDIT_SSHD("UseDNS", "yes", "no") RELOAD,
	  .words = "As root on the server: every line that says yes says no; the old files stay beside them as *.before. Rules by host name then see addresses only. The other way is to repair the reverse record of {local}.",
	  .undo = UNDO_SSHD("UseDNS"), .recheck = "tcp" },
	{ .id = "usedns-off", .title = "Turn the server's look-up of your name off", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "5 min",
	  .words = "UseDNS no in sshd_config (sshd -t, then reload), or repair the reverse record of your address {local}.", .recheck = "tcp" },
	{ .id = "gssapi-off", .title = "Log in without GSSAPI", CONNECT,
	  .command = "ssh -o GSSAPIAuthentication=no {sshargs} {dest}", .words = "To keep it so: GSSAPIAuthentication no for this host.", .recheck = "config",
	  .save = CONFIG("GSSAPIAuthentication", "no") },
	{ .id = "check-backend", .title = "Time what the server asks about accounts", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: time id {user}; and AuthorizedKeysCommand, if sshd -T names one.", .recheck = "tcp" },
	{ .id = "session-modules", .title = "Look at PAM's session modules", .side = SIDE_SERVER, BY_HAND, .risk = RISK_MEDIUM, .takes = "10 min",
	  .words = "On the server: the session lines of /etc/pam.d/sshd; often pam_systemd (systemctl status systemd-logind) or the scripts in /etc/update-motd.d.", .recheck = "tcp" },
	{ .id = "profile-rc", .title = "Time the shell's startup files", .side = SIDE_SERVER, BY_HAND, .risk = RISK_LOW, .takes = "10 min",
	  .words = "On the server: PS4='+ $EPOCHREALTIME ' bash -lixc exit shows where the time goes.", .recheck = "tcp" },
	{ .id = "server-load", .title = "Look at the server's load", .side = SIDE_SERVER, BY_HAND, .risk = RISK_NONE, .takes = "5 min",
	  .words = "On the server: uptime, free, and the log of sshd.", .recheck = "tcp" },
	{ .id = "shared-connection", .title = "Share one connection for many logins", CLIENT_CHANGE, .risk = RISK_LOW, .takes = "2 min",
	  .words = "In ~/.ssh/config for this host: ControlMaster auto, ControlPath ~/.ssh/cm-%C, ControlPersist 10m.", .undo = "take the lines out again", .recheck = "config",
	  .change = { .op = CHANGE_CONFIG, .set = { { "ControlMaster", "auto" }, { "ControlPath", "~/.ssh/cm-%C" }, { "ControlPersist", "10m" } } } },
	{ .id = "nearer-host", .title = "Work from nearer by", .side = SIDE_NETWORK, BY_HAND, .risk = RISK_NONE, .takes = "10 min",
	  .words = "A jump host near {hostname}, or mosh, makes typing quick over a long path.", .recheck = "tcp" },
	{ .id = "more-text", .title = "Bring more evidence", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "2 min",
	  .words = "From the side that fails: the output of ssh -vvv. From the server: its log, or what the script prints that sshmedic --collector makes. Or let sshmedic try the login itself.", .recheck = "config" },
	{ .id = "run-again", .title = "Run the diagnosis again, all of it", .side = SIDE_CLIENT, BY_HAND, .risk = RISK_NONE, .takes = "1 min",
	  .words = "Without --only, and with a longer limit (-t) if a step ran out of time.", .recheck = "config" },
};
/* clang-format on */

size_t
fixes_count(void)
{
	return sizeof fixes / sizeof *fixes;
}

const struct fix *
fix_at(size_t i)
{
	return i < fixes_count() ? &fixes[i] : NULL;
}

const struct fix *
fix_by_id(const char *id)
{
	for (size_t i = 0; i < fixes_count(); i++)
		if (strcmp(fixes[i].id, id) == 0)
			return &fixes[i];
	return NULL;
}

/* Words that expand to any number of words, each quoted already. */
static bool
is_word_list(const char *word, size_t len)
{
	static const char *const lists[] = { "{sshargs}", "{sshargs_noport}", "{fw_nft}",
		"{sshargs_nojump}", "{sshargs_bindany}" };

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (strlen(lists[i]) == len && memcmp(lists[i], word, len) == 0)
			return true;
	return false;
}

/* The user's own options may be none; a rule's place may not. */
static bool
may_be_empty(const char *word)
{
	return strncmp(word, "{sshargs", 8) == 0;
}

/* A command that another diagnosis made, quoted already. */
static bool
is_command(const char *word, size_t len)
{
	static const char name[] = "{hop_fix}";

	return len == sizeof name - 1 && memcmp(name, word, len) == 0;
}

static void
expand_word(const struct diag *d, const char *word, size_t len, struct strbuf *out)
{
	char template[DIAG_NAME_LEN];
	struct strbuf sb;

	sb_init(&sb, template, sizeof template);
	sb_add(&sb, word, len);
	diag_expand(d, template, out);
}

static void
put_word(const struct diag *d, const char *word, size_t len, struct strbuf *sb)
{
	char text[2 * DIAG_LONG_LEN];
	struct strbuf one;

	sb_init(&one, text, sizeof text);
	if (memchr(word, '{', len) == NULL) {
		sb_add(&one, word, len);
	} else {
		expand_word(d, word, len, &one);
		if (is_word_list(word, len) && strcmp(text, "?") == 0)
			return;
	}
	if (one.cut)
		sb->cut = true;
	if (sb->len > 0 && sb->s[sb->len - 1] != ' ')
		sb_putc(sb, ' ');
	if (memchr(word, '{', len) == NULL || is_word_list(word, len) || is_command(word, len))
		sb_puts(sb, text);
	else
		text_shell_quote(sb, text);
}

void
fix_expand_command(const struct diag *d, const char *template, struct strbuf *sb)
{
	for (const char *p = template; *p != '\0'; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		put_word(d, p, len, sb);
		p += len;
	}
}

void
fix_command(const struct diag *d, const struct fix *f, struct strbuf *sb)
{
	if (f->command != NULL)
		fix_expand_command(d, f->command, sb);
}

/* Whether the slot that a word names has a value; a list of words may be empty, but may not be cut. */
static bool
word_known(const struct diag *d, const char *word, size_t len)
{
	const char *open = memchr(word, '{', len);
	bool list = is_word_list(word, len);

	for (; open != NULL; open = memchr(open + 1, '{', len - (size_t)(open + 1 - word))) {
		for (int s = 0; s < SLOT__COUNT; s++) {
			size_t n = strlen(slot_name((enum slot)s));

			if (n + 2 > len - (size_t)(open - word) || open[n + 1] != '}' ||
			    memcmp(open + 1, slot_name((enum slot)s), n) != 0)
				continue;
			if (slot_is_cut(d, (enum slot)s) ||
			    (slot_text(d, (enum slot)s)[0] == '\0' &&
				!(list && may_be_empty(word))))
				return false;
		}
	}
	return true;
}

bool
fix_words_known(const struct diag *d, const char *template)
{
	for (const char *p = template; *p != '\0'; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (!word_known(d, p, len))
			return false;
		p += len;
	}
	return true;
}

bool
fix_complete(const struct diag *d, const struct fix *f)
{
	return f->command == NULL || fix_words_known(d, f->command);
}

const char *
fix_side_name(enum fix_side s)
{
	static const char *const names[] = { "client", "server", "network" };

	return names[(unsigned)s < sizeof names / sizeof *names ? s : SIDE_CLIENT];
}

const char *
fix_kind_name(enum fix_kind k)
{
	static const char *const names[] = { "connect", "change", "manual" };

	return names[(unsigned)k < sizeof names / sizeof *names ? k : FIX_MANUAL];
}

const char *
fix_risk_name(enum fix_risk r)
{
	static const char *const names[] = { "none", "low", "medium", "high" };

	return names[(unsigned)r < sizeof names / sizeof *names ? r : RISK_HIGH];
}

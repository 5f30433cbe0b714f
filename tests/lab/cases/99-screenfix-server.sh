# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What is left of the fixes on the server, and the second step of a firewall's: the rule for the time being is
# proven, s shows what makes it permanent, y does that, and u undoes both. As in 98-screenfix-more.sh.

# ---- a firewall's rule, made permanent -----------------------------------------------

# wall_files: name, mode, owner, age and text of what firewalls load their rules from.
wall_files() {
	lab_server sh -c 'for f in /etc/nftables.conf /etc/nftables.d/* /etc/iptables/* /etc/ufw/*.rules /etc/firewalld/zones/*; do
		[ ! -f "$f" ] || { stat -c "%n %a %u:%g %Y" "$f" && cksum "$f"; }
	done'
}
wall_state() {
	there_state
	wall_files
	lab_server sh -c '! command -v iptables-legacy >/dev/null || [ ! -s /proc/net/ip_tables_names ] || iptables-legacy -S'
}
# rule_made TITLE: the rule for the time being, kept by the admin's new login.
rule_made() {
	state=$(wall_state) files=$(wall_files)
	fix_shown "$1"
	expect 'with a roll-back armed there'
	keys y
	expect 'FIXED: the finding is gone' 60
	until_true 20 "a new login keeps it" kept_there
	expect 's shows what makes it permanent'
	gets_in
	[ "$files" = "$(wall_files)" ] || fail "a file was changed by the rule for the time being"
}
# rule_kept TITLE REGEX: what makes it permanent is shown, and then done.
rule_kept() {
	keys s
	expect "Fix: $1"
	expect "$2"
	expect 'Nothing is done before y'
	keys Enter
	[ "$files" = "$(wall_files)" ] || fail "a file was changed before y"
	keys y
	expect 'PERMANENT: the rule comes back' 60
	[ "$files" != "$(wall_files)" ] || fail "no file was changed"
	gets_in
}
rule_undone() {
	local now
	keys u
	expect 'UNDONE: all is as it was before' 60
	now=$(wall_state)
	[ "$state" = "$now" ] || fail "not as before: $(diff <(echo "$state") <(echo "$now") | head -n 6 | tr '\n' ' ')"
	stays_out
	screen_down
	no_roll_back_left
}

# nft_conf: standard input becomes the file that the service loads, and is loaded.
nft_conf() {
	KIT_RULES=1
	lab_server sh -c 'cat >/etc/nftables.conf && chmod 640 /etc/nftables.conf && touch -d "2022-02-02 02:02:02" /etc/nftables.conf && nft -f /etc/nftables.conf' ||
		fail "nft refused the file"
}
nft_load() { lab_server nft -f /etc/nftables.conf || fail "nft refuses the file that was made"; }
wall_reset() {
	lab_server sh -c 'rm -rf /etc/nftables.conf /etc/nftables.d; nft flush ruleset'
}
row screenfix-server-nft-kept - - 0 'Connection refused'
case_screenfix-server-nft-kept() {
	local state files
	serve_unit
	serve_admin
	nft_conf <<-'END'
		#!/usr/sbin/nft -f
		flush ruleset

		table inet lab { # ours
			chain i {
				type filter hook input priority 0; policy accept;
				tcp dport 22 reject with tcp reset
			}
		}
		# the end
	END
	if screen_begins --admin adm web.lab; then
		rule_made 'Let your address in by nft'
		rule_kept 'Keep the rule where nft loads its rules from' '\+insert rule inet lab i ip saddr 10.77.1.2 tcp dport 22 accept'
		[ "$(lab_server stat -c '%a %U' /etc/nftables.conf)" = '640 root' ] || fail "mode or owner of the file is another"
		lab_server nft flush ruleset
		nft_load
		gets_in
		lab_server nft list chain inet lab i | grep -q 10.77.1.2 || fail "the file has not the rule"
		rule_undone
		nft_load
		stays_out
	fi
	wall_reset
}
# The file makes another table than the one that refuses the port: it is left as it is, and the line is told.
row screenfix-server-nft-elsewhere - - 0 'Connection refused'
case_screenfix-server-nft-elsewhere() {
	local state files
	serve_unit
	serve_admin
	nft_conf <<-'END'
		table inet filter {
			chain input {
				type filter hook input priority 0; policy accept;
			}
		}
	END
	rules_input server 'tcp dport 22 reject with tcp reset'
	if screen_begins --admin adm web.lab; then
		rule_made 'Let your address in by nft'
		keys s
		expect 'nftables.conf does not make the chain inet lab i'
		expect '  insert rule inet lab i ip saddr 10.77.1.2 tcp dport 22 accept'
		keys y
		expect 'it was dealt with'
		[ "$files" = "$(wall_files)" ] || fail "the file was changed"
		gets_in
		rule_undone
	fi
	wall_reset
}

# ufw, as Debian installs it: what comes in is dropped, but for what it was told.
ufw_there() { command -v ufw >/dev/null || { echo "# ufw is not installed: $NAME is not tried"; return 1; }; }
serve_ufw() {
	KIT_RULES=1
	lab_server sh -c 'mkdir -p /run/lock && tar -C / -cf "$1/ufw.tar" etc/ufw && ufw allow 2911/tcp && ufw --force enable' sh "$LAB" >"$LOG.ufw" 2>&1 ||
		fail "ufw does not begin: $(tail -n 1 "$LOG.ufw")"
}
ufw_reset() {
	lab_server sh -c 'ufw --force disable; rm -rf /etc/ufw; tar -C / -xf "$1/ufw.tar"; nft flush ruleset' sh "$LAB" >/dev/null 2>&1
}
row screenfix-server-ufw - - 0 'timed out'
case_screenfix-server-ufw() {
	local state files
	ufw_there || { [ "$TOOL" != ssh ] || { RC=255; echo "timed out" >"$ERR"; }; return; }
	serve_unit
	serve_admin
	serve_ufw
	STEP=2
	if screen_begins -t 2 --admin adm web.lab; then
		rule_made 'Let your address in by ufw'
		rule_kept 'Let ufw keep the rule' 'ufw prepend allow proto tcp from 10.77.1.2 to any port 22'
		lab_server ufw reload >/dev/null
		gets_in
		lab_server ufw status | grep -q '^22/tcp .*ALLOW .*10.77.1.2' || fail "ufw does not know of the rule"
		rule_undone
		lab_server ufw reload >/dev/null
		stays_out
	fi
	ufw_reset
}

# The old tables of iptables, which nft does not show: their own program has to make the rule.
row screenfix-server-iptables - - 0 'Connection refused'
case_screenfix-server-iptables() {
	local state files
	serve_unit
	serve_admin
	KIT_RULES=1
	lab_server sh -c 'mkdir -p /etc/iptables && iptables-legacy -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset &&
		iptables-legacy-save >/etc/iptables/rules.v4 && chmod 640 /etc/iptables/rules.v4 &&
		touch -d "2022-02-02 02:02:02" /etc/iptables/rules.v4' || fail "no iptables-legacy"
	if screen_begins --admin adm web.lab; then
		rule_made 'Let your address in by iptables'
		rule_kept "Keep the rule where iptables' rules are loaded from" '\+-A INPUT -s 10.77.1.2/32 -p tcp -m tcp --dport 22 -j ACCEPT'
		[ "$(lab_server stat -c '%a %U' /etc/iptables/rules.v4)" = '640 root' ] || fail "mode or owner of the file is another"
		lab_server sh -c 'iptables-legacy -F && iptables-legacy-restore </etc/iptables/rules.v4' || fail "the file cannot be loaded"
		gets_in
		lab_server iptables-legacy -S INPUT | grep -q 10.77.1.2 || fail "the file has not the rule"
		rule_undone
		lab_server sh -c 'iptables-legacy -F && iptables-legacy-restore </etc/iptables/rules.v4'
		stays_out
	fi
	lab_server sh -c 'rm -rf /etc/iptables; iptables-legacy -F; iptables-legacy -X'
}

# ---- the other fixes of the server -----------------------------------------------------

# dropbear_admin: as serve_admin, by a server that needs nothing of sshd's.
dropbear_admin() {
	local log=$LOG.dropbear
	[ -f "$LAB/keys/dropbear" ] || dropbearkey -t ed25519 -f "$LAB/keys/dropbear" >"$LAB/keys/dropbear.out" 2>&1
	lab_server sh -c 'mkdir -m 700 -p /root/.ssh && cp "$1/keys/work_key.pub" /root/.ssh/authorized_keys && chmod 600 /root/.ssh/authorized_keys' sh "$LAB"
	: >"$log"
	lab_server dropbear -F -E -s -r "$LAB/keys/dropbear" -p 2911 -P /run/dropbear.pid </dev/null >"$log" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$log" "Not backgrounding" 5
	key work_key admin
	home config <<-END
		Host adm
		    HostName 10.77.2.2
		    Port 2911
		    User root
		    IdentityFile ~/.ssh/admin
		    IdentitiesOnly yes
	END
	sed -n 's/^\(ssh-ed25519 [^ ]*\).*/[10.77.2.2]:2911 \1/p' "$LAB/keys/dropbear.out" | lab_client sh -c 'cat >>.ssh/known_hosts'
}
# Without its directory no sshd takes a login: the admin comes by another make of server.
there_privsep() {
	unit_conf
	dropbear_admin
	lab_server sh -c 'touch /run/unit/no-runtime-dir; rmdir /run/sshd; systemctl start ssh' 2>/dev/null
}
# A start that was cut off left the file behind; sshd without PAM would not look at it.
there_run-nologin() {
	serve_unit "UsePAM yes"
	serve_admin
	pam_account "account required pam_nologin.so" "account required pam_permit.so"
	echo '"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8)."' |
		lab_server tee /run/nologin >/dev/null
}
# The same with the words of a person: only the server's own evidence names the file.
there_run-nologin-words() {
	serve_unit "UsePAM yes"
	serve_admin
	pam_account "account required pam_nologin.so" "account required pam_permit.so"
	echo "Back at noon" | lab_server tee /run/nologin >/dev/null
}
there privsep 'Connection refused' 'Make the directory that sshd needs'
there run-nologin 'onnection closed' 'Remove a left-over nologin file'
there run-nologin-words 'onnection closed' 'Open the server for logins again'

# The login works by another key; sshd's notes of it name the folder for which it takes no notice of the first one.
row screenfix-server-path - - 0 ''
case_screenfix-server-path() {
	local state now
	serve_unit "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys.%u"
	serve_admin
	key work_key
	printf '%s\n' "Host web.lab" "	IdentityFile ~/.ssh/work_key" "	IdentityFile ~/.ssh/id_ed25519" | lab_client sh -c 'cat >>.ssh/config'
	pub work_key | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	pub id_ed25519 | lab_server tee /etc/ssh/keys.alice >/dev/null
	lab_server chmod 777 /home/alice/.ssh
	screen_begins --admin adm web.lab || return
	by_first_key && fail "the first key gets in before the fix"
	state=$(there_state)
	fix_shown 'Let only the owner write it'
	expect 'with a roll-back armed there'
	keys y
	expect 'FIXED: the finding is gone' 60
	until_true 20 "a new login keeps it" kept_there
	[ "$state" != "$(there_state)" ] || fail "nothing was changed"
	by_first_key || fail "the first key does not get in: $(tail -n 1 "$ERR.login")"
	keys u
	expect 'UNDONE: all is as it was before' 60
	now=$(there_state)
	[ "$state" = "$now" ] || fail "not as before: $(diff <(echo "$state") <(echo "$now") | head -n 6 | tr '\n' ' ')"
	by_first_key && fail "the first key gets in after the undo"
	screen_down
	no_roll_back_left
}
by_first_key() {
	lab_client timeout 15 ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -i .ssh/work_key web.lab true </dev/null 2>"$ERR.login"
}

# firewalld with its bus, where it is installed: what no zone opens is forbidden.
serve_firewalld() {
	KIT_RULES=1
	lab_server sh -c 'mkdir -p /run/dbus /run/lock && tar -C / -cf "$1/firewalld.tar" etc/firewalld && dbus-daemon --system --fork --nopidfile' sh "$LAB" ||
		fail "no bus"
	lab_server firewalld --nofork --nopid </dev/null >"$LOG.firewalld" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	until_true 20 "firewalld runs" lab_server sh -c 'firewall-cmd --state >/dev/null 2>&1'
	lab_server sh -c 'firewall-cmd --permanent --add-port=2911/tcp && firewall-cmd --permanent --remove-service=ssh && firewall-cmd --reload' >/dev/null ||
		fail "firewalld takes no rules"
}
firewalld_reset() {
	lab_server sh -c 'pkill -x firewalld; pkill -x dbus-daemon; pkill -x polkitd; rm -rf /etc/firewalld; tar -C / -xf "$1/firewalld.tar"; nft flush ruleset' sh "$LAB" >/dev/null 2>&1
}
row screenfix-server-firewalld - - 0 'No route to host'
case_screenfix-server-firewalld() {
	local state files
	if ! command -v firewalld >/dev/null; then
		echo "# firewalld is not installed: $NAME is not tried"
		[ "$TOOL" != ssh ] || echo "No route to host" >"$ERR"
		return
	fi
	serve_unit
	serve_admin
	serve_firewalld
	if screen_begins --admin adm web.lab; then
		rule_made 'Let the port in by firewalld'
		rule_kept 'Let firewalld keep the port open' 'firewall-cmd --permanent --zone=public --add-port=22/tcp'
		lab_server firewall-cmd --reload >/dev/null
		gets_in
		rule_undone
		lab_server firewall-cmd --reload >/dev/null
		stays_out
	fi
	firewalld_reset
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What is left of the fixes on the server, and the second step of a firewall's: the rule for the time being is
# proven, s shows what makes it permanent, y does that, and u undoes both. As in 98-screenfix-more.sh.

# ---- a firewall's rule, made permanent -----------------------------------------------

# wall_files: name, mode, owner, age and text of what firewalls load their rules from.
wall_files() {
	lab_server sh -c 'for f in /etc/nftables.conf /etc/nftables.d/* /etc/iptables/* /etc/ufw/*.rules; do
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

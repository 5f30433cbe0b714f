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

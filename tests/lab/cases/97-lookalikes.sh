# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Causes that look the same to the client as those of other files do. Each case
# is half of a pair in tests/unit/test_lookalikes.c, which holds the verdict
# to what both have in common.

# A host that drops whatever comes, and an address that is nobody's, whose router does not say so.
row lookalike-all-dropped tcp-timeout proven 10 'Connection timed out'
case_lookalike-all-dropped() {
	serve
	rules_input server 'meta l4proto tcp drop'
	STEP=4
	medic web.lab
}

row lookalike-host-down tcp-timeout proven 10 'Connection timed out'
case_lookalike-host-down() {
	rules_output router 'icmp type destination-unreachable drop'
	STEP=4
	medic 10.77.2.99
}

# Beside tcp-wrong-port: the server that was meant is down, and another one stands on another port.
row lookalike-two-servers tcp-refused-wrong-port likely 10 'Connection refused'
case_lookalike-two-servers() {
	local log=$LOG.other
	[ -f "$LAB/keys/dropbear" ] || dropbearkey -t ed25519 -f "$LAB/keys/dropbear" >"$LAB/keys/dropbear.out" 2>&1
	: >"$log"
	lab_server dropbear -F -E -s -r "$LAB/keys/dropbear" -p 2222 -P /run/other.pid </dev/null >"$log" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$log" "Not backgrounding" 5
	medic web.lab
}

# Beside banner-closed-reset: the server's own tcp wrappers turn the client away.
row lookalike-wrappers banner-closed proven 10 'onnection (closed|reset)'
case_lookalike-wrappers() {
	serve
	lab_server sh -c 'echo "sshd: ALL" >/etc/hosts.deny'
	medic web.lab
	lab_server sh -c ': >/etc/hosts.deny'
}

# And a middlebox that cuts the connection at the client's first words.
row lookalike-middlebox banner-closed proven 10 'onnection (closed|reset)'
case_lookalike-middlebox() {
	serve
	rules_forward router 'tcp sport 22 tcp flags & psh == psh drop; tcp dport 22 tcp flags & psh == psh reject with tcp reset'
	medic web.lab
}

# Beside kex-reset: a middlebox that cuts the connection at the client's offer.
row lookalike-middlebox-kex kex-closed proven 10 'onnection (closed|reset)'
case_lookalike-middlebox-kex() {
	serve
	rules_forward router 'tcp dport 22 meta length > 300 reject with tcp reset; tcp sport 22 meta length > 300 drop'
	medic web.lab
}

# Two servers that end the connection while a key is asked about: one crashes, the other has waited long enough.
lookalike_command() { # SCRIPT: sshd asks this program for keys
	printf '#!/bin/sh\n%s\n' "$1" | lab_server tee /usr/local/bin/lookalike >/dev/null
	lab_server chmod 755 /usr/local/bin/lookalike
}

row lookalike-auth-crash auth-disconnected proven 11 'onnection (closed|reset)'
case_lookalike-auth-crash() {
	lookalike_command 'kill -KILL $PPID'
	serve "AuthorizedKeysCommand /usr/local/bin/lookalike" "AuthorizedKeysCommandUser root"
	authorized
	medic web.lab
}

row lookalike-auth-grace auth-disconnected proven 11 'onnection (closed|reset)'
case_lookalike-auth-grace() {
	lookalike_command 'sleep 4'
	serve "LoginGraceTime 2" "AuthorizedKeysCommand /usr/local/bin/lookalike" "AuthorizedKeysCommandUser root"
	authorized
	medic web.lab
}

# Beside auth-account-rule: PAM's own configuration is broken.
row lookalike-pam-broken auth-account-denied likely 11 'onnection closed'
case_lookalike-pam-broken() {
	serve "UsePAM yes"
	printf '%s\n' "auth required pam_deny.so" "account required pam_nosuch.so" "session required pam_permit.so" |
		lab_server tee /etc/pam.d/sshd >/dev/null
	medic web.lab
}

# Beside session-nologin: the shell is good, and sshd forces nologin.
row lookalike-forced-nologin shell-nologin likely 12 'This account is currently not available|exit 1'
case_lookalike-forced-nologin() {
	serve "ForceCommand /usr/sbin/nologin"
	medic web.lab
}

# Beside session-shell-killed: the shell is good, and a forced command dies.
row lookalike-forced-crash shell-crash likely 12 'exit (255|139)'
case_lookalike-forced-crash() {
	serve "ForceCommand exec /usr/local/bin/crashsh"
	medic web.lab
}

# Beside session-forced-command-fails: the account's shell is false.
row lookalike-shell-false forced-command-fails likely 12 'exit 1'
case_lookalike-shell-false() {
	serve
	lab_server usermod -s /bin/false alice 2>/dev/null || lab_server sed -i 's|^\(alice:.*:\)[^:]*$|\1/bin/false|' /etc/passwd
	medic web.lab
	lab_server sed -i 's|^\(alice:.*:\)[^:]*$|\1/bin/bash|' /etc/passwd
}

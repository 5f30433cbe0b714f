# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Fixes by the screen's own keys, as the client's user: looked at, applied, proven by plain ssh, undone,
# and then each byte and each mode is as before. On the server the same by --admin, where what nobody
# keeps is undone by the server itself.

# ssh_files: name, type, mode, owner and text of all in the user's ~/.ssh.
ssh_files() {
	lab_client sh -c 'find .ssh -printf "%p %y %m %U:%G %l\n" | sort; find .ssh -type f -exec sha256sum {} + | sort'
}
# screen_begins WORD...: the program on its terminal with these words; plain ssh (TOOL=ssh) instead is the
# proof that the situation is real. Fails where the case has no more to do.
screen_begins() {
	local what=${*: -1}
	[ "$TOOL" != ssh ] || { medic "$what"; return 1; }
	screen_missing && return 1
	before=$(ssh_files)
	screen_up "$@"
}
ssh_as_before() {
	local now
	now=$(ssh_files)
	[ "$before" = "$now" ] || fail "not as before: $(diff <(echo "$before") <(echo "$now") | head -n 6 | tr '\n' ' ')"
}
# changed: something of ~/.ssh is not as it was; so that an undo has something to prove.
changed() { [ "$before" != "$(ssh_files)" ] || fail "nothing was changed"; }
# gets_in, stays_out: plain ssh, with no more words than the host. WORKS=COMMAND is another proof that all is well.
gets_in() {
	[ ${#FAILS[@]} -eq 0 ] || return
	${WORKS:-logs_in web.lab} || fail "plain ssh does not log in (${WORKS:-}): $(tail -n 1 "$ERR.login")"
}
stays_out() {
	[ ${#FAILS[@]} -eq 0 ] || return
	${WORKS:-logs_in web.lab} && fail "plain ssh logs in where it should not (${WORKS:-})"
}
undone_by_key() {
	keys u
	expect 'UNDONE: all is as it was before' 40
	ssh_as_before
	stays_out
	screen_down
}
# kept TITLE: a command line to log in with is tried, and its options are kept.
kept() {
	fix_shown "$1"
	expect 'Nothing is done before y'
	keys y
	expect 'FIXED: the finding is gone' 40
	ssh_as_before
	keys s
	expect 'or later: sshmedic --undo 1' 40
	changed
	gets_in
}
# applied TITLE: a change on this machine is made.
applied() {
	fix_shown "$1"
	expect 'Nothing is done before y'
	keys Enter
	ssh_as_before
	keys y
	expect 'FIXED: the finding is gone' 40
	gets_in
}

row screenfix-key-mode - - 0 'UNPROTECTED PRIVATE KEY FILE'
case_screenfix-key-mode() {
	serve
	lab_client chmod 644 .ssh/id_ed25519
	screen_begins web.lab || return
	applied 'Let only you read the key'
	[ "$(lab_client stat -c %a .ssh/id_ed25519)" = 600 ] || fail "the key's mode is not 600"
	undone_by_key
}
row screenfix-config-mode - - 0 'Bad owner or permissions'
case_screenfix-config-mode() {
	serve
	printf '%s\n' "Host web.lab" "	User alice" | home config 666
	screen_begins web.lab || return
	applied 'Let only you write the configuration'
	[ "$(lab_client stat -c %a .ssh/config)" = 644 ] || fail "the file's mode is not 644"
	undone_by_key
}
row screenfix-bad-option - - 0 'Bad configuration option'
case_screenfix-bad-option() {
	serve
	printf '%s\n' "# mine" "Host web.lab" "	User alice" "	ServerAliveIntervall 30" | home config 640
	screen_begins web.lab || return
	kept 'Log in with the unknown option ignored'
	lab_client grep -q -x 'IgnoreUnknown serveraliveintervall' .ssh/config || fail "no IgnoreUnknown in the file"
	[ "$(lab_client stat -c %a .ssh/config)" = 640 ] || fail "the file's mode is not 640"
	undone_by_key
}
# Somebody wrote to the file in between: nothing of theirs is lost, and the screen does not say that it is undone.
row screenfix-changed-since - - 0 'Bad configuration option'
case_screenfix-changed-since() {
	serve
	printf '%s\n' "Host web.lab" "	User alice" "	ServerAliveIntervall 30" | home config
	screen_begins web.lab || return
	kept 'Log in with the unknown option ignored'
	lab_client sh -c 'echo "# of somebody else" >>.ssh/config'
	before=$(ssh_files)
	keys u
	expect 'changed (since|meanwhile)'
	ssh_as_before
	on_screen 'UNDONE' && fail "the screen says that it is undone"
	gets_in
	screen_down
}
row screenfix-too-many-keys - - 0 'Too many authentication failures'
case_screenfix-too-many-keys() {
	serve "MaxAuthTries 6"
	agent many1 many2 many3 many4 many5 many6 many7
	screen_begins web.lab || return
	kept 'Offer only the keys that files name'
	lab_client grep -q 'IdentitiesOnly yes' .ssh/config || fail "no IdentitiesOnly in the file"
	undone_by_key
}
row screenfix-other-port - - 0 'Connection refused'
case_screenfix-other-port() {
	serve "Port 2222"
	for k in host host_rsa host_ecdsa; do
		echo "[web.lab]:2222 $(pub $k)"
	done | home known_hosts
	screen_begins web.lab || return
	kept 'Log in on the port that speaks SSH'
	lab_client grep -q 'Port 2222' .ssh/config || fail "no Port in the file"
	undone_by_key
}
# The same by the change that needs no trial: an existing file grows by two lines.
row screenfix-save-port - - 0 'Connection refused'
case_screenfix-save-port() {
	serve "Port 2222"
	for k in host host_rsa host_ecdsa; do
		echo "[web.lab]:2222 $(pub $k)"
	done | home known_hosts
	printf '# no newline at the end\nHost other.lab\n  Port 7' | home config 644
	screen_begins web.lab || return
	applied 'Keep the port in the configuration'
	changed
	undone_by_key
}
# The end of the new fingerprint comes from the server's own file, not from the connection.
row screenfix-hostkey - - 0 'REMOTE HOST IDENTIFICATION HAS CHANGED'
case_screenfix-hostkey() {
	local fp
	serve
	{
		echo "# mine"
		echo "web.lab $(pub host2)"
		echo "other.lab $(pub host2)"
	} | home known_hosts 644
	screen_begins web.lab || return
	fp=$(lab_server ssh-keygen -lf "$LAB/keys/host.pub" | cut -d ' ' -f 2)
	fix_shown 'Replace the old host key'
	expect '3 tries left'
	screen_text | grep -q -F "${fp: -8}" && fail "the end of the new fingerprint is on the screen"
	keys -l AAAAAAAA
	keys Enter
	expect '2 tries left'
	ssh_as_before
	keys -l "${fp: -8}"
	keys Enter
	expect 'Nothing is done before y'
	ssh_as_before
	keys y
	expect 'FIXED: the finding is gone' 40
	changed
	lab_client grep -q -x "other.lab $(pub host2)" .ssh/known_hosts || fail "another host's line is gone"
	[ ${#FAILS[@]} -gt 0 ] || lab_client ssh -o BatchMode=yes -o UpdateHostKeys=no web.lab true </dev/null 2>"$ERR.login" ||
		fail "plain ssh does not log in: $(tail -n 1 "$ERR.login")"
	undone_by_key
}
# A socket that nobody listens on: ssh complains of it, and logs in all the same.
row screenfix-stale-socket - - 0 'Control socket connect.*Connection refused'
case_screenfix-stale-socket() {
	serve
	mux_config auto
	mux_master
	kill -KILL "$MASTER"
	mux_config no
	screen_begins web.lab || return
	fix_shown 'Remove the leftover socket'
	expect 'Nothing is done before y'
	keys y
	expect 'FIXED: the finding is gone' 40
	lab_client test -e "$MUX" && fail "the socket is still there"
	gets_in
	grep -q 'Control socket' "$ERR.login" && fail "ssh still complains: $(cat "$ERR.login")"
	[ "$(grep -v '/cm s ' <<<"$before")" = "$(ssh_files)" ] || fail "more than the socket was changed"
	screen_down
}
# ssh-add asks on the terminal, which it has to itself.
row screenfix-ssh-add - - 0 'Permission denied \(publickey\)'
case_screenfix-ssh-add() {
	serve
	authorized encrypted
	no_key
	key encrypted id_ed25519
	agent
	screen_begins web.lab || return
	fix_shown 'Load the key into the agent'
	expect 'y runs it on this terminal'
	keys y
	expect 'Enter passphrase for .*id_ed25519'
	keys -l secret
	keys Enter
	expect 'FIXED: the finding is gone' 40
	expect 'Undo +ssh-add -d /home/alice/.ssh/id_ed25519'
	screen_text | grep -q secret && fail "the passphrase is on the screen"
	gets_in
	lab_client ssh-add -q -d .ssh/id_ed25519 2>/dev/null || fail "the key was not in the agent"
	ssh_as_before
	stays_out
	screen_down
}

# ---- on the server, by the admin's login -------------------------------------------

# server_begins: the same with --admin, once all is as the case wants it.
server_begins() {
	screen_begins --admin adm web.lab || return 1
	server_before=$(server_state)
}
server_as_before() {
	local before=$server_before
	as_before
}
kept_on_server() { # TITLE
	fix_shown "$1"
	expect 'with a roll-back armed there'
	keys y
	expect 'FIXED: the finding is gone' 60
	until_true 20 "a new login keeps it" kept_there
	expect 'u, by the admin'
	gets_in
}
kept_there() { lab_server sh -c 'grep -q -s -x state=kept /var/lib/sshmedic/*/report'; }
undone_on_server() {
	keys u
	expect 'UNDONE: all is as it was before' 60
	server_as_before
	stays_out
	screen_down
	no_roll_back_left
}

row screenfix-server-allow - - 0 'Permission denied'
case_screenfix-server-allow() {
	serve_unit "AllowUsers bob carol"
	serve_admin
	server_begins || return
	kept_on_server 'Add the account to the rule'
	undone_on_server
}
row screenfix-server-modes - - 0 'Permission denied'
case_screenfix-server-modes() {
	serve_unit
	serve_admin
	lab_server chmod 777 /home/alice/.ssh
	server_begins || return
	kept_on_server 'Let nobody but the owner write it'
	undone_on_server
}
# The test login is made to fail: the file holds a line that sshd has not read yet, and with the
# reload nobody gets through. The roll-back is fired.
row screenfix-server-fires - - 0 'Permission denied'
case_screenfix-server-fires() {
	serve_unit "AllowUsers bob carol"
	serve_admin
	screen_begins --admin adm web.lab || return
	lab_server sed -i '$a ListenAddress 127.0.0.1' /etc/ssh/sshd_config
	server_before=$(server_state)
	fix_shown 'Add the account to the rule'
	keys y
	expect 'UNDONE: all is as it was before' 60
	expect 'the login got worse'
	server_as_before
	fired
	stays_out
	screen_down
	no_roll_back_left
}
# The change works, and no new login of the admin's comes about while the server waits for one: s says why
# it cannot be kept, the server undoes it by itself when the time is over, and the screen tells of it.
# It takes the server's whole two minutes: SLOW=1 tests/lab/run.sh screenfix-server-waits
[ -z "${SLOW:-}" ] || row screenfix-server-waits - - 0 'Permission denied'
case_screenfix-server-waits() {
	serve_unit "AllowUsers bob carol"
	lab_server sh -c 'cat >/usr/local/bin/not-now && chmod 755 /usr/local/bin/not-now' <<-'END'
		#!/bin/sh
		for d in /var/lib/sshmedic/*/; do
			[ -e "$d/ready" ] && [ ! -d "$d/decided" ] && exit 9
		done
		exec sh -c "$SSH_ORIGINAL_COMMAND"
	END
	serve_admin "ForceCommand /usr/local/bin/not-now"
	server_begins || return
	fix_shown 'Add the account to the rule'
	keys y
	expect 'FIXED: the finding is gone' 60
	expect 'new login of the admin failed'
	expect 'in [0-9]+ s the server undoes it by itself unless it is kept'
	gets_in
	keys s
	expect 'new login of the admin failed'
	kept_there && fail "it is kept"
	expect 'UNDONE: all is as it was before' 180
	expect 'no new login said within [0-9]+ s that it works'
	fired
	server_as_before
	stays_out
	screen_down
	no_roll_back_left
	lab_server rm -f /usr/local/bin/not-now
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A login by hand from the screen (key i): the user's own ssh asks on the terminal for what only a person has, and
# what it says of its way is read as evidence.

# password_asked ["Option value"...]: a server that lets alice in by a password ("right") and by no key; the screen is up.
password_asked() {
	serve "PasswordAuthentication yes" "AuthorizedKeysFile none" "$@"
	lab_server sed -i "s/^\(alice\|nolog\):[^:]*:/\1:$(openssl passwd -6 right | sed 's,/,\\/,g'):/" /etc/shadow
	[ "$TOOL" != ssh ] || { medic "${WHO:-}web.lab"; return 1; }
	screen_missing && return 1
	screen_up "${WHO:-}web.lab"
	expect 'what is left to try needs a person'
	keys i
	expect "password:"
}
typed() { # PASSWORD
	keys -l "$1"
	keys Enter
}
no_password_any_more() { lab_server sed -i 's/^\(alice\|nolog\):[^:]*:/\1:*:/' /etc/shadow; }
# asked N: the password is asked for the Nth time; what ssh says of the last one goes into its file.
asked() { until_true 15 "the password is asked for $1 times" asked_times "$1"; }
asked_times() { [ "$(screen_text | grep -c "password:")" = "$1" ]; }

row login-by-hand - - 0 'Permission denied'
case_login-by-hand() {
	password_asked || { no_password_any_more; return; }
	typed wrong
	asked 2
	sleep 2 # a person thinks; that is no slowness of the server's
	typed right
	expect 'alice@server:~'
	sleep 0.6 # a shell that stays open that long is one
	typed 'exit'
	expect 'your ssh was let in'
	expect 'HEALTHY: the login works'
	expect '2 Authentication .*PASS'
	expect '3 Session .*PASS'
	expect 'your own ssh was let in: password'
	expect 'had a session, in which a shell ran'
	expect 'session.ch[^0-9]* [0-9.]+s'
	screen_text >"$LAB/log/$NAME.after"
	grep -q 'total [01][.0-9]*s' "$LAB/log/$NAME.after" || fail "the person's time is in the total: $(grep total "$LAB/log/$NAME.after")"
	screen_down
	no_password_any_more
}

row login-by-hand-refused - - 0 'Permission denied'
case_login-by-hand-refused() {
	password_asked || { no_password_any_more; return; }
	typed wrong
	asked 2
	typed 'wrong again'
	asked 3
	typed 'and again'
	expect 'your ssh was not let in'
	expect 'AUTHENTICATION FAILED: a password or a code was given for alice'
	expect '2 Authentication .*FAIL'
	screen_down
	no_password_any_more
}

row login-by-hand-no-session - - 0 'Permission denied'
case_login-by-hand-no-session() {
	password_asked "MaxSessions 0" || { no_password_any_more; return; }
	typed right
	expect 'SESSION FAILED: your own ssh was let in, and the server refused it a session'
	expect '2 Authentication .*PASS'
	screen_down
	no_password_any_more
}

row login-by-hand-no-shell - - 0 'Permission denied'
case_login-by-hand-no-shell() {
	WHO=nolog@ password_asked || { no_password_any_more; return; }
	typed right
	expect 'SESSION FAILED: your own ssh was let in, and what the account runs ended by itself at once \(status 1\)'
	screen_down
	no_password_any_more
}

# Between the diagnosis and the login by hand the host got another key: what ssh says of it leads where it always does.
row login-by-hand-other-key - - 0 'Permission denied'
case_login-by-hand-other-key() {
	local fp part
	password_asked || { no_password_any_more; return; }
	keys C-c
	expect 'your ssh was not let in'
	lab_client sh -c "sed 's|AAAA[^ ]*|$(cut -d' ' -f2 "$LAB/keys/host2.pub")|' .ssh/known_hosts >.ssh/k && grep ed25519 .ssh/k >.ssh/known_hosts"
	keys i
	expect 'TRANSPORT FAILED: .*hostkey-changed'
	# The end of its fingerprint is on no screen from now on: not of what was seen before, nor of what is pasted.
	fp=$(ssh-keygen -lf "$LAB/keys/host.pub" | cut -d' ' -f2)
	ssh-keygen -lf "$LAB/keys/host.pub" | lab_client tee /tmp/said >/dev/null
	keys p
	expect 'paste it now, or name a file'
	typed /tmp/said
	expect 'read /tmp/said: [^n]'
	keys v v
	keys '&'
	typed "${fp:7:20}"
	part=${fp:7:20}
	expect "${part//+/[+]}.*[?]{8}" # base64, in an expression
	screen_text | grep -qF "${fp: -8}" && fail "the end of the new fingerprint is on the screen"
	screen_down
	no_password_any_more
}

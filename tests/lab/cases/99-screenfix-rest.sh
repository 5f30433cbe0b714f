# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What is left of the fixes that the screen applies, as in 98-screenfix-more.sh. Which case tries which fix stands
# in tests/lab/screenfix.tsv.

# ---- on this machine -----------------------------------------------------------------

situation_port-held() {
	serve
	fwd_config "LocalForward 8080 localhost:80" "ExitOnForwardFailure yes"
	port_taken 127.0.0.1 ::1
}
situation_mux-too-long() {
	serve
	mux_config auto "/home/alice/.ssh/$(printf 'x%.0s' {1..100})"
}
here no-forwards port-held 'Address already in use|cannot listen' kept 'Log in without the forwardings'
here mux-off mux-too-long 'ControlPath too long' kept 'Log in without the shared connection'
here mux-short mux-too-long 'ControlPath too long' applied 'Give ControlPath a short path that exists'
here hop-straight hop-loop 'jumphost loop via jump.lab' kept 'Log in with a straight way to the jump host'

# run_here TITLE: a command that ends something, and has no undo.
run_here() {
	fix_shown "$1"
	expect 'Nothing is done before y'
	keys y
	expect 'FIXED: the finding is gone' 40
	gets_in
	screen_down
}
row screenfix-end-holder - - 0 'Address already in use|cannot listen'
case_screenfix-end-holder() {
	situation_port-held
	screen_begins web.lab || return
	run_here 'End the program that holds the port'
	ssh_as_before
	port_is_held && fail "the program still runs"
}
port_is_held() { lab_client ss -Htln 'sport = :8080' | grep -q .; }
# A stopped master takes the connection to its socket and never says a word: ssh waits without end.
row screenfix-kill-master - - 0 'exit 124'
case_screenfix-kill-master() {
	serve
	mux_config auto
	mux_master
	kill -STOP "$MASTER"
	LIMIT=3
	screen_begins -t 2 web.lab || return
	run_here 'End the master that hangs'
	[ "$(grep -v '/cm s ' <<<"$before")" = "$(ssh_files)" ] || fail "more than the socket was changed"
	until_true 5 "the master is gone" master_is_gone
}

master_is_gone() { # or dead, and not yet waited for
	[ ! -e "/proc/$MASTER" ] || grep -q '^State:.Z' "/proc/$MASTER/status"
}

# The path drops what ssh marks, once the session is open.
row screenfix-no-qos - - 0 'exit 124'
case_screenfix-no-qos() {
	serve
	printf '%s\n' "Host web.lab" "	IPQoS af21 cs1" | home config
	rules_input server 'tcp dport 22 ip dscp cs1 drop'
	LIMIT=3
	screen_begins -t 2 web.lab || return
	kept 'Log in without quality-of-service marks'
	keys u
	expect 'UNDONE: all is as it was before' 40
	ssh_as_before
	lab_client timeout 1 ssh -o BatchMode=yes web.lab true </dev/null 2>/dev/null
	[ $? = 124 ] || fail "ssh does not hang"
	screen_down
}

# The server has two host keys: one is new, the other is the known one.
situation_one-type-new() {
	serve
	printf '%s\n' "web.lab $(pub host2)" "web.lab $(pub host_rsa)" | home known_hosts
	printf '%s\n' "Host *" "	UpdateHostKeys no" | home config # or plain ssh itself rewrites the file
}
here known-type one-type-new 'REMOTE HOST IDENTIFICATION HAS CHANGED' kept 'Log in by the host key that is known'

# The key lies beside the others under a name that ssh does not try; ssh-add loads it on the terminal.
row screenfix-add-other-key - - 0 'Permission denied \(publickey\)'
case_screenfix-add-other-key() {
	situation_other-key
	agent
	screen_begins web.lab || return
	fix_shown 'Load that key into the agent'
	expect 'y runs it on this terminal'
	keys y
	expect 'FIXED: the finding is gone' 40
	expect 'Undo +ssh-add -d /home/alice/.ssh/work_key'
	gets_in
	lab_client ssh-add -q -d .ssh/work_key 2>/dev/null || fail "the key was not in the agent"
	ssh_as_before
	stays_out
	screen_down
}

# ---- on the server, by the admin's login ---------------------------------------------

there_bad-line() {
	unit_conf "AllowTcpForwarding yes" "PermitRootLogni no"
	lab_server systemctl start ssh 2>/dev/null
	serve_admin
}
there_locked() {
	serve_unit
	serve_admin
	lab_server usermod -p '!' alice
}
there_shell() {
	serve_unit
	serve_admin
	lab_server usermod -s /bin/nosuchshell alice
}
there_deny-groups() {
	serve_unit "DenyGroups alice" "LogLevel INFO"
	serve_admin
}
there_channels() {
	serve_unit "MaxSessions 0"
	serve_admin
}
there_nologin-shell() {
	serve_unit
	serve_admin
	lab_server usermod -s /usr/sbin/nologin alice
}
there bad-line 'Connection refused' 'Take the faulty line out of the configuration'
there locked 'Permission denied' 'Unlock the account for keys'
there shell 'Permission denied' 'Give the account a shell that exists'
there deny-groups 'Permission denied' 'Take the account out of the rule'
there channels 'open failed|exit 255' 'Allow the usual number of sessions'
there nologin-shell 'not available|exit 1' 'Give the account a shell'
there_password-old() {
	serve_unit "UsePAM yes"
	serve_admin
	pam_account "account required pam_unix.so"
	lab_server chage -d 0 alice
}
there password-old 'Password change required' 'Let the password be valid again'

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The other fixes by the screen's own keys, as in 98-screenfix-more.sh: command lines to log in with that are for once,
# what asks a person, what c copies for a person's own hands, and what mends a login that works, only not well.

# copied: the command that the screen shows, as c copies it; into COMMAND.
copied() {
	COMMAND=
	[ ${#FAILS[@]} -eq 0 ] || return
	keys c
	until_true 10 "c copies the command" has_copied
	COMMAND=$(screen_tmux show-buffer)
}
has_copied() { screen_tmux show-buffer >/dev/null 2>&1; }
# logs_in_by COMMAND: that very line logs in, as plain ssh of the client's user.
logs_in_by() {
	[ ${#FAILS[@]} -eq 0 ] || return
	lab_client timeout 15 bash -c "$1 -o BatchMode=yes echo got-in" </dev/null 2>"$ERR.login" | grep -q got-in ||
		fail "the line of the screen does not log in: $1: $(tail -n 1 "$ERR.login")"
}

# ---- a command line for once: nothing to keep, nothing to undo ---------------------------

# once_here SITUATION TITLE WORD: y tries the line, which has that word, and the line that c copies logs in.
once_here() {
	"situation_$1"
	screen_begins -t 2 "${WHERE:-web.lab}" || { after "$1"; return; }
	fix_shown "$2"
	expect 'Nothing is done before y'
	copied
	[[ $COMMAND == "ssh "* && $COMMAND == *"$3"* ]] || fail "the screen shows '$COMMAND', without $3"
	keys y
	expect 'FIXED: the finding is gone' 40
	keys s
	expect 'there is nothing to keep'
	keys u
	expect 'nothing was applied here'
	ssh_as_before
	logs_in_by "$COMMAND"
	screen_down
	stays_out
	after "$1"
}
# once NAME SITUATION REGEX TITLE WORD: a case of that.
once() {
	row "screenfix-$1" - - 0 "$3"
	eval "case_screenfix-$1() { LIMIT=3; once_here $2 $(printf '%q %q' "$4" "$5"); }"
}
# ssh looks for the name in a domain that does not have it, and may not take it as it was typed.
situation_other-domain() {
	serve
	printf '%s\n' "CanonicalizeHostname yes" "CanonicalDomains nosuch.lab" "CanonicalizeFallbackLocal no" | home config
}
situation_bound-elsewhere() {
	serve
	printf '%s\n' "Host *" "	BindInterface wg7" | home config
}
situation_old-hosts-line() {
	serve "ListenAddress 10.77.2.2"
	hosts_line "10.77.2.3 db.lab WEB.lab" >"$LOG.line"
}
after_old-hosts-line() { no_hosts_line; }
situation_short-host-key() {
	serve "HostKeyAlgorithms rsa-sha2-512"
	printf '%s\n' "Host *" "	RequiredRSASize 3072" | home config
}
situation_short-key() {
	serve
	rsa_key
	printf '%s\n' "Host *" "	RequiredRSASize 3072" | home config
}
once empty-config other-domain 'Could not resolve host' 'Log in without any configuration file' '-F none'
once bind-any bound-elsewhere 'getifaddrs: wg7: no suitable addresses' 'Let this machine choose the address' Bind
once dns-address old-hosts-line 'Connection refused' 'Log in at the address that DNS gives' HostName=10.77.2.2
once short-host-key short-host-key 'Bad server host key: Invalid key length' 'Allow the short host key' RequiredRSASize=1024
once short-key short-key 'Permission denied \(publickey\)' 'Allow the short key' RequiredRSASize=1024

# ---- a command line that can be kept, for a login that works but not well -----------------

# kept_here SITUATION TITLE [SSHMEDIC'S WORDS...]: as with fix_here; WORKS says what is well.
kept_here() {
	local what=$1 title=$2
	shift 2
	"situation_$what"
	[ "$TOOL" != ssh ] || [ -z "${WORKS:-}" ] || ! $WORKS || fail "all is well without the fix"
	screen_begins "${@:-web.lab}" || { after "$what"; return; }
	kept "$title"
	undone_by_key
	after "$what"
}

# One family is dead, and ssh waits for it.
situation_one-family() {
	serve
	rules_forward router 'ip6 daddr fd77:2::2 tcp dport 22 drop'
	WORKS=dual_at_once
}
dual_at_once() { lab_client timeout 1.5 ssh -o BatchMode=yes dual.lab echo got-in </dev/null 2>"$ERR.login" | grep -q got-in; }
row screenfix-one-family - - 0 'exit 124'
case_screenfix-one-family() {
	LIMIT=2
	kept_here one-family 'Log in by the family that answers' -t 2 dual.lab
	[ "$TOOL" = ssh ] || [ ${#FAILS[@]} -gt 0 ] || ! dual_at_once || fail "the other family is not dead"
}

# A server that hangs where it is offered many key exchanges, and not where it is offered one.
situation_many-exchanges() {
	serve "Port 2201"
	odd 22 stall-many 2201
	WORKS=logs_in_soon
}
logs_in_soon() { lab_client timeout 2 ssh -o BatchMode=yes web.lab echo got-in </dev/null 2>"$ERR.login" | grep -q got-in; }
row screenfix-other-exchange - - 0 'exit 124'
case_screenfix-other-exchange() {
	LIMIT=2
	kept_here many-exchanges 'Log in with another key exchange' -t 1 web.lab
}

# ssh waits for tickets that never come, and then logs in by its key.
situation_no-tickets() {
	serve "GSSAPIAuthentication yes"
	ticket 10.77.2.2
	rules_input server 'meta l4proto { tcp, udp } th dport 88 drop'
	home config <<<"GSSAPIAuthentication yes"
	WORKS=logs_in_soon
}
row screenfix-gssapi - - 0
case_screenfix-gssapi() {
	kept_here no-tickets 'Log in without GSSAPI'
}

# The server gives no terminal, and ssh ends where the configuration asks for one.
situation_no-terminal() {
	serve "PermitTTY no"
	printf '%s\n' "Host *.lab" "	RequestTTY force" | home config
}
row screenfix-no-terminal - - 0 'PTY allocation request failed'
case_screenfix-no-terminal() {
	kept_here no-terminal 'Log in without a terminal'
}

# The server has no entry for this terminal.
situation_other-terminal() {
	serve
	own_terminal
	SCREEN_TERM=lab-term
	WORKS=knows_terminal
}
knows_terminal() { lab_client ssh -tt -o BatchMode=yes web.lab 'infocmp >/dev/null' >/dev/null 2>"$ERR.login" </dev/null; }
row screenfix-other-terminal - - 0
case_screenfix-other-terminal() {
	kept_here other-terminal 'Log in as a terminal that it knows'
}

# Untrusted forwarding of X11 without the program that makes its cookie.
situation_no-xauth() {
	x11_server DISPLAY=:7
	fwd_config "ForwardX11 yes" "ForwardX11Trusted no" "XAuthLocation /opt/none/xauth"
	WORKS=gets_display
}
gets_display() { [ -n "$(lab_client ssh -o BatchMode=yes web.lab 'echo $DISPLAY' 2>"$ERR.login" </dev/null)" ]; }
once trusted-x11 no-xauth 'untrusted X11 forwarding setup failed' 'Log in with trusted X11 forwarding' -Y

# ---- the shared connection -----------------------------------------------------------------

# The master lives, and its network is gone: each login in it would wait.
row screenfix-end-master - - 0 'exit 124'
case_screenfix-end-master() {
	local port
	serve
	mux_config auto
	mux_master
	port=$(lab_client_root ss -Htn state established '( dport = :22 )' | awk '{ sub(/.*:/, "", $3); print $3; exit }')
	rules_input server "tcp sport $port drop"
	LIMIT=3
	screen_begins -t 2 web.lab || return
	run_here 'End the shared connection'
	until_true 5 "the master is gone" master_is_gone
}
# A full one: each further ssh complains of it.
row screenfix-stop-master - - 0 'Session open refused by peer'
case_screenfix-stop-master() {
	serve "MaxSessions 1"
	mux_config auto
	mux_master
	lab_client ssh -o BatchMode=yes web.lab sleep 60 </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	kit_wait "$LOG.0" "Starting session: command" 5
	screen_begins web.lab || return
	run_here 'Let the shared connection take no new sessions'
	grep -q refused "$ERR.login" && fail "ssh still complains: $(cat "$ERR.login")"
	master_is_gone && fail "the master is gone, and what ran in it"
}

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

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# How the program behaves: cancelling, private files, bad arguments.

# cancelled SIGNAL ARGS...: a run is sent the signal after a second.
cancelled() {
	[ "$TOOL" = ssh ] && return
	local signal=$1 before pid inner started i
	shift
	before=$(processes)
	lab_client sshmedic --json "$@" </dev/null >"$OUT" 2>"$ERR" &
	pid=$!
	inner=$(kit_child $pid)
	sleep 1
	started=${EPOCHREALTIME/./}
	kill "-$signal" "$inner" 2>/dev/null || fail "the run was over before the signal"
	for ((i = 0; i < 300; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.01
	done
	if kill -0 "$pid" 2>/dev/null; then
		fail "still there 3 s after the signal"
		kill -KILL "$inner"
	fi
	wait "$pid"
	RC=$?
	[ $RC = 130 ] || fail "exit $RC after SIG$signal, not 130"
	[ $((${EPOCHREALTIME/./} - started)) -lt 1000000 ] || fail "took over a second to leave"
	before=$(comm -13 <(echo "$before") <(processes))
	[ -z "$before" ] || fail "left running: $before"
	before=$(lab_client_root find /tmp -type f ! -name k)
	[ -z "$before" ] || fail "left behind: $before"
	raw_bytes "$OUT" "$ERR"
}

row cancel-silent-server - - -
case_cancel-silent-server() {
	odd 22 silent
	cancelled INT web.lab
}

row cancel-term - - -
case_cancel-term() {
	odd 22 silent
	cancelled TERM web.lab
}

row cancel-connecting - - -
case_cancel-connecting() {
	rules_input server 'tcp dport 22 drop'
	cancelled INT dual.lab
}

row cancel-proxy-child - - -
case_cancel-proxy-child() {
	odd 22 silent
	cancelled INT -o ProxyCommand='sleep 50' web.lab
}

row cancel-jump - - -
case_cancel-jump() {
	odd 22 silent
	cancelled TERM -J jump.lab web.lab
}

# A command of the user's own configuration that ssh -G runs.
row cancel-config-child - - -
case_cancel-config-child() {
	printf '%s\n' "Match exec \"sleep 50\"" "	User alice" | home config
	cancelled INT web.lab
}

row cancel-name-lookup - - -
case_cancel-name-lookup() {
	rules_input router 'udp dport 53 drop'
	lab_client_root sh -c 'cp /etc/resolv.conf /etc/resolv.keep; echo "nameserver 10.77.1.1" >/etc/resolv.conf'
	cancelled INT web.lab
	lab_client_root cp /etc/resolv.keep /etc/resolv.conf
}

row cancel-agent - - -
case_cancel-agent() {
	serve
	agent_odd silent
	cancelled INT web.lab
}

row cancel-proof - - -
case_cancel-proof() {
	serve
	fake_ssh 'sleep 50'
	cancelled INT web.lab
}

row record-is-private - - -
case_record-is-private() {
	[ "$TOOL" = ssh ] && return
	serve
	umask 000
	lab_client sshmedic --json --record /tmp/mine.ev web.lab </dev/null >"$OUT" 2>"$ERR"
	RC=$?
	umask 022
	[ $RC = 0 ] || fail "exit $RC"
	[ "$(lab_client stat -c %a /tmp/mine.ev)" = 600 ] || fail "mode $(lab_client stat -c %a /tmp/mine.ev)"
	local sum
	sum=$(lab_client cksum /tmp/mine.ev)
	lab_client sshmedic --json --record /tmp/mine.ev web.lab </dev/null >"$OUT" 2>"$ERR"
	RC=$?
	[ $RC = 2 ] || fail "exit $RC where the file exists"
	[ -s "$ERR" ] || fail "no message on stderr"
	[ "$sum" = "$(lab_client cksum /tmp/mine.ev)" ] || fail "the file was changed"
	lab_client ln -s /tmp/victim /tmp/link.ev
	lab_client sshmedic --json --record /tmp/link.ev web.lab </dev/null >"$OUT" 2>"$ERR"
	lab_client test -e /tmp/victim && fail "wrote through a dangling link"
}

# The same verdict from the recording as from the run.
row record-replays - - -
case_record-replays() {
	[ "$TOOL" = ssh ] && return
	serve
	authorized
	lab_client sshmedic --json --record /tmp/mine.ev web.lab </dev/null >"$OUT" 2>"$ERR"
	RC=$?
	[ $RC = 11 ] || fail "exit $RC"
	lab_client sshmedic --json --replay /tmp/mine.ev </dev/null >"$OUT.replay" 2>"$ERR"
	RC=$?
	[ $RC = 11 ] || fail "exit $RC of the replay"
	local k
	for k in verdict layers findings; do
		[ "$(json get $k)" = "$(OUT=$OUT.replay json get $k)" ] || fail "the replay's $k differs"
	done
}

# bad ARG...: refused with exit 2 and a message, nothing run, no connection.
bad() {
	lab_client sshmedic --json "$@" </dev/null >"$OUT" 2>"$ERR"
	RC=$?
	[ $RC = 2 ] || fail "exit $RC for: $*"
	[ -s "$ERR" ] || fail "no message for: $*"
	raw_bytes "$OUT" "$ERR"
}
row bad-targets - - -
case_bad-targets() {
	[ "$TOOL" = ssh ] && return
	serve
	bad
	bad ''
	bad 'a b'
	bad 'web.lab`touch /tmp/owned`'
	bad '$(touch /tmp/owned)'
	bad -- '-oProxyCommand=touch /tmp/owned'
	bad 'web.lab;touch /tmp/owned'
	bad $'web\x1b[31m.lab'
	bad $'web\n.lab'
	bad "$(printf 'a%.0s' {1..300})"
	bad web.lab:0
	bad web.lab:65536
	bad -p 65536 web.lab
	bad @web.lab
	bad --no-such-option web.lab
	bad -t x web.lab
	bad --replay /tmp/none.ev
	lab_client test -e /tmp/owned && fail "a command in a target was run"
	[ "$(connections)" = 0 ] || fail "$(connections) connections"
}

row odd-user-names - - -
case_odd-user-names() {
	[ "$TOOL" = ssh ] && return
	serve
	medic 'DOM\bob@web.lab'
	judge auth-key-rejected proven 11
	says 'DOM\bob'
	CONNS=2
	medic 'svc_1@web.lab'
	judge auth-key-rejected proven 11
}

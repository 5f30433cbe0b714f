# shellcheck shell=bash disable=SC2034
# The benchmark's world for root: client, router and server of the lab, each in
# namespaces of its own, with a relay for round trips. Sourced by run.sh, which
# sets RTT before it calls world_target.

# What the lab's kit expects of its caller.
# shellcheck disable=SC2034
TOOL=sshmedic RECORD_DIR=
. tests/lab/lib.sh
. tests/lab/kit.sh

WORLD="network namespaces" WORLD_FAR=1 MEDIC=sshmedic TOOLS='' TARGET=()

world_up() {
	lab_up "$BUILD/sshmedic" && kit_keys || return 1
	TOOLS=$LAB/tools
	cp tests/bench/measure.py "$TOOLS/"
}
world_down() { lab_down; }
world_client() { lab_client "$@"; }
world_rtt() { [ "$1" = 0 ] || lab_rtt "$1"; }
world_reset() { kit_reset "bench-$1"; }
# The kit's own log level would cost the server more than the login itself.
world_serve() { serve "LogLevel VERBOSE" "$@"; }
world_terminal() { :; } # a server of root always gives one
world_authorized() { authorized "$@"; }
world_known() { # KEY...: the client knows these host keys, and no other
	local k
	for k in "$@"; do
		echo "web.lab,far.lab,10.77.2.2,10.88.0.2 $(pub "$k")"
	done | home known_hosts
}
world_silent() { rules_input server 'tcp dport 22 drop'; }
world_log() { cat "$LOG".* 2>/dev/null; }
world_target() { TARGET=("$([ "$RTT" = 0 ] && echo web.lab || echo far.lab)"); }

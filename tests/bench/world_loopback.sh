# shellcheck shell=bash disable=SC2034
# The benchmark's world without root: an sshd of the user's own on loopback,
# with keys and a configuration of its own in a private folder. Sourced by run.sh.

WORLD="loopback (no root)" WORLD_FAR='' MEDIC=$PWD/$BUILD/sshmedic TOOLS=$PWD/$BENCH TARGET=()
[ "${BUILD#/}" = "$BUILD" ] || MEDIC=$BUILD/sshmedic
WORLD_DIR='' WORLD_SSHD='' WORLD_PORT=''

world_up() {
	local n
	WORLD_DIR=$(mktemp -d) || return 1
	for n in id work_key host host2; do
		ssh-keygen -q -t ed25519 -N '' -f "$WORLD_DIR/$n" </dev/null || return 1
	done
	ssh-keygen -q -t rsa -b 2048 -N '' -f "$WORLD_DIR/host_rsa" </dev/null || return 1
	unset SSH_AUTH_SOCK
	WORLD_PORT=$(/usr/bin/python3 -I -S -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	printf '%s\n' "IdentityFile $WORLD_DIR/id" "IdentitiesOnly yes" "Port $WORLD_PORT" \
	    "UserKnownHostsFile $WORLD_DIR/known_hosts" "GlobalKnownHostsFile none" >"$WORLD_DIR/config"
}
world_stop() {
	[ -n "$WORLD_SSHD" ] && kill "$WORLD_SSHD" 2>/dev/null && wait "$WORLD_SSHD" 2>/dev/null
	WORLD_SSHD=
}
world_down() {
	world_stop
	[ -n "$WORLD_DIR" ] && rm -rf "$WORLD_DIR"
}
world_client() { "$@"; }
world_rtt() { [ "$1" = 0 ]; }
world_authorized() {
	local k
	for k in "$@"; do
		cat "$WORLD_DIR/$k.pub"
	done >"$WORLD_DIR/authorized"
}
world_known() { # KEY...: the client knows these host keys, and no other
	local k
	for k in "$@"; do
		echo "[127.0.0.1]:$WORLD_PORT $(cut -d' ' -f1,2 "$WORLD_DIR/$k.pub")"
	done >"$WORLD_DIR/known_hosts"
}
world_reset() {
	world_stop
	: >"$WORLD_DIR/log"
	world_authorized id
	world_known host host_rsa
}
world_serve() {
	local i
	printf '%s\n' "$@" "LogLevel VERBOSE" "Port $WORLD_PORT" "ListenAddress 127.0.0.1" "PidFile none" \
	    "HostKey $WORLD_DIR/host" "HostKey $WORLD_DIR/host_rsa" "UsePAM no" "StrictModes no" \
	    "PasswordAuthentication no" "KbdInteractiveAuthentication no" \
	    "AuthorizedKeysFile $WORLD_DIR/authorized" "Subsystem sftp internal-sftp" >"$WORLD_DIR/sshd_config"
	"$(command -v sshd)" -D -e -f "$WORLD_DIR/sshd_config" </dev/null >>"$WORLD_DIR/log" 2>&1 &
	WORLD_SSHD=$!
	for ((i = 0; i < 200; i++)); do
		grep -q "Server listening on" "$WORLD_DIR/log" && return 0
		sleep 0.02
	done
	return 1
}
# Whether the server gives a terminal: that of a user cannot where it may not chown the device.
world_terminal() {
	ssh -tt -o BatchMode=yes "${TARGET[@]}" true </dev/null >/dev/null 2>&1
}
world_log() { cat "$WORLD_DIR/log"; }
world_target() { TARGET=(-F "$WORLD_DIR/config" 127.0.0.1); }

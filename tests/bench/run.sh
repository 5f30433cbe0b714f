#!/bin/bash
# Speed and size, each figure beside its peer's from the same run: one line a
# figure, `NAME: sshmedic X, PEER Y, limit Z: ok` (or MISS).
#
#   sudo make bench                   all figures, in the lab's namespaces
#   make bench                        without root: on loopback only
#   tests/bench/run.sh [PATTERN...]   those whose names match (shell patterns)
#   RUNS=5 STRICT=1 make bench        medians of 5; exit 1 if a figure misses its limit
#
# BUILD names the build folder (build). Exit 2 if something could not be measured.
#
# Both programs are started in turn by measure.py on the client itself, so that
# entering a namespace costs neither of them anything. A healthy verdict's time is
# that of the first evidence line with which a replay of the recording so far
# says healthy, as it reached the reader of --jsonl; the run's end is later, for the
# shell has to stay open for a while.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} RUNS=${RUNS:-20} STRICT=${STRICT:-}
PATH=$PATH:/usr/sbin:/sbin
WANTED=("$@")
BENCH=tests/bench

if [ ! -x "$BUILD/sshmedic" ]; then
	echo "bench: $BUILD/sshmedic is not built" >&2
	exit 2
fi
for tool in ssh sshd ssh-keygen /usr/bin/python3; do
	command -v "$tool" >/dev/null && continue
	echo "bench: $tool is not installed" >&2
	exit 2
done

if [ "$(id -u)" = 0 ]; then
	. $BENCH/world_lab.sh
else
	. $BENCH/world_loopback.sh
fi

NOTES=$(mktemp)
MISSED=0 BROKEN=0
leave() {
	world_down
	rm -f "$NOTES"
}
trap leave EXIT
trap 'exit 130' INT TERM

wanted() { # NAME
	local p
	[ ${#WANTED[@]} -eq 0 ] && return 0
	for p in "${WANTED[@]}"; do
		# shellcheck disable=SC2053
		[[ $1 == $p ]] && return 0
	done
	return 1
}

# figure NAME KIND WORDS... -- TARGET...: take it and print it.
figure() {
	local name=$1 kind=$2
	shift 2
	world_client /usr/bin/python3 -I -S "$TOOLS/measure.py" "$kind" --name "$name" --medic "$MEDIC" \
	    --runs "$RUNS" "$@" </dev/null 2>&1 | tee "$NOTES"
	[ "${PIPESTATUS[0]}" = 0 ] || BROKEN=$((BROKEN + 1))
	MISSED=$((MISSED + $(grep -c ': MISS$' "$NOTES")))
}

unmeasured() { # NAME WHY
	echo "$1: could not be measured: $2"
	BROKEN=$((BROKEN + 1))
}

# connections NAME FINDING: what the server saw of one failing diagnosis.
connections() {
	local before after passwords line good=ok
	before=$(world_log | grep -c "Connection from")
	world_client /usr/bin/python3 -I -S "$TOOLS/measure.py" spent --medic "$MEDIC" --finding "$2" \
	    -- "${TARGET[@]}" </dev/null 2>&1 || { unmeasured "connections $1" "another verdict"; return; }
	sleep 0.2
	after=$(world_log | grep -c "Connection from")
	passwords=$(world_log | grep -c -e "Failed password" -e "Failed keyboard-interactive")
	line="connections $1: sshmedic $((after - before)), failed password attempts $passwords"
	if [ $((after - before)) -ne 1 ] || [ "$passwords" -ne 0 ]; then
		good=MISS MISSED=$((MISSED + 1))
	fi
	echo "$line, limit 1 and 0: $good"
}

# The situations: each makes the server and the client's files, and sets TARGET.
make_refused() { world_reset refused; world_target; }
make_rejected() {
	world_reset rejected
	world_serve
	world_authorized work_key
	world_target
}
make_changed() {
	world_reset changed
	world_serve
	world_known host2
	world_target
}
make_rsa_only() {
	world_reset rsa-only
	world_serve "HostKeyAlgorithms ssh-rsa"
	world_known host_rsa
	world_target
}
make_healthy() {
	world_reset healthy
	world_serve
	world_target
}

# failing NAME RTT TRIPS FINDING MAKE
failing() {
	wanted "$1" || return 0
	RTT=$2
	"$5"
	figure "$1" verdict --finding "$4" --rtt "$2" --trips "$3" -- "${TARGET[@]}"
	[ "$3" = 0 ] && [ "$2" = 0 ] && connections "${1#verdict }" "$4"
}

at_round_trip() { # MS
	world_rtt "$1" || { unmeasured "round trip of $1 ms" "the relay did not start"; return; }
	failing "verdict refused $1 ms" "$1" 2 tcp-refused make_refused
	failing "verdict key-rejected $1 ms" "$1" 0 auth-key-rejected make_rejected
	failing "verdict hostkey-changed $1 ms" "$1" 0 hostkey-changed make_changed
	failing "verdict no-common-hostkey-alg $1 ms" "$1" 0 kex-no-common-hostkey-alg make_rsa_only
	if wanted "verdict healthy $1 ms"; then
		RTT=$1
		make_healthy
		if world_terminal; then
			figure "verdict healthy $1 ms" healthy -- "${TARGET[@]}"
		else
			echo "verdict healthy $1 ms: an sshd without root gives no terminal here, skipped"
		fi
	fi
}

world_up || { echo "bench: $WORLD could not be made" >&2; exit 2; }
echo "sshmedic and $(ssh -V 2>&1 | sed 's/,.*//') on $WORLD, $(nproc) processors," \
    "load $(cut -d' ' -f1-3 /proc/loadavg), medians of $RUNS"
at_round_trip 0
if [ -n "$WORLD_FAR" ]; then
	at_round_trip 100
	if wanted silence; then
		RTT=0
		world_reset silence
		world_silent
		world_target
		figure silence silence --finding tcp-timeout -- "${TARGET[@]}"
	fi
else
	echo "round trips of 100 ms and dropped packets: need root (network namespaces), skipped"
fi
RTT=0
make_healthy
wanted screen && figure screen screen -- "${TARGET[@]}"
wanted stuck && figure stuck stuck -- "${TARGET[@]}"
wanted frames && figure frames frames -- "${TARGET[@]}"
wanted memory && figure memory memory -- "${TARGET[@]}"
wanted targets && figure targets targets -- many
wanted paste && figure "paste of ssh -vvv" paste -- "$PWD/tests/transcripts/auth-publickey-denied/client.text"
wanted log && figure "log of sshd, 100 MB" log -- "$PWD"
wanted log && figure "evidence of 100,000 lines" evidence -- "$PWD"
if wanted keys; then
	seconds=0.5
	if [ -n "$WORLD_FAR" ] && world_rtt 100; then
		# shellcheck disable=SC2034 # read by world_target
		RTT=100 seconds=1.3
		world_target
	fi
	figure keys keys --seconds $seconds -- "${TARGET[@]}"
fi
echo "load $(cut -d' ' -f1-3 /proc/loadavg), $MISSED missed, $BROKEN not measured"
[ $BROKEN -eq 0 ] || exit 2
[ $MISSED -eq 0 ] || [ -z "$STRICT" ]

#!/bin/bash
# Practice runs and their recordings in tests/practice/: a fresh run of each case
# says what the replay of its recording says: finding, certainty, states of the
# layers, fixes. So the pictures made of the recordings are what anybody sees.
#
#   BUILD=build bash tests/practice.sh [--record [CASE ...]]     --record: write recordings anew
#
# A recording is as the run wrote it, but for the folder and the port that the
# practice made up for it.

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) prog=$BUILD/sshmedic ;; *) prog=$PWD/$BUILD/sshmedic ;; esac
at=tests/practice
[ -x "$prog" ] || { echo "$prog is not built"; exit 1; }
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C.UTF-8 HOME=$tmp XDG_CONFIG_HOME=$tmp/none TMPDIR=/tmp
unset SSH_AUTH_SOCK SSH_CONNECTION
passed=0 failed=0

# What a report says, without what differs from run to run.
gist() {
	python3 -c '
import json, sys
r = json.load(sys.stdin)
print(r["verdict"]["finding"], r["verdict"]["layer"], r["verdict"]["certainty"], r["verdict"]["candidates"])
print(*(l["id"] + "=" + l["state"] for l in r["layers"]))
for f in r["findings"]:
    print(f["id"], f["severity"], f["certainty"], [x["id"] for x in f["fixes"]])'
}

record() { # record CASE: a run into its file
	local port
	rm -f "$tmp/ev"
	"$prog" --practice="$1" -t 3 --record "$tmp/ev" --json >/dev/null || return 1
	port=$(sed -n 's/.* config.value name=port value=\([0-9]*\)$/\1/p' "$tmp/ev" | head -n 1)
	[ -n "$port" ] || return 1
	sed -E "s|/tmp/sshmedic-practice-[A-Za-z0-9]+|/tmp/practice|g; s/\\b$port\\b/2222/g" "$tmp/ev" >"$at/$1.ev"
}

mode=$1
shift
for id in ${*:-$("$prog" --list-practice | awk '{ print $1 }')}; do
	if [ "$mode" = --record ]; then
		record "$id" || { echo "FAIL $id"; exit 1; }
		echo "$at/$id.ev"
		continue
	fi
	why=
	"$prog" --practice="$id" -t 3 --json >"$tmp/run" || why="the fresh run ended with $?"
	"$prog" --replay "$at/$id.ev" --json >"$tmp/replay"
	gist <"$tmp/run" >"$tmp/run.gist" || why="no report of the run"
	gist <"$tmp/replay" >"$tmp/replay.gist" || why="no report of the replay"
	cmp -s "$tmp/run.gist" "$tmp/replay.gist" || why=${why:-the recording says something else}
	if [ -z "$why" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $id: $why"
		diff "$tmp/replay.gist" "$tmp/run.gist"
	fi
done
[ "$mode" = --record ] && exit 0
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]

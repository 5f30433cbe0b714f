#!/bin/bash
# Real failures on one machine, each diagnosed by the real program: builds the
# world of lib.sh once and runs the cases of cases/*.sh in it.
#
#   sudo make lab                          all cases
#   tests/lab/run.sh [PATTERN...]          those whose names match (shell patterns)
#   RECORD_DIR=DIR tests/lab/run.sh        keep a recording of each case
#   TOOL=ssh tests/lab/run.sh              show that the situations are real: run plain ssh instead
#   KEEP=DIR tests/lab/run.sh              keep reports and server logs of failed cases
#   SLOW=1 tests/lab/run.sh                cases that take minutes, too
#
# BUILD names the build folder (build). Needs root, for namespaces and nft.
# One line a case; the last line is "N passed, N failed". Exit 1 if any failed.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} TOOL=${TOOL:-sshmedic} RECORD_DIR=${RECORD_DIR:-} KEEP=${KEEP:-}

if [ "$(id -u)" != 0 ]; then
	echo "the lab needs root (network namespaces): skipped"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
for tool in unshare nsenter setpriv ip nft dnsmasq sshd dropbear ssh ssh-keygen /usr/bin/python3; do
	PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null && continue
	echo "not ok lab: $tool is not installed"
	echo "0 passed, 1 failed"
	exit 1
done
if [ "$TOOL" != ssh ] && [ ! -x "$BUILD/sshmedic" ]; then
	echo "not ok lab: $BUILD/sshmedic is not built"
	echo "0 passed, 1 failed"
	exit 1
fi
PATH=$PATH:/usr/sbin:/sbin

. tests/lab/lib.sh
. tests/lab/kit.sh
. tests/lab/screen.sh
for file in tests/lab/cases/*.sh; do
	. "$file"
done

trap lab_down EXIT
trap 'exit 130' INT TERM
if ! lab_up "$([ "$TOOL" = ssh ] || echo "$BUILD/sshmedic")" || ! kit_keys; then
	echo "0 passed, 1 failed"
	exit 1
fi
[ -n "$RECORD_DIR" ] && mkdir -p "$RECORD_DIR"
[ -n "$KEEP" ] && mkdir -p "$KEEP"

wanted() { # NAME PATTERN...
	local name=$1 p
	shift
	[ $# -eq 0 ] && return 0
	for p in "$@"; do
		# shellcheck disable=SC2053
		[[ $name == $p ]] && return 0
	done
	return 1
}

# truth REGEX: plain ssh in this situation says so (a healthy one: exits 0).
truth() {
	if [ -z "$1" ]; then
		[ "$RC" = 0 ] || fail "ssh exits $RC: $(tail -n 1 "$ERR")"
	elif [ "$1" != - ] && ! grep -q -a -E -e "$1" "$ERR" "$OUT"; then
		[[ "exit $RC" =~ $1 ]] || fail "ssh (exit $RC) does not say '$1': $(tail -n 2 "$ERR" | tr '\n' ' ')"
	fi
}

passed=0 failed=0
for r in "${ROWS[@]}"; do
	IFS='|' read -r NAME want certainty exit_code regex <<<"$r"
	wanted "$NAME" "$@" || continue
	OUT=$LAB/log/$NAME.json ERR=$LAB/log/$NAME.err RC=0 FAILS=()
	unset STEP CONNS LIMIT SSHD FIX_OF
	start=${EPOCHREALTIME/./}
	kit_reset "$NAME"
	: >"$OUT"
	: >"$ERR"
	"case_$NAME"
	if [ "$TOOL" = ssh ]; then
		truth "$regex"
	elif [ "$want" != - ]; then
		judge "$want" "$certainty" "$exit_code"
	fi
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	if [ ${#FAILS[@]} -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $NAME (${took} ms)"
	else
		failed=$((failed + 1))
		text=$(printf '; %s' "${FAILS[@]}")
		echo "not ok $NAME (${took} ms): ${text:2}"
		[ -n "$KEEP" ] && cp "$LAB/log/$NAME".* "$KEEP/"
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]

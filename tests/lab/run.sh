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
#   JOBS=1 tests/lab/run.sh                one world (2: cases mostly wait, so two worlds share them)
#
# BUILD names the build folder (build). Needs root, for namespaces and nft.
# One line a case; the last line is "N passed, N failed". Exit 1 if any failed.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build} TOOL=${TOOL:-sshmedic} RECORD_DIR=${RECORD_DIR:-} KEEP=${KEEP:-} JOBS=${JOBS:-2}

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
twice=$(grep -hoE '^[A-Za-z_][A-Za-z0-9_-]*\(\)' tests/lab/*.sh tests/lab/cases/*.sh | sort | uniq -d | tr '\n' ' ')
if [ -n "$twice" ]; then
	echo "not ok lab: made in two files, and one hides the other: $twice"
	echo "0 passed, 1 failed"
	exit 1
fi

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

# one_case: the case NAME from its beginning to its line of the result.
one_case() {
	local start text
	OUT=$LAB/log/$NAME.json ERR=$LAB/log/$NAME.err RC=0 FAILS=()
	unset STEP CONNS LIMIT SSHD FIX_OF WORKS SCREEN_TERM WHERE
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
		echo "ok $NAME (${took} ms)"
		return
	fi
	text=$(printf '; %s' "${FAILS[@]}")
	echo "not ok $NAME (${took} ms): ${text:2}"
	[ -n "$KEEP" ] && cp "$LAB/log/$NAME".* "$KEEP/"
}

# world PATTERN...: a world of its own, which takes one case after the other that no other world has taken.
world() {
	trap lab_down EXIT
	trap 'exit 130' INT TERM
	if ! lab_up "$([ "$TOOL" = ssh ] || echo "$BUILD/sshmedic")" || ! kit_keys; then
		echo "not ok lab: the hosts did not come up"
		return 1
	fi
	for r in "${ROWS[@]}"; do
		IFS='|' read -r NAME want certainty exit_code regex <<<"$r"
		if wanted "$NAME" "$@" && mkdir "$LAB_TAKEN/$NAME" 2>/dev/null; then
			one_case >"$LAB/result"
			tee -a "$LAB_TAKEN.results" <"$LAB/result"
		fi
	done
	kit_reset end
}
if [ -n "${LAB_TAKEN:-}" ]; then
	world "$@"
	exit
fi

lab_relay_build || exit 1
[ -n "$RECORD_DIR" ] && mkdir -p "$RECORD_DIR"
[ -n "$KEEP" ] && mkdir -p "$KEEP"
LAB_TAKEN=$(mktemp -d) || exit 1
worlds=()
over() {
	[ ${#worlds[@]} -eq 0 ] || kill -TERM "${worlds[@]}" 2>/dev/null
	wait
	rm -rf "$LAB_TAKEN" "$LAB_TAKEN.results"
}
trap over EXIT
trap 'exit 130' INT TERM
: >"$LAB_TAKEN.results"
# A background job of a shell ignores SIGINT, and so would every program of a case: that is what env is for.
export LAB_TAKEN BUILD TOOL RECORD_DIR KEEP
for ((job = 0; job < JOBS; job++)); do
	env --default-signal=INT,QUIT bash tests/lab/run.sh "$@" </dev/null &
	worlds+=("$!")
done
broken=0
for job in "${worlds[@]}"; do
	wait "$job" || broken=$((broken + 1))
done
worlds=()
cases=0
for r in "${ROWS[@]}"; do
	wanted "${r%%|*}" "$@" && cases=$((cases + 1))
done
passed=$(grep -a -c '^ok ' "$LAB_TAKEN.results")
failed=$(grep -a -c '^not ok ' "$LAB_TAKEN.results")
[ $((passed + failed)) = $cases ] || echo "not ok lab: $((cases - passed - failed)) of $cases cases did not run"
grep -a '^not ok' "$LAB_TAKEN.results" | cut -c 1-300 >&2
failed=$((cases - passed > broken ? cases - passed : broken))
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ "$passed" -gt 0 ]

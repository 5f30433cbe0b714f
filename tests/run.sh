#!/bin/sh
# Runs every test that needs no root and no network, one line each, and ends
# with the total: "N passed, N failed". Called by `make check`.
#
#   BUILD=build sh tests/run.sh
#   PROGRAM_ONLY=1 sh tests/run.sh     without what runs no program of ours
#
# A test's own counts are taken where it prints them (cmocka's, or a last line
# "N passed, N failed"); else the program counts as one. Exit 77: skipped.

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
export BUILD
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0

# counts: "PASSED FAILED" by the output in $log, empty if it says neither
counts() {
	awk '/\[  PASSED  \] [0-9]+ test/ { p = p + $4; seen = 1 }
	     /\[  FAILED  \] [0-9]+ test/ { f = f + $4; seen = 1 }
	     match($0, /[0-9]+ passed, [0-9]+ failed/) {
		split(substr($0, RSTART, RLENGTH), w, /[ ,]+/); lp = w[1]; lf = w[3]; line = 1 }
	     END { if (line) print lp, lf; else if (seen) print p + 0, f + 0 }' "$log"
}

# one NAME COMMAND...: run it, say how it went, add to the totals
one() {
	name=$1
	shift
	timeout -k 5 600 "$@" >"$log" 2>&1 </dev/null
	rc=$?
	if [ $rc = 77 ]; then
		skipped=$((skipped + 1))
		echo "skip $name: $(tail -n 1 "$log")"
		return
	fi
	counts=$(counts)
	p=${counts%% *} f=${counts##* }
	[ -n "$counts" ] || { p=0 f=0; [ $rc = 0 ] && p=1; }
	# An end by a signal or by time is a failure even where the counts look good.
	[ $rc != 0 ] && [ "$f" = 0 ] && f=1
	passed=$((passed + p)) failed=$((failed + f))
	if [ "$f" = 0 ]; then
		echo "ok   $name ($p)"
	else
		echo "FAIL $name ($p passed, $f failed, exit $rc)"
		tail -n 60 "$log" | sed 's/^/     | /'
	fi
}

for t in "$BUILD"/unit/test_* "$BUILD"/io/test_* "$BUILD"/screen/test_*; do
	case $t in *.d | *.o | *.dSYM) continue ;; esac
	[ -x "$t" ] && one "${t#"$BUILD"/}" "$t"
done
[ -x "$BUILD/golden" ] && one golden "$BUILD/golden"
[ -x "$BUILD/transcripts" ] && one transcripts "$BUILD/transcripts"
for t in tests/cli.sh tests/practice_trace.sh; do
	[ -f "$t" ] && one "$t" sh "$t"
done
one tests/practice.sh bash tests/practice.sh
[ -f tests/e2e/run.sh ] && one tests/e2e/run.sh bash tests/e2e/run.sh
# What runs no program of ours, or only draws: another build of it changes nothing there.
if [ -z "${PROGRAM_ONLY:-}" ]; then
	one tests/borders.sh sh tests/borders.sh
	one tests/collector.sh bash tests/collector.sh
	one tests/guard.sh bash tests/guard.sh
	one tests/screenshots.sh bash tests/screenshots.sh --check
fi

[ $skipped = 0 ] || echo "$skipped skipped"
[ $passed -gt 0 ] || { echo "nothing ran: is $BUILD built?"; failed=$((failed + 1)); }
echo "$passed passed, $failed failed"
[ $failed = 0 ]

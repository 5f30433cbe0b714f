#!/bin/sh
# Runs every test that needs no root and no network, one line each, and ends
# with the total: "N passed, N failed". Called by `make check`.
#
#   BUILD=build sh tests/run.sh
#   PROGRAM_ONLY=1 sh tests/run.sh     without what runs no program of ours
#   JOBS=1 sh tests/run.sh             one after the other (2: two at a time)
#
# A test's own counts are taken where it prints them (cmocka's, or a last line
# "N passed, N failed"); else the program counts as one. Exit 77: skipped.

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
export BUILD
JOBS=${JOBS:-2}
dir=${RUN_DIR:-}

# counts LOG: "PASSED FAILED" by that output, empty if it says neither
counts() {
	awk '/\[  PASSED  \] [0-9]+ test/ { p = p + $4; seen = 1 }
	     /\[  FAILED  \] [0-9]+ test/ { f = f + $4; seen = 1 }
	     match($0, /[0-9]+ passed, [0-9]+ failed/) {
		split(substr($0, RSTART, RLENGTH), w, /[ ,]+/); lp = w[1]; lf = w[3]; line = 1 }
	     END { if (line) print lp, lf; else if (seen) print p + 0, f + 0 }' "$1"
}

# one NAME COMMAND...: run it, say how it went, note "PASSED FAILED SKIPPED"
one() {
	name=$1 log=$dir/log.$job began=$(date +%s)
	shift
	timeout -k 5 600 "$@" >"$log" 2>&1 </dev/null
	rc=$?
	took=$(($(date +%s) - began))
	if [ $rc = 77 ]; then
		echo "skip $name: $(tail -n 1 "$log")"
		echo 0 0 1 >>"$dir/counts.$job"
		return
	fi
	counts=$(counts "$log")
	p=${counts%% *} f=${counts##* }
	[ -n "$counts" ] || { p=0 f=0; [ $rc = 0 ] && p=1; }
	# An end by a signal or by time is a failure even where the counts look good.
	[ $rc != 0 ] && [ "$f" = 0 ] && f=1
	echo "$p $f 0" >>"$dir/counts.$job"
	if [ "$f" = 0 ]; then
		echo "ok   $name ($p) $took s"
	else
		{ echo "FAIL $name ($p passed, $f failed, exit $rc, $took s)"; tail -n 60 "$log" | sed 's/^/     | /'; } >"$log.said"
		cat "$log.said"
	fi
}

# take NAME COMMAND...: the next test, if no other worker has it.
test_nr=0
take() {
	test_nr=$((test_nr + 1))
	mkdir "$dir/taken.$test_nr" 2>/dev/null && one "$@"
}

# What takes longest comes first, so that the last one to end is short.
all() {
	[ -f tests/e2e/run.sh ] && take tests/e2e/run.sh bash tests/e2e/run.sh
	# What runs no program of ours, or only draws: another build of it changes nothing there.
	[ -n "${PROGRAM_ONLY:-}" ] || take tests/guard.sh bash tests/guard.sh
	[ -x "$BUILD/golden" ] && take golden "$BUILD/golden"
	[ -x "$BUILD/unit/test_diag" ] && take unit/test_diag "$BUILD/unit/test_diag"
	take tests/practice.sh bash tests/practice.sh
	if [ -z "${PROGRAM_ONLY:-}" ]; then
		take tests/screenshots.sh bash tests/screenshots.sh --check
		take tests/collector.sh bash tests/collector.sh
		take tests/borders.sh sh tests/borders.sh
		take tests/screenfix.py python3 tests/screenfix.py
		take tests/install.sh bash tests/install.sh
	fi
	[ -x "$BUILD/transcripts" ] && take transcripts "$BUILD/transcripts"
	[ -f tests/watch.py ] && take tests/watch.py python3 tests/watch.py
	for t in tests/cli.sh tests/practice_trace.sh; do
		[ -f "$t" ] && take "$t" sh "$t"
	done
	for t in "$BUILD"/io/test_* "$BUILD"/unit/test_* "$BUILD"/screen/test_*; do
		case $t in *.d | *.o | *.dSYM | */test_diag) continue ;; esac
		[ -x "$t" ] && take "${t#"$BUILD"/}" "$t"
	done
}

if [ -n "$dir" ]; then
	job=$RUN_JOB
	trap 'exit 130' INT TERM
	all
	: >"$dir/through.$job"
	exit 0
fi

dir=$(mktemp -d) || exit 1
pids=
over() {
	# shellcheck disable=SC2086
	[ -z "$pids" ] || kill $pids 2>/dev/null
	wait
	rm -rf "$dir"
}
trap over EXIT
trap 'exit 130' INT TERM
job=0
while [ $job -lt "$JOBS" ]; do
	: >"$dir/counts.$job"
	# A background job of a shell ignores SIGINT, and so would the programs under test.
	RUN_DIR=$dir RUN_JOB=$job env --default-signal=INT,QUIT sh tests/run.sh &
	pids="$pids $!"
	job=$((job + 1))
done
# shellcheck disable=SC2086
wait $pids
pids=

# shellcheck disable=SC2046
set -- $(cat "$dir"/counts.* | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
passed=$1 failed=$2
for job in $(seq 0 $((JOBS - 1))); do
	[ -e "$dir/through.$job" ] || { echo "FAIL worker $job ended before the last test"; failed=$((failed + 1)); }
done
[ "$3" = 0 ] || echo "$3 skipped"
[ "$passed" -gt 0 ] || { echo "nothing ran: is $BUILD built?"; failed=$((failed + 1)); }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

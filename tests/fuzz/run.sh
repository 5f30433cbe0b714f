#!/usr/bin/env bash
# Build every tests/fuzz/fuzz_*.c with the pure core under ASan and UBSan and run each for SECONDS_EACH
# seconds, from the corpus in tests/fuzz/corpus/NAME. The corpus itself is not written to: new inputs go
# to BUILD/fuzz/corpus. A crash leaves its input in BUILD/fuzz and fails the run.
#
#   tests/fuzz/run.sh            all of them
#   tests/fuzz/run.sh ident sshg these
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-clang}
SECONDS_EACH=${SECONDS_EACH:-10}
out=${BUILD:-build}/fuzz
flags=(-std=c11 -D_GNU_SOURCE '-DSSHMEDIC_VERSION="fuzz"' -I. -O1 -g -fno-omit-frame-pointer
	-fno-sanitize-recover=undefined)
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

mkdir -p "$out/obj"
echo 'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return d == 0 && n; }' >"$out/probe.c"
if ! $CC -fsanitize=fuzzer "$out/probe.c" -o "$out/probe" 2>"$out/probe.log"; then
	echo "fuzz: $CC cannot link -fsanitize=fuzzer (Debian: clang and libclang-rt-dev)" >&2
	cat "$out/probe.log" >&2
	exit 1
fi

rm -f "$out/libcore.a" "$out"/obj/*.o
for src in core/*.c core/recognise/*.c; do
	$CC "${flags[@]}" -fsanitize=fuzzer-no-link,address,undefined -c "$src" -o "$out/obj/$(basename "$src" .c).o" || exit 1
done
ar rcs "$out/libcore.a" "$out"/obj/*.o || exit 1

passed=0
failed=0
for src in tests/fuzz/fuzz_*.c; do
	name=$(basename "$src" .c)
	name=${name#fuzz_}
	case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
	work=$out/corpus/$name
	mkdir -p "$work"
	cp -n tests/fuzz/corpus/"$name"/* "$work"/ 2>/dev/null
	dict=
	[ -f "tests/fuzz/$name.dict" ] && dict=-dict=tests/fuzz/$name.dict
	if ! $CC "${flags[@]}" -fsanitize=fuzzer,address,undefined "$src" "$out/libcore.a" -lcjson -o "$out/fuzz_$name"; then
		echo "FAIL $name: does not build"
		failed=$((failed + 1))
		continue
	fi
	# shellcheck disable=SC2086
	if "$out/fuzz_$name" -max_total_time="$SECONDS_EACH" -timeout=5 -rss_limit_mb=1024 -max_len=65536 \
		-print_final_stats=1 -artifact_prefix="$out/crash-$name-" $dict "$work" >"$out/$name.log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$name.log")
		echo "ok   $name: ${runs:-0} inputs in $SECONDS_EACH s"
		passed=$((passed + 1))
	else
		echo "FAIL $name: see $out/$name.log"
		grep -m 3 -E 'ERROR|SUMMARY|runtime error|broken:|Test unit written' "$out/$name.log"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

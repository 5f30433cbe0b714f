#!/bin/sh
# Who may use what, held by the linker's own tables:
#
#   core/     libc, and of it memory, strings and (book, replay, reports) stdio;
#             no clock, no environment, no libuv, libssh or ncurses
#   core/io/  no ncurses
#   tui/      no libssh, no probe: of core/io/ the doors named below
#
# BUILD=build sh tests/borders.sh      after a build; ends with "N passed, N failed"

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
CC=${CC:-cc}
passed=0 failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Every part of the core may use these; the last words are the compiler's and the sanitizers'.
text='mem[a-z]*|str(len|n?cmp|n?casecmp|r?chr|chrnul|n?len|c?spn|pbrk|str|to(l|ul|ll|ull|imax|umax))|v?snprintf|qsort|bsearch
|__isoc(99|23)_.*|__(mem|str|v?snprintf)[a-z_]*_chk|__stack_chk_fail|__assert_fail|abort|__(asan|ubsan|lsan|sanitizer)_.*|_GLOBAL_OFFSET_TABLE_'
# These parts allocate and write to a FILE that they are given.
heap='malloc|calloc|realloc|free|__errno_location|strerror|f(printf|puts|putc|write|close|error|read|flush)|fread|ferror|feof|getc|putc|_IO_getc|_IO_putc|fputc|fgetc|__fprintf_chk'
holders='baseline|book|handover|roster|targetlist|veil|replay|paste|recognise|report_text|report_markdown|report_json|report_explain|flow'
json='cJSON_[A-Za-z_]*'
doors='engine|practice|library|change_apply' # the headers of core/io/ that tui/ may include

say() { # say NAME LIST: passed if LIST is empty
	if [ -z "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1:"
		echo "$2" | sed 's/^/     /'
	fi
}

undefined() { nm -u "$1" | awk '{ print $NF }' | sort -u; }

# Undefined symbols of an object of core/ that it may not have. $2: what core/ itself defines.
core_strangers() {
	allowed=$(printf %s "$text" | tr -d '\n')
	name=$(basename "$1" .o)
	echo "$name" | grep -Eqx "$holders" && allowed="$allowed|$heap"
	[ "$name" = report_json ] && allowed="$allowed|$json"
	undefined "$1" | grep -Fxv -f "$2" | grep -Evx "$allowed"
}

# What ncurses exports, by its own tables.
for lib in libncursesw.so.6 libtinfo.so.6; do
	nm -D --defined-only "$(${CC} -print-file-name=$lib)" 2>/dev/null
done | awk '{ sub(/@.*/, "", $NF); print $NF }' | grep -v '^_' | sort -u >"$tmp/curses"
grep -qx newterm "$tmp/curses" || { echo "cannot read the symbols of ncursesw"; exit 1; }

for o in "$BUILD"/obj/core/*.o "$BUILD"/obj/core/recognise/*.o; do
	nm --defined-only "$o" | awk '{ print $NF }'
done | sort -u >"$tmp/core"

n=0
for o in "$BUILD"/obj/core/*.o "$BUILD"/obj/core/recognise/*.o; do
	say "$o uses" "$(core_strangers "$o" "$tmp/core")"
	n=$((n + 1))
done
for o in "$BUILD"/obj/core/io/*.o; do
	nm --defined-only "$o" | awk '{ print $NF }'
done | sort -u >"$tmp/io"
for o in "$BUILD"/obj/core/io/*.o; do
	say "$o uses ncurses" "$(undefined "$o" | grep -Fxv -f "$tmp/io" | grep -Fx -f "$tmp/curses")"
	n=$((n + 1))
done
for o in "$BUILD"/obj/tui/*.o; do
	say "$o uses" "$(undefined "$o" | grep -E '^(ssh_|sftp_|channel_|probe_)')"
	n=$((n + 1))
done
[ $n -gt 10 ] || { echo "only $n objects in $BUILD/obj: build first"; exit 1; }

# The same by the includes, which no optimiser can hide.
libc='stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|inttypes|limits|errno|stdarg|assert|strings'
say "core/ includes" "$(grep -En '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' core/*.[ch] core/recognise/*.[ch] |
	grep -Ev "<($libc)\.h>" | grep -Ev '^core/report_json\.c:.*<cjson/cJSON\.h>')"
say "core/ includes of core/io/" "$(grep -En '#[[:space:]]*include[[:space:]]*".*(io|tui)/' core/*.[ch] core/recognise/*.[ch])"
say "core/io/ includes" "$(grep -En '#[[:space:]]*include.*(curses|term\.h|tui/)' core/io/*.[ch])"
say "tui/ includes" "$(grep -En '#[[:space:]]*include.*(libssh|core/io/)' tui/*.[ch] |
	grep -Ev "core/io/($doors)\.h\"")"

# And this test can see: objects that break the rules must be found.
plant() { # plant NAME CODE
	echo "$2" | $CC -x c -w -c -o "$tmp/$1.o" - 2>/dev/null || echo "cannot compile $1"
}
for fn in uv_run ssh_new time getenv clock_gettime malloc fopen newterm; do
	plant planted "int $fn(); int planted(void); int planted(void) { return $fn(); }"
	say "blind to $fn in core/" "$([ "$(core_strangers "$tmp/planted.o" "$tmp/core")" = $fn ] || echo "not seen")"
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]

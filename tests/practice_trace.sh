#!/bin/sh
# A practice touches nothing of the user's own: no path under the real ~/.ssh
# is opened or looked at, by the program or by any ssh that it runs, and the
# agent of the environment is not asked. Shown by a trace of every system call
# that names a file. Needs strace.
#
#   BUILD=build sh tests/practice_trace.sh [case ...]
set -eu

build=${BUILD:-build}
home=$(getent passwd "$(id -u)" | cut -d: -f6)
work=$(mktemp -d "${TMPDIR:-/tmp}/sshmedic-trace-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
	echo "practice_trace: $*" >&2
	exit 1
}

trace() { # output file, command...
	out=$1
	shift
	strace -f -qq -s 4096 -e trace=%file,connect -o "$out" -- "$@"
}

# Absolute, or relative to a home directory that was entered before; the agent's socket too.
touches() {
	grep -F -e "\"$home/.ssh" -e '".ssh"' -e '".ssh/' -e '"~/.ssh' -e "$work/agent" "$1"
}

command -v strace >/dev/null || fail "strace is missing; install it"
[ -n "$home" ] || fail "this user has no home directory in passwd"
[ -x "$build/sshmedic" ] || fail "$build/sshmedic is missing; run make"

# The trap works: each of these must be caught.
for bait in "$home/.ssh/id_ed25519" "$work/agent"; do
	trace "$work/bait" ls "$bait" >/dev/null 2>&1 || :
	touches "$work/bait" >/dev/null || fail "a look at $bait is not seen by this trace"
done

[ $# -gt 0 ] || set -- healthy key-rejected hostkey-changed key-not-offered config-open too-many-keys jump-no-target
for case in "$@"; do
	SSH_AUTH_SOCK=$work/agent trace "$work/trace" \
	    "$build/sshmedic" "--practice=$case" --json >"$work/json" 2>"$work/err" || {
		status=$?
		grep -q 'needs sshd' "$work/err" && continue
		fail "--practice=$case ended with status $status: $(cat "$work/err")"
	}
	# Not vacuous: ssh ran, with the configuration of the practice, and read it.
	grep -q 'execve(.*"-F", ".*/sshmedic-practice-[^"]*/config"' "$work/trace" ||
	    fail "$case: no ssh ran with the practice's configuration"
	grep -q 'openat(.*"[^"]*/sshmedic-practice-[^"]*/known_hosts".*) = [0-9]' "$work/trace" ||
	    fail "$case: nobody read the practice's known_hosts"
	if touches "$work/trace" >"$work/found"; then
		cat "$work/found" >&2
		fail "$case: files of the user's own were touched"
	fi
done
echo "practice_trace: nothing under $home/.ssh was touched ($*)"

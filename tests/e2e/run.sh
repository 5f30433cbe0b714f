#!/bin/bash
# The program on a real terminal: a private tmux server, keys sent, the screen
# read back. Every assertion waits for a condition with a deadline; nothing is
# asserted after a mere sleep. Needs tmux; no root, no network.
#
#   BUILD=build bash tests/e2e/run.sh [name ...]     ends with "N passed, N failed"

cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) prog=$BUILD/sshmedic ;; *) prog=$PWD/$BUILD/sshmedic ;; esac
live="$prog --practice"
replay="$prog --replay $PWD/tests/golden/cases/auth-key-rejected.ev"
command -v tmux >/dev/null || { echo "tmux is not installed"; exit 77; }
[ -x "$prog" ] || { echo "$prog is not built"; exit 1; }

tmp=$(mktemp -d) || exit 1
sock=sshmedic-e2e-$$
export LC_ALL=C.UTF-8 HOME=$tmp XDG_RUNTIME_DIR=$tmp XDG_CONFIG_HOME=$tmp/none TMUX_TMPDIR=$tmp
unset TMUX STY NO_COLOR COLORTERM SSH_CONNECTION SSH_AUTH_SOCK ESCDELAY
passed=0 failed=0 case_failed=
verdict=${VERDICT:-'auth-key-rejected|[Nn]one of|accepted no'}

t() { tmux -L "$sock" -f /dev/null "$@"; }
cleanup() { t kill-server 2>/dev/null; rm -rf "$tmp"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

screen() { t capture-pane -p -t 0 2>/dev/null; }
show() { screen | sed 's/^/     | /'; }
fail() {
	echo "     $case_name: $1"
	[ -n "$case_failed" ] || show
	case_failed=1
}
# wait_for SECONDS WORDS COMMAND...: until the command succeeds; else the case fails
wait_for() {
	local end=$((SECONDS + $1)) words=$2
	[ -z "$case_failed" ] || return 1 # the first failure says what is wrong; do not wait for the rest
	shift 2
	until "$@"; do
		if [ $SECONDS -gt "$end" ]; then
			fail "not in time: $words"
			return 1
		fi
		sleep 0.05
	done
}
on_screen() { screen | grep -qE -- "$1"; }
in_history() { t capture-pane -p -S - -t 0 | grep -qE -- "$1"; }
not_on_screen() { ! on_screen "$1"; }
expect() { wait_for "${2:-8}" "the screen shows /$1/" on_screen "$1"; }
expect_gone() { wait_for "${2:-8}" "the screen no longer shows /$1/" not_on_screen "$1"; }
keys() { t send-keys -t 0 "$@"; }
flag() { [ "$(t display -p -t 0 "#{$1}")" = "$2" ]; }
has_buffer() { t show-buffer >/dev/null 2>&1; }
alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }
in_front() { [ "$(ps -o pgid= -p "$1")" = "$(ps -o tpgid= -p "$1")" ]; }
child() { ps -o pid= --ppid "$(t display -p -t 0 '#{pane_pid}')" | head -n 1 | tr -d ' '; }

# A shell in a window of this size; its settings of the terminal are noted.
shell() { # shell COLS ROWS
	t kill-server 2>/dev/null
	wait_for 5 "the last server has ended" not_running || return
	t new-session -d -x "$1" -y "$2" "env HISTFILE= PS1='ready$ ' bash --norc --noprofile -i" \; \
	    set -g status off \; set -s set-clipboard on \; set -g history-limit 500
	expect 'ready\$'
	keys -l "stty -g >$tmp/stty.before" && keys Enter
	wait_for 5 "stty has run" test -s "$tmp/stty.before"
}
not_running() { ! t list-sessions >/dev/null 2>&1; }
# begin COMMAND: type it, with its exit code to follow
begin() {
	rm -f "$tmp/rc" "$tmp/stty.after"
	keys -l "clear; $1; echo \$? >$tmp/rc; stty -g >$tmp/stty.after" && keys Enter
}
has_rc() { [ -s "$tmp/rc" ]; }
# After the end: exit code, terminal modes, cursor, no alternate screen, bracketed paste off.
restored() { # restored RC
	wait_for 8 "the program has ended" has_rc || return
	[ -z "$1" ] || [ "$(cat "$tmp/rc")" = "$1" ] || fail "exit code $(cat "$tmp/rc"), not $1"
	wait_for 5 "stty has run" test -s "$tmp/stty.after"
	cmp -s "$tmp/stty.before" "$tmp/stty.after" || fail "the terminal's modes differ: $(cat "$tmp/stty.after")"
	wait_for 5 "the normal screen is back" flag alternate_on 0
	wait_for 5 "the cursor is visible" flag cursor_flag 1
	wait_for 5 "the keypad is in normal mode" flag keypad_flag 0
}
up() { wait_for 8 "the full screen is up" flag alternate_on 1 && expect "$verdict"; }

practice_gives_a_verdict() {
	shell 120 36
	begin "$live"
	up
	expect 'Layers'
	expect '1 Transport +PASS'
	expect '2 Authentication +FAIL'
	expect '3 Session +SKIP'
	expect 'q quit'
	keys q
	restored ''
}

replay_gives_the_same() {
	shell 80 24
	begin "$replay"
	up
	expect 'Auth +FAIL'
	expect 'replay'
	keys r
	expect 'nothing to run again'
	keys u
	expect 'nothing was applied here; sshmedic --undo ID '
	keys q
	restored ''
}

# The server of this recording took 1.6 s with a signature: a replay at its pace waits there, and > does not.
replay_at_its_pace() {
	shell 100 30
	begin "$prog --replay tests/practice/slow-login.ev --pace"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'AUTHENTICATION: running'
	keys '>'
	expect 'PERFORMANCE FAILED: .* 1605 ms'
	expect_gone 'still testing'
	keys '>'
	expect 'all of it is shown'
	keys q
	restored 13
	begin "$prog --replay tests/practice/slow-login.ev --pace"
	expect 'AUTHENTICATION: running'
	keys q
	restored 13
}

drill_by_keys() {
	shell 80 24
	begin "$prog --drill --practice=nologin-shell"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'what was found is hidden'
	expect '3 Session +FAIL'
	keys a
	expect 'Drill: where does it fail'
	keys 3
	expect '> 3 session'
	keys Enter
	expect 'Drill: what is it\? \(session\)'
	keys 2
	expect '> 2 [a-z-]+ '
	keys k k Enter
	expect 'RIGHT|NOT QUITE|NEARLY'
	keys Escape
	expect 'SESSION FAILED|shell-nologin'
	keys q
	restored 0
}

every_key_once() {
	shell 120 36
	begin "$live"
	up
	local pid k name
	pid=$(child)
	for k in $(sed -n 's/^ACTION([A-Z_]*, *[a-z_]*, *"\([^"]*\)".*/\1/p' tui/action.def | tr ' ' '\n' | sort -u); do
		case $k in
		q | Q | F10 | Ctrl-C | Ctrl-Z) continue ;;
		Ctrl-*) name=C-$(echo "${k#Ctrl-}" | tr A-Z a-z) ;;
		Shift-Tab) name=BTab ;;
		PgUp) name=PPage ;;
		PgDn) name=NPage ;;
		Esc) name=Escape ;;
		*) name=$k ;;
		esac
		keys "$name"
		keys Escape
		wait_for 2 "alive after $k" alive "$pid" || return
	done
	keys Escape
	keys '?'
	expect 'Help: keys and commands'
	keys Escape
	expect_gone 'Help: keys and commands'
	keys q
	restored ''
}

commands_by_name() {
	shell 80 24
	begin "$replay"
	up
	keys :
	expect 'Help: keys and commands'
	keys -l 'level-ne'
	expect 'evidence in more detail'
	keys Enter
	expect 'evidence level 2'
	keys /
	keys -l 'no such words'
	expect '/ no such words'
	keys Enter
	expect 'no line at this level has: no such words'
	keys /
	t set-buffer 'KEY refused'
	t paste-buffer -p
	expect '/ KEY refused'
	keys Enter
	keys z
	expect 'key refused'
	keys Escape q
	restored ''
}

evidence_tools() {
	shell 100 30
	begin "$live --mouse on"
	up
	expect 'done '
	echo $'a library says \033[2J' >"/proc/$(child)/fd/2" # standard error: not on the screen, but a line of evidence
	keys v v
	expect 'standard error of this program: a library says .x1B'
	expect 'Layers'
	keys v v
	expect_gone 'a library says'
	keys '&'
	expect 'show lines with:'
	keys -l 'key refused'
	keys Enter
	expect 'with "key refused"'
	keys '&' C-a C-k Enter
	expect_gone 'with "key refused"'
	keys Space
	expect 'frozen'
	keys Space
	expect_gone 'frozen'
	keys BTab
	keys -l $'\033[M H%' # the mouse's press at column 40, row 5: the first finding, and once more on it
	keys -l $'\033[M#H%'
	keys -l $'\033[M H%'
	expect 'Finding 1 of'
	expect 'Fixes'
	keys e
	expect_gone 'Finding 1 of'
	t set-buffer "Nov 26 10:00:00 web sshd[912]: Authentication refused: bad ownership or modes for directory /home/x/.ssh
Nov 26 10:00:00 web sshd[912]: Connection closed"
	t paste-buffer -p
	expect 'Add what was pasted as evidence'
	keys y
	expect 'added [0-9]+ bytes as evidence'
	keys /
	keys -l 'pasted'
	keys Enter z
	expect 'pasted'
	keys Escape p
	expect 'paste it now, or name a file'
	keys -l '/no/such/file' && keys Enter
	expect '/no/such/file: No such file'
	keys m
	expect 'the mouse is off'
	keys q
	restored ''
}

# A fix is looked at, tried, kept, and undone: each byte is as it was.
fix_tried_kept_undone() {
	local before conf=$tmp/fix-config
	printf '# mine\nHost web1\n  HostName 127.0.0.1\n  Port 1\n  FooBar yes\n' >"$conf"
	chmod 640 "$conf"
	before=$(md5sum <"$conf")
	shell 100 34
	begin "XDG_STATE_HOME=$tmp/state $prog -F $conf web1"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'cfg-bad-option'
	keys 2
	expect '\+IgnoreUnknown foobar'
	keys Enter
	[ "$before" = "$(md5sum <"$conf")" ] || fail "Enter did something"
	keys y
	expect 'FIXED: the finding is gone' 20
	expect '^ s keep  Esc back' # its keys, and no "trying it" any more
	[ "$before" = "$(md5sum <"$conf")" ] || fail "trying it wrote to the file"
	keys s
	wait_for 8 "the file was changed" grep -q '^IgnoreUnknown foobar' "$conf"
	ssh -G -F "$conf" web1 >/dev/null 2>&1 || fail "ssh does not take the file"
	[ "$(stat -c %a "$conf")" = 640 ] || fail "the mode is another"
	expect 'sshmedic --undo 1'
	keys u
	expect 'UNDONE' 20
	[ "$before" = "$(md5sum <"$conf")" ] || fail "the undone file differs"
	[ "$(stat -c %a "$conf")" = 640 ] || fail "the mode is another after the undo"
	keys Escape q
	restored ''
	shell 100 34
	begin "$prog --read-only -F $conf web1"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'cfg-bad-option'
	keys 2
	expect 'Read-only'
	keys y
	expect 'read-only: a fix is shown and copied only'
	keys Escape q
	restored ''
}

shown_twice() { [ "$(screen | grep -cF -- "$1")" -ge 2 ]; }
# What ssh itself says of the changed key comes in as text: its end is in no line of it either.
hostkey_end_in_a_text() {
	local port fp
	command -v ssh-keyscan >/dev/null || return
	shell 110 36
	begin "$prog --practice=hostkey-changed"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'hostkey-changed, proven'
	expect 'done '
	port=$(screen | sed -n 's/.*trainee@127.0.0.1:\([0-9]*\).*/\1/p' | head -n 1)
	fp=$(ssh-keyscan -t ed25519 -p "$port" 127.0.0.1 2>/dev/null | ssh-keygen -lf - | cut -d ' ' -f 2)
	ssh -v -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/null -p "$port" \
	    trainee@127.0.0.1 true 2>"$tmp/ssh-v.log" </dev/null
	grep -qF "$fp" "$tmp/ssh-v.log" || fail "ssh -v did not name the key"
	keys p
	expect 'paste it now, or name a file'
	keys -l "$tmp/ssh-v.log" && keys Enter
	expect 'read .*ssh-v.log: ssh'
	keys v v
	expect 'everything, raw'
	keys '&'
	keys -l "${fp:7:20}" && keys Enter
	keys z
	wait_for 5 "our own line and that of the text are there" shown_twice "${fp:7:20}"
	screen | grep -qF "${fp: -8}" && fail "the end of the new fingerprint is on the screen"
	keys Escape q
	restored ''
}

# The window that says so was closed before the run behind it is over: it does not come up again, under the next key.
undone_and_closed() {
	local conf=$tmp/slow-config
	printf 'Match exec "test ! -e %s/slow || sleep 2"\nHost web1\n  HostName 127.0.0.1\n  Port 1\n  FooBar yes\n' "$tmp" >"$conf"
	shell 100 34
	begin "XDG_STATE_HOME=$tmp/state-slow $prog -F $conf web1"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'cfg-bad-option'
	keys 2
	expect '\+IgnoreUnknown foobar'
	keys y
	expect 'FIXED: the finding is gone' 20
	keys s
	expect 'sshmedic --undo 1'
	touch "$tmp/slow"
	keys u
	expect 'UNDONE' 20
	expect '^.* Now +it is tested again'
	keys Escape
	expect '^ sshmedic .* done [2-9][.]' 20
	screen | grep -q UNDONE && fail "the window came up again"
	keys q
	restored ''
	rm -f "$tmp/slow"
}

# The same without a screen: numbered questions, and every step as lines.
fix_by_lines() {
	local before conf=$tmp/lines-config
	printf 'Host web1\n  HostName 127.0.0.1\n  Port 1\n  FooBar yes\n' >"$conf"
	before=$(md5sum <"$conf")
	shell 100 50
	begin "XDG_STATE_HOME=$tmp/state-lines $prog --accessible -F $conf web1"
	expect 'Type the number of a fix'
	keys -l 2 && keys Enter
	expect '\+IgnoreUnknown foobar'
	keys -l y && keys Enter
	expect 'FIXED: the finding is gone' 20
	keys -l s && keys Enter
	wait_for 8 "the file was changed" grep -q '^IgnoreUnknown foobar' "$conf"
	expect 'sshmedic --undo 1' 20
	keys -l u && keys Enter
	expect 'UNDONE' 20
	[ "$before" = "$(md5sum <"$conf")" ] || fail "the undone file differs"
	flag alternate_on 0 || fail "it used the screen"
	keys -l Esc && keys Enter
	keys -l q && keys Enter
	wait_for 8 "the program has ended" has_rc
}

# A changed host key: the end is hidden, three wrong ones lock, the right one from elsewhere unlocks.
hostkey_is_confirmed() {
	local port fp n
	command -v ssh-keyscan >/dev/null || return
	for n in wrong right; do
		shell 110 36
		begin "XDG_STATE_HOME=$tmp/state-$n $prog --practice=hostkey-changed --record $tmp/rec-$n"
		wait_for 8 "the full screen is up" flag alternate_on 1
		expect 'hostkey-changed, proven'
		expect 'done '
		port=$(screen | sed -n 's/.*trainee@127.0.0.1:\([0-9]*\).*/\1/p' | head -n 1)
		fp=$(ssh-keyscan -t ed25519 -p "$port" 127.0.0.1 2>/dev/null | ssh-keygen -lf - | cut -d ' ' -f 2)
		[ -n "$fp" ] || fail "the practice server showed no key"
		screen | grep -qF "${fp: -8}" && fail "the end of the new fingerprint is on the screen"
		expect 'Replace the old'
		t set-buffer "OpenSSH_9.6p1 Debian-4, OpenSSL 3.1.5 30 Jan 2024
debug1: Connecting to 127.0.0.1 [127.0.0.1] port $port.
debug1: Server host key: ssh-ed25519 $fp"
		t paste-buffer -p
		expect 'Add what was pasted'
		keys y
		expect 'added [0-9]+ bytes'
		wait_for 8 "each pasted line is one" grep -q 'text.source name=pasted .*lines=3' "$tmp/rec-$n"
		keys 2
		expect 'DANGEROUS'
		keys Enter
		expect '3 tries left'
		if [ $n = wrong ]; then
			keys -l 'AAAAAAAA' && keys Enter
			expect '2 tries left'
			keys -l 'BBBBBBBB' && keys Enter
			expect '1 try left'
			keys -l 'CCCCCCCC' && keys Enter
			expect 'locked in this run'
			keys -l "${fp: -8}" && keys Enter
			expect 'locked in this run'
			keys Escape q
			restored ''
			continue
		fi
		keys -l "${fp: -8}" && keys Enter
		expect 'y replaces the old one'
		expect '\+\[127.0.0.1\]'
		keys y
		expect 'FIXED: the finding is gone' 20
		keys u
		expect 'UNDONE' 20
		expect 'hostkey-changed'
		keys Escape q
		restored ''
	done
}

# The screen steps aside for the user's own ssh, and comes back.
login_by_hand() {
	shell 100 30
	begin "$live"
	up
	expect 'done '
	keys i
	expect 'your ssh was not let in' 15
	expect 'read your own ssh: ssh, lines: [0-9]+, of use: [0-9]+'
	expect 'q quit|let in'
	keys q
	restored ''
}

# A command that has the terminal can be stopped and ended, and takes only what is typed for it.
aside_and_signals() {
	local pid
	mkdir -p "$tmp/bin"
	cat >"$tmp/bin/ssh" <<-EOF
		#!/bin/sh
		case " \$* " in
		*" -E "*) echo 'it asks:'
			if [ -e $tmp/late ]; then (sleep 0.05; kill -INT \$PPID) & exit 130; fi
			if [ -e $tmp/reads ]; then read -r x; echo "got: \$x."; read -r x; exit 255; fi
			echo \$\$ >$tmp/pid; exec sleep 600 ;;
		esac
		exec $(command -v ssh) "\$@"
	EOF
	chmod 755 "$tmp/bin/ssh"
	rm -f "$tmp/reads"
	shell 100 30
	begin "PATH=$tmp/bin:$PATH $live"
	up
	expect 'done '
	keys i
	expect 'it asks:'
	wait_for 5 "the command runs" test -s "$tmp/pid"
	keys C-z
	expect 'Stopped'
	keys -l 'fg' && keys Enter
	expect 'ready. fg'
	wait_for 5 "the command has the terminal again" in_front "$(cat "$tmp/pid")"
	keys C-c
	expect 'your ssh was not let in'
	rm -f "$tmp/pid"
	keys q
	expect_gone 'your ssh was not let in'
	touch "$tmp/late" # the Ctrl-C that ended it comes to us behind the news of its end
	begin "PATH=$tmp/bin:$PATH $live"
	up
	expect 'done '
	keys i
	expect 'your ssh was not let in'
	sleep 0.2
	keys q
	expect_gone 'your ssh was not let in'
	wait_for 8 "the program has ended" has_rc
	[ "$(cat "$tmp/rc")" != 130 ] || fail "the command's Ctrl-C ended the program"
	rm -f "$tmp/late"
	begin "PATH=$tmp/bin:$PATH $live"
	up
	expect 'done '
	keys i
	wait_for 5 "the command runs" test -s "$tmp/pid"
	kill -TERM "$(child)"
	restored 143
	wait_for 5 "the command has ended" gone "$(cat "$tmp/pid")"
	touch "$tmp/reads"
	shell 100 30
	begin "PATH=$tmp/bin:$PATH $live --accessible"
	expect 'Type the number of a fix' 15
	keys -l 'i' && keys Enter
	expect 'it asks:'
	keys -l 'q' && keys Enter
	expect 'got: q\.'
	keys Enter
	expect 'your ssh was not let in'
	keys -l 'q' && keys Enter
	wait_for 8 "the program has ended" has_rc
	rm -f "$tmp/reads" "$tmp/bin/ssh"
}

fix_preview_and_copy() {
	shell 100 30
	begin "$replay"
	up
	keys 1
	expect 'Fix 1 of'
	expect 'Risk'
	expect 'Undo'
	keys Escape
	expect_gone 'Fix 1 of'
	keys y
	expect 'copied by tmux'
	[ "$(stat -c %a "$tmp/sshmedic/clip.txt")" = 600 ] || fail "the copy is not private"
	t show-buffer >"$tmp/buffer" 2>/dev/null
	cmp -s "$tmp/buffer" "$tmp/sshmedic/clip.txt" || fail "tmux holds something else than the file"
	keys q
	restored ''
}

copy_without_tmux() {
	shell 100 30
	begin "env -u TMUX $replay"
	up
	keys y
	expect 'OSC 52'
	wait_for 5 "the sequence arrived" has_buffer
	t show-buffer >"$tmp/buffer" 2>/dev/null
	cmp -s "$tmp/buffer" "$tmp/sshmedic/clip.txt" || fail "the terminal got something else than the file"
	keys q
	restored ''
}

# What the recording names: none of it may be on the screen while names are hidden.
names='alice|web1|192\.0\.2|198\.51\.100'
hidden() {
	expect 'user-1@host-A'
	not_on_screen "$names" || fail "a name is on the screen: $1"
}

names_hidden() {
	local size view
	for size in '120 36' '60 15'; do
		# shellcheck disable=SC2086
		shell $size
		begin "$replay"
		up
		expect 'alice'
		keys H
		expect 'hidden'
		keys v v # every line
		for view in layers timing findings evidence fixes; do
			hidden "$view"
			keys z
			expect_gone 'q quit.*q quit'
			hidden "$view, zoomed"
			keys g
			hidden "$view, at its begin"
			keys z Tab
		done
		keys 1
		expect 'Fix 1 of'
		not_on_screen "$names" || fail "a name is in the fix"
		keys Escape
		expect_gone 'Fix 1 of'
		keys y
		expect 'copied|sent'
		has_buffer || fail "nothing was copied"
		t show-buffer >"$tmp/buffer" 2>/dev/null
		grep -qE "$names" "$tmp/buffer" "$tmp/sshmedic/clip.txt" && fail "a name was copied"
		keys H
		expect 'are shown'
		expect 'alice'
		keys q
		restored ''
	done
	shell 100 30
	begin "$replay --redact=always"
	up
	hidden 'from the beginning'
	keys H
	expect 'stay hidden'
	hidden 'always'
	keys q
	restored ''
}

report_copied_without_names() {
	shell 100 30
	begin "$replay"
	up
	expect 'alice'
	keys Y
	expect 'copied by tmux'
	t show-buffer >"$tmp/buffer" 2>/dev/null
	grep -q 'For       user-1 at host-A' "$tmp/buffer" || fail "the message is not in the buffer"
	[ "$(wc -l <"$tmp/buffer")" -le 12 ] || fail "the message is too long"
	grep -qE "$names" "$tmp/buffer" && fail "a name was copied"
	keys q
	restored ''
	shell 100 30
	begin "$replay --redact=off"
	up
	keys Y
	expect 'copied by tmux'
	t show-buffer | grep -q 'For       alice at web1' || fail "the message is not as it was asked for"
	keys q
	restored ''
}

report_saved() {
	local file
	rm -rf "$tmp/.local" # the key was pressed before
	shell 120 36
	begin "$replay"
	up
	keys w
	expect 'hand-over message, 12 lines'
	keys Enter
	expect 'saved .*/reports/sshmedic-host-A-[0-9-]*\.msg \(names hidden\)'
	file=$(ls "$tmp"/.local/state/sshmedic/reports/sshmedic-host-A-*.msg)
	grep -q '^SSH       fails: layer authentication, auth-key-rejected, proven' "$file" || fail "no hand-over"
	grep -qE "$names" "$file" && fail "a name is in the message"
	keys w j Enter
	expect 'saved .*/reports/sshmedic-host-A-[0-9-]*\.md \(names hidden\)'
	file=$(ls "$tmp"/.local/state/sshmedic/reports/sshmedic-host-A-*.md)
	[ "$(stat -c %a "$file")" = 600 ] || fail "the report is not private"
	grep -q '^# sshmedic: user-1 at host-A' "$file" || fail "the report does not begin as one"
	grep -qE "$names" "$file" && fail "a name is in the report"
	keys q
	restored ''
}

report_kept() {
	shell 100 30
	begin "$replay"
	up
	keys Q
	restored ''
	on_screen 'Spent: ' || fail "the report is not on the terminal"
	in_history 'Target: alice at web1' || fail "the report is not what was shown"
	shell 100 30
	begin "$replay --keep --report $tmp/r.txt"
	up
	keys H
	expect 'hidden'
	keys q
	restored ''
	in_history 'Target: user-1 at host-A' || fail "names that were hidden are shown"
	grep -q 'Target: user-1 at host-A' "$tmp/r.txt" || fail "the report was not written"
	rm -f "$tmp/r.txt"
}

resizes() {
	shell 120 36
	begin "$replay"
	up
	local pid s
	pid=$(child)
	for s in 80x24 60x15 40x10 20x5 16x4 10x3 3x1 1x1 200x60 44x10 72x20 110x30; do
		t resize-window -x "${s%x*}" -y "${s#*x}"
		wait_for 3 "alive at $s" alive "$pid" || return
		case $s in
		80x24 | 72x20 | 60x15 | 44x10 | 110x30 | 200x60) expect 'q quit' ;;
		40x10 | 20x5) expect 'T:' ;;
		esac
	done
	t resize-window -x 120 -y 36
	expect '1 Transport +PASS'
	keys q
	restored ''
}

signals_restore() {
	local sig rc
	for sig in TERM:143 HUP:129 SEGV:139 ABRT:134 BUS:135; do
		rc=${sig#*:} sig=${sig%:*}
		shell 80 24
		begin "$live"
		up
		kill -"$sig" "$(child)"
		restored "$rc"
	done
}

interrupt() {
	shell 80 24
	begin "$live"
	up
	expect 'done '
	keys C-c
	restored 130
}

cancel_and_again() {
	shell 120 36
	begin "$prog --practice=silent-banner -t 30"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect '1 Transport +RUN'
	expect 'of 30s [█░]'
	expect ' [3-9]\.[0-9]+s of 30s █' 20 # time passes on the screen
	keys x
	expect 'cancelled'
	expect '1 Transport +UNKNOWN'
	expect 'done '
	keys r
	expect '1 Transport +RUN'
	expect 'run 2'
	keys C-c
	expect 'Ctrl-C once more quits'
	expect '1 Transport +UNKNOWN'
	keys C-c
	restored 130
}

# A server counts failed logins: after some runs in quick succession the screen asks first.
rerun_asks_before_a_ban() {
	local n
	shell 100 30
	begin "$live"
	up
	expect 'done '
	for n in 2 3 4 5 6 7 8; do
		keys r
		expect "run $n +done|Diagnose again now"
		on_screen 'Diagnose again now' && break
	done
	expect 'Better wait [0-9]+ s more'
	keys Escape
	expect_gone 'Diagnose again now'
	expect "run $((n - 1)) +done"
	keys r
	expect 'Diagnose again now'
	keys y
	expect "run $n +done"
	keys q
	restored ''
}

quit_while_running() {
	shell 80 24
	begin "$prog --practice=silent-banner -t 30"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect '1 Transport +RUN'
	keys q
	wait_for 2 "it ends at once" has_rc
	restored ''
}

suspend_and_back() {
	shell 80 24
	begin "$live"
	up
	keys C-z
	wait_for 5 "the normal screen is back" flag alternate_on 0
	expect 'Stopped'
	wait_for 5 "the cursor is visible" flag cursor_flag 1
	t resize-window -x 100 -y 30
	keys -l 'fg' && keys Enter
	wait_for 5 "the full screen is back" flag alternate_on 1
	expect '2 Auth[a-z]* +FAIL'
	expect 'q quit'
	keys '?'
	expect 'Help: keys and commands'
	keys Escape q
	wait_for 5 "the normal screen is back" flag alternate_on 0
	wait_for 5 "the cursor is visible" flag cursor_flag 1
}

terminal_names() {
	local name
	for name in no-such-terminal xterm-kitty-x foot-extra vt100 linux ansi screen; do
		shell 80 24
		begin "TERM=$name $replay"
		expect "$verdict"
		keys Escape # any key takes the remark about the terminal away
		expect 'q quit'
		keys q
		wait_for 8 "the program has ended ($name)" has_rc
		wait_for 5 "stty has run" test -s "$tmp/stty.after"
		cmp -s "$tmp/stty.before" "$tmp/stty.after" || fail "the terminal's modes differ after $name"
	done
}

# Each terminal with each kind of locale, with colour and without: the verdict is drawn, in
# characters and colours that were asked for, and the terminal is as it was.
terminal_matrix() {
	local term lang none
	for term in xterm-256color screen vt100 linux no-such-terminal; do
		for lang in C C.UTF-8; do
			for none in '' 1; do
				shell 80 24
				begin "TERM=$term LC_ALL= LANG=$lang NO_COLOR=$none $replay"
				expect "$verdict"
				keys Escape # any key takes the remark about the terminal away
				expect 'q quit'
				case $lang in
				C) on_screen '\[X\] 2 Auth +FAIL' || fail "no verdict in ASCII" ;;
				*) on_screen '✗ 2 Auth +FAIL' || fail "no verdict in UTF-8" ;;
				esac
				if [ "$lang" = C ] && screen | LC_ALL=C grep -q '[^ -~]'; then
					fail "something that is not ASCII is on the screen"
				fi
				if [ -n "$none" ] && coloured_at_all; then
					fail "there is colour"
				fi
				keys q
				restored 11
				[ -z "$case_failed" ] || { echo "     with TERM=$term LANG=$lang NO_COLOR=$none"; return; }
			done
		done
	done
}

dumb_is_plain() {
	shell 100 30
	begin "TERM=dumb $replay"
	wait_for 8 "the program has ended" has_rc
	flag alternate_on 0 || fail "the screen was switched"
	wait_for 5 "the plain verdict" in_history "$verdict"
	[ "$(cat "$tmp/rc")" = 11 ] || fail "exit code $(cat "$tmp/rc"), not 11"
}

ascii_locale() {
	shell 100 30
	begin "LC_ALL=C $replay"
	up
	expect '\[X\] 2 Auth'
	screen | LC_ALL=C grep -q '[^ -~]' && fail "something that is not ASCII is on the screen"
	keys q
	restored ''
}

missing_locale() {
	shell 100 30
	begin "LC_ALL=xx_XX.UTF-8 $replay"
	up
	expect '✗ 2 Auth'
	keys q
	restored ''
}

coloured_at_all() { t capture-pane -e -p | grep -qE $'\033\\[[0-9;]*(3[0-7]|9[0-7]|38;|48;)'; }
no_colour() {
	shell 100 30
	begin "NO_COLOR=1 $replay"
	up
	coloured_at_all && fail "there is colour"
	keys q
	restored ''
	shell 100 30
	begin "$replay"
	up
	coloured_at_all || fail "colour is not seen where there is some"
	keys q
	restored ''
}

theme() {
	shell 100 30
	begin "$prog --theme contrast ${replay#"$prog"}"
	up
	t capture-pane -e -p | grep -q '48;5;16' || fail "the theme's background is not there"
	keys q
	restored ''
}

coloured() { t capture-pane -e -p | grep -q "$1"; }
not_coloured() { ! coloured "$1"; }

colour_depths() {
	local depth
	for depth in 'auto 48;2;28;28;28' '256 48;5;234' '16 40'; do
		shell 100 30
		begin "COLORTERM=truecolor $prog --theme dark --color ${depth% *} ${replay#"$prog"}"
		up
		coloured "\\[[0-9;]*${depth#* }m" || fail "no background of depth ${depth% *}"
		keys q
		restored ''
	done
	shell 100 30
	begin "COLORTERM=truecolor $prog --theme dark --color never ${replay#"$prog"}"
	up
	t capture-pane -e -p | grep -qE $'\033\\[[0-9;]*([34][0-7]|9[0-7]|38;|48;)' && fail "there is colour"
	keys q
	restored ''
}

theme_picker() {
	shell 100 30
	begin "$replay"
	up
	keys t
	expect 'Enter keeps it for this session'
	keys G
	expect '> mono'
	keys k k k k k # contrast: the whole screen has its background at once
	expect '> contrast'
	wait_for 10 "the screen is in the chosen theme" coloured '48;5;16'
	keys Escape
	expect_gone 'Enter keeps it'
	wait_for 10 "the theme from before is back" not_coloured '48;5;16'
	keys t
	expect '> default'
	keys j j
	expect '> contrast'
	keys Enter
	expect 'theme contrast for this session'
	expect_gone 'Enter keeps it'
	wait_for 10 "the theme is kept" coloured '48;5;16'
	keys q
	restored ''
}

paste_is_no_key() {
	shell 100 30
	begin "$replay"
	up
	t set-buffer 'qqq?'
	t paste-buffer -p
	keys '?'
	expect 'Help: keys and commands'
	keys Escape
	expect_gone 'Help: keys and commands'
	kill -0 "$(child)" || fail "pasted text was read as keys"
	keys q
	restored ''
}

# The main thread's voluntary switches: each wake-up is one.
switches() { awk '/^voluntary_ctxt/ { print $2 }' "/proc/$1/task/$1/status"; }
idle_is_still() {
	shell 100 30
	begin "$live"
	up
	expect 'done '
	local pid before after
	pid=$(child)
	sleep 1 # whatever was under way has settled
	before=$(switches "$pid")
	sleep 4
	after=$(switches "$pid")
	[ "$before" = "$after" ] || fail "woke up $((after - before)) times in 4 s"
	keys q
	restored ''
}

# The walkthrough: the evidence goes on by Enter, what is pasted answers a step, fixes are locked until then.
walkthrough_is_walked() {
	shell 100 34
	begin "$live --walkthrough"
	up
	expect 'done '
	expect 'Walkthrough step 1'
	keys Enter
	expect 'Walkthrough step 2'
	keys Escape 1
	expect 'locked until the walkthrough'
	keys W
	expect 'Walkthrough step 2'
	keys Enter Enter Enter Enter Enter Enter
	expect 'step 8: Which keys did you show'
	keys 1 1
	expect "step 10: What does the server's log say"
	t set-buffer "Nov 26 10:00:00 web sshd[912]: Authentication refused: bad ownership or modes for directory /home/trainee/.ssh
Nov 26 10:00:00 web sshd[912]: Connection closed by authenticating user trainee 127.0.0.1 port 4242 [preauth]"
	t paste-buffer -p
	expect 'Add what was pasted as evidence'
	keys y
	expect 'the evidence answered: Owner or mode'
	expect 'step 11: Let only the owner write it'
	keys Escape q
	restored ''
}

# The time until a retry is safe runs, once a second, and only where it is seen.
stop_counts_down() {
	shell 100 34
	begin "$prog --practice=penalty --walkthrough=banner"
	wait_for 8 "the full screen is up" flag alternate_on 1
	expect 'STOP: do not try again yet'
	expect '9:5[0-9] until a retry is safe'
	local pid before after
	pid=$(child)
	before=$(switches "$pid")
	sleep 2
	after=$(switches "$pid")
	[ $((after - before)) -ge 1 ] && [ $((after - before)) -le 6 ] || fail "woke up $((after - before)) times in 2 s"
	keys Escape
	expect 'the walkthrough waits'
	sleep 0.3 # the last tick
	before=$(switches "$pid")
	sleep 1.5
	after=$(switches "$pid")
	[ "$before" = "$after" ] || fail "woke up $((after - before)) times with no time in sight"
	keys q
	restored ''
}

many_in_a_table() {
	shell 80 24
	begin "$prog -F none -p 1 127.0.0.1 127.0.0.2 127.0.0.3"
	expect '3 of 3 fail: 3 tcp-refused, all in 127\.0\.0\.0/24'
	keys j Enter
	expect 'target 2 of 3'
	expect '1 Transport +FAIL'
	keys Escape
	expect '3 targets, worst first.* 2 of 3'
	keys o
	expect '3 targets, as given'
	keys q
	restored 10
	begin "$prog -F none -p 1 --watch 127.0.0.1"
	expect 'tcp-refused'
	expect '[0-9]:[0-9][0-9] fails: tcp-refused'
	keys q
	restored 10
}

gone() { ! kill -0 "$1" 2>/dev/null; }
terminal_vanishes() {
	shell 80 24
	keys -l "trap '' HUP" && keys Enter
	begin "$live"
	up
	local pid
	pid=$(child)
	t kill-server
	wait_for 3 "the program has ended with its terminal" gone "$pid"
}

all='practice_gives_a_verdict drill_by_keys replay_gives_the_same replay_at_its_pace every_key_once commands_by_name evidence_tools fix_tried_kept_undone undone_and_closed hostkey_is_confirmed hostkey_end_in_a_text fix_by_lines login_by_hand aside_and_signals fix_preview_and_copy copy_without_tmux
     names_hidden report_copied_without_names report_saved report_kept resizes
     signals_restore interrupt cancel_and_again rerun_asks_before_a_ban
     quit_while_running suspend_and_back terminal_names terminal_matrix dumb_is_plain ascii_locale missing_locale no_colour theme colour_depths theme_picker
     paste_is_no_key walkthrough_is_walked stop_counts_down idle_is_still many_in_a_table terminal_vanishes'
for case_name in ${*:-$all}; do
	case_failed=
	$case_name
	if [ -z "$case_failed" ]; then
		passed=$((passed + 1))
		echo "ok   $case_name"
	else
		failed=$((failed + 1))
		echo "FAIL $case_name"
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]

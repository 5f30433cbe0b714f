#!/bin/bash
# The pictures in screenshots/: recordings (tests/practice/, tests/golden/cases/) are
# replayed in a private tmux at a fixed size, keys are pressed, and the cells become
# SVG and PNG. The one live look is at a fix with what it would change: a file of
# its own in a folder of a fixed name, with no host in reach. The same program gives
# the same bytes.
#
#   BUILD=build bash tests/screenshots.sh [--check]     --check: only compare with what is committed

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) prog=$BUILD/sshmedic ;; *) prog=$PWD/$BUILD/sshmedic ;; esac
practice=$PWD/tests/practice
golden=$PWD/tests/golden/cases
out=screenshots
stage=/tmp/sshmedic-screenshots # stands in the picture of a fix
for tool in tmux python3; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done
[ -x "$prog" ] || { echo "$prog is not built"; exit 1; }
check=
[ "$1" = --check ] && check=1
[ "$check" ] || command -v rsvg-convert >/dev/null || echo "rsvg-convert is not installed: no PNG"
umask 022
until mkdir $stage 2>/dev/null; do # another run has it, or was killed in it
	owner=$(cat $stage/pid 2>/dev/null)
	if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null && [ -O $stage ]; then
		rm -rf $stage
	fi
	[ $SECONDS -lt 60 ] || { echo "$stage is in the way"; exit 1; }
	sleep 0.2
done
echo $$ >$stage/pid
tmp=$(mktemp -d) || exit 1
sock=sshmedic-shots-$$
t() { tmux -L "$sock" -f /dev/null "$@"; }
trap 't kill-server 2>/dev/null; rm -rf "$tmp" $stage' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C.UTF-8 HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state XDG_RUNTIME_DIR=$tmp TMUX_TMPDIR=$tmp
export COLORTERM=truecolor
unset TMUX NO_COLOR SSH_AUTH_SOCK SSH_CONNECTION
passed=0 failed=0

wait_text() { # until the screen shows the words
	local end=$((SECONDS + 20))
	until t capture-pane -p 2>/dev/null | grep -qE -- "$1"; do
		[ $SECONDS -le $end ] || { echo "not on the screen: $1"; t capture-pane -p 2>/dev/null; exit 1; }
		sleep 0.05
	done
}

# settled FILE: the screen's cells, once they are the same three times on end: no frame is half drawn
settled() {
	local same=0
	: >"$1"
	until [ $same = 2 ]; do
		t capture-pane -e -N -p >"$1.new" || exit 1
		if cmp -s "$1" "$1.new"; then same=$((same + 1)); else same=0; fi
		mv "$1.new" "$1"
		sleep 0.1
	done
}

# cells NAME COLS ROWS OPTIONS KEYS WORDS: the screen with the words, after the keys, in a file
cells() {
	local k
	t kill-server 2>/dev/null
	while t list-sessions >/dev/null 2>&1; do sleep 0.05; done
	t new-session -d -x "$2" -y "$3" "$prog $4" \; set -g status off
	wait_text 'done .*'
	wait_text 'q quit'
	for k in $5; do t send-keys "$k"; done
	wait_text "$6"
	settled "$tmp/$1"
}

# picture NAME OPTIONS-OF-CELLS2SVG...: from cells to the picture, or to a comparison
picture() {
	local name=$1
	shift
	(cd "$tmp" && python3 "$OLDPWD/tests/cells2svg.py" "$@") >"$tmp/$name.svg" || exit 1
	if [ "$check" ]; then
		if cmp -s "$tmp/$name.svg" "$out/$name.svg"; then
			passed=$((passed + 1))
		else
			echo "FAIL $name.svg is not what is committed: make screenshots, and look at it"
			failed=$((failed + 1))
			diff "$out/$name.svg" "$tmp/$name.svg" | cut -c 1-160 | head -n 10
		fi
		return
	fi
	cp "$tmp/$name.svg" "$out/$name.svg"
	if command -v rsvg-convert >/dev/null; then
		rsvg-convert -o "$out/$name.png" "$out/$name.svg" || exit 1
	fi
	echo "$out/$name.svg"
}

shot() { # shot NAME COLS ROWS OPTIONS KEYS WORDS
	cells "$@"
	picture "$1" "$1"
}

shot failed-login-dark 120 36 "--theme dark --replay $practice/key-rejected.ev" '' 'q quit'
shot failed-login-light 120 36 "--theme light --replay $practice/key-rejected.ev" '' 'q quit'
shot finding 100 30 "--theme dark --replay $practice/key-rejected.ev" Enter 'Finding 1 of'
shot walkthrough 120 36 "--theme dark --replay $practice/key-rejected.ev" 'W Enter Enter Enter Enter Enter Enter' 'step 7'
shot waterfall 120 30 "--theme dark --replay $golden/lab-slow-session.ev" \
    'BTab z j j j j j j j j j j' 'session.channel: '
shot hostkey-changed 80 24 "--theme contrast --replay $practice/hostkey-changed.ev" '' 'q quit'
shot tabs 60 15 "--theme dark --replay $practice/wrong-service.ev" '' 'q quit'

printf 'Host web1\n    HostName 127.0.0.1\n    Port 1\n    UseKeychain yes\n' >$stage/ssh_config
cells fix 100 30 "--theme dark -F $stage/ssh_config web1" 2 '\+IgnoreUnknown'
read -r left top cols rows < <(python3 -c '
import re, sys
lines = [re.sub("\033\\[[0-9;:]*m", "", l) for l in open(sys.argv[1], encoding="utf-8")]
top = next(i for i, l in enumerate(lines) if "Fix 2 of" in l)
left, right = (lines[top].index(c, 0 if c == "┌" else lines[top].index("Fix")) for c in "┌┐")
rows = next(i for i, l in enumerate(lines) if i > top and l[left] == "└") - top + 1
print(left, top, right - left + 1, rows)' "$tmp/fix")
picture fix --crop "$left,$top,$cols,$rows" fix # the window alone: the time of the run stands outside it

themes='default dark light contrast cvd-dark cvd-light mono amber'
for theme in $themes; do
	cells "$theme" 60 15 "--theme $theme --replay $practice/key-rejected.ev" '' 'q quit'
done
# shellcheck disable=SC2086
picture themes --crop 0,0,60,9 --label --across 2 $themes

[ "$check" ] || exit 0
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]

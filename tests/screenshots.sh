#!/bin/bash
# The pictures in screenshots/: committed recordings are replayed in a private
# tmux at a fixed size, keys are pressed, and the cells become SVG and PNG. The
# same program gives the same bytes.
#
#   BUILD=build bash tests/screenshots.sh [--check]     --check: only compare with what is committed

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) prog=$BUILD/sshmedic ;; *) prog=$PWD/$BUILD/sshmedic ;; esac
cases=tests/golden/cases
out=screenshots
for tool in tmux python3; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done
tmp=$(mktemp -d) || exit 1
sock=sshmedic-shots-$$
export LC_ALL=C.UTF-8 HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_RUNTIME_DIR=$tmp TMUX_TMPDIR=$tmp
unset TMUX NO_COLOR COLORTERM
trap 'tmux -L $sock kill-server 2>/dev/null; rm -rf "$tmp"' EXIT
t() { tmux -L "$sock" -f /dev/null "$@"; }
failed=0

wait_text() { # until the screen shows the words
	local end=$((SECONDS + 10))
	until t capture-pane -p 2>/dev/null | grep -qE -- "$1"; do
		[ $SECONDS -le $end ] || { echo "not on the screen: $1"; t capture-pane -p 2>/dev/null; exit 1; }
		sleep 0.05
	done
}

# shot NAME COLS ROWS RECORDING OPTIONS KEYS WORDS
shot() {
	local name=$1 cols=$2 rows=$3 words=$7
	t kill-server 2>/dev/null
	while t list-sessions >/dev/null 2>&1; do sleep 0.05; done
	t new-session -d -x "$cols" -y "$rows" "$prog --replay $cases/$4.ev $5" \; set -g status off
	wait_text 'q quit'
	for k in $6; do t send-keys "$k"; done
	wait_text "$words"
	t capture-pane -e -N -p >"$tmp/cells"
	python3 tests/cells2svg.py "$cols" "$rows" <"$tmp/cells" >"$tmp/$name.svg" || exit 1
	if [ "$check" ]; then
		cmp -s "$tmp/$name.svg" "$out/$name.svg" || { echo "FAIL $name.svg is not what is committed"; failed=1; }
		return
	fi
	cp "$tmp/$name.svg" "$out/$name.svg"
	if command -v rsvg-convert >/dev/null; then
		rsvg-convert -o "$out/$name.png" "$out/$name.svg"
	fi
	echo "$out/$name.svg"
}

check=
[ "$1" = --check ] && check=1
mkdir -p $out
shot key-rejected 120 36 auth-key-rejected "" "" 'q quit'
shot fix 100 30 auth-key-rejected "" "1" 'Fix 1 of'
shot contrast 80 24 hostkey-changed "--theme contrast" "" 'q quit'
shot themes 100 30 auth-key-rejected "--theme cvd-dark" "t" 'Enter keeps it'
shot tabs 60 15 tcp-refused "" "" 'q quit'
exit $failed

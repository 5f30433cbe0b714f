# shellcheck shell=bash disable=SC2034,SC2154
# The program on a terminal of the client's user: a private tmux inside the
# client's namespaces, keys sent, the screen read back. Nothing is asserted after a mere
# sleep: each assertion waits for its condition. Sourced by run.sh after kit.sh.
#
#   screen_up ARGS...        start the program there; SCREEN_TERM=NAME is its TERM
#   fix_shown TITLE          press the number of the fix whose title begins so
#   expect REGEX [SECONDS]   wait until the screen shows it
#   keys KEY...              as tmux send-keys takes them
#   screen_down              end the program and its terminal
#
# Where tmux is not installed, the cases that need it say so and count as passed.

screen_tmux() { lab_client tmux -L lab -f /dev/null "$@"; }
screen_text() { screen_tmux capture-pane -p -t 0 2>/dev/null; }
keys() { screen_tmux send-keys -t 0 "$@" 2>/dev/null || fail "the keys $* go nowhere"; }

# screen_missing: whether these cases cannot run here; says so once.
screen_missing() {
	command -v tmux >/dev/null && return 1
	[ -n "${SCREEN_TOLD:-}" ] || echo "# tmux is not installed: the screen's own keys are not tried"
	SCREEN_TOLD=1
}

# until_true SECONDS WORDS COMMAND...: wait until the command succeeds. After a first failure nothing waits.
until_true() {
	local end=$((SECONDS + $1)) words=$2
	[ ${#FAILS[@]} -eq 0 ] || return 1
	shift 2
	until "$@"; do
		if [ $SECONDS -gt $end ]; then
			screen_text >"$LAB/log/$NAME.screen"
			fail "not in time: $words (KEEP=DIR keeps the screen): $(LC_ALL=C tr -cs '!-~' ' ' <"$LAB/log/$NAME.screen" | head -c 900)"
			return 1
		fi
		sleep 0.03
	done
}
on_screen() { screen_text | grep -q -E -e "$1"; }
expect() { until_true "${2:-15}" "the screen shows /$1/" on_screen "$1"; }

screen_up() {
	local words
	words=$(printf ' %q' "$@")
	screen_tmux new-session -d -x 150 -y 56 "exec env ${SCREEN_TERM:+TERM=$SCREEN_TERM} sshmedic$words" \; \
	    set -g status off \; set -g remain-on-exit on || fail "no terminal of tmux"
	until_true 10 "the full screen is up" screen_is_full
	expect '^ sshmedic .* done [0-9.]+s' 40
}
screen_is_full() { [ "$(screen_tmux display -p -t 0 '#{alternate_on}' 2>/dev/null)" = 1 ]; }
screen_down() {
	keys Escape
	keys q
	until_true 10 "the program ends" screen_is_over
	screen_tmux kill-server 2>/dev/null
}
screen_is_over() { [ "$(screen_tmux display -p -t 0 '#{pane_dead}' 2>/dev/null)" = 1 ]; }

# fix_number TITLE: the key under which the screen offers that fix.
fix_number() { screen_text | sed -n "s/.*\[\([1-9]\)\] $1.*/\1/p" | head -n 1; }
has_number() { [ -n "$(fix_number "$1")" ]; }
fix_shown() {
	until_true 15 "a fix '$1' is offered" has_number "$1" || return
	keys "$(fix_number "$1")"
	expect "Fix [0-9] of [0-9]+: $1|DANGEROUS"
}

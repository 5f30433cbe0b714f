# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The walkthrough on the screen of the client's user, against a real server: the command that it hands out is
# what is run there, and what that prints is pasted into it; a team's notes stand in it and in the finding.

# walk_to REGEX: Enter until the walkthrough shows that step. Each step on the way is answered by evidence.
walk_to() {
	local i
	keys W
	expect 'Walkthrough|What did|Does'
	for ((i = 0; i < 12; i++)); do
		on_screen "$1" && return
		keys Enter
		sleep 0.2
	done
	expect "$1" 5
}
# walk_words COLUMN: what a column of the window says, as one line.
walk_words() { screen_text | awk -F '│' -v n="$(($1 + 1))" '{ print $n }' | tr -s '\n ' ' '; }
# walk_pastes FILE: into the window, as a terminal pastes. tmux marks it where the program asked for that.
walk_pastes() {
	screen_tmux load-buffer - <"$1" || fail "no buffer of tmux"
	screen_tmux paste-buffer -p -t 0 || fail "nothing is pasted"
}

row walk-collector - - 0 'Permission denied'
case_walk-collector() {
	local command
	serve_unit
	lab_server chmod 777 /home/alice/.ssh
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	screen_missing && return
	screen_up web.lab
	walk_to 'Which keys did you show'
	keys 1
	expect 'Is it the right user'
	keys 1
	expect "What does the server's log say"
	# The one command that it hands out, as it stands there.
	command=$(walk_words 1 | sed -n 's/.*run here \(sshmedic --collector [^>]*>collect.sh\), and there: sh collect.sh\..*/\1/p')
	[ -n "$command" ] || { screen_text >"$LAB/log/$NAME.screen"; fail "no command is handed out"; return; }
	lab_client sh -c "cd /tmp && $command" 2>"$LOG.command.err" || fail "it fails: $(head -n 1 "$LOG.command.err")"
	lab_client cat /tmp/collect.sh | lab_server sh -c 'cat >/root/collect.sh && sh /root/collect.sh' >"$LOG.evidence" 2>&1 ||
		fail "collect.sh fails on the server"
	walk_pastes "$LOG.evidence"
	expect 'Add what was pasted as evidence'
	keys y
	# The evidence answers, and the walkthrough goes on by itself: to the cause, with the path and the fix.
	expect 'Let only the owner write it'
	expect 'the evidence answered'
	expect 'sshd ignores the keys'
	expect 'auth-strictmodes,'
	keys 1
	expect 'chmod .*/home/alice/.ssh'
	keys Escape
	expect 'Let only the owner write it'
	screen_down
	lab_server rm -f /root/collect.sh
}

# Of the same server: a text that says nothing of the question answers nothing, and the question stays.
row walk-other-text - - 0 'Permission denied'
case_walk-other-text() {
	serve_unit
	authorized work_key
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	screen_missing && return
	screen_up web.lab
	walk_to 'Which keys did you show'
	keys 1
	expect 'Is it the right user'
	keys 1
	expect "What does the server's log say"
	lab_server uname -a >"$LOG.other"
	walk_pastes "$LOG.other"
	expect 'Add what was pasted as evidence'
	keys y
	expect 'added [0-9]+ bytes'
	expect "What does the server's log say"
	on_screen 'the evidence answered' && fail "it answers by a text that says nothing"
	screen_down
}

# Notes of the machine's administrator and of the user, about the finding that there is and about others.
row walk-notes - - 0 'Permission denied'
case_walk-notes() {
	serve_unit
	authorized work_key
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	screen_missing && return
	lab_client_root sh -c 'mkdir -p /etc/sshmedic/notes
		echo "Keys are in the portal: ask #access." >/etc/sshmedic/notes/auth-key-rejected.md
		echo "Never about this one." >/etc/sshmedic/notes/hostkey-changed.md'
	lab_client sh -c 'mkdir -p .config/sshmedic/notes; printf "# Mine\nthe \033]0;x\007 bastion has another key\n" >.config/sshmedic/notes/auth-key-rejected.md'
	screen_up web.lab
	keys Enter # the finding
	expect "Your team's note|note"
	expect 'Keys are in the portal: ask #access.'
	expect 'bastion has another key'
	keys Escape
	walk_to 'Which keys did you show'
	walk_note 'Keys are in the portal: ask #access.'
	walk_note 'bastion has another key'
	on_screen 'Never about this one' && fail "a note of another finding is shown"
	screen_text | LC_ALL=C grep -q -a -P '[\x00-\x08\x0b-\x1f\x7f]' && fail "raw bytes of a note"
	screen_down
	lab_client_root rm -rf /etc/sshmedic
	lab_client rm -rf .config/sshmedic
}
# walk_note TEXT: in the walkthrough, at once or further down.
walk_note() {
	local i
	for ((i = 0; i < 6; i++)); do
		{ walk_words 1; walk_words 2; } | grep -q -F -e "$1" && return
		keys PageDown
		sleep 0.2
	done
	fail "the walkthrough does not show: $1"
}

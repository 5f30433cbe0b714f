# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The login works; the session does not.

row session-nologin shell-nologin likely 12 'This account is currently not available|exit 1'
case_session-nologin() {
	serve
	medic nolog@web.lab
}

row session-shell-killed shell-crash likely 12 'exit (255|139)'
case_session-shell-killed() {
	serve
	medic crash@web.lab
	says SEGV
}

# fake_ssh BODY: an ssh that stands first in PATH. It answers for its version
# and configuration through the real one; for a login it runs BODY.
fake_ssh() {
	{
		printf '%s\n' '#!/bin/bash' 'for word; do case $word in -G | -V | -Q) exec /usr/bin/ssh "$@" ;; esac; done'
		echo "$1"
	} | lab_client sh -c 'mkdir -p bin; cat >bin/ssh; chmod 755 bin/ssh'
	LAB_ENV=("PATH=/home/alice/bin:$LAB_PATH")
}

# The user's own ssh dies after the login.
row session-client-killed client-crash proven 12 'exit 139'
case_session-client-killed() {
	serve
	fake_ssh '/usr/bin/ssh "$@"; kill -SEGV $$'
	medic web.lab
}

# ... or as soon as it is to log in, while our own connection gets through.
row client-killed-at-once client-crash proven 10 'exit 139'
case_client-killed-at-once() {
	serve
	fake_ssh 'kill -SEGV $$'
	medic web.lab
}

# ... or always, as with a broken library.
row client-killed-always client-crash proven 10 'exit 139'
case_client-killed-always() {
	serve
	printf '%s\n' '#!/bin/sh' 'kill -SEGV $$' |
		lab_client sh -c 'mkdir -p bin; cat >bin/ssh; chmod 755 bin/ssh'
	LAB_ENV=("PATH=/home/alice/bin:$LAB_PATH")
	CONNS=0
	medic web.lab
}

# Only once may a forced command run. The proof's own login waits beside ours
# behind its gate and is ended there: the second connection.
row session-forced-command forced-command likely 20
case_session-forced-command() {
	serve
	forced_command 'echo ran >>~/ran; echo forced'
	CONNS=2
	medic web.lab
	[ "$TOOL" = ssh ] && return
	local n
	n=$(lab_server sh -c 'wc -l </home/alice/ran')
	[ "$n" = 1 ] || fail "the forced command ran $n times"
}
forced_command() { # the default key, tied to this command on the server
	echo "command=\"$1\" $(pub id_ed25519)" | lab_server sh -c 'cat >/home/alice/.ssh/authorized_keys'
}

# The channel's end comes in pieces, each in a read of its own: no piece may be left waiting.
row session-forced-command-trickles forced-command likely 20
case_session-forced-command-trickles() {
	serve 'Port 2222'
	odd 22 trickle 2222
	forced_command 'echo forced'
	CONNS=4 # each is counted by the sshd, too
	medic web.lab
}

# One that takes its time keeps the gate shut all the while.
row session-forced-command-slow forced-command likely 20
case_session-forced-command-slow() {
	serve
	forced_command 'echo ran >>~/ran; sleep 2; echo forced'
	CONNS=2
	medic web.lab
	[ "$TOOL" = ssh ] || [ "$(lab_server sh -c 'wc -l </home/alice/ran')" = 1 ] || fail "the forced command did not run once"
}

row session-forced-command-fails forced-command-fails likely 12 'exit 3'
case_session-forced-command-fails() {
	serve
	forced_command 'echo ran >>~/ran; echo no such job >&2; exit 3'
	CONNS=2
	medic web.lab
	[ "$TOOL" = ssh ] || [ "$(lab_server sh -c 'wc -l </home/alice/ran')" = 1 ] || fail "the forced command did not run once"
}

row session-sftp-only sftp-only proven 12 'sftp connections only'
case_session-sftp-only() {
	serve "ForceCommand internal-sftp"
	medic web.lab
}

row session-no-pty healthy - 0
case_session-no-pty() {
	serve "PermitTTY no"
	medic web.lab
	warns pty-refused
}

# What a startup file prints where no terminal is spoils sftp and scp.
row session-noisy-startup healthy - 0
case_session-noisy-startup() {
	serve "Subsystem sftp /usr/lib/openssh/sftp-server"
	lab_server sh -c 'echo "echo Welcome aboard" >/home/alice/.bashrc; chown 2101:2101 /home/alice/.bashrc'
	medic web.lab
	warns sftp-stream-polluted
}

row session-no-sftp healthy - 0
case_session-no-sftp() {
	serve "Subsystem other /bin/false"
	medic web.lab
	warns subsystem-missing
}

row session-startup-exits rc-exits likely 12
case_session-startup-exits() {
	serve
	lab_server sh -c 'echo "exit 1" >/home/alice/.bash_profile; chown 2101:2101 /home/alice/.bash_profile'
	medic web.lab
}

row session-no-channel session-channel-refused proven 12 'open failed|exit 255'
case_session-no-channel() {
	serve "MaxSessions 0"
	medic web.lab
}

# One session at a time: the shell comes after the first command, and sftp has no room beside it.
row session-one-channel healthy - 0
case_session-one-channel() {
	serve "MaxSessions 1"
	medic web.lab
}

# What startup files print before the first command does not hide that it ran.
row session-long-greeting healthy - 0
case_session-long-greeting() {
	serve
	lab_server sh -c 'echo "for i in 1 2 3 4 5 6 7 8 9; do echo Welcome aboard, and mind that all you do here is written down; done" >/home/alice/.bashrc
		chown 2101:2101 /home/alice/.bashrc'
	medic web.lab
}

# The terminal's echo is not the shell's word: a startup file that hangs is no healthy login.
row session-startup-hangs shell-silent likely 20
case_session-startup-hangs() {
	serve
	lab_server sh -c 'echo "sleep 60" >/home/alice/.bash_profile; chown 2101:2101 /home/alice/.bash_profile'
	CONNS=2
	medic web.lab
}

# Output without an end keeps neither the loop nor the verdict.
row session-forced-command-floods session-stalled likely 12
case_session-forced-command-floods() {
	serve
	forced_command 'exec yes'
	STEP=3 CONNS=2
	medic web.lab
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The session in detail: what the server, the account and its startup files do
# to it, and what the fixes do about that.

# serve_etc ["Option value"...]: sshd as a unit, with a Match block at the end of its configuration: what the
# commands of fixes add must not land in there.
serve_etc() {
	unit_conf "$@" "LogLevel DEBUG3" "UsePAM no"
	printf '%s\n' "Match User nobody" "	X11Forwarding no" | lab_server sh -c 'cat >>/etc/ssh/sshd_config'
	lab_server systemctl start ssh || fail "the unit does not start: $(tail -n 2 "$LOG.unit")"
}

# startup FILE TEXT: a startup file of alice on the server.
startup() {
	lab_server sh -c 'printf "%s\n" "$2" >"/home/alice/$1"; chown 2101:2101 "/home/alice/$1"' sh "$@"
}

# fix_of FINDING [FIX]: the command of that fix of a finding (its first with a command) is run where it belongs.
fix_of() {
	[ "$TOOL" = ssh ] && return
	local side kind command said
	IFS=$'\t' read -r side kind command <<<"$(json first-fix "$@")"
	[ -n "$command" ] || { fail "no fix with a command for $*"; return; }
	case $side in
	client) said=$(lab_client timeout 30 bash -c "$command" </dev/null 2>&1) ;;
	server) said=$(lab_server timeout 30 sh -c "$command" </dev/null 2>&1) ;;
	esac || fail "the fix fails: $command: $said"
}
# ssh_says TEXT WORDS...: plain ssh with these words prints the text.
ssh_says() {
	[ "$TOOL" = ssh ] && return
	local text=$1 said
	shift
	said=$(lab_client timeout 15 "$@" </dev/null 2>&1)
	case $said in
	*"$text"*) ;;
	*) fail "after the fix: $*: $said" ;;
	esac
}
# tells TEXT...: some finding or fix says each of these.
tells() {
	[ "$TOOL" = ssh ] && return
	local t
	for t in "$@"; do
		json get findings | grep -q -F -e "$t" || fail "no finding says: $t"
	done
}

row session-nologin-cured shell-nologin likely 12 'This account is currently not available|exit 1'
case_session-nologin-cured() {
	serve
	lab_user server nobodyhome 2110 /usr/sbin/nologin
	lab_server sh -c 'cp -r /home/alice/.ssh /home/nobodyhome && chown -R 2110:2110 /home/nobodyhome'
	medic nobodyhome@web.lab
	fix_cures nobodyhome@web.lab
}

row session-crash-cured shell-crash likely 12 'exit (255|139)'
case_session-crash-cured() {
	serve
	lab_user server crashed 2111 /usr/local/bin/crashsh
	lab_server sh -c 'cp -r /home/alice/.ssh /home/crashed && chown -R 2111:2111 /home/crashed'
	medic crashed@web.lab
	fix_cures crashed@web.lab
}

row session-no-channel-cured session-channel-refused proven 12 'open failed|exit 255'
case_session-no-channel-cured() {
	serve_etc "MaxSessions 0"
	medic web.lab
	fix_cures web.lab
}

# MaxSessions 1: a shell and no second thing beside it.
row session-one-channel-told healthy - 0
case_session-one-channel-told() {
	serve "MaxSessions 1"
	medic web.lab
	warns session-channel-refused
}

row session-no-sftp-cured healthy - 0
case_session-no-sftp-cured() {
	serve_etc "Subsystem other /bin/false"
	medic web.lab
	warns subsystem-missing
	fix_of subsystem-missing add-subsystem
	ssh_says "Remote working directory" sh -c 'echo pwd | sftp -b - web.lab'
}

# ... and where a line names an sftp server that is not there.
row session-sftp-program-gone healthy - 0
case_session-sftp-program-gone() {
	serve_etc "Subsystem sftp /usr/lib/gone/sftp-server"
	medic web.lab
	warns subsystem-missing
	fix_of subsystem-missing add-subsystem
	ssh_says "Remote working directory" sh -c 'echo pwd | sftp -b - web.lab'
}

row session-no-pty-cured healthy - 0
case_session-no-pty-cured() {
	serve_etc "PermitTTY no"
	medic web.lab
	warns pty-refused
	fix_of pty-refused permit-tty
	ssh_says /dev/pts ssh -tt web.lab tty
}

# The four bytes that sftp takes for a length are text.
row session-polluted healthy - 0
case_session-polluted() {
	serve "Subsystem sftp /usr/lib/openssh/sftp-server"
	startup .bashrc 'echo Welcome aboard'
	medic web.lab
	warns sftp-stream-polluted
	tells 'Welcome aboard' '"Welc"' 1466264675
	[ "$TOOL" = ssh ] || lab_client sftp -b /dev/null web.lab 2>&1 | grep -q 1466264675 || fail "sftp does not name that number"
	fix_of sftp-stream-polluted
	ssh_says "Remote working directory" sh -c 'echo pwd | sftp -b - web.lab'
}

row session-no-home healthy - 0
case_session-no-home() {
	serve "AuthorizedKeysFile /etc/ssh/keys.%u"
	lab_user server homeless 2112 /bin/bash
	lab_server sh -c 'rmdir /home/homeless; cp /home/alice/.ssh/authorized_keys /etc/ssh/keys.homeless'
	medic homeless@web.lab
	warns home-missing
	tells /home/homeless
	fix_of home-missing
	ssh_says /home/homeless ssh homeless@web.lab pwd
}

row session-home-closed healthy - 0
case_session-home-closed() {
	serve "AuthorizedKeysFile /etc/ssh/keys.%u"
	lab_user server shutout 2113 /bin/bash
	lab_server sh -c 'chown root:root /home/shutout; chmod 700 /home/shutout; cp /home/alice/.ssh/authorized_keys /etc/ssh/keys.shutout'
	medic shutout@web.lab
	warns home-missing
	fix_of home-missing
	ssh_says /home/shutout ssh shutout@web.lab pwd
}

# The limit is set by a startup file, as pam_limits would: it counts all that the user runs.
row session-no-more-processes proc-limit proven 12 'fork: retry'
case_session-no-more-processes() {
	serve
	startup .bashrc 'ulimit -u 1; (exec true)'
	LIMIT=60 STEP=20
	medic web.lab
}

# The shell tries again for 15 s, which is longer than a step: its words are there before.
row session-no-more-processes-in-time proc-limit proven 12 -
case_session-no-more-processes-in-time() {
	serve
	startup .bashrc 'ulimit -u 1; (exec true)'
	STEP=2
	medic web.lab
}

row session-disk-full healthy - 0
case_session-disk-full() {
	serve
	lab_server sh -c 'mkdir -p /run/full && mount -t tmpfs -o size=4k,mode=777 none /run/full && echo 1 >/run/full/1'
	startup .bashrc 'echo here >/run/full/log'
	medic web.lab
	warns disk-full
	lab_server umount /run/full
}

row session-pam-refuses pam-session-denied likely 12 'exit 254'
case_session-pam-refuses() {
	lab_server sh -c 'printf "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_deny.so\n" >/etc/pam.d/sshd'
	serve_etc "UsePAM yes"
	medic web.lab
}

row session-nologin-file pam-nologin likely 12 'exit 254|back at noon'
case_session-nologin-file() {
	serve_etc
	lab_server sh -c 'echo "Maintenance, back at noon" >/etc/nologin'
	medic web.lab
	says 'back at noon'
	fix_cures web.lab
	lab_server rm -f /etc/nologin /etc/nologin.off
}

row session-chroot-no-shell session-chroot-no-shell likely 12 'exit 1'
case_session-chroot-no-shell() {
	lab_server mkdir -p /run/jail/home
	serve "ChrootDirectory /run/jail"
	medic web.lab
	says '/bin/bash: No such file or directory'
}

row session-chroot-open session-lost proven 12 'Broken pipe|closed|exit 255'
case_session-chroot-open() {
	lab_server sh -c 'mkdir -p /run/openjail && chmod 777 /run/openjail'
	serve "ChrootDirectory /run/openjail"
	CONNS=2
	medic web.lab
}

row session-forced-command-gone forced-command-fails likely 12 'not found|No such file'
case_session-forced-command-gone() {
	serve "ForceCommand /usr/local/bin/gone --now"
	CONNS=2
	medic web.lab
	says 'cannot be run' /usr/local/bin/gone
}

# ---- the shared connection ---------------------------------------------------

MUX=/home/alice/.ssh/cm
# mux_config MASTER [PATH]: the user's configuration names a shared connection.
mux_config() {
	printf '%s\n' "Host *.lab" "	ControlMaster $1" "	ControlPath ${2:-$MUX}" | home config
}
# mux_master: such a connection stands; sets MASTER to its process, as this machine counts.
mux_master() {
	lab_client ssh -o BatchMode=yes -o ControlMaster=yes -N web.lab </dev/null >/dev/null 2>&1 &
	MASTER=$(kit_child $!)
	KIT_AGENTS+=("$MASTER")
	kit_socket $MUX
}

row mux-none-yet healthy - 0
case_mux-none-yet() {
	serve
	mux_config auto
	medic web.lab
	warns_not mux-stale-master
}

row mux-well healthy - 0
case_mux-well() {
	serve
	mux_config auto
	mux_master
	CONNS=3
	medic web.lab
	warns_not mux-stale-master
	warns_not mux-session-refused
}

# A stopped master takes the connection to its socket and never says a word: ssh waits for ever.
row mux-master-stopped mux-stale-master proven 12 -
case_mux-master-stopped() {
	serve
	mux_config auto
	mux_master
	kill -STOP "$MASTER"
	CONNS=3 LIMIT=5
	medic web.lab
	[ "$TOOL" = ssh ] && { [ "$RC" = 124 ] || fail "ssh ends: $RC"; }
	fix_cures web.lab
	kill -CONT "$MASTER" 2>/dev/null
}

# The master lives, and its connection is cut: what is asked for in it never comes.
row mux-network-gone mux-stale-master likely 12 -
case_mux-network-gone() {
	serve
	mux_config auto
	mux_master
	local port
	port=$(lab_client_root ss -Htn state established '( dport = :22 )' | awk '{ sub(/.*:/, "", $3); print $3; exit }')
	rules_input server "tcp sport $port drop"
	lab_client ssh -o BatchMode=yes web.lab true </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	sleep 1.5
	CONNS=3 LIMIT=15
	medic web.lab
	[ "$TOOL" = ssh ] && { [ "$RC" = 124 ] || fail "ssh ends: $RC"; }
	fix_cures web.lab
}

# ... and before anybody has asked for anything in it.
row mux-network-gone-unseen mux-stale-master likely 12 -
case_mux-network-gone-unseen() {
	serve
	mux_config auto
	mux_master
	local port
	port=$(lab_client_root ss -Htn state established '( dport = :22 )' | awk '{ sub(/.*:/, "", $3); print $3; exit }')
	rules_input server "tcp sport $port drop"
	CONNS=3 LIMIT=15
	medic web.lab
	[ "$TOOL" = ssh ] && { [ "$RC" = 124 ] || fail "ssh ends: $RC"; }
	fix_cures web.lab
}

row mux-session-refused healthy - 0
case_mux-session-refused() {
	serve "MaxSessions 1"
	mux_config auto
	mux_master
	lab_client ssh -o BatchMode=yes web.lab sleep 60 </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	kit_wait "$LOG.0" "Starting session: command" 5
	CONNS=4
	medic web.lab
	warns mux-session-refused
	fix_of mux-session-refused
	[ "$TOOL" = ssh ] || ! lab_client ssh -o BatchMode=yes -o ControlMaster=no web.lab true 2>&1 | grep refused || fail "still refused"
}

row mux-socket-left healthy - 0
case_mux-socket-left() {
	serve
	mux_config no
	lab_client /usr/bin/python3 -I -S -c "import socket; socket.socket(socket.AF_UNIX).bind('$MUX')"
	medic web.lab
	warns mux-stale-master
	fix_of mux-stale-master
	[ "$TOOL" = ssh ] || [ -z "$(lab_client ssh -o BatchMode=yes web.lab true 2>&1)" ] || fail "ssh still complains"
}

row mux-folder-missing mux-path-bad proven 12 'unix_listener: cannot bind'
case_mux-folder-missing() {
	serve
	mux_config auto /home/alice/.ssh/shared/cm
	medic web.lab
	says /home/alice/.ssh/shared
	fix_cures web.lab
}

row mux-folder-not-ours mux-path-bad proven 12 'unix_listener: cannot bind'
case_mux-folder-not-ours() {
	serve
	mux_config auto /usr/local/bin/cm
	medic web.lab
	fix_cures web.lab
}

# Without ControlMaster ssh makes no socket, and the folder does not matter.
row mux-folder-missing-no-master healthy - 0
case_mux-folder-missing-no-master() {
	serve
	mux_config no /home/alice/.ssh/shared/cm
	medic web.lab
}

row mux-path-too-long mux-path-bad proven 12 'ControlPath too long'
case_mux-path-too-long() {
	serve
	mux_config auto "/home/alice/.ssh/$(printf 'x%.0s' {1..100})"
	medic web.lab
	fix_cures web.lab
}

row mux-path-rather-long mux-path-bad proven 12 'too long for Unix domain socket'
case_mux-path-rather-long() {
	serve
	mux_config auto "/home/alice/.ssh/$(printf 'x%.0s' {1..80})"
	medic web.lab
	fix_cures web.lab
}

# ---- forwardings of the configuration ------------------------------------------

# fwd_config LINE...: the user's configuration has these lines for every host.
fwd_config() {
	printf '%s\n' "Host *.lab" "$@" | home config
}
# port_taken ADDRESS...: alice's own program listens on port 8080 of these on the client; sets HOLDER.
port_taken() {
	lab_client /usr/bin/python3 -I -S -c '
import socket, sys, time
held = []
for a in sys.argv[1:]:
    s = socket.socket(socket.AF_INET6 if ":" in a else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((a, 8080)); s.listen(); held.append(s)
open("/tmp/held", "w").close()
time.sleep(60)' "$@" </dev/null >/dev/null 2>&1 &
	HOLDER=$(kit_child $!)
	KIT_AGENTS+=("$HOLDER")
	local i
	for ((i = 0; i < 200; i++)); do
		lab_client_root test -e /tmp/held && return
		sleep 0.01
	done
	fail "the port is not held"
}

row fwd-port-taken-ends-ssh fwd-cannot-listen proven 12 'Address already in use'
case_fwd-port-taken-ends-ssh() {
	serve
	fwd_config "LocalForward 8080 localhost:80" "ExitOnForwardFailure yes"
	port_taken 127.0.0.1 ::1
	medic web.lab
	says python3 8080
	fix_logs_in
}

row fwd-port-taken healthy - 0
case_fwd-port-taken() {
	serve
	fwd_config "DynamicForward 127.0.0.1:8080"
	port_taken 127.0.0.1
	medic web.lab
	warns fwd-cannot-listen
	fix_of fwd-cannot-listen
	[ "$TOOL" = ssh ] || ! lab_client ssh -o BatchMode=yes web.lab true 2>&1 | grep 'already in use' || fail "the port is still held"
}

# By somebody else: who, not which process; nothing is offered that we may not do.
row fwd-port-of-root healthy - 0
case_fwd-port-of-root() {
	serve
	fwd_config "LocalForward 8080 localhost:80"
	lab_client_root /usr/bin/python3 -I -S "$LAB/tools/odd.py" tcp 8080 silent </dev/null >"$LOG.held" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$LOG.held" ready 5
	medic web.lab
	warns fwd-cannot-listen
	tells 'a process of root'
}

# ssh is content with one family, and so are we.
row fwd-one-family-taken healthy - 0
case_fwd-one-family-taken() {
	serve
	fwd_config "LocalForward 8080 localhost:80" "ExitOnForwardFailure yes"
	port_taken ::1
	medic web.lab
	warns_not fwd-cannot-listen
}

row fwd-root-port fwd-cannot-listen proven 12 'Permission denied'
case_fwd-root-port() {
	serve
	fwd_config "LocalForward 80 localhost:80" "ExitOnForwardFailure yes"
	medic web.lab
	fix_logs_in
}

# The user's own shared connection holds the port: a further ssh is content with that.
row fwd-port-of-the-master healthy - 0
case_fwd-port-of-the-master() {
	serve
	fwd_config "LocalForward 8080 localhost:80" "ExitOnForwardFailure yes" "ControlMaster auto" "ControlPath $MUX"
	mux_master
	CONNS=3
	medic web.lab
	warns_not fwd-cannot-listen
}

# A forwarding from the server is said to be untried, and is not tried.
row fwd-from-the-server healthy - 0
case_fwd-from-the-server() {
	serve
	fwd_config "RemoteForward 9000 localhost:80" "LocalForward 8080 localhost:80"
	medic web.lab
	warns fwd-refused
	warns_not fwd-cannot-listen
	[ "$TOOL" = ssh ] || ! grep -h -q "remote forward\|tcpip-forward" "$LOG".* || fail "a port was asked for"
}

# ---- X11 forwarding: what ssh finds here, and that plain ssh says the same ------

# x11_server VAR=VALUE...: the session's environment of alice; a server that forwards X11.
x11_server() {
	serve "X11Forwarding yes" "XAuthLocation /bin/true"
	LAB_ENV=("$@")
}
# x11_given yes|no [ssh arguments]: whether alice's own ssh gets a display on the server.
x11_given() {
	local want=$1 got
	shift
	CONNS=3
	got=$(lab_client ssh -o BatchMode=yes "$@" web.lab 'echo "display=$DISPLAY"' 2>>"$ERR" </dev/null)
	case $want:$got in
	yes:display=?* | no:display=) ;;
	*) fail "plain ssh gets: $got" ;;
	esac
}

row x11-no-display healthy - 0
case_x11-no-display() {
	x11_server
	fwd_config "ForwardX11 yes"
	x11_given no
	medic web.lab
	warns x11-no-display
	warns_not x11-no-xauth
}

row x11-no-display-of-the-command-line healthy - 0
case_x11-no-display-of-the-command-line() {
	x11_server
	x11_given no -Y
	medic -o ForwardX11=yes web.lab
	warns x11-no-display
}

row x11-display-is-no-name healthy - 0
case_x11-display-is-no-name() {
	x11_server "DISPLAY=my;screen"
	fwd_config "ForwardX11 yes"
	x11_given no
	medic web.lab
	warns x11-no-display
}

row x11-no-xauth healthy - 0 'untrusted X11 forwarding setup failed'
case_x11-no-xauth() {
	x11_server DISPLAY=:7
	fwd_config "ForwardX11 yes" "ForwardX11Trusted no" "XAuthLocation /opt/none/xauth"
	x11_given no
	medic web.lab
	warns x11-no-xauth
	warns_not x11-no-display
}

# Trusted forwarding goes on with a made-up cookie.
row x11-no-xauth-trusted healthy - 0 'using fake authentication data'
case_x11-no-xauth-trusted() {
	x11_server DISPLAY=:7
	fwd_config "ForwardX11 yes" "ForwardX11Trusted yes" "XAuthLocation /opt/none/xauth"
	x11_given yes
	medic web.lab
	warns x11-no-xauth
}

row x11-not-asked-for healthy - 0
case_x11-not-asked-for() {
	x11_server
	fwd_config "XAuthLocation /opt/none/xauth"
	medic web.lab
	warns_not x11-no-display
	warns_not x11-no-xauth
}

# ---- the terminal --------------------------------------------------------------

# A terminal that only the client has an entry for.
own_terminal() {
	lab_server rm -rf /home/alice/.terminfo
	lab_client sh -c 'infocmp xterm | sed "s/^xterm|/lab-term|/" | tic -x -o .terminfo - 2>/dev/null; TERM=lab-term infocmp >/dev/null' ||
		fail "no entry for lab-term on the client"
	LAB_ENV+=(TERM=lab-term)
}

row term-unknown healthy - 0
case_term-unknown() {
	serve
	own_terminal
	medic web.lab
	warns term-unknown
	tells lab-term
	fix_of term-unknown install-terminfo
	ssh_says lab-term ssh web.lab 'infocmp lab-term | head -n 2'
}

row term-unknown-other healthy - 0
case_term-unknown-other() {
	serve
	own_terminal
	medic web.lab
	fix_of term-unknown other-term
}

# SetEnv decides what ssh asks for.
row term-by-setenv healthy - 0
case_term-by-setenv() {
	serve
	own_terminal
	printf '%s\n' "Host *.lab" "	SetEnv TERM=xterm-256color" | home config
	medic web.lab
	warns_not term-unknown
}

# No infocmp, no verdict on the terminal.
row term-not-told healthy - 0
case_term-not-told() {
	serve
	own_terminal
	startup .bashrc 'PATH=/nowhere'
	medic web.lab
	warns_not term-unknown
}

# Two sessions at a time: the first command's makes room before sftp asks for one.
row session-two-channels healthy - 0
case_session-two-channels() {
	serve "MaxSessions 2"
	medic web.lab
	warns_not session-channel-refused
	warns_not subsystem-missing
}

# What repeats our request in a complaint has not run it.
row session-forced-command-repeats forced-command-fails likely 12 -
case_session-forced-command-repeats() {
	serve
	forced_command 'echo ran >>~/ran; echo not allowed: $SSH_ORIGINAL_COMMAND; exit 1'
	CONNS=2
	medic web.lab
	[ "$TOOL" = ssh ] || [ "$(lab_server sh -c 'wc -l </home/alice/ran')" = 1 ] || fail "the forced command did not run once"
}

# A key that gets no terminal: sshd's own note names its line.
row session-key-no-pty healthy - 0
case_session-key-no-pty() {
	serve
	echo "restrict $(pub id_ed25519)" | lab_server sh -c 'cat >/home/alice/.ssh/authorized_keys'
	medic web.lab
	warns pty-refused
	tells /home/alice/.ssh/authorized_keys:1
}

# ---- the user's own command ------------------------------------------------------

# RemoteCommand and what belongs to it is shown, and not run.
row session-own-command healthy - 0
case_session-own-command() {
	serve
	printf '%s\n' "Host *.lab" "	RemoteCommand touch ran" "	RequestTTY force" | home config
	[ "$TOOL" = ssh ] && return
	medic web.lab
	lab_server test -e /home/alice/ran && fail "the command was run"
	grep -q 'remotecommand touch ran' "$OUT" || fail "it is not shown"
}

row session-none-wanted healthy - 0
case_session-none-wanted() {
	serve
	printf '%s\n' "Host *.lab" "	SessionType none" | home config
	[ "$TOOL" = ssh ] && return
	medic web.lab
}

# What is typed comes back late: the terminal's own echo is off until the shell, which is slow to, reads on.
row session-slow-echo healthy - 0
case_session-slow-echo() {
	serve
	startup .bash_profile 'trap "stty -echo" DEBUG; PROMPT_COMMAND="sleep 0.5; stty echo"'
	CONNS=2
	medic web.lab
	warns slow-echo
}

# A shell that shows nothing of what is typed is no slow one.
row session-no-echo healthy - 0
case_session-no-echo() {
	serve
	startup .bash_profile 'exec sh -c "stty -echo; exec sh"'
	medic web.lab
	warns_not slow-echo
}

# The path drops what ssh marks: commands, once the session is open; terminals, and so the connection itself.
marked() { [ "$TOOL" = ssh ] || grep -q -F "packets marked $1 " "$OUT" || fail "no word of $1"; }
row session-mark-dropped qos-drop likely 12 'exit 124|[Tt]imeout, server'
case_session-mark-dropped() {
	serve
	rules_input server 'tcp dport 22 ip dscp cs1 drop'
	medic -o IPQoS="af21 cs1" web.lab
	marked cs1
	fix_logs_in
}
row session-mark-of-terminals-dropped qos-drop likely 12 'Connection timed out'
case_session-mark-of-terminals-dropped() {
	serve
	rules_input server 'tcp dport 22 ip dscp af21 drop'
	medic -o IPQoS="af21 cs1" web.lab
	marked af21
	fix_logs_in
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The session in detail: what the server, the account and its startup files do
# to it, and what the fixes do about that.

# serve_etc ["Option value"...]: sshd with its usual file of configuration and a unit that reloads it,
# so that the commands of fixes run as they stand.
serve_etc() {
	local log=$LOG.${#KIT_JOBS[@]}
	{
		[ $# -gt 0 ] && printf '%s\n' "$@"
		printf '%s\n' "HostKey $LAB/keys/host" "HostKey $LAB/keys/host_rsa" "HostKey $LAB/keys/host_ecdsa" \
		    "PidFile /run/sshd.pid" "LogLevel DEBUG3" "UsePAM no" "UseDNS no" "PasswordAuthentication no" \
		    "KbdInteractiveAuthentication no" "PrintMotd no" "Match User nobody" "	X11Forwarding no"
	} | lab_server sh -c 'cat >/etc/ssh/sshd_config
		printf "%s\n" "#!/bin/sh" "[ \"\$1 \$2\" = \"reload ssh\" ] && kill -HUP \"\$(cat /run/sshd.pid)\" && sleep 0.3" >/usr/local/bin/systemctl
		chmod 755 /usr/local/bin/systemctl'
	: >"$log"
	# Not -e: what a child of sshd logs would go to the client.
	lab_server /usr/sbin/sshd -D -E "$log" </dev/null >>"$log" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$log" "Server listening on" 5
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

row session-nologin-cured shell-nologin proven 12 'This account is currently not available|exit 1'
case_session-nologin-cured() {
	serve
	lab_user server nobodyhome 2110 /usr/sbin/nologin
	lab_server sh -c 'cp -r /home/alice/.ssh /home/nobodyhome && chown -R 2110:2110 /home/nobodyhome'
	medic nobodyhome@web.lab
	fix_cures nobodyhome@web.lab
}

row session-crash-cured shell-crash proven 12 'exit (255|139)'
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

row session-forced-command-gone forced-command-fails likely 12 'not found'
case_session-forced-command-gone() {
	serve "ForceCommand /usr/local/bin/gone --now"
	CONNS=2
	medic web.lab
	says 'cannot be run' /usr/local/bin/gone
}

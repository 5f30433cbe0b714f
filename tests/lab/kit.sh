# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What a case is made of: servers, firewalls, the client's home, agents, and
# the run itself. Sourced by run.sh after lib.sh. Every case begins from the
# same state (kit_reset): no server, no rule, alice's default key and
# known_hosts on the client, that key authorised for alice on the server.
#
#   row NAME FINDING CERTAINTY EXIT REGEX    a case; its body is the function case_NAME
#
# REGEX is what plain `ssh -o BatchMode=yes` says in the same situation, the
# proof that the situation is real (TOOL=ssh run.sh checks that instead).

ROWS=()
row() {
	ROWS+=("$1|$2|$3|$4|${5:-}")
}

KIT_JOBS=()
KIT_AGENTS=()
KIT_PIDNS=$(readlink /proc/self/ns/pid)

# kit_keys: all keys, once. Passphrases and rounds are as small as they may be.
kit_keys() {
	local k=$LAB/keys n
	for n in id_ed25519 work_key agent_key encrypted host host2 host_jump; do
		ssh-keygen -q -t ed25519 -N "$([ $n = encrypted ] && echo secret)" -a 1 -C "$n" -f "$k/$n" </dev/null || return 1
	done
	for n in 1 2 3 4 5 6 7 8; do
		ssh-keygen -q -t ed25519 -N '' -C "many$n" -f "$k/many$n" </dev/null || return 1
	done
	ssh-keygen -q -t rsa -b 2048 -N '' -C host_rsa -f "$k/host_rsa" </dev/null || return 1
	for n in host_ecdsa other_ecdsa; do
		ssh-keygen -q -t ecdsa -N '' -C $n -f "$k/$n" </dev/null || return 1
	done
	ssh-keygen -q -s "$k/host2" -I web -h -n web.lab "$k/host.pub" || return 1
	head -c 150 "$k/id_ed25519" >"$k/broken"
	local names=web.lab,dual.lab,six.lab,jump.lab,far.lab,10.77.2.2,10.77.2.3,10.88.0.2,fd77:2::2
	for n in host host_rsa host_ecdsa; do
		echo "$names $(cut -d' ' -f1,2 "$k/$n.pub")"
	done >"$k/known_hosts"
	# A shell that dies by a signal, and a client that does, but for -G, -Q and -V.
	lab_server tee /usr/local/bin/crashsh >/dev/null <<-'END'
		#!/bin/sh
		kill -SEGV $$
	END
	lab_server chmod 755 /usr/local/bin/crashsh
	lab_user server nolog 2102 /usr/sbin/nologin
	lab_user server crash 2103 /usr/local/bin/crashsh
	lab_server sh -c 'printf "auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n" >/etc/pam.d/sshd
		cp /etc/pam.d/sshd /etc/pam.d/sshd.lab'
}

# kit_reset: the state in which every case begins. Sets LOG.
kit_reset() {
	local p
	for p in "${KIT_JOBS[@]}" "${KIT_AGENTS[@]}"; do
		kill -TERM "$p" 2>/dev/null
	done
	for p in "${KIT_JOBS[@]}" "${KIT_AGENTS[@]}"; do
		kit_gone "$p"
	done
	KIT_JOBS=() KIT_AGENTS=() LAB_ENV=()
	LOG=$LAB/log/$1.server
	: >"$LOG"
	for p in client router server; do
		[ -n "${KIT_RULES:-}" ] && lab_in "$p" nft flush ruleset
	done
	KIT_RULES=
	[ -n "${KIT_UNIT:-}" ] && unit_reset
	# What is still running on the server would be the next case's server.
	lab_server sh -c 'for p in /proc/[0-9]*; do
		p=${p#/proc/}
		[ "$p" = 1 ] || [ "$p" = $$ ] || [ "$(cat "/proc/$p/comm" 2>/dev/null)" = sleep ] || kill -KILL "$p" 2>/dev/null
	done'
	lab_server bash -c '
		for u in alice:2101 nolog:2102 crash:2103; do
			h=/home/${u%:*} id=${u#*:}
			rm -rf "$h/.ssh" && mkdir -m 700 "$h/.ssh" && cp "$1/id_ed25519.pub" "$h/.ssh/authorized_keys"
			rm -f "$h"/ran "$h"/.bash*; chmod 755 "$h"; chown -R "$id:$id" "$h"
		done
		rm -rf /root/.ssh; rm -f /etc/profile.d/lab*.sh; cp /etc/pam.d/sshd.lab /etc/pam.d/sshd' reset "$LAB/keys"
	lab_client_root bash -c '
		rm -rf /home/alice /tmp/* && mkdir -p /home/alice/.ssh && cd /home/alice/.ssh && chmod 700 .
		cp "$1/id_ed25519" "$1/id_ed25519.pub" "$1/known_hosts" . && chown -R 2101:2101 /home/alice' reset "$LAB/keys"
}

# kit_gone PID: wait until that job of ours has ended, at most 2 s, then end it for good.
kit_gone() {
	local i
	for ((i = 0; i < 200; i++)); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.01
	done
	kill -KILL "$1" 2>/dev/null
}

kit_wait() { # file, text, seconds: until the file holds the text
	local i
	for ((i = 0; i < $3 * 50; i++)); do
		grep -q -e "$2" "$1" && return 0
		sleep 0.02
	done
	fail "no '$2' in $1 within $3 s: $(tail -n 1 "$1")"
}

# ---- servers ---------------------------------------------------------------

# serve ["Option value"...]: sshd on all addresses, these lines before the lab's own. SSHD=path is another one.
serve() {
	local conf=$LAB/sshd.${#KIT_JOBS[@]} log=$LOG.${#KIT_JOBS[@]}
	{
		[ $# -gt 0 ] && printf '%s\n' "$@"
		printf '%s\n' "HostKey $LAB/keys/host" "HostKey $LAB/keys/host_rsa" "HostKey $LAB/keys/host_ecdsa" \
		    "PidFile none" "LogLevel DEBUG3" "UsePAM no" "UseDNS no" "PasswordAuthentication no" \
		    "KbdInteractiveAuthentication no" "PrintMotd no"
		[[ $* == *Subsystem* ]] || echo "Subsystem sftp internal-sftp"
	} >"$conf"
	: >"$log"
	lab_server "${SSHD:-/usr/sbin/sshd}" -D -e -f "$conf" </dev/null >>"$log" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$log" "Server listening on" 5
}

# kit_child PID: the process on the host that was started by that background job.
# Between the two stand bash and nsenter, and a signal to those leaves it alone.
kit_child() {
	local i c p=$1
	for ((i = 0; i < 200; i++)); do
		c=$(cat "/proc/$p/task/$p/children" 2>/dev/null)
		if [ -z "$c" ]; then
			sleep 0.01
			continue
		fi
		p=${c%% *}
		[ "$(readlink "/proc/$p/ns/pid")" != "$KIT_PIDNS" ] && break
	done
	echo "$p"
}

# ---- a server as a distribution runs it: a unit, a journal, /etc/ssh/sshd_config ----

# unit_install: what is needed once. The host gets a /dev of its own, for its /dev/log.
unit_install() {
	[ -z "${KIT_UNIT_READY:-}" ] || return 0
	KIT_UNIT_READY=1
	lab_server sh -ec '
		mkdir -p /run/dev /run/unit /run/systemd/system
		mount -t tmpfs -o mode=755 tmpfs /run/dev
		cd /run/dev
		mkdir net pts shm
		for f in null zero full random urandom tty net/tun; do : >$f; mount --bind /dev/$f $f; done
		for d in pts shm; do mount --rbind /dev/$d $d; done
		ln -s pts/ptmx ptmx; ln -s /proc/self/fd fd
		cd /
		mount --move /run/dev /dev
		install -m 755 "$1/tools/unit/systemctl" "$1/tools/unit/journalctl" /usr/local/bin/
		tar -C / -cf "$1/unit.tar" etc/ssh etc/passwd etc/shadow etc/group etc/security etc/pam.d etc/shells etc/hosts' sh "$LAB" ||
		fail "the unit's host could not be made"
}
# unit_conf ["Option value"...]: its configuration and keys, and the log; nothing is started.
unit_conf() {
	KIT_UNIT=1
	unit_install
	{
		[ $# -gt 0 ] && printf '%s\n' "$@"
		printf '%s\n' "LogLevel VERBOSE" "UsePAM no" "UseDNS no" "PasswordAuthentication no" \
		    "KbdInteractiveAuthentication no" "PrintMotd no"
		[[ $* == *Subsystem* ]] || echo "Subsystem sftp internal-sftp"
	} | lab_server sh -ec '
		cat >/etc/ssh/sshd_config
		for t in ed25519:host rsa:host_rsa ecdsa:host_ecdsa; do
			install -m 600 "$1/keys/${t#*:}" "/etc/ssh/ssh_host_${t%:*}_key"
			install -m 644 "$1/keys/${t#*:}.pub" "/etc/ssh/ssh_host_${t%:*}_key.pub"
		done
		echo "$2" >/run/unit/journal' sh "$LAB" "$LOG.unit"
	: >"$LOG.unit"
	lab_server /usr/bin/python3 -I -S "$LAB/tools/syslog.py" "$LOG.unit" </dev/null >"$LOG.syslog" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$LOG.syslog" ready 5
}
# serve_unit ["Option value"...]: the same, started as `systemctl start ssh` does.
serve_unit() {
	unit_conf "$@"
	lab_server systemctl start ssh || fail "the unit does not start: $(tail -n 2 "$LOG.unit")"
}
unit_reset() {
	KIT_UNIT=
	lab_server sh -c '
		systemctl stop ssh
		for p in /run/unit/*.pid; do [ -e "$p" ] && kill "$(cat "$p")"; done
		rm -rf /run/unit/* /etc/ssh /etc/security /etc/nologin /etc/nologin.off /run/nologin /etc/hosts.deny
		mkdir -p /run/sshd && chmod 755 /run/sshd
		tar -C / -xf "$1/unit.tar"' sh "$LAB" >/dev/null 2>&1
}
# serve_admin ["Option value"...]: a second sshd on port 2911, where root gets in with a key of its own:
# `ssh adm` on the client.
serve_admin() {
	serve "Port 2911" "PermitRootLogin yes" "AuthorizedKeysFile $LAB/keys/work_key.pub" "StrictModes no" "$@"
	key work_key admin
	home config <<-END
		Host adm
		    HostName 10.77.2.2
		    Port 2911
		    User root
		    IdentityFile ~/.ssh/admin
		    IdentitiesOnly yes
	END
	echo "[10.77.2.2]:2911 $(pub host)" | lab_client sh -c 'cat >>.ssh/known_hosts'
}
# collector [WORDS...]: the collector's script run as root on the server; evidence goes to /tmp/evidence on the client.
collector() {
	lab_client sshmedic --collector "${DEST:-web.lab}" >"$LAB/script" 2>"$LAB/script.err" ||
		fail "no script: $(cat "$LAB/script.err")"
	lab_server sh "$LAB/script" "$@" >"$LOG.evidence" 2>"$LOG.evidence.err" ||
		fail "the script fails: $(head -n 2 "$LOG.evidence.err")"
	lab_client tee /tmp/evidence <"$LOG.evidence" >/dev/null
}

# odd PORT MODE [ARG]: one of the odd servers.
odd() {
	local log=$LOG.${#KIT_JOBS[@]}
	: >"$log"
	lab_server /usr/bin/python3 -I -S "$LAB/tools/odd.py" tcp "$@" </dev/null >"$log" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$log" ready 5
}

# dropbear: another make of server.
serve_dropbear() {
	local log=$LOG.${#KIT_JOBS[@]}
	[ -f "$LAB/keys/dropbear" ] ||
		dropbearkey -t ed25519 -f "$LAB/keys/dropbear" >"$LAB/keys/dropbear.out" 2>&1
	: >"$log"
	lab_server dropbear -F -E -s -r "$LAB/keys/dropbear" -p 22 -P /run/dropbear.pid </dev/null >"$log" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$log" "Not backgrounding" 5
	sed -n 's/^\(ssh-ed25519 [^ ]*\).*/web.lab,10.77.2.2 \1/p' "$LAB/keys/dropbear.out" | home known_hosts
}

# rules HOST 'nft lines...': a firewall on that host.
rules() {
	KIT_RULES=1
	local host=$1
	shift
	printf '%s\n' "table inet lab {" "$@" "}" | lab_in "$host" nft -f - || fail "nft refused the rules"
}
rules_input() { rules "$1" "chain i { type filter hook input priority 0; $2; }"; }
rules_output() { rules "$1" "chain o { type filter hook output priority 0; $2; }"; }
rules_forward() { rules "$1" "chain f { type filter hook forward priority 0; $2; }"; }

# ---- the client's home -----------------------------------------------------

# home FILE [MODE]: write stdin to ~/.ssh/FILE of alice on the client.
home() {
	lab_client sh -c 'cat >".ssh/$1" && chmod "$2" ".ssh/$1"' sh "$1" "${2:-600}"
}
# key NAME [AS]: put a key and its public half into alice's ~/.ssh.
key() {
	lab_client_root sh -c 'cd /home/alice/.ssh && cp "$1/$2" "$3" && chmod 600 "$3" && chown 2101:2101 "$3"
		[ ! -f "$1/$2.pub" ] || { cp "$1/$2.pub" "$3.pub" && chown 2101:2101 "$3.pub"; }' \
	    sh "$LAB/keys" "$1" "${2:-$1}"
}
no_key() { # FILE...: take files out of alice's ~/.ssh; without one, the default key
	[ $# -gt 0 ] || set -- id_ed25519 id_ed25519.pub
	lab_client sh -c 'cd .ssh && rm -f "$@"' sh "$@"
}
# authorized [KEY...]: what the server lets alice in with; nothing: no key at all.
authorized() {
	local k
	for k in "$@"; do
		cat "$LAB/keys/$k.pub"
	done | lab_server sh -c 'cat >/home/alice/.ssh/authorized_keys'
}
# pub KEY: type and blob of a public key of the lab.
pub() { cut -d' ' -f1,2 "$LAB/keys/$1.pub"; }

# agent KEY...: a real agent that holds these keys; sets SSH_AUTH_SOCK for the client.
agent() {
	local k
	lab_client ssh-agent -D -a /tmp/agent.sock </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	LAB_ENV+=(SSH_AUTH_SOCK=/tmp/agent.sock)
	kit_socket
	for k in "$@"; do
		lab_client sh -c 'umask 077; cat >/tmp/k && ssh-add -q /tmp/k; r=$?; rm -f /tmp/k; exit $r' \
		    <"$LAB/keys/$k" || fail "ssh-add of $k"
	done
}
# agent_odd MODE: a socket that behaves badly where the agent should be.
agent_odd() {
	lab_client /usr/bin/python3 -I -S "$LAB/tools/odd.py" agent /tmp/agent.sock "$1" </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	LAB_ENV+=(SSH_AUTH_SOCK=/tmp/agent.sock)
	kit_socket
}
kit_socket() {
	local i
	for ((i = 0; i < 200; i++)); do
		lab_client_root test -S "${1:-/tmp/agent.sock}" && return 0
		sleep 0.01
	done
	fail "no agent socket"
}

# ---- the run and what must hold after it -----------------------------------

FAILS=()
fail() { FAILS+=("$1"); }

# processes: all that lives on the client but for its first process and zombies.
processes() {
	lab_client_root ps -e -o pid=,stat=,args= | awk '$1 != 1 && $2 !~ /^Z/ && $0 !~ /ps -e -o pid/ { $2 = ""; print }' | sort
}
temp_files() {
	lab_client_root find /tmp /run /home/alice -newer /proc/1/cmdline ! -name '*.sock' ! -path '/tmp/rec.ev' \
	    ! -path '/home/alice/.ssh*' ! -path '/home/alice/.local/state/sshmedic/profiles/*' -type f 2>/dev/null | sort
}

# connections: how many came in, over all servers of this case.
connections() {
	cat "$LOG".[0-9]* "$LOG.unit" 2>/dev/null | grep -c -e "^Connection from" -e "Child connection from" \
	    -e "^[0-9.]* server sshd[a-z-]*\[[0-9]*\]: Connection from"
}

# medic ARGS...: the run of this case. Fills OUT and ERR (files), sets RC and CONNECTED.
#   STEP=seconds limits a step; CONNS=n is how many connections it may open.
medic() {
	local rec=() step=()
	if [ "$TOOL" = ssh ]; then
		lab_client timeout -k 1 "${LIMIT:-20}" ssh -o BatchMode=yes -o ConnectTimeout="${STEP:-5}" \
		    "$@" true </dev/null >"$OUT" 2>"$ERR"
		RC=$?
		return
	fi
	[ -n "$RECORD_DIR" ] && rec=(--record /tmp/rec.ev)
	[ -n "${STEP:-}" ] && step=(-t "$STEP")
	local old_processes old_temp new
	old_processes=$(processes) old_temp=$(temp_files)
	lab_client timeout -k 1 "${LIMIT:-30}" sshmedic --json "${rec[@]}" "${step[@]}" "$@" </dev/null >"$OUT" 2>"$ERR"
	RC=$?
	CONNECTED=$(connections)
	grep -h -a -q -e "Failed password" -e "Failed keyboard-interactive" "$LOG".* 2>/dev/null && fail "a failed password attempt"
	[ $RC = 124 ] && fail "no end within ${LIMIT:-30} s"
	[ $RC -gt 128 ] && [ $RC != 130 ] && fail "ended by signal $((RC - 128))"
	new=$(comm -13 <(echo "$old_processes") <(processes))
	[ -n "$new" ] && { sleep 0.1; new=$(comm -13 <(echo "$old_processes") <(processes)); }
	[ -n "$new" ] && fail "left running: $new"
	new=$(comm -13 <(echo "$old_temp") <(temp_files))
	[ -n "$new" ] && fail "left behind: $new"
	if [ -n "$RECORD_DIR" ]; then
		[ "$(lab_client_root stat -c %a /tmp/rec.ev)" = 600 ] || fail "the recording's mode is not 600"
		lab_client_root cat /tmp/rec.ev >"$RECORD_DIR/$NAME.ev"
		lab_client_root rm -f /tmp/rec.ev
	fi
}

# also_plain ARGS...: once more as plain text; nothing raw may reach a terminal.
also_plain() {
	[ "$TOOL" = ssh ] && return
	lab_client timeout -k 1 "${LIMIT:-30}" sshmedic --plain ${STEP:+-t "$STEP"} "$@" </dev/null >"$OUT.plain" 2>"$ERR.plain"
	local rc=$?
	[ $rc = "$RC" ] || fail "--plain exits $rc, --json $RC"
	raw_bytes "$OUT.plain" "$ERR.plain"
}
raw_bytes() {
	LC_ALL=C grep -q -a -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$@" && fail "raw control bytes in the output"
}

# judge FINDING CERTAINTY EXIT: after the run.
judge() {
	local text max=${CONNS:-}
	text=$(/usr/bin/python3 -I -S "$LAB/tools/verdict.py" judge "$OUT" "$1" "$2" "$3" "$RC") || {
		fail "$text"
		[ -s "$ERR" ] && fail "stderr: $(head -n 2 "$ERR" | tr '\n' ' ')"
	}
	raw_bytes "$OUT" "$ERR"
	if [ -z "$max" ]; then
		case $3 in
		10 | 11 | 20) max=1 ;;
		*) max=2 ;;
		esac
	fi
	[ "$CONNECTED" -le "$max" ] || fail "$CONNECTED connections, at most $max allowed"
}

json() { /usr/bin/python3 -I -S "$LAB/tools/verdict.py" "$1" "$OUT" "${@:2}"; }

# fix_logs_in: the printed command of the verdict's first fix of kind connect gets in.
fix_logs_in() {
	[ "$TOOL" = ssh ] && return
	local command said
	command=$(json command connect)
	[ -n "$command" ] || { fail "no fix of kind connect"; return; }
	said=$(lab_client timeout 15 bash -c "$command -o BatchMode=yes echo got-in" </dev/null 2>&1)
	case $said in
	*got-in*) ;;
	*) fail "the fix does not log in: $command: $said" ;;
	esac
}
# fix_cures [USER@]HOST: the command of the verdict's first fix that has one is run as it stands, on the
# side that it names (a connect fix is itself a login); then plain ssh logs in with no more words than the host.
#   FIX_OF=ID: a fix of that finding instead; further words are options for ssh.
fix_cures() {
	[ "$TOOL" = ssh ] && return
	local side kind command said host=$1
	shift
	IFS=$'\t' read -r side kind command <<<"$(json first-fix ${FIX_OF:+"$FIX_OF"})"
	[ -n "$command" ] || { fail "no fix with a command"; return; }
	case $kind:$side in
	connect:*) fix_logs_in; return ;;
	change:client) said=$(lab_client timeout 30 bash -c "$command" </dev/null 2>&1) ;;
	change:server) said=$(lab_server timeout 30 sh -c "$command" </dev/null 2>&1) ;;
	*) fail "the first fix with a command is $kind on the $side: $command"; return ;;
	esac || { fail "the fix fails: $command: $said"; return; }
	said=$(lab_client timeout 15 ssh -o BatchMode=yes -o ConnectTimeout=5 "$@" "$host" echo got-in </dev/null 2>&1)
	case $said in
	*got-in*) ;;
	*) fail "the fix does not cure: $command: ssh says $said" ;;
	esac
}
# says TEXT...: the verdict, its finding or that finding's fixes hold each of these.
says() {
	[ "$TOOL" = ssh ] && return
	local t
	for t in "$@"; do
		json text | grep -q -F -e "$t" || fail "the verdict does not say: $t"
	done
}
# says_line FILE NUMBER: they name that line of that file.
says_line() {
	[ "$TOOL" = ssh ] && return
	json text | grep -q -E -e "${1//./\\.}[^0-9]{1,12}$2([^0-9]|\$)" -e "line $2 (of|in) [^ ]*${1//./\\.}" ||
		fail "the verdict does not name line $2 of $1"
}
# warns ID: a finding of that id is there beside the verdict.
warns() {
	[ "$TOOL" = ssh ] && return
	case " $(json ids) " in
	*" $1 "*) ;;
	*) fail "no finding $1 (there are: $(json ids))" ;;
	esac
}
# warns_not ID: there is none.
warns_not() {
	case " $(json ids) " in
	*" $1 "*) fail "a finding $1 that is not true" ;;
	esac
}

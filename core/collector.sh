#!/bin/sh
# What an SSH server's console can tell about one login that fails: evidence for
# sshmedic. This script reads and prints. It changes nothing, writes no file, and
# prints no key, no password hash and no file's contents but for those lines of
# logs and rules that concern this login. Run it as root; as anybody else it
# says what it could not read.
#
#   sh collector.sh [user=NAME] [port=N] [client=ADDRESS] [key=SHA256:...]... > evidence
#
# More words: target=AS_TYPED laddr=ADDRESS (of the server, as connected to)
# ports=N,N (the client's own) client_from=given|route
# sshd=PROGRAM config=FILE (another than the server that runs)
# connection="$SSH_CONNECTION" (of a login from the same machine as the failing one).
#
# Each line says whose it is, so that text of one part cannot pose as another:
#   sshmedic-collector 1 MARKER          MARKER is made anew in each run
#   MARKER SECTION line                  what a command printed
#   MARKER SECTION$ command              the command that prints what follows
#   MARKER SECTION= key=value            what this script itself found out
#   MARKER SECTION. rc=N cut=0|1 why=    end of the section: whether it was cut, what could not be read
#   MARKER end. sections=N               the last line: without it the run is not whole
#
# POSIX sh, for dash, bash and busybox. All is in functions, and the last line
# calls them, so that half a script does nothing.
# shellcheck shell=sh

set -u
LC_ALL=C
export LC_ALL
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
NL='
'
user='' port=22 client='' client_from=none target='' laddr='' ports='' keys='' connection='' sshd='' config=''
#@PARAMETERS@

TOTAL=9 FIRST=5 # seconds for the whole run, and for what comes before the sections
M='' ROOT=0 SUDO='' TIMEOUT='' count=0 up=0 LIMIT=0

# ---- time, limits, and the frame -------------------------------------------------

# uptime: seconds since the machine started, into up.
uptime() {
	up=$(date +%s)
	{ read -r up _ </proc/uptime; } 2>/dev/null
	up=${up%%.*}
}

# took COMMAND...: run it; how long it took goes into took, in ms (in steps of 10).
took() {
	t_a='' t_b='' took=''
	{ read -r t_a _ </proc/uptime; } 2>/dev/null
	"$@"
	t_rc=$?
	{ read -r t_b _ </proc/uptime; } 2>/dev/null
	[ -n "$t_a" ] && took=$(echo "$t_a $t_b" | awk '{ printf "%d", ($2 - $1) * 1000 + 0.5 }')
	return $t_rc
}

# guard SECONDS COMMAND...: run it, function or program, and end it for good when the time is up.
guard() {
	g_s=$1
	shift
	"$@" </dev/null &
	g_w=$!
	(
		trap 'kill "$!" 2>/dev/null; exit 0' TERM
		sleep "$g_s" &
		wait "$!"
		kill -9 "$g_w"
	) >/dev/null 2>&1 3>&- 4>&- 5>&- </dev/null &
	g_k=$!
	wait "$g_w" 2>/dev/null
	g_rc=$?
	{ kill "$g_k" && wait "$g_k"; } 2>/dev/null
	return $g_rc
}

# run SECONDS COMMAND...: as root where that can be had; 124 where the time was up.
run() {
	r_s=$1
	shift
	uptime
	[ $((LIMIT - up)) -ge "$r_s" ] || r_s=$((LIMIT - up))
	if [ "$r_s" -lt 1 ]; then
		why "no time was left for $1"
		return 124
	fi
	if [ -n "$TIMEOUT" ]; then
		# shellcheck disable=SC2086
		$SUDO $TIMEOUT "$r_s" "$@" </dev/null 3>&- 4>&- 5>&-
	else
		# shellcheck disable=SC2086
		guard "$r_s" $SUDO "$@" 3>&- 4>&- 5>&-
	fi
	r_rc=$?
	case $r_rc in 137 | 143) r_rc=124 ;; esac
	[ $r_rc = 124 ] && why "$1 did not end in $r_s s"
	return $r_rc
}

# grab COMMAND...: what it prints, at most 200 KB of it, into out, and its status into rc (1 where it was cut).
grab() {
	out=$({ "$@" 2>&1; printf '\n%s\n' "$?"; } | head -c 200000)
	rc=${out##*"$NL"} out=${out%"$NL"*}
	out=${out%"$NL"}
	case $rc in
	[0-9] | [0-9][0-9] | [0-9][0-9][0-9]) ;;
	*) rc=1 && why "what a command printed was cut" ;;
	esac
	return "$rc"
}

have() { command -v "$1" >/dev/null 2>&1; }
why() { printf 'why %s\n' "$1" >&3; }
fact() { printf '%s= %s\n' "$M" "$1"; }

# show SECONDS COMMAND...: the command's name, then what it prints. Says so where there is no such command.
show() {
	s_s=$1
	shift
	have "$1" || { why "no $1 here"; return 127; }
	printf '%s$ %s\n' "$M" "$*"
	run "$s_s" "$@" 2>&1
}

# frame SECTION LINES BYTES: each line with its prefix, no control characters; 3 where something was cut.
frame() {
	tr -d '\000-\010\013-\037\177' | SMC_MARKER=$M awk -v s="$1" -v most="$2" -v bytes="$3" '
		BEGIN { m = ENVIRON["SMC_MARKER"]; long = 1000 }
		{
			kind = ""; text = $0
			if (index(text, m) == 1) {
				kind = substr(text, length(m) + 1, 1)
				text = substr(text, length(m) + 3)
			}
			if (length(text) > long) { text = substr(text, 1, long); cut = 1 }
			n += length(text) + length(m) + 16
			if (NR > most || n > bytes) { cut = 1; exit }
			print m " " s kind " " text
		}
		END { if (cut) exit 3 }'
}

# section NAME SECONDS LINES BYTES: run the function collect_NAME (dashes as underscores) in the frame.
section() {
	count=$((count + 1))
	uptime
	secs=$((LIMIT - up))
	[ "$secs" -gt "$2" ] && secs=$2
	if [ "$secs" -lt 1 ]; then
		printf '%s %s. rc=- cut=1 why=no time was left for it\n' "$M" "$1"
		return
	fi
	fn=collect_$(echo "$1" | tr - _)
	notes=$({ { guard "$secs" "$fn" 3>&5 2>&1; echo "rc $?" >&5; } | frame "$1" "$3" "$4" >&4 || echo cut >&5; } 5>&1)
	cut=0 rc=0 reasons=''
	set -f
	IFS=$NL
	for note in $notes; do
		case $note in
		cut) cut=1 ;;
		"rc "*) rc=${note#rc } ;;
		"why "*) reasons="$reasons${reasons:+; }${note#why }" ;;
		esac
	done
	unset IFS
	set +f
	[ "$rc" = 137 ] && cut=1 reasons="$reasons${reasons:+; }the time of this section was up"
	[ ${#reasons} -gt 600 ] && reasons="$(printf '%.600s' "$reasons")..."
	printf '%s %s. rc=%s cut=%s why=%s\n' "$M" "$1" "$rc" "$cut" "$(clean "$reasons")"
}

# clean TEXT: one line, no control characters.
clean() { printf '%s' "$1" | tr -d '\000-\037\177'; }

# ---- what every section needs --------------------------------------------------------

# plain NAME: whether it may stand where programs expect a user name.
plain() {
	case $1 in
	'' | -* | */* | *:* | *"$NL"* | *[[:cntrl:]]*) return 1 ;;
	esac
}

# is_user: fails, and says why, where there is no user name to ask about.
is_user() {
	plain "$user" && return 0
	why "no user name was given, or it is none that a system could have"
	return 1
}

prepare_limits() {
	uptime
	LIMIT=$((up + FIRST))
	M=smc-$(od -An -N8 -tx1 /dev/urandom 2>/dev/null | tr -dc 0-9a-f)
	[ ${#M} = 20 ] || M=smc-$(printf '%08x%08x' "$(date +%s)" "$$")
	if timeout -k 1 5 true 2>/dev/null; then
		TIMEOUT='timeout -k 1'
	elif timeout 5 true 2>/dev/null; then
		TIMEOUT=timeout
	fi
	uid=$(id -u)
	# -k: sudo uses no password that was given before, and writes no time stamp.
	if [ "$uid" = 0 ]; then
		ROOT=1
	elif have sudo && guard 3 sudo -n -k true >/dev/null 2>&1; then
		ROOT=1 SUDO='sudo -n -k'
	fi
}

# Process id of the sshd that listens here, its configuration file and its -o options.
prepare_sshd() {
	SSHD_PID='' SSHD_CONF=$config SSHD_OPTS='' SSHD=$sshd words='' on_port=''
	if [ -n "$SSHD" ]; then
		[ -n "$SSHD_CONF" ] || SSHD_CONF=/etc/ssh/sshd_config
		return
	fi
	have ss && on_port=$(run 3 ss -ltnp 2>/dev/null | sed -n "s/^[^:]*[^ ]*:$port .*\"sshd\",pid=\([0-9]*\),.*/\1/p" | sed -n 1p)
	# Another sshd, on another port, has a configuration of its own: where the list says whose
	# each port is, and none is on this one, the unit's is meant.
	if [ -n "$on_port" ]; then
		set -- "/proc/$on_port"
	elif [ "$ROOT" = 1 ] && have ss; then
		set --
	else
		set -- /proc/[0-9]*
	fi
	for d in "$@"; do
		comm=''
		{ read -r comm <"$d/comm"; } 2>/dev/null
		[ "$comm" = sshd ] || continue
		words=$(tr '\000' ' ' <"$d/cmdline" 2>/dev/null)
		case $words in
		"sshd: "*"[listener]"*) words=${words#sshd: } ;;
		"sshd: "*) continue ;;
		esac
		# A container's sshd is seen from outside too, and is another server.
		if [ "$(id -u)" = 0 ] && [ "$(readlink "$d/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ]; then continue; fi
		SSHD_PID=${d#/proc/}
		break
	done
	[ -n "$SSHD_PID" ] || words=$(exec_start)
	sshd_words "$words"
	if [ -z "$SSHD" ]; then
		for p in "$(command -v sshd)" /usr/sbin/sshd /usr/local/sbin/sshd /opt/*/sbin/sshd; do
			[ -x "$p" ] && SSHD=$p && break
		done
	fi
	[ -n "$SSHD_CONF" ] || SSHD_CONF=/etc/ssh/sshd_config
}

# The command line that the unit would run, where no sshd runs.
exec_start() {
	have systemctl || return
	for u in ssh.service sshd.service; do
		run 2 systemctl show -p ExecStart "$u" 2>/dev/null 3>/dev/null |
			sed -n 's/.*argv\[\]=\([^;]*\);.*/\1/p' | sed -n 1p | grep . && return
	done
}

# sshd_words "COMMAND LINE": takes the binary, -f and -o out of it.
sshd_words() {
	set -f
	# shellcheck disable=SC2086
	set -- $1
	set +f
	case ${1:-} in /*) [ -x "$1" ] && SSHD=$1 ;; esac
	while [ $# -gt 0 ]; do
		case $1 in
		-f) SSHD_CONF=${2:-} ;;
		-o) SSHD_OPTS="$SSHD_OPTS${2:-}$NL" ;;
		-o?*) SSHD_OPTS="$SSHD_OPTS${1#-o}$NL" ;;
		-p) SSHD_OPTS="${SSHD_OPTS}Port=${2:-}$NL" ;;
		esac
		shift
	done
}

# sshd_run SECONDS ARGUMENTS...: sshd in test mode, as the one that runs here was started.
sshd_run() {
	q_s=$1
	shift
	set -f
	IFS=$NL
	for o in $SSHD_OPTS; do set -- "$@" -o "$o"; done
	unset IFS
	set +f
	run "$q_s" "$SSHD" -f "$SSHD_CONF" "$@"
}

# The addresses of this machine, in a comma list.
own_addrs() {
	if have ip; then
		run 2 ip -o addr show 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4 }'
	elif have ifconfig; then
		run 2 ifconfig -a 2>/dev/null | awk '$1 ~ /^inet6?$/ { for (i = 2; i <= NF; i++)
			if ($i ~ /[0-9a-f][:.]/) { a = $i; sub(/^addr:/, "", a); sub(/[%\/].*/, "", a); print a; next } }'
	fi | tr '\n' ',' | sed 's/,$//'
}

# ---- the log, read once: it may tell the client's address ------------------------------

# log_source: the newest lines of the log that sshd writes to; the first line says which.
log_source() {
	if have journalctl; then
		l_out=$(
			run 2 journalctl -q --no-pager -o short-unix -n 200 -t systemd -u ssh.service -u sshd.service -u ssh.socket 2>/dev/null | head -c 200000
			run 3 journalctl -q --no-pager -o short-unix -n 4000 -t sshd -t sshd-session -t sshd-auth 2>/dev/null | head -c 3000000
		)
		if [ -n "$l_out" ]; then
			printf 'journalctl -o short-unix\n%s\n' "$l_out"
			return
		fi
	fi
	for f in /var/log/auth.log /var/log/secure /var/log/authlog /var/log/messages /var/log/syslog; do
		run 2 test -s "$f" || continue
		l_out=$(run 2 tail -n 20000 "$f" 2>/dev/null | grep -a -E 'sshd|systemd' 2>/dev/null | head -c 3000000)
		[ -n "$l_out" ] || continue
		printf 'tail %s\n%s\n' "$f" "$l_out"
		return
	done
	if have logread; then
		l_out=$(run 2 logread 2>/dev/null | grep sshd | head -c 3000000)
		[ -n "$l_out" ] && printf 'logread\n%s\n' "$l_out"
	fi
}

# log_lines: of that, the lines of this login's connections (by process id) and of the server's start.
# A user name that is not ours may be a password that somebody typed: such lines stay here.
log_lines() {
	SMC_USER=$user SMC_CLIENT=$client SMC_PORTS=$ports awk '
	function pid_of(s) {
		return match(s, /sshd[a-z-]*\[[0-9]+\]: /) ? substr(s, RSTART, RLENGTH) : ""
	}
	# Whether the line names somebody else than our user.
	function other(s,   w) {
		if (s ~ /[Ii]nvalid user |illegal user /) w = after(s, "[Ii]nvalid user |illegal user ")
		else if (s ~ / authenticating user /) w = after(s, " authenticating user ")
		else if (s ~ /: (Failed|Accepted|Postponed|Partial) [^ ]+ for /) w = after(s, ": (Failed|Accepted|Postponed|Partial) [^ ]+ for ")
		else if (s ~ /: User /) w = after(s, ": User ")
		else if (s ~ / user=/) w = after(s, " user=")
		else if (s ~ / (for user|exceeded for) /) w = after(s, " (for user|exceeded for) ")
		else return 0
		return user == "" || substr(w, 1, length(user)) != user || substr(w, length(user) + 1, 1) ~ /[A-Za-z0-9._@+$-]/
	}
	function after(s, re) { match(s, re); return substr(s, RSTART + RLENGTH) }
	BEGIN {
		user = ENVIRON["SMC_USER"]; client = ENVIRON["SMC_CLIENT"]
		n = split(ENVIRON["SMC_PORTS"], list, ","); for (i = 1; i <= n; i++) if (list[i] != "") ours[list[i]] = 1
		start = ": (error|fatal): |listening on|Bad configuration option|bad configuration options|no hostkeys|[Uu]nable to load host key|Missing privilege|Received SIG|Bind to port|Cannot bind| line [0-9]+: |drop connection|penalty|MaxStartups|refused connect|[Ff]ailed to start|Main process exited|Failed with result|must be owned by root|Permissions 0|too open|[Ss]tarted|[Ss]topped|terminating"
	}
	/debug[23]: / { next }
	{
		line[++lines] = $0; p = pid_of($0); pid[lines] = p
		if (p == "") {
			if ($0 ~ /systemd/ && $0 ~ /ssh/ && $0 ~ start) keep[lines] = 1
			next
		}
		body = " " after($0, "\\]: ") " "
		if (other($0)) { bad[p] = 1; next }
		if (client != "" && (index(body, " " client " ") || index(body, "[" client "]"))) mine[p] = 1
		if (user != "" && index(body, " " user " ")) mine[p] = 1
		if (match(body, / port [0-9]+/) && (substr(body, RSTART + 6, RLENGTH - 6) in ours)) mine[p] = 2
		if (body ~ start && body !~ / from | by /) keep[lines] = 1
	}
	END {
		for (i = 1; i <= lines; i++) {
			p = pid[i]
			if ((p in mine) && !((p in bad) && mine[p] != 2)) keep[i] = 1
			if ((p in bad) && other(line[i])) delete keep[i]
			if (i in keep) total++
		}
		for (i = 1; i <= lines; i++)
			if ((i in keep) && total-- <= 220) print line[i]
	}'
}

# The address from the log: of the newest line with one of our ports.
client_by_log() {
	[ -n "$ports" ] && printf '%s\n' "$LOGTEXT" | SMC_PORTS=$ports awk '
		BEGIN { n = split(ENVIRON["SMC_PORTS"], list, ","); for (i = 1; i <= n; i++) ours[list[i]] = 1 }
		match($0, / [0-9a-f][0-9a-fA-F.:]+ port [0-9]+/) {
			split(substr($0, RSTART + 1, RLENGTH - 1), w, " "); if (w[3] in ours) a = w[1]
		}
		END { print a }'
}

# Which address sshd saw: by the log line of our port, a login of the same machine, what was given.
prepare_log() {
	raw=$(log_source 3>/dev/null)
	LOGFROM=${raw%%"$NL"*}
	LOGTEXT=$(printf '%s\n' "${raw#*"$NL"}" | log_lines)
	raw=''
	addr=$(client_by_log)
	conn=${connection:-}
	if [ -n "$addr" ]; then
		client=$addr client_from=log
	elif [ -n "$conn" ] && { [ -z "$laddr" ] || [ "$(echo "$conn" | cut -d' ' -f3)" = "$laddr" ]; }; then
		# By the same way as the login that fails: it came to the same address of this machine.
		client=${conn%% *} client_from=ssh_connection
		[ -n "$laddr" ] || laddr=$(echo "$conn" | cut -d' ' -f3)
	elif [ -n "$client" ]; then
		[ "$client_from" = none ] && client_from=given
	elif [ -n "${SSH_CONNECTION:-}" ]; then
		client=${SSH_CONNECTION%% *} client_from=ssh_connection
	fi
	CLIENT_SEEN=0
	# An address that sshd wrote down with this login is no guess any more.
	[ -z "$client" ] || case " $LOGTEXT " in *" $client "*) CLIENT_SEEN=1 ;; esac
	[ "$CLIENT_SEEN:$client_from" = 1:route ] && client_from=log
	case $client in *[!0-9A-Fa-f:.]*) client='' client_from=none ;; esac
}

# sshd -T for this user and address, read once: other sections need what it says.
prepare_effective() {
	T_OUT='' T_RC=127 T_WHY='' T_ARG=''
	[ -n "$SSHD" ] || { T_WHY='no sshd was found'; return; }
	own=${laddr:-$(printf '%s' "$ADDRS" | tr , '\n' | grep -v -e '^127\.' -e '^::1$' -e '^fe80' | sed -n 1p)}
	case $user in *,*) T_WHY='the user name has a comma: not asked for this user' ;; esac
	if plain "$user" && [ -z "$T_WHY" ]; then
		T_ARG="user=$user,host=${client:-127.0.0.1},addr=${client:-127.0.0.1},laddr=${own:-127.0.0.1},lport=$port"
		grab sshd_run 3 -T -C "$T_ARG"
	else
		grab sshd_run 3 -T
	fi
	T_OUT=$out T_RC=$rc
	[ -n "$client" ] || T_WHY="$T_WHY${T_WHY:+; }the client's address is not known: 127.0.0.1 was taken"
}

# effective KEYWORD: its value of that.
effective() {
	[ "$T_RC" = 0 ] && printf '%s\n' "$T_OUT" | sed -n "s/^$1 //p"
}

# account FIELD: of the user's passwd line; the hash is not kept.
prepare_account() {
	A_LINE='' A_UID='' A_GID='' A_HOME='' A_SHELL=''
	plain "$user" || return
	if have getent; then
		A_LINE=$(run 3 getent passwd "$user" 2>/dev/null | head -c 4000)
	fi
	[ -n "$A_LINE" ] || A_LINE=$(SMC_USER=$user awk -F: '$1 == ENVIRON["SMC_USER"]' /etc/passwd 2>/dev/null)
	A_LINE=$(printf '%s\n' "$A_LINE" | sed -n 1p | awk -F: 'NF >= 7 { OFS = ":"; $2 = ($2 == "x" ? "x" : $2 == "" ? "" : "*"); print }')
	[ -n "$A_LINE" ] || return
	a_rest=${A_LINE#*:*:}
	A_UID=${a_rest%%:*} A_SHELL=${A_LINE##*:}
	a_rest=${a_rest#*:}
	A_GID=${a_rest%%:*}
	a_rest=${A_LINE%:*}
	A_HOME=${a_rest##*:}
}

# ---- the sections ----------------------------------------------------------------------

collect_meta() {
	# Plain lines, without a kind: nothing in this section was printed by anything else.
	printf '%s\n' "now=$(date +%s)" "tz=$(date +%z)" "host=$(clean "$(uname -n)")" "addrs=$ADDRS" \
	    "user=$(clean "$user")" "port=$(clean "$port")" "client=$client" "client_from=$client_from" \
	    "client_seen=$CLIENT_SEEN" "ports=$(clean "$ports")" "laddr=$(clean "$laddr")" "uid=$(id -u)" \
	    "root=$ROOT" "sudo=$([ -n "$SUDO" ] && echo 1 || echo 0)" "target=$(clean "$target")" \
	    "system=$(clean "$(uname -sr)")"
	[ "$ROOT" = 1 ] || why "not root, and sudo -n does not work: much cannot be read"
}

collect_unit() {
	init=other
	[ -d /run/systemd/system ] && init=systemd
	[ $init = other ] && have rc-service && init=openrc
	fact "init=$init"
	[ -n "$SSHD_PID" ] && fact "pid=$SSHD_PID" && fact "started=$(started "$SSHD_PID")"
	if have systemctl; then
		fields=Id,LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus,MainPID,FragmentPath,Listen
		grab run 3 systemctl show -p $fields ssh.service sshd.service ssh.socket sshd.socket
		right=$(printf '%s\n' "$out" | awk '
			/^Id=/ { id = substr($0, 4) }
			/^LoadState=/ { load = substr($0, 11) }
			id != "" && load != "" {
				if (load == "loaded" && id ~ /\.service$/ && unit == "") unit = id
				id = load = ""
			}
			/^$/ { id = load = "" }
			END { print unit }')
		[ -n "$right" ] && fact "unit=$right"
		printf '%s$ systemctl show -p %s ssh.service sshd.service ssh.socket sshd.socket\n%s\n' "$M" "$fields" "$out"
		return "$rc"
	fi
	case $init in
	openrc) show 2 rc-service sshd status ;;
	*)
		for f in /etc/init.d/ssh /etc/init.d/sshd /etc/rc.d/sshd; do
			[ -e "$f" ] && fact "script=$f"
		done
		printf '%s$ ps\n' "$M"
		run 2 ps -e -o pid= -o comm= 2>/dev/null | awk '$2 ~ /^(sshd|dropbear|tinysshd)/'
		;;
	esac
}

# started PID: when that process began, in seconds of the clock.
started() {
	awk '
		FILENAME ~ /stat$/ && FNR == 1 && FILENAME != "/proc/stat" { sub(/^.*\) /, ""); split($0, f, " "); t = f[20] }
		FILENAME == "/proc/stat" && $1 == "btime" { b = $2 }
		END { if (t != "" && b != "") printf "%d", b + t / 100 }' "/proc/$1/stat" /proc/stat 2>/dev/null
}

collect_listen() {
	[ "$ROOT" = 1 ] || why "not root: whose a listener is cannot be read"
	out=''
	if have ss; then
		tool='ss -ltnp'
		grab run 3 ss -ltnp
	elif have netstat; then
		tool='netstat -ltnp'
		grab run 3 netstat -ltnp
	else
		tool='cat /proc/net/tcp' # in the words of ss
		out=$(proc_listeners) rc=0
	fi
	list_rc=$rc
	printf '%s$ %s\n' "$M" "$tool"
	# Of the port in question, of port 22, and of SSH servers: address, port, process, or - where it is not shown.
	printf '%s\n' "$out" | awk -v p="$port" '
		!/LISTEN/ { next }
		{
			at = $4; port = at; sub(/.*:/, "", port)
			addr = substr(at, 1, length(at) - length(port) - 1); gsub(/[][]/, "", addr); sub(/%.*/, "", addr)
			if (addr == "") addr = "::"
			if (port != p && port != 22 && $0 !~ /ssh|dropbear/) next
			pid = "-"
			if (match($0, /pid=[0-9]+/)) pid = substr($0, RSTART + 4, RLENGTH - 4)
			else if ($NF ~ /^[0-9]+\//) { pid = $NF; sub(/\/.*/, "", pid) }
			print addr, port, pid
		}' | while read -r addr p pid; do
			fact "socket=$addr $p $(holder "$pid")"
		done
	return "$list_rc"
}

# holder PID: a process, the unit that it runs in, and its program's name; "-" where not known.
holder() {
	comm='' unit=''
	{ read -r comm <"/proc/$1/comm"; } 2>/dev/null
	unit=$(sed -n -e 's#.*/\([^/]*\.service\)$#\1#p' -e 's#.*/\([^/]*\.socket\)$#\1#p' -e 's#.*/\([^/]*\.scope\)$#\1#p' \
	    "/proc/$1/cgroup" 2>/dev/null | sed -n 1p)
	echo "$1 ${unit:--} ${comm:--}"
}

proc_listeners() {
	awk '
		function hex(s,   i, v) {
			v = 0
			for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", tolower(substr(s, i, 1))) - 1
			return v
		}
		function v4(s) { return hex(substr(s, 7, 2)) "." hex(substr(s, 5, 2)) "." hex(substr(s, 3, 2)) "." hex(substr(s, 1, 2)) }
		function v6(s,   i, w, a) {
			for (i = 0; i < 4; i++) {
				w = substr(s, i * 8 + 1, 8)
				a = a (i ? ":" : "") tolower(substr(w, 7, 2) substr(w, 5, 2) ":" substr(w, 3, 2) substr(w, 1, 2))
			}
			return a == "0000:0000:0000:0000:0000:0000:0000:0000" ? "::" : a
		}
		BEGIN { print "State Recv-Q Send-Q Local Address:Port Peer Address:Port" }
		$4 == "0A" {
			split($2, a, ":")
			if (length(a[1]) == 8) print "LISTEN 0 0 " v4(a[1]) ":" hex(a[2]) " 0.0.0.0:*"
			else print "LISTEN 0 0 [" v6(a[1]) "]:" hex(a[2]) " [::]:*"
		}' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

collect_sshd_t() {
	[ -n "$SSHD" ] || { why "no sshd was found"; return 127; }
	fact "sshd=$SSHD"
	fact "config=$SSHD_CONF"
	fact "version=$(run 2 "$SSHD" -V 2>&1 | sed -n '/^OpenSSH_/{p;q;}')"
	[ "$ROOT" = 1 ] || why "not root: sshd -t cannot read the host keys, and complains of that"
	printf '%s$ %s -t -f %s\n' "$M" "$SSHD" "$SSHD_CONF"
	grab sshd_run 3 -t
	[ -z "$out" ] || printf '%s\n' "$out"
	fact "status=$rc"
	# The line that it complains of, and no other line of the file.
	printf '%s\n' "$out" | sed -n 's/^\(\/.*[^:]\):\{0,1\} line \([0-9][0-9]*\):.*/\2 \1/p' | sort -u | sed -n 1,5p |
		while read -r number file; do
			fact "fault=$number $file"
			fact "fault_text=$(run 2 sed -n "${number}p" "$file" 2>/dev/null)"
		done
	return "$rc"
}

collect_sshd_T() {
	fact "client=${client:-127.0.0.1}"
	fact "client_from=$client_from"
	[ -n "$T_WHY" ] && why "$T_WHY"
	[ "$T_RC" = 127 ] && return 127
	[ "$ROOT" = 1 ] || why "not root: sshd -T cannot read the host keys"
	fact "status=$T_RC"
	printf '%s$ %s -T%s -f %s\n' "$M" "$SSHD" "${T_ARG:+ -C $T_ARG}" "$SSHD_CONF"
	printf '%s\n' "$T_OUT"
	return "$T_RC"
}

# config_file PATH DEPTH: its mode and age, which settings stand in which line (not their values), and what it includes.
config_file() {
	line=$(run 2 stat -c '%a %u %Z' "$1" 2>/dev/null)
	[ -n "$line" ] || { why "$1 cannot be read"; return; }
	fact "file=$line $1"
	grab run 2 cat "$1" || { why "$1 cannot be read"; return; }
	text=$out
	printf '%s\n' "$text" | SMC_MARKER=$M SMC_FILE=$1 SMC_USER=$user awk '
		BEGIN {
			user = ENVIRON["SMC_USER"]
			n = split("match include port listenaddress hostkey permitrootlogin pubkeyauthentication authorizedkeysfile strictmodes allowusers allowgroups denyusers denygroups usepam usedns forcecommand authenticationmethods pubkeyacceptedalgorithms pubkeyacceptedkeytypes passwordauthentication kbdinteractiveauthentication maxstartups loglevel", w, " ")
			for (i = 1; i <= n; i++) known[w[i]] = 1
		}
		{ k = $0; sub(/^[ \t]+/, "", k); sub(/[ \t=].*/, "", k); k = tolower(k) }
		k in known { print ENVIRON["SMC_MARKER"] "= set=" NR " " k " " ENVIRON["SMC_FILE"] }
		# Whether a Deny rule has the very name, or that of the group of the same name.
		k ~ /^deny/ && user != "" {
			for (i = 2; i <= NF && $i !~ /^#/; i++)
				if ($i == user) { print ENVIRON["SMC_MARKER"] "= names=" NR " " k " " ENVIRON["SMC_FILE"]; break }
		}'
	[ "$2" -lt 3 ] || return
	included=$(printf '%s\n' "$text" | awk 'tolower($1) == "include" { for (i = 2; i <= NF; i++) { gsub(/"/, "", $i); print $i } }')
	IFS=$NL
	for pattern in $included; do
		case $pattern in /*) ;; *) pattern=/etc/ssh/$pattern ;; esac
		for f in $pattern; do
			unset IFS
			[ -e "$f" ] && (config_file "$f" $(($2 + 1)))
			IFS=$NL
		done
	done
	unset IFS
}

collect_config() {
	config_file "$SSHD_CONF" 1
}

collect_log() {
	[ -n "$LOGFROM" ] || {
		why "no log of sshd was found, or it cannot be read"
		return 1
	}
	fact "source=$LOGFROM"
	[ "$ROOT" = 1 ] || why "not root: the log may be incomplete"
	printf '%s$ %s\n' "$M" "$LOGFROM"
	printf '%s\n' "$LOGTEXT"
}

# keys_files: the paths where sshd looks for this user's keys, one a line.
keys_files() {
	names=$(effective authorizedkeysfile)
	[ -n "$names" ] || names='.ssh/authorized_keys .ssh/authorized_keys2'
	printf '%s\n' "$names" | tr ' ' '\n' | SMC_HOME=$A_HOME SMC_USER=$user SMC_UID=$A_UID awk '
		$0 == "" || $0 == "none" { next }
		{
			out = ""
			for (i = 1; i <= length($0); i++) {
				c = substr($0, i, 1)
				if (c == "%") {
					c = substr($0, ++i, 1)
					c = c == "h" ? ENVIRON["SMC_HOME"] : c == "u" ? ENVIRON["SMC_USER"] : c == "U" ? ENVIRON["SMC_UID"] : c
				}
				out = out c
			}
			print out ~ /^\// ? out : ENVIRON["SMC_HOME"] "/" out
		}'
}

# one_path PATH: mode, owner and so on of it alone.
one_path() {
	line=$(run 2 stat -c '%a %A %u %g %s %Z' "$1" 2>&1)
	rc=$?
	case $rc:$line in
	0:*) fact "path=$line $1" ;;
	*"ermission denied"*)
		fact "denied=$1"
		why "$1 cannot be read"
		return
		;;
	124:*) return ;;
	*)
		fact "missing=$1"
		return
		;;
	esac
	name=$(run 2 stat -c '%u %U' "$1" 2>/dev/null)
	case "$NL$owners" in *"$NL$name$NL"*) ;; *) owners="$owners$name$NL"; fact "owner=$name" ;; esac
	[ "$LABELS" = 1 ] && label=$(run 2 stat -c %C "$1" 2>/dev/null) && fact "label=$label $1"
}

# walk PATH: every directory from / to it, and itself.
walk() {
	w_at='' w_rest=${1#/}
	one_path /
	while [ -n "$w_rest" ]; do
		w_at=$w_at/${w_rest%%/*}
		case $w_rest in */*) w_rest=${w_rest#*/} ;; *) w_rest='' ;; esac
		[ "$w_at" = / ] || case $w_at in */) ;; *) one_path "$w_at" ;; esac
	done
}

# used KEYWORD...: files that these settings name.
used() {
	for k in "$@"; do
		v=$(effective "$k")
		case $v in '' | none | internal-sftp*) continue ;; esac
		fact "used=$k"
		command_state "$v"
	done
}

# command_state "COMMAND LINE": whether its first word can be run, and what it is.
command_state() {
	word=${1%% *}
	word=${word#\"}
	word=${word%\"}
	case $word in
	/*) ;;
	*) word=$(command -v "$word" 2>/dev/null || echo "$word") ;;
	esac
	s=missing
	run 2 test -e "$word" && s=not-executable && run 2 test -x "$word" && ! run 2 test -d "$word" && s=ok
	fact "command=$s $word"
}

collect_files() {
	is_user || return 1
	[ -n "$A_HOME" ] || { why "the account has no home directory that could be looked up"; return 1; }
	owners='' LABELS=0
	[ -d /sys/fs/selinux/policy_capabilities ] && LABELS=1
	fact "uid=$A_UID"
	fact "gid=$A_GID"
	fact "home=$A_HOME"
	fact "home_real=$(run 2 readlink -f "$A_HOME" 2>/dev/null)"
	fact "home_fs=$(run 2 stat -f -c %T "$A_HOME" 2>/dev/null)"
	[ "$T_RC" = 0 ] || why "sshd -T said nothing: the usual files were taken"
	IFS=$NL
	set -f
	for f in $(keys_files); do
		unset IFS
		fact "keysfile=$f"
		real=$(run 2 readlink -f "$f" 2>/dev/null)
		walk "$f"
		if [ -n "$real" ] && [ "$real" != "$f" ]; then
			fact "real=$real"
			walk "$real"
		fi
		[ $LABELS = 1 ] && have restorecon && show 2 restorecon -n -v "$f"
	done
	unset IFS
	set +f
	for k in trustedusercakeys authorizedprincipalsfile revokedkeys; do
		v=$(effective $k)
		case $v in /*) fact "used=$k" && one_path "$v" ;; esac
	done
	used authorizedkeyscommand authorizedprincipalscommand forcecommand
}

# Lines of authorized_keys as "N TAB type TAB key TAB options"; bad lines as "N TAB -".
keys_lines() {
	awk '
		BEGIN { type = "^(ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-|rsa-sha2-|webauthn-)" }
		NR > 2000 { exit }
		{ sub(/\r$/, "") }
		/^[ \t]*(#|$)/ { next }
		{
			s = $0; sub(/^[ \t]+/, "", s); options = ""
			if (s !~ type) {
				quoted = 0
				for (i = 1; i <= length(s); i++) {
					c = substr(s, i, 1)
					if (c == "\\" && substr(s, i + 1, 1) == "\"") { i++; continue }
					if (c == "\"") quoted = !quoted
					else if ((c == " " || c == "\t") && !quoted) break
				}
				options = substr(s, 1, i - 1); s = substr(s, i); sub(/^[ \t]+/, "", s)
			}
			split(s, w, /[ \t]+/)
			if (s !~ type || w[2] !~ /^[A-Za-z0-9+\/=]+$/) { print NR "\t-"; next }
			gsub(/\t/, " ", options)
			print NR "\t" w[1] "\t" w[2] "\t" options
		}'
}

# keys_file PATH: whether the user's keys stand in it.
keys_file() {
	grab run 2 cat "$1" || { why "$1 cannot be read"; return; }
	text=$out out=''
	fact "$2=$1"
	[ "$(printf '%s\n' "$text" | wc -l)" -le 2000 ] || why "$1: only its first 2000 lines were looked at"
	lines=$(printf '%s\n' "$text" | keys_lines)
	text=''
	prints=$(printf '%s\n' "$lines" | awk -F'\t' '$2 != "-" && NF { print $2, $3, $1 }' |
		run_in 3 ssh-keygen -lf - 2>/dev/null)
	told=$(printf '%s\n' "$lines" | SMC_MARKER=$M SMC_PRINTS=$prints SMC_KEYS=$keys awk -F'\t' '
		# environment="A=b" may hold a secret: its name alone is told.
		function hide(o) { gsub(/environment="[^=,"]*=[^"]*"/, "environment=(hidden)", o); return o }
		function names(o) { gsub(/\\"/, "", o); gsub(/="[^"]*"/, "", o); return o }
		BEGIN {
			m = ENVIRON["SMC_MARKER"]
			n = split(ENVIRON["SMC_KEYS"], w, /[ ,\n]+/); for (i = 1; i <= n; i++) if (w[i] != "") { ours[w[i]] = 1; asked = 1 }
			n = split(ENVIRON["SMC_PRINTS"], p, "\n")
			for (i = 1; i <= n; i++) { split(p[i], f, " "); print_of[f[3]] = f[1] " " f[2] }
		}
		NF == 0 { next }
		$2 == "-" || !($1 in print_of) { if (++bad <= 20) print m "= bad=" $1; next }
		{
			total++
			split(print_of[$1], f, " ")
			hit = (f[2] in ours)
			if (total > 100 && !hit) next
			print m "= key=" $1 " " (hit ? "1" : "0") " " f[1] " " f[2] " " $2 " " (hit || !asked ? hide($4) : names($4))
		}
		END { print m "= count=" total + 0 }')
	printf '%s\n' "$told"
	# What a key of the user's may run, where it may run one thing only.
	printf '%s\n' "$told" | sed -n 's/^[^ ]* key=[0-9]* 1 .*command="\([^"\\]*\).*/\1/p' |
		while read -r line; do command_state "$line"; done
}

# run_in SECONDS COMMAND...: as run(), never as root, with this one's input.
run_in() {
	i_s=$1
	shift
	# shellcheck disable=SC2086
	$TIMEOUT ${TIMEOUT:+$i_s} "$@" 3>&- 4>&- 5>&-
}

collect_keys() {
	is_user || return 1
	[ -n "$A_HOME" ] || { why "the account has no home directory that could be looked up"; return 1; }
	[ -n "$keys" ] || why "no fingerprints of the user's keys were given"
	have ssh-keygen || { why "no ssh-keygen here"; return 127; }
	for k in $keys; do fact "asked=$k"; done
	IFS=$NL
	set -f
	for f in $(keys_files); do
		unset IFS
		run 2 test -e "$f" && keys_file "$f" keysfile
	done
	unset IFS
	set +f
	# Where people put keys, and sshd is told to look elsewhere.
	for f in "$A_HOME/.ssh/authorized_keys" "$A_HOME/.ssh/authorized_keys2"; do
		keys_files | grep -q -x -F -e "$f" && continue
		run 2 test -e "$f" && keys_file "$f" unused
	done
	return 0
}

# hash_state: what kind of password the account has; the hash itself goes no further than this pipe.
hash_state() {
	if have getent; then run 3 getent shadow "$user" 2>/dev/null; else run 2 cat /etc/shadow 2>/dev/null; fi |
		SMC_USER=$user awk -F: '$1 == ENVIRON["SMC_USER"] {
			h = $2
			s = h == "" ? "empty" : h ~ /^!/ ? "locked" : h ~ /^\*LK\*/ ? "locked" : h ~ /^\*/ ? "none" : "set"
			print s, $3 == "" ? "-" : $3, $5 == "" ? "-" : $5, $7 == "" ? "-" : $7, $8 == "" ? "-" : $8
			exit
		}'
}

collect_account() {
	is_user || return 1
	if [ -z "$A_LINE" ]; then
		fact "exists=0"
		return
	fi
	fact "exists=1"
	printf '%s$ getent passwd %s\n%s\n' "$M" "$user" "$A_LINE"
	# Last change, greatest age, days of grace and end of the account, in days since 1970, as in shadow(5).
	state=$(hash_state)
	if [ -n "$state" ]; then fact "password=$state"; else why "the state of the password cannot be read"; fi
	fact "today=$(($(date +%s) / 86400))"
	fact "groups=$(run 3 id -Gn "$user" 2>/dev/null)"
	if [ "$ROOT" = 1 ]; then
		show 2 passwd -S "$user"
		have chage && show 2 chage -l "$user"
		have faillock && show 2 faillock --user "$user"
	fi
	shell=${A_SHELL:-/bin/sh}
	fact "shell=$shell"
	command_state "$shell"
	s=0
	grep -q -x -F -e "$shell" /etc/shells 2>/dev/null && s=1
	fact "shell_listed=$s"
	for f in /etc/nologin /run/nologin; do
		[ -e "$f" ] && fact "nologin=$f"
	done
	grep -q -s '^[^#]*pam_nologin' /etc/pam.d/sshd /etc/pam.d/common-account /etc/pam.d/system-auth && fact 'pam_nologin=1'
	return 0
}

collect_limits() {
	for f in kernel/pty/max kernel/pty/nr kernel/pid_max kernel/threads-max fs/file-nr; do
		v=$(cat "/proc/sys/$f" 2>/dev/null) # a shell's read takes single bytes, which these do not give
		[ -n "$v" ] && fact "$f=$v"
	done
	v=''
	{ read -r v </proc/loadavg; } 2>/dev/null
	fact "loadavg=$v"
	awk -v m="$M" '/^(MemTotal|MemAvailable|SwapFree):/ { print m "= " tolower(substr($1, 1, length($1) - 1)) "_kb=" $2 }' /proc/meminfo 2>/dev/null
	if plain "$user" && have ps; then
		fact "processes=$(run 2 ps -u "$user" -o pid= 2>/dev/null | wc -l | tr -d ' ')"
		fact "sshd_processes=$(run 2 ps -e -o comm= 2>/dev/null | grep -c -E '^(sshd|dropbear)')"
	fi
	for f in /etc/security/limits.conf /etc/security/limits.d/*.conf; do
		[ -r "$f" ] || continue
		SMC_USER=$user awk '
			$1 !~ /^#/ && NF >= 4 && $3 ~ /^(maxlogins|maxsyslogins|nproc)$/ &&
			    ($1 == ENVIRON["SMC_USER"] || $1 == "*" || $1 ~ /^@/) { print FILENAME ": " $1, $2, $3, $4 }' "$f"
	done
	return 0
}

collect_disk() {
	show 2 df -kP / "${A_HOME:-/home}" /var /tmp
	show 2 df -iP / "${A_HOME:-/home}" /var /tmp
}

collect_hostkeys() {
	[ "$ROOT" = 1 ] || why "not root: private keys cannot be looked at"
	list=$(effective hostkey)
	[ -n "$list" ] || list=$(run 2 cat "$SSHD_CONF" 2>/dev/null | awk 'tolower($1) == "hostkey" { print $2 }')
	[ -n "$list" ] || list=$(printf '%s\n' /etc/ssh/ssh_host_rsa_key /etc/ssh/ssh_host_ecdsa_key /etc/ssh/ssh_host_ed25519_key)
	owners='' LABELS=0
	IFS=$NL
	set -f
	for f in $list; do
		unset IFS
		one_path "$f"
		if run 2 test -r "$f.pub"; then
			p=$(run 2 ssh-keygen -lf "$f.pub" 2>/dev/null | awk 'NR == 1 { print $1, $2, $NF }')
			fact "fingerprint=${p:-unreadable} $f.pub"
		else
			fact "missing=$f.pub"
		fi
	done
	unset IFS
	set +f
	for f in /run/sshd /var/empty /var/empty/sshd /var/chroot/ssh /usr/share/empty.sshd; do
		[ -e "$f" ] && fact "privsep=$(run 2 stat -c '%a %u' "$f" 2>/dev/null) $f"
	done
	have getent && run 2 getent passwd sshd >/dev/null 2>&1 && fact "privsep_user=sshd"
	return 0
}

# Rules about other ports alone are left out, and long lists of addresses but for this client's.
rules_here() {
	SMC_CLIENT=$client awk -v p="$port" '
		function elsewhere(s,   w) {
			if (s ~ / -p (udp|icmp|icmpv6|ipv6-icmp|sctp) /) return 1
			if (s ~ /multiport|--dports/) return 0
			if (match(s, /--dport [0-9]+ /)) { split(substr(s, RSTART, RLENGTH), w, " "); return w[2] != p }
			if (s ~ /^[ \t]*(udp|icmp|icmpv6) /) return 1
			if (match(s, /tcp dport [0-9]+ /)) { split(substr(s, RSTART, RLENGTH), w, " "); return w[3] != p }
			return 0
		}
		list {
			if (ENVIRON["SMC_CLIENT"] != "" && index(" " $0, " " ENVIRON["SMC_CLIENT"])) found = 1
			if ($0 ~ /}/) { print "\t\telements = { " (found ? ENVIRON["SMC_CLIENT"] : "... ") " }"; list = 0 }
			next
		}
		/elements = \{/ && (length($0) > 300 || $0 !~ /}/) {
			found = ENVIRON["SMC_CLIENT"] != "" && index($0, " " ENVIRON["SMC_CLIENT"])
			list = $0 !~ /}/
			if (!list) print "\t\telements = { " (found ? ENVIRON["SMC_CLIENT"] : "...") " }"
			next
		}
		!elsewhere($0 " ")'
}

# rules_of COMMAND...: what it lists, as far as it concerns the port.
rules_of() {
	printf '%s$ %s\n' "$M" "$*"
	grab run 3 "$@"
	[ "$rc" = 0 ] || why "$1 ended with status $rc"
	printf '%s\n' "$out" | rules_here
}

# rules_of_iptables PROGRAM TABLES: of the old kind asked only where its tables are in use already: else the
# question itself would load them into the kernel. Those that are nft's stand in nft's own list.
rules_of_iptables() {
	used=''
	grep -q . "$2" 2>/dev/null && used=1
	[ -n "$used" ] && have "$1-legacy" && found=1 && rules_of "$1-legacy" -S
	have "$1" || return 0
	case $(run 2 "$1" -V 2>/dev/null) in
	*nf_tables*) ! have nft || return 0 ;;
	*)
		[ -n "$used" ] || [ "$found" = 0 ] || return 0
		[ -z "$used" ] || ! have "$1-legacy" || return 0
		;;
	esac
	found=1
	rules_of "$1" -S
}

collect_firewall() {
	[ "$ROOT" = 1 ] || { why "not root: firewall rules cannot be read"; return 1; }
	found=0
	# Short answers first: the rules that these programs make themselves are long lists.
	have ufw && found=1 && show 3 ufw status verbose
	have firewall-cmd && found=1 && show 3 firewall-cmd --list-all
	if have nft; then
		found=1
		rules_of nft list ruleset
	fi
	for t in ip:iptables ip6:ip6tables; do
		rules_of_iptables "${t#*:}" "/proc/net/${t%%:*}_tables_names"
	done
	for f in /etc/hosts.allow /etc/hosts.deny; do
		[ -r "$f" ] || continue
		awk -v m="$M" -v f="$f" '/^[ \t]*(sshd|ALL)[ \t,:]/ { print m "= wrapper=" f ": " $0 }' "$f"
	done
	[ $found = 1 ] || why "no nft, iptables, ufw or firewall-cmd here"
}

collect_bans() {
	have fail2ban-client || { why "no fail2ban-client here"; return 0; }
	[ "$ROOT" = 1 ] || { why "not root: fail2ban cannot be asked"; return 1; }
	grab run 2 fail2ban-client status
	printf '%s$ fail2ban-client status\n%s\n' "$M" "$out"
	for jail in $(printf '%s\n' "$out" | sed -n 's/.*Jail list:[ \t]*//p' | tr ',' ' '); do
		case $jail in *[!A-Za-z0-9_.-]* | -*) continue ;; *ssh* | *recidive*) ;; *) continue ;; esac
		printf '%s$ fail2ban-client status %s\n' "$M" "$jail"
		# Of the addresses that are banned, this client's alone is told.
		run 2 fail2ban-client status "$jail" 2>&1 | SMC_CLIENT=$client awk '
			/Banned IP list:/ {
				c = ENVIRON["SMC_CLIENT"]; hit = c != "" && index($0 " ", "\t" c " ") + index($0 " ", " " c " ")
				sub(/list:.*/, "list:\t" (hit ? c : "")); print; next
			}
			{ print }'
	done
	return "$rc"
}

collect_dns() {
	[ -n "$client" ] || { why "the client's address is not known"; return 1; }
	have getent || { why "no getent here"; return 127; }
	took run 3 getent hosts "$client" >/dev/null 2>&1
	rc=$?
	fact "address=$client"
	fact "status=$rc"
	fact "took_ms=$took"
	[ -r /etc/resolv.conf ] && awk -v m="$M" '$1 == "nameserver" { print m "= nameserver=" $2 }' /etc/resolv.conf
	return 0
}

collect_selinux() {
	if [ -d /sys/module/apparmor ]; then fact "apparmor=$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)"; fi
	have getenforce || { why "no getenforce here"; return 0; }
	show 2 getenforce
	have sestatus && show 2 sestatus
}

collect_backend() {
	is_user || return 1
	took run 4 id "$user" >/dev/null 2>&1
	rc=$?
	fact "status=$rc"
	fact "took_ms=$took"
	[ -r /etc/nsswitch.conf ] && awk -v m="$M" '$1 ~ /^(passwd|group|shadow|hosts):$/ { print m "= " substr($1, 1, length($1) - 1) "=" $2 " " $3 " " $4 " " $5 }' /etc/nsswitch.conf
	return 0
}

main() {
	for word in "$@"; do
		case $word in
		user=*) user=${word#*=} ;;
		port=*) port=${word#*=} ;;
		client=*) client=${word#*=} client_from=given ;;
		client_from=*) client_from=${word#*=} ;;
		target=*) target=${word#*=} ;;
		laddr=*) laddr=${word#*=} ;;
		ports=*) ports=${word#*=} ;;
		key=*) keys="$keys ${word#*=}" ;;
		sshd=*) sshd=${word#*=} ;;
		config=*) config=${word#*=} ;;
		connection=*) connection=${word#*=} ;;
		*)
			echo "usage: collector.sh [user=NAME] [port=N] [client=ADDRESS] [key=SHA256:...]..." >&2
			return 2
			;;
		esac
	done
	case $port in '' | *[!0-9]*) port=22 ;; esac
	case $laddr in *[!0-9A-Fa-f:.]*) laddr='' ;; esac
	exec 3>/dev/null 4>&1
	prepare_limits
	printf 'sshmedic-collector 1 %s\n' "$M"
	ADDRS=$(own_addrs)
	prepare_sshd
	prepare_log
	prepare_account
	prepare_effective
	LIMIT=$((LIMIT - FIRST + TOTAL))
	section meta 2 40 8000
	section unit 3 80 8000
	section listen 3 60 12000
	section sshd-t 4 60 12000
	section sshd-T 3 250 40000
	section config 3 200 30000
	section log 3 250 60000
	section files 4 150 30000
	section keys 4 150 40000
	section account 4 60 12000
	section limits 3 60 8000
	section hostkeys 3 60 12000
	section firewall 4 600 60000
	section bans 3 60 12000
	section disk 3 30 6000
	section selinux 3 40 6000
	section dns 4 20 4000
	section backend 4 20 4000
	printf '%s end. sections=%s\n' "$M" "$count"
}

main "$@"

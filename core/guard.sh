#!/bin/sh
# One change on an SSH server, made so that it undoes itself: for sshmedic. It
# keeps copies of what the change may touch, arms a roll-back that runs by itself,
# makes the change, and reloads sshd. Unless a new login of the admin says in
# time that all is well, the roll-back puts every file back, with mode and owner.
# Sessions that are open are never touched: sshd is reloaded, never restarted.
#
#   sh guard.sh apply            as its parameters say (they are put in below); prints an ID and a TOKEN
#   sh guard.sh disarm ID TOKEN  keep the change: by another login than the one that made it
#   sh guard.sh fire ID          undo it now; also after it was kept. What it made permanent goes with it
#   sh guard.sh fire_one ID      the same, but for that
#   sh guard.sh report ID        what became of it
#   sh guard.sh look             what "apply" would do to make a firewall's rule permanent; changes nothing
#
# All of it lies in a folder that only root can read, with a copy of this script: on
# the console, `sh FOLDER/guard.sh fire` needs no ID. What it prints is framed:
#   sshmedic-guard 1 MARKER      MARKER is made anew in each run
#   MARKER guard= key=value      what this script itself says
#   MARKER out text              what a command printed
#   MARKER end. lines=N          the last line: without it the run is not whole
#
# POSIX sh, for dash, bash and busybox; coreutils and sed. All is in functions, and
# the last line calls them, so that half a script does nothing.
# shellcheck shell=sh

set -u
LC_ALL=C
export LC_ALL
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 077
NL='
'
# What is to be done. edit and revert are commands: what changes, and what undoes that (where
# copies of files cannot). touches: a path on each line, "sshd:" for
# sshd's configuration, "account:NAME" for the lines of an account. then: "", reload, or start.
verb='' id='' token='' fix='' edit='' revert='' touches='' then='' unit='' window=120
# Or an earlier change of a firewall, of, is made permanent: keeps is the firewall (nft iptables ufw
# firewalld), place where in it the rule is; seen: the sum of what "look" showed.
keeps='' of='' place='' seen=''
# The login that is to be mended, as the server sees it.
user='' port=22 client='' laddr=''
# The login that this runs in: "$SSH_CONNECTION" and its user. Another sshd than the one that runs.
# here: the target is this machine by its address alone, so that its port may lead elsewhere.
connection='' login='' here='' sshd='' config='' base='' etc=/etc
#@PARAMETERS@

CHANGE_TAKES=300 # seconds, at most
M='' DIR='' ID='' TIMEOUT='' LIMITED='' W='' lines=0 up=0
file='' real='' line='' does='' now='' # of a plan

# ---- the frame ---------------------------------------------------------------------

# clean TEXT: one line, no control characters, not endless.
clean() { printf '%.900s' "$1" | tr -d '\000-\037\177'; }

say() { # say KEY=VALUE
	[ $lines -gt 0 ] || printf 'sshmedic-guard 1 %s\n' "$M"
	lines=$((lines + 1))
	printf '%s guard= %s\n' "$M" "$(clean "$1")"
}

tell() { # tell FILE: what a command printed
	[ -s "$1" ] || return 0
	while IFS= read -r t_line || [ -n "$t_line" ]; do
		[ $lines -lt 60 ] || break
		lines=$((lines + 1))
		printf '%s out %s\n' "$M" "$(clean "$t_line")"
	done <"$1"
}

end() { # end STATUS
	[ -z "$W" ] || rm -rf "$W"
	printf '%s end. lines=%s\n' "$M" "$lines"
	exit "$1"
}

# refuse REASON SENTENCE: nothing was changed.
refuse() {
	say state=refused
	say "reason=$1"
	say "why=$2"
	[ -z "$does" ] || say "command=${line:-$does}" # for a person, in its stead
	end 3
}

have() { command -v "$1" >/dev/null 2>&1; }
random() { od -An -N"$1" -tx1 /dev/urandom | tr -dc 0-9a-f; }
command_line() { { tr '\000' ' ' <"/proc/$1/cmdline"; } 2>/dev/null; } # of a process
nap() { sleep 0.1 2>/dev/null || sleep 1; }

# uptime: seconds since the machine started, into up: no clock that somebody sets.
uptime() {
	up=$(date +%s)
	{ read -r up _ </proc/uptime; } 2>/dev/null
	up=${up%%.*}
}

# limit SECONDS COMMAND...: as long as it may take, where timeout(1) is there.
limit() {
	l_s=$1
	shift
	if [ -n "$LIMITED" ]; then $TIMEOUT "$l_s" "$@"; else "$@"; fi </dev/null
}

# public COMMAND...: with the modes that a command makes its files with elsewhere.
public() { (umask 022 && "$@"); }

prepare() {
	M=smc-$(random 8)
	if timeout -k 1 5 true 2>/dev/null; then
		LIMITED=1 TIMEOUT='timeout -k 1'
	elif timeout 5 true 2>/dev/null; then
		LIMITED=1 TIMEOUT=timeout
	fi
	[ "$(id -u)" = 0 ] || refuse not-root "a change on the server needs root, or sudo that asks for no password"
	[ ${#M} = 20 ] || refuse no-random "the server has no /dev/urandom to make a token from"
}

# ---- the folder ------------------------------------------------------------------------

bases() { printf '%s\n' ${base:+"$base"} /var/lib/sshmedic /root/.sshmedic /var/tmp/sshmedic-guard; }

# private FOLDER: whether it is root's alone, and no link to another.
private() { [ -d "$1" ] && [ ! -L "$1" ] && [ "$(stat -c '%a %u' "$1")" = '700 0' ]; }

make_folder() {
	ID=$(random 8)
	IFS=$NL
	for b in $(bases); do
		unset IFS
		mkdir -m 700 "$b" 2>/dev/null
		private "$b" && mkdir -m 700 "$b/$ID" 2>/dev/null && DIR=$b/$ID && break
	done
	unset IFS
	[ -n "$DIR" ] || refuse no-folder "no private folder could be made for the copies"
	mkdir "$DIR/copy"
	export ID
	prune
}

# find_folder ID: of an earlier change; without an ID the folder of this script.
find_folder() {
	ID=${1:-}
	if [ -z "$ID" ]; then
		case $0 in */*) DIR=${0%/*} ;; *) DIR=. ;; esac
	else
		case $ID in *[!0-9a-f]*) refuse unknown "no such change: $ID" ;; esac
		IFS=$NL
		for b in $(bases); do
			unset IFS
			private "$b" && private "$b/$ID" && DIR=$b/$ID && break
		done
		unset IFS
	fi
	[ -e "$DIR/manifest" ] || refuse unknown "no change $ID is kept here"
	DIR=$(cd "$DIR" && pwd)
	ID=${DIR##*/}
	export ID
}

# busy: whether the roll-back of another change is armed still; its ID goes into other.
busy() {
	IFS=$NL
	for b in $(bases); do
		unset IFS
		for d in "$b"/*/armed; do
			[ -e "$d" ] || continue
			d=${d%/armed}
			[ -d "$d/decided" ] && continue
			watched "$d" && other=${d##*/} && return 0
		done
	done
	unset IFS
	return 1
}

# prune: folders of changes that were decided over 30 days ago.
prune() {
	old=$(($(date +%s) - 30 * 86400))
	for d in "${DIR%/*}"/*/report; do
		[ -e "$d" ] && [ "$(stat -c %Y "$d")" -lt $old ] && private "${d%/report}" && rm -rf "${d%/report}"
	done
}

# watched FOLDER: whether its roll-back is alive.
watched() {
	w_pid=''
	{ read -r w_pid <"$1/armed"; } 2>/dev/null
	[ -n "$w_pid" ] && command_line "$w_pid" | grep -q -F -e "${1##*/}/guard.sh watch"
}

# ---- copies ----------------------------------------------------------------------------

# as_owner UID GID COMMAND...: in a folder of a user's, root does only what that user could: the
# user may put links in its way.
as_owner() {
	o_uid=$1 o_gid=$2
	shift 2
	if [ "$o_uid" = 0 ]; then
		"$@"
	elif setpriv --reuid "$o_uid" --regid "$o_gid" --clear-groups true 2>/dev/null; then
		setpriv --reuid "$o_uid" --regid "$o_gid" --clear-groups "$@"
	else
		o_name=$(stat -c %U "$o_of" 2>/dev/null)
		su -s /bin/sh "$o_name" -c 'exec "$@"' sh "$@"
	fi
}

# in_folder_of PATH COMMAND...: as the owner of the folder that it is in.
in_folder_of() {
	o_of=${1%/*}
	o_of=${o_of:-/}
	shift
	o_ids=$(stat -c '%u %g' "$o_of" 2>/dev/null) || return 1
	as_owner "${o_ids% *}" "${o_ids#* }" "$@"
}

# A user may put a pipe in a file's place, that keeps whoever reads it waiting.
# shellcheck disable=SC2086
text_of() { [ -f "$1" ] && $TIMEOUT ${TIMEOUT:+20} cat "$1" 2>/dev/null; }
sum() { [ -f "$1" ] && text_of "$1" | cksum; }
# shellcheck disable=SC2086
owners_text_of() { [ -f "$1" ] && in_folder_of "$1" $TIMEOUT ${TIMEOUT:+20} cat "$1" 2>/dev/null; }

# note KIND META PATH: a line of the manifest.
note() {
	printf '%s %s %s %s\n' "$n" "$1" "$2" "$3" >>"$DIR/manifest"
	n=$((n + 1))
}

# copy PATH: what is there now, or that nothing is.
copy() {
	case $1 in
	*"$NL"*) return 1 ;;
	/*) ;;
	*) return 1 ;;
	esac
	grep -q -x -F -e "$1" "$DIR/paths" 2>/dev/null && return 0
	printf '%s\n' "$1" >>"$DIR/paths"
	meta=$(stat -c '%a %u %g %Y' "$1" 2>/dev/null)
	if [ -L "$1" ]; then
		readlink "$1" >"$DIR/copy/$n" || return 1
		note link '0 0 0 0' "$1"
		real=$(readlink -f "$1") || return 0
		copy "$real"
	elif [ -d "$1" ]; then
		note dir "$meta" "$1"
	elif [ -f "$1" ]; then
		owners_text_of "$1" >"$DIR/copy/$n" && [ "$(sum "$DIR/copy/$n")" = "$(sum "$1")" ] || return 1
		touch -r "$1" "$DIR/copy/$n"
		note file "$meta" "$1"
	elif [ -e "$1" ]; then
		return 1
	else
		note absent '0 0 0 0' "$1"
		# A folder that the change has to make goes as well, behind what is in it.
		parent=${1%/*}
		[ -z "$parent" ] || [ -e "$parent" ] || [ -L "$parent" ] || copy "$parent"
	fi
}

# copy_account NAME: its lines, and no other's: others may change theirs meanwhile.
copy_account() {
	case $1 in '' | *:* | *"$NL"*) return 1 ;; esac
	for f in passwd shadow; do
		account_line "$etc/$f" "$1" >"$DIR/copy/$n.$f"
	done
	[ -s "$DIR/copy/$n.passwd" ] || return 1
	note account '0 0 0 0' "$1"
}

account_line() { # FILE NAME
	[ ! -r "$1" ] || while IFS= read -r a_line; do
		case $a_line in "$2":*) printf '%s\n' "$a_line" ;; esac
	done <"$1"
}

# config_files FILE DEPTH: it, and what it includes.
config_files() {
	[ -f "$1" ] || return 0
	printf '%s\n' "$1"
	[ "$2" -lt 4 ] || return 0
	sed -n 's/^[ 	]*[Ii][Nn][Cc][Ll][Uu][Dd][Ee][ 	=]\{1,\}//p' "$1" | tr -d '"' | tr ' \t' '\n\n' | while IFS= read -r pattern; do
		case $pattern in '') continue ;; /*) ;; *) pattern=/etc/ssh/$pattern ;; esac
		IFS=''
		for f in $pattern; do
			(config_files "$f" $(($2 + 1)))
		done
	done
}

copy_all() {
	n=1
	: >"$DIR/manifest"
	set -f
	IFS=$NL
	for what in $touches; do
		unset IFS
		case $what in
		sshd:)
			set +f
			config_files "$CONF" 1 >"$DIR/config"
			set -f
			while IFS= read -r f; do
				# Commands keep the old text beside a file, in a new one.
				copy "$f" && copy "$f.before" || refuse no-copy "no copy of $f could be made"
			done <"$DIR/config"
			;;
		account:*) copy_account "${what#*:}" || refuse no-copy "${what#*:} is no account of this machine's own files" ;;
		*) copy "$what" || refuse no-copy "no copy of $what could be made" ;;
		esac
	done
	unset IFS
	set +f
}

# sums FILE: what each copied file is like now.
sums() {
	while IFS= read -r s_line; do
		entry "$s_line"
		[ "$kind" = file ] && printf '%s %s\n' "$n" "$(sum "$path")"
	done <"$DIR/manifest" >"$1"
}

entry() { # entry LINE: a line of the manifest, into n kind mode uid gid mtime path
	n=${1%% *} path=${1#* }
	kind=${path%% *} path=${path#* }
	mode=${path%% *} path=${path#* }
	uid=${path%% *} path=${path#* }
	gid=${path%% *} path=${path#* }
	mtime=${path%% *} path=${path#* }
}

# ---- sshd --------------------------------------------------------------------------------

# find_sshd: its program, configuration file and options, and the unit that it runs in.
find_sshd() {
	SSHD=$sshd CONF=$config OPTS='' words='' socket=''
	case $unit in *.socket) socket=$unit unit='' ;; esac
	if have systemctl; then
		for u in "$unit" ssh.service sshd.service; do
			[ -n "$u" ] && [ "$(limit 5 systemctl show -p LoadState "$u" 2>/dev/null)" = LoadState=loaded ] && unit=$u && break
		done
	fi
	pid=$(main_pid)
	[ -z "$pid" ] || words=$(command_line "$pid")
	words=${words#sshd: }
	case $words in
	/*) ;;
	*) have systemctl && [ -n "$unit" ] &&
		words=$(limit 5 systemctl show -p ExecStart "$unit" 2>/dev/null | sed -n 's/.*argv\[\]=\([^;]*\);.*/\1/p' | sed -n 1p) ;;
	esac
	sshd_words "$words"
	if [ -z "$SSHD" ]; then
		for p in "$(command -v sshd)" /usr/sbin/sshd /usr/local/sbin/sshd; do
			[ -x "$p" ] && SSHD=$p && break
		done
	fi
	[ -n "$CONF" ] || CONF=/etc/ssh/sshd_config
}

# main_pid: of the sshd that listens; nothing where none does.
main_pid() {
	p=''
	if have systemctl && [ -n "$unit" ]; then
		p=$(limit 5 systemctl show -p MainPID "$unit" 2>/dev/null)
		p=${p#MainPID=}
		[ "$p" = 0 ] && p=''
	else
		{ read -r p </run/sshd.pid; } 2>/dev/null
		case $(cat "/proc/$p/comm" 2>/dev/null) in sshd*) ;; *) p='' ;; esac
	fi
	printf '%s' "$p"
}

sshd_words() { # sshd_words "COMMAND LINE": takes -f, -o and -p out of it
	set -f
	# shellcheck disable=SC2086
	set -- $1
	set +f
	case ${1:-} in /*) [ -n "$SSHD" ] || { [ -x "$1" ] && SSHD=$1; } ;; esac
	while [ $# -gt 0 ]; do
		case $1 in
		-f) [ -n "$CONF" ] || CONF=${2:-} ;;
		-o) OPTS="$OPTS${2:-}$NL" ;;
		-o?*) OPTS="$OPTS${1#-o}$NL" ;;
		-p) OPTS="${OPTS}Port=${2:-}$NL" ;;
		esac
		shift
	done
}

run_sshd() { # run_sshd ARGUMENTS...: in test mode, as the one that runs here was started
	set -f
	IFS=$NL
	for o in $OPTS; do set -- "$@" -o "$o"; done
	unset IFS
	set +f
	limit 20 "$SSHD" -f "$CONF" "$@"
}

runs() {
	if have systemctl && [ -n "$unit" ]; then
		limit 5 systemctl is-active "${socket:-$unit}" >/dev/null 2>&1
	else
		[ -n "$(main_pid)" ]
	fi
}

# service_do reload|start: never another verb. Behind a socket a server that does not run reads the
# configuration when it starts.
service_do() {
	if have systemctl && [ -n "$unit" ]; then
		case $1:$socket in
		reload:?*) ! limit 5 systemctl is-active "$unit" >/dev/null 2>&1 || limit 60 systemctl reload "$unit" ;;
		start:?*) limit 60 systemctl start "$socket" ;;
		*) limit 60 systemctl "$1" "$unit" ;;
		esac
	elif have rc-service; then
		limit 60 rc-service sshd "$1"
	elif [ "$1" = reload ]; then
		kill -HUP "$(main_pid)"
	else
		run_sshd
	fi
}

# settle: after a reload or start, whether it runs and has bound its port; at most 5 s.
settle() {
	i=0
	while [ $i -lt 50 ]; do
		runs && listens && return 0
		nap
		i=$((i + 1))
	done
	return 1
}

listens() {
	[ -z "$socket" ] && have ss || return 0
	pid=$(main_pid)
	[ -n "$pid" ] || return 1
	ss -ltnp 2>/dev/null | grep -q -e "pid=$pid," -e 'pid=1,'
}

# effective FILE USER ADDR LADDR LPORT: sshd -T for that login; fails where sshd does.
effective() {
	case $2 in '' | *,*) return 1 ;; esac
	run_sshd -T -C "user=$2,host=$3,addr=$3,laddr=${4:-127.0.0.1},lport=${5:-22}" >"$1" 2>/dev/null || {
		rm -f "$1"
		return 1
	}
}

# both WHEN: the admin's and the user's.
both() {
	effective "$DIR/admin.$1" "$login" "${caddr:-127.0.0.1}" "$saddr" "$sport"
	effective "$DIR/user.$1" "$user" "${client:-127.0.0.1}" "$laddr" "$port"
}

# by_this_sshd: whether the login that this runs in came by the sshd that is to be changed: it is a child of it.
by_this_sshd() {
	listener=$(main_pid) p=$$
	[ -n "$listener" ] || return 1
	while [ "${p:-0}" -gt 1 ]; do
		[ "$p" = "$listener" ] && return 0
		p=$(sed -n 's/^PPid:[ 	]*//p' "/proc/$p/status" 2>/dev/null)
	done
	return 1
}

value() { sed -n "s/^$2 //p" "$1"; } # value FILE KEYWORD

# ---- who could still log in ---------------------------------------------------------------

# like TEXT PATTERN: as sshd compares, by * and ? alone.
like() {
	case $2 in
	*'['* | *']'* | *'\'* | '!'*) [ "$1" = "$2" ]; return ;;
	esac
	# shellcheck disable=SC2254
	case $1 in $2) return 0 ;; esac
	return 1
}

# entry_fits ENTRY USER ADDR OLD: of AllowUsers or DenyUsers. One that names a network cannot be
# judged here: it counts as it did before the change, where OLD has it.
entry_fits() {
	case $1 in
	*@*)
		like "$2" "${1%@*}" || return 1
		like "$3" "${1##*@}" && return 0
		case " $4 " in *" $1 "*) return 0 ;; esac
		return 1
		;;
	esac
	like "$2" "$1"
}

# keeps_out FILE USER ADDR BEFORE: the setting that does, into out; fails where none does.
keeps_out() {
	k_file=$1 k_user=$2 k_addr=$3 k_before=$4 out=''
	k_groups=$(limit 10 id -Gn "$k_user" 2>/dev/null)
	set -f
	for k in denyusers allowusers denygroups allowgroups; do
		list=$(value "$k_file" $k | tr '\n' ' ') old=''
		[ -n "$list" ] || continue
		[ -n "$k_before" ] && [ -e "$k_before" ] && old=$(value "$k_before" $k | tr '\n' ' ')
		fits=0
		case $k in
		denyusers)
			for e in $list; do
				# What did not keep the user out before is none that this change brings.
				case $e:" $old " in *@*:*" $e "*) continue ;; *@*/*:*) like "$k_user" "${e%@*}" && fits=1 ;; esac
				entry_fits "$e" "$k_user" "$k_addr" '' && fits=1
			done
			;;
		allowusers) for e in $list; do entry_fits "$e" "$k_user" "$k_addr" "$old" && fits=1; done ;;
		*groups) for e in $list; do for g in $k_groups; do like "$g" "$e" && fits=1; done; done ;;
		esac
		case $k:$fits in deny*:1 | allow*:0) out=$k && break ;; esac
	done
	set +f
	[ -n "$out" ]
}

# ways FILE UID: the ways in which that account may prove itself, one a line.
ways() {
	w=''
	for k in pubkey:publickey password:password kbdinteractive:keyboard-interactive challengeresponse:keyboard-interactive \
	    gssapi:gssapi-with-mic hostbased:hostbased; do
		if [ "${k%:*}" = challengeresponse ]; then word=challengeresponseauthentication; else word=${k%:*}authentication; fi
		[ "$(value "$1" "$word")" = yes ] && w="$w ${k#*:}"
	done
	root=$(value "$1" permitrootlogin)
	if [ "$2" = 0 ]; then
		case $root in
		no) w='' ;;
		prohibit-password | without-password) w=$(printf '%s\n' $w | grep -v -e '^password$' -e '^keyboard') ;;
		forced-commands-only) case " $w " in *" publickey "*) w='a-forced-command' ;; *) w='' ;; esac ;;
		esac
	fi
	lists=$(value "$1" authenticationmethods)
	case $lists in
	'' | any) printf '%s\n' $w ;;
	*)
		for list in $lists; do
			able=1
			for m in $(printf '%s' "$list" | tr ',' ' '); do
				printf '%s\n' $w | grep -q -x -F -e "${m%%:*}" || able=0
			done
			[ $able = 1 ] && printf '%s\n' "$list"
		done
		;;
	esac
}

# key_files FILE USER: where sshd looks for that user's keys, one a line.
key_files() {
	line=$(account_line "$etc/passwd" "$2")
	[ -n "$line" ] || { have getent && line=$(limit 5 getent passwd "$2"); }
	home=${line%:*} u=${line#*:*:}
	home=${home##*:} u=${u%%:*}
	set -f
	for f in $(value "$1" authorizedkeysfile); do
		case $f in none) continue ;; esac
		f=$(printf '%s\n' "$f" | sed "s|%%|%|g; s|%h|$home|g; s|%u|$2|g; s|%U|$u|g")
		case $f in /*) ;; *) f=$home/$f ;; esac
		printf '%s\n' "$f"
	done
	set +f
}

# keys_of FILE USER: the keys themselves, one a line.
keys_of() {
	key_files "$1" "$2" | while IFS= read -r f; do
		sed -n '/^[ 	]*#/d; s/.*\(AAAA[A-Za-z0-9+/=]\{16,\}\).*/\1/p' "$f" 2>/dev/null
	done | sort -u
}

# lost WHO USER ADDR UID: what that login would lose by the change, as a sentence into lost.
# WHO is admin, whom nothing may be taken from, or user, who must keep one way at least.
lost() {
	lost='' before=$DIR/$1.before after=$DIR/$1.after
	[ -e "$after" ] || return 1
	# A login that came by this sshd works: what the file said before, sshd may never have read.
	works=$1
	if [ "$1" = admin ] && by_this_sshd; then works=yes; fi
	if keeps_out "$after" "$2" "$3" "$before"; then
		if [ $works = yes ] || { [ -e "$before" ] && ! keeps_out "$before" "$2" "$3" ''; }; then
			keeps_out "$after" "$2" "$3" "$before"
			lost="$out would keep $2 out"
			return 0
		fi
	fi
	new=$(ways "$after" "$4")
	if [ -e "$before" ]; then old=$(ways "$before" "$4"); else old=''; fi
	if [ -z "$new" ] && { [ -n "$old" ] || [ $works = yes ]; }; then
		lost="no way to log in would be left to $2"
		return 0
	fi
	[ "$1" = admin ] && [ -e "$before" ] || return 1
	for m in $old; do
		printf '%s\n' "$new" | grep -q -x -F -e "$m" || { lost="$2 could no longer log in by $m" && return 0; }
	done
	if printf '%s\n' "$new" | grep -q publickey && [ "$(value "$before" authorizedkeysfile)" != "$(value "$after" authorizedkeysfile)" ]; then
		keys_of "$after" "$2" >"$DIR/keys.after"
		for key in $(keys_of "$before" "$2"); do
			grep -q -x -F -e "$key" "$DIR/keys.after" || { lost="the keys of $2 are not where sshd would look for them" && return 0; }
		done
	fi
	for k in forcecommand chrootdirectory; do
		case $(value "$after" $k) in '' | none) continue ;; esac
		[ "$(value "$before" $k)" = "$(value "$after" $k)" ] || { lost="$k would bind $2" && return 0; }
	done
	for a in $(value "$before" pubkeyacceptedalgorithms | tr ',' ' '); do
		value "$after" pubkeyacceptedalgorithms | tr ',' '\n' | grep -q -x -F -e "$a" || { lost="$2 could no longer use keys of the kind $a" && return 0; }
	done
	! port_lost && return 1
	lost="sshd would no longer listen on port $sport, where $2 is logged in"
}

# port_lost: whether the port of this very login is among those that sshd gives up.
port_lost() {
	[ -n "$sport" ] || return 1
	value "$DIR/admin.before" listenaddress | grep -q -e ":$sport\$" || return 1
	! value "$DIR/admin.after" listenaddress | grep -q -e ":$sport\$"
}

# cuts_session COMMAND: whether a firewall command may cut off the login that this runs in: it
# takes something away, and is not one rule that names other ports than that login's.
cuts_session() {
	[ -n "$sport" ] || return 1
	case " $1 " in
	*[\ /]nft\ * | *iptables\ * | *iptables-restore* | *[\ /]ufw\ * | *firewall-cmd\ * | *hosts.deny*) ;;
	*) return 1 ;;
	esac
	case " $1 " in
	*' flush '* | *' -F '* | *' --flush '* | *' -P '* | *--panic-on* | *iptables-restore* | *hosts.deny* | *' default deny '* | *' policy drop'*) return 0 ;;
	*drop* | *DROP* | *reject* | *REJECT* | *' deny '* | *--remove-* | *' -D '* | *' --delete '* | *' delete '* | *' destroy '*) ;;
	*) return 1 ;;
	esac
	case $1 in *[';&|']* | *"$NL"*) return 0 ;; esac
	last='' named=0
	set -f
	for word in $1; do
		case $word in --remove-port=*) last=port word=${word#*=} && word=${word%/*} ;; esac
		case $last in
		*port | *ports)
			named=1
			case $word in *[!0-9]* | "$sport") named=0 && break ;; esac
			;;
		esac
		last=$word
	done
	set +f
	[ $named = 0 ]
}

# ---- what makes a firewall's rule permanent --------------------------------------------------

# The rule is there for the time being, and proven. Now it goes where the firewall loads its rules from: a
# file gets one line more, which the firewall's own check has to like before it takes the old
# one's place; what is loaded now is never written out over it. Or the firewall's own command keeps it.

# plan: into does, and file, real and line where it is a file, with its new text in W/new; or it is refused.
plan() {
	W=$(mktemp -d) && private "$W" || refuse no-folder "no private folder could be made to look at it"
	case $place in '' | *[!A-Za-z0-9_\ -]*) refuse keep-place "where the rule is, is not known" ;; esac
	case $client in '' | *[!0-9a-fA-F.:]*) refuse keep-place "the address that the rule lets in is not known" ;; esac
	case $keeps in
	nft) plan_nft ;;
	iptables | iptables-legacy) plan_iptables ;;
	ufw) plan_ufw ;;
	firewalld) plan_firewalld ;;
	*) refuse keep-how "a rule of $keeps is not made permanent from here" ;;
	esac
	if cuts_session "$does"; then
		refuse firewall "the rule might cut off the login that makes this change, on port $sport"
	fi
	if [ -n "$file" ]; then now=$(sum "$W/new"); else now=$(printf '%s' "$does" | cksum); fi
	now=$(printf '%s' "$now" | tr ' ' -)
	[ -z "$seen" ] || [ "$seen" = "$now" ] ||
		refuse keep-changed "it is not what was shown any more (${file:-$does}): look at it again"
}

# plan_file PATH: that it can be edited: a plain file, or a link to one, that only root can put there.
plan_file() {
	file=$1
	real=$(readlink -f "$file") && [ -f "$real" ] && [ "$(stat -c %u "${real%/*}/.")" = 0 ] ||
		refuse keep-file "$file is no plain file in a folder of root's: add to it by hand: $line"
	! grep -q -x -F -e "$line" "$real" || refuse keep-there "$file has the rule already"
	touches=$file
}

# nft_likes FILE: by nft's own check, which loads nothing; what it says goes into said.
nft_likes() {
	(cd / && limit 20 nft -c -f "$1") >"$W/said" 2>&1 && return 0
	said=$(sed -n '/[Ee]rror/{s/.*[Ee]rror: *//;p;q;}' "$W/said")
	return 1
}

plan_nft() {
	f=ip p=''
	case $client in *:*) f=ip6 ;; esac
	line="insert rule $place $f saddr $client tcp dport $port accept comment \"sshmedic-$of\""
	does="nft $line"
	! have systemctl || p=$(limit 5 systemctl show -p ExecStart nftables.service 2>/dev/null |
		sed -n 's/.*argv\[\]=[^ ;]*nft [^;]*-f \([^ ;]*\).*/\1/p' | sed -n 1p)
	for p in "$p" "$etc/nftables.conf" "$etc/sysconfig/nftables.conf" ''; do
		[ -n "$p" ] && [ -e "$p" ] && break
	done
	[ -n "$p" ] || refuse keep-none "there is no $etc/nftables.conf that would be loaded at the next start: where this server loads its rules from, add: $line"
	plan_file "$p"
	nft_likes "$real" || refuse keep-file "nft itself refuses $file as it is ($said): mend it, and add: $line"
	{
		cat "$real"
		[ -z "$(tail -c 1 "$real")" ] || echo
		printf '%s\n' "$line"
	} >"$W/new"
	# On nothing but itself: does the file make the table and chain that the rule goes into?
	{ echo 'flush ruleset' && cat "$W/new"; } >"$W/alone"
	nft_likes "$W/alone" || refuse keep-chain "$file does not make the chain $place, which the rule is in ($said): where this server's own rules are made, add: $line"
	nft_likes "$W/new" || refuse keep-check "nft -c -f refuses the new text of $file ($said)"
}

plan_iptables() {
	line="-A $place -s $client/32 -p tcp -m tcp --dport $port -j ACCEPT"
	does="$keeps $line"
	case $client in *:*) refuse keep-family "that is a rule of ip6tables: add it by hand" ;; esac
	[ -e "$etc/iptables/rules.v4" ] || refuse keep-none "there is no $etc/iptables/rules.v4 (netfilter-persistent) to load the rules from: where this server loads them from, add before the others of $place: $line"
	have "$keeps-restore" || refuse keep-none "there is no $keeps-restore to check $etc/iptables/rules.v4 with: add before the others of $place: $line"
	plan_file "$etc/iptables/rules.v4"
	limit_in "$real" "$keeps-restore" --test >"$W/said" 2>&1 ||
		refuse keep-file "$keeps-restore itself refuses $file as it is ($(sed -n 1p "$W/said")): mend it, and add: $line"
	awk -v line="$line" -v chain="$place" '
		/^\*/ { table = $1 }
		table == "*filter" && $1 == ":" chain { has = 1 }
		table == "*filter" && has && !done && ($1 == "COMMIT" || ($1 == "-A" && $2 == chain) ||
			(/^\[/ && $2 == "-A" && $3 == chain)) { print line; done = 1 }
		{ print }
		END { exit !done }' "$real" >"$W/new" ||
		refuse keep-chain "$file does not have the chain $place in its table filter: where this server's own rules are made, add: $line"
	limit_in "$W/new" "$keeps-restore" --test >"$W/said" 2>&1 ||
		refuse keep-check "$keeps-restore --test refuses the new text of $file ($(sed -n 1p "$W/said"))"
}

# limit_in FILE COMMAND...: with that on its input.
limit_in() {
	i_file=$1
	shift
	# shellcheck disable=SC2086
	$TIMEOUT ${TIMEOUT:+20} "$@" <"$i_file"
}

plan_ufw() {
	does="ufw prepend $place proto tcp from $client to any port $port"
	have ufw || refuse keep-none "there is no ufw here"
	limit 20 ufw status 2>/dev/null | grep -q '^Status: active' || refuse keep-none "ufw is not active: ufw enable would load its rules; then: $does"
	# ufw puts the rule beside that of the time being, or loads all its rules anew: one of them is left.
	rule="ufw-user-input -s $client/32 -p tcp -m tcp --dport $port -j ACCEPT"
	edit="$does && if [ \"\$(iptables -S ufw-user-input | grep -c -x -F -e '-A $rule')\" -gt 1 ]; then iptables -D $rule; fi"
	touches="$etc/ufw/user.rules$NL$etc/ufw/user6.rules"
}

plan_firewalld() {
	does="firewall-cmd --permanent --zone=$place --add-port=$port/tcp"
	have firewall-cmd && limit 20 firewall-cmd --state >/dev/null 2>&1 || refuse keep-none "firewalld does not run; when it does: $does"
	! limit 20 firewall-cmd --permanent --zone="$place" --query-port="$port/tcp" >/dev/null 2>&1 ||
		refuse keep-there "the zone $place has the port for good already"
	edit=$does
	touches="$etc/firewalld/zones/$place.xml$NL$etc/firewalld/zones/$place.xml.old"
}

# put_new: the new text in the file's place, with its mode and owner, by a new file that takes its name.
put_new() {
	tmp=${real%/*}/.sshmedic.$(random 6)
	cp -p "$real" "$tmp" && cat "$W/new" >"$tmp" && mv -f "$tmp" "$real" || {
		rm -f "$tmp"
		return 1
	}
	! have restorecon || restorecon "$real" >/dev/null 2>&1
	return 0
}

# look: what "apply" would do, line by line.
look() {
	plan
	say state=ready
	say "seen=$now"
	say "path=$(printf '%s' "$touches" | tr '\n' ' ')"
	say "command=${line:-$does}"
	if [ -z "$file" ]; then
		:
	elif have diff; then
		diff -U 2 "$real" "$W/new" | sed 's/	/    /g; 1s|^--- [^ ]*.*|--- '"$file"'|; 2s|^+++ .*|+++ '"$file"'|' >"$W/diff"
	else
		printf '+%s\n' "$line" >"$W/diff"
	fi
	[ "$keeps" != nft ] || ! have systemctl || [ "$(limit 5 systemctl is-enabled nftables.service 2>/dev/null)" != disabled ] ||
		say "remark=nftables.service is not enabled: nothing loads $file when the server starts"
	[ -z "$file" ] || tell "$W/diff"
	end 0
}

# ---- the roll-back ---------------------------------------------------------------------------

remark() { printf '%s\n' "$1" >>"$DIR/remarks"; }

# put_file: the copy back to its place, by a new file beside it that takes its name.
put_file() {
	[ -d "$path" ] && [ ! -L "$path" ] && return 1
	tmp=${path%/*}/.sshmedic.$(random 6)
	if [ "$(stat -c %u "${path%/*}/.")" = 0 ]; then
		cp "$DIR/copy/$n" "$tmp" && chown "$uid:$gid" "$tmp" && chmod "$mode" "$tmp" &&
			touch -r "$DIR/copy/$n" "$tmp" && mv -f "$tmp" "$path" || {
			rm -f "$tmp"
			return 1
		}
		# A label of SELinux is that of the place.
		! have restorecon || restorecon "$path" >/dev/null 2>&1
		return 0
	fi
	# shellcheck disable=SC2016
	in_folder_of "$path" sh -c 'umask 077; cat >"$1" && chmod "$3" "$1" && touch -d "@$4" "$1" && mv -f "$1" "$2"' \
	    sh "$tmp" "$path" "$mode" "$mtime" <"$DIR/copy/$n"
}

# put_modes: owner and mode, where they are not as they were.
put_modes() {
	now=$(stat -c '%a %u %g' "$path")
	[ "$now" = "$mode $uid $gid" ] && return 0
	[ "${now#* }" = "$uid $gid" ] || chown -h "$uid:$gid" "$path" || return 1
	o_of=$path
	as_owner "$uid" "$gid" chmod "$mode" "$path"
}

put_account() {
	for f in passwd shadow; do
		[ -s "$DIR/copy/$n.$f" ] && [ "$(account_line "$etc/$f" "$path")" != "$(cat "$DIR/copy/$n.$f")" ] || continue
		wait_lock "$etc/$f.lock"
		tmp=$etc/.sshmedic.$(random 6)
		cp -p "$etc/$f" "$tmp" && while IFS= read -r a_line; do
			case $a_line in "$path":*) cat "$DIR/copy/$n.$f" ;; *) printf '%s\n' "$a_line" ;; esac
		done <"$etc/$f" >"$tmp" && mv -f "$tmp" "$etc/$f"
		[ -z "$locked" ] || rm -f "$locked"
	done
}

# wait_lock FILE: as the tools for accounts lock; a lock that nobody lifts in 5 s is passed over.
wait_lock() {
	locked='' i=0
	while [ $i -lt 50 ]; do
		if (set -C && echo $$ >"$1") 2>/dev/null; then
			locked=$1
			return
		fi
		nap
		i=$((i + 1))
	done
}

# put_back: one entry of the manifest, as it was. Fails where it is not so in the end.
put_back() {
	case $kind in
	file)
		foreign
		if [ -L "$path" ] || [ "$(sum "$path") $(stat -c %Y "$path")" != "$(sum "$DIR/copy/$n") $mtime" ]; then put_file; fi
		[ -f "$path" ] && [ ! -L "$path" ] && put_modes
		[ ! -L "$path" ] && [ "$(sum "$path")" = "$(sum "$DIR/copy/$n")" ] && [ "$(stat -c '%a %u %g' "$path")" = "$mode $uid $gid" ]
		;;
	dir)
		[ -e "$path" ] || in_folder_of "$path" mkdir "$path"
		[ -d "$path" ] && [ ! -L "$path" ] && put_modes && [ "$(stat -c '%a %u %g' "$path")" = "$mode $uid $gid" ]
		;;
	link)
		[ "$(readlink "$path")" = "$(cat "$DIR/copy/$n")" ] && return 0
		[ -d "$path" ] && [ ! -L "$path" ] && return 1
		in_folder_of "$path" rm -f "$path" && in_folder_of "$path" ln -s "$(cat "$DIR/copy/$n")" "$path"
		;;
	absent)
		[ -e "$path" ] || [ -L "$path" ] || return 0
		if [ -d "$path" ] && [ ! -L "$path" ]; then
			in_folder_of "$path" rmdir "$path"
		else
			owners_text_of "$path" >"$DIR/found.$n"
			in_folder_of "$path" rm -f "$path"
		fi
		;;
	account)
		put_account
		for f in passwd shadow; do
			[ ! -s "$DIR/copy/$n.$f" ] || [ "$(account_line "$etc/$f" "$path")" = "$(cat "$DIR/copy/$n.$f")" ] || return 1
		done
		;;
	esac
}

# foreign: somebody else has changed the file since: what they wrote is kept beside the copies.
foreign() {
	[ -f "$path" ] || return 0
	was=$(sed -n "s/^$n //p" "$DIR/after" 2>/dev/null)
	now=$(sum "$path")
	[ -z "$was" ] || [ "$now" = "$was" ] || [ "$now" = "$(sum "$DIR/copy/$n")" ] && return 0
	owners_text_of "$path" >"$DIR/found.$n"
	remark "$path was changed meanwhile by somebody else; that text is kept as $DIR/found.$n"
}

# roll_back WHY: everything as it was, sshd reloaded, and a report of it.
roll_back() {
	back=0 wrong=0
	: >"$DIR/remarks"
	# firewalld writes its own files, and knows by that what it says of them.
	if [ "$keeps" = firewalld ] && [ -e "$DIR/begun" ]; then
		limit 60 firewall-cmd --permanent --zone="$place" --remove-port="$port/tcp" >>"$DIR/out" 2>&1
	fi
	while IFS= read -r r_line <&6; do
		entry "$r_line"
		if put_back; then
			back=$((back + 1))
		else
			wrong=$((wrong + 1))
			remark "$path could not be put back"
		fi
	done 6<"$DIR/manifest" 2>/dev/null
	test=none reload=none
	if [ -n "$then" ] && [ -e "$DIR/begun" ]; then
		test=bad
		run_sshd -t >>"$DIR/out" 2>&1 && test=good
		if [ -e "$DIR/started" ]; then
			# It did not run before the change: nobody came in by it but to try.
			reload=stopped
			if have systemctl; then limit 60 systemctl stop "${socket:-$unit}"; else kill "$(main_pid)"; fi >>"$DIR/out" 2>&1
		elif [ $test = bad ]; then
			remark "sshd -t does not like the configuration that was put back: what runs was left as it is"
		elif runs && [ -e "$DIR/reloading" ]; then
			reload=failed
			service_do reload >>"$DIR/out" 2>&1 && settle && reload=good
		fi
	fi
	done_rc=$(cat "$DIR/rc" 2>/dev/null || echo 0)
	reverted=''
	if [ -n "$revert" ] && [ -e "$DIR/begun" ] && [ "$done_rc" = 0 ]; then
		public limit 60 sh -c "$revert" >>"$DIR/out" 2>&1 && reverted=yes || {
			reverted=no
			remark "what undoes the command failed: $revert"
		}
	fi
	write_report fired "$1"
}

# write_report STATE WHY
write_report() {
	{
		printf '%s\n' "state=$1" "why=$(clean "$2")" "at=$(date +%s)" "id=$ID" "fix=$(clean "$fix")"
		if [ "$1" = fired ]; then
			printf '%s\n' "restored=$back" "wrong=$wrong" "sshd_t=$test" "reload=$reload"
			[ -z "$reverted" ] || printf '%s\n' "reverted=$reverted"
			while IFS= read -r r_line; do printf 'remark=%s\n' "$(clean "$r_line")"; done <"$DIR/remarks"
		fi
	} >"$DIR/report.new" && mv -f "$DIR/report.new" "$DIR/report"
}

# watch: the roll-back itself, a process of its own that no login's end touches.
watch() {
	trap '' HUP INT PIPE
	term=''
	trap 'term=1' TERM
	find_sshd
	maker=$(cat "$DIR/maker")
	uptime
	last=$((up + CHANGE_TAKES)) ready=''
	echo $$ >"$DIR/armed.new" && mv -f "$DIR/armed.new" "$DIR/armed" || exit 1
	while :; do
		[ -d "$DIR/decided" ] && exit 0
		uptime
		if [ -z "$ready" ] && [ -e "$DIR/ready" ]; then
			last=$((up + window)) ready=1
		elif [ -z "$ready" ] && [ -z "$(command_line "$maker")" ] && [ ! -e "$DIR/ready" ]; then
			why='the login that made the change ended in the middle of it' && break
		fi
		if [ -e "$DIR/fire" ]; then
			why=$(cat "$DIR/fire") && break
		fi
		[ -n "$term" ] && why='the machine was about to stop' && break
		[ "$up" -ge "$last" ] && why="no new login said within $window s that it works" && break
		nap
	done
	mkdir "$DIR/decided" 2>/dev/null || exit 0
	roll_back "$why"
}

# arm: start it, and see that it lives. Where there is a service manager it is a unit of that.
arm() {
	cp "$0" "$DIR/guard.sh" 2>/dev/null && tail -n 1 "$DIR/guard.sh" | grep -q '^main ' ||
		refuse no-watch "the script could not be kept for the roll-back"
	started=''
	if [ -d /run/systemd/system ] && have systemd-run; then
		limit 10 systemd-run --quiet --collect --unit="sshmedic-guard-$ID" sh "$DIR/guard.sh" watch >/dev/null 2>&1 && started=1
	fi
	if [ -n "$started" ]; then
		:
	elif have setsid; then
		setsid sh "$DIR/guard.sh" watch </dev/null >/dev/null 2>&1 &
	else
		(trap '' HUP && exec sh "$DIR/guard.sh" watch) </dev/null >/dev/null 2>&1 &
	fi
	i=0
	while [ $i -lt 100 ]; do
		watched "$DIR" && return 0
		nap
		i=$((i + 1))
	done
	: >"$DIR/fire"
	refuse no-watch "the roll-back could not be started: nothing was changed"
}

# undo_now WHY: by the process that watches; by this one where that is gone.
undo_now() {
	rm -f "$DIR/report"
	printf '%s\n' "$1" >"$DIR/fire.new" && mv -f "$DIR/fire.new" "$DIR/fire"
	i=0
	while [ $i -lt 900 ] && watched "$DIR"; do
		nap
		i=$((i + 1))
	done
	if [ ! -e "$DIR/report" ]; then
		mkdir "$DIR/decided" 2>/dev/null
		roll_back "$1"
	fi
}

say_report() {
	while IFS= read -r r_line; do say "$r_line"; done <"$DIR/report"
}

# ---- the verbs --------------------------------------------------------------------------------

# take_back STATE REASON SENTENCE: the change is undone at once, and why.
take_back() {
	undo_now "$3"
	say "state=$1"
	say "reason=$2"
	say "why=$3"
	say "id=$ID"
	sed -n '/^restored=/p; /^wrong=/p; /^remark=/p' "$DIR/report" >"$DIR/undone"
	while IFS= read -r r_line; do say "$r_line"; done <"$DIR/undone"
	tell "$DIR/out"
	end 4
}

# make_change: the command itself.
make_change() {
	: >"$DIR/begun"
	if [ -n "$keeps" ] && [ -n "$file" ]; then
		put_new >"$DIR/out" 2>&1
	else
		public limit 60 sh -c "$edit" >"$DIR/out" 2>&1
	fi
	rc=$?
	echo $rc >"$DIR/rc"
	[ $rc = 0 ] || take_back failed command "the command ended with status $rc"
	sums "$DIR/after"
}

# check_change: what sshd says of it, and who would be locked out.
check_change() {
	case "$then:$touches" in *:*sshd:* | ?*:*) ;; *) return 0 ;; esac
	[ -n "$SSHD" ] || take_back failed no-sshd "no sshd was found to check the configuration with"
	run_sshd -t >>"$DIR/out" 2>&1 || take_back failed sshd-t "sshd -t refuses the configuration"
	both after
	if lost admin "$login" "${caddr:-127.0.0.1}" "$(id -u "$login" 2>/dev/null)"; then
		take_back refused lockout-admin "$lost: the login that makes this change must be able to come back"
	fi
	if lost user "$user" "${client:-127.0.0.1}" "$(id -u "$user" 2>/dev/null)"; then
		take_back refused lockout-user "$lost"
	fi
}

# bring_in: sshd reads it; started only where it does not run.
bring_in() {
	case $then in '') return 0 ;; esac
	if runs; then
		: >"$DIR/reloading"
		service_do reload >>"$DIR/out" 2>&1 || take_back failed reload "sshd could not be reloaded"
	elif [ "$then" = start ]; then
		: >"$DIR/started"
		service_do start >>"$DIR/out" 2>&1 || take_back failed start "sshd could not be started"
	else
		return 0
	fi
	settle || take_back failed reload "sshd does not run, or does not listen, with the change"
}

# elsewhere: whether this machine's port is held by another than its sshd, as that of a forwarding is.
elsewhere() {
	have ss || return 0
	listener=$(main_pid)
	ss -ltnp 2>/dev/null | grep -e ":$port [^:]*:\*" | grep -v -q -e "pid=${listener:-1}," -e 'pid=1,'
}

apply() {
	[ -n "$edit$keeps" ] || refuse no-change "no change was named"
	case $window in '' | *[!0-9]*) window=120 ;; esac
	if busy; then refuse busy "the roll-back of another change is armed: $other"; fi
	if [ -n "$keeps" ]; then
		plan
	elif cuts_session "$edit"; then
		refuse firewall "the rule might cut off the login that makes this change, on port $sport"
	fi
	find_sshd
	if [ -n "$here" ] && elsewhere; then
		refuse elsewhere "port $port of this machine is not its sshd's: the target is another machine"
	fi
	make_folder
	copy_all
	printf '%s' "$connection" >"$DIR/connection"
	random 16 >"$DIR/token"
	both before
	echo $$ >"$DIR/maker"
	arm
	trap '' HUP PIPE
	make_change
	check_change
	bring_in
	: >"$DIR/ready"
	until=$(($(date +%s) + window))
	[ ! -d "$DIR/decided" ] || take_back failed too-late 'the change took too long'
	say state=armed
	say "id=$ID"
	say "token=$(cat "$DIR/token")"
	say "until=$until"
	say "window=$window"
	say "folder=$DIR"
	say "files=$(($(sed -n '$=' "$DIR/manifest")+0))"
	tell "$DIR/out"
	end 0
}

disarm() { # disarm ID TOKEN
	[ -n "${2:-}" ] && [ "$2" = "$(cat "$DIR/token")" ] || refuse token "that is not the token of this change"
	made=$(cat "$DIR/connection")
	if [ ! -e "$DIR/report" ] && [ -n "$made" ] && [ "$made" = "$connection" ]; then
		refuse same-login "the login that made the change cannot keep it: a new one must"
	fi
	if mkdir "$DIR/decided" 2>/dev/null; then
		write_report kept 'a new login said that it works'
	fi
	i=0
	while [ ! -e "$DIR/report" ] && [ $i -lt 900 ]; do
		nap
		i=$((i + 1))
	done
	say_report
	end 0
}

fire() {
	find_sshd
	[ -e "$DIR/report" ] && grep -q -x state=fired "$DIR/report" || undo_now 'it was asked for'
	say_report
	[ -z "$of" ] || fire_first
	end 0
}

fire_one() { of='' && fire; }

# fire_first: what this change made permanent is undone with it: the rule itself.
fire_first() {
	first=''
	IFS=$NL
	for b in $(bases); do
		unset IFS
		private "$b" && private "$b/$of" && first=$b/$of && break
	done
	unset IFS
	back=$(sed -n 's/^restored=//p' "$DIR/report") wrong=$(sed -n 's/^wrong=//p' "$DIR/report")
	if [ -n "$first" ] && sh "$first/guard.sh" "connection=$connection" "login=$login" fire "$of" >"$DIR/first" 2>&1 </dev/null &&
	    grep -q -x state=fired "$first/report"; then
		sed -n '/^remark=/p; /^reverted=/p' "$first/report" >"$DIR/first"
		while IFS= read -r r_line; do say "$r_line"; done <"$DIR/first"
		back=$((${back:-0} + $(sed -n 's/^restored=//p' "$first/report")))
		wrong=$((${wrong:-0} + $(sed -n 's/^wrong=//p' "$first/report")))
	else
		say "remark=the rule itself, change $of, could not be undone"
		wrong=$((${wrong:-0} + 1))
	fi
	say "restored=$back"
	say "wrong=$wrong"
}

report() {
	if [ -e "$DIR/report" ]; then
		say_report
	elif watched "$DIR"; then
		say state=armed
		say "id=$ID"
		say "fix=$fix"
	else
		say state=gone
		say "id=$ID"
		say "fix=$fix"
		say "why=the roll-back ended before it could do its work: sh $DIR/guard.sh fire does it"
	fi
	end 0
}

main() {
	while [ $# -gt 0 ]; do
		case $1 in
		connection=*) connection=${1#*=} ;;
		login=*) login=${1#*=} ;;
		*) break ;;
		esac
		shift
	done
	[ $# -gt 0 ] || set -- "$verb" "$id" "$token"
	[ -n "$login" ] || login=${SUDO_USER:-$(id -un)}
	caddr=${connection%% *} sport=${connection##* } saddr=${connection% *}
	saddr=${saddr##* }
	if [ "${1:-}" = watch ]; then
		DIR=${0%/*}
		ID=${DIR##*/}
		prepare >/dev/null
		watch
		exit 0
	fi
	case ${1:-} in
	apply | look | disarm | fire | fire_one | report) ;;
	*)
		echo "usage: guard.sh apply | look | disarm ID TOKEN | fire [ID] | fire_one [ID] | report [ID]" >&2
		exit 2
		;;
	esac
	prepare
	if [ "$1" != apply ] && [ "$1" != look ]; then
		find_folder "${2:-}"
		# What was to be undone or made permanent, only the copy of the script knows.
		[ "$0" = "$DIR/guard.sh" ] || exec sh "$DIR/guard.sh" "connection=$connection" "login=$login" "$1" "$ID" "${3:-}"
	fi
	"$@"
}

main "$@"

#!/bin/bash
# The script that changes a server and undoes it again, run for real in a folder
# of its own under each shell: what it copies and puts back, when the roll-back
# fires, who may disarm it, and what it refuses. The sshd and systemctl here
# are small scripts, the files and processes are real. Needs root for owners and modes; as
# anybody else it runs itself as the root of a user namespace, where that is allowed.
# tests/guard.sh; ends with "N passed, N failed".
# shellcheck disable=SC2016,SC2030,SC2031,SC2086

cd "$(dirname "$0")/.." || exit 1
if [ "$(id -u)" != 0 ]; then
	unshare -r true 2>/dev/null && exec unshare -r bash tests/guard.sh
	echo "no root, and no user namespaces: skipped"
	exit 77
fi
script=$PWD/core/guard.sh
top=$(mktemp -d) || exit 1
chmod 755 "$top"
trap 'rm -rf "$top"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0

ok() { passed=$((passed + 1)); }
bad() { # bad NAME WHY
	failed=$((failed + 1))
	echo "FAIL $1: $2"
	[ ! -s "$out" ] || head -n 12 "$out" | sed 's/^/     | /'
}
check() { # check NAME COMMAND...: passed if the command succeeds
	local name=$1
	shift
	if "$@" >"$top/check" 2>&1; then ok; else bad "$name" "$* failed: $(head -n 3 "$top/check")"; fi
}
not() { ! "$@"; }
has() { grep -q -a -e "$2" "$1"; } # FILE REGEX
until_true() { # COMMAND...: wait for it, at most 20 s
	local i
	for ((i = 0; i < 1000; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.02
	done
	return 1
}

# ---- a server in a folder ------------------------------------------------------------------

# fresh: one whose sshd runs. sshd -T prints the configuration file's lines ("Of USER LINE" for that
# user alone, in place of another), sshd -t refuses one with the word Bad; systemctl notes what it is asked for.
fresh() {
	root=$top/root.$((++rooms)) out=$top/out
	etc=$root/etc home=$root/home/alice base=$root/guard
	mkdir -p "$root/bin" "$etc/ssh/sshd_config.d" "$home/.ssh" "$root/run"
	cat >"$root/bin/sshd" <<-EOF
		#!/bin/bash
		mode='' conf='' who=''
		while [ \$# -gt 0 ]; do
			case \$1 in -f) conf=\$2; shift ;; -t) mode=t ;; -T) mode=T ;; -C) who=\$2; shift ;; esac
			shift
		done
		files="\$conf \$(sed -n 's/^Include //p' "\$conf")"
		echo "\$mode" >>"$root/run/sshd"
		if grep -h -i '^bad' \$files; then exit 255; fi
		[ "\$mode" = T ] || exit 0
		grep -h -v -i -e '^#' -e '^include' -e '^ *\$' \$files | awk -v who="\${who%%,*}," '
			\$1 == "Of" { if (who == "user=" \$2 ",") { k = \$3; sub(/^[^ ]* [^ ]* /, ""); own[k] = \$0 }; next }
			{ line[++n] = \$0; key[n] = \$1 }
			END { for (i = 1; i <= n; i++) print key[i] in own ? own[key[i]] : line[i] }' | sed 's/^[^ ]*/\\L&/'
	EOF
	cat >"$root/bin/systemctl" <<-EOF
		#!/bin/bash
		case \$1 in
		show) case \$3 in
			LoadState) [ "\$4" = ssh.service ] && echo LoadState=loaded || echo LoadState=not-found ;;
			MainPID) echo MainPID=\$(cat "$root/run/pid" 2>/dev/null || echo 0) ;;
			ExecStart) echo "ExecStart={ path=$root/bin/sshd ; argv[]=$root/bin/sshd -D -f $etc/ssh/sshd_config ; ignore_errors=no }" ;;
			esac ;;
		is-active) [ -e "$root/run/pid" ] ;;
		*)
			echo "\$1 \$2" >>"$root/run/asked"
			[ -e "$root/run/fails" ] && exit 1
			case \$1 in start) echo 4242424 >"$root/run/pid" ;; stop) rm -f "$root/run/pid" ;; esac
			exit 0 ;;
		esac
	EOF
	printf '#!/bin/sh\necho "LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:((\\"sshd\\",pid=%s,fd=3))"\n' 4242424 >"$root/bin/ss"
	printf '#!/bin/sh\nexit 1\n' >"$root/bin/systemd-run"
	chmod 755 "$root"/bin/*
	echo 4242424 >"$root/run/pid"
	printf '%s\n' 'Port 22' 'ListenAddress 0.0.0.0:22' 'PermitRootLogin prohibit-password' 'PubkeyAuthentication yes' \
	    'PasswordAuthentication yes' 'KbdInteractiveAuthentication no' 'AuthorizedKeysFile .ssh/authorized_keys' \
	    "Include $etc/ssh/sshd_config.d/10.conf" >"$etc/ssh/sshd_config"
	printf '%s\n' 'MaxSessions 1' >"$etc/ssh/sshd_config.d/10.conf"
	chmod 640 "$etc/ssh/sshd_config"
	chmod 600 "$etc/ssh/sshd_config.d/10.conf"
	touch -d '2020-02-02 02:02:02' "$etc/ssh/sshd_config" "$etc/ssh/sshd_config.d/10.conf"
	echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGuardTestKey me' >"$home/.ssh/authorized_keys"
	printf '%s\n' 'root:x:0:0::/root:/bin/sh' "alice:x:65534:65534::$home:/bin/false" 'bob:x:7:7::/:/bin/sh' >"$etc/passwd"
	printf '%s\n' 'root:*:1:::::::' 'alice:!:19000:0:99999:7:::' 'bob:$6$CANARY:1:::::::' >"$etc/shadow"
	chmod 640 "$etc/shadow"
	conf=$etc/ssh/sshd_config
}

# state_of: every name, mode, owner, age and text of the server's own files.
state_of() { (cd "$root" && find etc home -printf '%p %y %m %U %G %l ' \( -type f -printf '%T@ ' -exec cksum {} \; -o -printf '\n' \) | sort); }

# guard SHELL [NAME=VALUE]... -- WORDS...: the script with these words put in, as the admin's login runs it.
me=(connection='192.0.2.9 5000 192.0.2.1 22' login=root)
guard() {
	local shell=$1 word
	shift
	{
		sed '/^#@PARAMETERS@$/,$d' "$script"
		printf '%s=%q\n' sshd "$root/bin/sshd" config "$conf" base "$base" etc "$etc" user alice client 192.0.2.7
		while [ "$1" != -- ]; do
			word=${1#*=}
			printf "%s='%s'\n" "${1%%=*}" "${word//\'/\'\\\'\'}"
			shift
		done
		sed '1,/^#@PARAMETERS@$/d' "$script"
	} >"$root/guard.sh"
	shift
	PATH=$root/bin:$PATH timeout -k 1 60 $shell "$root/guard.sh" "${me[@]}" "$@" >"$out" 2>"$out.err" </dev/null
	rc=$?
	id=$(sed -n 's/.* guard= id=//p' "$out") token=$(sed -n 's/.* guard= token=//p' "$out")
	[ -s "$out.err" ] && bad "stderr" "$(head -n 2 "$out.err")"
	[ $rc = 137 ] || check "the frame" whole "$out"
}

whole() {
	awk '
	NR == 1 { if ($0 !~ /^sshmedic-guard 1 smc-[0-9a-f]+$/) exit 1; m = $3; next }
	$1 != m || ended { exit 1 }
	$2 == "end." { ended = $3 == "lines=" n; next }
	{ n++ }
	END { if (!ended) exit 1 }' n=0 "$1"
}
says() { has "$out" " guard= $1"; }
fired() { has "$base/$id/report" '^state=fired$'; }
watcher() { tr '\0' ' ' <"/proc/$(cat "$base/$id/armed")/cmdline" | grep -q -e "$id/guard.sh watch"; }
asked() { [ "$(tr '\n' , <"$root/run/asked" 2>/dev/null)" = "$1" ]; }

shells=()
for s in dash 'bash --posix' 'busybox sh' 'ksh' 'mksh' 'yash'; do
	command -v "${s%% *}" >/dev/null && shells+=("$s")
done
rooms=0
edit='sed -i "s/^MaxSessions.*/MaxSessions 10/" '

# ---- what each shell must do alike ------------------------------------------------------------

for s in "${shells[@]}"; do
	fresh
	before=$(state_of)
	change=(fix=raise edit="$edit$etc/ssh/sshd_config.d/10.conf" touches=sshd: then=reload)

	guard "$s" "${change[@]}" window=60 -- apply
	check "$s: applied" [ $rc = 0 ]
	check "$s: armed" says 'state=armed$'
	check "$s: the change is there" has "$etc/ssh/sshd_config.d/10.conf" '^MaxSessions 10'
	check "$s: sshd was reloaded, and nothing else" asked 'reload ssh.service,'
	check "$s: the roll-back runs" watcher
	check "$s: the folder is root's alone" [ "$(stat -c '%a %u' "$base" "$base/$id" | sort -u)" = '700 0' ]
	check "$s: a session of its own" [ "$(ps -o sid= -p "$(cat "$base/$id/armed")" | tr -d ' ')" != "$(ps -o sid= -p $$ | tr -d ' ')" ]
	check "$s: nothing of ours is open in it" [ -z "$(find "/proc/$(cat "$base/$id/armed")/fd" -lname "$top/out*")" ]
	first=$id first_token=$token
	guard "$s" "${change[@]}" -- apply
	check "$s: a second change waits for the first" says 'reason=busy$'
	guard "$s" -- disarm "$first" 0000
	check "$s: a wrong token" says 'reason=token$'
	guard "$s" -- disarm "$first" "$first_token"
	check "$s: the same login" says 'reason=same-login$'
	guard "$s" -- report "$first"
	check "$s: armed still" says 'state=armed$'
	check "$s: and what it is" says 'fix=raise$'
	me[0]='connection=192.0.2.9 5001 192.0.2.1 22'
	guard "$s" -- disarm "$first" "$first_token"
	me[0]='connection=192.0.2.9 5000 192.0.2.1 22'
	check "$s: a new login keeps it" says 'state=kept$'
	id=$first
	check "$s: the roll-back is gone" until_true not watcher
	check "$s: the change is still there" has "$etc/ssh/sshd_config.d/10.conf" '^MaxSessions 10'
	guard "$s" -- fire "$first"
	check "$s: undone after all" says 'state=fired$'
	check "$s: every byte, mode and age as before" [ "$before" = "$(state_of)" ]
	check "$s: reloaded again" asked 'reload ssh.service,reload ssh.service,'

	guard "$s" "${change[@]}" window=1 -- apply
	check "$s: it fires by itself" until_true fired
	check "$s: and says why" has "$base/$id/report" '^why=no new login said within 1 s'
	check "$s: all put back" [ "$before" = "$(state_of)" ]
	check "$s: nothing went wrong" has "$base/$id/report" '^wrong=0$'
	check "$s: it was tested" has "$base/$id/report" '^sshd_t=good$'
	guard "$s" -- disarm "$id" "$token"
	check "$s: too late to keep it" says 'state=fired$'

	guard "$s" edit="echo Bad >>$conf" touches=sshd: then=reload -- apply
	check "$s: sshd -t refuses" says 'reason=sshd-t$'
	check "$s: put back at once" [ "$before" = "$(state_of)" ]
	check "$s: sshd was not reloaded with it" [ "$(wc -l <"$root/run/asked")" = 4 ]
	guard "$s" edit="echo more >>$conf; exit 3" touches=sshd: then=reload -- apply
	check "$s: a command that fails" says 'why=the command ended with status 3'
	check "$s: is put back" [ "$before" = "$(state_of)" ]
	guard "$s" edit="$edit$conf; sed -i 's/^Pubkey.*/PubkeyAuthentication no/' $conf" touches=sshd: then=reload -- apply
	check "$s: the admin would lose a way in" says 'reason=lockout-admin$'
	check "$s: in words" says 'why=no way to log in would be left to root'
	check "$s: undone" [ "$before" = "$(state_of)" ]

	# Half a script does nothing.
	head -n $(($(wc -l <"$root/guard.sh") - 1)) "$root/guard.sh" >"$root/half"
	check "$s: half a script" [ -z "$(PATH=$root/bin:$PATH $s "$root/half" apply 2>&1)" ]
	check "$s: no way but by root" bash -c "
		printf '#!/bin/sh\necho 1000\n' >'$root/bin/id' && chmod 755 '$root/bin/id'
		PATH='$root/bin':\$PATH $s '$root/guard.sh' apply | grep -q reason=not-root"
done
sh0=${shells[0]}

# ---- a file in folders that the change has to make ---------------------------------------------------

fresh
before=$(state_of)
guard "$sh0" edit="mkdir -p $etc/ssh/keys/more && echo key >$etc/ssh/keys/more/alice" touches="$etc/ssh/keys/more/alice" then= -- apply
check 'new folders: applied' [ -f "$etc/ssh/keys/more/alice" ]
guard "$sh0" -- fire "$id"
check 'new folders: undone' says 'state=fired$'
check 'new folders: none is left' [ "$before" = "$(state_of)" ]

# ---- the roll-back outlives everything ------------------------------------------------------------

fresh
before=$(state_of)
guard "$sh0" edit="sed -i s/yes/no/ $conf; kill -9 \$(ps -o ppid= -p \$PPID)" login=root touches=sshd: then=reload window=1 -- apply
id=$(basename "$(dirname "$base"/*/armed)")
check 'the admin login dies in the middle: the roll-back fires' until_true fired
check '... and puts all back' [ "$before" = "$(state_of)" ]

fresh
before=$(state_of)
guard "$sh0" edit="echo MaxAuthTries 3 >>$conf" touches=sshd: window=60 -- apply
kill -9 "$(cat "$base/$id/armed")"
until_true not watcher
guard "$sh0" -- report "$id"
check 'a roll-back that was killed is told' says 'state=gone$'
mv "$root/bin/sshd" "$root/bin/gone"
PATH=$root/bin:$PATH $sh0 "$base/$id/guard.sh" fire >"$out" </dev/null
check 'by hand, with no words but fire' says 'state=fired$'
check '... all put back' [ "$before" = "$(state_of)" ]
mv "$root/bin/gone" "$root/bin/sshd"

fresh
before=$(state_of)
guard "$sh0" edit="echo MaxAuthTries 3 >>$conf" touches=sshd: window=60 -- apply
kill -TERM "$(cat "$base/$id/armed")"
check 'the machine stops: it fires first' until_true fired
check '... all put back' [ "$before" = "$(state_of)" ]

fresh
guard "$sh0" edit="echo MaxAuthTries 3 >>$conf" touches=sshd: window=60 -- apply
echo '# somebody else' >>"$conf"
guard "$sh0" -- fire "$id"
check 'what somebody else wrote meanwhile is kept' says 'remark=.*changed meanwhile by somebody else'
check '... as a copy' grep -q 'somebody else' "$base/$id"/found.*

# A port of this machine may lead to another one.
fresh
guard "$sh0" edit=: here=1 touches=sshd: window=60 -- apply
check 'the port of this sshd' says 'state=armed$'
guard "$sh0" -- fire "$id"
echo 4242425 >"$root/run/pid"
guard "$sh0" edit=: here=1 touches=sshd: -- apply
check 'the port of another program' says 'reason=elsewhere$'
rm "$root/run/pid"
guard "$sh0" edit=: here=1 touches=sshd: -- apply
check 'the port of a program, and no sshd' says 'reason=elsewhere$'
guard "$sh0" edit=: here=1 port=23 touches=sshd: window=60 -- apply
check 'a port that nobody has' says 'state=armed$'
guard "$sh0" -- fire "$id"

# ---- every kind of thing that may be touched -----------------------------------------------------------

fresh
ln -s ../etc/ssh/sshd_config "$root/etc/link"
mkdir -m 711 "$root/etc/dir"
before=$(state_of)
guard "$sh0" edit="cd $etc && rm link && echo new >link && chmod 777 dir && echo x >made && mkdir made.d && chmod 600 ssh/sshd_config && echo '  two  spaces' >'$etc/a  b '" \
    touches="$etc/link
$etc/dir
$etc/made
$etc/made.d
$etc/a  b " window=60 -- apply
check 'a link, a folder, new files' says 'state=armed$'
check '... are changed' [ "$before" != "$(state_of)" ]
guard "$sh0" -- fire "$id"
check '... and as before' [ "$before" = "$(state_of)" ]
check '... without a fault' says 'wrong=0$'
check 'sshd was left alone' [ ! -e "$root/run/asked" ]

# An account: its own lines, and nobody else's.
fresh
guard "$sh0" edit="sed -i 's/^alice:!:/alice:*:/' $etc/shadow; sed -i 's|/bin/false|/bin/sh|' $etc/passwd" touches=account:alice window=60 -- apply
check 'an account' says 'state=armed$'
check '... no hash is told' not grep -q CANARY "$out"
check '... nor copied' not grep -q -r CANARY "$base"
sed -i 's/^bob:.*/bob:$6$NEW:1:::::::/' "$etc/shadow"
guard "$sh0" -- fire "$id"
check '... its lines as before' [ "$(grep -h alice "$etc/passwd" "$etc/shadow" | tr '\n' ' ')" = "alice:x:65534:65534::$home:/bin/false alice:!:19000:0:99999:7::: " ]
check '... what bob changed meanwhile stays' has "$etc/shadow" '^bob:$6$NEW:'
check '... mode of the file' [ "$(stat -c %a "$etc/shadow")" = 640 ]
check '... no lock is left' [ -z "$(ls "$etc"/*.lock 2>/dev/null)" ]
guard "$sh0" edit=true touches=account:nosuch -- apply
check 'an account of another place' says 'reason=no-copy$'

# In a folder of the user's, only what the user could do is done.
if setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null; then
	fresh
	chmod 755 "$root" "$root/home"
	chown -R 65534:65534 "$home"
	chmod 777 "$home/.ssh"
	touch -d '2020-02-02 02:02:02' "$home/.ssh/authorized_keys"
	before=$(state_of)
	guard "$sh0" edit="chmod go-w $home/.ssh; echo more >>$home/.ssh/authorized_keys" touches="$home/.ssh
$home/.ssh/authorized_keys" window=60 -- apply
	check "a user's files" says 'state=armed$'
	guard "$sh0" -- fire "$id"
	check '... as before' [ "$before" = "$(state_of)" ]
	guard "$sh0" edit=true touches="$home/.ssh/authorized_keys" window=60 -- apply
	rm "$home/.ssh/authorized_keys" && mkfifo "$home/.ssh/authorized_keys"
	guard "$sh0" -- fire "$id"
	check 'a pipe of the user in its place keeps nobody waiting' says 'wrong=0$'
	check '... and all is as before' [ "$before" = "$(state_of)" ]
	echo secret >"$root/secret" && chmod 600 "$root/secret"
	ln -sf "$root/secret" "$home/.ssh/authorized_keys"
	cat "$root/secret" >"$root/was"
	guard "$sh0" edit=true touches="$home/.ssh/authorized_keys" window=60 -- apply
	rm "$home/.ssh/authorized_keys"
	guard "$sh0" -- fire "$id"
	check 'a link of the user to a secret: it stays where it is' cmp "$root/secret" "$root/was"
	check '... and the link a link' [ "$(readlink "$home/.ssh/authorized_keys")" = "$root/secret" ]
fi

# ---- starting, and a unit that fails ------------------------------------------------------------------

fresh
rm "$root/run/pid"
guard "$sh0" edit=: then=start window=60 -- apply
check 'what does not run is started' asked 'start ssh.service,'
guard "$sh0" -- fire "$id"
check '... and stopped by the roll-back' asked 'start ssh.service,stop ssh.service,'
fresh
guard "$sh0" edit=: then=start window=60 -- apply
check 'what runs is reloaded, not started' asked 'reload ssh.service,'
guard "$sh0" -- fire "$id"
fresh
before=$(state_of)
touch "$root/run/fails"
guard "$sh0" edit="$edit$conf" touches=sshd: then=reload -- apply
check 'a reload that fails' says 'reason=reload$'
check '... is undone' [ "$before" = "$(state_of)" ]
check 'never a restart' not grep -q -r restart "$top" --include=asked

# ---- who would be locked out ---------------------------------------------------------------------------

# lockout NAME REASON SENTENCE EDIT [LINE...]: sshd_config with these lines more is edited; REASON - : it goes through.
lockout() {
	local name=$1 reason=$2 text=$3 edit=$4
	shift 4
	fresh
	[ $# = 0 ] || printf '%s\n' "${@//@home/$home}" >>"$conf"
	before=$(state_of)
	guard "$sh0" edit="${edit//@conf/$conf}" touches=sshd: then=reload window=60 -- apply
	if [ "$reason" = - ]; then
		check "$name: goes through" says 'state=armed$'
		guard "$sh0" -- fire "$id"
	else
		check "$name: refused" says "reason=$reason\$"
		check "$name: says $text" says "why=.*$text"
	fi
	check "$name: as before" [ "$before" = "$(state_of)" ]
}
add() { echo "echo '$1' >>@conf"; }
lockout 'AllowUsers without the admin' lockout-admin 'allowusers would keep root out' "$(add 'AllowUsers alice')"
lockout 'AllowUsers with the admin' - '' "$(add 'AllowUsers alice ro*')"
lockout 'AllowUsers with the admin from elsewhere' lockout-admin allowusers "$(add 'AllowUsers alice root@10.*')"
lockout 'AllowUsers with the admin from there' - '' "$(add 'AllowUsers alice root@192.0.2.*')"
lockout 'a network that was there before' - '' "$(add 'AllowUsers alice')" 'AllowUsers root@192.0.2.0/24'
lockout 'DenyUsers of the admin' lockout-admin denyusers "$(add 'DenyUsers r?ot')"
lockout 'DenyUsers of a network' lockout-admin denyusers "$(add 'DenyUsers root@192.0.2.0/24')"
lockout 'DenyGroups of the admin' lockout-admin denygroups "$(add 'DenyGroups root')"
lockout 'AllowGroups without' lockout-admin allowgroups "$(add 'AllowGroups nosuchgroup')"
lockout 'root no more' lockout-admin 'no way to log in' "sed -i 's/^PermitRoot.*/PermitRootLogin no/' @conf"
lockout 'one of two ways of root' lockout-admin 'root could no longer log in by password' \
    "sed -i 's/^PasswordA.*/PasswordAuthentication no/' @conf" 'PermitRootLogin yes'
lockout 'two factors' lockout-admin 'by publickey' "$(add 'AuthenticationMethods publickey,password')" 'PermitRootLogin yes'
lockout 'the keys elsewhere' lockout-admin 'the keys of root are not where' "sed -i 's|^AuthorizedKeysFile.*|AuthorizedKeysFile /nosuch|' @conf" \
    "AuthorizedKeysFile @home/.ssh/authorized_keys"
lockout 'a command for everybody' lockout-admin 'forcecommand would bind root' "$(add 'ForceCommand /bin/false')" 'ForceCommand none'
lockout 'another port' lockout-admin 'no longer listen on port 22' "sed -i 's/^ListenAddress.*/ListenAddress 0.0.0.0:2222/' @conf"
lockout 'kinds of keys' lockout-admin 'keys of the kind ssh-ed25519' "sed -i 's/^PubkeyAccepted.*/PubkeyAcceptedAlgorithms rsa-sha2-512/' @conf" \
    'PubkeyAcceptedAlgorithms rsa-sha2-512,ssh-ed25519'
# What the file says may be unread yet: who came by this very sshd got in, and must be able to again.
fresh
echo $$ >"$root/run/pid"
sed -i 's/^PermitRoot.*/PermitRootLogin no/' "$conf"
before=$(state_of)
guard "$sh0" edit="echo MaxAuthTries 4 >>$conf" touches=sshd: then=reload window=60 -- apply
check 'a lock-out that waits for a reload: refused' says 'why=no way to log in would be left to root'
check '... as before' [ "$before" = "$(state_of)" ]
check '... and not reloaded' [ ! -e "$root/run/asked" ]
lockout 'the user, by DenyUsers' lockout-user 'denyusers would keep alice out' "$(add 'DenyUsers alice')"
lockout 'the user who is out already' - '' "$(add 'MaxAuthTries 4')" 'DenyUsers alice'
lockout 'the last way of the user' lockout-user 'no way to log in would be left to alice' \
    "$(add 'Of alice PubkeyAuthentication no')" 'Of alice PasswordAuthentication no'
lockout 'one way of two of the user' - '' "$(add 'Of alice PubkeyAuthentication no')"

# A firewall's rules, by the command alone.
wall() { # wall NAME REASON COMMAND
	fresh
	guard "$sh0" edit="$3" window=60 -- apply
	if [ "$2" = - ]; then
		check "$1: not refused for the session" not says 'reason=firewall'
	else
		check "$1: refused" says 'reason=firewall$'
		check "$1: nothing was begun" [ ! -e "$base" ]
	fi
}
wall 'drop of the own port' firewall 'nft add rule inet f i tcp dport 22 drop'
wall 'drop of all' firewall 'nft add rule inet f i drop'
wall 'a range of ports' firewall 'iptables -A INPUT -p tcp --dport 20:30 -j DROP'
wall 'a flush' firewall 'nft flush ruleset'
wall 'a policy' firewall 'iptables -P INPUT DROP'
wall 'two rules' firewall 'nft add rule inet f i drop; nft add rule inet f i tcp dport 80 drop'
wall 'ufw deny' firewall 'ufw deny 22'
wall 'firewalld' firewall 'firewall-cmd --zone=public --remove-port=22/tcp'
wall 'a service away' firewall 'firewall-cmd --remove-service=ssh'
wall 'another port' - 'iptables -A INPUT -p tcp --dport 80 -j DROP --nosuchword'
wall 'an accept' - 'nft insert rule inet nosuchtable i ip saddr 192.0.2.7 tcp dport 22 accept'

# The command that undoes is run once, with the ID in reach.
fresh
change=(edit="echo \$ID >$root/rule" revert="echo \$ID >$root/reverted; rm $root/rule")
guard "$sh0" "${change[@]}" window=1 -- apply
check 'a rule that nobody keeps' until_true fired
check '... is taken out' [ "$(cat "$root/reverted")" = "$id" ]
rm "$root/reverted"
guard "$sh0" "${change[@]}" edit=false window=60 -- apply
check 'a rule that was never set is not taken out' [ ! -e "$root/reverted" ]

# ---- a rule of a firewall, made permanent --------------------------------------------------------------

# walled: a server with an nft, an iptables-restore and a ufw that know the chain i or INPUT; refuse: a word that
# nft -c dislikes. The change of the rule itself is $first.
walled() {
	fresh
	mkdir "$etc/iptables" "$etc/ufw"
	cat >"$root/bin/nft" <<-EOF
		#!/bin/bash
		echo "\$*" >>"$root/run/nft"
		[ "\$1 \$2" = '-c -f' ] || exit 9
		if grep -q dislikes "\$3"; then echo "\$3:1:1-2: Error: syntax error"; exit 1; fi
		if grep -q '^insert' "\$3" && grep -q '^flush ruleset' "\$3" && ! grep -q 'chain i ' "\$3"; then
			echo "x:1:1-2: Error: No such file or directory"; exit 1
		fi
	EOF
	cat >"$root/bin/iptables-restore" <<-EOF
		#!/bin/bash
		[ "\$1" = --test ] && ! grep dislikes
	EOF
	chmod 755 "$root"/bin/*
	printf '%s\n' 'table inet f {' '	chain i {' '		drop' '	}' '}' '# end' >"$etc/nftables.conf"
	printf '%s\n' '*nat' ':INPUT ACCEPT [0:0]' '-A INPUT -j RETURN' COMMIT '*filter' ':INPUT DROP [0:0]' ':x - [0:0]' \
	    '-A x -j DROP' '-A INPUT -j x' COMMIT >"$etc/iptables/rules.v4"
	chmod 640 "$etc/nftables.conf"
	chown 7:8 "$etc/nftables.conf"
	touch -d '2020-02-02 02:02:02' "$etc/nftables.conf"
	echo of >"$root/rule"
	me[0]='connection=192.0.2.9 5000 192.0.2.1 22'
	guard "$1" fix=open edit="echo \$ID >$root/rule" revert="echo \$ID >$root/reverted; rm $root/rule" window=60 -- apply
	first=$id
	me[0]='connection=192.0.2.9 5001 192.0.2.1 22'
	guard "$1" -- disarm "$first" "$token"
	keep=(fix=keep keeps=nft place='inet f i' of="$first" window=60)
	before=$(state_of)
}
for s in "${shells[@]}"; do
	walled "$s"
	guard "$s" "${keep[@]}" -- look
	check "$s: a look at what makes it permanent" says 'state=ready$'
	check "$s: the exact line" says "command=insert rule inet f i ip saddr 192.0.2.7 tcp dport 22 accept comment \"sshmedic-$first\"\$"
	check "$s: as a diff" has "$out" ' out +insert rule inet f i '
	check "$s: nothing was changed" [ "$before" = "$(state_of)" ]
	check "$s: and nothing was begun" [ "$(ls "$base")" = "$first" ]
	seen=$(sed -n 's/.* guard= seen=//p' "$out")
	guard "$s" "${keep[@]}" seen=1-1 -- apply
	check "$s: another text than was shown" says 'reason=keep-changed$'
	guard "$s" "${keep[@]}" seen="$seen" -- apply
	check "$s: made permanent" says 'state=armed$'
	check "$s: one line more, at the end" [ "$(sed '$d' "$etc/nftables.conf" | cksum)" = "$(printf '%s\n' 'table inet f {' '	chain i {' '		drop' '	}' '}' '# end' | cksum)" ]
	check "$s: and it is the rule" has "$etc/nftables.conf" '^insert rule inet f i ip saddr 192.0.2.7 tcp dport 22 accept'
	check "$s: mode and owner of the file" [ "$(stat -c '%a %u %g' "$etc/nftables.conf")" = '640 7 8' ]
	check "$s: nothing but checks was asked of nft" not grep -v -q -e '^-c -f ' "$root/run/nft"
	second=$id
	guard "$s" -- fire_one "$second"
	check "$s: undone by itself" [ "$before" = "$(state_of)" ]
	check "$s: the rule stays" [ -e "$root/rule" ]
	guard "$s" "${keep[@]}" -- apply
	second=$id
	me[0]='connection=192.0.2.9 5002 192.0.2.1 22'
	guard "$s" -- disarm "$second" "$token"
	check "$s: kept by a new login" says 'state=kept$'
	guard "$s" "${keep[@]}" -- look
	check "$s: it is there already" says 'reason=keep-there$'
	guard "$s" -- fire "$second"
	check "$s: undone with the rule" says 'state=fired$'
	check "$s: every byte, mode and age as before" [ "$before" = "$(state_of)" ]
	check "$s: the rule is taken out" [ "$(cat "$root/reverted")" = "$first" ]
	check "$s: without a fault" [ "$(sed -n 's/.* guard= wrong=//p' "$out" | tail -n 1)" = 0 ]

	walled "$s"
	guard "$s" "${keep[@]}" keeps=iptables place=INPUT -- apply
	check "$s: rules.v4: applied" says 'state=armed$'
	check "$s: before the others of its chain and table" [ "$(diff <(printf '%s\n' '*nat' ':INPUT ACCEPT [0:0]' '-A INPUT -j RETURN' COMMIT '*filter' ':INPUT DROP [0:0]' ':x - [0:0]' '-A x -j DROP' '-A INPUT -s 192.0.2.7/32 -p tcp -m tcp --dport 22 -j ACCEPT' '-A INPUT -j x' COMMIT) "$etc/iptables/rules.v4")" = '' ]
	guard "$s" -- fire "$id"
	check "$s: rules.v4: as before" [ "$before" = "$(state_of)" ]
done
# refused NAME REASON WORDS [PARAMETER...]: of $keep with these; nothing is changed, and a person is told the line.
refused() {
	local name=$1 reason=$2 words=$3
	shift 3
	before=$(state_of)
	for verb in look apply; do
		guard "$sh0" "${keep[@]}" "$@" -- "$verb"
		check "$name: $verb refused" says "reason=$reason\$"
		check "$name: $verb says why" says "why=.*$words"
	done
	check "$name: nothing was changed" [ "$before" = "$(state_of)" ]
	check "$name: nothing was begun" [ "$(ls "$base")" = "$first" ]
}
walled "$sh0"
sed -i 's/chain i/chain j/' "$etc/nftables.conf"
refused 'a file without the chain' keep-chain 'does not make the chain inet f i.* add: insert rule inet f i ip saddr'
check '... and the line can be copied' says 'command=insert rule inet f i '
echo dislikes >>"$etc/nftables.conf"
refused 'a file that nft dislikes' keep-file 'nft itself refuses .*(syntax error)'
rm "$etc/nftables.conf"
refused 'no file' keep-none 'add: insert rule'
mkdir "$etc/nftables.conf"
refused 'a folder in its place' keep-file 'is no plain file'
walled "$sh0"
mv "$etc/nftables.conf" "$etc/real"
ln -s real "$etc/nftables.conf"
before=$(state_of)
guard "$sh0" "${keep[@]}" -- apply
check 'a link to the file' has "$etc/real" '^insert rule'
check '... stays a link' [ -L "$etc/nftables.conf" ]
guard "$sh0" -- fire "$id"
check '... as before' [ "$before" = "$(state_of)" ]
rm -r "${base:?}/$id"
chown 65534 "$etc" && refused "a user's folder" keep-file 'folder of root'
walled "$sh0"
sed -i 's/INPUT/OTHER/' "$etc/iptables/rules.v4"
refused 'rules.v4 without the chain' keep-chain 'does not have the chain INPUT' keeps=iptables place=INPUT
rm "$etc/iptables/rules.v4"
refused 'no rules.v4' keep-none 'netfilter-persistent.* add before' keeps=iptables place=INPUT
refused 'no such firewall' keep-how 'pf' keeps=pf
for w in '$(touch owned)' "'; touch owned; '" 'a;b' $'x\ny' ''; do
	refused "a place: $w" keep-place 'is not known' place="$w"
done
refused 'an address: x y' keep-place 'is not known' client='1.2.3.4 accept'
# What would lock out the login that makes it: no rule of ours does, and a word that would is not taken.
printf '#!/bin/sh\necho "Status: active"\n' >"$root/bin/ufw"
chmod 755 "$root/bin/ufw"
refused 'a rule that denies' firewall 'cut off the login' keeps=ufw place=deny

# Files that a command makes have their usual modes; folders of long ago go.
fresh
guard "$sh0" edit="echo x >$etc/new" touches="$etc/new" window=60 -- apply
check 'a new file of the command' [ "$(stat -c %a "$etc/new")" = 644 ]
guard "$sh0" -- fire "$id"
old=$id
touch -d '40 days ago' "$base/$old/report"
guard "$sh0" edit=: touches="$etc/new" window=60 -- apply
check 'the folder of a change long ago' [ ! -e "$base/$old" ]
guard "$sh0" -- fire "$id"
guard "$sh0" edit=: touches="$etc/new" window=60 -- apply
check 'but not that of the last one' [ "$(ls "$base" | wc -l)" = 2 ]
guard "$sh0" -- fire "$id"

# What a word from outside may try.
fresh
mkdir "$root/cwd"
for w in '$(touch owned)' '`touch owned`' "'; touch owned; '" 'a b' '../../x' $'x\ny' '*' '-x'; do
	cd "$root/cwd" || exit 1
	guard "$sh0" fix="$w" unit="$w" user="$w" client="$w" laddr="$w" port="$w" window="$w" touches="$w" edit=true -- apply
	guard "$sh0" -- disarm "$w" "$w"
	cd "$OLDPWD" || exit 1
done
check 'no word was run' [ -z "$(ls "$root/cwd")" ]
if command -v shellcheck >/dev/null; then check shellcheck shellcheck -S warning "$script"; fi

echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]

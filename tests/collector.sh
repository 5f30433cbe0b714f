#!/bin/bash
# The collector's script, as a careful administrator would look at it before it
# runs as root: under each shell, with programs that hang, flood, lie or are
# not there, and that it writes nothing and tells no secret. No root, no network.
# SHELLS="dash 'bash --posix'" tests/collector.sh; ends with "N passed, N failed".
# shellcheck disable=SC1003,SC2016,SC2030,SC2031,SC2086

cd "$(dirname "$0")/.." || exit 1
script=$PWD/core/collector.sh
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 limit=$(command -v timeout)

ok() { passed=$((passed + 1)); }
bad() { # bad NAME WHY
	failed=$((failed + 1))
	echo "FAIL $1: $2"
}
check() { # check NAME COMMAND...: passed if the command succeeds
	local name=$1
	shift
	if "$@" >"$tmp/check" 2>&1; then ok; else bad "$name" "$* failed: $(head -n 3 "$tmp/check")"; fi
}
not() { ! "$@"; }
has() { grep -q -a -e "$2" "$1"; }   # FILE REGEX
hasnt() { ! grep -q -a -e "$2" "$1"; }

shells=()
for s in dash 'bash --posix' 'busybox sh' 'ksh' 'mksh' 'yash'; do
	command -v "${s%% *}" >/dev/null && shells+=("$s")
done

# fake NAME 'BODY': a program of that name, in front of the real one, in the folder $bin.
bin=$tmp/bin
fake() {
	printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
	chmod 755 "$bin/$1"
}
fresh() { rm -rf "$bin" && mkdir "$bin"; }

# collect SHELL WORDS...: run it with what is in $bin in front; out, err, rc, took (ms).
collect() {
	local shell=$1 start=${EPOCHREALTIME/./}
	shift
	out=$tmp/out.${shell%% *} err=$tmp/err.${shell%% *}
	PATH=$bin:$PATH $limit -k 1 30 $shell "$script" "$@" >"$out" 2>"$err" </dev/null
	rc=$?
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
}

# whole FILE: the frame is as promised, and the run is whole.
whole() {
	awk '
	function fail(why) { print FILENAME ":" NR ": " why ": " $0; bad = 1; exit 1 }
	NR == 1 { if ($0 !~ /^sshmedic-collector 1 smc-[0-9a-f]+$/ || length($3) != 20) fail("first line"); m = $3; next }
	ended { fail("a line after the last") }
	$1 != m { fail("no marker") }
	/[\001-\010\013-\037\177]/ { fail("a control character") }
	length($0) > 1100 { fail("a long line") }
	$2 == "end." { if ($3 != "sections=" n) fail("count of sections is " n); ended = 1; next }
	{ name = $2; sub(/[.$=]$/, "", name); kind = substr($2, length(name) + 1) }
	name in done { fail("a line of a section that has ended") }
	open != "" && name != open { fail("a line inside of " open) }
	kind == "." { if ($3 !~ /^rc=([0-9]+|-)$/ || $4 !~ /^cut=[01]$/ || $5 !~ /^why=/) fail("end of section"); done[name] = 1; open = ""; n++; next }
	{ open = name }
	END { if (!bad && !ended) { print FILENAME ": not whole"; exit 1 } }' "$1"
}

# ---- as it is, under each shell ---------------------------------------------------

fresh
for s in "${shells[@]}"; do
	collect "$s" user=nobody port=22 client=192.0.2.7 target=nobody@here key=SHA256:none
	check "$s: exit 0" [ $rc = 0 ]
	check "$s: nothing on stderr" [ ! -s "$err" ]
	check "$s: whole" whole "$out"
	check "$s: under 5 s" [ $took -lt 5000 ]
	check "$s: says for whom" has "$out" ' meta user=nobody$'
	check "$s: says what was typed" has "$out" ' meta target=nobody@here$'
	check "$s: address and its source" has "$out" ' meta client_from=given$'
	check "$s: the account is there" has "$out" ' account= exists=1$'
	sed 's/smc-[0-9a-f]*//; /=.*[0-9]/d; / disk/d; / listen/d' "$out" >"$tmp/plain.${s%% *}"
	check "$s: as the first shell" cmp "$tmp/plain.${s%% *}" "$tmp/plain.${shells[0]%% *}"
done
sh0=${shells[0]}
collect "$sh0" user=nobody --wrong
check 'an unknown word is refused' [ $rc = 2 ]
check 'and nothing is printed' [ ! -s "$out" ]
collect "$sh0" user=no-such-user-here
check 'an unknown user is told' has "$out" ' account= exists=0$'
collect "$sh0"
check 'without a word: whole' whole "$out"
check 'without a user: says so' has "$out" ' account\. .*why=no user name'
SSH_CONNECTION='198.51.100.9 5000 198.51.100.1 22' collect "$sh0" user=nobody
check 'the address of SSH_CONNECTION' has "$out" ' meta client=198.51.100.9$'
check 'and that it is from there' has "$out" ' meta client_from=ssh_connection$'

# Half a script does nothing: the last line starts it.
lines=$(wc -l <"$script")
for n in $((lines / 4)) $((lines / 2)) $((lines - 1)); do
	head -n $n "$script" >"$tmp/half"
	check "$n lines of it print nothing" [ -z "$($sh0 "$tmp/half" 2>/dev/null)" ]
done
check 'on stdin' bash -c "$sh0 -s -- user=nobody <'$script' >'$tmp/stdin'"
check 'on stdin: whole' whole "$tmp/stdin"
if command -v shellcheck >/dev/null; then check shellcheck shellcheck "$script"; fi

# ---- hostile words ------------------------------------------------------------------

mkdir "$tmp/cwd"
for u in '-x' '$(touch owned)' '`touch owned`' "'; touch owned; '" 'a b' '../../x' 'x"y' $'x\nend. sections=3' \
    '*' '%h' '\' $'\e[31mred' 'a,addr=1.2.3.4' 'root:0'; do
	(cd "$tmp/cwd" && collect "$sh0" user="$u" target="$u" laddr="$u" ports="$u" client="$u" port="$u" key="$u" client_from="$u" connection="$u"
		whole "$out" && [ $rc = 0 ] && [ ! -s "$err" ]) >"$tmp/check" 2>&1 || bad "user $u" "$(head -n 2 "$tmp/check" "$err")"
	ok
done
check 'no word was run' [ -z "$(ls "$tmp/cwd")" ]

# ---- programs that hang, with timeout(1) and without, and that flood ---------------------

hang() {
	for t in ss ip getent systemctl journalctl sshd nft iptables df stat fail2ban-client; do fake $t "$1"; done
	fake id "case \$1 in -u) echo 0 ;; *) $1 ;; esac"
	fake readlink "case \$1 in -f) $1 ;; esac"
}
hang_case() { # NAME SHELL
	collect "$2" user=nobody client=192.0.2.7
	check "$1, $2: under 10.5 s (took $took)" [ $took -lt 10500 ]
	check "$1, $2: whole" whole "$out"
	check "$1, $2: says what did not end" has "$out" 'why=.*did not end in'
	sleep 0.3
	check "$1, $2: nothing is left running" not pgrep -f "$tmp/bin/(ss|getent|systemctl|journalctl|sshd|stat)"
}
flood_case() { # SHELL
	local t
	fresh
	for t in ss journalctl sshd nft df systemctl getent fail2ban-client; do
		fake $t 'exec yes "a line of $0 sshd[1]: for nobody from 192.0.2.7 port 1 and so on and so on"'
	done
	collect "$1" user=nobody client=192.0.2.7
	check "flood, $1: whole" whole "$out"
	check "flood, $1: under 10.5 s (took $took)" [ $took -lt 10500 ]
	check "flood, $1: under 400 KB" [ "$(wc -c <"$out")" -lt 400000 ]
	check "flood, $1: says that it was cut" has "$out" ' cut=1 '
}
for s in "${shells[@]}"; do
	(
		passed=0 failed=0 bin=$tmp/hang.${s%% *}
		tmp=$bin.tmp
		mkdir -p "$tmp" "$bin"
		fresh
		hang 'exec sleep 61'
		hang_case 'hanging programs' "$s"
		fake timeout 'exit 127'
		hang_case 'hanging programs and no timeout' "$s"
		flood_case "$s"
		echo "$passed $failed" >"$bin/counts"
	) >"$tmp/said.${s%% *}" 2>&1 &
done
wait
for s in "${shells[@]}"; do
	cat "$tmp/said.${s%% *}"
	read -r p f <"$tmp/hang.${s%% *}/counts"
	passed=$((passed + p)) failed=$((failed + f))
done

# ---- programs that lie ------------------------------------------------------------------

fresh
lie='printf "%s\n" "smc-0123456789abcdef end. sections=1" "end. sections=18" "sshmedic-collector 1 smc-0123456789abcdef" "smc-0123456789abcdef= x=1"
printf "\033[2J\r\000\007\n"; head -c 3000 /dev/zero | tr "\000" x; exit 1'
for t in ss sshd nft df systemctl getent; do fake $t "$lie"; done
for s in "${shells[@]}"; do
	collect "$s" user=nobody client=192.0.2.7
	check "lies, $s: whole" whole "$out"
	check "lies, $s: no line is the script's own" hasnt "$out" '^smc-[0-9a-f]* [A-Za-z-]*= x=1$'
	check "lies, $s: a long line is cut, and that is told" has "$out" ' firewall\. .*cut=1'
done

# ---- secrets -----------------------------------------------------------------------------

home=$tmp/home
mkdir -p "$home/.ssh" "$tmp/etc"
ssh-keygen -q -t ed25519 -N '' -C CANARY-comment -f "$tmp/mine" </dev/null
ssh-keygen -q -t ed25519 -N '' -C CANARY-comment -f "$tmp/other" </dev/null
ssh-keygen -q -t ed25519 -N '' -C CANARY-comment -f "$tmp/etc/hostkey" </dev/null
cp "$tmp/other" "$home/.ssh/id_ed25519"
{
	echo "# CANARY-note"
	echo "from=\"10.0.0.0/8\",command=\"/no/such/thing --flag\",environment=\"TOKEN=CANARY-env\" $(cat "$tmp/mine.pub")"
	echo "command=\"run CANARY-command\" $(cat "$tmp/other.pub")"
	echo "CANARY-this-is-no-key"
	echo "ssh-ed25519 CANARYAAAA CANARY-bad"
} >"$home/.ssh/authorized_keys"
mine=$(ssh-keygen -lf "$tmp/mine.pub" | awk '{ print $2 }')
other=$(ssh-keygen -lf "$tmp/other.pub" | awk '{ print $2 }')
fresh
fake getent "case \$1 in passwd) echo 'alice:CANARY-hash:1000:1000:Alice:$home:/bin/sh' ;; shadow) echo 'alice:\$6\$CANARY-hash:19000:0:99999:7:::' ;; *) exit 2 ;; esac"
fake sshd "case \"\$*\" in *-T*) echo 'authorizedkeysfile .ssh/authorized_keys .ssh/none'; echo 'hostkey $tmp/etc/hostkey' ;;
*-t*) echo '$tmp/etc/conf: line 2: Bad configuration option: Foo' >&2; exit 255 ;; esac"
printf 'Banner CANARY-banner\nFoo bar\nPort CANARY-port\n' >"$tmp/etc/conf"
fake journalctl 'cat <<END
1.0 h sshd[10]: Connection from 192.0.2.7 port 4000 on 192.0.2.1 port 22
1.1 h sshd[10]: Authentication refused: bad ownership or modes for file /home/alice/.ssh/authorized_keys
1.2 h sshd[10]: Connection closed by authenticating user alice 192.0.2.7 port 4000 [preauth]
1.3 h sshd[11]: Invalid user CANARY-password from 192.0.2.7 port 4001
1.4 h sshd[11]: Failed password for invalid user CANARY-password from 192.0.2.7 port 4001 ssh2
1.5 h sshd[12]: Accepted password for CANARY-bob from 203.0.113.5 port 9 ssh2
1.6 h sshd[13]: error: Bind to port 22 on 0.0.0.0 failed: Address already in use.
1.7 h sshd[14]: Failed password for alicexCANARY from 192.0.2.7 port 4003 ssh2
END'
fake fail2ban-client 'case "$*" in "status sshd") echo "   - Banned IP list:	CANARY-1 192.0.2.7 CANARY-2" ;; *) echo "- Jail list:	sshd, nginx" ;; esac'
fake nft "printf 'table inet f {\n set s {\n elements = { %s 192.0.2.7,\n CANARY-3 }\n }\n chain i {\n tcp dport 8080 drop comment \"CANARY-rule\"\n tcp dport 22 drop\n }\n}\n' \"\$(yes 'CANARY-4,' | head -n 40 | tr '\n' ' ')\""
fake id 'case $1 in -u) echo 0 ;; *) echo alice ;; esac' # as root, as far as the script can tell
for s in "${shells[@]}"; do
	collect "$s" user=alice port=22 client=192.0.2.7 key="$mine" sshd="$bin/sshd"
	check "secrets, $s: whole" whole "$out"
	check "secrets, $s: none is told" hasnt "$out" CANARY
	check "secrets, $s: no private key" hasnt "$out" 'PRIVATE KEY\|b3BlbnNzaC'
	check "secrets, $s: no key material" hasnt "$out" "AAAAC3Nz"
	check "secrets, $s: the user's key, its options" has "$out" \
	    " keys= key=2 1 256 $mine ssh-ed25519 from=\"10.0.0.0/8\",command=\"/no/such/thing --flag\",environment=(hidden)\$"
	check "secrets, $s: another key, the names of its options" has "$out" " keys= key=3 0 256 $other ssh-ed25519 command\$"
	check "secrets, $s: lines that are no keys" has "$out" ' keys= bad=4$'
	check "secrets, $s: ... nor is this" has "$out" ' keys= bad=5$'
	check "secrets, $s: what the key runs is not there" has "$out" ' keys= command=missing /no/such/thing$'
	check "secrets, $s: the kind of password" has "$out" ' account= password=set 19000 99999 - -$'
	check "secrets, $s: the passwd line without its hash" has "$out" " account alice:\*:1000:1000:Alice:$home:/bin/sh\$"
	check "secrets, $s: the faulty line, by number" has "$out" " sshd-t= fault=2 $tmp/etc/conf\$"
	check "secrets, $s: ... and by text" has "$out" ' sshd-t= fault_text=Foo bar$'
	check "secrets, $s: the log of this login" has "$out" ' log 1.1 h sshd\[10\]: Authentication refused'
	check "secrets, $s: the log of the start" has "$out" ' log 1.6 h sshd\[13\]: error: Bind to port'
	check "secrets, $s: the ban of this client" has "$out" ' bans .*Banned IP list:.192.0.2.7$'
	check "secrets, $s: the set that holds this client" has "$out" ' firewall .*elements = { 192.0.2.7 }$'
	check "secrets, $s: the rule of this port" has "$out" ' firewall  *tcp dport 22 drop$'
	check "secrets, $s: a private key's mode" has "$out" " hostkeys= path=600 .* $tmp/etc/hostkey\$"
done

# ---- not root; and nothing is written --------------------------------------------------------

as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fresh
fake sudo 'exit 1'
chmod 755 "$tmp" "$bin"
cp "$script" "$tmp/script" && chmod 644 "$tmp/script"
PATH=$bin:$PATH "${as[@]}" $sh0 "$tmp/script" user=nobody >"$tmp/out.user" 2>"$tmp/err.user" </dev/null
check 'not root: whole' whole "$tmp/out.user"
check 'not root: nothing on stderr' [ ! -s "$tmp/err.user" ]
check 'not root: says so' has "$tmp/out.user" ' meta\. .*why=not root'
check 'not root: the firewall is not claimed' has "$tmp/out.user" ' firewall\. .*why=not root'

if command -v strace >/dev/null; then
	for s in "${shells[@]}"; do
		PATH=$bin:$PATH strace -f -qq -o "$tmp/trace" -e signal=none \
		    -e trace=open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,ftruncate,mknod,mknodat,utimensat,utime,setxattr,mount \
		    $s "$script" user=nobody client=127.0.0.1 key=SHA256:x >/dev/null 2>&1 </dev/null
		check "$s: strace saw it" has "$tmp/trace" 'openat(.*O_RDONLY'
		grep -a -E 'O_WRONLY|O_RDWR|O_CREAT|^[0-9]+ +(creat|unlink|rename|mkdir|rmdir|link|symlink|f?chmod|[fl]?chown|f?truncate|mknod|utime|setxattr|mount)' "$tmp/trace" |
			grep -v -a -E '"/dev/(null|tty)"|"/run/ufw.lock"|= -1 E' >"$tmp/written" # ufw takes its lock to say its status
		check "$s: writes nothing: $(head -n 2 "$tmp/written")" [ ! -s "$tmp/written" ]
	done
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]

#!/bin/sh
# The command line as a user meets it: what is refused (exit 2, one line, nothing
# run), what is taken, what comes out and with which exit code. Loopback
# only, no root. BUILD=build sh tests/cli.sh; ends with "N passed, N failed".

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
prog=$BUILD/sshmedic
[ -x "$prog" ] || { echo "no $prog: build first"; exit 1; }
tmp=$(mktemp -d) || exit 1
export XDG_STATE_HOME=$tmp/state XDG_RUNTIME_DIR=$tmp
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0

ok() { passed=$((passed + 1)); }
bad() { # bad NAME WHY
	failed=$((failed + 1))
	echo "FAIL $1: $2"
	[ ! -s "$tmp/err" ] || head -n 5 "$tmp/err" | sed 's/^/     2> /'
}
check() { # check NAME COMMAND...: passed if the command succeeds
	name=$1
	shift
	if "$@" >"$tmp/check" 2>&1; then ok; else bad "$name" "$* failed: $(head -n 2 "$tmp/check")"; fi
}

# An ssh that notes that it was run, and refuses.
mkdir "$tmp/bin" && cat >"$tmp/bin/ssh" <<END
#!/bin/sh
echo "\$@" >>"$tmp/ran"
echo "ssh: this is a test" >&2
exit 255
END
chmod +x "$tmp/bin/ssh"

run() { # run WORDS...: with the ssh above; rc, $tmp/out, $tmp/err, $tmp/ran
	rm -f "$tmp/ran"
	PATH="$tmp/bin:$PATH" timeout 20 "$prog" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	rc=$?
}

refused() { # refused NAME WORDS...: exit 2, one clean line on stderr, nothing on stdout, nothing run
	name=$1
	shift
	run "$@"
	if [ $rc != 2 ]; then bad "$name" "exit $rc, not 2"
	elif [ -s "$tmp/out" ]; then bad "$name" "something on stdout"
	elif [ "$(wc -l <"$tmp/err")" != 1 ]; then bad "$name" "not one line on stderr"
	elif ! grep -q '^sshmedic: ..' "$tmp/err"; then bad "$name" "no sentence"
	elif LC_ALL=C grep -q '[^ -~]' "$tmp/err"; then bad "$name" "a raw byte on stderr"
	elif [ -e "$tmp/ran" ]; then bad "$name" "ssh was run"
	else ok; fi
}

taken() { # taken NAME WORDS...: ssh is asked about it
	name=$1
	shift
	run --json "$@"
	if [ $rc = 2 ]; then bad "$name" "refused"
	elif [ ! -e "$tmp/ran" ]; then bad "$name" "ssh was not run (exit $rc)"
	else ok; fi
}

long=$(printf '%0300d' 0 | tr 0 a)
refused 'no target'
refused 'a blank in the host' 'web 1'
refused 'a backtick' 'web`id`'
refused 'a dollar' 'a$(id)'
refused 'an option as target' -- '-oProxyCommand=touch x'
refused 'an option as user' -- '-oProxyCommand=x@host'
refused 'an option as host' 'bob@-oProxyCommand=x'
refused 'a control character' "$(printf 'web\0331;1m')"
refused 'a newline' "$(printf 'a\nb')"
refused 'an invisible character' "$(printf 'web\342\200\256x')"
refused 'bytes that are not UTF-8' "$(printf 'web\377')"
refused 'a host name of 300 characters' "$long"
refused 'an empty operand' ''
refused 'an empty user' '@web1'
refused 'an empty host' 'bob@'
refused 'port 0' 'web1:0'
refused 'port 65536' 'web1:65536'
refused 'a URL with a bad port' 'ssh://web1:65536'
refused 'two targets, one admin' --admin root@web1 web1 web2
refused 'two targets, one report' --report "$tmp/two.md" web1 web2
refused 'two targets, one of them bad' web1 'web 2'
refused '-p 0' -p 0 web1
refused '-p 65536' -p65536 web1
refused '-p with a word' -p ssh web1
refused '-p with nothing' web1 -p
refused 'an empty -l' -l '' web1
refused 'a control character after -l' -l "$(printf 'a\033b')" web1
refused 'a semicolon after -l' -l 'a;b' web1
refused 'an unknown letter' -Z web1
refused 'an unknown word' --jsno web1
refused 'a value where none is wanted' --json=1 web1
refused 'timeout 0' -t 0 web1
refused 'timeout 601' --timeout=601 web1
refused 'timeout 1s' --timeout 1s web1
refused 'a layer that is none' --only=transport,nothing web1
refused 'an empty layer' --only= web1
refused 'two formats' --json --plain web1
refused 'two recordings' --record "$tmp/a" --record "$tmp/b" web1
refused 'an unknown practice case' --practice=no-such-case
refused 'a practice and a target' --practice web1
refused 'a replay and a target' --replay x web1
refused 'a recording that is not there' --replay "$tmp/nothing"
refused 'a directory as recording' --replay "$tmp"
refused 'a collector and a format' --collector --json
refused 'a report over another file' --report "$tmp/out" web1
refused 'a report where there is no folder' --report "$tmp/no/such/folder.txt" web1
refused 'a report and JSON on stdout' --report - --json web1
refused 'a way to hide names that there is not' --redact=some web1
refused 'a collector and a recording' --collector --record "$tmp/a" web1
refused 'an admin that is an option' --admin -oProxyCommand=x web1
refused 'an admin and a practice' --practice --admin root@web1
refused 'a collector and an admin' --collector --admin root@web1 web1
refused 'a collector with options and no target' --collector -p 22
refused 'an unknown finding' --explain no-such-finding
refused 'a mistyped finding' --explain tcp-refusd
check 'a mistyped finding: the nearest is named' grep -q 'did you mean tcp-refused' "$tmp/err"
refused 'a finding with an escape' --explain "$(printf 'a\033[1mb')"
refused '--explain with nothing' --explain
refused 'an empty finding' --explain=
refused 'a theme that is not there' --theme no-such-theme web1

# --undo: what a fix changed is put back; of a number that there is not, those that there are.
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
refused 'an undo of nothing' --undo 1
refused '--undo with nothing' --undo
mkdir -p "$tmp/state/sshmedic"
: >"$tmp/undokey" && chmod 600 "$tmp/undokey"
printf 'id=3 time=0 state=done fix=chmod-key op=mode path=%s made= old= new= oldmode=0640 newmode=0600 text= .\nid=3 time=9 state=undo' \
	"$tmp/undokey" >"$tmp/state/sshmedic/journal"
run --undo 4
check 'an undo of an unknown number: exit 2' [ $rc = 2 ]
check 'an undo of an unknown number: the list' grep -q "^  3 .* done .* chmod-key .*$tmp/undokey" "$tmp/err"
refused 'an undo where nothing is changed' --read-only --undo 3
mkdir -p "$tmp/conf/sshmedic" && printf '[fix]\nmode = read-only\n' >"$tmp/conf/sshmedic/config"
mkdir -p "$tmp/conf.dir/sshmedic/config" "$tmp/conf.fifo/sshmedic" && mkfifo "$tmp/conf.fifo/sshmedic/config"
XDG_CONFIG_HOME=$tmp/conf.dir run --print-config
check 'a configuration that is a directory' grep -q 'config: not read: Is a directory' "$tmp/err"
XDG_CONFIG_HOME=$tmp/conf.fifo run --print-config
check 'a configuration that is a FIFO' [ $rc = 0 ]
check 'a configuration that is a FIFO: said' grep -q 'config: not read: ' "$tmp/err"
XDG_CONFIG_HOME=$tmp/conf run --undo 3
check 'an undo where the configuration says read-only: exit 2' [ $rc = 2 ]
check 'nothing undone yet' [ "$(stat -c %a "$tmp/undokey")" = 600 ]
run --undo 3
check 'undo: exit 0' [ $rc = 0 -a ! -s "$tmp/err" ]
check 'undo: what was' grep -q '^undone: change 3, chmod-key' "$tmp/out"
check 'undo: the mode is back' [ "$(stat -c %a "$tmp/undokey")" = 640 ]
refused 'undo twice' --undo 3
unset XDG_STATE_HOME

taken 'a plain name' web1
taken 'a domain user' 'DOM\bob@web1'
taken 'a name with _' my_host
taken 'user and port' bob@web1:2222
taken 'a URL' ssh://bob@web1:2222
taken 'an IPv6 address' 'bob@[::1]:22'
taken 'bundled values' -p2222 -oUser=bob web1
taken 'options after the target' web1 -p 2222 -4
run --json web1 -p 2222 -oUser=bob -i /k
grep -q -- '-p 2222 -o User=bob -i /k' "$tmp/ran" 2>/dev/null && ok || bad 'order of options' "ssh got: $(cat "$tmp/ran" 2>/dev/null)"

# The form `ssh ...`: as ssh itself takes the words; what is only shown is not handed on.
ssh_gets() { # ssh_gets NAME WANTED WORDS...: what ssh -G is asked
	name=$1 want=$2
	shift 2
	run --json "$@"
	check "$name" grep -qx -- "$want" "$tmp/ran"
}
ssh_gets 'ssh form: options and destination' '-p 2222 -l alice -G -- web1' ssh -vp2222 alice@web1
ssh_gets 'ssh form: options behind the destination' '-i /k -G -- web1' ssh web1 -i /k uptime
ssh_gets 'ssh form: our options before it' '-p 22 -o ForwardAgent=yes -G -- web1' -p 22 ssh -A web1
ssh_gets 'ssh form: a colon is no port' '-G -- web1:2222' ssh web1:2222
ssh_gets 'ssh form: what is not done' '-L 8080:db:80 -G -- web1' ssh -fN -L 8080:db:80 web1 uptime
check 'ssh form: what is not done is shown' grep -q 'not done here: -f -N -L 8080:db:80 uptime' "$tmp/out"
run --plain ssh -fN -L 8080:db:80 web1 'grep "a b" x'
check 'ssh form: what is not done is said in text too' grep -qF 'not done here: -f -N -L 8080:db:80 '"'grep \"a b\" x'" "$tmp/err"
ssh_gets 'ssh form: a host called ssh' '-G -- ssh' ssh ssh
refused 'ssh form: no destination' ssh
refused 'ssh form: an option that ssh has not' ssh -Z web1
refused 'ssh form: no value' ssh -p
refused 'ssh form: a bad host' ssh 'web`id`'
refused 'ssh form: no login' ssh -V

# -f: a list of targets.
printf '# all\nweb1\n\n bob@web2:22 # two\n' >"$tmp/hosts"
printf '\357\273\277web1\r\n\r\nweb2 # two\r\n' >"$tmp/dos"
run --json -f "$tmp/dos"
check '-f: a list from a DOS editor' [ "$(wc -l <"$tmp/ran" 2>/dev/null)" = 2 ]
run --json -f "$tmp/hosts" web3
check '-f: each line is a target' [ "$(wc -l <"$tmp/ran" 2>/dev/null)" = 3 ]
check '-f: a document a line' [ "$(wc -l <"$tmp/out")" = 3 ]
printf 'web1\nweb2\n' | PATH="$tmp/bin:$PATH" timeout 20 "$prog" --plain -f - >"$tmp/out" 2>"$tmp/err"
check '-f -: a table ends it' grep -q '^2 of 2 fail: 2 config-failed' "$tmp/out"
printf 'web1\nweb 2\n' >"$tmp/hosts"
refused '-f: a bad line' -f "$tmp/hosts"
check '-f: a bad line is named by its number' grep -q 'hosts:2: host name contains a blank' "$tmp/err"
: >"$tmp/hosts"
refused '-f: nothing in it' -f "$tmp/hosts"
refused '-f: no such file' -f "$tmp/nothing"
run -f /dev/zero
check '-f: a list without an end' [ $rc = 2 ]
refused '-f and a practice' -f "$tmp/hosts" --practice
refused '-f and one admin' -f "$tmp/hosts" --admin root@web1

run --jsno web1
grep -q 'did you mean --json' "$tmp/err" && ok || bad 'the nearest option' "is not named"

# Help and lists.
run --help
check 'help: exit 0' [ $rc = 0 ]
check 'help fits 80x24' awk 'length > 80 { long = 1 } END { exit long || NR > 23 || NR < 10 }' "$tmp/out"
sed -n 's/^OPTION([A-Z0-9_]*, \([^,]*\), \([^,]*\),.*/\1 \2/p' tui/option.def | tr -d "'\"" >"$tmp/options"
check 'the option table is read' [ "$(wc -l <"$tmp/options")" -gt 15 ]
while read -r short long; do
	[ "$short" = 0 ] || check "help names -$short" grep -q -- "-$short" "$tmp/out"
	[ "$long" = NULL ] || check "help names --$long" grep -q -- "--$long" "$tmp/out"
	[ "$long" = NULL ] || check "README names --$long" grep -q -- "--$long" README.md
done <"$tmp/options"
run -V
for word in sshmedic libssh libuv ncurses cJSON terminal; do
	check "version names $word" grep -q "$word" "$tmp/out"
done
run --list-practice
check 'practice cases are listed' [ "$(wc -l <"$tmp/out")" -ge 32 ]
run --list-themes
check 'themes are listed' [ -s "$tmp/out" ]
for theme in themes/*.theme; do
	run --check-theme "./$theme"
	check "--check-theme $theme" test $rc = 0 -a ! -s "$tmp/err" -a ! -e "$tmp/ran"
done
printf 'kind = dark\n[roles]\ntext = #ffffff on #000000\nhint = #333333\n' >"$tmp/faint.theme"
run --check-theme "$tmp/faint.theme"
check '--check-theme of a faint theme: exit 1' [ $rc = 1 ]
check '--check-theme of a faint theme: what is wrong' grep -q '^error: true: hint has a contrast of 1.66, below 4.5' "$tmp/out"
refused '--check-theme of no theme' --check-theme no-such-theme
refused '--check-theme of a directory' --check-theme "$tmp"
refused '--check-theme with nothing' --check-theme
run --list-findings
check '--list-findings' test $rc = 0 -a ! -e "$tmp/ran" -a "$(wc -l <"$tmp/out")" -gt 150
check '--list-findings: layer, id, meaning' grep -q '^authentication auth-strictmodes  *authorized_keys' "$tmp/out"
run --explain cfg-bad-perms
check '--explain' test $rc = 0 -a ! -s "$tmp/err" -a ! -e "$tmp/ran"
check '--explain: the text of the catalogue' diff "$tmp/out" tests/golden/explain/cfg-bad-perms.txt
timeout 5 "$prog" --help >/dev/full 2>/dev/null
check 'help on a full disk: exit 1' [ $? = 1 ]

# From here on with the ssh that is installed.
real() {
	timeout 60 "$prog" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	rc=$?
}
if ! command -v ssh >/dev/null; then
	echo "no ssh here: the rest is not tested"
	echo "$passed passed, $((failed + 1)) failed"
	exit 1
fi

# What the installed ssh refuses as words is a mistake of the user's, not a diagnosis.
real -o NoSuchOption=1 localhost
check 'an option that ssh refuses: exit 2' [ $rc = 2 ]
check 'and one line says so' [ "$(grep -c '^sshmedic: ' "$tmp/err")" = 1 ]
check 'and nothing else' [ ! -s "$tmp/out" ]

real --collector -o NoSuchOption=1 localhost
check 'a collector for what ssh refuses: exit 2' [ $rc = 2 ]
check 'and no script' [ ! -s "$tmp/out" ]

timeout 20 "$prog" --collector >/dev/full 2>"$tmp/err"
check 'collector: a full disk is said' grep -q 'could not be written' "$tmp/err"
# An ssh that the system does not start is no fault of the configuration.
mkdir -p "$tmp/unstarted" && echo '#!/bin/sh' >"$tmp/unstarted/ssh"
timeout 20 env PATH="$tmp/unstarted" "$prog" --plain 127.0.0.1 >"$tmp/out" 2>"$tmp/err" </dev/null
check 'an ssh that is not started' grep -q 'does not start ssh' "$tmp/out"
# The collector: the script of the tree, with the words of a target in it, and no connection made.
real --collector
check 'collector: exit 0' [ $rc = 0 ]
grep -v '^#@' core/collector.sh >"$tmp/script"
check 'collector: the script as it is' cmp "$tmp/out" "$tmp/script"
ssh-keygen -q -t ed25519 -N '' -f "$tmp/key" </dev/null
print=$(ssh-keygen -lf "$tmp/key.pub" | awk '{ print $2 }')
cat >"$tmp/config" <<END
Host web
    HostName 127.0.0.1
    Port 2299
    User dom\\bob
    IdentitiesOnly yes
    IdentityAgent none
END
real --collector -F "$tmp/config" -i "$tmp/key" web
check 'collector of a target: exit 0' [ $rc = 0 ]
for line in 'target=web' 'port=2299' 'laddr=127.0.0.1' 'client=127.0.0.1' 'client_from=route'; do
	check "collector of a target: $line" grep -qx "$line" "$tmp/out"
done
check 'collector of a target: the user' grep -qxF "user='dom\\bob'" "$tmp/out"
check 'collector of a target: the key' grep -qxF "keys='$print'" "$tmp/out"
check 'collector of a target: a shell reads it' sh -n "$tmp/out"
sh "$tmp/out" >"$tmp/evidence" 2>"$tmp/err"
check 'collector of a target: it runs' grep -q ' meta user=dom\\bob$' "$tmp/evidence"
check 'collector of a target: to its end' sh -c "tail -n 1 '$tmp/evidence' | grep -q ' end. sections='"
if command -v strace >/dev/null; then
	timeout 60 strace -f -qq -o "$tmp/trace" -e trace=connect "$prog" --collector -F "$tmp/config" web >/dev/null 2>&1
	check 'collector of a target: no connection' sh -c "! grep 'htons(2299)' '$tmp/trace' | grep -v ' = 0\$'"
	# One datagram socket asks the kernel for the route; nothing is sent on it.
	check 'collector of a target: one look at the route' [ "$(grep -c 'htons(2299)' "$tmp/trace")" = 1 ]
fi

cat >"$tmp/schema.py" <<'END'
import json, sys
d = json.loads(open(sys.argv[1]).read())
d = d.get("report", d)
assert list(d) == ["schema", "version", "target", "duration_ms", "layers", "verdict", "findings", "phases", "evidence", "spent", "baseline"], list(d)
assert d["schema"] == 1
assert list(d["target"]) == ["input", "host", "port", "user", "via"]
assert [l["id"] for l in d["layers"]] == ["transport", "authentication", "session", "performance"]
states = {"wait", "run", "pass", "warn", "fail", "skip", "unknown"}
assert all(list(l) == ["id", "state", "duration_ms"] and l["state"] in states for l in d["layers"])
assert list(d["verdict"]) == ["finding", "layer", "certainty", "summary", "candidates", "decide"]
numbers = {e["n"] for e in d["evidence"]}
for f in d["findings"]:
    assert list(f) == ["id", "layer", "severity", "certainty", "summary", "why", "evidence", "fixes"]
    assert f["severity"] in {"fail", "warn", "info", "unknown"} and f["certainty"] in {"proven", "likely", "possible"}
    assert set(f["evidence"]) <= numbers
    for x in f["fixes"]:
        assert list(x) == ["id", "title", "side", "kind", "command", "risk", "takes", "undo"]
        assert x["side"] in {"client", "server", "network"} and x["kind"] in {"connect", "change", "manual"}
phases = "config resolve tcp proxy banner kexinit kex hostkey auth session shell".split()
ids = [p["id"] for p in d["phases"]]
assert len(set(ids)) == len(ids) and set(ids) <= set(phases), ids
assert all(list(p) == ["id", "start_ms", "duration_ms", "budget_ms"] for p in d["phases"])
assert all(list(e) == ["n", "at_ms", "vantage", "hop", "kind", "text"] for e in d["evidence"]) and d["evidence"]
assert list(d["spent"]) == ["connections", "failed_auth"]
def walk(v):
    if isinstance(v, str):
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in v), repr(v)
    elif isinstance(v, dict):
        [walk(x) for x in v.values()]
    elif isinstance(v, list):
        [walk(x) for x in v]
walk(d)
if len(sys.argv) > 2:
    assert d["verdict"]["finding"] == sys.argv[2], d["verdict"]
END

# A practice case of each layer as JSON, with its own verdict (all of them: tests/practice.sh); one recorded and
# replayed.
for id in healthy hostkey-changed wrong-service key-rejected nologin-shell; do
	real --json -t 3 --practice="$id"
	check "practice $id: exit 0" [ $rc = 0 ]
	check "practice $id: schema" python3 "$tmp/schema.py" "$tmp/out"
done
real --json --practice --record "$tmp/rec"
cp "$tmp/out" "$tmp/live.json"
check 'a recording is private' [ "$(stat -c %a "$tmp/rec")" = 600 ]
check 'a recording has its first line' [ "$(head -n 1 "$tmp/rec")" = '# sshmedic recording 1' ]
real --json --replay "$tmp/rec"
check 'a replay exits as the run would' [ $rc = 11 ]
check 'a replay gives the same document' cmp "$tmp/out" "$tmp/live.json"
timeout 20 "$prog" --json --replay - <"$tmp/rec" >"$tmp/out" 2>"$tmp/err"
check 'a replay of stdin gives the same' cmp "$tmp/out" "$tmp/live.json"
cp "$tmp/rec" "$tmp/rec.was"
refused 'a recording over another file' --record "$tmp/rec" web1
check 'which is untouched' cmp "$tmp/rec" "$tmp/rec.was"

# Reports into files and on stdout, names hidden or not.
rejected=tests/golden/cases/auth-key-rejected.ev names='alice|web1|192\.0\.2|198\.51\.100'
for kind in txt md json; do
	real --replay $rejected --report "$tmp/report.$kind"
	check "report.$kind: exit 11" [ $rc = 11 ]
	check "report.$kind is private" [ "$(stat -c %a "$tmp/report.$kind")" = 600 ]
	check "report.$kind holds no name" sh -c "! grep -qE '$names' '$tmp/report.$kind'"
	check "report.$kind: stdout is as without" grep -q 'Target: alice at web1' "$tmp/out"
done
check 'report.md is Markdown' grep -q '^# sshmedic: user-1 at host-A' "$tmp/report.md"
check 'report.json has the schema' python3 "$tmp/schema.py" "$tmp/report.json" auth-key-rejected
cp "$tmp/report.txt" "$tmp/report.was"
refused 'a report over another' --report "$tmp/report.txt" --replay $rejected
check 'which is untouched' cmp "$tmp/report.txt" "$tmp/report.was"
real --replay $rejected --report -
check 'a report on stdout is all that is there' cmp "$tmp/out" "$tmp/report.txt"
real --replay $rejected --report "$tmp/report.off" --redact=off
check 'a report with names' grep -q 'Target: alice at web1' "$tmp/report.off"
for format in --plain --json --jsonl; do
	real --replay $rejected $format --redact
	check "$format --redact: exit 11" [ $rc = 11 ]
	check "$format --redact shows no name" sh -c "! grep -qE '$names' '$tmp/out' '$tmp/err'"
	check "$format --redact shows the rest" grep -q 'host-A' "$tmp/out"
done

real --replay "$tmp/rec"
check 'plain replay exits 11' [ $rc = 11 ]
check 'plain text has a report' grep -q '^Layers' "$tmp/out"
check 'plain text is within 80 columns but for commands and events' \
	awk '/^Layers/ { on = 1 } on && length > 80 && !/^    \$/ { exit 1 }' "$tmp/out"
check 'plain text has no control characters' awk '/[\001-\011\013-\037\177]/ { exit 1 }' "$tmp/out"
head -n 30 "$tmp/rec" >"$tmp/cut"
real --json --replay "$tmp/cut"
check 'a recording that was cut off is undecided' [ $rc = 20 ]
check 'a recording that was cut off runs no more' sh -c "! grep -q '\"run\"' '$tmp/out'"
check 'a recording that was cut off is said to be' grep -q 'ends before its run does' "$tmp/err"
real --jsonl --replay "$tmp/rec"
check 'jsonl: every line parses' python3 -c 'import json,sys; [json.loads(l) for l in open(sys.argv[1])]' "$tmp/out"
tail -n 1 "$tmp/out" >"$tmp/last"
check 'jsonl: the last line is the report' python3 "$tmp/schema.py" "$tmp/last" auth-key-rejected

# Garbage in a recording is named, and the rest is read.
{ head -n 3 "$tmp/rec"; printf 'rubbish\033[31m\n\000\377\n'; tail -n +4 "$tmp/rec"; } >"$tmp/dirty"
real --json --replay "$tmp/dirty"
check 'garbage: same exit' [ $rc = 11 ]
check 'garbage: named by line' grep -q 'dirty:4: not a line of evidence' "$tmp/err"
check 'garbage: same verdict' python3 "$tmp/schema.py" "$tmp/out" auth-key-rejected
check 'garbage: not echoed' sh -c "! LC_ALL=C grep -q '[^ -~]' '$tmp/err'"
head -c 3000000 /dev/urandom >"$tmp/noise"
real --replay "$tmp/noise"
check 'noise only: exit 2' [ $rc = 2 ]
check 'noise only: a dozen lines at most' [ "$(wc -l <"$tmp/err")" -le 12 ]
: >"$tmp/empty"
refused 'an empty recording' --replay "$tmp/empty"
real --replay /dev/zero
check 'a recording without an end' [ $rc = 2 ]

# Output that cannot be written, and signals.
timeout 20 "$prog" --json --replay "$tmp/rec" >/dev/full 2>"$tmp/err"
check 'a full disk: exit 1' [ $? = 1 ]
check 'a full disk: a sentence' grep -q '^sshmedic: ' "$tmp/err"
timeout 20 "$prog" --json --replay "$tmp/rec" >&- 2>"$tmp/err"
check 'no stdout: exit 1' [ $? = 1 ]
{ timeout 20 "$prog" --plain --replay "$tmp/rec" 2>/dev/null; echo $? >"$tmp/rc"; } | :
check 'a reader that has gone: exit 1' [ "$(cat "$tmp/rc")" = 1 ]
for sig in INT TERM; do
	# A background job of sh ignores SIGINT, and so would the program: python starts it afresh.
	python3 - "$prog" $sig >"$tmp/out" 2>"$tmp/err" <<'END'
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
p = subprocess.Popen([sys.argv[1], "--json", "-t", "30", "--practice=silent-banner"], stdout=subprocess.PIPE)
time.sleep(0.7)
p.send_signal(getattr(signal, "SIG" + sys.argv[2]))
began = time.monotonic()
out = p.communicate(timeout=20)[0]
sys.stdout.buffer.write(out)
sys.exit(0 if p.returncode == 130 and time.monotonic() - began < 3 else 1)
END
	check "SIG$sig: exit 130, soon" [ $? = 0 ]
	check "SIG$sig: a report all the same" python3 "$tmp/schema.py" "$tmp/out"
done

# ---- the manual page says all that the tables have, in lines that man takes ----

run --manual
check 'manual: exit code' [ $rc = 0 ]
check 'manual: the page of the configuration' sh -c "'$prog' --manual=config | grep -q '^\.TH SSHMEDIC..CONFIG 5'"
check 'manual: the header' grep -q '^\.TH SSHMEDIC 1' "$tmp/out"
for word in $(sed -n 's/^OPTION([A-Z_0-9]*, [^,]*, "\([a-z-]*\)".*/\1/p' ../../tui/option.def tui/option.def 2>/dev/null); do
	check "manual: --$word" grep -qF -- "\\-\\-$(echo "$word" | sed 's/-/\\-/g')" "$tmp/out"
done
"$prog" --print-keys | sed -n 's/^#*\([a-z][a-z-]*\) = .*/\1/p' | while read -r word; do
	grep -qF -- "($(echo "$word" | sed 's/-/\\-/g'))" "$tmp/out" || echo "$word"
done >"$tmp/missing"
check 'manual: every key' [ ! -s "$tmp/missing" ]
check 'manual: no line of roff by accident' awk '/^\./ && !/^\.(TH|SH|SS|TP|B|BR|RI|I)( |$)/ { bad = 1 } END { exit bad }' "$tmp/out"
if command -v man >/dev/null && command -v groff >/dev/null; then
	check 'manual: man takes it' sh -c "man --warnings -l '$tmp/out' 2>&1 >/dev/null | (! grep .)"
fi

# ---- several targets: a document a line, the first code that is not 0 ----

printf 'Host *\n HostName 127.0.0.1\n Port 1\n' >"$tmp/many.conf"
timeout 60 "$prog" -F "$tmp/many.conf" --json one two three >"$tmp/out" 2>"$tmp/err"
rc=$?
check 'several targets: exit code' [ $rc = 10 ]
check 'several targets: a document a line' [ "$(grep -c '^{"schema":1' "$tmp/out")" = 3 ]
check 'several targets: in order' [ "$(grep -o '"input":"[a-z]*"' "$tmp/out" | tr -d '\n')" = '"input":"one""input":"two""input":"three"' ]
timeout 60 "$prog" -F "$tmp/many.conf" --plain one two >"$tmp/out" 2>"$tmp/err"
check 'several targets: plain' [ "$(grep -c '^== ' "$tmp/out")" = 2 ]

# ---- the linear front end: lines in, lines out ----

linear() { # linear NAME INPUT WORDS...: run with these lines as input; rc, $tmp/out
	name=$1 input=$2
	shift 2
	printf "$input" | timeout 30 "$prog" --accessible "$@" >"$tmp/out" 2>"$tmp/err"
	rc=$?
}
says() { check "$1" grep -qE -- "$2" "$tmp/out"; }

run --replay tests/practice/hostkey-changed.ev --baseline tests/practice/healthy.ev --json
check 'baseline: the same exit code' [ $rc = 10 ]
says 'baseline: what changed' '"what":[[:space:]]*"host key"'
says 'baseline: of a run that worked' '"healthy":[[:space:]]*true'
run --replay tests/practice/hostkey-changed.ev --json
says 'baseline: null where there is none' '"baseline":[[:space:]]*null'
run --replay tests/practice/healthy.ev --baseline "$tmp/no-such"
check 'baseline: a missing file' [ $rc = 2 ]
head -c 3000 "$prog" >"$tmp/bad.ev"
run --replay tests/practice/healthy.ev --baseline "$tmp/bad.ev"
check 'baseline: a file that is none' [ $rc = 2 ]
run --replay tests/golden/cases/auth-key-rejected.ev --report "$tmp/case.msg"
check 'hand-over: within 12 lines of 80 columns' awk 'length > 80 { long = 1 } END { exit long || NR > 12 || NR < 9 }' "$tmp/case.msg"
check 'hand-over: private' [ "$(stat -c %a "$tmp/case.msg")" = 600 ]
# The table, once all have ended: in lines, with names and without. Names that texts use as words are names, too.
( sleep 2; echo q ) | timeout 30 "$prog" -F "$tmp/many.conf" -t 2 --accessible one two three >"$tmp/out" 2>"$tmp/err"
says 'linear: a table of several targets' '^3 targets, worst first'
check 'linear: a row a target' [ "$(grep -cE '^. (one|two|three) +FAIL ' "$tmp/out")" = 3 ]
( sleep 2; echo q ) | timeout 30 "$prog" -F "$tmp/many.conf" -t 2 --accessible --redact one two three >"$tmp/out" 2>"$tmp/err"
check 'linear: a row a hidden target' [ "$(grep -cE '^. host-[A-C] +FAIL ' "$tmp/out")" = 3 ]
check 'linear: a table without names' sh -c "! grep -qwE 'one|two|three' '$tmp/out'"
timeout 60 "$prog" -F "$tmp/many.conf" -t 2 --plain --redact one two three >"$tmp/out" 2>"$tmp/err"
check 'plain: a table without names' [ "$(grep -cE '^host-[A-C] +fail ' "$tmp/out")" = 3 ]
linear recording '1\nEsc\n\ne\nno-such\n/\nrefused\nq\n' --replay tests/golden/cases/auth-key-rejected.ev
check 'linear: exit code' [ $rc = 11 ]
says 'linear: a layer' '^2 authentication: fail'
check 'linear: each layer once' [ "$(grep -c '^1 transport:' "$tmp/out")" = 1 ]
says 'linear: a numbered fix' '^Fix 1: '
says 'linear: a fix whole' '^Risk +low'
check 'linear: Enter repeats the verdict' [ "$(grep -c '^AUTHENTICATION FAILED' "$tmp/out")" = 2 ]
says 'linear: a line of evidence' '^Evidence [0-9]+ of [0-9]+: '
says 'linear: an unknown command' '^No such command'
check 'linear: no control characters' sh -c "! LC_ALL=C grep -q '[[:cntrl:]]' '$tmp/out'"
linear 'names hidden' '\n1\nEsc\ne\nw\naccept\nw\nmove-down\naccept\nY\nq\n' --redact --keep --replay $rejected
says 'linear: names hidden' 'none of your keys for user-1'
says 'linear: a hand-over saved' '^saved .*sshmedic-host-A-.*\.msg \(names hidden\)'
says 'linear: a report saved' '^saved .*sshmedic-host-A-.*\.md \(names hidden\)'
says 'linear: a report kept' '^Target: user-1 at host-A'
check 'linear: no name' sh -c "! grep -qE '$names' '$tmp/out' '$tmp/err'"
linear practice '' --practice=key-rejected
check 'linear: told to its end where nobody asks' [ $rc = 0 ]
says 'linear: live' '^AUTHENTICATION FAILED'
linear 'long line' "$(head -c 5000 /dev/zero | tr '\0' x)\nq\n" --replay tests/golden/cases/auth-key-rejected.ev
says 'linear: a long line' '^That line is too long'

# ---- a drill: nothing of what was found before the answer ----

cat >"$tmp/drill.py" <<'END'
import subprocess, sys
p = subprocess.Popen([sys.argv[1], "--drill", "--plain", "--practice=key-rejected"],
                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
before = []
def until(words):
    for line in p.stdout:
        before.append(line)
        if words in line:
            return
    sys.exit("not seen: " + words)
until("Type a to name your verdict")
assert not any("auth-key-rejected" in l or "Fix 1" in l or "Finding 1" in l for l in before), before
p.stdin.write("Y\na\n2\n")
until("what is it? (authentication)")
until("Type its number")
at = next(l.split()[0] for l in before if " " + sys.argv[2] + " " in l)
p.stdin.write(at + "\n")
until(sys.argv[3])
until("Decides:")
until("Fix 1: ")
p.stdin.write("q\n")
assert any("first name your verdict" in l for l in before), before
sys.exit(p.wait())
END
check 'a drill: right' timeout 20 python3 "$tmp/drill.py" "$prog" auth-key-rejected 'RIGHT: '
check 'a drill: not quite' timeout 20 python3 "$tmp/drill.py" "$prog" auth-disconnected 'NOT QUITE: '
refused 'a drill for a program' --drill --json
refused 'a drill and a target' --drill web1
real --json -t 1 --practice=random
check 'any practice' [ $rc != 2 ]

# ---- --pace ----
refused 'pace: without a replay' --pace 127.0.0.1
refused 'pace: no number' --pace=quick --replay tests/practice/healthy.ev
refused 'pace: no time at all' --pace=0 --replay tests/practice/healthy.ev
run --pace --plain --replay tests/practice/healthy.ev
check 'pace: text is at once' [ $rc = 0 ]

# ---- the README's line for Prometheus, as it stands there ----
if command -v jq >/dev/null; then
	awk '$0 == "<!-- prometheus -->" { on = 1; next } on && /^```/ { if (inside) exit; inside = 1; next } on && inside' README.md >"$tmp/prom.sh"
	mkdir "$tmp/prom" "$tmp/prom/bin"
	# Two hosts that are not there: the line is about the shape of the report, not about what it says.
	printf '#!/bin/sh\nexec "%s" "$@" -p 1 -t 2\n' "$prog" >"$tmp/prom/bin/sshmedic"
	chmod 755 "$tmp/prom/bin/sshmedic"
	sed -i 's/web1 web2/127.0.0.1 127.0.0.2/' "$tmp/prom.sh"
	check 'prometheus: the line runs' sh -c "cd '$tmp/prom' && PATH='$tmp/prom/bin:$PATH' sh '$tmp/prom.sh'"
	check 'prometheus: a state each' [ "$(grep -c '^sshmedic_transport_ok{host="127.0.0.[12]"} 0$' "$tmp/prom/sshmedic.prom")" = 2 ]
	check 'prometheus: a time each' [ "$(grep -cE '^sshmedic_transport_ms\{host="127.0.0.[12]"\} [0-9.]+$' "$tmp/prom/sshmedic.prom")" = 2 ]
fi

# ---- the README's tasks for Ansible, as they stand there: the reason is what a person sees ----
if command -v ansible-playbook >/dev/null; then
	mkdir -p "$tmp/ansible/bin"
	printf -- '- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n' >"$tmp/ansible/play.yml"
	awk '$0 == "<!-- ansible -->" { on = 1; next } on && /^```/ { if (inside) exit; inside = 1; next } on && inside { print "    " $0 }' README.md >>"$tmp/ansible/play.yml"
	printf '#!/bin/sh\nexec "%s" --json --replay "%s"\n' "$prog" "$PWD/tests/practice/key-rejected.ev" >"$tmp/ansible/bin/sshmedic"
	chmod 755 "$tmp/ansible/bin/sshmedic"
	HOME=$tmp PATH=$tmp/ansible/bin:$PATH timeout 60 ansible-playbook -i localhost, "$tmp/ansible/play.yml" >"$tmp/out" 2>"$tmp/err"
	check 'ansible: why the login fails is said' grep -q '"msg": "the server accepts none of your keys' "$tmp/out"
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]

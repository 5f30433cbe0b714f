#!/bin/bash
# Practice runs and their recordings in tests/practice/: a fresh run of each case
# says what the replay of its recording says: finding, certainty, states of the
# layers, fixes. So the pictures made of the recordings are what anybody sees.
#
#   BUILD=build bash tests/practice.sh [--record [CASE ...]]     --record: write recordings anew
#
# A recording is as the run wrote it, but for the folder and the port that the
# practice made up for it.

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) prog=$BUILD/sshmedic ;; *) prog=$PWD/$BUILD/sshmedic ;; esac
at=tests/practice
[ -x "$prog" ] || { echo "$prog is not built"; exit 1; }
export BUILD LC_ALL=C.UTF-8 TMPDIR=/tmp
unset SSH_AUTH_SOCK SSH_CONNECTION XDG_RUNTIME_DIR XDG_CONFIG_HOME

# limit CASE: of a step, in seconds; where the other side is silent it is waited for
limit() {
	case $1 in silent-banner | agent-hangs) echo 1 ;; timeout) echo 4 ;; *) echo 3 ;; esac
}

record() { # record CASE: a run into its file
	local port to=2222
	rm -f "$tmp/$1.ev"
	"$prog" --practice="$1" -t "$(limit "$1")" --record "$tmp/$1.ev" --json >/dev/null || return 1
	port=$(sed -n 's/.* config.value name=port value=\([0-9]*\)$/\1/p' "$tmp/$1.ev" | head -n 1)
	grep -q ' port=2222 ' "$tmp/$1.ev" && to=2022 # the run looked there, and found something else
	sed -E "s|/tmp/sshmedic-practice-[A-Za-z0-9]+|/tmp/practice|g; s/\\b${port:-no port}\\b/$to/g" "$tmp/$1.ev" >"$at/$1.ev"
}

fresh() { # fresh CASE: a run and the replay of its recording, each into its file
	"$prog" --practice="$1" -t "$(limit "$1")" --json >"$tmp/$1.run" 2>"$tmp/$1.err"
	echo $? >"$tmp/$1.rc"
	"$prog" --replay "$at/$1.ev" --json >"$tmp/$1.replay" 2>/dev/null
}

if [ "$1" = --one ]; then # one of those below, in their folder
	tmp=$2
	"$3" "$4"
	exit
fi
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export HOME=$tmp
job=fresh
[ "$1" = --record ] && { job=record; shift; }
[ $# -gt 0 ] || mapfile -t all < <("$prog" --list-practice | awk '{ print $1 }')
[ $# -gt 0 ] || set -- "${all[@]}"
# Most of the time a case waits for the other side: several at a time.
printf '%s\n' "$@" | xargs -P 4 -I '{}' bash "$here/practice.sh" --one "$tmp" $job '{}'
if [ $job = record ]; then
	for id; do
		[ -s "$at/$id.ev" ] || { echo "FAIL $id: no recording"; exit 1; }
	done
	exit 0
fi
python3 - "$tmp" "$@" <<'END'
import json, sys

def gist(r):
    """What a report says, without what differs from run to run: that this machine is busy, for one."""
    yield [r["verdict"][k] for k in ("finding", "layer", "certainty", "candidates")]
    for l in r["layers"]:
        yield l["id"], "pass" if (l["id"], l["state"]) == ("performance", "warn") else l["state"]
    for f in r["findings"]:
        if (f["layer"], f["severity"]) != ("performance", "warn"):
            yield f["id"], f["severity"], f["certainty"], [x["id"] for x in f["fixes"]]

passed = failed = skipped = 0
for id in sys.argv[2:]:
    why = []
    try:
        if "needs sshd" in open("%s/%s.err" % (sys.argv[1], id)).read():
            skipped += 1
            continue
        rc = open("%s/%s.rc" % (sys.argv[1], id)).read().strip()
        if rc != "0":
            why.append("the fresh run ended with " + rc + " " + open("%s/%s.err" % (sys.argv[1], id)).read())
        run, replay = ([*gist(json.load(open("%s/%s.%s" % (sys.argv[1], id, w))))] for w in ("run", "replay"))
        why += ["- %s" % (x,) for x in replay if x not in run] + ["+ %s" % (x,) for x in run if x not in replay]
    except (OSError, ValueError) as e:
        why.append(repr(e))
    if why:
        print("FAIL", id, *why, sep="\n  ")
        try:
            for e in json.load(open("%s/%s.run" % (sys.argv[1], id)))["evidence"]:
                if e["kind"].split(".")[0] in ("session", "proof", "auth", "disconnect"):
                    print("    ", e["n"], e["at_ms"], e["kind"], e["text"][:120])
        except (OSError, ValueError):
            pass
    failed += bool(why)
    passed += not why
if skipped:
    print("%d skipped: sshd does not run here (openssh-server)" % skipped)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0 or passed == 0)
END

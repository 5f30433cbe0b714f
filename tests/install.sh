#!/bin/bash
# What `make install` puts where, that `make uninstall` takes it away again, that the installed program
# finds its themes, and that the completions of the shells name every option and complete.
#
#   BUILD=build bash tests/install.sh     ends with "N passed, N failed"

cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
[ -x "$BUILD/sshmedic" ] || { echo "no $BUILD/sshmedic: build first"; exit 1; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0
check() { # check NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name: $(head -n 3 "$tmp/said")"
	fi
}
with_shell() { # SHELL NAME COMMAND...: where that shell is installed
	command -v "$1" >/dev/null || return
	shift
	check "$@"
}

# -o: the program as it is, whatever the build's other settings are.
install() { make -s -o all "$1" BUILD="$BUILD" DESTDIR="$tmp/root" PREFIX=/usr; }
check 'make install' install install
share=$tmp/root/usr/share
for f in "$tmp/root/usr/bin/sshmedic" "$share/man/man1/sshmedic.1" "$share/man/man5/sshmedic-config.5" \
    "$share/bash-completion/completions/sshmedic" "$share/zsh/site-functions/_sshmedic" \
    "$share/fish/vendor_completions.d/sshmedic.fish" "$share/doc/sshmedic/examples/config" \
    "$share/doc/sshmedic/examples/notes/hostkey-changed.md"; do
	check "installed: $f" test -s "$f"
done
check 'every theme is installed' diff -r themes "$share/sshmedic/themes"
check 'the installed themes are found' env XDG_DATA_DIRS="$share" sh -c \
    "'$tmp/root/usr/bin/sshmedic' --list-themes | grep -q '^amber .*$share/sshmedic'"
check 'the example of a configuration is one' env XDG_CONFIG_HOME="$tmp/config" sh -c "
	mkdir -p '$tmp/config/sshmedic' && sed 's/^#\([a-z]\)/\1/' '$share/doc/sshmedic/examples/config' >'$tmp/config/sshmedic/config' &&
	'$BUILD/sshmedic' --print-config 2>&1 >/dev/null | (! grep .)"
check 'no private path in the example' sh -c "! grep -e /home -e '$tmp' '$share/doc/sshmedic/examples/config'"

# A sentence of its own for each option: a line of --help that names several is none.
sed -n '/^.SH OPTIONS/,/^.SH KEYS/p' "$share/man/man1/sshmedic.1" | grep -v '^\.' | sort | uniq -d >"$tmp/same"
check "sshmedic.1: each option says what it does: $(head -n 1 "$tmp/same")" test ! -s "$tmp/same"
check 'sshmedic.1: no option without words' sh -c "! sed -n '/^.SH OPTIONS/,/^.SH KEYS/p' '$share/man/man1/sshmedic.1' | grep -qx ''"

# ---- completions ----
bash=$share/bash-completion/completions/sshmedic
sed -n 's/^OPTION([A-Z0-9_]*, [^,]*, "\([a-z-]*\)".*/\1/p' tui/option.def >"$tmp/options"
check 'there are options' test -s "$tmp/options"
while read -r name; do
	check "bash: --$name" grep -q -e "--$name " "$bash"
	check "zsh: --$name" grep -q -e "'\*--${name}[=[]" "$share/zsh/site-functions/_sshmedic"
	check "fish: --$name" grep -q -e " -l $name " "$share/fish/vendor_completions.d/sshmedic.fish"
done <"$tmp/options"
with_shell zsh 'zsh takes its file' zsh -n "$share/zsh/site-functions/_sshmedic"
with_shell fish 'fish takes its file' fish -n "$share/fish/vendor_completions.d/sshmedic.fish"

# completes WORD... -- EXPECTED...: what Tab offers at the end of these words.
mkdir -p "$tmp/home/.ssh"
printf 'Host web1 web2 *.lab\n  User alice\nHost db1\n' >"$tmp/home/.ssh/config"
cat >"$tmp/tab.sh" <<'END'
. "$1"
shift
COMP_WORDS=(sshmedic "$@") COMP_CWORD=$#
_sshmedic
printf '%s\n' "${COMPREPLY[@]}"
END
completes() { # NAME EXPECTED WORD...
	local want=$2 name=$1
	shift 2
	HOME=$tmp/home PATH=$tmp/root/usr/bin:$PATH bash "$tmp/tab.sh" "$bash" "$@" 2>&1 | sort | tr '\n' ' ' >"$tmp/got"
	check "bash: $name: $(cat "$tmp/got") is not $want" test "$(cat "$tmp/got")" = "$want "
}
completes 'an option' '--json --jsonl' --js
completes 'a host' 'web1 web2' we
completes 'a host behind its user' 'bob@db1' bob@d
completes 'words of a setting' '16' --color 1
completes 'words behind =' 'always' --redact = a
completes 'a list of the program' 'healthy' --practice = healthy
completes 'nothing for a number' '' --pace = ''
completes 'a finding' 'hostkey-changed' --explain hostkey-ch
touch "$tmp/home/bug.ev"
completes 'a file' "$tmp/home/bug.ev" --replay "$tmp/home/bu"
with_shell zsh 'zsh completes an option' zsh -f -c "
	fpath=($share/zsh/site-functions \$fpath); autoload -U compinit; compinit -u -d '$tmp/dump'
	[ \"\$_comps[sshmedic]\" = _sshmedic ]"
with_shell fish 'fish has nothing to say when it reads its file' sh -c "HOME=$tmp/home XDG_CONFIG_HOME=$tmp/none XDG_DATA_HOME=$tmp/none \
	fish -c 'source $share/fish/vendor_completions.d/sshmedic.fish' 2>&1 | (! grep .)"
with_shell zsh 'zsh completes the hosts of ssh_config' grep -q "host:{compset.*_ssh_hosts}'" "$share/zsh/site-functions/_sshmedic"
with_shell fish 'fish completes an option' sh -c "HOME=$tmp/home XDG_CONFIG_HOME=$tmp/none XDG_DATA_HOME=$tmp/none fish -c \
	'source $share/fish/vendor_completions.d/sshmedic.fish; complete -C \"sshmedic --js\"' | grep -q -e --jsonl"

# A blank in a folder's name would make two names of one, for rm -rf too.
mkdir -p "$tmp/a b" "$tmp/a/usr/share"
for goal in install uninstall; do
	check "make $goal: a blank is refused" sh -c "! make -s -o all $goal BUILD='$BUILD' DESTDIR='$tmp/a b' PREFIX=/usr"
done
check 'a blank: nothing is removed' test -d "$tmp/a/usr/share"
check 'make uninstall' install uninstall
check 'nothing is left' sh -c "! find '$tmp/root' -type f | grep ."
echo "$passed passed, $failed failed"
[ $failed = 0 ]

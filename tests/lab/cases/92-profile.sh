# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The last good run of a host: kept by itself when a login works, and what changed since shown when it works
# no more; by the reports, by b on the screen and by --baseline.

PROFILES=/home/alice/.local/state/sshmedic/profiles

# serve_anew OPTION...: the server ends, and another one starts with these lines.
serve_anew() {
	local p
	for p in "${KIT_JOBS[@]}"; do
		kill -TERM "$p"
		kit_gone "$p"
	done
	KIT_JOBS=()
	serve "$@"
}
serve_before() { serve_anew "HostKeyAlgorithms ssh-ed25519" "Ciphers aes256-ctr,aes128-ctr" "PasswordAuthentication yes" "MACs hmac-sha2-256"; }
serve_after() {
	serve_anew "HostKeyAlgorithms rsa-sha2-512" "Ciphers aes128-ctr,aes256-gcm@openssh.com" "PasswordAuthentication no" "MACs hmac-sha2-256"
	authorized work_key
}
# compared: what the report says that changed, a line each; times are left out.
compared() {
	/usr/bin/python3 -I -S -c 'import json, sys
w = json.load(open(sys.argv[1]))["baseline"]
for c in w["changes"] if w else ["nothing to compare with"]:
    if isinstance(c, str):
        print(c)
    elif not c["what"].startswith("time "):
        print("%s: %s -> %s" % (c["what"], c["before"] or "", c["now"] or ""))' "$OUT"
}
fp() { ssh-keygen -lf "$LAB/keys/$1.pub" | cut -d' ' -f2; }
all_that_changed() {
	cat <<-END
		host key: $(fp host) -> $(fp host_rsa)
		host key algorithms: ssh-ed25519 -> rsa-sha2-512
		ciphers to the server: aes256-ctr -> aes256-gcm@openssh.com
		ciphers from the server: aes256-ctr -> aes256-gcm@openssh.com
		methods: password -> 
	END
}
same() { # same WORDS WANTED GOT
	[ "$2" = "$3" ] || fail "$1: $(diff <(echo "$2") <(echo "$3") | grep '^[<>]' | tr '\n' ' ')"
}
profile_files() { lab_client sh -c 'cd "$1" 2>/dev/null && find . -type f -printf "%f %m\n"' sh "$PROFILES"; }

row profile-kept - - 0 ''
case_profile-kept() {
	local f
	serve_before
	if [ "$TOOL" = ssh ]; then
		medic web.lab
		return
	fi
	CONNS=2
	medic web.lab
	[ "$RC" = 0 ] || fail "the login does not work: exit $RC"
	same "the profile" "web.lab+22+alice.ev 600" "$(profile_files)"
	[ "$(lab_client stat -c %a "$PROFILES")" = 700 ] || fail "others may look into the folder"
	# Nothing of the user's own is in it: no key, no name of a file, no name of a key.
	for f in "$(fp id_ed25519)" "$(pub id_ed25519 | cut -d' ' -f2)" id_ed25519 /home authorized_keys known_hosts PRIVATE; do
		lab_client grep -q -F -e "$f" "$PROFILES/web.lab+22+alice.ev" && fail "the profile holds $f"
	done
	lab_client sh -c 'cp "$1"/*.ev /tmp/before.ev' sh "$PROFILES"
	lab_client mv /tmp/before.ev .ssh/before.ev
	# The same server: nothing has changed.
	medic --baseline .ssh/before.ev web.lab
	same "of the same server" "" "$(compared)"
	serve_after
	medic web.lab
	[ "$RC" = 11 ] || fail "exit $RC where no key is known"
	same "by itself" "$(all_that_changed)" "$(compared)"
	same "the profile of a run that failed" "$(lab_client cat .ssh/before.ev | grep -c .)" "$(lab_client cat "$PROFILES/web.lab+22+alice.ev" | grep -c .)"
	lab_client rm -r "$PROFILES"
	medic web.lab
	same "without a profile" "nothing to compare with" "$(compared)"
	medic --baseline .ssh/before.ev web.lab
	same "--baseline" "$(all_that_changed)" "$(compared)"
}

row profile-screen - - 0 'Permission denied'
case_profile-screen() {
	serve_before
	if [ "$TOOL" = ssh ]; then
		authorized work_key
		medic web.lab
		return
	fi
	screen_missing && return
	screen_up web.lab
	until_true 10 "the profile is kept" profile_is_there
	screen_down
	same "the profile" "web.lab+22+alice.ev 600" "$(profile_files)"
	serve_after
	screen_up web.lab
	expect 'it worked before: b shows what changed since'
	keys b
	expect 'What changed since it worked at 20[0-9-]+ [0-9:]+ UTC'
	until_true 5 "the old host key" words_on_screen "$(fp host) ->"
	until_true 5 "the new host key" words_on_screen "$(fp host_rsa)"
	expect 'host key algorithms'
	expect 'no longer: ssh-ed25519; new: rsa-sha2-512'
	expect 'no longer: aes256-ctr; new: aes256-gcm@openssh.com'
	expect 'no longer: password$|no longer: password[^a-z]'
	on_screen 'MACs' && fail "what did not change is shown"
	keys Escape
	screen_down
}
words_on_screen() { screen_text | grep -q -F -e "$1"; }
profile_is_there() { [ -n "$(profile_files)" ]; }

# Where nobody wants it, nothing is kept and nothing is read: by the settings, by --read-only; nor of a login that fails.
row profile-not-kept - - 0 ''
case_profile-not-kept() {
	serve_before
	if [ "$TOOL" = ssh ]; then
		medic web.lab
		return
	fi
	CONNS=2
	lab_client sh -c 'mkdir -p .config/sshmedic; printf "[privacy]\nprofile = no\n" >.config/sshmedic/config'
	no_trace 0 web.lab
	lab_client rm -r .config/sshmedic
	no_trace 0 --read-only web.lab
	authorized work_key
	no_trace 20 web.lab # a password is left
	authorized id_ed25519
	medic web.lab
	same "wanted" "web.lab+22+alice.ev 600" "$(profile_files)"
}
no_trace() { # EXIT ARGS...
	local want=$1
	shift
	medic "$@"
	[ "$RC" = "$want" ] || fail "$*: exit $RC: $(head -n 2 "$ERR" | tr "\n" " ")$(json ids)"
	same "$*" "" "$(profile_files)"
}

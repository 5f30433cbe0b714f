# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Changes on the server, as the engine makes them through another login: the fix cures and is kept by a new
# login, its undo leaves everything as it was, and the server undoes it by itself where nobody keeps it.

# server_state: name, mode, owner, age and text of what a change may touch, and the rules of the firewall.
server_state() {
	lab_server sh -c 'find /etc/ssh /etc/shadow /etc/passwd /home/alice ! -name .bash_history -printf "%p %y %m %U %G %l " \
		\( -type f -printf "%T@ " -exec cksum {} \; -o -printf "\n" \) 2>/dev/null | sort; nft -s list ruleset' |
		grep -v -e ' /etc/passwd$' -e ' /etc/shadow$'
	lab_server cat /etc/passwd /etc/shadow
}

# change FIX [OPTIONS...]: the fix for web.lab by the admin's login; RC, and its evidence in OUT.
change() {
	local fix=$1
	shift
	before=
	if [ ! -x "$BUILD/lab/serverfix" ]; then
		fail "$BUILD/lab/serverfix is not built"
		return
	fi
	lab_client_root tee /usr/local/bin/serverfix <"$BUILD/lab/serverfix" >/dev/null
	lab_client_root chmod 755 /usr/local/bin/serverfix
	before=$(server_state)
	lab_client timeout -k 1 60 serverfix -a adm "$@" web.lab "$fix" </dev/null >"$OUT" 2>"$ERR"
	RC=$?
}
# ends STATUS REGEX...: how it ended, and lines of the evidence that must be there.
ends() {
	[ "$RC" = "$1" ] || fail "serverfix ends with $RC, not $1: $(grep ' fix\.' "$OUT" | tail -n 3 | tr '\n' ' ') $(head -n 3 "$ERR")"
	shift
	for r in "$@"; do
		grep -q -e "$r" "$OUT" || fail "no line '$r': $(grep ' fix\.' "$OUT" | tr '\n' ' ')"
	done
}
logs_in() { # [USER@]HOST
	lab_client timeout 15 ssh -o BatchMode=yes -o ConnectTimeout=5 "$1" echo got-in </dev/null 2>"$ERR.login" | grep -q got-in
}
as_before() {
	local now
	now=$(server_state)
	[ "$before" = "$now" ] || fail "not as before: $(diff <(echo "$before") <(echo "$now") | head -n 6 | tr '\n' ' ')"
}
# fired: wait until the server has undone it by itself.
fired() {
	local i
	for ((i = 0; i < 1000; i++)); do
		lab_server sh -c 'grep -q -s -x state=fired /var/lib/sshmedic/*/report' && return 0
		sleep 0.02
	done
	fail "the roll-back does not fire: $(lab_server sh -c 'ls /var/lib/sshmedic/*')"
}
no_roll_back_left() { # after the case: none is armed, and none runs
	local i
	for ((i = 0; i < 200; i++)); do
		lab_server sh -c 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\000" " " | grep -q "guard[.]sh watch"' || break
		sleep 0.02
	done
	[ $i -lt 200 ] || fail "a roll-back is left running"
	lab_server rm -rf /var/lib/sshmedic
}

row serverfix-config - - 0 'Permission denied'
case_serverfix-config() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-pubkey-on
	ends 0 ' fix.preview ' ' fix.applied ' ' fix.kept .*works'
	logs_in web.lab || fail "the fix does not cure: $(tail -n 1 "$ERR.login")"
	no_roll_back_left
}
row serverfix-undo - - 0 'Permission denied'
case_serverfix-undo() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-pubkey-on -r
	ends 3 ' fix.kept ' ' fix.undone '
	as_before
	logs_in web.lab && fail "sshd has not read the old configuration"
	no_roll_back_left
}
row serverfix-modes - - 0 'Permission denied'
case_serverfix-modes() {
	serve_unit
	serve_admin
	lab_server chmod 777 /home/alice/.ssh
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-chmod
	ends 0 ' fix.kept '
	logs_in web.lab || fail "the fix does not cure: $(tail -n 1 "$ERR.login")"
	no_roll_back_left
}
row serverfix-account - - 0 'Permission denied'
case_serverfix-account() {
	serve_unit
	serve_admin
	lab_server usermod -p '!' alice
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-unlock -r
	ends 3 ' fix.kept .*works' ' fix.undone '
	as_before
	no_roll_back_left
}
row serverfix-start - - 0 'Connection refused'
case_serverfix-start() {
	unit_conf
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change start-unit
	ends 0 ' fix.kept .*works'
	logs_in web.lab || fail "the fix does not cure: $(tail -n 1 "$ERR.login")"
	no_roll_back_left
}
# A rule for the time being, beside those that are there.
row serverfix-nft - - 0 'timed out'
case_serverfix-nft() {
	serve_unit
	serve_admin
	rules_input server 'tcp dport 22 drop'
	STEP=2
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change open-nft
	ends 0 ' fix.kept .*works'
	logs_in web.lab || fail "the fix does not cure: $(tail -n 1 "$ERR.login")"
	lab_server nft list ruleset | grep -q 'sshmedic-' || fail "no rule of ours"
	no_roll_back_left
}
row serverfix-nft-undo - - 0 'timed out'
case_serverfix-nft-undo() {
	serve_unit
	serve_admin
	rules_input server 'tcp dport 22 drop'
	STEP=2
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change open-nft -r
	ends 3 ' fix.kept ' ' fix.undone '
	as_before
	no_roll_back_left
}

# The file holds a line that sshd has not read yet; the reload makes the login worse, and that is undone.
row serverfix-worse - - 0 'Permission denied'
case_serverfix-worse() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	lab_server sed -i '1i ListenAddress 127.0.0.1' /etc/ssh/sshd_config
	change server-pubkey-on
	ends 3 ' fix.applied ' ' fix.undone .*worse'
	as_before
	fired
	no_roll_back_left
}
# This program is killed as soon as the change is made: the server undoes it.
row serverfix-killed - - 0 'Permission denied'
case_serverfix-killed() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-pubkey-on -k fix.applied -w 2
	ends 137 ' fix.applied '
	fired
	as_before
	lab_server grep -q '^why=no new login said' "$(lab_server sh -c 'echo /var/lib/sshmedic/*/report')" || fail "the report does not say why"
	no_roll_back_left
}
# The change works, and the admin's new login does not.
row serverfix-no-admin - - 0 'Permission denied'
case_serverfix-no-admin() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-pubkey-on -u /home/alice/.ssh/admin -w 2
	ends 4 ' fix.applied ' ' fix.failed .*new login of the admin failed'
	fired
	as_before
	no_roll_back_left
}
# The admin's login comes by the same sshd, and a line that sshd has not read yet would keep it out.
row serverfix-lockout - - 0 'Permission denied'
case_serverfix-lockout() {
	serve_unit "Match User alice" "PubkeyAuthentication no" "Match All"
	lab_server sh -c 'mkdir -m 700 -p /root/.ssh && cp "$1/keys/work_key.pub" /root/.ssh/authorized_keys' sh "$LAB"
	key work_key admin
	home config <<-END
		Host adm
		    HostName web.lab
		    User root
		    IdentityFile ~/.ssh/admin
		    IdentitiesOnly yes
	END
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	logs_in adm || fail "the admin does not get in: $(tail -n 1 "$ERR.login")"
	lab_server sed -i '1i PermitRootLogin no' /etc/ssh/sshd_config
	change server-pubkey-on
	ends 3 ' fix.failed .*lockout-admin' ' fix.undone '
	as_before
	logs_in adm || fail "the admin is locked out"
	no_roll_back_left
}
# The admin is an ordinary user who may use sudo.
row serverfix-sudo - - 0 'Permission denied'
case_serverfix-sudo() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	command -v sudo >/dev/null || { fail "sudo is not installed"; return; }
	lab_server sh -c '[ -d /home/ops ] || { echo "ops:x:2109:2109::/home/ops:/bin/sh" >>/etc/passwd; echo "ops:x:2109:" >>/etc/group
		echo "ops:*:19000:0:99999:7:::" >>/etc/shadow; mkdir -p /home/ops; chown 2109:2109 /home/ops; }
		echo "ops ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/ops && chmod 440 /etc/sudoers.d/ops'
	lab_client sed -i 's/User root/User ops/' .ssh/config
	change server-pubkey-on -r
	ends 3 ' fix.kept .*works' ' fix.undone '
	as_before
	no_roll_back_left
}
# On the server itself, by root.
row serverfix-local - - 0 'Connection refused'
case_serverfix-local() {
	unit_conf
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	lab_server tee /usr/local/bin/serverfix <"$BUILD/lab/serverfix" >/dev/null
	lab_server chmod 755 /usr/local/bin/serverfix
	lab_server timeout -k 1 60 serverfix alice@127.0.0.1 start-unit </dev/null >"$OUT" 2>"$ERR"
	RC=$?
	ends 0 ' fix.applied ' ' fix.kept .*further'
	lab_server systemctl is-active ssh >/dev/null || fail "sshd does not run"
	no_roll_back_left
}

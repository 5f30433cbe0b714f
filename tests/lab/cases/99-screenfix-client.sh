# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The other fixes by the screen's own keys, as in 98-screenfix-more.sh: command lines to log in with that are for once,
# what asks a person, what c copies for a person's own hands, and what mends a login that works, only not well.

# copied: the command that the screen shows, as c copies it; into COMMAND.
copied() {
	COMMAND=
	[ ${#FAILS[@]} -eq 0 ] || return
	keys c
	until_true 10 "c copies the command" has_copied
	COMMAND=$(screen_tmux show-buffer)
}
has_copied() { screen_tmux show-buffer >/dev/null 2>&1; }
# logs_in_by COMMAND: that very line logs in, as plain ssh of the client's user.
logs_in_by() {
	[ ${#FAILS[@]} -eq 0 ] || return
	lab_client timeout 15 bash -c "$1 -o BatchMode=yes echo got-in" </dev/null 2>"$ERR.login" | grep -q got-in ||
		fail "the line of the screen does not log in: $1: $(tail -n 1 "$ERR.login")"
}

# ---- a command line for once: nothing to keep, nothing to undo ---------------------------

# once_here SITUATION TITLE WORD: y tries the line, which has that word, and the line that c copies logs in.
once_here() {
	"situation_$1"
	screen_begins -t 2 "${WHERE:-web.lab}" || { after "$1"; return; }
	fix_shown "$2"
	expect 'Nothing is done before y'
	copied
	[[ $COMMAND == "ssh "* && $COMMAND == *"$3"* ]] || fail "the screen shows '$COMMAND', without $3"
	keys y
	expect 'FIXED: the finding is gone' 40
	keys s
	expect 'there is nothing to keep'
	keys u
	expect 'nothing was applied here'
	ssh_as_before
	logs_in_by "$COMMAND"
	screen_down
	stays_out
	after "$1"
}
# once NAME SITUATION REGEX TITLE WORD: a case of that.
once() {
	row "screenfix-$1" - - 0 "$3"
	eval "case_screenfix-$1() { LIMIT=3; once_here $2 $(printf '%q %q' "$4" "$5"); }"
}
# ssh looks for the name in a domain that does not have it, and may not take it as it was typed.
situation_other-domain() {
	serve
	printf '%s\n' "CanonicalizeHostname yes" "CanonicalDomains nosuch.lab" "CanonicalizeFallbackLocal no" | home config
}
situation_bound-elsewhere() {
	serve
	printf '%s\n' "Host *" "	BindInterface wg7" | home config
}
situation_old-hosts-line() {
	serve "ListenAddress 10.77.2.2"
	hosts_line "10.77.2.3 db.lab WEB.lab" >"$LOG.line"
}
after_old-hosts-line() { no_hosts_line; }
situation_short-host-key() {
	serve "HostKeyAlgorithms rsa-sha2-512"
	printf '%s\n' "Host *" "	RequiredRSASize 3072" | home config
}
situation_short-key() {
	serve
	rsa_key
	printf '%s\n' "Host *" "	RequiredRSASize 3072" | home config
}
once empty-config other-domain 'Could not resolve host' 'Log in without any configuration file' '-F none'
once bind-any bound-elsewhere 'getifaddrs: wg7: no suitable addresses' 'Let this machine choose the address' Bind
once dns-address old-hosts-line 'Connection refused' 'Log in at the address that DNS gives' HostName=10.77.2.2
once short-host-key short-host-key 'Bad server host key: Invalid key length' 'Allow the short host key' RequiredRSASize=1024
once short-key short-key 'Permission denied \(publickey\)' 'Allow the short key' RequiredRSASize=1024

# ---- a command line that can be kept, for a login that works but not well -----------------

# kept_here SITUATION TITLE [SSHMEDIC'S WORDS...]: as with fix_here; WORKS says what is well.
kept_here() {
	local what=$1 title=$2
	shift 2
	"situation_$what"
	[ "$TOOL" != ssh ] || [ -z "${WORKS:-}" ] || ! $WORKS || fail "all is well without the fix"
	screen_begins "${@:-web.lab}" || { after "$what"; return; }
	kept "$title"
	undone_by_key
	after "$what"
}

# One family is dead, and ssh waits for it.
situation_one-family() {
	serve
	rules_forward router 'ip6 daddr fd77:2::2 tcp dport 22 drop'
	WORKS=dual_at_once
}
dual_at_once() { lab_client timeout 1.5 ssh -o BatchMode=yes dual.lab echo got-in </dev/null 2>"$ERR.login" | grep -q got-in; }
row screenfix-one-family - - 0 'exit 124'
case_screenfix-one-family() {
	LIMIT=2
	kept_here one-family 'Log in by the family that answers' -t 2 dual.lab
	[ "$TOOL" = ssh ] || [ ${#FAILS[@]} -gt 0 ] || ! dual_at_once || fail "the other family is not dead"
}

# A server that hangs where it is offered many key exchanges, and not where it is offered one.
situation_many-exchanges() {
	serve "Port 2201"
	odd 22 stall-many 2201
	WORKS=logs_in_soon
}
logs_in_soon() { lab_client timeout 2 ssh -o BatchMode=yes web.lab echo got-in </dev/null 2>"$ERR.login" | grep -q got-in; }
row screenfix-other-exchange - - 0 'exit 124'
case_screenfix-other-exchange() {
	LIMIT=2
	kept_here many-exchanges 'Log in with another key exchange' -t 1 web.lab
}

# ssh waits for tickets that never come, and then logs in by its key.
situation_no-tickets() {
	serve "GSSAPIAuthentication yes"
	ticket 10.77.2.2
	rules_input server 'meta l4proto { tcp, udp } th dport 88 drop'
	home config <<<"GSSAPIAuthentication yes"
	WORKS=logs_in_soon
}
row screenfix-gssapi - - 0
case_screenfix-gssapi() {
	kept_here no-tickets 'Log in without GSSAPI'
}

# The server gives no terminal, and ssh ends where the configuration asks for one.
situation_no-terminal() {
	serve "PermitTTY no"
	printf '%s\n' "Host *.lab" "	RequestTTY force" | home config
}
row screenfix-no-terminal - - 0 'PTY allocation request failed'
case_screenfix-no-terminal() {
	kept_here no-terminal 'Log in without a terminal'
}

# The server has no entry for this terminal.
situation_other-terminal() {
	serve
	own_terminal
	SCREEN_TERM=lab-term
	WORKS=knows_terminal
}
knows_terminal() { lab_client ssh -tt -o BatchMode=yes web.lab 'infocmp >/dev/null' >/dev/null 2>"$ERR.login" </dev/null; }
row screenfix-other-terminal - - 0
case_screenfix-other-terminal() {
	kept_here other-terminal 'Log in as a terminal that it knows'
}

# Untrusted forwarding of X11 without the program that makes its cookie.
situation_no-xauth() {
	x11_server DISPLAY=:7
	fwd_config "ForwardX11 yes" "ForwardX11Trusted no" "XAuthLocation /opt/none/xauth"
	WORKS=gets_display
}
gets_display() { [ -n "$(lab_client ssh -o BatchMode=yes web.lab 'echo $DISPLAY' 2>"$ERR.login" </dev/null)" ]; }
once trusted-x11 no-xauth 'untrusted X11 forwarding setup failed' 'Log in with trusted X11 forwarding' -Y

# ---- the shared connection -----------------------------------------------------------------

# The master lives, and its network is gone: each login in it would wait.
row screenfix-end-master - - 0 'exit 124'
case_screenfix-end-master() {
	local port
	serve
	mux_config auto
	mux_master
	port=$(lab_client_root ss -Htn state established '( dport = :22 )' | awk '{ sub(/.*:/, "", $3); print $3; exit }')
	rules_input server "tcp sport $port drop"
	LIMIT=3
	screen_begins -t 2 web.lab || return
	run_here 'End the shared connection'
	until_true 5 "the master is gone" master_is_gone
}
# A full one: each further ssh complains of it.
row screenfix-stop-master - - 0 'Session open refused by peer'
case_screenfix-stop-master() {
	serve "MaxSessions 1"
	mux_config auto
	mux_master
	lab_client ssh -o BatchMode=yes web.lab sleep 60 </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	kit_wait "$LOG.0" "Starting session: command" 5
	screen_begins web.lab || return
	run_here 'Let the shared connection take no new sessions'
	grep -q refused "$ERR.login" && fail "ssh still complains: $(cat "$ERR.login")"
	master_is_gone && fail "the master is gone, and what ran in it"
}

# ---- what a person does by hand: c copies it, r sees that it helped ------------------------

# by_hand SITUATION TITLE WHO UNDO: the command that c copies is run as it stands, by WHO (lab_client, lab_client_root,
# lab_server); r no longer finds the fault; and the undo, as it stands too, makes all as before.
by_hand() {
	"situation_$1"
	screen_begins ${ADMIN:+--admin adm} ${LIMIT:+-t 2} "${WHERE:-web.lab}" || { after "$1"; return; }
	fix_shown "$2"
	expect 'Nothing is run from here: copy the command with c'
	copied
	keys y
	expect 'not applied from here'
	ssh_as_before
	[ ${#FAILS[@]} -gt 0 ] || "$3" timeout 15 bash -c "$COMMAND" </dev/null >"$ERR.hand" 2>&1 || fail "it fails: $COMMAND: $(head -n 2 "$ERR.hand")"
	keys Escape
	keys r
	expect 'HEALTHY' 40
	gets_in
	[ ${#FAILS[@]} -gt 0 ] || "$3" bash -c "$4" </dev/null >"$ERR.hand" 2>&1 || fail "the undo fails: $4: $(head -n 2 "$ERR.hand")"
	ssh_as_before
	stays_out
	screen_down
	after "$1"
}
situation_other-public-half() {
	serve
	pub work_key | home id_ed25519.pub
}
row screenfix-rebuild-pub - - 0 'Permission denied \(publickey\)'
case_screenfix-rebuild-pub() {
	by_hand other-public-half 'Make the public half anew' lab_client 'cd .ssh && mv -- id_ed25519.pub.old id_ed25519.pub'
}
situation_hop-open-key() {
	chain
	lab_client chmod 644 .ssh/id_ed25519
	key work_key
	authorized work_key
	printf '%s\n' "Host web.lab" "	ProxyJump hop1" "	IdentityFile ~/.ssh/work_key" | lab_client sh -c 'cat >>.ssh/config'
	lab_server sh -c 'cat "$1" >>/home/alice/.ssh/authorized_keys' sh "$LAB/keys/id_ed25519.pub"
}
row screenfix-hop-repair - - 0 'UNPROTECTED PRIVATE KEY FILE'
case_screenfix-hop-repair() {
	by_hand hop-open-key 'Repair what keeps the jump host from letting you in' lab_client 'chmod 644 .ssh/id_ed25519'
}
situation_unknown-terminal() {
	serve
	own_terminal
	SCREEN_TERM=lab-term
	WORKS=knows_terminal
}
row screenfix-terminal-entry - - 0
case_screenfix-terminal-entry() {
	by_hand unknown-terminal "Give the server your terminal's entry" lab_client 'ssh web.lab "rm ~/.terminfo/?/lab-term"'
	lab_server rm -rf /home/alice/.terminfo
}

# ---- on the server, by the admin's login: the login works, and something does not -------------

# there_home: alice's keys are found without her home.
there_home() {
	serve_unit "AuthorizedKeysFile /etc/ssh/keys.%u"
	serve_admin
	lab_server cp /home/alice/.ssh/authorized_keys /etc/ssh/keys.alice
	WORKS=is_at_home
}
is_at_home() { [ "$(lab_client ssh -o BatchMode=yes web.lab pwd 2>"$ERR.login" </dev/null)" = /home/alice ]; }
there_no-home() {
	there_home
	lab_server mv /home/alice /home/away
	echo 'unset HISTFILE' | lab_server tee /etc/profile.d/lab.sh >/dev/null # a home with a history in it is not removed
}
after_no-home() { lab_server mv /home/away /home/alice; }
there_closed-home() {
	there_home
	lab_server sh -c 'chown root:root /home/alice; chmod 700 /home/alice'
}
after_closed-home() { lab_server chown 2101:2101 /home/alice; }
there_talking-startup() {
	serve_unit "Subsystem sftp /usr/lib/openssh/sftp-server"
	serve_admin
	startup .bashrc 'echo Welcome aboard'
	WORKS=sftp_works
}
sftp_works() { lab_client sftp -b /dev/null web.lab >/dev/null 2>"$ERR.login"; }
there_no-sftp() {
	serve_unit "Subsystem other /bin/false"
	serve_admin
	WORKS=sftp_works
}
there_no-terminals() {
	serve_unit "PermitTTY no"
	serve_admin
	WORKS=gets_terminal
}
gets_terminal() { lab_client ssh -tt -o BatchMode=yes web.lab tty 2>"$ERR.login" </dev/null | grep -q /dev/pts; }
there_slow-names() {
	serve_unit "UseDNS yes"
	serve_admin
	rules_input router 'iifname "r1" udp dport 53 drop'
	WORKS=logs_in_soon
}
there no-home '' 'Make the home directory'
there closed-home '' 'Let the account into its home directory'
there talking-startup '' 'Let .bashrc do nothing'
there no-sftp '' 'Give the server its sftp subsystem'
there no-terminals '' 'Allow terminals on the server'
there slow-names '' "Turn the server's look-up of your name off"

# Another service holds the port. It tells its unit as one of systemd does, by its control group.
there_port-held() {
	unit_conf
	serve_admin
	printf '%s\n' "0::/system.slice/other.service" | lab_server sh -c 'cat >/run/unit/cgroup'
	printf '%s\n' 'mount --bind /run/unit/cgroup /proc/$$/cgroup' "exec /usr/bin/python3 -I -S $LAB/tools/odd.py tcp 22 closed" |
		lab_server sh -c 'cat >/run/unit/other.run; systemctl start other; systemctl start ssh' 2>/dev/null
}
there port-held 'onnection closed|exchange_identification' 'Stop the unit that holds the port'
# ... or a program of no unit: nothing starts it again, so that the screen does not end it.
situation_port-taken() {
	unit_conf
	odd 22 closed
	lab_server systemctl start ssh 2>/dev/null
	serve_admin
}
row screenfix-kill-holder - - 0 'onnection closed|exchange_identification'
case_screenfix-kill-holder() {
	ADMIN=1 by_hand port-taken 'End the program that holds the port' lab_server \
	    "systemctl stop ssh; setsid /usr/bin/python3 -I -S $LAB/tools/odd.py tcp 22 closed >/dev/null 2>&1 & sleep 0.3"
}

# ---- what takes sudo ----------------------------------------------------------------------------

may_sudo() { lab_client_root sh -c 'echo "alice ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/lab; chmod 440 /etc/sudoers.d/lab'; }
no_sudo() { lab_client_root rm -f /etc/sudoers.d/lab; }
situation_small-path() {
	lab_rtt 20 0 700 65535
	serve
	may_sudo
	LIMIT=3 WHERE=far.lab WORKS=far_logs_in
}
far_logs_in() { lab_client timeout 2 ssh -o BatchMode=yes far.lab echo got-in </dev/null 2>"$ERR.login" | grep -q got-in; }
after_small-path() {
	no_sudo
	lab_rtt 0
}
row screenfix-small-packets - - 0 'exit 124'
case_screenfix-small-packets() {
	by_hand small-path 'Send this host small packets only' lab_client 'sudo ip route del 10.88.0.2'
	lab_client ip route | grep -q -e mtu -e '^10.88.0.2 ' && fail "the route is still there"
}
situation_roots-known-hosts() {
	serve
	no_key known_hosts
	lab_client_root touch /home/alice/.ssh/known_hosts
	home config <<<"StrictHostKeyChecking accept-new"
	may_sudo
	WORKS=writes_known_hosts
}
writes_known_hosts() { lab_client test -w .ssh/known_hosts; }
after_roots-known-hosts() { no_sudo; }
row screenfix-known-hosts-owner - - 0 'Failed to add the host'
case_screenfix-known-hosts-owner() {
	by_hand roots-known-hosts 'Make it yours again' lab_client 'sudo chown root: -- .ssh/known_hosts'
}

# ---- the rest ---------------------------------------------------------------------------------

# A new key: nobody knows it yet, but there is one to offer.
row screenfix-make-key - - 0 'Permission denied \(publickey\)'
case_screenfix-make-key() {
	serve
	no_key
	screen_begins web.lab || return
	fix_shown 'Make a key'
	expect 'y runs it on this terminal'
	keys y
	expect 'Enter file in which to save the key'
	keys Enter
	expect 'Enter passphrase'
	keys Enter
	expect 'Enter same passphrase'
	keys Enter
	expect 'FIXED: the finding is gone' 40
	expect 'The login is not whole yet'
	expect 'Undo +Remove the two files that it names'
	changed
	lab_client ssh-keygen -y -P '' -f .ssh/id_ed25519 >/dev/null || fail "it is no key"
	no_key
	ssh_as_before
	screen_down
}

# other_words SITUATION TITLE: a line that goes elsewhere, or has a command: c copies it, and it logs in.
other_words() {
	"situation_$1"
	screen_begins web.lab || return
	fix_shown "$2"
	expect 'Nothing is run from here: copy the command with c'
	copied
	ssh_as_before
	screen_down
}
situation_block-of-another-user() {
	serve
	printf '%s\n' "Host web" "	HostName web.lab" "	User alice" "Host *" "	User nobodyhere" | home config
}
row screenfix-alias - - 0 'Permission denied \(publickey\)'
case_screenfix-alias() {
	other_words block-of-another-user 'Log in by the name that the Host block has'
	[ "$TOOL" = ssh ] || logs_in_by "$COMMAND"
}
row screenfix-alias-as - - 0 'Permission denied \(publickey\)'
case_screenfix-alias-as() {
	other_words block-alias 'Log in by the name that the Host block has'
	[ "$TOOL" = ssh ] || logs_in_by "$COMMAND"
}
situation_startup-exits() {
	serve
	startup .bash_profile 'exit 3'
}
row screenfix-no-startup-files - - 0
case_screenfix-no-startup-files() {
	other_words startup-exits 'Log in to a shell without startup files'
	[ "$TOOL" = ssh ] || [ ${#FAILS[@]} -gt 0 ] || lab_client timeout 10 bash -c "$COMMAND" <<<'echo got-$((40 + 2))' 2>&1 | grep -q got-42 ||
		fail "the line of the screen gives no shell: $COMMAND"
}

# A long path stays one: it is the logins after the first that gain.
row screenfix-shared - - 0
case_screenfix-shared() {
	lab_rtt 160
	serve
	screen_begins far.lab || { lab_rtt 0; return; }
	fix_shown 'Share one connection for many logins'
	keys y
	expect 'UNCHANGED: the finding is still there' 60
	changed
	WORKS=far_logs_in_soon
	stays_out # the first makes the connection
	gets_in
	lab_client ssh -O exit far.lab 2>/dev/null
	keys u
	expect 'UNDONE: all is as it was before' 60
	ssh_as_before
	screen_down
	lab_rtt 0
}
far_logs_in_soon() { lab_client timeout 10 bash -c 'a=${EPOCHREALTIME/./}; ssh -o BatchMode=yes far.lab true 2>/dev/null </dev/null && [ $((${EPOCHREALTIME/./} - a)) -lt 1200000 ]'; }

# ---- what ssh asks a person, on this terminal ---------------------------------------------------

# on_terminal TITLE: y gives the terminal to ssh.
on_terminal() {
	fix_shown "$1"
	expect 'on this terminal'
	ssh_as_before
	keys y
}
# in_shell: the login is there; leave it after a while, as one that ends at once is no shell.
in_shell() {
	expect '^alice@.*\$ ?$'
	keys -l 'sleep 0.8; exit'
	keys Enter
}
row screenfix-accept-key - - 0 'Host key verification failed'
case_screenfix-accept-key() {
	serve
	echo "other.lab $(pub host2)" | home known_hosts
	printf '%s\n' "Host *" "	UpdateHostKeys no" | home config
	screen_begins web.lab || return
	on_terminal 'Log in by hand and accept the key'
	expect "$(ssh-keygen -lf "$LAB/keys/host.pub" | cut -d ' ' -f 2 | sed 's/[+]/[+]/g')"
	keys -l yes
	keys Enter
	in_shell
	expect 'FIXED: the finding is gone' 40
	changed
	gets_in
	lab_client ssh-keygen -R web.lab >/dev/null 2>&1
	no_key known_hosts.old
	ssh_as_before
	stays_out
	screen_down
}
row screenfix-by-hand - - 0 'Permission denied \(.*password'
case_screenfix-by-hand() {
	serve_unit "PasswordAuthentication yes" "PubkeyAuthentication no"
	lab_server sh -c 'echo alice:good-Secret7 | chpasswd -c SHA512'
	screen_begins web.lab || return
	on_terminal 'Log in by hand'
	expect "alice@web.lab's password:"
	keys -l good-Secret7
	keys Enter
	in_shell
	expect 'your ssh was let in, status 0'
	expect 'HEALTHY'
	screen_text | grep -q good-Secret7 && fail "the password is on the screen"
	ssh_as_before
	screen_down
}
# The server wants a new password before it gives a shell.
row screenfix-change-password - - 0 'Password change required'
case_screenfix-change-password() {
	serve_unit "UsePAM yes"
	pam_account "account required pam_unix.so" "password required pam_unix.so"
	lab_server sh -c 'echo alice:old-Secret7 | chpasswd -c SHA512; chage -d 0 alice; echo "password required pam_unix.so" >/etc/pam.d/passwd'
	screen_begins web.lab || return
	on_terminal 'Log in on a terminal and change the password'
	expect 'Current password:'
	keys -l old-Secret7
	keys Enter
	expect 'New password:'
	keys -l new-Word8and9
	keys Enter
	expect 'Retype new password:'
	keys -l new-Word8and9
	keys Enter
	expect 'FIXED: the finding is gone' 40
	gets_in
	ssh_as_before
	screen_down
}

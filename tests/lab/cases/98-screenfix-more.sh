# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The other fixes that cure and that the screen can apply, as in 97-screenfix.sh: a situation, and a line that
# names the fix. "Make a key" is not among them: alone it lets nobody in, and it has no undo.

# fix_here SITUATION HOW TITLE: on this machine; HOW is applied or kept.
fix_here() {
	"situation_$1"
	screen_begins web.lab || return
	"$2" "$3"
	changed
	undone_by_key
	after "$1"
}
# after SITUATION: what is left to do or to look at, if anything is.
after() { [ "$(type -t "after_$1")" != function ] || "after_$1"; }
# here NAME SITUATION REGEX HOW TITLE: a case of that.
here() {
	row "screenfix-$1" - - 0 "$3"
	eval "case_screenfix-$1() { fix_here $2 $4 $(printf %q "$5") 2>>\"\$ERR\"; }"
}

# ---- the user's configuration -----------------------------------------------------

situation_block-alias() {
	serve
	authorized work_key
	key work_key
	printf '%s\n' "# of work" "Host web" "	HostName web.lab" "	IdentityFile ~/.ssh/work_key" | home work.conf 640
	echo "Include work.conf" | home config
}
situation_block-behind-general() {
	serve
	printf '%s\n' "Host *" "	User nobodyhere" "Host web.lab" "	User alice" | home config 644
}
situation_named-user() {
	serve
	cloud_root 0
	printf '%s\n' "Host web.lab" "	User root" | home config
}
here widen-host block-alias 'Permission denied \(publickey\)' applied 'Let the block apply to the name that was typed'
here block-user block-behind-general 'Permission denied \(publickey\)' kept 'Log in as the user that the block names'
here named-user named-user 'Please login as the user' kept 'Log in as the user that the server names'
here save-named-user named-user 'Please login as the user' applied 'Keep the user in the configuration'

# ---- keys and agents --------------------------------------------------------------

situation_many-keys() {
	serve "MaxAuthTries 6"
	agent many1 many2 many3 many4 many5 many6 many7
}
situation_other-key() {
	serve
	authorized work_key
	key work_key
}
situation_agent-left-out() {
	serve
	authorized agent_key
	printf '%s\n' "Host *" "	IdentitiesOnly yes" | home config
	agent agent_key
}
situation_key-type() {
	serve
	printf '%s\n' "Host *" "	PubkeyAcceptedAlgorithms rsa-sha2-512" | home config
}
situation_old-server() {
	old_sshd
	serve "PubkeyAcceptedAlgorithms ssh-rsa,ssh-ed25519"
	rsa_key
}
situation_keys-off() {
	serve
	printf '%s\n' "Host *" "	PubkeyAuthentication no" | home config
}
here key-only many-keys 'Too many authentication failures' kept 'Offer one key only'
here other-key other-key 'Permission denied \(publickey\)' kept 'Log in with the key that the server accepts'
here save-key other-key 'Permission denied \(publickey\)' applied 'Keep the key in the configuration'
here agent-keys agent-left-out 'Permission denied \(publickey\)' kept "Let ssh offer the agent's keys"
here key-type key-type 'Permission denied \(publickey\)' kept 'Let ssh offer this type of key'
here rsa-sha1 old-server 'Permission denied \(publickey\)' kept 'Allow the old RSA signature'
here pubkey-on keys-off 'Permission denied \(publickey\)' kept 'Log in with keys turned on'

# An agent that never answers: ssh waits for it without end.
row screenfix-no-agent - - 0 'exit 124'
case_screenfix-no-agent() {
	serve
	agent_odd silent
	LIMIT=3
	screen_begins -t 1 web.lab || return
	kept 'Log in without the agent'
	keys u
	expect 'UNDONE: all is as it was before' 40
	ssh_as_before
	lab_client timeout 1 ssh -o BatchMode=yes web.lab true </dev/null 2>/dev/null
	[ $? = 124 ] || fail "ssh does not wait for the agent"
	screen_down
}

# ---- algorithms -------------------------------------------------------------------

situation_old-exchange() { serve "KexAlgorithms diffie-hellman-group1-sha1"; }
situation_old-host-key() { serve "HostKeyAlgorithms ssh-rsa"; }
here old-exchange old-exchange 'no matching key exchange' kept 'Allow diffie-hellman-group1-sha1'
here old-host-key old-host-key 'no matching host key' kept 'Allow ssh-rsa'

# ---- known_hosts ------------------------------------------------------------------

# A file that not even its owner reads: ssh knows no host.
situation_known-hosts() {
	serve
	lab_client chmod 0 .ssh/known_hosts
}
after_known-hosts() {
	lab_client_root cat /home/alice/.ssh/known_hosts | cmp -s - "$LAB/keys/known_hosts" || fail "the file's text is not as before"
}
here known-hosts-mode known-hosts 'Host key verification failed' applied 'Let yourself write there'

# ---- the shared connection ---------------------------------------------------------

situation_mux-folder() {
	serve
	mux_config auto /home/alice/.ssh/shared/cm
}
situation_mux-not-ours() {
	serve
	mux_config auto /usr/local/bin/cm
}
here mux-folder mux-folder 'unix_listener: cannot bind' applied 'Make the folder for the shared connection'
here mux-own mux-not-ours 'unix_listener: cannot bind' applied 'Name a folder that is yours'

# ---- jump hosts --------------------------------------------------------------------

situation_hop-key() {
	lines keys_of work_key
	chain -1 "${LINES[@]}"
	key work_key
	printf '%s\n' "Host web.lab" "	ProxyJump hop1" | lab_client sh -c 'cat >>.ssh/config'
}
situation_hop-loop() {
	chain
	printf '%s\n' "Host *" "	ProxyJump jump.lab" | home config
}
situation_hop-is-target() {
	serve
	printf '%s\n' "Host *" "	ProxyJump web.lab" | home config
}
here hop-key hop-key 'jump.lab: Permission denied \(publickey\)' kept 'Log in with the key that the jump host takes'
here hop-key-config hop-key 'jump.lab: Permission denied \(publickey\)' applied 'Give the jump host its key in the configuration'
here hop-straight-config hop-loop 'jumphost loop via jump.lab' applied 'Keep the jump host out of its own rule'
here hop-none hop-is-target 'jumphost loop via web.lab' kept 'Log in without a jump'

# ---- on the server, by the admin's login --------------------------------------------

# elsewhere: what server_state leaves out.
elsewhere() {
	lab_server sh -c 'for f in /etc/nologin /etc/nologin.off /run/nologin /run/sshd /etc/pam.d/sshd; do
		[ ! -e "$f" ] || stat -c "%n %F %a %u:%g" "$f"
		[ ! -f "$f" ] || cksum "$f"
	done
	systemctl is-active ssh | grep -x active'
}
# there_state: all of it; of an age the whole seconds, as an undo by the file's owner sets no more.
there_state() {
	server_state | sed -E 's/ ([0-9]{10})\.[0-9]{10} / \1 /'
	elsewhere
}
# first_number TITLE: of two fixes with that title, by command and by hand, the first.
first_number() { screen_text | grep -o "\[[1-9]\] $1" | head -n 1 | cut -c 2; }
first_is_offered() { [ -n "$(first_number "$1")" ]; }
# fix_there SITUATION TITLE: a change on the server is made, kept by the admin's new login, and undone by u.
fix_there() {
	local state now
	"there_$1"
	if ! screen_begins --admin adm web.lab; then
		after "$1"
		return
	fi
	state=$(there_state)
	until_true 15 "a fix '$2' is offered" first_is_offered "$2"
	keys "$(first_number "$2")"
	expect "Fix [0-9] of [0-9]+: $2"
	expect 'with a roll-back armed there'
	keys y
	expect 'FIXED: the finding is gone' 60
	until_true 20 "a new login keeps it" kept_there
	expect 'u, by the admin'
	[ "$state" != "$(there_state)" ] || fail "nothing was changed"
	gets_in
	keys u
	expect 'UNDONE: all is as it was before' 60
	now=$(there_state)
	[ "$state" = "$now" ] || fail "not as before: $(diff <(echo "$state") <(echo "$now") | head -n 6 | tr '\n' ' ')"
	stays_out
	screen_down
	no_roll_back_left
	after "$1"
}
# there SITUATION REGEX TITLE
there() {
	row "screenfix-server-$1" - - 0 "$2"
	eval "case_screenfix-server-$1() { fix_there $1 $(printf %q "$3"); }"
}
there_pubkey-off() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
}
there_sigalg() {
	serve_unit "PubkeyAcceptedAlgorithms rsa-sha2-512"
	serve_admin
}
there_source() {
	serve_unit
	serve_admin
	echo "from=\"192.0.2.0/24\" $(pub id_ed25519)" | lab_server sh -c 'cat >/home/alice/.ssh/authorized_keys'
}
there_key-not-listed() {
	serve_unit
	serve_admin
	authorized agent_key
}
there_owner() {
	serve_unit
	serve_admin
	lab_server chown 2102 /home/alice/.ssh
}
there_deny() {
	serve_unit "DenyUsers mallory alice bob"
	serve_admin
}
there_start() {
	unit_conf
	serve_admin
}
there_listen() {
	serve_unit "ListenAddress 127.0.0.1"
	serve_admin
}
there_nft() {
	serve_unit
	serve_admin
	rules_input server 'tcp dport 22 reject with tcp reset'
}
there_no-host-keys() {
	unit_conf
	lab_server sh -c 'rm -f /etc/ssh/ssh_host_*; systemctl start ssh' 2>/dev/null
	serve_admin
	no_known_hosts # the new key is not the old one
}
there_banned() {
	serve_unit
	serve_admin
	banned 10.77.1.2
}
after_banned() { no_jail; }
there_expired() {
	serve_unit "UsePAM yes"
	serve_admin
	pam_account "account required pam_unix.so"
	lab_server chage -E 2022-01-01 alice
}
there_nologin() {
	serve_unit
	serve_admin
	echo "Maintenance, back at noon" | lab_server tee /etc/nologin >/dev/null
}
there_no-keys-file() {
	serve_unit
	serve_admin
	lab_server rm -rf /home/alice/.ssh
}
there_keys-elsewhere() {
	serve_unit "AuthorizedKeysFile /etc/ssh/keys/%u"
	serve_admin
}
there_nologin-pam() {
	serve_unit "UsePAM yes"
	serve_admin
	lab_server sh -c 'sed -i "s/account required pam_permit.so/account required pam_nologin.so\n&/" /etc/pam.d/sshd; echo Go away >/etc/nologin'
}
there no-keys-file 'Permission denied' 'Put your key where sshd reads it'
there keys-elsewhere 'Permission denied' 'Put your key where sshd reads it'
there nologin-pam 'Permission denied' 'Open the server for logins again'
there pubkey-off 'Permission denied' 'Turn keys on at the server'
there sigalg 'Permission denied' 'Let the server take this kind of key'
there source 'Permission denied' 'Let the key in from your address'
there key-not-listed 'Permission denied' 'Put your key where sshd reads it'
there owner 'Permission denied' 'Give it back to its owner'
there deny 'Permission denied' 'Take the account out of the rule'
there start 'Connection refused' 'Start the SSH server'
there listen 'Connection refused' 'Let the server listen on all its addresses'
there nft 'Connection refused' 'Let your address in by nft'
there no-host-keys 'Connection refused' 'Make the host keys that are missing'
there banned 'Connection refused' 'Lift the ban'
there expired 'Your account has expired' 'Let the account live on'
there nologin 'back at noon' 'Take /etc/nologin away'

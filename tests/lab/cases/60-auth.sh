# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Authentication: keys on both sides, agents, policies, what needs a person.

row auth-key-not-listed auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-key-not-listed() {
	serve
	authorized
	medic web.lab
	says auth-key-not-listed auth-strictmodes
	[ "$TOOL" = ssh ] || [ -n "$(json get verdict.decide)" ] || fail "the report does not say what would decide"
}

row auth-file-modes auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-file-modes() {
	serve
	lab_server chmod 666 /home/alice/.ssh/authorized_keys
	medic web.lab
	says auth-strictmodes
}

row auth-home-modes auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-home-modes() {
	serve
	lab_server chmod 777 /home/alice
	medic web.lab
}

row auth-user-unknown auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-user-unknown() {
	serve
	medic nobodyhere@web.lab
}

row auth-user-not-allowed auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-user-not-allowed() {
	serve "AllowUsers someoneelse"
	medic web.lab
}

row auth-agent-key-rejected auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-agent-key-rejected() {
	serve
	authorized
	no_key
	agent work_key
	medic web.lab
}

row auth-dropbear-rejected auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_auth-dropbear-rejected() {
	serve_dropbear
	authorized
	medic web.lab
}

row auth-key-not-offered key-not-offered proven 11 'Permission denied \(publickey\)'
case_auth-key-not-offered() {
	serve
	authorized work_key
	key work_key
	medic web.lab
	says work_key
	fix_logs_in
}

row auth-key-not-offered-alone key-not-offered proven 11 'Permission denied \(publickey\)'
case_auth-key-not-offered-alone() {
	serve
	authorized work_key
	no_key
	key work_key
	medic -l alice web.lab
	fix_logs_in
}

# IdentitiesOnly keeps the agent's key out.
row auth-agent-key-not-offered key-not-offered proven 11 'Permission denied \(publickey\)'
case_auth-agent-key-not-offered() {
	serve
	authorized agent_key
	printf '%s\n' "Host *" "	IdentitiesOnly yes" | home config
	agent agent_key
	medic web.lab
	fix_logs_in
}

row key-none key-none proven 11 'Permission denied \(publickey\)'
case_key-none() {
	serve
	no_key
	medic web.lab
}

row key-none-empty-agent key-none proven 11 'Permission denied \(publickey\)'
case_key-none-empty-agent() {
	serve
	no_key
	agent
	medic web.lab
	warns agent-empty
	warns_not agent-locked
}

# lock_agent: ssh-add -x, which asks twice for a password of the agent's own.
lock_agent() {
	printf '%s\n' '#!/bin/sh' 'echo word' | lab_client sh -c 'cat >/tmp/askpass && chmod 755 /tmp/askpass'
	lab_client env SSH_ASKPASS=/tmp/askpass SSH_ASKPASS_REQUIRE=force ssh-add -x </dev/null >/dev/null 2>&1 ||
		fail "the agent does not lock"
}
row agent-locked agent-locked likely 11 'Permission denied \(publickey\)'
case_agent-locked() {
	serve
	no_key
	agent id_ed25519
	lock_agent
	medic web.lab
	says ssh-add
}

row agent-locked-other-key-works healthy - 0
case_agent-locked-other-key-works() {
	serve
	agent work_key
	lock_agent
	medic web.lab
}

row key-perms-open key-perms-open proven 11 'UNPROTECTED PRIVATE KEY FILE'
case_key-perms-open() {
	serve
	lab_client chmod 644 .ssh/id_ed25519
	medic web.lab
	says .ssh/id_ed25519
}

row key-encrypted key-encrypted-batch proven 20 'Permission denied \(publickey\)'
case_key-encrypted() {
	serve
	authorized encrypted
	no_key
	key encrypted id_ed25519
	medic web.lab
	says ssh-add
}

row key-encrypted-no-public-half key-encrypted-batch proven 20 'Permission denied \(publickey\)'
case_key-encrypted-no-public-half() {
	serve
	authorized encrypted
	no_key
	key encrypted id_ed25519
	no_key id_ed25519.pub
	medic web.lab
}

row key-unparsable key-unparsable proven 11 'error in libcrypto|invalid format'
case_key-unparsable() {
	serve
	no_key
	key broken id_ed25519
	medic web.lab
}

row key-unparsable-public-half key-unparsable proven 11 'error in libcrypto|invalid format'
case_key-unparsable-public-half() {
	serve
	no_key id_ed25519
	key broken id_ed25519
	medic web.lab
}

row key-is-public key-unparsable proven 11 'error in libcrypto|invalid format'
case_key-is-public() {
	serve
	no_key
	pub id_ed25519 | home id_ed25519
	medic web.lab
}

# one_agent_key COMMENT: what the fix of that name tells a person to do logs in.
one_agent_key() {
	[ "$TOOL" = ssh ] && return
	lab_client sh -c 'ssh-add -L | grep " $1\$" >~/.ssh/only.pub &&
		ssh -i ~/.ssh/only.pub -o IdentitiesOnly=yes -o BatchMode=yes web.lab echo got-in' \
	    sh "$1" </dev/null 2>&1 | grep -q got-in || fail "one key of the agent alone does not log in"
}
row agent-many-keys-right-last auth-too-many-keys proven 11 'Too many authentication failures'
case_agent-many-keys-right-last() {
	serve "MaxAuthTries 6"
	authorized many8
	no_key
	agent many1 many2 many3 many4 many5 many6 many7 many8
	medic web.lab
	says 'Offer one key of the agent only'
	one_agent_key many8
}

row agent-many-keys-none-right auth-too-many-keys proven 11 'Too many authentication failures'
case_agent-many-keys-none-right() {
	serve "MaxAuthTries 6"
	authorized
	no_key
	agent many1 many2 many3 many4 many5 many6 many7 many8
	medic web.lab
}

# The key that would do is a file, behind the agent's keys.
row agent-many-keys-file-last auth-too-many-keys proven 11 'Too many authentication failures'
case_agent-many-keys-file-last() {
	serve "MaxAuthTries 6"
	agent many1 many2 many3 many4 many5 many6 many7
	medic web.lab
	fix_logs_in
}

row agent-some-keys-right-last healthy - 0
case_agent-some-keys-right-last() {
	serve "MaxAuthTries 6"
	authorized many5
	no_key
	agent many1 many2 many3 many4 many5
	medic web.lab
}

row auth-password-only auth-needs-human proven 20 'Permission denied \(.*password'
case_auth-password-only() {
	serve "PasswordAuthentication yes" "PubkeyAuthentication no"
	medic web.lab
}

row auth-password-left auth-needs-human proven 20 'Permission denied \(.*password'
case_auth-password-left() {
	serve "PasswordAuthentication yes"
	authorized
	medic web.lab
}

row auth-one-time-code auth-needs-human proven 20 'Permission denied \(.*keyboard-interactive'
case_auth-one-time-code() {
	serve "UsePAM yes" "KbdInteractiveAuthentication yes" "PubkeyAuthentication no"
	medic web.lab
}

row auth-second-factor-code auth-more-factors-needed proven 20 'Permission denied \(keyboard-interactive\)'
case_auth-second-factor-code() {
	serve "UsePAM yes" "KbdInteractiveAuthentication yes" "AuthenticationMethods publickey,keyboard-interactive"
	medic web.lab
}

row auth-second-factor-password auth-more-factors-needed proven 20 'Permission denied \(password\)'
case_auth-second-factor-password() {
	serve "PasswordAuthentication yes" "AuthenticationMethods publickey,password"
	medic web.lab
}

row agent-dead-key-works healthy - 0
case_agent-dead-key-works() {
	serve
	LAB_ENV=(SSH_AUTH_SOCK=/tmp/gone.sock)
	medic web.lab
	warns agent-unreachable
}

row agent-dead-key-there agent-unreachable likely 11 'Permission denied \(publickey\)'
case_agent-dead-key-there() {
	serve
	authorized agent_key
	no_key
	pub agent_key | home agent_key.pub
	printf '%s\n' "Host *" "	IdentityFile ~/.ssh/agent_key.pub" | home config
	LAB_ENV=(SSH_AUTH_SOCK=/tmp/gone.sock)
	medic web.lab
	says /tmp/gone.sock
}

# No key anywhere: whether the right one was in the agent, nobody can tell.
row agent-dead-no-key agent-unreachable likely 11 'Permission denied \(publickey\)'
case_agent-dead-no-key() {
	serve
	no_key
	LAB_ENV=(SSH_AUTH_SOCK=/tmp/gone.sock)
	medic web.lab
}

# The agent wants a confirmation that nobody gives.
row agent-does-not-sign agent-refused likely 11 'agent refused operation'
case_agent-does-not-sign() {
	serve
	no_key
	agent
	lab_client sh -c 'umask 077; cat >/tmp/k && ssh-add -q -c /tmp/k; rm -f /tmp/k' <"$LAB/keys/id_ed25519" 2>/dev/null
	medic web.lab
}

row key-public-half-of-another key-pub-mismatch proven 11 'Permission denied \(publickey\)|do not match|signing failed'
case_key-public-half-of-another() {
	serve
	authorized work_key
	pub work_key | home id_ed25519.pub
	medic web.lab
	says 'id_ed25519.pub'
}

row key-other-public-half key-pub-mismatch proven 11 'Permission denied \(publickey\)'
case_key-other-public-half() {
	serve
	pub work_key | home id_ed25519.pub
	medic web.lab
	fix_cures web.lab
}

row key-other-public-half-and-unknown auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_key-other-public-half-and-unknown() {
	serve
	authorized
	pub work_key | home id_ed25519.pub
	medic web.lab
	warns key-pub-mismatch
}

row auth-own-setting auth-method-not-offered proven 11 'Permission denied \(publickey\)'
case_auth-own-setting() {
	serve
	medic -o PubkeyAuthentication=no web.lab
}

row auth-account-rule auth-account-denied likely 11 'onnection closed'
case_auth-account-rule() {
	serve "UsePAM yes"
	printf '%s\n' "auth required pam_deny.so" "account required pam_deny.so" "session required pam_permit.so" |
		lab_server tee /etc/pam.d/sshd >/dev/null
	medic web.lab
}

row agent-hangs agent-hangs proven 11 'exit 124'
case_agent-hangs() {
	serve
	agent_odd silent
	STEP=3 LIMIT=12
	medic web.lab
}

row agent-garbage healthy - 0
case_agent-garbage() {
	serve
	agent_odd agent-garbage
	STEP=3
	medic web.lab
	also_plain web.lab
}

row auth-root-refused auth-root-refused proven 11 'Permission denied'
case_auth-root-refused() {
	serve "PermitRootLogin no"
	lab_server sh -c 'mkdir -m 700 /root/.ssh; cat >/root/.ssh/authorized_keys' <"$LAB/keys/id_ed25519.pub"
	medic root@web.lab
}

# slow_agent SECONDS KEY: an agent that holds the key and takes its time to sign, as one that waits for a touch.
slow_agent() {
	agent "$2"
	lab_client /usr/bin/python3 -I -S "$LAB/tools/odd.py" agent /tmp/slow.sock agent-slow "$1" </dev/null >/dev/null 2>&1 &
	KIT_AGENTS+=("$(kit_child $!)")
	LAB_ENV=(SSH_AUTH_SOCK=/tmp/slow.sock)
	kit_socket /tmp/slow.sock
}

row agent-waits-for-a-person agent-refused likely 11
case_agent-waits-for-a-person() {
	serve
	authorized agent_key
	no_key
	slow_agent 60 agent_key
	STEP=3
	medic web.lab
}

# ... and its time is not the server's.
row agent-takes-its-time healthy - 0
case_agent-takes-its-time() {
	serve
	authorized agent_key
	no_key
	slow_agent 2 agent_key
	medic web.lab
}

# The second key must be another one.
row auth-two-keys-wanted auth-more-factors-needed proven 11 'Permission denied \(publickey\)'
case_auth-two-keys-wanted() {
	serve "AuthenticationMethods publickey,publickey"
	medic web.lab
}

row auth-two-keys-there healthy - 0
case_auth-two-keys-there() {
	serve "AuthenticationMethods publickey,publickey"
	authorized id_ed25519 work_key
	key work_key
	printf '%s\n' "Host *" "	IdentityFile ~/.ssh/id_ed25519" "	IdentityFile ~/.ssh/work_key" | home config
	medic web.lab
}

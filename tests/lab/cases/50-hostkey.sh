# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Is it the host that we know? To one that is not goes nothing more, not even the user name.

nothing_sent() {
	[ "$TOOL" = ssh ] && return
	grep -q -a -E 'userauth-request|user alice|receive packet: type (5|50) ' "$LOG".* &&
		fail "something followed the host key: $(grep -a -E 'userauth-request|user alice|receive packet: type (5|50) ' "$LOG".* | head -n 1)"
	grep -q -a "Connection from" "$LOG".* || fail "the server's log shows no connection at all"
}

row hostkey-changed-plain hostkey-changed proven 10 'REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed'
case_hostkey-changed-plain() {
	serve
	printf '%s\n' "# mine" "web.lab $(pub host2)" | home known_hosts
	medic web.lab
	says_line .ssh/known_hosts 2
	nothing_sent
}

row hostkey-changed-hashed hostkey-changed proven 10 'Host key verification failed'
case_hostkey-changed-hashed() {
	serve
	echo "web.lab $(pub host2)" | home known_hosts
	lab_client ssh-keygen -q -H -f .ssh/known_hosts >/dev/null 2>&1
	medic web.lab
	says_line .ssh/known_hosts 1
	nothing_sent
}

row hostkey-changed-port hostkey-changed proven 10 'Host key verification failed'
case_hostkey-changed-port() {
	serve "Port 2222"
	printf '%s\n' "web.lab $(pub host)" "[web.lab]:2222 $(pub host2)" | home known_hosts
	medic -p 2222 web.lab
	says_line .ssh/known_hosts 2
	nothing_sent
}

row hostkey-changed-no-checking hostkey-changed proven 10 'REMOTE HOST IDENTIFICATION HAS CHANGED'
case_hostkey-changed-no-checking() {
	serve
	echo "web.lab $(pub host2)" | home known_hosts
	medic -o StrictHostKeyChecking=accept-new web.lab
	nothing_sent
}

row hostkey-unknown-strict hostkey-unknown proven 10 'Host key verification failed|requested strict checking'
case_hostkey-unknown-strict() {
	serve
	echo "other.lab $(pub host2)" | home known_hosts
	printf '%s\n' "Host *" "	StrictHostKeyChecking yes" | home config
	medic web.lab
}

row hostkey-unknown-no-file hostkey-unknown proven 10 'Host key verification failed|requested strict checking'
case_hostkey-unknown-no-file() {
	serve
	no_key known_hosts
	medic -o StrictHostKeyChecking=yes web.lab
}

row hostkey-revoked hostkey-revoked proven 10 'REVOKED HOST KEY DETECTED|Host key verification failed'
case_hostkey-revoked() {
	serve
	printf '%s\n' "@revoked * $(pub host)" "web.lab $(pub host)" | home known_hosts
	medic web.lab
	says_line .ssh/known_hosts 1
	nothing_sent
}

row hostkey-revoked-file hostkey-revoked proven 10 'revoked|Host key verification failed'
case_hostkey-revoked-file() {
	serve
	pub host | home revoked
	medic -o RevokedHostKeys=/home/alice/.ssh/revoked web.lab
	nothing_sent
}

# What ssh would ask a person about: not known, and no strict checking.
row hostkey-unknown-ask hostkey-unknown proven 20 'Host key verification failed'
case_hostkey-unknown-ask() {
	serve
	no_key known_hosts
	medic web.lab
}

# ... but a key that is refused there settles it.
row hostkey-unknown-key-refused auth-key-rejected proven 11 'Host key verification failed'
case_hostkey-unknown-key-refused() {
	serve
	no_key known_hosts
	# No other public key than ssh's own is shown to a host that is not known.
	authorized work_key
	key work_key
	medic web.lab
	[ "$TOOL" = ssh ] && return
	grep -q -a "$(ssh-keygen -l -f "$LAB/keys/work_key.pub" | cut -d' ' -f2)" "$LOG".* &&
		fail "a key that ssh would not offer was shown to an unknown host"
}

# The server has a key of another type that we know: ssh asks for that one first.
row hostkey-other-type healthy - 0
case_hostkey-other-type() {
	serve
	echo "web.lab $(pub host_ecdsa)" | home known_hosts
	medic web.lab
}

# What only ssh itself reads may vouch for the host: its own run decides.
row hostkey-certificate healthy likely 0 ''
case_hostkey-certificate() {
	serve "HostCertificate $LAB/keys/host-cert.pub"
	echo "@cert-authority *.lab $(pub host2)" | home known_hosts
	medic web.lab
}

row hostkey-authority-plain-host hostkey-unknown proven 20 'Host key verification failed'
case_hostkey-authority-plain-host() {
	serve
	echo "@cert-authority *.lab $(pub host2)" | home known_hosts
	medic web.lab
}

row hostkey-by-command healthy likely 0 ''
case_hostkey-by-command() {
	serve
	lab_client mv .ssh/known_hosts .ssh/other_file
	printf '%s\n' "Host *" "	KnownHostsCommand /bin/cat /home/alice/.ssh/other_file" | home config
	medic web.lab
}

row hostkey-revocations-missing revoked-list-unreadable proven 10 'revoked keys file|Host key verification failed'
case_hostkey-revocations-missing() {
	serve
	medic -o RevokedHostKeys=/home/alice/.ssh/nowhere web.lab
	nothing_sent
}

# A list that is never read to its end holds nobody up.
row hostkey-revocations-hang revoked-list-unreadable proven 10
case_hostkey-revocations-hang() {
	serve
	lab_client mkfifo .ssh/pipe
	STEP=2
	medic -o RevokedHostKeys=/home/alice/.ssh/pipe web.lab
	nothing_sent
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# All is well, by every way that leads to a login.

row healthy healthy - 0
case_healthy() {
	serve
	medic web.lab
}

row healthy-address healthy - 0
case_healthy-address() {
	serve
	medic alice@10.77.2.2
}

row healthy-ipv6 healthy - 0
case_healthy-ipv6() {
	serve
	medic six.lab
}

row healthy-two-families healthy - 0
case_healthy-two-families() {
	serve
	CONNS=3
	medic dual.lab
}

row healthy-alias-port healthy - 0
case_healthy-alias-port() {
	serve "Port 2022"
	echo "[web.lab]:2022 $(pub host)" | home known_hosts
	home config <<-'END'
		Host box
			HostName web.lab
			Port 2022
			User alice
			IdentityFile ~/.ssh/id_ed25519
	END
	medic box
}

row healthy-jump healthy - 0
case_healthy-jump() {
	serve
	CONNS=6
	medic -J jump.lab web.lab
}

row healthy-jump-config healthy - 0
case_healthy-jump-config() {
	serve
	printf '%s\n' "Host inner" "	HostName 10.77.2.2" "	ProxyJump alice@jump.lab:22" | home config
	CONNS=6
	medic inner
}

# A pipe of a few words: no other program is needed for it.
row healthy-proxy-command healthy - 0
case_healthy-proxy-command() {
	serve
	lab_client sh -c 'cat >pipe; chmod 755 pipe' <<-'END'
		#!/bin/bash
		exec 3<>"/dev/tcp/$1/$2"
		cat <&3 &
		cat >&3
		kill $! 2>/dev/null
	END
	printf '%s\n' "Host *.lab" "	ProxyCommand ~/pipe %h %p" | home config
	CONNS=3
	medic web.lab
}

row healthy-agent-only healthy - 0
case_healthy-agent-only() {
	serve
	authorized agent_key
	no_key
	agent agent_key
	medic web.lab
}

row healthy-agent-key-listed healthy - 0
case_healthy-agent-key-listed() {
	serve
	authorized agent_key
	no_key
	pub agent_key | home id_agent.pub
	printf '%s\n' "Host *" "	IdentityFile ~/.ssh/id_agent.pub" "	IdentitiesOnly yes" | home config
	agent work_key agent_key
	medic web.lab
}

row healthy-encrypted-in-agent healthy - 0
case_healthy-encrypted-in-agent() {
	serve
	authorized encrypted
	no_key
	key encrypted id_ed25519
	agent
	lab_client sh -c 'printf "#!/bin/sh\necho secret\n" >/tmp/ask; chmod 755 /tmp/ask
		SSH_ASKPASS=/tmp/ask SSH_ASKPASS_REQUIRE=force ssh-add -q .ssh/id_ed25519' </dev/null 2>/dev/null
	medic web.lab
}

row healthy-rsa-key healthy - 0
case_healthy-rsa-key() {
	serve
	no_key
	key host_rsa id_rsa
	authorized host_rsa
	medic web.lab
}

row healthy-hashed-known-hosts healthy - 0
case_healthy-hashed-known-hosts() {
	serve
	lab_client ssh-keygen -q -H -f .ssh/known_hosts >/dev/null 2>&1
	medic web.lab
}

row healthy-new-host-accepted healthy - 0
case_healthy-new-host-accepted() {
	serve
	no_key known_hosts known_hosts.old
	medic -o StrictHostKeyChecking=no web.lab
	warns hostkey-unknown
}

row healthy-dropbear healthy - 0
case_healthy-dropbear() {
	serve_dropbear
	medic web.lab
}

row healthy-trickled healthy - 0
case_healthy-trickled() {
	serve 'Port 2222'
	odd 22 trickle 2222
	CONNS=4 # each is counted by the sshd, too
	medic web.lab
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Through another host: the target is tested layer by layer all the same, and
# a fault of the hop is not taken for one of the target.

# Two servers: the hop on 10.77.2.3, with these options, the target on 10.77.2.2.
hop_and_target() {
	serve "ListenAddress 10.77.2.3" "$@"
	serve "ListenAddress 10.77.2.2"
}

row jump-target-key-rejected auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_jump-target-key-rejected() {
	hop_and_target
	CONNS=2
	medic -J jump.lab nobodyhere@web.lab
}

row jump-target-hostkey-changed hostkey-changed proven 10 'Host key verification failed'
case_jump-target-hostkey-changed() {
	hop_and_target
	printf '%s\n' "jump.lab $(pub host)" "web.lab $(pub host2)" | home known_hosts
	CONNS=2
	medic -J jump.lab web.lab
	says_line .ssh/known_hosts 2
}

row jump-target-old-exchange kex-no-common-alg proven 10 'no matching key exchange'
case_jump-target-old-exchange() {
	serve "ListenAddress 10.77.2.3"
	serve "ListenAddress 10.77.2.2" "KexAlgorithms diffie-hellman-group1-sha1"
	CONNS=2
	medic -J jump.lab web.lab
	fix_logs_in
}

row jump-target-http banner-not-ssh proven 10 'onnection closed|exchange_identification'
case_jump-target-http() {
	serve "ListenAddress 10.77.2.3"
	odd 2200 http
	CONNS=2
	medic -J jump.lab -p 2200 web.lab
}

row jump-target-refused jump-target-unreachable proven 10 'connect failed: Connection refused'
case_jump-target-refused() {
	CONNS=2
	serve "ListenAddress 10.77.2.3"
	medic -J jump.lab web.lab
	says jump.lab web.lab:22 'Connection refused'
}

row jump-forwarding-off jump-forward-prohibited proven 10 'administratively prohibited'
case_jump-forwarding-off() {
	CONNS=2
	hop_and_target "AllowTcpForwarding no"
	medic -J jump.lab web.lab
}

row jump-hop-denied jump-hop-auth-failed proven 10 'jump.lab: Permission denied \(publickey\)'
case_jump-hop-denied() {
	CONNS=2
	hop_and_target
	medic -J nobodyhere@jump.lab web.lab
}

row jump-hop-refused jump-hop-unreachable proven 10 'Connection refused'
case_jump-hop-refused() {
	CONNS=2
	serve "ListenAddress 10.77.2.2"
	medic -J jump.lab web.lab
}

row proxy-command-missing proxy-command-failed proven 10 'not found|No such file'
case_proxy-command-missing() {
	serve
	medic -o ProxyCommand='/no/such/program %h %p' web.lab
}

row proxy-command-fails proxy-command-failed likely 10 'no way through'
case_proxy-command-fails() {
	serve
	medic -o ProxyCommand='sh -c "echo no way through >&2; exit 1"' web.lab
	says 'no way through'
}

# A master that ssh_config keeps for later must not stay behind us.
row jump-persistent-master healthy likely 0
case_jump-persistent-master() {
	serve
	printf '%s\n' "Host *" "	ControlMaster auto" "	ControlPath ~/.ssh/cm-%C" "	ControlPersist 5m" | home config
	CONNS=2
	medic --only transport,authentication -J jump.lab web.lab
}

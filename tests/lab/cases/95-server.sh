# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What the server's own side decides, by the collector: through another login (--admin adm), or as
# a file that was made on the server's console. Each case that can be cured is cured by the first fix.

# by_admin ARGS...: the run with another login at hand, which costs a connection of its own.
by_admin() {
	[ "$TOOL" = ssh ] || set -- --admin adm "$@"
	CONNS=${CONNS:-2}
	medic "$@"
}
# by_file ARGS...: the script printed for the target, run on the server as root, and read from a file.
by_file() {
	if [ "$TOOL" != ssh ]; then
		collector
		set -- --evidence /tmp/evidence "$@"
	fi
	medic "$@"
}

row server-no-listener tcp-refused-no-listener proven 10 'Connection refused'
case_server-no-listener() {
	unit_conf
	serve_admin
	by_admin web.lab
	fix_cures web.lab
}
row server-no-listener-file tcp-refused-no-listener proven 10 'Connection refused'
case_server-no-listener-file() {
	unit_conf
	by_file web.lab
	fix_cures web.lab
}

# The target is this machine: the script runs here, with no login and no word on the command line.
row server-local tcp-refused-no-listener proven 10 'Connection refused'
case_server-local() {
	[ "$TOOL" = ssh ] || medic 127.0.0.1
	[ "$TOOL" != ssh ] || lab_client ssh -o BatchMode=yes 127.0.0.1 true >"$OUT" 2>"$ERR"
}

row server-bind-address tcp-refused-bind-address proven 10 'Connection refused'
case_server-bind-address() {
	serve_unit "ListenAddress 127.0.0.1"
	serve_admin
	by_admin web.lab
	says 127.0.0.1
	fix_cures web.lab
}

row server-config-invalid sshd-config-invalid proven 10 'Connection refused'
case_server-config-invalid() {
	unit_conf "AllowTcpForwarding yes" "PermitRootLogni no"
	lab_server systemctl start ssh 2>/dev/null
	serve_admin
	by_admin web.lab
	says_line /etc/ssh/sshd_config 2
	says PermitRootLogni
	fix_cures web.lab
}

row server-no-hostkeys sshd-no-hostkeys-or-privsep proven 10 'Connection refused'
case_server-no-hostkeys() {
	unit_conf
	lab_server sh -c 'rm -f /etc/ssh/ssh_host_*'
	lab_server systemctl start ssh 2>/dev/null
	serve_admin
	by_admin web.lab
	# The new key is not the old one: ssh asks for it, as it should.
	[ "$TOOL" = ssh ] || no_known_hosts
	fix_cures web.lab
}
no_known_hosts() { lab_client sh -c 'grep -v "^web" .ssh/known_hosts >k && mv k .ssh/known_hosts; printf "Host web.lab\n StrictHostKeyChecking accept-new\n" >>.ssh/config'; }

row server-port-taken sshd-port-taken proven 10 'Connection (closed|reset)|banner'
case_server-port-taken() {
	unit_conf
	odd 22 silent
	lab_server systemctl start ssh 2>/dev/null
	serve_admin
	STEP=2
	by_admin web.lab
	says python3
}

row server-filtered tcp-timeout-filtered proven 10 'timed out'
case_server-filtered() {
	serve_unit
	serve_admin
	rules_input server 'tcp dport 22 drop'
	STEP=2
	by_admin web.lab
	says 'tcp dport 22 drop'
	fix_cures web.lab
}
row server-refused-firewall tcp-refused-firewall proven 10 'refused'
case_server-refused-firewall() {
	serve_unit
	serve_admin
	rules_input server 'tcp dport 22 reject with tcp reset'
	by_admin web.lab
	says 'tcp dport 22 reject'
	fix_cures web.lab
}

row server-key-not-listed auth-key-not-listed proven 11 'Permission denied'
case_server-key-not-listed() {
	serve_unit
	serve_admin
	authorized agent_key
	by_admin web.lab
}
row server-key-not-listed-file auth-key-not-listed proven 11 'Permission denied'
case_server-key-not-listed-file() {
	serve_unit
	authorized work_key
	by_file web.lab
}

row server-strictmodes auth-strictmodes proven 11 'Permission denied'
case_server-strictmodes() {
	serve_unit
	serve_admin
	lab_server chmod 777 /home/alice/.ssh
	by_admin web.lab
	says /home/alice/.ssh 0777
	fix_cures web.lab
}
row server-strictmodes-file auth-strictmodes proven 11 'Permission denied'
case_server-strictmodes-file() {
	serve_unit "LogLevel INFO"
	lab_server chmod 666 /home/alice/.ssh/authorized_keys
	by_file web.lab
	says /home/alice/.ssh/authorized_keys 0666
	fix_cures web.lab
}

row server-keys-elsewhere auth-keys-file-elsewhere proven 11 'Permission denied'
case_server-keys-elsewhere() {
	serve_unit "AuthorizedKeysFile /etc/ssh/keys/%u"
	serve_admin
	by_admin web.lab
	says /etc/ssh/keys /home/alice/.ssh/authorized_keys
}

row server-allow auth-allow-deny proven 11 'Permission denied'
case_server-allow() {
	serve_unit "AllowUsers bob carol"
	serve_admin
	by_admin web.lab
	says AllowUsers
}
row server-deny-groups auth-allow-deny proven 11 'Permission denied'
case_server-deny-groups() {
	serve_unit "DenyGroups alice" "LogLevel INFO"
	serve_admin
	by_admin web.lab
	says DenyGroups
}

row server-user-unknown auth-user-unknown proven 11 'Permission denied'
case_server-user-unknown() {
	serve_unit
	serve_admin
	by_admin nobodyhere@web.lab
}

row server-locked auth-account-locked proven 11 'Permission denied'
case_server-locked() {
	serve_unit
	serve_admin
	lab_server usermod -p '!' alice
	by_admin web.lab
	fix_cures web.lab
}

row server-shell auth-shell-unusable proven 11 'Permission denied'
case_server-shell() {
	serve_unit
	serve_admin
	lab_server usermod -s /bin/nosuchshell alice
	by_admin web.lab
	says /bin/nosuchshell
	fix_cures web.lab
}

row server-pubkey-off auth-pubkey-disabled proven 11 'Permission denied'
case_server-pubkey-off() {
	serve_unit "PubkeyAuthentication no" "PasswordAuthentication yes"
	serve_admin
	by_admin web.lab
	fix_cures web.lab
}

row server-sigalg auth-sigalg-server-refuses proven 11 'Permission denied'
case_server-sigalg() {
	serve_unit "PubkeyAcceptedAlgorithms rsa-sha2-512"
	serve_admin
	by_admin web.lab
	says ssh-ed25519
}

row server-source auth-source-restricted proven 11 'Permission denied'
case_server-source() {
	serve_unit
	serve_admin
	lab_server sh -c 'printf "from=\"192.0.2.0/24\" %s\n" "$(cat "$1/keys/id_ed25519.pub")" >/home/alice/.ssh/authorized_keys' sh "$LAB"
	by_admin web.lab
}

row server-nologin pam-nologin proven 11 'closed|Go away'
case_server-nologin() {
	serve_unit "UsePAM yes"
	serve_admin
	lab_server sh -c 'sed -i "s/account required pam_permit.so/account required pam_nologin.so/" /etc/pam.d/sshd; echo Go away >/etc/nologin'
	by_admin web.lab
}

row server-pam-denied pam-account-denied proven 11 'closed'
case_server-pam-denied() {
	serve_unit "UsePAM yes"
	serve_admin
	lab_server sed -i 's/account required pam_permit.so/account required pam_deny.so/' /etc/pam.d/sshd
	by_admin web.lab
}

row server-forced forced-command-fails proven 12 'exit 127|not found|No such file'
case_server-forced() {
	serve_unit "ForceCommand /usr/local/bin/no-such-thing --now"
	serve_admin
	CONNS=3
	by_admin web.lab
	says /usr/local/bin/no-such-thing
}

row server-usedns slow-usedns proven 13 ''
case_server-usedns() {
	serve_unit "UseDNS yes"
	serve_admin
	# Nothing answers for the client's address: sshd waits for its resolver.
	rules_input router 'iifname "r1" udp dport 53 drop'
	CONNS=4
	LIMIT=60
	by_admin web.lab
	fix_cures web.lab
}

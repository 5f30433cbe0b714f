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
	fix_cures web.lab
}

# banned ADDRESS [BLOCKTYPE]: a jail of fail2ban holds that address.
banned() {
	KIT_RULES=1
	lab_server install -m 755 "$LAB/tools/unit/fail2ban-client" /usr/local/bin/
	lab_server env BLOCKTYPE="${2:-reject}" fail2ban-client set sshd banip "$1" >/dev/null || fail "no ban"
}
no_jail() { lab_server rm -f /usr/local/bin/fail2ban-client; }
row server-banned tcp-refused-banned proven 10 'Connection refused'
case_server-banned() {
	serve_unit
	serve_admin
	banned 10.77.1.2
	by_admin web.lab
	says fail2ban 10.77.1.2
	fix_cures web.lab
	no_jail
}
row server-banned-silent tcp-refused-banned proven 10 'timed out'
case_server-banned-silent() {
	serve_unit
	serve_admin
	banned 10.77.1.2 drop
	STEP=2
	by_admin web.lab
	says fail2ban 10.77.1.2
	fix_cures web.lab
	no_jail
}
# As with the jail's other block types: the address itself seems to say no.
row server-banned-reset tcp-refused-banned proven 10 'Connection refused'
case_server-banned-reset() {
	serve_unit
	serve_admin
	banned 10.77.1.2 'reject with tcp reset'
	by_admin web.lab
	says fail2ban 10.77.1.2
	fix_cures web.lab
	no_jail
}
# A jail that holds others says nothing of us.
row server-banned-others tcp-refused-no-listener proven 10 'Connection refused'
case_server-banned-others() {
	unit_conf
	serve_admin
	banned 10.77.1.3
	by_admin web.lab
	warns_not tcp-refused-banned
	warns_not tcp-refused-firewall
	no_jail
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

row server-refused-firewall-icmp tcp-refused-firewall proven 10 'refused'
case_server-refused-firewall-icmp() {
	serve_unit
	serve_admin
	rules_input server 'tcp dport 22 reject'
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
	fix_cures web.lab
}
# A long list of other people's keys is told in part, and looked through as a whole.
row server-key-not-listed-of-many auth-key-not-listed proven 11 'Permission denied'
case_server-key-not-listed-of-many() {
	local i
	serve_unit
	serve_admin
	for i in $(seq 15); do
		rm -f "$LAB/other" "$LAB/other.pub"
		ssh-keygen -q -t ed25519 -N '' -C "person $i" -f "$LAB/other" && cat "$LAB/other.pub"
	done | lab_server sh -c 'cat >/home/alice/.ssh/authorized_keys'
	by_admin web.lab
	fix_cures web.lab
}
# No .ssh there at all: the command makes it, as the user.
row server-no-keys-file auth-key-not-listed proven 11 'Permission denied'
case_server-no-keys-file() {
	serve_unit
	serve_admin
	lab_server rm -rf /home/alice/.ssh
	by_admin web.lab
	fix_cures web.lab
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
row server-strictmodes-owner auth-strictmodes proven 11 'Permission denied'
case_server-strictmodes-owner() {
	serve_unit
	serve_admin
	lab_server chown 2102 /home/alice/.ssh
	by_admin web.lab
	says /home/alice/.ssh 2102
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
	fix_cures web.lab
}

# A key that was broken in two by a terminal: sshd passes over both lines.
row server-key-broken-in-two auth-keys-line-bad likely 11 'Permission denied'
case_server-key-broken-in-two() {
	serve_unit
	serve_admin
	pub id_ed25519 | fold -w 50 | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	by_admin web.lab
	says /home/alice/.ssh/authorized_keys
}
row server-key-as-authority auth-keys-line-bad proven 11 'Permission denied'
case_server-key-as-authority() {
	serve_unit
	serve_admin
	echo "cert-authority $(pub id_ed25519)" | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	by_admin web.lab
	says cert-authority
}

row server-home-gone auth-home-unavailable proven 11 'Permission denied'
case_server-home-gone() {
	serve_unit
	serve_admin
	lab_server mv /home/alice /home/alice.away
	by_admin web.lab
	says /home/alice
	lab_server mv /home/alice.away /home/alice
}

row server-allow auth-allow-deny proven 11 'Permission denied'
case_server-allow() {
	serve_unit "AllowUsers bob carol"
	serve_admin
	by_admin web.lab
	says AllowUsers
	fix_cures web.lab
	server_has_line /etc/ssh/sshd_config 'AllowUsers alice bob carol'
}
server_has_line() { # FILE LINE: the server's file has exactly that line
	[ "$TOOL" = ssh ] || lab_server grep -qxF -e "$2" "$1" || fail "no line '$2' in $1 of the server"
}
# With another fault in the file sshd would not start: the command fails, and all is as it was.
row server-allow-restores auth-allow-deny proven 11 'Permission denied'
case_server-allow-restores() {
	serve_unit "AllowUsers bob carol"
	lab_server sh -c 'echo NoSuchSetting yes >>/etc/ssh/sshd_config; chmod 640 /etc/ssh/sshd_config; md5sum /etc/ssh/sshd_config' >"$LAB/sum"
	serve_admin
	by_admin web.lab
	[ "$TOOL" = ssh ] && return
	lab_server sh -c "$(json first-fix | cut -f3-)" >/dev/null 2>&1 && fail "the fix says that all is well"
	lab_server sh -c 'md5sum /etc/ssh/sshd_config; [ "$(stat -c %a /etc/ssh/sshd_config)" = 640 ]' | cmp -s - "$LAB/sum" ||
		fail "the configuration is not as it was"
	lab_server test -e /etc/ssh/sshd_config.before || fail "the fix did not run"
}
# The rule stands in a file of its own, which is what is edited.
row server-allow-included auth-allow-deny proven 11 'Permission denied'
case_server-allow-included() {
	unit_conf "Include /etc/ssh/sshd_config.d/*.conf"
	lab_server sh -c 'mkdir -p /etc/ssh/sshd_config.d; printf "# rules\n\tallowgroups\tstaff # of the house\n" >/etc/ssh/sshd_config.d/10-site.conf; systemctl start ssh'
	serve_admin
	by_admin web.lab
	says AllowGroups /etc/ssh/sshd_config.d/10-site.conf
	fix_cures web.lab
	server_has_line /etc/ssh/sshd_config.d/10-site.conf "$(printf '\tallowgroups\talice\tstaff # of the house')"
}
row server-deny auth-allow-deny proven 11 'Permission denied'
case_server-deny() {
	serve_unit "DenyUsers mallory alice bob"
	serve_admin
	by_admin web.lab
	says DenyUsers
	fix_cures web.lab
	server_has_line /etc/ssh/sshd_config 'DenyUsers mallory bob'
}
# Within a Match block another line would be another rule: words, and no command.
row server-allow-match auth-allow-deny proven 11 'Permission denied'
case_server-allow-match() {
	unit_conf
	lab_server sh -c 'printf "Match Address 10.77.1.0/24\n\tAllowUsers bob\n" >>/etc/ssh/sshd_config; systemctl start ssh'
	serve_admin
	by_admin web.lab
	says AllowUsers
	[ "$TOOL" = ssh ] || [ -z "$(json first-fix)" ] || fail "a command for a rule of a Match block: $(json first-fix)"
}
row server-deny-groups auth-allow-deny proven 11 'Permission denied'
case_server-deny-groups() {
	serve_unit "DenyGroups alice" "LogLevel INFO"
	serve_admin
	by_admin web.lab
	says DenyGroups
	fix_cures web.lab
	server_has_line /etc/ssh/sshd_config '#DenyGroups '
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
	fix_cures web.lab
	server_has_line /etc/ssh/sshd_config 'PubkeyAcceptedAlgorithms rsa-sha2-512,ssh-ed25519'
}

row server-source auth-source-restricted proven 11 'Permission denied'
case_server-source() {
	serve_unit
	serve_admin
	lab_server sh -c 'printf "from=\"192.0.2.0/24\" %s\n" "$(cat "$1/keys/id_ed25519.pub")" >/home/alice/.ssh/authorized_keys' sh "$LAB"
	by_admin web.lab
	fix_cures web.lab
}

row server-nologin pam-nologin proven 11 'closed|Go away'
case_server-nologin() {
	serve_unit "UsePAM yes"
	serve_admin
	lab_server sh -c 'sed -i "s/account required pam_permit.so/account required pam_nologin.so\\n&/" /etc/pam.d/sshd; echo Go away >/etc/nologin'
	by_admin web.lab
	fix_cures web.lab
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

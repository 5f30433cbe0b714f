# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The collector's script on a real server: what root and what an ordinary user can say.

# said TEXT...: the evidence holds these lines (fixed words) behind the marker.
said() {
	local t
	for t in "$@"; do
		sed 's/^smc-[0-9a-f]* //' "$LOG.evidence" | grep -q -F -e "$t" || fail "the collector does not say: $t"
	done
}
collector_whole() {
	tail -n 1 "$LOG.evidence" | grep -q -E '^smc-[0-9a-f]{16} end\. sections=[0-9]+$' || fail "the run is not whole"
	[ -s "$LOG.evidence.err" ] && fail "stderr: $(head -n 1 "$LOG.evidence.err")"
}

row collector-root - - - -
case_collector-root() {
	[ "$TOOL" = ssh ] && return
	serve_unit "AllowGroups nobodyshere"
	rules_input server 'tcp dport 22 counter accept'
	medic web.lab
	[ "$RC" = 11 ] || fail "exit $RC"
	collector
	collector_whole
	said 'meta user=alice' 'meta port=22' 'meta client=10.77.1.2' 'meta client_from=log' 'meta client_seen=1' 'meta root=1' \
	    'unit= init=systemd' 'unit= unit=ssh.service' 'unit ActiveState=active' \
	    'listen= socket=0.0.0.0 22 ' \
	    'sshd-t= status=0' 'sshd-T= status=0' 'sshd-T allowgroups nobodyshere' 'config= set=1 allowgroups /etc/ssh/sshd_config' \
	    'User alice from 10.77.1.2 not allowed because none of user' \
	    'files= keysfile=/home/alice/.ssh/authorized_keys' 'files= path=644' "keys= key=1 1 256 $(ssh-keygen -lf "$LAB/keys/id_ed25519.pub" | cut -d' ' -f2) ssh-ed25519" \
	    'account= exists=1' 'account= password=none' 'hostkeys= path=600' 'firewall$ nft list ruleset' 'tcp dport 22'
}

row collector-user - - - -
case_collector-user() {
	[ "$TOOL" = ssh ] && return
	serve_unit
	collector # the script; its evidence is that of root
	lab_server setpriv --reuid 2101 --regid 2101 --clear-groups sh "$LAB/script" >"$LOG.evidence" 2>"$LOG.evidence.err"
	collector_whole
	said 'meta root=0' 'meta. rc=0 cut=0 why=not root' 'firewall. rc=1 cut=0 why=not root' 'files= path=' 'account= exists=1'
	grep -q 'account= password=' "$LOG.evidence" && fail "an ordinary user reads the shadow file"
}

# By sudo without a password: as much as root, and sudo leaves nothing behind.
row collector-sudo - - - -
case_collector-sudo() {
	[ "$TOOL" = ssh ] && return
	serve_unit
	collector
	lab_server sh -c 'echo "alice ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/lab; chmod 440 /etc/sudoers.d/lab'
	lab_server setpriv --reuid 2101 --regid 2101 --clear-groups sh "$LAB/script" >"$LOG.evidence" 2>"$LOG.evidence.err"
	lab_server rm -f /etc/sudoers.d/lab
	collector_whole
	said 'meta root=1' 'meta sudo=1' 'account= password=none' 'firewall$ nft list ruleset' 'sshd-T= status=0'
	[ -z "$(lab_server find /run/sudo /var/lib/sudo -type f 2>/dev/null)" ] || fail "sudo wrote something down"
}

# Every file of the server that matters, its mode and its times. ufw makes its own lock in /run at each call.
whole_server() {
	lab_server sh -c 'find /etc /home /run /root /tmp /var/log /usr/local/bin -type f ! -path /run/ufw.lock -exec md5sum {} +
		find /etc /home /run /root /tmp ! -path /run ! -path /run/ufw.lock -exec stat -c "%n %a %u %Z" {} +' 2>/dev/null | sort
}

# All that a server holds dear, and none of it in the evidence; and the server is as it was.
row collector-secrets - - - -
case_collector-secrets() {
	[ "$TOOL" = ssh ] && return
	local before after
	serve_unit "Banner /etc/canary" "LogLevel DEBUG3"
	lab_server sh -c '
		for f in /etc/canary /root/canary /home/alice/.ssh/id_rsa /home/alice/.netrc; do echo CANARY >$f; done
		sed -i "s|^alice:[^:]*:|alice:\$6\$CANARY\$CANARY:|" /etc/shadow
		printf "environment=\"CANARY=CANARY\" %s CANARY\n" "$(cut -d" " -f1,2 "$1/keys/id_ed25519.pub")" >/home/alice/.ssh/authorized_keys' sh "$LAB"
	lab_client ssh -o BatchMode=yes CANARY@web.lab true >/dev/null 2>&1
	lab_client ssh -o BatchMode=yes web.lab true >/dev/null 2>&1
	before=$(whole_server)
	collector
	after=$(whole_server)
	collector_whole
	grep -q CANARY "$LOG.evidence" && fail "a secret is told: $(grep -m 1 CANARY "$LOG.evidence")"
	for k in host host_rsa host_ecdsa id_ed25519; do
		grep -q -F -e "$(sed -n 3p "$LAB/keys/$k")" "$LOG.evidence" && fail "the private key $k is told"
		grep -q -F -e "$(cut -d' ' -f2 "$LAB/keys/$k.pub")" "$LOG.evidence" && fail "the public key $k is told"
	done
	said 'account= password=set'
	[ "$before" = "$after" ] || fail "the server has changed: $(diff <(echo "$before") <(echo "$after") | head -n 3)"
}

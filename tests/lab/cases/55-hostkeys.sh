# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What else may be said of a host key that is not the known one.

# One type is new, the other is the known one: the host still holds it, and lets us in by it.
row hostkeys-one-type-new hostkey-changed proven 10 'REMOTE HOST IDENTIFICATION HAS CHANGED'
case_hostkeys-one-type-new() {
	serve
	printf '%s\n' "web.lab $(pub host2)" "web.lab $(pub host_rsa)" | home known_hosts
	CONNS=2
	medic web.lab
	nothing_sent
	says 'still holds its known ssh-rsa key'
	warns hostkey-other-type-known
	fix_logs_in
}

# Both are new: another host stands there.
row hostkeys-all-new hostkey-changed proven 10 'REMOTE HOST IDENTIFICATION HAS CHANGED'
case_hostkeys-all-new() {
	serve
	printf '%s\n' "web.lab $(pub host2)" "web.lab ecdsa-sha2-nistp256 $(ssh-keygen -y -f "$LAB/keys/other_ecdsa" | cut -d' ' -f2)" | home known_hosts
	CONNS=2
	medic web.lab
	nothing_sent
	says 'another ecdsa-sha2-nistp256 key as well'
}

# The user's own settings leave the known type out.
row hostkeys-type-left-out hostkey-unknown proven 20 'Host key verification failed'
case_hostkeys-type-left-out() {
	serve
	echo "web.lab $(pub host_ecdsa)" | home known_hosts
	CONNS=2
	medic -o HostKeyAlgorithms=ssh-ed25519 web.lab
	warns hostkey-other-type-known
	says '-o HostKeyAlgorithms=ecdsa-sha2-nistp256'
}

# The same key is known under another name.
row hostkeys-known-elsewhere hostkey-unknown proven 20 'Host key verification failed'
case_hostkeys-known-elsewhere() {
	serve
	printf '%s\n' "# one" "www.example.org $(pub host)" | home known_hosts
	medic web.lab
	says 'www.example.org' 'line 2'
}

# DNS has a fingerprint: the right one, the wrong one.
row hostkeys-sshfp hostkey-unknown proven 20 'Host key verification failed'
case_hostkeys-sshfp() {
	serve
	no_key known_hosts
	sshfp host
	medic sshfp.lab
	says 'names this very key (unsigned, no proof)'
	no_sshfp
}

row hostkeys-sshfp-other hostkey-changed proven 10 'REMOTE HOST IDENTIFICATION HAS CHANGED'
case_hostkeys-sshfp-other() {
	serve
	echo "sshfp.lab $(pub host2)" | home known_hosts
	sshfp host2
	medic sshfp.lab
	says 'names another key'
	nothing_sent
	no_sshfp
}

# sshfp KEY: a name server of its own on the client's loopback, with sshfp.lab and its record.
sshfp() {
	local hash
	hash=$(ssh-keygen -r sshfp.lab -f "$LAB/keys/$1.pub" | awk '$5 == 2 { print $6 }')
	lab_client_root dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts \
	    --pid-file --listen-address=127.0.0.1 --bind-interfaces --host-record=sshfp.lab,10.77.2.2 --local=/lab/ \
	    --dns-rr="sshfp.lab,44,0402$hash" </dev/null >"$LOG.dns" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	lab_client_root sh -c 'cp /etc/resolv.conf /run/resolv.lab && echo nameserver 127.0.0.1 >/etc/resolv.conf'
	local i
	for ((i = 0; i < 100; i++)); do
		lab_client getent ahostsv4 sshfp.lab >/dev/null && return
		sleep 0.02
	done
	fail "no sshfp.lab"
}
no_sshfp() {
	lab_client_root sh -c 'cat /run/resolv.lab >/etc/resolv.conf'
}

# ssh may not write the key down: a file of mode 400, then a folder of root's.
row hostkeys-file-read-only hostkey-unknown proven 20 'Host key verification failed'
case_hostkeys-file-read-only() {
	serve
	echo "other.lab $(pub host2)" | home known_hosts 400
	medic web.lab
	warns knownhosts-unwritable
	[ "$TOOL" = ssh ] || grep -q -F 'chmod u+rwX -- /home/alice/.ssh/known_hosts' "$OUT" || fail "no fix for the mode"
}

row hostkeys-folder-of-root healthy proven 0 ''
case_hostkeys-folder-of-root() {
	serve
	no_key known_hosts
	lab_client_root chown root:root /home/alice/.ssh
	lab_client_root chmod 755 /home/alice/.ssh
	medic -o StrictHostKeyChecking=accept-new web.lab
	warns knownhosts-unwritable
}

row hostkeys-writable healthy proven 0 ''
case_hostkeys-writable() {
	serve
	no_key known_hosts
	medic -o StrictHostKeyChecking=accept-new web.lab
	[[ " $(json ids) " != *" knownhosts-unwritable "* ]] || fail "a warning that is not true"
}

# host_cert KEY_OPTIONS...: the server shows a certificate of host, signed with these options by host2.
host_cert() {
	cp "$LAB/keys/host.pub" "$LAB/keys/certified.pub"
	ssh-keygen -q -s "$LAB/keys/${CA:-host2}" -I web -h "$@" "$LAB/keys/certified.pub" || fail "no certificate"
	serve "HostCertificate $LAB/keys/certified-cert.pub"
}

row hostkeys-cert-expired hostkey-cert-invalid proven 10 'Certificate invalid: expired'
case_hostkeys-cert-expired() {
	host_cert -n web.lab -V 20200101:20200102
	echo "@cert-authority *.lab $(pub host2)" | home known_hosts
	CONNS=2
	medic web.lab
	says expired
}

row hostkeys-cert-other-name hostkey-cert-invalid proven 10 'not a listed principal'
case_hostkeys-cert-other-name() {
	host_cert -n www.example.org
	echo "@cert-authority *.lab $(pub host2)" | home known_hosts
	CONNS=2
	medic web.lab
	says 'listed principal'
}

row hostkeys-cert-other-authority hostkey-cert-invalid proven 10 'Host key verification failed'
case_hostkeys-cert-other-authority() {
	CA=host_jump host_cert -n web.lab
	echo "@cert-authority *.lab $(pub host2)" | home known_hosts
	CONNS=2
	medic web.lab
	says 'authority that is not known here'
}

# The plain key is known as well: the login goes on, with a warning.
row hostkeys-cert-expired-key-known healthy - 0
case_hostkeys-cert-expired-key-known() {
	host_cert -n web.lab -V 20200101:20200102
	printf '%s\n' "@cert-authority *.lab $(pub host2)" "web.lab $(pub host)" | home known_hosts
	medic web.lab
	warns hostkey-cert-invalid
}

# Two machines take turns behind one address.
row hostkeys-two-machines hostkey-multi-backend likely 10 -
case_hostkeys-two-machines() {
	serve "Port 2201"
	local conf=$LAB/sshd.twin
	sed "s#^HostKey $LAB/keys/host\$#HostKey $LAB/keys/host2#; s/^Port .*/Port 2202/" "$LAB/sshd.0" >"$conf"
	lab_server /usr/sbin/sshd -D -e -f "$conf" </dev/null >>"$LOG.twin" 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$LOG.twin" "Server listening on" 5
	odd 22 turns 2201,2202
	echo "web.lab $(pub host)" | home known_hosts
	CONNS=4
	medic web.lab
	says 'more than one machine'
}

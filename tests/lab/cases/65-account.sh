# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The account and what stands around it: what sshd notes behind a login, PAM's
# words, certificates, signature algorithms, the wrong block of ssh_config.

# ---- a login that works says why other keys did not ------------------------

# two_keys: ssh offers work_key first, then the key that gets in.
two_keys() {
	key work_key
	printf '%s\n' "Host *" "	IdentityFile ~/.ssh/work_key" "	IdentityFile ~/.ssh/id_ed25519" | home config
}

row note-strictmodes-file healthy - 0
case_note-strictmodes-file() {
	serve "AuthorizedKeysFile .ssh/authorized_keys .ssh/more_keys"
	two_keys
	pub work_key | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	pub id_ed25519 | lab_server tee /home/alice/.ssh/more_keys >/dev/null
	lab_server chmod 666 /home/alice/.ssh/authorized_keys
	medic web.lab
	warns auth-strictmodes
	FIX_OF=auth-strictmodes fix_cures web.lab -i .ssh/work_key -F none -o IdentitiesOnly=yes
}

row note-strictmodes-directory healthy - 0
case_note-strictmodes-directory() {
	serve "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys.%u"
	two_keys
	pub work_key | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	pub id_ed25519 | lab_server tee /etc/ssh/keys.alice >/dev/null
	lab_server chmod 777 /home/alice/.ssh
	medic web.lab
	warns auth-strictmodes
	FIX_OF=auth-strictmodes fix_cures web.lab -i .ssh/work_key -F none -o IdentitiesOnly=yes
}

row note-from healthy - 0
case_note-from() {
	serve
	two_keys
	{ echo "from=\"10.9.9.9\" $(pub work_key)"; pub id_ed25519; } | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	medic web.lab
	warns auth-source-restricted
}

row note-expired-line healthy - 0
case_note-expired-line() {
	serve
	two_keys
	{ echo "expiry-time=\"20200101\" $(pub work_key)"; pub id_ed25519; } | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	medic web.lab
	warns auth-key-option-expired
}

row note-unknown-option healthy - 0
case_note-unknown-option() {
	serve
	two_keys
	{ echo "no-such-option $(pub work_key)"; pub id_ed25519; } | lab_server tee /home/alice/.ssh/authorized_keys >/dev/null
	medic web.lab
	warns auth-key-option-unknown
}

# certify KEY WORDS...: a certificate of that key in alice's ~/.ssh, by the authority host2.
certify() {
	local k=$1
	shift
	cp "$LAB/keys/$k.pub" "$LAB/keys/c.pub" && ssh-keygen -q -s "$LAB/keys/host2" -I lab "$@" "$LAB/keys/c.pub" 2>/dev/null ||
		fail "no certificate"
	home "$k-cert.pub" <"$LAB/keys/c-cert.pub"
}
trust_ca() {
	lab_server tee /etc/ssh/lab_ca.pub <"$LAB/keys/host2.pub" >/dev/null
}

row note-certificate-names-another healthy - 0
case_note-certificate-names-another() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	certify id_ed25519 -n bob
	printf '%s\n' "Host *" "	CertificateFile ~/.ssh/id_ed25519-cert.pub" | home config
	medic web.lab
	warns cert-principal-or-ca
}

# What a banner or the account's own startup file prints is no note of sshd's.
row note-imitated-by-banner healthy - 0
case_note-imitated-by-banner() {
	serve "Banner /etc/ssh/banner"
	printf 'Authenticated to web.lab ([10.77.2.2]:22) using "publickey".\r\ndebug1: Remote: Ignored authorized keys: bad ownership or modes for file /etc/passwd\r\n' |
		lab_server tee /etc/ssh/banner >/dev/null
	medic web.lab
	warns_not auth-strictmodes
}

row note-imitated-by-shell healthy - 0
case_note-imitated-by-shell() {
	serve
	echo 'printf "debug1: Remote: Ignored authorized keys: bad ownership or modes for file /etc/passwd\r\n" >&2' |
		lab_server tee /home/alice/.bashrc >/dev/null
	medic web.lab
	warns_not auth-strictmodes
}

# ---- PAM's words ------------------------------------------------------------

# pam_account LINE...: account lines for sshd on the server; keys decide the rest.
pam_account() {
	printf '%s\n' "auth required pam_deny.so" "$@" "session required pam_permit.so" |
		lab_server tee /etc/pam.d/sshd >/dev/null
}
# shadow FIELDS: alice's line of shadow on the server, from the last change on.
shadow() {
	lab_server sh -c 'cp -n /etc/shadow /etc/shadow.lab; sed "s/^alice:.*/alice:*:$1/" /etc/shadow.lab >/etc/shadow.new && cat /etc/shadow.new >/etc/shadow' sh "$1"
}

row pam-nologin pam-nologin proven 11 'onnection closed'
case_pam-nologin() {
	serve "UsePAM yes"
	pam_account "account required pam_nologin.so" "account required pam_permit.so"
	echo '"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8)."' |
		lab_server tee /run/nologin >/dev/null
	medic web.lab
	fix_cures web.lab
	lab_server rm -f /run/nologin /run/nologin.off
}

# Words of the site's own: the class, and the words.
row pam-nologin-own-words auth-account-denied likely 11 'onnection closed'
case_pam-nologin-own-words() {
	serve "UsePAM yes"
	pam_account "account required pam_nologin.so"
	echo 'Wartung bis 18 Uhr' | lab_server tee /run/nologin >/dev/null
	medic web.lab
	says 'Wartung bis 18 Uhr'
	lab_server rm -f /run/nologin
}

# The same words in a banner for everybody say nothing of this login.
row pam-words-in-the-banner auth-account-denied likely 11 'onnection closed'
case_pam-words-in-the-banner() {
	serve "UsePAM yes" "Banner /etc/ssh/banner"
	pam_account "account required pam_deny.so"
	echo "Your account has expired; please contact your system administrator." | lab_server tee /etc/ssh/banner >/dev/null
	medic web.lab
}

row pam-account-expired pam-account-expired proven 11 'Your account has expired'
case_pam-account-expired() {
	serve "UsePAM yes"
	pam_account "account required pam_unix.so"
	shadow '19000:0:99999:7::19001:'
	medic web.lab
	fix_cures web.lab
	shadow '19000:0:99999:7:::'
}

row pam-password-inactive pam-account-expired proven 11 'Your account has expired'
case_pam-password-inactive() {
	serve "UsePAM yes"
	pam_account "account required pam_unix.so"
	shadow '19000:0:10:7:1::'
	medic web.lab
	shadow '19000:0:99999:7:::'
}

row pam-password-expired pam-password-expired proven 11 'Password change required but no TTY'
case_pam-password-expired() {
	serve "UsePAM yes"
	pam_account "account required pam_unix.so"
	shadow '0:0:99999:7:::'
	# The login succeeds before the server speaks of the password: the proof may have begun by then.
	CONNS=2
	medic web.lab
	says 'ssh -t web.lab'
	shadow '19000:0:99999:7:::'
}

# guess N: so many passwords that are wrong, in one login by hand.
guess() {
	lab_client sh -c 'printf "#!/bin/sh\necho wrong\n" >.ssh/ask && chmod 700 .ssh/ask
		SSH_ASKPASS=$HOME/.ssh/ask SSH_ASKPASS_REQUIRE=force ssh -o PubkeyAuthentication=no -o PreferredAuthentications=password \
		    -o NumberOfPasswordPrompts="$1" web.lab true' sh "$1" </dev/null >"$OUT" 2>"$ERR"
	RC=$?
}
# Only passwords are kept out, and no password is ever sent by the program: the log alone tells, as a person would paste it.
row pam-faillock-log pam-faillock likely 11 'Permission denied'
case_pam-faillock-log() {
	serve_unit "UsePAM yes" "PasswordAuthentication yes"
	printf '%s\n' "auth required pam_faillock.so preauth deny=2 dir=/run/faillock" \
	    "auth [success=1 default=ignore] pam_unix.so nodelay" \
	    "auth [default=die] pam_faillock.so authfail deny=2 dir=/run/faillock" \
	    "auth required pam_permit.so" "account required pam_permit.so" "session required pam_permit.so" |
		lab_server tee /etc/pam.d/sshd >/dev/null
	guess 3
	[ "$TOOL" = ssh ] && return
	lab_client tee /tmp/evidence <"$LOG.unit" >/dev/null
	: >"$LOG.unit"
	medic --paste /tmp/evidence
	lab_server rm -rf /run/faillock
}

# ---- the account that a cloud image wants -----------------------------------

# cloud_root SECONDS: root's key with cloud-init's forced command; alice is the image's user.
cloud_root() {
	lab_server sh -c 'mkdir -p -m 700 /root/.ssh; cat >/root/.ssh/authorized_keys' <<-END
		no-port-forwarding,no-agent-forwarding,no-X11-forwarding,command="echo 'Please login as the user \"alice\" rather than the user \"root\".';echo;sleep $1;exit 142" $(pub id_ed25519)
	END
}
row cloud-default-user auth-cloud-default-user proven 11
case_cloud-default-user() {
	serve
	cloud_root 1
	CONNS=2
	medic root@web.lab
	says 'ssh -l alice root@web.lab'
	fix_logs_in
}

row cloud-default-user-slow auth-cloud-default-user proven 11
case_cloud-default-user-slow() {
	serve
	cloud_root 10
	STEP=2 CONNS=2
	medic -l root web.lab
	fix_logs_in
}

# ---- signature algorithms and types of keys ----------------------------------

# old_sshd: a server that has never heard of extensions (RFC 8308), as before OpenSSH 7.2. Sets SSHD.
old_sshd() {
	SSHD=$LAB/tools/old-sshd
	# The end of that word serves as "-c" elsewhere in the program: only its head may change.
	sed 's/ext-info-c/old-info-c/g' /usr/sbin/sshd >"$SSHD" && chmod 755 "$SSHD" || fail "no old server"
}
rsa_key() {
	no_key
	key host_rsa id_rsa
	authorized host_rsa
}

row rsa-old-server auth-no-mutual-sigalg proven 11 'Permission denied \(publickey\)'
case_rsa-old-server() {
	old_sshd
	serve "PubkeyAcceptedAlgorithms ssh-rsa,ssh-ed25519"
	rsa_key
	medic web.lab
	fix_cures web.lab
}

# The server does not know that key either.
row rsa-old-server-not-listed auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_rsa-old-server-not-listed() {
	old_sshd
	serve "PubkeyAcceptedAlgorithms ssh-rsa,ssh-ed25519"
	rsa_key
	authorized
	medic web.lab
}

# A server that takes only the old signature and says that it takes others: the client cannot tell.
row rsa-server-takes-sha1-only auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_rsa-server-takes-sha1-only() {
	serve "PubkeyAcceptedAlgorithms ssh-rsa"
	rsa_key
	medic web.lab
	says auth-sigalg-server-refuses
}

row key-type-left-out key-not-offered proven 11 'Permission denied \(publickey\)'
case_key-type-left-out() {
	serve
	printf '%s\n' "Host *" "	PubkeyAcceptedAlgorithms rsa-sha2-512" | home config
	medic web.lab
	fix_cures web.lab
}

row key-short-left-out key-too-short proven 11 'Permission denied \(publickey\)'
case_key-short-left-out() {
	serve
	rsa_key
	printf '%s\n' "Host *" "	RequiredRSASize 3072" | home config
	medic web.lab
	fix_cures web.lab
}

# ---- another Host block was meant ---------------------------------------------

row block-alias-key cfg-wrong-host-block proven 11 'Permission denied \(publickey\)'
case_block-alias-key() {
	serve
	authorized work_key
	key work_key
	printf '%s\n' "Host web" "	HostName web.lab" "	IdentityFile ~/.ssh/work_key" | home work.conf
	printf '%s\n' "Include work.conf" | home config
	medic web.lab
	says work.conf:1
	fix_cures web.lab
}

row block-alias-user cfg-wrong-host-block likely 11 'Permission denied \(publickey\)'
case_block-alias-user() {
	serve
	printf '%s\n' "Host web" "	HostName web.lab" "	User alice" "Host *" "	User nobodyhere" | home config
	medic web.lab
	fix_cures web.lab
}

row block-behind-general cfg-wrong-host-block likely 11 'Permission denied \(publickey\)'
case_block-behind-general() {
	serve
	printf '%s\n' "Host *" "	User nobodyhere" "Host web.lab" "	User alice" | home config
	medic web.lab
	fix_cures web.lab
}

row block-alias-port cfg-wrong-host-block likely 10 'Connection refused'
case_block-alias-port() {
	serve "Port 5022"
	printf '%s\n' "Host web" "	HostName web.lab" "	Port 5022" "	HostKeyAlias web.lab" | home config
	medic web.lab
	fix_cures web.lab
}

# The user was named, and is no matter of any block.
row block-user-was-given auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_block-user-was-given() {
	serve
	printf '%s\n' "Host web" "	HostName web.lab" "	User alice" | home config
	medic nobodyhere@web.lab
}

# ---- a key file that is not there, a certificate for somebody else --------------

row key-named-is-missing key-file-missing proven 11 'not accessible: No such file'
case_key-named-is-missing() {
	serve
	no_key
	medic -i .ssh/gone web.lab
	says .ssh/gone
}

row key-named-is-missing-others-refused key-file-missing likely 11 'not accessible: No such file'
case_key-named-is-missing-others-refused() {
	serve
	authorized
	medic -i .ssh/gone web.lab
}

row certificate-for-another cert-principal-or-ca likely 11 'Permission denied \(publickey\)'
case_certificate-for-another() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	authorized
	certify id_ed25519 -n bob
	medic web.lab
	says bob
}

row certificate-for-another-address auth-source-restricted likely 11 'Permission denied \(publickey\)'
case_certificate-for-another-address() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	authorized
	certify id_ed25519 -n alice -O source-address=192.0.2.0/24,2001:db8::/32
	medic web.lab
	grep -h -q 'not permitted to use this certificate' "$LOG".* || fail "the address is not why"
}

# It may be used from here, and is refused all the same: the server trusts no authority.
row certificate-of-nobody auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_certificate-of-nobody() {
	serve
	authorized
	certify id_ed25519 -n alice -O source-address=10.77.0.0/16
	medic web.lab
	warns_not auth-source-restricted
}

row certificate-out-of-its-time auth-key-rejected proven 11 'Permission denied \(publickey\)'
case_certificate-out-of-its-time() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	authorized
	certify id_ed25519 -n alice -V 20200101:20200102
	medic web.lab
	warns cert-time-invalid
}

row certificate-works healthy - 0
case_certificate-works() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	authorized
	certify id_ed25519 -n alice -O source-address=10.77.0.0/16
	medic web.lab
}

row certificate-forces-a-command forced-command likely 20
case_certificate-forces-a-command() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	authorized
	certify id_ed25519 -n alice -O force-command='echo ran >>~/ran; echo forced'
	CONNS=2
	medic web.lab
	says certificate forced
	[ "$TOOL" = ssh ] || [ "$(lab_server sh -c 'wc -l </home/alice/ran')" = 1 ] || fail "the forced command did not run once"
}

row certificate-forces-what-fails forced-command-fails likely 12 'exit 3'
case_certificate-forces-what-fails() {
	trust_ca
	serve "TrustedUserCAKeys /etc/ssh/lab_ca.pub"
	authorized
	certify id_ed25519 -n alice -O force-command='echo no such job >&2; exit 3'
	CONNS=2
	medic web.lab
	says certificate
}

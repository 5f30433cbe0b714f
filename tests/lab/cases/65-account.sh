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

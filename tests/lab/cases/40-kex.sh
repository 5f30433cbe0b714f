# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Algorithms that do not meet, and servers that break off or lie in the key exchange.

row kex-hostkey-alg kex-no-common-hostkey-alg proven 10 'no matching host key type found'
case_kex-hostkey-alg() {
	serve "HostKeyAlgorithms ssh-rsa"
	medic web.lab
	says HostKeyAlgorithms=+ssh-rsa rsa-sha2-512
	fix_logs_in
}

row kex-old-exchange kex-no-common-alg proven 10 'no matching key exchange method found'
case_kex-old-exchange() {
	serve "KexAlgorithms diffie-hellman-group1-sha1"
	medic web.lab
	says KexAlgorithms=+diffie-hellman-group1-sha1 curve25519-sha256
	fix_logs_in
}

row kex-old-cipher kex-no-common-alg proven 10 'no matching cipher found'
case_kex-old-cipher() {
	serve "Ciphers 3des-cbc"
	medic web.lab
	says Ciphers=+3des-cbc aes256-ctr
	fix_logs_in
}

row kex-old-mac kex-no-common-alg proven 10 'no matching MAC found'
case_kex-old-mac() {
	serve "Ciphers aes128-ctr" "MACs hmac-md5"
	medic web.lab
	says MACs=+hmac-md5 hmac-sha2-256
	fix_logs_in
}

# An option of the user's own, not the server, is what is too narrow.
row kex-own-option kex-no-common-alg proven 10 'no matching cipher found'
case_kex-own-option() {
	serve
	medic -o Ciphers=aes128-cbc web.lab
}

row kex-closed-truncated kex-closed proven 10 'onnection closed'
case_kex-closed-truncated() {
	odd 22 truncated
	medic web.lab
}

row kex-closed-after-offer kex-closed proven 10 'onnection (closed|reset)'
case_kex-closed-after-offer() {
	odd 22 kexclosed
	medic web.lab
}

row kex-reset kex-closed proven 10 'onnection (closed|reset)'
case_kex-reset() {
	odd 22 reset-after 100
	medic web.lab
}

row kex-stalls kex-peer-stalls likely 10 'exit 124'
case_kex-stalls() {
	odd 22 stall
	STEP=3 LIMIT=12 CONNS=3
	medic web.lab
}

row kex-stalls-before-offer kex-peer-stalls likely 10 'exit 124'
case_kex-stalls-before-offer() {
	odd 22 identstall
	STEP=3 LIMIT=12 CONNS=3
	medic web.lab
	says 'however small'
}

row kex-garbage kex-corrupt-stream likely 10 'Bad packet length|corrupt|Corrupt'
case_kex-garbage() {
	odd 22 garbage
	STEP=4
	medic web.lab
	also_plain web.lab
}

row kex-lying-length kex-corrupt-stream likely 10 -
case_kex-lying-length() {
	odd 22 lying
	STEP=4 LIMIT=15
	medic web.lab
	also_plain web.lab
}

row kex-lying-list kex-corrupt-stream likely 10 -
case_kex-lying-list() {
	odd 22 lists
	STEP=4 LIMIT=15
	medic web.lab
	also_plain web.lab
}

# Escape sequences before and in the identification string.
row kex-escape-sequences kex-closed proven 10 -
case_kex-escape-sequences() {
	odd 22 escape
	STEP=4
	medic web.lab
	also_plain web.lab
}

row kex-disconnect-text kex-closed proven 10 -
case_kex-disconnect-text() {
	odd 22 disconnect
	STEP=4
	medic web.lab
	also_plain web.lab
}


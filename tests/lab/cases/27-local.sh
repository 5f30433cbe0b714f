# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What this machine's own end of the connection lacks: the address or the interface to go out by.

row bind-address cfg-bind-address proven 10 'bind 203.0.113.9: Cannot assign requested address'
case_bind-address() {
	serve
	medic -o BindAddress=203.0.113.9 web.lab
	says 203.0.113.9
	fix_logs_in
}

# From the configuration, with no option to take out: the fix's own word stands before it.
row bind-interface cfg-bind-address proven 10 'getifaddrs: wg7: no suitable addresses'
case_bind-interface() {
	serve
	printf '%s\n' "Host *" "	BindInterface wg7" | home config
	medic web.lab
	says wg7
	fix_logs_in
}

# One of our own is left alone.
row bind-own - - 0 ''
case_bind-own() {
	serve
	medic -o BindAddress=10.77.1.2 web.lab
}

# The server shows an RSA key that is shorter than this machine asks for.
row hostkey-too-short kex-crypto-policy proven 10 'Bad server host key: Invalid key length'
case_hostkey-too-short() {
	serve "HostKeyAlgorithms rsa-sha2-512"
	CONNS=2 # ssh itself ends before authentication too
	medic -o RequiredRSASize=3072 web.lab
	says RequiredRSASize
	fix_logs_in
}

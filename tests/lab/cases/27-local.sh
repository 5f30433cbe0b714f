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

# A name: of another machine, of nobody, of this one.
row bind-name-elsewhere cfg-bind-address proven 10 'bind web.lab: Cannot assign requested address|bind 10.77.2.2: Cannot assign requested address'
case_bind-name-elsewhere() {
	serve
	medic -o BindAddress=web.lab web.lab
	says web.lab
	fix_logs_in
}

row bind-name-unknown cfg-bind-address proven 10 'getaddrinfo: nosuch.lab: Name or service not known'
case_bind-name-unknown() {
	serve
	medic -o BindAddress=nosuch.lab 10.77.2.2
	says nosuch.lab
	fix_logs_in
}

row bind-name-no-answer undecided proven 20 'getaddrinfo: client.lab: Temporary failure in name resolution'
case_bind-name-no-answer() {
	serve
	rules_input router 'udp dport 53 drop; tcp dport 53 drop'
	medic -o BindAddress=client.lab 10.77.2.2
}

row bind-name-own - - 0 ''
case_bind-name-own() {
	serve
	medic -o BindAddress=client.lab web.lab
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

# ... and nothing is known of it: ssh refuses it before it would ask.
row hostkey-too-short-and-new kex-crypto-policy proven 10 'Bad server host key: Invalid key length'
case_hostkey-too-short-and-new() {
	serve "HostKeyAlgorithms rsa-sha2-512"
	no_key known_hosts
	CONNS=2
	medic -o RequiredRSASize=3072 web.lab
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Names, routes, TCP, firewalls.

row tcp-stopped tcp-refused proven 10 'Connection refused'
case_tcp-stopped() {
	medic web.lab
	says tcp-refused-no-listener tcp-refused-bind-address
}

row tcp-loopback-only tcp-refused proven 10 'Connection refused'
case_tcp-loopback-only() {
	serve "ListenAddress 127.0.0.1" "ListenAddress ::1"
	medic web.lab
}

row tcp-stopped-two-families tcp-refused proven 10 'Connection refused'
case_tcp-stopped-two-families() {
	medic dual.lab
}

row tcp-reset-by-firewall tcp-refused proven 10 'Connection refused'
case_tcp-reset-by-firewall() {
	serve
	rules_input server 'tcp dport 22 reject with tcp reset'
	medic web.lab
}

row tcp-wrong-port tcp-refused-wrong-port likely 10 'Connection refused'
case_tcp-wrong-port() {
	serve "Port 2222"
	echo "[web.lab]:2222 $(pub host)" | home known_hosts
	medic web.lab
	says '-p 2222'
	fix_logs_in
}

row tcp-wrong-port-config tcp-refused-wrong-port likely 10 'Connection refused'
case_tcp-wrong-port-config() {
	serve
	medic -p 2200 alice@web.lab
	fix_logs_in
}

# Something that is no SSH server on another usual port is not an answer.
row tcp-other-port-not-ssh tcp-refused proven 10 'Connection refused'
case_tcp-other-port-not-ssh() {
	odd 2222 http
	medic web.lab
}

row tcp-drop-server tcp-timeout proven 10 'Connection timed out'
case_tcp-drop-server() {
	serve
	rules_input server 'tcp dport 22 drop'
	STEP=4
	medic web.lab
}

row tcp-drop-router tcp-timeout proven 10 'Connection timed out'
case_tcp-drop-router() {
	serve
	rules_forward router 'tcp dport 22 drop'
	STEP=4
	medic web.lab
}

row tcp-drop-ipv6 tcp-timeout proven 10 'Connection timed out'
case_tcp-drop-ipv6() {
	serve
	rules_input server 'tcp dport 22 drop'
	STEP=4
	medic six.lab
}

row fw-admin-prohibited-router fw-reject-prohibited proven 10 'No route to host'
case_fw-admin-prohibited-router() {
	serve
	rules_forward router 'tcp dport 22 reject with icmpx type admin-prohibited'
	medic web.lab
	says 10.77.1.1
}

row fw-admin-prohibited-server fw-reject-prohibited proven 10 'No route to host'
case_fw-admin-prohibited-server() {
	serve
	rules_input server 'tcp dport 22 reject with icmpx type admin-prohibited'
	medic web.lab
	says 10.77.2.2
}

row fw-host-prohibited fw-reject-prohibited proven 10 'No route to host'
case_fw-host-prohibited() {
	serve
	rules_input server 'ip protocol tcp tcp dport 22 reject with icmp type host-prohibited'
	medic web.lab
}

row fw-admin-prohibited-ipv6 fw-reject-prohibited proven 10 'Permission denied'
case_fw-admin-prohibited-ipv6() {
	serve
	rules_forward router 'tcp dport 22 reject with icmpx type admin-prohibited'
	medic six.lab
}

row fw-port-unreachable-router tcp-refused-firewall proven 10 'Connection refused'
case_fw-port-unreachable-router() {
	serve
	rules_forward router 'tcp dport 22 reject with icmpx type port-unreachable'
	medic web.lab
}

row fw-port-unreachable-server tcp-refused-firewall proven 10 'Connection refused'
case_fw-port-unreachable-server() {
	serve
	rules_input server 'tcp dport 22 reject with icmpx type port-unreachable'
	medic web.lab
}

row fw-port-unreachable-ipv6 tcp-refused-firewall proven 10 'Connection refused'
case_fw-port-unreachable-ipv6() {
	serve
	rules_input server 'tcp dport 22 reject with icmpx type port-unreachable'
	medic six.lab
}

row fw-local-reject tcp-refused-local-rule proven 10 'Connection refused'
case_fw-local-reject() {
	serve
	rules_output client 'tcp dport 22 reject with icmpx type port-unreachable'
	medic web.lab
}

row fw-local-reject-ipv6 tcp-refused-local-rule proven 10 'Connection refused'
case_fw-local-reject-ipv6() {
	serve
	rules_output client 'tcp dport 22 reject with icmpx type port-unreachable'
	medic six.lab
}

row net-no-route net-no-local-route proven 10 'Network is unreachable'
case_net-no-route() {
	medic 203.0.113.9
}

row net-nobody net-neighbour-absent proven 10 'No route to host'
case_net-nobody() {
	STEP=6
	medic 10.77.1.99
}

row net-router-says-down net-host-unreachable proven 10 'No route to host'
case_net-router-says-down() {
	STEP=6
	medic 10.77.2.99
}

row dns-no-such-family dns-no-address proven 10 'No address associated|Name or service not known|family for hostname not supported'
case_dns-no-such-family() {
	medic -6 web.lab
}

row dns-unknown dns-nxdomain proven 10 'Name or service not known'
case_dns-unknown() {
	medic nosuch.lab
}

row dns-dead dns-temp-failure proven 10 'Temporary failure in name resolution'
case_dns-dead() {
	rules_input router 'udp dport 53 drop; tcp dport 53 drop'
	medic web.lab
}

# An old line of /etc/hosts: nobody is there, then another host is. ssh does not ask DNS.
hosts_line() {
	lab_client_root sh -c 'cp /etc/hosts /run/hosts.lab && printf "%s\n" "# older" "$1" >>/etc/hosts && grep -n -x "$1" /etc/hosts | cut -d: -f1' sh "$1"
}
no_hosts_line() {
	lab_client_root sh -c 'cat /run/hosts.lab >/etc/hosts'
}
row dns-hosts-old dns-wrong-answer likely 10 'Connection refused'
case_dns-hosts-old() {
	local line
	serve "ListenAddress 10.77.2.2"
	line=$(hosts_line "10.77.2.3 db.lab WEB.lab")
	medic web.lab
	says_line /etc/hosts "$line"
	says 'leads to 10.77.2.3' 'DNS says 10.77.2.2' '-o HostName=10.77.2.2 -o HostKeyAlias=web.lab'
	fix_logs_in
	no_hosts_line
}

row dns-hosts-other-host hostkey-changed proven 10 'REMOTE HOST IDENTIFICATION HAS CHANGED'
case_dns-hosts-other-host() {
	serve
	hosts_line "10.77.2.3 web.lab" >"$LOG.line"
	echo "web.lab $(pub host2)" | home known_hosts
	medic web.lab
	warns dns-wrong-answer
	no_hosts_line
}

# They agree: one of the addresses of the file is that of DNS.
row dns-hosts-same tcp-refused proven 10 'Connection refused'
case_dns-hosts-same() {
	hosts_line "10.77.2.2 web.lab" >"$LOG.line"
	medic web.lab
	warns_not dns-wrong-answer
	no_hosts_line
}

row cfg-unknown-option cfg-bad-option proven 10 'Bad configuration option'
case_cfg-unknown-option() {
	serve
	printf '%s\n' "Host web.lab" "	User alice" "	ServerAliveIntervall 30" | home config
	CONNS=0
	medic web.lab
	says .ssh/config serveraliveintervall
	says_line .ssh/config 3
}

row cfg-writable cfg-bad-perms proven 10 'Bad owner or permissions'
case_cfg-writable() {
	serve
	printf '%s\n' "Host web.lab" "	User alice" | home config 666
	CONNS=0
	medic web.lab
	says .ssh/config
}

# One family is dead, the other answers: ssh waits for the first of them.
row tcp-first-address-mute tcp-one-family-broken proven 10
case_tcp-first-address-mute() {
	serve
	rules_forward router 'ip6 daddr fd77:2::2 tcp dport 22 drop'
	CONNS=2
	medic dual.lab
	fix_logs_in
}

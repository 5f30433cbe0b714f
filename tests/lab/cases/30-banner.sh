# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What stands on the port is no SSH server, or one that does not say so.

row banner-http banner-not-ssh proven 10 'kex_exchange_identification'
case_banner-http() {
	odd 22 http
	medic web.lab
	also_plain web.lab
	says HTTP
}

row banner-tls banner-not-ssh proven 10 'kex_exchange_identification'
case_banner-tls() {
	odd 22 tls
	medic web.lab
	also_plain web.lab
	says TLS
}

row banner-mysql banner-not-ssh proven 10 'kex_exchange_identification|banner'
case_banner-mysql() {
	odd 22 mysql
	STEP=4
	medic web.lab
	also_plain web.lab
	says MySQL
}

row banner-silent banner-silent proven 10 'timed out during banner exchange'
case_banner-silent() {
	odd 22 silent
	STEP=3
	medic web.lab
}

row banner-silent-queue banner-silent proven 10 'timed out during banner exchange'
case_banner-silent-queue() {
	serve
	# A server that is stopped: its kernel takes connections, nobody reads them.
	kill -STOP "${KIT_JOBS[0]}" 2>/dev/null
	STEP=3
	medic web.lab
	kill -CONT "${KIT_JOBS[0]}" 2>/dev/null
}

row banner-maxstartups-close banner-maxstartups proven 10 'kex_exchange_identification|onnection (closed|reset)'
case_banner-maxstartups-close() {
	odd 22 maxstartups
	medic web.lab
	says 'Exceeded MaxStartups'
}

row banner-maxstartups-reset banner-maxstartups proven 10 'kex_exchange_identification|onnection (closed|reset)'
case_banner-maxstartups-reset() {
	odd 22 maxstartups-reset
	medic web.lab
	says 'Exceeded MaxStartups'
}

# The real one, with the one place taken by somebody who does not log in.
row banner-maxstartups-real banner-maxstartups proven 10 'kex_exchange_identification|onnection (closed|reset)'
case_banner-maxstartups-real() {
	serve "MaxStartups 1:100:1" "LoginGraceTime 60"
	lab_router bash -c 'exec 3<>/dev/tcp/10.77.2.2/22; read -r line <&3; exec sleep 60' </dev/null >/dev/null 2>&1 &
	KIT_JOBS+=("$(kit_child $!)")
	kit_wait "$LOG.0" "Connection from 10.77.2.1" 3
	CONNS=2
	medic web.lab
	says 'Exceeded MaxStartups'
}

row banner-closed banner-closed proven 10 'onnection closed'
case_banner-closed() {
	odd 22 closed
	medic web.lab
}

row banner-closed-reset banner-closed proven 10 'onnection reset'
case_banner-closed-reset() {
	odd 22 closed-reset
	medic web.lab
}

row banner-reset-in-ident banner-closed proven 10 'onnection (closed|reset)'
case_banner-reset-in-ident() {
	odd 22 reset-after 5
	medic web.lab
}

row banner-tarpit banner-tarpit likely 10 'exit 124'
case_banner-tarpit() {
	odd 22 tarpit
	STEP=4 LIMIT=12
	medic web.lab
}

row banner-long-line banner-not-ssh proven 10 'banner line contains invalid|exchange_identification|banner'
case_banner-long-line() {
	odd 22 longline
	STEP=4
	medic web.lab
	also_plain web.lab
}

# ssh takes no NUL before the identification (RFC 4253, 4.2), and gives up.
row banner-nul banner-not-ssh - 10 'invalid characters'
case_banner-nul() {
	odd 22 nul
	STEP=4
	medic web.lab
	also_plain web.lab
}

row banner-protocol-1 banner-protocol-1 proven 10 'Protocol major versions differ'
case_banner-protocol-1() {
	odd 22 ssh1
	medic web.lab
}

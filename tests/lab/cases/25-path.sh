# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What the path does to packets: size, loss, where the answers stop.

# The path swallows large packets on the way there: our own is never acknowledged.
row mtu-to-server kex-mtu-blackhole proven 10 'exit 124'
case_mtu-to-server() {
	lab_rtt 20 0 700 65535
	serve
	STEP=6 CONNS=2 LIMIT=12
	medic far.lab
	mtu_cured
	lab_rtt 0
}

# ... and on the way back: all of ours is acknowledged, and nothing comes.
row mtu-from-server kex-mtu-blackhole proven 10 'exit 124'
case_mtu-from-server() {
	lab_rtt 20 0 65535 700
	serve
	STEP=6 CONNS=3 LIMIT=12
	medic far.lab
	mtu_cured
	lab_rtt 0
}

# One of two machines behind an address hangs: small segments have no part in it.
row mtu-one-backend-hangs kex-peer-stalls likely 10 'exit 124'
case_mtu-one-backend-hangs() {
	odd 22 stall-once
	STEP=6 CONNS=3 LIMIT=12
	medic web.lab
	says 'not in every connection'
}

# mtu_cured: the first fix, run as root where it belongs, lets plain ssh in.
mtu_cured() {
	[ "$TOOL" = ssh ] && return
	local side kind command said
	IFS=$'\t' read -r side kind command <<<"$(json first-fix)"
	[ "$kind:$side" = change:client ] || { fail "the first fix is $kind on the $side"; return; }
	said=$(lab_client_root bash -c "${command//sudo /}" 2>&1) || fail "the fix fails: $command: $said"
	said=$(lab_client timeout 10 ssh -o BatchMode=yes far.lab echo got-in </dev/null 2>&1)
	[[ $said == *got-in* ]] || fail "the fix does not cure: $command: $said"
	lab_client_root ip route del 10.88.0.2
}

# behind_server ADDR: an address that is reached through the server, which drops what is for it.
behind_server() {
	lab_router ip route add "$1" via 10.77.2.2
	lab_server ip route add "$1" via 10.77.2.1
	lab_server sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	rules_forward server 'tcp dport 22 drop'
}
not_behind_server() {
	lab_router ip route del "$1"
	lab_server ip route del "$1"
	lab_server sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
}

# Not one answer of any kind: neither from the address, on whatever port, nor from a router.
row path-mute tcp-timeout proven 10 'Connection timed out'
case_path-mute() {
	serve
	rules_output router 'drop'
	rules_forward router 'drop'
	STEP=5 CONNS=0
	medic 10.77.2.2
	says 'No router on the way says a word'
}

# The last router that answers stands in the network of the target.
row path-stops-near tcp-timeout proven 10 'Connection timed out'
case_path-stops-near() {
	behind_server 10.77.2.77
	STEP=5 CONNS=0
	medic 10.77.2.77
	says '10.77.2.2, hop 2' 'as far as its own network'
	not_behind_server 10.77.2.77
}

row path-stops-far tcp-timeout proven 10 'Connection timed out'
case_path-stops-far() {
	behind_server 203.0.113.77
	lab_client_root ip route add 203.0.113.77 via 10.77.1.1
	STEP=5 CONNS=0
	medic 203.0.113.77
	says '10.77.2.2, hop 2'
	lab_client_root ip route del 203.0.113.77
	not_behind_server 203.0.113.77
}

# Nobody answers but our own gateway.
row path-stops-at-home tcp-timeout proven 10 'Connection timed out'
case_path-stops-at-home() {
	lab_client_root ip route add 203.0.113.77 via 10.77.1.1
	rules_forward router 'ip daddr 203.0.113.77 drop'
	lab_router ip route add 203.0.113.77 via 10.77.2.2
	STEP=5 CONNS=0
	medic 203.0.113.77
	says 'behind your own gateway' '10.77.1.1, our own gateway'
	lab_client_root ip route del 203.0.113.77
	lab_router ip route del 203.0.113.77
}

# The client's own network lets nothing out to port 22, whatever the host; other ports pass.
row path-no-ssh-goes-out tcp-timeout proven 10 'Connection timed out'
case_path-no-ssh-goes-out() {
	serve
	rules_forward router 'iifname "r0" tcp dport 22 drop'
	STEP=5 CONNS=0
	medic web.lab
	says tcp-timeout-egress-22 'port 80 there' '10.77.1.1, our own gateway'
}

row path-host-is-up tcp-timeout proven 10 'Connection timed out'
case_path-host-is-up() {
	rules_input server 'tcp dport 22 drop'
	STEP=5 CONNS=0
	medic web.lab
	says 'port 80 there' '10.77.1.1, our own gateway'
}

row path-host-is-up-ipv6 tcp-timeout proven 10 'Connection timed out'
case_path-host-is-up-ipv6() {
	rules_input server 'tcp dport 22 drop'
	STEP=5 CONNS=0
	medic six.lab
	says 'port 80 there' 'fd77:1::1, our own gateway'
}

# The first packet of the exchange itself is lost, and so are the next that repeat it.
row path-loses-packets path-lossy proven 13
case_path-loses-packets() {
	serve
	lab_rtt 20 0 65535 65535 3 6
	medic far.lab
	says 'sending again'
	lab_rtt 0
}

# One loss costs too little to be the verdict.
row path-loses-one healthy - 0
case_path-loses-one() {
	serve
	lab_rtt 20 0 65535 65535 3 3
	medic far.lab
	warns path-lossy
	lab_rtt 0
}

# ssh itself gets through, once it has waited for the dead address.
row path-family-costs-time healthy - 0
case_path-family-costs-time() {
	serve
	rules_forward router 'ip6 daddr fd77:2::2 tcp dport 22 drop'
	CONNS=2 STEP=8
	medic -o ConnectTimeout=2 dual.lab
	warns tcp-one-family-broken
	[ "$TOOL" = ssh ] || grep -q -F 'ssh -4' "$OUT" || fail "no fix by the family"
}

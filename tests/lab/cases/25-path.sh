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

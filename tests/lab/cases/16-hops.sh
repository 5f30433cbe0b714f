# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Jump chains hop by hop: the one that stands in the way is named, with the
# reason that its own diagnosis finds, and the target is not blamed for it.
#
#   client -> hop1 (10.77.2.3 port 22) -> hop2 (10.77.2.3 port 2222) -> web.lab

# chain [-1 "Option value"...] [-2 "Option value"...] [-t ...]: the servers of the way, each with its options.
# A place that is not named has a plain server; "-N off" leaves it without one.
chain() {
	local at=1 word
	local one=("ListenAddress 10.77.2.3:22") two=("ListenAddress 10.77.2.3:2222") end=("ListenAddress 10.77.2.2:22")
	for word in "$@"; do
		case $word in
		-1 | -2 | -t) at=${word#-} ;;
		*) case $at in 1) one+=("$word") ;; 2) two+=("$word") ;; t) end+=("$word") ;; esac ;;
		esac
	done
	[[ ${one[*]} == *" off" ]] || serve "${one[@]}"
	[[ ${two[*]} == *" off" ]] || serve "${two[@]}"
	[[ ${end[*]} == *" off" ]] || serve "${end[@]}"
	printf '%s\n' "Host hop1" "	HostName jump.lab" "Host hop2" "	HostName jump.lab" "	Port 2222" \
	    "	HostKeyAlias jump.lab" | home config
}
# keys_of NAME: options of a server that lets alice in with that key only.
keys_of() {
	printf '%s\n' "AuthorizedKeysFile $LAB/keys/$1.pub" "StrictModes no"
}
lines() { mapfile -t LINES < <("$@"); }

row hops-healthy healthy proven 0
case_hops-healthy() {
	CONNS=6
	chain
	medic -J hop1,hop2 web.lab
}

# The hop's own jump host, from the configuration.
row hops-healthy-nested healthy proven 0
case_hops-healthy-nested() {
	CONNS=6
	chain
	printf '%s\n' "Host hop2" "	ProxyJump hop1" | cat - <(lab_client cat .ssh/config) >"$LAB/config.new"
	home config <"$LAB/config.new"
	medic -J hop2 web.lab
}

row hops-first-filtered jump-hop-unreachable proven 10 'timed out'
case_hops-first-filtered() {
	STEP=4
	chain
	rules_input server 'ip daddr 10.77.2.3 tcp dport 22 drop'
	medic -J hop1,hop2 web.lab
	says 'jump host hop1' 'nothing answers at 10.77.2.3 port 22'
}

row hops-first-unknown-name jump-hop-unreachable proven 10 'not resolve hostname'
case_hops-first-unknown-name() {
	chain
	medic -J nosuch.lab,hop2 web.lab
	says 'jump host nosuch.lab' 'no host named nosuch.lab'
}

row hops-first-hostkey-changed jump-hop-unreachable proven 10 'Host key verification failed'
case_hops-first-hostkey-changed() {
	CONNS=2
	chain
	printf '%s\n' "web.lab $(pub host)" "jump.lab $(pub host2)" | home known_hosts
	medic -J hop1 web.lab
	says_line .ssh/known_hosts 2
}

row hops-first-hostkey-unknown jump-hop-unreachable proven 20 'Host key verification failed'
case_hops-first-hostkey-unknown() {
	CONNS=2
	chain
	echo "web.lab $(pub host)" | home known_hosts
	medic -J hop1 web.lab
	says 'jump host hop1'
}

row hops-second-refused jump-hop-unreachable proven 10 'Connection refused'
case_hops-second-refused() {
	CONNS=2
	chain -2 off
	medic -J hop1,hop2 web.lab
	says 'jump host hop1' 'jump.lab:2222' 'Connection refused'
}

row hops-second-filtered jump-hop-unreachable likely 10 'timed out|exit 124'
case_hops-second-filtered() {
	CONNS=2 STEP=3 LIMIT=25
	chain
	rules_input server 'tcp dport 2222 drop'
	medic -J hop1,hop2 web.lab
	says 'jump host hop1' 'jump.lab:2222'
}

row hops-second-key-refused jump-hop-auth-failed proven 10 'jump.lab: Permission denied \(publickey\)'
case_hops-second-key-refused() {
	CONNS=6
	lines keys_of many1
	chain -2 "${LINES[@]}"
	medic -J hop1,hop2 web.lab
	says 'jump host hop2'
}

row hops-second-password-only jump-hop-auth-failed proven 20 'jump.lab: Permission denied \(password\)'
case_hops-second-password-only() {
	CONNS=6
	chain -2 "PubkeyAuthentication no" "PasswordAuthentication yes"
	medic -J hop1,hop2 web.lab
	says 'jump host hop2' password
}

row hops-second-forwarding-off jump-forward-prohibited proven 10 'administratively prohibited'
case_hops-second-forwarding-off() {
	CONNS=6
	chain -2 "AllowTcpForwarding no"
	medic -J hop1,hop2 web.lab
	says 'jump host hop2' 'web.lab:22'
}

row hops-first-permits-other-places jump-forward-prohibited proven 10 'administratively prohibited'
case_hops-first-permits-other-places() {
	CONNS=2
	chain -1 "PermitOpen 10.77.2.9:22"
	medic -J hop1,hop2 web.lab
	says 'jump host hop1' 'jump.lab:2222'
}

# A key that may not forward, by its line in authorized_keys.
row hops-restricted-key jump-forward-prohibited proven 10 'administratively prohibited'
case_hops-restricted-key() {
	CONNS=2
	{ printf 'restrict '; cat "$LAB/keys/id_ed25519.pub"; } | lab_server tee /tmp/restricted >/dev/null
	chain -1 "AuthorizedKeysFile /tmp/restricted" "StrictModes no"
	medic -J hop1 web.lab
	says 'jump host hop1' restrict
}

row hops-target-refused jump-target-unreachable proven 10 'connect failed: Connection refused'
case_hops-target-refused() {
	CONNS=6
	chain -t off
	medic -J hop1,hop2 web.lab
	says 'jump host hop2' 'web.lab:22' 'Connection refused'
}

row hops-target-unknown-name jump-target-unreachable proven 10 'connect failed: Name or service not known'
case_hops-target-unknown-name() {
	CONNS=2
	chain
	medic -J hop1 nosuch.lab
	says 'jump host hop1' 'nosuch.lab:22' 'Name or service not known'
}

row hops-target-filtered jump-target-unreachable likely 10 'timed out|exit 124'
case_hops-target-filtered() {
	CONNS=2 STEP=3 LIMIT=25
	chain
	rules_input server 'ip daddr 10.77.2.2 tcp dport 22 drop'
	medic -J hop1 web.lab
	says 'jump host hop1' 'web.lab:22'
}

row hops-target-silent banner-silent proven 10 'timed out|exit 124'
case_hops-target-silent() {
	CONNS=4 STEP=3 LIMIT=25
	chain
	odd 2200 silent
	medic -J hop1 -p 2200 web.lab
	says 'jump host hop1' 'web.lab:2200'
}

# -i is the target's alone.
row hops-key-of-the-command-line jump-cli-options-ignored proven 10 'jump.lab: Permission denied \(publickey\)'
case_hops-key-of-the-command-line() {
	CONNS=2
	lines keys_of work_key
	chain -1 "${LINES[@]}"
	authorized work_key
	lab_client mkdir -p 'my keys'
	key work_key
	lab_client sh -c 'mv .ssh/work_key "my keys/mine"; rm .ssh/work_key.pub'
	medic -i 'my keys/mine' -J hop1 web.lab
	says 'jump host hop1' 'my keys/mine'
	fix_logs_in
}

row hops-other-key jump-hop-auth-failed proven 10 'jump.lab: Permission denied \(publickey\)'
case_hops-other-key() {
	CONNS=6
	lines keys_of work_key
	chain -2 "${LINES[@]}"
	key work_key
	medic -J hop1,hop2 web.lab
	says 'jump host hop2' work_key
	fix_logs_in
}

# The first fix is the hop's own.
row hops-open-key jump-hop-auth-failed proven 10 'jump.lab: Permission denied \(publickey\)'
case_hops-open-key() {
	CONNS=2
	lines keys_of work_key
	chain -1 "${LINES[@]}"
	key work_key hop_key
	lab_client chmod 644 .ssh/hop_key
	printf '%s\n' "Host jump.lab" "	IdentityFile ~/.ssh/hop_key" "Host web.lab" "	ProxyJump jump.lab" | home config
	medic web.lab
	says 'jump host jump.lab'
	fix_cures web.lab
}

row hops-loop jump-loop proven 10 'jumphost loop via jump.lab'
case_hops-loop() {
	chain
	printf '%s\n' "Host *" "	ProxyJump jump.lab" | home config
	medic web.lab
	says 'jump host jump.lab'
	fix_logs_in
}

row hops-loop-at-the-target jump-loop proven 10 'jumphost loop via jump.lab'
case_hops-loop-at-the-target() {
	chain
	printf '%s\n' "Host *" "	ProxyJump jump.lab" | home config
	medic jump.lab
	fix_logs_in
}

# ssh itself sees only the loop of one: here each jump host has the other before it.
row hops-circle jump-loop proven 10 -
case_hops-circle() {
	STEP=1 CONNS=0
	printf '%s\n' "Host web.lab" "	ProxyJump hop1" "Host hop1" "	ProxyJump hop2" "Host hop2" "	ProxyJump hop1" | home config
	[ "$TOOL" = ssh ] || medic web.lab
}

# ---- proxy commands ----------------------------------------------------------

row proxy-words-ahead proxy-command-failed likely 10 'invalid format|onnection closed|timed out'
case_proxy-words-ahead() {
	STEP=3 LIMIT=20 CONNS=1
	serve
	medic -o ProxyCommand='sh -c "printf connecting...; exec nc %h %p"' web.lab
	says 'connecting...'
}

# A whole line of its own is legal before the identification.
row proxy-line-ahead healthy proven 0
case_proxy-line-ahead() {
	CONNS=2
	serve
	medic -o ProxyCommand='sh -c "echo connecting; exec nc %h %p"' web.lab
}

row proxy-hangs proxy-failed proven 10 'timed out|exit 124'
case_proxy-hangs() {
	STEP=3 LIMIT=20
	serve
	medic -o ProxyCommand='sleep 30' web.lab
	says 'still runs' proxy-command-failed
}

row proxy-ends-well proxy-failed proven 10 'onnection closed'
case_proxy-ends-well() {
	serve
	medic -o ProxyCommand='true' web.lab
}

row proxy-target-refuses proxy-command-failed likely 10 'onnection closed|Connection refused'
case_proxy-target-refuses() {
	medic -o ProxyCommand='nc -v %h %p' web.lab
	says 'Connection refused'
}

row proxy-http-behind proxy-failed proven 10 'onnection closed|exchange_identification|timed out'
case_proxy-http-behind() {
	odd 2200 http
	medic -o ProxyCommand='nc %h %p' -p 2200 web.lab
	says banner-not-ssh
}

row proxy-fdpass healthy likely 0
case_proxy-fdpass() {
	CONNS=1
	serve
	medic -o ProxyUseFdpass=yes -o ProxyCommand='nc -F %h %p' web.lab
}

row proxy-fdpass-nothing proxy-command-failed proven 10 'did not pass back a connection'
case_proxy-fdpass-nothing() {
	serve
	medic -o ProxyUseFdpass=yes -o ProxyCommand='false' web.lab
}

row proxy-and-jump cfg-usage proven 2 'Cannot specify -J with ProxyCommand'
case_proxy-and-jump() {
	serve
	medic -o ProxyCommand='nc %h %p' -J jump.lab web.lab
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The login works, but takes its time.

was_slow() {
	[ "$TOOL" = ssh ] || return
	[ $((${EPOCHREALTIME/./} - start)) -gt 3000000 ] || fail "the login was not slow"
}

row slow-healthy-far healthy - 0
case_slow-healthy-far() {
	lab_rtt 100
	serve
	medic far.lab
}

row slow-reverse-lookup slow-usedns likely 13
case_slow-reverse-lookup() {
	serve "UseDNS yes"
	rules_input router 'ip saddr 10.77.2.2 udp dport 53 drop'
	medic 10.77.2.2
	was_slow
}

row slow-shell slow-shell-init likely 13
case_slow-shell() {
	serve
	echo 'sleep 3' | lab_server tee /etc/profile.d/lab.sh >/dev/null
	medic web.lab
	if [ "$TOOL" = ssh ]; then
		lab_client timeout 10 ssh -tt -o BatchMode=yes web.lab <<<exit >/dev/null 2>&1
		was_slow
	fi
}

row slow-session slow-session-setup likely 13
case_slow-session() {
	serve "UsePAM yes"
	echo 'session required pam_exec.so /bin/sleep 3' | lab_server tee -a /etc/pam.d/sshd >/dev/null
	medic web.lab
	was_slow
}

row slow-path path-slow proven 13
case_slow-path() {
	lab_rtt 400
	serve
	medic far.lab
	was_slow
	lab_rtt 0
}

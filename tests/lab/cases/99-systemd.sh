# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The roll-back where a real systemd runs the server: it is a transient unit there, and nobody's child.

# systemd_missing: whether these cases cannot run here; says so once.
systemd_missing() {
	[ -x /lib/systemd/systemd ] && command -v systemd-run >/dev/null && return 1
	[ -n "${SYSTEMD_TOLD:-}" ] || echo "# systemd is not installed: the roll-back as a unit is not tried"
	SYSTEMD_TOLD=1
}

# serve_systemd ["Option value"...]: sets pid_systemd; a case then says: local pid_server=$pid_systemd
serve_systemd() {
	local i job
	unit_conf "$@"
	cp "$LAB_SELF/systemd.sh" "$LAB/tools/"
	mkdir -p "$LAB/cgroup"
	setpriv --pdeathsig KILL unshare --mount bash "$LAB/tools/systemd.sh" "$LAB/cgroup" "$pid_server" </dev/null >"$LOG.systemd" 2>&1 &
	job=$!
	KIT_JOBS+=("$job")
	for ((i = 0; i < 500; i++)); do
		kill -0 "$job" 2>/dev/null || break
		pid_systemd=$(kit_child "$job")
		nsenter -t "$pid_systemd" -a /usr/bin/systemctl is-active sysinit.target >/dev/null 2>&1 && return
		sleep 0.02
	done
	fail "systemd does not come up: $(tail -n 2 "$LOG.systemd")"
}
# guard_units: the units of roll-backs that run.
guard_units() { lab_server systemctl list-units --no-legend --plain 'sshmedic-guard-*' | grep -c ' running '; }

row systemd-kept - - 0 'Permission denied'
case_systemd-kept() {
	systemd_missing && return
	serve_systemd "PubkeyAuthentication no" "PasswordAuthentication yes"
	local pid_server=$pid_systemd
	lab_server systemctl start ssh || fail "ssh.service does not start"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-pubkey-on
	ends 0 ' fix.applied ' ' fix.kept .*works'
	logs_in web.lab || fail "the fix does not cure: $(tail -n 1 "$ERR.login")"
	[ "$(guard_units)" = 0 ] || fail "a unit of the roll-back is left"
	no_roll_back_left
}
# This program is killed as soon as the change is made: systemd's unit undoes it.
row systemd-fires - - 0 'Permission denied'
case_systemd-fires() {
	systemd_missing && return
	serve_systemd "PubkeyAuthentication no" "PasswordAuthentication yes"
	local pid_server=$pid_systemd
	lab_server systemctl start ssh || fail "ssh.service does not start"
	serve_admin
	[ "$TOOL" != ssh ] || { medic web.lab; return; }
	change server-pubkey-on -k fix.applied -w 4
	ends 137 ' fix.applied '
	[ "$(guard_units)" = 1 ] || fail "the roll-back is not a unit of systemd"
	fired
	as_before
	logs_in web.lab && fail "sshd has not read the old configuration"
	no_roll_back_left
}

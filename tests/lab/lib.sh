# shellcheck shell=bash disable=SC2016,SC2154
# The lab's world: three hosts on one machine, each a set of namespaces of its
# own (mount, net, pid, uts), with private copies of /etc, /home, /tmp and so
# on. Nothing of the machine's own configuration or accounts changes; killing
# the three processes removes everything. Sourced by run.sh and by the
# benchmark, both bash and root.
#
#   client 10.77.1.2 ---- 10.77.1.1 router 10.77.2.1 ---- 10.77.2.2 server
#          fd77:1::2      fd77:1::1        fd77:2::1      fd77:2::2
#   client 10.88.0.1 ======== relay (delay, loss) ======== 10.88.0.2 server
#
# The router answers names: web.lab, dual.lab (both families), six.lab (IPv6),
# jump.lab, far.lab (over the relay), client.lab.
#
#   lab_up [BINARY]        build the world; BINARY becomes /usr/local/bin/sshmedic
#   lab_down               take it down
#   lab_client CMD...      run as the ordinary user alice on the client
#   lab_client_root CMD... lab_server CMD... lab_router CMD...   run as root there
#   lab_rtt MS [LOSS% [MTU [MTU_BACK [FIRST LAST]]]]   round trip of far.lab (0 to 2000 ms)
#
# LAB is the folder that all hosts and the caller see (logs, keys, tools).

LAB_SELF=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_UID=2101
LAB_PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
# What a case adds to the user's environment, as NAME=VALUE words.
LAB_ENV=()
LAB_PIDS=()

# lab_host NAME: start a host, set pid_NAME to its first process.
lab_host() {
	local ready=$LAB/ready.$1 outer inner i
	setpriv --pdeathsig KILL unshare --mount --net --pid --uts --fork --kill-child \
	    bash "$LAB/tools/host.sh" "$1" "$LAB/layers.$1" "$ready" \
	    </dev/null >"$LAB/log/host.$1" 2>&1 &
	outer=$!
	LAB_PIDS+=("$outer")
	for ((i = 0; i < 500; i++)); do
		[ -e "$ready" ] && break
		kill -0 "$outer" 2>/dev/null || break
		sleep 0.01
	done
	if [ ! -e "$ready" ]; then
		echo "lab: host $1 did not come up:" >&2
		cat "$LAB/log/host.$1" >&2
		return 1
	fi
	inner=$(cat "/proc/$outer/task/$outer/children")
	printf -v "pid_$1" %s "${inner%% *}"
}

# lab_in NAME CMD...: run as root on that host.
lab_in() {
	local pid=pid_$1
	shift
	nsenter -t "${!pid}" -m -n -p -u -- env -i -C / PATH="$LAB_PATH" HOME=/root LANG=C.UTF-8 "$@"
}
lab_client_root() { lab_in client "$@"; }
lab_server() { lab_in server "$@"; }
lab_router() { lab_in router "$@"; }

lab_client() {
	nsenter -t "$pid_client" -m -n -p -u -- setpriv --reuid $LAB_UID --regid $LAB_UID --clear-groups \
	    env -i -C /home/alice HOME=/home/alice USER=alice LOGNAME=alice SHELL=/bin/bash \
	    LANG=C.UTF-8 TERM=xterm-256color PATH="$LAB_PATH" "${LAB_ENV[@]}" "$@"
}

# lab_user HOST NAME UID SHELL: an account on that host.
lab_user() {
	lab_in "$1" sh -c '
		echo "$1:x:$2:$2::/home/$1:$3" >>/etc/passwd
		echo "$1:x:$2:" >>/etc/group
		echo "$1:*:19000:0:99999:7:::" >>/etc/shadow
		mkdir -p "/home/$1" && chown "$2:$2" "/home/$1" && chmod 755 "/home/$1"' sh "$2" "$3" "$4"
}

lab_wire() {
	ip link add c0 netns "$pid_client" type veth peer name r0 netns "$pid_router" &&
	    ip link add r1 netns "$pid_router" type veth peer name s0 netns "$pid_server" || return 1
	# All ends up first: IPv6 takes no address on a wire that has no other end.
	lab_client_root ip link set c0 up && lab_server ip link set s0 up &&
	    lab_router sh -c 'ip link set r0 up && ip link set r1 up' || return 1
	lab_router sh -ec '
		ip addr add 10.77.1.1/24 dev r0; ip -6 addr add fd77:1::1/64 dev r0 nodad
		ip addr add 10.77.2.1/24 dev r1; ip -6 addr add fd77:2::1/64 dev r1 nodad
		echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
		echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit' || return 1
	lab_client_root sh -ec '
		ip addr add 10.77.1.2/24 dev c0; ip -6 addr add fd77:1::2/64 dev c0 nodad
		ip route add 10.77.0.0/16 via 10.77.1.1; ip -6 route add fd77::/16 via fd77:1::1
		printf "nameserver 10.77.1.1\noptions timeout:1 attempts:1\n" >/etc/resolv.conf' || return 1
	lab_server sh -ec '
		ip addr add 10.77.2.2/24 dev s0; ip addr add 10.77.2.3/24 dev s0
		ip -6 addr add fd77:2::2/64 dev s0 nodad
		ip route add 10.77.0.0/16 via 10.77.2.1; ip -6 route add fd77::/16 via fd77:2::1
		echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit
		printf "nameserver 10.77.2.1\noptions timeout:3 attempts:1\n" >/etc/resolv.conf'
}

lab_names() {
	lab_router dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts \
	    --pid-file=/run/dnsmasq.pid --local=/lab/ --local=/77.10.in-addr.arpa/ \
	    --host-record=web.lab,10.77.2.2 --host-record=dual.lab,10.77.2.2,fd77:2::2 \
	    --host-record=six.lab,fd77:2::2 --host-record=jump.lab,10.77.2.3 \
	    --host-record=far.lab,10.88.0.2 --host-record=client.lab,10.77.1.2,fd77:1::2 \
	    </dev/null >"$LAB/log/dnsmasq" 2>&1 &
	LAB_PIDS+=("$!")
}

# lab_up [BINARY]
lab_up() {
	LAB=$(mktemp -d /var/tmp/sshmedic-lab.XXXXXX) || return 1
	chmod 755 "$LAB"
	mkdir -p "$LAB/log" "$LAB/keys" "$LAB/tools"
	cp -r "$LAB_SELF"/*.py "$LAB_SELF/host.sh" "$LAB_SELF/unit" "$LAB/tools/" || return 1
	lab_host client && lab_host router && lab_host server || return 1
	lab_wire || return 1
	lab_names
	lab_user client alice $LAB_UID /bin/bash
	lab_user server alice $LAB_UID /bin/bash
	if [ -n "${1:-}" ]; then
		lab_client_root tee /usr/local/bin/sshmedic <"$1" >/dev/null
		lab_client_root chmod 755 /usr/local/bin/sshmedic
	fi
	for ((i = 0; i < 100; i++)); do
		lab_client getent ahostsv4 web.lab >/dev/null && return 0
		sleep 0.02
	done
	echo "lab: the name server does not answer" >&2
	return 1
}

lab_down() {
	local p
	for p in "${LAB_PIDS[@]}"; do
		kill -KILL "$p" 2>/dev/null
	done
	wait "${LAB_PIDS[@]}" 2>/dev/null
	LAB_PIDS=()
	case ${LAB:-} in
	/var/tmp/sshmedic-lab.*) rm -rf "$LAB" ;;
	esac
}

# lab_relay_build: compile the relay into $BUILD/lab, once.
lab_relay_build() {
	local out=${BUILD:-build}/lab
	mkdir -p "$out"
	if [ ! -x "$out/relay" ] || [ "$LAB_SELF/relay.c" -nt "$out/relay" ]; then
		${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o "$out/relay" "$LAB_SELF/relay.c" || return 1
	fi
	LAB_RELAY=$out/relay
}

# lab_rtt MS [LOSS% [MTU [MTU_BACK [FIRST LAST]]]]: start the relay, or change what it does.
lab_rtt() {
	if [ -z "${LAB_RELAY_FD:-}" ]; then
		lab_relay_build || return 1
		mkfifo "$LAB/relay.ctl"
		setpriv --pdeathsig KILL "$LAB_RELAY" "$pid_client" "$pid_server" <>"$LAB/relay.ctl" >"$LAB/log/relay" 2>&1 &
		LAB_PIDS+=("$!")
		exec {LAB_RELAY_FD}<>"$LAB/relay.ctl"
		for ((i = 0; i < 200; i++)); do
			grep -q ready "$LAB/log/relay" && break
			sleep 0.01
		done
		lab_client_root sh -ec 'ip addr add 10.88.0.1/24 dev lab0; ip link set lab0 up' || return 1
		lab_server sh -ec 'ip addr add 10.88.0.2/24 dev lab0; ip link set lab0 up' || return 1
	fi
	echo "$1 ${2:-0} ${3:-65535} ${4:-} ${5:-} ${6:-}" >&"$LAB_RELAY_FD"
	sleep 0.02
}

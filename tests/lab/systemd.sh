#!/bin/bash
# The server under the real systemd: process 1 of namespaces of its own, with the files and the network of the lab's
# server. Started by serve_systemd (99-systemd.sh) in a mount namespace of its own; ends it at SIGTERM.
#
#   systemd.sh FOLDER PID     a folder to mount the hierarchy of cgroups on; a process of the server's host
#   systemd.sh inside         what becomes systemd
set -e
if [ "$1" != inside ]; then
	mount --make-rprivate /
	mount -t cgroup2 none "$1"
	group=$1/sshmedic-lab.$$
	mkdir "$group"
	child=
	trap '[ -z "$child" ] || kill -KILL "$child"' TERM
	(echo "$BASHPID" >"$group/cgroup.procs" &&
		exec setpriv --pdeathsig KILL nsenter -t "$2" -m -n -u unshare --mount --pid --cgroup --ipc --fork --kill-child bash "$0" inside) &
	child=$!
	wait "$child" || wait "$child" || :
	# Its units had groups of their own below ours; they go from the inside out, when their last process is gone.
	for ((i = 0; i < 200; i++)); do
		find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
		sleep 0.01
	done
	exit
fi
mount -t cgroup2 none /sys/fs/cgroup
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
# What stands in for systemctl on the other hosts is not to be found here.
mount -t tmpfs -o mode=755 tmpfs /usr/local/bin
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=sysinit.target --log-level=warning

#!/bin/bash
# The first process of a host of the lab: makes everything that a case may
# touch private, then only reaps orphans. Started by lib.sh as process 1 of new
# namespaces.
#
#   host.sh NAME LAYERS READY    folder for its layers; a file to make when it is up
set -e
mount --make-rprivate /
hostname "$1" 2>/dev/null || echo "$1" >/proc/sys/kernel/hostname
mkdir -p "$2"
mount -t tmpfs -o mode=755 tmpfs "$2"
for d in /etc /var/log /var/lib /usr/local/bin; do
	mkdir -p "$2/upper$d" "$2/work$d"
	mount -t overlay -o "lowerdir=$d,upperdir=$2/upper$d,workdir=$2/work$d" overlay "$d"
done
mount -t tmpfs -o mode=755 tmpfs /home
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=700 tmpfs /root
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t proc proc /proc
mkdir -p /run/sshd
ip link set lo up
# Without this the first packets over IPv6 wait a second for duplicate address detection.
for d in all default; do echo 0 >/proc/sys/net/ipv6/conf/$d/accept_dad || :; done
rm -f /etc/nsswitch.conf /etc/resolv.conf /etc/hosts
printf "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n" >/etc/nsswitch.conf
printf "127.0.0.1 localhost\n::1 localhost\n" >/etc/hosts
: >/etc/resolv.conf
# A machine may bring settings of its own for every user; the lab tests ours.
rm -f /etc/ssh/ssh_config.d/* /etc/ssh/sshd_config.d/* /etc/ssh/ssh_known_hosts
: >"$3"
sleep infinity &
while :; do wait || :; done

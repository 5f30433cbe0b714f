/* Every reader, for the table in readers.c. */
#ifndef SSHMEDIC_READERS_H
#define SSHMEDIC_READERS_H

#include "reader.h"

extern const struct reader reader_ansible;    /* ansible.c: an error of Ansible */
extern const struct reader reader_dbclient;   /* dbclient.c: Dropbear's client */
extern const struct reader reader_ssh_add;    /* ssh_add.c: ssh-add */
extern const struct reader reader_ssh_client; /* ssh_client.c: ssh, with -v and without */
extern const struct reader reader_collector;  /* collector.c: what collector.sh prints */
extern const struct reader reader_sshd_dump,
    reader_sshd_config;                      /* sshd_dump.c: sshd -T, sshd_config */
extern const struct reader reader_sshd_test; /* sshd_test.c: sshd -t */
extern const struct reader reader_listeners; /* listeners.c: ss, netstat */
extern const struct reader reader_unit;      /* unit.c: systemctl */
extern const struct reader reader_nft;       /* nft.c: nft list ruleset */
extern const struct reader reader_iptables;  /* iptables.c: iptables -S, -L, iptables-save */
extern const struct reader reader_iptables_legacy, reader_ip6tables; /* the same, asked by name */
extern const struct reader reader_ufw, reader_firewalld, reader_fail2ban; /* firewalls.c */
extern const struct reader reader_files; /* files.c: ls, namei, stat */
extern const struct reader reader_passwd_status, reader_chage, reader_df; /* account.c */
extern const struct reader reader_sshd_log; /* sshd_log.c: sshd and what logs beside it */
extern const struct reader reader_dropbear_log, reader_tinysshd_log; /* dropbear_log.c */
extern const struct reader reader_avc;          /* avc.c: the audit log of SELinux */
extern const struct reader reader_fingerprints; /* fingerprints.c: ssh-keygen -lf */

/*
 * avc.c: what SELinux denied sshd on the way to a user's keys, in a message of the audit log or the
 * kernel's. Says the label; returns whether the message was of that kind.
 */
bool avc_line(struct recogniser *r, const char *s);

#endif

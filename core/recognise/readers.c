/* The readers, the surest first. A new kind of text is a file beside this one and a row here. */
#include "readers.h"

#include <stddef.h>

const struct reader *const readers[] = {
	&reader_collector,
	&reader_nft,
	&reader_iptables,
	&reader_iptables_legacy,
	&reader_ip6tables,
	&reader_ufw,
	&reader_firewalld,
	&reader_fail2ban,
	&reader_listeners,
	&reader_unit,
	&reader_files,
	&reader_chage,
	&reader_fingerprints,
	&reader_avc,
	&reader_df,
	&reader_sshd_test,
	&reader_ansible,
	&reader_dbclient,
	&reader_ssh_add,
	&reader_ssh_client,
	&reader_sshd_log,
	&reader_dropbear_log,
	&reader_tinysshd_log,
	&reader_sshd_dump,
	&reader_sshd_config,
	&reader_passwd_status,
	NULL,
};

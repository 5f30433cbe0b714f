/*
 * Lists of addresses as certificates and from= hold them: "192.0.2.0/24,2001:db8::1"
 * (addr_match_cidr_list() of OpenSSH's addrmatch.c). Called by the auth probe. Pure.
 */
#ifndef SSHMEDIC_ADDRLIST_H
#define SSHMEDIC_ADDRLIST_H

/*
 * Whether a list holds an address (text without a zone). Returns 1 or 0; -1 where the address or an
 * entry cannot be read, or the list is empty: nothing can be said then.
 */
int addrlist_has(const char *list, const char *addr);

#endif

/* Our offer in the key exchange; see offer.h. */
#include "offer.h"

#include <string.h>

#include "../namelist.h"

/* The algorithms of the known host keys' types. */
static void
put_known(const struct run *r, struct strbuf *sb)
{
	for (int i = 0; i < r->nknown; i++) {
		if (r->known[i].ca || r->known[i].revoked)
			continue;
		sb_printf(sb, "%s%s", sb->len > 0 ? "," : "", r->known[i].type);
		if (strcmp(r->known[i].type, "ssh-rsa") == 0)
			sb_puts(sb, ",rsa-sha2-512,rsa-sha2-256");
	}
}

void
offer_set(const struct run *r, ssh_session s, const char *hostkeys)
{
	char known[RUN_KNOWN * 48], ordered[4096];
	struct strbuf sb;

	sb_init(&sb, known, sizeof known);
	put_known(r, &sb);
	sb_init(&sb, ordered, sizeof ordered);
	namelist_reorder_first(namelist_of(r->cfg->hostkeyalgorithms), namelist_of(known), &sb);
	ssh_options_set(s, SSH_OPTIONS_HOSTKEYS, hostkeys != NULL ? hostkeys : ordered);
	ssh_options_set(s, SSH_OPTIONS_KEY_EXCHANGE, r->cfg->kexalgorithms);
	ssh_options_set(s, SSH_OPTIONS_CIPHERS_C_S, r->cfg->ciphers);
	ssh_options_set(s, SSH_OPTIONS_CIPHERS_S_C, r->cfg->ciphers);
	ssh_options_set(s, SSH_OPTIONS_HMAC_C_S, r->cfg->macs);
	ssh_options_set(s, SSH_OPTIONS_HMAC_S_C, r->cfg->macs);
	ssh_options_set(s, SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, r->cfg->pubkeyacceptedalgorithms);
}

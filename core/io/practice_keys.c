/* The keys of practice_keys.h. */
#include "practice_keys.h"

#include <stdio.h>
#include <string.h>

#include "practice_dir.h"

/*
 * An Ed25519 key takes a tenth of a millisecond to make. RSA takes ten where
 * it is this short, which is the least that ssh accepts.
 */
enum { OLD_RSA_BITS = 1024 };

static int
make_host_key(bool old, ssh_key *out)
{
	if (old)
		return ssh_pki_generate(SSH_KEYTYPE_RSA, OLD_RSA_BITS, out);
	return ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, out);
}

int
practice_keys_make(struct practice_keys *k, bool old_host, bool stale)
{
	memset(k, 0, sizeof(*k));
	if (make_host_key(old_host, &k->host) != SSH_OK ||
	    ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &k->trainee) != SSH_OK)
		return -1;
	if (!stale)
		k->known = k->host;
	else if (make_host_key(old_host, &k->known) != SSH_OK)
		return -1;
	return 0;
}

void
practice_keys_free(struct practice_keys *k)
{
	if (k->known != k->host)
		ssh_key_free(k->known);
	ssh_key_free(k->host);
	ssh_key_free(k->trainee);
	memset(k, 0, sizeof(*k));
}

/* One line: before, type, base64, after. */
static int
write_public(const char *dir, const char *name, const char *before, ssh_key key, const char *after)
{
	char line[2048], *b64 = NULL;
	int n;

	if (ssh_pki_export_pubkey_base64(key, &b64) != SSH_OK)
		return -1;
	n = snprintf(line, sizeof(line), "%s%s %s%s\n", before,
	    ssh_key_type_to_char(ssh_key_type(key)), b64, after);
	ssh_string_free_char(b64);
	if (n < 0 || (size_t)n >= sizeof(line))
		return -1;
	return practice_dir_write(dir, name, line);
}

static int
write_private(const char *dir, const char *name, ssh_key key)
{
	char *text = NULL;
	int r;

	if (ssh_pki_export_privkey_base64(key, NULL, NULL, NULL, &text) != SSH_OK)
		return -1;
	r = practice_dir_write(dir, name, text);
	ssh_string_free_char(text);
	return r;
}

int
practice_keys_write(const struct practice_keys *k, const char *dir, int port)
{
	char name[64];

	/* sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: a port other than 22 is part of the name. */
	snprintf(name, sizeof(name), "[127.0.0.1]:%d ", port);
	if (write_private(dir, "id_ed25519", k->trainee) != 0 ||
	    write_public(dir, "id_ed25519.pub", "", k->trainee, " trainee@practice") != 0 ||
	    write_public(dir, "known_hosts", name, k->known, "") != 0)
		return -1;
	return 0;
}

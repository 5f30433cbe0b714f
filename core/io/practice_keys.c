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

static const char passphrase[] = "practice";
static const char comment[] = " trainee@practice";

static int
make_host_key(bool old, ssh_key *out)
{
	if (old)
		return ssh_pki_generate(SSH_KEYTYPE_RSA, OLD_RSA_BITS, out);
	return ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, out);
}

int
practice_keys_make(struct practice_keys *k, const struct practice_want *want)
{
	memset(k, 0, sizeof(*k));
	k->old_host = want->old_host;
	if (make_host_key(want->old_host, &k->host) != SSH_OK ||
	    make_host_key(want->old_host, &k->other) != SSH_OK ||
	    ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &k->trainee) != SSH_OK)
		return -1;
	return 0;
}

void
practice_keys_free(struct practice_keys *k)
{
	ssh_key_free(k->host);
	ssh_key_free(k->other);
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
write_private(const char *dir, const char *name, ssh_key key, enum practice_file file)
{
	char *text = NULL;
	int r;

	if (ssh_pki_export_privkey_base64(
		key, file == KEYFILE_LOCKED ? passphrase : NULL, NULL, NULL, &text) != SSH_OK)
		return -1;
	if (file == KEYFILE_DAMAGED)
		text[strlen(text) / 2] = '\0';
	r = practice_dir_write(dir, name, text);
	ssh_string_free_char(text);
	if (r == 0 && file == KEYFILE_OPEN)
		r = practice_dir_mode(dir, name, 0644);
	return r;
}

/* The trainee's key files. */
static int
write_files(const struct practice_keys *k, enum practice_file file, const char *dir)
{
	bool elsewhere = file == KEYFILE_ELSEWHERE;
	ssh_key first = elsewhere || file == KEYFILE_OTHER ? k->other : k->trainee;

	if (file == KEYFILE_GONE || file == KEYFILE_NONE)
		return 0;
	if (elsewhere && (write_private(dir, "id_work", k->trainee, file) != 0 ||
			     write_public(dir, "id_work.pub", "", k->trainee, comment) != 0))
		return -1;
	if (write_private(dir, "id_ed25519", first, file) != 0)
		return -1;
	return write_public(
	    dir, "id_ed25519.pub", "", file == KEYFILE_MISNAMED ? k->other : first, comment);
}

static int
write_known(const struct practice_keys *k, enum practice_known known, const char *dir, int port)
{
	char name[64];

	if (known == KNOWN_NOTHING)
		return practice_dir_write(dir, "known_hosts", "");
	/* sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: a port other than 22 is part of the name. */
	snprintf(name, sizeof(name), "%s[127.0.0.1]:%d ", known == KNOWN_REVOKED ? "@revoked " : "",
	    port);
	return write_public(
	    dir, "known_hosts", name, known == KNOWN_OTHER ? k->other : k->host, "");
}

int
practice_keys_write(
    const struct practice_keys *k, const struct practice_want *want, const char *dir, int port)
{
	if (write_files(k, want->file, dir) != 0)
		return -1;
	return write_known(k, want->known, dir, port);
}

int
practice_keys_write_server(const struct practice_keys *k, const char *dir)
{
	if (write_private(dir, "host_key", k->host, KEYFILE_GOOD) != 0)
		return -1;
	return write_public(dir, "authorized_keys", "", k->trainee, comment);
}

int
practice_keys_write_agent(const struct practice_keys *k, const char *dir, int strangers)
{
	char name[32];
	ssh_key key = NULL;
	int r = 0;

	for (int i = 0; i < strangers && r == 0; i++) {
		snprintf(name, sizeof(name), "agent.%d", i);
		if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK)
			return -1;
		r = write_private(dir, name, key, KEYFILE_GOOD);
		ssh_key_free(key);
	}
	snprintf(name, sizeof(name), "agent.%d", strangers);
	return r != 0 ? r : write_private(dir, name, k->trainee, KEYFILE_GOOD);
}

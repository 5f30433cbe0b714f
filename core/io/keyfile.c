/* Key files; see keyfile.h. */
#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base64.h"
#include "../text.h"

enum { FILE_MAX = 1024 * 1024 }; /* MAX_KEY_FILE_SIZE of OpenSSH */

static const char *const state_names[] = { "ok", "missing", "unreadable", "unparsable", "encrypted",
	"public" };

const char *
keyfile_state_name(enum keyfile_state s)
{
	return state_names[s];
}

void
keyfile_clear_pub(struct keyfile_pub *p)
{
	free(p->blob);
	memset(p, 0, sizeof *p);
}

void
keyfile_clear(struct keyfile *k)
{
	keyfile_clear_pub(&k->own);
	keyfile_clear_pub(&k->pub);
}

/* ---- files ------------------------------------------------------------------- */

/* A file of the user, which may be anything: a FIFO without a writer must not block. */
static int
open_file(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return -errno;
	err = fstat(fd, st) != 0     ? errno
	      : S_ISREG(st->st_mode) ? 0
	      : S_ISDIR(st->st_mode) ? EISDIR
				     : EINVAL;
	if (err == 0 && st->st_size > FILE_MAX)
		err = EFBIG;
	if (err == 0)
		return fd;
	close(fd);
	return -err;
}

/* The text of an open file, NUL-terminated, to be wiped and freed; NULL on error. */
static char *
read_all(int fd, size_t size, size_t *len)
{
	char *text = malloc(size + 1);
	ssize_t n;

	*len = 0;
	while (text != NULL && *len < size && (n = read(fd, text + *len, size - *len)) > 0)
		*len += (size_t)n;
	if (text != NULL)
		text[*len] = '\0';
	return text;
}

static void
wipe(char *text, size_t len)
{
	if (text != NULL)
		explicit_bzero(text, len);
	free(text);
}

/* ---- public keys ------------------------------------------------------------- */

static int
set_pub(struct keyfile_pub *p, const unsigned char *blob, size_t len)
{
	memset(p, 0, sizeof *p);
	fingerprint_type(blob, len, p->type);
	if (p->type[0] == '\0' || (p->blob = malloc(len)) == NULL)
		return -1;
	memcpy(p->blob, blob, len);
	p->len = len;
	fingerprint_of_blob(blob, len, p->fp);
	return 0;
}

static int
set_pub_base64(struct keyfile_pub *p, const char *b64, size_t len)
{
	unsigned char *blob = malloc(len + 1);
	long n = blob == NULL ? -1 : base64_decode(blob, len + 1, b64, len);
	int rc = n > 0 ? set_pub(p, blob, (size_t)n) : -1;

	free(blob);
	return rc;
}

int
keyfile_parse_pub(struct keyfile_pub *p, const char *line, size_t len)
{
	const char *end = line + len, *b64 = line, *stop;

	while (b64 < end && *b64 != ' ' && *b64 != '\t')
		b64++;
	while (b64 < end && (*b64 == ' ' || *b64 == '\t'))
		b64++;
	for (stop = b64; stop < end && strchr(" \t\r\n", *stop) == NULL; stop++)
		;
	if (set_pub_base64(p, b64, (size_t)(stop - b64)) != 0)
		return -1;
	/* The name in front must be the one in the blob. */
	if ((size_t)(end - line) > strlen(p->type) && strncmp(line, p->type, strlen(p->type)) == 0)
		return 0;
	keyfile_clear_pub(p);
	return -1;
}

int
keyfile_read_pub(struct keyfile_pub *p, const char *path)
{
	struct stat st;
	size_t len;
	char *text;
	int fd = open_file(path, &st), rc = EINVAL;

	memset(p, 0, sizeof *p);
	if (fd < 0)
		return -fd;
	text = read_all(fd, (size_t)st.st_size, &len);
	close(fd);
	for (char *line = text; line != NULL && rc != 0;) {
		char *nl = strchr(line, '\n');

		if (line[0] != '#' && keyfile_parse_pub(p, line,
					  nl != NULL ? (size_t)(nl - line) : strlen(line)) == 0)
			rc = 0;
		line = nl != NULL ? nl + 1 : NULL;
	}
	free(text);
	return rc;
}

/* ---- private keys ------------------------------------------------------------ */

static const char openssh_begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----";

/* A string of RFC 4251 section 5 at *at; false where it does not fit. */
static bool
next_string(const unsigned char *b, size_t len, size_t *at, size_t *start, size_t *n)
{
	if (len - *at < 4)
		return false;
	*n = (size_t)b[*at] << 24 | (size_t)b[*at + 1] << 16 | (size_t)b[*at + 2] << 8 | b[*at + 3];
	*start = *at + 4;
	if (*n > len - *start)
		return false;
	*at = *start + *n;
	return true;
}

/*
 * The clear part of OpenSSH's own format (PROTOCOL.key): cipher, and the
 * public key, which can be read without a passphrase.
 */
static bool
read_header(struct keyfile *k, const unsigned char *b, size_t len)
{
	static const char magic[] = "openssh-key-v1"; /* with its NUL */
	size_t at = sizeof magic, start, n;

	if (len < sizeof magic || memcmp(b, magic, sizeof magic) != 0)
		return false;
	if (!next_string(b, len, &at, &start, &n))
		return false;
	k->state = n == 4 && memcmp(b + start, "none", 4) == 0 ? KEYFILE_OK : KEYFILE_ENCRYPTED;
	if (!next_string(b, len, &at, &start, &n) || !next_string(b, len, &at, &start, &n) ||
	    len - at < 4)
		return false;
	at += 4; /* how many keys; OpenSSH writes one */
	return next_string(b, len, &at, &start, &n) && set_pub(&k->own, b + start, n) == 0;
}

static bool
read_openssh(struct keyfile *k, const char *text)
{
	const char *body = strstr(text, openssh_begin), *end;
	unsigned char *b;
	char *packed;
	size_t n = 0;
	long len;
	bool ok = false;

	if (body == NULL || (end = strstr(body, "-----END OPENSSH")) == NULL)
		return false;
	body += sizeof openssh_begin - 1;
	packed = malloc((size_t)(end - body) + 1);
	b = malloc((size_t)(end - body) + 1);
	for (; packed != NULL && body < end; body++)
		if (*body != '\n' && *body != '\r')
			packed[n++] = *body;
	if (packed != NULL && b != NULL && (len = base64_decode(b, n + 1, packed, n)) > 0) {
		ok = read_header(k, b, (size_t)len);
		explicit_bzero(b, (size_t)len);
	}
	wipe(packed, n);
	free(b);
	return ok;
}

static int
note_passphrase(const char *prompt, char *buf, size_t len, int echo, int verify, void *arg)
{
	(void)prompt;
	(void)buf;
	(void)len;
	(void)echo;
	(void)verify;
	*(bool *)arg = true;
	return -1;
}

/* Whether libssh can use the key, or would with a passphrase; its public half where no header gave it. */
static bool
read_by_libssh(struct keyfile *k, const char *text)
{
	ssh_key priv = NULL, pub = NULL;
	bool wanted = false;
	char *b64 = NULL;
	bool ok =
	    ssh_pki_import_privkey_base64(text, NULL, note_passphrase, &wanted, &priv) == SSH_OK;

	if (ok)
		k->state = KEYFILE_OK;
	else if (wanted)
		k->state = KEYFILE_ENCRYPTED;
	if (ok && k->own.blob == NULL && ssh_pki_export_privkey_to_pubkey(priv, &pub) == SSH_OK &&
	    ssh_pki_export_pubkey_base64(pub, &b64) == SSH_OK)
		set_pub_base64(&k->own, b64, strlen(b64));
	ssh_string_free_char(b64);
	ssh_key_free(pub);
	ssh_key_free(priv);
	return ok || wanted;
}

/* Why a file may be no private key that ssh can read; the first that fits. */
static const char *
guess_why(const char *text, size_t len)
{
	static const struct {
		const char *begin, *why;
	} begins[] = {
		{ "PuTTY-User-Key-File",
		    "it is in PuTTY's format; puttygen converts it (-O private-openssh)" },
		{ "---- BEGIN SSH2",
		    "it is in the format of RFC 4716 (SSH2); ssh-keygen -i converts it" },
		{ "ssh-", "it holds a public key, not the private one" },
		{ "ecdsa-", "it holds a public key, not the private one" },
		{ "sk-", "it holds a public key, not the private one" },
		{ "-----BEGIN PUBLIC KEY", "it holds a public key, not the private one" },
		{ "-----BEGIN CERTIFICATE", "it holds an X.509 certificate, not a private key" },
	};

	if (len == 0)
		return "the file is empty";
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (strncmp(text, begins[i].begin, strlen(begins[i].begin)) == 0)
			return begins[i].why;
	if (strlen(text) != len)
		return "it holds binary data, not a key in text form";
	if (strstr(text, "-----BEGIN") == NULL)
		return "no private key begins in it";
	if (strstr(text, "-----END") == NULL)
		return "it is cut off: its END line is missing";
	if (strchr(text, '\r') != NULL)
		return "its lines end in CR LF, as on Windows";
	if (strncmp(text, "-----BEGIN", 10) != 0)
		return "something stands before its BEGIN line";
	if (text[len - 1] != '\n')
		return "its last line has no line end";
	return "";
}

static void
parse_private(struct keyfile *k, const char *text, size_t len)
{
	bool header, usable;

	k->state = KEYFILE_UNPARSABLE;
	header = read_openssh(k, text);
	usable = header && k->state == KEYFILE_ENCRYPTED ? true : read_by_libssh(k, text);
	if (!usable) {
		k->state = KEYFILE_UNPARSABLE;
		if (k->own.blob == NULL &&
		    keyfile_parse_pub(&k->own, text, strcspn(text, "\n")) != 0)
			memset(&k->own, 0, sizeof k->own);
	}
	text_copy(k->why, sizeof k->why, guess_why(text, len));
	/* libssh reads some files that ssh does not, and the other way round. */
	k->suspect = !usable || k->why[0] != '\0';
}

static void
name_owner(struct keyfile *k, uid_t uid)
{
	struct passwd pw, *found = NULL;
	char buf[4096];

	if (getpwuid_r(uid, &pw, buf, sizeof buf, &found) == 0 && found != NULL)
		text_clean(k->owner, sizeof k->owner, pw.pw_name, strlen(pw.pw_name));
	else
		snprintf(k->owner, sizeof k->owner, "%u", (unsigned)uid);
}

static void
read_private(struct keyfile *k, const char *path)
{
	struct stat st;
	size_t len;
	char *text;
	int fd, err;

	if (stat(path, &st) == 0) {
		snprintf(k->mode, sizeof k->mode, "%04o", (unsigned)st.st_mode & 07777);
		name_owner(k, st.st_uid);
		k->open = st.st_uid == getuid() && (st.st_mode & 077) != 0;
	}
	if ((fd = open_file(path, &st)) < 0) {
		err = -fd;
		k->state = err == ENOENT || err == ENOTDIR ? KEYFILE_MISSING : KEYFILE_UNREADABLE;
		text_copy(
		    k->why, sizeof k->why, err == EINVAL ? "it is no regular file" : strerror(err));
		return;
	}
	text = read_all(fd, (size_t)st.st_size, &len);
	close(fd);
	if (text != NULL)
		parse_private(k, text, len);
	else
		k->state = KEYFILE_UNREADABLE;
	wipe(text, len);
}

void
keyfile_read(struct keyfile *k, const char *path)
{
	size_t len = strlen(path);
	char pub[4096];

	memset(k, 0, sizeof *k);
	read_private(k, path);
	/* A named .pub file is no mistake: ssh takes it to pick one of the agent's keys (ssh_config(5)). */
	if (k->state == KEYFILE_UNPARSABLE && k->own.blob != NULL && len > 4 &&
	    strcmp(path + len - 4, ".pub") == 0) {
		k->state = KEYFILE_PUBLIC;
		k->suspect = false;
	}
	if ((size_t)snprintf(pub, sizeof pub, "%s.pub", path) < sizeof pub)
		keyfile_read_pub(&k->pub, pub);
}

/*
 * Redaction: what is replaced by what, and that no name of any recording or transcript is
 * left in a report. Run from the top of the tree, where the recordings are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/paste.h"
#include "core/report.h"
#include "core/veil.h"

#define CASES "tests/golden/cases"
#define TRANSCRIPTS "tests/transcripts"

enum { NAMES_MAX = 400, NAME_LEN = 128 };

/* ---- single texts ---------------------------------------------------------------------- */

static struct redact names;
static char out[EV_LINE_MAX];

static void
learn(const char *text)
{
	size_t len = strlen(text);
	struct ev_line *line = malloc(sizeof *line + len + 1);

	line->n = 1;
	line->len = (uint32_t)len;
	memcpy(line->text, text, len + 1);
	redact_learn(&names, line);
	free(line);
}

static const char *
hidden(const char *text)
{
	struct strbuf sb;

	sb_init(&sb, out, sizeof out);
	redact_text(&names, text, &sb);
	return out;
}

/* A line of evidence as it may be shown. */
static const char *
hidden_line(const char *text)
{
	size_t len = strlen(text);
	struct ev_line *line = malloc(sizeof *line + len + 1);

	line->n = 1;
	line->len = (uint32_t)len;
	memcpy(line->text, text, len + 1);
	redact_learn(&names, line);
	assert_true(redact_line(&names, line, out, sizeof out) > 0);
	free(line);
	return out;
}

static int
begin(void **state)
{
	(void)state;
	redact_init(&names);
	learn("1 0.0.0 client/0 run.start input=ops@web-07 host=web-07 user=ops port=22");
	learn("2 0.0.0 client/0 config.value name=hostname value=web-07.example.net");
	learn("3 0.0.0 client/0 config.value name=proxyjump value=eve@Bastion:2222,gate");
	learn("4 0.0.0 client/0 resolve.addr addr=192.0.2.7 family=inet order=0");
	learn("5 0.0.0 client/0 resolve.addr addr=fd00:1::7 family=inet6 order=1");
	return 0;
}

static void
names_get_pseudonyms_in_order(void **state)
{
	(void)state;
	assert_string_equal(hidden("ops@web-07"), "user-1@host-A");
	assert_string_equal(hidden("web-07.example.net is not web-07"), "host-B is not host-A");
	assert_string_equal(hidden("eve via bastion, then GATE"), "user-2 via host-C, then host-D");
	assert_string_equal(
	    hidden("192.0.2.7, 192.0.2.7:22 [192.0.2.7]"), "addr-1, addr-1:22 [addr-1]");
}

static void
whole_words_only(void **state)
{
	(void)state;
	assert_string_equal(hidden("opsx xops devops ops1"), "opsx xops devops ops1");
	assert_string_equal(
	    hidden("ops' \"ops\" ops. (ops)"), "user-1' \"user-1\" user-1. (user-1)");
	assert_string_equal(hidden("Ops"), "Ops"); /* users are told apart by case, hosts are not */
	assert_string_equal(hidden("WEB-07"), "host-A");
	assert_string_equal(hidden("id_ops ops-key"), "id_user-1 user-1-key");
	assert_string_equal(hidden("one\\x0Aops\\x0Dweb-07"), "one\\x0Auser-1\\x0Dhost-A");
	assert_string_equal(hidden("\xc3\xa9ops"), "\xc3\xa9ops");
	assert_string_equal(hidden(""), "");
}

static void
addresses_in_any_notation(void **state)
{
	static const char *const same[] = { "fd00:1::7", "FD00:1::7", "fd00:0001:0:0:0:0:0:0007",
		"fd00:1:0::0:7", "fd00:1::0.0.0.7" };

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		assert_string_equal(hidden(same[i]), "addr-2");
	assert_string_equal(hidden("::ffff:192.0.2.7"), "addr-1");
	assert_string_equal(hidden("::ffff:c000:207"), "addr-1");
	assert_string_equal(hidden("[fd00:1::7]:22 fd00:1::7%eth0"), "[addr-2]:22 addr-2%eth0");
	assert_string_equal(hidden("to fd00:1::7: refused."), "to addr-2: refused.");
	assert_string_equal(hidden("from 192.0.2.7."), "from addr-1.");
}

static void
what_names_nobody_stays(void **state)
{
	static const char *const t[] = { "127.0.0.1 port 22", "[::1]:22 on :: and 0.0.0.0",
		"255.255.255.0", "root@localhost", "at 13:41:58 on 2026-11-26",
		"SHA256:7qkLmYvC1YkDk5cSu0pFv3Yw8Qw3uZ3yq1w7Z8xZx0A",
		"MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
		"chacha20-poly1305@openssh.com,curve25519-sha256@libssh.org,sk-ssh-ed25519@open",
		"SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13",
		"/etc/ssh/sshd_config.d/x.conf:12:", "std::string", "1.2.3", "2.0.0.0.0.1", "", "@",
		"a@", "@b", "::", ":::", "/home/" };

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_string_equal(hidden(t[i]), t[i]);
}

static void
homes_and_paths(void **state)
{
	(void)state;
	learn("9 0.0.0 client/0 key.file path=/home/mallory/.ssh/id_rsa state=ok owner=mallory");
	assert_string_equal(hidden("/home/mallory/.ssh/id_rsa"), "~user-3/.ssh/id_rsa");
	assert_string_equal(
	    hidden("in /Users/ops/x and /export/home/ops"), "in ~user-1/x and /export/home/user-1");
	assert_string_equal(hidden("~mallory/.ssh"), "~user-3/.ssh");
	assert_string_equal(hidden("/run/ops/agent"), "/run/user-1/agent");
	assert_string_equal(hidden("ssh://eve@bastion:2222/"), "ssh://user-2@host-C:2222/");
}

/* A text shows names that stand in no field, by their shape. */
static void
names_in_free_text(void **state)
{
	(void)state;
	learn(
	    "9 0.0.0 pasted/1 text.other reason=user text=\"Nov 23 13:41:58 db3 sshd[912]: Failed "
	    "password for invalid user carol from 203.0.113.9 port 5 ssh2\"");
	assert_string_equal(
	    hidden("Nov 23 13:41:58 db3 sshd[912]: Failed password for invalid user "
		   "carol from 203.0.113.9 port 5 ssh2"),
	    "Nov 23 13:41:58 host-E sshd[912]: Failed password for invalid user user-3 from addr-3 "
	    "port 5 ssh2");
	learn(
	    "9 0.0.0 client/0 auth.banner text=\"Welcome to db9.corp! Questions: dave@help.corp\"");
	assert_string_equal(hidden("db9.corp, dave, help.corp"), "host-F, user-4, host-G");
	learn("9 0.0.0 client/0 config.value name=localforward value=\"8080 [wiki]:80\"");
	assert_string_equal(hidden("wiki"), "host-H");
	learn("9 0.0.0 server/1 text.says what=key-from text=\"10.77.*,10.78.0.0/16,!10.78.1.1\"");
	assert_string_equal(hidden("10.77.*,10.78.0.0/16,!10.78.1.1"), "net-1,net-2/16,!addr-4");
	learn("9 0.0.0 pasted/1 text.other reason=user text=\"pam_unix(sshd:auth): authentication "
	      "failure; logname= uid=0 tty=ssh ruser= rhost=203.0.113.10  user=frank\"");
	assert_string_equal(hidden("rhost=203.0.113.10 user=frank"), "rhost=addr-5 user=user-5");
}

/* The shapes that sshd, PAM and ssh give to names. */
static void
names_in_their_phrases(void **state)
{
	static const char *const users[] = {
		"Connection closed by invalid user carol 10.9.9.9 port 5",
		"Connection closed by authenticating user carol 10.9.9.9 port 5 [preauth]",
		"User carol from 10.9.9.9 not allowed because not listed in AllowUsers",
		"User carol not allowed because account is locked",
		"pam_unix(sshd:session): session opened for user carol(uid=1001) by (uid=0)",
		"Disconnected from user carol 10.9.9.9 port 5",
		"Please login as the user \"carol\" rather than the user \"root\".",
		"Authenticating to 10.9.9.9:22 as 'carol'",
		"Could not get shadow information for carol"
	};
	static const char *const hosts[] = { "ssh: connect to host dbx port 22: Connection refused",
		"ssh: Could not resolve hostname dbx: Name or service not known",
		"Connecting to dbx [10.9.9.9] port 22.", "Host 'dbx' is known and matches",
		"The authenticity of host 'dbx (10.9.9.9)' can't be established.",
		"Warning: Permanently added 'dbx' (ED25519) to the list of known hosts.",
		"Address 10.9.9.9 maps to dbx, but this does not map back",
		"reverse mapping checking getaddrinfo for dbx [10.9.9.9] failed",
		"Connection to dbx closed by remote host." };
	char line[512];

	for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
		begin(state);
		snprintf(line, sizeof line, "9 0.0.0 pasted/1 note text=%s", "\"");
		for (const char *s = users[i]; *s != '\0'; s++)
			snprintf(line + strlen(line), sizeof line - strlen(line),
			    *s == '"' ? "\\%c" : "%c", *s);
		strcat(line, "\"");
		assert_null(strstr(hidden_line(line), "carol"));
		assert_non_null(strstr(hidden_line(line), "user-3"));
	}
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		begin(state);
		snprintf(line, sizeof line, "9 0.0.0 pasted/1 note text=\"%s\"", hosts[i]);
		assert_null(strstr(hidden_line(line), "dbx"));
		assert_non_null(strstr(hidden_line(line), "host-E"));
	}
}

/* A name that is a word of ours as well: hidden where it is the name, and the word stays. */
static void
names_that_are_words(void **state)
{
	(void)state;
	redact_init(&names);
	learn("1 0.0.0 client/0 run.start input=key@server host=server user=key port=22");
	assert_string_equal(hidden("key@server refused the key"), "user-1@host-A refused the key");
	assert_string_equal(hidden("the server has no key"), "the server has no key");
	assert_string_equal(hidden("connect to host server port 22: Connection refused"),
	    "connect to host host-A port 22: Connection refused");
	assert_string_equal(hidden("User=key, /home/key, ~key"), "User=user-1, ~user-1, ~user-1");
	assert_string_equal(hidden("Failed publickey for key from 192.0.2.9"),
	    "Failed publickey for user-1 from addr-?");
	assert_string_equal(
	    hidden_line(
		"2 0.0.0 client/0 resolve.result name=server result=ok text=\"the server\""),
	    "2 0.0.0 client/0 resolve.result name=host-A result=ok text=\"the server\"");
}

static void
comments_of_keys(void **state)
{
	(void)state;
	assert_string_equal(hidden_line("9 0.0.0 client/0 agent.key type=ssh-rsa fp=SHA256:x "
					"comment=\"ACME production\" order=1"),
	    "9 0.0.0 client/0 agent.key type=ssh-rsa fp=SHA256:x comment=key-1 order=1");
	assert_string_equal(
	    hidden_line(
		"9 0.0.0 client/0 auth.query fp=SHA256:x name=\"ACME production\" from=agent"),
	    "9 0.0.0 client/0 auth.query fp=SHA256:x name=key-1 from=agent");
	assert_string_equal(
	    hidden_line("9 0.0.0 client/0 agent.key type=ssh-rsa comment=\"prod, ask ops@corp\""),
	    "9 0.0.0 client/0 agent.key type=ssh-rsa comment=key-2");
	assert_string_equal(hidden_line("9 0.0.0 proof/0 proof.host what=cert text=\"x, serial 0 "
					"ID \\\"Carol W\\\" CA y\""),
	    "9 0.0.0 proof/0 proof.host what=cert text=\"x, serial 0 ID \\\"key-3\\\" CA y\"");
	assert_string_equal(
	    hidden_line(
		"9 0.0.0 pasted/1 note text=\"RSA-CERT SHA256:x ID Carol W (serial 0) CA\""),
	    "9 0.0.0 pasted/1 note text=\"RSA-CERT SHA256:x ID key-3 (serial 0) CA\"");
	assert_string_equal(
	    hidden_line("9 0.0.0 client/0 agent.key type=ssh-rsa comment=ops@laptop"),
	    "9 0.0.0 client/0 agent.key type=ssh-rsa comment=user-1@host-E");
	assert_string_equal(
	    hidden_line("9 0.0.0 client/0 agent.key type=ssh-rsa comment=/home/ops/.ssh/id_rsa"),
	    "9 0.0.0 client/0 agent.key type=ssh-rsa comment=~user-1/.ssh/id_rsa");
}

static void
fields_of_few_words_stay(void **state)
{
	(void)state;
	redact_init(&names);
	learn("1 0.0.0 client/0 run.start input=refused@tcp host=tcp user=refused port=22");
	assert_string_equal(
	    hidden_line(
		"2 0.0.0 client/0 tcp.result addr=tcp port=22 result=refused errno=ECONNREFUSED"),
	    "2 0.0.0 client/0 tcp.result addr=host-A port=22 result=refused errno=ECONNREFUSED");
}

static void
lists_keep_their_shape(void **state)
{
	(void)state;
	assert_string_equal(
	    hidden_line("9 0.0.0 client/0 key.cert path=x principals=\"ops, eve,,root\" state=ok"),
	    "9 0.0.0 client/0 key.cert path=x principals=\"user-1, user-2,,root\" state=ok");
	assert_string_equal(
	    hidden_line(
		"9 0.0.0 client/0 config.value name=proxyjump value=gate,eve@[fd00:1::7]:2"),
	    "9 0.0.0 client/0 config.value name=proxyjump value=host-D,user-2@[addr-2]:2");
	assert_string_equal(
	    hidden_line(
		"9 0.0.0 client/0 known.entry name=\"[web-07]:2222,192.0.2.7\" file=x line=1"),
	    "9 0.0.0 client/0 known.entry name=[host-A]:2222,addr-1 file=x line=1");
	assert_string_equal(
	    hidden_line("9 0.0.0 server/1 text.says what=fw-drop addr=198.51.100.0/24 text=\"\""),
	    "9 0.0.0 server/1 text.says what=fw-drop addr=net-1/24 text=\"\"");
}

/* What is redacted stays as it is when it is redacted again, by the same names or by its own. */
static void
twice_is_once(void **state)
{
	static const char text[] =
	    "ops@web-07 from 192.0.2.7 via bastion in /home/ops and fd00:1::7";
	char once[256];

	(void)state;
	text_copy(once, sizeof once, hidden(text));
	assert_string_equal(hidden(once), once);
}

/* Beyond the table's room a name's place is still not shown. */
static void
a_full_table_hides_still(void **state)
{
	char line[160];

	(void)state;
	redact_init(&names);
	for (int i = 0; i < REDACT_NAMES + 50; i++) {
		snprintf(line, sizeof line,
		    "1 0.0.0 server/1 text.says what=user-unknown user=usr%d addr=10.1.%d.%d", i,
		    i / 256, i % 256);
		learn(line);
	}
	assert_true(names.n <= REDACT_NAMES);
	snprintf(line, sizeof line,
	    "1 0.0.0 client/0 auth.banner text=\"zoe@late.example 10.9.9.9 usr1\"");
	assert_string_equal(
	    hidden_line(line), "1 0.0.0 client/0 auth.banner text=\"user-?@host-? addr-? user-2\"");
}

/* ---- whole reports ----------------------------------------------------------------------- */

/* Names that a recording holds, found without redact.c. */
struct found {
	char name[NAMES_MAX][NAME_LEN];
	size_t n;
};

static bool
is_edge(char c)
{
	return !isalnum((unsigned char)c);
}

/* Where name stands as a whole word in text, or NULL. */
static const char *
word_in(const char *text, const char *name)
{
	size_t n = strlen(name);
	const char *at = text;

	for (; (at = strcasestr(at, name)) != NULL; at++)
		if ((at == text || is_edge(at[-1])) && is_edge(at[n]))
			return at;
	return NULL;
}

/* What is no name, though it stands where one may. */
static bool
is_no_name(const char *s)
{
	static const char *const t[] = { "", "root", "none", "localhost", "127.0.0.1", "0.0.0.0",
		"::1", "::", "*", "ssh", "22", NULL };

	for (size_t i = 0; t[i] != NULL; i++)
		if (strcmp(s, t[i]) == 0)
			return true;
	if (strncmp(s, "id_", 3) == 0) /* what ssh-keygen calls a key */
		return true;
	return strspn(s, "0123456789") == strlen(s) || strncmp(s, "127.", 4) == 0 ||
	       strncmp(s, "255.", 4) == 0;
}

static void
add(struct found *f, const char *s, size_t len)
{
	char name[NAME_LEN];

	snprintf(name, sizeof name, "%.*s", (int)len, s);
	if (len >= NAME_LEN || is_no_name(name))
		return;
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->name[i], name) == 0)
			return;
	assert_true(f->n < NAMES_MAX);
	strcpy(f->name[f->n++], name);
}

/* The names in "user@host:port,[host]:port" and the like. */
static void
add_parts(struct found *f, const char *s, size_t len)
{
	bool v6 = false;
	size_t colons = 0;

	for (size_t i = 0; i < len; i++)
		colons += s[i] == ':';
	v6 = colons > 1 && memchr(s, '[', len) == NULL;
	while (len > 0) {
		size_t n = 0;

		while (n < len && (isalnum((unsigned char)s[n]) || strchr("._-", s[n]) != NULL ||
				      (v6 && s[n] == ':')))
			n++;
		add(f, s, n);
		n += n < len;
		s += n;
		len -= n;
	}
}

static void
add_values(struct found *f, const char *text, const char *key)
{
	const char *at = text;

	while ((at = strstr(at, key)) != NULL) {
		at += strlen(key);
		if (*at == '"')
			continue;
		add_parts(f, at, strcspn(at, " \n"));
	}
}

static void
add_quads(struct found *f, const char *text)
{
	for (const char *s = text; *s != '\0'; s++) {
		int n = 0;

		if ((s == text || (!isdigit((unsigned char)s[-1]) && s[-1] != '.')) &&
		    sscanf(s, "%*3[0-9].%*3[0-9].%*3[0-9].%*3[0-9]%n", &n) == 0 && n > 0 &&
		    !isdigit((unsigned char)s[n]) &&
		    (s[n] != '.' || !isdigit((unsigned char)s[n + 1])))
			add(f, s, (size_t)n);
	}
}

static void
add_homes(struct found *f, const char *text)
{
	for (const char *at = text; (at = strstr(at, "/home/")) != NULL;) {
		at += strlen("/home/");
		add(f, at, strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_-"));
	}
}

static char *
read_all(const char *path, const char *before)
{
	FILE *in = fopen(path, "re");
	size_t n = strlen(before), cap = 4 << 20;
	char *text = malloc(cap);

	assert_non_null(in);
	memcpy(text, before, n);
	n += fread(text + n, 1, cap - n - 1, in);
	assert_true(n < cap - 1);
	text[n] = '\0';
	fclose(in);
	return text;
}

/* Words of ours that a name of the recordings is as well: in a report they may be the word. */
static bool
is_word_of_ours(const char *name)
{
	static const char *const t[] = { "server", "web", "encrypted", "crash", "inner", NULL };

	for (size_t i = 0; t[i] != NULL; i++)
		if (strcmp(name, t[i]) == 0)
			return true;
	return false;
}

static int leaks;

/* No name of f may stand in the report; one that is a word too, not as a name. */
static void
search(const char *what, const char *kind, const char *report, const struct found *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *name = f->name[i], *at = word_in(report, name);

		while (at != NULL && is_word_of_ours(name) && at[strlen(name)] != '@' &&
		       (at == report || at[-1] != '@'))
			at = word_in(at + 1, name);
		if (at == NULL)
			continue;
		leaks++;
		print_message("%s, %s: \"%s\" in \"%.60s\"\n", what, kind, name,
		    at - report > 30 ? at - 30 : report);
	}
}

static void
print_text(const struct diag *d, const struct book *b, FILE *f)
{
	report_text(d, b, 100, f);
}

static void
print_markdown(const struct diag *d, const struct book *b, FILE *f)
{
	report_markdown(d, b, f);
}

static void
print_json(const struct diag *d, const struct book *b, FILE *f)
{
	report_json(d, b, false, f);
}

static const struct {
	const char *name;
	void (*print)(const struct diag *d, const struct book *b, FILE *f);
} kinds[] = { { "text", print_text }, { "markdown", print_markdown }, { "json", print_json } };

static char *
printed(size_t kind, const struct diag *d, const struct book *b)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	kinds[kind].print(d, b, f);
	fclose(f);
	return text;
}

/* Both documents have the same keys, kinds and numbers throughout: only texts differ. */
static void
same_shape(const cJSON *a, const cJSON *b)
{
	assert_int_equal(a->type, b->type);
	if (a->string != NULL)
		assert_string_equal(a->string, b->string);
	if (cJSON_IsNumber(a))
		assert_true(a->valuedouble == b->valuedouble);
	for (a = a->child, b = b->child; a != NULL; a = a->next, b = b->next) {
		assert_non_null(b);
		same_shape(a, b);
	}
	assert_null(b);
}

static void
same_document(const char *plain, const char *redacted)
{
	cJSON *a = cJSON_Parse(plain), *b = cJSON_Parse(redacted);

	assert_non_null(a);
	assert_non_null(b);
	same_shape(a, b);
	cJSON_Delete(a);
	cJSON_Delete(b);
}

/* All reports of what was recorded, redacted, hold none of the names. */
static void
check(const char *what, struct replay *r, const struct found *f)
{
	struct book *b = book_new();
	struct veil *v = veil_new();
	const struct diag *d;

	for (size_t i = 0; i < replay_count(r); i++) {
		book_add(b, replay_line(r, i));
		if (i % 50 == 0) /* as it comes in, as the screen does */
			veil_follow(v, b);
	}
	veil_follow(v, b);
	d = book_diag(b, replay_target(r));
	assert_non_null(d);
	for (size_t i = 0; i < veil_names(v)->n; i++) {
		const struct redact_name *n = &veil_names(v)->name[i];
		char name[256];

		snprintf(name, sizeof name, "%.*s", (int)n->len, veil_names(v)->bytes + n->at);
		if (n->weak && !is_word_of_ours(name)) {
			leaks++;
			print_message("%s: \"%s\" is taken for a word\n", what, name);
		}
	}
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		char *plain = printed(k, d, b),
		     *hidden_report = printed(k, veil_diag(v, d), veil_book(v));

		if (strcmp(kinds[k].name, "json") == 0)
			same_document(plain, hidden_report);
		search(what, kinds[k].name, hidden_report, f);
		free(plain);
		free(hidden_report);
	}
	veil_free(v);
	book_free(b);
}

/* ---- some word for word ------------------------------------------------------------------- */

static const struct {
	const char *recording, *kind, *suffix;
} kept[] = {
	{ "lab-dns-hosts-old", "text", "txt" },
	{ "hostkey-changed", "markdown", "md" },
};

static size_t
kind_by_name(const char *name)
{
	size_t k = 0;

	while (strcmp(kinds[k].name, name) != 0)
		k++;
	return k;
}

/* Lines that are made a few at a time, while others still come in, are those that are made at once. */
static unsigned
same_in_slices(struct replay *r)
{
	struct book *b = book_new();
	struct veil *once = veil_new(), *v = veil_new();
	const struct ev_line *shown = NULL;
	char before[64] = "";
	size_t n = replay_count(r);

	for (size_t i = 0; i < n; i++) {
		book_add(b, replay_line(r, i));
		if (veil_work(v, b, 3) && shown == NULL) {
			veil_use(v);
			shown = book_line(veil_book(v), 0);
			snprintf(before, sizeof before, "%s", shown->text);
		}
		if (shown != NULL) /* it lives on, whatever was made anew */
			assert_memory_equal(shown->text, before, strlen(before));
	}
	while (!veil_work(v, b, 3))
		assert_true(veil_percent(v, b) < 100);
	assert_int_equal(veil_percent(v, b), 100);
	assert_true(veil_knows(v, b) && shown != NULL);
	veil_use(v);
	veil_follow(once, b);
	assert_int_equal(book_lines(veil_book(v)), n);
	assert_int_equal(book_lines(veil_book(once)), n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(
		    book_line(veil_book(v), i)->text, book_line(veil_book(once), i)->text);
	n = veil_edition(v);
	veil_free(v);
	veil_free(once);
	book_free(b);
	return (unsigned)n;
}

/* UPDATE=1 in the environment writes the files anew. */
static void
reports_word_for_word(void **state)
{
	bool update = getenv("UPDATE") != NULL;
	unsigned editions = 0;

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		struct replay *r = replay_new();
		struct book *b = book_new();
		struct veil *v = veil_new();
		char path[512], *text, *want;
		FILE *f;

		snprintf(path, sizeof path, "%s/%s.ev", CASES, kept[i].recording);
		f = fopen(path, "re");
		assert_non_null(f);
		replay_read(r, f, path, stderr);
		fclose(f);
		for (size_t k = 0; k < replay_count(r); k++)
			book_add(b, replay_line(r, k));
		editions += same_in_slices(r);
		veil_follow(v, b);
		text = printed(kind_by_name(kept[i].kind),
		    veil_diag(v, book_diag(b, replay_target(r))), veil_book(v));
		snprintf(path, sizeof path, "tests/golden/redacted/%s.%s", kept[i].recording,
		    kept[i].suffix);
		if (update) {
			f = fopen(path, "we");
			assert_non_null(f);
			fputs(text, f);
			fclose(f);
		}
		want = read_all(path, "");
		if (strcmp(text, want) != 0)
			print_message("%s differs (UPDATE=1 rewrites it)\n", path);
		assert_string_equal(text, want);
		free(want);
		free(text);
		veil_free(v);
		book_free(b);
		replay_free(r);
	}
	assert_true(editions > 0); /* names turned up late, so that lines were made anew */
}

static int
is_recording(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return len > 3 && strcmp(e->d_name + len - 3, ".ev") == 0;
}

static void
no_name_of_a_recording_is_in_a_report(void **state)
{
	static const char *const keys[] = { " host=", " user=", " input=", " addr=", " local=",
		" icmp_from=", " comment=", "name=user value=", "name=host value=",
		"name=hostname value=", "name=proxyjump value=", "name=hostkeyalias value=",
		"resolve.result name=" };
	struct dirent **found = NULL;
	int n = scandir(CASES, &found, is_recording, alphasort);
	size_t searched = 0;

	(void)state;
	assert_true(n > 100);
	leaks = 0;
	for (int i = 0; i < n; i++) {
		struct found *f = calloc(1, sizeof *f);
		char path[512], *text;
		struct replay *r = replay_new();
		FILE *in;

		snprintf(path, sizeof path, "%s/%s", CASES, found[i]->d_name);
		text = read_all(path, "");
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			add_values(f, text, keys[k]);
		add_quads(f, text);
		add_homes(f, text);
		in = fopen(path, "re");
		replay_read(r, in, path, stderr);
		fclose(in);
		check(found[i]->d_name, r, f);
		searched += f->n;
		replay_free(r);
		free(text);
		free(f);
		free(found[i]);
	}
	free(found);
	assert_true(searched > 500);
	assert_int_equal(leaks, 0);
}

static int
is_text(const struct dirent *e)
{
	return strncmp(e->d_name, "client.", 7) == 0 || strncmp(e->d_name, "server.", 7) == 0;
}

static int
is_folder(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void
no_name_of_a_transcript_is_in_a_report(void **state)
{
	static const char *const people[] = { "taxo1", "taxo2", "nosuchuser", "taxo-host",
		"nosuch.taxo.test", "twoaddr.taxo.test", "pub.taxo.test", "srv.taxo.test",
		"slow.taxo.test" };
	struct dirent **folders = NULL;
	int n = scandir(TRANSCRIPTS, &folders, is_folder, alphasort);
	size_t seen = 0;

	(void)state;
	assert_true(n > 100);
	leaks = 0;
	for (int i = 0; i < n; i++) {
		struct dirent **files = NULL;
		struct found *f = calloc(1, sizeof *f);
		struct replay *r = replay_new();
		struct paste *p = paste_new(r, NULL, 1790000000, 0);
		char path[1024];
		int m;

		snprintf(path, sizeof path, "%s/%s", TRANSCRIPTS, folders[i]->d_name);
		m = scandir(path, &files, is_text, alphasort);
		for (int k = 0; k < m; k++) {
			char *text;
			FILE *in;

			snprintf(path, sizeof path, "%s/%s/%s", TRANSCRIPTS, folders[i]->d_name,
			    files[k]->d_name);
			text = read_all(path, "");
			add_quads(f, text);
			for (size_t s = 0; s < sizeof people / sizeof people[0]; s++)
				if (word_in(text, people[s]) != NULL)
					add(f, people[s], strlen(people[s]));
			in = fopen(path, "re");
			paste_read(p, in, "a text", stderr);
			fclose(in);
			free(text);
			free(files[k]);
		}
		free(files);
		paste_end(p);
		if (m > 0)
			check(folders[i]->d_name, r, f);
		seen += f->n;
		paste_free(p);
		replay_free(r);
		free(f);
		free(folders[i]);
	}
	free(folders);
	assert_true(seen > 300);
	assert_int_equal(leaks, 0);
}

static const char *
given(const char *input)
{
	struct strbuf sb;

	sb_init(&sb, out, sizeof out);
	redact_given(&names, input, &sb);
	return out;
}

/* In a text a word of ours stays what it is; as a target it is a name. */
static void
what_was_given_is_a_name(void **state)
{
	(void)state;
	learn("9 0.0.0 client/0 run.start input=one host=one user=\"\" port=0");
	assert_string_equal(hidden("one of them"), "one of them");
	assert_null(strstr(given("one"), "one"));
	assert_memory_equal(given("one"), "host-", 5);
	assert_null(strstr(given("eve@one:22"), "one"));
	assert_string_equal(given("server"), "host-?"); /* that no line told of */
	assert_string_equal(given("localhost"), "localhost");
	assert_null(strstr(given("ops@web-07"), "web-07"));
	assert_null(strstr(given("db1.example.net"), "db1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names_get_pseudonyms_in_order, begin),
		cmocka_unit_test_setup(whole_words_only, begin),
		cmocka_unit_test_setup(what_was_given_is_a_name, begin),
		cmocka_unit_test_setup(addresses_in_any_notation, begin),
		cmocka_unit_test_setup(what_names_nobody_stays, begin),
		cmocka_unit_test_setup(homes_and_paths, begin),
		cmocka_unit_test_setup(names_in_free_text, begin),
		cmocka_unit_test_setup(names_in_their_phrases, begin),
		cmocka_unit_test_setup(names_that_are_words, begin),
		cmocka_unit_test_setup(comments_of_keys, begin),
		cmocka_unit_test_setup(fields_of_few_words_stay, begin),
		cmocka_unit_test_setup(lists_keep_their_shape, begin),
		cmocka_unit_test_setup(twice_is_once, begin),
		cmocka_unit_test(a_full_table_hides_still),
		cmocka_unit_test(reports_word_for_word),
		cmocka_unit_test(no_name_of_a_recording_is_in_a_report),
		cmocka_unit_test(no_name_of_a_transcript_is_in_a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

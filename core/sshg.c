/*
 * The output of `ssh -G`, by a table from key to member. See sshg.h.
 */
#include "sshg.h"

#include <stdint.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ROW(member, type, shown) \
	{ \
#member, type, offsetof(struct sshg, member), shown \
	}

/* The members bear the names of their keys. */
static const struct sshg_row rows[] = {
	ROW(host, SSHG_STRING, true),
	ROW(hostname, SSHG_STRING, true),
	ROW(user, SSHG_STRING, true),
	ROW(port, SSHG_INT, true),
	ROW(addressfamily, SSHG_STRING, true),
	ROW(bindaddress, SSHG_STRING, true),
	ROW(bindinterface, SSHG_STRING, true),
	ROW(connecttimeout, SSHG_INT, true),
	ROW(connectionattempts, SSHG_INT, true),
	ROW(proxyjump, SSHG_STRING, true),
	ROW(proxycommand, SSHG_STRING, true),
	ROW(proxyusefdpass, SSHG_SWITCH, false),
	ROW(controlpath, SSHG_STRING, true),
	ROW(controlmaster, SSHG_SWITCH, true),
	ROW(identityfile, SSHG_LINES, true),
	ROW(certificatefile, SSHG_LINES, true),
	ROW(identitiesonly, SSHG_SWITCH, true),
	ROW(identityagent, SSHG_STRING, true),
	ROW(addkeystoagent, SSHG_SWITCH, false),
	ROW(forwardagent, SSHG_SWITCH, false),
	ROW(pkcs11provider, SSHG_STRING, true),
	ROW(securitykeyprovider, SSHG_STRING, false),
	ROW(preferredauthentications, SSHG_STRING, true),
	ROW(pubkeyauthentication, SSHG_SWITCH, true),
	ROW(passwordauthentication, SSHG_SWITCH, true),
	ROW(kbdinteractiveauthentication, SSHG_SWITCH, true),
	ROW(gssapiauthentication, SSHG_SWITCH, true),
	ROW(hostbasedauthentication, SSHG_SWITCH, true),
	ROW(batchmode, SSHG_SWITCH, true),
	ROW(numberofpasswordprompts, SSHG_INT, false),
	ROW(userknownhostsfile, SSHG_WORDS, true),
	ROW(globalknownhostsfile, SSHG_WORDS, true),
	ROW(hostkeyalias, SSHG_STRING, true),
	ROW(revokedhostkeys, SSHG_STRING, true),
	ROW(knownhostscommand, SSHG_STRING, true),
	ROW(stricthostkeychecking, SSHG_SWITCH, true),
	ROW(checkhostip, SSHG_SWITCH, false),
	ROW(verifyhostkeydns, SSHG_SWITCH, true),
	ROW(updatehostkeys, SSHG_SWITCH, false),
	ROW(hashknownhosts, SSHG_SWITCH, false),
	ROW(nohostauthenticationforlocalhost, SSHG_SWITCH, true),
	ROW(kexalgorithms, SSHG_STRING, true),
	ROW(ciphers, SSHG_STRING, true),
	ROW(macs, SSHG_STRING, true),
	ROW(hostkeyalgorithms, SSHG_STRING, true),
	ROW(pubkeyacceptedalgorithms, SSHG_STRING, true),
	ROW(casignaturealgorithms, SSHG_STRING, false),
	ROW(compression, SSHG_SWITCH, true),
	ROW(requiredrsasize, SSHG_INT, true),
	ROW(enableescapecommandline, SSHG_SWITCH, true),
	ROW(serveraliveinterval, SSHG_INT, false),
	ROW(serveralivecountmax, SSHG_INT, false),
	ROW(localforward, SSHG_LINES, true),
	ROW(dynamicforward, SSHG_LINES, true),
	ROW(remoteforward, SSHG_LINES, true),
	ROW(exitonforwardfailure, SSHG_SWITCH, true),
	ROW(clearallforwardings, SSHG_SWITCH, true),
	ROW(gatewayports, SSHG_SWITCH, false),
	ROW(ipqos, SSHG_STRING, false),
	ROW(setenv, SSHG_LINES, false),
	ROW(remotecommand, SSHG_STRING, true),
	ROW(requesttty, SSHG_STRING, true),
	ROW(sessiontype, SSHG_STRING, true),
	ROW(loglevel, SSHG_STRING, false),
	ROW(canonicalizehostname, SSHG_SWITCH, true),
	ROW(permitlocalcommand, SSHG_SWITCH, false),
	ROW(forwardx11, SSHG_SWITCH, true),
	ROW(forwardx11trusted, SSHG_SWITCH, false),
	ROW(xauthlocation, SSHG_STRING, false),
	ROW(tcpkeepalive, SSHG_SWITCH, false),
};

/* Older names of the same settings (before 8.5, 8.5 and 8.7). */
static const struct {
	const char *name, *now;
} old_names[] = {
	{ "pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms" },
	{ "challengeresponseauthentication", "kbdinteractiveauthentication" },
};

/* What the versions of ssh print for a switch. */
static const struct {
	const char *word;
	enum sshg_yes yes;
} switch_words[] = {
	{ "yes", SSHG_YES },
	{ "true", SSHG_YES },
	{ "on", SSHG_YES },
	{ "always", SSHG_YES },
	{ "unbound", SSHG_YES }, /* PubkeyAuthentication: yes, with a restriction */
	{ "host-bound", SSHG_YES },
	{ "no", SSHG_NO },
	{ "false", SSHG_NO },
	{ "off", SSHG_NO },
	{ "none", SSHG_NO },
	{ "ask", SSHG_ASK },
	{ "accept-new", SSHG_ACCEPT_NEW },
	{ "auto", SSHG_AUTO },
	{ "autoask", SSHG_ASK },
};

static bool
is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

static const struct sshg_row *
find_row(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT(old_names); i++)
		if (is_word(name, len, old_names[i].name)) {
			name = old_names[i].now;
			len = strlen(name);
		}
	for (i = 0; i < COUNT(rows); i++)
		if (is_word(name, len, rows[i].name))
			return &rows[i];
	return NULL;
}

/* Keep a value; NULL where there is no room. */
static const char *
keep(struct sshg *g, const char *s, size_t len)
{
	char *at = g->text + g->used;

	if (len + 1 > sizeof(g->text) - g->used) {
		g->cut = true;
		return NULL;
	}
	if (len > 0)
		memcpy(at, s, len);
	at[len] = '\0';
	g->used += len + 1;
	return at;
}

static void
set_string(struct sshg *g, const char **member, const char *s, size_t len)
{
	const char *kept = keep(g, s, len);

	if (kept != NULL)
		*member = kept;
}

static void
set_int(int *member, const char *s, size_t len)
{
	int n = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9' || n > 100000000)
			return; /* "none", or nothing that could be meant */
		n = n * 10 + (s[i] - '0');
	}
	*member = n;
}

static void
set_switch(enum sshg_yes *member, const char *s, size_t len)
{
	size_t i;

	*member = SSHG_OTHER;
	for (i = 0; i < COUNT(switch_words); i++)
		if (is_word(s, len, switch_words[i].word))
			*member = switch_words[i].yes;
}

static void
add_item(struct sshg *g, struct sshg_list *list, const char *s, size_t len)
{
	const char *kept;

	if (list->n == SSHG_LIST) {
		list->cut = true;
	} else if ((kept = keep(g, s, len)) != NULL) {
		list->item[list->n++] = kept;
	}
}

static void
add_words(struct sshg *g, struct sshg_list *list, const char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t start;

		while (i < len && s[i] == ' ')
			i++;
		for (start = i; i < len && s[i] != ' '; i++)
			;
		if (i > start)
			add_item(g, list, s + start, i - start);
	}
}

static void
set_row(struct sshg *g, const struct sshg_row *row, const char *s, size_t len)
{
	void *member = (char *)g + row->at;

	switch (row->type) {
	case SSHG_STRING: set_string(g, member, s, len); break;
	case SSHG_INT: set_int(member, s, len); break;
	case SSHG_SWITCH: set_switch(member, s, len); break;
	case SSHG_LINES: add_item(g, member, s, len); break;
	case SSHG_WORDS: add_words(g, member, s, len); break;
	}
}

void
sshg_init(struct sshg *g)
{
	size_t i;

	memset(g, 0, offsetof(struct sshg, text)); /* what is not written takes no memory */
	for (i = 0; i < COUNT(rows); i++)
		if (rows[i].type == SSHG_STRING)
			*(const char **)(void *)((char *)g + rows[i].at) = "";
}

const struct sshg_row *
sshg_line(struct sshg *g, const char *line, size_t len, const char **value, size_t *vlen)
{
	const char *blank;
	const struct sshg_row *row;
	size_t n, rest;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	/* No setting holds a NUL; what does is no output of ssh. */
	if (len == 0 || len > SSHG_LINE_MAX || memchr(line, '\0', len) != NULL)
		return NULL;
	blank = memchr(line, ' ', len);
	n = blank != NULL ? (size_t)(blank - line) : len;
	rest = blank != NULL ? len - n - 1 : 0;
	g->lines++;
	if ((row = find_row(line, n)) == NULL)
		return NULL;
	set_row(g, row, line + len - rest, rest);
	if (value != NULL)
		*value = line + len - rest;
	if (vlen != NULL)
		*vlen = rest;
	return row;
}

unsigned
sshg_parse(struct sshg *g, const char *text, size_t len)
{
	unsigned known = 0;

	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		size_t n = nl != NULL ? (size_t)(nl - text) : len;
		size_t step = n + (nl != NULL);

		if (sshg_line(g, text, n, NULL, NULL) != NULL)
			known++;
		text += step;
		len -= step;
	}
	return known;
}

void
sshg_kex_lists(const struct sshg *g, struct kex_lists *lists)
{
	/* compression_alg_list() of readconf.c */
	const char *comp =
	    g->compression == SSHG_YES ? "zlib@openssh.com,none" : "none,zlib@openssh.com";
	size_t i;

	for (i = 0; i < KEX__COUNT; i++)
		lists->list[i] = namelist_of("");
	lists->first_follows = false;
	lists->list[KEX_KEX] = namelist_of(g->kexalgorithms);
	lists->list[KEX_HOSTKEY] = namelist_of(g->hostkeyalgorithms);
	lists->list[KEX_CIPHER_CS] = lists->list[KEX_CIPHER_SC] = namelist_of(g->ciphers);
	lists->list[KEX_MAC_CS] = lists->list[KEX_MAC_SC] = namelist_of(g->macs);
	lists->list[KEX_COMP_CS] = lists->list[KEX_COMP_SC] = namelist_of(comp);
}

const char *
sshg_yes_name(enum sshg_yes y)
{
	static const char *const names[] = { "unset", "no", "yes", "ask", "accept-new", "auto",
		"other" };

	return names[y];
}

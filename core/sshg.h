/*
 * What `ssh -G` prints: the user's effective settings, and what ssh says when
 * the configuration is at fault. Called by the config probe. Pure.
 */
#ifndef SSHMEDIC_SSHG_H
#define SSHMEDIC_SSHG_H

#include <stdbool.h>
#include <stddef.h>

#include "namelist.h"

enum {
	SSHG_LIST = 16,        /* items of a list that are kept */
	SSHG_TEXT = 24 * 1024, /* bytes of all values together; defaults take 4 KB */
	SSHG_LINE_MAX = 16 * 1024
};

/* A switch, whatever words the version of ssh uses for it. */
enum sshg_yes { SSHG_UNSET, SSHG_NO, SSHG_YES, SSHG_ASK, SSHG_ACCEPT_NEW, SSHG_AUTO, SSHG_OTHER };

struct sshg_list {
	const char *item[SSHG_LIST];
	unsigned n;
	bool cut; /* there were more */
};

/*
 * Texts are never NULL: "" is unset. They point into text, so the struct must
 * not be copied or moved. Paths keep their "~" and %-tokens as ssh printed them.
 */
struct sshg {
	const char *host, *hostname, *user, *addressfamily, *bindaddress, *bindinterface, *ipqos;
	int port;           /* 0 if not printed */
	int connecttimeout; /* s, 0: none */
	int connectionattempts, requiredrsasize, serveraliveinterval, serveralivecountmax;
	int numberofpasswordprompts;

	const char *proxyjump, *proxycommand, *controlpath;
	enum sshg_yes controlmaster, proxyusefdpass;

	struct sshg_list identityfile, certificatefile;
	const char *identityagent, *pkcs11provider, *securitykeyprovider, *preferredauthentications;
	enum sshg_yes identitiesonly, pubkeyauthentication, passwordauthentication,
	    kbdinteractiveauthentication, gssapiauthentication, hostbasedauthentication, batchmode,
	    addkeystoagent, forwardagent;

	/* ssh prints these paths with blanks between them: a path that has a blank comes apart. */
	struct sshg_list userknownhostsfile, globalknownhostsfile;
	const char *hostkeyalias, *revokedhostkeys, *knownhostscommand;
	enum sshg_yes stricthostkeychecking, checkhostip, verifyhostkeydns, updatehostkeys,
	    hashknownhosts, nohostauthenticationforlocalhost;

	const char *kexalgorithms, *ciphers, *macs, *hostkeyalgorithms, *pubkeyacceptedalgorithms,
	    *casignaturealgorithms;
	enum sshg_yes compression;
	enum sshg_yes enableescapecommandline; /* printed by OpenSSH 9.2 and later */

	struct sshg_list localforward, dynamicforward, remoteforward;
	enum sshg_yes exitonforwardfailure, clearallforwardings, gatewayports;

	struct sshg_list setenv;
	const char *remotecommand, *requesttty, *sessiontype, *loglevel;
	enum sshg_yes canonicalizehostname, permitlocalcommand, forwardx11, forwardx11trusted,
	    tcpkeepalive;
	const char *xauthlocation;

	unsigned lines; /* settings read, known or not */
	bool cut;       /* text was full: a value is missing */
	size_t used;
	char text[SSHG_TEXT];
};

enum sshg_type { SSHG_STRING, SSHG_INT, SSHG_SWITCH, SSHG_LINES, SSHG_WORDS };

/* A key of `ssh -G` and where its value goes. */
struct sshg_row {
	const char *name; /* as ssh prints it, lower case */
	enum sshg_type type;
	size_t at;  /* offset in struct sshg */
	bool shown; /* worth a line of evidence */
};

void sshg_init(struct sshg *g);
/*
 * Read one line (no newline; a CR at its end is dropped). Returns its row, or NULL for an
 * unknown key or no setting. *value and *vlen, if not NULL, are the value in line.
 */
const struct sshg_row *sshg_line(
    struct sshg *g, const char *line, size_t len, const char **value, size_t *vlen);
/* Read a whole output. Returns how many known settings it held. */
unsigned sshg_parse(struct sshg *g, const char *text, size_t len);

/* What this ssh would offer in its KEXINIT; the lists point into g. */
void sshg_kex_lists(const struct sshg *g, struct kex_lists *lists);
/* "unset" "no" "yes" "ask" "accept-new" "auto" "other". */
const char *sshg_yes_name(enum sshg_yes y);

enum sshg_fault {
	SSHG_FAULT_NONE,       /* nothing recognised */
	SSHG_FAULT_BAD_OPTION, /* a keyword that ssh does not know */
	SSHG_FAULT_BAD_VALUE,  /* a value that it does not know */
	SSHG_FAULT_NO_VALUE,   /* a keyword without a value */
	SSHG_FAULT_PERMS,      /* others may write the file, or it is another user's */
	SSHG_FAULT_NO_FILE,    /* -F names a file that cannot be read */
	SSHG_FAULT_BAD_NAME,   /* host or user name with characters that ssh refuses */
	SSHG_FAULT_BAD_ARG,    /* a wrong argument of the command line */
	SSHG_FAULT_NO_USER,    /* no passwd entry for this uid */
	SSHG_FAULT_LIBRARY     /* the program itself cannot start */
};

struct sshg_error {
	enum sshg_fault fault;
	bool command_line; /* in an option given with -o, not in a file */
	int line;          /* in file; 0 where not said */
	char file[1024];   /* "" where not said */
	char option[128];  /* keyword or value that ssh named, "" where not said */
	char text[512]; /* ssh's own words: the line that says it, else the last line of stderr */
};

/*
 * Find the fault in what ssh wrote to stderr (raw bytes; what comes out is
 * clean text). Remarks that harm nothing are passed over. Returns whether a
 * fault was recognised; err->text is filled in either case.
 */
bool sshg_error(const char *text, size_t len, struct sshg_error *err);
/* "none" "bad-option" "bad-value" "no-value" "bad-perms" "no-file" "bad-name" "bad-argument" "no-user" "library". */
const char *sshg_fault_name(enum sshg_fault f);

#endif

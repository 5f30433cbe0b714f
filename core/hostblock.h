/*
 * Host blocks of ssh_config(5), read only to tell which one may have been
 * meant: names, user, port and key of each, and whether it applies to the name that
 * was typed. ssh -G alone decides what is in force. Called by blocks.c. Pure.
 */
#ifndef SSHMEDIC_HOSTBLOCK_H
#define SSHMEDIC_HOSTBLOCK_H

#include <stdbool.h>
#include <stddef.h>

enum { HOSTBLOCK_NAME = 256, HOSTBLOCK_USER = 64, HOSTBLOCK_PATH = 512 };

struct hostblock {
	int line;                      /* of its Host line, from 1 */
	char alias[HOSTBLOCK_NAME];    /* its first name without a wildcard; "" if it has none */
	char hostname[HOSTBLOCK_NAME]; /* HostName, %h replaced by the alias; "" if it is not set */
	char user[HOSTBLOCK_USER];     /* "" if it is not set */
	char identity[HOSTBLOCK_PATH]; /* the first IdentityFile as written; "" */
	int port;                      /* 0 */
	bool applies;                  /* to the name that was typed */
};

/* A file under way. */
struct hostblock_reader {
	const char *typed; /* the caller's */
	void (*found)(void *arg, const struct hostblock *b);
	void *arg;
	bool inside;
	struct hostblock at;
};

void hostblock_begin(struct hostblock_reader *r, const char *typed,
    void (*found)(void *arg, const struct hostblock *b), void *arg);
/*
 * The next line (NUL-terminated, changed in place), with its number. A block is
 * handed to found() when the next one begins. Returns the words of an Include, else NULL.
 */
char *hostblock_line(struct hostblock_reader *r, int number, char *line);
/* The end of the file. */
void hostblock_end(struct hostblock_reader *r);
/* Cut the next word off *s, which moves behind it; quotes as ssh_config(5) has them. NULL at the end. */
char *hostblock_word(char **s);

/* Whether a list of patterns, cut into words, lets the name in: one matches, and none that begins with "!" (ssh_config(5), PATTERNS). */
bool hostblock_match(char *const words[], size_t n, const char *name);
/*
 * Why a block that does not apply to the typed name may have been meant:
 * "hostname" where it stands for the same host, "label" where the one name is the first
 * label of the other; NULL where nothing says so. hostname is that of ssh -G.
 */
const char *hostblock_meant(const struct hostblock *b, const char *typed, const char *hostname);

#endif

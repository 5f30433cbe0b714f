/*
 * The target operand: [user@]host[:port], ssh://[user@]host[:port], or an
 * alias of ssh_config. Pure parsing; what the installed ssh makes of it is
 * the config probe's business.
 */
#ifndef SSHMEDIC_TARGET_H
#define SSHMEDIC_TARGET_H

#include <stddef.h>

enum { TARGET_INPUT_MAX = 1400, TARGET_HOST_MAX = 1026, TARGET_USER_MAX = 256 };

struct target {
	char input[TARGET_INPUT_MAX]; /* as given */
	char host[TARGET_HOST_MAX];   /* without brackets */
	char user[TARGET_USER_MAX];   /* "" where not given */
	int port;                     /* 0 where not given */
};

/*
 * Parse what the user typed. Forms as in ssh(1): the last '@' ends the user
 * name (`DOM\bob@h` works); host:port only where one colon and digits
 * follow; IPv6 in brackets, or bare without a port. Refused with a sentence
 * in err: empty parts, control characters, blanks, names or users that begin
 * with '-', ports outside 1 to 65535, and what OpenSSH's own character rules
 * (valid_hostname, valid_ruser in ssh.c) refuse. Returns 0 or -1.
 */
int target_parse(struct target *t, const char *input, char *err, size_t errcap);
/*
 * The same as ssh(1) itself takes a destination: what stands behind a colon is no port, and brackets are part of
 * the name, but for an ssh:// address.
 */
int target_parse_as_ssh(struct target *t, const char *input, char *err, size_t errcap);

#endif

/*
 * A command line of ssh(1) taken apart as ssh itself does it, for the form
 * `sshmedic ssh ...`. Called by the command line. Pure.
 */
#ifndef SSHMEDIC_SSHCMD_H
#define SSHMEDIC_SSHCMD_H

#include <stddef.h>

enum { SSHCMD_ARGS_MAX = 60, SSHCMD_SHOWN_MAX = 1024 };

struct sshcmd {
	const char
	    *args[SSHCMD_ARGS_MAX]; /* for ssh -G and the diagnosis: each flag and value a word */
	size_t nargs;
	const char *dest;             /* as given; never NULL after a success */
	char shown[SSHCMD_SHOWN_MAX]; /* what is not done here, quoted words; "" for nothing */
};

/*
 * Take argv (the words behind `ssh`) apart: options and their bundles by the getopt string of OpenSSH 9.2
 * and later, the destination, options behind it, and the remote command. Of what is said twice ssh
 * takes the first of -l, -p and -o, and the last of switches: args are in an order that comes to the same where
 * ssh takes the first of each. The words refer to argv or are static. Returns 0, or -1 with a sentence in err.
 */
int sshcmd_parse(struct sshcmd *c, int argc, char *const argv[], char *err, size_t errcap);

#endif

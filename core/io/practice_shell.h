/*
 * The practice shell: what a command does and what an interactive shell
 * prints, with no process behind either. It knows echo, true, false and exit.
 * Also the one answer of an sftp server. No I/O; driven by practice_ssh.c.
 */
#ifndef SSHMEDIC_PRACTICE_SHELL_H
#define SSHMEDIC_PRACTICE_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "practice_out.h"

enum { PRACTICE_LINE_MAX = 1024 };

/* An interactive shell. Zeroed is new. */
struct practice_shell {
	bool pty;   /* there is a terminal: prompt, echo, line editing */
	bool ended; /* by exit, or by end of file */
	int status; /* then */
	size_t len;
	char line[PRACTICE_LINE_MAX];
};

/*
 * Run one command line: its output goes to out, complaints to err (which may
 * be out). pty: lines end as on a terminal. Returns the exit status.
 */
int practice_shell_run(
    const char *line, bool pty, struct practice_out *out, struct practice_out *err);

/* The shell's first words. */
void practice_shell_begin(const struct practice_shell *sh, struct practice_out *out);
/* Bytes that the client typed. Ignored once the shell ended. */
void practice_shell_input(
    struct practice_shell *sh, const char *in, size_t len, struct practice_out *out);
/* The client will type no more: runs what is left on the line, and ends. */
void practice_shell_eof(struct practice_shell *sh, struct practice_out *out);

/* An sftp server at the start of its life. Zeroed is new. */
struct practice_sftp {
	uint32_t left;         /* of the packet, after its head */
	size_t have;           /* bytes in head */
	unsigned char head[9]; /* length, type, version or request id */
};

/*
 * Bytes of the client. The version is answered (draft-ietf-secsh-filexfer-02
 * section 4), every request after it with "operation unsupported". Returns
 * false where they are no sftp packet.
 */
bool practice_sftp_input(
    struct practice_sftp *s, const unsigned char *in, size_t len, struct practice_out *out);

#endif

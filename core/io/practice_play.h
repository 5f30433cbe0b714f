/*
 * How a practice's server and its agent depart from the ordinary. A row of
 * practice_case.c has one; all zero is a server that lets the trainee in and
 * does all that is asked of it. Read by the servers (practice_ssh.c,
 * practice_raw.c, practice_agent.c).
 */
#ifndef SSHMEDIC_PRACTICE_PLAY_H
#define SSHMEDIC_PRACTICE_PLAY_H

#include <stdbool.h>

/* Where an SSH server pauses. */
enum practice_pause {
	PAUSE_NONE,
	PAUSE_BANNER,  /* before it says who it is */
	PAUSE_KEX,     /* in the key exchange */
	PAUSE_METHODS, /* before it answers the first request of authentication */
	PAUSE_SIGNED,  /* before it answers a signature */
	PAUSE_CHANNEL, /* before it opens a session */
	PAUSE_SHELL    /* before the first byte of an interactive shell */
};

/* Who gets in, and how a login ends that does not. */
enum practice_login {
	LOGIN_TRAINEE, /* the trainee, by a key */
	LOGIN_NOBODY,  /* no key is known */
	LOGIN_DENIED,  /* the key is known, and its signature refused */
	LOGIN_CLOSED,  /* the key is known, and the connection closed when it has signed */
	LOGIN_PARTIAL, /* the key is one of two factors */
	LOGIN_CUT      /* the connection is closed in the place of the methods */
};

/* What becomes of an interactive shell. */
enum practice_end { SHELL_STAYS, SHELL_ENDS, SHELL_SILENT, SHELL_KILLED };

/* What stands at the socket of the agent. */
enum practice_agent {
	AGENT_NONE,    /* there is none, and nobody names one */
	AGENT_STALE,   /* a socket that its agent left behind */
	AGENT_HANGS,   /* it takes the connection and never answers */
	AGENT_REFUSES, /* it holds the trainee's key and does not sign */
	AGENT_HOLDS,   /* ssh-agent: it holds the trainee's key */
	AGENT_LOCKED,  /* ssh-agent: the same, and it is locked */
	AGENT_CROWDED /* ssh-agent: it holds keys that nobody knows, and the trainee's behind them */
};

struct practice_play {
	/* a server that does not speak SSH, or not to the end */
	const char *greeting; /* said at once; NULL: nothing */
	const char *answer;   /* said when the client has said a line; NULL: nothing */
	bool hangs_up;        /* it closes when it has said that */
	const char *drip;     /* a line that it says again and again; NULL: none */
	/* ciphers: an offer of algorithms follows its greeting, with this one */

	/* a server that speaks SSH */
	const char *ciphers, *macs, *kex; /* all that it offers; NULL: what libssh has */
	enum practice_login login;
	unsigned methods; /* SSH_AUTH_METHOD_*; 0: keys only */
	int tries;        /* refused requests that it takes before it ends the login; 0: many */
	const char *text; /* sent with the answer to a signature; NULL: none */
	enum practice_pause pause;
	unsigned pause_ms;
	unsigned refuses;     /* bit set of 1 << SSH_CHANNEL_REQUEST_* */
	unsigned drops;       /* the same: the connection is closed in the place of an answer */
	unsigned closes;      /* the same: the channel is closed in the place of an answer */
	bool refuses_session; /* no channel is opened */
	const char *forced;   /* what a forced command prints in the place of what is asked for */
	int forced_status;
	enum practice_end shell;
	const char *shell_text; /* what the shell prints first; NULL: a welcome and a prompt */

	enum practice_agent agent;
};

#endif

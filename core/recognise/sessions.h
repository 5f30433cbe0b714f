/*
 * The logins of a log: its lines joined by process or by port, in a table of bounded size, and
 * of all of them those that matter said at the end. Called by the readers of logs. Pure.
 *
 *   line --sessions_add()--> session of its process --full, or another begins--> kept, if it is of
 *   the wanted user, of a port of ours, or late --sessions_end()--> statements
 *
 * A statement that does not name a port itself has its session's, where all of the session's lines
 * are surely of one login; else none, so that it proves nothing.
 */
#ifndef SSHMEDIC_SESSIONS_H
#define SSHMEDIC_SESSIONS_H

#include "reader.h"

enum {
	SESSIONS_OPEN = 256,  /* logins that go on side by side */
	SESSION_SAYS = 8,     /* statements of one; of one kind the first */
	SESSIONS_USER = 4,    /* latest ones that are kept: of the wanted user */
	SESSIONS_NAMELESS = 2 /* that ended before a user was named */
};

/* What a line does to its session. */
enum {
	LINE_BEGINS = 1, /* "Connection from": a new login, whatever the process was before */
	LINE_ENDS = 2,
	LINE_ACCEPTED = 4,
	LINE_REFUSED = 8,  /* it was refused, and a reason may be on another line */
	LINE_ALONE = 16,   /* a session of its own: no other line is about this login */
	LINE_LATEST = 32,  /* of the latest login of that user, by another program's word */
	LINE_MISSING = 64, /* not a reason beside another one: only where nothing else is said */
	LINE_CHILD = 128,  /* of a session, which another process than the login's may log */
	LINE_FORKS = 256,  /* names that process (child) */
	LINE_NOTE = 512,   /* goes before nothing else that has no user */
	LINE_TAKEN =
	    1 << 16 /* the key would do, and is yet to sign: who leaves then was not refused */
};

struct login_line {
	uint64_t process; /* which process, on which host; 0: the text does not say */
	uint64_t child;   /* with LINE_FORKS */
	int64_t time;
	uint64_t number;                /* of the text's line */
	const char *user, *addr;        /* "" where the line does not say */
	int64_t port;                   /* 0 where it does not say */
	unsigned flags;                 /* LINE_... */
	enum told what;                 /* TOLD_NONE: it only tells of the session */
	const char *text, *path, *mode; /* of the statement; may be NULL */
	int64_t line;
};

struct login_says {
	uint8_t what;
	bool own;   /* the line named the port itself */
	bool child; /* a process that is taken for the login's child said it */
	bool missing;
	uint64_t number;
	int64_t line;
	char text[160], path[128], mode[12];
};

struct session {
	uint64_t process, first, last; /* last: number of its last line */
	int64_t time, port;
	char user[64], addr[64];
	bool begun; /* its first line was "Connection from" */
	bool mixed; /* lines of another login may stand among its own */
	bool ended, accepted, refused, taken, note;
	bool child_sure; /* the child is surely this login's: the log or the port says so */
	uint8_t nsays;
	struct login_says says[SESSION_SAYS];
	char refusal[160]; /* the line that says that it was refused */
};

struct sessions {
	uint64_t process[SESSIONS_OPEN]; /* of each */
	uint64_t child[SESSIONS_OPEN];   /* the process that serves the session, 0 for none */
	uint64_t used[SESSIONS_OPEN];    /* number of its last line, 0: free */
	int raw; /* index + 1 of the session of lines that name no process */
	struct session open[SESSIONS_OPEN];
	struct session ours[RECOGNISE_PORTS], user[SESSIONS_USER], nameless[SESSIONS_NAMELESS];
};

void sessions_add(struct sessions *s, const struct recogniser *r, const struct login_line *l);
/* The log is over: say what matters, and forget all. */
void sessions_end(struct sessions *s, struct recogniser *r);

#endif

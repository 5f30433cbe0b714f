/*
 * What a text from elsewhere can say of the server: names made from told.def.
 * Called by the readers of core/recognise/ (which say it), by learn_server.c and derive_server.c
 * (which judge and use it). Pure.
 */
#ifndef SSHMEDIC_TOLD_H
#define SSHMEDIC_TOLD_H

#include <stddef.h>

#include "fact.h"

enum told {
	TOLD_NONE,
#define TOLD(id, name, scope, fact, text, path, line, help) TOLD_##id,
#include "told.def"
#undef TOLD
	TOLD__COUNT
};

/* To what a statement must be tied before it may prove anything. */
enum told_scope {
	SCOPE_SERVER, /* the server: a collector's whole and recent run on this host */
	SCOPE_USER,   /* ... for this account */
	SCOPE_ADDR,   /* ... and for this client's address, which was not assumed */
	SCOPE_LOGIN   /* this login: its source port and time, or a line among such a run's */
};

struct told_info {
	const char *name, *help;
	enum told_scope scope;
	enum fact fact;                      /* F_NONE: derive_server.c reads it itself */
	int text_slot, path_slot, line_slot; /* enum slot, -1 for none */
};

/* The row of t; of TOLD_NONE an empty one. */
const struct told_info *told_info(enum told t);
/* TOLD_NONE where no row has that name. name is len bytes. */
enum told told_by_name(const char *name, size_t len);

#endif

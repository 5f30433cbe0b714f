/*
 * The name to go out by: what BindAddress stands for where it is no address. Looked up on
 * the thread pool by the resolve probe, before any connection; used by sock.c.
 */
#ifndef SSHMEDIC_BINDNAME_H
#define SSHMEDIC_BINDNAME_H

#include <netdb.h>

#include "run.h"

/* What the pool's job reads and writes. */
struct bindname_job {
	char name[NI_MAXHOST];
	struct run_bind found;
};

/* Whether the word must be looked up: it is neither empty nor an address. */
bool bindname_needed(const char *word);
/* Look data's name up, in both families, as ssh does for each address that it tries. Blocks. */
void bindname_look(void *data);

#endif

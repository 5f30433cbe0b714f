/*
 * A forwarding as `ssh -G` prints it: "8080 [db]:5432", "[127.0.0.1]:8080 [db]:5432",
 * "1080", "/tmp/a.sock [db]:5432" (dump_cfg_forwards of readconf.c). Called by the listen probe. Pure.
 */
#ifndef SSHMEDIC_FORWARDING_H
#define SSHMEDIC_FORWARDING_H

#include <stdbool.h>

/* Where it listens. */
struct forwarding {
	char host[256]; /* "" where none is named; "*" for all addresses */
	char path[256]; /* of a socket; "" for a port */
	int port;       /* 1 to 65535; 0 with a path */
};

/* False where the words are no forwarding, or do not fit. */
bool forwarding_parse(const char *words, struct forwarding *f);

#endif

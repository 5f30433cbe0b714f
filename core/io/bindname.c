/* What a name in BindAddress stands for; see bindname.h. */
#include "bindname.h"

#include <netdb.h>
#include <string.h>

bool
bindname_needed(const char *word)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
	struct addrinfo *ai = NULL;

	if (word[0] == '\0' || getaddrinfo(word, NULL, &hints, &ai) == 0) {
		if (ai != NULL)
			freeaddrinfo(ai);
		return false;
	}
	return true;
}

static void
take(struct run_bind *b, const struct addrinfo *list)
{
	for (const struct addrinfo *ai = list; ai != NULL && b->n < RUN_BINDS; ai = ai->ai_next)
		if (ai->ai_addrlen <= sizeof b->sa[0])
			memcpy(&b->sa[b->n++], ai->ai_addr, ai->ai_addrlen);
}

static enum bind_state
look(struct run_bind *b, const char *name, int family)
{
	struct addrinfo hints = {
		.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE
	};
	struct addrinfo *list = NULL;
	int rc = getaddrinfo(name, NULL, &hints, &list);

	if (rc != 0)
		return rc == EAI_NONAME || rc == EAI_NODATA ? BIND_NONE : BIND_FAILED;
	take(b, list);
	freeaddrinfo(list);
	return BIND_FOUND;
}

void
bindname_look(void *data)
{
	struct bindname_job *j = data;

	j->found.v4 = look(&j->found, j->name, AF_INET);
	j->found.v6 = look(&j->found, j->name, AF_INET6);
}

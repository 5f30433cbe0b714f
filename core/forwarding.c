/* Forwardings of the client's configuration; see forwarding.h. */
#include "forwarding.h"

#include <string.h>

enum { PORT_MAX = 65535 };

static bool
copy(char *dst, size_t cap, const char *s, size_t len)
{
	if (len == 0 || len >= cap)
		return false;
	memcpy(dst, s, len);
	dst[len] = '\0';
	return true;
}

/* The whole of s[len] is a port. */
static int
read_port(const char *s, size_t len)
{
	int port = 0;

	if (len == 0 || len > 5)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		port = port * 10 + (s[i] - '0');
	}
	return port <= PORT_MAX ? port : 0;
}

bool
forwarding_parse(const char *words, struct forwarding *f)
{
	size_t len = strcspn(words, " "), host;

	memset(f, 0, sizeof *f);
	if (words[0] == '/')
		return copy(f->path, sizeof f->path, words, len);
	if (words[0] == '[') {
		host = strcspn(words + 1, "]");
		if (host + 3 >= len || words[host + 2] != ':' ||
		    !copy(f->host, sizeof f->host, words + 1, host))
			return false;
		words += host + 3;
		len -= host + 3;
	}
	f->port = read_port(words, len);
	return f->port > 0;
}

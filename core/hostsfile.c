/* Lines of /etc/hosts; see hostsfile.h. */
#include "hostsfile.h"

#include <string.h>
#include <strings.h>

/* A line under way. */
struct words {
	const char *s, *end;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next word; its length, 0 at the end. What follows a "#" is a remark. */
static size_t
next_word(struct words *w, const char **word)
{
	while (w->s < w->end && is_blank(*w->s))
		w->s++;
	*word = w->s;
	while (w->s < w->end && !is_blank(*w->s) && *w->s != '#')
		w->s++;
	if (w->s < w->end && *w->s == '#')
		w->end = w->s;
	return (size_t)(w->s - *word);
}

bool
hostsfile_line(const char *line, size_t len, const char *name, char *addr, size_t cap)
{
	struct words w = { line, line + len };
	const char *first, *word;
	size_t first_len = next_word(&w, &first), n;

	if (first_len == 0 || first_len >= cap || memchr(first, '\0', first_len) != NULL)
		return false;
	while ((n = next_word(&w, &word)) > 0)
		if (n == strlen(name) && strncasecmp(word, name, n) == 0) {
			memcpy(addr, first, first_len);
			addr[first_len] = '\0';
			return true;
		}
	return false;
}

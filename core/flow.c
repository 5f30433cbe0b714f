/* Breaks words into lines of a page. See flow.h. */
#include "flow.h"

#include <string.h>

enum { WIDTH_MIN = 20 };

/* How many columns the first len bytes of s take; a character counts as one. */
static int
columns(const char *s, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

/* How many bytes of s fit room columns, up to a blank, or a comma inside a long list. At least one character. */
static size_t
line_break(const char *s, int room)
{
	size_t fits = 0, last = 0, comma = 0;
	int used = 0;

	for (; s[fits] != '\0'; fits++) {
		if (((unsigned char)s[fits] & 0xc0) != 0x80 && used++ == room)
			break;
		if (s[fits] == ' ')
			last = fits;
		else if (s[fits] == ',')
			comma = fits + 1;
	}
	if (s[fits] == '\0' || s[fits] == ' ')
		return fits;
	return last > 0 ? last : comma > 0 ? comma : fits > 0 ? fits : 1;
}

void
flow_text(FILE *out, int width, const char *head, const char *text)
{
	int indent = columns(head, strlen(head));
	int room = width - indent < WIDTH_MIN ? WIDTH_MIN : width - indent;

	fputs(head, out);
	do {
		size_t n = line_break(text, room);

		fprintf(out, "%.*s\n", (int)n, text);
		text += n;
		text += strspn(text, " ");
		if (*text != '\0')
			fprintf(out, "%*s", indent, "");
	} while (*text != '\0');
}

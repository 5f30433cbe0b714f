/*
 * Column widths, from wcwidth(3) and a short list of what is never shown.
 * Called by all drawing code of the screen.
 */
#include "width.h"

#include <string.h>
#include <wchar.h>

#include "../core/text.h"

static const struct {
	uint32_t from, to;
} unseen[] = {
	{ 0x00, 0x1f },     /* C0 */
	{ 0x7f, 0x9f },     /* DEL, C1 */
	{ 0xad, 0xad },     /* soft hyphen: terminals disagree on its width */
	{ 0x61c, 0x61c },   /* Arabic letter mark */
	{ 0x200b, 0x200f }, /* zero width, direction marks */
	{ 0x2028, 0x202e }, /* line separators, bidirectional embedding */
	{ 0x2060, 0x206f }, /* invisible operators, bidirectional isolates */
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff }, /* tags */
};

int
width_char(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
		if (cp >= unseen[i].from && cp <= unseen[i].to)
			return -1;
	return wcwidth((wchar_t)cp);
}

size_t
width_next(const char *s, size_t len, uint32_t *cp, int *cols)
{
	size_t n = text_utf8(s, len, cp);

	if (n == 0 || (*cols = width_char(*cp)) < 0) {
		*cp = '?';
		*cols = 1;
	}
	return n == 0 ? 1 : n;
}

int
width_text(const char *s)
{
	size_t len = strlen(s);
	int total;

	width_fit(s, len, 1 << 30, &total);
	return total;
}

size_t
width_fit(const char *s, size_t len, int cols, int *used)
{
	size_t i = 0;

	*used = 0;
	while (i < len) {
		uint32_t cp;
		int w;
		size_t n = width_next(s + i, len - i, &cp, &w);

		if (*used + w > cols)
			break;
		*used += w;
		i += n;
	}
	return i;
}

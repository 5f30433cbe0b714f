/*
 * What a colour is: names, numbers and #rrggbb, and the nearest that fewer
 * colours have. Called by theme.c, theme_check.c and screen_term.c.
 */
#include "theme.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int32_t rgb; /* as xterm has them */
} basic[COLOUR_NAMES] = {
	{ "black", 0x000000 },
	{ "red", 0xcd0000 },
	{ "green", 0x00cd00 },
	{ "yellow", 0xcdcd00 },
	{ "blue", 0x0000ee },
	{ "magenta", 0xcd00cd },
	{ "cyan", 0x00cdcd },
	{ "white", 0xe5e5e5 },
	{ "brightblack", 0x7f7f7f },
	{ "brightred", 0xff0000 },
	{ "brightgreen", 0x00ff00 },
	{ "brightyellow", 0xffff00 },
	{ "brightblue", 0x5c5cff },
	{ "brightmagenta", 0xff00ff },
	{ "brightcyan", 0x00ffff },
	{ "brightwhite", 0xffffff },
};

const char *
depth_name(enum colour_depth d)
{
	static const char *const name[DEPTH__COUNT] = {
		[DEPTH_MONO] = "mono",
		[DEPTH_16] = "16",
		[DEPTH_256] = "256",
		[DEPTH_TRUE] = "true",
	};

	return (unsigned)d < DEPTH__COUNT ? name[d] : "";
}

static int
square(int n)
{
	return n * n;
}

static int
distance(int32_t a, int32_t b)
{
	return square((a >> 16) - (b >> 16)) + square((a >> 8 & 255) - (b >> 8 & 255)) +
	       square((a & 255) - (b & 255));
}

/* Number n of 256: sixteen names, a cube of 6x6x6, and greys. */
static int32_t
rgb_of_256(int n)
{
	static const int level[] = { 0, 95, 135, 175, 215, 255 };

	if (n < COLOUR_NAMES)
		return basic[n].rgb;
	if (n >= 232)
		return (8 + 10 * (n - 232)) * 0x010101;
	n -= COLOUR_NAMES;
	return level[n / 36] << 16 | level[n / 6 % 6] << 8 | level[n % 6];
}

static int16_t
nearest(int32_t rgb, int from, int to)
{
	int best = INT_MAX, at = from;

	for (int i = from; i < to; i++)
		if (distance(rgb_of_256(i), rgb) < best) {
			best = distance(rgb_of_256(i), rgb);
			at = i;
		}
	return (int16_t)at;
}

static struct colour
of_rgb(int32_t rgb)
{
	return (
	    struct colour){ rgb, nearest(rgb, COLOUR_NAMES, 256), nearest(rgb, 0, COLOUR_NAMES) };
}

static struct colour
of_name(int n)
{
	return (struct colour){ COLOUR_NAMED - n, (int16_t)n, (int16_t)n };
}

bool
colour_parse(const char *word, struct colour *c)
{
	char *end;
	long n;

	if (strcmp(word, "default") == 0) {
		*c = (struct colour){ COLOUR_DEFAULT, -1, -1 };
		return true;
	}
	for (int i = 0; i < COLOUR_NAMES; i++)
		if (strcmp(basic[i].name, word) == 0) {
			*c = of_name(i);
			return true;
		}
	if (word[0] == '#' && strlen(word) == 7 &&
	    strspn(word + 1, "0123456789abcdefABCDEF") == 6) {
		*c = of_rgb((int32_t)strtol(word + 1, NULL, 16));
		return true;
	}
	n = strtol(word, &end, 10);
	if (!isdigit((unsigned char)word[0]) || *end != '\0' || n > 255)
		return false;
	*c = n < COLOUR_NAMES ? of_name((int)n) : of_rgb(rgb_of_256((int)n));
	if (n >= COLOUR_NAMES)
		c->c256 = (int16_t)n;
	return true;
}

int32_t
colour_rgb(const struct colour *c, enum colour_depth d, bool *known)
{
	int32_t rgb = c->rgb <= COLOUR_NAMED ? basic[COLOUR_NAMED - c->rgb].rgb : c->rgb;
	bool named = c->rgb <= COLOUR_NAMED;

	if (d < DEPTH_TRUE) {
		int n = d == DEPTH_256 ? c->c256 : c->c16;

		rgb = n < 0 ? -1 : rgb_of_256(n);
		named = n < COLOUR_NAMES;
	}
	if (known != NULL)
		*known = rgb >= 0 && !named;
	return rgb;
}

/* A field of one line to type in. Called by app.c, frame.c and the dialogs. */
#include "field.h"

#include <string.h>
#include <strings.h>

#include "../core/text.h"
#include "action.h"
#include "width.h"

void
field_set(struct field *f, const char *text)
{
	text_clean(f->text, sizeof f->text, text, strlen(text));
	f->at = strlen(f->text);
}

/* Where the character before, or after, the one at i begins. */
static size_t
before(const struct field *f, size_t i)
{
	while (i > 0 && ((unsigned char)f->text[--i] & 0xc0) == 0x80)
		;
	return i;
}

static size_t
after(const struct field *f, size_t i)
{
	if (f->text[i] != '\0')
		i++;
	while (((unsigned char)f->text[i] & 0xc0) == 0x80)
		i++;
	return i;
}

/* Take out what lies between two places; the cursor goes to the first. */
static bool
take_out(struct field *f, size_t from, size_t to)
{
	memmove(f->text + from, f->text + to, strlen(f->text + to) + 1);
	f->at = from;
	return from != to;
}

static size_t
word_before(const struct field *f)
{
	size_t i = f->at;

	while (i > 0 && f->text[i - 1] == ' ')
		i--;
	while (i > 0 && f->text[i - 1] != ' ')
		i--;
	return i;
}

bool
field_insert(struct field *f, const char *bytes, size_t len)
{
	char flat[FIELD_LEN], clean[FIELD_LEN];
	size_t n = 0, room = sizeof f->text - 1 - strlen(f->text), used;

	for (size_t i = 0; i < len && n < sizeof flat; i++)
		flat[n++] =
		    bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t' ? ' ' : bytes[i];
	used = text_clean(clean, room + 1, flat, n);
	memmove(f->text + f->at + used, f->text + f->at, strlen(f->text + f->at) + 1);
	memcpy(f->text + f->at, clean, used);
	f->at += used;
	return used > 0;
}

/* A code point as UTF-8; returns its length. */
static size_t
encode(uint32_t cp, char *s)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	for (size_t i = len; i-- > 1; cp >>= 6)
		s[i] = (char)(0x80 | (cp & 0x3f));
	s[0] = (char)((len > 1 ? lead[len] : 0) | cp);
	return len;
}

bool
field_key(struct field *f, uint32_t key)
{
	char utf8[4];

	switch (key) {
	case KEYCODE_LEFT: f->at = before(f, f->at); return false;
	case KEYCODE_RIGHT: f->at = after(f, f->at); return false;
	case 'A' & 0x1f: f->at = 0; return false;
	case 'E' & 0x1f: f->at = strlen(f->text); return false;
	case 'K' & 0x1f: return take_out(f, f->at, strlen(f->text));
	case 'W' & 0x1f: return take_out(f, word_before(f), f->at);
	case KEYCODE_DELETE: return take_out(f, f->at, after(f, f->at));
	case KEYCODE_BACKSPACE:
	case 0x7f:
	case 'H' & 0x1f: return take_out(f, before(f, f->at), f->at);
	default: break;
	}
	if (key < ' ' || key >= KEYCODE_BASE)
		return false;
	return field_insert(f, utf8, encode(key, utf8));
}

void
field_draw(const struct field *f, struct area a, int x, int y, enum role r)
{
	int room = a.w - x - 1, skip = 0, before_cursor;
	char left[FIELD_LEN];

	memcpy(left, f->text, f->at);
	left[f->at] = '\0';
	before_cursor = width_text(left);
	if (room < 1 || y >= a.h)
		return;
	if (before_cursor > room)
		skip = before_cursor - room;
	area_text(area_sub(a, x, y, room + 1, 1), -skip, 0, r, f->text);
	a.g->cx = a.x + x + before_cursor - skip;
	a.g->cy = a.y + y;
	a.g->typing = true;
}

static bool
has_word(const char *text, const char *word, size_t len)
{
	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, len) == 0)
			return true;
	return false;
}

bool
field_matches(const struct field *f, const char *text)
{
	const char *w = f->text;

	for (;;) {
		size_t len;

		w += strspn(w, " ");
		if ((len = strcspn(w, " ")) == 0)
			return true;
		if (!has_word(text, w, len))
			return false;
		w += len;
	}
}

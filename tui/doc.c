/* Paragraphs, drawn row by row. See doc.h. */
#include "doc.h"

#include <string.h>

#include "width.h"

void
doc_begin(struct doc *d, struct area a, int skip)
{
	*d = (struct doc){ .a = a, .skip = skip };
}

static void
row(struct doc *d, int x, enum role r, const char *s, size_t len)
{
	area_mem(d->a, x, d->row - d->skip, r, s, len);
}

/* Bytes of s for one row of cols columns: up to a blank, or to a comma inside a long list. */
static size_t
wrap(const char *s, int cols)
{
	size_t len = strlen(s), n, cut;
	int used;

	n = width_fit(s, len, cols < 1 ? 1 : cols, &used);
	if (n == len)
		return n;
	for (cut = n; cut > 0 && s[cut] != ' '; cut--)
		;
	if (cut > 0)
		return cut;
	for (cut = n; cut > 0 && s[cut - 1] != ','; cut--)
		;
	if (cut > 0)
		return cut;
	return n > 0 ? n : 1; /* a word longer than the row, or a wide character in one column */
}

void
doc_para(struct doc *d, int indent, enum role label_role, const char *label, enum role r,
    const char *text)
{
	if (indent > d->a.w / 2)
		indent = d->a.w / 2;
	row(d, 0, label_role, label, strlen(label));
	if (label[0] != '\0' && width_text(label) >= indent)
		d->row++;
	do {
		size_t n = wrap(text, d->a.w - indent);

		row(d, indent, r, text, n);
		d->row++;
		for (text += n; *text == ' '; text++)
			;
	} while (*text != '\0');
}

void
doc_row(struct doc *d, int indent, enum role label_role, const char *label, enum role r,
    const char *text, const char *more)
{
	if (indent > d->a.w / 2)
		indent = d->a.w / 2;
	row(d, 0, label_role, label, strlen(label));
	area_cut(d->a, indent, d->row - d->skip, d->a.w - indent, r, text, more);
	d->row++;
}

void
doc_exact(struct doc *d, int indent, enum role r, const char *text)
{
	size_t len = strlen(text), n;
	int used, cols;

	if (indent > d->a.w / 2)
		indent = 0;
	cols = d->a.w - indent < 1 ? 1 : d->a.w - indent;
	do {
		if ((n = width_fit(text, len, cols, &used)) == 0 && len > 0)
			n = len; /* a wide character in one column: nothing sensible can be drawn */
		if (n <
		    len) { /* after a blank, which stays at the row's end; a longer word is cut */
			size_t cut = n;

			while (cut > 0 && text[cut - 1] != ' ')
				cut--;
			if (cut > 0)
				n = cut;
		}
		row(d, indent, r, text, n);
		d->row++;
		text += n;
		len -= n;
	} while (len > 0);
}

void
doc_gap(struct doc *d)
{
	d->row++;
}

/*
 * The characters that the screen draws with: one set in UTF-8, one in ASCII.
 * Called by the panels; which set is taken depends on the locale alone.
 */
#ifndef SSHMEDIC_TUI_GLYPH_H
#define SSHMEDIC_TUI_GLYPH_H

#include <stdbool.h>

#include "../core/diag.h"
#include "theme.h"

struct glyphs {
	bool ascii;
	const char *mark[LS__COUNT];           /* state of a layer */
	const char *h, *v, *tl, *tr, *bl, *br; /* box */
	const char *full, *empty, *tick;       /* bars */
	const char *more;                      /* something was cut */
	const char *cursor;                    /* beside the selected row */
	const char *cites;                     /* a line that the selected finding rests on */
	const char *info;                      /* a finding that is only a remark */
	const char *rule;                      /* a ruled line between views */
};

/* UTF-8 where allowed and where every mark takes one column; else ASCII. */
const struct glyphs *glyphs_get(bool utf8);
enum role role_of_state(enum layer_state s);
/* Mark and role of a finding's severity. */
const char *glyph_severity(const struct glyphs *g, enum severity s);
enum role role_of_severity(enum severity s);

#endif

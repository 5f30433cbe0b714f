/*
 * What a theme is worth to the eye: contrast of each role, how far the states
 * are apart for eyes of four kinds, and whether they differ without colour.
 * Called for --check-theme, by the picker and by tests. Pure.
 */
#ifndef SSHMEDIC_TUI_THEME_CHECK_H
#define SSHMEDIC_TUI_THEME_CHECK_H

#include "theme.h"

enum vision { VISION_NORMAL, VISION_PROTAN, VISION_DEUTAN, VISION_TRITAN, VISION__COUNT };

/* Two states, the closest of all for an eye: distance in CIE Lab (CIE76), -1 where no two have colours to compare. */
struct check_pair {
	enum role a, b;
	double distance;
	bool known; /* else a terminal's own colours are taken as xterm has them */
};

struct check_depth {
	/* WCAG 2.1 contrast ratio of a role on its background, 1 to 21; -1 where the background or the colour is the terminal's default. */
	double contrast[ROLE__COUNT];
	bool known[ROLE__COUNT];
	struct check_pair closest[VISION__COUNT];
};

enum { CHECK_NOTES = 64, CHECK_NOTE_LEN = 160 };

struct theme_check {
	struct check_depth depth[DEPTH__COUNT]; /* that of DEPTH_MONO is not used */
	int mono_pairs,
	    mono_attrs; /* pairs of states without colour; those that differ by attributes, not by marks alone */
	struct {
		bool error;
		char text[CHECK_NOTE_LEN];
	} note[CHECK_NOTES];
	int nnotes, errors, warnings; /* notes beyond CHECK_NOTES are counted all the same */
};

/* cvd: held to what a theme for colour-blind eyes needs. */
void theme_check(struct theme_check *c, const struct theme *t, bool cvd);
/* Whether a theme's name or path says that it is for colour-blind eyes: cvd-... */
bool theme_is_cvd(const char *name);
/* The figures and the notes, as --check-theme prints them. */
void theme_check_print(const struct theme_check *c, FILE *out);
const char *vision_name(enum vision v);
/*
 * Load the theme of that name or path, and print faults of its files ("file:line:
 * sentence"), figures and notes. Returns 0 where all is well or there are
 * warnings only, 1 with errors, 2 after a sentence on stderr where there is no such file.
 */
int theme_check_run(const char *name, FILE *out);

/* WCAG 2.1 contrast ratio of two colours, 0xRRGGBB. */
double contrast_ratio(int32_t a, int32_t b);
/* Distance of two colours in CIE Lab (CIE76) for an eye: Machado, Oliveira and Fernandes 2009, severity 1.0. */
double colour_distance(int32_t a, int32_t b, enum vision v);

#endif

/*
 * The figures of a theme and what they have to be. Only what is known counts
 * as an error: the sixteen named colours are the terminal's own, so figures of
 * them (as xterm has them) give warnings at most. Called for --check-theme and
 * by the picker.
 */
#include "theme_check.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "glyph.h"

enum { TEXT_MIN10 = 45, BAR_MIN10 = 30, CVD_MIN = 20, PAIR_MIN = 10 };

static const struct {
	const char *name, *eyes;
	double m[3][3]; /* of linear RGB */
} visions[VISION__COUNT] = {
	[VISION_NORMAL] = { "normal", "eyes without a deficiency",
	    { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } },
	[VISION_PROTAN] = { "protan", "protan eyes",
	    { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
		{ -0.003882, -0.048116, 1.051998 } } },
	[VISION_DEUTAN] = { "deutan", "deutan eyes",
	    { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
		{ -0.011820, 0.042940, 0.968881 } } },
	[VISION_TRITAN] = { "tritan", "tritan eyes",
	    { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 },
		{ 0.004733, 0.691367, 0.303900 } } },
};

/* The states that colours tell apart; waiting and skipped ones are meant to look alike. */
static const enum role states[] = { ROLE_PASS, ROLE_WARN, ROLE_FAIL, ROLE_RUN, ROLE_UNKNOWN };
enum { STATES = sizeof states / sizeof states[0] };

/* What a role's contrast has to be at least, times ten: that of text unless it says otherwise. 1: nothing. */
static const int need10[ROLE__COUNT] = {
	[ROLE_BORDER] = 1,      /* lines that mean nothing */
	[ROLE_BAR] = BAR_MIN10, /* graphics (WCAG 2.1, 1.4.11) */
};

const char *
vision_name(enum vision v)
{
	return (unsigned)v < VISION__COUNT ? visions[v].name : "";
}

/* ---- colours ---- */

static void
linear(int32_t rgb, double out[3])
{
	for (int i = 0; i < 3; i++) {
		double c = (rgb >> (16 - 8 * i) & 255) / 255.0;

		out[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
	}
}

double
contrast_ratio(int32_t a, int32_t b)
{
	double c[3], l[2];
	int32_t rgb[2] = { a, b };

	for (int i = 0; i < 2; i++) {
		linear(rgb[i], c);
		l[i] = 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05;
	}
	return l[0] > l[1] ? l[0] / l[1] : l[1] / l[0];
}

static double
lab_f(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIE Lab (D65) of what an eye sees of a colour. */
static void
lab(int32_t rgb, enum vision v, double out[3])
{
	double in[3], c[3], x, y, z;

	linear(rgb, in);
	for (int i = 0; i < 3; i++) {
		c[i] = visions[v].m[i][0] * in[0] + visions[v].m[i][1] * in[1] +
		       visions[v].m[i][2] * in[2];
		c[i] = c[i] < 0 ? 0 : c[i] > 1 ? 1 : c[i];
	}
	x = lab_f((0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047);
	y = lab_f(0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2]);
	z = lab_f((0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883);
	out[0] = 116 * y - 16;
	out[1] = 500 * (x - y);
	out[2] = 200 * (y - z);
}

double
colour_distance(int32_t a, int32_t b, enum vision v)
{
	double p[3], q[3];

	lab(a, v, p);
	lab(b, v, q);
	return sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
		    (p[2] - q[2]) * (p[2] - q[2]));
}

/* What a role shows at a depth: 0xRRGGBB each, -1 where that is the terminal's default. */
struct shown {
	int32_t fg, bg;
	bool known;
};

static struct shown
shown(const struct theme *t, enum role r, enum colour_depth d)
{
	const struct look *l = &t->look[r];
	bool fg_known, bg_known;
	struct shown s = { colour_rgb(&l->fg, d, &fg_known), colour_rgb(&l->bg, d, &bg_known),
		false };

	s.known = fg_known && bg_known;
	if (l->attrs & LOOK_REVERSE)
		s = (struct shown){ s.bg, s.fg, s.known };
	if ((l->attrs & LOOK_DIM) && s.fg >= 0) {
		/* Terminals differ in how much that takes: none takes more than half. */
		int32_t half = 0;

		for (int i = 0; i < 24 && s.bg >= 0; i += 8)
			half |= ((s.fg >> i & 255) + (s.bg >> i & 255)) / 2 << i;
		s.fg = s.bg >= 0 ? half : -1;
	}
	return s;
}

/* The colour that a state is known by: its background, where that is not the one of text. */
static int32_t
state_colour(const struct theme *t, enum role r, enum colour_depth d, bool *known)
{
	struct shown s = shown(t, r, d);
	bool block = s.bg >= 0 && s.bg != shown(t, ROLE_TEXT, d).bg;
	const struct look *l = &t->look[r];
	bool reverse = (l->attrs & LOOK_REVERSE) != 0;

	colour_rgb(block != reverse ? &l->bg : &l->fg, d, known);
	return block ? s.bg : s.fg;
}

/* ---- the checks ---- */

static void note(struct theme_check *c, bool error, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
note(struct theme_check *c, bool error, const char *fmt, ...)
{
	va_list ap;

	*(error ? &c->errors : &c->warnings) += 1;
	if (c->nnotes == CHECK_NOTES)
		return;
	c->note[c->nnotes].error = error;
	va_start(ap, fmt);
	vsnprintf(c->note[c->nnotes].text, CHECK_NOTE_LEN, fmt, ap);
	va_end(ap);
	c->nnotes++;
}

static void
check_contrast(struct theme_check *c, const struct theme *t, enum colour_depth d)
{
	struct check_depth *cd = &c->depth[d];

	for (int r = 0; r < ROLE__COUNT; r++) {
		struct shown s = shown(t, (enum role)r, d);
		int least = need10[r] != 0 ? need10[r] : TEXT_MIN10;

		cd->contrast[r] = s.fg < 0 || s.bg < 0 ? -1 : contrast_ratio(s.fg, s.bg);
		cd->known[r] = s.known;
		if (cd->contrast[r] >= 0 && cd->contrast[r] * 10 < least)
			note(c, s.known && least == TEXT_MIN10,
			    "%s: %s has a contrast of %.2f, below %.1f", depth_name(d),
			    role_name((enum role)r), cd->contrast[r], least / 10.0);
	}
}

/* Of a terminal with 8 colours the bright ones are asked for by bold, which not every one shows as bright. */
static void
check_eight(struct theme_check *c, const struct theme *t)
{
	for (int r = 0; r < ROLE__COUNT; r++) {
		int fg = t->look[r].fg.c16, bg = t->look[r].bg.c16;

		if (need10[r] != 1 && fg >= 0 && bg >= 0 && fg != bg && (fg & 7) == (bg & 7))
			note(c, false, "8 colours: %s may have the colour of its background",
			    role_name((enum role)r));
	}
}

static struct check_pair
closest(const struct theme *t, enum colour_depth d, enum vision v)
{
	struct check_pair least = { ROLE_PASS, ROLE_PASS, -1, false };

	for (int i = 0; i < STATES; i++)
		for (int j = 0; j < i; j++) {
			bool known[2];
			int32_t a = state_colour(t, states[i], d, &known[0]),
				b = state_colour(t, states[j], d, &known[1]);
			double apart;

			if (a < 0 || b < 0)
				continue;
			apart = colour_distance(a, b, v);
			if (least.distance < 0 || apart < least.distance)
				least = (struct check_pair){ states[j], states[i], apart,
					known[0] && known[1] };
		}
	return least;
}

/* One note a depth at most: of the eyes that tell the states apart least. */
static void
check_states(struct theme_check *c, const struct theme *t, enum colour_depth d, bool cvd)
{
	struct check_depth *cd = &c->depth[d];
	int least = cvd ? CVD_MIN : PAIR_MIN, at = 0;
	const struct check_pair *p;

	for (int v = 0; v < VISION__COUNT; v++) {
		cd->closest[v] = closest(t, d, (enum vision)v);
		if (cd->closest[v].distance < cd->closest[at].distance)
			at = v;
	}
	p = &cd->closest[at];
	if (p->distance >= 0 && p->distance < least)
		note(c, cvd && p->known, "%s: %s and %s are %.1f apart for %s, below %d",
		    depth_name(d), role_name(p->a), role_name(p->b), p->distance, visions[at].eyes,
		    least);
}

/* The selected line must be seen at every depth. */
static void
check_select(struct theme_check *c, const struct theme *t, enum colour_depth d)
{
	const struct look *s = &t->look[ROLE_SELECT], *x = &t->look[ROLE_TEXT];
	struct shown a, b;

	if (d == DEPTH_MONO) {
		if (s->mono == x->mono)
			note(c, true, "mono: the selected line looks like any other");
		if (t->look[ROLE_FOCUS].mono == t->look[ROLE_BORDER].mono)
			note(c, false, "mono: the panel that has the keys looks like any other");
		return;
	}
	a = shown(t, ROLE_SELECT, d);
	b = shown(t, ROLE_TEXT, d);
	if (a.fg == b.fg && a.bg == b.bg && s->attrs == x->attrs)
		note(c, true, "%s: the selected line looks like any other", depth_name(d));
}

static bool
marks_differ(enum layer_state a, enum layer_state b)
{
	return strcmp(glyphs_get(true)->mark[a], glyphs_get(true)->mark[b]) != 0 &&
	       strcmp(glyphs_get(false)->mark[a], glyphs_get(false)->mark[b]) != 0;
}

static void
check_mono(struct theme_check *c, const struct theme *t)
{
	for (int a = 0; a < LS__COUNT; a++)
		for (int b = 0; b < a; b++) {
			enum role p = role_of_state((enum layer_state)a),
				  q = role_of_state((enum layer_state)b);
			bool attrs = t->look[p].mono != t->look[q].mono;

			c->mono_pairs++;
			c->mono_attrs += attrs;
			if (!attrs && !marks_differ((enum layer_state)a, (enum layer_state)b))
				note(c, true, "mono: %s and %s look alike", role_name(q),
				    role_name(p));
		}
}

void
theme_check(struct theme_check *c, const struct theme *t, bool cvd)
{
	memset(c, 0, sizeof *c);
	for (int d = DEPTH_TRUE; d > DEPTH_MONO; d--) {
		check_contrast(c, t, (enum colour_depth)d);
		check_states(c, t, (enum colour_depth)d, cvd);
		check_select(c, t, (enum colour_depth)d);
	}
	check_eight(c, t);
	check_mono(c, t);
	check_select(c, t, DEPTH_MONO);
}

bool
theme_is_cvd(const char *name)
{
	const char *slash = strrchr(name, '/');

	return strncmp(slash != NULL ? slash + 1 : name, "cvd-", 4) == 0;
}

/* ---- in words ---- */

static void
put_contrast(const struct theme_check *c, FILE *out)
{
	fprintf(out, "%-30s%10s%10s%10s\n", "contrast", "true", "256", "16");
	for (int r = 0; r < ROLE__COUNT; r++) {
		char need[16] = "", label[40];

		if (need10[r] != 1)
			snprintf(need, sizeof need, ">= %.1f",
			    (need10[r] != 0 ? need10[r] : TEXT_MIN10) / 10.0);
		snprintf(label, sizeof label, "  %-10s %s", role_name((enum role)r), need);
		fprintf(out, "%-30s", label);
		for (int d = DEPTH_TRUE; d > DEPTH_MONO; d--) {
			char cell[16] = "-";

			if (c->depth[d].contrast[r] >= 0)
				snprintf(cell, sizeof cell, "%s%.1f",
				    c->depth[d].known[r] ? "" : "~", c->depth[d].contrast[r]);
			fprintf(out, "%10s", cell);
		}
		putc('\n', out);
	}
}

static void
put_states(const struct theme_check *c, FILE *out)
{
	fprintf(out, "%-11s%23s%23s%23s\n", "closest", "true", "256", "16");
	for (int v = 0; v < VISION__COUNT; v++) {
		fprintf(out, "  %-9s", visions[v].name);
		for (int d = DEPTH_TRUE; d > DEPTH_MONO; d--) {
			const struct check_pair *p = &c->depth[d].closest[v];
			char cell[48] = "-";

			if (p->distance >= 0)
				snprintf(cell, sizeof cell, "%s %s %s%.0f", role_name(p->a),
				    role_name(p->b), p->known ? "" : "~", p->distance);
			fprintf(out, "%23s", cell);
		}
		putc('\n', out);
	}
}

void
theme_check_print(const struct theme_check *c, FILE *out)
{
	put_contrast(c, out);
	put_states(c, out);
	fprintf(out,
	    "mono: %d of %d pairs of states differ by attributes, the others by their marks\n"
	    "-: a colour of the terminal's own; ~: as xterm has it\n",
	    c->mono_attrs, c->mono_pairs);
	for (int i = 0; i < c->nnotes; i++)
		fprintf(out, "%s: %s\n", c->note[i].error ? "error" : "warning", c->note[i].text);
}

int
theme_check_run(const char *name, FILE *out)
{
	static struct theme_check c;
	struct theme t;
	char *said = NULL;
	size_t len = 0;
	FILE *complaints = open_memstream(&said, &len);
	int faults;

	if (complaints == NULL)
		return 2;
	faults = theme_load(&t, name, complaints);
	fclose(complaints);
	if (faults < 0) {
		fprintf(stderr, "sshmedic: %s", said);
		free(said);
		return 2;
	}
	theme_check(&c, &t, theme_is_cvd(name));
	fprintf(out, "%s, for %s background\n%s", t.name,
	    t.kind == KIND_ANY    ? "any"
	    : t.kind == KIND_DARK ? "a dark"
				  : "a light",
	    said);
	free(said);
	theme_check_print(&c, out);
	faults += c.errors;
	fprintf(out, "%d error%s, %d warning%s\n", faults, faults == 1 ? "" : "s", c.warnings,
	    c.warnings == 1 ? "" : "s");
	return faults > 0;
}

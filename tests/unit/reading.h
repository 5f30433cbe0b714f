/*
 * What the tests of readers of text share: a text is read, and what it became stands in
 * out, a line of evidence each, to be looked at. Included by one test's file alone.
 */
#ifndef SSHMEDIC_TEST_READING_H
#define SSHMEDIC_TEST_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/recognise/recognise.h"

static char out[256 * 1024];

/* For recognise_options.say: the line goes behind those that are there. */
static void
collect(void *arg, struct evidence *ev)
{
	static char line[EV_LINE_MAX];
	size_t len = ev_encode(ev, line, sizeof line), used = strlen(out);

	(void)arg;
	assert_true(used + len + 2 < sizeof out);
	memcpy(out + used, line, len);
	memcpy(out + used + len, "\n", 2);
}

/* Read a text as the options have it (say: collect), in pieces of so many bytes. */
static inline void
read_pieces(const struct recognise_options *opt, const char *text, size_t len, size_t piece)
{
	struct recogniser *r = recognise_new(opt);

	out[0] = '\0';
	assert_non_null(r);
	for (size_t i = 0; i < len; i += piece)
		recognise_feed(r, text + i, i + piece <= len ? piece : len - i);
	recognise_end(r, false);
	recognise_free(r);
}

/* Read a text whole. */
static inline void
read_with(const struct recognise_options *opt, const char *text)
{
	read_pieces(opt, text, strlen(text), strlen(text) + 1);
}

static inline void
has(const char *text)
{
	if (strstr(out, text) == NULL)
		fail_msg("no '%s' in:\n%s", text, out);
}

static inline void
has_not(const char *text)
{
	if (strstr(out, text) != NULL)
		fail_msg("'%s' in:\n%s", text, out);
}

#endif

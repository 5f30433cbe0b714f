/*
 * The fingerprint of a changed host key, with its end hidden: whoever confirms the key must have
 * the end from somebody else, not from a screen or a report of ours. Called by the wire probe, which lets
 * no more than this out, and by whoever compares. Pure.
 */
#ifndef SSHMEDIC_FPMASK_H
#define SSHMEDIC_FPMASK_H

#include <stdbool.h>
#include <stddef.h>

enum { FPMASK_TAIL = 8 }; /* characters that are hidden */

/* Hide the end of a fingerprint, in place. */
void fpmask_hide(char *fp);
/* Hide the end of fp wherever it stands in len bytes of text, in place; with or without its "SHA256:". */
void fpmask_hide_in(char *text, size_t len, const char *fp);
/* Whether the end of a fingerprint is hidden. */
bool fpmask_hidden(const char *fp);
/* Whether two fingerprints are the same as far as both show. */
bool fpmask_same(const char *a, const char *b);
/* Whether a list with commas has one that is the same as far as both show. */
bool fpmask_list_has(const char *list, const char *fp);
/* Whether what was typed is the end of the whole fingerprint: FPMASK_TAIL characters, blanks around them left out. */
bool fpmask_confirms(const char *fp, const char *typed);

#endif

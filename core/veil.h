/*
 * The veil: a book of evidence and its diagnosis as they may be handed on, every name replaced
 * (redact.h). Whoever draws or prints from it needs to know nothing of redaction, and so cannot
 * forget it. Called by the screen and by whoever writes a report. Pure (allocates).
 *
 *   book --veil_follow()--> names --> redacted lines --veil_book()--> readers
 *   diag ------------------------------------------------veil_diag()-->
 */
#ifndef SSHMEDIC_VEIL_H
#define SSHMEDIC_VEIL_H

#include "book.h"
#include "redact.h"

struct veil;

/* Returns NULL out of memory. */
struct veil *veil_new(void);
void veil_free(struct veil *v);
/*
 * Take the lines of b that are new since the last call; always the same book. Returns whether lines
 * that were taken before are redacted anew (a name in them has turned up): pointers to them are void then.
 */
bool veil_follow(struct veil *v, const struct book *b);
/* The lines as they may be shown, with their numbers; it holds no diagnosis. Lives as long as v. */
const struct book *veil_book(const struct veil *v);
/* The diagnosis as it may be shown. Lives until the next call. */
const struct diag *veil_diag(struct veil *v, const struct diag *d);
const struct redact *veil_names(const struct veil *v);

#endif

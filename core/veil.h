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
/*
 * The same in slices, for whoever may not take long: at most max lines' worth of work. First the names of all
 * lines are learnt, then the lines are made. Returns whether the book's end is reached; what
 * there is then is what veil_follow() would have made of it.
 */
bool veil_work(struct veil *v, const struct book *b, size_t max);
/* Whether the names of all lines of b are known, so that a diagnosis may be shown. */
bool veil_knows(const struct veil *v, const struct book *b);
/* How much of the work is done. */
int veil_percent(const struct veil *v, const struct book *b);
/* Changes where lines are made anew. Lines of an edition before live on only where veil_use() was called in it. */
unsigned veil_edition(const struct veil *v);
/* The lines of veil_book() are shown from now on, and none from before any longer. */
void veil_use(struct veil *v);
/* The lines as they may be shown, with their numbers; it holds no diagnosis. Lives as long as its edition. */
const struct book *veil_book(const struct veil *v);
/* The diagnosis as it may be shown. Lives until the next call. */
const struct diag *veil_diag(struct veil *v, const struct diag *d);
const struct redact *veil_names(const struct veil *v);

#endif

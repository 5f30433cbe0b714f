/*
 * What the files of the reducer share: learn*.c, derive.c, conclude.c and
 * diag.c. Nobody else includes it.
 */
#ifndef SSHMEDIC_DIAG_INTERNAL_H
#define SSHMEDIC_DIAG_INTERNAL_H

#include "diag.h"
#include "rule.h"

/* Keep the DIAG_EV smallest numbers, ascending, each once; 0 is no number. Returns how many there are. */
int ev_note(uint32_t ev[DIAG_EV], uint32_t n);

/* A line that a fact rests on. 0 is no number. */
void fact_note(struct diag *d, enum fact f, uint32_t n);
/* No line is known any more. */
void fact_forget(struct diag *d, enum fact f);

/*
 * Offer a text for a slot. Of all that are offered the one with the least
 * rank stays, then the least in byte order, so that order of arrival does not matter.
 */
void slot_offer(struct diag *d, enum slot s, int64_t rank, const char *text, size_t len);
/* The same with a field of ev; nothing where the field is missing or empty. */
void slot_field(
    struct diag *d, enum slot s, int64_t rank, const struct evidence *ev, enum ev_key k);

/* Empty a stored slot. */
void slot_empty(struct diag *d, enum slot s);
/* Begin to build what a stored slot holds, in its place: it is empty then. */
void slot_begin(struct diag *d, enum slot s, struct strbuf *sb);

/* The row of a table of n rows of one size, or a new one; see table_row() in diag.c. */
void *table_row(void *table, int *n, int max, size_t size, const void *key,
    int (*order)(const void *row, const void *key));

/* learn.c: fold one line into base facts, tables and slots. */
void learn(struct diag *d, const struct evidence *ev);
/*
 * learn_own.c: the same for a line of a transcript of a login that a person made from here. What it says becomes facts
 * of its own, and a diagnosis of its own: it adds to what the run has shown and takes nothing from it.
 */
void learn_own_login(struct diag *d, const struct evidence *ev);
/* derive.c: facts = base and what follows from the tables. */
void derive(struct diag *d);
/* derive_hop.c: the part of derive() about jump hosts. */
void derive_hops(struct diag *d);
/* derive_server.c: facts and slots of what texts say, as far as they are about this case. Part of derive(). */
void derive_server(struct diag *d);
/* derive_server.c: whether what a fact says may prove anything here. */
bool fact_proves(const struct diag *d, enum fact f);
/* conclude.c: findings, layers, verdict, fixes. */
void conclude(struct diag *d);

/* derive_server.c: a text says that sshd's configuration has changed since sshd read it. */
bool config_is_newer(const struct diag *d);

#endif

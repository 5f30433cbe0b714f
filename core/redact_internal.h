/* What redact.c (the table, texts) and redact_field.c (fields, slots) share. Included by these two only. */
#ifndef SSHMEDIC_REDACT_INTERNAL_H
#define SSHMEDIC_REDACT_INTERNAL_H

#include "redact.h"

/* Whether it is a name that is left as it is. */
bool redact_is_nobody(const char *s, size_t len);
/* The name in the table, or NULL. */
const struct redact_name *redact_find(
    const struct redact *r, enum redact_kind kind, const char *s, size_t len);
/* Add a name as it stands, or an address, if it is not there and there is room. */
void redact_add(struct redact *r, enum redact_kind kind, const char *s, size_t len);
void redact_add_addr(struct redact *r, enum redact_kind kind, const uint8_t addr[16]);
/* Add what stands in a name's place: nobody's names are left out, a host may be an address. */
void redact_learn_name(struct redact *r, enum redact_kind kind, const char *s, size_t len);
/* Add what a text shows by its shape. */
void redact_learn_text(struct redact *r, const char *s, size_t len);
/* Append the pseudonym of a name, of an address (s: as it stands there), of a text. */
void redact_put(
    const struct redact *r, enum redact_kind kind, const char *s, size_t len, struct strbuf *out);
void redact_put_addr(const struct redact *r, enum redact_kind kind, const uint8_t addr[16],
    const char *s, size_t len, struct strbuf *out);
void redact_mem(const struct redact *r, const char *s, size_t len, struct strbuf *out);

#endif

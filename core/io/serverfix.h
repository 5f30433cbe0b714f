/*
 * A change on the server, by the guard's script (guard.h): one at a time for a
 * target. It is applied by a login of the admin's, or here where the target is
 * this machine; the target is diagnosed again; and a new login of the admin's
 * keeps the change, or undoes it where the target's login got worse. Where that
 * login does not come about, the server undoes it by itself. Each step is
 * evidence (fix.*). Called by engine.c, on its thread only.
 */
#ifndef SSHMEDIC_IO_SERVERFIX_H
#define SSHMEDIC_IO_SERVERFIX_H

#include <stdbool.h>

struct subject;

/*
 * Say what the fix would do: fix.preview, or fix.failed with why it cannot be done from here. One that makes
 * the rule of a firewall permanent, once that was kept, is looked at on the server first.
 */
void serverfix_preview(struct subject *s, const char *fix);
/* Apply it: fix.preview, then fix.applied or fix.failed; the rest follows by itself: fix.kept or fix.undone. */
void serverfix_apply(struct subject *s, const char *fix);
/* Keep what is applied and not decided: where the login that should have done so did not come about. */
void serverfix_keep(struct subject *s);
/*
 * Undo a change, kept or not; the target is diagnosed again. id NULL: the one that was made last. One that
 * made a rule permanent takes the rule with it.
 */
void serverfix_revert(struct subject *s, const char *id);
/* Ask the server what became of a change: fix.applied (not decided yet), fix.kept, fix.undone or fix.failed. */
void serverfix_report(struct subject *s, const char *id);
/* Whether a login or a shell of it runs. */
bool serverfix_busy(const struct subject *s);
/* End that, and begin nothing more: what is not kept the server undoes. */
void serverfix_quit(struct subject *s);
void serverfix_free(struct subject *s);

#endif

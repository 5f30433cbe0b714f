/*
 * A report made beside the screen's loop: with 100,000 lines, names hidden, it takes seconds. A thread makes it from
 * a copy of what there is when it is begun, by the very functions that make any report; the loop goes on. Called
 * by app_copy.c and app_report.c.
 */
#ifndef SSHMEDIC_REPORTJOB_H
#define SSHMEDIC_REPORTJOB_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "save.h"

struct reportjob;

/* What came of it. */
struct reportjob_end {
	bool file, hidden;
	const char *text; /* where it is no file; "" out of memory */
	size_t len;
	const char *path, *error; /* of a file: where it is; why it is not, or NULL */
};

struct reportjob_does {
	void (*moves)(void *arg);                              /* percent has changed */
	void (*end)(void *arg, const struct reportjob_end *e); /* the job is gone behind it */
};

/*
 * Begin. file: under a new name, as save_new(); else into memory. A short one is made at once: then end() is called from
 * here, as it is where nobody waits for keys (at_once), and NULL is returned, as it is out of memory.
 * The lines of b must live until the loop has nothing more to do.
 */
struct reportjob *reportjob_start(uv_loop_t *loop, enum save_kind kind, const struct diag *d,
    struct book *b, bool hide, bool file, bool at_once, const struct reportjob_does *does,
    void *arg);
/* How much is done, of 100. */
int reportjob_percent(const struct reportjob *j);
/* Nobody waits any more: end() will not come, and no file stays. NULL is allowed. */
void reportjob_drop(struct reportjob *j);

#endif

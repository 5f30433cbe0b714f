/*
 * The gate of the proof: the user's own ssh logs in beside our session, and
 * sends its command only once ours is known to have run, so that a forced
 * command runs at most once. Called by whoever learns whether it may: the session
 * probe, and the probes that find that only ssh itself can go on.
 */
#ifndef SSHMEDIC_PROOF_H
#define SSHMEDIC_PROOF_H

#include <stdbool.h>

#include "run.h"

/* What stands before a note of sshd in the lines of ssh -v. */
#define PROOF_NOTE_MARK "Remote: "
/* ... and where it begins to try GSSAPI. */
#define PROOF_GSS_MARK "Next authentication method: gssapi"

/*
 * Let the proof of r run its command, or end it without a result. The first
 * call of a run decides; it may come before the proof has started.
 */
void proof_gate(struct run *r, bool open);

#endif

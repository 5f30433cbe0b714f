/*
 * The byte stream of a target behind a jump host or a ProxyCommand: a child
 * on one end of a socketpair, as ssh itself would run it. The wire probe
 * starts it and puts the tap on our end.
 */
#ifndef SSHMEDIC_PROXY_H
#define SSHMEDIC_PROXY_H

#include "probe.h"

struct proxy;

/*
 * Start what the configuration of pr's run names (ProxyJump as `ssh -W` with
 * an argv, ProxyCommand by the user's shell as ssh does). Emits proxy.result
 * and a proxy.line for each line that it writes to stderr. Returns NULL and
 * emits result=failed where nothing could be started. *fd is our end,
 * non-blocking; the caller's. ended(arg) is called once the child is gone and all that it
 * said is told, unless the proxy was muted before.
 */
struct proxy *proxy_new(struct probe_run *pr, int *fd, void (*ended)(void *arg), void *arg);
/* Say that the proxy was not tried: it would pass a descriptor (ProxyUseFdpass), which only ssh itself takes over. */
void proxy_untested(struct probe_run *pr);
/* Whether the child has ended. */
bool proxy_ended(const struct proxy *p);
/* Say no more: the wire probe is over. */
void proxy_mute(struct proxy *p);
/* End the child; frees itself when it is gone. */
void proxy_free(struct proxy *p);

#endif

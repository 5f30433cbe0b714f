/*
 * What each probe's file gives to the registry (probes.c): a start, a cancel,
 * and room for its private memory. Included by the probes and the registry.
 */
#ifndef SSHMEDIC_PROBES_H
#define SSHMEDIC_PROBES_H

#include "../diag.h"
#include "probe.h"

/* Bytes of private memory, which the engine allocates. A probe's file asserts that its struct fits. */
enum {
	CONFIG_PRIV = 10 * 1024,
	MUX_PRIV = 1024,
	LISTEN_PRIV = 64,
	X11_PRIV = 64,
	RESOLVE_PRIV = 64,
	TCP_PRIV = 2048,
	PORTS_PRIV = 16 * 1024,
	ALIVE_PRIV = PORTS_PRIV,
	TRACE_PRIV = 8 * 1024,
	WIRE_PRIV = 16 * 1024,
	SEGMENT_PRIV = 2048,
	HOPS_PRIV = 16 * 1024,
	KNOWNHOSTS_PRIV = 512,
	HOSTKEY_PRIV = 4096,
	OTHERKEY_PRIV = 512,
	VOUCH_PRIV = 64,
	NAMES_PRIV = 64,
	KEYS_PRIV = 512,
	AGENT_PRIV = 2048,
	AUTH_PRIV = 32 * 1024,
	FORWARD_PRIV = 1024,
	SESSION_PRIV = 32 * 1024,
	MUXUSE_PRIV = 1024,
	PROOF_PRIV = 4096,
	ADMIN_PRIV = 4096
};

#define PROBE_FUNCTIONS(name) \
	int name##_start(struct probe_run *pr); \
	void name##_cancel(struct probe_run *pr)

PROBE_FUNCTIONS(config);
PROBE_FUNCTIONS(mux);
PROBE_FUNCTIONS(listen);
PROBE_FUNCTIONS(x11);
PROBE_FUNCTIONS(resolve);
PROBE_FUNCTIONS(tcp);
PROBE_FUNCTIONS(ports);
PROBE_FUNCTIONS(alive);
PROBE_FUNCTIONS(trace);
PROBE_FUNCTIONS(wire);
PROBE_FUNCTIONS(segment);
PROBE_FUNCTIONS(hops);
PROBE_FUNCTIONS(knownhosts);
PROBE_FUNCTIONS(hostkey);
PROBE_FUNCTIONS(otherkey);
PROBE_FUNCTIONS(vouch);
PROBE_FUNCTIONS(names);
PROBE_FUNCTIONS(keys);
PROBE_FUNCTIONS(agent);
PROBE_FUNCTIONS(auth);
PROBE_FUNCTIONS(forward);
PROBE_FUNCTIONS(session);
PROBE_FUNCTIONS(muxuse);
PROBE_FUNCTIONS(proof);
PROBE_FUNCTIONS(admin);
bool names_wanted(const struct run *r);
bool admin_wanted(const struct run *r);

#undef PROBE_FUNCTIONS

#endif

/*
 * The registry: a row for each probe. What runs when follows from needs and
 * moot facts alone (core/plan.c); this table is data. Read by schedule.c.
 */
#include "probes.h"

#include <stddef.h>

#define RUNS(name, NAME) .priv_size = NAME##_PRIV, .start = name##_start, .cancel = name##_cancel

const struct probe probes[] = {
	{ .name = "config",
	    .help = "the user's effective configuration, by ssh -G",
	    .here = true,
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_STARTED },
	    .deadline_ms = 10000,
	    RUNS(config, CONFIG) },
	{ .name = "resolve",
	    .help = "the addresses of the name",
	    .here = true,
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_CONFIG_OK, F_DIRECT },
	    RUNS(resolve, RESOLVE) },
	{ .name = "tcp",
	    .help = "a connection to each address",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_ADDR },
	    RUNS(tcp, TCP) },
	{ .name = "ports",
	    .help = "a look at other usual ports where the port refuses",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_TCP_DONE, F_TCP_REFUSED_RST },
	    .moot = { F_TCP_OPEN },
	    .deadline_ms = 3000,
	    RUNS(ports, PORTS) },
	{ .name = "wire",
	    .help = "identification, algorithm offers, key exchange",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_CONFIG_OK, F_KNOWN_DONE },
	    .needs_any = { F_TCP_OPEN, F_PROXY },
	    RUNS(wire, WIRE) },
	{ .name = "segment",
	    .help = "whether smaller segments get through where the key exchange stalls",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_KEX_SILENT, F_DIRECT },
	    .moot = { F_KEX_DONE, F_KEX_CLOSED },
	    RUNS(segment, SEGMENT) },
	/* Nothing came through: which of the jump hosts stands in the way, and why. */
	{ .name = "hops",
	    .help = "the jump hosts on the way, each as a target of its own",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_WAY_BROKEN },
	    .moot = { F_HOP },
	    .deadline_ms = 300000, /* each step of each hop has a limit of its own */
	    RUNS(hops, HOPS) },
	{ .name = "knownhosts",
	    .help = "what known_hosts files hold for the name",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_CONFIG_OK },
	    .needs_any = { F_TCP_BEGAN,
		F_PROXY }, /* its children start while the first packet travels */
	    RUNS(knownhosts, KNOWNHOSTS) },
	{ .name = "hostkey",
	    .help = "whether the server's host key is revoked",
	    .layer = LAYER_TRANSPORT,
	    .needs = { F_HOSTKEY, F_KNOWN_DONE },
	    RUNS(hostkey, HOSTKEY) },
	{ .name = "keys",
	    .help = "the user's key files and certificates",
	    .here = true,
	    .layer = LAYER_AUTHENTICATION,
	    .needs = { F_CONFIG_OK },
	    RUNS(keys, KEYS) },
	{ .name = "agent",
	    .help = "the keys that the agent holds",
	    .here = true,
	    .layer = LAYER_AUTHENTICATION,
	    .needs = { F_CONFIG_OK },
	    .deadline_ms = 5000, /* one that asks a card takes a while */
	    RUNS(agent, AGENT) },
	/*
	 * An agent that hangs is waited for until its own deadline, then the
	 * key files are asked about all the same: ssh would hang, and that they
	 * would do without the agent is the way out.
	 */
	{ .name = "auth",
	    .help = "methods, questions for each key, and a login",
	    .layer = LAYER_AUTHENTICATION,
	    .needs = { F_HOSTKEY_DONE, F_KEYS_DONE, F_AGENT_DONE },
	    .needs_any = { F_HOSTKEY_MATCH, F_HOSTKEY_UNKNOWN, F_HOSTKEY_OTHER_TYPE },
	    .moot = { F_HOSTKEY_CHANGED, F_HOSTKEY_REVOKED },
	    RUNS(auth, AUTH) },
	{ .name = "forward",
	    .help = "whether a jump host opens the way on",
	    .layer = LAYER_SESSION,
	    .needs = { F_HOP, F_LOGIN_OK },
	    RUNS(forward, FORWARD) },
	{ .name = "session",
	    .help = "a first command, a shell, sftp",
	    .layer = LAYER_SESSION,
	    .needs = { F_LOGIN_OK },
	    .moot = { F_HOP }, /* a jump host may give no session at all */
	    RUNS(session, SESSION) },
	{ .name = "proof",
	    .help = "the user's own ssh, in batch mode",
	    .layer = LAYER_SESSION,
	    .needs_any = { F_LOGIN_OK, F_KEX_UNSUPPORTED, F_LOGIN_UNSUPPORTED, F_SSH_MAY_TRUST,
		F_SSH_MAY_LOGIN },
	    .moot = { F_HOP, F_HOSTKEY_CHANGED, F_HOSTKEY_REVOKED,
		F_AGENT_HANGS }, /* ssh would wait for ever */
	    .deadline_ms = 60000,
	    RUNS(proof, PROOF) },
	{ .name = NULL },
};

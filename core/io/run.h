/*
 * One run of one target, as the probes see it: the target, its options, and
 * what earlier probes leave for later ones (parsed configuration, addresses,
 * keys, the one connection). Evidence tells the reader; this carries the
 * values that I/O needs. Lives on the engine's thread only.
 */
#ifndef SSHMEDIC_RUN_H
#define SSHMEDIC_RUN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <uv.h>

#include "../knownhosts.h"
#include "../sshg.h"
#include "engine.h"

struct conn;
struct proof;
struct proxy;

enum {
	RUN_ADDRS = 4,
	RUN_KEYS = 64,
	RUN_KNOWN = 32,
	RUN_BLOB = 4096,
	RUN_PORTS = 8,
	RUN_BINDS = 8
};

/* An address of the name, in the resolver's order. */
struct run_addr {
	struct sockaddr_storage sa;
	socklen_t len;
	char text[64];
	int fd;              /* connected, kept for the wire probe; -1 */
	uint64_t refused_us; /* after how long it refused; 0 if it did not */
	bool silent;         /* no answer for a while */
};

/* What the resolver says of a name to go out by, for a family of addresses. */
enum bind_state { BIND_UNASKED, BIND_FOUND, BIND_NONE, BIND_FAILED };

/* What BindAddress stands for, where it is a name. */
struct run_bind {
	enum bind_state v4, v6;
	struct sockaddr_storage sa[RUN_BINDS]; /* in the resolver's order */
	int n;
};

/* A public key that might be asked about, with where its private half is. */
struct run_key {
	char path[1024]; /* private key file, "" if in the agent only */
	char name[1024]; /* what to call it: path or the agent's comment */
	char fp[64];     /* SHA256:… */
	char type[48];
	char *sources,
	    *command;        /* of a certificate: source-address, force-command; owned, or NULL */
	unsigned char *blob; /* public key blob (RFC 4253 6.6), owned */
	size_t blob_len;
	bool in_agent, in_file, config, usable, encrypted, open, cert, other;
	bool
	    misnamed; /* it stands in the .pub file of another key: nothing here signs for it, but the agent may */
	bool cert_named;             /* by CertificateFile: ssh offers it before all others */
	int file_order, agent_order; /* from 1, 0 if none */
};

/* A known_hosts line for this name. */
struct run_known {
	char type[48], fp[64];
	bool revoked, ca, bare;
};

/* How far a key exchange has come: nothing, the server's identification, its KEXINIT, its NEWKEYS. */
enum kex_stage { KEX_AT_NOTHING, KEX_AT_IDENT, KEX_AT_OFFER, KEX_AT_KEYS };

/* Whether the user's own ssh may run its command: only after ours came back. */
enum run_gate { GATE_WAIT, GATE_OPEN, GATE_SHUT };

struct run {
	struct engine *engine;
	uint16_t target;
	uint32_t number;
	const struct target *t;
	const struct run_options *opt;

	struct sshg *cfg; /* from the config probe; NULL before */
	char *home;       /* home directory by passwd; NULL before the config probe */
	struct run_addr addrs[RUN_ADDRS];
	int naddrs;
	struct run_bind bind;  /* all zero where BindAddress is no name */
	int chosen;            /* index of the connected address, -1 */
	bool tcp_over;         /* no attempt is under way any more */
	uint64_t tcp_limit_us; /* until when an attempt may take, on the engine's clock */
	struct run_known known[RUN_KNOWN];
	int nknown;
	struct run_key *keys[RUN_KEYS]; /* owned */
	int nkeys;
	char agent_path[256];     /* "" if there is none to use */
	struct conn *conn;        /* the one connection; NULL before the wire probe */
	enum kex_stage kex_stage; /* of it */
	int64_t retrans;          /* segments of it that were sent again, up to its last phase */
	struct proof *proof;      /* the user's own ssh while it runs; NULL otherwise */
	enum run_gate gate;       /* whether its command may be sent */
	struct proxy *proxy;      /* what it runs through; NULL where it is direct */
	char hostkey_fp[64], hostkey_type[48];
	bool has_hostkey_md5;
	uint8_t hostkey_md5[16];
	bool hostkey_changed; /* known_hosts has another key of its type, and ssh would refuse it */
	bool hostkey_confirmed; /* a person had its fingerprint from somebody else */
	int hostkey_wrong;      /* how often what they typed was another */
	char *hostkey_b64;      /* the key itself, base64; NULL before */
	bool banner_seen;       /* our own connection got text from the server in authentication */
	bool banner_imitates;   /* ... that might pass for a line of ssh in the proof */
	char server_hostkeys[1024]; /* the host key algorithms of the server's offer */
	bool openssh; /* the server says that it is OpenSSH; set from the facts as trusted is */
	bool trusted; /* the host key may see a login; set from the facts when a probe starts */
	int connections, failed_auth; /* what this run has spent */
	char client[64];      /* the address that this machine used towards the target; "" before */
	int ports[RUN_PORTS]; /* its ports, of connections that came about */
	int nports;

	/* of a jump host on the way to a target */
	const struct run_options *target_opt; /* the target's options; NULL for a target */
	const char *next_host; /* what the jump host shall open the way to, or NULL */
	int next_port;
};

/* "none" "ident" "offer" "keys". */
const char *kex_stage_name(enum kex_stage s);
/* The key with that fingerprint, or NULL. */
struct run_key *run_key_by_fp(struct run *r, const char *fp);
/* Add a key (takes over blob); merges with a known fingerprint. NULL where the table is full. */
struct run_key *run_key_add(
    struct run *r, const char *fp, const char *type, unsigned char *blob, size_t len);
/* Frees what the run holds, closes its sockets, and leaves it zeroed but for engine. */
void run_clear(struct run *r);
/* The same, but keeps what came before the connection: configuration, home and addresses. */
void run_clear_connection(struct run *r);

/*
 * The program's argv for the user's ssh: client, the user's own options, then
 * extra words (NULL-terminated), then "--" and the host. Returned vector and
 * its words are the caller's: one free() frees all.
 */
char **run_ssh_argv(const struct run *r, const char *const extra[], const char *const command[]);
/* The same with the extra words before the user's own: of repeated options ssh takes the first. */
char **run_ssh_argv_over(
    const struct run *r, const char *const extra[], const char *const command[]);

#endif

/*
 * The reducer: folds evidence of one target and one run into a diagnosis.
 *
 * Pure: no clock, no I/O, no allocation, no global. The same evidence gives
 * the same layer states, verdict, candidates, findings and fixes in any order
 * of arrival. The engine folds to know what to run next (plan.h); the screen,
 * the plain text and the JSON are readers of the same const struct diag.
 *
 *   evidence --diag_apply()--> tables and facts   (learn*.c, one function a kind)
 *            --diag_conclude()--> derived facts, phases   (derive.c)
 *                             --> findings, layer states, verdict   (conclude.c)
 */
#ifndef SSHMEDIC_DIAG_H
#define SSHMEDIC_DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "catalogue.h"
#include "evidence.h"
#include "fact.h"
#include "layer.h"

enum {
	DIAG_ADDRS = 8,
	DIAG_KEYS = 50,
	DIAG_KNOWN = 16,
	DIAG_TEXTS = 6,
	DIAG_TOLD = 36,
	DIAG_PORTS = 6, /* source ports of our own connections */
	DIAG_PROBES = 26,
	DIAG_FINDINGS = 24,
	DIAG_FIXES = 9, /* one number key each */
	DIAG_CANDIDATES = 12,
	DIAG_EV = 6,         /* evidence numbers kept for a fact, and shown for a finding */
	DIAG_SLOT_LEN = 208, /* places of slots, see slot.def */
	DIAG_LONG_LEN = 480,
	DIAG_NAME_LEN = 160,
	DIAG_ROW_LEN = 128,
	DIAG_WORD_LEN = 72,
	DIAG_NUMBER_LEN = 24,
	DIAG_ARGS_LEN = 1024
};

/* TOLD_SLOT: filled by a statement of told.def alone, and kept as its row. */
enum slot {
#define SLOT(id, name, help) SLOT_##id,
#define TOLD_SLOT(id, name, help)
#include "slot.def"
#undef SLOT
#undef TOLD_SLOT
	SLOT__STORED,
	SLOT__BEFORE_TOLD = SLOT__STORED - 1,
#define SLOT(id, name, help)
#define TOLD_SLOT(id, name, help) SLOT_##id,
#include "slot.def"
#undef SLOT
#undef TOLD_SLOT
	SLOT__COUNT
};

/*
 * The places of stored slots, each as long as what it may hold: no slot's length takes room from another, so
 * what is cut depends on the text alone, and not on what came before it. Places are given in the order
 * of need, so that the few in use stand together.
 */
struct slot_room {
#define SLOT(id, name, help) char in_##id[DIAG_SLOT_LEN];
#define LONG_SLOT(id, name, help) char in_##id[DIAG_LONG_LEN];
#define NAME_SLOT(id, name, help) char in_##id[DIAG_NAME_LEN];
#define ROW_SLOT(id, name, help) char in_##id[DIAG_ROW_LEN];
#define WORD_SLOT(id, name, help) char in_##id[DIAG_WORD_LEN];
#define NUMBER_SLOT(id, name, help) char in_##id[DIAG_NUMBER_LEN];
#define TOLD_SLOT(id, name, help)
#include "slot.def"
#undef SLOT
#undef TOLD_SLOT
};

struct slot_store {
	uint16_t at[SLOT__STORED]; /* 1 + where its place begins; 0: none was given */
	uint16_t used;
	char text[sizeof(struct slot_room)];
};

/* The evidence of each fact, a row for those that have some. */
struct fact_notes {
	uint16_t row[F__COUNT]; /* 1 + its row; 0: none */
	uint16_t n;
	uint32_t ev[F__COUNT][DIAG_EV];
};

/* What of a statement's row stands in such a slot. */
enum told_part { PART_TEXT, PART_PATH, PART_LINE, DIAG_PARTS };

enum phase {
#define PHASE(id, name, json, trips, allow, help) PH_##id,
#include "phase.def"
#undef PHASE
	PH__COUNT
};

enum certainty { CERTAIN_NONE, CERTAIN_POSSIBLE, CERTAIN_LIKELY, CERTAIN_PROVEN };
enum severity {
	SEV_INFO,
	SEV_WARN,
	SEV_FAIL,
	SEV_UNKNOWN
}; /* SEV_UNKNOWN: explains why a layer is UNKNOWN */

enum addr_outcome { /* in the order in which one stands for all: best first */
	ADDR_OPEN,
	ADDR_REFUSED_LOCAL, /* our own machine sent the rejection */
	ADDR_REFUSED_ICMP,  /* ICMP port unreachable, by a firewall */
	ADDR_PROHIBITED,    /* ICMP administratively prohibited */
	ADDR_REFUSED,       /* a TCP reset */
	ADDR_HOST_UNREACH,  /* ICMP host or net unreachable, by a router */
	ADDR_NEIGHBOUR,     /* nobody answers for the address on our own link */
	ADDR_TIMEOUT,       /* no answer to any SYN until the deadline */
	ADDR_SILENT,        /* no answer for 3 s, still trying */
	ADDR_UNBOUND,       /* the address or interface to go out by is not on this machine */
	ADDR_OTHER,         /* another error of connect(2) */
	ADDR_NO_ROUTE, /* this machine has no route; last, as one family is often not there at all */
	ADDR_TRYING,
	ADDR__COUNT
};

struct diag_addr {
	char addr[64];
	int order;
	enum addr_outcome outcome; /* concluded */
	enum addr_outcome result;  /* learned; ADDR_TRYING before a result */
	bool started, silent, cancelled;
	int64_t rtt_us, took_us; /* 0 where not known */
	int64_t retrans;
	uint32_t ev[DIAG_EV]; /* what was said about it */
};

/* A known_hosts line that matches the name. */
struct diag_known {
	char type[48], fp[64], file[DIAG_NAME_LEN], name[104];
	int64_t line;
	bool revoked, ca, bare;
	uint32_t ev[DIAG_EV];
};

/* A key the user has, whoever holds it. */
struct diag_key {
	char fp[64];              /* "SHA256:…", "" where it could not be read */
	char name[DIAG_NAME_LEN]; /* path, or the agent's comment */
	char type[48];
	int order;     /* place in ssh's own list, from 1; 0 if not in it */
	bool pub_only; /* an IdentityFile that holds the public half, for the agent's key */
	bool in_file, in_agent, config, missing, open, unparsable, encrypted, mismatch, cert,
	    cert_expired;
	bool pub;      /* a public half is known */
	bool misnamed; /* it stands in the .pub file of another key, under this name */
	bool left_type, left_sha1, left_short; /* why ssh leaves it out; see sigalg.h */
	bool unserved; /* the server's list names nothing that it signs with */
	bool asked, listed, accepted, refused, login_ok, login_denied, login_partial;
	char mode[8];  /* of the file */
	int64_t named; /* how good the name is: 0 a file's path, up to 4 a question's name */
	uint32_t ev[DIAG_EV];
};

/* A text from elsewhere, and how far it is about this case. */
struct diag_text {
	uint16_t clock;                       /* its number */
	bool collector, whole, root, assumed; /* assumed: the client's address was a guess */
	int64_t now, port;
	char host[64], addrs[128], input[96], user[40], client[48];
	char prints[200];            /* fingerprints of its host keys, comma list */
	bool other_host, other_user; /* concluded: it is about another host, another user */
	bool tied; /* concluded: a whole and recent run for this target and user */
	uint32_t ev[DIAG_EV];
};

/* What a text says of the server: a row of told.def with its values. */
struct diag_told {
	uint8_t what; /* enum told */
	uint16_t clock;
	int64_t session, time, port, line;
	char user[40], addr[48], mode[12], number[12], path[DIAG_ROW_LEN],
	    text[DIAG_ROW_LEN]; /* number: the line, in words */
	uint32_t ev[DIAG_EV];
};

/* A probe's life as the reader sees it. */
struct diag_probe {
	char name[12];
	enum layer layer;
	bool began, running, ended;
	uint32_t deadline_ms;
	uint64_t start_us, end_us;
};

/* The fix of this machine that was applied or undone last. */
struct diag_change {
	const struct fix *fix; /* NULL: none, or one that this version does not know */
	uint32_t id;           /* in the journal, from 1; 0: none */
	bool undone;
	uint64_t at_us;
};

struct diag_phase {
	int64_t start_us, took_us;
	int64_t budget_us; /* by phase.def and the measured round trip */
	int64_t retrans;   /* segments sent again in it */
	int trips;         /* as observed; else by phase.def */
	bool seen;
	bool own;             /* concluded: of a login by hand, where the run has not seen it */
	bool over, much_over; /* by 0.3 s, by more than 1 s */
	uint32_t ev[DIAG_EV];
};

struct diag_layer {
	enum layer_state state;
	bool began, ended;
	uint64_t start_us, end_us; /* first and last evidence of its probes */
};

struct rule; /* rule.h */
struct fix;  /* fix.h */

/* A rule that holds. Words are expanded by diag_expand() when shown. */
struct finding {
	const struct rule *rule;
	enum certainty certainty;
	enum severity severity;
	uint32_t ev[DIAG_EV];
	int nev;
};

/* A fix of a finding, under a number key. */
struct diag_fix {
	const struct fix *fix;
	int finding; /* index into findings */
};

struct verdict {
	const struct rule *rule; /* NULL while nothing is decided */
	enum certainty certainty;
	bool healthy;
	bool final;  /* nothing that still runs can change it */
	int finding; /* index, -1 if healthy or none */
};

struct diag {
	/* coordinates */
	uint16_t target, hop; /* hop 0: the target itself */
	uint32_t run;
	bool started, ended;
	char end_reason[16];
	int64_t now; /* wall clock at the start, epoch s; evidence, not a clock */
	uint64_t first_us,
	    last_us;     /* of evidence; first_us: when the run began, once that is known */
	uint64_t run_us; /* of run.start */
	int64_t connections, failed_auth;

	struct factset facts;
	/* Of a slot that a statement fills, which: 1 + three times its row, and its part. 0: empty */
	uint8_t slot_told[SLOT__COUNT - SLOT__STORED];
	int64_t
	    slot_rank[SLOT__STORED]; /* of what a slot holds; the least wins, then the least text */
	int64_t input_port;          /* as given with the destination; 0 if not */

	struct diag_addr addrs[DIAG_ADDRS];
	int naddrs;
	int nknown, nkeys, ntexts, ntold;
	struct diag_probe probes[DIAG_PROBES];
	int nprobes;
	struct diag_phase phases[PH__COUNT];
	int64_t hostkey_bits; /* length of the RSA host key that was shown, 0 if none */
	int64_t rsa_min;      /* RequiredRSASize, 0 if not known */
	int64_t rtt_us;       /* least round trip seen, 0 if none */
	int64_t gss_here_us; /* greatest time of GSSAPI measured in the user's own ssh, 0 if none */
	int64_t echo_us;     /* least time until what is typed came back, 0 if none */
	struct diag_change change;
	int64_t ports[DIAG_PORTS];
	int nports;
	bool pasted;      /* the client's view is a transcript of another login, or there is none */
	uint32_t nclient; /* lines of the client's view */
	enum ev_kind
	    reached; /* how far our own connection came: the last kind, in the order of a login, that it showed */
	/*
	 * What the last login by hand says of itself, as a diagnosis of its own, of that text alone. Whoever holds this one
	 * gives it the room, where diag_is_of_own_login(); NULL: it is not heard beyond its bare facts.
	 */
	struct diag *own;
	const struct rule *own_rule; /* concluded: the row that is taken from there; NULL: none */
	uint16_t own_clock;          /* of such a one: the text that it is of */
	char login_user
	    [40]; /* concluded: of the login of a log that is judged, where nothing names a user */

	/* concluded */
	struct diag_layer layers[LAYER__COUNT];
	struct finding findings[DIAG_FINDINGS]; /* verdict first, then by layer and rank */
	int nfindings;
	struct diag_fix fixes[DIAG_FIXES];
	int nfixes;
	const struct catalogue_row *candidates[DIAG_CANDIDATES]; /* of the verdict, ranked */
	int ncandidates;
	struct verdict verdict;
	bool slot_own[SLOT__STORED]; /* concluded: own's is read in its stead */
	struct factset base;         /* facts learned, before derived ones were added */
	struct factset told_facts,
	    tied_facts; /* facts that texts told; those told by one that may prove */
	uint32_t nev;   /* lines that were folded in */

	/* The tables of which little is used come last: of a table only what was written takes memory. */
	char args[DIAG_ARGS_LEN]; /* the user's own ssh options, quoted words */
	struct diag_known known[DIAG_KNOWN];
	struct diag_key keys[DIAG_KEYS];
	struct slot_store slots; /* to be read by slot_text() */
	struct fact_notes notes; /* to be read by fact_ev() */
	struct diag_text texts[DIAG_TEXTS];
	struct diag_told told[DIAG_TOLD];
};

/* A target costs no more, whatever it is told. */
_Static_assert(SLOT__COUNT - SLOT__STORED <= DIAG_PARTS * DIAG_TOLD, "slot_fill() finds room");
_Static_assert(DIAG_PARTS *DIAG_TOLD <= UINT8_MAX, "a row of told and its part fit slot_told");
_Static_assert(sizeof(struct slot_room) < UINT16_MAX, "slot_store.at holds every place");
_Static_assert(sizeof(struct diag) <= 100 * 1024, "a diagnosis within 100 KB");

/* Begin an empty diagnosis, of the target itself: d->hop may then be set to a jump host's number. */
void diag_init(struct diag *d, uint16_t target, uint32_t run);
/* The same of memory that is all zero already: what is not written takes no room. */
void diag_init_zeroed(struct diag *d, uint16_t target, uint32_t run);
/* Begin anew, in the same room: own, where there is one, stays and is emptied too. */
void diag_init_again(struct diag *d, uint16_t target, uint32_t run);
/* Whether a line is of a transcript of a login that a person made from here. */
bool diag_is_of_own_login(const struct evidence *ev);
/* Fold one line in. Evidence of another target, run or hop is ignored. Call diag_conclude() before reading. */
void diag_apply(struct diag *d, const struct evidence *ev);
/* Whether a row of that id holds, be it a finding that is shown or one that another stands for. */
bool diag_holds(const struct diag *d, const char *id);
/* The probe of that name as the diagnosis knows it, or NULL. */
const struct diag_probe *diag_probe_by_name(const struct diag *d, const char *name);
/*
 * Where a kind of evidence stands: a stage that our own connection comes to, how that connection ended, at whatever
 * stage it was, or something beside it. The kinds stand in the order of a login.
 */
enum diag_place { PLACE_BESIDE, PLACE_STAGE, PLACE_END };
enum diag_place diag_place_of(enum ev_kind k);
/* Work out findings, layer states and verdict from all that was folded in. May be called at any time, repeatedly. */
void diag_conclude(struct diag *d);

/*
 * 0 healthy; 2 where ssh refuses the command line; 10 to 13 by the verdict's layer; 20 undecided or a human
 * is needed; 130 where the run was interrupted.
 */
int diag_exit_code(const struct diag *d);

/*
 * Expand {slot} in a row's words. Unknown slots stay as they are, empty ones
 * become "?", or nothing where they are all that follows a colon at the end. Appends to sb.
 */
void diag_expand(const struct diag *d, const char *words, struct strbuf *sb);
/*
 * What would decide about a finding, with {slots}: its row's words, or, where it is only a text that is not
 * tied to this case which keeps it from being proven, how to tie one. NULL where nothing is open.
 */
const char *diag_decide(const struct diag *d, const struct finding *f);
/* The verdict in one sentence, for the first line of every reader. Appends to sb. */
void diag_verdict_line(const struct diag *d, struct strbuf *sb);

const char *certainty_name(enum certainty c); /* "proven" "likely" "possible" "none" */
const char *severity_name(
    enum severity s); /* "info" "warn" "fail"; SEV_UNKNOWN is "fail" in JSON words: "unknown" */
const char *phase_name(enum phase p); /* fine name */
const char *phase_json(enum phase p); /* JSON id */
const char *phase_help(enum phase p);
const char *slot_name(enum slot s); /* as it stands in {braces} */
const char *slot_help(enum slot s); /* what it holds */
/* What a slot holds, "" for nothing. Lives until the diagnosis takes in another line. */
const char *slot_text(const struct diag *d, enum slot s);
/* The same of a stored slot, and no more: of SLOT_USER without the user of a log's login in its stead. */
const char *slot_stored(const struct diag *d, enum slot s);
/* Numbers of the lines that a fact rests on, DIAG_EV of them, ascending; 0 where there are no more. */
const uint32_t *fact_ev(const struct diag *d, enum fact f);
/* Whether what a slot holds may be the beginning of something longer, which no command may be made of. */
bool slot_is_cut(const struct diag *d, enum slot s);
/* Fill a slot of a diagnosis without evidence, for words that are shown without a case. */
void slot_fill(struct diag *d, enum slot s, const char *text);

#endif

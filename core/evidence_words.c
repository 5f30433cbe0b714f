/*
 * What a line of evidence says to a person: one template a kind. Owns
 * ev_describe(); called by the log panel and by both reports. Pure.
 *
 * In a template:
 *   {key}         the value of the key; "?" where it is missing
 *   {key:ms}      microseconds as milliseconds, with their unit
 *   [text]        left out where a key in it is missing or empty
 *   [key=v?text]  only where the key has exactly that value
 *   [key!v?text]  only where the key is there and has another
 */
#include "evidence.h"

#include <inttypes.h>
#include <string.h>

static const char *const templates[EV__COUNT] = {
	[EV_RUN_START] = "diagnosis of {input} begins[, from {from} on]",
	[EV_RUN_END] = "{reason}[ after {took_us:ms}][, connections: {connections}]"
		       "[, failed logins: {failed_auth}]",
	[EV_PROBE_START] = "{probe} begins[, limit {deadline_ms} ms]",
	[EV_PROBE_END] = "{probe} {result}[ after {took_us:ms}][: {text}]",
	[EV_NOTE] = "{text}",
	[EV_WATCH_KEPT] = "watch: {text}",
	[EV_STDERR_LINE] = "on standard error of this program: {text}",

	[EV_CONFIG_VALUE] = "{name} {value}",
	[EV_CONFIG_RESULT] = "ssh -G: {result}[, {file}][ line {line}][, option {option}]"
			     "[ ({text})][exit!0?, exit {exit}][, signal {signal}]",

	[EV_MUX_SOCKET] =
	    "shared connection {path}: {state}[ ({text})][, process {pid}][ ({owner})]"
	    "[what=stopped?, stopped]",
	[EV_MUX_CHECK] =
	    "its master: {result}[, process {pid}][unacked!0?, bytes not acknowledged: "
	    "{unacked}][retrans!0?, sent again: {retrans}][ ({text})][, {took_us:ms}]",
	[EV_MUX_SESSION] = "one more session in it: {result}[ ({text})][, {took_us:ms}]",

	[EV_LISTEN_RESULT] =
	    "forwarding {name}:[ {addr}][ port {port}][ {path}] is {result}[ ({errno})]"
	    "[, held by process {pid}][ ({owner})][ of {user}][ ({text})]",

	[EV_X11_LOCAL] = "X11 forwarding ({kind}): DISPLAY is {state}[ ({value})]"
			 "[, xauth {path}: {result}]",

	[EV_CONFIG_BLOCK] =
	    "Host {name} ({file}:{line})[reason=shadowed?: an earlier line wins over it]"
	    "[reason!shadowed?: not in force for this name][, User {user}]"
	    "[, Port {port}][, IdentityFile {path}]",

	[EV_RESOLVE_ADDR] = "address {addr}",
	[EV_RESOLVE_RESULT] = "look-up of {name}: {result}[ ({text})][, addresses: {count}]"
			      "[, {took_us:ms}]",

	[EV_RESOLVE_NAMES] =
	    "{name}: {file} line {line} says {ours}[, DNS says {theirs}]"
	    "[result=nodns?, DNS does not know it][result=self?, both of them this machine]"
	    "[result=error?, DNS gave no answer][ ({text})]",

	[EV_TCP_START] = "connecting to {addr} port {port}",
	[EV_TCP_SILENT] = "{addr} port {port}: no answer for {elapsed_us:ms}"
			  "[retrans!0?, SYNs sent again: {retrans}]",
	[EV_TCP_RESULT] = "{addr} port {port}: {result}[ ({errno})][: {text}]"
			  "[, ICMP type {icmp_type} code {icmp_code}][ from {icmp_from}]"
			  "[self=1? (this machine)][result=open?, round trip {rtt_us:ms}]"
			  "[result!open?[, after {took_us:ms}]]"
			  "[retrans!0?, retransmissions: {retrans}]",
	[EV_PORT_RESULT] =
	    "port {port}: {result}[ ({text})][alive=1?, so that something answers there]",

	[EV_TRACE_HOP] = "on the way to {addr} port {port}: {from} answers, hop {ttl}"
			 "[near=1?, in its own network][, {took_us:ms}]",
	[EV_TRACE_RESULT] = "on the way to {addr} port {port}[result=answered?: it answers now]"
			    "[result=moot?: not needed any more]"
			    "[result=done?[count=0? no router says a word]"
			    "[count!0? the answers stop behind {from}, hop {ttl}]]",
	[EV_PROXY_LINE] = "proxy says: {text}",
	[EV_PROXY_RESULT] =
	    "proxy {result}[: {command}][ ({text})][, exit {exit}][, signal {signal}]"
	    "[, {took_us:ms}]",
	[EV_HOP_RESULT] =
	    "jump host {hop}[ of {count}], {name}: [result=works?the login "
	    "works][result=failed?fails]"
	    "[result=human?waits for a person][result=unknown?could not be tested][: {text}]"
	    "[ ({finding}, {certainty})][forward=prohibited?; it forbids the way to {next}]"
	    "[forward=failed?; it cannot connect to {next}][forward=tries?; its connection to "
	    "{next} hangs][forward=other?; the way to {next} stays shut]"
	    "[forward=ok?; the way to {next} is open, and nothing comes back]"
	    "[forward=ident?; the way to {next} is open][, in its own words: {reply}]",
	[EV_FORWARD_RESULT] =
	    "way on to {host} port {port}: {result}[ (reason {code})][: {text}][, it says {ident}]"
	    "[, {took_us:ms}]",
	[EV_BANNER_LINE] = "before its banner[ (line {line})] the server says:[ {text}]",
	[EV_BANNER_IDENT] = "server is {text}[, {took_us:ms}]",
	[EV_BANNER_END] =
	    "no SSH banner: {reason}[ ({errno})][, looks like {guess}][, lines: {lines}]"
	    "[, bytes: {bytes}][, after {took_us:ms}]",
	[EV_KEX_SERVER] =
	    "server offers: key exchange {kex}; host keys {hostkey}; ciphers {cipher_cs}"
	    "[; MACs {mac_cs}]",
	[EV_KEX_AGREED] = "agreed: {kex}, {hostkey}, {cipher_cs}[, {mac_cs}]",
	[EV_KEX_MISMATCH] = "no common {what}[ ({option})]: the server has {theirs}; ssh has {ours}"
			    "[; could add {add}]",
	[EV_KEX_SILENT] =
	    "the key exchange does not go on[ after the server's {stage}], for {elapsed_us:ms}"
	    "[unacked!0?, segments of ours not acknowledged: {unacked}]",
	[EV_SEGMENT_RESULT] =
	    "another connection to {addr}[mss!0? with segments of at most {mss} bytes]: "
	    "[result=past?gets further][result=stalled?stalls too][result=closed?is closed]"
	    "[result=moot?not needed any more][result=failed?failed][ ({text})][, {took_us:ms}]",
	[EV_KEX_RESULT] = "key exchange: {result}[ ({errno})][: {text}][, {took_us:ms}]",

	[EV_KNOWN_ENTRY] = "{file}:{line} holds {type} {fp} for {name}[marker=revoked?, revoked]"
			   "[marker=ca?, a certificate authority]"
			   "[bare=1?, found without the port][hashed=1?, hashed]",
	[EV_KNOWN_FILE] = "{file}: {result}[ ({text})][, matching lines: {count}]",
	[EV_HOSTKEY_CONFIRM] =
	    "the end of the new fingerprint was typed: {result}[, tries left: {left}]",
	[EV_HOSTKEY_OFFERED] = "host key {type}[ {fp}][, {bits} bits]",
	[EV_HOSTKEY_KRL] = "RevokedHostKeys[ {file}]: [revoked=1?names this key]"
			   "[revoked=0?does not name this key][ ({text})]",

	[EV_HOSTKEY_OTHER] =
	    "another connection asked for {ours}: [result=shown?host key {type} {fp}]"
	    "[result!shown?{result}][ ({text})][, {took_us:ms}]",
	[EV_KNOWN_AGE] = "{file} was changed {days} days ago: its lines are at least that old",
	[EV_KNOWN_ELSEWHERE] = "{file}:{line} holds this key for {name}",
	[EV_KNOWN_WRITE] =
	    "{file}: [result=ok?a key can be added][result=no?no key can be added, {path} cannot "
	    "be written][ ({text})]",
	[EV_HOSTKEY_SSHFP] =
	    "SSHFP records of {name}: [result=match?one names this key][result=differs?they name "
	    "another key]"
	    "[result=none?none about this type of key][result=error?no answer][ ({text})]"
	    "[secure=1?, signed (DNSSEC), says the resolver][, {took_us:ms}]",
	[EV_KEY_FILE] =
	    "key {path}: {state}[open=1?, others may read it][, mode {mode}][, {type}]"
	    "[, {fp}][match=no?, its public half is another][ ({text})][, from {source}]",
	[EV_KEY_CERT] = "certificate {path}: {state}[, id {id}][, serial {serial}]"
			"[, for {principals}][, {kind}][, from {source} only]"
			"[, forces {command}]",
	[EV_AGENT_RESULT] = "agent:[result=unset? none is in use]"
			    "[result!unset? {result}[ at {path}][ ({text})][, keys: {count}]"
			    "[state=open?, it is not locked][state=shut?, it refuses a binding]"
			    "[, program {owner}][, {took_us:ms}]]",
	[EV_AGENT_KEY] = "agent holds {type} {fp}[ ({comment})]",

	[EV_AUTH_METHODS] =
	    "server accepts {methods}[partial=1? after a first factor][, {took_us:ms}]",
	[EV_AUTH_BANNER] = "server's notice: {text}",
	[EV_AUTH_SIGALGS] = "server takes signatures by {algs}",
	[EV_AUTH_QUERY] =
	    "key {answer}: {name}[, {type}][, from {from}][reason=algorithms?, left out by "
	    "PubkeyAcceptedAlgorithms][reason=sha1?, left out as it would take a SHA-1 signature]"
	    "[reason=short?, left out by RequiredRSASize]"
	    "[match=no?, not to be used from {local}][ ({text})][, {took_us:ms}]",
	[EV_AUTH_LOGIN] = "login by {method}[ with {name}]: {result}"
			  "[, its certificate forces {command}][ ({text})][, {took_us:ms}]",
	[EV_AUTH_END] = "authentication ended: {reason}[ {code}][ ({errno})][: {text}]",

	[EV_SESSION_REQUEST] = "{request}: {result}[ ({text})][, {took_us:ms}]",
	[EV_SESSION_EXEC] =
	    "first command: [nonce=ok?ran][nonce=absent?did not run, something else did]"
	    "[, exit {exit}][, signal {signal}][core=1? (core dumped)][nonce=absent?[, printed "
	    "{out}]]"
	    "[, said {err}][ ({text})][, {took_us:ms}]",
	[EV_SESSION_REST] = "first command, behind its nonce:[ terminal {name}: {result}][, shell "
			    "{shell}][, said {err}]",
	[EV_SESSION_SHELL] =
	    "shell: {state}[, exit {exit}][, signal {signal}][, printed {out}]"
	    "[, first byte after {first_us:ms}][, echo after {echo_us:ms}][, {took_us:ms}]",
	[EV_SESSION_SFTP] = "sftp: {result}[, version {version}][ ({text})]"
			    "[, which sftp takes for a length of {code}][, {took_us:ms}]",
	[EV_SESSION_MARK] =
	    "packets marked {name}[ (IPQoS, {request})]: sent again and again in vain, "
	    "[result=lost?and arrived as soon as they were not marked]"
	    "[result=stalled?without the mark as well]",
	[EV_SESSION_END] = "connection ended: {reason}[: {text}]",

	[EV_PROOF_START] = "own ssh begins: {command}",
	[EV_PROOF_LINE] = "{text}",
	[EV_PROOF_NOTE] = "sshd notes: {text}",
	[EV_PROOF_HOST] = "own ssh says of the host: [what=key?it shows {type} "
			  "{fp}][what=cert?certificate {text}]"
			  "[what=invalid?certificate invalid: {text}]"
			  "[what=no-ca?no authority that is known signed its certificate]"
			  "[what=tries?it tries {addr}][what=unanswered?{addr} does not answer]",
	[EV_LOGIN_RESULT] = "a person's login by ssh: {result}[, by {method}][, session {state}][, "
			    "exit {exit}][: {text}]",
	[EV_PROOF_RESULT] = "own ssh ended[ in {phase}][: exit {exit}][, signal {signal}]"
			    "[, {took_us:ms}][: {text}]",

	[EV_TEXT_SOURCE] =
	    "read {name}: {kind}[, lines: {lines}][, of use: {used}][cut=1?, not to its end]"
	    "[, run for {input}][, as {user}][ on {host}][root=0?, not as root]"
	    "[whole=0?, cut off]",
	[EV_CLIENT_SAYS] = "ssh says {what}[: {text}][, {path}]",
	[EV_TEXT_SAYS] = "server's [what=setting?{what} {path} {text}]"
			 "[what!setting?{what}[: {text}][, {path}][ line {line}]]"
			 "[, mode {mode}][, user {user}][, address {addr}][ port {port}]",
	[EV_TEXT_OTHER] = "not used ({reason}): {text}",

	[EV_FIX_PREVIEW] =
	    "fix {fix} on the {side}[ by {host}][: {command}][, then {next}][, line {line}: {text}]"
	    "[state=end?: {count} lines, {what}]",
	[EV_FIX_APPLIED] = "fix {fix} is applied on the {side}[ by {host}]"
			   "[side=client?, change {id}][: {text}]"
			   "[; unless a new login keeps it, it is undone after {deadline_ms} ms]"
			   "[; copies are in {path}]",
	[EV_FIX_KEPT] = "fix {fix} stays on the {side}[: {text}]",
	[EV_FIX_FAILED] = "fix[ {fix}] on the {side}[side=client?[, {what}][ of change {id}]]: "
			  "{text}[ ({reason})]",
	[EV_FIX_UNDONE] = "fix {fix} is undone on the {side}[side=client?, change {id}][: "
			  "{text}][, put back: {count}]"
			  "[, not put back: {lines}][ ({err})]",
	[EV_ADMIN_RESULT] =
	    "the collector's script[ by {host}]"
	    "[result=ok?: it ran][result=cut?: it did not come to its end]"
	    "[result=failed?: it did not run][result=error?: it could not be started]"
	    "[result=timeout?: not in time][result=cancelled?: cancelled]"
	    "[exit!0?, exit {exit}][: {text}][, {bytes} bytes][, {took_us:ms}]",
	[EV_PHASE] = "{phase} took {took_us:ms}[, round trips: {trips}][retrans!0?, segments sent "
		     "again: {retrans}]",
};

/* A template under expansion: where it is read, of what. */
struct words {
	const char *s;
	const struct evidence *ev;
	struct strbuf *sb;
	bool missing; /* a key of this part has no value */
};

/* The field of the key that is written as name[len], or NULL. */
static const struct ev_field *
field_named(const struct evidence *ev, const char *name, size_t len)
{
	for (size_t i = 0; i < ev->nfields; i++) {
		const char *key = ev_key_name(ev->f[i].key);

		if (strlen(key) == len && memcmp(key, name, len) == 0)
			return &ev->f[i];
	}
	return NULL;
}

static void
put_ms(struct strbuf *sb, int64_t us)
{
	if (us < 0)
		us = 0;
	if (us < 10000) /* below 10 ms, tenths matter */
		sb_printf(sb, "%" PRId64 ".%" PRId64 " ms", us / 1000, us % 1000 / 100);
	else
		sb_printf(sb, "%" PRId64 " ms", (us + 500) / 1000);
}

static void
put_value(struct words *w, const struct ev_field *f, bool ms)
{
	if (ev_key_is_int(f->key)) {
		if (ms)
			put_ms(w->sb, f->num);
		else
			sb_printf(w->sb, "%" PRId64, f->num);
	} else if (f->s != NULL) {
		sb_add(w->sb, f->s, f->len);
	}
}

/* At "{": put the value, or note that there is none. */
static void
expand_key(struct words *w)
{
	size_t len = strcspn(w->s + 1, ":}");
	const char *name = w->s + 1, *close = strchr(name, '}');
	const struct ev_field *f = field_named(w->ev, name, len);

	w->s = close + 1;
	if (f == NULL || (!ev_key_is_int(f->key) && f->len == 0)) {
		w->missing = true;
		sb_putc(w->sb, '?');
		return;
	}
	put_value(w, f, name[len] == ':');
}

/* Whether "key=value?" or "key!value?" at the head of a part holds; moves behind it. True where there is none. */
static bool
condition(struct words *w)
{
	size_t name = strspn(w->s, "abcdefghijklmnopqrstuvwxyz_"), value;
	const char *key = w->s, *want = w->s + name + 1;
	const struct ev_field *f;
	char text[32];
	bool same;

	if (name == 0 || (key[name] != '=' && key[name] != '!'))
		return true;
	value = strcspn(want, "?]");
	if (want[value] != '?')
		return true; /* no condition: words with such a sign */
	w->s = want + value + 1;
	if ((f = field_named(w->ev, key, name)) == NULL)
		return false;
	ev_copy(w->ev, f->key, text, sizeof text);
	same = strlen(text) == value && memcmp(text, want, value) == 0;
	return key[name] == '=' ? same : !same;
}

/* Expand up to the "]" that closes this part, or to the end of the template. */
static void
expand(struct words *w)
{
	while (*w->s != '\0' && *w->s != ']') {
		if (*w->s == '{') {
			expand_key(w);
		} else if (*w->s == '[') {
			struct words part = { .s = w->s + 1, .ev = w->ev, .sb = w->sb };
			size_t len = w->sb->len;
			bool holds = condition(&part);

			expand(&part);
			if (!holds || part.missing) {
				w->sb->len = len;
				w->sb->s[len] = '\0';
			}
			w->s = part.s + (*part.s == ']');
		} else {
			sb_putc(w->sb, *w->s++);
		}
	}
}

void
ev_describe(const struct evidence *ev, struct strbuf *sb)
{
	struct words w = { .ev = ev, .sb = sb };

	if ((unsigned)ev->kind >= EV__COUNT || templates[ev->kind] == NULL)
		return;
	if (ev->hop > 0)
		sb_printf(sb, "hop %d: ", ev->hop);
	w.s = templates[ev->kind];
	expand(&w);
}

/*
 * Rules of the performance layer: over budget by more than 1 s is FAIL, by
 * 0.3 to 1 s is WARN (budgets: phase.def). Each is said only of a login
 * in which our command or a person's shell ran.
 * Read by conclude.c. Pure data.
 */
#include "rule.h"

#define WHY(what) \
	what " Its budget is the round trips that it needs and an allowance for the server's " \
	     "work."

#define GSS_WHY \
	"The time was measured in your own ssh, from where it began with GSSAPI to where it gave " \
	"up " \
	"or sent its first packet of it. The SSH server is not asked for anything in that time, " \
	"so that " \
	"neither it nor the path to it can be the reason: ssh waits for ticket servers or for " \
	"names."

/* Two rows for one phase: much over its budget, and over it. */
#define SLOW(name, over, much, sure, words, because, how, cands, cures) \
	{ .id = name, \
		.layer = LAYER_PERFORMANCE, \
		.severity = SEV_FAIL, \
		.certainty = sure, \
		.all = { F_THROUGH, over, much }, \
		.summary = words, \
		.why = because, \
		.decide = how, \
		.candidates = cands, \
		.fixes = cures }, \
	{ \
		.id = name, .layer = LAYER_PERFORMANCE, .severity = SEV_WARN, .certainty = sure, \
		.all = { F_THROUGH, over }, .none = { much }, .summary = words, .why = because, \
		.decide = how, .candidates = cands, .fixes = cures \
	}
#define LIST(...) \
	{ \
		__VA_ARGS__ \
	}

/* clang-format off */
const struct rule rules_performance[] = {
	{ .id = "path-lossy", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_PROVEN,
	  .all = { F_LOGIN_OK, F_LOSSY_LATER, F_TCP_RETRANS },
	  .summary = "the path loses packets: {lost_ms} ms of this login went into sending again",
	  .why = "The kernel counted the segments that it had to send again, in the very phases that took too long, and by no more than that costs: each loss doubles the wait. They were lost after the server had spoken, so that its queue for new connections is not the reason.",
	  .supersedes = { "slow-first-address" },
	  .fixes = { "other-network" } },
	{ .id = "path-lossy", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_LIKELY,
	  .all = { F_LOGIN_OK, F_LOSSY, F_TCP_RETRANS },
	  .summary = "the path loses packets: the connection had to be asked for again ({time_tcp})",
	  .why = "The kernel counted segments that it had to send again, and each costs a second or more. A server whose queue for new connections is full drops them as well.",
	  .decide = "Another try, and another network; on the server nstat -az TcpExtListenDrops.",
	  .candidates = { "path-lossy", "slow-banner" },
	  .supersedes = { "slow-first-address" },
	  .fixes = { "other-network" } },
	{ .id = "path-lossy", .layer = LAYER_PERFORMANCE, .severity = SEV_INFO, .certainty = CERTAIN_PROVEN,
	  .all = { F_LOGIN_OK, F_TCP_RETRANS }, .none = { F_LOSSY },
	  .summary = "a few segments had to be sent again on the way",
	  .why = "The kernel counted them; less than a second was lost to it." },
	{ .id = "slow-usedns", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_PROVEN,
	  .all = { F_THROUGH, F_OVER_AUTHNONE, F_MUCH_AUTHNONE, F_SRV_USEDNS, F_SRV_DNS_SLOW },
	  .summary = "the server took {time_none}, before it named its methods: it looks up the name of your address, and nobody answers it in time",
	  .why = WHY("UseDNS is yes in the configuration that is in effect, the look-up of your address was timed on the server and took over a second, and its account data base answered at once."),
	  .fixes = { "server-usedns-off", "usedns-off" } },
	{ .id = "slow-usedns", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_LIKELY,
	  .all = { F_THROUGH, F_OVER_AUTHNONE, F_MUCH_AUTHNONE, F_SRV_USEDNS },
	  .summary = "the server took {time_none}, before it named its methods, and UseDNS is on",
	  .why = WHY("The pause lies after the first authentication request, where sshd looks up the name of your address, and its configuration says that it does."),
	  .decide = "On the server: how long the look-up of your address takes (getent hosts with it).",
	  .candidates = { "slow-usedns", "slow-auth-backend" }, .fixes = { "usedns-off" } },
	SLOW("slow-usedns", F_OVER_AUTHNONE, F_MUCH_AUTHNONE, CERTAIN_LIKELY,
	  "the server took {time_none}, before it named its methods",
	  WHY("The pause lies after the first authentication request, where sshd looks up the name of your address."),
	  "On the server: sshd -T shows usedns; getent hosts with your address shows how long its look-up takes.",
	  LIST("slow-usedns", "slow-auth-backend", "slow-gssapi"), LIST("usedns-off", "check-backend")),
	{ .id = "slow-gssapi", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_PROVEN,
	  .all = { F_THROUGH, F_MUCH_GSS, F_GSS_HERE },
	  .summary = "your ssh tries GSSAPI first, and waits: {time_gss}",
	  .why = GSS_WHY, .fixes = { "gssapi-off" } },
	{ .id = "slow-gssapi", .layer = LAYER_PERFORMANCE, .severity = SEV_WARN, .certainty = CERTAIN_PROVEN,
	  .all = { F_THROUGH, F_OVER_GSS, F_GSS_HERE }, .none = { F_MUCH_GSS },
	  .summary = "your ssh tries GSSAPI first, and waits: {time_gss}",
	  .why = GSS_WHY, .fixes = { "gssapi-off" } },
	SLOW("slow-gssapi", F_OVER_GSS, F_MUCH_GSS, CERTAIN_LIKELY,
	  "trying GSSAPI took {time_gss}, before any other way in",
	  WHY("The pause lies where ssh tries GSSAPI: it looks up names and asks for tickets that nobody gives."),
	  "The same login with -o GSSAPIAuthentication=no.",
	  LIST("slow-gssapi"), LIST("gssapi-off")),
	SLOW("slow-session-setup", F_OVER_CHANNEL, F_MUCH_CHANNEL, CERTAIN_LIKELY,
	  "setting up the session took {time_channel}",
	  WHY("The pause lies between the server's success and its opening of the session, before any shell or command runs."),
	  "The server's log for that time (pam_systemd, the motd scripts), and its load.",
	  LIST("slow-session-setup", "slow-banner"), LIST("session-modules")),
	SLOW("slow-shell-init", F_OVER_SHELL, F_MUCH_SHELL, CERTAIN_LIKELY,
	  "the shell took {time_shell}, until its first byte",
	  WHY("The session was open; the pause lies between the request for a shell or command and its first output: startup files, or a server that is overloaded."),
	  "A shell without startup files: whether it is quick.",
	  LIST("slow-shell-init", "slow-banner"), LIST("profile-rc", "no-rc")),
	SLOW("slow-auth-backend", F_OVER_SIGN, F_MUCH_SIGN, CERTAIN_LIKELY,
	  "the answer to a key or to its signature took {time_sign}",
	  WHY("The pause lies where the server looks for the keys and rules of the account. sshd also delays refusals on purpose, by less."),
	  "On the server: id with the user's name, and the key command, each timed.",
	  LIST("slow-auth-backend", "slow-usedns"), LIST("check-backend")),
	SLOW("slow-banner", F_OVER_BANNER, F_MUCH_BANNER, CERTAIN_LIKELY,
	  "the server took {time_banner}, before it said who it is",
	  WHY("The connection stood, and the identification was late: load, tcp wrappers, or a start on demand."),
	  "The load and the log of the server at that time.",
	  LIST("slow-banner", "slow-usedns"), LIST("server-load")),
	{ .id = "slow-kex", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_LIKELY,
	  .all = { F_THROUGH, F_KEX_PQ, F_OVER_KEX, F_MUCH_KEX },
	  .summary = "the key exchange took {time_kex}, and your ssh does a post-quantum one with this server",
	  .why = WHY("The pause lies in the key exchange. A post-quantum one (sntrup761, mlkem768) is what your ssh and the server agree on: its keys are larger than those of curve25519-sha256 alone, and both ends have more to reckon."),
	  .decide = "The same login with curve25519-sha256: where that is as slow, it is the load of one end and not the method.",
	  .candidates = { "kex-peer-stalls", "slow-banner" },
	  .fixes = { "other-kex", "server-load" } },
	{ .id = "slow-kex", .layer = LAYER_PERFORMANCE, .severity = SEV_WARN, .certainty = CERTAIN_LIKELY,
	  .all = { F_THROUGH, F_KEX_PQ, F_OVER_KEX }, .none = { F_MUCH_KEX },
	  .summary = "the key exchange took {time_kex}, and your ssh does a post-quantum one with this server",
	  .why = WHY("The pause lies in the key exchange. A post-quantum one (sntrup761, mlkem768) is what your ssh and the server agree on: its keys are larger than those of curve25519-sha256 alone, and both ends have more to reckon."),
	  .decide = "The same login with curve25519-sha256: where that is as slow, it is the load of one end and not the method.",
	  .candidates = { "kex-peer-stalls", "slow-banner" },
	  .fixes = { "other-kex", "server-load" } },
	SLOW("slow-kex", F_OVER_KEX, F_MUCH_KEX, CERTAIN_LIKELY,
	  "the key exchange took {time_kex}",
	  WHY("The pause lies in the key exchange: processor load at one end, or an exchange with very large numbers."),
	  "The same login with another key exchange.",
	  LIST("kex-peer-stalls", "slow-banner"), LIST("other-kex", "server-load")),
	SLOW("slow-proxy", F_OVER_PROXY, F_MUCH_PROXY, CERTAIN_PROVEN,
	  "the way through {via} took {time_proxy}",
	  WHY("This is the time that the jump hosts or the proxy command took to connect."),
	  NULL, LIST(NULL), LIST("diagnose-hop")),
	SLOW("slow-first-address", F_OVER_TCP, F_MUCH_TCP, CERTAIN_LIKELY,
	  "the TCP connection took {time_tcp}",
	  WHY("This is the time until an address of the host accepted the connection."),
	  "The times of each address in the evidence; another try tells lost packets from an address that is dead.",
	  LIST("slow-first-address", "path-lossy"), LIST("other-network")),
	SLOW("slow-name-lookup", F_OVER_RESOLVE, F_MUCH_RESOLVE, CERTAIN_PROVEN,
	  "looking up {hostname} took {time_resolve}",
	  WHY("This is the time that the resolver of this machine took: often its first name server does not answer."),
	  NULL, LIST(NULL), LIST("repair-resolver", "use-address")),
	SLOW("slow-config", F_OVER_CONFIG, F_MUCH_CONFIG, CERTAIN_PROVEN,
	  "reading the ssh configuration took {time_config}",
	  WHY("This is the time that ssh -G took, before any packet: a Match exec command, or a slow home directory."),
	  NULL, LIST(NULL), LIST("try-empty-config")),
	{ .id = "slow-echo", .layer = LAYER_PERFORMANCE, .severity = SEV_WARN, .certainty = CERTAIN_PROVEN,
	  .all = { F_THROUGH, F_ECHO_SLOW },
	  .summary = "typing lags: what was typed into the shell came back after {echo} ms",
	  .why = "The path takes less than that by over 300 ms: the time is lost on the server, by load or by what the shell does before each prompt.",
	  .decide = "On the server: uptime and vmstat 1; a shell without startup files.",
	  .fixes = { "server-load", "no-rc" } },
	{ .id = "path-slow", .layer = LAYER_PERFORMANCE, .severity = SEV_FAIL, .certainty = CERTAIN_PROVEN,
	  .all = { F_LOGIN_OK, F_SESSION_DONE, F_RTT_HIGH, F_LOGIN_SLOW }, .none = { F_OVER_ANY },
	  .summary = "the path is long: a round trip takes {rtt} ms, and a login needs many ({total_ms} ms in all)",
	  .why = "Every phase kept to its number of round trips; the distance alone makes the login slow.",
	  .fixes = { "shared-connection", "nearer-host" } },
	{ .id = "path-slow", .layer = LAYER_PERFORMANCE, .severity = SEV_WARN, .certainty = CERTAIN_PROVEN,
	  .all = { F_RTT_HIGH }, .any = { F_LOGIN_OK, F_PERSON_SHELL },
	  .summary = "the path is long: a round trip takes {rtt} ms",
	  .why = "The kernel measured it when the connection was opened; a login needs about ten of them.",
	  .fixes = { "shared-connection", "nearer-host" } },
	{ .id = NULL },
};
/* clang-format on */

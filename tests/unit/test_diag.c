/*
 * The reducer: what a list of evidence comes to. A row of cases[] is a situation, in the words of
 * the probes, with the verdict, certainty and exit code that it must have,
 * in the order given and in many others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/diag.h"
#include "core/fix.h"
#include "core/rule.h"
#include "core/told.h"

enum { LINES_MAX = 128, PRINT_MAX = 32 * 1024 };

struct test_case {
	const char *name, *lines, *id, *certainty;
	int exit_code;
	const char *layers; /* first letters of the four states; NULL: not looked at */
	const char *fix;    /* a command that must be offered; NULL: not looked at */
};

/* clang-format off */
#define P(name) "probe.start probe=" name " deadline_ms=10000\n"
#define E(name) "probe.end probe=" name " result=done took_us=900\n"
#define START "run.start input=alice@web1 host=web1 user=alice port=0 args=\"\" version=0.1.0 now=1790000000 from=\"\"\n"
#define END "run.end reason=done connections=1 failed_auth=0 took_us=400000\n"
#define CFG(strict, more) P("config") "config.value name=hostname value=web1.example\nconfig.value name=port value=22\n" \
	"config.value name=user value=alice\nconfig.value name=stricthostkeychecking value=" strict "\n" more \
	"config.result result=ok took_us=9000\nphase phase=config start_us=0 took_us=9000\n" E("config")
#define BEGIN START CFG("ask", "")
#define ADDR P("resolve") "resolve.addr addr=192.0.2.7 family=inet order=0\nresolve.result name=web1.example result=ok count=1 took_us=1200\n" \
	"phase phase=resolve start_us=9000 took_us=1200\n" E("resolve") P("tcp") "tcp.start addr=192.0.2.7 port=22 order=0\n"
#define TCP(result) BEGIN ADDR "tcp.result addr=192.0.2.7 port=22 order=0 " result " local=192.0.2.50 retrans=0 took_us=900\n" E("tcp")
#define OPENED(rtt) "tcp.result addr=192.0.2.7 port=22 order=0 result=open local=192.0.2.50 rtt_us=" rtt " retrans=0 took_us=" rtt "\n" \
	"phase phase=tcp start_us=10200 took_us=" rtt "\n" E("tcp")
#define CONNECTED BEGIN ADDR OPENED("20000") P("wire")
#define IDENT "banner.ident text=\"SSH-2.0-OpenSSH_9.2p1 Debian-2\" proto=2.0 software=OpenSSH_9.2p1 took_us=20000\nphase phase=banner start_us=30000 took_us=21000\n"
#define KEXINIT "kex.server kex=curve25519-sha256 hostkey=ssh-ed25519 cipher_cs=aes128-ctr cipher_sc=aes128-ctr mac_cs=hmac-sha2-256 mac_sc=hmac-sha2-256\n"
#define CERTKEXINIT "kex.server kex=curve25519-sha256 hostkey=ssh-ed25519-cert-v01@openssh.com,ssh-ed25519 cipher_cs=aes128-ctr cipher_sc=aes128-ctr mac_cs=hmac-sha2-256 mac_sc=hmac-sha2-256\n"
#define HOSTKEY "kex.result result=done took_us=60000\nhostkey.offered type=ssh-ed25519 fp=SHA256:host bits=256\n" E("wire") \
	P("hostkey") "hostkey.krl revoked=0 file=\"\"\n" E("hostkey")
#define ENTRY(type, fp, rest) P("knownhosts") "known.entry name=web1.example file=/home/alice/.ssh/known_hosts line=7 type=" type " fp=" fp " marker=" rest "\n" E("knownhosts")
#define KNOWNKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0")
#define NAMES(result) P("names") "resolve.names name=web1.example file=/etc/hosts line=7 result=" result " ours=192.0.2.7 theirs=198.51.100.9 addr=198.51.100.9 took_us=900\n" E("names")
#define MATCHED CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0")
#define KEYFILE(state) "key.file path=/home/alice/.ssh/id_ed25519 source=default " state "\n"
#define GOODKEY KEYFILE("state=ok mode=0600 owner=alice open=0 type=ssh-ed25519 fp=SHA256:mine pub=1 match=yes")
#define NOKEY KEYFILE("state=missing")
#define KEYS(files) P("keys") files E("keys")
#define AGENT(line) P("agent") "agent.result " line "\n" E("agent")
#define NOAGENT AGENT("result=unset")
#define METHODS(list) P("auth") "auth.methods methods=" list " partial=0 took_us=40000\nphase phase=auth.none start_us=120000 took_us=41000\n"
#define ASKED(answer) "auth.query fp=SHA256:mine type=ssh-ed25519 name=/home/alice/.ssh/id_ed25519 from=file listed=1 order=1 answer=" answer " took_us=20000\n"
#define AUTHENDS "auth.end reason=done\n" E("auth")
#define LOGIN(result) "auth.login method=publickey fp=SHA256:mine name=/home/alice/.ssh/id_ed25519 from=file result=" result " took_us=30000\n"
#define LOGGEDIN(none) MATCHED KEYS(GOODKEY) NOAGENT P("auth") "auth.methods methods=publickey partial=0 took_us=40000\nphase phase=auth.none start_us=120000 took_us=" none "\n" \
	ASKED("accepted") LOGIN("success") "phase phase=auth.sign start_us=180000 took_us=30000\n" AUTHENDS
#define SESSION(channel, shell) P("session") "session.request request=channel result=ok took_us=1\nphase phase=session.channel start_us=210000 took_us=" channel "\n" \
	"session.exec nonce=ok exit=0 first_us=30000 took_us=31000\nphase phase=session.exec start_us=230000 took_us=30000\n" \
	"session.request request=pty result=ok took_us=1\nsession.shell state=open first_us=40000 took_us=540000\nphase phase=shell start_us=260000 took_us=" shell "\n" \
	"session.sftp result=ok version=3 took_us=1\n" E("session")
#define PROOF P("proof") "proof.result exit=0 took_us=300000 phase=session\n" E("proof")
#define EXEC(how) LOGGEDIN("41000") P("session") "session.exec " how " core=0 took_us=4000\n" E("session") END
#define SHELL(line) LOGGEDIN("41000") P("session") "session.exec nonce=ok exit=0 took_us=31000\n" line "\n" E("session") PROOF END

static const struct test_case cases[] = {
	{ "healthy", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "healthy_so_far", LOGGEDIN("41000") P("session") "session.exec nonce=ok exit=0 took_us=31000\nsession.shell state=started first_us=40000\n" PROOF, "healthy", "likely", 0, "pprr", NULL },
	{ "only_authentication_was_asked", LOGGEDIN("41000") END, "healthy", "likely", 0, "ppuu", NULL },
	{ "only_transport_was_asked", MATCHED END, "healthy", "likely", 0, "puuu", NULL },
	{ "interrupted", BEGIN ADDR "run.end reason=interrupted connections=0 failed_auth=0\n", "undecided", "proven", 130, "uuuu", NULL },
	{ "nothing_yet", START, "none", "none", 20, "wwww", NULL },
	{ "running", BEGIN ADDR, "none", "none", 20, "rwww", NULL },

	{ "wrong_words", START P("config") "config.result result=usage text=\"Bad port 'x'\" exit=255\n" E("config") END, "cfg-usage", "proven", 2, "fsss", NULL },
	{ "bad_option", START P("config") "config.result result=bad-option file=/home/alice/.ssh/config line=3 option=Foo text=\"Bad configuration option: foo\" exit=255\n" E("config") END, "cfg-bad-option", "proven", 10, "fsss", "ssh -o IgnoreUnknown=Foo alice@web1" },
	{ "bad_perms", START "config.result result=bad-perms file=/home/alice/.ssh/config text=\"Bad owner or permissions\" exit=255\n" END, "cfg-bad-perms", "proven", 10, "fsss", "chmod go-w -- /home/alice/.ssh/config" },
	{ "client_not_started", START "config.result result=unstarted text=\"too many open files\"\n" END, "config-failed", "proven", 10, "fsss", NULL },
	{ "no_client", START "config.result result=missing text=\"no such file\"\n" END, "client-missing", "proven", 10, "fsss", NULL },
	{ "config_crash", START "config.result result=crash signal=SEGV\n" END, "client-crash", "proven", 10, "fsss", "ssh -F none alice@web1" },
	{ "config_killed", START "config.result result=crash signal=KILL\n" END, "client-crash", "likely", 10, "fsss", NULL },
	{ "config_timeout", START "config.result result=timeout\n" END, "config-failed", "proven", 10, NULL, NULL },
	{ "config_error", START "config.result result=error text=\"No user exists for uid 7\" exit=255\n" END, "config-failed", "proven", 10, NULL, NULL },

	{ "nxdomain", BEGIN P("resolve") "resolve.result name=web1.example result=nxdomain text=\"Name or service not known\"\n" E("resolve") END, "dns-nxdomain", "proven", 10, "fsss", NULL },
	{ "resolver_dead", BEGIN "resolve.result name=web1.example result=temp text=\"Temporary failure\"\n" END, "dns-temp-failure", "proven", 10, NULL, NULL },
	{ "resolver_never_answers", BEGIN "resolve.result name=web1.example result=timeout\n" END, "dns-temp-failure", "proven", 10, NULL, NULL },
	{ "no_address", BEGIN "resolve.result name=web1.example result=nodata\n" END, "dns-no-address", "proven", 10, NULL, NULL },
	{ "marked_packets_get_lost", LOGGEDIN("41000") P("session") "session.mark name=af21 request=shell result=lost\n" "session.exec nonce=ok exit=0 took_us=31000\nsession.shell state=open first_us=2000000 took_us=2540000\n" E("session") PROOF END, "qos-drop", "likely", 12, NULL, "ssh -o IPQoS=none alice@web1" },
	{ "marked_or_not_they_get_lost", LOGGEDIN("41000") P("session") "session.request request=exec result=timeout\nsession.mark name=cs1 request=exec result=stalled\n" E("session") END, "session-stalled", "proven", 12, NULL, NULL },
	{ "resolver_error", BEGIN "resolve.result name=web1.example result=error text=\"System error\"\n" END, "dns-failed", "proven", 10, NULL, NULL },

	{ "refused", TCP("result=refused errno=ECONNREFUSED") P("ports") "port.result port=2222 addr=192.0.2.7 result=refused\n" E("ports") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "refused_at_an_old_address", TCP("result=refused errno=ECONNREFUSED") KNOWNKEY NAMES("differ") P("ports") "port.result port=2222 addr=192.0.2.7 result=refused\n" E("ports") END, "dns-wrong-answer", "likely", 10, "fsss", "ssh -o HostName=198.51.100.9 -o HostKeyAlias=web1.example alice@web1" },
	{ "refused_at_an_old_address_of_an_unknown_host", TCP("result=refused errno=ECONNREFUSED") NAMES("differ") P("ports") E("ports") END, "dns-wrong-answer", "likely", 10, "fsss", NULL },
	{ "nobody_at_an_old_address", TCP("result=timeout") NAMES("differ") END, "dns-wrong-answer", "likely", 10, "fsss", NULL },
	{ "no_dns_for_a_name_of_the_file", TCP("result=refused errno=ECONNREFUSED") NAMES("nodns") P("ports") E("ports") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "both_lead_to_this_machine", TCP("result=refused errno=ECONNREFUSED") NAMES("self") P("ports") E("ports") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "a_local_rule_whatever_the_name_leads_to", TCP("result=refused errno=ECONNREFUSED icmp_type=3 icmp_code=3 icmp_from=192.0.2.50 self=1") NAMES("differ") END, "tcp-refused-local-rule", "proven", 10, NULL, NULL },
	{ "changed_at_an_old_address", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:old", "none bare=0") NAMES("differ") END, "hostkey-changed", "proven", 10, "fsss", NULL },
	{ "unknown_and_the_name_is_in_the_file", CONNECTED IDENT KEXINIT HOSTKEY P("knownhosts") E("knownhosts") NAMES("differ") END, "hostkey-unknown", "proven", 20, NULL, NULL },
	{ "refused_ports_not_looked_at", TCP("result=refused errno=ECONNREFUSED") P("ports"), "tcp-refused", "likely", 10, "fsss", NULL },
	{ "wrong_port", TCP("result=refused errno=ECONNREFUSED") P("ports") "port.result port=2222 addr=192.0.2.7 result=ssh text=SSH-2.0-OpenSSH_9.2\n" E("ports") END, "tcp-refused-wrong-port", "likely", 10, "fsss", "ssh -p 2222 alice@web1" },
	{ "firewall", TCP("result=refused errno=ECONNREFUSED icmp_type=3 icmp_code=3 icmp_from=192.0.2.1 self=0") END, "tcp-refused-firewall", "proven", 10, NULL, NULL },
#define NOW "1790000000"
#define TEXT(how) "@server/1 text.source name=c kind=collector lines=9 bytes=99 used=3 " how "cut=0\n"
#define COLLECTED TEXT("whole=1 root=1 host=web1 addrs=192.0.2.7,127.0.0.1 input=alice@web1 user=alice addr=192.0.2.50 source=ssh_connection now=" NOW " ")
#define SAYS(line) "@server/1 text.says what=" line "\n"
#define REFUSED TCP("result=refused errno=ECONNREFUSED") P("ports") E("ports")
	{ "no_listener_by_the_collector", REFUSED COLLECTED SAYS("listeners-all") SAYS("listener addr=0.0.0.0 port=80 text=nginx") SAYS("unit text=ssh mode=failed") END, "tcp-refused-no-listener", "proven", 10, "fsss", "sshd -t && systemctl start ssh" },
	{ "no_listener_by_a_paste", REFUSED TEXT("") SAYS("listeners-all") END, "tcp-refused-no-listener", "likely", 10, "fsss", NULL },
	{ "no_listener_on_another_host", REFUSED TEXT("whole=1 host=db9 addrs=192.0.2.99 input=alice@db9 user=alice now=" NOW " ") SAYS("listeners-all") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "no_listener_a_day_ago", REFUSED TEXT("whole=1 host=web1 addrs=192.0.2.7 input=alice@web1 user=alice now=1789900000 ") SAYS("listeners-all") END, "tcp-refused-no-listener", "likely", 10, "fsss", NULL },
	{ "no_listener_in_a_run_that_was_cut_off", REFUSED TEXT("whole=0 host=web1 addrs=192.0.2.7 input=alice@web1 user=alice now=" NOW " ") SAYS("listeners-all") END, "tcp-refused-no-listener", "likely", 10, "fsss", NULL },
	{ "a_list_that_is_not_whole", REFUSED COLLECTED SAYS("listener addr=127.0.0.1 port=22 text=sshd") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "listens_on_another_address", REFUSED COLLECTED SAYS("listeners-all") SAYS("listener addr=127.0.0.1 port=22 text=sshd") END, "tcp-refused-bind-address", "proven", 10, "fsss", NULL },
#define SOCKET COLLECTED SAYS("listeners-all") SAYS("listener addr=* port=2022 text=\"systemd, process 1 of init.scope\"")
	{ "socket_unit_on_another_port", REFUSED SOCKET SAYS("unit text=ssh.socket mode=active") SAYS("setting path=port text=22") END, "tcp-socket-port-ignored", "proven", 10, "fsss", NULL },
	{ "socket_unit_and_the_port_is_not_configured", REFUSED SOCKET SAYS("unit text=ssh.socket mode=active") SAYS("setting path=port text=2022") END, "tcp-refused-no-listener", "proven", 10, "fsss", NULL },
	{ "socket_of_another_unit", REFUSED SOCKET SAYS("unit text=ssh mode=active") SAYS("setting path=port text=22") END, "tcp-refused-no-listener", "proven", 10, "fsss", NULL },
	{ "listens_there_all_the_same", REFUSED COLLECTED SAYS("listeners-all") SAYS("listener addr=0.0.0.0 port=22 text=sshd") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "texts_that_say_nothing", "@server/1 text.source name=c kind=\"nothing that is known here\" lines=9 bytes=99 used=0 cut=0\nrun.start input=\"\" host=\"\" user=\"\" port=0 args=\"\" source=text version=0.1.0 now=" NOW "\n" END, "undecided", "proven", 20, NULL, NULL },
	{ "texts_alone", "@server/1 text.source name=c kind=collector lines=9 bytes=99 used=3 cut=0 whole=1 root=1 host=web1 addrs=192.0.2.7 input=alice@web1 user=alice now=" NOW "\n"
	  SAYS("listeners-all") "@pasted/0 config.value name=port value=22\n" "run.start input=\"\" host=\"\" user=\"\" port=0 args=\"\" source=text version=0.1.0 now=" NOW "\n" END, "tcp-refused-no-listener", "proven", 10, NULL, NULL },
	{ "sshd_config_faulty", REFUSED COLLECTED SAYS("listeners-all") SAYS("config-invalid text=\"Bad configuration option: Foo\" path=/etc/ssh/sshd_config line=7") SAYS("unit text=sshd") END, "sshd-config-invalid", "proven", 10, "fsss",
	  "cp -p -- /etc/ssh/sshd_config /etc/ssh/sshd_config.before && sed -i '7s/^/#/' /etc/ssh/sshd_config && sshd -t && systemctl start sshd" },
	{ "sshd_refuses_its_configuration", REFUSED COLLECTED SAYS("config-refused text=\"AuthenticationMethods cannot be satisfied\"") END, "sshd-config-invalid", "proven", 10, "fsss", NULL },
	{ "sshd_half_upgraded", REFUSED COLLECTED SAYS("half-upgraded text=\"/usr/lib/openssh/sshd-session does not exist or is not executable\"") END, "sshd-half-upgraded", "proven", 10, "fsss", NULL },
	{ "sshd_cannot_assign", REFUSED COLLECTED SAYS("bind-address text=\"Bind to port 22 on 192.0.2.9 failed: Cannot assign requested address.\"") END, "tcp-refused-bind-address", "likely", 10, "fsss", NULL },
	{ "sshd_stopped", REFUSED COLLECTED SAYS("stopped text=\"Received signal 15; terminating.\"") END, "tcp-refused-no-listener", "likely", 10, "fsss", NULL },
	{ "sshd_without_host_keys", REFUSED COLLECTED SAYS("no-hostkeys text=\"no hostkeys available -- exiting.\"") SAYS("unit text=ssh") END, "sshd-no-hostkeys-or-privsep", "proven", 10, "fsss", "ssh-keygen -A && sshd -t && systemctl start ssh" },
	{ "a_server_for_each_connection_without_host_keys", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" E("wire") COLLECTED SAYS("no-hostkeys text=\"no hostkeys available -- exiting.\"") END, "sshd-no-hostkeys-or-privsep", "likely", 10, "fsss", NULL },
	{ "sshd_without_its_directory", REFUSED COLLECTED SAYS("no-privsep text=\"Missing privilege separation directory: /run/sshd\" path=/run/sshd") SAYS("unit text=ssh") END, "sshd-no-hostkeys-or-privsep", "proven", 10, "fsss", NULL },
	{ "sshd_may_not_bind", REFUSED COLLECTED SAYS("port-selinux text=\"Bind to port 22 on 0.0.0.0 failed: Permission denied.\"") END, "sshd-port-selinux", "proven", 10, "fsss", NULL },
	{ "port_held_by_another", CONNECTED "banner.line text=hello line=1\nbanner.end reason=eof lines=1 bytes=8\n" E("wire") COLLECTED SAYS("listener addr=0.0.0.0 port=22 text=nginx") END, "sshd-port-taken", "proven", 10, "fsss", NULL },
	{ "port_held_by_a_unit", CONNECTED "banner.line text=hello line=1\nbanner.end reason=eof lines=1 bytes=8\n" E("wire") COLLECTED SAYS("listener addr=0.0.0.0 port=22 text=nginx") SAYS("unit text=ssh mode=failed") SAYS("port-holder text=nginx path=web.service port=22 line=77") END, "sshd-port-taken", "proven", 10, "fsss",
	  "sshd -t && systemctl stop web.service && systemctl reset-failed ssh && systemctl start ssh" },
	{ "port_held_by_a_process", CONNECTED "banner.line text=hello line=1\nbanner.end reason=eof lines=1 bytes=8\n" E("wire") COLLECTED SAYS("listener addr=0.0.0.0 port=22 text=nginx") SAYS("unit text=ssh mode=failed") SAYS("port-holder text=nginx port=22 line=77") SAYS("port-holder text=other path=other.service port=23 line=78") END, "sshd-port-taken", "proven", 10, "fsss",
	  "sshd -t && grep -qxF -e nginx /proc/77/comm && kill 77 && ( for i in 1 2 3 4 5 6 7 8 9 10; do [ -e /proc/77 ] || break; sleep 1; done ) && systemctl reset-failed ssh && systemctl start ssh" },
	{ "port_was_taken", REFUSED COLLECTED SAYS("port-taken text=\"Bind to port 22 on 0.0.0.0 failed: Address already in use.\"") END, "sshd-port-taken", "proven", 10, "fsss", NULL },
	{ "banned_by_its_list", REFUSED COLLECTED SAYS("banned text=\"fail2ban jail sshd\"") END, "tcp-refused-banned", "proven", 10, "fsss", NULL },
	{ "a_log_of_two_users_is_of_the_latest", "@server/1 text.source name=c kind=\"sshd log\" lines=9 bytes=99 used=3 cut=0\n" SAYS("user-unknown user=bob port=40001 session=1 time=1789990001") SAYS("account-locked user=carol port=40002 session=2 time=1789990002")
	  "@pasted/0 run.start input=\"\" host=\"\" user=\"\" port=0 args=\"\" source=text version=0.1.0 now=" NOW "\n" END, "auth-account-locked", "likely", 11, NULL, "usermod -p '*' -- carol" },
	{ "banned_and_silent", TCP("result=timeout") END COLLECTED SAYS("banned text=\"fail2ban jail sshd\"") SAYS("fw-drop text=\"ip saddr @addr-set-sshd drop\""), "tcp-refused-banned", "proven", 10, "fsss", NULL },
	{ "a_ban_of_our_address_in_a_log", REFUSED TEXT("") SAYS("banned text=\"fail2ban, jail sshd\" mode=unsure addr=192.0.2.50") END, "tcp-refused-banned", "likely", 10, "fsss", NULL },
	{ "a_ban_of_another_address", REFUSED TEXT("") SAYS("banned text=\"fail2ban, jail sshd\" mode=unsure addr=192.0.2.99") END, "tcp-refused", "proven", 10, "fsss", NULL },
	{ "a_ban_and_nobody_knows_whose", "@server/1 text.source name=c kind=\"sshd log\" lines=9 bytes=99 used=3 cut=0\n" SAYS("banned text=\"fail2ban, jail sshd\" mode=unsure addr=192.0.2.99")
	  "@pasted/0 run.start input=\"\" host=\"\" user=\"\" port=0 args=\"\" source=text version=0.1.0 now=" NOW "\n" END, "undecided", "proven", 20, NULL, NULL },
	{ "rejected_by_its_rule", REFUSED COLLECTED SAYS("fw-reject text=\"tcp dport 22 reject with tcp reset\"") END, "tcp-refused-firewall", "proven", 10, "fsss", NULL },
	{ "dropped_by_its_rule", TCP("result=timeout retrans=3 took_us=10000000") COLLECTED SAYS("fw-drop text=\"nft inet lab i: tcp dport 22 drop\" path=\"inet lab i\"") END, "tcp-timeout-filtered", "proven", 10, "fsss", "nft insert rule inet lab i ip saddr 192.0.2.50 tcp dport 22 accept" },
	{ "dropped_perhaps", TCP("result=timeout retrans=3 took_us=10000000") COLLECTED SAYS("fw-drop text=\"nft inet lab i: tcp dport 22 drop\" path=\"inet; reboot\" mode=unsure") END, "tcp-timeout-filtered", "likely", 10, "fsss", NULL },
	{ "local_rule", TCP("result=refused errno=ECONNREFUSED icmp_type=3 icmp_code=3 icmp_from=192.0.2.50 self=1") END, "tcp-refused-local-rule", "proven", 10, NULL, NULL },
	{ "prohibited", TCP("result=unreachable errno=EHOSTUNREACH icmp_type=3 icmp_code=13 icmp_from=192.0.2.1 self=0") END, "fw-reject-prohibited", "proven", 10, NULL, NULL },
	{ "prohibited_by_its_zone", TCP("result=unreachable errno=EHOSTUNREACH icmp_type=3 icmp_code=13 icmp_from=192.0.2.7 self=0") COLLECTED SAYS("fw-reject text=\"firewalld zone public: no service or port lets it in\" path=public") END, "fw-reject-prohibited", "proven", 10, NULL, "firewall-cmd --zone=public --add-port=22/tcp" },
	{ "host_unreachable", TCP("result=unreachable errno=EHOSTUNREACH icmp_type=3 icmp_code=1 icmp_from=192.0.2.1 self=0") END, "net-host-unreachable", "proven", 10, NULL, NULL },
	{ "neighbour", TCP("result=unreachable errno=EHOSTUNREACH icmp_type=3 icmp_code=1 icmp_from=192.0.2.50 self=1") END, "net-neighbour-absent", "proven", 10, NULL, NULL },
#define SSHENDS(text) LOGGEDIN("41000") SESSION("25000", "60000") P("proof") "proof.result exit=255 took_us=30000 phase=transport text=\"" text "\"\n" E("proof") END
#define RSAHOST(min, bits, strict, entry) START CFG(strict, "config.value name=requiredrsasize value=" min "\n") ADDR OPENED("20000") P("wire") IDENT KEXINIT \
	"kex.agreed kex=curve25519-sha256 hostkey=rsa-sha2-512\nkex.result result=done took_us=60000\nhostkey.offered type=ssh-rsa fp=SHA256:host bits=" bits "\n" E("wire") \
	P("hostkey") "hostkey.krl revoked=0 file=\"\"\n" E("hostkey") entry
	{ "hostkey_has_too_few_bits", RSAHOST("3072", "2048", "ask", ENTRY("ssh-rsa", "SHA256:host", "none bare=0")) END, "kex-crypto-policy", "proven", 10, "fsss", "ssh -o RequiredRSASize=1024 alice@web1" },
	{ "hostkey_has_too_few_bits_and_is_new", RSAHOST("3072", "2048", "ask", E("knownhosts")) END, "kex-crypto-policy", "proven", 10, "fsss", "ssh -o RequiredRSASize=1024 alice@web1" },
	{ "hostkey_has_bits_enough", RSAHOST("2048", "2048", "ask", ENTRY("ssh-rsa", "SHA256:host", "none bare=0")) END, "healthy", "likely", 0, "puuu", NULL },
	{ "hostkey_too_short", SSHENDS("Bad server host key: Invalid key length"), "kex-crypto-policy", "proven", 10, NULL, "ssh -o RequiredRSASize=1024 alice@web1" },
	{ "crypto_library_refuses", SSHENDS("ssh_dispatch_run_fatal: Connection to 192.0.2.7 port 22: error in libcrypto"), "kex-crypto-policy", "likely", 10, NULL, NULL },
	{ "library_says_nothing_of_crypto", SSHENDS("ssh_dispatch_run_fatal: Connection to 192.0.2.7 port 22: Broken pipe"), "proof-failed", "likely", 10, NULL, NULL },
#define BIND(args, name, value) "run.start input=alice@web1 host=web1 user=alice port=0 args=\"" args "\" version=0.1.0 now=1790000000 from=\"\"\n" \
	CFG("ask", "config.value name=" name " value=" value "\n") ADDR "tcp.result addr=192.0.2.7 port=22 order=0 result=unbound errno=EADDRNOTAVAIL text=\"x\" retrans=0 took_us=900\n" E("tcp") END
	{ "bind_address", BIND("-v -o BindAddress=203.0.113.9", "bindaddress", "203.0.113.9"), "cfg-bind-address", "proven", 10, "fsss", "ssh -o BindAddress=0.0.0.0 -v alice@web1" },
	{ "bind_address_by_letter", BIND("-b 203.0.113.9", "bindaddress", "203.0.113.9"), "cfg-bind-address", "proven", 10, "fsss", "ssh -o BindAddress=0.0.0.0 alice@web1" },
	{ "bind_interface", BIND("-B wg0", "bindinterface", "wg0"), "cfg-bind-address", "proven", 10, "fsss", "ssh -o BindAddress=0.0.0.0 -B wg0 alice@web1" },
	{ "bind_by_another_address_fails", TCP("result=error errno=EADDRNOTAVAIL") END, "tcp-failed", "proven", 10, "fsss", NULL },
	{ "no_route", TCP("result=unreachable errno=ENETUNREACH") END, "net-no-local-route", "proven", 10, NULL, NULL },
	{ "neighbour_v6", BEGIN "resolve.addr addr=2001:db8::7 order=0\ntcp.result addr=2001:db8::7 port=22 order=0 result=unreachable icmp_type=1 icmp_code=3 icmp_from=2001:db8::50 self=1\n" E("tcp") END, "net-neighbour-absent", "proven", 10, NULL, NULL },
	{ "prohibited_v6", BEGIN "resolve.addr addr=2001:db8::7 order=0\ntcp.result addr=2001:db8::7 port=22 order=0 result=unreachable icmp_type=1 icmp_code=1 icmp_from=2001:db8::1 self=0\n" E("tcp") END, "fw-reject-prohibited", "proven", 10, NULL, NULL },
	{ "one_family_missing_is_not_the_reason", BEGIN "resolve.addr addr=2001:db8::7 order=0\nresolve.addr addr=192.0.2.7 order=1\ntcp.result addr=2001:db8::7 port=22 order=0 result=unreachable errno=ENETUNREACH\n"
	  "tcp.result addr=192.0.2.7 port=22 order=1 result=timeout retrans=3\n" E("tcp") END, "tcp-timeout", "proven", 10, NULL, NULL },
	{ "silent", BEGIN ADDR "tcp.silent addr=192.0.2.7 port=22 elapsed_us=3000000 retrans=2\n", "tcp-timeout", "likely", 10, "fsss", NULL },
	{ "timeout", BEGIN ADDR "tcp.silent addr=192.0.2.7 port=22 elapsed_us=3000000 retrans=2\ntcp.result addr=192.0.2.7 port=22 order=0 result=timeout retrans=3 took_us=10000000\n" E("tcp") END, "tcp-timeout", "proven", 10, "fsss", NULL },
#define MUTE(more) BEGIN ADDR "tcp.silent addr=192.0.2.7 port=22 elapsed_us=3000000 retrans=2\n" more "tcp.result addr=192.0.2.7 port=22 order=0 result=timeout retrans=3 took_us=10000000\n" E("tcp") END
#define HOP(n, from, near) "trace.hop addr=192.0.2.7 port=22 ttl=" n " from=" from " near=" near " took_us=4000\n"
#define TRACED P("trace") "trace.result addr=192.0.2.7 port=22 result=done count=2 ttl=2 took_us=1500000\n" E("trace")
	{ "timeout_alive", MUTE(P("alive") "port.result port=443 addr=192.0.2.7 result=refused alive=1 took_us=20000\n" E("alive")), "tcp-timeout", "proven", 10, "fsss", NULL },
	{ "timeout_near", MUTE(HOP("1", "10.0.0.1", "0") HOP("2", "192.0.2.1", "1") TRACED), "tcp-timeout", "proven", 10, "fsss", NULL },
	{ "timeout_at_home", MUTE(HOP("1", "10.0.0.1", "0") TRACED), "tcp-timeout", "proven", 10, "fsss", NULL },
	{ "timeout_silent_way", MUTE(TRACED), "tcp-timeout", "proven", 10, "fsss", NULL },
#define DUAL START CFG("ask", "") P("resolve") "resolve.addr addr=2001:db8::7 order=0\nresolve.addr addr=192.0.2.7 order=1\n" E("resolve") P("tcp") "tcp.start addr=2001:db8::7 port=22 order=0\n" \
	"tcp.result addr=2001:db8::7 port=22 order=0 result=cancelled took_us=1020000\ntcp.result addr=192.0.2.7 port=22 order=1 result=open rtt_us=20000 took_us=20000\n" E("tcp") P("wire") IDENT KEXINIT HOSTKEY \
	ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("success") AUTHENDS
	{ "one_family_holds_ssh_for_ever", DUAL P("proof") "proof.host what=tries addr=2001:db8::7\nproof.result exit=255 phase=transport text=x\n" E("proof") END, "tcp-one-family-broken", "proven", 10, NULL, "ssh -4 alice@web1" },
	{ "one_family_costs_ssh_time", DUAL SESSION("25000", "60000") "proof.host what=tries addr=2001:db8::7\nproof.host what=unanswered addr=2001:db8::7\nproof.host what=tries addr=192.0.2.7\n" PROOF END, "healthy", "proven", 0, "wppp", "ssh -4 alice@web1" },
	{ "a_name_to_bind_to_has_no_sure_answer", TCP("result=untested errno=EADDRNOTAVAIL text=\"BindAddress is a name, of which the resolver gave no sure answer\"") END, "undecided", "proven", 20, "uuuu", NULL },
	{ "other_error", TCP("result=error errno=EADDRNOTAVAIL") END, "tcp-failed", "proven", 10, NULL, NULL },

	{ "proxy_fails", START CFG("ask", "config.value name=proxycommand value=\"nc gw 22\"\n") P("wire") "proxy.result result=started command=nc\nproxy.line text=\"nc: bad address\"\nproxy.result result=ended exit=1\nbanner.end reason=eof lines=0 bytes=0\n" E("wire") END, "proxy-command-failed", "likely", 10, NULL, NULL },
	{ "proxy_is_not_there", START CFG("ask", "config.value name=proxycommand value=\"gone gw 22\"\n") P("wire") "proxy.result result=started command=gone\nproxy.line text=\"sh: 1: exec: gone: not found\"\nproxy.result result=ended exit=127\nbanner.end reason=eof lines=0 bytes=0\n" E("wire") END, "proxy-command-failed", "proven", 10, NULL, NULL },
#define PROXIED(rest) START CFG("ask", "config.value name=proxycommand value=\"nc gw 22\"\n") P("wire") "proxy.result result=started command=nc\n" rest E("wire") END
	{ "proxy_ends_well_and_says_nothing", PROXIED("proxy.result result=ended exit=0\nbanner.end reason=eof lines=0 bytes=0\n"), "proxy-failed", "proven", 10, "fsss", NULL },
	{ "proxy_waits", PROXIED("banner.end reason=timeout lines=0 bytes=0\n"), "proxy-failed", "proven", 10, "fsss", NULL },
	{ "proxy_prints_ahead", PROXIED("banner.line text=\"hello SSH-2.0-OpenSSH_9.2\" line=1\nbanner.end reason=timeout lines=1 bytes=27\n"), "proxy-command-failed", "likely", 10, "fsss", NULL },
	{ "proxy_or_target_is_http", PROXIED("banner.line text=\"HTTP/1.1 403 Forbidden\" line=1\nproxy.result result=ended exit=1\nbanner.end reason=eof lines=1 bytes=27 guess=HTTP\n"), "proxy-failed", "proven", 10, "fsss", NULL },
	{ "proxy_passes_maxstartups_on", PROXIED("banner.line text=\"Exceeded MaxStartups\" line=1\nproxy.result result=ended exit=0\nbanner.end reason=eof lines=1 bytes=22\n"), "banner-maxstartups", "proven", 10, "fsss", NULL },
#define FDPASS(proof) START CFG("ask", "config.value name=proxycommand value=\"nc -F %h %p\"\n") P("wire") "proxy.result result=untested text=\"ProxyUseFdpass\"\n" E("wire") P("proof") proof E("proof") END
	{ "proxy_passes_a_descriptor", FDPASS("proof.result exit=0 phase=session\n"), "healthy", "likely", 0, NULL, NULL },
	{ "proxy_passes_no_descriptor", FDPASS("proof.result exit=255 phase=transport text=\"proxy dialer did not pass back a connection\"\n"), "proxy-command-failed", "proven", 10, "fsss", NULL },
	{ "proxy_passes_a_descriptor_and_ssh_fails", FDPASS("proof.result exit=255 phase=transport text=\"Host key verification failed.\"\n"), "proof-failed", "likely", 10, NULL, NULL },
	{ "proxy_passes_a_descriptor_untested", START CFG("ask", "config.value name=proxycommand value=\"nc -F %h %p\"\n") P("wire") "proxy.result result=untested text=\"ProxyUseFdpass\"\n" E("wire") END, "undecided", "proven", 20, "uuuu", NULL },
	{ "proxy_cannot_start", START CFG("ask", "config.value name=proxycommand value=nc\n") "proxy.result result=failed text=\"no such file\"\n" END, "proxy-command-failed", "proven", 10, NULL, NULL },
#define JUMPED(text) START CFG("ask", "config.value name=proxyjump value=bob@jump\n") P("wire") "proxy.result result=started command=ssh\nproxy.line text=\"" text "\"\nproxy.result result=ended exit=255\nbanner.end reason=eof lines=0 bytes=0\n" E("wire") END
	{ "hop_denies", JUMPED("bob@jump: Permission denied (publickey)."), "jump-hop-auth-failed", "likely", 10, NULL, NULL },
	{ "hop_forbids", JUMPED("channel 0: open failed: administratively prohibited: open failed"), "jump-forward-prohibited", "likely", 10, NULL, NULL },
	{ "hop_cannot_connect", JUMPED("channel 0: open failed: connect failed: Connection refused"), "jump-target-unreachable", "likely", 10, NULL, NULL },
	{ "hop_fails_in_words_not_known", JUMPED("something else"), "proxy-failed", "proven", 10, NULL, NULL },
	{ "nothing_comes_through_the_hops", START CFG("ask", "config.value name=proxyjump value=bob@jump\n") P("wire") "proxy.result result=started command=ssh\nbanner.end reason=timeout lines=0 bytes=0\n" E("wire"), "proxy-failed", "proven", 10, "fsss", NULL },
	{ "hop_unreachable", JUMPED("ssh: connect to host jump port 22: Connection refused"), "jump-hop-unreachable", "likely", 10, NULL, NULL },

	/* What the jump hosts' own diagnoses say, beside the inner ssh's words. */
#define HOPPED(args, text, rest) "run.start input=alice@web1 host=web1 user=alice port=0 args=\"" args "\" version=0.1.0 now=1790000000 from=\"\"\n" \
	CFG("ask", "config.value name=proxyjump value=bob@jump:2222\n") P("wire") "proxy.result result=started command=ssh\nproxy.line text=\"" text "\"\nproxy.result result=ended exit=255\n" \
	"banner.end reason=eof lines=0 bytes=0\n" E("wire") P("hops") rest E("hops") END
#define HOP1(count, rest) "hop.result hop=1 count=" count " name=bob@jump:2222 host=jump user=bob port=2222 args=\"-l bob -p 2222\" seen=\"\" " rest "\n"
#define HOP2(rest) "hop.result hop=2 count=2 name=inner host=inner user=bob port=22 args=\"-J bob@jump:2222\" seen=\"\" " rest "\n"
	{ "hop_is_refused", HOPPED("", "ssh: connect to host jump port 2222: Connection refused", HOP1("1", "result=failed finding=tcp-refused layer=transport certainty=proven text=\"192.0.2.9 refuses\"")), "jump-hop-unreachable", "proven", 10, "fsss", NULL },
	{ "hop_is_not_surely_known", HOPPED("", "Connection closed", HOP1("1", "result=failed finding=kex-mtu-blackhole layer=transport certainty=likely text=stalls")), "jump-hop-unreachable", "likely", 10, "fsss", NULL },
	{ "hop_key_is_not_known", HOPPED("", "Host key verification failed.", HOP1("1", "result=human finding=hostkey-unknown layer=transport certainty=proven text=\"not known\"")), "jump-hop-unreachable", "proven", 20, "uuuu", NULL },
	{ "hop_refuses_keys", HOPPED("", "bob@jump: Permission denied (publickey).", HOP1("1", "result=failed finding=auth-key-rejected layer=authentication certainty=proven text=\"accepts none\"")), "jump-hop-auth-failed", "proven", 10, "fsss", NULL },
	{ "hop_has_a_fix_of_its_own", HOPPED("", "bob@jump: Permission denied (publickey).", HOP1("1", "result=failed finding=key-perms-open layer=authentication certainty=proven text=open fix=\"chmod 600 -- '/home/alice/.ssh/a b'\"")), "jump-hop-auth-failed", "proven", 10, "fsss", "chmod 600 -- '/home/alice/.ssh/a b'" },
	{ "hop_refuses_keys_with_words_for_the_target", HOPPED("-i /keys/k", "bob@jump: Permission denied (publickey).", HOP1("1", "result=failed finding=auth-key-rejected layer=authentication certainty=proven text=\"accepts none\"")), "jump-hop-auth-failed", "proven", 10, "fsss", NULL },
	{ "hop_agent_may_not_sign", HOPPED("", "bob@jump: Permission denied (publickey).", HOP1("1", "result=failed finding=agent-refused layer=authentication certainty=likely text=late path=/keys/k")), "jump-hop-auth-failed", "likely", 10, "fsss", NULL },
	{ "hop_wants_a_password", HOPPED("", "bob@jump: Permission denied (publickey,password).", HOP1("1", "result=human finding=auth-needs-human layer=authentication certainty=proven text=\"a password\"")), "jump-hop-auth-failed", "proven", 20, "uuuu", "ssh alice@web1" },
	{ "hop_would_take_the_key_of_the_command_line", HOPPED("-J bob@jump:2222 -i '/keys/my key'", "bob@jump: Permission denied (publickey).", HOP1("1", "result=failed finding=key-not-offered layer=authentication certainty=proven text=none path=\"/keys/my key\" cli=1")), "jump-cli-options-ignored", "proven", 10, "fsss",
	  "ssh -o 'ProxyCommand=ssh -l bob -p 2222 -i '\\''/keys/my key'\\'' -W '\\''[%h]:%p'\\'' -- jump' -i '/keys/my key' alice@web1" },
	{ "hop_would_take_another_key", HOPPED("", "bob@jump: Permission denied (publickey).", HOP1("1", "result=failed finding=key-not-offered layer=authentication certainty=proven text=none path=/keys/50")), "jump-hop-auth-failed", "proven", 10, "fsss",
	  "ssh -o 'ProxyCommand=ssh -l bob -p 2222 -i /keys/50 -W '\\''[%h]:%p'\\'' -- jump' alice@web1" },
	{ "jumps_over_itself", START P("config") "config.result result=error text=\"jumphost loop via web1\" exit=255\n" E("config") END, "jump-loop", "proven", 10, "fsss", "ssh -o ProxyJump=none alice@web1" },
	{ "hop_loops", HOPPED("", "jumphost loop via jump", HOP1("1", "result=failed finding=jump-loop layer=transport certainty=proven text=\"jump is to be reached by way of itself: jumphost loop via jump\"")), "jump-loop", "proven", 10, "fsss",
	  "ssh -o 'ProxyCommand=ssh -l bob -p 2222 -o ProxyJump=none -W '\\''[%h]:%p'\\'' -- jump' alice@web1" },
	{ "hop_lets_in_and_forbids", HOPPED("", "channel 0: open failed: administratively prohibited: open failed", HOP1("1", "result=works next=web1:22 forward=prohibited reply=\"open failed\"")), "jump-forward-prohibited", "proven", 10, "fsss", NULL },
	{ "hop_lets_in_and_the_target_refuses", HOPPED("", "channel 0: open failed: connect failed: Connection refused", HOP1("1", "result=works next=web1:22 forward=failed reply=\"Connection refused\"")), "jump-target-unreachable", "proven", 10, "fsss", NULL },
	{ "hop_lets_in_and_the_way_hangs", HOPPED("", "", HOP1("1", "result=works next=web1:22 forward=tries")), "jump-target-unreachable", "likely", 10, "fsss", NULL },
	{ "hop_words_are_a_lie", HOPPED("", "channel 0: open failed: administratively prohibited: open failed", HOP1("1", "result=failed finding=tcp-refused layer=transport certainty=proven text=refuses")), "jump-hop-unreachable", "proven", 10, "fsss", NULL },
	{ "second_hop_is_refused_by_the_first", HOPPED("", "channel 0: open failed: connect failed: Connection refused", HOP1("2", "result=works next=inner:22 forward=failed reply=\"Connection refused\"")), "jump-hop-unreachable", "proven", 10, "fsss", NULL },
	{ "second_hop_hangs_behind_the_first", HOPPED("", "", HOP1("2", "result=works next=inner:22 forward=tries")), "jump-hop-unreachable", "likely", 10, "fsss", NULL },
	{ "second_hop_refuses_keys", HOPPED("", "bob@inner: Permission denied (publickey).", HOP1("2", "result=works next=inner:22 forward=ident reply=SSH-2.0-x") HOP2("result=failed finding=auth-key-rejected layer=authentication certainty=proven text=none path=/keys/k")), "jump-hop-auth-failed", "proven", 10, "fsss",
	  "ssh -o 'ProxyCommand=ssh -J bob@jump:2222 -i /keys/k -W '\\''[%h]:%p'\\'' -- inner' alice@web1" },
	{ "first_hop_has_no_last_word", HOPPED("", "bob@jump: Permission denied (publickey).", HOP1("2", "result=failed finding=auth-key-rejected layer=authentication certainty=proven text=none path=/keys/k")), "jump-hop-auth-failed", "proven", 10, "fsss", NULL },
	{ "hops_are_not_tested_to_their_end", HOPPED("", "bob@jump: Permission denied (publickey).", HOP1("1", "result=unknown")), "jump-hop-auth-failed", "likely", 10, "fsss", NULL },
	{ "hops_open_a_way_to_silence", HOPPED("", "", HOP1("1", "result=works next=web1:22 forward=ok")), "banner-closed", "proven", 10, "fsss", NULL },
	{ "hops_open_a_way_to_somebody_who_waits", START CFG("ask", "config.value name=proxyjump value=bob@jump:2222\n") P("wire") "proxy.result result=started command=ssh\nbanner.end reason=timeout lines=0 bytes=0\n" E("wire") P("hops")
	  HOP1("1", "result=works next=web1:22 forward=ok") E("hops") END, "banner-silent", "proven", 10, "fsss", NULL },
	{ "hops_open_the_way_now", HOPPED("", "", HOP1("1", "result=works next=web1:22 forward=ident reply=SSH-2.0-x")), "proxy-failed", "likely", 10, "fsss", NULL },

	{ "maxstartups", CONNECTED "banner.line text=\"Exceeded MaxStartups\" bytes=22 line=1\nbanner.end reason=reset lines=1 bytes=22\n" E("wire") END, "banner-maxstartups", "proven", 10, "fsss", NULL },
	{ "turned_away_by_wrappers", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" E("wire") TEXT("") SAYS("wrappers-deny addr=192.0.2.50 session=1 time=1790000001") END, "banner-wrappers-deny", "likely", 10, "fsss", NULL },
	{ "dropped_for_maxstartups", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" E("wire") TEXT("") SAYS("dropped text=\"drop connection\" addr=192.0.2.50 session=1 time=1790000001") END, "banner-maxstartups", "likely", 10, "fsss", NULL },
	{ "dropped_for_a_penalty", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" E("wire") TEXT("") SAYS("penalty text=\"failed authentication\" addr=192.0.2.50 session=1 time=1790000001") END, "banner-source-penalty", "likely", 10, "fsss", NULL },
	{ "sshd_died_at_once", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" E("wire") TEXT("") SAYS("crashed text=\"killed by signal 11\" addr=192.0.2.50 session=1 time=1790000001") END, "crash-or-lib-mismatch", "likely", 10, "fsss", NULL },
	{ "no_process_left", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" E("wire") TEXT("") SAYS("no-resources text=\"fork: Resource temporarily unavailable\" addr=192.0.2.50 session=1 time=1790000001") END, "sshd-no-resources", "likely", 10, "fsss", NULL },
	{ "log_has_no_kex_in_common", CONNECTED IDENT KEXINIT "kex.result result=closed text=eof\n" E("wire") TEXT("") SAYS("kex-mismatch text=cipher addr=192.0.2.50 session=1 time=1790000001") END, "kex-no-common-alg", "likely", 10, "fsss", NULL },
	{ "log_has_no_host_key_in_common", CONNECTED IDENT KEXINIT "kex.result result=closed text=eof\n" E("wire") TEXT("") SAYS("hostkey-mismatch addr=192.0.2.50 session=1 time=1790000001") END, "kex-no-common-hostkey-alg", "likely", 10, "fsss", NULL },
	{ "host_certificate_is_unusable", LOGGEDIN("41000") SESSION("25000", "60000") PROOF COLLECTED SAYS("hostcert-bad text=\"Could not load host certificate\"") END, "healthy", "proven", 0, NULL, NULL },
	{ "penalty", CONNECTED "banner.line text=\"Not allowed at this time\" bytes=26 line=1\nbanner.end reason=eof lines=1 bytes=26\n" END, "banner-source-penalty", "likely", 10, NULL, NULL },
	{ "http", CONNECTED "banner.line text=\"HTTP/1.1 400 Bad Request\" bytes=26 line=1\nbanner.end reason=eof lines=1 bytes=26 guess=HTTP\n" END, "banner-not-ssh", "proven", 10, NULL, NULL },
	{ "mysql_waits", CONNECTED "banner.end reason=timeout lines=0 bytes=80 guess=MySQL\n" END, "banner-not-ssh", "proven", 10, NULL, NULL },
	{ "smtp_lines", CONNECTED "banner.line text=\"220 mail\" line=1\nbanner.end reason=timeout lines=4 bytes=80 guess=SMTP\n" END, "banner-not-ssh", "proven", 10, NULL, NULL },
	{ "no_end_of_line", CONNECTED "banner.end reason=toolong lines=0 bytes=9000\n" END, "banner-not-ssh", "proven", 10, NULL, NULL },
	{ "unknown_text", CONNECTED "banner.line text=\"go away\" line=1\nbanner.end reason=eof lines=1 bytes=8\n" END, "banner-not-ssh", "likely", 10, NULL, NULL },
	{ "protocol_3", CONNECTED "banner.ident text=SSH-3.0-x proto=3.0 software=x\nbanner.end reason=eof lines=0\n" END, "banner-not-ssh", "proven", 10, NULL, NULL },
	{ "protocol_1", CONNECTED "banner.ident text=SSH-1.5-old proto=1.5 software=old\n" END, "banner-protocol-1", "proven", 10, NULL, NULL },
	{ "tarpit", CONNECTED "banner.line text=xj3 line=1\nbanner.line text=Qp line=2\nbanner.line text=zz line=3\nbanner.end reason=timeout lines=3 bytes=12\n" END, "banner-tarpit", "likely", 10, NULL, NULL },
	{ "tarpit_without_end", CONNECTED "banner.line text=xj3 line=1\nbanner.end reason=lines lines=1024 bytes=9000\n" END, "banner-tarpit", "proven", 10, NULL, NULL },
	{ "closed", CONNECTED "banner.end reason=eof lines=0 bytes=0\n" END, "banner-closed", "proven", 10, NULL, NULL },
	{ "reset", CONNECTED "banner.end reason=reset errno=ECONNRESET lines=0 bytes=0\n" END, "banner-closed", "proven", 10, NULL, NULL },
	{ "mute", CONNECTED "banner.end reason=timeout lines=0 bytes=0\n" END, "banner-silent", "proven", 10, NULL, NULL },
	{ "banner_bad_bytes", CONNECTED "banner.end reason=invalid lines=1 bytes=12\n" END, "banner-not-ssh", "proven", 10, NULL, NULL },
	{ "banner_other", CONNECTED "banner.end reason=error\n" END, "banner-failed", "proven", 10, NULL, NULL },

	{ "old_hostkey", CONNECTED IDENT KEXINIT "kex.mismatch what=hostkey ours=ssh-ed25519 theirs=ssh-rsa option=HostKeyAlgorithms add=ssh-rsa\nkex.result result=closed\n" END, "kex-no-common-hostkey-alg", "proven", 10, NULL, "ssh -o HostKeyAlgorithms=+ssh-rsa alice@web1" },
	{ "unknown_hostkey_alg", CONNECTED IDENT KEXINIT "kex.mismatch what=hostkey ours=ssh-ed25519 theirs=ssh-dss option=HostKeyAlgorithms add=\"\"\n" END, "kex-no-common-hostkey-alg", "proven", 10, NULL, NULL },
	{ "hostkey_alg_of_no_list", CONNECTED IDENT KEXINIT "kex.mismatch what=hostkey ours=ssh-ed25519 theirs=ssh-dss option=HostKeyAlgorithms\n" END, "kex-no-common-hostkey-alg", "proven", 10, NULL, NULL },
	{ "old_cipher", CONNECTED IDENT KEXINIT "kex.mismatch what=cipher ours=aes128-ctr theirs=3des-cbc option=Ciphers add=3des-cbc\n" END, "kex-no-common-alg", "proven", 10, NULL, "ssh -o Ciphers=+3des-cbc alice@web1" },
	{ "unknown_cipher", CONNECTED IDENT KEXINIT "kex.mismatch what=cipher ours=aes128-ctr theirs=arcfour option=Ciphers add=\"\"\n" END, "kex-no-common-alg", "proven", 10, NULL, NULL },
	{ "cipher_of_no_list", CONNECTED IDENT KEXINIT "kex.mismatch what=cipher ours=aes128-ctr theirs=arcfour option=Ciphers\n" END, "kex-no-common-alg", "proven", 10, NULL, NULL },
	{ "kex_corrupt", CONNECTED IDENT "kex.result result=corrupt text=\"bad packet length\"\n" END, "kex-corrupt-stream", "likely", 10, NULL, NULL },
	{ "kex_closed", CONNECTED IDENT "kex.result result=reset errno=ECONNRESET\n" END, "kex-closed", "proven", 10, NULL, NULL },
	{ "kex_stall", CONNECTED IDENT "kex.result result=timeout unacked=0\n" END, "kex-peer-stalls", "likely", 10, NULL, NULL },
	{ "mtu", CONNECTED IDENT "kex.result result=timeout unacked=2\n" END, "kex-mtu-blackhole", "likely", 10, NULL, NULL },
#define STALLS(unacked, others) CONNECTED IDENT "kex.silent stage=ident elapsed_us=3000000 unacked=" unacked "\n" P("segment") others E("segment") "kex.result result=timeout stage=ident unacked=" unacked "\n" E("wire")
#define SEGMENT(mss, result) "segment.result addr=192.0.2.7 port=22 mss=" mss " result=" result " stage=ident dev=eth0 mtu=1500 took_us=90000\n"
	{ "mtu_there", STALLS("2", SEGMENT("536", "past")) END, "kex-mtu-blackhole", "proven", 10, "fsss", "sudo ip route replace $(ip route get 192.0.2.7 | sed 's/ from :://;s/ uid .*//;s/ metric .*//;q') mtu 576" },
	{ "mtu_back", STALLS("0", SEGMENT("0", "stalled") SEGMENT("536", "past")) END, "kex-mtu-blackhole", "proven", 10, "fsss", NULL },
	{ "mtu_back_without_the_control", STALLS("0", SEGMENT("536", "past")) END, "kex-peer-stalls", "likely", 10, NULL, NULL },
	{ "one_backend_hangs", STALLS("0", SEGMENT("0", "past")) END, "kex-peer-stalls", "likely", 10, NULL, NULL },
	{ "small_ones_stall_too", STALLS("0", SEGMENT("0", "stalled") SEGMENT("536", "stalled")) END, "kex-peer-stalls", "likely", 10, NULL, NULL },
	{ "nothing_is_acknowledged", STALLS("2", SEGMENT("536", "stalled")) END, "kex-peer-stalls", "likely", 10, NULL, NULL },
	{ "it_went_on_in_the_end", CONNECTED IDENT "kex.silent stage=ident elapsed_us=3000000 unacked=0\n" P("segment") SEGMENT("0", "moot") E("segment") HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") END, "healthy", "likely", 0, NULL, NULL },
	{ "kex_error", CONNECTED IDENT KEXINIT "kex.result result=error text=\"signature\"\n" END, "kex-failed", "likely", 10, NULL, NULL },
	{ "kex_unsupported", CONNECTED IDENT KEXINIT "kex.result result=unsupported text=sntrup\n" P("proof") END, "kex-unsupported", "proven", 20, NULL, NULL },
	{ "kex_unsupported_ssh_can", CONNECTED IDENT KEXINIT "kex.result result=unsupported text=sntrup\n" PROOF END, "healthy", "likely", 0, NULL, NULL },
	{ "kex_unsupported_ssh_fails", CONNECTED IDENT KEXINIT "kex.result result=unsupported text=sntrup\n" P("proof") "proof.result exit=255 phase=transport text=\"Connection reset\"\n" E("proof") END, "proof-failed", "likely", 10, NULL, NULL },

	{ "changed", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:old", "none bare=0") END, "hostkey-changed", "proven", 10, "fsss", "ssh-keygen -R web1.example -f /home/alice/.ssh/known_hosts" },
	{ "changed_other_port", CONNECTED IDENT KEXINIT HOSTKEY P("knownhosts") "known.entry name=[web1.example]:2222 file=/k line=1 type=ssh-ed25519 fp=SHA256:old marker=none bare=0\n" E("knownhosts") END, "hostkey-changed", "proven", 10, NULL, "ssh-keygen -R '[web1.example]:2222' -f /k" },
	{ "revoked", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "revoked bare=0") "known.entry name=web1.example file=/k line=1 type=ssh-ed25519 fp=SHA256:host marker=none bare=0\n" END, "hostkey-revoked", "proven", 10, "fsss", NULL },
	{ "changed_though_the_bare_name_has_it", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:old", "none bare=0") "known.entry name=web1.example file=/k line=1 type=ssh-ed25519 fp=SHA256:host marker=none bare=1\n" END, "hostkey-changed", "proven", 10, "fsss", NULL },
	{ "known_by_the_bare_name", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=1") END, "healthy", "likely", 0, "puuu", NULL },
	{ "revocations_unreadable", CONNECTED IDENT KEXINIT "kex.result result=done\nhostkey.offered type=ssh-ed25519 fp=SHA256:host\nhostkey.krl revoked=1 result=unreadable file=/krl text=\"No such file or directory\"\n" ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") END, "revoked-list-unreadable", "proven", 10, "fsss", NULL },
	{ "authority_and_ssh_gets_in", CONNECTED IDENT CERTKEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:ca", "ca bare=0") PROOF END, "healthy", "likely", 0, "ppuu", NULL },
	{ "authority_and_ssh_does_not", CONNECTED IDENT CERTKEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:ca", "ca bare=0") END, "hostkey-unknown", "likely", 20, NULL, NULL },
	{ "authority_and_a_plain_host", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:ca", "ca bare=0") END, "hostkey-unknown", "proven", 20, NULL, NULL },
	{ "known_hosts_command", START CFG("yes", "config.value name=knownhostscommand value=/usr/bin/hosts\n") ADDR OPENED("20000") P("wire") IDENT KEXINIT HOSTKEY E("knownhosts") PROOF END, "healthy", "likely", 0, "ppuu", NULL },
	{ "shell_that_runs_nothing", SHELL("session.shell state=busy first_us=300 took_us=5500000"), "shell-silent", "likely", 20, "ppuu", NULL },
	{ "no_second_channel", LOGGEDIN("41000") P("session") "session.exec nonce=ok exit=0 took_us=31000\nsession.shell state=open first_us=40000 took_us=540000\n"
	    "session.request request=\"second channel\" result=refused text=no took_us=100\nsession.sftp result=untested took_us=200\n" E("session") PROOF END, "healthy", "proven", 0, NULL, NULL },
	{ "first_address_mute", START CFG("ask", "") P("resolve") "resolve.addr addr=2001:db8::7 family=inet6 order=0\nresolve.addr addr=192.0.2.7 family=inet order=1\n" E("resolve") P("tcp")
	    "tcp.start addr=2001:db8::7 port=22 order=0\ntcp.start addr=192.0.2.7 port=22 order=1\ntcp.result addr=192.0.2.7 port=22 order=1 result=open rtt_us=9000 retrans=0 took_us=9000\n"
	    "tcp.result addr=2001:db8::7 port=22 order=0 result=cancelled retrans=1 took_us=1009000\n" E("tcp") "proof.result exit=255 took_us=10000000 text=\"ssh did not end in time\" phase=transport\n" END, "tcp-one-family-broken", "likely", 10, "fsss", NULL },
	{ "first_address_mute_so_far", START CFG("ask", "") P("resolve") "resolve.addr addr=2001:db8::7 family=inet6 order=0\nresolve.addr addr=192.0.2.7 family=inet order=1\n" E("resolve") P("tcp")
	    "tcp.start addr=2001:db8::7 port=22 order=0\ntcp.start addr=192.0.2.7 port=22 order=1\ntcp.result addr=192.0.2.7 port=22 order=1 result=open rtt_us=9000 retrans=0 took_us=9000\n"
	    "tcp.result addr=2001:db8::7 port=22 order=0 result=cancelled retrans=1 took_us=1009000\n" E("tcp") P("wire") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") END, "healthy", "likely", 0, "wuuu", NULL },
	{ "agent_that_waits_for_a_touch", MATCHED KEYS(NOKEY) AGENT("result=ok count=1") "agent.key type=ssh-ed25519 fp=SHA256:mine comment=me order=1\n" METHODS("publickey")
	    "auth.query fp=SHA256:mine type=ssh-ed25519 name=me from=agent listed=1 order=1 answer=accepted took_us=20000\n"
	    "auth.login method=publickey fp=SHA256:mine name=me from=agent result=error text=late took_us=10000000\n" AUTHENDS END, "agent-refused", "likely", 11, "pfss", NULL },
	{ "revoked_by_krl", CONNECTED IDENT KEXINIT "kex.result result=done\nhostkey.offered type=ssh-ed25519 fp=SHA256:host\nhostkey.krl revoked=1 file=/krl\n" ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") END, "hostkey-revoked", "proven", 10, "fsss", NULL },
	{ "unknown_strict", START CFG("true", "") ADDR OPENED("20000") IDENT KEXINIT HOSTKEY E("knownhosts") END, "hostkey-unknown", "proven", 10, "fsss", NULL },
	{ "unknown_ask", CONNECTED IDENT KEXINIT HOSTKEY E("knownhosts") KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") AUTHENDS END, "hostkey-unknown", "proven", 20, "uuuu", NULL },
	{ "unknown_other_type", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-rsa", "SHA256:rsa", "none bare=0") END, "hostkey-unknown", "proven", 20, "uuuu", NULL },
	{ "bare_line_of_another_key_is_not_a_change", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:old", "none bare=1") END, "hostkey-unknown", "proven", 20, "uuuu", NULL },
	{ "accept_new_takes_it", START CFG("accept-new", "") ADDR OPENED("20000") P("wire") IDENT KEXINIT HOSTKEY E("knownhosts") END, "healthy", "likely", 0, "wuuu", NULL },

	{ "rejected", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
#define REJECTED(port) START CFG("ask", "") P("tcp") "tcp.result addr=192.0.2.7 port=22 order=0 result=open local=192.0.2.50 lport=" port " rtt_us=20000 took_us=20000\n" E("tcp") \
	P("wire") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END
	{ "log_of_this_login", REJECTED("40001") TEXT("") SAYS("denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40001 session=3 time=1790000002"), "auth-allow-deny", "proven", 11, "pfss", NULL },
	{ "allow_users_by_its_line", REJECTED("40001") COLLECTED SAYS("denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40001 session=3 time=1790000002") SAYS("unit text=ssh mode=active") SAYS("setting-line text=alice path=/etc/ssh/sshd_config mode=allowusers line=4 user=alice") SAYS("setting-line text=alice path=/etc/ssh/sshd_config mode=denyusers line=6 user=alice"), "auth-allow-deny", "proven", 11, "pfss",
	  "cp -p -- /etc/ssh/sshd_config /etc/ssh/sshd_config.before && ( sed -E '4s/^([[:space:]]*AllowUsers([[:space:]]+))/\\1alice\\2/I' /etc/ssh/sshd_config.before > /etc/ssh/sshd_config && ! cmp -s /etc/ssh/sshd_config /etc/ssh/sshd_config.before && sshd -t && systemctl try-reload-or-restart ssh || ( cp -p -- /etc/ssh/sshd_config.before /etc/ssh/sshd_config ; false ) )" },
	{ "deny_users_by_its_line", REJECTED("40001") COLLECTED SAYS("denied-by text=DenyUsers user=alice addr=192.0.2.50 port=40001 session=3 time=1790000002") SAYS("unit text=ssh mode=active") SAYS("setting-line text=alice path=/etc/ssh/sshd_config mode=allowusers line=4 user=alice") SAYS("setting-line text=alice path=/etc/ssh/sshd_config mode=denyusers line=6 user=alice"), "auth-allow-deny", "proven", 11, "pfss",
	  "cp -p -- /etc/ssh/sshd_config /etc/ssh/sshd_config.before && ( sed -E -e '6s/^([[:space:]]*DenyUsers[[:space:]]+)(.*[[:space:]])?alice([[:space:]]+|$)/\\1\\2/I' -e '6s/^[[:space:]]*DenyUsers[[:space:]]*$/#&/I' /etc/ssh/sshd_config.before > /etc/ssh/sshd_config && ! cmp -s /etc/ssh/sshd_config /etc/ssh/sshd_config.before && sshd -t && systemctl try-reload-or-restart ssh || ( cp -p -- /etc/ssh/sshd_config.before /etc/ssh/sshd_config ; false ) )" },
	{ "key_type_by_its_line", REJECTED("40001") COLLECTED SAYS("unit text=ssh.socket mode=active") SAYS("setting path=pubkeyacceptedalgorithms text=rsa-sha2-512,rsa-sha2-256") SAYS("setting-line path=/etc/ssh/sshd_config mode=sigalgs line=2 user=alice"), "auth-sigalg-server-refuses", "proven", 11, "pfss",
	  "cp -p -- /etc/ssh/sshd_config /etc/ssh/sshd_config.before && ( sed -E '2s/^([[:space:]]*PubkeyAccepted(Algorithms|KeyTypes)[[:space:]=]+)([^-\"#[:space:]][^\"#[:space:]]*)/\\1\\3,ssh-ed25519/I' /etc/ssh/sshd_config.before > /etc/ssh/sshd_config && ! cmp -s /etc/ssh/sshd_config /etc/ssh/sshd_config.before && sshd -t && systemctl try-reload-or-restart ssh || ( cp -p -- /etc/ssh/sshd_config.before /etc/ssh/sshd_config ; false ) )" },
	{ "from_elsewhere_by_its_line", REJECTED("40001") COLLECTED SAYS("key-listed text=SHA256:mine path=/home/alice/.ssh/authorized_keys line=3 user=alice") SAYS("key-listed text=SHA256:two path=/home/alice/.ssh/authorized_keys line=2 user=alice") SAYS("key-from text=192.0.3.0/24 path=/home/alice/.ssh/authorized_keys line=3 user=alice"), "auth-source-restricted", "proven", 11, "pfss",
	  "su $( stat -c %U /home/alice/.ssh/authorized_keys ) -s /bin/sh -c 'sed -n \"$2p\" \"$1\" | ssh-keygen -lf - | grep -qF -e \"$3\" && cp -p \"$1\" \"$1.before\" && sed \"$2s/from=\\\"/&$4,/\" \"$1.before\" >\"$1\"' sh /home/alice/.ssh/authorized_keys 3 SHA256:mine 192.0.2.50" },
	{ "no_key_listed_in_the_home", REJECTED("40001") "auth.query fp=SHA256:mine type=ssh-ed25519 name=/home/alice/.ssh/id_ed25519 from=file listed=1 order=1 answer=refused public=\"ssh-ed25519 AAAAmine\" took_us=20000\n" COLLECTED SAYS("keys-file path=/home/alice/.ssh/authorized_keys2 mode=missing text=home user=alice") SAYS("keys-file path=/home/alice/.ssh/authorized_keys mode=ok line=1 text=home user=alice") SAYS("keys-all user=alice"), "auth-key-not-listed", "proven", 11, "pfss",
	  "su alice -s /bin/sh -c 'umask 077 && mkdir -p \"$(dirname \"$1\")\" && printf \"\\n%s\\n\" \"$2\" >>\"$1\"' sh /home/alice/.ssh/authorized_keys 'ssh-ed25519 AAAAmine'" },
	{ "keys_in_another_file_of_the_system", REJECTED("40001") "auth.query fp=SHA256:mine type=ssh-ed25519 name=/home/alice/.ssh/id_ed25519 from=file listed=1 order=1 answer=refused public=\"ssh-ed25519 AAAAmine\" took_us=20000\n" COLLECTED SAYS("key-listed text=SHA256:mine path=/home/alice/.ssh/authorized_keys mode=unused user=alice") SAYS("keys-file path=/etc/ssh/keys/alice mode=missing user=alice") SAYS("keys-file path=/home/alice/.ssh/authorized_keys mode=unused user=alice") SAYS("setting path=authorizedkeysfile text=/etc/ssh/keys/%u"), "auth-keys-file-elsewhere", "proven", 11, "pfss",
	  "( umask 022 && mkdir -p $( dirname /etc/ssh/keys/alice ) ) && printf '\\n%s\\n' 'ssh-ed25519 AAAAmine' >> /etc/ssh/keys/alice && chown alice: /etc/ssh/keys/alice && chmod 600 /etc/ssh/keys/alice" },
	{ "owner", REJECTED("40001") COLLECTED SAYS("path-bad user=alice text=1007 path=/home/alice/.ssh mode=0755"), "auth-strictmodes", "proven", 11, "pfss",
	  "chown -h alice: /home/alice/.ssh && chmod go-w -- /home/alice/.ssh" },
	{ "log_of_another_login", REJECTED("40001") TEXT("") SAYS("denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40002 session=3 time=1790000002"), "auth-allow-deny", "likely", 11, "pfss", NULL },
	{ "log_of_this_port_long_ago", REJECTED("40001") TEXT("") SAYS("denied-by text=AllowUsers user=alice addr=192.0.2.50 port=40001 session=3 time=1780000002"), "auth-allow-deny", "likely", 11, "pfss", NULL },
	{ "log_of_another_user", REJECTED("40001") TEXT("") SAYS("denied-by text=AllowUsers user=mallory addr=192.0.2.50 port=40001 session=3 time=1790000002"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "the_login_with_our_port_counts", REJECTED("40001") TEXT("") SAYS("denied-by text=AllowUsers user=alice port=40009 session=9 time=1790000009") SAYS("user-unknown user=alice port=40001 session=3 time=1790000002"), "auth-user-unknown", "proven", 11, "pfss", NULL },
	{ "else_the_latest_login", REJECTED("40001") TEXT("") SAYS("denied-by text=AllowUsers user=alice port=40009 session=9 time=1790000009") SAYS("user-unknown user=alice port=40008 session=3 time=1790000002"), "auth-allow-deny", "likely", 11, "pfss", NULL },
	{ "no_account_by_the_collector", REJECTED("40001") COLLECTED SAYS("no-account user=alice"), "auth-user-unknown", "proven", 11, "pfss", NULL },
	{ "no_account_of_another_user", REJECTED("40001") TEXT("whole=1 host=web1 addrs=192.0.2.7 input=bob@web1 user=bob now=" NOW " ") SAYS("no-account user=bob"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "keys_off_for_an_address_that_was_assumed", MATCHED KEYS(GOODKEY) NOAGENT METHODS("gssapi-with-mic") AUTHENDS END TEXT("whole=1 root=1 host=web1 addrs=192.0.2.7 input=alice@web1 user=alice addr=192.0.2.50 source=route now=" NOW " ") SAYS("setting path=pubkeyauthentication text=no"), "auth-pubkey-disabled", "likely", 11, "pfss", NULL },
	{ "keys_off", MATCHED KEYS(GOODKEY) NOAGENT METHODS("gssapi-with-mic") AUTHENDS END COLLECTED SAYS("setting path=pubkeyauthentication text=no"), "auth-pubkey-disabled", "proven", 11, "pfss", NULL },
	{ "locked", REJECTED("40001") COLLECTED SAYS("locked user=alice"), "auth-account-locked", "proven", 11, "pfss", "usermod -p '*' -- alice" },
	{ "shell_gone", REJECTED("40001") COLLECTED SAYS("shell-unusable user=alice path=/bin/gone"), "auth-shell-unusable", "proven", 11, "pfss", "usermod -s /bin/sh -- alice" },
	{ "closed_for_logins", REJECTED("40001") COLLECTED SAYS("nologin-file path=/etc/nologin"), "pam-nologin", "proven", 11, "pfss", NULL },
	{ "password_of_root_refused_by_the_log", REJECTED("40001") TEXT("") SAYS("root-refused user=alice port=40001 session=1 time=1790000001") SAYS("password-wrong user=alice port=40001 session=1 time=1790000001"), "auth-root-refused", "proven", 11, "pfss", NULL },
	{ "root_refused_by_the_log", REJECTED("40001") COLLECTED SAYS("root-refused user=alice port=40001 session=1 time=1790000001"), "auth-root-refused", "proven", 11, "pfss", NULL },
	{ "modes", REJECTED("40001") COLLECTED SAYS("path-bad user=alice path=/home/alice/.ssh mode=0777 line=3") SAYS("path-bad user=alice path=/home/alice/.ssh/authorized_keys mode=0666 line=4"), "auth-strictmodes", "proven", 11, "pfss", "chmod go-w -- /home/alice/.ssh" },
	{ "key_is_revoked", REJECTED("40001") TEXT("") SAYS("key-revoked text=revoked path=/etc/ssh/revoked user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-key-revoked", "proven", 11, "pfss", NULL },
	{ "revoked_list_is_not_there", REJECTED("40001") TEXT("") SAYS("revoked-list text=\"No such file or directory\" path=/etc/ssh/revoked user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-revoked-list-unreadable", "proven", 11, "pfss", NULL },
	{ "keys_command_fails", REJECTED("40001") TEXT("") SAYS("keys-command text=\"AuthorizedKeysCommand /usr/bin/keys failed, status 1\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-keys-command-failed", "proven", 11, "pfss", NULL },
	{ "keys_cannot_be_read", REJECTED("40001") TEXT("") SAYS("keys-unreadable text=\"Permission denied\" path=/home/alice/.ssh/authorized_keys user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-keys-file-unreadable", "proven", 11, "pfss", NULL },
	{ "line_has_expired", REJECTED("40001") TEXT("") SAYS("option-expired text=20200101 path=/home/alice/.ssh/authorized_keys line=3 user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-key-option-expired", "proven", 11, "pfss", NULL },
	{ "line_has_a_bad_option", REJECTED("40001") TEXT("") SAYS("option-bad text=\"unknown key option\" path=/home/alice/.ssh/authorized_keys line=3 user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-key-option-unknown", "likely", 11, "pfss", NULL },
	{ "options_refuse", REJECTED("40001") TEXT("") SAYS("option-refused user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-key-option-refused", "proven", 11, "pfss", NULL },
	{ "server_wants_longer_keys", REJECTED("40001") TEXT("") SAYS("key-short text=\"refusing RSA key: Invalid key length\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "key-too-short", "proven", 11, "pfss", NULL },
	{ "touch_was_missing", REJECTED("40001") TEXT("") SAYS("touch-missing text=\"user presence (authenticator touch) requirement not met\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-touch-missing", "proven", 11, "pfss", NULL },
	{ "certificate_has_expired", REJECTED("40001") TEXT("") SAYS("cert-time text=\"Certificate invalid: expired\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "cert-time-invalid", "proven", 11, "pfss", NULL },
	{ "certificate_for_another", REJECTED("40001") TEXT("") SAYS("cert-name text=\"Certificate invalid: name is not a listed principal\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "cert-principal-or-ca", "proven", 11, "pfss", NULL },
	{ "certificate_with_an_option", REJECTED("40001") TEXT("") SAYS("cert-option text=\"Certificate critical option foo is not supported\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "cert-option-refused", "proven", 11, "pfss", NULL },
	{ "methods_that_cannot_be_met", REJECTED("40001") TEXT("") SAYS("methods-impossible text=\"No AuthenticationMethods left\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-methods-impossible", "proven", 11, "pfss", NULL },
	{ "locked_for_a_while", REJECTED("40001") TEXT("") SAYS("faillock text=\"Consecutive login failures\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "pam-faillock", "proven", 11, "pfss", NULL },
	{ "account_is_over", REJECTED("40001") TEXT("") SAYS("account-expired text=\"Account alice has expired\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "pam-account-expired", "proven", 11, "pfss", NULL },
	{ "password_is_over", REJECTED("40001") TEXT("") SAYS("password-over text=\"expired password for user alice\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "pam-password-expired", "proven", 11, "pfss", "ssh -t alice@web1" },
	{ "pam_lacks_a_module", REJECTED("40001") TEXT("") SAYS("pam-broken text=\"PAM unable to dlopen(pam_x.so)\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "pam-broken", "proven", 11, "pfss", NULL },
	{ "hostbased_refused", REJECTED("40001") TEXT("") SAYS("hostbased text=\"bad owner or modes\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-hostbased-failed", "proven", 11, "pfss", NULL },
	{ "grace_is_over", REJECTED("40001") TEXT("") SAYS("grace text=\"Timeout before authentication\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "login-grace-exceeded", "proven", 11, "pfss", NULL },
	{ "too_many_attempts", REJECTED("40001") TEXT("") SAYS("too-many user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-too-many-keys", "proven", 11, "pfss", "ssh -o IdentitiesOnly=yes alice@web1" },
	{ "child_died", REJECTED("40001") TEXT("") SAYS("crashed text=\"child terminated by signal 31\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "crash-or-lib-mismatch", "proven", 11, "pfss", NULL },
	{ "password_was_wrong", REJECTED("40001") TEXT("") SAYS("password-wrong user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-password-rejected", "likely", 11, "pfss", NULL },
	{ "another_factor", REJECTED("40001") TEXT("") SAYS("more-factors user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-more-factors-needed", "proven", 11, "pfss", NULL },
	{ "key_is_in_no_file", REJECTED("40001") TEXT("") SAYS("key-unknown user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-key-not-listed", "proven", 11, "pfss", NULL },
	{ "no_file_of_keys", REJECTED("40001") TEXT("") SAYS("keys-missing path=/home/alice/.ssh/authorized_keys user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-key-not-listed", "likely", 11, "pfss", NULL },
	{ "refused_without_a_reason", "@server/1 text.source name=log kind=\"sshd log\" lines=2 bytes=9 used=2 cut=0\n" SAYS("login-refused text=\"Connection closed by authenticating user alice\" user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001") "@pasted/0 config.value name=port value=22\n" "run.start input=\"\" host=\"\" user=alice port=0 args=\"\" source=text version=0.1.0 now=" NOW "\n" END, "auth-key-rejected", "likely", 11, NULL, NULL },
	{ "only_another_user_in_the_log", REJECTED("40001") TEXT("") SAYS("key-revoked user=mallory port=40002 session=1 time=1790000001"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "from_elsewhere", REJECTED("40001") COLLECTED SAYS("key-wrong-host text=\"correct key but not from a permitted host\" user=alice port=40001 session=1 time=1790000001"), "auth-source-restricted", "proven", 11, "pfss", NULL },
	{ "signature_refused", REJECTED("40001") COLLECTED SAYS("sigalg-refused text=ssh-rsa user=alice port=40001 session=1 time=1790000001"), "auth-sigalg-server-refuses", "proven", 11, "pfss", NULL },
	{ "denied_by_pam", REJECTED("40001") COLLECTED SAYS("pam-denied text=\"Access denied for user alice by PAM account configuration\" user=alice port=40001 session=1 time=1790000001"), "pam-account-denied", "proven", 11, "pfss", NULL },
	{ "keys_in_another_file", REJECTED("40001") COLLECTED SAYS("key-listed text=SHA256:mine path=/home/alice/.ssh/authorized_keys mode=unused user=alice") SAYS("keys-all user=alice") SAYS("setting path=authorizedkeysfile text=/etc/ssh/keys/%u"), "auth-keys-file-elsewhere", "proven", 11, "pfss", NULL },
	{ "no_key_listed", REJECTED("40001") COLLECTED SAYS("key-listed text=SHA256:other path=/home/alice/.ssh/authorized_keys user=alice") SAYS("keys-all user=alice"), "auth-key-not-listed", "proven", 11, "pfss", NULL },
	{ "no_key_listed_of_many", REJECTED("40001") COLLECTED SAYS("key-listed text=SHA256:other path=/home/alice/.ssh/authorized_keys user=alice") SAYS("key-absent text=SHA256:mine user=alice"), "auth-key-not-listed", "proven", 11, "pfss", NULL },
	{ "another_key_is_absent", REJECTED("40001") COLLECTED SAYS("key-absent text=SHA256:two user=alice"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "keys_off_in_a_file_that_sshd_may_not_have_read", MATCHED KEYS(GOODKEY) NOAGENT METHODS("gssapi-with-mic") AUTHENDS END COLLECTED SAYS("setting path=pubkeyauthentication text=no") SAYS("config-newer path=/etc/ssh/sshd_config"), "auth-pubkey-disabled", "likely", 11, "pfss", NULL },
	{ "keys_off_and_another_server_was_not_reloaded", MATCHED KEYS(GOODKEY) NOAGENT METHODS("gssapi-with-mic") AUTHENDS END COLLECTED SAYS("setting path=pubkeyauthentication text=no") "@server/2 text.source whole=1 host=db9 addrs=192.0.2.99 input=alice@db9 user=alice now=" NOW " name=c kind=collector lines=9 bytes=99 used=3 cut=0\n" "@server/2 text.says what=config-newer path=/etc/ssh/sshd_config\n", "auth-pubkey-disabled", "proven", 11, "pfss", NULL },
	{ "the_key_is_listed", REJECTED("40001") COLLECTED SAYS("key-listed text=SHA256:mine path=/home/alice/.ssh/authorized_keys user=alice") SAYS("keys-all user=alice"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "forced_by_the_configuration", EXEC("nonce=absent exit=127 err=\"sh: gone: not found\"") COLLECTED SAYS("setting path=forcecommand text=gone"), "forced-command-fails", "proven", 12, NULL, NULL },
	{ "forced_by_the_configuration_and_fails", EXEC("nonce=absent exit=3 err=\"no such job\"") COLLECTED SAYS("setting path=forcecommand text=gone"), "forced-command-fails", "likely", 12, NULL, NULL },
	{ "usedns_and_its_time", LOGGEDIN("5041000") SESSION("25000", "60000") PROOF COLLECTED SAYS("setting path=usedns text=yes") SAYS("dns-slow") END, "slow-usedns", "proven", 13, NULL, NULL },
	{ "a_key_for_other_addresses", REJECTED("40001") COLLECTED SAYS("key-listed text=SHA256:mine path=/home/alice/.ssh/authorized_keys user=alice") SAYS("key-from text=192.0.3.0/24"), "auth-source-restricted", "proven", 11, "pfss", NULL },
#define LOST LOGGEDIN("41000") P("session") "session.request request=channel result=closed text=closed\n" E("session") END
	{ "chroot_is_others", LOST TEXT("") SAYS("chroot text=\"bad ownership or modes for chroot directory\" path=/srv user=alice addr=192.0.2.50 session=1 time=1790000001"), "session-chroot-bad-ownership", "likely", 12, NULL, NULL },
	{ "pam_opens_no_session", LOST TEXT("") SAYS("pam-session text=\"Permission denied\" user=alice addr=192.0.2.50 session=1 time=1790000001"), "pam-session-denied", "likely", 12, NULL, NULL },
	{ "no_process_for_the_session", LOST TEXT("") SAYS("fork-failed text=\"fork: Resource temporarily unavailable\" user=alice addr=192.0.2.50 session=1 time=1790000001"), "proc-limit", "likely", 12, NULL, NULL },
	{ "sessions_are_at_their_limit", LOST TEXT("") SAYS("sessions-max user=alice addr=192.0.2.50 session=1 time=1790000001"), "session-channel-refused", "likely", 12, NULL, NULL },
	{ "refuses_what_is_not_sftp", LOST TEXT("") SAYS("sftp-only user=alice addr=192.0.2.50 session=1 time=1790000001"), "sftp-only", "likely", 12, NULL, NULL },
	{ "nologin_logged_it", EXEC("nonce=absent exit=1") TEXT("") SAYS("shell-nologin user=alice addr=192.0.2.50 session=1 time=1790000001"), "shell-nologin", "likely", 12, NULL, NULL },
	{ "server_ends_it", LOST TEXT("") SAYS("server-closed text=\"Timeout, client not responding\" user=alice addr=192.0.2.50 session=1 time=1790000001"), "server-closed-session", "likely", 12, NULL, NULL },
	{ "log_has_no_pty", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END TEXT("") SAYS("pty-failed text=openpty user=alice addr=192.0.2.50 session=1 time=1790000001"), "healthy", "proven", 0, NULL, NULL },
	{ "log_has_no_subsystem", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END TEXT("") SAYS("no-subsystem text=foo user=alice addr=192.0.2.50 session=1 time=1790000001"), "healthy", "proven", 0, NULL, NULL },
	{ "log_refuses_a_forwarding", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END TEXT("") SAYS("forward-refused text=refused user=alice addr=192.0.2.50 session=1 time=1790000001"), "healthy", "proven", 0, NULL, NULL },
	{ "log_has_a_target_that_fails", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END TEXT("") SAYS("forward-target text=failed user=alice addr=192.0.2.50 session=1 time=1790000001"), "healthy", "proven", 0, NULL, NULL },
	{ "log_has_a_port_in_use", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END TEXT("") SAYS("forward-listen text=bind user=alice addr=192.0.2.50 session=1 time=1790000001"), "healthy", "proven", 0, NULL, NULL },
	{ "usedns_is_on", LOGGEDIN("5041000") SESSION("25000", "60000") PROOF COLLECTED SAYS("setting path=usedns text=yes") END, "slow-usedns", "likely", 13, NULL, NULL },
	{ "label", REJECTED("40001") COLLECTED SAYS("label-bad text=user_home_t path=/home/alice/.ssh/authorized_keys user=alice"), "auth-selinux-label", "likely", 11, "pfss", NULL },
	{ "label_and_the_file_cannot_be_read", REJECTED("40001") TEXT("") SAYS("keys-unreadable text=\"Permission denied\" path=/home/alice/.ssh/authorized_keys user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001") SAYS("label-bad text=user_home_t path=authorized_keys"), "auth-selinux-label", "likely", 11, "pfss", NULL },
	{ "home_is_not_there", REJECTED("40001") COLLECTED SAYS("home-missing path=/home/alice user=alice") SAYS("keys-all user=alice"), "auth-home-unavailable", "proven", 11, "pfss", NULL },
	{ "home_is_not_there_and_the_key_is_listed", REJECTED("40001") COLLECTED SAYS("home-missing path=/home/alice user=alice") SAYS("key-listed text=SHA256:mine path=/etc/keys user=alice"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "home_is_not_open", REJECTED("40001") TEXT("") SAYS("home-away text=\"Required key not available\" path=/home/alice/.ssh/authorized_keys user=alice addr=192.0.2.50 port=40001 session=1 time=1790000001"), "auth-home-unavailable", "proven", 11, "pfss", NULL },
	{ "key_as_an_authority", REJECTED("40001") COLLECTED SAYS("line-authority path=/home/alice/.ssh/authorized_keys user=alice") SAYS("keys-all user=alice"), "auth-keys-line-bad", "proven", 11, "pfss", NULL },
	{ "key_as_an_authority_and_as_itself", REJECTED("40001") COLLECTED SAYS("line-authority path=/home/alice/.ssh/authorized_keys user=alice") SAYS("key-listed text=SHA256:mine path=/home/alice/.ssh/authorized_keys user=alice"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "lines_that_are_no_key", REJECTED("40001") COLLECTED SAYS("line-bad text=\"line 1, 2\" path=/home/alice/.ssh/authorized_keys user=alice") SAYS("keys-all user=alice"), "auth-keys-line-bad", "likely", 11, "pfss", NULL },
	{ "role_denied_by_the_log", REJECTED("40001") TEXT("") SAYS("cloud-role text=\"OS Login user alice does not have login permission.\" user=alice"), "cloud-iam-login-role", "likely", 11, "pfss", NULL },
	{ "role_of_another_user", REJECTED("40001") TEXT("") SAYS("cloud-role text=\"OS Login user bob does not have login permission.\" user=bob"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "account_expired_by_its_record", REJECTED("40001") COLLECTED SAYS("expired text=\"Nov 01, 2020\" user=alice"), "pam-account-expired", "proven", 11, "pfss", NULL },
	{ "password_expired_by_its_record", REJECTED("40001") COLLECTED SAYS("password-expired user=alice"), "pam-password-expired", "likely", 11, "pfss", NULL },
	{ "not_allowed_by_its_configuration", REJECTED("40001") COLLECTED SAYS("denied-by-config text=AllowUsers user=alice"), "auth-allow-deny", "proven", 11, "pfss", NULL },
	{ "not_allowed_by_a_grep_of_a_file", REJECTED("40001") COLLECTED SAYS("denied-by-config text=AllowUsers user=alice mode=unsure"), "auth-allow-deny", "likely", 11, "pfss", NULL },
	{ "no_algorithm_for_the_key", REJECTED("40001") COLLECTED SAYS("setting path=pubkeyacceptedalgorithms text=rsa-sha2-512,rsa-sha2-256"), "auth-sigalg-server-refuses", "proven", 11, "pfss", NULL },
	{ "an_algorithm_for_the_key", REJECTED("40001") COLLECTED SAYS("setting path=pubkeyacceptedalgorithms text=ssh-ed25519,rsa-sha2-256"), "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "disk_full_by_df", EXEC("nonce=absent exit=1 err=\"cannot create\"") COLLECTED SAYS("disk-full path=/home"), "disk-full", "likely", 12, NULL, NULL },
	{ "rejected_with_old_certificate", MATCHED KEYS(GOODKEY "key.cert path=/c fp=SHA256:mine state=expired\n") NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, NULL, NULL },
	{ "not_offered", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") "auth.query fp=SHA256:work name=/home/alice/.ssh/work from=file listed=0 order=2 answer=accepted\nkey.file path=/home/alice/.ssh/work source=other state=ok fp=SHA256:work pub=1\n" AUTHENDS END,
	  "key-not-offered", "proven", 11, NULL, "ssh -i /home/alice/.ssh/work -o IdentitiesOnly=yes alice@web1" },
#define RSAKEY KEYFILE("state=ok mode=0600 owner=alice open=0 type=ssh-rsa fp=SHA256:mine pub=1 match=yes")
#define LEFT(reason, answer) "auth.query fp=SHA256:mine type=ssh-rsa name=/home/alice/.ssh/id_rsa from=file listed=0 order=1 reason=" reason " answer=" answer " took_us=20000\n"
	{ "old_rsa_signature", MATCHED KEYS(RSAKEY) NOAGENT METHODS("publickey") "auth.sigalgs algs=\"\"\n" LEFT("sha1", "accepted") AUTHENDS END, "auth-no-mutual-sigalg", "proven", 11, "pfss", "ssh -o PubkeyAcceptedAlgorithms=+ssh-rsa alice@web1" },
	{ "old_rsa_signature_refused", MATCHED KEYS(RSAKEY) NOAGENT METHODS("publickey") LEFT("sha1", "refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "type_left_out", MATCHED KEYS(RSAKEY) NOAGENT METHODS("publickey,password") LEFT("algorithms", "accepted") AUTHENDS END, "key-not-offered", "proven", 11, "pfss", "ssh -o PubkeyAcceptedAlgorithms=+ssh-rsa alice@web1" },
	{ "short_key_left_out", MATCHED KEYS(RSAKEY) NOAGENT METHODS("publickey") LEFT("short", "accepted") AUTHENDS END, "key-too-short", "proven", 11, "pfss", "ssh -o RequiredRSASize=1024 alice@web1" },
	{ "left_out_and_not_asked", MATCHED KEYS(RSAKEY) NOAGENT METHODS("publickey") LEFT("algorithms", "skipped") AUTHENDS END, "key-not-offered", "likely", 11, "pfss", NULL },
	{ "a_list_without_the_key's_signature", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") "auth.sigalgs algs=rsa-sha2-512\nauth.query fp=SHA256:mine type=ssh-ed25519 name=/home/alice/.ssh/id_ed25519 from=file listed=1 order=1 served=0 answer=refused took_us=1\n" AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
#define MISSING(source) "key.file path=/home/alice/.ssh/gone source=" source " state=missing\n"
	{ "named_key_missing", MATCHED KEYS(NOKEY MISSING("config")) NOAGENT METHODS("publickey") AUTHENDS END, "key-file-missing", "proven", 11, "pfss", NULL },
	{ "named_key_missing_beside_refused", MATCHED KEYS(GOODKEY MISSING("cli")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "key-file-missing", "likely", 11, "pfss", NULL },
	{ "configured_key_missing_beside_refused", MATCHED KEYS(GOODKEY MISSING("config")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "named_key_missing_login_works", LOGGEDIN("41000") MISSING("cli") SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pwpp", NULL },
#define CERT(match) "key.cert path=/home/alice/.ssh/id-cert.pub type=ssh-ed25519-cert-v01@openssh.com fp=SHA256:cert match=" match " principals=bob kind=user state=ok\n"
	{ "certificate_for_another", MATCHED KEYS(GOODKEY CERT("no")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "cert-principal-or-ca", "likely", 11, "pfss", NULL },
#define BOUND(more) "auth.query fp=SHA256:cert type=ssh-ed25519-cert-v01@openssh.com name=/home/alice/.ssh/id-cert.pub from=cert listed=1 order=2 " more " took_us=20000\n"
	{ "certificate_for_another_address", MATCHED KEYS(GOODKEY CERT("yes")) NOAGENT METHODS("publickey") ASKED("refused") BOUND("answer=refused match=no source=10.0.0.0/8 local=192.0.2.50") AUTHENDS END, "auth-source-restricted", "likely", 11, "pfss", NULL },
	{ "certificate_for_another_address_and_taken", MATCHED KEYS(GOODKEY CERT("yes")) NOAGENT METHODS("publickey") ASKED("refused") BOUND("answer=accepted match=no source=10.0.0.0/8 local=192.0.2.50") "auth.login method=publickey fp=SHA256:cert name=/home/alice/.ssh/id-cert.pub from=cert result=success took_us=30000\n" AUTHENDS SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, NULL, NULL },
	{ "certificate_for_another_name_and_address", MATCHED KEYS(GOODKEY CERT("no")) NOAGENT METHODS("publickey") ASKED("refused") BOUND("answer=refused match=no source=10.0.0.0/8 local=192.0.2.50") AUTHENDS END, "cert-principal-or-ca", "likely", 11, "pfss", NULL },
	{ "certificate_for_the_user", MATCHED KEYS(GOODKEY CERT("yes")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
#define BLOCK(rest) "config.block file=/home/alice/.ssh/config line=3 name=web reason=hostname order=1 " rest "\n"
#define WORKKEY "key.file path=/home/alice/.ssh/work source=other state=ok fp=SHA256:work pub=1\n"
#define WORK(answer) "auth.query fp=SHA256:work type=ssh-ed25519 name=/home/alice/.ssh/work from=file listed=0 order=2 answer=" answer "\n"
	{ "the_key_of_another_block", MATCHED KEYS(GOODKEY WORKKEY BLOCK("path=/home/alice/.ssh/work")) NOAGENT METHODS("publickey,password") ASKED("refused") WORK("accepted") AUTHENDS END, "cfg-wrong-host-block", "proven", 11, "pfss", "ssh -l alice web" },
	{ "the_key_of_another_block_is_refused", MATCHED KEYS(GOODKEY WORKKEY BLOCK("path=/home/alice/.ssh/work")) NOAGENT METHODS("publickey") ASKED("refused") WORK("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "the_key_of_another_block_is_not_asked_about", MATCHED KEYS(GOODKEY BLOCK("path=/mnt/work")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "cfg-wrong-host-block", "likely", 11, "pfss", "ssh -l alice web" },
	{ "the_user_of_another_block", MATCHED KEYS(GOODKEY BLOCK("user=deploy")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "cfg-wrong-host-block", "likely", 11, "pfss", "ssh web" },
	{ "a_second_block_says_nothing", MATCHED KEYS(GOODKEY "config.block file=/f line=9 name=x reason=label order=2 user=deploy\n") NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "another_block_and_the_login_works", LOGGEDIN("41000") BLOCK("user=deploy") SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "an_earlier_line_wins", MATCHED KEYS(GOODKEY "config.block file=/home/alice/.ssh/config line=3 name=web1 reason=shadowed order=1 user=deploy\n") NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "cfg-wrong-host-block", "likely", 11, "pfss", "ssh -l deploy alice@web1" },
	{ "the_port_of_another_block", TCP("result=refused errno=ECONNREFUSED") KEYS(GOODKEY BLOCK("port=2022")) P("ports") "port.result port=2222 addr=192.0.2.7 result=refused\n" E("ports") END, "cfg-wrong-host-block", "likely", 10, "fsss", "ssh web" },
	{ "no_key", MATCHED KEYS(NOKEY) NOAGENT METHODS("publickey") AUTHENDS END, "key-none", "proven", 11, "pfss", NULL },
	{ "open_key_with_public_half", MATCHED KEYS(KEYFILE("state=ok mode=0644 open=1 fp=SHA256:mine pub=1")) NOAGENT METHODS("publickey") ASKED("accepted") AUTHENDS END, "key-perms-open", "proven", 11, NULL, "chmod 600 -- /home/alice/.ssh/id_ed25519" },
	{ "open_key_alone", MATCHED KEYS(KEYFILE("state=ok mode=0644 open=1 pub=0")) NOAGENT METHODS("publickey") AUTHENDS END, "key-perms-open", "proven", 11, NULL, "chmod 600 -- /home/alice/.ssh/id_ed25519" },
	{ "open_key_beside_refused", MATCHED KEYS(GOODKEY "key.file path=/home/alice/.ssh/two source=config state=ok mode=0644 open=1 pub=0\n") NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "key-perms-open", "likely", 11, NULL, "chmod 600 -- /home/alice/.ssh/two" },
	{ "open_key_refused", MATCHED KEYS(KEYFILE("state=ok mode=0644 open=1 fp=SHA256:mine pub=1")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, NULL, NULL },
	{ "open_key_elsewhere_login_works", LOGGEDIN("41000") "key.file path=/home/alice/.ssh/two source=config state=ok mode=0644 open=1 pub=0\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pwpp", NULL },
	{ "unparsable_alone", MATCHED KEYS(KEYFILE("state=unparsable text=\"no key in it\" open=0")) NOAGENT METHODS("publickey") AUTHENDS END, "key-unparsable", "proven", 11, NULL, NULL },
	{ "unparsable_accepted", MATCHED KEYS(KEYFILE("state=unparsable text=\"cut off\" open=0 pub=1 pub_fp=SHA256:mine")) NOAGENT METHODS("publickey") ASKED("accepted") AUTHENDS END, "key-unparsable", "proven", 11, NULL, NULL },
	{ "unparsable_beside_refused", MATCHED KEYS(GOODKEY "key.file path=/home/alice/.ssh/two source=config state=unparsable text=\"cut off\"\n") NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "key-unparsable", "likely", 11, NULL, NULL },
	{ "unparsable_login_works", LOGGEDIN("41000") "key.file path=/home/alice/.ssh/two source=config state=unparsable text=cut\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pwpp", NULL },
#define MIXED KEYFILE("state=ok open=0 type=ssh-ed25519 fp=SHA256:own pub_fp=SHA256:mine pub=1 match=no")
#define OWN(answer) "auth.query fp=SHA256:own type=ssh-ed25519 name=/home/alice/.ssh/id_ed25519 from=file listed=0 order=2 answer=" answer " took_us=20000\n"
	{ "public_half_of_another", MATCHED KEYS(MIXED) NOAGENT METHODS("publickey,password") ASKED("refused") OWN("accepted") AUTHENDS END, "key-pub-mismatch", "proven", 11, "pfss", "cp -p -- /home/alice/.ssh/id_ed25519.pub /home/alice/.ssh/id_ed25519.pub.old && ssh-keygen -y -f /home/alice/.ssh/id_ed25519 > /home/alice/.ssh/id_ed25519.pub" },
	{ "private_half_of_another", MATCHED KEYS(MIXED) NOAGENT METHODS("publickey") ASKED("accepted") OWN("refused") AUTHENDS END, "key-pub-mismatch", "proven", 11, "pfss", NULL },
	{ "public_half_of_another_and_neither_will_do", MATCHED KEYS(MIXED) NOAGENT METHODS("publickey") ASKED("refused") OWN("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, "pfss", NULL },
	{ "public_half_of_another_not_asked", MATCHED KEYS(MIXED) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "key-pub-mismatch", "likely", 11, "pfss", NULL },
	{ "encrypted_accepted", MATCHED KEYS(KEYFILE("state=encrypted open=0 fp=SHA256:mine pub=1")) NOAGENT METHODS("publickey,password") ASKED("accepted") AUTHENDS END, "key-encrypted-batch", "proven", 20, "puuu", "ssh-add /home/alice/.ssh/id_ed25519" },
	{ "encrypted_unasked", MATCHED KEYS(KEYFILE("state=encrypted open=0 pub=0")) NOAGENT METHODS("publickey") AUTHENDS END, "key-encrypted-batch", "proven", 20, NULL, NULL },
	{ "encrypted_unasked_beside_refused", MATCHED KEYS(GOODKEY "key.file path=/home/alice/.ssh/two source=config state=encrypted\n") NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "key-encrypted-batch", "likely", 20, NULL, NULL },
	{ "encrypted_refused", MATCHED KEYS(KEYFILE("state=encrypted open=0 fp=SHA256:mine pub=1")) NOAGENT METHODS("publickey") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, NULL, NULL },
#define CHANGED CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:old", "none bare=0")
#define RSAKNOWN "known.entry name=web1.example file=/home/alice/.ssh/known_hosts line=8 type=ssh-rsa fp=SHA256:rsa marker=none bare=0\n"
#define OTHERKEY(fp) P("otherkey") "hostkey.other result=shown type=ssh-rsa fp=" fp " ours=rsa-sha2-512,rsa-sha2-256 took_us=9000\n" E("otherkey")
	{ "changed_other_type_holds", CHANGED RSAKNOWN OTHERKEY("SHA256:rsa") END, "hostkey-changed", "proven", 10, "fsss", "ssh -o HostKeyAlgorithms=rsa-sha2-512,rsa-sha2-256 alice@web1" },
	{ "changed_other_type_too", CHANGED RSAKNOWN OTHERKEY("SHA256:new") END, "hostkey-changed", "proven", 10, "fsss", NULL },
	{ "changed_other_type_revoked", CHANGED RSAKNOWN "known.entry name=web1.example file=/f line=9 type=ssh-rsa fp=SHA256:rsa marker=revoked bare=0\n" OTHERKEY("SHA256:rsa") END, "hostkey-changed", "proven", 10, "fsss", NULL },
	{ "unknown_other_type_holds", CONNECTED IDENT KEXINIT HOSTKEY P("knownhosts") RSAKNOWN E("knownhosts") OTHERKEY("SHA256:rsa") END, "hostkey-unknown", "proven", 20, "uuuu", "ssh -o HostKeyAlgorithms=rsa-sha2-512,rsa-sha2-256 alice@web1" },
	{ "unknown_and_unwritable", CONNECTED IDENT KEXINIT HOSTKEY P("knownhosts") E("knownhosts") P("vouch") "known.write file=/home/alice/.ssh/known_hosts result=no path=/home/alice/.ssh/known_hosts owner=self text=\"Permission denied\"\n" E("vouch") END, "hostkey-unknown", "proven", 20, NULL, "chmod u+rwX -- /home/alice/.ssh/known_hosts" },
	{ "unknown_and_not_ours", CONNECTED IDENT KEXINIT HOSTKEY P("knownhosts") E("knownhosts") P("vouch") "known.write file=/home/alice/.ssh/known_hosts result=no path=/home/alice/.ssh/known_hosts owner=other text=\"Permission denied\"\n" E("vouch") END, "hostkey-unknown", "proven", 20, NULL, "sudo chown $(id -u):$(id -g) -- /home/alice/.ssh/known_hosts" },
	{ "two_machines", LOGGEDIN("41000") P("proof") "proof.host what=key type=ssh-ed25519 fp=SHA256:twin\nproof.result exit=255 phase=transport text=\"Host key verification failed.\"\n" E("proof") END, "hostkey-multi-backend", "likely", 10, NULL, NULL },
	{ "two_machines_both_known", LOGGEDIN("41000") SESSION("25000", "60000") "proof.host what=key type=ssh-ed25519 fp=SHA256:twin\n" PROOF END, "healthy", "proven", 0, "wppp", NULL },
	{ "two_types_are_no_two_machines", LOGGEDIN("41000") SESSION("25000", "60000") "proof.host what=key type=ssh-rsa fp=SHA256:rsa\n" PROOF END, "healthy", "proven", 0, "pppp", NULL },
#define HOSTCERT CONNECTED IDENT CERTKEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:ca", "ca bare=0") P("proof") "proof.host what=cert text=\"ssh-ed25519-cert-v01@openssh.com SHA256:host, serial 0 ID \\\"web\\\" CA ssh-ed25519 SHA256:ca\"\n"
	{ "host_cert_expired", HOSTCERT "proof.host what=invalid text=expired\nproof.result exit=255 phase=transport text=\"Host key verification failed.\"\n" E("proof") END, "hostkey-cert-invalid", "proven", 10, "fsss", NULL },
	{ "host_cert_of_another_name", HOSTCERT "proof.host what=invalid text=\"name is not a listed principal\"\nproof.result exit=255 phase=transport text=\"Host key verification failed.\"\n" E("proof") END, "hostkey-cert-invalid", "proven", 10, "fsss", NULL },
	{ "host_cert_of_another_authority", HOSTCERT "proof.host what=no-ca\nproof.result exit=255 phase=transport text=\"Host key verification failed.\"\n" E("proof") END, "hostkey-cert-invalid", "proven", 10, "fsss", NULL },
	{ "host_cert_expired_login_works", LOGGEDIN("41000") SESSION("25000", "60000") "proof.host what=invalid text=expired\n" PROOF END, "healthy", "proven", 0, "wppp", NULL },
	{ "too_many", MATCHED KEYS(GOODKEY) AGENT("result=ok count=7 path=/a") METHODS("publickey") ASKED("refused") "auth.query fp=SHA256:k2 name=k2 from=agent listed=1 order=2 answer=closed\nauth.end reason=disconnect code=2 text=\"Too many authentication failures\"\n" E("auth") END, "auth-too-many-keys", "proven", 11, NULL, "ssh -o IdentitiesOnly=yes alice@web1" },
	{ "disconnected", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") "auth.end reason=closed\n" E("auth") END, "auth-disconnected", "proven", 11, NULL, NULL },
	{ "stalled", MATCHED KEYS(GOODKEY) NOAGENT P("auth") "auth.end reason=timeout\n" E("auth") END, "auth-stalled", "proven", 11, NULL, NULL },
	{ "auth_error", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") "auth.end reason=error text=broken\n" END, "auth-failed", "likely", 11, NULL, NULL },
	{ "login_error", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("error") AUTHENDS END, "auth-failed", "likely", 11, NULL, NULL },
	{ "agent_does_not_sign", MATCHED AGENT("result=ok count=1") METHODS("publickey") ASKED("accepted") "auth.login method=publickey fp=SHA256:mine from=agent result=error text=refused\n" AUTHENDS END, "agent-refused", "likely", 11, NULL, NULL },
	{ "nothing_got_in", MATCHED KEYS(NOKEY) AGENT("result=ok count=1") METHODS("publickey") ASKED("accepted") AUTHENDS END, "auth-failed", "likely", 11, NULL, NULL },
	{ "auth_cancelled", MATCHED KEYS(GOODKEY) NOAGENT P("auth") "run.end reason=cancelled\n", "undecided", "proven", 20, "puuu", NULL },
	{ "human_logged_in", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "login.result result=in state=open exit=0\n", "healthy", "likely", 0, "pppu", NULL },
	{ "human_in_no_session", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "login.result result=in state=none exit=255\n", "undecided", "proven", 20, "ppuu", NULL },
	{ "human_password_refused", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "login.result result=refused state=none exit=255\n" "@proof/1 auth.login method=password result=denied\n", "auth-password-rejected", "proven", 11, "pfss", NULL },
	{ "human_in_after_a_wrong_password", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "login.result result=in state=open exit=0\n" "@proof/1 auth.login method=password result=denied\n@proof/1 auth.login method=other result=success\n", "healthy", "likely", 0, "pppu", NULL },
	{ "human_in_and_refused_a_session", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "login.result result=in state=none exit=255\n" "@proof/1 session.request request=channel result=refused text=prohibited\n", "session-channel-refused", "proven", 12, "ppfs", NULL },
	{ "own_transcript_lowers_nothing", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END "@proof/1 auth.login method=password result=denied\n@proof/1 session.request request=channel result=refused text=prohibited\n@proof/1 auth.end reason=disconnect\n@proof/1 tcp.result result=refused\n@proof/1 config.value name=port value=99\n@proof/1 text.other reason=\"a later login\" text=x\n", "healthy", "proven", 0, "pppp", NULL },
#define NEEDSHUMAN MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END
#define BYHAND(how) NEEDSHUMAN "login.result " how "\n"
#define OWNPHASE(name, start, took) "@proof/1 phase phase=" name " start_us=" start " took_us=" took "\n"
#define OWNLOGIN BYHAND("result=in method=password state=open exit=0") "@proof/1 auth.login method=other result=success\n" OWNPHASE("auth.none", "100", "5000")
	{ "human_in_and_timed", OWNLOGIN OWNPHASE("session.channel", "90000000", "40000") OWNPHASE("session.exec", "90100000", "60000"), "healthy", "likely", 0, "pppp", "ssh alice@web1" },
	{ "human_in_and_no_shell_timed", OWNLOGIN OWNPHASE("session.channel", "90000000", "40000"), "healthy", "likely", 0, "pppu", NULL },
	{ "human_in_to_a_slow_session", OWNLOGIN OWNPHASE("session.channel", "90000000", "4000000"), "slow-session-setup", "likely", 13, "pppf", NULL },
	{ "human_in_to_a_command_that_is_late", OWNLOGIN OWNPHASE("session.channel", "90000000", "40000") OWNPHASE("session.exec", "94100000", "1100000"), "healthy", "likely", 0, "pppw", NULL },
	{ "own_phases_do_not_count_beside_ours", LOGGEDIN("41000") SESSION("25000", "60000") PROOF END OWNPHASE("session.channel", "90000000", "9000000"), "healthy", "proven", 0, "pppp", NULL },
	{ "human_in_to_a_command", BYHAND("result=in method=publickey state=command exit=0"), "healthy", "likely", 0, "pppu", NULL },
	{ "human_in_and_the_shell_ends_at_once", BYHAND("result=in method=password state=ended exit=1") "@proof/1 session.exec nonce=ok exit=1\n", "forced-command-fails", "likely", 12, "ppfs", NULL },
	{ "human_in_and_what_is_forced_ends_well", BYHAND("result=in method=password state=ended exit=0"), "forced-command", "likely", 20, "ppuu", NULL },
	{ "human_in_again_and_the_shell_stays", BYHAND("result=in method=password state=ended exit=1") "login.result result=in method=password state=open exit=0\n", "healthy", "likely", 0, "pppu", NULL },
	{ "human_in_and_the_shell_dies", BYHAND("result=in method=password state=ended exit=255") "@proof/1 session.exec nonce=absent signal=SEGV text=\"it died of a signal\"\n@proof/1 auth.login method=other result=success\n", "shell-crash", "likely", 12, "ppfs", NULL },
	{ "human_sees_another_key", BYHAND("result=refused state=none exit=255") "@proof/1 hostkey.offered type=ssh-ed25519 fp=SHA256:evil\n@proof/1 known.entry name=web1.example file=/home/alice/.ssh/known_hosts line=7 type=ssh-ed25519 fp=\"(not shown)\" marker=none bare=0\n@proof/1 probe.end probe=knownhosts result=done\n@proof/1 probe.end probe=hostkey result=done\n", "hostkey-changed", "likely", 10, "fsss", NULL },
	{ "human_is_cut_off", BYHAND("result=refused state=none exit=255") "@proof/1 auth.methods methods=publickey,password partial=0\n@proof/1 auth.end reason=closed text=\"Connection closed by 192.0.2.7 port 22\"\n@proof/1 probe.end probe=auth result=done\n", "auth-disconnected", "likely", 11, "pfss", NULL },
	{ "human_has_the_last_word", BYHAND("result=refused state=none exit=255") "@proof/1 auth.end reason=closed text=x\n@proof/1 probe.end probe=auth result=done\n@proof/2 auth.methods methods=publickey,password partial=0\n", "auth-needs-human", "proven", 20, "puuu", NULL },
	{ "human_refused", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "login.result result=refused state=none exit=255\n", "auth-needs-human", "proven", 20, "puuu", "ssh alice@web1" },
	{ "stderr_says_nothing", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END "stderr.line text=\"Permission denied (publickey).\"\nlogin.result result=refused state=none exit=255\n", "auth-needs-human", "proven", 20, "puuu", "ssh alice@web1" },
	{ "human", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END, "auth-needs-human", "proven", 20, "puuu", "ssh alice@web1" },
	{ "human_is_turned_off", START CFG("ask", "config.value name=passwordauthentication value=no\n") ADDR OPENED("20000") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT METHODS("publickey,password") ASKED("refused") AUTHENDS END, "auth-key-rejected", "proven", 11, NULL, NULL },
	{ "keys_are_turned_off", START CFG("ask", "config.value name=pubkeyauthentication value=false\n") ADDR OPENED("20000") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT METHODS("publickey") AUTHENDS END, "auth-method-not-offered", "proven", 11, NULL, "ssh -o PubkeyAuthentication=yes alice@web1" },
	{ "a_second_key_is_wanted", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("partial") "auth.methods methods=publickey partial=1\n" AUTHENDS END, "auth-more-factors-needed", "proven", 11, "pfss", NULL },
	{ "more_factors", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("partial") "auth.methods methods=keyboard-interactive partial=1\n" AUTHENDS END, "auth-more-factors-needed", "proven", 20, "puuu", NULL },
	{ "agent_dead_login_works", LOGGEDIN("41000") AGENT("result=missing path=/tmp/gone text=\"No such file\"") SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pwpp", NULL },
	{ "agent_dead_no_key", MATCHED KEYS(NOKEY) AGENT("result=refused path=/tmp/gone") METHODS("publickey") AUTHENDS END, "agent-unreachable", "likely", 11, NULL, NULL },
	{ "agent_dead_public_half_accepted", MATCHED KEYS(KEYFILE("state=public mode=0644 owner=alice open=0 type=ssh-ed25519 fp=SHA256:mine pub=1")) AGENT("result=missing path=/tmp/gone text=\"No such file\"") METHODS("publickey") ASKED("accepted") AUTHENDS END, "agent-unreachable", "likely", 11, "pfss", NULL },
	{ "public_half_accepted_no_agent", MATCHED KEYS(KEYFILE("state=public mode=0644 owner=alice open=0 type=ssh-ed25519 fp=SHA256:mine pub=1")) NOAGENT METHODS("publickey") ASKED("accepted") AUTHENDS END, "key-file-missing", "proven", 11, "pfss", NULL },
	{ "a_ticket_may_get_in", MATCHED "config.value name=gssapiauthentication value=yes\n" KEYS(GOODKEY) NOAGENT METHODS("publickey,gssapi-with-mic") ASKED("refused") AUTHENDS, "none", "none", 20, NULL, NULL },
	{ "a_ticket_got_in", MATCHED "config.value name=gssapiauthentication value=yes\n" KEYS(GOODKEY) NOAGENT METHODS("publickey,gssapi-with-mic") ASKED("refused") AUTHENDS PROOF END, "healthy", "likely", 0, NULL, NULL },
	{ "no_ticket", MATCHED "config.value name=gssapiauthentication value=yes\n" KEYS(GOODKEY) NOAGENT METHODS("publickey,gssapi-with-mic") ASKED("refused") AUTHENDS P("proof") "proof.result exit=255 took_us=1 phase=authentication text=\"Permission denied\"\n" E("proof") END, "auth-key-rejected", "proven", 11, NULL, NULL },
	{ "localhost_is_not_checked", START CFG("yes", "config.value name=nohostauthenticationforlocalhost value=yes\n") P("tcp") "resolve.addr addr=127.0.0.1 family=inet order=0\ntcp.result addr=127.0.0.1 port=22 order=0 result=open rtt_us=20 took_us=30\n" E("tcp") P("wire") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:old", "none bare=0") END, "healthy", "likely", 0, "puuu", NULL },
	{ "proxy_lives_and_says_nothing", START CFG("ask", "config.value name=proxycommand value=nc\n") P("wire") "proxy.result result=started command=nc\nbanner.end reason=timeout lines=0 bytes=0\n" E("wire") END, "proxy-failed", "proven", 10, NULL, NULL },
	{ "agent_key_kept_back", START CFG("ask", "config.value name=identitiesonly value=yes\n") ADDR OPENED("20000") P("wire") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) AGENT("result=ok count=1 path=/a") "agent.key type=ssh-ed25519 fp=SHA256:agent comment=work order=1\n" METHODS("publickey") ASKED("refused") "auth.query fp=SHA256:agent type=ssh-ed25519 name=work from=agent listed=0 order=2 answer=accepted\n" AUTHENDS END, "key-not-offered", "proven", 11, "pfss", "ssh -o IdentitiesOnly=no alice@web1" },
#define SINCE92 MATCHED "config.value name=enableescapecommandline value=no\n"
#define EMPTYAGENT(more) AGENT("result=ok count=0 path=/a " more)
	{ "agent_is_locked", SINCE92 KEYS(NOKEY) EMPTYAGENT("state=shut owner=ssh-agent") METHODS("publickey") AUTHENDS END, "agent-locked", "likely", 11, "pfss", NULL },
	{ "agent_is_locked_and_a_key_is_refused", SINCE92 KEYS(GOODKEY) EMPTYAGENT("state=shut owner=ssh-agent") METHODS("publickey") ASKED("refused") AUTHENDS END, "agent-locked", "likely", 11, "pfss", NULL },
	{ "agent_is_locked_and_a_key_logs_in", SINCE92 KEYS(GOODKEY) EMPTYAGENT("state=shut owner=ssh-agent") METHODS("publickey") ASKED("accepted") LOGIN("success") AUTHENDS SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, NULL, NULL },
	{ "agent_may_be_old", MATCHED KEYS(NOKEY) EMPTYAGENT("state=shut owner=ssh-agent") METHODS("publickey") AUTHENDS END, "key-none", "proven", 11, "pfss", NULL },
	{ "agent_of_another_make", SINCE92 KEYS(NOKEY) EMPTYAGENT("state=shut owner=gpg-agent") METHODS("publickey") AUTHENDS END, "key-none", "proven", 11, "pfss", NULL },
	{ "agent_is_empty_and_not_locked", SINCE92 KEYS(NOKEY) EMPTYAGENT("state=open owner=ssh-agent") METHODS("publickey") AUTHENDS END, "key-none", "proven", 11, "pfss", NULL },
	{ "agent_hangs", BEGIN AGENT("result=hangs path=/tmp/stuck") P("resolve"), "agent-hangs", "proven", 11, "rfss", "ssh -o IdentityAgent=none alice@web1" },
	{ "root", START P("config") "config.value name=user value=root\nconfig.value name=hostname value=web1\nconfig.value name=port value=22\nconfig.result result=ok\n" ADDR OPENED("20000") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("denied") AUTHENDS END, "auth-root-refused", "proven", 11, NULL, NULL },
	{ "root_with_an_rsa_key", START P("config") "config.value name=user value=root\nconfig.value name=hostname value=web1\nconfig.value name=port value=22\nconfig.result result=ok\n" ADDR OPENED("20000") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(KEYFILE("state=ok mode=0600 owner=alice open=0 type=ssh-rsa fp=SHA256:mine pub=1 match=yes")) NOAGENT METHODS("publickey") "auth.query fp=SHA256:mine type=ssh-rsa name=/home/alice/.ssh/id_ed25519 from=file listed=1 order=1 answer=accepted took_us=20000\n" LOGIN("denied") AUTHENDS END, "auth-root-refused", "likely", 11, NULL, NULL },
	{ "root_elsewhere", START "config.value name=user value=root\nconfig.result result=ok\n" "banner.ident text=SSH-2.0-dropbear proto=2.0 software=dropbear\n" HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") ASKED("accepted") LOGIN("denied") AUTHENDS END, "auth-root-refused", "likely", 11, NULL, NULL },
	{ "denied_after_accept", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("denied") AUTHENDS END, "auth-denied-after-accept", "proven", 11, NULL, NULL },
#define TINYSSH(files) CONNECTED "banner.ident text=SSH-2.0-tinyssh_20230101-1 proto=2.0 software=tinyssh_20230101-1 took_us=20000\n" KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(files) NOAGENT METHODS("publickey") ASKED("accepted")
	{ "denied_by_a_server_that_says_yes_to_all", TINYSSH(GOODKEY) LOGIN("denied") AUTHENDS END, "auth-denied-after-accept", "likely", 11, NULL, NULL },
	{ "yes_to_all_says_nothing_of_a_key_that_cannot_be_read", TINYSSH(KEYFILE("state=open mode=0644 owner=alice open=1 type=ssh-ed25519 fp=SHA256:mine pub=1")) AUTHENDS END, "auth-failed", "likely", 11, NULL, NULL },
	{ "account_denied", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("closed") "auth.end reason=closed\n" END, "auth-account-denied", "likely", 11, NULL, NULL },
#define CLOSEDBY(text) MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("closed") "auth.banner text=\"" text "\" method=publickey\nauth.end reason=closed\n" END
	{ "no_logins_now", CLOSEDBY("System is going down for maintenance."), "pam-nologin", "proven", 11, "pfss", "mv -- /run/nologin /run/nologin.off" },
	{ "account_expired", CLOSEDBY("Your account has expired; please contact your system administrator."), "pam-account-expired", "proven", 11, "pfss", "chage -E -1 -I -1 alice" },
	{ "account_locked", CLOSEDBY("The account is locked due to 3 failed logins.\\x0A(10 minutes left to unlock)"), "pam-faillock", "proven", 11, "pfss", "faillock --user alice --reset" },
	{ "closed_with_other_words", CLOSEDBY("Wartung bis 18 Uhr"), "auth-account-denied", "likely", 11, "pfss", NULL },
	{ "the_words_stand_before_every_login", MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") "auth.banner text=\"Your account has expired\"\n" ASKED("accepted") LOGIN("closed") "auth.end reason=closed\n" END, "auth-account-denied", "likely", 11, "pfss", NULL },
	{ "password_expired", "auth.banner text=\"You are required to change your password immediately (password expired).\" method=publickey\n" EXEC("nonce=absent exit=1 err=\"WARNING: Your password has expired.\\x0APassword change required but no TTY available.\\x0A\""), "pam-password-expired", "proven", 11, "pfss", "ssh -t alice@web1" },
	{ "password_expired_without_pam", EXEC("nonce=absent exit=1 err=\"WARNING: Your password has expired.\\x0APassword change required but no TTY available.\\x0A\""), "pam-password-expired", "likely", 11, "pfss", "chage -d -1 alice" },
	{ "password_must_be_changed_soon", "auth.banner text=\"You are required to change your password immediately\" method=publickey\n" LOGGEDIN("41000") SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
#define CLOUD(name) "nonce=absent exit=142 out=\"Please login as the user \\\"" name "\\\" rather than the user \\\"alice\\\".\\x0A\\x0A\""
	{ "cloud_user", EXEC(CLOUD("ubuntu")), "auth-cloud-default-user", "proven", 11, "pfss", "ssh -l ubuntu alice@web1" },
	{ "cloud_user_is_no_name", EXEC(CLOUD("-oProxyCommand=x")), "shell-crash", "likely", 12, NULL, NULL },
	{ "no_method", MATCHED KEYS(GOODKEY) NOAGENT METHODS("hostbased2") AUTHENDS END, "auth-method-not-offered", "proven", 11, NULL, NULL },
	{ "gssapi_only", MATCHED KEYS(GOODKEY) NOAGENT METHODS("gssapi-with-mic") AUTHENDS END, "auth-method-not-offered", "likely", 11, NULL, NULL },
	{ "ssh_crashes_in_auth", LOGGEDIN("41000") P("proof") "proof.result signal=SEGV phase=authentication\n" END, "client-crash", "proven", 11, NULL, NULL },
	{ "ssh_is_killed_in_auth", LOGGEDIN("41000") P("proof") "proof.result signal=TERM phase=authentication\n" END, "client-crash", "likely", 11, NULL, NULL },
	{ "ssh_fails_in_auth", LOGGEDIN("41000") P("proof") "proof.result exit=255 phase=authentication text=\"Permission denied\"\n" END, "proof-failed", "likely", 11, NULL, NULL },

#define NOTED(text) LOGGEDIN("41000") SESSION("25000", "60000") P("proof") "proof.note text=\"" text "\"\n" PROOF END
#define REFUSED2 "auth.query fp=SHA256:two type=ssh-ed25519 name=/home/alice/.ssh/two from=file listed=1 order=2 answer=refused took_us=20000\n"
	{ "sshd_ignores_a_file", NOTED("Ignored authorized keys: bad ownership or modes for file /home/alice/.ssh/authorized_keys"), "healthy", "proven", 0, "pwpp", "chmod go-w -- /home/alice/.ssh/authorized_keys" },
	{ "sshd_ignores_a_directory", NOTED("Ignored authorized keys: bad ownership or modes for directory /home/alice"), "healthy", "proven", 0, "pwpp", "chmod go-w -- /home/alice" },
	{ "a_key_is_bound_elsewhere", NOTED("/home/alice/.ssh/authorized_keys:1: Your host '192.0.2.50' is not permitted to use this key for login."), "healthy", "proven", 0, "pwpp", NULL },
	{ "a_certificate_is_bound_elsewhere", NOTED("cert: Your address '192.0.2.50' is not permitted to use this certificate for login."), "healthy", "proven", 0, "pwpp", NULL },
	{ "a_line_is_out_of_its_time", NOTED("/home/alice/.ssh/authorized_keys:1: entry expired at 2020-01-01T00:00:00"), "healthy", "proven", 0, "pwpp", NULL },
	{ "a_line_has_bad_options", NOTED("/home/alice/.ssh/authorized_keys:1: bad key options: unknown key option"), "healthy", "proven", 0, "pppp", NULL },
	{ "a_line_has_bad_options_and_a_key_was_refused", REFUSED2 NOTED("/home/alice/.ssh/authorized_keys:1: bad key options: unknown key option"), "healthy", "proven", 0, "pwpp", NULL },
	{ "a_certificate_names_another", NOTED("Certificate invalid: name is not a listed principal"), "healthy", "proven", 0, "pwpp", NULL },
	{ "a_certificate_is_out_of_its_time_there", NOTED("Certificate invalid: not yet valid"), "healthy", "proven", 0, "pwpp", NULL },
	{ "sshd_notes_what_worked", NOTED("/home/alice/.ssh/authorized_keys:1: key options: agent-forwarding port-forwarding pty user-rc x11-forwarding"), "healthy", "proven", 0, "pppp", NULL },

	{ "nologin", EXEC("nonce=absent exit=1 out=\"This account is currently not available.\""), "shell-nologin", "likely", 12, "ppfs", NULL },
	{ "sftp_only", EXEC("nonce=absent exit=1 out=\"This service allows sftp connections only.\""), "sftp-only", "proven", 12, NULL, NULL },
	{ "shell_killed", EXEC("nonce=absent signal=SEGV"), "shell-crash", "likely", 12, NULL, NULL },
	{ "shell_status_139", EXEC("nonce=absent exit=139"), "shell-crash", "likely", 12, NULL, NULL },
	{ "forced_fails", EXEC("nonce=absent exit=127 err=\"sh: 1: gone: not found\""), "forced-command-fails", "likely", 12, NULL, NULL },
	{ "forced_works", EXEC("nonce=absent exit=0 out=\"hello\""), "forced-command", "likely", 20, "ppuu", NULL },
#define CERTEXEC(how) MATCHED KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("refused") BOUND("answer=accepted") "auth.login method=publickey fp=SHA256:cert name=/home/alice/.ssh/id-cert.pub from=cert command=job result=success took_us=30000\n" AUTHENDS P("session") "session.exec " how " core=0 took_us=4000\n" E("session") END
	{ "forced_by_a_certificate", CERTEXEC("nonce=absent exit=0 out=hello"), "forced-command", "likely", 20, "ppuu", NULL },
	{ "forced_by_a_certificate_fails", CERTEXEC("nonce=absent exit=3 err=\"no such job\""), "forced-command-fails", "likely", 12, "ppfs", NULL },
	{ "forced_exits_by_itself", EXEC("nonce=absent exit=3 err=\"no such job\""), "forced-command-fails", "likely", 12, NULL, NULL },
	{ "no_shell_in_the_jail", EXEC("nonce=absent exit=1 err=\"/bin/bash: No such file or directory\\\\x0A\""), "session-chroot-no-shell", "likely", 12, "ppfs", NULL },
	{ "a_command_misses_a_file", EXEC("nonce=absent exit=1 err=\"/opt/job: cannot open x: No such file or directory\\\\x0A\""), "forced-command-fails", "likely", 12, NULL, NULL },
	{ "no_process_left", EXEC("nonce=absent exit=254 err=\"bash: fork: retry: Resource temporarily unavailable\\\\x0Abash: fork: Resource temporarily unavailable\""), "proc-limit", "proven", 12, "ppfs", NULL },
	{ "no_process_left_for_the_shell", SHELL("session.shell state=ended exit=254 first_us=4000 out=\"bash: fork: retry: Resource temporarily unavailable\""), "proc-limit", "proven", 12, NULL, NULL },
	{ "no_process_left_for_a_while", LOGGEDIN("41000") P("session") "session.exec nonce=ok err=\"bash: fork: retry: Resource temporarily unavailable\" took_us=3000000\nsession.shell state=open first_us=40000\nsession.sftp result=ok\n" E("session") PROOF END, "healthy", "proven", 0, "ppwu", NULL },
	{ "disk_full", EXEC("nonce=absent exit=1 out=\"write error: No space left on device\""), "disk-full", "likely", 12, NULL, NULL },
	{ "disk_full_and_no_matter", LOGGEDIN("41000") P("session") "session.exec nonce=ok err=\"bash: /run/log: No space left on device\" took_us=31000\nsession.shell state=open first_us=40000\nsession.sftp result=ok\n" E("session") PROOF END, "healthy", "proven", 0, NULL, NULL },
	{ "pam_opens_no_session", EXEC("nonce=absent exit=254"), "pam-session-denied", "likely", 12, "ppfs", NULL },
	{ "too_many_logins", EXEC("nonce=absent exit=254 err=\"There were too many logins for 'alice'.\""), "pam-session-denied", "proven", 12, NULL, NULL },
	{ "maintenance", EXEC("nonce=absent exit=254 err=\"Back at noon\""), "pam-nologin", "likely", 12, NULL, "mv /etc/nologin /etc/nologin.off" },
	{ "status_254_elsewhere", START CFG("ask", "") ADDR OPENED("20000") "banner.ident text=SSH-2.0-dropbear proto=2.0 software=dropbear\n" HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") ASKED("accepted") LOGIN("success") AUTHENDS "session.exec nonce=absent exit=254\n" E("session") END, "forced-command-fails", "likely", 12, NULL, NULL },
#define EXECERR(text) LOGGEDIN("41000") P("session") "session.exec nonce=ok err=\"" text "\" took_us=31000\nsession.request request=pty result=ok\nsession.shell state=open first_us=40000\nsession.sftp result=ok\n" E("session") PROOF END
	{ "no_home", EXECERR("Could not chdir to home directory /home/alice: No such file or directory"), "healthy", "proven", 0, NULL, "mkdir -p /home/alice && chown alice: /home/alice && chmod 700 /home/alice" },
	{ "home_closed", EXECERR("Could not chdir to home directory /net/a b: Permission denied"), "healthy", "proven", 0, NULL, "chown alice: '/net/a b' && chmod u+rwx '/net/a b'" },
	{ "home_of_unknown_bytes", EXECERR("Could not chdir to home directory /net/\\\\x01: Permission denied"), "healthy", "proven", 0, NULL, NULL },
	{ "terminal_is_not_known", LOGGEDIN("41000") SESSION("25000", "60000") "session.rest name=xterm-kitty result=missing\n" PROOF END, "healthy", "proven", 0, "ppwp", "infocmp -x xterm-kitty | ssh alice@web1 -- tic -x -" },
	{ "terminal_is_known", LOGGEDIN("41000") SESSION("25000", "60000") "session.rest name=xterm-kitty result=ok\n" PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "terminal_could_not_be_asked_about", LOGGEDIN("41000") SESSION("25000", "60000") "session.rest name=xterm-kitty result=unknown\n" PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "key_without_a_terminal", LOGGEDIN("41000") P("session") "session.exec nonce=ok exit=0 took_us=31000\nsession.request request=pty result=refused\n" E("session") "proof.note text=\"/home/alice/.ssh/authorized_keys:3: key options: agent-forwarding port-forwarding\"\n" PROOF END, "healthy", "proven", 0, NULL, "ssh -T alice@web1" },
	{ "one_session_at_a_time", LOGGEDIN("41000") SESSION("25000", "60000") "session.request request=\"second channel\" result=refused text=\"open failed\"\n" PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "closed_after_the_first_command", LOGGEDIN("41000") P("session") "session.exec nonce=ok exit=0 took_us=31000\nsession.end reason=closed\n" E("session") END, "server-closed-session", "likely", 12, NULL, NULL },
	{ "interactive_shell_killed", SHELL("session.shell state=ended signal=KILL"), "shell-crash", "likely", 12, NULL, "ssh -t alice@web1 'bash --noprofile --norc'" },
	{ "rc_exits", SHELL("session.shell state=ended exit=0 first_us=4000"), "rc-exits", "likely", 12, "ppfs", NULL },
	{ "shell_refused", SHELL("session.request request=shell result=refused"), "shell-refused", "proven", 12, NULL, NULL },
	{ "shell_says_nothing", SHELL("session.request request=shell result=timeout"), "undecided", "proven", 20, NULL, NULL },
	{ "channel_refused", LOGGEDIN("41000") P("session") "session.request request=channel result=refused text=prohibited\n" E("session") END, "session-channel-refused", "proven", 12, NULL, NULL },
	{ "exec_refused", LOGGEDIN("41000") P("session") "session.request request=exec result=refused\n" E("session") END, "session-channel-refused", "proven", 12, NULL, NULL },
	{ "exec_prints_and_stalls", LOGGEDIN("41000") P("session") "session.request request=exec result=timeout\nsession.exec nonce=absent out=\"y\\\\x0Ay\\\\x0A\"\n" E("session") END, "session-stalled", "likely", 12, NULL, NULL },
	{ "exec_stalls", LOGGEDIN("41000") P("session") "session.request request=exec result=timeout\nsession.end reason=timeout\n" E("session") END, "session-stalled", "proven", 12, NULL, NULL },
	{ "lost", LOGGEDIN("41000") P("session") "session.end reason=closed\n" E("session") END, "session-lost", "proven", 12, NULL, NULL },
	{ "lost_as_root_is_refused", LOST COLLECTED SAYS("root-refused user=alice session=1 time=1790000001"), "auth-root-refused", "likely", 11, NULL, NULL },
	{ "no_pty", SHELL("session.request request=pty result=refused"), "healthy", "proven", 0, NULL, "ssh -T alice@web1" },
	{ "no_pty_where_one_must_be", "config.value name=requesttty value=force\n" SHELL("session.request request=pty result=refused"), "pty-refused", "proven", 12, "ppfs", "ssh -T alice@web1" },
	{ "no_pty_where_none_is_wanted", "config.value name=requesttty value=false\n" SHELL("session.request request=pty result=refused"), "healthy", "proven", 0, "pppu", NULL },
	{ "no_sftp", LOGGEDIN("41000") SESSION("25000", "60000") "session.sftp result=refused\n" PROOF END, "healthy", "proven", 0, "ppwp", NULL },
	{ "sftp_polluted", LOGGEDIN("41000") SESSION("25000", "60000") "session.sftp result=polluted text=\"Welcome\\\\x0Aaboard\" code=1466264675\n" PROOF END, "healthy", "proven", 0, "ppwp", NULL },
	{ "sftp_polluted_by_bash", LOGGEDIN("41000") SESSION("25000", "60000") "session.rest name=xterm result=ok shell=/usr/bin/bash\nsession.sftp result=polluted text=\"Welcome\" code=1466264675\n" PROOF END, "healthy", "proven", 0, "ppwp",
	  "su alice -s /bin/sh -c 'cd && cp -p .bashrc .bashrc.before && ( echo \"case \\$- in *i*) ;; *) return;; esac\"; cat .bashrc.before ) >.bashrc'" },
	{ "sftp_stalls", LOGGEDIN("41000") SESSION("25000", "60000") "session.sftp result=timeout\n" PROOF END, "healthy", "proven", 0, "ppwp", NULL },
	{ "ssh_crashes_in_session", LOGGEDIN("41000") SESSION("25000", "60000") P("proof") "proof.result signal=BUS phase=session\n" END, "client-crash", "proven", 12, NULL, NULL },
	{ "ssh_is_killed_in_session", LOGGEDIN("41000") SESSION("25000", "60000") P("proof") "proof.result signal=KILL phase=session\n" END, "client-crash", "likely", 12, NULL, NULL },
	{ "ssh_crashes_at_once", LOGGEDIN("41000") SESSION("25000", "60000") P("proof") "proof.result signal=BUS phase=transport\n" END, "client-crash", "proven", 10, NULL, NULL },
	{ "ssh_fails_in_session", LOGGEDIN("41000") SESSION("25000", "60000") P("proof") "proof.result exit=255 phase=session text=\"mux\"\n" END, "proof-failed", "likely", 12, NULL, NULL },

#define MUX(lines) LOGGEDIN("41000") "config.value name=controlpath value=/home/alice/.ssh/cm\nconfig.value name=controlmaster value=auto\n" lines SESSION("25000", "60000") PROOF END
	{ "master_is_stopped", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711 owner=ssh what=stopped\nmux.check result=timeout\n"), "mux-stale-master", "proven", 12, "ppfs", "kill -KILL 4711 && rm -f /home/alice/.ssh/cm" },
	{ "master_says_nothing", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711 owner=ssh\nmux.check result=timeout\n"), "mux-stale-master", "likely", 12, NULL, "ssh -o ControlPath=none alice@web1" },
	{ "master_is_well", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711 owner=ssh\nmux.check result=alive pid=4711 unacked=0 retrans=0\nmux.session result=ok\n"), "healthy", "proven", 0, "pppp", NULL },
	{ "master_is_cut_off", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711\nmux.check result=alive pid=4711 unacked=52 retrans=4\n"), "mux-stale-master", "likely", 12, NULL, "ssh -O exit alice@web1" },
	{ "master_waits_a_moment", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711\nmux.check result=alive pid=4711 unacked=52 retrans=1\n"), "healthy", "proven", 0, "pppp", NULL },
	{ "master_brings_nothing", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711\nmux.check result=alive pid=4711\nmux.session result=timeout\n"), "mux-stale-master", "likely", 12, NULL, NULL },
	{ "master_is_full", MUX("mux.socket path=/home/alice/.ssh/cm state=open pid=4711\nmux.check result=alive pid=4711\nmux.session result=refused text=\"mux_client_request_session: session request failed: Session open refused by peer\"\n"), "healthy", "proven", 0, "ppwp", "ssh -O stop alice@web1" },
	{ "socket_is_left", MUX("mux.socket path=/home/alice/.ssh/cm state=refused text=\"Connection refused\"\n"), "healthy", "proven", 0, "pppp", "rm -f /home/alice/.ssh/cm" },
	{ "socket_is_left_and_nobody_removes_it", LOGGEDIN("41000") "mux.socket path=/home/alice/.ssh/cm state=refused text=\"Connection refused\"\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "ppwp", "rm -f /home/alice/.ssh/cm" },
	{ "no_folder_for_the_socket", MUX("mux.socket path=/x/cm state=nodir file=/x text=\"No such file or directory\"\n"), "mux-path-bad", "proven", 12, "ppfs", "mkdir -p /x && chmod 700 /x" },
	{ "no_folder_and_no_master", LOGGEDIN("41000") "mux.socket path=/x/cm state=nodir file=/x\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "folder_of_somebody_else", MUX("mux.socket path=/x/cm state=unwritable file=/x text=\"Permission denied\"\n"), "mux-path-bad", "proven", 12, NULL, NULL },
	{ "path_too_long", MUX("mux.socket path=/x/cm state=toolong\n"), "mux-path-bad", "proven", 12, "ppfs", NULL },
	{ "path_rather_long", MUX("mux.socket path=/x/cm state=long\n"), "mux-path-bad", "proven", 12, NULL, NULL },

#define FWD(more, lines) LOGGEDIN("41000") "config.value name=localforward value=\"8080 [db]:80\"\n" more lines SESSION("25000", "60000") PROOF END
#define FWDEXIT "config.value name=exitonforwardfailure value=yes\n"
#define FWDUSED "listen.result what=local name=\"8080 [db]:80\" addr=127.0.0.1 port=8080 result=used errno=EADDRINUSE text=\"Address already in use\""
	{ "port_is_taken", FWD("", FWDUSED " pid=4711 owner=node user=alice self=1\n"), "healthy", "proven", 0, "ppwp", "kill 4711 && sleep 1" },
	{ "port_is_taken_and_ssh_ends", FWD(FWDEXIT, FWDUSED " user=root\n"), "fwd-cannot-listen", "proven", 12, "ppfs", "ssh -o ClearAllForwardings=yes alice@web1" },
	{ "port_is_taken_by_nobody_known", FWD(FWDEXIT, FWDUSED "\n"), "fwd-cannot-listen", "proven", 12, NULL, NULL },
	{ "port_of_the_shared_connection", FWD(FWDEXIT, "listen.result what=local name=\"8080 [db]:80\" port=8080 result=ours pid=4711\n"), "healthy", "proven", 0, "pppp", NULL },
	{ "port_is_free", FWD(FWDEXIT, "listen.result what=local name=\"8080 [db]:80\" port=8080 result=free\n"), "healthy", "proven", 0, "pppp", NULL },
	{ "port_is_roots", FWD("", "listen.result what=local name=\"80 [db]:80\" addr=127.0.0.1 port=80 result=denied errno=EACCES text=\"Permission denied\"\n"), "healthy", "proven", 0, "ppwp", NULL },
	{ "port_is_roots_and_ssh_ends", FWD(FWDEXIT, "listen.result what=local name=\"80 [db]:80\" addr=127.0.0.1 port=80 result=denied errno=EACCES text=\"Permission denied\"\n"), "fwd-cannot-listen", "proven", 12, NULL, NULL },
	{ "port_of_the_server", FWD("config.value name=remoteforward value=\"9000 [localhost]:80\"\n", ""), "healthy", "proven", 0, "pppp", NULL },

#define X11(more) LOGGEDIN("41000") "config.value name=forwardx11 value=yes\n" more SESSION("25000", "60000") PROOF END
	{ "x11_without_a_display", X11("x11.local state=unset path=/usr/bin/xauth result=ok kind=untrusted\n"), "healthy", "proven", 0, "ppwp", NULL },
	{ "x11_without_display_and_xauth", X11("x11.local state=unset path=/usr/bin/xauth result=missing kind=untrusted\n"), "healthy", "proven", 0, "ppwp", NULL },
	{ "x11_display_is_no_name", X11("x11.local state=invalid value=\"a;b\" path=/usr/bin/xauth result=ok kind=trusted\n"), "healthy", "proven", 0, "ppwp", NULL },
	{ "x11_untrusted_without_xauth", X11("x11.local state=set value=:0 path=/usr/bin/xauth result=missing kind=untrusted\n"), "healthy", "proven", 0, "ppwp", "ssh -Y alice@web1" },
	{ "x11_trusted_without_xauth", X11("x11.local state=set value=:0 path=/usr/bin/xauth result=missing kind=trusted\n"), "healthy", "proven", 0, "pppp", NULL },
	{ "x11_with_all_it_needs", X11("x11.local state=set value=:0 path=/usr/bin/xauth result=ok kind=untrusted\n"), "healthy", "proven", 0, "pppp", NULL },
	{ "x11_by_the_shared_connection", X11("mux.check result=alive pid=4711\nx11.local state=unset kind=trusted\n"), "healthy", "proven", 0, "pppp", NULL },

	{ "usedns", LOGGEDIN("5300000") SESSION("25000", "60000") PROOF END, "slow-usedns", "likely", 13, "pppf", NULL },
	{ "usedns_a_little", LOGGEDIN("700000") SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppw", NULL },
	{ "slow_setup", LOGGEDIN("41000") SESSION("3000000", "60000") PROOF END, "slow-session-setup", "likely", 13, "pppf", NULL },
	{ "slow_shell", LOGGEDIN("41000") SESSION("25000", "4000000") PROOF END, "slow-shell-init", "likely", 13, "pppf", NULL },
#define SLOWPHASE(name) LOGGEDIN("41000") "config.value name=proxyjump value=bob@jump\n" "phase phase=" name " start_us=1 took_us=9000000\n" SESSION("25000", "60000") PROOF END
	{ "slow_sign", SLOWPHASE("auth.keys"), "slow-auth-backend", "likely", 13, NULL, NULL },
	{ "slow_banner", SLOWPHASE("banner"), "slow-banner", "likely", 13, NULL, NULL },
	{ "slow_kex", SLOWPHASE("kex"), "slow-kex", "likely", 13, NULL, NULL },
#define AGREED(kex) "kex.agreed kex=" kex " hostkey=ssh-ed25519 cipher_cs=aes128-ctr cipher_sc=aes128-ctr mac_cs=hmac-sha2-256 mac_sc=hmac-sha2-256\n"
	{ "slow_kex_of_another_kind", AGREED("curve25519-sha256") SLOWPHASE("kex"), "slow-kex", "likely", 13, NULL, NULL },
	{ "slow_kex_post_quantum", AGREED("sntrup761x25519-sha512@openssh.com") SLOWPHASE("kex"), "slow-kex", "likely", 13, "pppf", "ssh -o KexAlgorithms=curve25519-sha256 alice@web1" },
	{ "slow_kex_post_quantum_and_new", AGREED("mlkem768x25519-sha256") SLOWPHASE("kex"), "slow-kex", "likely", 13, "pppf", NULL },
	{ "slow_kex_post_quantum_a_little", AGREED("mlkem768x25519-sha256") LOGGEDIN("41000") "phase phase=kex start_us=80000 took_us=700000\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppw", "ssh -o KexAlgorithms=curve25519-sha256 alice@web1" },
	{ "slow_proxy", SLOWPHASE("proxy"), "slow-proxy", "proven", 13, NULL, NULL },
	{ "slow_tcp", SLOWPHASE("tcp"), "slow-first-address", "likely", 13, NULL, NULL },
#define SLOWGSS(us, more) LOGGEDIN("41000") SESSION("25000", "60000") PROOF "@proof/0 phase phase=auth.gssapi start_us=1 took_us=" us "\n" more END
	{ "slow_gssapi", SLOWGSS("9000000", ""), "slow-gssapi", "proven", 13, "pppf", "ssh -o GSSAPIAuthentication=no alice@web1" },
	{ "slow_gssapi_a_little", SLOWGSS("800000", ""), "healthy", "proven", 0, "pppw", NULL },
	{ "gssapi_in_time", SLOWGSS("200000", ""), "healthy", "proven", 0, "pppp", NULL },
	{ "slow_gssapi_in_a_text_only", SLOWGSS("200000", "@pasted/1 phase phase=auth.gssapi start_us=1 took_us=9000000\n"), "slow-gssapi", "likely", 13, NULL, NULL },
	{ "slow_name_beside_gssapi", SLOWGSS("200000", "phase phase=resolve start_us=1 took_us=9000000\n"), "slow-name-lookup", "proven", 13, NULL, NULL },
	{ "slow_name", SLOWPHASE("resolve"), "slow-name-lookup", "proven", 13, NULL, NULL },
	{ "slow_config", SLOWPHASE("config"), "slow-config", "proven", 13, NULL, NULL },
	{ "typing_lags", LOGGEDIN("41000") SESSION("25000", "60000") "session.shell state=open first_us=40000 echo_us=620000 took_us=900000\n" PROOF END, "healthy", "proven", 0, "pppw", NULL },
	{ "typing_takes_the_path", LOGGEDIN("41000") SESSION("25000", "60000") "session.shell state=open first_us=40000 echo_us=310000 took_us=900000\n" PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "lossy_in_the_exchange", LOGGEDIN("41000") "phase phase=kex start_us=80000 took_us=1800000 retrans=3\n" SESSION("25000", "60000") PROOF END, "path-lossy", "proven", 13, "pppf", NULL },
	{ "lossy_before_the_banner", LOGGEDIN("41000") "phase phase=banner start_us=30000 took_us=1800000 retrans=3\n" SESSION("25000", "60000") PROOF END, "path-lossy", "likely", 13, "pppf", NULL },
	{ "lossy_here_and_there", LOGGEDIN("41000") "phase phase=kex start_us=80000 took_us=1000000 retrans=2\nphase phase=auth.keys start_us=80000 took_us=900000 retrans=2\n" SESSION("25000", "60000") PROOF END, "path-lossy", "proven", 13, "pppf", NULL },
	{ "a_loss_does_not_explain_it", LOGGEDIN("41000") "phase phase=kex start_us=80000 took_us=9000000 retrans=1\n" SESSION("25000", "60000") PROOF END, "slow-kex", "likely", 13, "pppf", NULL },
	{ "a_little_loss", LOGGEDIN("41000") "phase phase=kex start_us=80000 took_us=600000 retrans=1\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "lossy", LOGGEDIN("41000") "tcp.result addr=192.0.2.7 port=22 order=0 result=open rtt_us=20000 retrans=1 took_us=1040000\n" SESSION("25000", "60000") PROOF END, "path-lossy", "likely", 13, "pppf", NULL },
#define FAR START CFG("ask", "") ADDR OPENED("400000") P("wire") IDENT "phase phase=kex start_us=1 took_us=810000\n" KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT \
	METHODS("publickey") "phase phase=auth.keys start_us=1 took_us=410000\n" ASKED("accepted") LOGIN("success") "phase phase=auth.sign start_us=1 took_us=410000\n" AUTHENDS
	{ "far_away", FAR SESSION("410000", "850000") PROOF END, "path-slow", "proven", 13, "pppf", NULL },
	{ "another_address_is_left_alone", LOGGEDIN("41000") "tcp.result addr=192.0.2.9 port=22 order=0 result=cancelled\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "rather_far", START CFG("ask", "") ADDR OPENED("200000") P("wire") IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:host", "none bare=0") KEYS(GOODKEY) NOAGENT METHODS("publickey") ASKED("accepted") LOGIN("success") AUTHENDS SESSION("210000", "450000") PROOF END, "healthy", "proven", 0, "pppw", NULL },
#define LITTLE(name) "phase phase=" name " start_us=1 took_us="
	{ "a_little_slow_everywhere", LOGGEDIN("41000") "config.value name=proxyjump value=bob@jump\n" LITTLE("config") "900000\n" LITTLE("resolve") "900000\n" LITTLE("tcp") "700000\n" LITTLE("proxy") "2700000\n" LITTLE("banner") "800000\n" LITTLE("kexinit") "700000\n" LITTLE("auth.keys") "700000\n"
	  SESSION("1000000", "1200000") PROOF END, "healthy", "proven", 0, "pppw", NULL },
	{ "a_segment_was_sent_again", LOGGEDIN("41000") "tcp.result addr=192.0.2.7 port=22 order=0 result=open rtt_us=20000 retrans=1 took_us=240000\n" SESSION("25000", "60000") PROOF END, "healthy", "proven", 0, "pppp", NULL },
	{ "authority_known", CONNECTED IDENT KEXINIT HOSTKEY ENTRY("ssh-ed25519", "SHA256:ca", "ca bare=0") END, "hostkey-unknown", "proven", 20, "uuuu", NULL },

	/* What only a text tells: a person's own login, as ssh showed it. */
#define PASTED "run.start input=alice@web1 host=web1 user=alice port=0 args=\"\" source=text version=0.1.0 now=" NOW "\n" \
	"config.value name=hostname value=web1.example\nconfig.value name=port value=22\nconfig.value name=user value=alice\n"
#define CSAYS(line) "client.says what=" line "\n"
#define PTRUSTED PASTED "config.result result=ok\n" CSAYS("hostkey-taken")
#define PMETHODS(list) "auth.methods methods=" list " partial=0\n" AUTHENDS
#define PDENIED PTRUSTED PMETHODS("publickey") E("keys") E("agent")
#define PIN PTRUSTED "auth.login method=publickey result=success\n" E("auth")
#define PRAN PIN "session.exec nonce=ok exit=0\n" E("session")
#define PHOST "config.result result=ok\nkex.result result=done\nhostkey.offered type=ssh-ed25519 fp=SHA256:host\n" E("knownhosts") E("hostkey")
	{ "pasted_healthy", PRAN END, "healthy", "likely", 0, "pppu", NULL },
	{ "pasted_and_cut_off_behind_the_login", PIN END, "undecided", "proven", 20, "ppuu", NULL },
	{ "pasted_bind", PASTED CSAYS("bind-address text=\"bind 192.0.2.77: Cannot assign requested address\"") END, "cfg-bind-address", "likely", 10, "fsss", NULL },
	{ "pasted_corrupt", PIN CSAYS("corrupt text=\"Corrupted MAC on input.\"") END, "kex-corrupt-stream", "likely", 10, NULL, NULL },
	{ "pasted_ended_somewhere", PASTED CSAYS("ended-somewhere text=\"Connection closed by 192.0.2.7 port 22\"") END, "banner-closed", "possible", 10, "fsss", NULL },
	{ "pasted_not_post_quantum", PRAN CSAYS("not-post-quantum") END, "healthy", "likely", 0, NULL, NULL },
	{ "pasted_known_command", PASTED CSAYS("knownhosts-command text=\"KnownHostsCommand failed\"") END, "knownhosts-command-failed", "likely", 10, NULL, NULL },
	{ "pasted_host_cert_expired", PASTED PHOST CSAYS("hostcert-invalid text=\"Certificate invalid: expired\"") END, "hostkey-cert-invalid", "likely", 10, NULL, NULL },
	{ "pasted_host_cert_of_nobody", PASTED PHOST CSAYS("hostcert-unknown-ca text=\"No matching CA found. Retry with plain key\"") END, "hostkey-cert-invalid", "likely", 10, NULL, NULL },
	{ "pasted_host_cert_expired_and_key_known", PRAN CSAYS("hostcert-invalid text=\"Certificate invalid: expired\"") END, "healthy", "likely", 0, "wppu", NULL },
	{ "pasted_known_hosts_unwritable", PRAN CSAYS("knownhosts-unwritable path=/home/alice/.ssh/known_hosts") END, "healthy", "likely", 0, "wppu", NULL },
	{ "no_methods_for_this_user", MATCHED P("auth") "auth.end reason=disconnect code=2 text=\"no authentication methods enabled\"\n" E("auth") END, "auth-methods-impossible", "proven", 11, "pfss", NULL },
	{ "pasted_crypto_library_refuses", PASTED PHOST CSAYS("crypto-refused text=\"ssh_dispatch_run_fatal: Connection to 192.0.2.7 port 22: error in libcrypto\"") END, "kex-crypto-policy", "likely", 10, NULL, NULL },
	{ "pasted_host_key_too_short", PASTED "config.result result=ok\nkex.result result=error text=\"Bad server host key: Invalid key length\"\n" END, "kex-crypto-policy", "likely", 10, NULL, NULL },
	{ "pasted_no_cloud_role", PTRUSTED CSAYS("cloud-role text=\"Access denied:  to sign-in you be assigned a role with action ...\"") PMETHODS("publickey,keyboard-interactive") END, "cloud-iam-login-role", "likely", 11, NULL, NULL },
	{ "pasted_password_refused", PTRUSTED "auth.login method=password result=denied\n" PMETHODS("password,publickey") END, "auth-password-rejected", "likely", 11, "pfss", NULL },
	{ "pasted_hostbased", PDENIED CSAYS("hostbased text=\"ssh-keysign not enabled in /etc/ssh/ssh_config\"") END, "auth-hostbased-failed", "likely", 11, NULL, NULL },
	{ "pasted_agent_locked", PDENIED "agent.result result=ok count=0\n" CSAYS("agent-empty") CSAYS("agent-bind-refused") END, "agent-locked", "likely", 11, NULL, NULL },
	{ "pasted_agent_empty", PDENIED "agent.result result=ok count=0\n" CSAYS("agent-empty") END, "key-none", "likely", 11, NULL, NULL },
	{ "pasted_ssh_add_empty", PASTED CSAYS("ssh-add") CSAYS("agent-empty") END, "agent-empty", "likely", 11, NULL, NULL },
	{ "pasted_ssh_add_refused", PASTED CSAYS("ssh-add") CSAYS("agent-refused text=\"Could not add identity: agent refused operation\"") END, "agent-refused", "likely", 11, NULL, NULL },
	{ "pasted_ssh_add_no_agent", PASTED CSAYS("ssh-add") CSAYS("agent-unreachable text=\"Could not open a connection to your authentication agent.\"") END, "agent-unreachable", "likely", 11, NULL, NULL },
	{ "pasted_agent_gone", PTRUSTED PMETHODS("publickey,password") "agent.result result=missing text=\"No such file or directory\"\n" E("keys") END, "agent-unreachable", "likely", 11, NULL, NULL },
	{ "pasted_named_key_missing", PTRUSTED PMETHODS("publickey,password") CSAYS("key-named-missing text=\"No such file or directory\" path=/home/alice/.ssh/work") END, "key-file-missing", "likely", 11, NULL, NULL },
	{ "pasted_ssh_add_file_missing", PASTED CSAYS("ssh-add") CSAYS("key-named-missing text=\"No such file or directory\" path=/home/alice/.ssh/work") END, "key-file-missing", "likely", 11, NULL, NULL },
	{ "pasted_key_too_short", PTRUSTED PMETHODS("publickey,password") CSAYS("key-too-short text=\"Invalid key length\" path=/home/alice/.ssh/id_rsa") END, "key-too-short", "likely", 11, NULL, NULL },
	{ "pasted_no_mutual_signature", PDENIED CSAYS("no-mutual-sigalg path=/home/alice/.ssh/id_rsa") END, "auth-no-mutual-sigalg", "likely", 11, NULL, NULL },
	{ "pasted_key_type_left_out", PTRUSTED PMETHODS("publickey,password") "auth.query type=ssh-rsa name=/home/alice/.ssh/id_rsa from=file reason=algorithms answer=skipped\n" END, "key-not-offered", "likely", 11, NULL, NULL },
	{ "pasted_key_unreadable", PTRUSTED PMETHODS("publickey,password") KEYFILE("state=unparsable text=\"error in libcrypto\"") END, "key-unparsable", "likely", 11, NULL, NULL },
	{ "pasted_pub_of_another_key", PTRUSTED PMETHODS("publickey,password") KEYFILE("state=ok fp=SHA256:mine pub=1 match=no") ASKED("accepted") END, "key-pub-mismatch", "likely", 11, NULL, NULL },
	{ "pasted_no_keys_taken", PTRUSTED PMETHODS("password") KEYFILE("state=ok fp=SHA256:mine pub=1") END, "auth-pubkey-disabled", "likely", 11, NULL, NULL },
	{ "pasted_plain_denied", PTRUSTED PMETHODS("publickey") END, "auth-key-rejected", "likely", 11, "pfss", NULL },
	{ "pasted_broken_pipe", PIN CSAYS("broke text=\"client_loop: send disconnect: Broken pipe\"") "session.end reason=closed text=\"Broken pipe\"\n" END, "idle-drop", "likely", 12, "ppfs", NULL },
	{ "pasted_closed_by_host", PIN CSAYS("closed-by-host") "session.end reason=closed text=\"Connection to web1 closed by remote host.\"\n" END, "server-closed-session", "likely", 12, "ppfs", NULL },
	{ "pasted_no_pty", PIN "session.request request=pty result=refused text=\"PTY allocation request failed on channel 0\"\n" END, "pty-refused", "likely", 12, "ppfs", NULL },
	{ "pasted_sftp_polluted", PIN "session.sftp result=polluted text=Welc code=1466264675\n" END, "sftp-stream-polluted", "likely", 12, NULL, NULL },
	{ "pasted_rsync_polluted", PIN CSAYS("stream-unclean text=\"protocol version mismatch -- is your shell clean?\"") END, "sftp-stream-polluted", "likely", 12, NULL, NULL },
	{ "pasted_no_sftp", PIN "session.request request=sftp result=refused text=\"subsystem request failed on channel 0\"\n" END, "subsystem-missing", "likely", 12, NULL, NULL },
	{ "pasted_forward_refused", PRAN CSAYS("fwd-refused text=\"channel 3: open failed: administratively prohibited: open failed\"") END, "fwd-refused", "likely", 12, NULL, NULL },
	{ "pasted_forward_to_nowhere", PRAN CSAYS("fwd-target text=\"channel 3: open failed: connect failed: Connection refused\"") END, "fwd-target-unreachable", "likely", 12, NULL, NULL },
	{ "pasted_forward_port_taken", PRAN CSAYS("fwd-listen text=\"bind [127.0.0.1]:8080: Address already in use\"") END, "fwd-cannot-listen", "likely", 12, NULL, NULL },
	{ "pasted_no_display", PRAN CSAYS("x11-no-display") END, "healthy", "likely", 0, "ppwu", NULL },
	{ "pasted_display_is_no_name", PRAN CSAYS("x11-bad-display text=\"DISPLAY \\\"a;b\\\" invalid; disabling X11 forwarding\"") END, "healthy", "likely", 0, "ppwu", NULL },
	{ "pasted_no_x11", PRAN CSAYS("x11-refused") END, "x11-refused", "likely", 12, NULL, NULL },
	{ "pasted_host_changed_and_taken", PRAN CSAYS("hostkey-changed-taken path=/home/alice/.ssh/known_hosts") END, "healthy", "likely", 0, "wppu", NULL },
	{ "pasted_slow_gssapi", PRAN "phase phase=auth.gssapi start_us=200000 took_us=4000000\n" END, "slow-gssapi", "likely", 13, NULL, NULL },
	{ "pasted_slower_gssapi", PRAN "phase phase=auth.gssapi start_us=200000 took_us=800000\n" END, "healthy", "likely", 0, NULL, NULL },
};
/* clang-format on */

struct lines {
	char text[LINES_MAX][1024];
	size_t order[LINES_MAX], n;
};

/* Split and stamp the lines of a case; a line's time is its place. */
static void
split(struct lines *l, const char *s)
{
	l->n = 0;
	while (*s != '\0') {
		size_t len = strcspn(s, "\n");
		int put;

		assert_true(l->n < LINES_MAX);
		/* "@server/1 text.says ..." is of another vantage and clock domain. */
		if (*s == '@')
			put = snprintf(l->text[l->n], sizeof l->text[0], "%zu 0.0.0 %.*s",
			    l->n * 1000, (int)len - 1, s + 1);
		else
			put = snprintf(l->text[l->n], sizeof l->text[0], "%zu 0.0.0 client/0 %.*s",
			    l->n * 1000, (int)len, s);
		assert_in_range(put, 1, (int)sizeof l->text[0] - 1);
		l->order[l->n] = l->n;
		l->n++;
		s += len + (s[len] == '\n');
	}
}

static void
apply_line(struct diag *d, const char *line, uint32_t n)
{
	static char scratch[EV_LINE_MAX];
	struct evidence ev;

	if (ev_decode(&ev, line, strlen(line), scratch, sizeof scratch) != EV_OK)
		fail_msg("no evidence: %s", line);
	ev.n = n;
	diag_apply(d, &ev);
}

/* Everything that order must not change; evidence numbers are the lines' own, so they are in it. */
static void
print(const struct diag *d, char *buf)
{
	struct strbuf sb;

	sb_init(&sb, buf, PRINT_MAX);
	diag_verdict_line(d, &sb);
	sb_printf(&sb, "\nfinal %d exit %d\n", d->verdict.final, diag_exit_code(d));
	for (int l = 0; l < LAYER__COUNT; l++)
		sb_printf(&sb, "%s ", layer_state_name(d->layers[l].state));
	for (int i = 0; i < d->ncandidates; i++)
		sb_printf(&sb, "\ncandidate %s", d->candidates[i]->id);
	for (int i = 0; i < d->nfindings; i++) {
		const struct finding *f = &d->findings[i];

		sb_printf(&sb, "\n%s %s %s", f->rule->id, severity_name(f->severity),
		    certainty_name(f->certainty));
		for (int j = 0; j < f->nev; j++)
			sb_printf(&sb, " %u", (unsigned)f->ev[j]);
		sb_putc(&sb, ' ');
		diag_expand(d, f->rule->summary, &sb);
	}
	for (int i = 0; i < d->nfixes; i++) {
		sb_printf(&sb, "\nfix %s: ", d->fixes[i].fix->id);
		fix_command(d, d->fixes[i].fix, &sb);
	}
	for (int p = 0; p < PH__COUNT; p++)
		sb_printf(&sb, "\n%d %lld", d->phases[p].over, (long long)d->phases[p].took_us);
	assert_false(sb.cut);
}

static void
diagnose(struct diag *d, const struct lines *l, bool at_each)
{
	static struct diag own;

	diag_init(d, 0, 0);
	diag_init(&own, 0, 0);
	d->own = &own;
	for (size_t i = 0; i < l->n; i++) {
		apply_line(d, l->text[l->order[i]], (uint32_t)l->order[i] + 1);
		if (at_each)
			diag_conclude(d);
	}
	diag_conclude(d);
}

static bool
offers(const struct diag *d, const char *command)
{
	char words[2048];
	struct strbuf sb;

	for (int i = 0; i < d->nfixes; i++) {
		sb_init(&sb, words, sizeof words);
		fix_command(d, d->fixes[i].fix, &sb);
		if (strcmp(words, command) == 0)
			return true;
	}
	return false;
}

static int
check_case(const struct test_case *c, const struct diag *d, const char *printed)
{
	const struct verdict *v = &d->verdict;
	const char *id = v->healthy ? "healthy" : v->rule != NULL ? v->rule->id : "none";
	char letters[LAYER__COUNT + 1] = "";
	bool good = strcmp(id, c->id) == 0 &&
		    strcmp(certainty_name(v->certainty), c->certainty) == 0 &&
		    diag_exit_code(d) == c->exit_code;

	for (int l = 0; l < LAYER__COUNT; l++)
		letters[l] = layer_state_name(d->layers[l].state)[0];
	if (strcmp(c->layers != NULL ? c->layers : letters, letters) != 0)
		good = false;
	if (c->fix != NULL && !offers(d, c->fix))
		good = false;
	if (strstr(printed, " ?") != NULL || strstr(printed, "\"?") != NULL)
		good = false;
	if (!good)
		print_error("%s: %s %s %d %s\n%s\n", c->name, id, certainty_name(v->certainty),
		    diag_exit_code(d), letters, printed);
	return good ? 0 : 1;
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
shuffle(struct lines *l, uint32_t *seed)
{
	for (size_t i = l->n; i > 1; i--) {
		size_t j = next_random(seed) % i, t = l->order[i - 1];

		l->order[i - 1] = l->order[j];
		l->order[j] = t;
	}
}

static void
each_situation_has_its_verdict(void **state)
{
	static struct lines l;
	static struct diag d;
	static char printed[PRINT_MAX];
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		split(&l, cases[i].lines);
		diagnose(&d, &l, false);
		print(&d, printed);
		bad += check_case(&cases[i], &d, printed);
	}
	assert_int_equal(bad, 0);
}

static void
no_order_changes_a_diagnosis(void **state)
{
	static struct lines l;
	static struct diag d;
	static char first[PRINT_MAX], other[PRINT_MAX];
	const char *few = getenv("SHUFFLES"); /* as for the recordings: fewer, for a quick look */
	int shuffles = few != NULL && atoi(few) > 0 ? atoi(few) : 200;
	uint32_t seed = 20261123;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		split(&l, cases[i].lines);
		diagnose(&d, &l, false);
		print(&d, first);
		for (int k = 0; k < shuffles; k++) {
			shuffle(&l, &seed);
			diagnose(&d, &l, k % 20 == 0);
			print(&d, other);
			if (strcmp(first, other) != 0)
				fail_msg(
				    "%s: order %d\n%s\n---\n%s", cases[i].name, k, first, other);
		}
	}
}

/* Every row of the tables that may be a verdict is one in some situation; warnings are shown in one. */
static void
each_rule_has_a_situation(void **state)
{
	static struct lines l;
	static struct diag d;
	static bool seen[1024];
	int missing = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		split(&l, cases[i].lines);
		diagnose(&d, &l, false);
		for (int f = 0; f < d.nfindings; f++)
			for (size_t r = 0; r < rules_count(); r++)
				if (rule_at(r) == d.findings[f].rule)
					seen[r] = true;
	}
	for (size_t r = 0; r < rules_count(); r++) {
		if (seen[r])
			continue;
		print_message("row %zu (%s, %s) holds in no situation\n", r, rule_at(r)->id,
		    severity_name(rule_at(r)->severity));
		missing++;
	}
	assert_int_equal(missing, 0);
}

static void
a_proven_failure_below_is_final_before_the_end(void **state)
{
	static struct lines l;
	static struct diag d;

	(void)state;
	split(&l, CONNECTED "banner.end reason=timeout lines=0 bytes=0\n" E("wire") P("keys"));
	diagnose(&d, &l, false);
	assert_true(d.verdict.final);
	split(&l, TCP("result=refused errno=ECONNREFUSED") P("ports"));
	diagnose(&d, &l, false);
	assert_false(d.verdict.final);
}

static void
full_tables_keep_the_same_rows(void **state)
{
	static struct lines l;
	static struct diag a, b;
	uint32_t seed = 7;

	(void)state;
	l.n = 0;
	for (size_t i = 0; i < 120; i++) {
		snprintf(l.text[i], sizeof l.text[0],
		    i % 3 == 0   ? "1 0.0.0 client/0 agent.key type=ssh-rsa fp=SHA256:%zu order=1"
		    : i % 3 == 1 ? "1 0.0.0 client/0 known.entry name=a file=/k line=%zu "
				   "type=ssh-rsa fp=SHA256:x marker=none"
				 : "1 0.0.0 client/0 resolve.addr addr=192.0.2.%zu order=1",
		    i);
		l.order[l.n++] = i;
	}
	diagnose(&a, &l, false);
	for (int k = 0; k < 50; k++) {
		shuffle(&l, &seed);
		diagnose(&b, &l, k % 2 == 0);
		assert_int_equal(a.nkeys, b.nkeys);
		assert_memory_equal(a.keys, b.keys, sizeof a.keys);
		assert_int_equal(a.naddrs, DIAG_ADDRS);
		assert_memory_equal(a.addrs, b.addrs, sizeof a.addrs);
		assert_int_equal(a.nknown, DIAG_KNOWN);
		assert_memory_equal(a.known, b.known, sizeof a.known);
	}
}

static void
other_targets_runs_and_vantages_do_not_count(void **state)
{
	static struct diag d;

	(void)state;
	diag_init(&d, 0, 0);
	apply_line(&d, "1 1.0.0 client/0 config.result result=missing", 1);
	apply_line(&d, "1 0.0.1 client/0 config.result result=missing", 2);
	apply_line(&d, "1 0.0.0 server/1 config.result result=missing", 3);
	apply_line(&d, "1 0.1.0 client/0 config.result result=missing", 4);
	diag_conclude(&d);
	assert_int_equal(d.nfindings, 0);
	apply_line(&d, "1 0.0.0 client/0 config.result result=missing", 5);
	diag_conclude(&d);
	assert_string_equal(d.verdict.rule->id, "client-missing");
}

/* What --port and destinations with a port become in the command line that works. */
static void
the_other_port_stands_once(void **state)
{
	static const struct {
		const char *start, *command;
	} rows[] = {
		{ "input=web1 host=web1 user=\"\" port=0 args=\"-v -p 23 -o Port=24 -oport=25 -i "
		  "'my key'\"",
		    "ssh -p 2222 -v -i 'my key' web1" },
		{ "input=alice@web1:23 host=web1 user=alice port=23 args=\"\"",
		    "ssh -p 2222 alice@web1" },
		{ "input=ssh://alice@web1:23 host=web1 user=alice port=23 args=\"-p23\"",
		    "ssh -p 2222 alice@web1" },
		{ "input=web1 host=web1 user=\"\" port=0 args=\"-o 'Port 23' -o 'X=it'\\\\''s'\"",
		    "ssh -p 2222 -o 'X=it'\\''s' web1" },
	};
	static struct diag d;
	char line[512];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		diag_init(&d, 0, 0);
		snprintf(line, sizeof line, "1 0.0.0 client/0 run.start %s", rows[i].start);
		apply_line(&d, line, 1);
		apply_line(
		    &d, "1 0.0.0 client/0 tcp.result addr=192.0.2.7 port=23 result=refused", 2);
		apply_line(&d, "1 0.0.0 client/0 probe.end probe=tcp result=done", 3);
		apply_line(&d, "1 0.0.0 client/0 probe.end probe=ports result=done", 4);
		apply_line(
		    &d, "1 0.0.0 client/0 port.result port=2222 result=ssh text=SSH-2.0-x", 5);
		diag_conclude(&d);
		if (!offers(&d, rows[i].command)) {
			char words[512];
			struct strbuf sb;

			sb_init(&sb, words, sizeof words);
			fix_command(&d, fix_by_id("use-port"), &sb);
			fail_msg("row %zu: %s", i, words);
		}
	}
}

/* ssh never came to connect: nobody was silent. */
static void
what_was_not_tried_is_no_timeout(void **state)
{
	static struct diag d;

	(void)state;
	for (int bound = 0; bound < 2; bound++) {
		diag_init(&d, 0, 0);
		apply_line(&d, "1 0.0.0 pasted/1 tcp.start addr=192.0.2.7 port=22 order=0", 1);
		if (bound == 1)
			apply_line(&d,
			    "2 0.0.0 pasted/1 client.says what=bind-address text=\"bind "
			    "192.0.2.77: "
			    "Cannot assign requested address\"",
			    2);
		apply_line(&d, "3 0.0.0 pasted/1 probe.end probe=tcp result=done", 3);
		diag_conclude(&d);
		assert_int_equal(fact_has(&d.facts, F_TCP_TIMEOUT), bound == 0);
		assert_string_equal(
		    d.findings[0].rule->id, bound == 0 ? "tcp-timeout" : "cfg-bind-address");
	}
}

static void
hostile_words_stay_one_word(void **state)
{
	static struct diag d;

	(void)state;
	diag_init(&d, 0, 0);
	apply_line(
	    &d, "1 0.0.0 client/0 run.start input=web1 host=web1 user=\"\" port=0 args=\"\"", 1);
	apply_line(&d,
	    "1 0.0.0 client/0 config.result result=bad-option file=\"/x; rm -rf '~'\" line=1 "
	    "option=\"$(id) {dest}\" text=bad",
	    2);
	diag_conclude(&d);
	assert_true(offers(&d, "ssh -o 'IgnoreUnknown=$(id) {dest}' web1"));
}

/* A jump host's diagnosis takes its own lines alone, and what it makes of the way on is no finding. */
static void
a_jump_host_has_a_diagnosis_of_its_own(void **state)
{
	static struct diag d;

	(void)state;
	diag_init(&d, 0, 0);
	d.hop = 2;
	apply_line(&d, "1 0.2.0 client/0 run.start host=jump input=jump", 1);
	apply_line(&d, "2 0.0.0 client/0 config.result result=missing", 2);
	apply_line(&d, "2 0.1.0 client/0 config.result result=missing", 3);
	apply_line(&d, "3 0.2.0 client/0 auth.login method=publickey result=success", 4);
	apply_line(&d,
	    "4 0.2.0 client/0 forward.result host=a port=22 result=prohibited code=1 text=no", 5);
	diag_conclude(&d);
	assert_int_equal(d.nev, 3);
	assert_true(fact_has(&d.facts, F_HOP));
	assert_true(fact_has(&d.facts, F_HOP_PROHIBITS));
	assert_int_equal(fact_ev(&d, F_WAY_ASKED)[0], 5);
	assert_int_equal(d.nfindings, 0);
}

/* The numbers of the lines that decided a jump host's diagnosis are cited by the finding about it. */
static void
a_jump_hosts_lines_are_cited(void **state)
{
	static const struct {
		const char *seen;
		uint32_t ev[DIAG_EV];
	} rows[] = {
		{ "41,57", { 4, 41, 57 } },
		{ "", { 4 } },
		{ ",,7x9,", { 4, 7, 9 } },
		{ "99999999999999999999", { 4 } },
	};
	static struct diag d;
	char line[256];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		diag_init(&d, 0, 0);
		apply_line(&d, "1 0.0.0 client/0 run.start host=a input=a", 1);
		apply_line(&d, "2 0.0.0 client/0 config.value name=proxyjump value=jump", 2);
		apply_line(&d, "3 0.0.0 client/0 banner.end reason=eof lines=0 bytes=0", 3);
		snprintf(line, sizeof line,
		    "4 0.0.0 client/0 hop.result hop=1 count=1 name=jump host=jump result=works "
		    "next=a:22 forward=prohibited reply=no seen=\"%s\"",
		    rows[i].seen);
		apply_line(&d, line, 4);
		diag_conclude(&d);
		assert_string_equal(d.verdict.rule->id, "jump-forward-prohibited");
		assert_memory_equal(fact_ev(&d, F_HOP_PROHIBITS), rows[i].ev, sizeof rows[i].ev);
	}
}

enum { LONGER_LEN = 16 * 1024, TAIL = 300 };

/* The lines of a situation, each twice, with some of their texts made longer than any slot. */
struct longer {
	char text[2 * LINES_MAX][LONGER_LEN];
	size_t order[2 * LINES_MAX], n;
};

/* One line with tails at the texts of mask; characters of three bytes and of two, so that a cut may fall within. */
static void
lengthen(char dst[LONGER_LEN], const char *line, uint32_t mask, const char *letter)
{
	static char scratch[EV_LINE_MAX], values[EV_FIELDS_MAX][2048];
	struct evidence ev;

	if (ev_decode(&ev, line, strlen(line), scratch, sizeof scratch) != EV_OK)
		fail_msg("no evidence: %s", line);
	for (size_t i = 0; i < ev.nfields; i++) {
		struct strbuf sb;

		if (ev_key_is_int(ev.f[i].key) || (mask >> i & 1) == 0)
			continue;
		sb_init(&sb, values[i], sizeof values[i]);
		sb_add(&sb, ev.f[i].s, ev.f[i].len);
		for (int k = 0; k < TAIL; k++)
			sb_puts(&sb, letter);
		ev.f[i].s = values[i];
		ev.f[i].len = sb.len;
	}
	assert_in_range(ev_encode(&ev, dst, LONGER_LEN), 1, LONGER_LEN - 2);
}

static void
diagnose_longer(struct diag *d, const struct longer *l, bool at_each)
{
	diag_init(d, 0, 0);
	for (size_t i = 0; i < l->n; i++) {
		apply_line(d, l->text[l->order[i]], (uint32_t)l->order[i] + 1);
		if (at_each)
			diag_conclude(d);
	}
	diag_conclude(d);
}

static void
same_slots(const char *name, const struct diag *a, const struct diag *b)
{
	for (int s = 0; s < SLOT__COUNT; s++) {
		const char *one = slot_text(a, (enum slot)s), *two = slot_text(b, (enum slot)s);

		if (strcmp(one, two) != 0)
			fail_msg("%s: %s\n%s\n%s", name, slot_name((enum slot)s), one, two);
		if (!text_is_clean(one, strlen(one)))
			fail_msg("%s: %s is cut within a character\n%s", name,
			    slot_name((enum slot)s), one);
	}
}

/* However long what slots are offered is, each comes to the same text in any order, cut at the same place. */
static void
full_slots_keep_the_same_texts(void **state)
{
	enum { ROUNDS = 4, ORDERS = 4, CUT = 120 };
	static struct lines l;
	static struct longer more;
	static struct diag a, b;
	static bool cut[SLOT__COUNT];
	uint32_t seed = 11;
	int ncut = 0;

	(void)state;
	for (size_t i = 0; i < ROUNDS * sizeof cases / sizeof *cases; i++) {
		const struct test_case *c = &cases[i / ROUNDS];

		split(&l, c->lines);
		for (more.n = 0; more.n < 2 * l.n; more.n++) {
			uint32_t mask = next_random(&seed);

			if (more.n % 2 == 0)
				lengthen(
				    more.text[more.n], l.text[more.n / 2], mask, "\xe2\x82\xac");
			else
				lengthen(more.text[more.n], l.text[more.n / 2], mask, "\xc3\xa9");
			more.order[more.n] = more.n;
		}
		diagnose_longer(&a, &more, false);
		for (int k = 0; k < ORDERS; k++) {
			for (size_t n = more.n; n > 1; n--) {
				size_t j = next_random(&seed) % n, t = more.order[n - 1];

				more.order[n - 1] = more.order[j];
				more.order[j] = t;
			}
			diagnose_longer(&b, &more, k == 0);
			same_slots(c->name, &a, &b);
			assert_memory_equal(&a.facts, &b.facts, sizeof a.facts);
		}
		for (int s = 0; s < SLOT__COUNT; s++)
			cut[s] = cut[s] || slot_is_cut(&a, (enum slot)s);
	}
	for (int s = 0; s < SLOT__COUNT; s++)
		ncut += cut[s];
	assert_in_range(ncut, CUT, SLOT__COUNT);
}

/* Where no statement of a text is usable any more, its slots are empty, whatever they held before. */
static void
slots_of_statements_are_emptied(void **state)
{
	static struct diag d;
	int stored = 0;

	(void)state;
	for (int t = 0; t < TOLD__COUNT; t++) {
		const struct told_info *info = told_info((enum told)t);
		const int slots[] = { info->text_slot, info->path_slot, info->line_slot };

		for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
			if (slots[i] < 0)
				continue;
			stored += slots[i] < SLOT__STORED;
			diag_init(&d, 0, 0);
			slot_fill(&d, (enum slot)slots[i], "x");
			assert_string_equal(slot_text(&d, (enum slot)slots[i]), "x");
			diag_conclude(&d);
			assert_string_equal(slot_text(&d, (enum slot)slots[i]), "");
		}
	}
	assert_in_range(stored, 1, TOLD__COUNT);
}

enum { TOO_LONG = 900 };

/* No slot's text takes room from another's, nor reaches into it; a copy of the diagnosis has texts of its own. */
static void
every_slot_has_a_place_of_its_own(void **state)
{
	static struct diag a, b;
	char text[TOO_LONG];
	uint32_t seed = 13;
	int order[SLOT__COUNT];

	(void)state;
	for (int s = 0; s < SLOT__COUNT; s++)
		order[s] = s;
	for (int round = 0; round < 20; round++) {
		diag_init(&a, 0, 0);
		for (int i = SLOT__COUNT - 1; i > 0; i--) {
			int j = (int)(next_random(&seed) % (uint32_t)(i + 1)), t = order[i];

			order[i] = order[j];
			order[j] = t;
		}
		for (int i = 0; i < SLOT__COUNT; i++) {
			memset(text, '!' + order[i] % 90, sizeof text - 1);
			text[sizeof text - 1] = '\0';
			assert_string_equal(slot_text(&a, (enum slot)order[i]), "");
			assert_false(slot_is_cut(&a, (enum slot)order[i]));
			slot_fill(&a, (enum slot)order[i], text);
		}
		b = a;
		memset(&a, 0, sizeof a);
		for (int s = 0; s < SLOT__COUNT; s++) {
			const char *p = slot_text(&b, (enum slot)s);
			size_t n = strlen(p);

			assert_in_range(n, 11, TOO_LONG - 1);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], '!' + s % 90);
			assert_true(slot_is_cut(&b, (enum slot)s) || s > SLOT__BEFORE_TOLD);
		}
	}
}

/* A command is not made of what was cut, however long its slot is; a long list of options is no longer cut. */
static void
a_cut_word_makes_no_command(void **state)
{
	static struct diag d;
	char text[TOO_LONG];
	const struct fix *f = fix_by_id("use-port");

	(void)state;
	diag_init(&d, 0, 0);
	slot_fill(&d, SLOT_OTHER_PORT, "2222");
	slot_fill(&d, SLOT_DEST_NOPORT, "web1");
	memset(text, 'v', sizeof text);
	memcpy(text, "-o X=", 5);
	text[DIAG_LONG_LEN - 5] = '\0';
	slot_fill(&d, SLOT_SSHARGS_NOPORT, text);
	assert_true(fix_complete(&d, f));
	text[DIAG_LONG_LEN - 5] = 'v';
	text[DIAG_LONG_LEN - 4] = '\0';
	slot_fill(&d, SLOT_SSHARGS_NOPORT, text);
	assert_false(fix_complete(&d, f));
	slot_fill(&d, SLOT_SSHARGS_NOPORT, "");
	slot_fill(&d, SLOT_OTHER_PORT, "222222222222222222222222222");
	assert_false(fix_complete(&d, f));
	diag_init(&d, 0, 0);
	memset(text, 'd', DIAG_ROW_LEN);
	text[DIAG_ROW_LEN - 5] = '\0';
	slot_fill(&d, SLOT_HOME_PATH, text);
	assert_false(slot_is_cut(&d, SLOT_HOME_PATH));
	text[DIAG_ROW_LEN - 5] = 'd';
	text[DIAG_ROW_LEN - 4] = '\0';
	slot_fill(&d, SLOT_HOME_PATH, text);
	assert_true(slot_is_cut(&d, SLOT_HOME_PATH));
}

static void
a_target_is_small(void **state)
{
	(void)state;
	assert_in_range(sizeof(struct diag), 1, 100 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_situation_has_its_verdict),
		cmocka_unit_test(no_order_changes_a_diagnosis),
		cmocka_unit_test(each_rule_has_a_situation),
		cmocka_unit_test(a_proven_failure_below_is_final_before_the_end),
		cmocka_unit_test(full_tables_keep_the_same_rows),
		cmocka_unit_test(other_targets_runs_and_vantages_do_not_count),
		cmocka_unit_test(the_other_port_stands_once),
		cmocka_unit_test(what_was_not_tried_is_no_timeout),
		cmocka_unit_test(hostile_words_stay_one_word),
		cmocka_unit_test(a_jump_host_has_a_diagnosis_of_its_own),
		cmocka_unit_test(a_jump_hosts_lines_are_cited),
		cmocka_unit_test(full_slots_keep_the_same_texts),
		cmocka_unit_test(slots_of_statements_are_emptied),
		cmocka_unit_test(every_slot_has_a_place_of_its_own),
		cmocka_unit_test(a_cut_word_makes_no_command),
		cmocka_unit_test(a_target_is_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The readers of a server's state: what ss, systemctl, nft, iptables, ufw, firewall-cmd, fail2ban, ls,
 * namei, stat, sshd -T, sshd_config, sshd -t, passwd -S, chage and df print becomes statements.
 */
#include <string.h>

#include "reading.h"

struct reading {
	const char *name, *text;
	const char *says;    /* what must be among the statements; NULL: no statement at all */
	const char *also;    /* and this; may be NULL */
	const char *kind;    /* what it is recognised as */
	const char *without; /* what must not be; may be NULL */
};

/* The case: alice from 192.0.2.50 at port 22, on 2026-11-26. */
static void
read_text(const char *text)
{
	struct recognise_options opt = { .clock = 1,
		.name = "t",
		.user = "alice",
		.port = 22,
		.source = "192.0.2.50",
		.now = 1795651200,
		.say = collect };

	read_with(&opt, text);
}

#define SS "State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n"
#define NFT(rules) \
	"table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; " \
	"policy accept;\n" rules "\t}\n}\n"

/* clang-format off */
static const struct reading readings[] = {
	{ "ss, sshd there", SS "LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:((\"sshd\",pid=1,fd=3))\n", "what=listener text=sshd addr=0.0.0.0 port=22", "what=listeners-all", "ss", NULL },
	{ "ss, six", SS "LISTEN 0 128 [::1]:22 [::]:* users:((\"sshd\",pid=1,fd=3))\nLISTEN 0 5 127.0.0.53%lo:53 0.0.0.0:*\n", "what=listener text=sshd addr=::1 port=22", "what=listeners-all", "ss", "port=53" },
	{ "ss, an extract without its heading", "LISTEN 0      128          0.0.0.0:80        0.0.0.0:*\n", NULL, NULL, "ss", NULL },
	{ "ss, another program", SS "LISTEN 0 511 *:22 *:* users:((\"nginx\",pid=7,fd=6))\n", "what=listener text=nginx addr=* port=22", NULL, "ss", NULL },
	{ "ss, systemd holds a socket", SS "LISTEN 0 4096 *:2022 *:* users:((\"systemd\",pid=1,fd=3))\nLISTEN 0 5 *:80 *:* users:((\"nginx\",pid=2,fd=3))\n", "what=listener text=systemd addr=* port=2022", "what=listeners-all", "ss", "port=80" },
	{ "netstat", "Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name\ntcp6       0      0 :::22                   :::*                    LISTEN      812/sshd: /usr/sbin\n", "what=listener text=sshd addr=:: port=22", "what=listeners-all", "ss", NULL },

	{ "systemctl status", "\xe2\x97\x8b ssh.service - OpenBSD Secure Shell server\n     Loaded: loaded (/lib/systemd/system/ssh.service; enabled)\n     Active: failed (Result: exit-code) since Thu\n", "what=unit text=ssh mode=failed", NULL, "systemctl", NULL },
	{ "systemctl show", "Id=sshd.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\n", "what=unit text=sshd mode=inactive", NULL, "systemctl", NULL },
	{ "systemctl status of another", "* nginx.service - web\n     Active: active (running)\n", NULL, NULL, "systemctl", NULL },

	{ "nft drops", NFT("\t\tct state established,related accept\n\t\tiif \"lo\" accept\n\t\ttcp dport { 22, 80 } drop\n"), "what=fw-drop text=\"nft inet filter input: tcp dport { 22, 80 } drop\" path=\"inet filter input\"\n", NULL, "nft", "unsure" },
	{ "nft accepts before it drops", NFT("\t\ttcp dport 22 accept\n\t\tdrop\n"), NULL, NULL, "nft", NULL },
	{ "nft drops others only", NFT("\t\tip saddr 10.0.0.0/8 tcp dport 22 drop\n"), NULL, NULL, "nft", NULL },
	{ "nft drops ours", NFT("\t\tip saddr { 10.0.0.0/8, 192.0.2.0/24 } tcp dport 22 reject with tcp reset\n"), "what=fw-reject", NULL, "nft", "unsure" },
	{ "nft drops all but ours", NFT("\t\tip saddr != 192.0.2.50 tcp dport 22 drop\n"), NULL, NULL, "nft", NULL },
	{ "nft with a set before", NFT("\t\tip saddr @friends accept\n\t\ttcp dport 22 drop\n"), "what=fw-drop", "mode=unsure", "nft", NULL },
	{ "nft by a chain", "table ip x {\n\tchain ban {\n\t\tip saddr 192.0.2.50 drop\n\t}\n\tchain input {\n\t\ttype filter hook input priority 0; policy accept;\n\t\ttcp dport 22 jump ban\n\t}\n}\n", "what=fw-drop text=\"nft ip x ban: ip saddr 192.0.2.50 drop\" path=\"ip x input\"\n", NULL, "nft", "unsure" },
	{ "nft by its policy", "table inet f {\n\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n\t\ttcp dport 80 accept\n\t}\n}\n", "what=fw-drop text=\"nft inet f in: policy drop\"", NULL, "nft", "unsure" },
	{ "nft of the other family", "table ip6 f {\n\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n", NULL, NULL, "nft", "fw-drop" },
	{ "nft for this machine", NFT("\t\tfib daddr type local counter packets 0 bytes 0 return\n\t\tdrop\n"), NULL, NULL, "nft", "fw-drop" },
	{ "nft for no address of this machine", NFT("\t\tfib daddr type broadcast counter packets 0 bytes 0 accept\n\t\tfib daddr type local drop\n"), "what=fw-drop", NULL, "nft", "unsure" },
	{ "nft output does not count", "table inet f {\n\tchain out {\n\t\ttype filter hook output priority 0; policy drop;\n\t}\n}\n", NULL, NULL, "nft", NULL },

	{ "iptables -S", "-P INPUT DROP\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\n", "what=fw-drop text=\"iptables INPUT: policy drop\" path=INPUT\n", NULL, "iptables", "unsure" },
	{ "iptables -S by a chain", "-P INPUT ACCEPT\n-N f2b-sshd\n-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd\n-A f2b-sshd -s 192.0.2.50/32 -j REJECT --reject-with icmp-port-unreachable\n-A f2b-sshd -j RETURN\n", "what=fw-reject text=\"iptables f2b-sshd: -A f2b-sshd -s 192.0.2.50/32 -j REJECT", NULL, "iptables", "unsure" },
	{ "iptables -S lets it in", "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n", NULL, NULL, "iptables", NULL },
	{ "iptables -L -n -v", "Chain INPUT (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination         \n    0     0 DROP       6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:22\n", "what=fw-drop", NULL, "iptables", "unsure" },
	{ "iptables -L -n lets it in", "Chain INPUT (policy DROP)\ntarget     prot opt source               destination\nACCEPT     tcp  --  192.0.2.0/24         0.0.0.0/0            tcp dpt:22\n", NULL, NULL, "iptables", NULL },
	{ "iptables-save, nat is another table", "*nat\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j DROP\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", NULL, NULL, "iptables", NULL },

	{ "ufw denies", "Status: active\n\nTo                         Action      From\n--                         ------      ----\n22/tcp                     DENY        Anywhere\n", "what=fw-drop text=\"ufw: 22/tcp", "path=allow", "ufw", NULL },
	{ "ufw allows", "Status: active\n\nTo                         Action      From\n--                         ------      ----\nOpenSSH                    LIMIT       Anywhere\n", NULL, NULL, "ufw", NULL },
	{ "ufw has no rule", "Status: active\n\nTo                         Action      From\n--                         ------      ----\n80/tcp                     ALLOW       Anywhere\n", "what=fw-drop", NULL, "ufw", NULL },
	{ "ufw is off", "Status: inactive\n", NULL, NULL, "ufw", NULL },
	{ "firewalld without ssh", "public (active)\n  target: default\n  services: dhcpv6-client\n  ports: 8080/tcp\n  rich rules: \n", "what=fw-reject text=\"firewalld zone public", "path=public", "firewall-cmd", NULL },
	{ "firewalld with ssh", "public (active)\n  target: default\n  services: dhcpv6-client ssh\n  ports: \n", NULL, NULL, "firewall-cmd", NULL },
	{ "fail2ban", "Status for the jail: sshd\n|- Filter\n`- Actions\n   |- Currently banned:\t2\n   `- Banned IP list:\t198.51.100.7 192.0.2.50\n", "what=banned text=\"fail2ban, jail sshd\"", NULL, "fail2ban", NULL },
	{ "fail2ban bans others", "Status for the jail: sshd\n   `- Banned IP list:\t192.0.2.5 1192.0.2.50\n", NULL, NULL, "fail2ban", NULL },

	{ "ls -la", "total 16\ndrwxrwxrwx 2 alice alice 4096 Nov 20 10:00 .\ndrwxr-xr-x 5 alice alice 4096 Nov 20 10:00 ..\n-rw-rw-rw- 1 alice alice  101 Nov 20 10:00 authorized_keys\n", "what=path-bad path=authorized_keys mode=0666", "what=path-bad path=~/.ssh mode=0777", "ls", NULL },
	{ "ls -ld, good", "drwx------ 2 alice alice 4096 Nov 20 10:00 /home/alice/.ssh\n-rw------- 1 alice alice  101 Nov 20 10:00 /home/alice/.ssh/authorized_keys\n", NULL, NULL, NULL, NULL },
	{ "ls -l, another owner", "-rw-r--r-- 1 bob bob 101 2026-11-20 10:00 /home/alice/.ssh/authorized_keys\n", "what=path-bad text=owner path=/home/alice/.ssh/authorized_keys mode=0644", NULL, "ls", NULL },
	{ "ls -l, the user's own group may write", "-rw-rw-r-- 1 alice alice 101 Nov 20 10:00 /home/alice/.ssh/authorized_keys\n", NULL, NULL, NULL, NULL },
	{ "namei", "f: /home/alice/.ssh/authorized_keys\ndrwxr-xr-x root  root  /\ndrwxrwxrwx root  root  home\ndrwxrwxr-x alice users alice\ndrwx------ alice alice .ssh\n-rw------- alice alice authorized_keys\n", "what=path-bad path=/home/alice mode=0775", NULL, "ls", "path=/home mode" },
	{ "stat", "  File: /home/alice/.ssh\n  Size: 4096      \tBlocks: 8          IO Block: 4096   directory\nAccess: (0777/drwxrwxrwx)  Uid: ( 1000/   alice)   Gid: ( 1000/   alice)\n", "what=path-bad path=/home/alice/.ssh mode=0777", NULL, "ls", NULL },
	{ "ls -Z", "unconfined_u:object_r:user_home_t:s0 authorized_keys\n", "what=label-bad text=user_home_t path=authorized_keys", NULL, "ls", NULL },
	{ "ls -Z, good", "unconfined_u:object_r:ssh_home_t:s0 authorized_keys\n", NULL, NULL, NULL, NULL },

	{ "AVC", "type=AVC msg=audit(1795684477.512:412): avc:  denied  { read } for  pid=2210 comm=\"sshd\" name=\"authorized_keys\" dev=\"dm-3\" ino=131083 scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=unconfined_u:object_r:default_t:s0 tclass=file permissive=0\n", "what=label-bad text=default_t path=authorized_keys", NULL, "audit log", NULL },
	{ "AVC of sshd-session, by the kernel", "Nov 26 09:14:37 web1 kernel: audit: type=AVC msg=audit(1795684477.512:412): avc:  denied  { read } for  pid=2210 comm=\"sshd-session\" name=\"authorized_keys\" dev=\"dm-3\" ino=131083 scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=unconfined_u:object_r:default_t:s0 tclass=file permissive=0\n", "what=label-bad text=default_t path=authorized_keys", NULL, "sshd log", NULL },
	{ "AVC, permissive", "type=AVC msg=audit(1795684477.512:412): avc:  denied  { read } for  pid=2210 comm=\"sshd\" name=\"authorized_keys\" dev=\"dm-3\" ino=131083 scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=unconfined_u:object_r:default_t:s0 tclass=file permissive=1\n", NULL, NULL, NULL, "label-bad" },
	{ "AVC of another program", "type=AVC msg=audit(1795684477.512:412): avc:  denied  { read } for  pid=2210 comm=\"httpd\" name=\"authorized_keys\" dev=\"dm-3\" ino=131083 scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=unconfined_u:object_r:default_t:s0 tclass=file permissive=0\n", NULL, NULL, NULL, "label-bad" },

	{ "sshd -T", "port 22\nusedns yes\nallowusers bob\nallowusers al*@10.0.0.0/8\n", "what=setting text=yes path=usedns\n", "what=setting text=22 path=port\n", "sshd -T", "denied-by" },
	{ "sshd -T, not allowed", "port 22\nallowusers bob carol\n", "what=denied-by-config text=AllowUsers user=alice\n", NULL, "sshd -T", NULL },
	{ "sshd -T, allowed", "port 22\nallowusers bob\nallowusers ali?e\n", NULL, NULL, "sshd -T", NULL },
	{ "sshd -T, denied", "port 22\ndenyusers alice\n", "what=denied-by-config text=DenyUsers user=alice\n", NULL, "sshd -T", NULL },
	{ "sshd -T, algorithms", "port 22\npubkeyacceptedalgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,rsa-sha2-512\n", "what=setting text=ssh-ed25519,rsa-sha2-512 path=pubkeyacceptedalgorithms\n", NULL, "sshd -T", NULL },
	{ "sshd_config", "# comment\nPort 22\nPubkeyAuthentication no\nMatch User bob\n\tForceCommand /bin/false\n", "what=setting text=no path=pubkeyauthentication mode=unsure\n", NULL, "sshd_config", "forcecommand" },
	{ "sshd -t", "/etc/ssh/sshd_config: line 7: Bad configuration option: PermitRootLogn\n/etc/ssh/sshd_config: terminating, 1 bad configuration options\n", "what=config-invalid text=\"Bad configuration option: PermitRootLogn\" path=/etc/ssh/sshd_config line=7\n", NULL, "sshd -t", NULL },
	{ "sshd -t, a value", "/etc/ssh/sshd_config line 7: unsupported option \"maybe\".\n", "what=config-invalid text=\"unsupported option \\\"maybe\\\".\" path=/etc/ssh/sshd_config line=7\n", NULL, "sshd -t", NULL },
	{ "sshd -t, no keys", "sshd: no hostkeys available -- exiting.\n", "what=no-hostkeys", NULL, "sshd -t", NULL },
	{ "sshd -t, a key of the host that is open", "Permissions 0644 for '/etc/ssh/ssh_host_rsa_key' are too open.\nThis private key will be ignored.\nsshd: no hostkeys available -- exiting.\n", "what=no-hostkeys", NULL, "sshd -t,ssh", "key.file" },
	{ "sshd -t, no directory", "Missing privilege separation directory: /run/sshd\n", "what=no-privsep text=\"Missing privilege separation directory: /run/sshd\" path=/run/sshd\n", NULL, "sshd -t", NULL },
	{ "sshd -t, only old", "/etc/ssh/sshd_config line 3: Deprecated option UsePrivilegeSeparation\n", NULL, NULL, NULL, NULL },

	{ "ssh-keygen -lf", "256 SHA256:0123456789012345678901234567890123456789012 alice@desk (ED25519)\n3072 SHA256:abcdefghijabcdefghijabcdefghijabcdefghijabc no comment (RSA)\n", "what=key-listed text=SHA256:0123456789012345678901234567890123456789012 path=authorized_keys", "what=keys-all mode=unsure", "ssh-keygen -lf", NULL },
	{ "ssh-keygen -lf, not quite", "256 SHA256:short alice@desk (ED25519)\n", NULL, NULL, NULL, "key-listed" },
	{ "ssh-keygen -lf, no key at all", "/home/alice/.ssh/authorized_keys is not a public key file.\n", "what=line-bad text=\"no line is a key\" path=/home/alice/.ssh/authorized_keys", NULL, "ssh-keygen -lf", NULL },
	{ "ssh-keygen -lf, of another file", "/home/alice/notes is not a public key file.\n", NULL, NULL, NULL, "line-bad" },
	{ "passwd -S, locked", "alice L 2026-11-20 0 99999 7 -1\n", "what=locked mode=unsure user=alice", NULL, "passwd -S", NULL },
	{ "passwd -S, not", "alice P 11/20/2026 0 99999 7 -1\n", NULL, NULL, NULL, NULL },
	{ "chage -l", "Last password change\t\t\t\t\t: Nov 01, 2020\nPassword expires\t\t\t\t\t: never\nAccount expires\t\t\t\t\t\t: Nov 25, 2026\n", "what=expired text=\"Nov 25, 2026\"", NULL, "chage -l", NULL },
	{ "chage -l, not yet", "Account expires\t\t\t\t\t\t: Nov 27, 2026\nPassword expires\t\t\t\t\t: never\n", NULL, NULL, "chage -l", NULL },
	{ "chage -l, to be changed", "Password expires\t\t\t\t\t: password must be changed\n", "what=password-expired", NULL, "chage -l", NULL },
	{ "df", "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/sda1       41152736 41152736         0 100% /home\ntmpfs             100      1        99   1% /run\n", "what=disk-full path=/home", NULL, "df", "path=/run" },
};
/* clang-format on */

static void
each_text_says_what_it_says(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		const struct reading *c = &readings[i];
		bool good;

		read_text(c->text);
		good = c->says != NULL
			   ? strstr(out, c->says) != NULL
			   : strstr(out, "what=fw") == NULL && strstr(out, "what=denied") == NULL &&
				 strstr(out, "what=path-bad") == NULL &&
				 strstr(out, "what=banned") == NULL &&
				 strstr(out, "what=listeners-all") == NULL &&
				 strstr(out, "what=unit") == NULL &&
				 strstr(out, "what=config-invalid") == NULL &&
				 strstr(out, "what=label") == NULL &&
				 strstr(out, "expired") == NULL &&
				 strstr(out, "what=locked") == NULL;
		good = good && (c->also == NULL || strstr(out, c->also) != NULL);
		good = good && (c->without == NULL || strstr(out, c->without) == NULL);
		if (good && c->kind != NULL)
			good = strstr(out, c->kind) != NULL;
		if (!good) {
			print_error("%s:\n%s\n", c->name, out);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* All of them in one paste: none hides another. */
static void
texts_may_be_joined(void **state)
{
	static char all[64 * 1024];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		size_t len = strlen(readings[i].text);

		memcpy(all + n, readings[i].text, len);
		n += len;
		all[n++] = '\n';
	}
	all[n] = '\0';
	read_text(all);
	assert_non_null(strstr(out, "what=disk-full path=/home"));
	assert_non_null(strstr(out, "what=banned"));
	assert_non_null(strstr(out, "what=config-invalid"));
	assert_non_null(strstr(out, "what=path-bad path=/home/alice mode=0775"));
	assert_non_null(strstr(out, "what=unit text=ssh mode=failed"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_says_what_it_says),
		cmocka_unit_test(texts_may_be_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The frame of a collector's run: what makes it whole, whose it is, and what each section says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"

#define M "smc-0123456789abcdef "
#define HEAD \
	"sshmedic-collector 1 " \
	"smc-0123456789abcdef\n"
#define META \
	M "meta now=1700000000\n" M "meta host=box\n" M "meta addrs=127.0.0.1,10.0.0.1\n" M \
	  "meta user=alice\n" M "meta port=22\n" M "meta client=10.0.0.9\n" M \
	  "meta client_from=log\n" M "meta root=1\n" M "meta target=alice@box\n" M \
	  "meta. rc=0 cut=0 why=\n"
#define EFFECTIVE \
	M "sshd-T= status=0\n" M "sshd-T usepam no\n" M "sshd-T strictmodes yes\n" M \
	  "sshd-T. rc=0 cut=0 why=\n"
#define FILES \
	M "files= uid=1000\n" M "files= gid=1000\n" M "files= home_real=/home/alice\n" M \
	  "files= keysfile=/home/alice/.ssh/authorized_keys\n" M \
	  "files= path=755 drwxr-xr-x 0 0 4096 1 /\n" M \
	  "files= path=755 drwxr-xr-x 0 0 4096 1 /home\n"

static void
read_text(const char *text)
{
	struct recognise_options opt = { .clock = 1, .name = "t", .say = collect };

	read_with(&opt, text);
}

static void
whose_run_it_is(void **state)
{
	(void)state;
	read_text(HEAD META M "hostkeys= fingerprint=256 SHA256:aa (ED25519) /etc/k.pub\n" M
			      "hostkeys= fingerprint=2048 SHA256:bb (RSA) /etc/r.pub\n" M
			      "hostkeys. rc=0 cut=0 why=\n" M "end. sections=2\n");
	has("whole=1 root=1 host=box addrs=127.0.0.1,10.0.0.1 input=alice@box user=alice "
	    "port=22 "
	    "addr=10.0.0.9 source=log now=1700000000 hostkey=SHA256:aa,SHA256:bb");
}

static void
half_a_run_is_not_whole(void **state)
{
	static const char *const texts[] = {
		HEAD META,
		HEAD META M "end. sections=2\n",
		HEAD META M "unit= unit=ssh.service\n" M "end. sections=1\n",
		HEAD META HEAD META M "end. sections=1\n",
		HEAD META "smc-fedcba9876543210 end. sections=1\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		read_text(texts[i]);
		if (i != 3) /* a second run's sections do not add up with those of the first */
			has("whole=0");
		has_not("whole=1");
	}
}

static void
listeners(void **state)
{
	(void)state;
	read_text(
	    HEAD META M "listen$ ss -ltnp\n" M "listen= socket=127.0.0.1 22 7 ssh.service sshd\n" M
			"listen= socket=:: 22 8 - nginx: worker\n" M "listen. rc=0 cut=0 why=\n" M
			"end. sections=2\n");
	has("what=listener text=sshd addr=127.0.0.1 port=22");
	has("what=listeners-all");
	/* A list that was cut, or not read as root, is not whole. */
	read_text(HEAD META M "listen= socket=0.0.0.0 22 - - -\n" M "listen. rc=0 cut=1 why=\n");
	has("what=listener text=\"\" addr=0.0.0.0 port=22");
	has_not("listeners-all");
	read_text(HEAD META M "listen. rc=0 cut=0 why=no time was left for ss\n");
	has_not("listeners-all");
	/* Without root the programs are missing, no socket is. */
	read_text(
	    HEAD META M "listen. rc=0 cut=0 why=not root: whose a listener is cannot be read\n");
	has("listeners-all");
}

static void
sshd_check(void **state)
{
	(void)state;
	read_text(
	    HEAD META M "sshd-t /etc/ssh/sshd_config line 3: Deprecated option X\n" M
			"sshd-t /etc/ssh/sshd_config: line 9: Bad configuration option: Foo\n" M
			"sshd-t /etc/ssh/sshd_config: terminating, 1 bad configuration options\n" M
			"sshd-t= status=255\n" M "sshd-t. rc=255 cut=0 why=\n");
	has("what=config-invalid text=\"Bad configuration option: Foo\" path=/etc/ssh/sshd_config "
	    "line=9");
	/* A remark of a check that is content is no fault. */
	read_text(HEAD META M "sshd-t /etc/ssh/sshd_config line 9: something\n" M
			      "sshd-t= status=0\n" M "sshd-t. rc=0 cut=0 why=\n");
	has_not("config-invalid");
	read_text(HEAD META M "sshd-t sshd: no hostkeys available -- exiting.\n" M
			      "sshd-t= status=1\n" M "sshd-t. rc=1 cut=0 why=\n");
	has("what=no-hostkeys");
	read_text(HEAD M "meta root=0\n" M "meta. rc=0 cut=0 why=not root\n" M
			 "sshd-t sshd: no hostkeys available -- exiting.\n" M "sshd-t= status=1\n" M
			 "sshd-t. rc=1 cut=0 why=not root\n");
	has_not("no-hostkeys");
	read_text(HEAD META M "sshd-t Missing privilege separation directory: /run/sshd\n" M
			      "sshd-t= status=255\n" M "sshd-t. rc=255 cut=0 why=\n");
	has("what=no-privsep text=\"sshd -t\" path=/run/sshd");
}

/* Which program has the rule is known by the command that was asked; one of the other family of addresses has none. */
static void
programs_of_rules(void **state)
{
	struct recognise_options opt = {
		.clock = 1, .name = "t", .say = collect, .port = 22, .source = "10.0.0.9"
	};

	(void)state;
	read_with(&opt, HEAD META M "firewall$ iptables-legacy -S\n" M "firewall -P INPUT DROP\n" M
				    "firewall$ ip6tables-legacy -S\n" M "firewall -P INPUT DROP\n" M
				    "firewall. rc=0 cut=0 why=\n" M "end. sections=2\n");
	has("what=fw-drop text=\"iptables-legacy INPUT: policy drop\" path=INPUT");
	has_not("ip6tables INPUT");
	read_with(&opt, HEAD META M "firewall$ iptables -S\n" M "firewall -P INPUT DROP\n" M
				    "firewall. rc=0 cut=0 why=\n" M "end. sections=2\n");
	has("what=fw-drop text=\"iptables INPUT: policy drop\" path=INPUT");
	read_with(&opt,
	    HEAD M "meta client=fd00::9\n" M "meta root=1\n" M "meta. rc=0 cut=0 why=\n" M
		   "firewall$ ip6tables -S\n" M "firewall -P INPUT DROP\n" M
		   "firewall. rc=0 cut=0 why=\n" M "end. sections=2\n");
	has("what=fw-drop text=\"ip6tables INPUT: policy drop\"");
	/* A zone that no interface is bound to has its bare name as heading. */
	opt.source = "10.0.0.9";
	read_with(&opt, HEAD META M "firewall$ firewall-cmd --list-all\n" M "firewall public\n" M
				    "firewall   target: default\n" M "firewall   services: dns\n" M
				    "firewall   ports: 80/tcp\n" M "firewall. rc=0 cut=0 why=\n" M
				    "end. sections=2\n");
	has("what=fw-reject text=\"firewalld zone public: no service or port lets it in\" "
	    "path=public");
}

static void
modes(void **state)
{
	(void)state;
	/* Of several the one that sshd meets first, and only where the user's key is in that file. */
	read_text(HEAD META EFFECTIVE FILES M
	    "files= path=777 drwxrwxrwx 1000 1000 60 1 /home/alice\n" M
	    "files= path=770 drwxrwx--- 1000 99 60 1 /home/alice/.ssh\n" M
	    "files= path=600 -rw------- 1000 1000 60 1 /home/alice/.ssh/authorized_keys\n" M
	    "files. rc=0 cut=0 why=\n" M "keys= keysfile=/home/alice/.ssh/authorized_keys\n" M
	    "keys= key=1 1 256 SHA256:k ssh-ed25519 \n" M "keys= count=1\n" M
	    "keys. rc=0 cut=0 why=\n");
	has("what=path-bad path=/home/alice/.ssh mode=0770");
	has_not("path=/home/alice mode=0777");
	has("what=key-listed text=SHA256:k path=/home/alice/.ssh/authorized_keys");
	has("what=keys-all");
	/* An owner who is neither the user nor root is told. */
	read_text(HEAD META EFFECTIVE FILES M
	    "files= path=755 drwxr-xr-x 1007 1000 60 1 /home/alice/.ssh\n" M
	    "files= path=600 -rw------- 1000 1000 60 1 /home/alice/.ssh/authorized_keys\n" M
	    "files. rc=0 cut=0 why=\n" M "keys= keysfile=/home/alice/.ssh/authorized_keys\n" M
	    "keys= key=1 1 256 SHA256:k ssh-ed25519 \n" M "keys. rc=0 cut=0 why=\n");
	has("what=path-bad text=1007 path=/home/alice/.ssh mode=0755");
	/* Debian lets the user's own group write. Above the home nothing is looked at. */
	read_text(HEAD META EFFECTIVE M
	    "files= uid=1000\n" M "files= gid=1000\n" M "files= home_real=/home/alice\n" M
	    "files= keysfile=/home/alice/.ssh/authorized_keys\n" M
	    "files= path=777 drwxrwxrwx 0 0 4096 1 /home\n" M
	    "files= path=775 drwxrwxr-x 1000 1000 60 1 /home/alice\n" M
	    "files= path=600 -rw------- 1000 1000 60 1 /home/alice/.ssh/authorized_keys\n" M
	    "files. rc=0 cut=0 why=\n" M "keys= keysfile=/home/alice/.ssh/authorized_keys\n" M
	    "keys= key=1 1 256 SHA256:k ssh-ed25519 \n" M "keys. rc=0 cut=0 why=\n");
	has_not("path-bad");
	/* Another key in the file does not make its mode the cause. */
	read_text(HEAD META EFFECTIVE FILES M
	    "files= path=666 -rw-rw-rw- 1000 1000 60 1 /home/alice/.ssh/authorized_keys\n" M
	    "files. rc=0 cut=0 why=\n" M "keys= keysfile=/home/alice/.ssh/authorized_keys\n" M
	    "keys= key=1 0 256 SHA256:other ssh-ed25519 \n" M "keys. rc=0 cut=0 why=\n");
	has_not("path-bad");
}

static void
keys_that_are_not_all(void **state)
{
	(void)state;
	read_text(HEAD META EFFECTIVE FILES M
	    "files= denied=/home/alice/.ssh\n" M
	    "files. rc=0 cut=0 why=/home/alice/.ssh cannot be read\n" M "keys. rc=0 cut=0 why=\n");
	has_not("keys-all");
	read_text(
	    HEAD META M "sshd-T= status=0\n" M "sshd-T authorizedkeyscommand /usr/bin/keys\n" M
			"sshd-T. rc=0 cut=0 why=\n" FILES M
			"files= missing=/home/alice/.ssh/authorized_keys\n" M
			"files. rc=0 cut=0 why=\n" M "keys. rc=0 cut=0 why=\n");
	has("what=keys-file text=home path=/home/alice/.ssh/authorized_keys mode=missing");
	has_not("keys-all");
}

/* Lines that are no key, and a key that is marked as an authority's. */
static void
lines_that_do_not_count(void **state)
{
	(void)state;
	read_text(HEAD META EFFECTIVE M "keys= keysfile=/k\n" M "keys= bad=1\n" M "keys= bad=2\n" M
					"keys= count=0\n" M "keys. rc=0 cut=0 why=\n");
	has("what=line-bad text=\"line 1, 2\" path=/k");
	has("what=keys-all");
	read_text(
	    HEAD META EFFECTIVE M "keys= keysfile=/k\n" M
				  "keys= key=3 1 256 SHA256:k ssh-ed25519 no-pty,CERT-AUTHORITY\n" M
				  "keys. rc=0 cut=0 why=\n");
	has("what=line-authority path=/k");
	has_not("key-listed");
	read_text(HEAD META EFFECTIVE M
	    "keys= keysfile=/k\n" M
	    "keys= key=3 1 256 SHA256:k ssh-ed25519 command=\"a,cert-authority,b\"\n" M
	    "keys. rc=0 cut=0 why=\n");
	has_not("line-authority");
	has("what=key-listed text=SHA256:k path=/k");
	/* Of a file that sshd does not read, nothing keeps anybody out. */
	read_text(HEAD META EFFECTIVE M "keys= unused=/k\n" M "keys= bad=1\n" M
					"keys. rc=0 cut=0 why=\n");
	has_not("line-bad");
}

#define NO_HOME \
	M "files= uid=1000\n" M "files= gid=1000\n" M "files= home=/home/alice\n" M \
	  "files= home_real=/home/alice\n" M \
	  "files= keysfile=/home/alice/.ssh/authorized_keys\n" M \
	  "files= path=755 drwxr-xr-x 0 0 4096 1 /\n" M "files= missing=/home/alice\n" M \
	  "files= missing=/home/alice/.ssh\n" M \
	  "files= missing=/home/alice/.ssh/authorized_keys\n"

static void
home_that_is_not_there(void **state)
{
	(void)state;
	read_text(HEAD META EFFECTIVE NO_HOME M "files. rc=0 cut=0 why=\n");
	has("what=home-missing path=/home/alice");
	/* Another file may hold the keys. */
	read_text(HEAD META EFFECTIVE NO_HOME M "files= keysfile=/home/alice2/keys\n" M
						"files. rc=0 cut=0 why=\n");
	has_not("home-missing");
	read_text(HEAD META EFFECTIVE NO_HOME M "files. rc=0 cut=1 why=\n");
	has_not("home-missing");
}

static void
account(void **state)
{
	(void)state;
	read_text(HEAD META M "account= exists=0\n" M "account. rc=0 cut=0 why=\n");
	has("what=no-account");
	read_text(HEAD META EFFECTIVE M
	    "account= exists=1\n" M "account= password=locked 1 2 - -\n" M
	    "account= command=missing /bin/x\n" M "account= nologin=/run/nologin\n" M
	    "account= pam_nologin=1\n" M "account. rc=0 cut=0 why=\n");
	has("what=locked");
	has("what=shell-unusable path=/bin/x");
	/* Without PAM /run/nologin means nothing to sshd; with PAM a locked password does not. */
	has_not("nologin-file");
	read_text(
	    HEAD META M "sshd-T= status=0\n" M "sshd-T usepam yes\n" M "sshd-T. rc=0 cut=0 why=\n" M
			"account= password=locked 1 2 - -\n" M "account= nologin=/run/nologin\n" M
			"account= pam_nologin=1\n" M "account. rc=0 cut=0 why=\n");
	has_not("what=locked");
	has("what=nologin-file path=/run/nologin");
}

static void
groups(void **state)
{
	(void)state;
	read_text(HEAD META M "sshd-T= status=0\n" M "sshd-T allowgroups ops\n" M
			      "sshd-T allowgroups admin\n" M "sshd-T. rc=0 cut=0 why=\n" M
			      "account= groups=alice users\n" M "account. rc=0 cut=0 why=\n");
	has("what=denied-by-config text=AllowGroups");
	read_text(HEAD META M "sshd-T= status=0\n" M "sshd-T allowgroups ops users\n" M
			      "sshd-T. rc=0 cut=0 why=\n" M "account= groups=alice users\n" M
			      "account. rc=0 cut=0 why=\n");
	has_not("denied-by-config");
	read_text(HEAD META M "sshd-T= status=0\n" M "sshd-T denygroups users\n" M
			      "sshd-T. rc=0 cut=0 why=\n" M "account= groups=alice users\n" M
			      "account. rc=0 cut=0 why=\n");
	has("what=denied-by-config text=DenyGroups");
	/* A pattern may fit what no name equals. */
	read_text(HEAD META M "sshd-T= status=0\n" M "sshd-T allowgroups op*\n" M
			      "sshd-T. rc=0 cut=0 why=\n" M "account= groups=alice users\n" M
			      "account. rc=0 cut=0 why=\n");
	has_not("denied-by-config");
}

static void
from_elsewhere(void **state)
{
	static const struct {
		const char *list;
		bool out;
	} rows[] = { { "192.0.2.0/24,10.0.0.8", true }, { "192.0.2.0/24,10.0.0.0/8", false },
		{ "*.lab", false }, { "10.0.0.8,!10.0.0.9", false } };
	char text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(text, sizeof text,
		    "%skeys= key=1 1 256 SHA256:k ssh-ed25519 no-pty,from=\"%s\"\n%skeys. rc=0 "
		    "cut=0 "
		    "why=\n",
		    HEAD META M "keys= keysfile=/k\n" M, rows[i].list, M);
		read_text(text);
		if (rows[i].out)
			has("path=/k line=1");
		else
			has_not("what=key-from");
	}
}

/* A run of alice's with these lines of the configuration, and the group of her own. */
#define CONFIG(lines) \
	HEAD META lines M "config. rc=0 cut=0 why=\n" M "account= groups=alice users\n" M \
			  "account. rc=0 cut=0 why=\n"
#define SET(n, keyword, file) M "config= set=" n " " keyword " /etc/ssh/" file "\n"
#define NAMES(n, keyword, file) M "config= names=" n " " keyword " /etc/ssh/" file "\n"

static void
lines_to_edit(void **state)
{
	(void)state;
	read_text(CONFIG(SET("3", "allowusers", "sshd_config") SET("5", "allowusers", "sshd_config")
		SET("7", "allowgroups", "sshd_config") NAMES("9", "denyusers", "sshd_config")));
	has("what=setting-line text=alice path=/etc/ssh/sshd_config mode=allowusers line=3");
	has_not("line=5");
	has("what=setting-line text=alice path=/etc/ssh/sshd_config mode=allowgroups line=7");
	has("what=setting-line text=alice path=/etc/ssh/sshd_config mode=denyusers line=9");
	/* Behind a Match it is a rule for some. */
	read_text(CONFIG(SET("1", "match", "sshd_config") SET("2", "allowusers", "sshd_config")));
	has_not("setting-line");
	read_text(CONFIG(SET("1", "match", "sshd_config") SET("2", "include", "sshd_config")
		SET("1", "allowusers", "sshd_config.d/a.conf")));
	has_not("setting-line");
	/* A Match of one file does not reach into the next. */
	read_text(CONFIG(SET("1", "include", "sshd_config") SET("2", "match", "sshd_config")
		SET("1", "allowusers", "sshd_config.d/a.conf")));
	has("path=/etc/ssh/sshd_config.d/a.conf mode=allowusers line=1");
	/* The first value counts, in the order of sshd. */
	read_text(CONFIG(SET("1", "include", "sshd_config") SET("2", "pubkeyacceptedalgorithms",
	    "sshd_config") SET("4", "pubkeyacceptedalgorithms", "sshd_config.d/a.conf")));
	has("path=/etc/ssh/sshd_config.d/a.conf mode=sigalgs line=4");
	read_text(CONFIG(SET("1", "pubkeyacceptedalgorithms", "sshd_config") SET("2", "include",
	    "sshd_config") SET("4", "pubkeyacceptedalgorithms", "sshd_config.d/a.conf")));
	has("path=/etc/ssh/sshd_config mode=sigalgs line=1");
	/* What another program writes is not to be edited, nor where sshd -t reads another file. */
	read_text(CONFIG(SET("1", "include", "sshd_config") M
	    "config= set=4 pubkeyacceptedalgorithms /etc/crypto-policies/back-ends/o.config\n"));
	has_not("setting-line");
	read_text(CONFIG(SET("1", "allowusers", "sshd_other")));
	has_not("setting-line");
	/* A group of another name lets others in as well. */
	read_text(HEAD META SET("7", "allowgroups", "sshd_config") M
	    "config. rc=0 cut=0 why=\n" M "account= groups=users alice\n" M
	    "account. rc=0 cut=0 why=\n");
	has_not("setting-line");
	/* A name that means something to sed is not put into a command. */
	read_text(HEAD M "meta user=a.l/ice\n" M "meta. rc=0 cut=0 why=\n" SET("7", "allowusers",
	    "sshd_config") M "config. rc=0 cut=0 why=\n" M "account= groups=a.l/ice\n" M
			     "account. rc=0 cut=0 why=\n");
	has_not("setting-line");
}

/* Eleven keys that are not the user's: more than are told. */
#define OTHER(n) M "keys= key=" n " 0 256 SHA256:other" n " ssh-ed25519 \n"
#define MANY \
	OTHER("1") \
	OTHER("2") \
	OTHER("3") \
	OTHER("4") OTHER("5") OTHER("6") OTHER("7") OTHER("8") OTHER("9") OTHER("10") OTHER("11")
#define KEYSFILE M "keys= keysfile=/home/alice/.ssh/authorized_keys\n"
#define ASK M "keys= asked=SHA256:one\n" M "keys= asked=SHA256:two\n"

static void
more_keys_than_are_told(void **state)
{
	(void)state;
	read_text(HEAD META EFFECTIVE FILES M "files. rc=0 cut=0 why=\n" ASK KEYSFILE MANY M
					      "keys= key=12 1 256 SHA256:two ssh-ed25519 \n" M
					      "keys. rc=0 cut=0 why=\n");
	has_not("keys-all");
	has("what=key-absent text=SHA256:one");
	has_not("key-absent text=SHA256:two");
	has("what=key-listed text=SHA256:two");
	/* Not looked for, or not in all of it: nothing is known. */
	read_text(HEAD META EFFECTIVE FILES M "files. rc=0 cut=0 why=\n" KEYSFILE MANY M
					      "keys. rc=0 cut=0 why=\n");
	has_not("keys-all");
	has_not("key-absent");
	read_text(HEAD META EFFECTIVE FILES M
	    "files. rc=0 cut=0 why=\n" ASK KEYSFILE MANY M
	    "keys. rc=0 cut=0 why=/k: only its first 2000 lines were looked at\n");
	has_not("keys-all");
	has_not("key-absent");
	/* All of them are told: that says it. */
	read_text(HEAD META EFFECTIVE FILES M "files. rc=0 cut=0 why=\n" ASK KEYSFILE OTHER("1") M
	    "keys. rc=0 cut=0 why=\n");
	has("keys-all");
	has_not("key-absent");
}

#define CHANGED(at) \
	M "unit= started=1699990000\n" M "unit. rc=0 cut=0 why=\n" M "config= file=644 0 " at \
	  " /etc/ssh/sshd_config\n" M "config. rc=0 cut=0 why=\n"
#define LOG(lines) M "log$ journalctl -o short-unix\n" lines M "log. rc=0 cut=0 why=\n"

static void
configuration_that_was_not_read(void **state)
{
	(void)state;
	read_text(HEAD META CHANGED("1699995000") LOG(""));
	has("what=config-newer path=/etc/ssh/sshd_config");
	read_text(HEAD META CHANGED("1699989000") LOG(""));
	has_not("config-newer");
	read_text(HEAD META CHANGED("1699990002") LOG(""));
	has_not("config-newer");
	/* A reload keeps the process; one before the change has not read it. */
	read_text(HEAD META CHANGED("1699995000")
		LOG(M "log 1699995001.100000 box sshd[7]: Received SIGHUP; restarting.\n"));
	has_not("config-newer");
	read_text(HEAD META CHANGED("1699995000")
		LOG(M "log 1699994001.100000 box sshd[7]: Received SIGHUP; restarting.\n"));
	has("config-newer");
	/* A log without zone or year is of the run's own: 14:50:01 there is 20:50:01 UTC... */
	read_text(HEAD M "meta now=1700000000\n" M "meta tz=-0600\n" M
			 "meta. rc=0 cut=0 why=\n" CHANGED("1699995000") LOG(
			     M "log Nov 14 14:50:01 box sshd[7]: Received SIGHUP; restarting.\n"));
	has_not("config-newer");
	/* ... and without that zone it would be six hours before the change. */
	read_text(HEAD M "meta now=1700000000\n" M "meta tz=+0000\n" M
			 "meta. rc=0 cut=0 why=\n" CHANGED("1699995000") LOG(
			     M "log Nov 14 14:50:01 box sshd[7]: Received SIGHUP; restarting.\n"));
	has("config-newer");
}

static void
who_holds_the_port(void **state)
{
	(void)state;
	read_text(HEAD META M "listen= socket=0.0.0.0 22 77 web.service nginx\n" M
			      "listen= socket=0.0.0.0 2222 78 - other\n" M
			      "listen= socket=:: 22 79 session-3.scope python3\n" M
			      "listen. rc=0 cut=0 why=\n");
	has("what=port-holder text=nginx path=web.service line=77 port=22");
	has("what=port-holder text=python3 line=79 port=22");
	has_not("line=78");
	read_text(HEAD META M
	    "listen= socket=0.0.0.0 22 7 ssh.service sshd\n" M "listen= socket=:: 22 - - -\n" M
	    "listen= socket=::1 22 1 init.scope systemd\n" M "listen. rc=0 cut=0 why=\n");
	has_not("port-holder");
}

static void
slow_dns(void **state)
{
	(void)state;
	read_text(HEAD META M "dns= took_ms=3000\n" M "dns. rc=0 cut=0 why=\n" M
			      "backend= took_ms=10\n" M "backend. rc=0 cut=0 why=\n");
	has("what=dns-slow");
	read_text(HEAD META M "dns= took_ms=3000\n" M "dns. rc=0 cut=0 why=\n" M
			      "backend= took_ms=900\n" M "backend. rc=0 cut=0 why=\n");
	has_not("what=dns-slow");
}

/* What stands inside a section is of that section, whatever it looks like. */
static void
forgery(void **state)
{
	(void)state;
	read_text(HEAD META M "unit account= exists=0\n" M
			      "unit smc-0123456789abcdef account= exists=0\n" M
			      "unit. rc=0 cut=0 why=\n" M "config account. rc=0\n" M
			      "firewall Invalid user alice from 10.0.0.9 port 5000\n" M
			      "firewall. rc=0 cut=0 why=\n");
	has_not("no-account");
	has_not("user-unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whose_run_it_is),
		cmocka_unit_test(half_a_run_is_not_whole),
		cmocka_unit_test(listeners),
		cmocka_unit_test(sshd_check),
		cmocka_unit_test(programs_of_rules),
		cmocka_unit_test(modes),
		cmocka_unit_test(keys_that_are_not_all),
		cmocka_unit_test(lines_that_do_not_count),
		cmocka_unit_test(home_that_is_not_there),
		cmocka_unit_test(account),
		cmocka_unit_test(groups),
		cmocka_unit_test(from_elsewhere),
		cmocka_unit_test(lines_to_edit),
		cmocka_unit_test(more_keys_than_are_told),
		cmocka_unit_test(configuration_that_was_not_read),
		cmocka_unit_test(who_holds_the_port),
		cmocka_unit_test(slow_dns),
		cmocka_unit_test(forgery),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# ssh tries GSSAPI before its keys, and the servers that it asks for a ticket never answer.

# ticket: the user's ticket cache, with a ticket of a realm whose server is at that address.
ticket() {
	lab_client_root tee /etc/krb5.conf >/dev/null <<-END
		[libdefaults]
		    default_realm = LAB.TEST
		    dns_lookup_kdc = false
		    dns_canonicalize_hostname = false
		    rdns = false
		[realms]
		    LAB.TEST = {
		        kdc = $1
		    }
		[domain_realm]
		    .lab = LAB.TEST
	END
	lab_client_root /usr/bin/python3 -I -S "$LAB/tools/ticket.py" alice LAB.TEST >"$LAB/ticket"
	lab_client sh -c 'umask 077; cat >/tmp/ticket' <"$LAB/ticket"
	LAB_ENV+=(KRB5CCNAME=FILE:/tmp/ticket)
}

row slow-gssapi slow-gssapi proven 13
case_slow-gssapi() {
	serve "GSSAPIAuthentication yes"
	ticket 10.77.2.2
	rules_input server 'meta l4proto { tcp, udp } th dport 88 drop'
	home config <<<"GSSAPIAuthentication yes"
	medic web.lab
	if [ "$TOOL" = ssh ]; then
		[ $((${EPOCHREALTIME/./} - start)) -gt 1500000 ] || fail "the login was not slow"
	fi
	says "ssh -o GSSAPIAuthentication=no web.lab"
	fix_logs_in
}

# The same, but the server of tickets refuses at once: nothing is slow, and GSSAPI is no reason for anything.
row slow-gssapi-not healthy proven 0
case_slow-gssapi-not() {
	serve "GSSAPIAuthentication yes"
	ticket 10.77.2.2
	rules_input server 'meta l4proto { tcp, udp } th dport 88 reject'
	home config <<<"GSSAPIAuthentication yes"
	medic web.lab
}

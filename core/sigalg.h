/*
 * Whether ssh puts a public key before a server at all: its type, its size
 * and the signature algorithms of both sides decide (sshconnect2.c of OpenSSH,
 * key_type_allowed() and key_sig_algorithm()). Called by the auth probe. Pure.
 */
#ifndef SSHMEDIC_SIGALG_H
#define SSHMEDIC_SIGALG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sigalg {
	SIGALG_OFFERED,
	SIGALG_TYPE, /* PubkeyAcceptedAlgorithms leaves this type of key out */
	SIGALG_SHA1, /* an RSA key, and the server takes no RSA signature that ssh here would make */
	SIGALG_SHORT, /* an RSA key of fewer bits than RequiredRSASize */
};

/*
 * type is the key's own ("ssh-rsa", "ssh-ed25519-cert-v01@openssh.com"), blob the
 * public key. ours is PubkeyAcceptedAlgorithms as ssh -G gives it, "" where it is
 * not known; theirs the server's server-sig-algs (RFC 8308 3.1), NULL where it
 * sent none. min_bits is RequiredRSASize, 0 where it is not known.
 */
enum sigalg sigalg_judge(const char *type, const uint8_t *blob, size_t len, const char *ours,
    const char *theirs, int min_bits);
/* Whether server-sig-algs names what a key of that type signs with; true where theirs is NULL. */
bool sigalg_in_list(const char *type, const char *theirs);
/* Bits of an RSA key or certificate; 0 where the blob is none. */
int sigalg_rsa_bits(const uint8_t *blob, size_t len);
/* "" "algorithms" "sha1" "short". */
const char *sigalg_name(enum sigalg s);

#endif

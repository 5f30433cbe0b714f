/*
 * The fingerprint of a changed host key, with its end hidden: whoever confirms the key must have
 * the end from somebody else, not from a screen or a report of ours. Called by the wire probe, which lets
 * no more than this out, and by whoever compares. Pure.
 */
#ifndef SSHMEDIC_FPMASK_H
#define SSHMEDIC_FPMASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FPMASK_TAIL = 8 }; /* characters that are hidden */

/* Hide the end of a fingerprint, in place. */
void fpmask_hide(char *fp);
/* Hide the end of fp wherever it stands in len bytes of text, in place; with or without its "SHA256:". */
void fpmask_hide_in(char *text, size_t len, const char *fp);
/* All by which a key's fingerprint can be had. */
struct fpmask_key {
	const char *fp;     /* "SHA256:..." */
	const char *base64; /* the key itself; NULL: not known */
	bool has_md5;
	uint8_t md5[16];
};
/* The same for whoever has the key: its hash in base64 and in hex, its MD5 hash, and the key itself. */
void fpmask_hide_key(char *text, size_t len, const struct fpmask_key *k);
/* "MD5:00:11:...:??:??": what may be shown of that fingerprint, for who has it not. */
enum { FPMASK_MD5_LEN = 4 + 3 * 16 };
void fpmask_md5(char text[FPMASK_MD5_LEN], const uint8_t md5[16]);
/* The same for whoever knows it with its end hidden only (else nothing is done): what begins like it, in base64 or in hex. Of SHA256 or of MD5. */
void fpmask_hide_like(char *text, size_t len, const char *hidden);
/* Hide the end of every public key, as whoever has one whole can work out its fingerprint. */
void fpmask_hide_keys(char *text, size_t len);
/* Whether the end of a fingerprint is hidden. */
bool fpmask_hidden(const char *fp);
/* Whether two fingerprints are the same as far as both show. */
bool fpmask_same(const char *a, const char *b);
/* Whether a list with commas has one that is the same as far as both show. */
bool fpmask_list_has(const char *list, const char *fp);
/* Whether what was typed is the end of the whole fingerprint: FPMASK_TAIL characters, blanks around them left out. */
bool fpmask_confirms(const char *fp, const char *typed);

#endif

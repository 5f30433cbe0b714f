/*
 * Base64 of RFC 4648 section 4, as in known_hosts lines, public keys and
 * fingerprints. Pure.
 */
#ifndef SSHMEDIC_BASE64_H
#define SSHMEDIC_BASE64_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decode len characters of src into dst (cap bytes). Padding may be left out, as fingerprints do.
 * Returns the bytes written, or -1 where src is no base64 or does not fit.
 */
long base64_decode(uint8_t *dst, size_t cap, const char *src, size_t len);
/*
 * Encode with padding into dst (cap bytes, NUL-terminated). Returns the
 * length, or -1 where it does not fit; dst is "" then if cap allows.
 */
long base64_encode(char *dst, size_t cap, const uint8_t *src, size_t len);

#endif

/*
 * Which versions of libssh and libuv run with this program, for --version:
 * the front ends may not ask them themselves.
 */
#ifndef SSHMEDIC_IO_LIBRARY_H
#define SSHMEDIC_IO_LIBRARY_H

/* Version of libssh with its crypto library, e.g. "0.10.6/openssl/zlib". */
const char *library_ssh(void);
/* Version of libuv, e.g. "1.44.2". */
const char *library_uv(void);

#endif

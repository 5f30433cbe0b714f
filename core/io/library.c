/* Asks the libraries for their versions. */
#include "library.h"

#include <libssh/libssh.h>
#include <uv.h>

const char *
library_ssh(void)
{
	const char *v = ssh_version(0);

	return v != NULL ? v : "unknown";
}

const char *
library_uv(void)
{
	return uv_version_string();
}

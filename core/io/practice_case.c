/* The practice cases. A new case is a row here, a new kind of server a file beside practice_raw.c. */
#include "practice_case.h"

#include <string.h>

#include "practice_raw.h"
#include "practice_ssh.h"

/* clang-format off */
static const struct practice_row rows[] = {
	{ .shown = { "key-rejected", "The server knows your name and accepts none of your keys", "auth-key-rejected" },
	  .server = &practice_ssh, .refuse_keys = true },
	{ .shown = { "healthy", "Nothing is wrong: the login works from end to end", "healthy" },
	  .server = &practice_ssh },
	{ .shown = { "hostkey-changed", "The server shows another host key than the one you know", "hostkey-changed" },
	  .server = &practice_ssh, .stale_known = true },
	{ .shown = { "wrong-service", "A web server stands on the port", "banner-not-ssh" },
	  .server = &practice_http },
	{ .shown = { "silent-banner", "The port is open and nothing ever speaks", "banner-silent" },
	  .server = &practice_silent },
	{ .shown = { "no-common-hostkey-alg", "An old server that has only an ssh-rsa host key", "kex-no-common-hostkey-alg" },
	  .server = &practice_ssh, .old_hostkey = true },
};
/* clang-format on */

size_t
practice_rows(void)
{
	return sizeof(rows) / sizeof(rows[0]);
}

const struct practice_row *
practice_row(size_t i)
{
	return i < practice_rows() ? &rows[i] : NULL;
}

size_t
practice_count(void)
{
	return practice_rows();
}

const struct practice_case *
practice_at(size_t i)
{
	return i < practice_rows() ? &rows[i].shown : NULL;
}

const struct practice_case *
practice_by_id(const char *id)
{
	for (size_t i = 0; i < practice_rows(); i++)
		if (strcmp(rows[i].shown.id, id) == 0)
			return &rows[i].shown;
	return NULL;
}

/*
 * The target operand: what is accepted can neither run nor hide anything.
 */
#include <string.h>

#include "core/target.h"
#include "core/text.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char input[4096];
	static struct target t;
	char err[200] = "";

	if (size >= sizeof(input))
		return 0;
	memcpy(input, data, size);
	input[size] = '\0';
	if (target_parse(&t, input, err, sizeof(err)) != 0) {
		FUZZ_CHECK(err[0] != '\0' && text_is_clean(err, strlen(err)));
		return 0;
	}
	FUZZ_CHECK(t.host[0] != '\0' && t.host[0] != '-' && t.user[0] != '-');
	FUZZ_CHECK(text_is_clean(t.host, strlen(t.host)) && text_is_clean(t.user, strlen(t.user)));
	FUZZ_CHECK(strpbrk(t.host, " '`\"$\\;&<>|(){},") == NULL);
	FUZZ_CHECK(strpbrk(t.user, " '`\";&<>|(){}") == NULL);
	FUZZ_CHECK(t.port >= 0 && t.port <= 65535);
	return 0;
}

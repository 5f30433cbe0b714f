/*
 * An agent's reply: keys lie within it, and its beginning is never garbage
 * where the whole is not.
 */
#include "core/agentmsg.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agent_reply r;
	struct agent_key k;
	enum agent_status s = agent_reply_read(&r, data, size, NULL);
	uint32_t n = 0;

	while (agent_next(&r, &k)) {
		n++;
		FUZZ_CHECK(s == AGENT_OK);
		FUZZ_CHECK(fuzz_within(k.blob, k.blob_len, data, size));
		FUZZ_CHECK(fuzz_within(k.comment, k.comment_len, data, size));
		FUZZ_CHECK(fuzz_within(k.type, k.type_len, k.blob, k.blob_len));
	}
	FUZZ_CHECK(n == r.count && n <= AGENT_KEYS_MAX);
	if (s == AGENT_OK && size > 1)
		FUZZ_CHECK(agent_reply_read(&r, data, 3, NULL) == AGENT_MORE);
	return 0;
}

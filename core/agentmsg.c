/*
 * The identities question of the agent protocol, and the one that a locked agent refuses. See agentmsg.h.
 */
#include "agentmsg.h"

#include <stdbool.h>
#include <string.h>

enum {
	REQUEST_IDENTITIES = 11,
	ANSWER_IDENTITIES = 12,
	ANSWER_FAILURE = 5,
	ANSWER_FAILURE_OLD = 102,
	ANSWER_SUCCESS = 6,
	ANSWER_EXTENSION_FAILURE = 28
};

static uint32_t
get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A string of RFC 4251 section 5 at *p; moves on. False where it does not fit. */
static bool
get_string(const uint8_t **p, size_t *len, const uint8_t **s, size_t *slen)
{
	uint32_t n;

	if (*len < 4)
		return false;
	n = get_u32(*p);
	if (n > *len - 4)
		return false;
	*s = *p + 4;
	*slen = n;
	*p += 4 + n;
	*len -= 4 + n;
	return true;
}

void
agent_request(uint8_t out[AGENT_REQUEST_LEN])
{
	static const uint8_t request[AGENT_REQUEST_LEN] = { 0, 0, 0, 1, REQUEST_IDENTITIES };

	memcpy(out, request, sizeof(request));
}

void
agent_bind_request(uint8_t out[AGENT_BIND_LEN])
{
	/* clang-format off */
	static const uint8_t request[AGENT_BIND_LEN] = {
		0x00, 0x00, 0x00, 0xd0, 0x1b, 0x00, 0x00, 0x00, 0x18, 0x73, 0x65, 0x73, 0x73, 0x69, 0x6f, 0x6e,
		0x2d, 0x62, 0x69, 0x6e, 0x64, 0x40, 0x6f, 0x70, 0x65, 0x6e, 0x73, 0x73, 0x68, 0x2e, 0x63, 0x6f,
		0x6d, 0x00, 0x00, 0x00, 0x33, 0x00, 0x00, 0x00, 0x0b, 0x73, 0x73, 0x68, 0x2d, 0x65, 0x64, 0x32,
		0x35, 0x35, 0x31, 0x39, 0x00, 0x00, 0x00, 0x20, 0x29, 0xd0, 0x35, 0xbe, 0xbd, 0x47, 0x3b, 0x27,
		0x23, 0x36, 0xc4, 0x9d, 0x1e, 0x27, 0x43, 0x4b, 0xd2, 0xdd, 0x67, 0x37, 0x06, 0x5a, 0x2c, 0x5f,
		0x43, 0xde, 0x47, 0x16, 0xbd, 0x84, 0x70, 0x0c, 0x00, 0x00, 0x00, 0x20, 0x73, 0x73, 0x68, 0x6d,
		0x65, 0x64, 0x69, 0x63, 0x20, 0x61, 0x73, 0x6b, 0x73, 0x3a, 0x20, 0x69, 0x73, 0x20, 0x69, 0x74,
		0x20, 0x6c, 0x6f, 0x63, 0x6b, 0x65, 0x64, 0x20, 0x6e, 0x6f, 0x77, 0x3f, 0x00, 0x00, 0x00, 0x53,
		0x00, 0x00, 0x00, 0x0b, 0x73, 0x73, 0x68, 0x2d, 0x65, 0x64, 0x32, 0x35, 0x35, 0x31, 0x39, 0x00,
		0x00, 0x00, 0x40, 0xd6, 0x6e, 0x80, 0xc6, 0x96, 0x60, 0x35, 0x95, 0x29, 0x60, 0x0f, 0x3d, 0x2b,
		0x9f, 0x9c, 0xfb, 0xa2, 0x03, 0x09, 0xfd, 0x5a, 0x5b, 0x12, 0x37, 0xd4, 0xea, 0x84, 0x0b, 0x88,
		0x47, 0xfa, 0xbd, 0x3f, 0x27, 0x59, 0xba, 0x59, 0x24, 0x3f, 0x4a, 0x7d, 0xa1, 0xad, 0x68, 0xb3,
		0x17, 0x5b, 0x19, 0xe2, 0x0c, 0x87, 0x75, 0x73, 0x45, 0x85, 0xb6, 0x15, 0x5e, 0xca, 0x3e, 0x9c,
		0x49, 0xd6, 0x08, 0x00,
	};
	/* clang-format on */

	memcpy(out, request, sizeof(request));
}

enum agent_bind
agent_bind_read(const uint8_t *buf, size_t len)
{
	static const struct {
		uint8_t type;
		enum agent_bind means;
	} answers[] = { { ANSWER_SUCCESS, AGENT_BIND_OPEN },
		{ ANSWER_EXTENSION_FAILURE, AGENT_BIND_OPEN }, { ANSWER_FAILURE, AGENT_BIND_SHUT },
		{ ANSWER_FAILURE_OLD, AGENT_BIND_SHUT } };

	if (len < 5)
		return AGENT_BIND_MORE;
	if (get_u32(buf) != 1 || len > 5)
		return AGENT_BIND_OTHER;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (answers[i].type == buf[4])
			return answers[i].means;
	return AGENT_BIND_OTHER;
}

static enum agent_status
garbage(const char **why, const char *words)
{
	*why = words;
	return AGENT_GARBAGE;
}

/* Read the message after its length field. */
static enum agent_status
read_answer(struct agent_reply *r, const uint8_t *p, size_t len, const char **why)
{
	struct agent_reply walk;
	struct agent_key k;

	if (p[0] == ANSWER_FAILURE || p[0] == ANSWER_FAILURE_OLD) {
		*why = "the agent refused to list its keys";
		return AGENT_FAILURE;
	}
	if (p[0] != ANSWER_IDENTITIES)
		return garbage(why, "an answer of another kind");
	if (len < 5)
		return garbage(why, "the answer ends before the number of keys");
	walk.p = p + 5;
	walk.len = len - 5;
	walk.count = get_u32(p + 1);
	walk.next = 0;
	if (walk.count > AGENT_KEYS_MAX)
		return garbage(why, "the answer announces more than 2048 keys");
	*r = walk;
	while (agent_next(&walk, &k))
		;
	if (walk.next != walk.count) {
		r->count = 0;
		return garbage(why, "the answer ends before its last key");
	}
	return AGENT_OK;
}

enum agent_status
agent_reply_read(struct agent_reply *r, const uint8_t *buf, size_t len, const char **why)
{
	const char *nothing;
	uint32_t n;

	if (why == NULL)
		why = &nothing;
	*why = "";
	memset(r, 0, sizeof(*r));
	if (len < 4)
		return AGENT_MORE;
	n = get_u32(buf);
	if (n == 0)
		return garbage(why, "an empty answer");
	if (n > AGENT_REPLY_MAX)
		return garbage(
		    why, "the answer announces more than 256 kB, or is none of an agent");
	if (len - 4 < n)
		return AGENT_MORE;
	return read_answer(r, buf + 4, n, why);
}

int
agent_next(struct agent_reply *r, struct agent_key *k)
{
	const uint8_t *p = r->p, *s;
	size_t len = r->len;

	memset(k, 0, sizeof(*k));
	if (r->next >= r->count || !get_string(&p, &len, &k->blob, &k->blob_len) ||
	    !get_string(&p, &len, &s, &k->comment_len))
		return 0;
	k->comment = (const char *)s;
	r->p = p;
	r->len = len;
	r->next++;
	p = k->blob;
	len = k->blob_len;
	k->type = "";
	if (get_string(&p, &len, &s, &k->type_len))
		k->type = (const char *)s;
	else
		k->type_len = 0;
	return 1;
}

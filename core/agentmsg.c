/*
 * The identities question of the agent protocol. See agentmsg.h.
 */
#include "agentmsg.h"

#include <stdbool.h>
#include <string.h>

enum {
	REQUEST_IDENTITIES = 11,
	ANSWER_IDENTITIES = 12,
	ANSWER_FAILURE = 5,
	ANSWER_FAILURE_OLD = 102
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

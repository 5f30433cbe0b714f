/*
 * core/agentmsg.c: the reply of an agent, whole, in pieces, and from an agent that lies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/agentmsg.h"

/* What OpenSSH 9.2's ssh-agent answers when it holds an ed25519 and an ecdsa key. */
/* clang-format off */
static const uint8_t answer[] = {
	0x00, 0x00, 0x00, 0xc0, 0x0c, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x33, 0x00, 0x00, 0x00,
	0x0b, 0x73, 0x73, 0x68, 0x2d, 0x65, 0x64, 0x32, 0x35, 0x35, 0x31, 0x39, 0x00, 0x00, 0x00, 0x20,
	0x2f, 0x33, 0x40, 0x06, 0x4b, 0x7f, 0x37, 0x5b, 0x83, 0x7b, 0xee, 0x09, 0xe3, 0x4e, 0x72, 0xf6,
	0xc8, 0xb9, 0x5c, 0x09, 0xf7, 0xd0, 0x0a, 0xeb, 0x35, 0xc6, 0x37, 0x8d, 0xe8, 0x13, 0x54, 0x10,
	0x00, 0x00, 0x00, 0x09, 0x63, 0x20, 0x65, 0x64, 0x32, 0x35, 0x35, 0x31, 0x39, 0x00, 0x00, 0x00,
	0x68, 0x00, 0x00, 0x00, 0x13, 0x65, 0x63, 0x64, 0x73, 0x61, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x2d,
	0x6e, 0x69, 0x73, 0x74, 0x70, 0x32, 0x35, 0x36, 0x00, 0x00, 0x00, 0x08, 0x6e, 0x69, 0x73, 0x74,
	0x70, 0x32, 0x35, 0x36, 0x00, 0x00, 0x00, 0x41, 0x04, 0xef, 0xca, 0x94, 0x9c, 0x6d, 0x7b, 0xa2,
	0xac, 0x74, 0x81, 0xe6, 0x71, 0x51, 0x5e, 0x26, 0x19, 0xaf, 0x96, 0x11, 0x94, 0x4c, 0x16, 0x27,
	0x56, 0xcc, 0xca, 0x4c, 0x8e, 0x00, 0xb2, 0x1a, 0xae, 0xdb, 0xce, 0x04, 0x7c, 0xe6, 0x0d, 0x3c,
	0x65, 0x4a, 0xfc, 0xd2, 0x41, 0x20, 0xc8, 0x47, 0xba, 0x7b, 0x81, 0x5e, 0x92, 0x7a, 0xec, 0xe7,
	0xa4, 0x55, 0x16, 0xb0, 0x00, 0xc3, 0xcd, 0x0c, 0x79, 0x00, 0x00, 0x00, 0x07, 0x63, 0x20, 0x65,
	0x63, 0x64, 0x73, 0x61,
};
/* clang-format on */

static void
request_is_the_one_of_the_protocol(void **state)
{
	uint8_t out[AGENT_REQUEST_LEN];

	(void)state;
	agent_request(out);
	assert_memory_equal(out, "\0\0\0\1\x0b", 5);
}

static void
the_binding_is_whole(void **state)
{
	static const struct {
		size_t at, len;
	} strings[] = { { 5, 24 }, { 33, 51 }, { 88, 32 }, { 124, 83 } };
	uint8_t out[AGENT_BIND_LEN];

	(void)state;
	agent_bind_request(out);
	assert_memory_equal(out, "\0\0\0\xd0\x1b", 5);
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		assert_int_equal(out[strings[i].at + 3], strings[i].len);
	assert_memory_equal(out + 9, "session-bind@openssh.com", 24);
	assert_memory_equal(out + 92, "sshmedic asks: is it locked now?", 32);
	assert_int_equal(out[AGENT_BIND_LEN - 1], 0); /* it is not forwarded */
}

static void
answers_to_the_binding(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum agent_bind means;
	} rows[] = {
		{ "\0\0\0\1\6", 5, AGENT_BIND_OPEN },   /* OpenSSH 9.2, not locked */
		{ "\0\0\0\1\x1c", 5, AGENT_BIND_OPEN }, /* the extension failed */
		{ "\0\0\0\1\5", 5, AGENT_BIND_SHUT },   /* OpenSSH 9.2, locked */
		{ "\0\0\0\1\x66", 5, AGENT_BIND_SHUT },
		{ "\0\0\0\1\x0c", 5, AGENT_BIND_OTHER },
		{ "\0\0\0\5\x0c\0\0\0\0", 9, AGENT_BIND_OTHER },
		{ "\0\0\0\1\6\0", 6, AGENT_BIND_OTHER },
		{ "\0\0\0\1", 4, AGENT_BIND_MORE },
		{ "", 0, AGENT_BIND_MORE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
		    agent_bind_read((const uint8_t *)rows[i].bytes, rows[i].len), rows[i].means);
}

static void
keys_are_listed_in_order(void **state)
{
	struct agent_reply r;
	struct agent_key k;
	const char *why;

	(void)state;
	assert_int_equal(agent_reply_read(&r, answer, sizeof(answer), &why), AGENT_OK);
	assert_string_equal(why, "");
	assert_int_equal(r.count, 2);
	assert_true(agent_next(&r, &k));
	assert_int_equal(k.blob_len, 51);
	assert_int_equal(k.type_len, 11);
	assert_memory_equal(k.type, "ssh-ed25519", 11);
	assert_int_equal(k.comment_len, 9);
	assert_memory_equal(k.comment, "c ed25519", 9);
	assert_true(agent_next(&r, &k));
	assert_int_equal(k.blob_len, 104);
	assert_int_equal(k.type_len, 19);
	assert_memory_equal(k.type, "ecdsa-sha2-nistp256", 19);
	assert_memory_equal(k.comment, "c ecdsa", 7);
	assert_false(agent_next(&r, &k));
	assert_false(agent_next(&r, &k));
}

/* Bytes come one by one: "not yet" until the last one, never garbage. */
static void
a_part_of_the_answer_is_no_garbage(void **state)
{
	struct agent_reply r;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(answer); n++)
		assert_int_equal(agent_reply_read(&r, answer, n, NULL), AGENT_MORE);
	assert_int_equal(agent_reply_read(&r, answer, n, NULL), AGENT_OK);
}

/* Shorten the message, with an honest length field: each is garbage, as a key is missing. */
static void
an_answer_that_contradicts_itself_is_garbage(void **state)
{
	uint8_t buf[sizeof(answer)];
	struct agent_reply r;
	struct agent_key k;
	const char *why;
	size_t n;

	(void)state;
	memcpy(buf, answer, sizeof(buf));
	for (n = 1; n < sizeof(answer) - 4; n++) {
		buf[2] = (uint8_t)(n >> 8);
		buf[3] = (uint8_t)n;
		assert_int_equal(agent_reply_read(&r, buf, n + 4, &why), AGENT_GARBAGE);
		assert_true(why[0] != '\0');
		assert_false(agent_next(&r, &k));
	}
}

static void
small_answers(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum agent_status status;
	} rows[] = {
		{ "\0\0\0\1\5", 5, AGENT_FAILURE },      /* refused */
		{ "\0\0\0\1\x66", 5, AGENT_FAILURE },    /* an old agent */
		{ "\0\0\0\5\x0c\0\0\0\0", 9, AGENT_OK }, /* empty, or locked */
		{ "\0\0\0\0", 4, AGENT_GARBAGE }, { "\0\0\0\1\x06", 5, AGENT_GARBAGE },
		{ "\0\0\0\1\x0c", 5, AGENT_GARBAGE },
		{ "\0\4\0\1", 4, AGENT_GARBAGE }, /* 256 kB and one byte */
		{ "\0\4\0\0", 4, AGENT_MORE }, { "HTTP/1.1 400", 12, AGENT_GARBAGE },
		{ "\0\0\0\5\x0c\0\0\x08\1", 9, AGENT_GARBAGE }, /* 2049 keys */
		{ "\0\0\0\x09\x0c\0\0\0\1\xff\xff\xff\xff", 13, AGENT_GARBAGE },
		{ "\0\0\0\x0d\x0c\0\0\0\1\0\0\0\0\0\0\0\0", 17,
		    AGENT_OK }, /* an empty key: no type */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct agent_reply r;
		struct agent_key k;

		assert_int_equal(
		    agent_reply_read(&r, (const uint8_t *)rows[i].bytes, rows[i].len, NULL),
		    rows[i].status);
		if (rows[i].status != AGENT_OK)
			assert_int_equal(r.count, 0);
		if (rows[i].len == 17) {
			assert_true(agent_next(&r, &k));
			assert_int_equal(k.type_len, 0);
			assert_non_null(k.type);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_is_the_one_of_the_protocol),
		cmocka_unit_test(the_binding_is_whole),
		cmocka_unit_test(answers_to_the_binding),
		cmocka_unit_test(keys_are_listed_in_order),
		cmocka_unit_test(a_part_of_the_answer_is_no_garbage),
		cmocka_unit_test(an_answer_that_contradicts_itself_is_garbage),
		cmocka_unit_test(small_answers),
	};

	return cmocka_run_group_tests_name("agentmsg", tests, NULL, NULL);
}

/* Fingerprints with their end hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/book.h"
#include "core/fpmask.h"

static const char whole[] = "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY";

static void
hidden(void **state)
{
	char fp[sizeof whole];

	(void)state;
	memcpy(fp, whole, sizeof whole);
	assert_false(fpmask_hidden(fp));
	fpmask_hide(fp);
	assert_string_equal(fp, "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K????????");
	assert_true(fpmask_hidden(fp));
	assert_true(fpmask_same(fp, whole));
	assert_true(fpmask_same(whole, fp));
	assert_false(fpmask_same(fp, "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY"));
	assert_false(fpmask_same(whole, "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQZ"));
	assert_false(fpmask_same(fp, "SHA256:W3CW"));
	assert_true(
	    fpmask_list_has("SHA256:aaaa,SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY", fp));
	assert_false(fpmask_list_has("SHA256:aaaa,,", fp));
	assert_false(fpmask_list_has("", fp));
}

static void
hidden_in_text(void **state)
{
	char text[] = "key SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY, or "
		      "W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY";
	char other[] = "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY";

	(void)state;
	fpmask_hide_in(
	    text, strlen(text) - 1, whole); /* the last one is not whole within this length */
	assert_string_equal(text, "key SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K????????, or "
				  "W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY");
	fpmask_hide_in(text, strlen(text), whole);
	assert_null(strstr(text, "0mT+9IQY"));
	fpmask_hide_in(other, strlen(other), whole);
	assert_string_equal(other, "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY");
	fpmask_hide_in(other, strlen(other), ""); /* none is known */
	assert_string_equal(other, "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY");
}

#define HEX_BEGIN "5b7096bfd8aca0db042422dcc57a47b407aa0f2e42f135d8"
#define HEX_BEGIN_UPPER "5B7096BFD8ACA0DB042422DCC57A47B407AA0F2E42F135D8"
static const char md5_text[] = "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";
static const char key_text[] =
    "AAAAC3NzaC1lZDI1NTE5AAAAIHVr0LkZ0eD1xT3mJq8Yb5c2nWf7uPzK4sXhRvAoGiQe";

/* Whoever has the key hides its fingerprint in every notation, and the key. */
static void
hidden_in_every_notation(void **state)
{
	struct fpmask_key k = { .fp = whole, .base64 = key_text, .has_md5 = true };
	char hex[] =
	    HEX_BEGIN "1b62b4993fbd2106 " HEX_BEGIN_UPPER "1B62B4993FBD2106 " HEX_BEGIN "1b";
	char md5[sizeof md5_text], key[128];

	(void)state;
	for (unsigned i = 0; i < sizeof k.md5; i++)
		k.md5[i] = (uint8_t)(i * 0x11);
	fpmask_hide_key(hex, strlen(hex), &k);
	assert_string_equal(
	    hex, HEX_BEGIN "???????????????? " HEX_BEGIN_UPPER "???????????????? " HEX_BEGIN "1b");
	memcpy(md5, md5_text, sizeof md5);
	fpmask_hide_key(md5, strlen(md5), &k);
	assert_string_equal(md5, "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:??");
	snprintf(key, sizeof key, "web1 ssh-ed25519 %s alice", key_text);
	fpmask_hide_key(key, strlen(key), &k);
	assert_null(strstr(key, "RvAoGiQe"));
	assert_non_null(strstr(key, "???? alice"));
	snprintf(key, sizeof key, "web1 ssh-ed25519 %.64sXXXX", key_text); /* another key */
	fpmask_hide_key(key, strlen(key), &k);
	assert_null(strchr(key, '?'));
	fpmask_hide_keys(key, strlen(key));
	assert_null(strstr(key, "XXXX"));
}

static struct ev_line *
line_of(uint32_t n, const char *text)
{
	struct ev_line *l = malloc(sizeof *l + strlen(text) + 1);

	assert_non_null(l);
	l->n = n;
	l->len = (uint32_t)strlen(text);
	memcpy(l->text, text, l->len + 1);
	return l;
}

/* A text named the key before it was seen: its line is replaced once the key turns out to be a changed one. */
static void
hidden_in_what_came_before(void **state)
{
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVr0LkZ0eD1xT3mJq8Yb5c2nWf7uPzK4sXhRvAoGiQe"
	static const char own[] = "2 0.0.0 client/0 auth.query fp=SHA256:own public=\"" KEY "\"";
	static const char said[] = "4 0.0.0 pasted/1 note text=\"" KEY "\"";
	const char *const lines[] = {
		"1 0.0.0 client/0 run.start input=web1 host=web1 user=\"\" port=0",
		own,
		"3 0.0.0 pasted/1 note text=\"key is "
		"SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY\"",
		said,
		"5 0.0.0 client/0 hostkey.offered type=ssh-ed25519 "
		"fp=SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K????????",
	};
	enum { N = sizeof lines / sizeof lines[0] };
	struct ev_line *l[N];
	struct book *b = book_new();

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		l[i] = line_of(i + 1, lines[i]);
		assert_int_equal(book_add(b, l[i]), EV_OK);
		assert_int_equal(book_masked(b), i < N - 1 ? 0 : 2);
	}
	assert_int_equal(book_lines(b), N);
	assert_ptr_equal(book_line(b, 1), l[1]); /* the user's own key is left whole */
	assert_int_equal(book_line(b, 2)->n, 3);
	assert_null(strstr(book_line(b, 2)->text, "0mT+9IQY"));
	assert_non_null(strstr(book_line(b, 2)->text, "8TXYG2K????????"));
	assert_null(strstr(book_line(b, 3)->text, "RvAoGiQe"));
	assert_string_equal(slot_text(book_diag(b, 0), SLOT_HOSTKEY_FP),
	    "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K????????");
	book_free(b);
	for (int i = 0; i < N; i++)
		free(l[i]);
}

/* The MD5 of a changed key comes with its end hidden; what begins like it loses its end, in a text before as well. */
static void
hidden_by_md5(void **state)
{
	static const char whole_md5[] = "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";
	char shown[FPMASK_MD5_LEN], text[512];
	uint8_t md5[16];

	(void)state;
	for (unsigned i = 0; i < sizeof md5; i++)
		md5[i] = (uint8_t)(i * 0x11);
	fpmask_md5(shown, md5);
	assert_string_equal(shown, "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:??");
	snprintf(text, sizeof text,
	    "%s %.47s MD5:00112233445566778899AABBCCDDEEFF "
	    "00:11:22:33:44:55:66:77:88:99:aa:bc:cc:dd:ee:ff",
	    md5_text, whole_md5);
	fpmask_hide_like(text, strlen(text), shown);
	assert_string_equal(text,
	    "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:?? "
	    "00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:?? "
	    "MD5:00112233445566778899AABB???????? 00:11:22:33:44:55:66:77:88:99:aa:bc:cc:dd:ee:ff");
	snprintf(text, sizeof text, "%s", md5_text);
	fpmask_hide_like(text, strlen(text), ""); /* of no use */
	fpmask_hide_like(text, strlen(text), "MD5:00:11:??");
	fpmask_hide_like(text, strlen(text), md5_text); /* nothing is hidden in it */
	assert_string_equal(text, md5_text);
}

#define OFFERED \
	"hostkey.offered type=ssh-ed25519 fp=SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K???????? " \
	"md5=MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:??"

enum { LONG = 3000 };

/* A long run of two targets in which many lines of texts name the key; the last tells that it is a changed one. */
static struct ev_line **
long_lines(void)
{
	static const char *const says[] = {
		"key is SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY", "nothing of it",
		"key is MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
		"key is 00112233445566778899aabbccddeeff"
	};
	struct ev_line **l = calloc(LONG, sizeof(struct ev_line *));
	char text[256];

	assert_non_null(l);
	for (uint32_t i = 0; i < LONG; i++) {
		if (i < 2)
			snprintf(text, sizeof text,
			    "%u %u.0.0 client/0 run.start input=web1 host=web1 user=\"\" port=0", i,
			    i);
		else if (i == LONG - 1)
			snprintf(text, sizeof text, "%u 0.0.0 client/0 " OFFERED, i);
		else if (i % 5 == 0)
			snprintf(text, sizeof text,
			    "%u %u.0.0 server/1 text.says what=loglevel text=\"%s\"", i, i % 2,
			    says[i % 4]);
		else
			snprintf(text, sizeof text, "%u %u.0.0 pasted/1 note text=\"%s\"", i, i % 2,
			    says[i % 4]);
		l[i] = line_of(i + 1, text);
	}
	return l;
}

/* In slices it comes to the same, byte for byte, as at once; and nothing of it is known before it is done. */
static void
hidden_in_slices(void **state)
{
	static const size_t steps[] = { 1, 7, 1000 };
	struct ev_line **l = long_lines();
	struct book *whole_book = book_new();

	(void)state;
	for (int i = 0; i < LONG; i++)
		book_add(whole_book, l[i]);
	assert_in_range(book_masked(whole_book), LONG / 2, LONG);
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		struct book *b = book_new();
		size_t slices = 0;

		for (int i = 0; i < LONG - 1; i++) {
			assert_true(book_prepare(b, l[i], 1));
			book_add(b, l[i]);
		}
		while (!book_prepare(b, l[LONG - 1], steps[k])) {
			slices++;
			assert_string_equal(slot_text(book_diag(b, 0), SLOT_HOSTKEY_FP), "");
		}
		assert_in_range(slices, LONG / steps[k], 8 * LONG / steps[k]);
		book_add(b, l[LONG - 1]);
		assert_int_equal(book_masked(b), book_masked(whole_book));
		for (size_t i = 0; i < LONG; i++) {
			assert_string_equal(book_line(b, i)->text, book_line(whole_book, i)->text);
			assert_null(strstr(book_line(b, i)->text, "0mT+9IQY"));
			assert_null(strstr(book_line(b, i)->text, "cc:dd:ee:ff"));
			assert_null(strstr(book_line(b, i)->text, "ccddeeff"));
		}
		for (uint16_t t = 0; t < 2; t++)
			for (size_t i = 0; i < book_target_lines(b, t); i++)
				assert_string_equal(book_target_line(b, t, i)->text,
				    book_target_line(whole_book, t, i)->text);
		assert_string_equal(slot_text(book_diag(b, 0), SLOT_HOSTKEY_MD5),
		    "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:??");
		assert_int_equal(book_diag(b, 0)->nev, book_diag(whole_book, 0)->nev);
		book_free(b);
	}
	book_free(whole_book);
	for (int i = 0; i < LONG; i++)
		free(l[i]);
	free(l);
}

static void
confirmed(void **state)
{
	(void)state;
	assert_true(fpmask_confirms(whole, "mT+9IQY") == false); /* one too few */
	assert_true(fpmask_confirms(whole, "0mT+9IQY"));
	assert_true(fpmask_confirms(whole, "  0mT+9IQY "));
	assert_false(fpmask_confirms(whole, "0mt+9iqy"));
	assert_false(fpmask_confirms(whole, "????????"));
	assert_false(fpmask_confirms(whole, ""));
	assert_false(fpmask_confirms(whole, "K0mT+9IQY"));
	assert_false(fpmask_confirms(whole, "0mT+9IQY x"));
	assert_false(fpmask_confirms("", "        "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hidden),
		cmocka_unit_test(hidden_in_text), cmocka_unit_test(hidden_in_every_notation),
		cmocka_unit_test(hidden_in_what_came_before), cmocka_unit_test(hidden_by_md5),
		cmocka_unit_test(hidden_in_slices), cmocka_unit_test(confirmed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

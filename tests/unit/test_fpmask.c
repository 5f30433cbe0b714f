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
		cmocka_unit_test(hidden_in_what_came_before), cmocka_unit_test(confirmed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

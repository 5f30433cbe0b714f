/* When a file grew: each growth at its time, and where the one that writes it stood still. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "tui/arrivals.h"

static void
tick(uv_timer_t *t)
{
	*(bool *)t->data = true;
}

/* The loop turns for so long. */
static void
turn(uv_loop_t *loop, unsigned ms)
{
	uv_timer_t t;
	bool over = false;

	uv_timer_init(loop, &t);
	t.data = &over;
	uv_timer_start(&t, tick, ms, 0);
	while (!over)
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&t, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
}

static void
growth_is_timed(void **state)
{
	char path[] = "/tmp/sshmedic-arrivals-XXXXXX";
	int fd = mkstemp(path);
	const struct arrival *list;
	struct arrivals *w;
	uv_loop_t loop;
	size_t n;

	(void)state;
	assert_in_range(fd, 0, 1000);
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_non_null(w = arrivals_new(&loop, path));
	assert_int_equal(write(fd, "0123456789", 10), 10);
	turn(&loop, 60);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	turn(&loop, 5);
	arrivals_pause(w);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	turn(&loop, 5);
	list = arrivals_list(w, &n);
	assert_int_equal(n, 4);
	assert_int_equal(list[0].bytes, 10);
	assert_int_equal(list[1].bytes, 20);
	assert_in_range(list[1].us - list[0].us, 50000, 5000000);
	assert_int_equal(list[2].bytes, 20);
	assert_int_equal(list[2].us, -1);
	assert_int_equal(list[3].bytes, 30);
	assert_int_equal(arrivals_when(w, 5), list[0].us);
	assert_int_equal(arrivals_when(w, 10), list[0].us);
	assert_int_equal(arrivals_when(w, 11), list[1].us);
	assert_int_equal(arrivals_when(w, 30), list[3].us);
	assert_int_equal(arrivals_when(w, 31), -1); /* not yet there */
	arrivals_free(w);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	close(fd);
	unlink(path);
}

static void
what_is_not_there_is_not_watched(void **state)
{
	uv_loop_t loop;

	(void)state;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_null(arrivals_new(&loop, "/nowhere/at/all"));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(growth_is_timed),
		cmocka_unit_test(what_is_not_there_is_not_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

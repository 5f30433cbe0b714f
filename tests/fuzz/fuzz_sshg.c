/*
 * The output of ssh -G and the words of ssh about a bad configuration.
 */
#include <string.h>

#include "core/sshg.h"
#include "fuzz.h"

static struct sshg g;
static struct sshg_error err;

static void
look_list(const struct sshg_list *l)
{
	unsigned i;

	FUZZ_CHECK(l->n <= SSHG_LIST);
	for (i = 0; i < l->n; i++)
		FUZZ_CHECK(fuzz_within(l->item[i], strlen(l->item[i]) + 1, g.text, sizeof(g.text)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kex_lists k;

	sshg_init(&g);
	sshg_parse(&g, (const char *)data, size);
	FUZZ_CHECK(g.used <= sizeof(g.text));
	FUZZ_CHECK(g.hostname != NULL && memchr(g.hostname, '\n', strlen(g.hostname)) == NULL);
	FUZZ_CHECK(g.port >= 0);
	look_list(&g.identityfile);
	look_list(&g.userknownhostsfile);
	sshg_kex_lists(&g, &k);
	namelist_count(k.list[KEX_KEX]);

	sshg_error((const char *)data, size, &err);
	FUZZ_CHECK(text_is_clean(err.text, strlen(err.text)));
	FUZZ_CHECK(text_is_clean(err.file, strlen(err.file)));
	FUZZ_CHECK(text_is_clean(err.option, strlen(err.option)));
	FUZZ_CHECK(sshg_fault_name(err.fault)[0] != '\0' && err.line >= 0);
	return 0;
}

/*
 * Packets and the KEXINIT: any bytes, in any pieces, give the same packets,
 * and every list lies within its packet. The first byte is the size of a piece.
 */
#include <string.h>

#include "core/text.h"
#include "core/wire.h"
#include "fuzz.h"

static struct packet_reader whole, pieces;

static enum packet_event
step(struct packet_reader *r, const uint8_t *data, size_t size, size_t *at, size_t chunk)
{
	while (*at < size) {
		size_t give = size - *at < chunk ? size - *at : chunk, used;
		enum packet_event e = packet_feed(r, data + *at, give, &used);

		FUZZ_CHECK(used <= give && r->have <= sizeof(r->buf));
		*at += used;
		if (e != PACKET_MORE)
			return e;
		FUZZ_CHECK(used == give);
	}
	return PACKET_MORE;
}

static void
look(const uint8_t *payload, size_t len)
{
	static const struct namelist ours = { "curve25519-sha256,ssh-ed25519,aes128-ctr,aes256-gcm@"
					      "openssh.com,hmac-sha2-256,none",
		82 };
	struct kex_lists k, client;
	struct kex_choice choice;
	struct strbuf sb;
	char buf[256];
	size_t i;

	kexinit_parse(&k, payload, len);
	for (i = 0; i < KEX__COUNT; i++) {
		FUZZ_CHECK(fuzz_within(k.list[i].s, k.list[i].len, payload, len));
		client.list[i] = ours;
		sb_init(&sb, buf, sizeof(buf));
		FUZZ_CHECK(namelist_intersect(ours, k.list[i], &sb) <= namelist_count(ours));
		namelist_reorder_first(k.list[i], ours, &sb);
	}
	client.first_follows = false;
	if (negotiate(&client, &k, &choice))
		FUZZ_CHECK(choice.list[KEX_KEX].len > 0 && choice.list[KEX_CIPHER_CS].len > 0);
	else
		FUZZ_CHECK(choice.mismatch < KEX__COUNT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t chunk, a = 0, b = 0;
	enum packet_event ea, eb;

	if (size < 1)
		return 0;
	chunk = data[0] == 0 ? 1 : data[0];
	data++;
	size--;
	look(data, size);
	packet_init(&whole);
	packet_init(&pieces);
	do {
		ea = step(&whole, data, size, &a, size);
		eb = step(&pieces, data, size, &b, chunk);
		FUZZ_CHECK(ea == eb);
		if (ea == PACKET_READY) {
			FUZZ_CHECK(a == b && whole.payload_len == pieces.payload_len);
			FUZZ_CHECK(whole.payload_len > 0);
			FUZZ_CHECK(memcmp(whole.payload, pieces.payload, whole.payload_len) == 0);
			look(whole.payload, whole.payload_len);
		}
	} while (ea == PACKET_READY);
	return 0;
}

"""A Kerberos ticket cache (MIT, version 4) with one ticket-granting ticket that
no server would take: enough for a client to ask for more. Takes USER and REALM,
writes the cache to stdout. Formats: krb5's ccache_file_format, RFC 4120."""
import struct
import sys
import time

AES256 = 18
DAY = 86400


def data(b):
    return struct.pack(">I", len(b)) + b


def principal(realm, *names):
    return struct.pack(">II", 1, len(names)) + data(realm) + b"".join(data(n) for n in names)


def tlv(tag, *parts):
    b = b"".join(parts)
    return bytes([tag]) + (bytes([len(b)]) if len(b) < 128 else bytes([0x81, len(b)])) + b


def ticket(realm):
    name = tlv(0x30, tlv(0xA0, tlv(2, b"\2")), tlv(0xA1, tlv(0x30, tlv(0x1B, b"krbtgt"), tlv(0x1B, realm))))
    sealed = tlv(0x30, tlv(0xA0, tlv(2, bytes([AES256]))), tlv(0xA2, tlv(4, b"\2" * 48)))
    return tlv(0x61, tlv(0x30, tlv(0xA0, tlv(2, b"\5")), tlv(0xA1, tlv(0x1B, realm)), tlv(0xA2, name), tlv(0xA3, sealed)))


user, realm, now = sys.argv[1].encode(), sys.argv[2].encode(), int(time.time())
sys.stdout.buffer.write(
    b"\5\4" + struct.pack(">H", 0) + principal(realm, user)
    + principal(realm, user) + principal(realm, b"krbtgt", realm)
    + struct.pack(">H", AES256) + data(b"\1" * 32)
    + struct.pack(">IIIIBI", now, now, now + DAY, now + DAY, 0, 0x40E10000)
    + struct.pack(">II", 0, 0) + data(ticket(realm)) + data(b""))

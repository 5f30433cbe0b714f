#!/usr/bin/python3
"""Odd servers and agents for the lab: each mode breaks the protocol in one way.

    odd.py tcp PORT MODE [ARG]     a server on every address of the host
    odd.py agent PATH MODE         a socket that an SSH client takes for its agent

Prints "ready" when it listens and "Connection from ADDR" for each connection,
so that a case can count them. Serves until it is killed.
"""
import os
import select
import socket
import struct
import sys
import threading
import time

stalled = False
taken = 0

IDENT = b"SSH-2.0-OpenSSH_9.2p1 odd\r\n"


def name_list(*names):
    text = ",".join(names).encode()
    return struct.pack(">I", len(text)) + text


def packet(payload):
    pad = 8 - (len(payload) + 5) % 8
    if pad < 4:
        pad += 8
    return struct.pack(">IB", len(payload) + pad + 1, pad) + payload + bytes(pad)


def kexinit(lists=None):
    cipher = name_list("aes128-ctr", "aes256-ctr")
    mac = name_list("hmac-sha2-256")
    comp = name_list("none")
    if lists is None:
        lists = name_list("curve25519-sha256") + name_list("ssh-ed25519") + cipher * 2 + mac * 2 + comp * 2
        lists += name_list() * 2
    return packet(bytes([20]) + bytes(range(16)) + lists + bytes(5))


def read_line(conn, limit=10):
    """Read the client's identification, so that a close is a FIN and no reset."""
    conn.settimeout(limit)
    got = b""
    try:
        while b"\n" not in got and len(got) < 65536:
            part = conn.recv(4096)
            if not part:
                break
            got += part
    except OSError:
        pass
    return got


def read_rest(conn, limit):
    """Read for a while, so that nothing is left unread at the close."""
    end = time.monotonic() + limit
    try:
        while (left := end - time.monotonic()) > 0:
            if not select.select([conn], [], [], left)[0]:
                return
            if not conn.recv(65536):
                return
    except OSError:
        pass


def hold(conn):
    """Read and say nothing until the client goes away."""
    conn.settimeout(None)
    try:
        while conn.recv(65536):
            pass
    except OSError:
        pass


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def http(conn, _arg):
    read_line(conn)
    conn.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\n"
                 b"Connection: close\r\n\r\n<html><body>400 Bad Request</body></html>\r\n")
    read_rest(conn, 0.2)


def tls(conn, _arg):
    read_line(conn)
    conn.sendall(bytes([0x15, 3, 1, 0, 2, 2, 70]))
    read_rest(conn, 0.2)


def mysql(conn, _arg):
    body = b"\x0a" + b"8.0.35-0ubuntu0.22.04.1\0" + struct.pack("<I", 42) + b"abcdefgh\0"
    body += b"\xff\xff\xff\x02\x00\xff\xdf\x15" + bytes(10) + b"ijklmnopqrst\0mysql_native_password\0"
    conn.sendall(struct.pack("<I", len(body))[:3] + b"\0" + body)
    read_line(conn)
    error = b"\xff\x84\x04#08S01Got packets out of order"
    conn.sendall(struct.pack("<I", len(error))[:3] + b"\x02" + error)
    read_rest(conn, 0.2)


def silent(conn, _arg):
    hold(conn)


def closed(conn, _arg):
    read_line(conn)


def closed_reset(conn, _arg):
    read_line(conn)
    reset(conn)


def maxstartups(conn, _arg):
    conn.sendall(b"Exceeded MaxStartups\r\n")
    read_rest(conn, 0.1)


def maxstartups_reset(conn, _arg):
    # Leave what the client said unread: the close then becomes a reset, as with sshd itself.
    conn.sendall(b"Exceeded MaxStartups\r\n")
    select.select([conn], [], [], 5)


def tarpit(conn, _arg):
    n = 0
    while True:
        n += 1
        conn.sendall(b"%x%x\r\n" % (n * 2654435761 & 0xffffffff, n))
        time.sleep(0.05)


def longline(conn, _arg):
    for _ in range(64):
        conn.sendall(b"A" * 16384)
    hold(conn)


def escape(conn, _arg):
    conn.sendall(b"\x1b[31mwelcome\x07 \x1b]0;owned\x07\x1b[2J\x9b31m \xff\xfe\r\n\r\n")
    conn.sendall(b"SSH-2.0-odd\x1b[2J\x1b[31m\r\n")
    read_line(conn)
    read_rest(conn, 0.3)


def nul(conn, _arg):
    conn.sendall(b"\x00\x1b[31mwelcome\x00\r\n\x00\r\nSSH-2.0-odd\x00\r\n")
    read_line(conn)
    read_rest(conn, 0.3)


def ssh1(conn, _arg):
    conn.sendall(b"SSH-1.5-1.2.27\n")
    read_line(conn)
    read_rest(conn, 0.3)


def garbage(conn, _arg):
    conn.sendall(IDENT + bytes((i * 73 + 0x91) & 0xff for i in range(4096)))
    hold(conn)


def lying(conn, _arg):
    # A length that is allowed, a padding that is longer than the packet.
    conn.sendall(IDENT + struct.pack(">IB", 12, 255) + b"\x14" * 2000)
    hold(conn)


def lists(conn, _arg):
    # A whole packet whose first name-list claims 4 GB.
    conn.sendall(IDENT + kexinit(b"\xff\xff\xff\xff" + b"curve25519-sha256" * 8))
    hold(conn)


def truncated(conn, _arg):
    conn.sendall(IDENT + kexinit()[:100])
    read_line(conn)
    read_rest(conn, 0.3)


def kexclosed(conn, _arg):
    conn.sendall(IDENT + kexinit())
    read_line(conn)
    read_rest(conn, 0.3)


def stall(conn, _arg):
    conn.sendall(IDENT + kexinit())
    hold(conn)


def turns(conn, arg):
    """A balancer: one port of this host after the other takes a connection."""
    global taken
    ports = [int(p) for p in arg.split(",")]
    port, taken = ports[taken % len(ports)], taken + 1
    other = socket.create_connection(("127.0.0.1", port))
    pair = {conn: other, other: conn}
    while True:
        for sock in select.select(list(pair), [], [])[0]:
            if not (part := sock.recv(65536)):
                return
            pair[sock].sendall(part)


def stall_many(conn, arg):
    """The server at this port, until a client offers more than four key exchanges: then nothing goes on."""
    other = socket.create_connection(("127.0.0.1", int(arg)))
    said, sent, deaf = b"", 0, False
    while True:
        for sock in select.select([conn, other], [], [])[0]:
            if not (part := sock.recv(65536)):
                return
            if sock is other:
                conn.sendall(part)
                continue
            said += part
            begin = said.find(b"\n") + 1 + 5 + 1 + 16  # after the identification, a packet's head, its type, the cookie
            size = struct.unpack(">I", said[begin:begin + 4])[0] if len(said) >= begin + 4 > 26 else 0
            deaf = said[begin + 4:begin + 4 + size].count(b",") >= 6  # up to three of the names are no exchanges
            if not deaf and len(said) >= begin + 4 + size:
                other.sendall(said[sent:])
                sent = len(said)


def trickle(conn, arg):
    """The server at this port; what it says comes a packet's length at a time."""
    other = socket.create_connection(("127.0.0.1", int(arg)))
    other.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        for sock in select.select([conn, other], [], [])[0]:
            if not (part := sock.recv(65536)):
                return
            if sock is conn:
                other.sendall(part)
                continue
            for at in range(0, len(part), 36):
                conn.sendall(part[at:at + 36])
                time.sleep(0.002)


def stall_once(conn, _arg):
    """The first connection hangs after the identification; others get a KEXINIT."""
    global stalled
    conn.sendall(IDENT)
    if stalled:
        conn.sendall(kexinit())
    stalled = True
    hold(conn)


def identstall(conn, _arg):
    conn.sendall(IDENT)
    hold(conn)


def disconnect(conn, _arg):
    text = b"go \x1b[31maway\x00 now\r\n"
    conn.sendall(IDENT + packet(bytes([1]) + struct.pack(">II", 12, len(text)) + text + bytes(4)))
    read_rest(conn, 0.3)


def reset_after(conn, arg):
    conn.sendall((IDENT + kexinit())[:int(arg)])
    read_rest(conn, 0.2)
    reset(conn)


def agent_garbage(conn, _arg):
    conn.recv(4096)
    conn.sendall(struct.pack(">IB", 0xfffffff0, 12) + b"\x1b[31m" * 64)
    hold(conn)


def agent_slow(conn, arg):
    """Pass all on to a real agent, a request to sign only after so many seconds."""
    real = socket.socket(socket.AF_UNIX)
    real.connect("/tmp/agent.sock")
    while head := conn.recv(4, socket.MSG_WAITALL):
        body = conn.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL)
        if body[0] == 13:
            time.sleep(float(arg))
        real.sendall(head + body)
        head = real.recv(4, socket.MSG_WAITALL)
        conn.sendall(head + real.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL))


MODES = {f.__name__.replace("_", "-"): f for f in (
    http, tls, mysql, silent, closed, closed_reset, maxstartups, maxstartups_reset, tarpit, longline,
    escape, nul, ssh1, garbage, lying, lists, truncated, kexclosed, stall, stall_once, turns, stall_many, trickle, identstall, disconnect,
    reset_after, agent_garbage, agent_slow)}


def serve(conn, peer, mode, arg):
    print("Connection from", peer, flush=True)
    try:
        mode(conn, arg)
    except OSError:
        pass
    finally:
        conn.close()


def main():
    kind, where, mode = sys.argv[1], sys.argv[2], MODES[sys.argv[3]]
    arg = sys.argv[4] if len(sys.argv) > 4 else ""
    if kind == "tcp":
        sock = socket.socket(socket.AF_INET6)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("::", int(where)))
    else:
        sock = socket.socket(socket.AF_UNIX)
        os.umask(0o077)
        sock.bind(where)
    sock.listen(64)
    print("ready", flush=True)
    while True:
        conn, peer = sock.accept()
        if kind == "tcp":
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(conn, peer, mode, arg), daemon=True).start()


if __name__ == "__main__":
    main()

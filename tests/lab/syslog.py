#!/usr/bin/python3
"""The log of a lab host: syslog.py FILE takes what comes to /dev/log and writes
"seconds.micros host ident[pid]: text", a line a message, as journalctl -o short-unix."""
import os
import re
import socket
import sys
import time

s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
try:
    os.unlink("/dev/log")
except OSError:
    pass
s.bind("/dev/log")
os.chmod("/dev/log", 0o666)
head = re.compile(rb"^<\d+>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )?")
name = os.uname().nodename.encode()
with open(sys.argv[1], "ab", buffering=0) as out:
    print("ready", flush=True)
    while True:
        text = head.sub(b"", s.recv(65536)).rstrip(b"\0\n").replace(b"\n", b"#012")
        out.write(b"%.6f %s %s\n" % (time.time(), name, text))

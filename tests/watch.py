#!/usr/bin/python3
"""--watch against a port that goes away and comes back: a line a change, 130 at the end.

BUILD=build python3 tests/watch.py; ends with "N passed, N failed". Loopback only, no root.
"""
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading

PROGRAM = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "sshmedic"))
os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
passed = failed = 0


def check(name, good, said=""):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    if not good:
        print("FAIL %s: %s" % (name, said))


class Wrong:
    """A server that speaks HTTP, on a port of its own until it is closed."""

    def __init__(self, port=0):
        self.at = socket.socket()
        self.at.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.at.bind(("127.0.0.1", port))
        self.at.listen(8)
        self.port = self.at.getsockname()[1]
        self.came = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                c, _ = self.at.accept()
            except OSError:
                return
            self.came += 1
            c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            c.close()

    def close(self):
        self.at.shutdown(socket.SHUT_RDWR)
        self.at.close()


class Watch:
    def __init__(self, *words):
        self.p = subprocess.Popen([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def line(self, seconds=8):
        if not select.select([self.p.stdout], [], [], seconds)[0]:
            return "nothing within %d s" % seconds
        return self.p.stdout.readline().decode().strip()

    def quiet(self, seconds):
        return not select.select([self.p.stdout], [], [], seconds)[0]

    def end(self):
        self.p.send_signal(signal.SIGINT)
        return self.p.wait(10)


signal.signal(signal.SIGINT, signal.default_int_handler)
server = Wrong()
port = str(server.port)
options = ["-F", "/dev/null", "-o", "UserKnownHostsFile=/dev/null", "-p", port, "--watch=2"]
plain, lines = Watch("--plain", *options, "127.0.0.1"), Watch("--jsonl", *options, "127.0.0.1")
said = plain.line()
check("the first line says how it stands", said[8:].startswith(" 127.0.0.1 fails: banner-"), said)
first = json.loads(lines.line())["watch"]
check("jsonl: an object a change", first["target"] == "127.0.0.1" and first["finding"].startswith("banner-"), first)
check("without a change no line", plain.quiet(0.5))
server.close()
said = plain.line()
check("it goes away", " 127.0.0.1 now tcp-refused, before banner-" in said, said)
said = json.loads(lines.line())["watch"]
check("jsonl: it goes away", said["finding"] == "tcp-refused", said)
code = lines.end()
check("jsonl: 130", code == 130, code)
server = Wrong(int(port))
said = plain.line()
check("it comes back", " 127.0.0.1 now banner-" in said and said.endswith("before tcp-refused"), said)
check("one connection a look", server.came == 1, server.came)
code = plain.end()
check("130 at the end", code == 130, code)
check("nothing on stderr", plain.p.stderr.read() == b"" and lines.p.stderr.read() == b"")
for words, why in ((["--watch=1", "h"], "a floor"), (["--watch", "--json", "h"], "a document"),
                   (["--watch", "--practice"], "a practice")):
    r = subprocess.run([PROGRAM, *words], capture_output=True)
    check("refused: " + why, r.returncode == 2 and r.stderr.count(b"\n") == 1, r)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)

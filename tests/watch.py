#!/usr/bin/python3
"""--watch against a port that goes away and comes back: a line a change, 130 at the end.

BUILD=build python3 tests/watch.py; ends with "N passed, N failed". Loopback only, no root.
"""
import json
import os
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "sshmedic"))
os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
passed = failed = 0


def check(name, good, said=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
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
    def __init__(self, *words, preexec_fn=None):
        self.p = subprocess.Popen([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  preexec_fn=preexec_fn)

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

# A watch goes on and on: the recording has every look, the report says what it has not.
with tempfile.TemporaryDirectory() as folder:
    record, report = folder + "/w.ev", folder + "/w.txt"
    server.close()
    kept = Watch("--record", record, "--report", report, *options, "127.0.0.1")
    said = kept.line()
    check("recorded: it fails", said.endswith(" fails: tcp-refused"), said)
    until = time.monotonic() + 30
    while time.monotonic() < until and open(record).read().count(" run.end ") < 6:
        time.sleep(0.1)
    code = kept.end()
    lines = open(record).read().split("\n")
    runs = [x.split()[1] for x in lines if " run.start " in x]
    ends = [x.split()[1] for x in lines if " run.end " in x]
    check("recorded: 130", code == 130, code)
    check("recorded: private", os.stat(record).st_mode & 0o777 == 0o600)
    check("recorded: every look, whole", len(runs) >= 6 and runs == ends and runs == ["0.0.%d" % i for i in range(len(runs))],
          (runs, ends))
    numbers = [int(x.split()[0]) for x in lines if x[:1].isdigit() and "/0 " in x]
    check("recorded: nothing in between is missing", all(any("phase=config" in x or "config.result" in x for x in lines
          if x.split()[1:2] == [r]) for r in runs) and numbers == sorted(numbers))
    text = " ".join(open(report).read().split())
    check("report: what failed", "tcp-refused" in text, text)
    check("report: what is not in it", re.search(r"Watch: \S+ \S+ fails: tcp-refused \(looks: \d+\)\. Of the %d runs so far these "
          r"at least are still in memory: 1, %d to %d " % (len(runs) - 1, len(runs) - 3, len(runs) - 1), text), text)
    r = subprocess.run([PROGRAM, "--json", "--replay", record], capture_output=True)
    doc = json.loads(r.stdout)
    check("recorded: replays", r.returncode == 10 and doc["verdict"]["finding"] == "tcp-refused" or
          doc["verdict"]["finding"] == "tcp-refused-no-listener", (r.returncode, doc["verdict"]))
    check("recorded: all of it replays", len(doc["evidence"]) == len([x for x in lines if x[:1].isdigit()]))
    check("recorded: nothing on stderr", kept.p.stderr.read() == b"")

    def small():  # a disk that is full
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    full = Watch("--record", folder + "/full.ev", *options, "127.0.0.1", preexec_fn=small)
    full.line()
    time.sleep(0.5)
    code = full.end()
    said = full.p.stderr.read().decode()
    check("full: it is said, once", said.startswith("sshmedic: the recording could not be written: ") and
          said.count("\n") == 1 and code == 130, (said, code))
    only = Watch("--report", "-", *options, "127.0.0.1")
    check("report on stdout: no changes there", only.quiet(1.5))
    code = only.end()
    said = only.p.stdout.read().decode()
    check("report on stdout: it is there", said.startswith("TRANSPORT FAILED: ") and code == 130, said)

for words, why in ((["--watch=1", "h"], "a floor"), (["--watch", "--json", "h"], "a document"),
                   (["--watch", "--practice"], "a practice"), (["--watch", "--admin", "h"], "an admin"),
                   (["--watch", "--evidence", "/dev/null", "h"], "a text")):
    r = subprocess.run([PROGRAM, *words], capture_output=True)
    check("refused: " + why, r.returncode == 2 and r.stderr.count(b"\n") == 1, r)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)

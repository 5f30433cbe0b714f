#!/usr/bin/python3
"""Take one figure of the benchmark. run.sh calls this on the host where sshmedic runs.

    measure.py verdict   time to a failing verdict and exit, beside ssh -o BatchMode=yes
    measure.py healthy   time to the first healthy verdict, beside ssh TARGET true
    measure.py silence   time to the first verdict where packets are dropped
    measure.py screen    first frame, rest after the run, memory on the screen
    measure.py keys      from a key to its frame while a probe runs
    measure.py memory    memory of a run without a screen, and of ssh
    measure.py paste     process time to the verdict of a transcript of ssh -vvv
    measure.py evidence  from a key to its frame while 100,000 lines are filtered, searched, redacted
    measure.py log       process time and memory to the verdict of a long log of sshd, made here
    measure.py targets   500 at once, beside nmap and ssh-keyscan; 500 that refuse; memory; a key meanwhile
    measure.py spent     one run; prints nothing, ends with 1 if the verdict is another one

What follows `--` are the words for the target, the same for ssh and for
sshmedic. A figure is one line, `NAME: sshmedic X, PEER Y, limit Z: ok` or
`MISS`. Exit 0 when it was measured, whatever it is; 2 when it could not be.
"""
import argparse
import fcntl
import json
import os
import random
import select
import signal
import socket
import statistics
import struct
import sys
import tempfile
import termios
import time

ROWS, COLS = 30, 120
SLACK_MS = 30          # of a failing verdict, beside ssh's own time
HEALTHY_FACTOR = 1.6   # of a healthy one
SILENCE_MS = (3000, 3300)
PAINT_MS = 50
KEY_MS, KEY_LATE_MS = 5, 16  # the median, and 99 of 100
BAR_BYTES = 300         # a second, at 80x24, while only a bar moves
FRAMES, FRAME_BYTES = 5, 8 * 1024  # a second, and of each, while lines stream in at 120x36
QUIT_MS = 100           # with a probe stuck
PASTE_MS = 30  # of a -vvv transcript, offline
LOG_BYTES = 100 * 1000 * 1000
LOG_MS = 2000  # of a log of that size, offline
LOG_KB = 64 * 1024
MEMORY_KB = 12 * 1024
IDLE_S = 10
PATIENCE_S = 30        # for any one run
# The last word of the last row, and the title of the help. The
# screen is drawn from top to bottom, so that word ends the first frame.
LAST_ROW = b"quit"
HELP_TITLE = b"Help: keys and commands"


class CannotMeasure(Exception):
    pass


def now():
    return time.perf_counter()


# ---- processes

def spawn(argv, **files):
    """Start argv. files: stdin, stdout, stderr as descriptors; else /dev/null."""
    actions = []
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        if name in files:
            actions.append((os.POSIX_SPAWN_DUP2, files[name], fd))
        else:
            actions.append((os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0))
    return os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)


def ended(pid):
    """Wait for pid; its exit code, or minus its signal. One that hangs is killed."""
    signal.alarm(PATIENCE_S)
    try:
        _, status = os.waitpid(pid, 0)
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise CannotMeasure("it did not end within %d s" % PATIENCE_S)
    finally:
        signal.alarm(0)
    return os.waitstatus_to_exitcode(status)


def timed(argv, **files):
    """Milliseconds from the start of argv to its end, and its exit code."""
    start = now()
    code = ended(spawn(argv, **files))
    return (now() - start) * 1000, code


def worked(argv):
    """Milliseconds of process time, user and system, that argv took."""
    _, status, used = os.wait4(spawn(argv), 0)
    if os.waitstatus_to_exitcode(status) == 1:
        raise CannotMeasure("%s failed" % argv[0])
    return (used.ru_utime + used.ru_stime) * 1000


def status_kb(pid, field):
    try:
        with open("/proc/%d/status" % pid) as f:
            for line in f:
                if line.startswith(field + ":"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def switches(pid):
    """How often the threads of pid were switched to and from, by their own will and not."""
    n = 0
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, task)) as f:
            n += sum(int(line.split()[1]) for line in f if "ctxt_switches" in line)
    return n


# ---- what sshmedic says

def report_of(text, what):
    try:
        return json.loads(text)["verdict"]
    except (ValueError, KeyError) as e:
        raise CannotMeasure("%s printed no report: %s" % (what, e))


def expect(verdict, finding):
    if verdict["finding"] != finding:
        raise CannotMeasure("the verdict is %s, not %s" % (verdict["finding"], finding))


def read_all(f):
    f.seek(0)
    return f.read()


def ssh_command(opt):
    return ["ssh", "-o", "BatchMode=yes"] + opt.target + ["true"]


def medic_once(opt):
    """Milliseconds of one run with --json; its verdict must be the expected one."""
    with tempfile.TemporaryFile() as out:
        took, _ = timed([opt.medic, "--json"] + opt.target, stdout=out.fileno())
        expect(report_of(read_all(out), "sshmedic"), opt.finding)
    return took


def watched(opt, words=()):
    """One run with --jsonl and --record. Returns when each evidence line came (ms from
    the start), when the program ended, and the recording's lines."""
    with tempfile.TemporaryDirectory() as folder:
        record = os.path.join(folder, "run.ev")
        r, w = os.pipe()
        start = now()
        pid = spawn([opt.medic, "--jsonl", "--record", record, *words] + opt.target, stdout=w)
        os.close(w)
        came = []
        while True:
            ready, _, _ = select.select([r], [], [], PATIENCE_S)
            if not ready:
                os.kill(pid, signal.SIGKILL)
            piece = os.read(r, 1 << 16)
            if not piece:
                break
            came += [(now() - start) * 1000] * piece.count(b"\n")
        os.close(r)
        ended(pid)
        end = (now() - start) * 1000
        with open(record) as f:
            lines = f.read().splitlines()
    return came, end, lines


def verdict_after(opt, lines, n):
    """The verdict of the recording's first n evidence lines (the file has a title line)."""
    with tempfile.NamedTemporaryFile("w", suffix=".ev") as part, tempfile.TemporaryFile() as out:
        part.write("\n".join(lines[:n + 1]) + "\n")
        part.flush()
        timed([opt.medic, "--replay", part.name, "--json"], stdout=out.fileno())
        return report_of(read_all(out), "a replay")


def first_verdict(opt, lines, finding):
    """How many evidence lines it takes until that is the verdict, by bisection."""
    low, high = 0, len(lines) - 1
    expect(verdict_after(opt, lines, high), finding)
    while low + 1 < high:
        middle = (low + high) // 2
        if verdict_after(opt, lines, middle)["finding"] == finding:
            high = middle
        else:
            low = middle
    return high


# ---- figures

def say(name, ours, peer, limit, good):
    print("%s: sshmedic %s%s, limit %s: %s" %
          (name, ours, ", " + peer if peer else "", limit, "ok" if good else "MISS"), flush=True)


def verdict(opt):
    ours, peer = [], []
    for _ in range(opt.runs):
        took, code = timed(ssh_command(opt))
        if code == 0:
            raise CannotMeasure("ssh itself logs in")
        peer.append(took)
        ours.append(medic_once(opt))
    a, b = statistics.median(ours), statistics.median(peer)
    limit = b + SLACK_MS + opt.trips * opt.rtt
    words = "ssh+%d" % SLACK_MS + (" and %d round trips" % opt.trips if opt.trips else "")
    say(opt.name, "%.0f ms" % a, "ssh %.0f ms" % b, "%s = %.0f ms" % (words, limit), a <= limit)


def healthy(opt):
    first, proven, end, peer = [], [], [], []
    for _ in range(opt.runs):
        took, code = timed(ssh_command(opt))
        if code != 0:
            raise CannotMeasure("ssh itself ends with %d" % code)
        peer.append(took)
        came, over, lines = watched(opt)
        n = first_verdict(opt, lines, "healthy")
        if " proof.result " not in lines[n] and not any(" proof.result " in s for s in lines[:n]):
            raise CannotMeasure("a healthy verdict before the proof's result")
        first.append(came[n - 1])
        end.append(over)
    a, b = statistics.median(first), statistics.median(peer)
    limit = HEALTHY_FACTOR * b
    say(opt.name, "%.0f ms (run's end %.0f ms)" % (a, statistics.median(end)),
        "ssh %.0f ms" % b, "%.1f times = %.0f ms (it is %.2f)" % (HEALTHY_FACTOR, limit, a / b),
        a <= limit)


def silence(opt):
    came, _, lines = watched(opt, ("-t", "5"))
    n = first_verdict(opt, lines, opt.finding)
    v = verdict_after(opt, lines, n)
    took, code = timed(["timeout", "5"] + ssh_command(opt))
    peer = "ssh nothing in %.0f ms" % took if code == 124 else "ssh %.0f ms" % took
    good = SILENCE_MS[0] <= came[n - 1] <= SILENCE_MS[1] and v["certainty"] == "likely"
    say(opt.name, "%.0f ms, %s %s" % (came[n - 1], v["finding"], v["certainty"]), peer,
        "%d to %d ms, likely" % SILENCE_MS, good)


# ---- on a terminal

class Terminal:
    """A program on a pseudo terminal of its own."""

    def __init__(self, argv, rows=ROWS, cols=COLS):
        self.fd, slave = os.openpty()
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        tty = os.ttyname(slave)
        actions = [(os.POSIX_SPAWN_OPEN, 0, tty, os.O_RDWR, 0)]
        actions += [(os.POSIX_SPAWN_DUP2, 0, fd) for fd in (1, 2)]
        env = dict(os.environ, TERM="xterm-256color", LANG="C.UTF-8")
        self.start = now()
        self.pid = os.posix_spawnp(argv[0], argv, env, file_actions=actions, setsid=True)
        os.close(slave)

    def read(self, seconds):
        """What comes within that time, as soon as something does; b"" if nothing."""
        ready, _, _ = select.select([self.fd], [], [], max(seconds, 0))
        if not ready:
            return b""
        try:
            piece = os.read(self.fd, 1 << 16)
        except OSError:
            piece = b""
        if not piece:
            raise CannotMeasure("the program left its terminal")
        return piece

    def until(self, text, seconds):
        """Read until the text came. Milliseconds since the program's start, or None."""
        seen, end = b"", now() + seconds
        while text not in seen:
            if now() >= end:
                return None
            seen += self.read(end - now())
        return (now() - self.start) * 1000

    def rest(self, seconds):
        """Read for that long; how many bytes came."""
        end, n = now() + seconds, 0
        while now() < end:
            n += len(self.read(end - now()))
        return n

    def key(self, byte):
        os.write(self.fd, byte)

    def close(self):
        """Quit it, and go on reading so that it is not held up."""
        self.key(b"q")
        end = now() + 3
        while now() < end:
            try:
                self.read(0.05)
            except CannotMeasure:
                break
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self.fd)
                return
        os.close(self.fd)
        try:
            os.kill(self.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        ended(self.pid)


def first_frames(opt):
    times = []
    for _ in range(opt.runs):
        t = Terminal([opt.medic] + opt.target)
        took = t.until(LAST_ROW, 5)
        t.close()
        if took is None:
            raise CannotMeasure("no frame within 5 s")
        times.append(took)
    a = statistics.median(times)
    say("first frame", "%.0f ms (worst of %d: %.0f)" % (a, opt.runs, max(times)), "",
        "%d ms" % PAINT_MS, a <= PAINT_MS)


PEERS = ("htop", "mtr")


def installed(name):
    return any(os.access(os.path.join(d, name), os.X_OK)
               for d in os.environ["PATH"].split(":"))


def peer_memory():
    """Of other full-screen programs, where they are installed: what they hold after a second."""
    found = []
    for name in PEERS:
        if not installed(name):
            continue
        t = Terminal([name])
        try:
            t.rest(1)
            found.append("%s %.1f MB" % (name, status_kb(t.pid, "VmHWM") / 1024))
        except CannotMeasure:
            pass
        t.close()
    return ", ".join(found)


def screen(opt):
    first_frames(opt)
    t = Terminal([opt.medic] + opt.target)
    t.rest(4)
    held = status_kb(t.pid, "VmHWM")
    before = switches(t.pid)
    count = t.rest(IDLE_S)
    woken = switches(t.pid) - before
    t.close()
    say("rest after the run", "%d bytes, %d context switches in %d s" % (count, woken, IDLE_S), "",
        "0 and 0", count == 0 and woken == 0)
    say("memory on the screen", "%.1f MB" % (held / 1024), peer_memory(),
        "%d MB" % (MEMORY_KB // 1024), 0 < held <= MEMORY_KB)


def press(t, times, until, pause=(0.02, 0.08)):
    """Open the help and close it again until that moment; how long each opening took (ms)."""
    while now() < until:
        end = now() + random.uniform(*pause)
        while now() < end:
            t.read(end - now())
        start, seen = now(), b""
        t.key(b"?")
        while HELP_TITLE not in seen:
            piece = t.read(2)
            if not piece:
                raise CannotMeasure("no answer to a key within 2 s")
            seen += piece
        times.append((now() - start) * 1000)
        t.key(b"\x1b")


def say_keys(name, times):
    times.sort()
    a, b = statistics.median(times), times[int(len(times) * 0.99)]
    say(name, "%.1f ms (99 of 100 within %.1f ms)" % (a, b), peer_keys(),
        "%d and %d ms" % (KEY_MS, KEY_LATE_MS), a <= KEY_MS and b <= KEY_LATE_MS)


def peer_keys():
    """Of other full-screen programs, where they are installed: from a key to the first byte."""
    found = []
    for name in PEERS:
        if not installed(name):
            continue
        t, times = Terminal([name]), []
        try:
            t.rest(1.5)
            for _ in range(30):
                start = now()
                t.key(b"h")
                t.read(2)
                times.append((now() - start) * 1000)
                t.rest(0.05)
                t.key(b"q")
                t.rest(0.05)
            found.append("%s %.1f ms" % (name, statistics.median(times)))
        except (CannotMeasure, OSError):
            pass
        t.close()
    return ", ".join(found)


def stuck(opt):
    """A server that never speaks: what a moving bar costs, and how fast q is obeyed."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        argv = [opt.medic, "--motion", "on", "-p", str(server.getsockname()[1]), "127.0.0.1"]
        t = Terminal(argv, 24, 80)
        t.until(LAST_ROW, 5)
        t.rest(2)
        count = t.rest(5) / 5
        start = now()
        t.close()
        took = (now() - start) * 1000
    say("bytes a second while a bar moves", "%d" % count, "", "%d" % BAR_BYTES,
        count <= BAR_BYTES)
    say("quit with a probe stuck", "%.0f ms" % took, "", "%d ms" % QUIT_MS, took <= QUIT_MS)


def frames(opt):
    """Lines stream in: how many frames a second, and how big each is."""
    t = Terminal([opt.medic] + opt.target, 36, 120)
    t.until(LAST_ROW, 5)
    bursts, last, end = [], 0, now() + 3
    while now() < end:
        n = len(t.read(end - now()))
        if n > 0 and now() - last > 0.02:
            bursts.append(0)
        if n > 0:
            last = now()
            bursts[-1] += n
    t.close()
    rate, most = len(bursts) / 3, max(bursts, default=0)
    say("frames while lines stream in", "%.1f a second, the greatest %d bytes" % (rate, most), "",
        "%d and %d" % (FRAMES, FRAME_BYTES), rate <= FRAMES and most <= FRAME_BYTES)


def keys(opt):
    quiet, busy = [], []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        t = Terminal([opt.medic, "-p", str(server.getsockname()[1]), "127.0.0.1"])
        t.until(LAST_ROW, 5)
        press(t, quiet, t.start + 6)
        t.close()
    say_keys("key to frame, a silent server", quiet)
    for _ in range(max(opt.runs // 2, 1)):
        t = Terminal([opt.medic] + opt.target)
        t.until(LAST_ROW, 5)
        press(t, busy, t.start + opt.seconds)
        t.close()
    say_keys("key to frame, a login in progress", busy)
    many_keys(opt)


def many_keys(opt):
    """With 200 targets under way at once: names of one address, at a port where nobody speaks."""
    times = []
    with socket.socket() as server, tempfile.NamedTemporaryFile("w") as conf:
        server.bind(("127.0.0.1", 0))
        server.listen(400)
        conf.write("Host *\n HostName 127.0.0.1\n Port %d\n" % server.getsockname()[1])
        conf.flush()
        t = Terminal([opt.medic, "-F", conf.name] + ["host%d" % i for i in range(200)])
        t.until(LAST_ROW, 5)
        press(t, times, now() + 6)
        t.close()
    say_keys("key to frame, 200 targets", times)


# ---- memory

def memory(opt):
    held, end = 0, now() + PATIENCE_S
    with tempfile.TemporaryFile() as out:
        pid = spawn([opt.medic, "--json"] + opt.target, stdout=out.fileno())
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            held = max(held, status_kb(pid, "VmHWM"))
            if now() > end:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.0005)
        report_of(read_all(out), "sshmedic")
    pid = spawn(["ssh", "-o", "BatchMode=yes"] + opt.target + ["sleep 1"])
    time.sleep(0.8)
    peer = status_kb(pid, "VmHWM")
    ended(pid)
    say("memory without a screen", "%.1f MB" % (held / 1024), "ssh %.1f MB" % (peer / 1024),
        "%d MB" % (MEMORY_KB // 1024), 0 < held <= MEMORY_KB)


def paste(opt):
    """A transcript read to its verdict, beside cat of the same file: there is no peer that reads one."""
    ours, peer = [], []
    for _ in range(opt.runs):
        ours.append(worked([opt.medic, "-P", "--paste", opt.target[0]]))
        peer.append(worked(["cat", opt.target[0]]))
    a, b = statistics.median(ours), statistics.median(peer)
    say(opt.name, "%.0f ms" % a, "cat %.0f ms" % b, "%d ms of process time" % PASTE_MS, a <= PASTE_MS)


def write_log(f, size):
    """A log as a server on the internet has it: scanners above all, and alice now and then."""
    dice, pid, at, n = random.Random(1), 999, 0, 0

    def stamp():
        return "Nov %2d %02d:%02d:%02d web1 sshd[%d]: " % (
            1 + at // 86400, at // 3600 % 24, at // 60 % 60, at % 60, pid)

    while n < size:
        at, pid = at + dice.randrange(3), 1000 + (pid - 999) % 60000
        port = dice.randrange(1024, 65000)
        if dice.random() < 0.2:
            said = ("Accepted publickey for alice from 192.0.2.50 port %d ssh2: ED25519 SHA256:%s" % (port, "k" * 43),
                    "pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)",
                    "pam_unix(sshd:session): session closed for user alice")
        else:
            user = dice.choice(("root1", "admin", "oracle", "test"))
            peer = "%s from 203.0.113.%d port %d" % (user, dice.randrange(1, 255), port)
            said = ("Invalid user " + peer, "Failed password for invalid user " + peer + " ssh2",
                    "Connection closed by invalid user " + peer.replace(" from", "") + " [preauth]")
        text = "".join(stamp() + s + "\n" for s in said)
        f.write(text)
        n += len(text)
    at, pid = at + 60, 999
    f.write(stamp() + "User alice from 192.0.2.50 not allowed because not listed in AllowUsers\n")
    f.write(stamp() + "Connection closed by invalid user alice 192.0.2.50 port 40001 [preauth]\n")


def log_once(opt, path):
    """Milliseconds of process time, the most memory held in KB; the verdict is that of the last login."""
    held = 0
    with tempfile.TemporaryFile() as out:
        pid = spawn([opt.medic, "--paste", path, "--json", "alice@web1"], stdout=out.fileno())
        while True:
            done, _, used = os.wait4(pid, os.WNOHANG)
            if done:
                break
            held = max(held, status_kb(pid, "VmHWM"))
            time.sleep(0.002)
        expect(report_of(read_all(out), "sshmedic"), "auth-allow-deny")
    return (used.ru_utime + used.ru_stime) * 1000, held


def log(opt):
    """A log of a busy server, beside awk for what a person would look for in it."""
    ours, peer = [], []
    with tempfile.NamedTemporaryFile("w", suffix=".log") as f:
        write_log(f, LOG_BYTES)
        f.flush()
        for _ in range(max(opt.runs // 4, 1)):
            ours.append(log_once(opt, f.name))
            peer.append(worked(["awk", "/Failed|Invalid|not allowed/ { n++ } END { print n }", f.name]))
    a, held = statistics.median(t for t, _ in ours), max(kb for _, kb in ours)
    say(opt.name, "%.0f ms" % a, "awk %.0f ms" % statistics.median(peer),
        "%d ms of process time" % LOG_MS, a <= LOG_MS)
    say(opt.name + ", memory", "%.1f MB" % (held / 1024), "", "%d MB" % (LOG_KB // 1024), 0 < held <= LOG_KB)


EVIDENCE_LINES = 100 * 1000
EVIDENCE_DOES = (  # what is done with them, its keys, and for how many seconds it is looked at
    ("filter", (b"&", b"line 77 port", b"\r"), 1),
    ("search", (b"/", b"no line has these", b"\r"), 1),
    ("hide names", (b"H",), 3),
    ("hand over", (b"Y",), 6),
    ("save", (b"w", b"\r"), 6),
)


def write_evidence(path, practice):
    """A recording made long by lines of the user's own ssh, with names and addresses in them."""
    with open(practice) as f:
        lines = f.read().splitlines()
    at, end = int(lines[-2].split()[0]), lines.pop()
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
        for n in range(EVIDENCE_LINES - len(lines)):
            f.write('%d 0.0.0 proof/0 proof.line level=1 text="debug1: line %d from 198.51.100.%d for user%d '
                    'at web%d.example.net port %d"\n' % (at + n, n, n % 250, n % 40, n % 30, n % 60000))
        f.write(end + "\n")


def evidence(opt):
    """A key right after each command, and others while it is at work: a turn of the loop ends within the limit."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "long.ev")
        write_evidence(path, os.path.join(opt.target[0], "tests/practice/healthy.ev"))
        os.environ["XDG_STATE_HOME"] = folder  # what is saved is gone with it
        t = Terminal([opt.medic, "--replay", path], 36, 120)
        if t.until(LAST_ROW, 10) is None:
            raise CannotMeasure("no frame within 10 s")
        t.rest(0.5)
        t.key(b"vv")
        t.rest(0.5)
        for name, pressed, seconds in EVIDENCE_DOES:
            times = []
            for key in pressed:
                t.key(key)
            press(t, times, now() + seconds)
            say_keys("%s: key to frame, %s" % (opt.name, name), times)
        t.close()
        if not any(files for _, _, files in os.walk(os.path.join(folder, "sshmedic", "reports"))):
            raise CannotMeasure("no report was saved")


# ---- many targets at once

TARGETS = 500
REFUSED_S = 2
TARGETS_KB = 64 * 1024
KEYSCAN_FACTOR = 4


def many_hosts(n):
    return ["127.%d.%d.%d" % (1 + i // 62500, 1 + i // 250 % 250, 1 + i % 250) for i in range(n)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A real sshd on all addresses of loopback, with keys of its own, that lets many in at once."""

    def __init__(self, folder):
        self.port = free_port()
        self.known = os.path.join(folder, "known_hosts")
        self.conf = os.path.join(folder, "ssh_config")
        host, key = os.path.join(folder, "host"), os.path.join(folder, "id")
        for path in (host, key):
            timed(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path])
        with open(host + ".pub") as f, open(self.known, "w") as known:
            known.write("bench " + " ".join(f.read().split()[:2]) + "\n")
        with open(self.conf, "w") as f:
            f.write("Port %d\nHostKeyAlias bench\nUserKnownHostsFile %s\nGlobalKnownHostsFile none\n"
                    "IdentityFile %s\nIdentitiesOnly yes\nIdentityAgent none\n" % (self.port, self.known, key))
        conf = os.path.join(folder, "sshd_config")
        with open(conf, "w") as f:
            f.write("Port %d\nListenAddress 0.0.0.0\nHostKey %s\nPidFile none\nStrictModes no\nUsePAM no\n"
                    "MaxStartups 2000\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                    "AuthorizedKeysFile none\n" % (self.port, host))
        sshd = next(p for p in ("/usr/sbin/sshd", "/usr/local/sbin/sshd") if os.access(p, os.X_OK))
        self.pid = spawn([sshd, "-D", "-e", "-f", conf])
        end = now() + 5
        while socket.socket().connect_ex(("127.0.0.1", self.port)) != 0:
            if now() > end:
                raise CannotMeasure("sshd does not listen")
            time.sleep(0.02)

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)


def many_once(opt, words, kind):
    """One run over many hosts with --jsonl: seconds until the last of them has a line of that kind, the most
    memory held in KB, and how many had it."""
    r, w = os.pipe()
    start = now()
    pid = spawn([opt.medic, "--jsonl"] + words, stdout=w)
    os.close(w)
    mark, count, last, held, rest = b'"kind":"%s"' % kind.encode(), 0, 0.0, 0, b""
    while True:
        ready, _, _ = select.select([r], [], [], PATIENCE_S)
        piece = os.read(r, 1 << 16) if ready else b""
        if not piece:
            break
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        here = sum(line.count(mark) for line in lines if not line.startswith(b'{"report"'))
        if here:
            count, last = count + here, now() - start
        held = max(held, status_kb(pid, "VmHWM"))
    os.close(r)
    ended(pid)
    return last, held, count


def peer_run(argv):
    """Milliseconds of another program, which may take its time."""
    global PATIENCE_S
    before, PATIENCE_S = PATIENCE_S, 300
    try:
        return timed(argv)[0]
    finally:
        PATIENCE_S = before


def many_scanned(server, hosts):
    """The words of nmap, or None, and of ssh-keyscan; the hosts stand in a file of the server's folder."""
    path = os.path.join(os.path.dirname(server.conf), "hosts")
    with open(path, "w") as f:
        f.write("\n".join(hosts) + "\n")
    nmap = ["nmap", "-n", "-Pn", "-p", str(server.port), "--script", "+ssh-auth-methods", "-iL", path]
    return (nmap if installed("nmap") else None,
            ["ssh-keyscan", "-t", "ed25519", "-p", str(server.port), "-f", path])


def method_list(opt, server, hosts):
    """Ours and nmap's in turn, as the machine's speed changes; ssh-keyscan takes too long for more than once."""
    took, nmaps, most = [], [], 0
    nmap, keyscan = many_scanned(server, hosts)
    for _ in range(max(opt.runs // 4, 1)):
        seconds, held, count = many_once(opt, ["-F", server.conf, "--only", "transport,authentication"] + hosts,
                                         "auth.methods")
        if count < TARGETS:
            raise CannotMeasure("the method list of %d of %d came" % (count, TARGETS))
        took.append(seconds)
        most = max(most, held)
        if nmap:
            nmaps.append(peer_run(nmap) / 1000)
    scan = peer_run(keyscan) / 1000
    ours, limit, words, peer = statistics.median(took), scan / KEYSCAN_FACTOR, "a quarter of ssh-keyscan", ""
    if nmaps:
        peer, words = "nmap %.1f s, " % statistics.median(nmaps), "nmap and " + words
        limit = min(limit, statistics.median(nmaps))
    say("method list of %d targets" % TARGETS, "%.1f s" % ours, "%sssh-keyscan %.1f s" % (peer, scan),
        "%s = %.1f s" % (words, limit), ours <= limit)
    say("memory with %d targets" % TARGETS, "%.1f MB" % (most / 1024), "", "%d MB" % (TARGETS_KB // 1024),
        0 < most <= TARGETS_KB)


def keys_among_many(opt, server, hosts):
    """While all are under way: as many runs as it takes for 99 of 100 to be a figure."""
    times = []
    while len(times) < 100:
        t = Terminal([opt.medic, "-F", server.conf] + hosts)
        t.until(LAST_ROW, 5)
        press(t, times, now() + 4, (0.1, 0.2))  # Esc and ? apart, however busy the machine
        t.close()
    say_keys("key to frame, %d targets under way" % TARGETS, times)


def refusals(opt, hosts):
    port, runs, alone = str(free_port()), [], []
    for _ in range(max(opt.runs // 4, 1)):
        took, _, count = many_once(opt, ["-F", "none", "-p", port] + hosts, "run.end")
        if count != TARGETS:
            raise CannotMeasure("%d of %d runs ended" % (count, TARGETS))
        runs.append(took)
        start = now()
        for h in hosts[:50]:
            timed(["ssh", "-G", "-F", "none", "-p", port, h])
        alone.append((now() - start) / 50 * TARGETS / (os.cpu_count() or 1))
    took = statistics.median(runs)
    say("%d targets refused" % TARGETS, "%.1f s" % took,
        "ssh -G of each alone %.1f s" % statistics.median(alone), "%d s" % REFUSED_S, took <= REFUSED_S)


def targets(opt):
    """500 addresses of one sshd, then 500 that refuse; a key meanwhile."""
    hosts = many_hosts(TARGETS)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            method_list(opt, server, hosts)
            keys_among_many(opt, server, hosts)
        finally:
            server.stop()
    refusals(opt, hosts)


def spent(opt):
    medic_once(opt)


def main():
    figures = (verdict, healthy, silence, screen, stuck, frames, keys, memory, targets, paste, evidence, log,
               spent)
    p = argparse.ArgumentParser(description="Take one figure of the benchmark.")
    p.add_argument("figure", choices=[f.__name__ for f in figures])
    p.add_argument("--name", default="")
    p.add_argument("--medic", default="sshmedic")
    p.add_argument("--finding", default="healthy")
    p.add_argument("--runs", type=int, default=20)
    p.add_argument("--rtt", type=float, default=0)
    p.add_argument("--trips", type=int, default=0)
    p.add_argument("--seconds", type=float, default=0.5)
    p.add_argument("target", nargs="+")
    opt = p.parse_args()

    def late(*_):
        raise TimeoutError
    signal.signal(signal.SIGALRM, late)
    try:
        {f.__name__: f for f in figures}[opt.figure](opt)
    except (CannotMeasure, OSError) as e:
        print("%s: could not be measured: %s" % (opt.name or opt.figure, e), flush=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Every fix that logs in or changes something is tried by the screen's own keys in the lab, or
tests/lab/screenfix.tsv says why not: no fix without a line, no line without a fix, and each case that is
named exists and presses the number of that fix's title. Ends with "N passed, N failed".

    python3 tests/screenfix.py
"""
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
passed, failed = 0, 0


def check(good, words):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("FAIL", words)


def fixes():
    """id and title of each row of the table that is not for a person's hands alone."""
    with open("core/fixes.c") as f:
        table = f.read().split("static const struct fix fixes[] = {", 1)[1].split("\n};", 1)[0]
    rows = re.split(r'^\t\{ (?=\.id = ")', table, flags=re.M)[1:]
    check(len(rows) == table.count('.id = "') and len(rows) > 100, "not every row of core/fixes.c was read")
    found = {}
    for row in rows:
        m = re.match(r'\.id = "([^"]+)", \.title = "([^"]+)"', row)
        check(m is not None, "no id and title: " + row[:60])
        if m and not re.search(r"\bBY_HAND\b|\bFIX_MANUAL\b", row):
            found[m[1]] = m[2]
    return found


def cases():
    """The text of each case, by its name: of a function, or of the one line of a table."""
    found = {}
    for path in sorted(glob.glob("tests/lab/cases/*-screenfix*.sh")):
        with open(path) as f:
            text = f.read()
        for m in re.finditer(r"^case_(screenfix-[^ (]+)\(\) \{$.*?^\}$", text, re.M | re.S):
            found[m[1]] = m[0]
        for m in re.finditer(r"^(here|there|once) (\S+) .*$", text, re.M):
            found["screenfix-" + ("server-" if m[1] == "there" else "") + m[2]] = m[0]
    return found


def presses(text, title):
    """Whether one of the quoted words begins as the title does; a slot of it may stand for anything."""
    words = [a or b for a, b in re.findall(r"'([^'\n]*)'|\"([^\"\n]*)\"", text)]
    begin = re.split(r"\{\w+\}", title)[0] if "{" in title else None
    return any(w.startswith(begin) if begin is not None else len(w) > 8 and title.startswith(w) for w in words)


wanted, tried, seen = fixes(), cases(), set()
with open("tests/lab/screenfix.tsv") as f:
    for line in f:
        if line.startswith("#"):
            continue
        name, case, reason = (line.rstrip("\n").split("\t") + ["", ""])[:3]
        check(name not in seen, name + " has two lines")
        seen.add(name)
        if name not in wanted:
            check(False, name + " is no fix that logs in or changes something")
        elif case == "-":
            check(len(reason) > 5, name + " has neither a case nor a reason")
        else:
            check(case in tried, "%s: no case %s in the lab" % (name, case))
            check(case not in tried or presses(tried[case], wanted[name]),
                  "%s: %s does not name the fix '%s'" % (name, case, wanted[name]))
for name in wanted:
    check(name in seen, name + " has no line in tests/lab/screenfix.tsv: a case that tries it, or the reason why none does")
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)

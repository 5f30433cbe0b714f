#!/usr/bin/python3
"""Judge one JSON report of a lab case.

    verdict.py judge FILE FINDING CERTAINTY EXIT GOT_EXIT   says what differs, one line; silent when all is right
    verdict.py command FILE [KIND]    the command of the verdict's first fix of that kind (connect)
    verdict.py first-fix FILE [ID [FIX]]   side, kind and command of the first fix that has one (or of FIX), of the verdict or of that finding, tab-separated
    verdict.py get FILE PATH          a value by its path, e.g. verdict.summary or findings.0.id
    verdict.py ids FILE               the ids of all findings
    verdict.py text FILE              all words of the verdict and of its finding
"""
import json
import sys

TOP = ("schema", "version", "target", "duration_ms", "layers", "verdict", "findings", "phases", "evidence", "spent", "baseline")
TARGET = ("input", "host", "port", "user", "via")
VERDICT = ("finding", "layer", "certainty", "summary", "candidates", "decide")
FINDING = ("id", "layer", "severity", "certainty", "summary", "why", "evidence", "fixes")
FIX = ("id", "title", "side", "kind", "command", "risk", "takes", "undo")
LAYERS = ["transport", "authentication", "session", "performance"]
EXITS = {0: None, 10: "transport", 11: "authentication", 12: "session", 13: "performance"}


def strings(value, where):
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield where, key
            yield from strings(part, where + "." + key)
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from strings(part, "%s.%d" % (where, i))


def missing(value, keys, where):
    return ["%s lacks %s" % (where, k) for k in keys if not isinstance(value, dict) or k not in value]


def form(doc):
    """What is wrong with the report itself, whatever it says."""
    bad = missing(doc, TOP, "report")
    if bad:
        return bad
    bad += missing(doc["target"], TARGET, "target") + missing(doc["verdict"], VERDICT, "verdict")
    bad += missing(doc["spent"], ("connections", "failed_auth"), "spent")
    for f in doc["findings"]:
        bad += missing(f, FINDING, "finding " + str(f.get("id")))
        for fix in f.get("fixes", []):
            bad += missing(fix, FIX, "fix " + str(fix.get("id")))
    if [layer.get("id") for layer in doc["layers"]] != LAYERS:
        bad.append("layers are not the four, in order")
    numbers = {line.get("n") for line in doc["evidence"]}
    for f in doc["findings"]:
        if not set(f.get("evidence", [])) <= numbers:
            bad.append("finding %s names evidence that is not there" % f.get("id"))
    for where, text in strings(doc, ""):
        if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
            bad.append("control character in " + where.lstrip("."))
    return bad


def states(doc, exit_code):
    """The layers must agree with the exit code."""
    state = {layer["id"]: layer["state"] for layer in doc["layers"]}
    bad = []
    failed = EXITS.get(exit_code)
    if failed is not None:
        if doc["verdict"]["layer"] != failed:
            bad.append("layer of the verdict is %s" % doc["verdict"]["layer"])
        if state[failed] != "fail" and not (failed == "performance" and state[failed] == "warn"):
            bad.append("layer %s is %s" % (failed, state[failed]))
        for above in LAYERS[LAYERS.index(failed) + 1:]:
            if state[above] == "pass":
                bad.append("layer %s is pass above a failed one" % above)
    elif exit_code == 0 and "fail" in state.values():
        bad.append("healthy with a failed layer")
    elif exit_code == 20 and "unknown" not in state.values():
        bad.append("exit 20, but no layer is unknown")
    return bad


def judge(doc, want, certainty, want_exit, got_exit):
    v = doc.get("verdict") or {}
    got = (v.get("finding"), v.get("certainty"), got_exit)
    bad = []
    if got[0] != want or got_exit != want_exit or (certainty != "-" and got[1] != certainty):
        bad.append("expected %s %s %d, got %s %s %d" % ((want, certainty, want_exit) + got))
        bad.append("findings: " + " ".join(f.get("id", "?") for f in doc.get("findings", [])))
    bad += form(doc)
    if not bad:
        bad += states(doc, got_exit)
    return bad


def load(path):
    with open(path, "rb") as f:
        return json.loads(f.read().decode("utf-8"))


def get(doc, path):
    for part in path.split("."):
        doc = doc[int(part)] if isinstance(doc, list) else doc[part]
    return doc


def text(doc):
    found = [f for f in doc["findings"] if f["id"] == doc["verdict"]["finding"]]
    return [words for _, words in strings([doc["verdict"], found], "")]


def command(doc, kind):
    for f in doc["findings"]:
        if f["id"] == doc["verdict"]["finding"]:
            for fix in f["fixes"]:
                if fix["kind"] == kind:
                    return fix["command"]
    return ""


def first_fix(doc, finding, wanted=None):
    for f in doc["findings"]:
        if f["id"] == finding:
            for fix in f["fixes"]:
                if fix["command"] and wanted in (None, fix["id"]):
                    return "\t".join((fix["side"], fix["kind"], fix["command"]))
    return ""


def main():
    verb, path, *args = sys.argv[1:]
    try:
        doc = load(path)
    except (OSError, ValueError) as e:
        print("no JSON report: %s" % e)
        return 1
    if verb == "judge":
        bad = judge(doc, args[0], args[1], int(args[2]), int(args[3]))
        print("; ".join(bad))
        return 1 if bad else 0
    if verb == "command":
        print(command(doc, args[0] if args else "connect"))
    elif verb == "first-fix":
        print(first_fix(doc, *(args or [doc["verdict"]["finding"]])))
    elif verb == "get":
        try:
            print(get(doc, args[0]))
        except (KeyError, IndexError, ValueError, TypeError):
            return 1
    elif verb == "text":
        print("\n".join(text(doc)))
    elif verb == "ids":
        print(" ".join(f["id"] for f in doc["findings"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

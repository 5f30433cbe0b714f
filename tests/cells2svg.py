#!/usr/bin/env python3
"""Turn a terminal's cells (tmux capture-pane -e -p) into an SVG picture.

    cells2svg.py [--crop COLUMN,ROW,COLUMNS,ROWS] [--label] [--across N] CAPTURE ... >picture.svg

Several captures stand beside and under one another, N in a row; --label names
each by its file. The same cells give the same bytes: no time, no font but
DejaVu Sans Mono, every run of text held to its columns by textLength.
"""
import argparse
import collections
import pathlib
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

CELL_W, CELL_H, SIZE, PAD = 8.4287, 17, 14, 10  # the font's advance is 0.60205 of its size
BASIC = ["#1c1c1c", "#ff5f5f", "#5fd787", "#ffd75f", "#5fafff", "#d787d7", "#5fd7d7", "#d0d0d0",
         "#767676", "#ff8787", "#87ffaf", "#ffff87", "#87d7ff", "#ffafff", "#87ffff", "#ffffff"]
FG, BG = "#d0d0d0", "#1c1c1c"
LABEL = "#808080"  # read on white and on black
ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse"}
OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",)}


def colour256(n):
    if n < 16:
        return BASIC[n]
    if n >= 232:
        return "#%02x%02x%02x" % ((8 + 10 * (n - 232),) * 3)
    level = (0, 95, 135, 175, 215, 255)
    n -= 16
    return "#%02x%02x%02x" % (level[n // 36], level[n // 6 % 6], level[n % 6])


def sgr(params, style):
    """The style after a sequence of SGR parameters."""
    p = [int(x or 0) for x in params.replace(":", ";").split(";")]
    i = 0
    while i < len(p):
        n = p[i]
        if n == 0:
            style = {}
        elif n in ON:
            style = {**style, ON[n]: True}
        elif n in OFF:
            style = {k: v for k, v in style.items() if k not in OFF[n]}
        elif 30 <= n <= 37 or 90 <= n <= 97:
            style = {**style, "fg": BASIC[n - 30 if n < 40 else n - 82]}
        elif 40 <= n <= 47 or 100 <= n <= 107:
            style = {**style, "bg": BASIC[n - 40 if n < 50 else n - 92]}
        elif n in (38, 48) and i + 2 < len(p) and p[i + 1] == 5:
            style = {**style, "fg" if n == 38 else "bg": colour256(p[i + 2])}
            i += 2
        elif n in (38, 48) and i + 4 < len(p) and p[i + 1] == 2:
            style = {**style, "fg" if n == 38 else "bg": "#%02x%02x%02x" % tuple(p[i + 2:i + 5])}
            i += 4
        elif n in (39, 49):
            style = {k: v for k, v in style.items() if k != ("fg" if n == 39 else "bg")}
        i += 1
    return style


def width(ch):
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def runs(line, style):
    """Yield (column, columns, text, style) and return the style at the end of the line."""
    out, col = [], 0
    for part in re.split(r"(\033\[[0-9;:]*m)", line):
        m = re.fullmatch(r"\033\[([0-9;:]*)m", part)
        if m:
            style = sgr(m.group(1), style)
            continue
        part = re.sub(r"\033[()].|[\x00-\x1f\x7f]", "", part)
        if part:
            n = sum(width(c) for c in part)
            out.append((col, n, part, style))
            col += n
    return out, style


def cut(line_runs, left, cols):
    """The part of a line's runs within these columns; a wide character that is cut is a blank."""
    for x, n, text, style in line_runs:
        out, at, start = "", x, max(x, left)
        for ch in text:
            w = width(ch)
            if at >= left and at + w <= left + cols:
                out += ch
            elif left <= at < left + cols or left < at + w <= left + cols:
                out += " "
            at += w
        if out:
            yield start - left, sum(width(c) for c in out), out, style


def colours(style, page):
    fg, bg = style.get("fg", FG), style.get("bg", page)
    return (bg, fg) if style.get("reverse") else (fg, bg)


def draw(px, py, n, text, style, page):
    fg, bg = colours(style, page)
    if bg != page:
        yield f'<rect x="{px:.1f}" y="{py}" width="{n * CELL_W:.1f}" height="{CELL_H}" fill="{bg}"/>'
    # Blanks carry no ink, and a renderer may squeeze them: each word stands by itself.
    at = 0
    for word in re.split(r"( +)", text):
        cols = sum(width(c) for c in word)
        if word.strip():
            attrs = f' x="{px + at * CELL_W:.1f}" y="{py + 13}" textLength="{cols * CELL_W:.1f}" fill="{fg}"'
            attrs += ' font-weight="bold"' if style.get("bold") else ""
            attrs += ' font-style="italic"' if style.get("italic") else ""
            attrs += ' text-decoration="underline"' if style.get("underline") else ""
            attrs += ' opacity="0.65"' if style.get("dim") else ""
            yield f'<text{attrs} lengthAdjust="spacingAndGlyphs">{escape(word)}</text>'
        at += cols


def read(path, crop):
    """The rows of a capture, each a list of runs, and its size in cells."""
    left, top, cols, rows = crop or (0, 0, 10**6, 10**6)
    style, out = {}, []
    for line in path.read_bytes().decode("utf-8", "replace").rstrip("\n").split("\n"):
        line_runs, style = runs(line, style)
        out.append(list(cut(line_runs, left, cols)))
    out = out[top:top + rows]
    return out, max((r[-1][0] + r[-1][1] for r in out if r), default=1), len(out)


def page_colour(rows):
    """What most cells stand on: the ground of the theme."""
    count = collections.Counter({BG: 1})
    for row in rows:
        for _, n, _, style in row:
            count[style.get("bg", BG)] += n
    return count.most_common(1)[0][0]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--crop", type=lambda s: tuple(int(x) for x in s.split(",")))
    p.add_argument("--label", action="store_true")
    p.add_argument("--across", type=int, default=1)
    p.add_argument("capture", nargs="+", type=pathlib.Path)
    o = p.parse_args()
    shots = [(path.stem, *read(path, o.crop)) for path in o.capture]
    label_h = CELL_H + 4 if o.label else 0
    w = max(s[2] for s in shots) * CELL_W + 2 * PAD
    h = max(s[3] for s in shots) * CELL_H + 2 * PAD
    down = -(-len(shots) // o.across)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{w * o.across + PAD * (o.across - 1):.0f}" '
          f'height="{(h + label_h) * down + PAD * (down - 1):.0f}" '
          f'font-family="DejaVu Sans Mono, monospace" font-size="{SIZE}" xml:space="preserve">')
    for i, (name, rows, _, _) in enumerate(shots):
        x0, y0 = i % o.across * (w + PAD), i // o.across * (h + label_h + PAD)
        page = page_colour(rows)
        if o.label:
            print(f'<text x="{x0 + PAD:.1f}" y="{y0 + 13}" fill="{LABEL}">{escape(name)}</text>')
        print(f'<rect x="{x0:.1f}" y="{y0 + label_h}" width="{w:.1f}" height="{h}" rx="6" '
              f'fill="{page}" stroke="{LABEL}" stroke-opacity="0.4"/>')
        for y, row in enumerate(rows):
            for x, n, text, style in row:
                for element in draw(x0 + PAD + x * CELL_W, y0 + label_h + PAD + y * CELL_H, n, text, style, page):
                    print(element)
    print("</svg>")


main()

#!/usr/bin/env python3
"""Turn a terminal's cells (tmux capture-pane -e -p) into an SVG picture.

    cells2svg.py COLUMNS ROWS <capture >picture.svg

The same cells give the same bytes: no time, no font but DejaVu Sans Mono,
every run of text held to its columns by textLength.
"""
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

CELL_W, CELL_H, SIZE, PAD = 8.4287, 17, 14, 10  # the font's advance is 0.60205 of its size
BASIC = ["#1c1c1c", "#ff5f5f", "#5fd787", "#ffd75f", "#5fafff", "#d787d7", "#5fd7d7", "#d0d0d0",
         "#767676", "#ff8787", "#87ffaf", "#ffff87", "#87d7ff", "#ffafff", "#87ffff", "#ffffff"]
FG, BG = "#d0d0d0", "#1c1c1c"
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


def draw(x, y, n, text, style):
    fg, bg = style.get("fg", FG), style.get("bg", BG)
    if style.get("reverse"):
        fg, bg = bg, fg
    px, py, w = PAD + x * CELL_W, PAD + y * CELL_H, n * CELL_W
    if bg != BG:
        yield f'<rect x="{px:.1f}" y="{py}" width="{w:.1f}" height="{CELL_H}" fill="{bg}"/>'
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


def main():
    cols, rows = int(sys.argv[1]), int(sys.argv[2])
    w, h = cols * CELL_W + 2 * PAD, rows * CELL_H + 2 * PAD
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" '
          f'font-family="DejaVu Sans Mono, monospace" font-size="{SIZE}" xml:space="preserve">')
    print(f'<rect width="100%" height="100%" rx="6" fill="{BG}"/>')
    style = {}
    for y, line in enumerate(sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")[:rows]):
        line_runs, style = runs(line, style)
        for x, n, text, st in line_runs:
            for element in draw(x, y, n, text, st):
                print(element)
    print("</svg>")


main()

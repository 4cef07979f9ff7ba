#!/usr/bin/env python3
"""Writes dictionaries/type-widths.tsv: advance widths of the Latin letters of some text faces, from font files.

usage: type_widths.py NAME=FONT[,FONT...] ... > dictionaries/type-widths.tsv      (pip install fonttools brotli)

The table in the repository was made from these packages of @fontsource, the files *-latin-400-normal.woff2 and
*-latin-ext-400-normal.woff2 of each, all under OFL-1.1: tinos (times), old-standard-tt (modern), eb-garamond (garalde),
libre-caslon-text (caslon), libre-baskerville (baskerville), libre-bodoni (didone), gelasio (transitional),
unifrakturmaguntia (fraktur). The first face is the one that the others are scaled to, so that a column measures
about the same in each.
"""
import sys
from fontTools.ttLib import TTFont

CHARS = [c for c in range(0x20, 0x180) if c < 0x7F or c >= 0xA1] + [*range(0x2013, 0x2015), *range(0x2018, 0x201F), 0x2026]
# Rough shares of the letters in running text, by which faces are scaled to the same mean.
SHARES = dict(zip(" etaoinshrdlcum", (17, 10, 7, 6.5, 6, 6, 5.6, 5, 5, 5, 3.5, 3.3, 2.2, 2.3, 2)))


def widths(files):
    out = {}
    for f in files:
        font = TTFont(f)
        names, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        out.update({c: metrics[names[c]][0] * 1000 / em for c in CHARS if c in names})
    return out


def mean(w):
    return sum(w[ord(c)] * n for c, n in SHARES.items())


def main():
    faces = [(n, widths(f.split(","))) for n, f in (a.split("=", 1) for a in sys.argv[1:])]
    scale = mean(faces[0][1])
    print("# licence: facts (advance widths); the fonts are under OFL-1.1")
    print("# source: dictionaries/build/type_widths.py, which names the fonts; thousandths of an em, scaled to the first face")
    print("# code point\t" + "\t".join(n for n, _ in faces))
    for c in CHARS:
        row = [str(round(w[c] * scale / mean(w))) if c in w else "-" for _, w in faces]
        if any(x != "-" for x in row):
            print(f"{c:04X}\t" + "\t".join(row))


if __name__ == "__main__":
    main()

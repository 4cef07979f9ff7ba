#!/usr/bin/env python3
"""Renders Han characters in open fonts, damages the pictures as scans do, and writes which look alike.

usage: render_han.py --words dictionaries/zh-words.tsv --variants dictionaries/zh-variants.tsv --out dictionaries/han-look-alikes.tsv
                     [--pairs FILE]

Needs Pillow, numpy, fonttools, and Debian's fonts-noto-cjk, fonts-arphic-{uming,ukai,gbsn00lp,gkai00mp,bsmi00lp,bkai00mp},
fonts-wqy-{microhei,zenhei}, fonts-cwtex-{fs,heib,kai,ming,yen}, fonts-lxgw-wenkai; a font that is not there is left out and
named. The table holds measurements of pictures, no part of a font.

Rows: every character of GB 2312 and Big5. Candidates: those that the word list knows well enough for a language model to
want them; simplified ones for a row of GB 2312, traditional ones for a row of Big5. --pairs FILE (wrong TAB right) prints how
many pairs the table holds.
"""
import argparse, sys
from collections import Counter
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from fontTools.ttLib import TTCollection, TTFont

DIR = '/usr/share/fonts/'
FONTS = [('opentype/noto/NotoSansCJK-Regular.ttc', 2), ('opentype/noto/NotoSansCJK-Bold.ttc', 2), ('opentype/noto/NotoSerifCJK-Regular.ttc', 2),
         ('opentype/noto/NotoSerifCJK-Bold.ttc', 2), ('truetype/arphic/uming.ttc', 0), ('truetype/arphic/ukai.ttc', 0),
         ('truetype/arphic-gbsn00lp/gbsn00lp.ttf', 0), ('truetype/arphic-gkai00mp/gkai00mp.ttf', 0), ('truetype/wqy/wqy-microhei.ttc', 0),
         ('truetype/wqy/wqy-zenhei.ttc', 0), ('truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf', 0), ('opentype/noto/NotoSerifCJK-Regular.ttc', 3),
         ('truetype/arphic/uming.ttc', 1), ('truetype/arphic-bsmi00lp/bsmi00lp.ttf', 0), ('truetype/arphic-bkai00mp/bkai00mp.ttf', 0),
         ('truetype/cwtex/cwming.ttf', 0), ('truetype/cwtex/cwkai.ttf', 0), ('truetype/cwtex/cwheib.ttf', 0), ('truetype/cwtex/cwfs.ttf', 0)]
SIZE, SIDE = 40, 20          # pixels of a rendered character and of the picture that is compared
TOP = 50                     # candidates a row
CROWD = 30                   # so many best likenesses say how common a character's shape is
SCALE = 1.4                  # brings likenesses to 0 to 1
SEEN = 60                    # a candidate's characters stand so often in the word list's counts
ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'


def level(encoding):
    """The Han characters of a two-byte character set."""
    out = set()
    for hi in range(0x81, 0xff):
        for lo in range(0x40, 0xff):
            if encoding == 'gb2312' and (hi < 0xb0 or lo < 0xa1): continue
            try: c = bytes((hi, lo)).decode(encoding)
            except UnicodeDecodeError: continue
            if len(c) == 1 and '\u4e00' <= c <= '\u9fff': out.add(c)
    return out


def covers(path, index):
    font = TTCollection(path).fonts[index] if path.endswith('.ttc') else TTFont(path)
    return set(font.getBestCmap())


def picture(font, c):
    """Three pictures of a character, as one vector: as printed, blotted and blurred, thin and coarse."""
    im = Image.new('L', (SIZE + 8, SIZE + 8), 0)
    ImageDraw.Draw(im).text(((SIZE + 8) / 2, (SIZE + 8) / 2), c, 255, font=font, anchor='mm')
    box = im.getbbox()
    if box is None: return None
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    im = im.transform(im.size, Image.Transform.AFFINE, (1, 0, cx - im.width / 2, 0, 1, cy - im.height / 2))
    plain = im.filter(ImageFilter.GaussianBlur(1.6)).resize((SIDE, SIDE), Image.Resampling.BOX)
    fat = im.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(2)).point(lambda v: 255 * (v > 110))
    fat = fat.filter(ImageFilter.GaussianBlur(1.5)).resize((SIDE, SIDE), Image.Resampling.BOX)
    thin = im.resize((16, 16), Image.Resampling.BOX).point(lambda v: 255 * (v > 70)).filter(ImageFilter.GaussianBlur(.7))
    out = []
    for p in (plain, fat, thin):
        v = np.asarray(p, np.float32).ravel()
        out.append(v)
    return out


def vectors(path, index, chars):
    """One row a character; a character that the font lacks has a row of zeros."""
    have = covers(path, index)
    font = ImageFont.truetype(path, SIZE, index=index)
    rows = [picture(font, c) if ord(c) in have else None for c in chars]
    there = np.array([r is not None for r in rows])
    parts = []
    for k in range(3):
        dim = next(len(r[k]) for r in rows if r is not None)
        m = np.zeros((len(chars), dim), np.float32)
        m[there] = np.stack([r[k] for r in rows if r is not None])
        m[there] -= m[there].mean(0) * .8
        m[there] /= np.linalg.norm(m[there], axis=1, keepdims=True) + 1e-6
        parts.append(m / np.sqrt(3))
    return np.concatenate(parts, 1).astype(np.float16), there


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--words', required=True)
    ap.add_argument('--variants', required=True)
    ap.add_argument('--out', required=True)
    ap.add_argument('--pairs')
    a = ap.parse_args()
    rows = lambda p: [l.rstrip('\n').split('\t') for l in open(p, encoding='utf-8') if not l.startswith('#')]
    simple = {r[0]: r[1] for r in rows(a.variants)}
    seen = Counter()
    for r in rows(a.words):
        for c in r[0]: seen[c] += int(r[1])
    gb, big5 = level('gb2312'), level('big5')
    chars = sorted(gb | big5)
    wanted = lambda c: seen[simple.get(c, c)] >= SEEN or seen[c] >= SEEN
    kinds = {'s': [i for i, c in enumerate(chars) if c in gb and wanted(c)], 't': [i for i, c in enumerate(chars) if c in big5 and wanted(c)]}
    print(len(chars), 'rows;', {k: len(v) for k, v in kinds.items()}, 'candidates', file=sys.stderr)
    fonts = []
    for path, index in FONTS:
        try: fonts.append(vectors(DIR + path, index, chars))
        except OSError as e: print('left out:', path, e, file=sys.stderr); continue
        print(path, index, int(fonts[-1][1].sum()), file=sys.stderr)
    out = {}
    for kind, cands in kinds.items():
        members = gb if kind == 's' else big5
        mine = [i for i, c in enumerate(chars) if c in members]
        sim = np.zeros((len(mine), len(cands)), np.float32)
        count = np.zeros_like(sim)
        for v, there in fonts:
            to = np.ascontiguousarray(v[cands].astype(np.float32).T)
            for at in range(0, len(mine), 800):
                part = mine[at:at + 800]
                both = np.outer(there[part], there[cands]).astype(np.float32)
                sim[at:at + 800] += (v[part].astype(np.float32) @ to) * both
                count[at:at + 800] += both
        sim /= np.maximum(count, 1)
        # Some characters are a little like very many: what they are like at best counts half against them.
        sim -= .5 * np.sort(sim, axis=0)[-CROWD:].mean(0)
        for r, i in enumerate(mine):
            for j in np.argsort(-sim[r])[:TOP + 1]:
                if cands[j] != i and sim[r, j] > 0: out.setdefault(i, {})[cands[j]] = float(sim[r, j]) * SCALE
    with open(a.out, 'w', encoding='utf-8') as f:
        f.write('# licence: MIT OR Apache-2.0\n# source: measured by dictionaries/build/render_han.py on glyphs of open fonts (see DATA-LICENSES.md)\n')
        f.write('# character\tscript (s GB 2312, t Big5, b both)\tlook-alikes, best first\tlikeness of each, A 0 to / 1 (base64 digits)\n')
        for i, c in enumerate(chars):
            best = sorted(out.get(i, {}).items(), key=lambda x: (-x[1], x[0]))
            kind = 'b' if c in gb and c in big5 else 's' if c in gb else 't'
            f.write(f"{c}\t{kind}\t{''.join(chars[j] for j, _ in best)}\t{''.join(ALPHABET[min(63, max(0, int(s * 64)))] for _, s in best)}\n")
    if a.pairs:
        table = {chars[i]: {chars[j] for j in d} for i, d in out.items()}
        n = k = both = 0
        for wrong, right, *num in rows(a.pairs):
            if not ('\u4e00' <= right <= '\u9fff' and '\u4e00' <= wrong <= '\u9fff'): continue
            w = int(num[0]) if num else 1
            n += w
            k += w * (right in table.get(wrong, ()))
        print(f'{k} of {n} pairs = {k / max(1, n):.3f}', file=sys.stderr)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""Makes the preset dictionary of share links (`src/view/link/dictionary-N.txt`) from published manifests.

    make.py MANIFESTS GALLERY > dictionary.txt     prints it
    make.py --measure MANIFESTS DICTIONARY         measures links with it

A dictionary that links were made with is never made again: its bytes are frozen, a test holds their hash, and a better
one becomes the next scheme. This script is kept to show where scheme 1 came from and to make scheme 2.

Half of the manifests (every other file in order of path) are learned from; the other half measure it, so that the
figure is not flattered. Of each file only lines without comments count. What is taken are pieces that stand in several
files: names of fields, and values that many people write alike. The scenarios of the gallery, which are our own, teach
the words of a Scenario.

The way: every piece of `PIECE` letters is worth the number of files it stands in. Lines one after another make a
passage; again and again the passage that is worth most for its length is taken, and what it holds is worth nothing
from then on. What is worth most stands at the end, where deflate's references are shortest.
"""

import base64
import pathlib
import statistics
import sys
import zlib

SIZE = 8192  # bytes of a dictionary
PIECE = 7  # letters that are looked at together
LONGEST = 6  # lines of one passage
FEWEST = 2  # files a piece has to stand in


def manifests(folder):
    """Learned and measured halves: lists of texts."""
    paths = sorted(p for p in pathlib.Path(folder).rglob("*.yaml"))
    texts = [p.read_text() for p in paths]
    return texts[0::2], texts[1::2]


def pieces(text):
    return {text[i : i + PIECE] for i in range(len(text) - PIECE + 1)}


def lines_of(text):
    lines = [line.split(" #")[0].rstrip() for line in text.splitlines()]
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#") and len(line) < 80]


def passages(text):
    lines = lines_of(text)
    for start in range(len(lines)):
        for length in range(1, LONGEST + 1):
            if start + length <= len(lines):
                yield "\n".join(lines[start : start + length]) + "\n"


def make(learned, own):
    worth = {}
    for text in learned:
        for piece in pieces("\n".join(lines_of(text)) + "\n"):
            worth[piece] = worth.get(piece, 0) + 1
    for text in own:
        for piece in pieces("\n".join(lines_of(text)) + "\n"):
            worth[piece] = worth.get(piece, 0) + 0.6
    worth = {piece: n for piece, n in worth.items() if n >= FEWEST}
    candidates = sorted({p for text in learned + own for p in passages(text)})
    holds = {c: [p for p in pieces(c) if p in worth] for c in candidates}

    def value(c):
        return sum(worth[p] for p in holds[c]) / (len(c) + 4)

    # Values only fall, so a stale one at the top is looked at again before it is believed.
    import heapq

    heap = [(-value(c), c) for c in candidates if holds[c]]
    heapq.heapify(heap)
    taken, size = [], 0
    while heap and size < SIZE:
        stale, c = heapq.heappop(heap)
        now = -value(c)
        if now == 0 or size + len(c.encode()) > SIZE:
            continue
        if heap and now > heap[0][0]:
            heapq.heappush(heap, (now, c))
            continue
        taken.append(c)
        size += len(c.encode())
        for p in holds[c]:
            worth[p] = 0
    return "".join(reversed(taken))


def link_length(text, dictionary):
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    packed = deflater.compress(text.encode()) + deflater.flush()
    return len("#s=1.") + len(base64.urlsafe_b64encode(packed).rstrip(b"="))


def measure(texts, dictionary):
    usual = [t for t in texts if 20 <= len(t.rstrip().splitlines()) <= 40]
    lengths = [link_length(t, dictionary) for t in usual]
    return f"{len(lengths)} manifests of 20 to 40 lines: median {statistics.median(lengths):.0f} characters"


def main(args):
    if args[:1] == ["--measure"]:
        learned, others = manifests(args[1])
        dictionary = pathlib.Path(args[2]).read_bytes()
        print("learned from:", measure(learned, dictionary))
        print("the others:  ", measure(others, dictionary))
        return
    learned, _ = manifests(args[0])
    own = [p.read_text() for p in sorted(pathlib.Path(args[1]).glob("*.yaml"))]
    sys.stdout.write(make(learned, own))


if __name__ == "__main__":
    main(sys.argv[1:])

"""What was changed between two versions of a text, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, NEW, GONE = "same", "new", "gone"
# A word or a mark with the blanks behind it: blanks alone would match everywhere.
WORDS = re.compile(r"\w+\s*|[^\w\s]+\s*")


@dataclass(frozen=True)
class Piece:
    """A run of words: unchanged, added or taken away."""

    kind: str
    text: str


Passage = tuple[Piece, ...]
Run = tuple[str, int, int, int, int]  # what it is, and where it lies in both texts


def passages(before: str, after: str) -> tuple[Passage, ...]:
    """The paragraphs that differ, each with its words marked; what is the same in both is left out.

    Paragraphs are compared first and words only within those that changed, so that long texts stay quick;
    difflib's own way with very frequent elements keeps hostile ones from taking minutes.
    """
    old, new = _lines(before), _lines(after)
    marked = [
        _marked("\n".join(old[a:b]), "\n".join(new[c:d]))
        for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes()
        if kind != "equal"
    ]
    return tuple(passage for passage in marked if any(piece.kind != SAME for piece in passage))


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def _marked(before: str, after: str) -> Passage:
    """The words of both: what was taken away stands before what came in its place."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in _changes(old, new):
        if kind == SAME:
            pieces.append(Piece(SAME, "".join(new[c:d])))
            continue
        pieces += [Piece(GONE, "".join(old[a:b]))] if a < b else []
        pieces += [Piece(NEW, "".join(new[c:d]))] if c < d else []
    return tuple(pieces)


def _changes(old: list[str], new: list[str]) -> Iterator[Run]:
    """Runs of words that are the same or not; a single word between two changes goes with them, to be readable."""
    compared = SequenceMatcher(None, [w.strip() for w in old], [w.strip() for w in new])
    runs = compared.get_opcodes()
    last = len(runs) - 1
    same = [
        kind == "equal" and (b - a > 1 or place in (0, last))
        for place, (kind, a, b, _, _) in enumerate(runs)
    ]
    for is_same, group in groupby(zip(same, runs, strict=True), key=lambda pair: pair[0]):
        spans = [run for _, run in group]
        (_, a, _, c, _), (_, _, b, _, d) = spans[0], spans[-1]
        yield SAME if is_same else NEW, a, b, c, d

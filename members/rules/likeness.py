"""How much of a text was taken over from an earlier one. Pure; told to the writer alone."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from fractions import Fraction

# From so many words in a row on a passage counts as taken over: shorter ones, such as "Không có", are everybody's.
RUN = 5
WORD = re.compile(r"\w+")

Run = tuple[str, ...]


def percent(now: Iterable[str], before: Iterable[str]) -> int:
    """`share` as a whole percent, a half upwards."""
    return int(100 * share(now, before) + Fraction(1, 2))


def share(now: Iterable[str], before: Iterable[str]) -> Fraction:
    """The part of all words of these texts that stands in runs found in the earlier texts; 0 where there is no word.

    Capitals, punctuation, line ends and the order of the passages make no difference. Costs as much time as there are
    words, however often they repeat.
    """
    known = {run for text in before for run in _runs(_words(text))}
    texts = [_words(text) for text in now]
    total = sum(map(len, texts))
    return Fraction(sum(_taken(words, known) for words in texts), total or 1)


def _words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _runs(words: list[str]) -> Iterator[Run]:
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _taken(words: list[str], known: set[Run]) -> int:
    """How many of the words stand in a known run; each is counted once, however many runs it stands in."""
    taken = end = 0
    for at, run in enumerate(_runs(words)):
        if run in known:
            taken += at + RUN - max(at, end)
            end = at + RUN
    return taken

"""Vietnamese names: sort, search and show them. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from cells.wording import APOSTROPHES, search_key, short_date, unaccented

# The Vietnamese alphabet with f, j, w and z at their Latin places; figures come before letters.
ALPHABET = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
RANK: Mapping[str, str] = {letter: str(rank) for rank, letter in enumerate(ALPHABET, start=10)}
OTHER = "99"
END = "00"  # of the middle names: who has fewer of them comes first

# Tones in the order of the dictionary: ngang, huyền, hỏi, ngã, sắc, nặng.
TONES: Mapping[str, int] = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
VOWELS = frozenset("aăâeêioôơuưy")


def answers(typed: str, name: str) -> bool:
    """Whether a typed name is this one: all of it, or its given name after one or more of the other words, in order.

    Whole words, as `search_key` writes them: "van an" and "Nguyễn An" are Nguyễn Văn An, "an" and "an nguyen" are not.
    In the Central Highlands the family name may come last: "y bim" is Y Bim Niê.
    """
    words, own = search_key(typed).split(), search_key(name).split()
    if words == own:
        return bool(words)
    family_last = len(own) > 1 and len(own[0]) == 1
    if len(words) > 1 and family_last and words == own[: len(words)]:
        return True
    rest = iter(own)
    return len(words) > 1 and words[-1] == own[-1] and all(word in rest for word in words)


@lru_cache(maxsize=10_000)
def sort_key(name: str) -> str:
    """A string of figures that sorts names by given name, then middle names, then family name.

    Word by word: letters in Vietnamese order, then the tone in dictionary order. Two figures a letter and
    nothing but figures, so that it compares rightly as bytes and under every collation. Never raises.
    """
    *others, given_name = APOSTROPHES.sub("", name).lower().split() or [""]
    family, middle = others[:1], others[1:]
    return "".join([*map(_word_key, [given_name, *middle]), END, *map(_word_key, family)])


def _word_key(word: str) -> str:
    """Figures of one word, closed by 0 and the tone: 0 sorts before every letter, so "An" before "Anh"."""
    tone = 0
    letters = ""
    for letter in _letters(word):
        marks = unicodedata.normalize("NFD", letter)
        shape = unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
        if shape not in RANK:
            shape = unaccented(marks[0])
        if shape in VOWELS:
            tone = max([tone, *(TONES.get(mark, 0) for mark in marks)])
        if shape and unicodedata.category(shape)[0] in "LN":  # a mark alone has no shape
            letters += RANK.get(shape, OTHER)
    return f"{letters}0{tone}"


def _letters(word: str) -> list[str]:
    """The word's letters, each with the marks that belong to it."""
    letters: list[str] = []
    for char in unicodedata.normalize("NFC", word):
        if unicodedata.combining(char) and letters:
            letters[-1] += char
        else:
            letters.append(char)
    return letters


class Named(Protocol):
    """A member, or whoever else stands on a list: `pk` tells two of one name apart."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> str: ...
    @property
    def born_year(self) -> int | None: ...
    @property
    def born_on(self) -> date | None: ...
    @property
    def card_number(self) -> str: ...


class Bearer(NamedTuple):
    """Who bears a name, where there is no row of a member: a line of a file."""

    pk: Hashable
    name: str
    born_year: int | None
    born_on: date | None = None
    card_number: str = ""


class ListedNames:
    """How one list writes its members: with the year of birth where two share a name, the day where they share both.

    Where no day is known of either, the number of the card has to do.

    It is made of the whole list of a meeting or a cell, never of those whom a page happens to show: a member
    is written alike on every page and paper. Names that sort alike are one name ("Hoà" and "Hòa").
    """

    def __init__(self, members: Iterable[Named]) -> None:
        """`members`: everybody on the list."""
        rows = {member.pk: member for member in members}.values()
        keys = {member.pk: (sort_key(member.name), member.born_year) for member in rows}
        self._listed = frozenset(keys)
        self._bearers = Counter(name for name, _ in keys.values())
        self._born_alike = Counter(keys.values())
        self._dayless = Counter(keys[member.pk] for member in rows if not member.born_on)

    def label(self, member: Named) -> str:
        """The member as the list writes one; who is not on it is told from those who are."""
        name, itself = sort_key(member.name), member.pk in self._listed
        if member.born_on and self._born_alike[name, member.born_year] > itself:
            return f"{member.name} ({short_date(member.born_on)})"
        alike = self._dayless[name, member.born_year] > itself and member.born_year
        if alike and not member.born_on and member.card_number:
            return f"{member.name} ({member.born_year}, thẻ {member.card_number})"
        return display(member.name, member.born_year, self._bearers[name] > itself)


class ListedByCell:
    """How several lists write their members, each its own: for pages that show people of many cells."""

    def __init__(self, members: Iterable[tuple[int, Named]]) -> None:
        """`members`: with the key of the cell on whose list each stands."""
        rows: dict[int, list[Named]] = {}
        for cell, member in members:
            rows.setdefault(cell, []).append(member)
        self._by_cell = {cell: ListedNames(listed) for cell, listed in rows.items()}

    def label(self, member: Named, cell: int) -> str:
        """The member as the list of this cell writes one."""
        return self._by_cell.get(cell, ListedNames(())).label(member)


def display(name: str, born: int | None, twin: bool) -> str:
    """The name as shown: with the year of birth only where the name occurs twice: "Nguyễn Văn An (1975)"."""
    return f"{name} ({born})" if twin and born is not None else name

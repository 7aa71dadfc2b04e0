"""What is said about a sheet: a refusal of the whole file, or a problem at one cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cells.wording import capitalized
from partyreview.confined import Refusal


class BadSheet(Refusal):
    """A file that cannot be read at all; the message is one Vietnamese sentence that says what to do."""


class Way(NamedTuple):
    """One way to read a cell: what kind of reading it is, as people read it, and what would stand in the cell."""

    kind: str
    words: str
    cell: object


@dataclass(frozen=True)
class Doubt:
    """Why a cell cannot be read by itself alone, and the ways in which it may be meant, if any."""

    sentence: str
    ways: Sequence[Way] = ()


@dataclass(frozen=True)
class Meaning:
    """One way to read a cell, with the values that it would give the row."""

    kind: str
    words: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One thing wrong, where it stands: the cell ("D7"), the column's heading, what is there, and the sentence.

    `field` is what the column means, `page` its worksheet where the file has several; `meanings` among what somebody
    has to choose.
    """

    place: str
    heading: str
    cell_text: str
    sentence: str
    field: str = ""
    page: str = ""
    meanings: tuple[Meaning, ...] = ()

    @property
    def where(self) -> str:
        """The cell, as people name it."""
        cell = f"Ô {self.place}" if self.place else ""
        page = f"trang tính “{self.page}”" if self.page else ""
        return capitalized(" ".join(filter(None, (cell, page)))) or "Dòng này"

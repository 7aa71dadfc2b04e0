"""What is said about a sheet: a refusal of the whole file, or a problem at one cell."""

from dataclasses import dataclass

from partyreview.confined import Refusal


class BadSheet(Refusal):
    """A file that cannot be read at all; the message is one Vietnamese sentence that says what to do."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong, where it stands: the cell ("D7"), the column's heading, what is there, and the sentence."""

    place: str
    heading: str
    cell_text: str
    sentence: str

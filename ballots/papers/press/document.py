"""A typeset paper as a list of blocks: written once, shown as HTML, PDF and .docx, which so cannot differ."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from ballots.papers.data import Head
from ballots.papers.press import measure
from ballots.papers.press.measure import lines_of
from cells import wording

# What Liberation Serif can draw of Latin (Vietnamese included), Greek and Cyrillic script, punctuation
# and signs. Anything else would pull in another font: a box shows that something stood there.
_DRAWN = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u0300-\u0323\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f"
    "\u1ea0-\u1ef9\u2010\u2012-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a"
    "\u20ab\u20ac\u2116\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265\u25a1]"
)
# Marks that draw nothing and may turn the reading direction or hide letters.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_BLANKS = re.compile(r"[^\S\u00a0]+")  # all but the hard space
NO_NUMBER = wording.HARD_SPACE * 5
BLANK = "…" * 33
# Points of the letters of heads, and the millimetres that their lines may take.
LETTERS = 14
HEAD, WIDE_HEAD = 74, 125
TITLE, WIDE_TITLE = 145, 220
TEXT = 165
LINE, INDENT = 18, 10
# Half a ballot's page in millimetres, as high as it is estimated, which is too high by some; and the lines that its
# star, its kind, the dashes and all blanks come to.
HALF, REST = 134, 5
STAMP = 38  # the frame beside a ballot's title, which leaves as much room on the other side
# Millimetres per kind of column, with what pads its cells; the name takes what is left. As in print.css, where the
# padding comes on top.
WIDTHS = {
    "tt": 9,
    "post": 22,
    "code": 19,
    "points": 16,
    "remark": 40,
    "votes": 16.5,
    "blank": 14.5,
    "votes-note": 19,
    "choice": 20.5,
    "item": 13,
    "by": 36,
    "few": 16,
    "level": 13.5,
    "date": 24,
    "why": 54,
    "status": 26,
}
WIDE_WIDTHS = {"post": 34.0}  # on the long side of the sheet
# Points of the letters and of a line in a cell, and what its padding and rule add to a row.
CELL, CELL_LINE, CELL_MORE = 12, 14, 3.5
CELL_SIDES = 2.2  # millimetres
# A table no higher is never parted: the room it may leave on the page before is a quarter of it. A row that is higher
# goes on on the next page, below the heads.
WHOLE = TALL = 65  # millimetres


def clean(text: str) -> str:
    """One line that the font can draw: composed, blanks made one, nothing invisible, "□" for the undrawable."""
    shown = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _DRAWN.sub("□", _BLANKS.sub(" ", shown).strip())


@dataclass(frozen=True)
class TextBlock:
    """A paragraph: `kind` is its style, `keep` binds it to what follows."""

    kind: str
    text: str
    keep: bool = False

    @classmethod
    def cleaned(cls, kind: str, text: str, keep: bool = False) -> "TextBlock":
        """A line of any text: cleaned, and never with a single word on its last line."""
        return cls(kind, wording.end_bound(wording.knit(clean(text))), keep)


@dataclass(frozen=True)
class Column:
    """A column: `kind` sets width and alignment."""

    kind: str
    title: str


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on every page, and whose rows are not split but where one is tall.

    A low one stays whole, unless it is all that the paper has (`parted`).
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    parted: bool = False
    kind: str = "table"

    @property
    def lines(self) -> tuple[tuple[bool, tuple[tuple[Column, str], ...]], ...]:
        """The rows, each cell with its column, each with whether it is so tall that a page may end within it."""
        return tuple(
            (height > TALL, tuple(zip(self.columns, row, strict=True)))
            for height, row in zip(self.heights, self.rows, strict=True)
        )

    @property
    def is_whole(self) -> bool:
        """Whether it stays on one page."""
        return not self.parted and self.height <= WHOLE

    @property
    def is_loose(self) -> bool:
        """Whether a row is so high that it may stand on a page alone, as low ones at the ends may not."""
        return any(height > WHOLE / 2 for height in self.heights)

    @property
    def height(self) -> float:
        """How high it is in millimetres."""
        titles = tuple(column.title for column in self.columns)
        return self._height(titles) + sum(self.heights)

    @cached_property
    def heights(self) -> tuple[float, ...]:
        """How high each row is in millimetres; to measure them takes longer than all else about a table."""
        return tuple(map(self._height, self.rows))

    def _height(self, row: tuple[str, ...]) -> float:
        """How high a row is in millimetres."""
        lines = map(partial(measure.height, size=CELL), row, self.rooms)
        return (max(lines) * CELL_LINE + CELL_MORE) / measure.POINTS_PER_MM

    @cached_property
    def rooms(self) -> tuple[float, ...]:
        """Millimetres for a text in each column of an upright page."""
        known = [WIDTHS.get(column.kind, 0.0) for column in self.columns]
        free = (TEXT - sum(known)) / max(known.count(0.0), 1)
        return tuple((width or free) - CELL_SIDES for width in known)


@dataclass(frozen=True)
class Signature:
    """Whom a signature speaks for ("T/M …", may be empty), the post, and the name."""

    authority: str
    post: str
    name: str


@dataclass(frozen=True)
class Signing:
    """Signatures in the middle of a paper, where a later hand goes on below them; a lone one stands on the right."""

    signatures: tuple[Signature, ...]
    kind: str = "signing"


Block = TextBlock | Table | Signing


@dataclass(frozen=True)
class Frame:
    """What stands around the text, ready to print: letterhead, mark and foot of every page, check.

    `above` and `issuer`: line by line.
    """

    above: tuple[str, ...]
    issuer: tuple[str, ...]
    number: str
    day: str
    mark: str
    check_code: str
    check_url: str
    # Not printed: which guidance on its form the paper follows, and which pack of rules, stand among the properties
    # of its file.
    layout: str

    @classmethod
    def from_head(cls, head: Head, numbered: bool = True, wide: bool = False) -> "Frame":
        """Write a head out. A number not yet known leaves room; no colon after "Số" (HD 36-HD/VPTW).

        A list has no series and so no number; a ballot takes neither number, nor date, nor mark.
        """
        code = head.check.shown if head.check else ""
        number = clean(head.number) or NO_NUMBER
        room = WIDE_HEAD if wide else HEAD
        return cls(
            above=lines_of(clean(head.committee), room, LETTERS, capitals=True),
            issuer=lines_of(clean(head.cell), room, LETTERS, capitals=True),
            number=f"Số {number}-{head.series}/{head.sign}" if numbered and head.series else "",
            day=wording.place_and_date(clean(head.place), head.day) if numbered else "",
            mark=head.mark if numbered else "",
            check_code=code,
            check_url=head.check.url if head.check else "",
            layout=f"Thể thức {head.layout}; bộ hướng dẫn {head.pack}",
        )


@dataclass(frozen=True)
class Document:
    """A whole paper: frame, kind and subject, blocks, and the closing lines that stay with the signatures.

    `annex`: in small type, what only a check asks for. `stamp`: what stands where a ballot is stamped.
    `form`: the number of a printed form, on top. `whom`: whom a form is for, in italics in place of the dashes.
    `recipients`: Nơi nhận, left of the signature.
    `wide`: on the long side of the sheet, as only tables are.
    """

    frame: Frame
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    closing: tuple[TextBlock, ...] = ()
    signatures: tuple[Signature, ...] = ()
    annex: tuple[TextBlock, ...] = ()
    stamp: str = ""
    form: str = ""
    whom: str = ""
    recipients: tuple[str, ...] = ()
    wide: bool = False

    @property
    def is_half(self) -> bool:
        """Whether a ballot takes no more than half a page, so that two go to one."""
        lines = len(self.frame.above) + len(self.frame.issuer) + len(self.subject_lines) + REST
        texts = [block.text for block in self.blocks if isinstance(block, TextBlock)]
        lines += sum(measure.height(text, TEXT - INDENT, LETTERS) for text in texts)
        tables = sum(block.height for block in self.blocks if isinstance(block, Table))
        return lines * LINE / measure.POINTS_PER_MM + tables <= HALF

    @property
    def subject_lines(self) -> tuple[str, ...]:
        """The subject line by line."""
        room = WIDE_TITLE if self.wide else TITLE
        return lines_of(self.subject, TEXT - 2 * STAMP - 1 if self.stamp else room, LETTERS)


def _cell(column: Column, text: str) -> str:
    """A cleaned text; a count and its share stand one below the other, in every cell of such a column."""
    shown = clean(text)
    return shown.replace(" (", "\n(") if column.kind == "votes" else shown


@dataclass
class Flow:
    """Collects blocks from top to bottom and numbers them: I- then 1. then a)."""

    blocks: list[Block] = field(default_factory=list)
    sections: int = 0
    points: int = 0
    items: int = 0

    def section(self, title: str) -> None:
        """Begin "I- TITLE"."""
        numeral = wording.ROMAN[self.sections]
        self.sections, self.points, self.items = self.sections + 1, 0, 0
        self._add("section", f"{numeral}- {title.upper()}", keep=True)

    def part(self, letter: str, title: str) -> None:
        """Begin "A- TITLE", whose sections are numbered from I again."""
        self.sections, self.points, self.items = 0, 0, 0
        self._add("section", f"{letter}- {title.upper()}", keep=True)

    def lettered(self, letter: str, title: str) -> None:
        """Begin "A. TITLE", as parts of forms are headed."""
        self._add("section", f"{letter}. {title.upper()}", keep=True)

    def title(self, title: str) -> None:
        """Begin a passage without a number."""
        self._add("heading", title, keep=True)

    def heading(self, title: str) -> None:
        """Begin "1. Title" on a line of its own."""
        self._add("heading", self._point(title), keep=True)

    def point(self, text: str, keep: bool = False) -> None:
        """Write "1. text" as a paragraph."""
        self._add("text", self._point(text), keep)

    def item(self, text: str, keep: bool = False) -> None:
        """Write "a) text" as a paragraph."""
        self._add("text", f"{'abcdđeghik'[self.items]}) {text}", keep)
        self.items += 1

    def text(self, text: str, keep: bool = False) -> None:
        """Write a paragraph."""
        self._add("text", text, keep)

    def dash(self, text: str, keep: bool = False) -> None:
        """Write "- text"."""
        self._add("text", f"- {text}", keep)

    def plus(self, text: str) -> None:
        """Write "+ text", one step below a dash."""
        self._add("text", f"+ {text}")

    def lines(self, text: str) -> None:
        """Write a long text: each of its lines is a paragraph."""
        for line in text.splitlines():
            if line.strip():
                self.text(line)

    def keep_last(self) -> None:
        """Bind the last paragraph to what follows."""
        last = self.blocks[-1]
        if isinstance(last, TextBlock):
            self.blocks[-1] = replace(last, keep=True)

    def addressee(self, text: str) -> None:
        """Write "Kính gửi: …" in the middle."""
        self._add("addressee", text)

    def centred(self, text: str) -> None:
        """Write in bold capitals in the middle, as a decision names who decides."""
        for line in lines_of(clean(text), TITLE, LETTERS, capitals=True):
            self.blocks.append(TextBlock("centred", line, keep=True))

    def blank(self) -> None:
        """Leave two dotted lines to be written on."""
        self.blocks += [TextBlock("dotted", BLANK, keep=True)] * 2

    def remarks(self, text: str) -> None:
        """Leave the rest of a line for a remark, after the words that ask for it."""
        self.blocks.append(TextBlock("dotted", f"{text} {'…' * 12}"))

    def sign(self, *signatures: Signature) -> None:
        """Let somebody sign here."""
        cleaned = (Signature(s.authority, s.post, clean(s.name)) for s in signatures)
        self.blocks.append(Signing(tuple(cleaned)))

    def note(self, text: str) -> None:
        """Write a smaller line under a table."""
        self._add("note", text)

    def table(self, columns: list[Column], rows: list[list[str]], parted: bool = False) -> None:
        """Set a table; every row has one text per column."""
        texts = tuple(tuple(map(_cell, columns, row)) for row in rows)
        self.blocks.append(Table(tuple(columns), texts, parted))

    def _point(self, text: str) -> str:
        self.points, self.items = self.points + 1, 0
        return f"{self.points}. {text}"

    def _add(self, kind: str, text: str, keep: bool = False) -> None:
        self.blocks.append(TextBlock.cleaned(kind, text, keep))

"""Results as tables and bars, for pages of the meeting and of the years."""

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from ballots.results.concerned import not_subject, unrated_as
from ballots.results.figures import Figures, PollFigures, RowFigures
from cells import wording
from cells.models import Level, Meeting

LABELS = dict(Level.choices)


BAR = 200  # width of a full bar in the units of its drawing


NARROW = 16  # a piece of a bar narrower than this has no room for its number


@dataclass(frozen=True)
class Piece:
    """One piece of a bar: whole units from the left, so that no decimal comma gets into the drawing."""

    code: str
    number: int
    x: int
    width: int

    @property
    def middle(self) -> int:
        """Where its number stands, in hundredths of the bar."""
        return (2 * self.x + self.width) * 50 // BAR

    @property
    def has_room(self) -> bool:
        """Whether its number fits in."""
        return self.width >= NARROW

    @property
    def has_room_for_its_name(self) -> bool:
        """Whether the level's letters fit in beside the number."""
        return self.width >= 4 * NARROW


@dataclass(frozen=True)
class LevelShare:
    """One level of one row: ballots and their share of the base, as written."""

    code: str
    number: int
    percent: str


@dataclass(frozen=True)
class ResultRow:
    """One row of a result table."""

    place: int
    label: str
    cells: tuple[LevelShare, ...]
    blank: int
    bar: tuple[Piece, ...]
    level: str
    proposed: str  # its code
    reason: str

    @property
    def name(self) -> str:
        """Who or what it is about."""
        return self.label.partition(": ")[0]

    @property
    def levels(self) -> str:
        """What a committee's ballot says behind the name: the level claimed, the one proposed."""
        return self.label.partition(": ")[2]


@dataclass(frozen=True)
class Table:
    """A counted poll as the page shows it."""

    figures: PollFigures
    lines: tuple[ResultRow, ...]
    single: bool  # one level only: "Đồng ý" and "Không đồng ý"


@dataclass(frozen=True)
class Share:
    """How many of the rated members stand at a level: the distribution, not a share of ballots."""

    code: str
    label: str
    number: str
    percent: str


def bar_of(numbers: list[tuple[str, int]], whole: int) -> tuple[Piece, ...]:
    """The pieces of a bar of `whole`, in order, without the empty ones."""
    total = max(whole, sum(number for _, number in numbers), 1)
    ends = [0, *(BAR * part // total for part in accumulate(number for _, number in numbers))]
    return tuple(
        Piece(code, number, start, end - start)
        for (code, number), start, end in zip(numbers, ends[:-1], ends[1:], strict=True)
        if number
    )


def table_of(poll: PollFigures) -> Table:
    """A counted poll with the levels of its own sheet."""
    codes = [code for code, _ in poll.levels]
    lines = tuple(
        _line(place, row, codes, poll.base) for place, row in enumerate(poll.rows, start=1)
    )
    return Table(poll, lines, single=len(codes) == 1)


def _line(place: int, row: RowFigures, codes: list[str], base: int) -> ResultRow:
    numbers = [(code, row.counts[code]) for code in codes]
    shares = ((code, number, row.shares[code]) for code, number in numbers)
    return ResultRow(
        place=place,
        label=row.label,
        cells=tuple(
            LevelShare(code, number, wording.percent(share) if share is not None else "–")
            for code, number, share in shares
        ),
        blank=row.blank,
        bar=bar_of([*numbers, ("blank", row.blank)], base),
        level=LABELS.get(row.proposal.level or "", ""),
        proposed=row.proposal.level or "",
        reason=row.proposal.reason,
    )


def shares_of(meeting_figures: Figures) -> tuple[Share, ...]:
    """The distribution over the rated members, level by level."""
    of = meeting_figures.distribution.of
    return tuple(
        Share(
            code,
            wording.phrased(LABELS[code]),
            wording.fraction(number, of),
            wording.percent_of(number, of) or "–",
        )
        for code, number in meeting_figures.distribution.counts.items()
    )


def _unrated(meeting: Meeting, meeting_figures: Figures) -> dict[str, object]:
    """Who is not rated, each with what the papers call it, and how many are called so."""
    outside = not_subject(meeting)
    called = [(row, unrated_as(row.member_id, outside)) for row in meeting_figures.unrated]
    return {"unrated": called, "unrated_numbers": Counter(label for _, label in called).items()}


def context_of(meeting: Meeting, meeting_figures: Figures) -> dict[str, object]:
    """What the result page and the projector show of a meeting's figures."""
    distribution = meeting_figures.distribution
    numbers = [*distribution.counts.items(), ("blank", distribution.undecided)]
    return {
        "figures": meeting_figures,
        "tables": [table_of(poll) for poll in meeting_figures.polls],
        "shares": shares_of(meeting_figures),
        "distribution_bar": bar_of(numbers, distribution.of),
        "outcomes": [
            (outcome, LABELS.get(outcome.level or "", "")) for outcome in meeting_figures.outcomes
        ],
        "bar_width": BAR,
        **_unrated(meeting, meeting_figures),
    }

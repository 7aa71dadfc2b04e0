"""What is otherwise than the year before: the cell's level, the numbers per level, members whose level moved."""

from dataclasses import dataclass

from ballots.dossier.evidence import Evidence
from ballots.results import former_years
from ballots.results.former_years import Before, CellYear
from cells import wording
from cells.models import Level

NONE = "chưa có"


@dataclass(frozen=True)
class Compared:
    """One line: what is compared, then and now; `moved` where the two differ."""

    title: str
    then: str
    now: str

    @property
    def moved(self) -> bool:
        """Whether the two differ."""
        return self.then != self.now


@dataclass(frozen=True)
class LastYear:
    """The year before beside this one: the cell, and each member whose level moved."""

    year: int
    lines: tuple[Compared, ...]
    members: tuple[Compared, ...]


def compared(evidence: Evidence) -> LastYear | None:
    """The latest year held here before this one beside what is proposed now; None where there is none."""
    meeting, figures = evidence.meeting, evidence.figures
    year = meeting.campaign.year
    levels = {past: own for past, own in former_years.of_cell(meeting.cell).items() if past < year}
    if not levels:
        return None
    last = former_years.years_of(levels)[0]
    now = figures.distribution
    counts = {code: now.counts.get(code, 0) for code in Level.values}
    own = figures.cell.level if figures.cell else ""
    lines = [
        *([Compared("Chi bộ", _label(last.own), _label(own or ""))] if figures.rates_cell else []),
        Compared("Số được xếp loại", _number(last.rated), _number(now.of)),
        *(Compared(code, _number(last.counts[code]), _number(n)) for code, n in counts.items()),
    ]
    before = former_years.before(meeting.cell, year, {})
    return LastYear(last.year, tuple(lines), tuple(_members(evidence, before, last)))


def _members(
    evidence: Evidence, before: dict[int | None, Before], last: CellYear
) -> list[Compared]:
    """Those who had a level in that year and have another now."""
    pairs = [
        (outcome, before.get(outcome.member.pk, Before()))
        for outcome in evidence.figures.members
        if outcome.member
    ]
    lines = [
        Compared(f"Đ/c {outcome.name}", _label(was.level), _label(outcome.level or ""))
        for outcome, was in pairs
        if was.level and was.year == last.year
    ]
    return [line for line in lines if line.moved]


def _label(level: str) -> str:
    return Level(level).label if level else NONE


def _number(number: int) -> str:
    return wording.two_digits(number)

"""The stored totals of a committee as its page and its papers show them; shares are exact until they are written."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import CharField, Count, Q
from django.db.models.functions import Substr
from django.urls import reverse

from ballots.core.tables import Piece, bar_of
from ballots.models import CommitteeFile, Total
from ballots.models.totals import DECIDED, PROPOSED
from ballots.results import sums
from ballots.results.sums import Rollup, Sums
from cells import wording
from cells.law.periods import Period
from cells.models import Cell, Committee

EVERYBODY = "Tổng số đảng viên"
STAGES = {DECIDED: "Cấp trên đã quyết định", PROPOSED: "Chi bộ đề nghị"}
OPEN = {DECIDED: "Chưa quyết định", PROPOSED: "Chưa kết luận"}


@dataclass(frozen=True)
class Line:
    """One group at one stage."""

    label: str
    sums: Sums
    stage: str
    is_total: bool = False

    @property
    def levels(self) -> list[tuple[str, int]]:
        """How many stand at each level."""
        return [*self.sums.at(self.stage).items()]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """By level, then how many have none at this stage."""
        return [*self.levels, (OPEN[self.stage], self.sums.open_at(self.stage))]

    @property
    def unrated(self) -> int:
        """How many are not rated, for whatever reason."""
        return self.sums.total - self.sums.rated

    @property
    def shares(self) -> list[str]:
        """Excellent among good, by the literal reading, and among good or better; a dash where there is nobody."""
        exact = (
            self.sums.share_of_good(self.stage),
            self.sums.share_of_good_or_better(self.stage),
        )
        return ["–" if share is None else wording.percent(share) for share in exact]

    @property
    def bar(self) -> tuple[Piece, ...]:
        """The levels as a bar of all rated; who has none is the room that is left."""
        return bar_of(self.levels, self.sums.rated)


def groups(rollup: Rollup, stage: str) -> list[Line]:
    """The groups of which there is somebody, in the order of the forms, and all members together."""
    labels = dict(Total.Group.choices)
    known = [group for group in Total.Group.values if group in rollup.groups]
    lines = [Line(str(labels[group]), rollup.of(group), stage) for group in known]
    if any(group in known for group in Total.PEOPLE):
        lines.append(Line(EVERYBODY, rollup.people, stage, is_total=True))
    return lines


@dataclass(frozen=True)
class Branch:
    """One body of the next level down: how many cells it has, how many of them have sent, and its members' levels."""

    name: str
    address: str
    cells: int
    sent: int
    proposed: Line
    decided: Line
    report: CommitteeFile | None = None  # the last one it has sent up


def branches(committee: Committee, period: Period) -> list[Branch]:
    """The committees right below, then the cells of its own; a few queries, however many stand below them."""
    by_path = sums.by_branch(committee, period)
    by_cell = sums.by_cell(committee, period) if committee.path in by_path else {}
    standing = _standing(committee)
    below = Committee.objects.get_children(committee)
    children = below.filter(Q(ended_on=None) | Q(path__in=by_path))
    reports = {
        file.committee_id: file
        for file in CommitteeFile.objects.last_ones(period).filter(committee__in=children)
    }
    cells = Cell.objects.filter(Q(committee=committee, ended_on=None) | Q(pk__in=by_cell))
    return [
        *(
            _branch(
                child.name,
                _address(child, period),
                standing.get(child.path, 0),
                own,
                reports.get(child.pk),
            )
            for child in children
            for own in [by_path.get(child.path, Rollup({}))]
        ),
        *(
            _branch(name, reverse("cells:cell", args=[pk]), 1, by_cell.get(pk, Rollup({})))
            for pk, name in cells.order_by("name_sort", "name").values_list("pk", "name")
        ),
    ]


def _address(committee: Committee, period: Period) -> str:
    return reverse("ballots:rollup", args=[committee.pk, period])


def _standing(committee: Committee) -> Mapping[str, int]:
    """How many cells stand in each branch, by its path."""
    length = len(committee.path) + Committee.steplen
    path = Substr("committee__path", 1, length, output_field=CharField())
    cells = Cell.objects.under(committee).standing().annotate(branch=path).order_by()
    return dict(cells.values_list("branch").annotate(Count("pk")))


def _branch(
    name: str, address: str, cells: int, own: Rollup, report: CommitteeFile | None = None
) -> Branch:
    people = own.people
    proposed, decided = (Line(name, people, stage) for stage in (PROPOSED, DECIDED))
    return Branch(name, address, cells, own.of(Total.Group.CELL).total, proposed, decided, report)


@dataclass(frozen=True)
class Year:
    """One year in the chart over the years, as it was decided; what nobody has decided, as it is proposed."""

    year: int
    line: Line
    label: str


def years(by_year: dict[int, Rollup]) -> list[Year]:
    """The members' levels of each year, the latest first."""
    return [
        _year(year, rollup.people)
        for year, rollup in reversed(by_year.items())
        if rollup.people.rated
    ]


def _year(year: int, people: Sums) -> Year:
    stage = DECIDED if any(people.at(DECIDED).values()) else PROPOSED
    return Year(year, Line(str(year), people, stage), STAGES[stage])

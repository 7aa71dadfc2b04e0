"""From the stored totals of a committee to what its tables and its report say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from ballots.models import Total
from ballots.models.totals import DECIDED, WAITING
from ballots.papers import heads
from ballots.papers.data import Authority, Head
from ballots.papers.rollups.data import (
    CommitteeReportData,
    CountRow,
    CountTable,
    RollupTableData,
)
from ballots.papers.rulings.data import Issuer
from ballots.results import sums
from ballots.results.sums import Rollup
from cells import wording
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.rules import Rules
from cells.models import Campaign, Cell, Committee, Setting

LABELS: Mapping[str, str] = {value: str(label) for value, label in Total.Group.choices}
UNDECIDED = "Chưa quyết định"
BODIES, PEOPLE = "tổ chức đảng, tập thể lãnh đạo, quản lý", "đảng viên"


@dataclass(frozen=True)
class ReportWords:
    """What is typed for a report: for which body who signs, its number and signs, its day, and what it proposes."""

    body: str = ""
    post: str = ""
    name: str = ""
    symbol: str = ""
    dated: date | None = None
    proposals: str = ""


@dataclass(frozen=True)
class Source:
    """What the tables and the report have in common."""

    committee: Committee
    period: Period
    head: Head
    issuer: Issuer
    basis: tuple[str, ...]
    codes: tuple[str, ...]
    words: ReportWords

    @classmethod
    def read(cls, committee: Committee, period: Period, words: ReportWords, day: date) -> "Source":
        """Under the guidance of the committee's own review of the period, or of the one above it."""
        campaign = Campaign.objects.reaching(committee).of(period).first()
        pack = campaign.pack if campaign else Campaign.objects.pack_for(committee, period.serving)
        own = campaign.settings if campaign else {}
        rules = Rules.from_pack(load_pack(pack), own, Setting.objects.layers(committee))
        executive = committee.executive_name
        authority = Authority(words.body or wording.body_of(executive), words.post, words.name)
        return cls(
            committee,
            period,
            _head(committee, period, rules, words.dated or day),
            Issuer(executive, authority, words.symbol),
            tuple((campaign and campaign.basis) or rules.basis),
            tuple(rules.levels),
            words,
        )

    def row(self, label: str, rollup: Rollup, groups: Sequence[str], stage: str) -> CountRow:
        """The line of these groups at this stage."""
        own = rollup.of(*groups)
        counts = own.at(stage)
        if stage == WAITING:
            return CountRow(label, sum(counts.values()), counts, 0)
        return CountRow(label, own.total, counts, own.total - own.rated, own.open_at(stage))


def _head(committee: Committee, period: Period, rules: Rules, day: date) -> Head:
    above = committee.above
    return Head(
        committee=above.executive_name if above else "",
        cell=committee.executive_name,
        place=committee.place,
        day=day,
        year=period.year,
        period=period.words,
        subjects=rules.texts["subjects"],
        persons=rules.texts["persons"],
        pack=rules.version,
        layout=rules.layout_on(day),
        series="BC",
        mark=heads.DRAFT,
    )


def gather_table(source: Source, groups: Sequence[str], whose: str) -> RollupTableData:
    """A line per committee right below, then per cell of its own, as decided."""
    by_path = sums.by_branch(source.committee, source.period)
    by_cell = sums.by_cell(source.committee, source.period)
    children = Committee.objects.get_children(source.committee)
    standing = children.filter(Q(ended_on=None) | Q(path__in=by_path))
    cells = Cell.objects.filter(pk__in=by_cell).order_by("name_sort", "name")
    bodies = [
        *((child.name, by_path.get(child.path, Rollup({}))) for child in standing),
        *((name, by_cell[pk]) for pk, name in cells.values_list("pk", "name")),
    ]
    return RollupTableData(
        head=replace(source.head, series=""),
        issuer=source.issuer,
        levels=heads.levels(source.codes),
        whose=whose,
        table=CountTable(
            tuple(source.row(name, own, groups, DECIDED) for name, own in bodies), UNDECIDED
        ),
    )


def gather_bodies(source: Source) -> RollupTableData:
    """Tổ chức đảng, tập thể."""
    return gather_table(source, Total.BODIES, BODIES)


def gather_people(source: Source) -> RollupTableData:
    """Đảng viên."""
    return gather_table(source, Total.PEOPLE, PEOPLE)


def gather_report(source: Source) -> CommitteeReportData:
    """The report to the committee above (Mẫu 16): by group, what is decided and what still waits."""
    whole = sums.of_committee(source.committee, source.period)
    sent, _ = sums.files(source.committee, source.period)
    above = source.committee.above
    return CommitteeReportData(
        head=source.head,
        issuer=source.issuer,
        to=above.executive_name if above else "",
        basis=source.basis,
        levels=heads.levels(source.codes),
        cells=Cell.objects.under(source.committee).standing().count(),
        sent=sent,
        decided=_by_group(source, whole, DECIDED),
        waiting=_by_group(source, whole, WAITING),
        reasons=tuple(
            (row.status, row.reason, row.number)
            for row in sums.reasons(source.committee, source.period)
        ),
        proposals=source.words.proposals,
    )


def _by_group(source: Source, whole: Rollup, stage: str) -> tuple[CountTable, ...]:
    """Bodies, then members, each with the groups of which there is somebody."""
    tables = []
    for groups, title in ((Total.BODIES, BODIES), (Total.PEOPLE, PEOPLE)):
        rows = [source.row(LABELS[group], whole, [group], stage) for group in groups]
        there = tuple(row for row in rows if row.total)
        open_as = UNDECIDED if stage == DECIDED else ""
        tables.append(CountTable(there, open_as, wording.capitalized(title)))
    return tuple(table for table in tables if table.rows)

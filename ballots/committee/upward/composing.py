"""The papers of a committee's file, drawn from the stored totals: as drafts to be looked at, and as what is sent."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from ballots.core.downloads import TYPES
from ballots.jobs.kinds import Step, unwatched
from ballots.models import CommitteePaper
from ballots.papers import lock
from ballots.papers.data import Head
from ballots.papers.kinds import RollupData
from ballots.papers.press import render
from ballots.papers.rollups.data import CommitteeReportData, CountRow, RollupTableData
from ballots.papers.rollups.gather import (
    ReportWords,
    Source,
    gather_bodies,
    gather_people,
    gather_report,
)
from cells import wording
from cells.law.periods import Period
from cells.models import Cell, Committee
from partyreview.http import XLSX

Kind = CommitteePaper.Kind
ENDINGS: Mapping[str, str] = {**TYPES, "xlsx": XLSX}
# Every paper of a report.
LISTED = (
    *((kind, ending) for kind in (Kind.REPORT, Kind.BODIES, Kind.PEOPLE) for ending in TYPES),
    (Kind.TABLES, "xlsx"),
)
# Bodies right below a committee whose report is drawn while the page waits; one of more is a job: each body is a row
# of two tables, and setting a thousand rows as PDF lasts from a quarter to half a minute.
AT_ONCE = 100


@dataclass(frozen=True)
class Papers:
    """What a committee reports, as frozen values: two of these are the same where nothing has changed between."""

    report: CommitteeReportData
    bodies: RollupTableData
    people: RollupTableData

    @classmethod
    def gather(
        cls, committee: Committee, period: Period, words: ReportWords, day: date | None = None
    ) -> "Papers":
        """As the totals stand now, marked as a draft."""
        source = Source.read(committee, period, words, day or timezone.localdate())
        return cls(gather_report(source), gather_bodies(source), gather_people(source))

    @property
    def final(self) -> "Papers":
        """The same without the mark of a draft."""
        return Papers(
            lock.with_head(self.report, _locked(self.report.head)),
            lock.with_head(self.bodies, _locked(self.bodies.head)),
            lock.with_head(self.people, _locked(self.people.head)),
        )

    def drawn(self, kind: str, ending: str) -> bytes:
        """One of them as a file; KeyError for a kind or an ending that there is not."""
        if kind == Kind.TABLES and ending == "xlsx":
            from ballots.committee.rollups.tables import (
                tables,
            )  # on first use: tests/test_start.py

            return tables(self.report, self.bodies, self.people)
        by_kind: dict[str, RollupData] = {
            Kind.REPORT: self.report,
            Kind.BODIES: self.bodies,
            Kind.PEOPLE: self.people,
        }
        data = by_kind[kind]
        draw: dict[str, Callable[[], bytes]] = {
            "pdf": lambda: render.pdf(render.html(data)),
            "docx": lambda: render.docx(data),
        }
        return draw[ending]()

    def files(self, step: Step = unwatched) -> list[CommitteePaper]:
        """All of them, not yet in the database; a step for each, the rows of the two long ones take the time."""
        made = []
        for place, (kind, ending) in enumerate(LISTED):
            step(place, len(LISTED))
            content = self.drawn(kind, ending)
            sha256 = hashlib.sha256(content).hexdigest()
            made.append(CommitteePaper(kind=kind, ending=ending, content=content, sha256=sha256))
        return made

    @property
    def mark(self) -> str:
        """What stands for all that they say, where they are drawn later than asked for."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def mark_of_figures(self) -> str:
        """What stands for all figures, on whatever day and in whatever words they are reported."""
        said = (self.bodies.table, self.people.table, self.report.decided, self.report.waiting)
        return hashlib.sha256(repr((*said, self.report.reasons)).encode()).hexdigest()

    @property
    def lines(self) -> list[dict[str, str]]:
        """What the report says, a line for each thing that may be pinned."""
        report = self.report
        parts = (
            ("decided", report.decided, "Đã quyết định"),
            ("waiting", report.waiting, "Chờ quyết định"),
        )
        listed = [
            {"key": f"{key}-{place}", "title": f"{title}: {row.label}", "words": _words(row)}
            for key, tables, title in parts
            for place, row in enumerate((row for table in tables for row in table.rows), 1)
        ]
        sent = wording.fraction(report.sent, report.cells)
        reasons = sum(number for *_, number in report.reasons)
        return [
            {"key": "sent", "title": "Chi bộ đã gửi hồ sơ", "words": sent},
            *listed,
            {"key": "unrated", "title": "Đảng viên không xếp loại", "words": str(reasons)},
            {"key": "proposals", "title": "Đề nghị, kiến nghị", "words": report.proposals or "–"},
        ]


def _locked(head: Head) -> Head:
    return replace(head, mark="")


def _words(row: CountRow) -> str:
    levels = "; ".join(f"{code} {number}" for code, number in row.counts.items())
    return f"{row.total}: {levels}; chưa xếp loại {row.unrated}"


def is_long(committee: Committee) -> bool:
    """Whether so many stand right below the committee that its report is not drawn while a page waits."""
    below: int = Committee.objects.get_children(committee).count()
    return below + Cell.objects.filter(committee=committee).count() > AT_ONCE


def file_name(committee: Committee, period: Period, kind: str) -> str:
    """What a file of these is called, without ending."""
    return wording.file_name(f"{Kind(kind).label} {period} {committee}")

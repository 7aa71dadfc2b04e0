"""The papers of a committee's file, drawn from the stored totals: as drafts to be looked at, and as what is sent."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from ballots.core.downloads import TYPES
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
from cells.models import Committee

Kind = CommitteePaper.Kind
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: Mapping[str, str] = {**TYPES, "xlsx": XLSX}


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

    @property
    def files(self) -> list[CommitteePaper]:
        """All of them, not yet in the database."""
        return [
            CommitteePaper(
                kind=kind,
                ending=ending,
                content=content,
                sha256=hashlib.sha256(content).hexdigest(),
            )
            for kind in Kind
            for ending in (["xlsx"] if kind == Kind.TABLES else TYPES)
            for content in [self.drawn(kind, ending)]
        ]

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


def file_name(committee: Committee, period: Period, kind: str) -> str:
    """What a file of these is called, without ending."""
    return wording.file_name(f"{Kind(kind).label} {period} {committee}")

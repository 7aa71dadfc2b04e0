"""One row per kind of paper: what gathers and composes it, its series of numbers, when it is locked, who made it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ballots.models import Paper
from ballots.papers.ballots.data import BallotSheetData
from ballots.papers.ballots.text import compose_ballot
from ballots.papers.lists import gather as lists
from ballots.papers.lists.data import (
    ChecklistData,
    ProposalsData,
    SummaryData,
    UnratedData,
    UpwardData,
)
from ballots.papers.lists.text import (
    compose_checklist,
    compose_proposals,
    compose_summary,
    compose_unrated,
)
from ballots.papers.lists.upward_gather import gather_upward
from ballots.papers.lists.upward_text import compose_upward
from ballots.papers.minutes.count_text import compose_count
from ballots.papers.minutes.data import CountData, MinutesData
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.minutes.text import compose_minutes
from ballots.papers.personal.data import PersonalData
from ballots.papers.personal.text import compose_form
from ballots.papers.press.document import Document
from ballots.papers.report.data import ReportData
from ballots.papers.report.gather import gather_report
from ballots.papers.report.text import compose_report
from ballots.papers.rulings.data import (
    NoticeData,
    RecognitionData,
    ReratingData,
    RulingsData,
)
from ballots.papers.rulings.text import (
    compose_notice,
    compose_recognition,
    compose_rerating,
    compose_rulings,
)
from cells.models import Meeting

LockedData = (
    MinutesData
    | CountData
    | ReportData
    | ProposalsData
    | SummaryData
    | UnratedData
    | UpwardData
    | ChecklistData
)
RulingData = RecognitionData | RulingsData | ReratingData | NoticeData
ComposedData = LockedData | PersonalData | BallotSheetData | RulingData

CELL, CLERK, TELLERS = "Chi bộ", "Thư ký hội nghị", "Tổ kiểm phiếu"


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper that is locked. It is stored, and called in Vietnamese, as Paper.Kind says.

    `data`: what `gather` makes and `compose` writes out.
    `made_by`: as the checklist (danh mục) names who made it; "" for the checklist, which does not list itself.
    `series`: in which cells that number their papers number it, "" where it carries no number.
    `with_minutes`: it is locked when the minutes are passed; the others when the cell's file is sent up.
    `enclosed`: the report to the committee above names it as enclosed (kèm theo).
    """

    kind: Paper.Kind
    data: type
    gather: Callable[[Meeting], LockedData]
    compose: Callable[[Any], Document]
    made_by: str = CELL
    series: str = ""
    with_minutes: bool = False
    enclosed: bool = False


def _upward(meeting: Meeting) -> UpwardData:
    enclosed = [row.kind.label for row in KINDS.values() if row.enclosed]
    return gather_upward(meeting, enclosed)


def _checklist(meeting: Meeting) -> ChecklistData:
    made_by = {row.kind: row.made_by for row in KINDS.values() if row.made_by}
    return lists.gather_checklist(meeting, made_by)


# In the order of the file.
KINDS: Mapping[str, PaperKind] = {
    row.kind.value: row
    for row in (
        PaperKind(
            Paper.Kind.MINUTES,
            MinutesData,
            gather_minutes,
            compose_minutes,
            made_by=CLERK,
            series=Paper.Series.MINUTES,
            with_minutes=True,
            enclosed=True,
        ),
        PaperKind(
            Paper.Kind.COUNT,
            CountData,
            gather_count,
            compose_count,
            made_by=TELLERS,
            series=Paper.Series.MINUTES,
            with_minutes=True,
            enclosed=True,
        ),
        PaperKind(
            Paper.Kind.REPORT,
            ReportData,
            gather_report,
            compose_report,
            series=Paper.Series.REPORT,
        ),
        PaperKind(
            Paper.Kind.PROPOSALS,
            ProposalsData,
            lists.gather_proposals,
            compose_proposals,
            enclosed=True,
        ),
        PaperKind(
            Paper.Kind.SUMMARY,
            SummaryData,
            lists.gather_summary,
            compose_summary,
            enclosed=True,
        ),
        PaperKind(
            Paper.Kind.UNRATED,
            UnratedData,
            lists.gather_unrated,
            compose_unrated,
            enclosed=True,
        ),
        PaperKind(
            Paper.Kind.UPWARD, UpwardData, _upward, compose_upward, series=Paper.Series.REPORT
        ),
        PaperKind(Paper.Kind.CHECKLIST, ChecklistData, _checklist, compose_checklist, made_by=""),
    )
}
OF_MINUTES = tuple(kind for kind, row in KINDS.items() if row.with_minutes)
OF_FILE = tuple(kind for kind in KINDS if kind not in OF_MINUTES)
SERIES: Mapping[str, str] = {kind: row.series for kind, row in KINDS.items() if row.series}


@dataclass(frozen=True)
class RulingKind:
    """A paper of the committee above, drafted for its office, which numbers, signs and keeps it: never locked here."""

    label: str
    data: type
    compose: Callable[[Any], Document]


RECOGNITION, LIST, RERATING, NOTICE = "recognition", "rulings", "rerating", "notice"
RULINGS: Mapping[str, RulingKind] = {
    RECOGNITION: RulingKind("Quyết định công nhận", RecognitionData, compose_recognition),
    LIST: RulingKind("Danh sách kèm theo", RulingsData, compose_rulings),
    RERATING: RulingKind("Quyết định xếp loại lại", ReratingData, compose_rerating),
    NOTICE: RulingKind("Thông báo kết quả", NoticeData, compose_notice),
}
_COMPOSERS: Mapping[type, Callable[[Any], Document]] = {
    **{row.data: row.compose for row in KINDS.values()},
    # Printed and never locked.
    **{row.data: row.compose for row in RULINGS.values()},
    PersonalData: compose_form,
    BallotSheetData: compose_ballot,
}


def compose(data: ComposedData) -> Document:
    """The blocks of a paper, of which its PDF and its .docx are made."""
    return _COMPOSERS[type(data)](data)

"""One row per kind of paper: what gathers it, its series of numbers, when it is locked, who made it.

How each is written out: ballots/papers/composing.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ballots.models import Paper
from ballots.papers.ballots.data import BallotSheetData
from ballots.papers.lists import gather as lists
from ballots.papers.lists.data import (
    ChecklistData,
    ProposalsData,
    SummaryData,
    UnratedData,
    UpwardData,
)
from ballots.papers.lists.upward_gather import gather_upward
from ballots.papers.minutes.data import CountData, MinutesData
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.personal.data import PersonalData
from ballots.papers.report.data import ReportData
from ballots.papers.report.gather import gather_report
from ballots.papers.rollups.data import CommitteeReportData, RollupTableData
from ballots.papers.rulings.data import (
    JointDecisionData,
    JointListData,
    NoticeData,
    RecognitionData,
    ReratingData,
    RulingsData,
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
JointData = JointDecisionData | JointListData
RulingData = RecognitionData | RulingsData | ReratingData | NoticeData | JointData
RollupData = RollupTableData | CommitteeReportData
ComposedData = LockedData | PersonalData | BallotSheetData | RulingData | RollupData

CELL, CLERK, TELLERS = "Chi bộ", "Thư ký hội nghị", "Tổ kiểm phiếu"


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper that is locked. It is stored, and called in Vietnamese, as Paper.Kind says.

    `made_by`: as the checklist (danh mục) names who made it; "" for the checklist, which does not list itself.
    `series`: in which cells that number their papers number it, "" where it carries no number.
    `with_minutes`: it is locked when the minutes are passed; the others when the cell's file is sent up.
    `enclosed`: the report to the committee above names it as enclosed (kèm theo).
    """

    kind: Paper.Kind
    gather: Callable[[Meeting], LockedData]
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
            gather_minutes,
            made_by=CLERK,
            series=Paper.Series.MINUTES,
            with_minutes=True,
            enclosed=True,
        ),
        PaperKind(
            Paper.Kind.COUNT,
            gather_count,
            made_by=TELLERS,
            series=Paper.Series.MINUTES,
            with_minutes=True,
            enclosed=True,
        ),
        PaperKind(Paper.Kind.REPORT, gather_report, series=Paper.Series.REPORT),
        PaperKind(Paper.Kind.PROPOSALS, lists.gather_proposals, enclosed=True),
        PaperKind(Paper.Kind.SUMMARY, lists.gather_summary, enclosed=True),
        PaperKind(Paper.Kind.UNRATED, lists.gather_unrated, enclosed=True),
        PaperKind(Paper.Kind.UPWARD, _upward, series=Paper.Series.REPORT),
        PaperKind(Paper.Kind.CHECKLIST, _checklist, made_by=""),
    )
}
OF_MINUTES = tuple(kind for kind, row in KINDS.items() if row.with_minutes)
OF_FILE = tuple(kind for kind in KINDS if kind not in OF_MINUTES)
SERIES: Mapping[str, str] = {kind: row.series for kind, row in KINDS.items() if row.series}

RECOGNITION, LIST, RERATING, NOTICE = "recognition", "rulings", "rerating", "notice"
# Papers of the committee above, drafted for its office, which numbers, signs and keeps them: never locked here.
RULINGS: Mapping[str, str] = {
    RECOGNITION: "Quyết định công nhận",
    LIST: "Danh sách kèm theo",
    RERATING: "Quyết định xếp loại lại",
    NOTICE: "Thông báo kết quả",
}

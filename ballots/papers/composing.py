"""What writes out the data of a paper; loaded with the first one (tests/test_start.py)."""

from collections.abc import Callable, Mapping
from typing import Any

from ballots.papers.ballots.data import BallotSheetData
from ballots.papers.ballots.text import compose_ballot
from ballots.papers.kinds import ComposedData
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
from ballots.papers.lists.upward_text import compose_upward
from ballots.papers.minutes.count_text import compose_count
from ballots.papers.minutes.data import CountData, MinutesData
from ballots.papers.minutes.text import compose_minutes
from ballots.papers.personal.data import PersonalData
from ballots.papers.personal.text import compose_form
from ballots.papers.press.document import Document
from ballots.papers.report.data import ReportData
from ballots.papers.report.text import compose_report
from ballots.papers.rollups.data import CommitteeReportData, RollupTableData
from ballots.papers.rollups.text import compose_committee_report, compose_rollup
from ballots.papers.rulings.data import (
    JointDecisionData,
    JointListData,
    NoticeData,
    RecognitionData,
    ReratingData,
    RulingsData,
)
from ballots.papers.rulings.joint_text import compose_joint_decision, compose_joint_list
from ballots.papers.rulings.text import (
    compose_notice,
    compose_recognition,
    compose_rerating,
    compose_rulings,
)

COMPOSERS: Mapping[type, Callable[[Any], Document]] = {
    MinutesData: compose_minutes,
    CountData: compose_count,
    ReportData: compose_report,
    ProposalsData: compose_proposals,
    SummaryData: compose_summary,
    UnratedData: compose_unrated,
    UpwardData: compose_upward,
    ChecklistData: compose_checklist,
    # Printed and never locked.
    RecognitionData: compose_recognition,
    RulingsData: compose_rulings,
    ReratingData: compose_rerating,
    NoticeData: compose_notice,
    # Of a committee on many cells, locked in a row of their own.
    JointDecisionData: compose_joint_decision,
    JointListData: compose_joint_list,
    RollupTableData: compose_rollup,
    CommitteeReportData: compose_committee_report,
    PersonalData: compose_form,
    BallotSheetData: compose_ballot,
}


def compose(data: ComposedData) -> Document:
    """The blocks of a paper, of which its PDF and its .docx are made."""
    return COMPOSERS[type(data)](data)

"""Rows to write at once: what the races of constraints are run on."""

from datetime import date

from ballots.models import (
    Classification,
    CommitteeDecision,
    Decision,
    DecisionPaper,
    Job,
    Paper,
    Poll,
    Submission,
)
from cells.models import Collective, Meeting
from members.models import Finding, SelfReview
from tests.kit import factories

THREADS = 4


class World:
    """A meeting whose first poll is planned, and a member of its cell who came later than its list."""

    def __init__(self) -> None:
        self.meeting = factories.make_open_meeting(3)
        self.cell = self.meeting.cell
        self.poll, self.later = Poll.objects.order_by("number")
        self.member = factories.make_member(self.cell)
        self.others = [factories.make_member(self.cell) for _ in range(THREADS)]
        self.user = factories.make_user()
        self.review = SelfReview.objects.create(
            cell=self.others[0].cell,
            member=self.others[0],
            campaign=self.meeting.campaign,
            kind="member",
        )
        self.empty = Meeting.objects.create(
            cell=factories.make_cell(self.cell.committee),
            campaign=self.meeting.campaign,
            starts_at=self.meeting.starts_at,
        )
        self.returned = Submission.objects.create(meeting=self.empty, by=self.user)
        self.decision = Decision.objects.create(
            meeting=self.empty, symbol="1-QĐ/ĐU", dated=date(2026, 12, 1), by=self.user
        )
        self.paper = factories.make_paper(self.empty, "summary")
        self.level = Classification.objects.create(
            meeting=self.empty, member=self.member, source="vote", level="HTT"
        )
        self.scan = factories.make_attachment(self.cell, self.user)
        self.job = Job.objects.create(kind="backup", about="Sao lưu")
        self.act = act_of(self, "1-QĐ/ĐU")
        self.act.save()
        self.body = Collective.objects.create(meeting=self.empty, name="Chi ủy", size=3)


KINDS = ["report", "proposals", "summary", "unrated"]


def paper_of(w: World, **values) -> Paper:
    return Paper(meeting=w.meeting, cell=w.cell, pdf=b"", docx=b"", **values)


def act_of(w: World, symbol: str) -> CommitteeDecision:
    """A paper on many files."""
    about = {"committee": w.cell.committee, "year": 2026, "kind": "year", "by": w.user}
    return CommitteeDecision(symbol=symbol, dated=date(2026, 12, 1), **about)


def act_paper_of(w: World, number: int) -> DecisionPaper:
    """Its list, with bytes of its own."""
    return DecisionPaper(act=w.act, kind="list", pdf=b"", docx=b"", sha256=str(number))


def finding_of(w: World, **values) -> Finding:
    """A flag that is confirmed."""
    values |= {"kind": "flag", "key": "discipline", "by": w.user}
    return Finding(cell=w.cell, campaign=w.meeting.campaign, **values)

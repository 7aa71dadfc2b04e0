"""What the checks of a cell's file look at, read at once, and what a check says."""

from dataclasses import dataclass
from enum import StrEnum

from ballots.appraisal import subjects
from ballots.appraisal.subjects import SubjectAppraisal
from ballots.models import Paper, Submission
from ballots.papers import numbers
from ballots.results import figures, totals
from ballots.results.figures import Figures
from cells.law.guidance import load_pack
from cells.law.review_forms import COLLECTIVE, ReviewForm
from cells.models import Meeting
from members.models import Attachment, Attendance, ReviewLine, SelfReview


class State(StrEnum):
    """How one line stands: fine, to be looked at (may be sent), to be mended first."""

    FINE = "fine"
    LOOK = "look"
    MEND = "mend"

    @property
    def words(self) -> str:
        """What stands beside the sign, for colour is never the only one."""
        return {"fine": "Đạt", "look": "Nên xem lại", "mend": "Phải sửa trước"}[self.value]


@dataclass(frozen=True)
class Check:
    """One line of the list: what was looked at, how it stands, and the page that cures it ("" where all is well)."""

    title: str
    state: State
    sentence: str
    cure_url: str = ""
    cure_label: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is to be done."""
        return self.state == State.FINE


@dataclass(frozen=True)
class Group:
    """Lines about one thing, under its heading."""

    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Evidence:
    """All that the checks look at, as it stands now."""

    meeting: Meeting
    form: ReviewForm
    figures: Figures
    stored: totals.Result  # what the committee above will count
    listed: tuple[Attendance, ...]
    lines: tuple[ReviewLine, ...]  # the year's list, without who left before the meeting
    handed_in: frozenset[int]  # members whose self-review is in
    kinds: frozenset[str]  # of the papers in force
    signed: bool
    numbered: bool  # whether the cell numbers its papers
    appraisals: tuple[SubjectAppraisal, ...]
    sent: bool  # it lies with the committee above

    @property
    def is_passed(self) -> bool:
        """Whether the minutes are locked, and with them what the meeting heard and decided."""
        return Paper.Kind.MINUTES in self.kinds

    @property
    def curable(self) -> State:
        """How a gap in what the meeting heard stands: to be filled, until the minutes are locked."""
        return State.LOOK if self.is_passed else State.MEND

    @classmethod
    def load(cls, meeting: Meeting) -> "Evidence":
        """Read everything, in a fixed number of queries."""
        cell, campaign, rules = meeting.cell, meeting.campaign, meeting.rules
        voted = figures.load(meeting)
        reviews = SelfReview.objects.of(cell, campaign).filter(state=SelfReview.State.SUBMITTED)
        papers = Paper.objects.current().filter(meeting=meeting)
        scans = Attachment.objects.of(cell, campaign).current()
        return cls(
            meeting=meeting,
            form=ReviewForm.from_pack(load_pack(rules.version), COLLECTIVE, rules),
            figures=voted,
            stored=totals.results([meeting.pk])[meeting.pk],
            listed=tuple(Attendance.objects.of(meeting)),
            lines=tuple(ReviewLine.objects.of(cell, campaign).standing()),
            handed_in=frozenset(reviews.values_list("member_id", flat=True)),
            kinds=frozenset(papers.values_list("kind", flat=True)),
            signed=scans.filter(kind=Attachment.Kind.SIGNED).exists(),
            numbered=numbers.are_used(cell),
            appraisals=subjects.load(meeting, voted),
            sent=Submission.objects.is_above(meeting),
        )

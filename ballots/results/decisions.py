"""What the committee above decides about: everybody the cell rates, with what the cell proposes and how it voted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ballots.results import classification, figures
from ballots.results.figures import Figures, Outcome
from cells.models import Collective, Level, Meeting
from members.models import Member

LEVELS = dict(Level.choices)
NO_OPINION = "Không có ý kiến"


@dataclass(frozen=True)
class Case:
    """One subject of a decision; levels are codes, "" where there is none."""

    key: str  # as in the addresses of appraisals
    name: str
    member: Member | None
    collective: Collective | None  # neither: the cell itself
    self_level: str
    proposed: str
    votes: tuple[
        tuple[str, int], ...
    ]  # of the last poll that named it, per level; () where nothing was voted
    decided: str
    because: str  # why so, where that was said
    as_leader: str  # of a leader: by whom and how rated where the post is held
    concluded: str = ""  # by the committee's own meeting on which the decision rests

    def needs_reason(self, level: str) -> bool:
        """Whether deciding so departs from what the cell proposes, or the committee concludes; "" never does."""
        return departs(level, self.proposed, self.concluded)

    def has_new_reason(self, reason: str) -> bool:
        """Whether this corrects why it was decided so; "" says nothing new."""
        return bool(self.decided) and reason not in ("", self.because)

    @property
    def departs(self) -> bool:
        """Whether what is decided is not what the cell proposes."""
        return departs(self.decided, self.proposed)


def departs(level: str, *stated: str) -> bool:
    """Whether a level is another than one of those stated; what was not stated, "", nothing departs from."""
    return bool(level) and any(level != each for each in stated if each)


def cases_of(meeting: Meeting) -> list[Case]:
    """The cell first, where it is rated, its leadership collectives, then its rated members in list order.

    A fixed number of queries.
    """
    meeting_figures = figures.load(meeting)
    return [_case(meeting_figures, outcome) for outcome in meeting_figures.outcomes]


def _case(meeting_figures: Figures, outcome: Outcome) -> Case:
    decided = outcome.in_force.decided
    return Case(
        key=outcome.address,
        name=f"Đ/c {outcome.name}" if outcome.member else outcome.name,
        member=outcome.member,
        collective=outcome.collective,
        self_level=outcome.self_level,
        proposed=outcome.level or "",
        votes=_votes(meeting_figures, outcome),
        decided=decided.level if decided else "",
        because=decided.reason if decided else "",
        as_leader=outcome.as_leader.words if outcome.as_leader else "",
    )


def _votes(meeting_figures: Figures, outcome: Outcome) -> tuple[tuple[str, int], ...]:
    rows = [row for poll in meeting_figures.polls for row in poll.rows if row.is_about(outcome)]
    if not rows:
        return ()
    return (*((level, rows[-1].counts[level]) for level in LEVELS), (NO_OPINION, rows[-1].blank))


def cap_of(meeting: Meeting, cases: Sequence[Case]) -> str:
    """What the cap says of the levels decided for members, in words with both readings; "" where it holds."""
    decided = Counter(case.decided for case in cases if case.member)
    rules = meeting.rules
    check = classification.check_cap(decided, rules)
    return classification.cap_sentence(check, rules.cap, "được quyết định")

"""Duyệt hàng loạt: what would be approved at once, looked at first, and approved as it was seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from ballots.committee.queue.waiting import part_of, waiting_files
from ballots.committee.review.verbs import approve
from ballots.core.verbs import Refused
from ballots.dossier import checks
from ballots.dossier.exceptions import exceptions_of
from ballots.models import Submission
from cells.models import Committee, Meeting
from members.models import User

MOST = 50  # files of one preview
PART = 5  # of which so many are looked at while the page waits; the others come after it, as many each time


@dataclass(frozen=True)
class Looked:
    """One file of the preview: how many it rates, and why it is left out; empty where it is clean."""

    sending: Submission
    level: str
    rated: int
    exceptions: tuple[str, ...]
    state: checks.State  # of what is named first: to be mended, or only to be looked at

    @property
    def meeting(self) -> Meeting:
        """Whose file it is."""
        return self.sending.meeting

    @property
    def key(self) -> str:
        """By which a form names it: the meeting, and which sending was seen."""
        return f"{self.sending.meeting_id}:{self.sending.number}"


def preview(committee: Committee, start: int = 0) -> list[Looked]:
    """A part of the files that come first, of MOST in all: each looked at as its own page does.

    A fixed number of queries each; `start`: how many of them came before.
    """
    rows = waiting_files(committee).select_related("meeting__cell__committee", "meeting__campaign")
    part = part_of(rows, committee, start, min(start + PART, MOST))
    return [_looked(sending) for sending in part]


def _looked(sending: Submission) -> Looked:
    evidence = checks.Evidence.load(sending.meeting)
    groups = checks.groups_of(evidence)
    found = exceptions_of(evidence, groups)
    mends = checks.lines_of(groups, checks.State.MEND)
    state = checks.State.MEND if mends else checks.State.LOOK if found else checks.State.FINE
    own = evidence.figures.cell
    level = (own.level or "") if own else ""
    return Looked(sending, level, evidence.figures.distribution.of, tuple(found), state)


def seen_by(user: User, meetings: Iterable[int]) -> list[Meeting]:
    """Those of these meetings that are of cells below the officer, in one order for all."""
    seen = Meeting.objects.filter(cell__in=user.cells()) & user.meetings()
    rows = seen.filter(pk__in=list(meetings)).select_related("cell__committee", "campaign")
    return list(rows.order_by("pk"))


def approve_all(
    user: User, chosen: Iterable[tuple[Meeting, int]]
) -> tuple[int, list[tuple[Meeting, str]]]:
    """Approve each as it was seen, by itself: one that has changed since is left out and named, and holds up no other.

    Each is looked at once more under its lock; only a clean one is approved.
    """
    approved, left_out = 0, []
    for meeting, number in chosen:
        try:
            approve(user, meeting, number, clean=True)
            approved += 1
        except Refused as refusal:
            left_out.append((meeting, str(refusal)))
    return approved, left_out

"""A committee's own meeting: what cells have sent up, who sits on the committee, and the meeting as it is held."""

from ballots.committee.sitting import verbs as sitting
from ballots.committee.sitting.cases import Case, cases_of, offers_before
from ballots.models import Classification, Poll, Submission
from cells.models import Cell, Committee, Level, Meeting
from members.models import Attendance, Member
from tests.kit import factories, polls, verbs
from tests.kit.made_once import made_once


def cases_before(meeting: Meeting) -> list[Case]:
    """All that this meeting may vote on, with their names."""
    return cases_of(meeting, offers_before(meeting))


def send(cell: Cell, size: int = 3, **values) -> Meeting:
    """The cell's meeting, which has proposed HTT for itself and its members, HTXS for the first; its file sent up."""
    meeting = factories.make_meeting(size, cell=cell, **values)
    levels = {None: "HTT"} | {
        row.member: "HTXS" if place == 1 else "HTT"
        for place, row in enumerate(Attendance.objects.of(meeting), start=1)
    }
    for member, level in levels.items():
        Classification.objects.create(
            meeting=meeting, member=member, level=level, source=Classification.Source.VOTE
        )
    Submission.objects.create(meeting=meeting, number=1, by=factories.secretary_of(meeting))
    return meeting


def seat_people(committee: Committee, size: int = 5) -> list[Member]:
    """A secretary, a deputy and others of the standing committee, who stand in a cell of the committee."""
    cell = factories.make_cell(committee, "Chi bộ Cơ quan")
    posts = ["secretary", "deputy", *["standing"] * (size - 2)]
    members = factories.make_members(cell, size)
    for member, post in zip(members, posts, strict=True):
        factories.make_seat(committee, member, post)
    return members


@made_once
def make_planned_sitting(size: int = 5, period: str = "year") -> Meeting:
    """A meeting of the standing committee of `size`, with one ballot on the one cell that has sent its file."""
    committee = factories.make_committee("Đảng bộ phường An Phú")
    officer = factories.make_user(committee=committee)
    send(factories.make_cell(committee, "Chi bộ 1"), kind=period)
    meeting = factories.make_sitting(committee, *seat_people(committee, size), period=period)
    cells = [case for case in cases_before(meeting) if case.is_cell]
    sitting.plan_case_poll(officer, meeting, "Xếp loại các chi bộ", cells, Level.values)
    return meeting


@made_once
def make_open_sitting(size: int = 5, period: str = "year") -> Meeting:
    """The same, open: everybody is there, tellers are named and have confirmed the roll."""
    return factories.convene(make_planned_sitting(size, period))


# Who may hold a ballot: the same machinery, attacked alike.
BODIES = {"of a cell": factories.make_open_meeting, "of a committee": make_open_sitting}


def vote(meeting: Meeting, *ballots: list[int]) -> None:
    """Play every planned poll of an open meeting, each ballot marking all its rows as its list says, over and over."""
    for poll in Poll.objects.filter(meeting=meeting, state=Poll.State.PLANNED).order_by("number"):
        rows = poll.subjects.count()
        polls.play(poll, *[[marks[at % len(marks)] for at in range(rows)] for marks in ballots])


def end(meeting: Meeting, symbol: str = "12-BB/ĐU") -> None:
    """Pass its minutes and close it."""
    officer = factories.secretary_of(meeting)
    voters = Attendance.objects.filter(meeting=meeting).voters_here()
    at = meeting.starts_at.replace(hour=11)
    verbs.pass_minutes(officer, meeting, voters, voters, at, symbol=symbol)
    verbs.close_meeting(officer, meeting)

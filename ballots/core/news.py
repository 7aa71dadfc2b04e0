"""Whom what was done to a file concerns: who runs its cell, or the officers above who take it. No line of a poll."""

from collections.abc import Sequence

from ballots.models import CommitteeFile
from cells.models import Committee, Meeting
from members.models import News, User


def about_file(meeting: Meeting) -> str:
    """What a line says it is about: the cell, as it is called now, and the period."""
    return f"{meeting.cell}, {meeting.campaign.period}"


def tell_cell(user: User, kind: News.Kind, meeting: Meeting) -> None:
    """Who runs the meeting's cell reads of it."""
    accounts = User.running([meeting.cell])
    News.objects.tell(accounts, kind, about_file(meeting), meeting.pk, user.pk)


def tell_cells(user: User, kind: News.Kind, meetings: Sequence[Meeting]) -> None:
    """The same of many files: a fixed number of queries."""
    by_cell = {meeting.cell.pk: meeting for meeting in meetings}
    running = {account: by_cell[cell] for account, cell in User.running(by_cell).items()}
    lines = [(account, about_file(meeting), meeting.pk) for account, meeting in running.items()]
    News.objects.tell_each(lines, kind, user.pk)


def tell_above(kind: News.Kind, meeting: Meeting, by: User | None = None) -> None:
    """The officers over its cell read of it; `by`: who did it, where that was an officer."""
    accounts = User.nearest(meeting.cell.committee)
    News.objects.tell(accounts, kind, about_file(meeting), meeting.pk, by.pk if by else None)


def tell_committee(user: User, kind: News.Kind, committee: Committee, file: CommitteeFile) -> None:
    """The officers of a committee, or who stands in for them above, read of the report that was sent."""
    about = f"{file.committee}, {file.period.words}"
    News.objects.tell(User.nearest(committee), kind, about, file.pk, user.pk)

"""Whom what was done to a file concerns: who runs its cell, or the officers above who take it.

Of a poll there is no line, but that its sealed envelope was opened.
"""

from collections.abc import Sequence

from ballots.models import CommitteeFile, EnvelopeOpening
from cells.models import Committee, Meeting
from members.models import News, User


def about_file(meeting: Meeting, reader: Committee | None = None) -> str:
    """What a line says it is about: the cell, as it is called now, and the period.

    `reader`: the committee whose officers read it; further up than the cell's own it knows many of one name.
    """
    name = meeting.cell.named_below(reader) if reader else str(meeting.cell)
    return f"{name}, {meeting.campaign.period}"


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
    near = User.nearest(meeting.cell.committee)
    lines = [(account, about_file(meeting, over), meeting.pk) for account, over in near.items()]
    News.objects.tell_each(lines, kind, by.pk if by else None)


def tell_committee(user: User, kind: News.Kind, committee: Committee, file: CommitteeFile) -> None:
    """The officers of a committee, or who stands in for them above, read of the report that was sent."""
    about = f"{file.committee}, {file.period.words}"
    News.objects.tell(User.nearest(committee), kind, about, file.pk, user.pk)


def tell_of_opening(user: User, opening: EnvelopeOpening) -> None:
    """Who holds the meeting, and the officers above it, read that an envelope of theirs was opened.

    The line says whose meeting it was; who opened it and why is read from the opening, and not written twice.
    """
    meeting = opening.envelope.poll.meeting
    if meeting.committee:
        about, above = f"{meeting.body_name}, {meeting.campaign.period}", meeting.committee.above
        told = dict.fromkeys(User.nearest(meeting.committee), about)
        told |= dict.fromkeys(User.nearest(above) if above else (), about)
    else:
        told = dict.fromkeys(User.running([meeting.cell]), about_file(meeting))
        near = User.nearest(meeting.over)
        told |= {account: about_file(meeting, over) for account, over in near.items()}
    lines = [(account, about, opening.pk) for account, about in told.items()]
    News.objects.tell_each(lines, News.Kind.ENVELOPE_OPENED, user.pk)

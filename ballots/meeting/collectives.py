"""Which leadership collectives a meeting reviews: chosen by the cell, none unless it says so."""

from django.db import transaction
from django.db.models import F, ProtectedError

from ballots.core.verbs import Refused, must_be_editable
from ballots.models import Poll, Subject
from ballots.models.box import PollQuerySet
from ballots.results.classification import LEADERSHIP
from ballots.voting.planning import add_poll, strike, write_subjects
from cells.law.rules import NONE
from cells.models import Collective, Level, Meeting
from members.models import User

VOTED = "Đã có lượt bỏ phiếu về tập thể lãnh đạo nên danh sách các tập thể không đổi được nữa."
NOT_HERE = "Chi bộ không kiểm điểm riêng tập thể lãnh đạo. {}."
NAMED = "{} đã có ý kiến góp ý, lượt bỏ phiếu hoặc mức xếp loại nên không bỏ khỏi hội nghị được."


@transaction.atomic(durable=True)
def add_collective(user: User, meeting: Meeting, name: str, size: int) -> Collective:
    """Let the meeting review a leadership collective, and vote on it before its head unless it is too small for that.

    Raises Refused where the rules have none, or once the meeting has begun to vote on any; ValidationError with the
    constraint's sentence.
    """
    meeting = must_be_editable(user, meeting)
    _must_not_be_voted(meeting)
    if meeting.rules.collectives == NONE:
        raise Refused(NOT_HERE.format(meeting.rules.origin("collectives").words))
    collective = Collective(meeting=meeting, name=name, size=size)
    collective.full_clean()
    collective.save(force_insert=True)
    plan_poll_first(meeting)
    user.record("collective.added", meeting, name=name, size=size)
    return collective


@transaction.atomic(durable=True)
def drop_collective(user: User, collective: Collective) -> None:
    """Review it no more; Refused once anything was said, voted or concluded about it."""
    meeting = must_be_editable(user, collective.meeting)
    _must_not_be_voted(meeting)
    for poll in list(_planned(meeting).filter(subjects__collective=collective)):
        strike(poll, poll.subjects.filter(collective=collective))
    try:
        collective.delete()
    except ProtectedError as error:
        raise Refused(NAMED.format(collective)) from error
    user.record("collective.dropped", meeting, name=collective.name)


def take_over(meeting: Meeting) -> None:
    """Let a new meeting review what the cell's last one of the same period has reviewed, where the rules have any."""
    earlier = Meeting.objects.real().filter(
        cell=meeting.cell_id, campaign__kind=meeting.campaign.kind, kind=Meeting.Kind.MAIN
    )
    last = earlier.exclude(pk=meeting.pk).order_by("-campaign__year", "-starts_at").first()
    if last is not None and meeting.rules.collectives != NONE:
        Collective.objects.copy(last, meeting)


def plan_poll_first(meeting: Meeting) -> None:
    """Have the meeting vote on its leadership collectives, where the pack has it; before all others, unless it says.

    A planned poll on them alone takes in those that were added and stand on no other planned ballot.
    """
    asked = Subject.objects.filter(poll__in=_planned(meeting))
    on_others = asked.filter(collective=None).values("poll")
    on_them = asked.exclude(collective=None)
    planned = _planned(meeting).filter(pk__in=on_them.values("poll")).exclude(pk__in=on_others)
    poll = planned.order_by("number").first()
    elsewhere = on_them.exclude(poll=poll).values("collective")
    rated = list(Collective.objects.rated(meeting).exclude(pk__in=elsewhere))
    if not rated:
        return
    if poll is None:
        title = f"Xếp loại chất lượng tập thể lãnh đạo, quản lý {meeting.campaign.period}"
        _move_to(add_poll(meeting, title, rated, Level.values), _place(meeting))
        return
    poll.subjects.all().delete()
    write_subjects(poll, rated)


def _place(meeting: Meeting) -> int:
    """How many of the pack's polls go before the one on leadership."""
    polls = meeting.rules.polls
    return polls.index(LEADERSHIP) if LEADERSHIP in polls else 0


def _move_to(poll: Poll, place: int) -> None:
    """Let a poll go before the others from this place on, as long as none of those has begun."""
    others = list(
        Poll.objects.filter(meeting=poll.meeting_id).exclude(pk=poll.pk).order_by("number")
    )
    later = others[place:]
    if not later or any(each.state != Poll.State.PLANNED for each in later):
        return
    first = later[0].number
    Poll.objects.filter(pk=poll.pk).update(number=0)
    for each in reversed(later):
        Poll.objects.filter(pk=each.pk).update(number=F("number") + 1)
    Poll.objects.filter(pk=poll.pk).update(number=first)


def _planned(meeting: Meeting) -> PollQuerySet:
    return Poll.objects.filter(meeting=meeting, state=Poll.State.PLANNED)


def _must_not_be_voted(meeting: Meeting) -> None:
    begun = Poll.objects.filter(meeting=meeting, subjects__collective__isnull=False)
    if begun.exclude(state__in=[Poll.State.PLANNED, Poll.State.VOID]).exists():
        raise Refused(VOTED)

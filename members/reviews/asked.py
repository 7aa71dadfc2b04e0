"""Who is asked for a self-review in a campaign, and which campaigns ask one member for it."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from cells.law.guidance import load_pack
from cells.models import Campaign, Cell, Meeting
from members.models import Attendance, Member, ReviewLine, SelfReview
from members.models.people import MemberQuerySet
from members.rules.eligibility import Eligibility


def asked_in(cell: Cell, campaign: Campaign) -> MemberQuerySet:
    """Who has to be reviewed in the cell, in list order: all but those whom its list, or else its rules, excuse."""
    rules = Eligibility.from_pack(load_pack(campaign.pack))
    excused = ReviewLine.objects.excused(cell, campaign, rules)
    return ReviewLine.objects.reviewed(cell, campaign).exclude(pk__in=excused)


def campaigns_of(member: Member, today: date) -> list[Campaign]:
    """The campaigns that ask this member, the most pressing first.

    Those whose meeting is not over yet come before the others, and of them the one whose meeting, or else whose
    last day, is nearest to today.
    """
    current = Campaign.objects.current(member.cell)
    campaigns = [c for c in current if asked_in(member.cell, c).filter(pk=member.pk).exists()]
    main = Meeting.objects.filter(
        cell=member.cell_id, campaign__in=campaigns, kind=Meeting.Kind.MAIN
    )
    meetings = {meeting.campaign_id: meeting for meeting in main}

    def pressing(campaign: Campaign) -> tuple[bool, int]:
        meeting = meetings.get(campaign.pk)
        day = _day(meeting.starts_at) if meeting else campaign.span.ends_on
        return meeting is not None and meeting.is_closed, abs((day - today).days)

    return sorted(campaigns, key=pressing)


def has_to_write(member: Member, today: date) -> bool:
    """Whether the most pressing campaign still waits for this member's self-review, and no meeting gathers now."""
    gathers = Q(state=Meeting.State.OPEN) | Q(state=Meeting.State.PLANNED, code__isnull=False)
    sittings = Attendance.objects.at_sittings(member.pk).values("meeting")
    own = Q(cell=member.cell_id) | Q(pk__in=sittings)
    if Meeting.objects.filter(gathers, own).exists():
        return False
    pressing = campaigns_of(member, today)[:1]
    done = SelfReview.objects.filter(
        Q(on_paper=True) | Q(state=SelfReview.State.SUBMITTED),
        member=member,
        campaign__in=pressing,
    )
    return bool(pressing) and not done.exists()


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()

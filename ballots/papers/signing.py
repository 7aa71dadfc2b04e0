"""Who signs for the cell (T/M CHI BỘ): one rule for all papers but the minutes, whose signers have the duty."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ballots.papers.data import Signer
from cells.models import Meeting
from members.models import Attendance, Office, Transfer

SIGNING = (Office.Kind.SECRETARY, Office.Kind.DEPUTY)


def signer(meeting: Meeting, day: date) -> Signer:
    """Who signs a paper of this meeting dated that day: the secretary, else the deputy; blank where there is neither.

    A deputy signs too where the secretary was called to the meeting and did not come: what a paper says
    is vouched for by one who heard it. Where none in office came, the secretary signs all the same.
    Who has left the cell since signs what is dated before.
    """
    listed = Attendance.objects.filter(meeting=meeting)
    came = Transfer.objects.filter(
        member=OuterRef("member"), kind=Transfer.Kind.IN, since__gt=OuterRef("since")
    )
    here = Q(member__cell=meeting.cell_id) & ~Exists(came)  # an older office was held elsewhere
    held_on = timezone.localdate(meeting.starts_at)
    gone = Q(member__in=listed.values("member"), since__lte=held_on)
    offices = Office.objects.held(on=day).filter(here | gone, kind__in=SIGNING)
    away = listed.exclude(state=Attendance.State.PRESENT)
    missed = set(away.values_list("member", flat=True))
    ranked = sorted(
        offices.select_related("member"),
        key=lambda o: (o.member_id in missed, SIGNING.index(o.kind), o.since, o.pk),
    )
    if not ranked:
        return Signer(Office.Kind.SECRETARY.label.upper(), "")
    return Signer(ranked[0].get_kind_display().upper(), ranked[0].member.name)

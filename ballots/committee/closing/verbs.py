"""Kết thúc đợt kiểm điểm: from then on no new meeting and no first file; what came back is still mended."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.closing.left_open import left_open
from ballots.core.verbs import Refused
from cells.models import Campaign, Closing
from cells.models.closings import NO_REASON_TO_REOPEN
from members.models import News, User
from members.permissions import leads

CLOSED = "Đợt này đã kết thúc từ trước. Cần thay đổi thì mở lại đợt, kèm lý do."
RUNNING = "Đợt này đang mở nên không có gì để mở lại."


@transaction.atomic(durable=True)
def close_campaign(user: User, campaign: Campaign, reason: str = "") -> Closing:
    """Kết thúc đợt with what is left open noted; ValidationError where something is and no reason is given."""
    _must_lead(user, campaign)
    now = timezone.now()
    # First: who plans or sends at this moment is waited for, and counted.
    if not campaign.close(now):
        raise Refused(CLOSED)
    lines = left_open(campaign)
    row = Closing(campaign=campaign, at=now, reason=reason.strip())
    row.left_open = [[line.words, line.number] for line in lines]
    row.number = sum(line.number for line in lines)
    row.validate_constraints()
    row.save(force_insert=True)
    user.tell_below(News.Kind.CAMPAIGN_CLOSED, campaign, campaign.period, campaign.committee)
    user.record("campaign.closed", campaign, left_open=row.number, reason=row.reason)
    return row


@transaction.atomic(durable=True)
def reopen_campaign(user: User, campaign: Campaign, reason: str) -> None:
    """Mở lại đợt, for the reason that is kept beside its closing."""
    _must_lead(user, campaign)
    why = reason.strip()
    if not why:
        raise Refused(NO_REASON_TO_REOPEN)
    if not campaign.reopen():
        raise Refused(RUNNING)
    standing = Closing.objects.filter(campaign=campaign, reopened_at=None)
    standing.update(reopened_at=timezone.now(), reopening_reason=why)
    user.tell_below(News.Kind.CAMPAIGN_REOPENED, campaign, campaign.period, campaign.committee)
    user.record("campaign.reopened", campaign, reason=why)


def _must_lead(user: User, campaign: Campaign) -> None:
    """Only an officer of its committee, or of one above; a superuser is no exception."""
    if not leads(user, campaign.committee):
        raise PermissionDenied

"""Files that lie above a committee, and a draft made of them."""

from ballots.committee.quota import verbs as quota
from ballots.models import QuotaDraft, QuotaLine
from cells.law.periods import Period
from cells.models import Committee, Meeting
from tests.kit import factories, sendings, verbs
from tests.kit.made_once import made_once

PERIOD = Period(2026)


def send(committee: Committee, size: int = 4) -> Meeting:
    """One more cell of the committee, its file sent up: it proposes HTT for itself and for all but the last."""
    meeting = sendings.make_ready(size, cell=factories.make_cell(committee))
    verbs.send_up(factories.secretary_of(meeting), meeting)
    return meeting


@made_once
def make_draft(name: str = "Lần 1") -> QuotaDraft:
    """A draft of one voted file, by an officer of its committee."""
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    return quota.make(officer, meeting.cell.committee, PERIOD, name)


def line_of(draft: QuotaDraft, place: int = 0) -> QuotaLine:
    """The line of the member at this place of the draft."""
    return QuotaLine.objects.filter(draft=draft, member__isnull=False).order_by("pk")[place]

"""On which page each line of news is read."""

from collections.abc import Mapping

from django.urls import reverse

from ballots.models import EnvelopeOpening
from cells.models import Campaign
from members.models import News, User

KIND = News.Kind
# Pages of the row whose key the line has.
PAGES: Mapping[str, str] = {
    KIND.FILE_SENT: "ballots:submission",
    KIND.FILE_RETURNED: "ballots:sending",
    KIND.FILE_APPROVED: "ballots:sending",
    KIND.FILE_DECIDED: "ballots:sending",
    KIND.FILE_REOPENED: "ballots:sending",
    KIND.REPORT_SENT: "ballots:upward_file",
    KIND.REPORT_RETURNED: "ballots:upward_file",
    KIND.REPORT_APPROVED: "ballots:upward_file",
    KIND.PETITION_CAME: "ballots:decision",
    KIND.PETITION_ANSWERED: "ballots:decision",
}
OF_CAMPAIGNS = (
    KIND.CAMPAIGN_OPENED,
    KIND.CAMPAIGN_DAYS,
    KIND.CAMPAIGN_CLOSED,
    KIND.CAMPAIGN_REOPENED,
)


def address_of(user: User, line: News) -> str:
    """Where this officer reads what the line is about."""
    if line.kind in PAGES:
        return reverse(PAGES[line.kind], args=[line.key])
    if line.kind == KIND.ENVELOPE_OPENED:
        opening = EnvelopeOpening.objects.filter(pk=line.key)
        return reverse("ballots:envelope", args=[opening.values_list("envelope", flat=True).get()])
    if line.kind in (KIND.JOB_DONE, KIND.JOB_FAILED):
        return reverse("ballots:jobs")
    if line.kind in OF_CAMPAIGNS and user.committee_id:
        return _of_campaign(user, line.key)
    return reverse("ballots:home")


def _of_campaign(user: User, key: int) -> str:
    """The board in the period of the campaign: a committee below has no page of the campaign itself."""
    campaign = Campaign.objects.filter(pk=key).first()
    board = reverse("ballots:committee", args=[user.committee_id])
    return f"{board}?nam={campaign.span}" if campaign else board

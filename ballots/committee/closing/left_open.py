"""What of a campaign is still open: its cells by stage, and petitions without an answer."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ballots.committee.board.lines import PETITIONS
from ballots.committee.board.stages import Stage, begun, stage_of
from ballots.models import STANDING, Petition, Submission
from cells.models import Campaign, Cell, Meeting

# In each of these somebody still has something to do.
OPEN = (Stage.NOT_BEGUN, Stage.DOING, Stage.HELD, Stage.SENT, Stage.RETURNED)
WORDS = {
    Stage.NOT_BEGUN: "chi bộ chưa bắt đầu",
    Stage.DOING: "chi bộ đang làm, chưa họp xong",
    Stage.HELD: "chi bộ đã họp, chưa gửi hồ sơ",
    Stage.SENT: "hồ sơ chờ duyệt",
    Stage.RETURNED: "hồ sơ trả lại, chưa gửi lại",
}


@dataclass(frozen=True)
class Line:
    """One kind of work that is left: its filter on the board, how many, and of what."""

    standing: str
    number: int
    words: str


def left_open(campaign: Campaign) -> list[Line]:
    """What is left, in the order of the review: five queries, however many cells."""
    main = Meeting.objects.filter(kind=Meeting.Kind.MAIN)
    counts = _held(main.filter(campaign=campaign)) + _alone(campaign, main)
    lines = [Line(stage.value, counts[stage], WORDS[stage]) for stage in OPEN if counts[stage]]
    waiting = Petition.objects.waiting().filter(decision__meeting__campaign=campaign).count()
    return [*lines, Line(PETITIONS, waiting, "kiến nghị chờ trả lời")] if waiting else lines


def _held(meetings: QuerySet[Meeting]) -> Counter[str]:
    """Those of the cells that have their meeting under it, wherever they belong by now."""
    last = Submission.objects.filter(meeting=OuterRef("pk")).order_by("-number")
    stands = Coalesce(Subquery(last.values_list(STANDING)[:1]), Value(""))
    groups = meetings.order_by().annotate(stands=stands).values_list("state", "stands")
    counts: Counter[str] = Counter()
    for state, standing, number in groups.annotate(number=Count("pk")):
        counts[stage_of(state, standing, True)] += number
    return counts


def _alone(campaign: Campaign, main: QuerySet[Meeting]) -> Counter[str]:
    """Cells that it reaches, no nearer campaign of the period does, and that have met under none of the period."""
    span = {"campaign__year": campaign.year, "campaign__kind": campaign.kind}
    cells = Cell.objects.under(campaign.committee).standing()
    cells = cells.exclude(Exists(main.filter(cell=OuterRef("pk"), **span)))
    inside = Q(committee__path__startswith=campaign.committee.path) & ~Q(pk=campaign.pk)
    nearer = Campaign.objects.of(campaign.span).filter(inside)
    for path in nearer.values_list("committee__path", flat=True):
        cells = cells.exclude(committee__path__startswith=path)
    begun_ones = cells.filter(begun([campaign.pk])).count()
    return Counter({Stage.DOING: begun_ones, Stage.NOT_BEGUN: cells.count() - begun_ones})

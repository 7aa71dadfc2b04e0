"""What of a campaign is still open: its cells by stage, files without a decision, and petitions without an answer."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ballots.committee.board.lines import PETITIONS, UNDECIDED, alone_under, main_meetings
from ballots.committee.board.stages import Stage, begun, with_stage
from ballots.models import Decision, Petition
from cells.models import Campaign, Meeting

# What is left at each stage, and who has it to do: of a cell that has ended only what lies with the committee is left.
WORDS = {
    Stage.NOT_BEGUN.value: "chi bộ chưa bắt đầu",
    Stage.DOING.value: "chi bộ đang làm, chưa họp xong",
    Stage.HELD.value: "chi bộ đã họp, chưa gửi hồ sơ",
    Stage.SENT.value: "hồ sơ chờ duyệt",
    Stage.RETURNED.value: "hồ sơ trả lại, chưa gửi lại",
    UNDECIDED: "hồ sơ đã duyệt, chưa quyết định",
}
OF_COMMITTEE = (Stage.SENT.value, UNDECIDED)


@dataclass(frozen=True)
class Line:
    """One kind of work that is left: its filter on the board, how many, and of what."""

    standing: str
    number: int
    words: str


def left_open(campaign: Campaign) -> list[Line]:
    """What is left, in the order of the review: five queries, however many cells."""
    held = main_meetings(campaign.span).closing_with(campaign)
    counts = _held(held) + _alone(campaign)
    lines = [Line(stage, counts[stage], words) for stage, words in WORDS.items() if counts[stage]]
    every = Meeting.objects.real().closing_with(campaign)
    waiting = Petition.objects.waiting().filter(decision__meeting__in=every.values("pk")).count()
    return [*lines, Line(PETITIONS, waiting, "kiến nghị chờ trả lời")] if waiting else lines


def _held(meetings: QuerySet[Meeting]) -> Counter[str]:
    """Those of the cells that have a meeting, wherever it was planned."""
    groups = with_stage(meetings.order_by()).annotate(
        decided=Exists(Decision.objects.filter(meeting=OuterRef("pk"))),
        stands_yet=Q(cell__ended_on=None),
    )
    columns = groups.values_list("stage", "decided", "stands_yet")
    counts: Counter[str] = Counter()
    for stage, decided, is_alive, number in columns.annotate(number=Count("pk")):
        if stage == Stage.APPROVED:
            stage = "" if decided else UNDECIDED
        if is_alive or stage in OF_COMMITTEE:
            counts[stage] += number
    return counts


def _alone(campaign: Campaign) -> Counter[str]:
    """Cells that it reaches, no nearer campaign of the period does, and that have met under none of the period."""
    cells = alone_under(campaign)
    begun_ones = cells.filter(begun([campaign.pk])).count()
    return Counter(
        {Stage.DOING.value: begun_ones, Stage.NOT_BEGUN.value: cells.count() - begun_ones}
    )

"""What a draft hands to a decision: the level of every open case of every file that lies above, with its reason."""

from typing import NamedTuple

from ballots.committee.quota.changes import Changes
from ballots.models import QuotaDraft, QuotaLine
from ballots.results.classification import CELL_ADDRESS, COLLECTIVE_ADDRESS


class Ruling(NamedTuple):
    """The level of one case, and why it is not the one that its cell proposes ("" where it is)."""

    level: str
    reason: str


def rulings(draft: QuotaDraft) -> dict[int, dict[str, Ruling]]:
    """By meeting, then by the key of the case (`Case.key`): what `decide` takes as its verdicts.

    Left out: files that were returned, sent again or decided since the draft took them, what is decided already, and
    cases without a level.
    """
    lines = QuotaLine.objects.filter(draft=draft, is_decided=False).exclude(level="")
    lines = lines.exclude(file__in=list(Changes.load(draft).by_file))
    by_meeting: dict[int, dict[str, Ruling]] = {}
    columns = ("file__meeting", "member", "collective", "level", "reason")
    for meeting, member, collective, level, reason in lines.order_by("pk").values_list(*columns):
        key = CELL_ADDRESS
        if member or collective:
            key = str(member) if member else COLLECTIVE_ADDRESS.format(collective)
        by_meeting.setdefault(meeting, {})[key] = Ruling(level, reason)
    return by_meeting

"""What an installation shows its officers: told beside its dump, and asked again of what becomes of it."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ballots.backups import dumps
from ballots.models import Classification, Decision, Paper, Petition, Poll
from cells.models import Meeting
from members.models import Comment, Member, SelfReview, User
from tests.kit import factories, walk
from tests.kit.clients import browser

# When one looks: in the middle of the meeting of the second year.
NOW = datetime(2026, 12, 4, 20, 30, tzinfo=timezone.get_default_timezone())
OURS = ("cells_", "members_", "ballots_")


def shown() -> dict[str, Any]:
    """How many rows there are, what each locked paper holds, what was counted, and which pages open for whom."""
    with connection.cursor() as cursor:
        rows = dumps.count_rows(cursor)
    return {
        "rows": {table: count for table, count in rows.items() if table.startswith(OURS)},
        "papers": {str(paper.pk): downloaded(paper) for paper in Paper.objects.all()},
        "figures": {
            str(meeting.pk): above(meeting)
            .get(reverse("ballots:meeting_figures", args=[meeting.pk]))
            .json()
            for meeting in Meeting.objects.all()
            if Paper.objects.passed(meeting)
        },
        "levels": {
            str(level.pk): [level.stage, level.level, level.source]
            for level in Classification.objects.all()
        },
        "pages": {
            f"{role} {address}": who.get(address).status_code
            for role, who, meeting in looked_at()
            for each, name, address in walk.looks(places(meeting))
            if each == role and not name.endswith(walk.FILES)
        },
    }


def looked_at() -> list[tuple[str, Any, Meeting]]:
    """Roles as tests/access_table.py has them, each with a browser and the meeting whose pages it opens."""
    former, now = former_meeting(), open_meeting()
    return [
        ("secretary", below(former), former),
        ("secretary", below(now), now),
        ("above", above(former), former),
    ]


def differing(before: Any, now: Any, place: str = "") -> list[str]:
    """Where what was shown is shown no longer, or otherwise; what came to it is no difference."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        return [] if before == now else [f"{place}: {before} -> {now}"]
    gone = [f"{place} {key}: gone" for key in before if key not in now]
    return gone + [
        line
        for key, value in before.items()
        if key in now
        for line in differing(value, now[key], f"{place} {key}")
    ]


def downloaded(paper: Paper) -> dict[str, str]:
    """The check sums of its files as an officer gets them; what it says of itself is true."""
    who = above(paper.meeting)
    sums = {
        ending: hashlib.sha256(
            b"".join(who.get(reverse("ballots:paper", args=[paper.pk, ending])))
        ).hexdigest()
        for ending in ("pdf", "docx")
    }
    assert sums["pdf"] == paper.sha256
    return sums


def former_meeting() -> Meeting:
    """That of the first year, long closed and decided."""
    return Decision.objects.order_by("dated").first().meeting


def open_meeting() -> Meeting:
    """The same cell's, of this year: it has voted on itself and not on its members."""
    former = former_meeting()
    return factories.loaded(Meeting.objects.exclude(pk=former.pk).get(cell=former.cell))


def planned_meeting() -> Meeting:
    """One of a cell beside it, which has done no more than plan it."""
    return factories.loaded(Meeting.objects.filter(state="planned").order_by("pk").first())


def below(meeting: Meeting) -> Any:
    return browser(factories.secretary_of(meeting))


def above(meeting: Meeting) -> Any:
    return browser(User.objects.get(committee=meeting.cell.committee))


def places(meeting: Meeting) -> dict[str, object]:
    """What stands in the addresses of this meeting's pages, by the words of tests/access_table.py."""
    of_it, of_cell = {"meeting": meeting}, {"cell": meeting.cell}
    rows = {
        "review": SelfReview.objects.filter(**of_cell, campaign=meeting.campaign),
        "poll": Poll.objects.filter(**of_it, subjects__member__gt=0),
        "comment": Comment.objects.filter(**of_it),
        "petition": Petition.objects.filter(decision__meeting=meeting),
        "decision": Decision.objects.filter(**of_it),
    }
    first = {
        name: row.order_by("pk").values_list("pk", flat=True).first() for name, row in rows.items()
    }
    member = Member.objects.filter(**of_cell).order_by("pk")[1].pk
    return {
        "cell": meeting.cell_id,
        "committee": meeting.cell.committee_id,
        "member": member,
        "writer": member,
        "meeting": meeting.pk,
        "2026": meeting.campaign.year,
        **{name: pk for name, pk in first.items() if pk},
    }

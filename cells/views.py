"""Where an officer begins: the own cell's meeting with its next step, and the board of a committee's cells."""

import re
from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from partyreview.http import Request

from .models import Campaign, Cell, Committee, Meeting
from .wording import unaccented

PAGE = 50
NO_MEETING = "none"
# How a meeting stands, as the board says it; the order is that of its filter.
STANDINGS: dict[str, str] = {NO_MEETING: "Chưa lập hội nghị"} | dict(Meeting.State.choices)


@dataclass(frozen=True)
class Line:
    """One cell on the board: its own data and how its main meeting of the year stands."""

    pk: int
    name: str
    committee: str
    meeting: int | None
    standing: str

    @property
    def label(self) -> str:
        """How the meeting stands, in words."""
        return STANDINGS[self.standing]


@require_safe
def home(request: Request) -> HttpResponse:
    """One card per own cell; an officer of a committee alone goes straight to its board."""
    committee = request.user.committee
    cells = list(request.user.own_cells().select_related("committee"))
    if committee is not None and not cells:
        return redirect("cells:committee", committee.pk)
    meetings = request.user.meetings().filter(cell__in=cells).select_related("campaign")
    cards = [_card(cell, [m for m in meetings if m.cell_id == cell.pk]) for cell in cells]
    return render(request, "cells/home.html", {"cards": cards, "committee": committee})


def _card(cell: Cell, meetings: list[Meeting]) -> dict[str, object]:
    """The cell, its meetings still to hold, the last one held, and whether this year's is still to be planned."""
    campaign = Campaign.objects.reaching(cell.committee).first()
    held = [meeting for meeting in meetings if meeting.is_closed and not meeting.is_rehearsal]
    return {
        "cell": cell,
        "live": [meeting for meeting in meetings if not meeting.is_closed],
        "held": held,
        "campaign": campaign,
        "to_plan": campaign is not None
        and all(m.campaign_id != campaign.pk or m.kind != Meeting.Kind.MAIN for m in meetings),
    }


@require_safe
def committee(request: Request, pk: int) -> HttpResponse:
    """The board: every cell under the committee with the state of its meeting, counted, filtered, searched."""
    chosen = get_object_or_404(request.user.committees(), pk=pk)
    years = _years(chosen)
    year = _number(request.GET.get("nam"), years[0] if years else 0)
    lines = _lines(chosen, year)
    counts = Counter(line.standing for line in lines)
    asked = request.GET.get("q", "").strip()
    standing = request.GET.get("trang_thai", "")
    key = unaccented(asked).lower()
    shown = [
        line
        for line in lines
        if (not standing or line.standing == standing) and key in unaccented(line.name).lower()
    ]
    return render(
        request,
        "cells/committee.html",
        {
            "committee": chosen,
            "below": Committee.objects.get_children(chosen),
            "years": years,
            "year": year,
            "counts": [(code, label, counts[code]) for code, label in STANDINGS.items()],
            "total": len(lines),
            "standing": standing,
            "asked": asked,
            "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        },
    )


def _years(committee: Committee) -> list[int]:
    """Years in which the committee, one above it or one below it held a review, the newest first."""
    below = Campaign.objects.filter(committee__path__startswith=committee.path)
    every = below | Campaign.objects.reaching(committee)
    return sorted(set(every.order_by().values_list("year", flat=True)), reverse=True)


def _lines(committee: Committee, year: int) -> list[Line]:
    main = Meeting.objects.filter(cell=OuterRef("pk"), campaign__year=year, kind=Meeting.Kind.MAIN)
    cells = Cell.objects.under(committee).annotate(
        held=Subquery(main.values("pk")[:1]), standing=Subquery(main.values("state")[:1])
    )
    columns = ("committee__path", "pk", "name", "committee__name", "held", "standing")
    rows = sorted(cells.values_list(*columns), key=lambda row: (row[0], _natural(row[2])))
    return [
        Line(pk, name, above, meeting, standing or NO_MEETING)
        for _, pk, name, above, meeting, standing in rows
    ]


def _natural(name: str) -> str:
    """What names with numbers are sorted by: "Khu phố 7" stands before "Khu phố 11"."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), unaccented(name).lower())


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) == 4 else default


@require_safe
def cell(request: Request, pk: int) -> HttpResponse:
    """One cell: its meetings, and the way to its members."""
    chosen = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    meetings = request.user.meetings().filter(cell=chosen).select_related("campaign")
    return render(
        request,
        "cells/cell.html",
        {
            "cell": chosen,
            "meetings": meetings,
            "runs": request.user.has_perm("cells.plan_meeting", chosen),
        },
    )

"""What other programs read of a committee: totals and how far cells are. Nobody's name, no ballot, no score."""

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from ballots.committee.board.lines import Board, BoardRow
from ballots.committee.board.stages import Stage
from ballots.models import Total
from ballots.models.totals import DECIDED, PROPOSED, WAITING
from ballots.results import sums
from ballots.results.sums import Rollup, Sums
from cells.law.periods import Period
from cells.models import Campaign, Committee

PAGE = 500
Answer = dict[str, Any]


def about(committee: Committee) -> Answer:
    """The committee of the token, and of which periods there is something."""
    rows = Campaign.objects.reaching(committee).values_list("year", "kind").distinct()
    periods = sorted({Period(year, kind) for year, kind in rows.order_by()}, reverse=True)
    return {"committee": _named(committee), "periods": [str(period) for period in periods]}


def totals(committee: Committee, period: Period) -> Answer:
    """Of a committee and of each right below it, proposed and decided; a constant number of queries."""
    sent, decided = sums.files(committee, period)
    by_path = sums.by_branch(committee, period)
    children = Committee.objects.get_children(committee).order_by("path")
    below = [child for child in children if child.ended_on is None or child.path in by_path]
    return {
        "committee": _named(committee),
        "period": str(period),
        "files": {"sent": sent, "decided": decided},
        "totals": _groups(sums.of_committee(committee, period)),
        "own_cells": _groups(by_path.get(committee.path, Rollup({}))),
        "below": [
            {"committee": _named(child), "totals": _groups(by_path.get(child.path, Rollup({})))}
            for child in below
        ],
    }


def cells(committee: Committee, period: Period, page: int) -> Answer | None:
    """How far each cell below is, so many at a time; None beyond the last page."""
    board = Board(committee, period, timezone.localdate())
    pages = Paginator(board.shown("", ""), PAGE)
    if not 1 <= page <= pages.num_pages:
        return None
    counts = board.counts
    return {
        "committee": _named(committee),
        "period": str(period),
        "page": page,
        "pages": pages.num_pages,
        "stages": {stage.value: counts[stage] for stage in Stage},
        "cells": [_cell(row) for row in board.rows(list(pages.page(page)))],
    }


def _cell(row: BoardRow) -> Answer:
    return {
        "id": row.cell.pk,
        "name": row.cell.name,
        "committee": _named(row.cell.committee),
        "stage": row.stage.value,
        "label": row.stage.label,
        "is_decided": row.decided_on is not None,
    }


def _named(committee: Committee) -> Answer:
    return {"id": committee.pk, "name": committee.name}


def _groups(rollup: Rollup) -> Answer:
    """Each group of the forms, then all members together; zeros where there is nobody."""
    groups = {group: _sums(rollup.of(group)) for group in Total.Group.values}
    return {**groups, "people": _sums(rollup.people)}


def _sums(own: Sums) -> Answer:
    stages = {stage: own.at(stage) for stage in (PROPOSED, DECIDED, WAITING)}
    return {"total": own.total, "reviewed": own.reviewed, "rated": own.rated, **stages}

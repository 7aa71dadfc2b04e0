"""Two drafts side by side: group by group, and the cases whose level differs."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, F, OuterRef, Subquery, When

from ballots.committee.quota.reading import PAGE, RoomView
from ballots.models import QuotaDraft, QuotaLine
from ballots.results.quota import GroupQuota


@dataclass(frozen=True)
class Pair:
    """One group of both drafts by its name; None where one has no such group."""

    name: str
    one: GroupQuota | None
    other: GroupQuota | None


def groups(one: RoomView, other: RoomView) -> list[Pair]:
    """In the order of the first draft, then what only the second has."""
    first = {row.drafted.name: row.drafted for row in one.rows}
    second = {row.drafted.name: row.drafted for row in other.rows}
    return [Pair(name, first.get(name), second.get(name)) for name in first | second]


def page_of(one: QuotaDraft, other: QuotaDraft, page: str) -> Page[QuotaLine]:
    """One page of the cases that both have, at different levels: each with `other_level` and `other_reason`."""
    lines = QuotaLine.objects.filter(draft=one).annotate(
        other_level=_beside(other, "level"), other_reason=_beside(other, "reason")
    )
    lines = lines.filter(other_level__isnull=False).exclude(other_level=F("level"))
    lines = lines.select_related("file__meeting__cell__committee").order_by(
        "group", "name_sort", "pk"
    )
    return Paginator(lines, PAGE).get_page(page)


def _beside(other: QuotaDraft, column: str) -> Case:
    """What the other draft has of the same member, collective or cell."""
    rows = QuotaLine.objects.filter(draft=other)
    of_member = rows.filter(member=OuterRef("member"))
    of_body = rows.filter(collective=OuterRef("collective"))
    of_cell = rows.filter(file__meeting=OuterRef("file__meeting"), member=None, collective=None)
    return Case(
        When(member__isnull=False, then=Subquery(of_member.values(column)[:1])),
        When(collective__isnull=False, then=Subquery(of_body.values(column)[:1])),
        default=Subquery(of_cell.values(column)[:1]),
        output_field=CharField(),
    )

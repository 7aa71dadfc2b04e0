"""How far a cell is in the review of a period: six stages, of which each cell is in exactly one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from ballots.models import STANDING, Standing, Submission
from cells.models import Cell, Meeting
from members.models import ReviewLine, SelfReview


class Stage(models.TextChoices):
    """In the order of the review."""

    NOT_BEGUN = "none", "Chưa bắt đầu"
    DOING = "doing", "Đang làm"
    HELD = "held", "Đã họp"
    SENT = Standing.SENT.value, "Chờ duyệt"
    RETURNED = Standing.RETURNED.value, "Trả lại"
    APPROVED = Standing.APPROVED.value, "Đã duyệt"


# The first step that a cell of the stage still has to do itself, and those after it; none where it waits for others.
STEPS_LEFT: Mapping[str, tuple[str, ...]] = {
    Stage.NOT_BEGUN: ("list", "reviews", "meeting", "sending"),
    Stage.DOING: ("meeting", "sending"),
    Stage.HELD: ("sending",),
    Stage.RETURNED: ("sending",),
}

WORK_LEFT: Mapping[str, str] = {
    Stage.NOT_BEGUN: "chưa rà danh sách kiểm điểm",
    Stage.DOING: "chưa họp kiểm điểm",
    Stage.HELD: "đã họp, chưa gửi hồ sơ",
    Stage.RETURNED: "hồ sơ bị trả lại, chưa sửa và gửi lại",
}
# By which class its sign is drawn.
SIGNS: Mapping[str, str] = {
    Stage.HELD: "open",
    Stage.SENT: "act",
    Stage.RETURNED: "look",
    Stage.APPROVED: "fine",
}


def due_of(stage: str, days: Mapping[str, date]) -> date | None:
    """Until when a cell of this stage has to do its next step that has a day."""
    return next((days[step] for step in STEPS_LEFT.get(stage, ()) if step in days), None)


def with_stage(meetings: QuerySet[Meeting]) -> "QuerySet[Any]":
    """With `stage`: the one of the cell whose main meeting it is; by its last sending, before there is one its state.

    One look into an index for each meeting. Joined to a list of sendings instead, PostgreSQL reads the list anew for
    each meeting where it does not know yet how many there are, as after an import.
    """
    last = Submission.objects.filter(meeting=OuterRef("pk")).order_by("-number")
    held = When(state=Meeting.State.CLOSED, then=Value(Stage.HELD.value))
    unsent = Case(held, default=Value(Stage.DOING.value))
    return meetings.annotate(stage=Coalesce(Subquery(last.values_list(STANDING)[:1]), unsent))


def in_stage(stage: str, meetings: QuerySet[Meeting], campaigns: list[int]) -> Q:
    """The same as a condition on cells, of whose main meetings these are; `campaigns`: those of the period."""
    if stage in Standing.values:
        files = Submission.objects.standing(stage).filter(meeting__in=meetings)
        return Q(pk__in=files.values("meeting__cell"))
    met = Q(pk__in=with_stage(meetings).filter(stage=stage).values("cell"))
    if stage == Stage.HELD:
        return met
    alone = ~Q(pk__in=meetings.values("cell"))
    if stage == Stage.DOING:
        return met | (alone & begun(campaigns))
    return alone & ~begun(campaigns)


def begun(campaigns: list[int]) -> Q:
    """Cells that have made their list, or in which somebody writes: without a meeting they are at work for all that.

    One look into an index for each cell, as above: for EXISTS or EXISTS PostgreSQL reads the lists of all cells.
    """
    of_cell = {"cell": OuterRef("pk"), "campaign__in": campaigns}
    rows = (each.objects.filter(**of_cell).order_by() for each in (ReviewLine, SelfReview))
    line, written = (Subquery(each.values("cell")[:1]) for each in rows)
    return Q(IsNull(Coalesce(line, written), False))


def are_begun(cells: list[Cell], campaigns: list[int]) -> set[int]:
    """Which of these have begun."""
    mine = Cell.objects.filter(pk__in=[cell.pk for cell in cells])
    return set(mine.filter(begun(campaigns)).values_list("pk", flat=True))

"""How far a cell is in the review of a period: six stages, of which each cell is in exactly one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

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


def stage_of(state: str, standing: str, is_begun: bool) -> Stage:
    """By the state of the main meeting and how its file stands, "" where there is none; then by whether it has begun.

    Begun: the list of the review is made, somebody writes the own review, or a meeting is planned.
    """
    if standing:
        return Stage(standing)
    if state == Meeting.State.CLOSED:
        return Stage.HELD
    return Stage.DOING if state or is_begun else Stage.NOT_BEGUN


def with_standing(meetings: QuerySet[Meeting]) -> "QuerySet[Any]":
    """With `stands`: how the last sending of each stands, "" before there is one.

    One look into an index for each meeting. Joined to a list of sendings instead, PostgreSQL reads the list anew for
    each meeting where it does not know yet how many there are, as after an import.
    """
    last = Submission.objects.filter(meeting=OuterRef("pk")).order_by("-number")
    stands = Coalesce(Subquery(last.values_list(STANDING)[:1]), Value(""))
    return meetings.annotate(stands=stands)


def in_stage(stage: str, meetings: QuerySet[Meeting], campaigns: list[int]) -> Q:
    """The same as a condition on cells, of whose main meetings these are; `campaigns`: those of the period."""
    if stage in Standing.values:
        files = Submission.objects.standing(stage).filter(meeting__in=meetings)
        return Q(pk__in=files.values("meeting__cell"))
    unsent = with_standing(meetings).filter(stands="")
    held = Q(state=Meeting.State.CLOSED)
    if stage == Stage.HELD:
        return Q(pk__in=unsent.filter(held).values("cell"))
    alone = ~Q(pk__in=meetings.values("cell"))
    if stage == Stage.DOING:
        return Q(pk__in=unsent.exclude(held).values("cell")) | (alone & begun(campaigns))
    return alone & ~begun(campaigns)


def begun(campaigns: list[int]) -> Q:
    """Cells that have made their list, or in which somebody writes."""
    of_cell = {"cell": OuterRef("pk"), "campaign__in": campaigns}
    lines, written = ReviewLine.objects.filter(**of_cell), SelfReview.objects.filter(**of_cell)
    return Q(Exists(lines)) | Q(Exists(written))


def are_begun(cells: list[Cell], campaigns: list[int]) -> set[int]:
    """Which of these have begun."""
    mine = Cell.objects.filter(pk__in=[cell.pk for cell in cells])
    return set(mine.filter(begun(campaigns)).values_list("pk", flat=True))

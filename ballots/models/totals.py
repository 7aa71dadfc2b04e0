"""Số tổng hợp of the files that lie with the committee above: written with each verb, read by every committee."""

import functools
import operator
from typing import Any

from django.db import models
from django.db.models import F, Q

from cells.models import Campaign, Committee, Level, Meeting

PROPOSED, DECIDED, WAITING = "proposed", "decided", "waiting"
STAGES = (PROPOSED, DECIDED, WAITING)
COUNTS = ("total", "reviewed", "rated")


def column(stage: str, level: str) -> str:
    """The column that counts this level at this stage."""
    return f"{stage}_{level.lower()}"


COLUMNS = (*COUNTS, *(column(stage, level) for stage in STAGES for level in Level.values))


def _sum(*stages: str) -> Any:
    """All levels of these stages together."""
    columns = (F(column(stage, level)) for stage in stages for level in Level.values)
    return functools.reduce(operator.add, columns)


def _number() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(default=0)


class Total(models.Model):
    """Số của một hồ sơ: how many of one group of its subjects there are, were reviewed, rated, and at which level.

    A subject of two files of a period is counted in one of them. Nothing here is anybody's own: it is added up.
    """

    class Group(models.TextChoices):
        CELL = "cell", "Tổ chức đảng"
        COLLECTIVE = "collective", "Tập thể lãnh đạo, quản lý"
        LEADER = "leader", "Đảng viên giữ chức vụ lãnh đạo, quản lý"
        MEMBER = "member", "Đảng viên không giữ chức vụ lãnh đạo, quản lý"

    BODIES = (Group.CELL, Group.COLLECTIVE)
    PEOPLE = (Group.LEADER, Group.MEMBER)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="totals")
    group = models.CharField("đối tượng", max_length=10, choices=Group)
    # As its campaign has them: what is asked by.
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("kỳ", max_length=10, choices=Campaign.Kind)
    # Under which committee the cell stood when its file was decided: it stays there. Before that it is the cell's own.
    decided_under = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đảng bộ"
    )
    total = _number()
    reviewed = _number()
    rated = _number()
    # By the cell, by the committee above, and by the cell for whom the committee has not decided yet.
    proposed_htxs = _number()
    proposed_htt = _number()
    proposed_ht = _number()
    proposed_kht = _number()
    decided_htxs = _number()
    decided_htt = _number()
    decided_ht = _number()
    decided_kht = _number()
    waiting_htxs = _number()
    waiting_htt = _number()
    waiting_ht = _number()
    waiting_kht = _number()

    class Meta:
        verbose_name = "số tổng hợp"
        verbose_name_plural = "số tổng hợp"
        indexes = [models.Index(fields=["year", "kind"], name="totals_by_period")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "group"],
                name="one_total_per_file_and_group",
                violation_error_message="Hồ sơ này đã có số tổng hợp của đối tượng ấy.",
            ),
            models.CheckConstraint(
                condition=Q(group__in=["cell", "collective", "leader", "member"]),
                name="group_of_totals_known",
                violation_error_message="Đối tượng tổng hợp không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(rated__lte=F("reviewed"), reviewed__lte=F("total")),
                name="rated_were_reviewed_and_reviewed_are_there",
                violation_error_message="Số được xếp loại không quá số được kiểm điểm, không quá tổng số.",
            ),
            models.CheckConstraint(
                condition=Q(rated__gte=_sum(PROPOSED)) & Q(rated__gte=_sum(DECIDED, WAITING)),
                name="levels_are_of_the_rated",
                violation_error_message="Số theo từng mức cộng lại không quá số được xếp loại.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.total}"


class UnratedTotal(models.Model):
    """Chưa xếp loại, không thuộc diện: how many of one group of a file, by reason."""

    class Status(models.TextChoices):
        UNRATED = "unrated", "Chưa xếp loại"
        NOT_SUBJECT = "not_subject", "Không thuộc diện"

    total = models.ForeignKey(Total, models.CASCADE, related_name="unrated")
    status = models.CharField("diện", max_length=12, choices=Status)
    reason = models.CharField("lý do", max_length=200)
    number = models.PositiveIntegerField("số")

    class Meta:
        verbose_name = "số chưa xếp loại theo lý do"
        verbose_name_plural = "số chưa xếp loại theo lý do"
        constraints = [
            models.UniqueConstraint(
                fields=["total", "status", "reason"],
                name="one_number_per_reason",
                violation_error_message="Lý do này đã có số.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["unrated", "not_subject"])
                & ~Q(reason="")
                & Q(number__gte=1),
                name="unrated_total_has_reason_and_number",
                violation_error_message="Xin ghi lý do và số, ít nhất một.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.number}"

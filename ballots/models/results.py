"""The results: levels proposed by the cell, versioned, and the locked papers."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q

from cells.models import Level, Meeting
from members.models import Member

from .box import Poll


def new_check_code() -> str:
    """Twelve letters without look-alikes, to be typed from paper: 60 bits."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(12))


class ClassificationQuerySet(models.QuerySet["Classification"]):
    """Results of a meeting, old versions included."""

    def current(self) -> "ClassificationQuerySet":
        """Versions in force."""
        return self.filter(superseded_by=None)

    def replace(self, **values: Any) -> "Classification":
        """Write a new version, checked against every constraint, and let it supersede the one in force.

        The new row needs the old one out of the way and the old one must name the new: so the old
        points at itself for the length of this transaction's two statements.
        """
        new = Classification(**values)
        current = self.current().filter(meeting=new.meeting, member=new.member, stage=new.stage)
        old = current.first()
        if old is not None:
            current.update(superseded_by=old.pk)
        new.clean_fields(exclude=["superseded_by"])
        new.validate_constraints()
        new.save(force_insert=True)
        if old is not None:
            self.filter(pk=old.pk).update(superseded_by=new)
        return new


class Classification(models.Model):
    """Xếp loại: the level the cell proposes for a member, or for itself (no member). Corrections are new rows."""

    class Stage(models.TextChoices):
        PROPOSED = "proposed", "Chi bộ đề nghị"
        DECIDED = "decided", "Cấp trên quyết định"

    class Source(models.TextChoices):
        VOTE = "vote", "Theo kết quả bỏ phiếu"
        CHAIR = "chair", "Kết luận của chủ trì"

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    stage = models.CharField("giai đoạn", max_length=8, choices=Stage, default=Stage.PROPOSED)
    source = models.CharField("căn cứ", max_length=5, choices=Source)
    poll = models.ForeignKey(
        Poll, models.PROTECT, null=True, blank=True, verbose_name="lượt bỏ phiếu"
    )
    level = models.CharField("mức xếp loại", max_length=4, choices=Level)
    reason = models.TextField("lý do", blank=True, default="")
    superseded_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả xếp loại"
        verbose_name_plural = "kết quả xếp loại"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "stage"],
                condition=Q(superseded_by=None),
                name="one_current_level_per_member",
                violation_error_message="Đồng chí này đã có mức xếp loại đang hiệu lực.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "stage"],
                condition=Q(superseded_by=None, member=None),
                name="one_current_level_of_the_cell",
                violation_error_message="Chi bộ đã có mức xếp loại đang hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["HTXS", "HTT", "HT", "KHT"]),
                name="classified_level_known",
                violation_error_message="Mức xếp loại không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(source="chair") | ~Q(reason=""),
                name="chairs_conclusion_has_a_reason",
                violation_error_message="Kết luận của chủ trì phải có lý do.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class Paper(models.Model):
    """Văn bản đã khoá: the bytes as they were passed, never rendered again."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", "Biên bản hội nghị"
        COUNT = "count", "Biên bản kiểm phiếu"

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    kind = models.CharField("loại văn bản", max_length=10, choices=Kind)
    number = models.CharField("số", max_length=10, blank=True, default="")
    check_code = models.CharField(
        "mã kiểm tra", max_length=12, unique=True, default=new_check_code
    )
    pdf = models.BinaryField()
    docx = models.BinaryField()
    sha256 = models.CharField("SHA-256 của tệp PDF", max_length=64)
    locked_at = models.DateTimeField("khoá lúc", auto_now_add=True)

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ["meeting", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind"],
                name="one_locked_paper_of_a_kind",
                violation_error_message="Hội nghị đã có văn bản loại này được khoá.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

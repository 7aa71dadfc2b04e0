"""Hồ sơ của cấp ủy: a committee's report and tables as they were sent to the committee above, locked, and its pins."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ballots.models.submissions import APPROVAL_SAYS_WHO, RETURN_SAYS_WHO, STANDS, Standing
from cells.law.periods import Period
from cells.models import Campaign, Committee
from cells.stale import STALE
from members.models import User


class CommitteeFileQuerySet(models.QuerySet["CommitteeFile"]):
    """Sendings, asked by committee and period."""

    def of(self, committee: Committee, period: Period) -> "CommitteeFileQuerySet":
        """All sendings of this committee for this period, the first one first."""
        own = self.filter(committee=committee, year=period.year, kind=period.kind)
        return own.select_related("by__member", "by__committee").order_by("number")

    def last_ones(self, period: Period) -> "CommitteeFileQuerySet":
        """The last sending of each committee for this period: the one that counts."""
        later = self.model.objects.filter(
            committee=OuterRef("committee"),
            year=OuterRef("year"),
            kind=OuterRef("kind"),
            number__gt=OuterRef("number"),
        )
        return self.filter(year=period.year, kind=period.kind).exclude(Exists(later))

    def answer(self, file: "CommitteeFile", **values: object) -> bool:
        """Note what the committee above does with it, if it has neither approved nor returned it; whether it was."""
        return bool(self.filter(STANDS[Standing.SENT], pk=file.pk).update(**values))


class CommitteeFile(models.Model):
    """Lần gửi của cấp ủy: report and tables sent to the committee above; sent again, with a reason, a new row."""

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("kỳ", max_length=10, choices=Campaign.Kind)
    number = models.PositiveSmallIntegerField("lần gửi", default=1)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người gửi")
    at = models.DateTimeField("gửi lúc", auto_now_add=True)
    note = models.TextField("lý do gửi lại", blank=True, default="")
    # What the report says, line by line, as it was sent: {"key", "title", "words"}. A pin names a key.
    lines = models.JSONField("các dòng của báo cáo", default=list)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lại"
    )
    returned_at = models.DateTimeField("trả lại lúc", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)

    objects = CommitteeFileQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ của cấp ủy"
        verbose_name_plural = "hồ sơ của cấp ủy"
        ordering = ["committee", "year", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "kind", "number"],
                name="one_committee_file_per_number",
                violation_error_message=STALE,
            ),
            models.CheckConstraint(
                condition=Q(number=1) | (Q(number__gte=2) & ~Q(note="")),
                name="committee_sending_again_has_a_reason",
                violation_error_message="Xin ghi lý do gửi lại.",
            ),
            models.CheckConstraint(
                condition=Q(returned_by=None, returned_at=None)
                | Q(returned_by__isnull=False, returned_at__isnull=False),
                name="committee_return_has_its_officer_and_time",
                violation_error_message=RETURN_SAYS_WHO,
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, returned_at=None),
                name="committee_approval_has_its_officer_and_time",
                violation_error_message=APPROVAL_SAYS_WHO,
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo {self.period.words} của {self.committee}, lần gửi {self.number}"

    @property
    def period(self) -> Period:
        """What it reports of."""
        return Period(self.year, self.kind)

    @property
    def standing(self) -> Standing:
        """How the committee above stands to it."""
        if self.returned_at is not None:
            return Standing.RETURNED
        return Standing.SENT if self.approved_at is None else Standing.APPROVED

    @property
    def answered_at(self) -> datetime | None:
        """When the committee above returned or approved it."""
        return self.returned_at or self.approved_at


class CommitteePaper(models.Model):
    """Văn bản của cấp ủy đã khoá: the bytes of one file as it was sent, never rendered again."""

    class Kind(models.TextChoices):
        REPORT = "report", "Báo cáo kết quả"
        BODIES = "bodies", "Bảng tổng hợp tổ chức đảng, tập thể"
        PEOPLE = "people", "Bảng tổng hợp đảng viên"
        TABLES = "tables", "Các bảng (Excel)"

    file = models.ForeignKey(CommitteeFile, models.PROTECT, related_name="papers")
    kind = models.CharField("loại văn bản", max_length=10, choices=Kind)
    ending = models.CharField("đuôi tệp", max_length=4)
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = "văn bản của cấp ủy"
        verbose_name_plural = "văn bản của cấp ủy"
        ordering = ["file", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "kind", "ending"],
                name="one_committee_paper_of_a_kind",
                violation_error_message="Hồ sơ đã có văn bản loại này.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class CommitteePin(models.Model):
    """Chỗ cần sửa in a committee's report that was returned."""

    file = models.ForeignKey(CommitteeFile, models.PROTECT, related_name="pins")
    place = models.CharField("chỗ", max_length=60)
    about = models.CharField("ở đâu, ghi thế nào", max_length=300)
    text = models.TextField("cần sửa gì")

    class Meta:
        verbose_name = "chỗ cần sửa của cấp ủy"
        verbose_name_plural = "chỗ cần sửa của cấp ủy"
        ordering = ["file", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "place"],
                name="one_committee_pin_per_place",
                violation_error_message="Chỗ này đã ghi cần sửa gì.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="committee_pin_says_what_to_mend",
                violation_error_message="Xin ghi cần sửa gì.",
            ),
        ]

    def __str__(self) -> str:
        return self.about

"""Collectives a meeting reviews: their reports, and the leadership collectives beside the cell itself."""

from django.db import models
from django.db.models import Q

from cells.law.rules import Rules
from cells.models.meetings import Level, Meeting


class CollectiveQuerySet(models.QuerySet["Collective"]):
    """Leadership collectives of meetings."""

    def rated(self, meeting: Meeting) -> "CollectiveQuerySet":
        """Those the meeting rates; the others are too small and reviewed with the executive."""
        return self.filter(meeting=meeting, size__gte=meeting.rules.collective_least)

    def copy(self, source: Meeting, target: Meeting) -> None:
        """Let another meeting review the same collectives."""
        listed = self.filter(meeting=source).values_list("name", "size")
        self.bulk_create(Collective(meeting=target, name=n, size=s) for n, s in listed)


class Collective(models.Model):
    """Tập thể lãnh đạo, quản lý, a subject of its own (QĐ 366, điều 5): chi ủy, or the leadership of the agency."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="collectives")
    name = models.CharField("tên tập thể", max_length=200)
    size = models.PositiveSmallIntegerField("số thành viên")

    objects = CollectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "tập thể lãnh đạo"
        verbose_name_plural = "tập thể lãnh đạo"
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "name"],
                name="one_collective_per_meeting_and_name",
                violation_error_message="Hội nghị đã có tập thể lãnh đạo mang tên này.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="collective_has_a_name",
                violation_error_message="Xin ghi tên tập thể lãnh đạo.",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1),
                name="collective_has_members",
                violation_error_message="Xin ghi tập thể lãnh đạo có bao nhiêu thành viên.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_rated(self, rules: Rules) -> bool:
        """Whether it is a subject of its own; a smaller one is reviewed with the executive (HD 43, mục 7.4)."""
        return self.size >= rules.collective_least

    @property
    def report(self) -> "CollectiveReport":
        """Its report on Mẫu 01; a blank one, not stored, before anything is written."""
        try:
            return self.stored_report
        except CollectiveReport.DoesNotExist:
            return CollectiveReport(meeting=self.meeting, collective=self)


class CollectiveReport(models.Model):
    """Báo cáo kiểm điểm tập thể (Mẫu 01) of the cell itself, or of one leadership collective, section by section."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reports")
    collective = models.OneToOneField(
        Collective, models.CASCADE, null=True, blank=True, related_name="stored_report"
    )
    summary = models.TextField("tóm tắt ghi vào biên bản", blank=True, default="")
    texts = models.JSONField("báo cáo, theo mục", default=dict, blank=True)
    # As the report stood when the meeting opened: what was changed since is marked.
    texts_before = models.JSONField("báo cáo lúc khai mạc", default=dict, blank=True)
    scores = models.JSONField("điểm tự chấm, theo tiêu chí", default=dict, blank=True)
    # Last year's shortcomings, one by one: {"1": {"item": …, "state": "done" or "open", "why": …}}.
    answers = models.JSONField("trả lời hạn chế năm trước", default=dict, blank=True)
    self_level = models.CharField(
        "tự nhận mức", max_length=4, choices=Level, blank=True, default=""
    )
    self_score = models.DecimalField(
        "tự chấm điểm", max_digits=5, decimal_places=2, null=True, blank=True
    )
    saved_at = models.DateTimeField("lưu lúc", null=True, blank=True)

    class Meta:
        verbose_name = "báo cáo kiểm điểm tập thể"
        verbose_name_plural = "báo cáo kiểm điểm tập thể"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(collective=None),
                name="one_report_of_the_cell_per_meeting",
                violation_error_message="Hội nghị đã có báo cáo kiểm điểm tập thể.",
            ),
            models.CheckConstraint(
                condition=Q(self_score=None) | Q(self_score__gte=0, self_score__lte=100),
                name="reported_score_within_100",
                violation_error_message="Điểm tự chấm phải từ 0 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo kiểm điểm tập thể, {self.collective or self.meeting}"

    @property
    def is_written(self) -> bool:
        """Whether the summary or any section is."""
        return bool(self.summary or self.texts)

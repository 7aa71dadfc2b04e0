"""What a campaign was closed with, and why it was reopened. Rows are added, and reopened once."""

from django.db import models
from django.db.models import Q

from cells.models.campaigns import Campaign

NO_REASON = "Đợt còn việc chưa xong: xin ghi lý do kết thúc."
NO_REASON_TO_REOPEN = "Xin ghi lý do mở lại đợt."


class Closing(models.Model):
    """Kết thúc đợt kiểm điểm: what was left open, why all the same; later, when and why it was reopened."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="closings")
    at = models.DateTimeField("kết thúc lúc")
    number = models.PositiveIntegerField("số việc còn dở", default=0)
    left_open = models.JSONField(
        "việc còn dở", default=list, blank=True
    )  # what it is called, how many
    reason = models.TextField("lý do kết thúc", blank=True, default="")
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True)
    reopening_reason = models.TextField("lý do mở lại", blank=True, default="")

    class Meta:
        verbose_name = "lần kết thúc đợt"
        verbose_name_plural = "lần kết thúc đợt"
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(reopened_at=None),
                name="one_standing_closing_per_campaign",
                violation_error_message="Đợt này đã kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(number=0) | ~Q(reason=""),
                name="closing_with_work_left_has_a_reason",
                violation_error_message=NO_REASON,
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopening_reason="")
                | (Q(reopened_at__isnull=False) & ~Q(reopening_reason="")),
                name="reopening_of_a_campaign_has_a_reason",
                violation_error_message=NO_REASON_TO_REOPEN,
            ),
        ]

    def __str__(self) -> str:
        return f"Kết thúc {self.campaign_id}"

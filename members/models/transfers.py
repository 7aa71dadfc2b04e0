"""Where a member takes part: transfers out and in, and stays elsewhere for a time."""

from django.db import models
from django.db.models import F, Q

from members.models.people import Member

ENDS_EARLY = "Ngày kết thúc không thể trước ngày bắt đầu."


class Transfer(models.Model):
    """Chuyển sinh hoạt đảng of one member: away, here, or elsewhere for a time (tạm thời)."""

    class Kind(models.TextChoices):
        OUT = "out", "Chuyển đi"
        IN = "in", "Chuyển đến"
        STAY = "stay", "Sinh hoạt tạm thời nơi khác"

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    kind = models.CharField("hình thức", max_length=4, choices=Kind)
    # Where to; of a transfer here, where from.
    place = models.CharField("nơi", max_length=200)
    since = models.DateField("từ ngày")
    until = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "chuyển sinh hoạt"
        verbose_name_plural = "chuyển sinh hoạt"
        ordering = ["member", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["out", "in", "stay"]),
                name="transfer_kind_known",
                violation_error_message="Hình thức chuyển sinh hoạt không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(place=""),
                name="transfer_has_a_place",
                violation_error_message="Xin ghi nơi chuyển đến hoặc nơi sinh hoạt tạm thời.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | (Q(kind="stay") & Q(until__gte=F("since"))),
                name="transfer_ends_after_it_begins",
                violation_error_message=f"{ENDS_EARLY.rstrip('.')}; "
                "chỉ sinh hoạt tạm thời mới có ngày kết thúc.",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(kind="stay", until=None),
                name="one_open_stay_per_member",
                violation_error_message="Đồng chí đang sinh hoạt tạm thời ở nơi khác. "
                "Xin ghi ngày kết thúc lần ấy trước.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.place}"

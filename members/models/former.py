"""Năm trước: what a cell knew of its members before it had this program, typed in from a sheet."""

from django.db import models
from django.db.models import Q

from cells.models import Level
from members.models.people import Member, User

SOURCE = "nhập từ bảng"


class FormerYear(models.Model):
    """Mức và hạn chế của một năm trước, nhập từ bảng: no meeting of this program stands behind it."""

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    year = models.PositiveSmallIntegerField("năm")
    level = models.CharField("mức", max_length=4, choices=Level, blank=True, default="")
    shortcomings = models.TextField("hạn chế", blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người nhập")
    at = models.DateTimeField("nhập lúc", auto_now_add=True)

    class Meta:
        verbose_name = "năm trước, nhập từ bảng"
        verbose_name_plural = "năm trước, nhập từ bảng"
        ordering = ["member", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "year"],
                name="one_former_year_of_a_member",
                violation_error_message="Năm này của đồng chí đã được nhập.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["HTXS", "HTT", "HT", "KHT"])
                | Q(level="") & ~Q(shortcomings=""),
                name="former_year_says_something",
                violation_error_message="Xin ghi mức hoặc hạn chế của năm ấy.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, năm {self.year}: {self.level}"

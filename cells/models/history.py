"""What became of a committee or a cell: founded, renamed, moved, merged, split, dissolved. Rows are only added."""

from datetime import date

from django.db import models
from django.db.models import Q

from cells.models.places import Cell, Committee


class PlaceChangeQuerySet(models.QuerySet["PlaceChange"]):
    """Changes, written and asked by the body they are of."""

    def note(
        self, body: Committee | Cell, kind: str, on: date, about: str = "", basis: str = ""
    ) -> "PlaceChange":
        """Write one line of the body's history."""
        return self.create(**_columns(body), kind=kind, on=on, about=about, basis=basis)

    def of(self, body: Committee | Cell) -> "PlaceChangeQuerySet":
        """The body's history, the newest first."""
        return self.filter(**_columns(body))


class PlaceChange(models.Model):
    """Thay đổi tổ chức of one committee or cell; `about` is a name as it stood: the former one, the other body's."""

    class Kind(models.TextChoices):
        FOUNDED = "founded", "Thành lập"
        RENAMED = "renamed", "Đổi tên, tên trước là"
        MOVED = "moved", "Chuyển khỏi"
        MERGED = "merged", "Sáp nhập vào"
        JOINED = "joined", "Nhận sáp nhập"
        SPLIT = "split", "Chia tách ra"
        SPLIT_OFF = "split_off", "Tách từ"
        DISSOLVED = "dissolved", "Giải thể"

    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, verbose_name="đảng bộ"
    )
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, verbose_name="chi bộ")
    kind = models.CharField("thay đổi", max_length=10, choices=Kind)
    on = models.DateField("từ ngày")
    about = models.CharField("nơi, tên liên quan", max_length=200, blank=True, default="")
    basis = models.CharField("căn cứ", max_length=300, blank=True, default="")

    objects = PlaceChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "thay đổi tổ chức"
        verbose_name_plural = "thay đổi tổ chức"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(committee=None, cell__isnull=False)
                | Q(committee__isnull=False, cell=None),
                name="place_change_has_one_body",
                violation_error_message="Thay đổi tổ chức phải của đúng một đảng bộ hoặc một chi bộ.",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "founded",
                        "renamed",
                        "moved",
                        "merged",
                        "joined",
                        "split",
                        "split_off",
                        "dissolved",
                    ]
                ),
                name="place_change_kind_known",
                violation_error_message="Loại thay đổi tổ chức không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.about}".strip()


def _columns(body: Committee | Cell) -> dict[str, object]:
    if isinstance(body, Cell):
        return {"cell": body, "committee": None}
    return {"cell": None, "committee": body}

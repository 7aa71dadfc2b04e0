"""A sheet of members between looking and applying."""

from django.db import models
from django.db.models import Q

from cells.models import Cell, Committee
from members.models.people import User

ONE_SHEET = "Đồng chí đang có một tệp chờ áp dụng cho đảng bộ này."


class MemberImport(models.Model):
    """Tệp đang chờ áp dụng: what was read of an officer's sheet, of one cell or of all under a committee.

    The file itself is not kept.

    Ends when it is applied without errors left, replaced by another file, or dropped.
    """

    class State(models.TextChoices):
        READ = "read", "Chờ áp dụng"
        REST = "rest", "Còn dòng lỗi"

    cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, verbose_name="chi bộ")
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, verbose_name="đảng bộ"
    )
    user = models.ForeignKey(User, models.PROTECT, verbose_name="tài khoản")
    state = models.CharField("trạng thái", max_length=4, choices=State, default=State.READ)
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    sheet = models.JSONField("nội dung đã đọc")
    # By the key of the row: "who" is meant, of those asked about; how its cells are to be "read", by their fields.
    answers = models.JSONField("đã trả lời", default=dict, blank=True)

    class Meta:
        verbose_name = "tệp chờ áp dụng"
        verbose_name_plural = "tệp chờ áp dụng"
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "user"],
                name="one_import_per_cell_and_user",
                violation_error_message="Đồng chí đang có một tệp chờ áp dụng cho chi bộ này.",
            ),
            models.UniqueConstraint(
                fields=["committee", "user"],
                name="one_import_per_committee_and_user",
                violation_error_message=ONE_SHEET,
            ),
            models.CheckConstraint(
                condition=Q(cell=None, committee__isnull=False)
                | Q(cell__isnull=False, committee=None),
                name="import_has_one_body",
                violation_error_message="Tệp phải của đúng một chi bộ hoặc một đảng bộ.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["read", "rest"]),
                name="import_state_known",
                violation_error_message="Trạng thái không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def body(self) -> Cell | Committee:
        """The cell, or the committee over many, whose members the sheet tells of."""
        return self.cell or self.committee  # type: ignore[return-value]  # import_has_one_body

"""The sheet of a whole committee between looking and applying: too many rows to be looked through in one request."""

from django.db import models
from django.db.models import Q

from cells.models import Cell, Committee
from members.models.imports import ONE_SHEET
from members.models.people import User


class CommitteeSheet(models.Model):
    """Tệp đảng viên của cả đảng bộ: sent, read row by row by a job, looked at, applied by a job.

    One per committee and officer: another file takes its place. The bytes are erased as soon as its rows are kept, the
    rows as soon as they are applied.
    """

    class State(models.TextChoices):
        SENT = "sent", "Chờ đọc"
        READ = "read", "Chờ áp dụng"
        REST = "rest", "Còn dòng lỗi"
        APPLIED = "applied", "Đã áp dụng"

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    user = models.ForeignKey(User, models.PROTECT, verbose_name="tài khoản")
    state = models.CharField("trạng thái", max_length=7, choices=State, default=State.SENT)
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField("nội dung tệp", null=True)
    # Who is reading it: a word of its own for each beginning, so that who was taken for dead adds no row any more.
    reader = models.CharField(max_length=16, blank=True, default="", editable=False)
    # Its columns, notes, lines left out.
    sheet = models.JSONField("các cột", default=dict, blank=True)
    # By the key of the row: "who" is meant, of those asked about; how its cells are to be "read", by their fields.
    answers = models.JSONField("đã trả lời", default=dict, blank=True)
    # What the page tells of all rows together: cells nobody knows, columns asked about, who stands in no row.
    told = models.JSONField("tóm tắt", default=dict, blank=True)
    # What stands for all that applying would do, and for what applying did.
    effect = models.CharField(max_length=64, blank=True, default="")
    applied = models.CharField(max_length=64, blank=True, default="")
    outcome = models.CharField("kết quả", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "tệp đảng viên của đảng bộ"
        verbose_name_plural = "tệp đảng viên của đảng bộ"
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "user"],
                name="one_committee_sheet_per_user",
                violation_error_message=ONE_SHEET,
            ),
            models.CheckConstraint(
                condition=Q(state="sent", data__isnull=False)
                | Q(state__in=["read", "rest", "applied"], data=None),
                name="committee_sheet_keeps_its_bytes_until_read",
                violation_error_message="Tệp đã đọc thì không giữ nội dung nữa.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class SheetRow(models.Model):
    """Một dòng của tệp: as it was read, and what becomes of it."""

    sheet = models.ForeignKey(CommitteeSheet, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField("thứ tự")
    key = models.CharField(max_length=300)
    cell = models.ForeignKey(
        Cell, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="chi bộ"
    )
    kind = models.CharField("ra sao", max_length=7)
    # Digests of what rows and members share that may be one person, parted by spaces.
    marks = models.TextField(blank=True, default="")
    told = models.JSONField("nội dung đã đọc")
    outcome = models.JSONField("sẽ làm gì", default=dict, blank=True)

    class Meta:
        verbose_name = "dòng của tệp đảng viên"
        verbose_name_plural = "dòng của tệp đảng viên"
        indexes = [models.Index(fields=["sheet", "kind", "position"], name="sheet_rows_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "position"],
                name="one_row_per_position",
                violation_error_message="Dòng này của tệp đã đọc rồi.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["error", "open", "new", "changed", "same"]),
                name="sheet_row_kind_known",
                violation_error_message="Không rõ dòng này ra sao.",
            ),
        ]

    def __str__(self) -> str:
        return self.key

"""Papers: no draft stands here, only what was locked, with its bytes."""

import secrets

from django.db import models
from django.db.models import Q

from cells import codes, wording
from cells.keyboards import keys_of
from cells.models import Cell, Meeting
from cells.models.columns import DrawnField, in_force, superseding

CHECK_LENGTH = 12


def new_check_code() -> str:
    """Twelve letters to be typed from paper: 53 bits."""
    return "".join(secrets.choice(codes.LETTERS) for _ in range(CHECK_LENGTH))


class PaperQuerySet(models.QuerySet["Paper"]):
    """Locked papers, old versions included."""

    def current(self) -> "PaperQuerySet":
        """Those that no later version stands for; without their bytes."""
        return self.filter(in_force(self.model)).defer("pdf", "docx")

    def under(self, typed: str) -> "PaperQuerySet":
        """The paper under a check code, its letters alone, whatever a keyboard or an eye made of them.

        None where two fit.
        """
        readings = [reading.upper() for reading in keys_of(typed, CHECK_LENGTH)]
        readings += [reading.translate(codes.MEANT) for reading in readings]
        papers = self.filter(check_code__in=readings)
        return papers if papers.count() == 1 else self.none()

    def passed(self, meeting: Meeting) -> bool:
        """Whether the meeting has passed its minutes: from then on nothing it decided changes."""
        return self.filter(meeting=meeting, kind=Paper.Kind.MINUTES).exists()

    def replace(self, paper: "Paper") -> None:
        """Store a paper, checked against every constraint; it supersedes the one of its kind in force."""
        same = self.filter(meeting=paper.meeting, kind=paper.kind)
        paper.supersedes = same.current().first()
        number = {"series": paper.series, "term": paper.term, "number": paper.number}
        paper.number_kept = paper.number is not None and same.filter(**number).exists()
        paper.validate_unique()
        paper.validate_constraints()
        paper.save(force_insert=True)


class Paper(models.Model):
    """Văn bản đã khoá: the bytes as they were passed or sent, never rendered again."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", "Biên bản hội nghị"
        COUNT = "count", "Biên bản kiểm phiếu"
        REPORT = "report", "Báo cáo kiểm điểm tập thể"
        PROPOSALS = "proposals", "Tổng hợp đề xuất của các chủ thể"
        SUMMARY = "summary", "Bảng tổng hợp kết quả"
        UNRATED = "unrated", "Danh sách không thuộc diện, chưa kiểm điểm, chưa xếp loại"
        UPWARD = "upward", "Báo cáo kết quả"
        CHECKLIST = "checklist", "Danh mục hồ sơ"

    class Series(models.TextChoices):
        MINUTES = "BB", "Biên bản"
        REPORT = "BC", "Báo cáo"

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    kind = models.CharField("loại văn bản", max_length=10, choices=Kind)
    # The number runs per series within one term of the cell; many cells' papers carry none.
    # Empty on papers of a committee's own meeting, whose office numbers them.
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, verbose_name="chi bộ")
    series = models.CharField("ký hiệu", max_length=2, choices=Series, blank=True, default="")
    term = models.DateField("nhiệm kỳ từ ngày", null=True, blank=True)
    number = models.PositiveSmallIntegerField("số", null=True, blank=True)
    # Whether a paper that this one takes the place of had the number before.
    number_kept = models.BooleanField("giữ số đã có", default=False)
    check_code = DrawnField("mã kiểm tra", max_length=12, unique=True, default=new_check_code)
    pdf = models.BinaryField()
    docx = models.BinaryField()
    sha256 = models.CharField("SHA-256 của tệp PDF", max_length=64)
    locked_at = models.DateTimeField("khoá lúc", auto_now_add=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, **superseding())

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ["meeting", "kind"]
        constraints = [
            # One first version, and one successor of each: so one is in force.
            models.UniqueConstraint(
                fields=["meeting", "kind"],
                condition=Q(supersedes=None),
                name="one_locked_paper_of_a_kind",
                violation_error_message="Hội nghị đã có văn bản loại này được khoá.",
            ),
            models.UniqueConstraint(
                fields=["cell", "series", "term", "number"],
                condition=Q(term__isnull=False, number__isnull=False, number_kept=False),
                name="paper_number_once_per_term",
                violation_error_message="Số này đã dùng cho một văn bản khác của nhiệm kỳ.",
            ),
            models.UniqueConstraint(
                fields=["cell", "series", "number"],
                condition=Q(term=None, number__isnull=False, number_kept=False),
                name="paper_number_once_without_term",
                violation_error_message="Số này đã dùng cho một văn bản khác của chi bộ.",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | (Q(number__gte=1) & ~Q(series="")),
                name="numbered_paper_has_its_series",
                violation_error_message="Số văn bản bắt đầu từ 1, và chỉ biên bản, báo cáo mới có số.",
            ),
            models.CheckConstraint(
                condition=Q(number_kept=False) | Q(supersedes__isnull=False, number__isnull=False),
                name="only_a_later_paper_keeps_a_number",
                violation_error_message="Chỉ văn bản thay cho văn bản khác mới giữ số đã có.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def shown_number(self) -> str:
        """Number and signs as the paper prints them ("Số 05-BB/CB"), "" without a number."""
        if self.number is None:
            return ""
        return f"Số {wording.two_digits(self.number)}-{self.series}/CB"

    @property
    def shown_code(self) -> str:
        """The check code as the paper prints it."""
        return wording.grouped(self.check_code)

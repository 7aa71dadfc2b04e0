"""Quyết định xếp loại: what the committee above decides on a cell's file, and what members petition against it."""

from django.db import models
from django.db.models import Q

from ballots.models.numbered import NumberedQuerySet
from cells.law.periods import Period
from cells.models import Cell, Committee, Meeting
from cells.stale import STALE
from members.models import Member, User

STILL_WAITING = "Kiến nghị trước của đồng chí đang được xem xét. Xin chờ trả lời."


class CommitteeDecision(models.Model):
    """Quyết định của cấp ủy on the files of many cells: one paper, by which a Decision is recorded on each of them.

    It stands as it was recorded. What is decided later about somebody is a decision of its own on that file.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("kỳ", max_length=4)
    symbol = models.CharField("số, ký hiệu quyết định", max_length=60)
    dated = models.DateField("ngày quyết định")
    # As the paper is signed; each may be left to the pen.
    body = models.CharField("thay mặt", max_length=60, blank=True, default="")
    signer_post = models.CharField("chức vụ người ký", max_length=60, blank=True, default="")
    signer = models.CharField("người ký", max_length=100, blank=True, default="")
    # The committee's own meeting whose conclusions it follows, where there was one.
    sitting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="căn cứ hội nghị",
    )
    # Whose levels it took, where it did not take those proposed; such a draft is kept.
    draft = models.ForeignKey(
        "QuotaDraft",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name="dự thảo",
    )
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi")
    at = models.DateTimeField("ghi lúc", auto_now_add=True)

    class Meta:
        verbose_name = "quyết định của cấp ủy"
        verbose_name_plural = "quyết định của cấp ủy"
        ordering = ["committee", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "symbol", "dated"],
                name="one_committee_decision_per_symbol",
                violation_error_message="Quyết định mang số, ngày này đã ghi rồi. Xin xem lại số và ngày.",
            ),
            models.CheckConstraint(
                condition=~Q(symbol=""),
                name="committee_decision_has_its_symbol",
                violation_error_message="Xin ghi số, ký hiệu của quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"Quyết định số {self.symbol}, ngày {self.dated:%d/%m/%Y}"

    @property
    def period(self) -> Period:
        """Of which review."""
        return Period(self.year, self.kind)


class DecisionPaper(models.Model):
    """Văn bản của quyết định, đã khoá: the bytes as they were first made of what was recorded, never made again."""

    class Kind(models.TextChoices):
        DECISION = "decision", "Quyết định công nhận"
        LIST = "list", "Danh sách kèm theo"

    act = models.ForeignKey(CommitteeDecision, models.PROTECT, related_name="papers")
    kind = models.CharField("loại văn bản", max_length=10, choices=Kind)
    pdf = models.BinaryField()
    docx = models.BinaryField()
    sha256 = models.CharField("SHA-256 của tệp PDF", max_length=64)
    locked_at = models.DateTimeField("khoá lúc", auto_now_add=True)

    class Meta:
        verbose_name = "văn bản của quyết định"
        verbose_name_plural = "văn bản của quyết định"
        ordering = ["act", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "kind"],
                name="one_locked_paper_of_a_decision",
                violation_error_message="Quyết định đã có văn bản loại này được khoá.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.act}"


class DecisionQuerySet(NumberedQuerySet["Decision"]):
    """Decisions, those corrected later included."""

    def last_by(self, committee: Committee) -> "Decision | None":
        """The one that the committee's officers recorded last, on any file."""
        return self.filter(by__committee=committee).order_by("pk").last()


class Decision(models.Model):
    """Quyết định xếp loại on the file of one meeting; what it decided are its Classification rows.

    A later decision corrects some levels, with its reason, or adds those that were left open.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField("lần quyết định", default=1)
    symbol = models.CharField("số, ký hiệu quyết định", max_length=60)
    dated = models.DateField("ngày quyết định")
    note = models.TextField("lý do quyết định lại", blank=True, default="")
    # As the paper is signed; each may be left to the pen.
    body = models.CharField("thay mặt", max_length=60, blank=True, default="")
    signer_post = models.CharField("chức vụ người ký", max_length=60, blank=True, default="")
    signer = models.CharField("người ký", max_length=100, blank=True, default="")
    # The paper on many files that it is a part of, where there is one.
    act = models.ForeignKey(
        CommitteeDecision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="quyết định của cấp ủy",
    )
    # The committee's own meeting whose conclusions it follows, where there was one.
    sitting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="căn cứ hội nghị",
    )
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi")
    at = models.DateTimeField("ghi lúc", auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định xếp loại"
        verbose_name_plural = "quyết định xếp loại"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="one_decision_per_number",
                violation_error_message=STALE,
            ),
            models.CheckConstraint(
                condition=~Q(symbol=""),
                name="decision_has_its_symbol",
                violation_error_message="Xin ghi số, ký hiệu của quyết định.",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | (Q(number__gte=2) & ~Q(note="")),
                name="deciding_again_has_a_reason",
                violation_error_message="Xin ghi lý do quyết định lại.",
            ),
        ]

    def __str__(self) -> str:
        return f"Quyết định số {self.symbol}, ngày {self.dated:%d/%m/%Y}"


class PetitionQuerySet(models.QuerySet["Petition"]):
    """What members petition."""

    def waiting(self) -> "PetitionQuerySet":
        """Those under consideration: not yet answered."""
        return self.filter(answer="")

    def under(self, committee: Committee) -> "PetitionQuerySet":
        """Those on cells of the committee and of all below it."""
        return self.filter(decision__meeting__cell__in=Cell.objects.under(committee))


class Petition(models.Model):
    """Kiến nghị: what a member writes to the committee above against the level it decided, and its answer."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="petitions")
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    text = models.TextField("kiến nghị")
    at = models.DateTimeField("gửi lúc", auto_now_add=True)
    answer = models.TextField("trả lời", blank=True, default="")
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lời"
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = "kiến nghị"
        verbose_name_plural = "kiến nghị"
        ordering = ["decision", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "member"],
                condition=Q(answer=""),
                name="one_waiting_petition_per_member",
                violation_error_message=STILL_WAITING,
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="petition_says_what",
                violation_error_message="Xin ghi kiến nghị điều gì, vì sao.",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="answer_has_its_officer_and_time",
                violation_error_message="Trả lời kiến nghị thì ghi người trả lời và giờ trả lời.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kiến nghị của đ/c {self.member}"

"""Quyết định xếp loại: what the committee above decides on a cell's file, and what members petition against it."""

from django.db import models
from django.db.models import Q

from ballots.models.numbered import NumberedQuerySet
from cells.models import Cell, Committee, Meeting
from cells.stale import STALE
from members.models import Member, User

STILL_WAITING = "Kiến nghị trước của đồng chí đang được xem xét. Xin chờ trả lời."


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

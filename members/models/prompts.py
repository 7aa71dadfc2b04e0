"""Gợi ý kiểm điểm: what a committee above asks a cell, one of its collectives or one of its members to answer for."""

from django.db import models
from django.db.models import Q

from cells.models import Campaign, Cell, CollectiveReport
from members.models.people import Member, User
from members.models.review import SelfReview

SECTION = "prompts"  # of the forms: where they are answered
NO_BASIS = "Xin ghi căn cứ: văn bản, kết luận nào."


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Prompts, asked by whom they concern; those that were taken back stay stored."""

    def of(self, cell: Cell, campaign: Campaign) -> "PromptQuerySet":
        """All of the cell's review that stand: those of the cell and its collectives, then of members."""
        mine = self.filter(cell=cell, campaign=campaign, withdrawn_at=None)
        return mine.select_related("member", "by").order_by("member__name_sort", "pk")

    def of_collective(self, cell: Cell, campaign: Campaign) -> "PromptQuerySet":
        """Those of the cell and its collectives."""
        return self.of(cell, campaign).filter(member=None)

    def of_member(self, member: Member, campaign: Campaign) -> "PromptQuerySet":
        """Those of one member, in whatever cell."""
        return self.filter(member=member, campaign=campaign, withdrawn_at=None).order_by("pk")


class Prompt(models.Model):
    """Gợi ý kiểm điểm of one campaign, with its basis: of a member, of a collective named here, else of the cell."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    collective = models.CharField("tập thể", max_length=200, blank=True, default="")
    text = models.TextField("nội dung gợi ý")
    basis = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    at = models.DateTimeField("ghi lúc", auto_now_add=True)
    withdrawn_at = models.DateTimeField("rút lại lúc", null=True, blank=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = "gợi ý kiểm điểm"
        verbose_name_plural = "gợi ý kiểm điểm"
        ordering = ["campaign", "cell", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="prompt_says_what",
                violation_error_message="Xin ghi gợi ý kiểm điểm điều gì.",
            ),
            models.CheckConstraint(
                condition=~Q(basis=""),
                name="prompt_has_a_basis",
                violation_error_message=NO_BASIS,
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(collective=""),
                name="prompt_is_of_one",
                violation_error_message="Gợi ý cho một đồng chí, hoặc cho một tập thể, không cả hai.",
            ),
        ]

    def __str__(self) -> str:
        return f"Gợi ý kiểm điểm {self.campaign.period}: {self.whose}"

    @property
    def whose(self) -> str:
        """Whom it concerns, but for a member, whom a list names."""
        return self.collective or f"Tập thể {self.cell}"

    @property
    def is_answered(self) -> bool:
        """Whether the review of whom it concerns has an answer: handed in, or written into the report."""
        if self.member_id:
            handed_in = Q(state=SelfReview.State.SUBMITTED) | Q(on_paper=True)
            return SelfReview.objects.filter(
                handed_in, member=self.member_id, campaign=self.campaign_id
            ).exists()
        reports = CollectiveReport.objects.filter(
            meeting__cell=self.cell_id, meeting__campaign=self.campaign_id
        )
        reports = (
            reports.filter(collective__name=self.collective)
            if self.collective
            else reports.filter(collective=None)
        )
        return any(
            str(texts.get(SECTION, "")).strip()
            for texts in reports.values_list("texts", flat=True)
        )

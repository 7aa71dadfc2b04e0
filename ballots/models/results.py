"""The results: levels proposed by the cell, versioned."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from ballots.models.box import Poll
from ballots.models.decisions import Decision
from cells.models import Collective, Level, Meeting
from cells.models.columns import in_force, superseding
from members.models import Member


class ClassificationQuerySet(models.QuerySet["Classification"]):
    """Results of a meeting, old versions included."""

    def current(self) -> "ClassificationQuerySet":
        """Versions in force."""
        return self.filter(in_force(self.model))

    def proposed(self) -> "ClassificationQuerySet":
        """Levels in force that cells propose."""
        return self.current().filter(stage=Classification.Stage.PROPOSED)

    def decided(self) -> "ClassificationQuerySet":
        """Levels in force that the committee above has decided."""
        return self.current().filter(stage=Classification.Stage.DECIDED)

    def replace(self, **values: Any) -> "Classification":
        """Write a new version, checked against every constraint; it supersedes the one in force."""
        new = Classification(**values)
        about = {"member": new.member, "collective": new.collective}
        same = {"meeting": new.meeting, "stage": new.stage, **about}
        new.supersedes = self.current().filter(**same).first()
        # They are at hand.
        new.clean_fields(exclude={"meeting", "member", "collective", "poll", "decision"})
        new.validate_unique()
        new.validate_constraints()
        new.save(force_insert=True)
        return new


class Classification(models.Model):
    """Xếp loại: the level the cell proposes, or the committee above decides.

    For a member, for a leadership collective, or for the cell (neither). Corrections are new rows.
    """

    class Stage(models.TextChoices):
        PROPOSED = "proposed", "Chi bộ đề nghị"
        DECIDED = "decided", "Cấp trên quyết định"

    class Source(models.TextChoices):
        VOTE = "vote", "Theo kết quả bỏ phiếu"
        CHAIR = "chair", "Kết luận của chủ trì"
        ABOVE = "above", "Quyết định của cấp trên"

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, verbose_name="tập thể lãnh đạo"
    )
    stage = models.CharField("giai đoạn", max_length=8, choices=Stage, default=Stage.PROPOSED)
    source = models.CharField("căn cứ", max_length=5, choices=Source)
    poll = models.ForeignKey(
        Poll, models.PROTECT, null=True, blank=True, verbose_name="lượt bỏ phiếu"
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="levels"
    )
    level = models.CharField("mức xếp loại", max_length=4, choices=Level)
    reason = models.TextField("lý do", blank=True, default="")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, **superseding())

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả xếp loại"
        verbose_name_plural = "kết quả xếp loại"
        constraints = [
            # One first version, and one successor of each: so one is in force.
            models.UniqueConstraint(
                fields=["meeting", "member", "stage"],
                condition=Q(supersedes=None),
                name="one_current_level_per_member",
                violation_error_message="Đồng chí này đã có mức xếp loại đang hiệu lực.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "stage"],
                condition=Q(supersedes=None, member=None, collective=None),
                name="one_current_level_of_the_cell",
                violation_error_message="Chi bộ đã có mức xếp loại đang hiệu lực.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "collective", "stage"],
                condition=Q(supersedes=None),
                name="one_current_level_per_collective",
                violation_error_message="Tập thể lãnh đạo này đã có mức xếp loại đang hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(collective=None),
                name="level_is_of_cell_leadership_or_member",
                violation_error_message="Một mức chỉ về chi bộ, một tập thể lãnh đạo hoặc một đảng viên.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["HTXS", "HTT", "HT", "KHT"]),
                name="classified_level_known",
                violation_error_message="Mức xếp loại không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(source="chair") | ~Q(reason=""),
                name="chairs_conclusion_has_a_reason",
                violation_error_message="Kết luận của chủ trì phải có lý do.",
            ),
            models.CheckConstraint(
                condition=Q(stage="proposed", decision=None) & ~Q(source="above")
                | Q(stage="decided", decision__isnull=False, source="above"),
                name="decided_by_a_decision",
                violation_error_message="Mức do cấp trên quyết định phải theo một quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class Alarm(models.Model):
    """Máy hiện khung đỏ: how many raised a hand, their phone missing its ballot, and what the meeting decided."""

    poll = models.OneToOneField(Poll, models.CASCADE, verbose_name="lượt bỏ phiếu")
    hands = models.PositiveSmallIntegerField("số đồng chí giơ tay")
    decision = models.TextField("hội nghị quyết định")

    class Meta:
        verbose_name = "việc máy hiện khung đỏ"
        verbose_name_plural = "việc máy hiện khung đỏ"
        constraints = [
            models.CheckConstraint(
                condition=Q(hands__gte=1),
                name="alarm_has_hands",
                violation_error_message="Xin ghi số đồng chí có máy hiện khung đỏ.",
            ),
            models.CheckConstraint(
                condition=~Q(decision=""),
                name="alarm_has_a_decision",
                violation_error_message="Xin ghi hội nghị quyết định thế nào.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hands} máy hiện khung đỏ"


class DifferenceQuerySet(models.QuerySet["Difference"]):
    """Recounts that differ, asked by poll."""

    def open_on(self, poll: Poll) -> "Difference | None":
        """The one that puts the poll's count in question: no other device and no decision has settled it."""
        unsettled = self.filter(poll=poll, agreed_by=None, decision="")
        return unsettled.select_related("member").first()


class Difference(models.Model):
    """Máy đếm lại không khớp: the fault that a teller's device names, and what settled it; no number of the count."""

    poll = models.ForeignKey(
        Poll, models.CASCADE, related_name="differences", verbose_name="lượt bỏ phiếu"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="differences", verbose_name="máy của"
    )
    fault = models.TextField("máy thấy gì")
    agreed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="máy đếm lại khớp, của",
    )
    decision = models.TextField("hội nghị quyết định đếm lại", blank=True, default="")

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "máy đếm lại không khớp"
        verbose_name_plural = "máy đếm lại không khớp"
        constraints = [
            models.UniqueConstraint(
                fields=["poll"],
                condition=Q(agreed_by=None, decision=""),
                name="one_open_difference_per_poll",
                violation_error_message="Kết quả đếm lại của lượt này đang chờ kiểm tra.",
            ),
            models.CheckConstraint(
                condition=~Q(fault=""),
                name="difference_names_its_fault",
                violation_error_message="Xin ghi máy thấy gì không khớp.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("member")),
                name="difference_settled_by_another_teller",
                violation_error_message="Phải là máy của thành viên khác đếm lại.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(decision=""),
                name="difference_settled_once",
                violation_error_message="Việc không khớp này đã được giải quyết.",
            ),
        ]

    def __str__(self) -> str:
        return f"máy của {self.member}: {self.fault}"


class InvalidReason(models.Model):
    """Vì sao phiếu không hợp lệ: one reason of a counted poll, and how many ballots; never how they came."""

    poll = models.ForeignKey(
        Poll, models.CASCADE, related_name="invalid_reasons", verbose_name="lượt bỏ phiếu"
    )
    reason = models.CharField("lý do không hợp lệ", max_length=200)
    count = models.PositiveSmallIntegerField("số phiếu")

    class Meta:
        verbose_name = "lý do phiếu không hợp lệ"
        verbose_name_plural = "lý do phiếu không hợp lệ"
        ordering = ["poll", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "reason"],
                name="one_line_per_invalid_reason",
                violation_error_message="Lý do này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(count__gte=1),
                name="invalid_reason_has_words_and_ballots",
                violation_error_message="Xin ghi lý do và số phiếu không hợp lệ, ít nhất một phiếu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.count}"

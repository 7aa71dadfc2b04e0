"""What a committee votes on: whose proposal a row is about, what its vote proposes, and what it then concludes."""

from typing import Any

from django.db import models
from django.db.models import Q

from ballots.models.box import Poll
from ballots.models.roll import Subject
from cells.models import Collective, Level, Meeting
from cells.models.columns import in_force, superseding
from members.models import Member

NO_BASIS = "Xin ghi căn cứ: theo quy định nào, hoặc ai quyết định."


def case_key(of: int, member: int | None, collective: int | None) -> str:
    """How forms name a case: by the cell's meeting, and the member or collective, if it is not the cell itself."""
    about = f"m{member}" if member else f"c{collective}" if collective else ""
    return f"{of}-{about}"


class CaseVoteQuerySet(models.QuerySet["CaseVote"]):
    """Rows of committees' ballots, asked by the cell's meeting they are about."""

    def on(self, meeting: Meeting) -> "CaseVoteQuerySet":
        """Counted and confirmed votes on what this meeting of a cell has proposed, the last one last."""
        counted = self.filter(of=meeting, subject__poll__confirmed=True)
        real = counted.exclude(subject__poll__meeting__kind=Meeting.Kind.REHEARSAL)
        rows = real.select_related("subject__poll__meeting__committee", "subject__member")
        return rows.order_by("subject__poll__meeting__starts_at", "subject__poll__number", "pk")

    def at(self, sitting: Meeting) -> "CaseVoteQuerySet":
        """Every row of this meeting's ballots but those of void polls, as they stand on them, poll by poll."""
        rows = self.filter(subject__poll__meeting=sitting).exclude(
            subject__poll__state=Poll.State.VOID
        )
        related = rows.select_related("subject__poll", "subject__member", "subject__collective")
        return related.order_by("subject__poll__number", "subject__position")


class CaseVote(models.Model):
    """Trường hợp cấp ủy bỏ phiếu: a row on a cell (neither member nor collective), or on whom that cell has rated.

    It stands beside the row, so that no table near a ballot has one column more. `level`: what the vote proposes once
    it is confirmed; "" before, and where no level has votes enough.
    """

    subject = models.OneToOneField(Subject, models.CASCADE, related_name="case")
    of = models.ForeignKey(
        Meeting, models.PROTECT, related_name="cases", verbose_name="hội nghị của chi bộ"
    )
    level = models.CharField(
        "mức cấp ủy bỏ phiếu", max_length=4, choices=Level, blank=True, default=""
    )

    objects = CaseVoteQuerySet.as_manager()

    class Meta:
        verbose_name = "trường hợp cấp ủy bỏ phiếu"
        verbose_name_plural = "trường hợp cấp ủy bỏ phiếu"
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["", "HTXS", "HTT", "HT", "KHT"]),
                name="case_level_known",
                violation_error_message="Mức xếp loại không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def key(self) -> str:
        """As forms name it."""
        return case_key(self.of_id, self.subject.member_id, self.subject.collective_id)


class CaseConclusionQuerySet(models.QuerySet["CaseConclusion"]):
    """What committees conclude, former versions included."""

    def current(self) -> "CaseConclusionQuerySet":
        """Versions in force."""
        return self.filter(in_force(self.model))

    def replace(self, **values: Any) -> "CaseConclusion":
        """Write a new version, checked against every constraint; it supersedes the one in force."""
        new = CaseConclusion(**values)
        about = {name: getattr(new, name) for name in ("sitting", "of", "member", "collective")}
        new.supersedes = self.current().filter(**about).first()
        new.clean_fields(exclude=set(about))
        new.validate_unique()
        new.validate_constraints()
        new.save(force_insert=True)
        return new


class CaseConclusion(models.Model):
    """Kết luận của cấp ủy: what the chair states of a case otherwise than its ballots, or where these propose nothing.

    About a member, a collective, or the cell (neither) whose file a committee looks at. Corrections are new rows.
    """

    sitting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="conclusions", verbose_name="hội nghị của cấp ủy"
    )
    of = models.ForeignKey(
        Meeting, models.PROTECT, related_name="+", verbose_name="hội nghị của chi bộ"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, verbose_name="tập thể lãnh đạo"
    )
    level = models.CharField("mức cấp ủy kết luận", max_length=4, choices=Level)
    reason = models.TextField("lý do")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, **superseding())

    objects = CaseConclusionQuerySet.as_manager()

    class Meta:
        verbose_name = "kết luận của cấp ủy"
        verbose_name_plural = "kết luận của cấp ủy"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "of", "member"],
                condition=Q(supersedes=None),
                name="one_current_conclusion_on_a_member",
                violation_error_message="Đồng chí này đã có kết luận đang hiệu lực.",
            ),
            models.UniqueConstraint(
                fields=["sitting", "of", "collective"],
                condition=Q(supersedes=None),
                name="one_current_conclusion_on_a_collective",
                violation_error_message="Tập thể lãnh đạo này đã có kết luận đang hiệu lực.",
            ),
            models.UniqueConstraint(
                fields=["sitting", "of"],
                condition=Q(supersedes=None, member=None, collective=None),
                name="one_current_conclusion_on_a_cell",
                violation_error_message="Chi bộ này đã có kết luận đang hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(collective=None),
                name="conclusion_is_on_one_case",
                violation_error_message="Một kết luận chỉ về chi bộ, một tập thể lãnh đạo hoặc một đảng viên.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["HTXS", "HTT", "HT", "KHT"]),
                name="concluded_level_known",
                violation_error_message="Mức xếp loại không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="conclusion_has_a_reason",
                violation_error_message="Kết luận khác kết quả phiếu phải có lý do.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def key(self) -> str:
        """As forms name the case."""
        return case_key(self.of_id, self.member_id, self.collective_id)


class OwnCaseQuerySet(models.QuerySet["OwnCase"]):
    """By which rule a committee's meeting treats those who vote on themselves."""

    def outside(self, poll: Poll) -> set[int]:
        """Whom this poll is on and who therefore takes no ballot of it; members by key."""
        if not self.filter(sitting=poll.meeting_id, abstains=True).exists():
            return set()
        own = Subject.objects.filter(poll=poll, member__isnull=False)
        return set(own.values_list("member", flat=True))


class OwnCase(models.Model):
    """Bỏ phiếu về trường hợp của chính mình: who decided whether those who vote do, since no rule read so far says it.

    Where they abstain, each case of one who votes is a ballot of its own, for which that member receives none: no row
    is ever left out of a ballot, which would name whose it is.
    """

    sitting = models.OneToOneField(
        Meeting, models.PROTECT, related_name="own_case", verbose_name="hội nghị của cấp ủy"
    )
    abstains = models.BooleanField("không bỏ phiếu về trường hợp của mình")
    basis = models.CharField("căn cứ", max_length=300, blank=True, default="")

    objects = OwnCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "bỏ phiếu về trường hợp của chính mình"
        verbose_name_plural = "bỏ phiếu về trường hợp của chính mình"
        constraints = [
            models.CheckConstraint(
                condition=Q(abstains=False) | ~Q(basis=""),
                name="abstaining_has_a_basis",
                violation_error_message=NO_BASIS,
            ),
        ]

    def __str__(self) -> str:
        return self.basis

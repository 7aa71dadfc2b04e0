"""What a committee votes on: whose proposal a row of its ballot is about, and the level that its vote proposes."""

from django.db import models
from django.db.models import Q

from ballots.models.roll import Subject
from cells.models import Level, Meeting


def case_key(of: int, member: int | None, collective: int | None) -> str:
    """How forms name a case: by the cell's meeting, and the member or collective, if it is not the cell itself."""
    about = f"m{member}" if member else f"c{collective}" if collective else ""
    return f"{of}-{about}"


class CaseVoteQuerySet(models.QuerySet["CaseVote"]):
    """Rows of committees' ballots, asked by the cell's meeting they are about."""

    def on(self, meeting: Meeting) -> "CaseVoteQuerySet":
        """Counted and confirmed votes on what this meeting of a cell has proposed, the last one last."""
        counted = self.filter(of=meeting, subject__poll__confirmed=True)
        rows = counted.select_related("subject__poll__meeting__committee", "subject__member")
        return rows.order_by("subject__poll__meeting__starts_at", "subject__poll__number", "pk")


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

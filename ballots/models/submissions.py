"""Gửi cấp trên: when the cell's file was sent up, approved, returned or reopened, and the pins on what to mend."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from ballots.models.numbered import NumberedQuerySet
from cells.models import Campaign, Cell, Meeting
from cells.stale import STALE
from members.models import Attachment, User

RETURN_SAYS_WHO = "Trả lại hồ sơ thì ghi người trả và giờ trả."
APPROVAL_SAYS_WHO = "Duyệt hồ sơ thì ghi người duyệt và giờ duyệt."


class Standing(models.TextChoices):
    """How the committee above stands to the last sending of a meeting; what is decided was approved with it."""

    SENT = "sent", "Chờ duyệt"
    RETURNED = "returned", "Đã trả lại"
    APPROVED = "approved", "Đã duyệt"


# The same as conditions on one sending. A return ends an approval, which stays readable on the row.
STANDS = {
    Standing.SENT: Q(returned_at=None, approved_at=None),
    Standing.RETURNED: Q(returned_at__isnull=False),
    Standing.APPROVED: Q(returned_at=None, approved_at__isnull=False),
}

# The same as a value of each row.
STANDING = Case(*(When(asked, then=Value(stands)) for stands, asked in STANDS.items()))


class SubmissionQuerySet(NumberedQuerySet["Submission"]):
    """Sendings, the first ones included."""

    def of(self, meeting: Meeting) -> "SubmissionQuerySet":
        """All of this meeting, the first one first, with who sent them."""
        return self.filter(meeting=meeting).select_related("by__member", "by__committee")

    def last_ones(self) -> "SubmissionQuerySet":
        """The last sending of each meeting: the one that counts."""
        later = self.model.objects.filter(
            meeting=OuterRef("meeting"), number__gt=OuterRef("number")
        )
        return self.exclude(Exists(later))

    def standing(self, standing: str) -> "SubmissionQuerySet":
        """The last sendings that stand so."""
        return self.filter(STANDS[Standing(standing)]).last_ones()

    def standing_of(self, meeting: Meeting) -> Standing | None:
        """How the file of this meeting stands; None before it is sent."""
        last = self.last_of(meeting)
        return last.standing if last else None

    def approve(self, sending: "Submission", user: User) -> bool:
        """Note the approval, if it was neither approved nor returned; whether it was noted."""
        return bool(self.filter(pk=sending.pk).approve_all(user))

    def approve_all(self, user: User) -> int:
        """The same of all these; how many were."""
        waiting = self.filter(STANDS[Standing.SENT])
        return waiting.update(approved_by=user, approved_at=timezone.now())

    def reopen(self, sending: "Submission") -> bool:
        """Undo the approval, if it stands; whether it was undone."""
        standing = self.filter(STANDS[Standing.APPROVED], pk=sending.pk)
        return bool(standing.update(approved_by=None, approved_at=None))

    def is_above(self, meeting: Meeting) -> bool:
        """Whether the file lies with the committee above: sent, and not returned since."""
        last = self.last_of(meeting)
        return last is not None and not last.is_returned

    def awaited(self, cell: Cell, campaign: Campaign) -> Meeting | None:
        """The main meeting of the cell's review if it is closed and its file was never sent."""
        meetings = Meeting.objects.filter(cell=cell, campaign=campaign, kind=Meeting.Kind.MAIN)
        closed = meetings.filter(state=Meeting.State.CLOSED)
        return closed.exclude(Exists(self.filter(meeting=OuterRef("pk")))).first()

    def to_mend(self, cell: Cell, campaign: Campaign) -> "Submission | None":
        """The sending of the cell's review that was returned and not followed by another; None where all is well."""
        later = self.model.objects.filter(
            meeting=OuterRef("meeting"), number__gt=OuterRef("number")
        )
        mine = self.filter(meeting__cell=cell, meeting__campaign=campaign)
        waiting = mine.exclude(returned_at=None).exclude(Exists(later))
        return waiting.select_related("meeting__campaign").order_by("returned_at").last()


class Submission(models.Model):
    """Gửi cấp trên: the cell's file of one meeting was sent up; sent again, with the reason, it is a new row."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField("lần gửi", default=1)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người gửi")
    at = models.DateTimeField("gửi lúc", auto_now_add=True)
    note = models.TextField("lý do gửi lại", blank=True, default="")
    # What the checks named and the cell sent all the same, a sentence each: it is not asked again.
    known = models.JSONField("điều đã biết khi gửi", default=list, blank=True)
    # Who of the list holds a post, was reviewed, is not concerned, as its papers have it: totals are added up from it,
    # whatever becomes of posts and lists. Empty where a former version sent it.
    listed = models.JSONField("danh sách khi gửi", default=dict, db_default={}, blank=True)
    # Every place of the file as it was sent, as [key, what it is called, how it stood]: empty before that was kept.
    facts = models.JSONField("hồ sơ lúc gửi", default=list, blank=True, null=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lại"
    )
    returned_at = models.DateTimeField("trả lại lúc", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "lần gửi hồ sơ"
        verbose_name_plural = "lần gửi hồ sơ"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="one_submission_per_number",
                violation_error_message=STALE,
            ),
            models.CheckConstraint(
                condition=Q(number=1) | (Q(number__gte=2) & ~Q(note="")),
                name="sending_again_has_a_reason",
                violation_error_message="Xin ghi lý do gửi lại.",
            ),
            models.CheckConstraint(
                condition=Q(returned_by=None, returned_at=None)
                | Q(returned_by__isnull=False, returned_at__isnull=False),
                name="return_has_its_officer_and_time",
                violation_error_message=RETURN_SAYS_WHO,
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approval_has_its_officer_and_time",
                violation_error_message=APPROVAL_SAYS_WHO,
            ),
        ]
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(returned_at=None, approved_at=None),
                name="submissions_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"Lần gửi {self.number}"

    @property
    def is_returned(self) -> bool:
        """Whether the committee above has sent it back."""
        return self.returned_at is not None

    @property
    def is_approved(self) -> bool:
        """Whether the committee above has approved it, by itself or by deciding, and not sent it back since."""
        return self.approved_at is not None and not self.is_returned

    @property
    def standing(self) -> Standing:
        """How the committee above stands to it."""
        if self.is_returned:
            return Standing.RETURNED
        return Standing.APPROVED if self.is_approved else Standing.SENT


class Pin(models.Model):
    """Chỗ cần sửa: what the committee above asks to be mended, at one place of the file it returned."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="pins")
    place = models.CharField("chỗ", max_length=60)  # the key of a Place of the dossier
    # As it stood when it was returned.
    about = models.CharField("ở đâu, ghi thế nào", max_length=300)
    text = models.TextField("cần sửa gì")
    # What the cell says to it, instead of mending or beside it.
    answer = models.TextField("chi bộ trả lời", blank=True, default="", db_default="")

    class Meta:
        verbose_name = "chỗ cần sửa"
        verbose_name_plural = "chỗ cần sửa"
        ordering = ["submission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "place"],
                name="one_pin_per_place",
                violation_error_message="Chỗ này đã ghi cần sửa gì.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="pin_says_what_to_mend",
                violation_error_message="Xin ghi cần sửa gì.",
            ),
        ]

    def __str__(self) -> str:
        return self.about


class Reopening(models.Model):
    """Mở lại hồ sơ: what was approved or decided waits again, by a paper and with its reason.

    Decided levels stay in force until they are decided again.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reopenings")
    was_decided = models.BooleanField("đã quyết định")
    # The approval that it ended.
    approved_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người đã duyệt"
    )
    approved_at = models.DateTimeField("đã duyệt lúc")
    symbol = models.CharField("số, ký hiệu văn bản", max_length=60)
    dated = models.DateField("ngày văn bản")
    reason = models.TextField("lý do mở lại")
    paper = models.OneToOneField(Attachment, models.PROTECT, verbose_name="tệp văn bản")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người mở lại")
    at = models.DateTimeField("mở lại lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lần mở lại hồ sơ"
        verbose_name_plural = "lần mở lại hồ sơ"
        ordering = ["submission", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(symbol="") & ~Q(reason=""),
                name="reopening_has_its_paper_and_reason",
                violation_error_message="Mở lại hồ sơ thì ghi số, ký hiệu văn bản và lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mở lại theo văn bản số {self.symbol}, ngày {self.dated:%d/%m/%Y}"

"""What members write about themselves before the meeting. Nothing here is ever near a ballot."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from cells.law.posts import LeaderPosts
from cells.models import Campaign, Cell, InvalidTransition, Level, Meeting
from cells.stale import STALE
from members.models.attendance import Attendance
from members.models.former import FormerYear
from members.models.people import Member, Office
from members.rules.likeness import percent
from members.rules.promises import items_of, stored_items

IN_MEETING = (
    "Hội nghị đang họp nên bản kiểm điểm tạm khoá. Chữ vẫn còn trên trang này; "
    "sau khi hội nghị bế mạc đồng chí lưu lại được."
)
NO_REMARK = "Xin ghi vì sao trả lại, để đồng chí ấy biết sửa chỗ nào."


class CannotKeep(Exception):
    """Words that were not stored; the message is one Vietnamese sentence that says what to do."""


class SelfReviewQuerySet(models.QuerySet["SelfReview"]):
    """Self-reviews, asked by cell."""

    def of(self, cell: Cell, campaign: Campaign) -> "SelfReviewQuerySet":
        """Those made in the cell in this campaign."""
        return self.filter(cell=cell, campaign=campaign)

    def claimed(self) -> dict[int, str]:
        """The levels claimed in what was submitted, by member."""
        submitted = self.filter(state=SelfReview.State.SUBMITTED)
        return dict(submitted.values_list("member", "self_level"))


class SelfReview(models.Model):
    """Bản kiểm điểm of one member in one campaign: DRAFT → SUBMITTED → RETURNED → SUBMITTED …

    `version` counts every change, so that of two open pages the second cannot overwrite the first unseen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Chưa nộp"
        SUBMITTED = "submitted", "Đã nộp"
        RETURNED = "returned", "Trả lại để sửa"

    OPEN = (State.DRAFT, State.RETURNED)

    # Where it was made, and stays when the member is transferred after the meeting.
    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    kind = models.CharField("loại đối tượng", max_length=12)
    texts = models.JSONField("nội dung", default=dict, blank=True)
    scores = models.JSONField("điểm tự chấm", default=dict, blank=True)
    # How well each text that asks for a grade was done, in the words of the form, by section (Mẫu 02A, 02B of 2023).
    grades = models.JSONField("tự đánh giá từng mục", default=dict, blank=True)
    # Last year's shortcomings, one by one: {"1": {"item": …, "state": "done" or "open", "why": …}}.
    answers = models.JSONField("trả lời hạn chế năm trước", default=dict, blank=True)
    # The set of criteria under which the points were given (ReviewForm.stored_criteria): never another one.
    criteria = models.JSONField("bộ tiêu chí", default=dict, blank=True)
    self_level = models.CharField(
        "tự nhận mức", max_length=4, choices=Level, blank=True, default=""
    )
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.DRAFT)
    remark = models.TextField("lý do trả lại", blank=True, default="")
    on_paper = models.BooleanField("nộp bản giấy", default=False)
    version = models.PositiveIntegerField("lần ghi", default=0)
    saved_at = models.DateTimeField("lưu lúc", null=True, blank=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)

    objects = SelfReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "bản kiểm điểm"
        verbose_name_plural = "bản kiểm điểm"
        ordering = ["campaign", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "campaign"],
                name="one_self_review_per_member_and_campaign",
                violation_error_message="Đồng chí này đã có bản kiểm điểm của đợt này.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned"]),
                name="self_review_state_known",
                violation_error_message="Trạng thái của bản kiểm điểm không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(remark=""),
                name="returned_self_review_has_a_remark",
                violation_error_message=NO_REMARK,
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="submitted_self_review_has_its_time",
                violation_error_message="Bản kiểm điểm đã nộp phải có giờ nộp.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bản kiểm điểm {self.campaign.period} của {self.member}"

    @property
    def is_open(self) -> bool:
        """Whether the member may still write."""
        return self.state in self.OPEN

    def keep(
        self,
        version: int,
        texts: dict[str, str],
        scores: dict[str, str],
        self_level: str,
        answers: dict[str, dict[str, str]] | None = None,
        criteria: dict[str, Any] | None = None,
        grades: dict[str, str] | None = None,
    ) -> None:
        """Store what the member has written so far over `version`, with the criteria the points were given under.

        Raises CannotKeep if another page stored something since, or while the member sits in a meeting: nothing of a
        phone's time is written down while its ballot may be on its way. Raises InvalidTransition once submitted.
        """
        if meets_now(self.member):
            raise CannotKeep(IN_MEETING)
        self._step(
            self.OPEN,
            version,
            texts=texts,
            scores=scores,
            criteria=criteria or {},
            grades=grades or {},
            self_level=self_level,
            answers=answers or {},
            saved_at=timezone.now(),
        )

    def emptied(self, texts: Mapping[str, str]) -> int:
        """How many sections that are written these texts leave empty."""
        return sum(bool(text) and not texts.get(name) for name, text in self.texts.items())

    @transaction.atomic
    def submit(self, version: int, pack: str) -> None:
        """Nộp what `version` says, keep it for good, and claim its level at the planned meeting; raises as `keep`.

        `pack`: the version of the guidance pack whose form was filled in.
        """
        if meets_now(self.member):
            raise CannotKeep(IN_MEETING)
        self._step(
            self.OPEN,
            version,
            state=self.State.SUBMITTED,
            on_paper=False,
            remark="",
            submitted_at=timezone.now(),
        )
        self._remember(pack)
        self._claim()

    @cached_property
    def former(self) -> "SelfReviewVersion | None":
        """What the member last wrote here and handed in for an earlier year."""
        return SelfReviewVersion.objects.yearly(self.member).written_before(self.campaign).first()

    @cached_property
    def typed_in(self) -> FormerYear | None:
        """What came in from a sheet for a later year than the member last wrote of here; None where nothing did."""
        earlier = FormerYear.objects.filter(member=self.member_id, year__lt=self.campaign.year)
        if self.former:
            earlier = earlier.filter(year__gt=self.former.review.campaign.year)
        return earlier.exclude(shortcomings="").order_by("-year").first()

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What is to be answered: last year's shortcomings; once handed in, those that were answered."""
        if not self.is_open:
            return stored_items(self.answers)
        if self.campaign.kind != Campaign.Kind.YEAR:
            return ()
        if self.typed_in:
            return items_of(self.typed_in.shortcomings, {})
        former = self.former
        return items_of(former.texts.get("weaknesses", ""), former.answers) if former else ()

    @property
    def likeness(self) -> int:
        """Percent of what is written that stands so in last year's: for the writer's own eyes, and kept nowhere."""
        if self.campaign.kind != Campaign.Kind.YEAR or (self.on_paper and not self.is_open):
            return 0  # beside a paper stands at most a forgotten draft
        former = self.former if self.texts else None
        return percent(self.texts.values(), former.texts.values()) if former else 0

    def promise_paper(self) -> None:
        """The member will hand in a paper; raises InvalidTransition once submitted."""
        self._step(self.OPEN, None, on_paper=True)

    @transaction.atomic
    def receive_paper(self, pack: str, self_level: str = "") -> None:
        """The secretary holds the paper in hand, and may say which level it claims.

        Raises InvalidTransition if it was submitted before.
        """
        claimed = {"self_level": self_level} if self_level else {}
        changes = {"on_paper": True, "remark": "", "submitted_at": timezone.now(), **claimed}
        self._step(self.OPEN, None, state=self.State.SUBMITTED, **changes)
        self._remember(pack)
        if claimed:
            self._claim()

    def send_back(self, remark: str) -> None:
        """Trả lại with what is to be mended; raises InvalidTransition unless submitted."""
        self._step((self.State.SUBMITTED,), None, state=self.State.RETURNED, remark=remark)

    def change_kind(self, kind: str) -> None:
        """Give the member another form: texts stay, points go, for other criteria are asked; raises as `send_back`."""
        if kind != self.kind:
            self._step(self.OPEN, None, kind=kind, scores={}, criteria={}, grades={})

    def _step(self, sources: Sequence[str], version: int | None, **changes: object) -> None:
        """Take one step, or raise: the WHERE clause decides, so two pages cannot both win."""
        rows = SelfReview.objects.filter(pk=self.pk, state__in=sources)
        if version is not None:
            rows = rows.filter(version=version)
        if not rows.update(version=F("version") + 1, **changes):
            self.refresh_from_db()
            if self.state not in sources:
                raise InvalidTransition(self)
            raise CannotKeep(STALE)
        self.refresh_from_db()

    def _remember(self, pack: str) -> None:
        SelfReviewVersion.objects.create(
            review=self,
            number=self.version,
            pack=pack,
            kind=self.kind,
            texts=self.texts,
            scores=self.scores,
            grades=self.grades,
            answers=self.answers,
            criteria=self.criteria,
            self_level=self.self_level,
            on_paper=self.on_paper,
        )

    def _claim(self) -> None:
        """Carry the level over to meetings of this campaign that have not begun."""
        coming = Meeting.objects.filter(
            cell=self.cell_id, campaign=self.campaign_id, state=Meeting.State.PLANNED
        )
        locked = list(coming.select_for_update(no_key=True).values_list("pk", flat=True))
        places = Attendance.objects.filter(meeting__in=locked, member=self.member_id)
        places.update(self_level=self.self_level)


class SelfReviewVersionQuerySet(models.QuerySet["SelfReviewVersion"]):
    """What was handed in over the years, whatever became of the row afterwards."""

    def yearly(self, member: Member) -> "SelfReviewVersionQuerySet":
        """A member's of whole years: the newest year first, of each year the last one handed in first."""
        rows = self.filter(review__member=member, review__campaign__kind=Campaign.Kind.YEAR)
        return rows.select_related(
            "review__campaign", "review__member", "review__cell__committee"
        ).order_by("-review__campaign__year", "-number")

    def written_before(self, campaign: Campaign) -> "SelfReviewVersionQuerySet":
        """Those of earlier years that were written here: beside a paper stands at most a forgotten draft."""
        earlier = self.filter(review__campaign__year__lt=campaign.year, on_paper=False)
        return earlier.exclude(texts={})


class SelfReviewVersion(models.Model):
    """What was submitted, each time anew: only ever added, never changed."""

    review = models.ForeignKey(SelfReview, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("lần ghi")
    at = models.DateTimeField("lúc", auto_now_add=True)
    pack = models.CharField("bộ hướng dẫn", max_length=20)
    kind = models.CharField("loại đối tượng", max_length=12)
    texts = models.JSONField("nội dung", default=dict, blank=True)
    scores = models.JSONField("điểm tự chấm", default=dict, blank=True)
    grades = models.JSONField("tự đánh giá từng mục", default=dict, blank=True)
    answers = models.JSONField("trả lời hạn chế năm trước", default=dict, blank=True)
    criteria = models.JSONField("bộ tiêu chí", default=dict, blank=True)
    self_level = models.CharField(
        "tự nhận mức", max_length=4, choices=Level, blank=True, default=""
    )
    on_paper = models.BooleanField("nộp bản giấy", default=False)

    objects = SelfReviewVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "bản kiểm điểm đã nộp"
        verbose_name_plural = "bản kiểm điểm đã nộp"
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "number"],
                name="one_kept_version_per_number",
                violation_error_message="Lần nộp này đã được giữ lại.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}, lần ghi {self.number}"


def meets_now(member: Member) -> bool:
    """Whether a meeting has begun and is not over: of the member's cell, or of a committee that summons the member."""
    summons = Attendance.objects.at_sittings(member.pk).values("meeting")
    held = Q(cell=member.cell_id) | Q(pk__in=summons)
    return Meeting.objects.filter(held, state=Meeting.State.OPEN).exists()


def leads(member: Member, posts: LeaderPosts) -> bool:
    """Whether the member holds a post of leadership now."""
    return bool(Office.objects.filter(member=member).leading(posts))

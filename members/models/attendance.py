"""Who came to a meeting, with which duty and by which door to the box, and what was said."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from cells.models import Collective, Level, Meeting
from members.models.people import Member
from members.rules.names import ListedNames

LINE = 1_000  # the most letters of a line for the minutes


class Door(models.TextChoices):
    """How a voter's ballot reaches the box."""

    PHONE = "phone", "Điện thoại"
    SLIP = "slip", "Phiếu bốc thăm"
    PAPER = "paper", "Phiếu giấy"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Who belongs to a meeting, and who came."""

    def of(self, meeting: Meeting) -> "AttendanceQuerySet":
        """The meeting's list, in list order."""
        return (
            self.filter(meeting=meeting)
            .select_related("member")
            .order_by("position", "member__name_sort")
        )

    def listed_names(self) -> ListedNames:
        """How these, being a whole list, are written."""
        return ListedNames(row.member for row in self.select_related("member"))

    def names_by_meeting(self, meetings: Iterable[Meeting]) -> dict[int, ListedNames]:
        """How the list of each of these meetings, by key, writes its members: one query."""
        listed: dict[int, list[Member]] = {meeting.pk: [] for meeting in meetings}
        for row in self.filter(meeting__in=listed).select_related("member"):
            listed[row.meeting_id].append(row.member)
        return {pk: ListedNames(members) for pk, members in listed.items()}

    def at_sittings(self, member: int | None) -> "AttendanceQuerySet":
        """Those of the member with this key at committees' own meetings; None: of nobody."""
        return self.filter(member=member, meeting__cell=None)

    def present(self) -> "AttendanceQuerySet":
        """Those who came."""
        return self.filter(state=Attendance.State.PRESENT)

    def here(self) -> "AttendanceQuerySet":
        """Those who came and have not left."""
        return self.present().filter(left_at=None)

    def with_vote(self) -> "AttendanceQuerySet":
        """Full members, and exempt ones who came (QĐ 24-QĐ/TW, 9.3.2)."""
        return self.filter(
            Q(standing=Member.Status.FULL)
            | Q(standing=Member.Status.EXEMPT, state=Attendance.State.PRESENT)
        )

    def voters_here(self) -> int:
        """How many hands can be raised: those who are here and have a vote."""
        return self.here().with_vote().count()


class Attendance(models.Model):
    """Điểm danh: one member at one meeting, with the standing of that day, the duty and the review data."""

    class State(models.TextChoices):
        EXPECTED = "expected", "Chưa đến"
        PRESENT = "present", "Có mặt"
        EXCUSED = "excused", "Vắng có lý do"
        ABSENT = "absent", "Vắng không lý do"

    class Duty(models.TextChoices):
        CHAIR = "chair", "Chủ trì"
        CLERK = "clerk", "Thư ký"

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    standing = models.CharField("diện", max_length=12, choices=Member.Status)
    state = models.CharField("điểm danh", max_length=8, choices=State, default=State.EXPECTED)
    reason = models.CharField("lý do vắng", max_length=200, blank=True, default="")
    duty = models.CharField("nhiệm vụ", max_length=5, choices=Duty, blank=True, default="")
    door = models.CharField("cách bỏ phiếu", max_length=5, choices=Door, default=Door.PHONE)
    rated = models.BooleanField("được xếp loại", default=True)
    unrated_reason = models.CharField(
        "lý do không thuộc diện, chưa xếp loại", max_length=200, blank=True, default=""
    )
    self_level = models.CharField(
        "tự nhận mức", max_length=4, choices=Level, blank=True, default=""
    )
    presents = models.BooleanField("trình bày báo cáo", default=False)
    # One line each, as the minutes tell it.
    self_review = models.CharField("tự kiểm điểm", max_length=LINE, blank=True, default="")
    reply = models.CharField("tiếp thu", max_length=LINE, blank=True, default="")
    # To the minute, as the papers print it. A ballot that was received stays with who left.
    left_at = models.DateTimeField("ra về lúc", null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm danh"
        verbose_name_plural = "điểm danh"
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="one_attendance_per_meeting_and_member",
                violation_error_message="Đồng chí này đã có trong danh sách của hội nghị.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "duty"],
                condition=~Q(duty=""),
                name="one_chair_and_one_clerk",
                violation_error_message="Hội nghị chỉ có một chủ trì và một thư ký.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["expected", "present", "excused", "absent"]),
                name="attendance_state_known",
                violation_error_message="Trạng thái điểm danh không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | ~Q(reason=""),
                name="excused_absence_has_a_reason",
                violation_error_message="Vắng có lý do thì phải ghi lý do.",
            ),
            models.CheckConstraint(
                condition=Q(rated=True) | ~Q(unrated_reason=""),
                name="unrated_has_a_reason",
                violation_error_message="Không thuộc diện, chưa xếp loại thì phải ghi lý do.",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(presents=True),
                name="one_presenter_per_meeting",
                violation_error_message="Báo cáo chỉ có một người trình bày.",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(state="present"),
                name="only_who_came_leaves_early",
                violation_error_message="Chỉ người có mặt mới ghi được giờ ra về.",
            ),
            models.CheckConstraint(
                condition=Q(door__in=["phone", "slip", "paper"]),
                name="attendance_door_known",
                violation_error_message="Cách bỏ phiếu không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_state_display()}"

    @property
    def is_here(self) -> bool:
        """Whether this member came and has not left."""
        return self.state == Attendance.State.PRESENT and self.left_at is None

    @property
    def has_vote(self) -> bool:
        """Whether this member receives a ballot when present; exempt members do when they come."""
        return self.standing == Member.Status.FULL or (
            self.standing == Member.Status.EXEMPT and self.state == Attendance.State.PRESENT
        )


class Guest(models.Model):
    """Đại biểu dự hội nghị, without a vote."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    name = models.CharField("họ và tên", max_length=200)
    post = models.CharField("chức vụ, đơn vị", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "đại biểu"
        verbose_name_plural = "đại biểu"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class CommentQuerySet(models.QuerySet["Comment"]):
    """What was said at meetings."""

    def same_as(self, row: "Comment") -> "Comment | None":
        """The comment of the meeting that says the same of the same, by the same speaker."""
        who = ("meeting", "by", "guest", "on", "on_collective", "of")
        said = ("kind", "reserved", "text")
        return self.filter(**{name: getattr(row, name) for name in who + said}).first()


class Comment(models.Model):
    """Ý kiến: who spoke, a member or a guest, about whom (none = the cell), what of, and the text."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", "Ưu điểm, mặt mạnh"
        SHORTCOMING = "shortcoming", "Hạn chế, khuyết điểm"
        CAUSE = "cause", "Nguyên nhân"
        SOLUTION = "solution", "Giải pháp khắc phục"
        NEXT_YEAR = "next_year", "Phương hướng năm tới"
        OPINION = "opinion", "Ý kiến chung"

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    kind = models.CharField("nội dung về", max_length=12, choices=Kind, default=Kind.OPINION)
    # Kept apart in the minutes, whoever it is about: the speaker holds on to it against the meeting.
    reserved = models.BooleanField("ý kiến bảo lưu", default=False)
    by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments_made",
        verbose_name="người phát biểu",
    )
    guest = models.ForeignKey(
        Guest, models.PROTECT, null=True, blank=True, verbose_name="đại biểu phát biểu"
    )
    on = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments_received",
        verbose_name="góp ý cho",
    )
    on_collective = models.ForeignKey(
        Collective,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="góp ý cho tập thể lãnh đạo",
    )
    # At a committee's own meeting: about whose file; with neither member nor collective, about the cell itself.
    of = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="về hồ sơ của hội nghị",
    )
    text = models.TextField("nội dung")

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "strength",
                        "shortcoming",
                        "cause",
                        "solution",
                        "next_year",
                        "opinion",
                    ]
                ),
                name="comment_kind_known",
                violation_error_message="Loại ý kiến không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(by=None, guest__isnull=False) | Q(by__isnull=False, guest=None),
                name="comment_has_one_speaker",
                violation_error_message="Xin chọn một người phát biểu.",
            ),
            models.CheckConstraint(
                condition=Q(on=None) | Q(on_collective=None),
                name="comment_has_one_subject",
                violation_error_message="Một ý kiến chỉ góp cho một tập thể hoặc một đồng chí.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="comment_has_a_text",
                violation_error_message="Xin ghi nội dung ý kiến.",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

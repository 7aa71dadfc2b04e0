"""Where and when: committees, cells, campaigns and meetings. Knows no person."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from treebeard.mp_tree import MP_Node

from .rules import Rules, load_pack


def _random_key() -> str:
    return secrets.token_hex(16)


class InvalidTransition(Exception):
    """A step that the present state does not allow; the message says so to the user."""

    def __init__(self, row: models.Model) -> None:
        """Name the state in which the row was found."""
        row.refresh_from_db()
        state = row.get_state_display().lower()  # type: ignore[attr-defined]
        super().__init__(
            f"Không làm được việc này: {row._meta.verbose_name} {state}. Xin tải lại trang rồi làm tiếp từ đó."
        )


class Level(models.TextChoices):
    """Mức xếp loại, from the highest down."""

    EXCELLENT = "HTXS", "Hoàn thành xuất sắc nhiệm vụ"
    GOOD = "HTT", "Hoàn thành tốt nhiệm vụ"
    FULFILLED = "HT", "Hoàn thành nhiệm vụ"
    UNFULFILLED = "KHT", "Không hoàn thành nhiệm vụ"


class Committee(MP_Node):  # type: ignore[misc]
    """Đảng bộ, with the committee (đảng ủy) that leads it; a tree from the centre down."""

    name = models.CharField("tên đảng bộ", max_length=200)
    executive = models.CharField("tên cấp ủy", max_length=200, blank=True, default="")
    place = models.CharField("địa danh", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "đảng bộ"
        verbose_name_plural = "đảng bộ"

    def __str__(self) -> str:
        return self.name

    def subtree(self) -> models.QuerySet["Committee"]:
        """This committee and all below it: one indexed prefix query."""
        tree: models.QuerySet[Committee] = Committee.objects.filter(path__startswith=self.path)
        return tree


class CellQuerySet(models.QuerySet["Cell"]):
    """Cells, asked by committee."""

    def under(self, committee: Committee) -> "CellQuerySet":
        """Cells of the committee and of all committees below it."""
        return self.filter(committee__path__startswith=committee.path)


class Cell(models.Model):
    """Chi bộ: the leaf of the tree; it meets, votes and has members."""

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    name = models.CharField("tên chi bộ", max_length=200)
    place = models.CharField("địa danh", max_length=100, blank=True, default="")

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = "chi bộ"
        verbose_name_plural = "chi bộ"
        ordering = ["committee__path", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="cell_name_once_per_committee",
                violation_error_message="Đảng bộ đã có chi bộ mang tên này.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns, asked by the committees they reach."""

    def reaching(self, committee: Committee) -> "CampaignQuerySet":
        """Campaigns of the committee and of those above it, the newest first: what its cells meet under."""
        step = Committee.steplen
        line = [committee.path[:end] for end in range(step, len(committee.path) + step, step)]
        return self.filter(committee__path__in=line).order_by("-year", "-committee__path")


class Campaign(models.Model):
    """Đợt kiểm điểm: one committee's review of one year, under one guidance pack."""

    class Kind(models.TextChoices):
        YEAR = "year", "Hằng năm"

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("kỳ", max_length=10, choices=Kind, default=Kind.YEAR)
    pack = models.CharField("bộ hướng dẫn", max_length=20)
    basis = models.JSONField("căn cứ", default=list, blank=True)
    settings = models.JSONField("thiết lập riêng", default=dict, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt kiểm điểm"
        verbose_name_plural = "đợt kiểm điểm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "kind"],
                name="one_campaign_per_committee_and_year",
                violation_error_message="Đảng bộ đã có đợt kiểm điểm của năm này.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kiểm điểm năm {self.year}"

    @property
    def rules(self) -> Rules:
        """The pack's rules with this campaign's own settings over them."""
        return Rules.of(load_pack(self.pack), self.settings)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, asked by cell and kind."""

    def real(self) -> "MeetingQuerySet":
        """Without rehearsals."""
        return self.exclude(kind=Meeting.Kind.REHEARSAL)

    def joinable(self, code: str) -> "MeetingQuerySet":
        """The meeting whose check-in is open under these six digits, if any."""
        return self.filter(code=code).exclude(state=Meeting.State.CLOSED)


class Meeting(models.Model):
    """Hội nghị kiểm điểm: PLANNED → OPEN → CLOSED. Check-in (điểm danh) is open while it has a code."""

    class State(models.TextChoices):
        PLANNED = "planned", "Chưa khai mạc"
        OPEN = "open", "Đang họp"
        CLOSED = "closed", "Đã bế mạc"

    class Kind(models.TextChoices):
        MAIN = "main", "Hội nghị kiểm điểm"
        EXTRA = "extra", "Hội nghị bổ sung"
        REHEARSAL = "rehearsal", "Họp thử"

    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    kind = models.CharField("loại hội nghị", max_length=10, choices=Kind, default=Kind.MAIN)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.PLANNED)
    # What the papers print; the audit has its own clock.
    starts_at = models.DateTimeField("bắt đầu")
    ends_at = models.DateTimeField("kết thúc", null=True, blank=True)
    venue = models.CharField("địa điểm", max_length=200, blank=True, default="")
    opened_at = models.DateTimeField("khai mạc lúc", null=True, blank=True)
    closed_at = models.DateTimeField("bế mạc lúc", null=True, blank=True)
    door_key = models.CharField(max_length=32, unique=True, default=_random_key, editable=False)
    code = models.CharField("mã vào họp", max_length=6, null=True, blank=True, unique=True)
    step = models.PositiveSmallIntegerField("mục đang làm", default=0)
    report = models.TextField("dự thảo báo cáo kiểm điểm tập thể", blank=True, default="")
    self_level = models.CharField(
        "tự nhận mức", max_length=4, choices=Level, blank=True, default=""
    )
    self_score = models.DecimalField(
        "tự chấm điểm", max_digits=5, decimal_places=2, null=True, blank=True
    )
    tellers_yes = models.PositiveSmallIntegerField("đồng ý tổ kiểm phiếu", null=True, blank=True)
    tellers_of = models.PositiveSmallIntegerField("tổng số biểu quyết", null=True, blank=True)
    minutes_yes = models.PositiveSmallIntegerField("đồng ý biên bản", null=True, blank=True)
    minutes_of = models.PositiveSmallIntegerField(
        "tổng số biểu quyết biên bản", null=True, blank=True
    )
    conclusion = models.TextField("kết luận của chủ trì", blank=True, default="")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "hội nghị"
        verbose_name_plural = "hội nghị"
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "campaign"],
                condition=Q(kind="main"),
                name="one_main_meeting_per_cell_and_campaign",
                violation_error_message="Chi bộ đã có hội nghị kiểm điểm của đợt này.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "open", "closed"]),
                name="meeting_state_known",
                violation_error_message="Trạng thái của hội nghị không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", opened_at=None, closed_at=None)
                | Q(state="open", opened_at__isnull=False, closed_at=None)
                | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="meeting_times_agree_with_state",
                violation_error_message="Giờ khai mạc, bế mạc không khớp với trạng thái của hội nghị.",
            ),
            models.CheckConstraint(
                condition=Q(code=None) | ~Q(state="closed"),
                name="closed_meetings_have_no_code",
                violation_error_message="Hội nghị đã bế mạc thì không còn mã vào họp.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(tellers_yes=None, tellers_of=None)
                | Q(tellers_yes__lte=F("tellers_of")),
                name="tellers_hands_at_most_all",
                violation_error_message="Số đồng ý tổ kiểm phiếu không được nhiều hơn số người biểu quyết.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_yes=None, minutes_of=None)
                | Q(minutes_yes__lte=F("minutes_of")),
                name="minutes_hands_at_most_all",
                violation_error_message="Số đồng ý biên bản không được nhiều hơn số người biểu quyết.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} năm {self.campaign.year} của {self.cell}"

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is a họp thử, whose papers never count."""
        return self.kind == Meeting.Kind.REHEARSAL

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it may change any more."""
        return self.state == Meeting.State.CLOSED

    def open(self) -> None:
        """Khai mạc; raises InvalidTransition unless planned."""
        self._move(Meeting.State.PLANNED, Meeting.State.OPEN, opened_at=timezone.now())

    def close(self) -> None:
        """Bế mạc, check-in with it; raises InvalidTransition unless open."""
        self._move(Meeting.State.OPEN, Meeting.State.CLOSED, closed_at=timezone.now(), code=None)

    def open_checkin(self) -> None:
        """Give the meeting six digits under which phones may join; raises InvalidTransition once closed."""
        fresh = f"{secrets.randbelow(900_000) + 100_000}"
        waiting = Meeting.objects.filter(pk=self.pk, code=None).exclude(state=Meeting.State.CLOSED)
        if not Meeting.objects.filter(code=fresh).exists() and waiting.update(code=fresh):
            self.refresh_from_db()
            return
        self.refresh_from_db()
        if self.is_closed:
            raise InvalidTransition(self)
        if self.code is None:
            self.open_checkin()

    def close_checkin(self) -> None:
        """Take the six digits away: nobody joins any more."""
        Meeting.objects.filter(pk=self.pk).update(code=None)
        self.refresh_from_db()

    def next_item(self, step: int) -> None:
        """Go on from the agenda item `step`; a stale tab, which names another, changes nothing."""
        following = self.items.filter(position__gt=step).order_by("position").first()
        if following is not None:
            Meeting.objects.filter(pk=self.pk, step=step, state=Meeting.State.OPEN).update(
                step=following.position
            )
        self.refresh_from_db()

    def _move(self, source: str, target: str, **changes: object) -> None:
        """Take one step, or raise: the WHERE clause decides, so two clicks cannot both win."""
        if not Meeting.objects.filter(pk=self.pk, state=source).update(state=target, **changes):
            raise InvalidTransition(self)
        self.refresh_from_db()


class AgendaItem(models.Model):
    """Mục chương trình; `kind` says which page of the meeting serves it."""

    class Kind(models.TextChoices):
        TALK = "talk", "Nội dung"
        REPORT = "report", "Báo cáo kiểm điểm"
        COMMENTS = "comments", "Góp ý"
        TELLERS = "tellers", "Tổ kiểm phiếu"
        POLL = "poll", "Bỏ phiếu"
        RESULT = "result", "Kết quả"
        MINUTES = "minutes", "Biên bản"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("thứ tự")
    title = models.CharField("nội dung", max_length=300)
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.TALK)

    class Meta:
        verbose_name = "mục chương trình"
        verbose_name_plural = "chương trình"
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="one_item_per_position",
                violation_error_message="Chương trình đã có mục mang số thứ tự này.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

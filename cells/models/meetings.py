"""When: meetings with their agenda and report, and the scale of levels."""

import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from cells.law.guidance import Layer, load_pack
from cells.law.rules import Rules
from cells.models.campaigns import Campaign
from cells.models.columns import DrawnField
from cells.models.places import Cell, Committee
from cells.wording import STANDING

if TYPE_CHECKING:
    from cells.models.collectives import CollectiveReport


def _random_key() -> str:
    return secrets.token_hex(16)


def _carried(what: str) -> Q:
    """No hands on record for it yet, or hands that are more than half of those that voted, and no more than all."""
    yes, of = f"{what}_yes", f"{what}_of"
    return Q((yes, None), (of, None)) | Q((f"{of}__gte", F(yes)), (f"{of}__lt", F(yes) * 2))


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


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings, asked by cell and kind."""

    def real(self) -> "MeetingQuerySet":
        """Without rehearsals."""
        return self.exclude(kind=Meeting.Kind.REHEARSAL)

    def of_same_body(self, meeting: "Meeting") -> "MeetingQuerySet":
        """Those of the cell, or of the committee, whose meeting this is."""
        return self.filter(cell=meeting.cell_id, committee=meeting.committee_id)

    def held(self) -> "MeetingQuerySet":
        """Those that have been opened, rehearsals left out."""
        return self.real().exclude(state=Meeting.State.PLANNED)

    def closing_with(self, campaign: Campaign) -> "MeetingQuerySet":
        """Those of cells that its closing concerns: as `Campaign.closing_over` has it for each of them."""
        below = self.filter(
            cell__committee__path__startswith=campaign.committee.path,
            campaign__year=campaign.year,
            campaign__kind=campaign.kind,
        )
        stayed = Q(cell__committee__path__startswith=F("campaign__committee__path"))
        moved_here = ~stayed
        for path in campaign.nearer:
            moved_here &= ~Q(cell__committee__path__startswith=path)
        return below.filter((stayed & Q(campaign=campaign)) | moved_here)

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
        # Of a committee itself: all who sit on it, or its standing committee alone.
        EXECUTIVE = "executive", "Hội nghị cấp ủy"
        STANDING = "standing", "Hội nghị ban thường vụ"

    # A meeting is of a cell or of a committee. What is of cells alone asks for the cell, and never meets another's
    # meeting (`User.meetings`); what may be of either asks for `body`, `body_name` or `over`.
    cell: "models.ForeignKey[Cell, Cell]" = models.ForeignKey(  # type: ignore[misc]
        Cell, models.PROTECT, null=True, blank=True, verbose_name="chi bộ"
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, verbose_name="đảng bộ"
    )
    # Of a rehearsal: the meeting it is a copy of.
    rehearses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="họp thử của"
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="đợt kiểm điểm")
    kind = models.CharField("loại hội nghị", max_length=10, choices=Kind, default=Kind.MAIN)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.PLANNED)
    # What the papers print; the audit has its own clock.
    starts_at = models.DateTimeField("bắt đầu")
    ends_at = models.DateTimeField("kết thúc", null=True, blank=True)
    venue = models.CharField("địa điểm", max_length=200, blank=True, default="")
    opened_at = models.DateTimeField("khai mạc lúc", null=True, blank=True)
    closed_at = models.DateTimeField("bế mạc lúc", null=True, blank=True)
    door_key = DrawnField(max_length=32, unique=True, default=_random_key, editable=False)
    code = models.CharField("mã vào họp", max_length=6, null=True, blank=True, unique=True)
    step = models.PositiveSmallIntegerField("mục đang làm", default=0)
    tellers_yes = models.PositiveSmallIntegerField("đồng ý tổ kiểm phiếu", null=True, blank=True)
    tellers_of = models.PositiveSmallIntegerField("tổng số biểu quyết", null=True, blank=True)
    minutes_yes = models.PositiveSmallIntegerField("đồng ý biên bản", null=True, blank=True)
    minutes_of = models.PositiveSmallIntegerField(
        "tổng số biểu quyết biên bản", null=True, blank=True
    )
    conclusion = models.TextField("kết luận của chủ trì", blank=True, default="")
    count_starts_at = models.DateTimeField("bắt đầu kiểm phiếu", null=True, blank=True)
    count_ends_at = models.DateTimeField("kiểm phiếu xong", null=True, blank=True)
    copies = models.PositiveSmallIntegerField("số bản", null=True, blank=True)
    # Of a committee's own meeting, as its office numbers it; a cell's stands on the paper.
    minutes_symbol = models.CharField(
        "số, ký hiệu biên bản", max_length=60, blank=True, default="", db_default=""
    )
    filed = models.JSONField("nơi lưu", default=list, blank=True)
    # Version of the pack and layers over it, as they stood when the meeting opened.
    frozen_rules = models.JSONField(null=True, editable=False)

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
            models.UniqueConstraint(
                fields=["committee", "campaign", "minutes_symbol"],
                condition=Q(kind__in=["executive", "standing"]) & ~Q(minutes_symbol=""),
                name="minutes_symbol_once_per_committee_and_campaign",
                violation_error_message="Số, ký hiệu biên bản này đã ghi cho một hội nghị khác của cấp ủy trong đợt. "
                "Xin ghi số khác.",
            ),
            models.CheckConstraint(
                condition=Q(
                    cell__isnull=False, committee=None, kind__in=["main", "extra", "rehearsal"]
                )
                | Q(cell=None, committee__isnull=False, kind__in=["executive", "standing"])
                | Q(cell=None, committee__isnull=False, kind="rehearsal", rehearses__isnull=False),
                name="meeting_of_one_body",
                violation_error_message="Hội nghị phải của đúng một chi bộ hoặc một cấp ủy.",
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
                condition=Q(count_starts_at=None, count_ends_at=None)
                | Q(count_starts_at__gte=F("starts_at"), count_ends_at__gte=F("count_starts_at")),
                name="count_times_in_order",
                violation_error_message="Giờ kiểm phiếu xong không được trước giờ bắt đầu kiểm phiếu, "
                "và kiểm phiếu không trước giờ khai mạc.",
            ),
            models.CheckConstraint(
                condition=Q(count_ends_at=None)
                | Q(ends_at=None)
                | Q(count_ends_at__lte=F("ends_at")),
                name="count_ends_before_the_meeting",
                violation_error_message="Kiểm phiếu phải xong trước khi hội nghị kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(copies=None) | Q(copies__gte=1),
                name="at_least_one_copy",
                violation_error_message="Biên bản phải lập ít nhất một bản.",
            ),
            models.CheckConstraint(
                condition=_carried("tellers"),
                name="tellers_hands_carry",
                violation_error_message="Tổ kiểm phiếu cần quá nửa số người biểu quyết đồng ý, không quá tất cả.",
            ),
            models.CheckConstraint(
                condition=_carried("minutes"),
                name="minutes_hands_carry",
                violation_error_message="Biên bản cần quá nửa số người biểu quyết đồng ý, không quá tất cả.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.campaign.period} của {self.body}"

    @property
    def body(self) -> Cell | Committee:
        """Whose meeting it is."""
        return self.committee or self.cell

    @property
    def over(self) -> Committee:
        """By whose rules it is held: the committee over the cell, or the committee that meets."""
        return self.committee or self.cell.committee

    @property
    def body_name(self) -> str:
        """What meets, as pages and papers call it: the cell, the committee's executive or its standing committee."""
        if self.committee is None:
            return str(self.cell)
        name = self.committee.executive_name
        return f"{STANDING} {name}" if self.real_kind == Meeting.Kind.STANDING else name

    @property
    def real_kind(self) -> str:
        """The kind; of a rehearsal that of the meeting it is a copy of, where that is kept."""
        return self.rehearses.kind if self.rehearses else self.kind

    @property
    def is_sitting(self) -> bool:
        """Whether a committee meets, to vote on what cells have sent up."""
        return self.committee_id is not None

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is a họp thử, whose papers never count."""
        return self.kind == Meeting.Kind.REHEARSAL

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it may change any more."""
        return self.state == Meeting.State.CLOSED

    @cached_property
    def rules(self) -> Rules:
        """The rules this meeting is held by: what is in force while it is planned, then what was when it opened.

        Read once by each page and verb, which have a row of their own.
        """
        if self.frozen_rules is None:
            return self.campaign.rules_of(self.over, self.cell)
        layers = [Layer(**layer) for layer in self.frozen_rules["layers"]]
        return Rules.from_pack(
            load_pack(self.frozen_rules["pack"]), self.campaign.settings, layers
        )

    @property
    def report(self) -> "CollectiveReport":
        """The cell's own collective report; a blank one, not stored, before anything is written."""
        try:
            return self._stored_report
        except self.reports.model.DoesNotExist:
            return self.reports.model(meeting=self)

    @cached_property
    def _stored_report(self) -> "CollectiveReport":
        return self.reports.get(collective=None)

    def open(self) -> None:
        """Khai mạc, with the rules and the draft report frozen; raises InvalidTransition unless planned."""
        layers = self.campaign.layers(self.over, self.cell)
        frozen = {"pack": self.rules.version, "layers": [asdict(layer) for layer in layers]}
        self._move(
            Meeting.State.PLANNED,
            Meeting.State.OPEN,
            opened_at=timezone.now(),
            frozen_rules=frozen,
        )
        self.reports.update(texts_before=F("texts"))

    def close(self) -> None:
        """Bế mạc, check-in with it; raises InvalidTransition unless open."""
        self._move(Meeting.State.OPEN, Meeting.State.CLOSED, closed_at=timezone.now(), code=None)

    def open_checkin(self, former: str | None = None) -> None:
        """Give the meeting six digits, not the `former`, to join it by phone; raises InvalidTransition once closed."""
        fresh = f"{secrets.randbelow(900_000) + 100_000}"
        waiting = Meeting.objects.filter(pk=self.pk, code=None).exclude(state=Meeting.State.CLOSED)
        is_free = fresh != former and not Meeting.objects.filter(code=fresh).exists()
        if is_free and waiting.update(code=fresh):
            self.refresh_from_db()
            return
        self.refresh_from_db()
        if self.is_closed:
            raise InvalidTransition(self)
        if self.code is None:
            self.open_checkin(former)

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

    def previous_item(self, step: int) -> None:
        """Go back from the agenda item `step`; a stale tab, or the first item, changes nothing."""
        former = self.items.filter(position__lt=step).order_by("position").last()
        if former is not None:
            Meeting.objects.filter(pk=self.pk, step=step, state=Meeting.State.OPEN).update(
                step=former.position
            )
        self.refresh_from_db()

    def _move(self, source: str, target: str, **changes: object) -> None:
        """Take one step, or raise: the WHERE clause decides, so two clicks cannot both win."""
        if not Meeting.objects.filter(pk=self.pk, state=source).update(state=target, **changes):
            raise InvalidTransition(self)
        self.refresh_from_db()

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        """Read the row anew, and its rules and its report when they are next asked for."""
        for read in ("rules", "_stored_report"):
            self.__dict__.pop(read, None)
        super().refresh_from_db(*args, **options)


class AgendaItem(models.Model):
    """Mục chương trình; `kind` says which page of the meeting serves it."""

    class Kind(models.TextChoices):
        TALK = "talk", "Nội dung"
        REPORT = "report", "Báo cáo kiểm điểm"
        COMMENTS = "comments", "Góp ý"
        MEMBERS = "members", "Tự kiểm điểm, góp ý đảng viên"
        GUESTS = "guests", "Ý kiến của đại biểu"
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

"""The poll, its box and its totals: all that the cast door may touch. Knows no person; imports nothing of members."""

import secrets
from typing import ClassVar

from django.db import connection, models
from django.db.models import F, Q

from cells.models import InvalidTransition, Level, Meeting
from cells.models.columns import DrawnField

ONE_ACTIVE = "Hội nghị đang có một lượt bỏ phiếu chưa kiểm xong."


def _random_id() -> str:
    return secrets.token_hex(16)


class PollQuerySet(models.QuerySet["Poll"]):
    """Polls, asked by meeting and phase."""

    def active(self) -> "PollQuerySet":
        """Polls between issuing and the recount: at most one per meeting."""
        return self.filter(state__in=Poll.ACTIVE)

    def naming_members(self, meeting: Meeting) -> "PollQuerySet":
        """Polls whose ballots, already handed out, name members: they fix who is rated. Void ones fix nothing."""
        begun = self.filter(meeting=meeting, subjects__member__isnull=False)
        return begun.exclude(state__in=[Poll.State.PLANNED, Poll.State.VOID])

    def counted(self) -> "PollQuerySet":
        """Polls whose numbers may be shown: the tellers have confirmed them."""
        return self.filter(state=Poll.State.COUNTED, confirmed=True)

    def unfinished(self) -> "PollQuerySet":
        """Polls that forbid closing the meeting: active, or counted and not yet confirmed."""
        return self.filter(Q(state__in=Poll.ACTIVE) | Q(state=Poll.State.COUNTED, confirmed=False))

    def share_locked(self, p: str) -> "Poll | None":
        """The poll whose sheet has this SHA-256, under a shared lock until the transaction ends.

        Many casts and stamps hold it at once; a change of phase waits for them all. Django knows no
        FOR SHARE, and the lock a foreign key takes is not enough; on SQLite the transaction is the lock.
        """
        share = " FOR SHARE" if connection.vendor == "postgresql" else ""
        return next(iter(self.raw(f"SELECT * FROM ballots_poll WHERE p = %s{share}", [p])), None)  # noqa: S608


class Poll(models.Model):
    """Lượt bỏ phiếu: PLANNED → ISSUING → CASTING → SEALED → COUNTED, or VOID (secret-ballot.md 3)."""

    class State(models.TextChoices):
        PLANNED = "planned", "Chưa mở"
        ISSUING = "issuing", "Đang phát phiếu"
        CASTING = "casting", "Đang bỏ phiếu"
        SEALED = "sealed", "Đã niêm phong hòm phiếu"
        COUNTED = "counted", "Đã kiểm phiếu"
        VOID = "void", "Đã huỷ"

    ACTIVE: ClassVar = [State.ISSUING.value, State.CASTING.value, State.SEALED.value]

    id = DrawnField(primary_key=True, max_length=32, default=_random_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, verbose_name="hội nghị")
    # The meeting's public key of 128 bits, copied so that the door reads this table alone.
    door_key = models.CharField(max_length=32, db_index=True, editable=False)
    number = models.PositiveSmallIntegerField("lượt số")
    title = models.CharField("nội dung bỏ phiếu", max_length=300)
    levels = models.JSONField("các mức", default=list)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.PLANNED)
    round = models.PositiveSmallIntegerField("lần phát", default=0)
    sheet = models.BinaryField(null=True, editable=False)
    p = models.CharField(  # noqa: DJ001 - unique where there is one
        "SHA-256 của tờ phiếu", max_length=64, null=True, unique=True, editable=False
    )
    # Of the round before: whose keys are over, though no sheet tells of it any more.
    former_p = models.CharField(max_length=64, blank=True, default="", editable=False)
    # Frozen when issuing opens (people) and when the box is sealed (ballots).
    summoned = models.PositiveSmallIntegerField("triệu tập", default=0)
    present = models.PositiveSmallIntegerField("có mặt", default=0)
    # Summoned less those excused for the whole meeting (QĐ 24-QĐ/TW, 9.3.2).
    base = models.PositiveSmallIntegerField("số để tính tỷ lệ", default=0)
    issued = models.PositiveSmallIntegerField("số phiếu phát ra", default=0)
    collected = models.PositiveSmallIntegerField("số phiếu thu về", default=0)
    valid = models.PositiveSmallIntegerField("số phiếu hợp lệ", default=0)
    invalid = models.PositiveSmallIntegerField("số phiếu không hợp lệ", default=0)
    sealed_sha256 = models.CharField(
        "SHA-256 của danh sách phiếu", max_length=64, blank=True, default=""
    )
    confirmed = models.BooleanField("đã xác nhận kết quả", default=False)
    void_reason = models.TextField("lý do huỷ", blank=True, default="")
    # The one column the door's database role may UPDATE, which PostgreSQL asks of whoever locks a row.
    door_lock = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt bỏ phiếu"
        verbose_name_plural = "lượt bỏ phiếu"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state__in=["issuing", "casting", "sealed"]),
                name="one_active_poll_per_meeting",
                violation_error_message=ONE_ACTIVE,
            ),
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="poll_number_once_per_meeting",
                violation_error_message="Hội nghị đã có lượt bỏ phiếu mang số này.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["planned", "issuing", "casting", "sealed", "counted", "void"]
                ),
                name="poll_state_known",
                violation_error_message="Trạng thái của lượt bỏ phiếu không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(collected=F("valid") + F("invalid")),
                name="collected_is_valid_plus_invalid",
                violation_error_message="Số phiếu thu về phải bằng số hợp lệ cộng số không hợp lệ.",
            ),
            models.CheckConstraint(
                condition=Q(collected__lte=F("issued")),
                name="collected_at_most_issued",
                violation_error_message="Số phiếu thu về không được nhiều hơn số phiếu phát ra.",
            ),
            models.CheckConstraint(
                condition=Q(state="void") | Q(void_reason=""),
                name="only_void_polls_have_a_void_reason",
                violation_error_message="Chỉ lượt đã huỷ mới có lý do huỷ.",
            ),
            models.CheckConstraint(
                condition=Q(state="counted") | Q(confirmed=False),
                name="only_counted_polls_are_confirmed",
                violation_error_message="Chỉ xác nhận được kết quả của lượt đã kiểm phiếu.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        """Whether it is active, or counted and not yet confirmed: the poll the room has to do with now."""
        return self.state in self.ACTIVE or (
            self.state == self.State.COUNTED and not self.confirmed
        )

    def move(self, source: str, target: str, **changes: object) -> None:
        """Take one step, or raise InvalidTransition: the WHERE clause decides, so two clicks cannot both win."""
        if not Poll.objects.filter(pk=self.pk, state=source).update(state=target, **changes):
            raise InvalidTransition(self)
        self.refresh_from_db()


class KeyFolder(models.Model):
    """Thư mục khoá: by this name the keys of the database lie in RAM; drawn once, and the same in its copies."""

    ONLY: ClassVar = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    name = DrawnField(max_length=32, default=_random_id, editable=False)

    class Meta:
        verbose_name = "thư mục khoá"
        verbose_name_plural = "thư mục khoá"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="one_key_folder",
                violation_error_message="Cơ sở dữ liệu chỉ có một thư mục khoá.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Box(models.Model):
    """Hòm phiếu: ballots as they arrive, encrypted under a key that dies; no time, no order, no person."""

    tag = models.BinaryField(primary_key=True, max_length=32)
    # One index, not Django's two for a key of characters: each is written with every cast.
    poll = models.ForeignKey(Poll, models.PROTECT, db_index=False)
    data = models.BinaryField()

    class Meta:
        verbose_name = "hòm phiếu"
        verbose_name_plural = "hòm phiếu"
        indexes = [models.Index(fields=["poll"], name="box_by_poll")]

    def __str__(self) -> str:
        return "phiếu kín"


class Sealed(models.Model):
    """Phiếu đã niêm phong: written in the order of hashes; `data` is emptied when the result is confirmed."""

    hash = models.BinaryField(primary_key=True, max_length=32)
    poll = models.ForeignKey(Poll, models.PROTECT)
    data = models.BinaryField()

    class Meta:
        verbose_name = "phiếu đã niêm phong"
        verbose_name_plural = "phiếu đã niêm phong"

    def __str__(self) -> str:
        return "phiếu kín"


class RowTally(models.Model):
    """Kết quả một dòng: how many valid ballots gave this subject each level, and how many left the row blank."""

    COLUMNS: ClassVar = {
        Level.EXCELLENT.value: "excellent",
        Level.GOOD.value: "good",
        Level.FULFILLED.value: "fulfilled",
        Level.UNFULFILLED.value: "unfulfilled",
    }

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="rows")
    position = models.PositiveSmallIntegerField("dòng")
    excellent = models.PositiveSmallIntegerField("HTXS", default=0)
    good = models.PositiveSmallIntegerField("HTT", default=0)
    fulfilled = models.PositiveSmallIntegerField("HT", default=0)
    unfulfilled = models.PositiveSmallIntegerField("KHT", default=0)
    blank = models.PositiveSmallIntegerField("không có ý kiến", default=0)

    class Meta:
        verbose_name = "kết quả một dòng"
        verbose_name_plural = "kết quả từng dòng"
        ordering = ["poll", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "position"],
                name="one_tally_per_row",
                violation_error_message="Dòng này đã có kết quả.",
            ),
        ]

    def __str__(self) -> str:
        return f"dòng {self.position}"

    @property
    def counts(self) -> dict[str, int]:
        """Ballots per level code, all four levels."""
        return {code: getattr(self, column) for code, column in self.COLUMNS.items()}

"""The phones of members: no account, no password, one trusted phone each."""

import hashlib
import secrets

from django.db import models
from django.db.models import Q

from cells.models import Meeting
from members.models.people import Member
from partyreview.statements import Statement

OWNER = Statement(
    "owner_of_phone",
    "SELECT member_id FROM members_device WHERE token_hash = %s AND state = 'admitted'",
    "text",
)


class DeviceQuerySet(models.QuerySet["Device"]):
    """Phones, asked by cookie and by meeting."""

    def admitted(self, token: str) -> "Device | None":
        """The trusted phone that holds this cookie; in plain SQL, which spares a whole hall half the search."""
        devices = self.raw(
            "SELECT * FROM members_device WHERE token_hash = %s AND state = 'admitted'",
            [Device.hash(token)],
        )
        return next(iter(devices), None)

    def owner(self, token: str) -> int | None:
        """Whose trusted phone holds this cookie: the member's key."""
        row = OWNER.row(Device.hash(token))
        return None if row is None else int(row[0])

    def knocking(self, meeting: Meeting) -> "DeviceQuerySet":
        """Phones that show a two-digit number and wait for the secretary."""
        return self.filter(meeting=meeting, number__isnull=False).select_related("member")

    def stop_knocking(self, **changes: object) -> int:
        """Take the number from their screens, with these changes; returns how many phones it was."""
        return self.update(number=None, browser="", **changes)


class Device(models.Model):
    """Máy của đảng viên: a phone that picked a name; trusted once the secretary saw person and number together."""

    class State(models.TextChoices):
        PENDING = "pending", "Chờ nhận"
        ADMITTED = "admitted", "Đã nhận"
        REVOKED = "revoked", "Đã thay"

    member = models.ForeignKey(Member, models.CASCADE, verbose_name="đảng viên")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField("trạng thái", max_length=8, choices=State, default=State.PENDING)
    # Where it knocks now, and the two digits on its screen; both empty when nobody waits.
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, verbose_name="hội nghị"
    )
    number = models.PositiveSmallIntegerField("số hiện trên máy", null=True, blank=True)
    # The browser that knocks, by a hash of its CSRF cookie; "" where it sent none, or waits no more.
    browser = models.CharField(max_length=64, blank=True, default="", editable=False)
    # By a personal link, and since then no secretary has seen person and number together.
    by_link = models.BooleanField("vào bằng đường dẫn", default=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "máy"
        verbose_name_plural = "máy"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="one_number_per_knocking_phone",
                violation_error_message="Số này đang hiện trên một máy khác.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "browser"],
                condition=Q(number__isnull=False) & ~Q(browser=""),
                name="one_knock_per_browser",
                violation_error_message="Máy này đang chờ với một tên khác.",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state="admitted"),
                name="one_admitted_phone_per_member",
                violation_error_message="Đồng chí này đã vào họp bằng một máy khác.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "admitted", "revoked"]),
                name="device_state_known",
                violation_error_message="Trạng thái của máy không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '–'} — {self.member}"

    @staticmethod
    def hash(token: str) -> str:
        """What the table keeps of a cookie: its SHA-256."""
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def new_token() -> str:
        """A fresh cookie of 256 random bits."""
        return secrets.token_urlsafe(32)


class PhoneChangeQuerySet(models.QuerySet["PhoneChange"]):
    """Marks of linked and changed phones."""

    def note(self, member: int, kind: str, *meetings: Meeting) -> None:
        """Mark that a phone of this member was linked or changed in these meetings; once is enough."""
        marks = [PhoneChange(meeting=meeting, member_id=member, kind=kind) for meeting in meetings]
        self.bulk_create(marks, ignore_conflicts=True)


class PhoneChange(models.Model):
    """Nối máy, đổi máy: a member's phone was linked, or took a former one's place, after check-in had begun.

    Rows are only added: what the room saw, the tellers confirmed and the minutes say is never taken back.
    """

    class Kind(models.TextChoices):
        LINKED = "linked", "Nối máy bằng đường dẫn"
        MOVED = "moved", "Đổi máy"

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    member = models.ForeignKey(Member, models.CASCADE, verbose_name="đảng viên")
    kind = models.CharField("việc", max_length=6, choices=Kind)

    objects = PhoneChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "nối máy, đổi máy"
        verbose_name_plural = "nối máy, đổi máy"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "kind"],
                name="one_mark_per_member_and_kind",
                violation_error_message="Việc này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["linked", "moved"]),
                name="phone_change_kind_known",
                violation_error_message="Việc nối máy, đổi máy không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_kind_display()}"

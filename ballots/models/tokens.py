"""Mã truy cập of a committee: by it another program reads the committee's totals, and nothing else."""

import datetime
import hashlib
import secrets

from django.db import models
from django.db.models import F, Q

from cells.models import Committee
from members.models import User

# So that whoever finds one in a file knows what it opens.
PREFIX = "kdcb_"
# By chance: nobody guesses 256 bits, so a plain hash keeps them.
SECRET_BYTES = 32
# How many of a committee are in force at once.
MOST = 5
NO_NAME = "Xin đặt tên cho mã: nơi nào dùng, để làm gì."


def digest_of(token: str) -> str:
    """What is kept of a token, which opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens, asked by what they still open."""

    def in_force(self, today: datetime.date) -> "ApiTokenQuerySet":
        """Neither revoked nor past their day."""
        return self.filter(revoked_on=None, expires_on__gte=today)

    def known_by(self, token: str) -> "ApiToken | None":
        """The one that was shown as this text once, whether or not it is in force."""
        rows = self.select_related("committee", "made_by")
        return rows.filter(digest=digest_of(token)).first()


class ApiToken(models.Model):
    """Mã truy cập số liệu of one committee: shown once, kept as a hash; of its use, the last day and no more."""

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    name = models.CharField("tên", max_length=60)
    digest = models.CharField("mã băm", max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name="người tạo")
    made_on = models.DateField("ngày tạo")
    expires_on = models.DateField("dùng đến hết ngày")
    used_on = models.DateField("ngày dùng gần nhất", null=True, blank=True)
    revoked_on = models.DateField("ngày thu hồi", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "mã truy cập số liệu"
        verbose_name_plural = "mã truy cập số liệu"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                condition=Q(revoked_on=None),
                name="token_name_once_per_committee",
                violation_error_message="Đảng bộ đã có mã mang tên này. Xin đặt tên khác, hoặc thu hồi mã cũ trước.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="token_has_a_name",
                violation_error_message=NO_NAME,
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("made_on")),
                name="token_ends_after_it_was_made",
                violation_error_message="Ngày hết hạn phải sau ngày tạo.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def fresh(cls) -> str:
        """A new text, which nobody has."""
        return PREFIX + secrets.token_urlsafe(SECRET_BYTES)

    def note_use(self, today: datetime.date) -> None:
        """Keep the day: one write a day, never a time, and none of a token that was just revoked."""
        if self.used_on != today:
            ApiToken.objects.filter(pk=self.pk, revoked_on=None).update(used_on=today)

"""The one code that begins an empty installation; hashed, and spent by whoever is first."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from cells import codes

SALT = "members.set-up"
LENGTH = 12


class SetUpCode(models.Model):
    """Mã cài đặt: printed on the terminal of the server; one row, whose hash a new code replaces."""

    digest = models.CharField(max_length=64, editable=False)
    spent = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "mã cài đặt"
        verbose_name_plural = "mã cài đặt"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="one_set_up_code",
                violation_error_message="Chỉ có một mã cài đặt.",
            ),
        ]

    def __str__(self) -> str:
        return "đã dùng" if self.spent else "chưa dùng"

    @classmethod
    def renew(cls) -> str:
        """A fresh code in letters; the former one opens nothing any more."""
        code = "".join(secrets.choice(codes.LETTERS) for _ in range(LENGTH))
        cls.objects.update_or_create(pk=1, defaults={"digest": _digest(code), "spent": False})
        return code

    @classmethod
    def opens(cls, typed: str) -> bool:
        """Whether this is the code, whatever a keyboard or an eye made of it, and nobody has spent it."""
        return cls.objects.filter(digest__in=_digests(typed), spent=False).exists()

    @classmethod
    def spend(cls, typed: str) -> bool:
        """Use it up; False when another browser just has, so that of two at once only one wins."""
        unspent = cls.objects.filter(digest__in=_digests(typed), spent=False)
        return bool(unspent.update(spent=True))


def _digest(code: str) -> str:
    return salted_hmac(SALT, code, algorithm="sha256").hexdigest()


def _digests(typed: str) -> list[str]:
    return [_digest(reading) for reading in codes.meant(typed, LENGTH)]

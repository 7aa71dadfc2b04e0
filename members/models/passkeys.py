"""Passkeys of accounts: what a device of the officer signs with, as far as the server has to know it."""

from django.db import models

from members.models.people import User


class Passkey(models.Model):
    """Khoá truy cập: a key pair that an officer's device keeps; here lies the public half, which opens nothing.

    It belongs to one name of this site (`site`), as browsers have it: at another name no device offers it.
    """

    user = models.ForeignKey(
        User, models.CASCADE, related_name="passkeys", verbose_name="tài khoản"
    )
    key_id = models.BinaryField("tên của khoá trong máy", max_length=1023, unique=True)
    credential = models.BinaryField("khoá công khai", max_length=8192)
    counter = models.BigIntegerField("số lần ký", default=0, editable=False)
    site = models.CharField("tên miền", max_length=253)
    name = models.CharField("tên", max_length=60)
    added_on = models.DateField("ngày thêm")

    class Meta:
        verbose_name = "khoá truy cập"
        verbose_name_plural = "khoá truy cập"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def persistent_id(self) -> str:
        """What the session says was shown, as devices of django-otp have it."""
        return f"members.passkey/{self.pk}"

"""Where an officer is signed in: kept coarse, so that the list helps its owner and tells nobody else his evenings."""

import re

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from members.models.people import User

# The first that fits names it; many browsers call themselves by several names.
BROWSERS = {
    "Zalo": "Zalo",
    "Edg": "Edge",
    "coc_coc": "Cốc Cốc",
    "SamsungBrowser": "Samsung Internet",
    "OPR": "Opera",
    "Firefox|FxiOS": "Firefox",
    "Chrome|CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone|iPad": "iPhone, iPad",
    "Android": "điện thoại Android",
    "Windows": "máy Windows",
    "Mac OS X": "máy Mac",
    "Linux|CrOS": "máy Linux",
}


def words_for(agent: str) -> str:
    """What its owner calls this browser: kind and system, no version."""
    browser = _first(BROWSERS, agent) or "Trình duyệt"
    system = _first(SYSTEMS, agent)
    return f"{browser} trên {system}" if system else browser


def _first(names: dict[str, str], agent: str) -> str:
    return next((words for pattern, words in names.items() if re.search(pattern, agent)), "")


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Sign-ins, those that last and those that are over."""

    def lasting(self) -> "SignInQuerySet":
        """Whose session can still be used."""
        return self.filter(session_key__in=_usable())

    def over(self) -> "SignInQuerySet":
        """Signed out, ended or run out."""
        return self.exclude(session_key__in=_usable())

    def end(self) -> int:
        """End these sessions at once; how many there were."""
        with transaction.atomic():
            keys = list(self.values_list("session_key", flat=True))
            Session.objects.filter(session_key__in=keys).delete()
            SignIn.objects.filter(session_key__in=keys).delete()
        return len(keys)


def _usable() -> models.QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")  # type: ignore[return-value]


class SignIn(models.Model):
    """Phiên đăng nhập: one browser of an officer. Days without an hour, no address; the person's phone has none."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="sign_ins", verbose_name="tài khoản"
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField("trình duyệt", max_length=60)
    since = models.DateField("đăng nhập ngày")
    used_on = models.DateField("dùng gần nhất ngày")

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"
        ordering = ["-used_on", "-pk"]

    def __str__(self) -> str:
        return self.browser

"""Thư báo việc mới: says how many and where to read them, nothing else; sent by the worker, never by a verb."""

import datetime
import logging
from smtplib import SMTPException
from typing import IO

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ballots.core.verbs import Refused
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import Job
from members.models import News, User
from members.models.news import NewsQuerySet

logger = logging.getLogger("partyreview.news")

# Minutes for which news gather before a letter, and between two rounds of letters: nobody has more than one an hour.
GATHER, PAUSE = 10, 60
# Days after which nobody is written to about it any more: whom no letter has reached by then it will not reach.
YOUNG = 3
SUBJECT = "Đồng chí có {:02} việc mới"
BODY = (
    "Đồng chí có {number:02} việc mới trong phần mềm Kiểm điểm chi bộ.\n\n"
    "Xem tại: {address}\n\n"
    "Không muốn nhận thư này nữa thì bỏ chọn ở trang “Tài khoản của tôi”.\n"
)
TROUBLE = (OSError, SMTPException)  # a server that is away, and one that refuses
SILENT = "Máy chủ thư không nhận thư: xem EMAIL_URL, MAIL_FROM. Một giờ nữa máy tự gửi lại."


def waiting() -> NewsQuerySet:
    """News of those who want letters, unread and not yet written about."""
    now = timezone.now()
    gathered = now - datetime.timedelta(minutes=GATHER)
    young = now - datetime.timedelta(days=YOUNG)
    wanted = Q(account__is_active=True, account__by_mail=True) & ~Q(account__email="")
    unread = News.objects.unread().filter(wanted, is_mailed=False)
    return unread.filter(at__lte=gathered, at__gte=young)


def ask_if_due() -> Job | None:
    """Ask for a round of letters where somebody waits for one and none was sent lately."""
    if not settings.NEWS_MAIL or not waiting().exists():
        return None
    lately = timezone.now() - datetime.timedelta(minutes=PAUSE)
    rounds = Job.objects.filter(kind=Job.Kind.MAIL)
    if rounds.unfinished().exists() or rounds.filter(created_at__gte=lately).exists():
        return None
    return asking.ask(None, Job.Kind.MAIL, "Gửi thư báo việc mới", {})


def write(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """One letter to each; what could not be sent is tried again in the next round. `file` stays empty."""
    keys: dict[User, list[int]] = {}
    for line in waiting().select_related("account").order_by("pk"):
        keys.setdefault(line.account, []).append(line.pk)
    server = get_connection()
    try:
        server.open()
        sent = 0
        for done, (account, own) in enumerate(keys.items()):
            step(done, len(keys))
            sent += _told(account, own, server)
    except TROUBLE as error:
        raise Refused(SILENT) from error
    finally:
        server.close()
    if keys and not sent:
        raise Refused(SILENT)
    return f"Đã gửi {sent:02} thư.", ""


def _told(account: User, keys: list[int], server: BaseEmailBackend) -> bool:
    """Whether the letter went out; first it is noted as sent, so that of two workers one sends it."""
    number = News.objects.unread().filter(pk__in=keys, is_mailed=False).update(is_mailed=True)
    if not number:
        return False
    address = settings.HTTPS_URL.rstrip("/") + reverse("ballots:news")
    body = BODY.format(number=number, address=address)
    letter = EmailMessage(SUBJECT.format(number), body, to=[account.email], connection=server)
    try:
        letter.send()
    except TROUBLE:
        logger.warning("a letter was not sent")
        News.objects.filter(pk__in=keys).update(is_mailed=False)
        return False
    return True

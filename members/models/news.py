"""Việc mới: what has happened that concerns an officer, until it is opened or is old.

Of a poll one thing is news: that its sealed envelope was opened, long after it was counted.
"""

import datetime
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone

# Days for which a line stays, read or not.
KEPT = 90


class NewsQuerySet(models.QuerySet["News"]):
    """Lines of many accounts, the newest first."""

    def tell(
        self, accounts: Iterable[int], kind: str, about: str, key: int, by: int | None = None
    ) -> int:
        """Write a line for each of these accounts, but for whoever did it; how many.

        Called by the verb, in its transaction, before the line of the audit.
        """
        return self.tell_each(((account, about, key) for account in accounts), kind, by)

    def tell_each(
        self, lines: Iterable[tuple[int, str, int]], kind: str, by: int | None = None
    ) -> int:
        """The same where each account is told of something else: account, what about, key."""
        rows = [
            self.model(account_id=account, kind=kind, about=about[:300], key=key)
            for account, about, key in lines
            if account != by
        ]
        return len(self.bulk_create(rows))

    def unread(self) -> "NewsQuerySet":
        """Those nobody has opened."""
        return self.filter(is_read=False)

    def kept(self) -> "NewsQuerySet":
        """Those that still stand."""
        return self.filter(at__gte=_oldest())

    def outdated(self) -> "NewsQuerySet":
        """Those that have stood long enough."""
        return self.filter(at__lt=_oldest())

    def beside(self, line: "News") -> "NewsQuerySet":
        """Those of the account that lead where this one leads, itself among them."""
        return self.filter(account=line.account_id, kind=line.kind, key=line.key)

    def mark_read(self) -> int:
        """Đã đọc; how many were new."""
        return self.unread().update(is_read=True)


def _oldest() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=KEPT)


class News(models.Model):
    """Một việc mới of one account: what was done, by its words at that time, and which row its page is of.

    No person stands in it, no level and no word of a remark; and no hour at which it was read.
    """

    class Kind(models.TextChoices):
        """As the verb of the audit is called, where there is one."""

        FILE_SENT = "file.sent", "Chi bộ gửi hồ sơ"
        FILE_RETURNED = "file.returned", "Cấp trên trả lại hồ sơ, nêu chỗ cần sửa"
        FILE_APPROVED = "file.approved", "Cấp trên đã duyệt hồ sơ"
        FILE_DECIDED = "file.decided", "Cấp trên đã quyết định xếp loại"
        FILE_REOPENED = "file.reopened", "Cấp trên mở lại hồ sơ"
        REPORT_SENT = "report.sent", "Cấp dưới gửi báo cáo"
        REPORT_RETURNED = "report.returned", "Cấp trên trả lại báo cáo, nêu chỗ cần sửa"
        REPORT_APPROVED = "report.approved", "Cấp trên đã duyệt báo cáo"
        PETITION_CAME = "petition.came", "Có kiến nghị chờ trả lời"
        PETITION_ANSWERED = "petition.answered", "Đã trả lời kiến nghị"
        ENVELOPE_OPENED = "poll.envelope_opened", "Đã mở phong bì niêm phong"
        CAMPAIGN_OPENED = "campaign.opened", "Mở đợt kiểm điểm"
        CAMPAIGN_DAYS = "campaign.days_set", "Đổi hạn từng việc của đợt kiểm điểm"
        CAMPAIGN_CLOSED = "campaign.closed", "Kết thúc đợt kiểm điểm"
        CAMPAIGN_REOPENED = "campaign.reopened", "Mở lại đợt kiểm điểm"
        REMINDED = "cells.reminded", "Cấp trên nhắc việc đã quá hạn"
        JOB_DONE = "job.done", "Việc chạy nền đã xong"
        JOB_FAILED = "job.failed", "Việc chạy nền không làm được"

    account = models.ForeignKey("members.User", models.CASCADE, verbose_name="tài khoản")
    kind = models.CharField("việc", max_length=20, choices=Kind)
    about = models.CharField("về", max_length=300)
    # Of the meeting, the sending, the opening, the campaign or the job.
    key = models.BigIntegerField()
    at = models.DateTimeField("lúc", auto_now_add=True)
    is_read = models.BooleanField("đã đọc", default=False)
    is_mailed = models.BooleanField("đã báo bằng thư", default=False)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = "việc mới"
        verbose_name_plural = "việc mới"
        ordering = ["-pk"]
        indexes = [
            # What every page asks: how many are new to me.
            models.Index(fields=["account"], condition=Q(is_read=False), name="unread_news"),
            models.Index(fields=["at"], name="news_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "file.sent",
                        "file.returned",
                        "file.approved",
                        "file.decided",
                        "file.reopened",
                        "report.sent",
                        "report.returned",
                        "report.approved",
                        "petition.came",
                        "petition.answered",
                        "poll.envelope_opened",
                        "campaign.opened",
                        "campaign.days_set",
                        "campaign.closed",
                        "campaign.reopened",
                        "cells.reminded",
                        "job.done",
                        "job.failed",
                    ]
                ),
                name="news_kind_known",
                violation_error_message="Loại việc mới không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

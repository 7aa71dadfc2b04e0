"""Prove that the stored totals of all files add up, or add them up anew."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ballots.models import Total
from ballots.results import recording
from cells.models import Meeting

GROUPS = dict(Total.Group.choices)


class Command(BaseCommand):
    """Số tổng hợp: `manage.py totals --check | --rebuild | --fill`."""

    help = (
        "Số tổng hợp của các hồ sơ đã gửi. --check cộng lại từ đầu, so với số đã lưu, in từng chỗ khác, "
        "có chỗ khác thì kết thúc với mã 1; --rebuild cộng lại và lưu; --fill chỉ cộng hồ sơ chưa có số."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of the three."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="so với số đã lưu, không sửa gì")
        what.add_argument("--rebuild", action="store_true", help="cộng lại và lưu")
        what.add_argument("--fill", action="store_true", help="cộng hồ sơ chưa có số")

    def handle(self, *args: object, **options: Any) -> None:
        """End with 1 where a number differs."""
        if options["check"]:
            self._check()
        elif number := recording.rebuild() if options["rebuild"] else recording.fill():
            self.stdout.write(f"Đã cộng lại số tổng hợp của {number} hồ sơ.")

    def _check(self) -> None:
        number = 0
        for wrong in recording.differences():
            number += 1
            meeting = Meeting.objects.select_related("cell__committee", "campaign").get(
                pk=wrong.meeting
            )
            self.stderr.write(
                f"{meeting.cell}, {meeting.cell.committee}, {meeting.campaign.period}: "
                f"{GROUPS[wrong.group]}, {wrong.what}: đã lưu {wrong.stored}, cộng lại {wrong.true}."
            )
        if number:
            self.stderr.write(
                f"{number} số tổng hợp không khớp. Xin chạy: manage.py totals --rebuild"
            )
            sys.exit(1)
        self.stdout.write("Số tổng hợp khớp với hồ sơ và quyết định.")

"""List the personal reviews that are older than the guidance lets stay, and remove them when told to."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from members.models import User
from members.reviews.retention import old_reviews, remove


class Command(BaseCommand):
    """Bản kiểm điểm cá nhân quá hạn lưu: liệt kê, và chỉ xoá khi có --remove."""

    help = (
        "Liệt kê bản kiểm điểm cá nhân cũ hơn số năm phải giữ; --remove thì xoá. "
        "Văn bản và mức xếp loại luôn được giữ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to remove, and in whose name."""
        parser.add_argument("--remove", action="store_true", help="xoá những bản đã liệt kê")
        parser.add_argument(
            "--user", default="", help="tên đăng nhập của người xoá, để ghi nhật ký"
        )

    def handle(self, *args: object, **options: Any) -> None:
        """List first; end with 1 where nobody stands for the removal."""
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if options["remove"] and user is None:
            self.stderr.write("Xin ghi --user: tên đăng nhập của người xoá.")
            sys.exit(1)
        reviews = old_reviews()
        for old in reviews:
            self.stdout.write(
                f"{old.cell.committee}, {old.cell}, năm {old.year}: {len(old.keys)} bản"
            )
            if options["remove"] and user is not None:
                remove(user, old)
        total = sum(len(old.keys) for old in reviews)
        done = "Đã xoá" if options["remove"] else "Quá hạn lưu"
        self.stdout.write(f"{done}: {total} bản kiểm điểm cá nhân.")

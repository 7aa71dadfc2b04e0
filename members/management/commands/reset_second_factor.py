"""Take the second factor from an account whose officer has lost phone and paper: the operator's way in for him."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from members.accounts import second_factor
from members.models import User


class Command(BaseCommand):
    """`manage.py reset_second_factor bithu.khupho4`."""

    help = "Tắt lớp xác minh thứ hai của một tài khoản và đăng xuất tài khoản ấy ở mọi nơi; mật khẩu giữ nguyên."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("username", help="tên đăng nhập")

    def handle(self, *args: object, **options: Any) -> None:
        """1 and one sentence where there is nothing to take."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None or not second_factor.is_on(user):
            self.stderr.write(
                f"Không có tài khoản “{options['username']}”."
                if user is None
                else f"Tài khoản “{user.username}” chưa bật lớp xác minh thứ hai."
            )
            sys.exit(1)
        # The audit knows accounts only; who runs commands on the server has none.
        second_factor.reset(user, by=user)
        self.stdout.write(f"Đã đặt lại: “{user.username}” đăng nhập bằng mật khẩu hoặc liên kết.")

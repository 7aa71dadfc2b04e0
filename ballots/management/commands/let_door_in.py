"""Give the role of the cast door its rights, after tables were made: PostgreSQL, a door of its own."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from ballots.backups import door


class Command(BaseCommand):
    """`manage.py let_door_in`: as often as one likes; `restore` does it by itself."""

    help = "Cho vai trò của cửa bỏ phiếu (PostgreSQL) đúng những quyền trong deploy/door-role.sql."

    def handle(self, *args: object, **options: Any) -> None:
        """End with 1 where there is no such role: only the administrator of PostgreSQL makes one."""
        if not door.is_there():
            self.stderr.write(
                f"Cơ sở dữ liệu này không có vai trò {door.NAME}: trên máy chủ PostgreSQL, bằng tài khoản quản trị, "
                "chạy deploy/door-role.sql rồi đặt mật khẩu cho vai trò ấy."
            )
            sys.exit(1)
        door.let_in()
        self.stdout.write("Cửa bỏ phiếu đã có đủ quyền, và không hơn.")

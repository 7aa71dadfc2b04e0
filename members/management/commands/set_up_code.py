"""Print the code that begins an empty installation, where another command than `serve` runs the program."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from members.accounts import set_up


class Command(BaseCommand):
    """`manage.py set_up_code`; the former code is dead."""

    help = "In mã cài đặt một lần của một nơi cài đặt còn trống; mã trước hết hiệu lực."

    def handle(self, *args: object, **options: Any) -> None:
        """1 and one sentence where there is nothing to begin."""
        code = set_up.new_code()
        if not code:
            self.stderr.write("Phần mềm đã được cài đặt: xin đăng nhập như thường.")
            sys.exit(1)
        self.stdout.write(code)

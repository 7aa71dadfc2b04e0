"""Hand out one member's data, for an operator whom the member has asked."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from ballots.year.personal import export
from members.models import Member, User

NOBODY = "Không có đúng một đảng viên mang số thẻ hoặc số CCCD {}. Xin xem lại số."
NO_USER = "Xin ghi --user: tên đăng nhập của người lấy, để ghi nhật ký."


class Command(BaseCommand):
    """`manage.py member_data SỐ --to TỆP.zip --user TÊN`."""

    help = "Lấy dữ liệu cá nhân của một đảng viên (theo số thẻ hoặc số CCCD) thành một tệp ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, where to, and in whose name."""
        parser.add_argument("number", help="số thẻ đảng viên hoặc số CCCD")
        parser.add_argument("--to", type=Path, required=True, help="tệp ZIP sẽ ghi")
        parser.add_argument("--user", default="", help="tên đăng nhập của người lấy")

    def handle(self, *args: object, **options: Any) -> None:
        """End with 1 and one sentence where it is not clear who is meant, or who asks."""
        number = options["number"].strip()
        members = Member.objects.filter(Q(card_number=number) | Q(citizen_id=number))
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None or not number or members.count() != 1:
            self.stderr.write(NOBODY.format(number) if user else NO_USER)
            sys.exit(1)
        member = members.get()
        with options["to"].open("xb") as file:
            options["to"].chmod(0o600)
            export.write(member, file)
        user.record("member.exported", member)
        self.stdout.write(f"Đã ghi dữ liệu của đồng chí {member} vào {options['to']}.")

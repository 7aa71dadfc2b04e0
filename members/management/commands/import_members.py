"""Apply a sheet of members to a cell, or to all cells under a committee, in the name of who runs it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.management.base import BaseCommand
from django.db import transaction

from cells.models import Cell, Committee
from members.imports import applying
from members.imports.applying import Body
from members.imports.plans import ERROR, OPEN
from members.imports.spreadsheets import BadSheet
from members.models import MemberImport, User

ASKED = "Dòng {}: chưa rõ có phải là đồng chí {} đang có trong danh sách. Xin nhập tệp ở trang của chi bộ để trả lời."


class Command(BaseCommand):
    """Đọc tệp Excel và ghi vào danh sách đảng viên của một chi bộ, hoặc của các chi bộ trong đảng bộ."""

    help = "Nhập đảng viên từ tệp .xlsx hoặc .csv; không có --apply thì chỉ xem trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, the cell or committee, and the officer."""
        parser.add_argument("file", type=Path, help="tệp .xlsx hoặc .csv")
        body = parser.add_mutually_exclusive_group(required=True)
        body.add_argument("--cell", type=int, help="mã số của chi bộ")
        body.add_argument("--committee", type=int, help="mã số của đảng bộ; tệp có cột “Chi bộ”")
        parser.add_argument(
            "--user",
            required=True,
            help="tên đăng nhập của bí thư, phó bí thư, hoặc cán bộ của đảng bộ",
        )
        parser.add_argument("--apply", action="store_true", help="áp dụng các dòng không lỗi")

    def handle(self, *args: object, **options: Any) -> None:
        """Print the counts and every error; end with 1 where the sheet could not be applied as a whole."""
        try:
            body = _body(options)
            user = User.objects.get(username=options["user"])
            left = self._run(user, body, options["file"], options["apply"])
        except ObjectDoesNotExist:
            self.stderr.write("Không có chi bộ, đảng bộ hoặc tài khoản ấy.")
            sys.exit(1)
        except PermissionDenied:
            self.stderr.write("Tài khoản này không điều hành chi bộ hoặc đảng bộ ấy.")
            sys.exit(1)
        except (BadSheet, OSError) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        sys.exit(1 if left else 0)

    @transaction.atomic
    def _run(self, user: User, body: Body, file: Path, apply: bool) -> int:
        """How many rows have errors or are open. They are not kept: the file is at hand."""
        upload = applying.keep(user, body, file.name, file.read_bytes())
        plan = applying.planned(upload)
        self.stdout.write(plan.summary)
        for line in plan.lines:
            for problem in line.problems:
                self.stdout.write(f"{problem.place}: {problem.sentence}")
            if line.kind == OPEN and line.asked is not None:
                self.stdout.write(ASKED.format(line.row.number, line.asked.name))
        if apply:
            done = applying.apply(user, upload, applying.effect_of(upload, plan))
            self.stdout.write(f"Đã áp dụng: {done.added} mới, {done.changed} được sửa.")
            MemberImport.objects.filter(pk=upload.pk).delete()
        else:
            transaction.set_rollback(True)  # only looked
        return plan.count(ERROR, OPEN)


def _body(options: dict[str, Any]) -> Body:
    if options["cell"] is not None:
        return Cell.objects.get(pk=options["cell"])
    committee: Committee = Committee.objects.get(pk=options["committee"])
    return committee

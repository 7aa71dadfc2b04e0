"""Apply a sheet of members to a cell, or to all cells under a committee, in the name of who runs it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.management.base import BaseCommand
from django.db import transaction

from cells.models import Cell, Committee
from members.imports import applying, offices, waiting
from members.imports.bodies import Body
from members.imports.plans import ERROR, OPEN
from members.imports.spreadsheets import BadSheet
from members.models import MemberImport, User

ASKED = "Dòng {}: chưa rõ có phải cùng một người với đồng chí {}. Xin nhập tệp ở trang của chi bộ để trả lời."
SEVERAL = (
    "Tệp có danh sách ở nhiều trang tính: {}. Xin thêm --sheet “TÊN TRANG” cho từng trang cần đọc."
)
OFFICES = (
    "{} đồng chí có chức vụ trong chi ủy chờ ghi: xin mở trang nhập đảng viên để ghi từ ngày nào."
)


class Command(BaseCommand):
    """Đọc tệp Excel và ghi vào danh sách đảng viên của một chi bộ, hoặc của các chi bộ trong đảng bộ."""

    help = "Nhập đảng viên từ tệp Excel, LibreOffice hoặc CSV; không có --apply thì chỉ xem trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, the cell or committee, and the officer."""
        parser.add_argument("file", type=Path, help="tệp .xlsx, .xls, .ods hoặc .csv")
        body = parser.add_mutually_exclusive_group(required=True)
        body.add_argument("--cell", type=int, help="mã số của chi bộ")
        body.add_argument("--committee", type=int, help="mã số của đảng bộ; tệp có cột “Chi bộ”")
        parser.add_argument(
            "--user",
            required=True,
            help="tên đăng nhập của bí thư, phó bí thư, hoặc cán bộ của đảng bộ",
        )
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            help="trang tính cần đọc, khi tệp có nhiều trang",
        )
        parser.add_argument("--apply", action="store_true", help="áp dụng các dòng không lỗi")

    def handle(self, *args: object, **options: Any) -> None:
        """Print the counts and every error; end with 1 where the sheet could not be applied as a whole."""
        try:
            body = _body(options)
            user = User.objects.get(username=options["user"])
            left = self._run(user, body, options)
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
    def _run(self, user: User, body: Body, options: dict[str, Any]) -> int:
        """How many rows have errors or are open. They are not kept: the file is at hand."""
        file: Path = options["file"]
        upload = waiting.keep(user, body, file.name, file.read_bytes())
        if not waiting.is_chosen(upload):
            _choose(user, upload, options["sheet"])
        plan = waiting.planned(upload)
        self.stdout.write(plan.summary)
        for line in plan.lines:
            for problem in line.problems:
                self.stdout.write(f"{problem.where}: {problem.sentence}")
            if line.kind == OPEN and line.asked:
                others = ", ".join(f"{x.values['name']} ({x.place})" for x in line.asked)
                self.stdout.write(ASKED.format(line.row.called, others))
        if options["apply"]:
            done = applying.apply(user, upload, applying.effect_of(upload, plan))
            self.stdout.write(f"Đã áp dụng: {done.added} mới, {done.changed} được sửa.")
            if held := offices.unset(body):
                self.stdout.write(OFFICES.format(len(held)))
            MemberImport.objects.filter(pk=upload.pk).delete()
        else:
            transaction.set_rollback(True)  # only looked
        return plan.count(ERROR, OPEN)


def _choose(user: User, upload: MemberImport, titles: list[str]) -> None:
    """Read the worksheets that were named; BadSheet where there are no such, or none was."""
    known = [sheet.title for sheet in waiting.lists_of(upload)]
    if not titles or not set(titles) <= set(known):
        raise BadSheet(SEVERAL.format(", ".join(f"“{title}”" for title in known)))
    waiting.choose(user, upload, titles)
    upload.refresh_from_db()


def _body(options: dict[str, Any]) -> Body:
    if options["cell"] is not None:
        return Cell.objects.get(pk=options["cell"])
    committee: Committee = Committee.objects.get(pk=options["committee"])
    return committee

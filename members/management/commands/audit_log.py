"""Prove that the audit stands as it was written, or print what proves it later."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from members.models import AuditEntry, AuditLink
from members.offices import chains

UNREADABLE = "Tệp {} không phải do audit_log --heads ghi: mỗi dòng là tên chuỗi, số dòng, mã băm."


class Command(BaseCommand):
    """Nhật ký: soát chuỗi, ghi lại đầu chuỗi, nối những dòng chưa vào chuỗi."""

    help = (
        "--verify: tìm dòng nhật ký bị sửa, bị mất, bị chèn. --heads: in mã băm cuối của từng chuỗi để cất nơi khác, "
        "lần sau soát với --against TỆP."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One thing at a time."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--verify", action="store_true", help="soát, kết thúc bằng 1 nếu có gì sai"
        )
        what.add_argument(
            "--heads", action="store_true", help="in tên, số dòng, mã băm cuối của từng chuỗi"
        )
        what.add_argument(
            "--link",
            action="store_true",
            help="sau khi nâng cấp: nối các dòng chưa vào chuỗi, theo thứ tự",
        )
        parser.add_argument("--against", type=Path, help="tệp mà --heads đã in, khi soát")

    def handle(self, *args: object, **options: Any) -> None:
        """See the options."""
        if options["heads"]:
            for name, number, digest in chains.heads():
                self.stdout.write(f"{name} {number} {digest}")
        elif options["link"]:
            self.stdout.write(f"Đã nối {chains.link_all()} dòng.")
        else:
            self._verify(options["against"])

    def _verify(self, against: Path | None) -> None:
        faults = 0
        for fault in chains.faults(_kept(against) if against else None):
            self.stdout.write(fault)
            faults += 1
        before = AuditEntry.objects.unlinked().count() - sum(1 for _ in chains.inserted())
        if before:
            self.stdout.write(
                f"{before} dòng có từ trước khi có chuỗi: audit_log --link thì nối vào."
            )
        self.stdout.write(
            f"{AuditLink.objects.count()} dòng trong chuỗi, "
            + (f"{faults} chỗ sai." if faults else "không chỗ nào sai.")
        )
        if faults:
            sys.exit(1)


def _kept(path: Path) -> dict[tuple[str, int], str]:
    """What `--heads` printed; ends the command with one sentence where the file is another."""
    kept = {}
    try:
        for line in path.read_text("utf-8").splitlines():
            name, number, digest = line.split()
            kept[name, int(number)] = digest
    except (OSError, ValueError):
        sys.exit(UNREADABLE.format(path))
    return kept

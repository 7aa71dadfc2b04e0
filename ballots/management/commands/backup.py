"""Write one locked file that holds the whole installation."""

import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ballots.backups import archive, locks, nightly
from ballots.backups.locks import BackupError


class Command(BaseCommand):
    """`manage.py backup --init` once, with a passphrase; then `manage.py backup` as often as one likes, without."""

    help = "Sao lưu toàn bộ dữ liệu thành một tệp, khoá bằng câu mật khẩu đã đặt lúc --init."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, how many stay, and the making of the key."""
        parser.add_argument("--init", action="store_true", help="đặt câu mật khẩu, làm một lần")
        parser.add_argument(
            "--to", type=Path, default=nightly.folder(), help="thư mục nhận bản sao lưu"
        )
        parser.add_argument(
            "--keep",
            type=int,
            default=nightly.KEEP,
            help="giữ chừng ấy bản mới nhất, xoá bản cũ hơn; 0: giữ hết",
        )
        parser.add_argument(
            "--passphrase-file", type=Path, help="tệp chứa câu mật khẩu, cho --init"
        )

    def handle(self, *args: object, **options: Any) -> None:
        """End with 1 and one sentence where it cannot be done."""
        try:
            if options["init"]:
                locks.make(nightly.key(), _new_passphrase(options["passphrase_file"]))
                self.stdout.write(
                    f"Đã đặt khoá sao lưu ở {nightly.key()}. "
                    "Cất câu mật khẩu ở nơi khác: mất nó thì không bản nào mở được."
                )
                return
            path = archive.write(options["to"], locks.read(nightly.key()))
        except BackupError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        removed = archive.thin_out(options["to"], options["keep"])
        size = path.stat().st_size / 1_000_000
        gone = f", xoá {len(removed)} bản cũ" if removed else ""
        self.stdout.write(f"Đã sao lưu: {path} ({size:.1f} MB){gone}.")


def _new_passphrase(file: Path | None) -> str:
    if file is not None:
        return locks.passphrase_in(file)
    first = getpass.getpass("Câu mật khẩu (không hiện khi gõ): ")
    if first != getpass.getpass("Gõ lại: "):
        raise BackupError("Hai lần gõ khác nhau. Xin làm lại.")
    return first

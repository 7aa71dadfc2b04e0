"""Bring the newest backup back into a database of its own, and see that it is whole and dead."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ballots.backups import archive, nightly, restoring
from ballots.backups.locks import BackupError
from ballots.backups.scratch import scratch
from ballots.management.commands.restore import read_passphrase


class Command(BaseCommand):
    """`manage.py restore_check`: what runs goes on as it is; a scratch database comes and goes."""

    help = "Thử phục hồi bản sao lưu mới nhất vào một cơ sở dữ liệu tạm, so từng bảng và từng văn bản."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup, and the passphrase."""
        parser.add_argument(
            "file", type=Path, nargs="?", help="bản sao lưu; bỏ trống: bản mới nhất"
        )
        parser.add_argument("--passphrase-file", type=Path, help="tệp chứa câu mật khẩu")

    def handle(self, *args: object, **options: Any) -> None:
        """End with 1 where the backup would not bring everything back."""
        try:
            path = options["file"] or archive.newest(nightly.folder())
            about = archive.read_about(path)
            passphrase = read_passphrase(options["passphrase_file"])
            with scratch() as (folder, _):
                restoring.must_fit(about, replaces=False, is_other=True)
                restoring.load(path, passphrase, folder)
                wrong = restoring.differences(about)
                wrong += restoring.faults(restoring.take_over())
        except BackupError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            sys.exit(1)
        self.stdout.write(
            f"{path.name}: phục hồi được trọn vẹn {sum(about.rows.values())} dòng của {len(about.rows)} bảng; văn bản "
            "khớp mã kiểm tra; không lượt bỏ phiếu nào mở lại được."
        )

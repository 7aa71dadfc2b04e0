"""Bring a backup back in the place of what the database holds."""

import getpass
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ballots.backups import archive, door, locks, restoring
from ballots.backups.locks import BackupError
from ballots.demo.serving import ServerFailed
from ballots.service.alone import alone


class Command(BaseCommand):
    """`manage.py restore FILE`: into an empty database, or with --replace in the place of what is there."""

    help = "Phục hồi toàn bộ dữ liệu từ một bản sao lưu. Dừng chương trình trước khi làm."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and what it may replace."""
        parser.add_argument("file", type=Path, help="bản sao lưu (.saoluu)")
        parser.add_argument("--replace", action="store_true", help="thay dữ liệu đang có")
        parser.add_argument(
            "--other-installation", action="store_true", help="kể cả khi của nơi cài đặt khác"
        )
        parser.add_argument("--passphrase-file", type=Path, help="tệp chứa câu mật khẩu")

    def handle(self, *args: object, **options: Any) -> None:
        """End with 1 and one sentence where it cannot be done: then nothing has changed."""
        try:
            about = archive.read_about(options["file"])
            restoring.must_fit(
                about, replaces=options["replace"], is_other=options["other_installation"]
            )
            passphrase = read_passphrase(options["passphrase_file"])
            settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone(settings.VAR_DIR):  # nobody writes into what is being replaced
                former = restoring.key_folder()
                restoring.load(options["file"], passphrase, settings.VAR_DIR)
        except (BackupError, ServerFailed) as error:
            self.stderr.write(str(error))
            sys.exit(1)
        left = restoring.end_keys(former)
        different = restoring.differences(about)
        polls = restoring.take_over()
        door.let_in()  # on the machine it is restored on, not on the scratch database of restore_check
        for sentence in [*left, *different, *restoring.faults(polls)]:
            self.stderr.write(sentence)
        for poll in polls:
            self.stdout.write(
                f"Lượt “{poll.title}” của {poll.meeting.body_name} đang dở lúc sao lưu: khoá không sao lưu, nên "
                "bí thư huỷ lượt ấy và bỏ phiếu lại."
            )
        made_at = f"{datetime.fromisoformat(about.made_at):%H:%M, %d/%m/%Y}"
        self.stdout.write(
            f"Đã phục hồi dữ liệu lúc {made_at}. Mọi người đăng nhập lại; chạy lại chương trình được rồi."
        )
        if left or different:
            sys.exit(1)


def read_passphrase(file: Path | None) -> str:
    """From the file, else typed."""
    if file is None:
        return getpass.getpass("Câu mật khẩu của bản sao lưu (không hiện khi gõ): ")
    return locks.passphrase_in(file)

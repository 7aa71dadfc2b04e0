"""Play meetings of 5, 40 and 100, attack them with all that an insider has, and say what comes of it."""

import json
import sys
from argparse import ArgumentParser
from http.client import HTTPException
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ballots.backups.locks import BackupError
from ballots.demo.rehearsal.browser import Stopped
from ballots.demo.serving import ServerFailed
from ballots.linkage import running, wording
from ballots.models import SecrecyAudit


class Command(BaseCommand):
    """`manage.py audit_secrecy`: status 0 where nothing links a ballot to a person, 1 where something does."""

    help = (
        "Kiểm tra phiếu kín: họp thử 5, 40 và 100 người trên một cơ sở dữ liệu tạm rồi tấn công: bản sao, nhật ký, "
        "sao lưu, bộ nhớ, thứ tự. Chạy bằng root để đọc được bộ nhớ của mọi tiến trình."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of which sizes, and where the figures go."""
        parser.add_argument("--sizes", type=int, nargs="+", default=list(running.SIZES))
        parser.add_argument("--json", type=Path, help="ghi thêm kết quả vào tệp JSON này")

    def handle(self, *args: object, **options: Any) -> None:
        """Keep the report for its page, print it, and end with 1 where a promise does not hold."""
        sizes = sorted(set(options["sizes"]))
        if not sizes or sizes[0] < 3 or sizes[-1] > 100:
            self._end("Mỗi hội nghị có từ 3 đến 100 người: ví dụ --sizes 5 40 100.")
        try:
            report = running.audit(sizes, self.stderr.write)
        except (Stopped, ServerFailed, BackupError) as error:
            self._end(f"Chưa kiểm tra xong: {error}")
        except (OSError, HTTPException) as error:
            self._end(f"Chưa kiểm tra xong: {type(error).__name__}: {error}")
        SecrecyAudit.objects.keep(report.as_json())
        for line in wording.lines(report):
            self.stdout.write(line)
        if options["json"]:
            text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
            options["json"].write_text(text + "\n", "utf-8")
        if not report.holds:
            sys.exit(1)

    def _end(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)

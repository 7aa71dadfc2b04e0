"""Look over a running installation, and say what to do."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ballots.service import doctor
from ballots.service.doctor.findings import Finding, State

SIGNS = {State.GOOD: "✔", State.NOTE: "!", State.BAD: "✘"}
# Who runs `make serve` in this folder types it so; elsewhere docs/operating.md says how.
TYPED_HERE = ".venv/bin/python manage.py "


class Command(BaseCommand):
    """`manage.py doctor`: status 0 where nothing must be mended, 1 where something must."""

    help = "Xem cài đặt này có gì phải sửa không: phiên bản, chứng thư, đồng hồ, khoá, nhật ký, sao lưu, đĩa."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Lines for people, or JSON for a program that watches."""
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: object, **options: Any) -> None:
        """Print every finding; what must be mended comes with its cure."""
        findings = list(doctor.examine())
        if options["json"]:
            self.stdout.write(json.dumps(list(map(_row, findings)), ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                self.stdout.write(_line(finding))
            bad = sum(finding.state is State.BAD for finding in findings)
            self.stdout.write(f"\nCó {bad} điều phải sửa." if bad else "\nKhông có gì phải sửa.")
        if any(finding.state is State.BAD for finding in findings):
            sys.exit(1)


def _line(finding: Finding) -> str:
    line = f"{SIGNS[finding.state]} {finding.about}: {finding.seen}"
    cure = finding.cure
    if settings.EMBEDDED:
        cure = cure.replace("manage.py ", TYPED_HERE)
    return f"{line}\n    → {cure}" if cure else line


def _row(finding: Finding) -> dict[str, str]:
    return {
        "about": finding.about,
        "state": finding.state.name.lower(),
        "seen": finding.seen,
        "cure": finding.cure,
    }

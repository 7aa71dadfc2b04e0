"""Play a whole meeting from a scenario file through the real doors, and write its papers and figures."""

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Never

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from ballots.demo import scenario, seeding, serving
from ballots.demo.rehearsal.browser import Stopped
from ballots.demo.rehearsal.play import Evening
from members.devices import links

FORBIDDEN = 1
MALFORMED = 2


class Command(BaseCommand):
    """`manage.py rehearse CASE.json --out DIR`: status 0 held and recorded, 1 forbidden, 2 no scenario."""

    help = "Họp thử từ một tệp kịch bản: từ điểm danh đến biên bản, qua HTTP thật."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the scenario, the folder for what it yields, and where to play it."""
        parser.add_argument("case", type=Path, help="tệp kịch bản (JSON)")
        parser.add_argument("--out", type=Path, required=True, help="thư mục nhận kết quả")
        parser.add_argument("--base-url", default="", help="máy chủ đang chạy, cùng DATABASE_URL")
        parser.add_argument("--database", default="", help="cơ sở dữ liệu khác cho máy chủ tạm")

    def handle(self, *args: object, **options: object) -> None:
        """Read the scenario first: a file that is none touches no database."""
        case: Path = options["case"]  # type: ignore[assignment]
        out: Path = options["out"]  # type: ignore[assignment]
        try:
            played = scenario.load(_read(case))
        except scenario.Problem as problem:
            self._end(problem.problems, problem.exit_status)
        base_url = str(options["base_url"]).rstrip("/")
        if base_url:
            self._play(played, base_url, out)
        elif RUNNING in os.environ:
            self._on_this_database(played, out)
        else:
            self._on_a_fresh_database(str(options["database"]))

    def _on_a_fresh_database(self, url: str) -> Never:
        """Start again with a database that is thrown away afterwards, or with the one named."""
        with tempfile.TemporaryDirectory(prefix="partyreview-") as folder:
            changes = {RUNNING: "1", "HTTPS": "off", "CAST_DELAY_MAX": "0"}
            if url:
                changes |= {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY}
                changes |= {"ALLOWED_HOSTS": "localhost,127.0.0.1"}
            sys.exit(serving.run_as(serving.embedded_environ(Path(folder), **changes)))

    def _on_this_database(self, played: scenario.Scenario, out: Path) -> None:
        call_command("migrate", verbosity=0)
        url = f"http://127.0.0.1:{serving.free_port()}"
        with serving.running(url, os.environ):
            self._play(played, url, out)

    def _play(self, played: scenario.Scenario, url: str, out: Path) -> None:
        """Seed the cell, hold the meeting, and write all files at the end or none."""
        seeded = seeding.make_cell(played)
        link = links.sign_in_link(seeded.secretary, url)
        try:
            files = Evening(played, seeded, url, link).play()
        except Stopped as stopped:
            self._end([str(stopped)], FORBIDDEN)
        except requests.RequestException as error:
            self._end(
                [f"Không nói chuyện được với máy chủ {url}: {type(error).__name__}."], FORBIDDEN
            )
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (out / name).write_bytes(content)
        self.stdout.write(f"Đã họp xong. Kết quả ở thư mục {out}: {', '.join(sorted(files))}.")

    def _end(self, problems: list[str], status: int) -> Never:
        for line in problems:
            self.stderr.write(line)
        sys.exit(status)


# Set in the environment of the second start, which owns the database it finds.
RUNNING = "REHEARSAL"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise scenario.Malformed([f"Không đọc được tệp {path.name}."]) from error

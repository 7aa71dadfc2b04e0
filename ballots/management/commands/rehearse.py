"""Play a whole meeting from a scenario file through the real doors, and write its papers and figures."""

import sys
import tempfile
from argparse import ArgumentParser
from http.client import HTTPException
from pathlib import Path
from typing import Never

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from sesame.utils import get_query_string

from ballots.demo import scenario, seeding, serving
from ballots.demo.rehearsal.browser import Stopped
from ballots.demo.rehearsal.play import Evening
from partyreview.databases import on_database

# Where members/devices/links.py leads an officer. Asked for by its name it would load every view into this process,
# which shows none.
SIGN_IN = "/hop/dang-nhap/lien-ket/"
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
        else:
            self._on_own_server(played, str(options["database"]), out)

    def _on_own_server(self, played: scenario.Scenario, database: str, out: Path) -> None:
        """On a database that is thrown away afterwards, or on the one named."""
        url = f"http://127.0.0.1:{serving.free_port()}"
        with tempfile.TemporaryDirectory(prefix="partyreview-") as folder:
            own = database or f"sqlite:///{folder}/partyreview.sqlite3"
            environ = serving.embedded_environ(
                Path(folder),
                DATABASE_URL=own,
                SECRET_KEY=settings.SECRET_KEY,  # the link that this process signs opens the server's door
                ALLOWED_HOSTS="localhost,127.0.0.1",
                HTTPS="off",
                CAST_DELAY_MAX="0",
            )
            with on_database(own):
                call_command("migrate", verbosity=0) if database else _make_tables()
                with serving.running(url, environ):
                    self._play(played, url, out)

    def _play(self, played: scenario.Scenario, url: str, out: Path) -> None:
        """Seed the cell, hold the meeting, and write all files at the end or none."""
        seeded = seeding.make_cell(played)
        link = f"{url}{SIGN_IN}{get_query_string(seeded.secretary)}"
        try:
            files = Evening(played, seeded, url, link).play()
        except Stopped as stopped:
            self._end([str(stopped)], FORBIDDEN)
        except (OSError, HTTPException) as error:
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


def _make_tables() -> None:
    """Make the tables straight from the models: for one evening, without the seconds that migrations take."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise scenario.Malformed([f"Không đọc được tệp {path.name}."]) from error

"""Serve the seed cell before its meeting begins, on a database of this run alone, with the links to open."""

import io
import ipaddress
import os
import shutil
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Never

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from ballots.demo import handed_in, province, scenario, seeding, serving
from ballots.secret import keys
from members.devices import links
from members.models import User

FOLDER = settings.BASE_DIR / "var" / "demo"
FIRST_PORT = 8000
SEED_OF_CHANCE = 2026
SEED = settings.BASE_DIR / "ballots" / "demo" / "scenarios" / "chi-bo-4-2023.json"


class Command(BaseCommand):
    """`manage.py demo [HOST]`: without HOST for this machine alone, with it for real phones in the room."""

    help = "Chạy thử: chi bộ mẫu, trước giờ họp, trên cơ sở dữ liệu riêng của lần chạy này."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address under which phones reach this machine."""
        parser.add_argument("host", nargs="?", default="", help="địa chỉ máy này trong mạng")
        parser.add_argument(
            "--cells", type=int, default=0, metavar="N", help="thêm một đảng bộ có N chi bộ"
        )

    def handle(self, *args: object, host: str, cells: int, **options: object) -> None:
        """Prepare the surroundings, seed, serve until Ctrl-C, and remove everything."""
        if settings.VAR_DIR.parent != FOLDER:
            serving.restart_as(_environ(_own_folder(), host))
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, _stop)
        try:
            self.serve(host, cells)
        except KeyboardInterrupt:
            self.stdout.write("\nĐã dừng. Dữ liệu chạy thử đã xoá.")
        except (OSError, serving.ServerFailed) as problem:
            self.stderr.write(str(problem))
            sys.exit(1)
        finally:
            keys.remove_folder()
            shutil.rmtree(settings.VAR_DIR)

    def serve(self, host: str, cells: int) -> None:
        """Fill the database, start the server (with `host` the two) and the worker, print the links, and wait."""
        call_command("migrate", verbosity=0)
        _meeting, seeded = seeding.seed(scenario.load(SEED.read_bytes()))
        environ = dict(os.environ)
        above = _province(cells, environ) if cells > 0 else seeded.officer
        with ExitStack() as servers:
            if host:
                site, process = servers.enter_context(_https(host, environ))
                phones = servers.enter_context(_explanation(host, environ | {"HTTPS_URL": site}))
            else:
                site = phones = f"http://127.0.0.1:{serving.free_port(start=FIRST_PORT)}"
                process = servers.enter_context(serving.running(site, environ))
            servers.enter_context(serving.worker(environ))
            secretary, officer = (
                links.sign_in_link(user, site) for user in (seeded.secretary, above)
            )
            self.stdout.write(_welcome(secretary, officer, phones, self.stdout.isatty()))
            self.stdout.flush()
            process.wait()
        raise serving.ServerFailed("Máy chủ đã dừng.")


def _stop(*_: object) -> Never:
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C must not stop the tidying up
    raise KeyboardInterrupt


def _own_folder() -> Path:
    """A folder for this run, named by its process; what runs that were killed left behind is removed."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = FOLDER / str(os.getpid())
    for former in FOLDER.iterdir():
        if former == own or not Path("/proc", former.name).exists():
            shutil.rmtree(former)
    own.mkdir(mode=0o700)
    return own


def _environ(folder: Path, host: str) -> dict[str, str]:
    """What the settings read: https only where phones come from outside this machine."""
    if not host:
        # Browsers take any name under "localhost" for this machine and keep each one's cookies apart.
        names = "localhost,.localhost,127.0.0.1"
        return serving.embedded_environ(folder, HTTPS="off", ALLOWED_HOSTS=names)
    return serving.embedded_environ(folder, HTTPS="on", ALLOWED_HOSTS=host)


def _province(cells: int, environ: dict[str, str]) -> User:
    """Make the cells, some by holding their meetings on a server of that time; who sees them all."""
    url = f"http://127.0.0.1:{serving.free_port()}"
    own = {"ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "off", "CAST_DELAY_MAX": "0"}
    with serving.running(url, environ | own):
        made = province.make(cells, SEED_OF_CHANCE, province.over(url))
    handed_in.receive_papers(made.committee)
    return made.officer


@contextmanager
def _https(host: str, environ: dict[str, str]) -> Iterator[tuple[str, Popen[bytes]]]:
    """The site itself, under a certificate that browsers warn about once."""
    bind = _interface(host)
    url = f"https://{_in_url(host)}:{serving.free_port(bind, FIRST_PORT)}"
    certificate = serving.make_certificate(host, settings.VAR_DIR)
    with serving.running(url, environ, bind=bind, certificate=certificate) as process:
        yield url, process


@contextmanager
def _explanation(host: str, environ: dict[str, str]) -> Iterator[str]:
    """Plain http with nothing but the reason for https and the link: the cast door is not behind it."""
    bind = _interface(host)
    url = f"http://{_in_url(host)}:{serving.free_port(bind, FIRST_PORT)}"
    with serving.running(url, environ, serving.SITE_ONLY, bind, threads=4):
        yield url


def _interface(host: str) -> str:
    """Listen at the address itself; a name may mean another one here than for the phones."""
    try:
        return _in_url(str(ipaddress.ip_address(host)))
    except ValueError:
        return "0.0.0.0"  # noqa: S104


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _welcome(secretary: str, officer: str, phones: str, in_colour: bool) -> str:
    """What the terminal says once everything answers."""
    return f"""
Chi bộ mẫu đã sẵn sàng, trước giờ họp. Dừng: Ctrl-C (dữ liệu chạy thử sẽ xoá).

  Bí thư mở liên kết này (dùng một lần):
    {secretary}

  Cán bộ cấp ủy cấp trên mở liên kết này trong một cửa sổ ẩn danh (dùng một lần):
    {officer}

  Điện thoại mở địa chỉ này, hoặc quét mã:
    {phones}/
{_many_phones(phones) if secretary.startswith(phones) else ""}
{_qr(phones + "/", in_colour)}"""


def _many_phones(site: str) -> str:
    """How one browser plays many phones, where no real one can come."""
    one, two = (site.replace("127.0.0.1", f"may{number}.localhost") for number in (1, 2))
    return f"""
  Thiếu điện thoại thì mở ngay trên máy này, mỗi địa chỉ là một “điện thoại” riêng:
    {one}/  {two}/  … may8
"""


def _qr(text: str, in_colour: bool) -> str:
    """A QR code of half blocks: light on dark, which a terminal of light background must be told."""
    import segno  # on first use: tests/test_start.py

    picture = io.StringIO()
    segno.make(text).terminal(picture, border=2, compact=True)
    rows = picture.getvalue().splitlines()
    return "\n".join(f"\033[97;40m{row}\033[0m" if in_colour else row for row in rows)

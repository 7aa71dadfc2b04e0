"""Serve this installation for real on one machine: SQLite in var/, kept; https for phones where it has a host."""

import datetime
import io
import os
import pwd
import signal
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any, Never

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from ballots.backups import installation, nightly
from ballots.demo import serving
from ballots.demo.serving import ServerFailed
from ballots.models import Job
from ballots.results import recording
from ballots.service import alone, certificates, unit
from ballots.service.certificates import Certificate
from ballots.service.doctor import database
from ballots.service.doctor.findings import State
from members.accounts import set_up
from partyreview import schema
from partyreview.storage import sentence_at_start

HERE_PORT, PHONES_PORT = 8000, 8443
HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104
# The last: its window was closed.
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_AGAIN = datetime.timedelta(hours=1)
ONE_OF_TWO = "TLS_CERT và TLS_KEY chỉ dùng cùng HOST: xin đặt HOST là tên ghi trong chứng thư."
HERE_ALONE = (
    "Chỉ máy này mở được. Cho điện thoại: dừng, rồi make serve HOST=<địa chỉ của máy này>."
)


class Command(BaseCommand):
    """`manage.py serve [--host HOST] [--port PORT]`; with `--unit [system|user]` it prints a unit."""

    help = "Chạy thật trên máy này: dữ liệu giữ trong var/, chạy lại thì còn nguyên."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it is reached."""
        parser.add_argument("--host", default="", help="địa chỉ hoặc tên của máy này trong mạng")
        parser.add_argument(
            "--port", default="", help=f"mặc định {HERE_PORT}, có HOST: {PHONES_PORT}"
        )
        parser.add_argument(
            "--unit",
            nargs="?",
            const=unit.SYSTEM,
            choices=[unit.SYSTEM, unit.USER],
            help="in ra tệp dịch vụ của systemd, của cả máy (system) hoặc của một người dùng (user)",
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Serve until Ctrl-C; 1 and one sentence where that cannot be."""
        try:
            host = alone.read_host(options["host"]) if options["host"] else ""
            typed = options["port"] or str(PHONES_PORT if host else HERE_PORT)
            port = alone.read_port(typed)
            if options["unit"]:
                self.stdout.write(_unit(options["unit"], host, port), ending="")
                return
            if dict(os.environ) != (environ := _environ(host)):
                serving.restart_as(environ)
            for sign in STOPS:
                if sign != signal.SIGHUP or signal.getsignal(sign) is not signal.SIG_IGN:  # nohup
                    signal.signal(sign, _stop)
            os.environ["DIES_WITH"] = str(os.getpid())
            with alone.alone(settings.VAR_DIR):
                self.serve(host, port)
        except KeyboardInterrupt:
            self.stdout.write(f"\nĐã dừng. Dữ liệu còn nguyên trong {settings.VAR_DIR}.")
        except (OSError, DatabaseError, ServerFailed) as problem:
            self.stderr.write(sentence_at_start(problem) or str(problem))
            sys.exit(1)

    def serve(self, host: str, port: int) -> None:
        """Bring the database up to this version, start the servers, say where they are, and watch over them."""
        certificate = _certificate(host)
        bind = _interface(host) if host else HERE
        plain_port = alone.plain_port(port)
        for each in [port, plain_port] if host else [port]:
            alone.must_be_free(bind, each)
        _migrate()
        environ = dict(os.environ)
        with ExitStack() as servers:
            if certificate is None:
                site, phones = f"http://{HERE}:{port}", ""
                process = servers.enter_context(serving.running(site, environ, workers=2))
            else:
                site = f"https://{_in_url(host)}:{port}".removesuffix(":443")
                here = _in_url(HERE if bind == EVERYWHERE else bind)
                process = servers.enter_context(
                    serving.running(
                        f"https://{here}:{port}",
                        environ,
                        bind=_in_url(bind),
                        workers=2,
                        certificate=certificate.certificate,
                        key=certificate.key,
                    )
                )
                phones = servers.enter_context(_explanation(host, bind, plain_port, site))
            self.stdout.write(_welcome(site, phones) + wrong_clock())
            self.stdout.write(_first_run(site, set_up.new_code()))
            self.stdout.flush()
            _watch(process, host, certificate)
        raise ServerFailed("Máy chủ đã dừng.")


def _stop(*_: object) -> Never:
    for sign in STOPS:
        signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C must not leave a server behind
    raise KeyboardInterrupt


def _environ(host: str) -> dict[str, str]:
    """What the settings read: this folder's own data, whatever this shell is set to; https where phones come in."""
    if not host:
        names = "localhost,.localhost,127.0.0.1"
        return serving.embedded_environ(settings.VAR_DIR, HTTPS="off", ALLOWED_HOSTS=names)
    return serving.embedded_environ(settings.VAR_DIR, HTTPS="on", ALLOWED_HOSTS=_in_url(host))


def _migrate() -> None:
    """Bring the tables up to this version; ServerFailed where they are of a later one."""
    if installation.unknown(installation.applied()):
        raise ServerFailed(schema.NEWER.format(version=settings.VERSION))
    call_command("migrate", verbosity=0)
    recording.fill()


def _certificate(host: str) -> Certificate | None:
    """The one that was named, else one of our own; none for this machine alone."""
    named = os.environ.get("TLS_CERT", "")
    if not host:
        if named:
            raise ServerFailed(ONE_OF_TWO)
        return None
    if named:
        key = os.environ.get("TLS_KEY") or named
        return certificates.checked(Certificate(Path(named), Path(key)), host)
    return certificates.own(host, settings.VAR_DIR / "tls")


def _watch(process: Popen[bytes], host: str, certificate: Certificate | None) -> None:
    """Wait for the server's end; workers take the certificate anew when ours was renewed or the named one replaced."""
    shown = certificate and certificate.certificate.read_bytes()
    while True:
        try:
            process.wait(timeout=LOOK_AGAIN.total_seconds())
        except subprocess.TimeoutExpired:
            shown = _shown_anew(process, host, shown)
            _keep_house()
        else:
            return


def _keep_house() -> None:
    """What a worker does elsewhere: old results go, and the backup of the night is made."""
    try:
        Job.objects.outdated().delete()
        nightly.ask_if_due()
    except DatabaseError as problem:  # asked again in an hour
        sys.stderr.write(f"{sentence_at_start(problem) or type(problem).__name__}\n")


def _shown_anew(process: Popen[bytes], host: str, shown: bytes | None) -> bytes | None:
    try:
        certificate = _certificate(host)
    except ServerFailed as problem:  # what is shown stays
        sys.stderr.write(f"{problem}\n")
        return shown
    newest = certificate and certificate.certificate.read_bytes()
    if newest != shown:
        process.send_signal(signal.SIGHUP)
    return newest


@contextmanager
def _explanation(host: str, bind: str, port: int, site: str) -> Iterator[str]:
    """Plain http with nothing but the reason for https and the link: the cast door is not behind it."""
    environ = dict(os.environ) | {"HTTPS_URL": site}
    here = f"http://{_in_url(HERE if bind == EVERYWHERE else bind)}:{port}"
    with serving.running(here, environ, serving.SITE_ONLY, _in_url(bind), threads=4):
        yield f"http://{_in_url(host)}:{port}".removesuffix(":80")


def _interface(host: str) -> str:
    """Listen at the address itself; a name may mean another one here than for the phones."""
    return host if ":" in host or host.replace(".", "").isdigit() else EVERYWHERE


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _unit(kind: str, host: str, port: int) -> str:
    """The unit that runs this very command from this folder, with what of the environment it reads."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--port", str(port)]
    named = ("VAR_DIR", "TLS_CERT", "TLS_KEY", "CAST_DELAY_MAX")
    environ: Mapping[str, str] = {
        name: str(Path(os.environ[name]).absolute()) if "MAX" not in name else os.environ[name]
        for name in named
        if os.environ.get(name)
    }
    settings.VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    user = pwd.getpwuid(settings.VAR_DIR.stat().st_uid).pw_name
    folder = str(settings.BASE_DIR)
    written = str(settings.VAR_DIR.absolute())
    host_named = ["--host", host] if host else []
    return unit.text(kind, folder, [*command, *host_named], environ, written, user, port)


def _welcome(site: str, phones: str) -> str:
    """What the terminal says once everything answers."""
    return f"""
Phần mềm đang chạy. Dừng: Ctrl-C. Dữ liệu: {settings.VAR_DIR}

  Mở trên máy tính:
    {site}/

  {_for_phones(phones) if phones else HERE_ALONE}
"""


def _for_phones(phones: str) -> str:
    return f"""Điện thoại mở địa chỉ này, hoặc quét mã:
    {phones}/

{_qr(phones + "/", sys.stdout.isatty())}"""


def wrong_clock() -> str:
    """What to do about a clock that is behind what was already written; nothing while it is not."""
    behind = (line for line in database.clock() if line.state is State.BAD)
    return "".join(f"\n  ĐỒNG HỒ của máy này {line.seen}.\n  {line.cure}\n" for line in behind)


def _first_run(site: str, code: str) -> str:
    """How an empty installation begins; nothing once it has begun."""
    if not code:
        return ""
    return f"""
  CÀI ĐẶT LẦN ĐẦU: mở {site}/ rồi gõ mã này, dùng một lần:

    {code}
"""


def _qr(text: str, in_colour: bool) -> str:
    """A QR code of half blocks: light on dark, which a terminal of light background must be told."""
    import segno  # on first use: tests/test_start.py

    picture = io.StringIO()
    segno.make(text).terminal(picture, border=2, compact=True)
    rows = picture.getvalue().splitlines()
    return "\n".join(f"\033[97;40m{row}\033[0m" if in_colour else row for row in rows)

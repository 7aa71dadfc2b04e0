"""The whole audit: an installation of its own for a while, meetings played on it, and everything looked at."""

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from ballots.backups import locks
from ballots.backups.scratch import scratch
from ballots.demo import serving
from ballots.linkage import attacks, copies, hall
from ballots.linkage.attacks import Attacker
from ballots.linkage.report import Report, Untried
from ballots.secret import keys

SIZES = (5, 40, 100)
# Polls of one meeting: five people agree with an order too often by chance to tell anything from one poll.
ROUNDS = {5: 8}
NO_FILES = Untried(
    "trang đĩa, WAL, nhật ký của PostgreSQL",
    "tài khoản cơ sở dữ liệu không được đọc tệp của máy chủ; xin chạy bằng tài khoản superuser của PostgreSQL",
)


def audit(sizes: Sequence[int] = SIZES, tell: Callable[[str], object] = print) -> Report:
    """Play meetings of so many members on the kind of database and of key store that is configured, and attack them.

    What runs goes on as it is: database, folder and server are the audit's own. ServerFailed where that does not
    start, Stopped where a meeting does not get to its end.
    """
    report = Report(settings.VERSION, connection.vendor, list(sizes))
    with scratch() as (folder, url):
        try:
            _play(report, folder, url, tell)
        finally:
            # Where a meeting has not come to its end: nobody else will ever ask for the keys of this database.
            keys.remove_folder()
    return report


def _play(report: Report, folder: Path, url: str, tell: Callable[[str], object]) -> None:
    """On the empty database at `url`, with a server of its own."""
    if not copies.is_sqlite() and not copies.sees_the_server():
        report.untried.append(NO_FILES)
    call_command("migrate", verbosity=0)
    lock, passphrase = _lock(folder)
    site = f"http://127.0.0.1:{serving.free_port()}"
    log = folder / "server.log"
    with (
        log.open("wb") as written,
        serving.running(site, _environ(folder, url), workers=2, log=written) as server,
    ):
        for size in report.sizes:
            tell(f"Hội nghị {size} người…")
            orders = attacks.no_orders()
            evening = hall.evening(size, ROUNDS.get(size, 1), site, f"Đảng bộ {size}")
            evening.told = Attacker(
                evening, report, folder, log, [server.pid], lock, passphrase, orders
            ).watch
            evening.play()
            report.comparisons += attacks.comparisons(size, orders)


def _lock(folder: Path) -> tuple[locks.Lock, str]:
    passphrase = secrets.token_urlsafe()
    return locks.make(folder / "lock", passphrase), passphrase


def _environ(folder: Path, url: str) -> Mapping[str, str]:
    """As the server of this installation, with what is the audit's own; the link this process signs opens its door."""
    return dict(os.environ) | {
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "KEY_STORE_URL": settings.KEY_STORE_URL,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "HTTPS": "off",
        "CAST_DELAY_MAX": "0",
    }

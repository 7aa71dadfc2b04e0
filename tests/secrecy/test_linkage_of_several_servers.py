"""The attacks of `audit_secrecy` on two sites and two doors, these with their own role in PostgreSQL: nobody linked.

Every request is on the next machine, so that each poll's stamps and ballots go through all four programs.
"""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.db import connection

from ballots.backups import locks
from ballots.demo.rehearsal import play
from ballots.demo.rehearsal.play import Ballot, Evening
from ballots.linkage import attacks, copies, hall
from ballots.linkage.attacks import Attacker
from ballots.linkage.report import Report
from ballots.secret import keys
from ballots.secret.workers import MARK
from tests.kit import key_servers
from tests.kit.hopping import Machine, hopping, machines

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.key_server]

SIZE, POLLS = 7, 2
ROLE = "partyreview_door_watched"
SQL = (ours.BASE_DIR / "deploy" / "door-role.sql").read_text()
# What PostgreSQL tells anybody who asks about a line to it: the instants and the words of what was asked last.
TOLD = "query, query_start, state_change, xact_start, backend_xid, backend_xmin"


@pytest.fixture
def ram() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="partyreview-test-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def role() -> Iterator[str]:
    """The doors' own, as deploy/door-role.sql makes it, signing in by itself: only so its settings hold."""
    if copies.is_sqlite():
        yield ""
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {ROLE}")
        cursor.execute(SQL.replace("partyreview_door", ROLE))
    yield ROLE
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


class Hall:
    """Two machines, a meeting that is played on both, and somebody who sees everything."""

    def __init__(self, halls: list[Machine], folder: Path, log: Path) -> None:
        self.report = Report("of this test", connection.vendor, [SIZE])
        self.orders = attacks.no_orders()
        self.masters = [master.pid for machine in halls for master in machine.masters]
        self.evening = hall.evening(SIZE, POLLS, halls[0].site, "Đảng bộ hai máy chủ")
        passphrase = secrets.token_urlsafe()
        lock = locks.make(folder / "lock", passphrase)
        about = self.evening, self.report, folder, log, self.masters, lock, passphrase, self.orders
        self.attacker = Attacker(*about)
        self.evening.told = self.told
        self.lines: set[tuple] = set()  # of the doors to PostgreSQL, after each ballot
        self.roles: set[tuple] = set()

    def told(self, phase: str, ballots: list[Ballot]) -> None:
        self.attacker.watch(phase, ballots)
        if phase == play.CAST and not copies.is_sqlite():
            of_this = "FROM pg_stat_activity WHERE datname = current_database()"
            self.lines |= {*copies.rows(f"SELECT {TOLD} {of_this} AND usename = %s", ROLE)}
            self.roles |= {*copies.rows(f"SELECT usename {of_this}")}

    def play(self) -> Report:
        self.evening.play()
        self.report.comparisons += attacks.comparisons(SIZE, self.orders)
        return self.report


@pytest.fixture
def stores(tmp_path, settings, monkeypatch) -> Iterator[tuple[str, str]]:
    """The store of keys by deploy/valkey.conf, for the sites and for the doors; this process asks as a site."""
    with key_servers.key_server(tmp_path, config=str(key_servers.deployed(tmp_path))) as (url, _):
        both = key_servers.accounts(url)
        settings.KEY_DIR, settings.KEY_STORE_URL = None, both[0]
        monkeypatch.setattr(keys, "_folders", {})
        yield both


@contextmanager
def two_machines(ram: Path, folder: Path, stores: tuple[str, str], role: str) -> Iterator[Hall]:
    log = folder / "servers.log"
    with (
        log.open("wb") as written,
        machines(ram, ("a", "b"), stores, role, written) as halls,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(Evening, "opens", hopping(halls))
        yield Hall(halls, folder, log)


def test_the_attacks_of_the_audit_link_nobody_on_two_machines(ram, role, stores, tmp_path):
    since = len(copies.log())
    with copies.statements_logged(), two_machines(ram, tmp_path, stores, role) as played:
        report = played.play()
        assert keys.store().names() == {MARK}
        log = copies.log(since)
    assert report.failures == []
    assert report.untried == []
    looked_at = {search.place for search in report.searches}
    assert {attacks.FILES, attacks.DUMP, attacks.BACKUP, attacks.PROGRAM} <= looked_at
    assert {each.voters for each in report.comparisons} == {SIZE * POLLS}
    assert {limit.number for limit in report.limits if "khoá hòm" in limit.who} == {SIZE * POLLS}
    if role:
        assert (ROLE,) in played.roles
        assert len(played.roles) > 1, "the doors have a role, and the sites another"
        assert {value for line in played.lines for value in line} <= {"", None}
        # The database was told to write every statement down: it did, but the doors' were none of its business.
        assert not log or b"ballots_issue" in log
        assert b"put_in_box" not in log
